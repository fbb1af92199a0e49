"""The wrappers say what framing.metrics and scikit-learn say."""

import numpy as np
import pytest

from framing.errors import DataError
from framing.metrics import calibration, classification
from framing.metrics.evaluate_metrics import (
    Accuracy,
    BrierScore,
    ExpectedCalibrationError,
    LogLoss,
    MacroF1,
)

pytestmark = pytest.mark.slow  # evaluate takes seconds to import

_RNG = np.random.default_rng(8)
_TABLE = _RNG.dirichlet(np.ones(4), size=60)
_GOLD = _RNG.integers(4, size=60)
_SAID = _TABLE.argmax(axis=1)


def test_categories_are_scored_as_scikit_learn_scores_them() -> None:
    from sklearn import metrics

    given = {"predictions": _SAID, "references": _GOLD, "n_categories": 4}
    expected = metrics.f1_score(_GOLD, _SAID, average="macro")
    assert MacroF1().compute(**given) == {"macro_f1": pytest.approx(expected)}
    assert Accuracy().compute(**given) == {
        "accuracy": pytest.approx(metrics.accuracy_score(_GOLD, _SAID))
    }


def test_a_category_that_gold_lacks_has_no_share_in_the_mean() -> None:
    # Gold 0 0 1, said 0 2 1: F1 of 0 is 2/3, of 1 is 1; 2 is not in gold: the mean is 5/6.
    found = MacroF1().compute(predictions=[0, 2, 1], references=[0, 0, 1], n_categories=3)
    assert found["macro_f1"] == pytest.approx(5 / 6)


def test_probabilities_are_scored_as_scikit_learn_and_our_functions_score_them() -> None:
    from sklearn import metrics

    given = {"predictions": _TABLE, "references": _GOLD}
    assert LogLoss().compute(**given)["log_loss"] == pytest.approx(
        metrics.log_loss(_GOLD, _TABLE, labels=[0, 1, 2, 3])
    )
    # Of several categories, scikit-learn's Brier score is the sum over them, as ours.
    one_hot = np.eye(4)[_GOLD]
    assert BrierScore().compute(**given)["brier"] == pytest.approx(
        ((_TABLE - one_hot) ** 2).sum(axis=1).mean()
    )
    assert BrierScore().compute(**given)["brier"] == calibration.brier_score(_TABLE, _GOLD)
    for n_bins in (10, 5):
        assert ExpectedCalibrationError().compute(**given, n_bins=n_bins)["ece"] == (
            calibration.expected_calibration_error(_TABLE, _GOLD, n_bins=n_bins)
        )


def test_batches_add_up_and_leave_nothing_behind() -> None:
    metric = MacroF1()
    for rows in (slice(0, 25), slice(25, 60)):
        metric.add_batch(predictions=_SAID[rows], references=_GOLD[rows])
    confusion = classification.confusion_matrix(_GOLD, _SAID, n_categories=4)
    assert metric.compute(n_categories=4)["macro_f1"] == classification.macro_f1(confusion)
    assert metric.compute(predictions=[1], references=[1], n_categories=4)["macro_f1"] == 1


def test_what_is_no_category_is_refused() -> None:
    with pytest.raises(DataError, match="predicted category 4; accepted: whole numbers from 0"):
        MacroF1().compute(predictions=[4], references=[0], n_categories=4)
