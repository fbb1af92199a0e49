"""Scores of predictions, against values derived by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from framing.errors import DataError
from framing.models.scores import majority_scores, score_predictions
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
