"""The learning curve shows every point, and its line goes through the means."""

from pathlib import Path

import numpy as np
import pytest

from framing.errors import DataError
from framing.figures import CurvePoint, new_figure, plot_learning_curve, save_figure

_CURVES = {
    "lora": [
        CurvePoint(10, 0.4, 0.3, 0.5), CurvePoint(40, 0.7, 0.6, 0.8), CurvePoint(10, 0.5, 0.4, 0.6),
    ],
    "frozen": [CurvePoint(10, 0.35), CurvePoint(40, 0.45)],
}  # fmt: skip


def test_points_intervals_and_means_are_drawn(tmp_path: Path) -> None:
    figure, ax = new_figure(10)
    plot_learning_curve(_CURVES, ax=ax, levels={"second coder": 0.95})
    lines = [np.asarray(line.get_xydata()).tolist() for line in ax.lines]
    assert [[10, 0.3], [10, 0.5]] in lines  # an interval
    assert [[10, 0.4], [40, 0.7], [10, 0.5]] in lines  # the points
    assert [[10, 0.45], [40, 0.7]] in lines  # the means: (0.4 + 0.5) / 2
    assert [[0, 0.95], [1, 0.95]] in lines
    assert [label.get_text() for label in ax.get_xticklabels()] == ["10", "40"]
    one, _ = save_figure(figure, tmp_path / "curve")
    assert one.stat().st_size > 1000


def test_nothing_to_show_is_refused() -> None:
    _, ax = new_figure(10)
    refused: list[dict[str, list[CurvePoint]]] = [
        {}, {"lora": []}, dict.fromkeys("abcde", _CURVES["frozen"]),
    ]  # fmt: skip
    for curves in refused:
        with pytest.raises(DataError, match=r"plot_learning_curve: \d curves with \d+ points"):
            plot_learning_curve(curves, ax=ax)
