"""What the overview shows of all articles: counts, what was left out, tilts, role by stance."""

import dataclasses
import statistics
from collections import Counter
from collections.abc import Sequence

from framing.figures import role_counts
from framing.records import ArticleBalance, Exclusion
from framing.report.judgements import Coding
from framing.report.views import ArticleView, without_quoted_words

__all__ = ["LeftOut", "MoveRow", "Overview", "RoleRow", "TiltBin", "view_overview"]

STAGES = {
    "articles": "Articles not read",
    "quotes": "Passages not taken as quotes",
    "predictions": "Units without a prediction",
    "balance": "Indices not measured",
}


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """Exclusions of one stage: how many for each reason, and the items where they are few."""

    stage: str
    n: int
    reasons: tuple[tuple[str, int, tuple[str, ...]], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class TiltBin:
    """Articles whose tilt rounds to `center`, in tenths from -10 to 10."""

    center: int
    articles: tuple[ArticleView, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class RoleRow:
    """Expected quotes of one role by stance; `shades` go from 0 to 9, 9 the largest cell."""

    role: str
    counts: tuple[float, ...]
    shades: tuple[int, ...]
    total: float


@dataclasses.dataclass(frozen=True, slots=True)
class MoveRow:
    """Means over articles of one category's share of quotes, under ways to treat missed quotes.

    `as_found` takes quotes as found, `value` adds missed ones as audited; `missed_none` and
    `missed_all` are the worst case, with none or all of the missed quotes of the category.
    """

    variable: str
    category: str
    as_found: float
    value: float
    missed_none: float
    missed_all: float


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """Everything that is shown of all articles together."""

    n_quotes: int
    n_speakers: int
    n_unknown: int
    n_words: int
    kinds: tuple[tuple[str, int], ...]
    left_out: tuple[LeftOut, ...]
    tilts: tuple[TiltBin, ...]
    n_tilts: int
    n_above: int
    n_below: int
    median_tilt: float | None
    roles: tuple[RoleRow, ...]
    totals: tuple[float, ...]
    moves: tuple[MoveRow, ...]
    n_moves: int
    targets: tuple[str, ...]
    n_title_targets: int
    bases: tuple[tuple[str, str, int], ...]
    level: float | None


def view_overview(
    views: Sequence[ArticleView],
    balances: Sequence[ArticleBalance],
    exclusions: Sequence[Exclusion],
    coding: Coding,
    *,
    include_text: bool,
) -> Overview:
    """Gather what is shown of all articles; `balances` in the order of `views`."""
    quotes = [quote for view in views for quote in view.quotes]
    tilts = [view.tilt for view in views if view.tilt is not None and view.tilt.value is not None]
    roles, totals = _role_rows(balances, coding)
    moves, n_moves = _move_rows(balances, coding)
    bases = Counter((q.stance.basis, "quote") for q in quotes)
    bases.update((v.role.basis, "speaker") for view in views for v in view.voices if v.name)
    levels = [t.level for t in tilts if t.low is not None]
    return Overview(
        n_quotes=len(quotes),
        n_speakers=sum(1 for view in views for voice in view.voices if voice.name),
        n_unknown=sum(1 for quote in quotes if not quote.speaker),
        n_words=sum(len(view.article.text.split()) for view in views),
        kinds=tuple((kind, n) for kind in ("direct", "mixed", "indirect")
                    if (n := sum(1 for quote in quotes if quote.kind == kind))),
        left_out=_left_out(exclusions, views, include_text),
        tilts=_bins(views),
        n_tilts=len(tilts),
        n_above=sum(1 for t in tilts if t.low is not None and t.low > 0),
        n_below=sum(1 for t in tilts if t.high is not None and t.high < 0),
        median_tilt=statistics.median(t.value for t in tilts if t.value is not None)
        if tilts else None,
        roles=roles,
        totals=totals,
        moves=moves,
        n_moves=n_moves,
        targets=tuple(dict.fromkeys(view.target for view in views if view.target)),
        n_title_targets=sum(1 for view in views if view.target_is_title),
        bases=tuple((basis, unit, n) for (basis, unit), n in sorted(bases.items())),
        level=levels[0] if levels else None,
    )  # fmt: skip


def _left_out(
    exclusions: Sequence[Exclusion], views: Sequence[ArticleView], include_text: bool
) -> tuple[LeftOut, ...]:
    every = list(dict.fromkeys((*exclusions, *(e for view in views for e in view.exclusions))))
    if not include_text:
        every = list(exclusions) + [
            e for view in views for e in view.exclusions if e.stage == "quotes"
        ]
        every = [e for e in every if e.stage != "quotes" or e.item == ""]
    found = []
    for stage in dict.fromkeys([*STAGES, *(e.stage for e in every)]):
        of_stage = [e for e in every if e.stage == stage]
        if not of_stage:
            continue
        reasons = Counter(_reason(e, include_text) for e in of_stage)
        found.append(
            LeftOut(
                STAGES.get(stage, stage),
                len(of_stage),
                tuple(
                    (reason, n, tuple(e.item for e in of_stage
                                      if e.item and _reason(e, include_text) == reason))
                    for reason, n in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
                ),
            )
        )  # fmt: skip
    return tuple(found)


def _reason(exclusion: Exclusion, include_text: bool) -> str:
    return exclusion.reason if include_text else without_quoted_words(exclusion.reason)


def _bins(views: Sequence[ArticleView]) -> tuple[TiltBin, ...]:
    bins: dict[int, list[ArticleView]] = {center: [] for center in range(-10, 11)}
    for view in views:
        if view.tilt is not None and view.tilt.value is not None:
            bins[round(view.tilt.value * 10)].append(view)
    return tuple(TiltBin(center, tuple(found)) for center, found in bins.items())


def _role_rows(
    balances: Sequence[ArticleBalance], coding: Coding
) -> tuple[tuple[RoleRow, ...], tuple[float, ...]]:
    """Rows in the codebook's order, roles that never speak left out, and the columns' sums."""
    counts = role_counts(balances)
    stances = coding.stance.names
    names = coding.role.names if coding.role else ()
    rows = {role: tuple(counts.get((role, s), 0.0) for s in stances) for role in names}
    rows = {role: row for role, row in rows.items() if sum(row) > 0}
    largest = max((count for row in rows.values() for count in row), default=0.0)
    return (
        tuple(
            RoleRow(role, row, tuple(round(9 * count / largest) for count in row), sum(row))
            for role, row in rows.items()
        ),
        tuple(sum(row[place] for row in rows.values()) for place in range(len(stances))),
    )


def _move_rows(
    balances: Sequence[ArticleBalance], coding: Coding
) -> tuple[tuple[MoveRow, ...], int]:
    """Stances and the roles that speak, and how many articles they are means over."""
    shares = {f"share_{name}": (coding.stance.name, name) for name in coding.stance.names}
    if coding.role is not None:
        of_role = coding.role.name
        shares |= {f"{of_role}_share_{name}": (of_role, name) for name in coding.role.names}
    found: dict[str, list[tuple[float, float, float, float]]] = {index: [] for index in shares}
    for balance in balances:
        for v in balance.values:
            known = (v.as_found, v.value, v.missed_none, v.missed_all)
            numbers = [number for number in known if number is not None]
            if v.index in shares and v.weight == "quote" and len(numbers) == len(known):
                found[v.index].append((numbers[0], numbers[1], numbers[2], numbers[3]))
    rows = [
        MoveRow(
            *shares[index], *(statistics.fmean(column) for column in zip(*of_articles, strict=True))
        )
        for index, of_articles in found.items()
        if of_articles
    ]
    n_articles = max((len(of_articles) for of_articles in found.values()), default=0)
    return (
        tuple(row for row in rows if row.variable == coding.stance.name or row.value > 0),
        n_articles,
    )
