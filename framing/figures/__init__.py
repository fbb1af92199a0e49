"""Figures for a paper: records to matplotlib axes, one column wide, the same bytes every time.

Every category looks the same everywhere, in colour and without it: a colour that colour-blind
readers can tell apart, a line style and a letter (`marks_of`). `plot_` functions draw on the axes
they are given and change no global state; `new_figure` and `save_figure` make and write a figure
without pyplot. Importing this loads no matplotlib.
"""

from framing.figures.blocks import Passage
from framing.figures.files import new_figure, save_figure
from framing.figures.learning_curve import CurvePoint, plot_learning_curve
from framing.figures.marks import Mark, marks_of
from framing.figures.plots import (
    plot_confusion,
    plot_roles,
    plot_shares,
    plot_tilt,
    plot_voices,
    role_counts,
)
from framing.figures.reliability import plot_reliability

__all__ = [
    "CurvePoint",
    "Mark",
    "Passage",
    "marks_of",
    "new_figure",
    "plot_confusion",
    "plot_learning_curve",
    "plot_reliability",
    "plot_roles",
    "plot_shares",
    "plot_tilt",
    "plot_voices",
    "role_counts",
    "save_figure",
]
