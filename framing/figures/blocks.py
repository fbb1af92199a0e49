"""Blocks of a category as the page has them: a tint, a rule in its line style, and its letter."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from framing.figures.marks import Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "FAINT",
    "INK",
    "LETTER",
    "MAX_LABELLED",
    "SIZE",
    "SOFT",
    "Block",
    "Passage",
    "draw_blocks",
    "draw_legend",
]

MAX_LABELLED = 40  # rows that one figure can name; above, they are thin and without names
SIZE = 8.0  # points: readable in a column of 3.4 in
LETTER = 0.45 * SIZE  # points: mean width of a letter
INK, FAINT, SOFT = "#222222", "#9a9a9a", "#6b6b6b"

# Rules under blocks: offsets in rows (downward) and widths in points, by line style.
_RULE: tuple[tuple[float, float], ...] = ((0.0, 1.4),)
_RULES = {"double": ((-0.06, 0.6), (0.06, 0.6))}
_DASHES: dict[str, tuple[float, tuple[float, ...]]] = {
    "solid": (0, ()), "double": (0, ()), "dashed": (0, (2.4, 1.2)), "dotted": (0, (0.9, 0.9)),
    "wavy": (0, (4, 0.9, 0.9, 0.9)),
}  # fmt: skip
_TINT = 0.4  # of a category's colour in its block: letters stay readable in print


class Passage(NamedTuple):
    """Where somebody speaks: start and end as shares of the text in [0, 1], and the category."""

    start: float
    end: float
    category: str


class Block(NamedTuple):
    """A stretch of one row, from start to end in [0, 1]."""

    row: int
    start: float
    end: float


def draw_blocks(ax: "Axes", blocks: Sequence[Block], mark: Mark | None, *, labelled: bool) -> None:
    """Blocks of one category as on the page: a tint, a rule in its line style, and its letter.

    In rows too thin for that, the plain colour; without a mark, an outline.
    """
    from matplotlib.collections import PolyCollection

    top, bottom = (0.36, 0.26) if labelled else (0.5, 0.5)
    corners = [
        [(b.start, b.row - top), (b.end, b.row - top), (b.end, b.row + bottom),
         (b.start, b.row + bottom)] for b in blocks
    ]  # fmt: skip
    if mark is None:
        ax.add_collection(
            PolyCollection(corners, facecolors="none", edgecolors=FAINT, linewidths=0.4)
        )
        return
    faces = PolyCollection(corners, facecolors=_tint(mark) if labelled else mark.color)
    faces.set(linewidths=0.5 if labelled else 0, edgecolors="white" if labelled else "none")
    faces.set(rasterized=not labelled, antialiased=labelled)
    ax.add_collection(faces)
    if not labelled:
        return
    for offset, width in _RULES.get(mark.line, _RULE):
        ax.hlines(
            [b.row + 0.33 + offset for b in blocks], [b.start for b in blocks],
            [b.end for b in blocks], colors=mark.color, lw=width,
            linestyles=_DASHES[mark.line], capstyle="butt",
        )  # fmt: skip
    for block in blocks:
        if block.end - block.start >= 0.022 + 0.018 * len(mark.letter):
            ax.text(
                (block.start + block.end) / 2, block.row - 0.05, mark.letter, ha="center",
                va="center_baseline", size=SIZE - 2, weight="bold", color=INK,
            )  # fmt: skip


def draw_legend(ax: "Axes", marks: Mapping[str, Mark], *, labelled: bool) -> None:
    """Swatches that look like the blocks, in rows above the axes."""
    from matplotlib.artist import Artist
    from matplotlib.legend import Legend
    from matplotlib.legend_handler import HandlerBase
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

    class Swatch(HandlerBase):
        def create_artists(
            self, legend: Legend, orig_handle: Artist, xdescent: float, ydescent: float,  # noqa: ARG002
            width: float, height: float, fontsize: float, trans: Transform,  # noqa: ARG002
        ) -> list[Artist]:  # fmt: skip
            mark = marks[str(orig_handle.get_label())]
            x, y = -xdescent, -ydescent
            if not labelled:
                return [
                    Rectangle((x, y), width, height, facecolor=mark.color, lw=0, transform=trans)
                ]
            tint = Rectangle((x, y), width, height, facecolor=_tint(mark), lw=0, transform=trans)
            letter = Text(
                x + width / 2, y + height / 2, mark.letter, size=SIZE - 2, weight="bold",
                ha="center", va="center_baseline", color=INK, transform=trans,
            )  # fmt: skip
            rules = [
                Line2D([x, x + width], [y - 1 - 13 * offset] * 2, color=mark.color, lw=weight,
                       ls=_DASHES[mark.line], dash_capstyle="butt", solid_capstyle="butt",
                       transform=trans)
                for offset, weight in _RULES.get(mark.line, _RULE)
            ]  # fmt: skip
            return [tint, letter, *rules]

    # One row if the names fit into the 3.4 inches, else as many equal columns as do.
    room, lengths = 3.3 * 72, [LETTER * len(name) + 21 for name in marks]
    n_columns = len(marks) if sum(lengths) <= room else max(1, int(room // max(lengths)))
    ax.figure.legend(
        [Line2D([], [], label=name) for name in marks], [name.replace("_", " ") for name in marks],
        handler_map={Line2D: Swatch()}, loc="outside upper center",
        ncols=n_columns, frameon=False, fontsize=SIZE, handlelength=1.4, handleheight=0.9,
        columnspacing=0.9, handletextpad=0.4, labelcolor=INK,
    )  # fmt: skip


def _tint(mark: Mark) -> tuple[float, float, float]:
    red, green, blue = (int(mark.color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 1 - _TINT * (1 - red), 1 - _TINT * (1 - green), 1 - _TINT * (1 - blue)
