"""Scores of predicted categories against gold ones, and their intervals over articles.

Gold and predicted categories are given as whole numbers in [0, n_categories), in the
codebook's order.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.errors import DataError

__all__ = [
    "Interval",
    "accuracy",
    "bootstrap_articles",
    "confusion_matrix",
    "f1_by_category",
    "macro_f1",
    "precision_recall_f1",
]


class Interval(NamedTuple):
    """An estimate between the ends of its interval.

    Attributes:
        value: From all units; nan where undefined.
        low: Lower end; nan where undefined.
        high: Upper end; nan where undefined.
        n_undefined: Resamples in which the statistic was undefined, left out of the ends.
    """

    value: float
    low: float
    high: float
    n_undefined: int


def confusion_matrix(
    gold: ArrayLike, predicted: ArrayLike, *, n_categories: int
) -> NDArray[np.int64]:
    """Counts of units by gold category (rows) and predicted category (columns).

    Raises:
        DataError: The lists differ in length, or hold anything but numbers of categories.
    """
    pairs = [np.asarray(values, dtype=np.float64) for values in (gold, predicted)]
    if pairs[0].ndim != 1 or pairs[0].shape != pairs[1].shape:
        raise DataError(
            f"confusion matrix: {pairs[0].size} gold and {pairs[1].size} predicted categories; "
            "give one of each for every unit"
        )
    for what, values in zip(("gold", "predicted"), pairs, strict=True):
        wrong = values[(values != np.floor(values)) | (values < 0) | (values >= n_categories)]
        if wrong.size:
            raise DataError(
                f"confusion matrix: {what} category {wrong[0]:g}; accepted: whole numbers from 0 "
                f"to {n_categories - 1}"
            )
    rows, columns = (values.astype(np.int64) for values in pairs)
    counts = np.bincount(rows * n_categories + columns, minlength=n_categories**2)
    return counts.reshape(n_categories, n_categories).astype(np.int64)


def accuracy(confusion: ArrayLike) -> float:
    """Share of units whose predicted category is the gold one, in [0, 1]; nan for no units."""
    counts = np.asarray(confusion, dtype=np.float64)
    return float(_ratio(np.trace(counts), counts.sum()))


def precision_recall_f1(
    confusion: ArrayLike,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Precision, recall and F1 = 2 tp / (2 tp + fp + fn) of each category, in [0, 1].

    Undefined is nan: precision of a category that is never predicted, recall of one that is
    never gold, F1 of one that is neither.
    """
    counts = np.asarray(confusion, dtype=np.float64)
    tp, n_gold, n_predicted = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    return (
        _ratio(tp, n_predicted),
        _ratio(tp, n_gold),
        _ratio(2 * tp, n_gold + n_predicted),
    )


def f1_by_category(confusion: ArrayLike) -> NDArray[np.float64]:
    """F1 of each category; see `precision_recall_f1`."""
    return precision_recall_f1(confusion)[2]


def macro_f1(confusion: ArrayLike) -> float:
    """Mean F1 over the categories that occur in gold, in [0, 1]; nan for no units.

    A category that is predicted but never gold lowers the others' precision and has no F1 of
    its own in the mean, so that the score does not depend on categories a sample cannot test.
    """
    counts = np.asarray(confusion, dtype=np.float64)
    occurring = counts.sum(axis=1) > 0
    if not occurring.any():
        return float("nan")
    return float(f1_by_category(counts)[occurring].mean())


def bootstrap_articles(
    statistic: Callable[[NDArray[np.int64]], float],
    articles: Sequence[Hashable],
    *,
    level: float = 0.95,
    n_resamples: int = 1000,
    rng: np.random.Generator,
) -> Interval:
    """Percentile interval of a statistic over articles drawn with replacement.

    Units of one article resemble each other, so articles are drawn, with all their units
    (Davison & Hinkley 1997, section 3.8, doi:10.1017/CBO9780511802843).

    Args:
        statistic: From indices of units (with repetitions) to a number, nan where undefined.
        articles: The article of each unit.
        level: Of the interval, in (0, 1).
        n_resamples: Number of draws.
        rng: Source of chance.

    Returns:
        The statistic of all units with its interval; nan ends when it is undefined in more than
        half of the draws. An end that falls among infinite draws is infinite or nan.

    Raises:
        DataError: There are fewer than two articles, or `level` is outside (0, 1).
    """
    if not 0 < level < 1:
        raise DataError(f"bootstrap over articles: level {level} is not in (0, 1)")
    members: dict[Hashable, list[int]] = {}
    for unit, article in enumerate(articles):
        members.setdefault(article, []).append(unit)
    if len(members) < 2:
        raise DataError(
            f"bootstrap over articles: {len(members)} article; an interval takes two or more"
        )
    groups = [np.array(units, dtype=np.int64) for units in members.values()]
    drawn = rng.integers(len(groups), size=(n_resamples, len(groups)))
    draws = np.array([statistic(np.concatenate([groups[i] for i in row])) for row in drawn])
    value = statistic(np.arange(len(articles), dtype=np.int64))
    defined = draws[~np.isnan(draws)]
    n_undefined = len(draws) - len(defined)
    if 2 * n_undefined > n_resamples:
        return Interval(value, float("nan"), float("nan"), n_undefined)
    with np.errstate(invalid="ignore"):  # an end between two infinite draws is nan
        low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), n_undefined)


def _ratio(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """The quotient, nan where the whole is zero."""
    above, below = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    quotient = np.full(below.shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient
