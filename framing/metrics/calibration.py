"""How far predicted probabilities can be taken at their word.

Probabilities have shape [n, n_categories], rows summing to 1; gold categories are whole numbers
in [0, n_categories).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.errors import DataError

__all__ = ["brier_score", "expected_calibration_error", "log_loss"]


def expected_calibration_error(
    probabilities: ArrayLike, gold: ArrayLike, *, n_bins: int = 10
) -> float:
    """ECE of the top category in bins of equal mass, in [0, 1].

    Σ_b n_b / n · |share right in b − mean confidence in b|, with units sorted by confidence and
    cut into `n_bins` runs whose sizes differ by at most one (Guo et al. 2017,
    arXiv:1706.04599; equal mass: Nixon et al. 2019, arXiv:1904.01685). It is biased upwards in
    small samples.

    Args:
        probabilities: Shape [n, n_categories].
        gold: Shape [n].
        n_bins: Number of bins; with fewer units than bins, each unit is a bin.

    Ties: of equal top probabilities the first category counts as predicted; units of equal
    confidence count each as right as they are on average, so that their order has no effect, and
    that of a constant answer is |share right − its probability|.

    Raises:
        DataError: There are no units, or the shapes do not fit.
    """
    table, answers = _checked(probabilities, gold, "ECE")
    confidence = table.max(axis=1)
    right = (table.argmax(axis=1) == answers).astype(np.float64)
    _, tie, n_tied = np.unique(confidence, return_inverse=True, return_counts=True)
    right = (np.bincount(tie, weights=right) / n_tied)[tie]
    order = np.argsort(confidence, kind="stable")
    bins = np.array_split(order, min(n_bins, len(order)))
    return float(
        sum(len(b) * abs(right[b].mean() - confidence[b].mean()) for b in bins) / len(order)
    )


def brier_score(probabilities: ArrayLike, gold: ArrayLike) -> float:
    """Mean over units of Σ_c (p_c − 1[c is gold])², in [0, 2] (Brier 1950).

    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Raises:
        DataError: There are no units, or the shapes do not fit.
    """
    table, answers = _checked(probabilities, gold, "Brier score")
    truth = np.eye(table.shape[1])[answers]
    return float(((table - truth) ** 2).sum(axis=1).mean())


def log_loss(probabilities: ArrayLike, gold: ArrayLike) -> float:
    """Mean over units of −ln p(gold), in nats; infinite where a gold category has probability 0.

    Raises:
        DataError: There are no units, or the shapes do not fit.
    """
    table, answers = _checked(probabilities, gold, "log loss")
    with np.errstate(divide="ignore"):
        return float(-np.log(table[np.arange(len(answers)), answers]).mean())


def _checked(
    probabilities: ArrayLike, gold: ArrayLike, who: str
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    table = np.asarray(probabilities, dtype=np.float64)
    answers = np.asarray(gold)
    if answers.size == 0:
        raise DataError(f"{who}: there are no units, so it is undefined; give at least one")
    if table.ndim != 2 or answers.shape != table.shape[:1]:
        raise DataError(
            f"{who}: probabilities of shape {table.shape} and {answers.size} gold categories; "
            "give one row and one category for every unit"
        )
    if (
        not np.issubdtype(answers.dtype, np.integer)
        or not ((answers >= 0) & (answers < table.shape[1])).all()
    ):
        raise DataError(
            f"{who}: gold holds something other than whole numbers from 0 to {table.shape[1] - 1}"
        )
    if (table < 0).any() or not np.allclose(table.sum(axis=1), 1, atol=1e-4):
        raise DataError(f"{who}: a row of probabilities is negative or does not sum to 1")
    return table, answers.astype(np.int64)
