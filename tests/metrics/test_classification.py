"""Scores of categories, against values derived by hand."""

import math

import numpy as np
import pytest

from framing.errors import DataError
from framing.metrics.classification import (
    accuracy,
    bootstrap_articles,
    confusion_matrix,
    f1_by_category,
    macro_f1,
    precision_recall_f1,
)

# gold      0 0 0 1 1 2
# predicted 0 0 1 1 2 2
GOLD = [0, 0, 0, 1, 1, 2]
PREDICTED = [0, 0, 1, 1, 2, 2]


def test_confusion_has_gold_in_rows() -> None:
    assert confusion_matrix(GOLD, PREDICTED, n_categories=3).tolist() == [
        [2, 1, 0],
        [0, 1, 1],
        [0, 0, 1],
    ]


def test_scores_by_category() -> None:
    precision, recall, f1 = precision_recall_f1(confusion_matrix(GOLD, PREDICTED, n_categories=3))
    assert precision.tolist() == pytest.approx([2 / 2, 1 / 2, 1 / 2])
    assert recall.tolist() == pytest.approx([2 / 3, 1 / 2, 1 / 1])
    # 2tp / (gold + predicted): 4/5, 2/4, 2/3
    assert f1.tolist() == pytest.approx([4 / 5, 1 / 2, 2 / 3])


def test_macro_f1_and_accuracy() -> None:
    confusion = confusion_matrix(GOLD, PREDICTED, n_categories=3)
    assert macro_f1(confusion) == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3)
    assert accuracy(confusion) == pytest.approx(4 / 6)


def test_category_that_is_never_gold_has_no_part_in_the_mean() -> None:
    # Category 2 is predicted once and never gold: F1 is 0 by the formula, and the mean is over
    # 0 (2·1 / (2 + 1) = 2/3) and 1 (2·1 / (1 + 1) = 1). Category 3 is neither: undefined.
    confusion = confusion_matrix([0, 0, 1], [0, 2, 1], n_categories=4)
    scores = f1_by_category(confusion)
    assert scores[:3].tolist() == pytest.approx([2 / 3, 1, 0])
    assert math.isnan(scores[3])
    assert macro_f1(confusion) == pytest.approx((2 / 3 + 1) / 2)


def test_no_units_is_undefined_not_zero() -> None:
    confusion = confusion_matrix([], [], n_categories=2)
    assert math.isnan(macro_f1(confusion))
    assert math.isnan(accuracy(confusion))


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        ([0, 1], [0], "2 gold and 1 predicted categories"),
        ([0, 3], [0, 1], "gold category 3; accepted: whole numbers from 0 to 2"),
        ([0, 1], [0, -1], "predicted category -1"),
        ([0, 0.5], [0, 1], r"gold category 0\.5"),
    ],
)
def test_confusion_refuses(gold: list[int], predicted: list[int], message: str) -> None:
    with pytest.raises(DataError, match=message):
        confusion_matrix(gold, predicted, n_categories=3)


def test_bootstrap_draws_articles_not_units() -> None:
    # Two articles, one all ones and one all zeros, of ten units each: a draw of articles gives a
    # mean of 0, 1/2 or 1 with probability 1/4, 1/2, 1/4, so the 90 % interval is all of [0, 1].
    # Drawn as 20 independent units it would be about 0.5 ± 0.18.
    values = np.array([1.0] * 10 + [0.0] * 10)
    interval = bootstrap_articles(
        lambda units: float(values[units].mean()),
        ["a"] * 10 + ["b"] * 10,
        level=0.9,
        rng=np.random.default_rng(1),
    )
    assert interval == (0.5, 0.0, 1.0, 0)


def test_bootstrap_is_the_same_for_the_same_seed() -> None:
    values = np.arange(12.0)
    one, other = (
        bootstrap_articles(
            lambda units: float(values[units].mean()),
            list("aabbccddeeff"),
            rng=np.random.default_rng(5),
        )
        for _ in range(2)
    )
    assert one == other
    assert one.low < one.value < one.high


def test_bootstrap_counts_undefined_draws() -> None:
    # Undefined unless article "a" is drawn: with 3 articles a draw lacks it with (2/3)^3 ≈ 0.30.
    def only_a(units: np.ndarray) -> float:
        return float("nan") if units.max(initial=0) == 0 else 1.0

    interval = bootstrap_articles(
        lambda units: only_a(np.where(units == 2, 1, 0)),
        ["x", "y", "a"],
        rng=np.random.default_rng(2),
    )
    assert 0.25 < interval.n_undefined / 1000 < 0.35
    assert (interval.low, interval.high) == (1.0, 1.0)


def test_bootstrap_refuses_one_article() -> None:
    with pytest.raises(DataError, match="1 article; an interval takes two or more"):
        bootstrap_articles(len, ["a", "a"], rng=np.random.default_rng(0))
    with pytest.raises(DataError, match="level 95 is not in"):
        bootstrap_articles(len, ["a", "b"], level=95, rng=np.random.default_rng(0))
