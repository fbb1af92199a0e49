"""Records to matplotlib axes: shares, tilt, role by stance, confusion, where voices speak."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from framing.errors import DataError
from framing.figures.blocks import (
    FAINT,
    INK,
    LETTER,
    MAX_LABELLED,
    SIZE,
    SOFT,
    Block,
    Passage,
    draw_blocks,
    draw_legend,
)
from framing.figures.marks import GREY, NEGATIVE, POSITIVE, Mark
from framing.records import ArticleBalance, BalanceValue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "plot_confusion",
    "plot_roles",
    "plot_shares",
    "plot_tilt",
    "plot_voices",
    "role_counts",
]

_LEADING = 0.95  # STIX asks for wide leading


def plot_shares(
    balances: Sequence[ArticleBalance],
    marks: Mapping[str, Mark],
    *,
    ax: "Axes",
    names: Mapping[str, str] | None = None,
    weight: str = "quote",
) -> None:
    """Stacked bars of the expected stance shares, one row per article.

    Intervals are in `balance.csv`: drawn over stacked bars, whose segments start at different
    places, they cannot be compared. An article without shares has its reason for a bar.

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
    blocks: dict[str, list[Block]] = {name: [] for name in marks}
    for row, balance in enumerate(balances):
        start, reason = 0.0, "not measured"
        for name in marks:
            share = _find(balance, f"share_{name}", weight)
            if share is None or share.value is None:
                reason = (share.excluded_reason if share else "") or reason
                continue
            blocks[name].append(Block(row, start, start + share.value))
            start += share.value
        if start == 0 and labelled:
            _say(ax, 0.0, row, reason)
    for name, mark in marks.items():
        draw_blocks(ax, blocks[name], mark, labelled=labelled)
    _article_axis(ax, balances, names)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    ax.set_xlabel(f"Expected share of {'words' if weight == 'word' else weight + 's'}")
    draw_legend(ax, marks, labelled=labelled)


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
    ax.axvline(0, color=FAINT, lw=0.6, zorder=0)
    levels = set()
    for row, balance in enumerate(balances):
        tilt = _find(balance, "tilt", weight)
        if tilt is None or tilt.value is None:
            if labelled:
                _say(ax, -1, row, (tilt.excluded_reason if tilt else "") or "not measured")
            continue
        color = POSITIVE if tilt.value > 0 else NEGATIVE if tilt.value < 0 else GREY
        if tilt.low is not None and tilt.high is not None:
            levels.add(tilt.level)
            ax.plot([tilt.low, tilt.high], [row, row], color=color, lw=1.1 if labelled else 0.3,
                    solid_capstyle="butt")  # fmt: skip
        ax.plot(tilt.value, row, "o", color=color, mew=0, ms=4 if labelled else 1)
        if labelled and tilt.naive is not None:
            ax.plot(tilt.naive, row, "o", mfc="none", mec=INK, mew=0.6, ms=5, clip_on=False)
    _article_axis(ax, balances, names)
    ax.set_xlim(-1.04, 1.04)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "+0.5", "+1"])
    ax.set_xlabel("Tilt", labelpad=9)
    for mark in marks.values():
        if mark.color in (POSITIVE, NEGATIVE):
            side = mark.color == POSITIVE
            ax.annotate(
                f"{_plain(mark.category)} →" if side else f"← {_plain(mark.category)}",
                (int(side), 0), (0, -17), xycoords="axes fraction", textcoords="offset points",
                ha="right" if side else "left", va="top", size=SIZE, color=INK,
            )  # fmt: skip
    _tilt_legend(ax, levels, naive=labelled)


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
    table = [[counts.get((role, stance), 0.0) for stance in stances] for role in roles]
    _draw_table(ax, table, roles, stances, form=".1f")
    ax.set_xlabel("Expected number of quotes", labelpad=5)


def plot_confusion(
    counts: Sequence[Sequence[int]],
    categories: Sequence[str],
    *,
    ax: "Axes",
    names: tuple[str, str],
) -> None:
    """Heat map of units by what one coder gave (rows) and another one (columns).

    The shade is the share of the row, so that rare categories show as well as frequent ones; the
    number is the count. Agreement lies on the diagonal, which is framed.

    Args:
        counts: As many rows and columns as categories.
        categories: From top to bottom and from left to right.
        ax: Where to draw.
        names: Of the two coders, rows first.

    Raises:
        DataError: `counts` is not square in the categories, or holds no unit.
    """
    n = len(categories)
    if [len(row) for row in counts] != [n] * n or not any(map(sum, counts)):
        raise DataError(
            f"plot_confusion: counts of {n} categories take {n} rows of {n} numbers, and one unit "
            "or more"
        )
    from matplotlib.patches import Rectangle

    shares = [[count / (sum(row) or 1) for count in row] for row in counts]
    _draw_table(ax, counts, categories, categories, form="d", shades=shares)
    for k in range(n):
        ax.add_patch(Rectangle((k, k), 1, 1, fill=False, edgecolor=INK, lw=0.6))
    ax.set_ylabel(_cut(names[0]))
    ax.set_xlabel(_cut(names[1]), labelpad=5)


def plot_voices(
    rows: Sequence[Sequence[Passage]],
    marks: Mapping[str, Mark],
    names: Sequence[str],
    *,
    ax: "Axes",
) -> None:
    """Where in each article somebody is quoted, by stance: one strip per article.

    Args:
        rows: Passages of each article; an article without a quote has an empty strip. Passages of
            a category without a mark (quotes that nobody judged) are drawn as an outline.
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
    blocks: dict[str, list[Block]] = {}
    for row, passages in enumerate(rows):
        for passage in passages:
            blocks.setdefault(passage.category, []).append(Block(row, passage.start, passage.end))
    for category, found in blocks.items():
        draw_blocks(ax, found, marks.get(category), labelled=labelled)
    if labelled:
        ax.hlines([row + 0.33 for row in range(len(rows))], 0, 1, color=FAINT, lw=0.4, zorder=0)
        ax.set_yticks(range(len(rows)), [_cut(name) for name in names])
    else:
        ax.set_yticks([])
        ax.set_ylabel(f"{len(rows):,} articles")
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1], ["start", "middle", "end"])
    ax.set_xlabel("Position in the article")
    draw_legend(ax, marks, labelled=labelled)


def role_counts(balances: Sequence[ArticleBalance]) -> dict[tuple[str, str], float]:
    """Expected quotes by (role, stance), summed over articles; roles in order of appearance."""
    counts: dict[tuple[str, str], float] = {}
    for balance in balances:
        for role, stance, count in balance.role_stance:
            counts[role, stance] = counts.get((role, stance), 0.0) + count
    return counts


def _draw_table(
    ax: "Axes",
    table: Sequence[Sequence[float]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    form: str,
    shades: Sequence[Sequence[float]] | None = None,
) -> None:
    """Numbers in cells, shaded by themselves or by other ones."""
    import numpy as np
    import seaborn as sns

    shade = np.array(table if shades is None else shades, dtype=float)
    sns.heatmap(
        shade, ax=ax, cbar=False, annot=np.array(table), fmt=form, linewidths=0.8,
        linecolor="white", cmap=sns.light_palette("#44546a", as_cmap=True), vmin=0,
        vmax=max(shade.max(), 1) * 1.25, annot_kws={"size": SIZE},
        xticklabels=[_plain(column) for column in columns],
        yticklabels=[textwrap.fill(_plain(row), 16) for row in rows],
    )  # fmt: skip
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("bottom")
    # About 2.6 of the 3.4 inches are left for the columns.
    crowded = max(map(len, columns)) * LETTER > 2.6 * 72 / len(columns)
    ax.tick_params(axis="x", labelrotation=35 if crowded else 0, length=0, pad=2)
    if crowded:
        for label in ax.get_xticklabels():
            label.set(ha="left", rotation_mode="anchor")
    ax.tick_params(axis="y", labelrotation=0, length=0)
    for label in ax.get_yticklabels():
        label.set(linespacing=_LEADING)


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


def _tilt_legend(ax: "Axes", levels: Collection[float], *, naive: bool) -> None:
    from matplotlib.lines import Line2D

    interval = "".join(f", {level:.0%} interval".replace("%", " %") for level in sorted(levels))
    handles = [Line2D([], [], color=INK, marker="o", mew=0, ms=4, lw=1.1 if levels else 0)]
    labels = [f"expected{interval}"]
    if naive:
        handles.append(Line2D([], [], ls="", marker="o", mfc="none", mec=INK, mew=0.6, ms=5))
        labels.append("naive")
    ax.figure.legend(
        handles, labels, loc="outside upper center", ncols=2, frameon=False, fontsize=SIZE,
        handlelength=1.7, columnspacing=1.2, handletextpad=0.5, labelcolor=INK,
    )  # fmt: skip


def _say(ax: "Axes", x: float, row: int, text: str) -> None:
    ax.text(
        x, row, _cut(text, 46), va="center", size=SIZE - 1, color=SOFT, style="italic",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def _check_rows(rows: Sequence[object], who: str) -> None:
    if not rows:
        raise DataError(f"{who}: no articles to draw; give at least one")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str, limit: int = 28) -> str:
    """One line of at most `limit` characters that matplotlib reads as plain text."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > limit:
        whole_words, _, _ = line[:limit].rpartition(" ")
        line = (whole_words if len(whole_words) > limit / 2 else line[: limit - 1]) + "…"
    return line.replace("$", r"\$")
