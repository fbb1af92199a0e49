"""How a score grows with the number of labelled articles, as a figure."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from framing.errors import DataError
from framing.figures.blocks import FAINT, INK, SIZE, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurvePoint", "plot_learning_curve"]

# Shade, line and marker of each curve: told apart in print and by the colour-blind.
_STYLES = (
    (INK, "solid", "o"), (SOFT, "dashed", "s"), (FAINT, "dashdot", "^"), (INK, "dotted", "D"),
)  # fmt: skip


class CurvePoint(NamedTuple):
    """A score of a model that was trained on so many articles.

    Attributes:
        n: Articles trained on.
        value: The score.
        low: Lower end of its interval, or None.
        high: Upper end, or None.
    """

    n: int
    value: float
    low: float | None = None
    high: float | None = None


def plot_learning_curve(
    curves: Mapping[str, Sequence[CurvePoint]],
    *,
    ax: "Axes",
    levels: Mapping[str, float] | None = None,
    score: str = "Macro-F1",
) -> None:
    """Scores against the number of training articles, on a logarithmic axis.

    Points of one size and curve (several seeds) are each drawn, and the line goes through their
    mean.

    Args:
        curves: Points by name of the model, in any order; at most four curves.
        ax: Where to draw.
        levels: Scores to compare with, drawn as horizontal lines: a baseline, a second coder.
        score: What it is.

    Raises:
        DataError: There is no point, or there are more than four curves.
    """
    if not curves or not all(curves.values()) or len(curves) > len(_STYLES):
        raise DataError(
            f"plot_learning_curve: {len(curves)} curves with "
            f"{sum(map(len, curves.values()))} points; give 1 to {len(_STYLES)} with a point each"
        )
    sizes = sorted({point.n for points in curves.values() for point in points})
    for (name, points), (color, line, marker) in zip(curves.items(), _STYLES, strict=False):
        for point in points:
            if point.low is not None and point.high is not None:
                ax.plot([point.n, point.n], [point.low, point.high], color=color, lw=0.6, zorder=1)
        ax.plot(
            [point.n for point in points], [point.value for point in points], marker, color=color,
            ms=3, mew=0, zorder=3,
        )  # fmt: skip
        means = [_mean([p.value for p in points if p.n == n]) for n in _sizes(points)]
        ax.plot(_sizes(points), means, color=color, ls=line, lw=0.9, zorder=2, label=name)
    for name, level in (levels or {}).items():
        ax.axhline(level, color=FAINT, lw=0.6, zorder=0)
        ax.annotate(
            name, (0, level), (2, 1), xycoords=("axes fraction", "data"),
            textcoords="offset points", size=SIZE - 1, color=SOFT, va="bottom",
        )  # fmt: skip
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ax.minorticks_off()
    ax.spines["left"].set(visible=True, linewidth=0.5, color=FAINT)
    ax.set_xlabel("Articles trained on", size=SIZE)
    ax.set_ylabel(score, size=SIZE)
    if len(curves) > 1:
        ax.figure.legend(
            loc="outside upper center", ncols=len(curves), frameon=False, fontsize=SIZE,
            labelcolor=INK,
        )  # fmt: skip


def _sizes(points: Sequence[CurvePoint]) -> list[int]:
    return sorted({point.n for point in points})


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
