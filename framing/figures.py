"""Figures for a paper: records to matplotlib axes, one column wide, the same bytes every time.

Every category looks the same everywhere, in colour and without it: a colour that colour-blind
readers can tell apart (Okabe & Ito 2008, https://jfly.uni-koeln.de/color/), a line style and a
letter. `plot_` functions draw on the axes they are given and change no global state; `new_figure`
and `save_figure` make and write a figure without pyplot.
"""

import dataclasses
import itertools
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from framing.errors import DataError
from framing.records import ArticleBalance, BalanceValue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from framing.codebook import Variable

__all__ = [
    "GREY",
    "MAX_LABELLED",
    "Mark",
    "Passage",
    "marks_of",
    "new_figure",
    "plot_roles",
    "plot_shares",
    "plot_tilt",
    "plot_voices",
    "role_counts",
    "save_figure",
]

POSITIVE, NEGATIVE, GREY = "#0072B2", "#D55E00", "#767676"
# The rest of the palette; yellow comes late, for it is hard to see on paper.
_FURTHER = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
_LINES = ("dashed", "wavy", "solid", "double")
_HATCHES = {"solid": "", "double": "////", "dashed": "--", "dotted": "..", "wavy": "xx"}
MAX_LABELLED = 40  # articles that one figure can name; above, rows are thin and without names
_SIZE = 7.0  # points: readable in a column of 3.4 in
_INK, _FAINT = "#222222", "#9a9a9a"


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """How a category looks: by colour and line style and letter.

    Attributes:
        category: Its name in the codebook.
        color: As #RRGGBB.
        line: A CSS text-decoration style: solid, double, dashed, dotted or wavy.
        letter: One capital, or two where the alphabet is used up; differs within a variable.
    """

    category: str
    color: str
    line: str
    letter: str


class Passage(NamedTuple):
    """Where somebody speaks: start and end as shares of the text in [0, 1], and the category."""

    start: float
    end: float
    category: str


def marks_of(variable: "Variable") -> dict[str, Mark]:
    """A mark for every category of `variable`, in the codebook's order.

    The positive category is blue and solid, the negative one vermilion and double, the default
    (else the last neutral one) grey and dotted; the others take the next colours and lines.
    """
    others = [name for name in variable.names if name in variable.neutral]
    quiet = variable.default or (others[-1] if others else "")
    further = itertools.cycle(zip(_FURTHER, itertools.cycle(_LINES), strict=False))
    letters: set[str] = set()
    marks = {}
    for name in variable.names:
        letter = next(mark for mark in _letters(name) if mark not in letters)
        letters.add(letter)
        if name and name == variable.positive:
            color, line = POSITIVE, "solid"
        elif name and name == variable.negative:
            color, line = NEGATIVE, "double"
        elif name == quiet:
            color, line = GREY, "dotted"
        else:
            color, line = next(further)
        marks[name] = Mark(name, color, line, letter)
    return marks


def plot_shares(
    balances: Sequence[ArticleBalance],
    marks: Mapping[str, Mark],
    *,
    ax: "Axes",
    names: Mapping[str, str] | None = None,
    weight: str = "quote",
) -> None:
    """Stacked bars of the stance shares, one row per article.

    A thin line in each segment runs from the low to the high end of that share's interval,
    measured from where the segment starts. An article without shares has its reason for a bar.

    Args:
        balances: Rows from top to bottom.
        marks: Of the stance variable.
        ax: Where to draw.
        names: Row labels by article id; the id where there is none.
        weight: Which shares: by "quote", "word" or "speaker".

    Raises:
        DataError: `balances` is empty.
    """
    _check_rows(balances, "plot_shares")
    labelled = len(balances) <= MAX_LABELLED
    height = 0.72 if labelled else 1.0
    for row, balance in enumerate(balances):
        start = 0.0
        for place, mark in enumerate(marks.values()):
            share = _find(balance, f"share_{mark.category}", weight)
            if share is None or share.value is None:
                if place == 0 and labelled:
                    _say(ax, 0.01, row, share.excluded_reason if share else "not measured")
                continue
            ax.barh(
                row, share.value, left=start, height=height, color=mark.color, alpha=0.8,
                edgecolor="white", linewidth=0.4 if labelled else 0, label=None,
                hatch=_HATCHES[mark.line] if labelled else None,
            )  # fmt: skip
            if labelled and share.low is not None and share.high is not None and share.value:
                y = row + height * ((place + 0.5) / len(marks) - 0.5)
                ax.plot([start + share.low, start + share.high], [y, y], color=_INK, lw=0.7)
            start += share.value
    _article_axis(ax, balances, names)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel(f"Share of {'words' if weight == 'word' else weight + 's'}")
    _mark_legend(ax, marks)


def plot_tilt(
    balances: Sequence[ArticleBalance],
    marks: Mapping[str, Mark],
    *,
    ax: "Axes",
    names: Mapping[str, str] | None = None,
    weight: str = "quote",
) -> None:
    """Tilt of every article with its interval, and the naive value as an open circle.

    Arguments and errors as `plot_shares`.
    """
    _check_rows(balances, "plot_tilt")
    labelled = len(balances) <= MAX_LABELLED
    ax.axvline(0, color=_FAINT, lw=0.6, zorder=0)
    level = 0.0
    for row, balance in enumerate(balances):
        tilt = _find(balance, "tilt", weight) or _find(balance, "tilt", "")
        if tilt is None or tilt.value is None:
            if labelled:
                _say(ax, -0.98, row, tilt.excluded_reason if tilt else "not measured")
            continue
        color = POSITIVE if tilt.value > 0 else NEGATIVE if tilt.value < 0 else GREY
        if tilt.low is not None and tilt.high is not None:
            level = tilt.level
            ax.plot([tilt.low, tilt.high], [row, row], color=color, lw=1 if labelled else 0.3)
        ax.plot(tilt.value, row, "o", color=color, ms=3.2 if labelled else 0.8)
        if labelled and tilt.naive is not None:
            ax.plot(tilt.naive, row, "o", mfc="none", mec=_INK, mew=0.5, ms=4.6)
    _article_axis(ax, balances, names)
    ax.set_xlim(-1.04, 1.04)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "0.5", "1"])
    sides = [mark for mark in marks.values() if mark.color in (NEGATIVE, POSITIVE)]
    sides.sort(key=lambda mark: mark.color == POSITIVE)
    interval = f", {level:.0%} interval".replace("%", " %") if level else ""
    circle = "; open: naive" if labelled else ""
    ends = f"← {sides[0].category}    {sides[1].category} →\n" if len(sides) == 2 else ""
    ax.set_xlabel(f"{ends}Tilt{interval}{circle}")


def plot_roles(
    counts: Mapping[tuple[str, str], float],
    roles: Sequence[str],
    stances: Sequence[str],
    *,
    ax: "Axes",
) -> None:
    """Heat map of the expected number of quotes by role (rows) and stance (columns).

    Args:
        counts: By (role, stance), as from `role_counts`; a missing pair is 0 quotes.
        roles: Rows from top to bottom.
        stances: Columns from left to right.
        ax: Where to draw.

    Raises:
        DataError: There is no row or no column.
    """
    if not roles or not stances:
        raise DataError("plot_roles: no roles or no stances to draw; give at least one of each")
    import numpy as np
    import seaborn as sns

    table = np.array([[counts.get((role, stance), 0.0) for stance in stances] for role in roles])
    sns.heatmap(
        table, ax=ax, cbar=False, annot=True, fmt=".1f", linewidths=0.6, linecolor="white",
        cmap=sns.light_palette("#44546a", as_cmap=True), vmin=0, vmax=max(table.max(), 1) * 1.25,
        annot_kws={"size": _SIZE - 0.5},
        xticklabels=[_plain(stance) for stance in stances],
        yticklabels=[_plain(role) for role in roles],
    )  # fmt: skip
    ax.tick_params(axis="x", labelrotation=0, length=0)
    ax.tick_params(axis="y", labelrotation=0, length=0)
    ax.set_xlabel("Expected number of quotes")


def plot_voices(
    rows: Sequence[Sequence[Passage]],
    marks: Mapping[str, Mark],
    names: Sequence[str],
    *,
    ax: "Axes",
) -> None:
    """Where in each article somebody is quoted, by stance: one strip per article.

    Args:
        rows: Passages of each article; an article without a quote has an empty strip.
        marks: Of the stance variable.
        names: Labels of the rows, as many as `rows`.
        ax: Where to draw.

    Raises:
        DataError: There is no row, or the numbers of rows and names differ.
    """
    _check_rows(rows, "plot_voices")
    if len(rows) != len(names):
        raise DataError(f"plot_voices: {len(rows)} rows but {len(names)} names; give one for each")
    labelled = len(rows) <= MAX_LABELLED
    height = 0.6 if labelled else 1.0
    for mark in marks.values():
        for row, passages in enumerate(rows):
            spans = [(p.start, p.end - p.start) for p in passages if p.category == mark.category]
            if spans:
                ax.broken_barh(
                    spans, (row - height / 2, height), facecolor=mark.color, alpha=0.8,
                    hatch=_HATCHES[mark.line] if labelled else None, edgecolor="white",
                    linewidth=0.2 if labelled else 0, rasterized=not labelled,
                )  # fmt: skip
        ax.plot([], [])
    if labelled:
        ax.hlines(range(len(rows)), 0, 1, color=_FAINT, lw=0.4, zorder=0)
        ax.set_yticks(range(len(rows)), [_cut(name) for name in names])
    else:
        ax.set_yticks([])
        ax.set_ylabel(f"{len(rows):,} articles")
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1], ["start", "middle", "end"])
    ax.set_xlabel("Position in the article")
    _mark_legend(ax, marks)


def role_counts(balances: Sequence[ArticleBalance]) -> dict[tuple[str, str], float]:
    """Expected quotes by (role, stance), summed over articles; roles in order of appearance."""
    counts: dict[tuple[str, str], float] = {}
    for balance in balances:
        for role, stance, count in balance.role_stance:
            counts[role, stance] = counts.get((role, stance), 0.0) + count
    return counts


def new_figure(n_rows: int, *, width: float = 3.4) -> "tuple[Figure, Axes]":
    """A figure of `width` inches, as tall as its rows need (at most 9 inches), and its axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = 0.85 + 0.19 * n_rows if n_rows <= MAX_LABELLED else 6.0
    figure = Figure(figsize=(width, min(height, 9.0)), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set(linewidth=0.5, color=_FAINT)
    ax.tick_params(labelsize=_SIZE, width=0.5, length=2.5, color=_FAINT, labelcolor=_INK)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.label.set(size=_SIZE, color=_INK)
    ax.yaxis.label.set(size=_SIZE, color=_INK)
    return figure, ax


def save_figure(figure: "Figure", stem: Path) -> list[Path]:
    """Write `stem`.pdf (fonts embedded as TrueType) and `stem`.png (300 dpi); return the paths.

    Nothing in the files tells when or by which version they were made: equal figures are equal
    bytes on one machine. Each file takes its place only when it is whole.
    """
    import matplotlib as mpl

    stem.parent.mkdir(parents=True, exist_ok=True)
    paths = []
    nothing = {"pdf": {"CreationDate": None, "Creator": None, "Producer": None}}
    with mpl.rc_context({"pdf.fonttype": 42, "svg.hashsalt": "framing", "hatch.linewidth": 0.4}):
        for suffix in ("pdf", "png"):
            path = stem.with_name(f"{stem.name}.{suffix}")
            beside = path.with_name(f".{path.name}.tmp")
            metadata = nothing.get(suffix, {"Software": None})
            figure.savefig(beside, format=suffix, dpi=300, metadata=metadata)
            beside.replace(path)
            paths.append(path)
    return paths


def _letters(name: str) -> "itertools.chain[str]":
    """Candidates for a category's letter: its own letters, the alphabet, then letter and digit."""
    own = [letter for letter in name.upper() if letter.isalpha()]
    pairs = (f"{letter}{n}" for n in itertools.count(1) for letter in string.ascii_uppercase)
    return itertools.chain(own, string.ascii_uppercase, pairs)


def _find(balance: ArticleBalance, index: str, weight: str) -> BalanceValue | None:
    found = (v for v in balance.values if v.index == index and v.weight == weight)
    return next(found, None)


def _article_axis(
    ax: "Axes", balances: Sequence[ArticleBalance], names: Mapping[str, str] | None
) -> None:
    if len(balances) <= MAX_LABELLED:
        labels = [(names or {}).get(b.article_id, b.article_id) for b in balances]
        ax.set_yticks(range(len(balances)), [_cut(label) for label in labels])
    else:
        ax.set_yticks([])
        ax.set_ylabel(f"{len(balances):,} articles")
    ax.set_ylim(len(balances) - 0.4, -0.6)


def _mark_legend(ax: "Axes", marks: Mapping[str, Mark]) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=m.color, alpha=0.8, hatch=_HATCHES[m.line], edgecolor="white", lw=0)
        for m in marks.values()
    ]
    ax.figure.legend(
        handles, [_plain(name) for name in marks], loc="outside upper center", ncols=4,
        frameon=False, fontsize=_SIZE, handlelength=1.2, columnspacing=1.0, handletextpad=0.4,
    )  # fmt: skip


def _say(ax: "Axes", x: float, row: int, text: str) -> None:
    ax.text(x, row, _cut(text, 46), va="center", size=_SIZE - 1.2, color=_FAINT, style="italic")


def _check_rows(rows: Sequence[object], who: str) -> None:
    if not rows:
        raise DataError(f"{who}: no articles to draw; give at least one")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str, limit: int = 30) -> str:
    """One line of at most `limit` characters that matplotlib reads as plain text."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    line = line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
    return line.replace("$", r"\$")
