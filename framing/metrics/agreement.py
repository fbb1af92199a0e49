"""Agreement of coders on nominal categories: alpha, kappa, AC1, raw, and category by category.

`count_codes` turns codes into counts that add up over articles, and every coefficient is a
function of such counts, or of many at once: `draw_code_counts` draws articles a thousand times,
and `percentile_interval` makes an interval of what a coefficient says of each draw. A coefficient
that corrects for chance is undefined (nan) where only one category is used: nothing then shows
that the coders can tell it from another one. A value that stands alone on its unit can neither
agree nor differ; counts say how many units have two or more.
"""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from framing.errors import DataError
from framing.metrics.classification import Interval, confusion_matrix

__all__ = [
    "MISSING",
    "CodeCounts",
    "category_alpha",
    "cohen_kappa",
    "count_codes",
    "draw_code_counts",
    "gwet_ac1",
    "krippendorff_alpha",
    "percentile_interval",
    "raw_agreement",
    "specific_agreement",
    "sum_code_counts",
]

MISSING = -1  # the code of a unit that a coder gave no value

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CodeCounts:
    """What every coefficient is computed from; of disjoint sets of units they add up.

    K categories, m coders. A paired unit has values from two coders or more. Of several draws,
    every array has a first axis more, and coefficients give one number for each.

    Attributes:
        coincidences: (K, K), symmetric: ordered pairs of values within paired units, each
            weighted by 1 / (the unit's values - 1), so that it sums to the number of values in
            paired units.
        confusions: (m (m - 1) / 2, K, K): for each pair of coders, in the order (0, 1), (0, 2),
            ..., the units that both have coded, by the first one's category (rows) and the
            second one's (columns).
        n_units: Units with a value.
        n_paired: Paired units.
        agreement: Sum over paired units of the share of its pairs of values that agree.
        shares: (K,): sum over units with a value of the share of its values in each category.
    """

    coincidences: Array
    confusions: Array
    n_units: Array
    n_paired: Array
    agreement: Array
    shares: Array


def count_codes(codes: ArrayLike, *, n_categories: int) -> CodeCounts:
    """Count what coders have given to the same units.

    Args:
        codes: (units, coders): whole numbers in [0, n_categories), or `MISSING`. No unit at all
            is fine, as long as the array has two columns or more.
        n_categories: Categories that the coders could choose from, two or more.

    Raises:
        DataError: The array has not that shape, or holds another number.
    """
    table = np.asarray(codes, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2 or n_categories < 2:
        raise DataError(
            f"agreement: codes of shape {table.shape} in {n_categories} categories; give one row "
            "for each unit, one column for each of two coders or more, and two categories or more"
        )
    known = (table == np.floor(table)) & (table >= MISSING) & (table < n_categories)
    if not known.all():
        raise DataError(
            f"agreement: code {table[~known][0]:g}; accepted: whole numbers from 0 to "
            f"{n_categories - 1}, and {MISSING} where a coder gave no value"
        )
    counts = (table[:, :, None] == np.arange(n_categories)).sum(axis=1).astype(np.float64)
    n_values = counts.sum(axis=1)
    paired, coded = n_values >= 2, n_values >= 1
    n, m = counts[paired], n_values[paired]
    coincidences = (n / (m - 1)[:, None]).T @ n
    twice = n * (n - 1)  # ordered pairs of equal values: a value makes none with itself
    np.fill_diagonal(coincidences, (twice / (m - 1)[:, None]).sum(axis=0))
    confusions = []
    for one, other in itertools.combinations(table.T, 2):
        both = (one != MISSING) & (other != MISSING)
        confusions.append(confusion_matrix(one[both], other[both], n_categories=n_categories))
    return CodeCounts(
        coincidences=coincidences,
        confusions=np.array(confusions, dtype=np.float64),
        n_units=coded.sum(dtype=np.float64),
        n_paired=paired.sum(dtype=np.float64),
        agreement=(twice.sum(axis=1) / (m * (m - 1))).sum(),
        shares=(counts[coded] / n_values[coded, None]).sum(axis=0),
    )


def krippendorff_alpha(counts: CodeCounts) -> Array:
    """Krippendorff's alpha for nominal data, 1 - D_o / D_e, at most 1; below 0 is systematic.

    Any number of coders, values may be missing. nan for no paired unit, and for one category
    only (D_e = 0).

    Source: Krippendorff 2011, Computing Krippendorff's alpha-reliability,
    https://repository.upenn.edu/handle/20.500.14332/2089.
    """
    n_k, o_kk = _margins(counts)
    n = n_k.sum(axis=-1)
    ratio = _divide(n - o_kk.sum(axis=-1), n * n - (n_k * n_k).sum(axis=-1))
    return np.asarray(1 - (n - 1) * ratio)


def category_alpha(counts: CodeCounts) -> Array:
    """Alpha of each category against all others together, shape (K,).

    alpha is their mean weighted by n_k (n - n_k). nan for a category that is never used in paired
    units, and for the only one that is.
    """
    n_k, o_kk = _margins(counts)
    n = n_k.sum(axis=-1, keepdims=True)
    ratio = _divide(n_k - o_kk, n_k * (n - n_k))
    return np.asarray(1 - (n - 1) * ratio)


def specific_agreement(counts: CodeCounts) -> Array:
    """Specific agreement of each category, in [0, 1], shape (K,).

    Of the values of that category in paired units, the mean share of the unit's other values that
    are the same: with two coders 2 a / (2 a + b + c). Not corrected for chance. nan for a category
    that is never used in paired units.

    Source: Spitzer & Fleiss 1974, doi:10.1192/bjp.125.4.341.
    """
    n_k, o_kk = _margins(counts)
    return _divide(o_kk, n_k)


def raw_agreement(counts: CodeCounts) -> Array:
    """Mean share of agreeing pairs of values over paired units, in [0, 1]; nan without any.

    Not corrected for chance, and defined for one category only.
    """
    return _divide(counts.agreement, counts.n_paired)


def gwet_ac1(counts: CodeCounts) -> Array:
    """Gwet's AC1, (p_a - p_e) / (1 - p_e) with p_e = sum of pi_k (1 - pi_k) / (K - 1).

    K is the number of categories that coders could choose from, used or not: more categories
    give a higher AC1. pi_k counts units with one value, too. nan for no paired unit, and for one
    category only, where the formula alone would give 1.

    Source: Gwet 2008, doi:10.1348/000711006X126600.
    """
    pi = _divide(counts.shares, counts.n_units[..., None])
    p_e = (pi * (1 - pi)).sum(axis=-1) / (pi.shape[-1] - 1)
    ac1: Array = (raw_agreement(counts) - p_e) / (1 - p_e)
    n_used = np.count_nonzero(_margins(counts)[0], axis=-1)
    return np.where(n_used < 2, np.nan, ac1)


def cohen_kappa(counts: CodeCounts) -> Array:
    """Cohen's kappa by scikit-learn; of more than two coders, the mean over their pairs.

    Pairs of coders without a common unit are left out. nan for no such unit, and where both
    coders of a pair use one and the same category only. A coder with one category beside one with
    several has kappa 0.

    Source: Cohen 1960, doi:10.1177/001316446002000104; the mean: Light 1971,
    doi:10.1037/h0031643.
    """
    *draws, n_pairs, n, _ = counts.confusions.shape
    each = [_mean_kappa(of) for of in counts.confusions.reshape(-1, n_pairs, n, n)]
    return np.array(each).reshape(draws)


def sum_code_counts(by_article: Sequence[CodeCounts]) -> CodeCounts:
    """The counts of all articles together.

    Raises:
        DataError: There are none, so that nothing tells how many categories there are.
    """
    if not by_article:
        raise DataError("agreement: no counts to add up; give those of one article or more")
    return _weigh(by_article, np.ones(len(by_article)))


def draw_code_counts(
    by_article: Sequence[CodeCounts], *, n_resamples: int = 1000, rng: np.random.Generator
) -> CodeCounts:
    """The counts of articles drawn with replacement, as often as asked, in one record.

    Units of one article resemble each other, so articles are drawn, with all their units, as by
    `bootstrap_articles`; drawing units gives intervals that are too narrow.

    Args:
        by_article: Counts of each article, those without any unit included.
        n_resamples: Number of draws.
        rng: Source of chance.

    Raises:
        DataError: There are fewer than two articles.
    """
    n = len(by_article)
    if n < 2:
        raise DataError(f"agreement: {n} article; an interval takes two or more")
    drawn = rng.integers(n, size=(n_resamples, n))
    times = np.array([np.bincount(row, minlength=n) for row in drawn], dtype=np.float64)
    return _weigh(by_article, times)


def percentile_interval(value: ArrayLike, drawn: ArrayLike, *, level: float = 0.95) -> Interval:
    """A coefficient of all articles, between percentiles of what it is of the draws.

    Draws that leave it undefined are counted and left out; in more than half of them, the ends
    are nan. Where no two coders ever differ, no draw does, and the interval has no width: that
    is no evidence that they never would.

    Args:
        value: Of all articles.
        drawn: Of each draw, shape (draws,).
        level: Of the interval, in (0, 1).

    Raises:
        DataError: `level` is outside (0, 1).
    """
    if not 0 < level < 1:
        raise DataError(f"agreement: level is {level}; it takes a number between 0 and 1")
    of = np.asarray(drawn, dtype=np.float64)
    defined = of[~np.isnan(of)]
    n_undefined = len(of) - len(defined)
    if 2 * n_undefined > len(of) or not len(of):
        return Interval(float(np.asarray(value)), float("nan"), float("nan"), n_undefined)
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(np.asarray(value)), float(low), float(high), n_undefined)


def _weigh(by_article: Sequence[CodeCounts], times: Array) -> CodeCounts:
    """Sums of counts, each article taken so many times; `times` is (..., articles)."""

    def total(name: str) -> Array:
        rows = np.array([getattr(each, name) for each in by_article])
        sums = times @ rows.reshape(len(rows), -1)
        shape = (*times.shape[:-1], *rows.shape[1:])
        return np.reshape(sums, shape)

    return CodeCounts(**{field.name: total(field.name) for field in dataclasses.fields(CodeCounts)})


def _margins(counts: CodeCounts) -> tuple[Array, Array]:
    """Values of each category in paired units, and those that agree; both (..., K)."""
    return counts.coincidences.sum(axis=-1), np.diagonal(counts.coincidences, axis1=-2, axis2=-1)


def _mean_kappa(confusions: Array) -> float:
    kappas = [_pair_kappa(confusion) for confusion in confusions if confusion.any()]
    return float(np.mean(kappas)) if kappas else float("nan")


def _pair_kappa(confusion: Array) -> float:
    from sklearn.metrics import cohen_kappa_score

    rows, columns = (np.flatnonzero(confusion.sum(axis=axis)) for axis in (1, 0))
    if len(rows) == 1 and np.array_equal(rows, columns):  # 0 / 0
        return float("nan")
    cells = np.nonzero(confusion)
    return float(cohen_kappa_score(*cells, sample_weight=confusion[cells]))


def _divide(part: ArrayLike, whole: ArrayLike) -> Array:
    """The quotient, nan where the whole is not above zero."""
    above, below = np.broadcast_arrays(
        np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    )
    quotient = np.full(below.shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient
