"""The reliability figure shows what the calibration error is computed from."""

import numpy as np
import pytest

from framing.errors import DataError
from framing.figures import new_figure, plot_reliability
from framing.metrics.calibration import expected_calibration_error


def test_the_points_are_those_of_the_calibration_error() -> None:
    rng = np.random.default_rng(3)
    confidences = rng.uniform(0.5, 1, 43).round(1)  # so that some are tied
    right = rng.random(43) < confidences
    _, ax = new_figure(10)
    plot_reliability(confidences.tolist(), right.tolist(), ax=ax)
    x, y = np.asarray(ax.lines[1].get_xydata()).T
    sizes = [len(part) for part in np.array_split(np.arange(43), 10)]
    error = sum(n * abs(a - b) for n, a, b in zip(sizes, x, y, strict=True)) / 43
    table = np.column_stack([confidences, 1 - confidences])
    gold = np.where(right, 0, 1)
    assert error == pytest.approx(expected_calibration_error(table, gold))


def test_nothing_to_show_is_refused() -> None:
    _, ax = new_figure(10)
    with pytest.raises(DataError, match="plot_reliability: 0 confidences and 0 answers"):
        plot_reliability([], [], ax=ax)
