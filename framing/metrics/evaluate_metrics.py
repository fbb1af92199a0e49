"""Our scores as metrics of Hugging Face's evaluate, for its users and for the Trainer.

Thin: every number comes from `framing.metrics`. Nothing is downloaded, and nothing is written
to a cache. Importing this file imports evaluate and datasets, which takes seconds, so no other
file of this room does.
"""

from collections.abc import Sequence
from typing import Any

import datasets  # noqa: TID253 -- see above
import evaluate  # noqa: TID253

from framing.metrics.calibration import brier_score, expected_calibration_error, log_loss
from framing.metrics.classification import accuracy, confusion_matrix, macro_f1

__all__ = ["Accuracy", "BrierScore", "ExpectedCalibrationError", "LogLoss", "MacroF1"]


class _OurMetric(evaluate.Metric):  # type: ignore[misc]
    """A metric kept in memory; "references" are gold categories as whole numbers.

    "predictions" are whole numbers too, or for measures of calibration rows of probabilities.
    """

    of_probabilities = False

    def __init__(self) -> None:
        super().__init__(keep_in_memory=True)

    def _info(self) -> Any:
        number = datasets.Value("int64")
        said = datasets.List(datasets.Value("float64")) if self.of_probabilities else number
        return evaluate.MetricInfo(
            description=(type(self).__doc__ or "").strip(),
            citation="",
            inputs_description=(_OurMetric.__doc__ or "").strip(),
            features=datasets.Features({"predictions": said, "references": number}),
        )


class MacroF1(_OurMetric):
    """`macro_f1`, with `n_categories=` given to `compute`: the mean F1 of those in references."""

    def _compute(
        self, predictions: Sequence[int], references: Sequence[int], *, n_categories: int
    ) -> dict[str, float]:
        confusion = confusion_matrix(references, predictions, n_categories=n_categories)
        return {"macro_f1": macro_f1(confusion)}


class Accuracy(_OurMetric):
    """`accuracy`, with `n_categories=` given to `compute`."""

    def _compute(
        self, predictions: Sequence[int], references: Sequence[int], *, n_categories: int
    ) -> dict[str, float]:
        confusion = confusion_matrix(references, predictions, n_categories=n_categories)
        return {"accuracy": accuracy(confusion)}


class ExpectedCalibrationError(_OurMetric):
    """`ece` of the top category, in `n_bins` (10) bins of equal mass."""

    of_probabilities = True

    def _compute(
        self, predictions: Sequence[Sequence[float]], references: Sequence[int], n_bins: int = 10
    ) -> dict[str, float]:
        return {"ece": expected_calibration_error(predictions, references, n_bins=n_bins)}


class BrierScore(_OurMetric):
    """`brier`: summed over categories, in [0, 2]."""

    of_probabilities = True

    def _compute(
        self, predictions: Sequence[Sequence[float]], references: Sequence[int]
    ) -> dict[str, float]:
        return {"brier": brier_score(predictions, references)}


class LogLoss(_OurMetric):
    """`log_loss` in nats."""

    of_probabilities = True

    def _compute(
        self, predictions: Sequence[Sequence[float]], references: Sequence[int]
    ) -> dict[str, float]:
        return {"log_loss": log_loss(predictions, references)}
