"""Intervals of agreement: one seed, so that every statistic sees the same draws of articles."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.metrics.agreement import (
    CodeCounts,
    count_codes,
    draw_code_counts,
    percentile_interval,
    sum_code_counts,
)
from framing.metrics.classification import Interval
from framing.metrics.spans import Counts, bootstrap_counts, sum_counts

__all__ = ["Coefficient", "DrawnCodes", "Draws", "draw_codes", "draw_f1", "to_number"]

Coefficient = Callable[[CodeCounts], NDArray[np.float64]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """How intervals are drawn over articles; every statistic sees the same draws."""

    level: float = 0.95
    n_resamples: int = 1000
    seed: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCodes:
    """Counts of all articles and of the draws.

    Attributes:
        n_holding: In how many articles coders share a unit, and one with each category.
    """

    total: CodeCounts
    drawn: CodeCounts | None
    n_holding: tuple[int, NDArray[np.int64]]
    level: float

    @property
    def n_paired(self) -> int:
        """Units that two coders or more gave a value."""
        return round(float(self.total.n_paired))

    def interval(self, coefficient: Coefficient, category: int | None = None) -> dict[str, Any]:
        """Of one category, or of all; without ends where one article holds all the units."""
        n_articles, by_category = self.n_holding
        n = n_articles if category is None else by_category[category]
        pick = ... if category is None else (..., category)
        value = float(coefficient(self.total)[pick])
        if self.drawn is None or n < 2:
            return _interval(_undrawn(value))
        drawn = coefficient(self.drawn)[pick]
        return _interval(percentile_interval(value, drawn, level=self.level))


def draw_codes(codes: Sequence[NDArray[np.int64]], n_categories: int, draws: Draws) -> DrawnCodes:
    """Count the codes of each article, and draw articles."""
    counts = [count_codes(of, n_categories=n_categories) for of in codes]
    values = np.array([of.coincidences.sum(axis=1) for of in counts])
    drawn, rng = None, np.random.default_rng(draws.seed)
    if len(counts) > 1:
        drawn = draw_code_counts(counts, n_resamples=draws.n_resamples, rng=rng)
    return DrawnCodes(
        total=sum_code_counts(counts),
        drawn=drawn,
        n_holding=(int(values.any(axis=1).sum()), (values > 0).sum(axis=0)),
        level=draws.level,
    )


def draw_f1(counts: Sequence[Counts], draws: Draws) -> dict[str, Any]:
    """F1 of unit matching; without ends where one article holds all the units."""
    if sum(bool(of.gold or of.predicted) for of in counts) < 2:
        return _interval(_undrawn(sum_counts(counts).f1))
    level, n, rng = draws.level, draws.n_resamples, np.random.default_rng(draws.seed)
    return _interval(bootstrap_counts(lambda c: c.f1, counts, level=level, n_resamples=n, rng=rng))


def _undrawn(value: float) -> Interval:
    """Of one article, from which nothing can be drawn."""
    return Interval(value, float("nan"), float("nan"), 0)


def _interval(interval: Interval) -> dict[str, Any]:
    ends = {key: to_number(getattr(interval, key)) for key in ("value", "low", "high")}
    return {**ends, "n_undefined": interval.n_undefined}


def to_number(value: float) -> float | None:
    """The number for JSON, which has no nan."""
    return float(value) if math.isfinite(value) else None
