"""Figures as files: one column wide, fonts embedded, the same bytes every time."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from framing.figures.blocks import FAINT, INK, MAX_LABELLED, SIZE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["new_figure", "save_figure"]

# Both come with matplotlib, so that every machine sets the same letters: a Times for papers, and
# one that has most other scripts.
_FONTS = ["STIXGeneral", "DejaVu Sans"]


def new_figure(n_rows: int, *, width: float = 3.4) -> "tuple[Figure, Axes]":
    """A figure of `width` inches, as tall as its rows need (at most 9 inches), and its axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = 0.95 + 0.19 * n_rows if n_rows <= MAX_LABELLED else 6.0
    figure = Figure(figsize=(width, min(height, 9.0)), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set(linewidth=0.5, color=FAINT)
    ax.tick_params(labelsize=SIZE, width=0.5, length=2.5, color=FAINT, labelcolor=INK)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.label.set(size=SIZE, color=INK)
    ax.yaxis.label.set(size=SIZE, color=INK)
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
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcParams["pdf.fonttype"] = 42  # TrueType
        mpl.rcParams["font.family"] = ["sans-serif"]
        mpl.rcParams["font.sans-serif"] = _FONTS
        # A headline's emoji is drawn as an empty box, which says enough.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font", module="")
        for suffix in ("pdf", "png"):
            path = stem.with_name(f"{stem.name}.{suffix}")
            beside = path.with_name(f".{path.name}.tmp")
            metadata = nothing.get(suffix, {"Software": None})
            figure.savefig(beside, format=suffix, dpi=300, metadata=metadata)
            beside.replace(path)
            paths.append(path)
    return paths
