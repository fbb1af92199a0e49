"""The effect of an article on what a classifier says of its units."""

import numpy as np
import pytest

from framing.metrics.article_effect import base_weights, fit_article_sd, with_effect

SOME = np.array([[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25], [0.02, 0.9, 0.08, 0.0]])


@pytest.mark.parametrize("sd", [0.0, 0.7, 2.0])
def test_the_effect_moves_no_probability_on_average(sd: float) -> None:
    sds = np.full(3, sd)
    effects = np.random.default_rng(1).standard_normal((40_000, 1, 4))
    mean = with_effect(base_weights(SOME, sds), sds, effects).mean(axis=0)
    assert np.abs(mean - SOME).max() < 0.01
    assert mean[2, 3] == 0


def test_units_of_an_article_move_together() -> None:
    sds = np.ones(3)
    moved = with_effect(
        base_weights(SOME, sds), sds, np.random.default_rng(1).standard_normal((2000, 1, 4))
    )
    assert np.corrcoef(moved[:, 0, 1], moved[:, 1, 1])[0, 1] > 0.7


def test_what_is_certain_stays_certain() -> None:
    certain, sds = np.eye(3), np.ones(3)
    moved = with_effect(base_weights(certain, sds), sds, np.full((5, 1, 3), 2.0))
    assert np.array_equal(moved, np.broadcast_to(certain, (5, 3, 3)))


@pytest.mark.parametrize("sd", [0.0, 0.5, 1.0])
def test_the_deviation_is_found_again(sd: float) -> None:
    rng = np.random.default_rng(7)
    probabilities, gold, articles = [], [], []
    for article in range(120):
        p = rng.dirichlet([1.0, 0.5, 0.5, 2.0], size=25)
        sds = np.full(25, sd)
        given = with_effect(base_weights(p, sds), sds, rng.standard_normal((1, 1, 4)))[0]
        probabilities.append(p)
        gold += [int(rng.choice(4, p=row)) for row in given]
        articles += [f"a{article}"] * 25
    found = fit_article_sd(np.concatenate(probabilities), np.array(gold), articles)
    assert found == pytest.approx(sd, abs=0.12)
    again = fit_article_sd(np.concatenate(probabilities), np.array(gold), articles)
    assert found == again


def test_without_units_or_choice_there_is_none() -> None:
    assert fit_article_sd(np.zeros((0, 4)), np.zeros(0, dtype=int), []) == 0
    assert fit_article_sd(np.ones((2, 1)), np.zeros(2, dtype=int), ["a", "b"]) == 0


def test_few_units_say_little_beside_the_prior() -> None:
    found = fit_article_sd(np.full((2, 4), 0.25), np.array([0, 1]), ["a", "a"])
    assert 0.5 < found < 1  # the prior's mean is 0.8
    assert fit_article_sd(np.array([[0.0, 1.0]]), np.array([0]), ["a"]) > 0  # said impossible
