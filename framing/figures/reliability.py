"""Whether probabilities can be taken at their word, as a figure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framing.errors import DataError
from framing.figures.blocks import FAINT, INK, SIZE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_reliability"]


def plot_reliability(
    confidences: Sequence[float], right: Sequence[bool], *, ax: "Axes", n_bins: int = 10
) -> None:
    """Share of right answers against the mean probability of the answer, in bins of equal mass.

    On the diagonal, answers given with probability p are right in a share p of cases (Guo et al.
    2017, arXiv:1706.04599). The bins are those of
    `framing.metrics.calibration.expected_calibration_error`.

    Args:
        confidences: Probability of the most probable category, in [0, 1].
        right: Whether that category is the gold one.
        ax: Where to draw.
        n_bins: Number of bins; with fewer units than bins, each unit is a bin.

    Raises:
        DataError: There are no units, or the lists differ in length.
    """
    if not confidences or len(confidences) != len(right):
        raise DataError(
            f"plot_reliability: {len(confidences)} confidences and {len(right)} answers; give one "
            "of each for every unit, and one unit or more"
        )
    of_tie: dict[float, list[bool]] = {}
    for confidence, is_right in zip(confidences, right, strict=True):
        of_tie.setdefault(confidence, []).append(bool(is_right))
    # As in the error: units of equal confidence count each as right as they are on average.
    rows = [(c, sum(tie) / len(tie)) for c, tie in sorted(of_tie.items()) for _ in tie]
    n_bins = min(n_bins, len(rows))
    quotient, rest = divmod(len(rows), n_bins)  # sizes as numpy.array_split makes them
    points, start = [], 0
    for k in range(n_bins):
        end = start + quotient + (k < rest)
        cut = rows[start:end]
        points.append((sum(c for c, _ in cut) / len(cut), sum(r for _, r in cut) / len(cut)))
        start = end
    ax.plot([0, 1], [0, 1], color=FAINT, lw=0.6, zorder=1)
    ax.plot(*zip(*points, strict=True), color=INK, lw=0.8, marker="o", ms=3, zorder=2)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.spines["left"].set(visible=True, linewidth=0.5, color=FAINT)
    ax.set_xlabel("Mean probability of the answer", size=SIZE)
    ax.set_ylabel("Share of right answers", size=SIZE)
