"""Scores of predictions, against values derived by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from framing.errors import DataError
from framing.models.scores import (
    calibration_scores,
    compare_predictions,
    majority_scores,
    majority_scores_of,
    score_predictions,
    uncalibrated_scores,
)
from framing.records import Prediction


def _predictions(rows: Sequence[tuple[float, float, float]]) -> list[Prediction]:
    return [
        Prediction(unit_id=f"q{n}", variable="v", model="m", codebook="c",
                   categories=("a", "b", "c"), probabilities=row)
        for n, row in enumerate(rows)
    ]  # fmt: skip


def test_scores_by_hand() -> None:
    found = _predictions([(0.8, 0.2, 0.0), (0.4, 0.6, 0.0), (0.3, 0.7, 0.0), (0.9, 0.1, 0.0)])
    rng = np.random.default_rng(0)
    scores = score_predictions(found, ["a", "a", "b", "a"], ["x", "x", "y", "y"], rng=rng)
    # a: 2 right of 3 gold and 2 predicted, F1 = 4/5; b: 1 of 1 gold and 2 predicted, F1 = 2/3;
    # c is not in gold and has no part in the mean.
    assert scores["macro_f1"]["value"] == pytest.approx((4 / 5 + 2 / 3) / 2, abs=1e-4)
    assert scores["accuracy"]["value"] == 0.75
    assert scores["by_category"]["a"] == {"n": 3, "precision": 1.0, "recall": 0.6667, "f1": 0.8}
    assert scores["by_category"]["c"] == {"n": 0, "precision": None, "recall": None, "f1": None}
    assert scores["confusion"] == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert (scores["n"], scores["n_articles"]) == (4, 2)
    # Articles x (half right) and y (all right): accuracy of a draw is 1/2, 3/4 or 1.
    assert (scores["accuracy"]["low"], scores["accuracy"]["high"]) == (0.5, 1.0)


def test_an_infinite_loss_is_null() -> None:
    found = _predictions([(1.0, 0.0, 0.0), (1.0, 0.0, 0.0)])
    scores = score_predictions(found, ["b", "a"], ["x", "y"], rng=np.random.default_rng(0))
    assert scores["log_loss"]["value"] is None


def test_refusals() -> None:
    with pytest.raises(DataError, match="there are no predictions"):
        score_predictions([], [], [], rng=np.random.default_rng(0))
    with pytest.raises(DataError, match="gold value 'z'; accepted: a, b, c"):
        score_predictions(_predictions([(1, 0, 0)]), ["z"], ["x"], rng=np.random.default_rng(0))


def test_majority_is_that_of_the_other_folds() -> None:
    # Fold 0 is predicted from fold 1 (b) and the other way round (a): never right.
    scores = majority_scores(["a", "a", "b", "b"], [0, 0, 1, 1], ("a", "b"))
    assert (scores["accuracy"], scores["macro_f1"]) == (0.0, 0.0)
    # Probabilities (2.5, 0.5) / 3 of the other fold: -ln(0.5 / 3)
    assert scores["log_loss"] == pytest.approx(-np.log(0.5 / 3), abs=1e-4)


def test_majority_of_other_units() -> None:
    # "a" is said of all three: F1 of a 4/5, of b 0; probabilities (2.5, 1.5) / 4.
    scores = majority_scores_of(["a", "a", "b"], train=["a", "a", "b"], categories=("a", "b"))
    assert scores["macro_f1"] == pytest.approx(0.4, abs=1e-4)
    assert scores["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    loss = -(2 * np.log(2.5 / 4) + np.log(1.5 / 4)) / 3
    assert scores["log_loss"] == pytest.approx(loss, abs=1e-4)


def test_calibration_by_hand() -> None:
    table = np.array([[0.8, 0.2], [0.4, 0.6]])
    # Right, right: two bins of one unit each, |1 - 0.8| and |1 - 0.6|; Brier 0.08 and 0.32.
    assert calibration_scores(table, ["a", "b"], ("a", "b")) == {
        "ece": 0.3,
        "brier": 0.2,
        "log_loss": pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2, abs=1e-4),
    }


def test_what_calibration_did_by_hand() -> None:
    found = _predictions([(0.8, 0.2, 0.0), (0.4, 0.6, 0.0)])
    # Logits that were divided by 2: 0.8² / (0.8² + 0.2²) = 16/17, and 9/13.
    assert uncalibrated_scores(found, ["a", "b"], 2.0) == {
        "ece": pytest.approx((1 / 17 + 4 / 13) / 2, abs=1e-4),
        "brier": pytest.approx((2 / 17**2 + 2 * 16 / 13**2) / 2, abs=1e-4),
        "log_loss": pytest.approx(-(np.log(16 / 17) + np.log(9 / 13)) / 2, abs=1e-4),
    }


def test_a_model_against_itself_and_against_a_worse_one() -> None:
    right = _predictions([(0.9, 0.1, 0.0), (0.1, 0.9, 0.0)] * 10)
    wrong = _predictions([(0.9, 0.1, 0.0), (0.9, 0.1, 0.0)] * 10)
    values, articles = ["a", "b"] * 10, [n // 2 for n in range(20)]

    def compare(one: list[Prediction], other: list[Prediction]) -> dict[str, float]:
        return compare_predictions(one, other, values, articles, rng=np.random.default_rng(0))

    assert compare(right, right) == {"value": 0.0, "low": 0.0, "high": 0.0, "p": 1.0}
    # All right, macro-F1 1; always a: F1 of a 2/3, of b 0. Every article has one of each, so
    # every draw gives the same, and p is 2 · (0 + 1) / (1000 + 1).
    better = compare(right, wrong)
    assert better == {"value": 0.6667, "low": 0.6667, "high": 0.6667, "p": 0.002}
    assert compare(wrong, right)["value"] == -0.6667
    with pytest.raises(DataError, match="they predict other units; give the same to both"):
        compare(right, wrong[:-1])
