"""Corrected shares of each group with what their intervals and differences are made of."""

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framing.balance.confusion import confusion_rates, corrected_shares
from framing.balance.prediction_powered import prediction_powered_ratio
from framing.balance.totals import ArticleTotals

__all__ = [
    "CONFUSION_ASSUMPTION",
    "PPI_ASSUMPTION",
    "Estimand",
    "GroupEstimate",
    "Method",
    "estimate_groups",
]

Estimand = Literal["quote_share", "mean_article_share"]
Method = Literal["ppi++", "confusion_matrix"]
Floats = NDArray[np.float64]

MIN_PRESENT = 5
MIN_GOLD = 10
MAX_UNDEFINED = 0.05

PPI_ASSUMPTION = (
    "The coded articles of a group are a random sample of its articles, drawn with the "
    "probabilities given."
)
CONFUSION_ASSUMPTION = (
    "Quotes of a category are missed, made up and confused with others as often in this group as "
    "in the coded articles of all groups; for the mean of article shares also: articles have as "
    "many quotes here as there."
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GroupEstimate:
    """Shares of one group; C categories and aggregates, R bootstrap samples.

    Attributes:
        group: The group.
        method: How it was estimated.
        value: (C,), NaN where undefined.
        error: Standard errors (C,), of PPI++ only.
        draws: Bootstrap replicates (R, C); no rows where no group needs them.
        naive: Classify and count (C,).
        reasons: Why a category has no value, or "" (C).
        n_articles: Articles.
        n_labelled: Coded ones.
    """

    group: str
    method: Method
    value: Floats
    error: Floats
    draws: Floats
    naive: Floats
    reasons: tuple[str, ...]
    n_articles: int
    n_labelled: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Amounts of a group's N articles, weighed as the estimand asks; K categories."""

    name: str
    labelled: NDArray[np.bool_]  # (N,)
    probability: Floats  # (N,)
    gold: Floats  # (N, K), 0 where not coded
    whole: Floats  # (N,)
    expected: Floats  # (N, K)
    predicted_whole: Floats  # (N,)
    counted: Floats  # (N, K)
    matches: Floats  # of the coded ones (n, K + 1, K + 1), weighed as `counted`
    gold_quotes: Floats  # quotes by category over the coded ones (K,)


def estimate_groups(
    articles: Sequence[ArticleTotals],
    *,
    estimand: Estimand,
    mix: Floats,
    min_labelled: int,
    n_bootstrap: int,
    rng: np.random.Generator,
) -> list[GroupEstimate]:
    """Estimate each group; `articles` are sorted by group.

    Args:
        articles: Totals of all.
        estimand: What to estimate.
        mix: From categories to categories and aggregates, (K, C).
        min_labelled: Coded articles that PPI++ asks for, in the group; and the confusion matrix, in
            all groups.
        n_bootstrap: Bootstrap samples.
        rng: Source of chance.
    """
    groups = [
        _amounts(name, list(members), estimand)
        for name, members in itertools.groupby(articles, key=lambda article: article.group)
    ]
    powered = [int(group.labelled.sum()) >= min_labelled for group in groups]
    n_coded = sum(int(group.labelled.sum()) for group in groups)
    counts = sum((group.gold_quotes for group in groups), np.zeros(len(mix)))
    obstacle = ""
    if n_coded < min_labelled:
        obstacle = (
            f"{n_coded} coded articles in all groups; a correction needs at least {min_labelled}"
        )
    elif counts.min() < MIN_GOLD:
        rare = articles[0].categories[int(counts.argmin())]
        obstacle = (
            f"{int(counts.min())} coded {rare} quotes; a confusion matrix needs at least "
            f"{MIN_GOLD} of each category"
        )
    weights: list[Floats] = []
    rates = np.empty((0, len(mix), len(mix)))
    if not all(powered) and not obstacle:
        weights = [_resample(int(group.labelled.sum()), n_bootstrap, rng) for group in groups]
        rates = _rates(groups, weights)
    estimates = []
    for n, group in enumerate(groups):
        repeated = weights[n] if weights else None
        if powered[n]:
            estimates.append(_prediction_powered(group, mix, repeated, rng))
        else:
            estimates.append(_confusion(group, mix, groups, rates, repeated, obstacle, rng))
    return estimates


def _amounts(name: str, members: Sequence[ArticleTotals], estimand: Estimand) -> _Group:
    k = len(members[0].categories)
    labelled = np.array([one.gold is not None for one in members])
    gold = np.array([one.gold or (0,) * k for one in members], dtype=float)
    expected = np.array([one.expected for one in members], dtype=float)
    counted = np.array([one.counted for one in members], dtype=float)
    tables = [one.matches for one in members if one.matches is not None]
    matches = np.array(tables, dtype=float).reshape(-1, k + 1, k + 1)
    gold_quotes = gold.sum(axis=0)
    if estimand == "mean_article_share":
        found = _inverse(counted.sum(axis=1))
        matches = matches * found[labelled][:, None, None]
        gold = gold * _inverse(gold.sum(axis=1))[:, None]
        expected = expected * _inverse(expected.sum(axis=1))[:, None]
        counted = counted * found[:, None]
    return _Group(
        name=name,
        labelled=labelled,
        probability=np.array([one.probability for one in members]),
        gold=gold,
        whole=gold.sum(axis=1),
        expected=expected,
        predicted_whole=expected.sum(axis=1),
        counted=counted,
        matches=matches,
        gold_quotes=gold_quotes,
    )


def _inverse(sizes: Floats) -> Floats:
    inverse: Floats = np.where(sizes > 0, 1 / np.where(sizes > 0, sizes, 1.0), 0.0)
    return inverse


def _prediction_powered(
    group: _Group, mix: Floats, repeated: Floats | None, rng: np.random.Generator
) -> GroupEstimate:
    labelled, n_all = group.labelled, len(group.labelled)
    estimate = prediction_powered_ratio(
        part=group.gold,
        whole=group.whole,
        predicted_part=group.expected,
        predicted_whole=group.predicted_whole,
        labelled=labelled,
        probability=group.probability,
    )
    reasons = _rare(group.gold[labelled] @ mix, group.whole[labelled], "coded articles")
    value = error = np.full(mix.shape[1], np.nan)
    draws = np.empty((0, mix.shape[1]))
    if estimate is None:
        reasons = ("the coded articles have no quotes, or one of them has all",) * mix.shape[1]
    else:
        value = estimate.value @ mix
        error = np.sqrt(np.einsum("kc,kl,lc->c", mix, estimate.covariance, mix))
        if repeated is not None:
            weights = repeated / group.probability[labelled]
            weights = weights / weights.sum(axis=1, keepdims=True)
            both = np.column_stack([group.expected, group.predicted_whole])
            others = _resampled_sums(both[~labelled], len(repeated), rng)
            of_all = (repeated @ both[labelled] + others) / n_all
            coded = np.column_stack([group.gold, group.whole])[labelled]
            total = weights @ coded + estimate.tuned * (of_all - weights @ both[labelled])
            draws = np.clip((total[:, :-1] / total[:, -1:]) @ mix, 0, 1)
    return GroupEstimate(
        group=group.name,
        method="ppi++",
        value=value,
        error=error,
        draws=draws,
        naive=_naive(group, mix),
        reasons=reasons,
        n_articles=n_all,
        n_labelled=int(labelled.sum()),
    )


def _confusion(
    group: _Group,
    mix: Floats,
    groups: Sequence[_Group],
    rates: Floats,
    repeated: Floats | None,
    obstacle: str,
    rng: np.random.Generator,
) -> GroupEstimate:
    value = np.full(mix.shape[1], np.nan)
    draws = np.empty((0, mix.shape[1]))
    reasons = (obstacle,) * mix.shape[1]
    if repeated is not None:
        labelled, counted = group.labelled, group.counted
        once = [np.ones((1, int(one.labelled.sum()))) for one in groups]
        value = corrected_shares(_rates(groups, once)[0], counted.sum(axis=0)) @ mix
        others = _resampled_sums(counted[~labelled], len(repeated), rng)
        draws = corrected_shares(rates, repeated @ counted[labelled] + others) @ mix
        undefined = float(np.isnan(draws[:, 0]).mean())
        reasons = _rare(counted @ mix, counted.sum(axis=1), "articles, by predicted categories,")
        if np.isnan(value[0]) or undefined > MAX_UNDEFINED:
            reasons = (
                f"the confusion matrix cannot be inverted (in {undefined:.0%} of the bootstrap "
                "samples): predictions say too little of the true categories",
            ) * mix.shape[1]
    return GroupEstimate(
        group=group.name,
        method="confusion_matrix",
        value=value,
        error=np.full(mix.shape[1], np.nan),
        draws=draws,
        naive=_naive(group, mix),
        reasons=reasons,
        n_articles=len(group.labelled),
        n_labelled=int(group.labelled.sum()),
    )


def _rates(groups: Sequence[_Group], weights: Sequence[Floats]) -> Floats:
    """Confusion rates of all coded articles for each row of weights: (R, K, K)."""
    return confusion_rates(
        np.concatenate([group.matches for group in groups]),
        np.concatenate([group.gold[group.labelled] for group in groups]),
        np.concatenate(
            [w / g.probability[g.labelled] for g, w in zip(groups, weights, strict=True)], axis=1
        ),
    )


def _rare(parts: Floats, wholes: Floats, what: str) -> tuple[str, ...]:
    """Why an interval of each column would be a guess, or ""."""
    reasons = []
    for part in parts.T:
        present = int((part > 0).sum())
        absent = int((part < wholes - 1e-9).sum())
        few = "in" if present < MIN_PRESENT else "absent from some quote of"
        reasons.append(
            f"{few} {min(present, absent)} {what} only; an interval needs {MIN_PRESENT}"
            if min(present, absent) < MIN_PRESENT
            else ""
        )
    return tuple(reasons)


def _naive(group: _Group, mix: Floats) -> Floats:
    total = group.counted.sum()
    return group.counted.sum(axis=0) / total @ mix if total else np.full(mix.shape[1], np.nan)


def _resample(n: int, n_bootstrap: int, rng: np.random.Generator) -> Floats:
    """How often each of n articles is drawn in each bootstrap sample of n: (R, n)."""
    if n == 0:
        return np.empty((n_bootstrap, 0))
    return rng.multinomial(n, np.full(n, 1 / n), size=n_bootstrap).astype(float)


def _resampled_sums(rows: Floats, n_bootstrap: int, rng: np.random.Generator) -> Floats:
    """Sums over the articles of each bootstrap sample, one at a time to save memory: (R, K)."""
    n, k = rows.shape
    if n == 0:
        return np.zeros((n_bootstrap, k))
    even = np.full(n, 1 / n)
    return np.array([rng.multinomial(n, even) @ rows for _ in range(n_bootstrap)])
