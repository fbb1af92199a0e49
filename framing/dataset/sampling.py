"""Which articles are coded: a stratified systematic sample in replicates, probabilities known."""

import collections
import dataclasses
import datetime
import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from framing.errors import DataError

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "REMAINDER",
    "UNDATED",
    "Candidate",
    "FrameArticle",
    "SamplingUnit",
    "draw_articles",
    "draw_replicates",
    "estimate_total",
    "inclusion_probability",
    "merge_small_periods",
    "name_period",
]

UNDATED = "undated"
REMAINDER = 0  # in place of a replicate's number: what the replicates leave of the frame


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that may be drawn, and what it is stratified by.

    Attributes:
        id: Unique in its source dataset.
        sha256: Of its canonical text.
        cluster: Its near-duplicates and itself (`cluster_near_duplicates`), drawn as one.
        lean: Of its outlet.
        period: From `name_period`.
        strike: Whether its lead is on a strike; such articles are drawn more often.
        outlet: Who published it.
    """

    id: str
    sha256: str
    cluster: str
    lean: str
    period: str
    strike: bool
    outlet: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FrameArticle:
    """An article of the sampling frame, drawn or not.

    Attributes:
        source_dataset: Where its text is from.
        id: Unique there.
        sha256: Of its canonical text.
        cluster: The drawing unit it belongs to.
        stratum: That of the cluster.
        replicate: From 1, in the order of coding; `REMAINDER` when the article is of those that
            no replicate holds, and these were drawn as well; None when it was not drawn.
        probability_in_cluster: With which it is the one coded, given that its cluster is drawn.
        probability_per_replicate: With which it is drawn in any one replicate. After m
            replicates are coded, its inclusion probability is m times this.
    """

    source_dataset: str
    id: str
    sha256: str
    cluster: str
    stratum: str
    replicate: int | None
    probability_in_cluster: float
    probability_per_replicate: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SamplingUnit:
    """A unit of the frame.

    Attributes:
        id: Unique in the frame.
        stratum: Units of one stratum lie together on the line that is drawn from.
        outlet: By which they are sorted within it.
        probability: Of being drawn in any one replicate, in (0, 1].
    """

    id: str
    stratum: str
    outlet: str
    probability: float


def draw_articles(
    candidates: Sequence[Candidate],
    *,
    source_dataset: str,
    size: int,
    n_replicates: int,
    oversampling: float,
    min_units: int,
    remainder: bool = False,
    rng: "np.random.Generator",
) -> tuple[FrameArticle, ...]:
    """Draw articles to be coded: replicates of clusters, and one article of each.

    Strata are lean × period × strike. A cluster has the lean, the period and the outlet of its
    member with the least id, and is one on a strike when any member is. Periods with few
    clusters are merged (`merge_small_periods`). The probability of a cluster is the same within
    "strike" and within "other", `oversampling` times as high in the former, and such that a
    replicate holds `size` clusters. Of a drawn cluster one member is drawn with equal chances.

    Args:
        candidates: The frame, with different ids.
        source_dataset: Where their texts are from.
        size: Clusters in a replicate; each holds this many to within one.
        n_replicates: How many replicates are drawn.
        oversampling: How many times as often a cluster on a strike is drawn, above 0.
        min_units: Clusters that a stratum holds at least, where its lean has as many.
        remainder: Whether the clusters that no replicate holds are drawn as well, as `REMAINDER`;
            with it the whole frame is coded.
        rng: Source of chance.

    Returns:
        All articles of the frame, ordered by id.

    Raises:
        DataError: There is no candidate, two have one id, or the frame is too small for
            `n_replicates` of that size at that oversampling.
    """
    members: dict[str, list[Candidate]] = collections.defaultdict(list)
    for candidate in sorted(candidates, key=lambda c: c.id):
        members[candidate.cluster].append(candidate)
    _check_unique([c.id for c in candidates], "articles")
    if not candidates or size < 1 or not oversampling > 0:
        raise DataError(
            f"sampling: {len(candidates)} candidates, size {size}, oversampling {oversampling}; "
            "each must be above 0"
        )
    strikes = {cluster: any(c.strike for c in group) for cluster, group in members.items()}
    n_strikes = sum(strikes.values())
    # size = n_other × base + n_strike × oversampling × base
    base = size / (len(members) - n_strikes + oversampling * n_strikes)
    strata = _name_strata({k: group[0] for k, group in members.items()}, strikes, min_units)
    units = [
        SamplingUnit(
            id=cluster,
            stratum=strata[cluster],
            outlet=group[0].outlet,
            probability=base * oversampling if strikes[cluster] else base,
        )
        for cluster, group in members.items()
    ]
    replicates = draw_replicates(units, n_replicates=n_replicates, rng=rng)
    chosen = {u.id: int(rng.integers(len(members[u.id]))) for u in units if u.id in replicates}
    if remainder:
        left = [unit.id for unit in units if unit.id not in replicates]
        chosen |= {cluster: int(rng.integers(len(members[cluster]))) for cluster in left}
        replicates |= dict.fromkeys(left, REMAINDER)
    frame = []
    for unit in units:
        group = members[unit.id]
        coded = chosen.get(unit.id)
        for i, candidate in enumerate(group):
            frame.append(
                FrameArticle(
                    source_dataset=source_dataset,
                    id=candidate.id,
                    sha256=candidate.sha256,
                    cluster=unit.id,
                    stratum=unit.stratum,
                    replicate=replicates[unit.id] if i == coded else None,
                    probability_in_cluster=1 / len(group),
                    probability_per_replicate=unit.probability / len(group),
                )
            )
    return tuple(sorted(frame, key=lambda article: article.id))


def inclusion_probability(article: FrameArticle, replicates: Collection[int]) -> float:
    """With which an article is in a sample of whole replicates.

    Args:
        article: Of the frame.
        replicates: Those that are coded; `REMAINDER` among them only beside all others, which
            the caller sees to: then every cluster is coded, and only the member is by chance.
    """
    if REMAINDER in replicates:
        return article.probability_in_cluster
    return len(replicates) * article.probability_per_replicate


def draw_replicates(
    units: Sequence[SamplingUnit], *, n_replicates: int, rng: "np.random.Generator"
) -> dict[str, int]:
    """Draw disjoint systematic samples, each of which represents the whole frame.

    The units lie on a line, each as long as its probability: by stratum, within it by outlet,
    within that in random order. A replicate takes the units under the points start, start + 1,
    start + 2, ...; the starts of the R replicates are (u + r/R) mod 1 with one uniform u and
    the r = 0 … R-1 in random order. So in each replicate a unit is drawn with exactly its
    probability, and replicates and strata hold their expected number to within one. As the
    points of all replicates together are 1/R apart, no unit is drawn twice when no probability
    is above 1/R, and the inclusion probability over m replicates is m times that of one.

    As in every systematic sample, many pairs of units cannot be drawn together, so the variance
    of a total has no unbiased estimator: estimate it as if units were drawn independently
    within strata. Neither do differences between replicates give it: they share one u.

    Args:
        units: The frame, with different ids.
        n_replicates: R, at least 1.
        rng: Source of chance.

    Returns:
        The replicate, 1 … R, of each drawn unit.

    Raises:
        DataError: Two units have one id, there is none, R is below 1, or a probability is not
            in (0, 1/R].
    """
    if not units or n_replicates < 1:
        raise DataError(
            f"sampling: {len(units)} units and {n_replicates} replicates; give at least one each"
        )
    _check_unique([unit.id for unit in units], "units")
    for unit in units:
        if not 0 < unit.probability <= 1 / n_replicates:
            raise DataError(
                f"sampling: unit {unit.id!r} has probability {unit.probability:.4g} in each of "
                f"{n_replicates} replicates; it must be above 0 and at most "
                f"1/{n_replicates}: draw fewer or smaller replicates or oversample less"
            )
    shuffled = [units[i] for i in rng.permutation(len(units))]
    line = sorted(shuffled, key=lambda unit: (unit.stratum, unit.outlet))  # a stable sort
    u = float(rng.random())
    order = [int(r) + 1 for r in rng.permutation(n_replicates)]
    drawn = {}
    # In units of 1/R: the points of all replicates are the whole numbers, turn by turn.
    edges = [u, *(u + n_replicates * x for x in itertools.accumulate(p.probability for p in line))]
    for unit, (low, high) in zip(line, itertools.pairwise(edges), strict=True):
        point = math.ceil(low)
        if point < high:
            drawn[unit.id] = order[point % n_replicates]
    return drawn


def estimate_total(values: Mapping[str, float], probabilities: Mapping[str, float]) -> float:
    """Estimate the total of the frame from a sample: Σ y_i / π_i.

    Unbiased when every unit has a positive probability (Horvitz and Thompson 1952,
    doi:10.1080/01621459.1952.10483446). An empty sample estimates 0.

    Args:
        values: y of each sampled unit.
        probabilities: π of at least these units: their inclusion probabilities over the
            replicates that were coded.

    Raises:
        DataError: A sampled unit has no probability in (0, 1].
    """
    for unit in values:
        if not 0 < probabilities.get(unit, 0) <= 1:
            raise DataError(
                f"total: unit {unit!r} has inclusion probability {probabilities.get(unit)}; "
                "every sampled unit needs one in (0, 1]"
            )
    return math.fsum(value / probabilities[unit] for unit, value in values.items())


def name_period(date: datetime.date | None, starts: Sequence[int]) -> str:
    """The period of a date: years from one start to the next, as "2013-2014" or "2015".

    Args:
        date: Day of publication; without one, the period is "undated".
        starts: First years of the periods, ascending, and one year after the last.

    Raises:
        DataError: The starts do not ascend, or the date lies outside.
    """
    if list(starts) != sorted(set(starts)) or len(starts) < 2:
        raise DataError(f"periods start in {list(starts)}; give two or more ascending years")
    if date is None:
        return UNDATED
    for first, stop in itertools.pairwise(starts):
        if first <= date.year < stop:
            return f"{first}-{stop - 1}" if stop - first > 1 else f"{first}"
    raise DataError(
        f"date {date.isoformat()} lies in no period; they reach from {starts[0]} "
        f"to {starts[-1] - 1}"
    )


def merge_small_periods(counts: Mapping[str, int], min_units: int) -> dict[str, str]:
    """Merge neighbouring periods until each holds enough units.

    In order (names sort by time, "undated" comes last), a period is joined to those before it
    that are still too small together; what is too small at the end joins the group before it.
    When all together are too small, they are one group all the same.

    Args:
        counts: Units by period.
        min_units: Units that a group should hold.

    Returns:
        The name of its group for each period: the names of its periods joined by "+".
    """
    groups: list[list[str]] = []
    waiting: list[str] = []
    for period in sorted(counts):  # digits sort before letters
        waiting.append(period)
        if sum(counts[p] for p in waiting) >= min_units:
            groups.append(waiting)
            waiting = []
    if waiting and groups:
        groups[-1] += waiting
    elif waiting:
        groups.append(waiting)
    return {period: "+".join(group) for group in groups for period in group}


def _name_strata(
    first: Mapping[str, Candidate], strikes: Mapping[str, bool], min_units: int
) -> dict[str, str]:
    """The stratum of each cluster, as "left/2013+2014/strike"."""
    kinds = {k: (c.lean, "strike" if strikes[k] else "other") for k, c in first.items()}
    counts: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(
        collections.Counter
    )
    for cluster, candidate in first.items():
        counts[kinds[cluster]][candidate.period] += 1
    merged = {kind: merge_small_periods(periods, min_units) for kind, periods in counts.items()}
    return {
        cluster: "/".join((kind[0], merged[kind][first[cluster].period], kind[1]))
        for cluster, kind in kinds.items()
    }


def _check_unique(ids: Iterable[str], what: str) -> None:
    for unit_id, n in collections.Counter(ids).items():
        if n > 1:
            raise DataError(f"sampling: {n} {what} have the id {unit_id!r}; ids must differ")
