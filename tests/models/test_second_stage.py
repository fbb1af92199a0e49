"""The second look at quotes, beside what else their speakers say."""

import dataclasses

import numpy as np
import pytest

from framing.errors import DataError
from framing.models.second_stage import (
    SecondStage,
    fit_second_stage,
    others_missing,
    stage_features,
)
from framing.models.units import Unit, with_others


def _quote(place: int, *, article: str = "a") -> Unit:
    return Unit(
        id=f"{article}-q{place}", variable="stance", article_id=article, article_sha256=article,
        target="the dam", speaker="Rosa Finch", description="", quote=f"words {place}", context="",
        kind="direct", named=True, place=place,
    )  # fmt: skip


def _of_one_speaker(n: int, *, article: str = "a") -> list[Unit]:
    said = [_quote(place, article=article) for place in range(n)]
    return [with_others(one, said) for one in said]


def _articles(units: list[Unit]) -> list[str]:
    return [unit.article_id for unit in units]


def test_the_same_quotes_toward_another_target_are_no_company() -> None:
    units = _of_one_speaker(2)
    said = [dataclasses.replace(one, target="the bridge", others=()) for one in units]
    twins = [with_others(one, said) for one in said]
    logits = np.array([[1.0, 0.0], [0.0, 1.0], [9.0, 0.0], [0.0, 9.0]])
    alone = stage_features(logits[:2], units)
    np.testing.assert_array_equal(stage_features(logits, [*units, *twins])[:2], alone)
    assert others_missing([units[0], twins[1]]) == [units[1], twins[0]]


def test_features_are_own_logits_the_mean_of_the_others_and_their_number() -> None:
    units = [*_of_one_speaker(3), _quote(7)]
    logits = np.array([[1.0, 3.0], [4.0, 0.0], [0.0, 2.0], [5.0, 5.0]])
    # Less their mean: (-1, 1), (2, -2), (-1, 1), (0, 0). Others of the first: the second and third.
    expected = [
        [-1, 1, 0.5, -0.5, np.log(3)],
        [2, -2, -1, 1, np.log(3)],
        [-1, 1, 0.5, -0.5, np.log(3)],
        [0, 0, 0, 0, 0],
    ]
    np.testing.assert_allclose(stage_features(logits, units), expected)


def test_quotes_of_other_articles_are_no_company() -> None:
    here, there = _of_one_speaker(1), _of_one_speaker(1, article="b")
    features = stage_features(np.array([[1.0, 0.0], [0.0, 9.0]]), [*here, *there])
    assert not features[:, 2:].any()


def test_what_is_missing_of_a_speaker_is_as_if_it_had_been_given() -> None:
    units = _of_one_speaker(4)
    missing = others_missing([units[2], units[0]])
    assert sorted(missing, key=lambda unit: unit.place) == [units[1], units[3]]
    assert others_missing(units) == []


def test_a_speakers_other_quotes_decide_what_a_quote_leaves_open() -> None:
    """Of each speaker one quote says nothing, and two say the side: only the company tells."""
    rng = np.random.default_rng(0)
    units: list[Unit] = []
    logits, gold = [], []
    for n in range(40):
        units += _of_one_speaker(3, article=f"a{n}")
        side = n % 2
        gold += [side] * 3
        clear = [3.0, -3.0] if side == 0 else [-3.0, 3.0]
        logits += [clear, clear, list(rng.normal(0, 0.1, 2))]
    targets = np.eye(2)[gold]
    stage, cross_fitted = fit_second_stage(
        np.array(logits), units, targets, groups=_articles(units), seed=0
    )
    assert (cross_fitted.argmax(axis=1) == gold).all()
    said = stage.logits(stage_features(np.array(logits), units))
    assert (said.argmax(axis=1) == gold).all()


def test_units_that_are_not_settled_are_not_learned_from() -> None:
    units = [_quote(0, article=f"a{n}") for n in range(12)]
    logits = np.array([[2.0, 0.0], [0.0, 2.0]] * 6)
    targets = np.eye(2)[[0, 1] * 6]
    wrong = np.concatenate([targets, np.full((6, 2), 0.5)])
    more = [*units, *(_quote(0, article=f"b{n}") for n in range(6))]
    stage, _ = fit_second_stage(logits, units, targets, groups=_articles(units), seed=0)
    with_open, said = fit_second_stage(
        np.concatenate([logits, np.array([[9.0, 0.0]] * 6)]),
        more,
        wrong,
        groups=_articles(more),
        seed=0,
    )
    assert with_open == stage
    assert said.shape == (18, 2)


def test_a_stage_survives_its_card() -> None:
    stage = SecondStage(coefficients=((1.0, 0.5), (0.0, -1.0)), intercepts=(0.25, -0.25))
    assert SecondStage.from_card(dataclasses.asdict(stage)) == stage


def test_one_article_is_too_few() -> None:
    units = _of_one_speaker(4)
    with pytest.raises(DataError, match="1 article or event; folds take at least two"):
        fit_second_stage(
            np.eye(4)[:, :2], units, np.eye(2)[[0, 1, 0, 1]], groups=_articles(units), seed=0
        )
