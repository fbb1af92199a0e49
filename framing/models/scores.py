"""Scores of predictions against gold labels, with intervals over articles."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import DataError
from framing.metrics.calibration import brier_score, expected_calibration_error, log_loss
from framing.metrics.classification import (
    accuracy,
    bootstrap_articles,
    confusion_matrix,
    macro_f1,
    precision_recall_f1,
)
from framing.models.baselines import majority_probabilities
from framing.models.regression import softmax
from framing.records import Prediction

__all__ = [
    "calibration_scores",
    "compare_predictions",
    "majority_scores",
    "majority_scores_of",
    "score_predictions",
    "uncalibrated_scores",
]

_LEVEL = 0.95
_N_RESAMPLES = 1000


def score_predictions(
    predictions: Sequence[Prediction],
    values: Sequence[str],
    articles: Sequence[Hashable],
    *,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Macro-F1, accuracy, calibration and scores by category, as JSON types.

    Args:
        predictions: Of one variable.
        values: The gold category of each.
        articles: The article of each; intervals (95 %) are over articles.
        rng: Draws the articles.

    Returns:
        `macro_f1`, `accuracy`, `ece` (top category, 10 bins of equal mass), `log_loss` and
        `brier`, each with value, low and high; `by_category` with n, precision, recall and f1
        (null where undefined); `confusion` (rows gold); n, n_articles, level.

    Raises:
        DataError: There are no predictions, or a value is not a category.
    """
    if not predictions:
        raise DataError("scores: there are no predictions, so they are undefined")
    categories = predictions[0].categories
    for value in values:
        if value not in categories:
            raise DataError(f"scores: gold value {value!r}; accepted: {', '.join(categories)}")
    gold = np.array([categories.index(value) for value in values], dtype=np.int64)
    table = np.array([prediction.probabilities for prediction in predictions])
    predicted = table.argmax(axis=1)

    def counts(units: NDArray[np.int64]) -> NDArray[np.int64]:
        return confusion_matrix(gold[units], predicted[units], n_categories=len(categories))

    statistics: dict[str, Callable[[NDArray[np.int64]], float]] = {
        "macro_f1": lambda units: macro_f1(counts(units)),
        "accuracy": lambda units: accuracy(counts(units)),
        "ece": lambda units: expected_calibration_error(table[units], gold[units]),
        "log_loss": lambda units: log_loss(table[units], gold[units]),
        "brier": lambda units: brier_score(table[units], gold[units]),
    }
    scores: dict[str, Any] = {
        "n": len(gold),
        "n_articles": len(set(articles)),
        "level": _LEVEL,
    }
    for name, statistic in statistics.items():
        interval = bootstrap_articles(
            statistic, articles, level=_LEVEL, n_resamples=_N_RESAMPLES, rng=rng
        )
        scores[name] = {
            "value": _rounded(interval.value),
            "low": _rounded(interval.low),
            "high": _rounded(interval.high),
        }
    confusion = counts(np.arange(len(gold), dtype=np.int64))
    precision, recall, f1 = precision_recall_f1(confusion)
    scores["by_category"] = {
        category: {
            "n": int(confusion[c].sum()),
            "precision": _rounded(precision[c]),
            "recall": _rounded(recall[c]),
            "f1": _rounded(f1[c]),
        }
        for c, category in enumerate(categories)
    }
    scores["confusion"] = confusion.tolist()
    return scores


def majority_scores(
    values: Sequence[str], folds: Sequence[int], categories: Sequence[str]
) -> dict[str, Any]:
    """Scores of always predicting the most frequent category of the other folds."""
    fold = np.asarray(folds)
    table = np.zeros((len(values), len(categories)))
    for k in np.unique(fold):
        others = [value for value, other in zip(values, fold, strict=True) if other != k]
        n = int((fold == k).sum())
        table[fold == k] = majority_probabilities(others, n, categories=categories)
    return _baseline_scores(table, values, categories)


def majority_scores_of(
    values: Sequence[str], *, train: Sequence[str], categories: Sequence[str]
) -> dict[str, Any]:
    """Scores of always predicting the most frequent category of other units."""
    table = majority_probabilities(train, len(values), categories=categories)
    return _baseline_scores(table, values, categories)


def calibration_scores(
    table: NDArray[np.float64], values: Sequence[str], categories: Sequence[str]
) -> dict[str, Any]:
    """`ece`, `brier` and `log_loss` of probabilities of shape [n, number of categories]."""
    gold = np.array([list(categories).index(value) for value in values], dtype=np.int64)
    return {
        "ece": _rounded(expected_calibration_error(table, gold)),
        "brier": _rounded(brier_score(table, gold)),
        "log_loss": _rounded(log_loss(table, gold)),
    }


def uncalibrated_scores(
    predictions: Sequence[Prediction], values: Sequence[str], temperature: float
) -> dict[str, Any]:
    """`calibration_scores` as they would be if the logits had not been divided by a temperature.

    Args:
        predictions: Of one variable, whose logits were.
        values: The gold category of each.
        temperature: By which.
    """
    table = np.array([one.probabilities for one in predictions])
    logits = temperature * np.log(np.maximum(table, np.finfo(float).tiny))
    return calibration_scores(softmax(logits), values, predictions[0].categories)


def compare_predictions(
    one: Sequence[Prediction],
    other: Sequence[Prediction],
    values: Sequence[str],
    articles: Sequence[Hashable],
    *,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """How much larger the macro-F1 of one model is than that of another on the same units.

    Args:
        one: Predictions of the one model.
        other: Predictions of the other, of the same units in the same order.
        values: The gold category of each.
        articles: The article of each; articles are drawn, for both models alike.
        rng: Draws the articles.

    Returns:
        `value`, `low` and `high` (95 %) of the difference, and `p`, two-sided: twice the share of
        draws on the other side of zero, at least one of them (Davison & Hinkley 1997, section 4.4;
        doi:10.1017/CBO9780511802843).

    Raises:
        DataError: The units are not the same.
    """
    if [p.unit_id for p in one] != [p.unit_id for p in other]:
        raise DataError("comparison of models: they predict other units; give the same to both")
    categories = one[0].categories
    gold = np.array([categories.index(value) for value in values], dtype=np.int64)
    said = [np.array([p.categories.index(p.value) for p in table]) for table in (one, other)]
    draws: list[float] = []

    def difference(units: NDArray[np.int64]) -> float:
        first, second = (
            macro_f1(confusion_matrix(gold[units], s[units], n_categories=len(categories)))
            for s in said
        )
        draws.append(first - second)
        return first - second

    found = bootstrap_articles(
        difference, articles, level=_LEVEL, n_resamples=_N_RESAMPLES, rng=rng
    )
    drawn = np.array(draws[:-1])  # the last one is of all units
    tail = min((drawn <= 0).sum(), (drawn >= 0).sum())
    return {
        "value": _rounded(found.value),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "p": _rounded(min(1.0, 2 * (tail + 1) / (len(drawn) + 1))),
    }


def _baseline_scores(
    table: NDArray[np.float64], values: Sequence[str], categories: Sequence[str]
) -> dict[str, Any]:
    gold = np.array([list(categories).index(value) for value in values], dtype=np.int64)
    confusion = confusion_matrix(gold, table.argmax(axis=1), n_categories=len(categories))
    return {
        "macro_f1": _rounded(macro_f1(confusion)),
        "accuracy": _rounded(accuracy(confusion)),
        "log_loss": _rounded(log_loss(table, gold)),
    }


def _rounded(value: float) -> float | None:
    """Four decimals; None where undefined or infinite, which JSON has no number for."""
    return round(float(value), 4) if np.isfinite(value) else None
