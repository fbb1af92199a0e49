"""Groups of articles compared: shares and differences corrected for classifier error."""

import dataclasses
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import numpy as np

from framing.balance.group_estimates import (
    CONFUSION_ASSUMPTION,
    PPI_ASSUMPTION,
    Estimand,
    GroupEstimate,
    Method,
    estimate_groups,
)
from framing.balance.totals import ArticleTotals
from framing.codebook import Codebook
from framing.errors import DataError

__all__ = ["ESTIMANDS", "MIN_LABELLED", "Comparison", "compare_groups"]

# With fewer, intervals of nominal 95 % covered 92 % and less in simulation at an intra-article
# correlation of 0.3 (`tests/balance/test_compare.py` repeats it from 30 on).
MIN_LABELLED = 20

ESTIMANDS: dict[Estimand, str] = {
    "quote_share": "quotes of the category / all quotes of the group's articles: long articles "
    "with many quotes count more",
    "mean_article_share": "mean over the group's articles that have a quote of the article's "
    "share: every article counts the same",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A share in one group, or the difference of two groups: a row of a table.

    Attributes:
        group: The group.
        versus: The group that is subtracted from it, or "" for a share.
        variable: Name of the codebook's variable.
        category: One of its categories, or the name of an aggregate.
        estimand: "quote_share" or "mean_article_share", see `ESTIMANDS`; they are different
            numbers.
        method: "ppi++", "confusion_matrix" or "" where there is no value; of a difference that of
            `group`.
        versus_method: That of `versus`, or "".
        value: Corrected share in [0, 1] or difference in [-1, 1]; None when excluded.
        low: Lower end of the confidence interval, or None.
        high: Upper end, or None. The interval is of one row: nothing is adjusted for many rows.
        level: Confidence level of the interval, such as 0.95.
        naive: Classify and count, uncorrected and biased: shown to see what the correction does,
            never to be reported as a result. None where no quote was found.
        n_articles: Articles of the group, of both for a difference.
        n_labelled: Coded ones among them.
        assumption: What the estimate takes for granted.
        excluded_reason: Why there is no value; "" when there is one.
    """

    group: str
    versus: str
    variable: str
    category: str
    estimand: Estimand
    method: Method | Literal[""]
    versus_method: Method | Literal[""]
    value: float | None
    low: float | None
    high: float | None
    level: float
    naive: float | None
    n_articles: int
    n_labelled: int
    assumption: str
    excluded_reason: str = ""


def compare_groups(
    totals: Iterable[ArticleTotals],
    *,
    codebook: Codebook,
    reference: str | None = None,
    level: float = 0.95,
    min_labelled: int = MIN_LABELLED,
    n_bootstrap: int = 2000,
    rng: np.random.Generator,
) -> tuple[Comparison, ...]:
    """Shares of each group and their differences, with confidence intervals.

    They are about the source of articles that the group's are a random sample of (an outlet's
    reporting), not about these articles alone, and about what coders would find, missed quotes
    included.

    - A group with at least `min_labelled` coded articles: PPI++ on the ratio of totals with a
      linearised article-cluster variance and t quantiles (`prediction_powered_ratio`). It holds
      whatever the errors of extractor and classifier are.
    - Another group: the confusion-matrix correction (`framing.balance.confusion`) with the coded
      articles of all groups, and percentiles of a bootstrap that draws coded and other articles
      anew. It holds only if errors are the same everywhere; `Comparison.assumption` says so.
    - A difference of two groups of the first kind has Welch's degrees of freedom; any other comes
      from the joint bootstrap, since groups share coded articles.

    Values outside [0, 1] are set to the nearer end, and so are the ends of intervals.

    Args:
        totals: One for each article, all of one variable, in any order.
        codebook: Defines the variable; shares of its aggregates are reported too.
        reference: The group that the others are compared with; None for all pairs.
        level: Of the intervals, in (0, 1).
        min_labelled: See above; at least 2.
        n_bootstrap: Bootstrap samples, at least 200.
        rng: Source of chance.

    Returns:
        First the shares of all groups, then the differences, for each estimand. Groups are in
        alphabetical order. A row is excluded, with its reason, where a category is in fewer than 5
        coded articles or fewer than 5 have any other (of a group without coded ones: articles by
        the most probable categories), since an interval would be a guess.

    Raises:
        DataError: No article, an article twice, different variables, an unknown reference, or
            level, min_labelled or n_bootstrap out of range.
    """
    articles = sorted(totals, key=lambda one: (one.group, one.article_id))
    _check(articles, codebook, reference, level, min_labelled, n_bootstrap)
    variable = codebook.variable(articles[0].variable)
    members = [set(names) for _, names in variable.aggregates]
    # From categories to categories and aggregates.
    mix = np.array(
        [[a == b for b in variable.names] + [a in m for m in members] for a in variable.names],
        dtype=float,
    )
    names = [*variable.names, *(name for name, _ in variable.aggregates)]
    rows: list[Comparison] = []
    for estimand in ESTIMANDS:
        estimates = estimate_groups(
            articles,
            estimand=estimand,
            mix=mix,
            min_labelled=min_labelled,
            n_bootstrap=n_bootstrap,
            rng=rng,
        )
        for row in (
            *(_shares(estimate, names, level) for estimate in estimates),
            *(_differences(a, b, names, level) for a, b in _pairs(estimates, reference)),
        ):
            rows += [
                dataclasses.replace(one, variable=variable.name, estimand=estimand) for one in row
            ]
    return tuple(rows)


def _pairs(
    estimates: Sequence[GroupEstimate], reference: str | None
) -> Iterator[tuple[GroupEstimate, GroupEstimate]]:
    if reference is None:
        yield from itertools.combinations(estimates, 2)
        return
    base = next(one for one in estimates if one.group == reference)
    yield from ((one, base) for one in estimates if one is not base)


def _shares(estimate: GroupEstimate, names: Sequence[str], level: float) -> list[Comparison]:
    tail = (1 - level) / 2
    rows = []
    for k, name in enumerate(names):
        value = low = high = None
        if not estimate.reasons[k]:
            value = _clip(estimate.value[k], 0)
            if estimate.method == "ppi++":
                half = _t_quantile(1 - tail, estimate.n_labelled - 1) * estimate.error[k]
                low, high = _clip(value - half, 0), _clip(value + half, 0)
            else:
                low, high = _percentiles(estimate.draws[:, k], tail, value)
        rows.append(
            Comparison(
                group=estimate.group,
                versus="",
                variable="",
                category=name,
                estimand="quote_share",
                method="" if estimate.reasons[k] else estimate.method,
                versus_method="",
                value=value,
                low=low,
                high=high,
                level=level,
                naive=None if np.isnan(estimate.naive[k]) else float(estimate.naive[k]),
                n_articles=estimate.n_articles,
                n_labelled=estimate.n_labelled,
                assumption=_assumption(estimate),
                excluded_reason=estimate.reasons[k],
            )
        )
    return rows


def _differences(
    one: GroupEstimate, other: GroupEstimate, names: Sequence[str], level: float
) -> list[Comparison]:
    tail = (1 - level) / 2
    rows = []
    for k, name in enumerate(names):
        value = low = high = None
        reason = "; ".join(f"{e.group}: {e.reasons[k]}" for e in (one, other) if e.reasons[k])
        if not reason:
            value = _clip(one.value[k], 0) - _clip(other.value[k], 0)
            if one.method == other.method == "ppi++":
                errors = np.array([one.error[k], other.error[k]]) ** 2
                sizes = np.array([one.n_labelled, other.n_labelled])
                # Welch (1947), doi:10.1093/biomet/34.1-2.28
                freedom = errors.sum() ** 2 / (errors**2 / (sizes - 1)).sum()
                half = _t_quantile(1 - tail, freedom) * errors.sum() ** 0.5
                low, high = _clip(value - half, -1), _clip(value + half, -1)
            else:
                low, high = _percentiles(one.draws[:, k] - other.draws[:, k], tail, value)
        naive = float(one.naive[k] - other.naive[k])
        rows.append(
            Comparison(
                group=one.group,
                versus=other.group,
                variable="",
                category=name,
                estimand="quote_share",
                method="" if reason else one.method,
                versus_method="" if reason else other.method,
                value=value,
                low=low,
                high=high,
                level=level,
                naive=None if np.isnan(naive) else naive,
                n_articles=one.n_articles + other.n_articles,
                n_labelled=one.n_labelled + other.n_labelled,
                assumption=" ".join(dict.fromkeys([_assumption(one), _assumption(other)])),
                excluded_reason=reason,
            )
        )
    return rows


def _assumption(estimate: GroupEstimate) -> str:
    return PPI_ASSUMPTION if estimate.method == "ppi++" else CONFUSION_ASSUMPTION


def _clip(value: float, lowest: int) -> float:
    return float(min(max(value, lowest), 1))


def _percentiles(draws: np.ndarray, tail: float, value: float) -> tuple[float, float]:
    low, high = np.quantile(draws[~np.isnan(draws)], [tail, 1 - tail])
    return min(float(low), value), max(float(high), value)


def _t_quantile(probability: float, freedom: float) -> float:
    from scipy import stats

    return float(stats.t.ppf(probability, freedom))


def _check(
    articles: Sequence[ArticleTotals],
    codebook: Codebook,
    reference: str | None,
    level: float,
    min_labelled: int,
    n_bootstrap: int,
) -> None:
    if not articles:
        raise DataError("compare: no article; give the totals of at least one")
    twice = [one for one, n in Counter(a.article_id for a in articles).items() if n > 1]
    if twice:
        raise DataError(f"compare: article {twice[0]!r} stands twice; it belongs to one group")
    variables = sorted({article.variable for article in articles})
    if len(variables) > 1:
        raise DataError(f"compare: totals of {' and '.join(variables)}; compare one variable")
    names = codebook.variable(variables[0]).names
    for article in articles:
        if article.categories != names:
            raise DataError(
                f"compare: article {article.article_id!r} has the categories "
                f"{', '.join(article.categories)}; the codebook has {', '.join(names)}"
            )
    groups = sorted({article.group for article in articles})
    if reference is not None and reference not in groups:
        raise DataError(f"compare: no group {reference!r}; there are: {', '.join(groups)}")
    if not 0 < level < 1:
        raise DataError(f"compare: level is {level}; it takes a number between 0 and 1")
    if min_labelled < 2:
        raise DataError(f"compare: min_labelled is {min_labelled}; a variance needs 2 articles")
    if n_bootstrap < 200:
        raise DataError(f"compare: n_bootstrap is {n_bootstrap}; percentiles need at least 200")
