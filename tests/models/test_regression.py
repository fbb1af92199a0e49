"""Folds, temperature, and a regression that is chosen without peeking."""

import math

import numpy as np
import pytest

from framing.errors import DataError
from framing.models.regression import fit, fit_temperature, grouped_folds, softmax


def test_folds_keep_groups_whole_and_alike_in_size() -> None:
    groups = [name for name, n in zip("abcdef", (6, 5, 4, 3, 2, 1), strict=True) for _ in range(n)]
    folds = grouped_folds(groups, n_folds=3, rng=np.random.default_rng(1))
    assert all(len({f for g, f in zip(groups, folds, strict=True) if g == one}) == 1
               for one in "abcdef")  # fmt: skip
    # 21 units, largest first: 6, 5, 4, then 3 to 4, 2 to 5 and 1 to 6: seven each.
    assert np.bincount(folds).tolist() == [7, 7, 7]


def test_fewer_groups_than_folds_are_a_fold_each() -> None:
    assert set(grouped_folds(["a", "b"], n_folds=8, rng=np.random.default_rng(1))) == {0, 1}
    with pytest.raises(DataError, match="1 article or event; folds take at least two"):
        grouped_folds(["a", "a"], n_folds=8, rng=np.random.default_rng(1))


def test_temperature_makes_confidence_the_share_right() -> None:
    # Three of four units right at equal logits (z, 0): best where 1 / (1 + e^(-z/T)) = 3/4,
    # that is z / T = ln 3.
    logits = np.array([[2.0, 0.0]] * 4)
    temperature = fit_temperature(logits, np.array([0, 0, 0, 1]))
    assert temperature == pytest.approx(2 / math.log(3), rel=1e-3)
    assert softmax(logits, temperature=temperature)[0, 0] == pytest.approx(0.75, abs=1e-3)


def test_softmax_of_large_logits() -> None:
    assert softmax(np.array([[1000.0, 1000.0]])).tolist() == [[0.5, 0.5]]


def _two_forms(seed: int) -> tuple[dict[str, np.ndarray], np.ndarray, list[str]]:
    rng = np.random.default_rng(seed)
    gold = np.arange(60) % 3
    told = np.eye(3)[gold] + rng.normal(scale=0.2, size=(60, 3))
    return (
        {"noise": rng.normal(size=(60, 3)), "told": told},
        gold,
        [f"a{i // 6}" for i in range(60)],
    )


def test_the_form_that_tells_is_chosen() -> None:
    features, gold, groups = _two_forms(4)
    fitted = fit(features, gold, groups, n_categories=3, rng=np.random.default_rng(0))
    assert fitted.form == "told"
    new = fitted.probabilities(np.array([0.0, 1.0, 0.0]))
    assert new.argmax() == 1
    assert new.sum() == pytest.approx(1)


def test_a_moved_origin_changes_nothing() -> None:
    # The intercept is free, so features may be shifted: the same choice, the same probabilities.
    features, gold, groups = _two_forms(5)
    shift = np.array([3.0, -2.0, 7.0])
    one, other = (
        fit({"told": features["told"] + by}, gold, groups, n_categories=3,
            rng=np.random.default_rng(0))
        for by in (0.0, shift)
    )  # fmt: skip
    row = features["told"][7]
    assert other.probabilities(row + shift) == pytest.approx(one.probabilities(row), abs=1e-4)


def test_a_unit_of_no_group_is_learned_from_and_never_tested_on() -> None:
    # The units without a group are the only ones of category 1, far from the others: they are
    # known afterwards, though no fold could have held them out.
    rng = np.random.default_rng(6)
    table = np.concatenate([rng.normal(size=(30, 2)), rng.normal(size=(6, 2)) + 8])
    table[:15, 0] -= 8
    gold = np.array([0] * 15 + [2] * 15 + [1] * 6)
    groups = [f"a{i % 5}" for i in range(30)] + [None] * 6
    fitted = fit({"x": table}, gold, groups, n_categories=3, rng=np.random.default_rng(0))
    assert fitted.probabilities(np.array([8.0, 8.0])).argmax() == 1
    with pytest.raises(DataError, match="1 article or event"):
        fit({"x": table}, gold, ["a"] * 30 + [None] * 6, n_categories=3, rng=rng)


def test_a_category_without_units_keeps_a_small_probability() -> None:
    features, gold, groups = _two_forms(7)
    fitted = fit(features, gold, groups, n_categories=4, rng=np.random.default_rng(0))
    rows = np.array([fitted.probabilities(row) for row in features["told"]])
    assert 0 < rows[:, 3].mean() < 0.05


def test_one_category_is_refused() -> None:
    with pytest.raises(DataError, match="1 category among the"):
        fit({"x": np.eye(4)}, np.zeros(4, dtype=np.int64), list("abab"), n_categories=2,
            rng=np.random.default_rng(0))  # fmt: skip
