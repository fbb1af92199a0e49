"""Calibration scores, against values derived by hand."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from framing.errors import DataError
from framing.metrics.calibration import brier_score, expected_calibration_error, log_loss


def test_ece_by_hand() -> None:
    # Confidences 0.6 (wrong), 0.7 (right) | 0.8 (right), 0.9 (right) in two bins of two:
    # |1/2 - 0.65| = 0.15 and |1 - 0.85| = 0.15, each with weight 1/2.
    table = [[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8]]
    assert expected_calibration_error(table, [0, 0, 0, 1], n_bins=2) == pytest.approx(0.15)


def test_ece_sizes_of_bins_differ_by_one_at_most() -> None:
    # Three units in two bins: {0.6 wrong, 0.7 right} and {0.9 right}:
    # 2/3 · |1/2 - 0.65| + 1/3 · |1 - 0.9| = 0.1 + 1/30
    table = [[0.6, 0.4], [0.7, 0.3], [0.9, 0.1]]
    assert expected_calibration_error(table, [1, 0, 0], n_bins=2) == pytest.approx(0.1 + 1 / 30)


def test_ece_of_fewer_units_than_bins() -> None:
    # Each unit is a bin: |1 - 0.6| and |0 - 0.7|.
    assert expected_calibration_error([[0.6, 0.4], [0.7, 0.3]], [0, 1]) == pytest.approx(0.55)


def test_ece_does_not_depend_on_the_order_of_tied_units() -> None:
    rng = np.random.default_rng(3)
    table = np.tile([0.75, 0.25], (12, 1))
    gold = rng.integers(2, size=12)
    first = expected_calibration_error(table, gold, n_bins=4)
    for _ in range(5):
        order = rng.permutation(12)
        assert expected_calibration_error(table, gold[order], n_bins=4) == pytest.approx(first)


def test_ece_of_a_constant_answer_is_what_it_errs_by() -> None:
    # Right of 6 in 10 with 0.6: nothing. With 0.75: 0.15, in whatever bins.
    gold = [0] * 6 + [1] * 4
    assert expected_calibration_error([[0.6, 0.4]] * 10, gold) == pytest.approx(0)
    assert expected_calibration_error([[0.75, 0.25]] * 10, gold, n_bins=3) == pytest.approx(0.15)


def test_brier_by_hand() -> None:
    # (0.7-1)² + 0.2² + 0.1² = 0.14 and 0.5² + (0.5-1)² = 0.5
    table = [[0.7, 0.2, 0.1], [0.5, 0.5, 0.0]]
    assert brier_score(table, [0, 1]) == pytest.approx((0.14 + 0.5) / 2)


def test_log_loss_by_hand() -> None:
    table = [[0.5, 0.5], [0.25, 0.75]]
    # (ln 2 + ln 4) / 2 = 1.5 ln 2
    assert log_loss(table, [0, 0]) == pytest.approx(1.5 * math.log(2))
    assert log_loss([[1.0, 0.0]], [1]) == math.inf


@pytest.mark.parametrize("score", [expected_calibration_error, brier_score, log_loss])
def test_refusals(score: Callable[..., float]) -> None:
    with pytest.raises(DataError, match="there are no units, so it is undefined"):
        score(np.zeros((0, 2)), [])
    with pytest.raises(DataError, match="2 gold categories"):
        score([[0.5, 0.5]], [0, 1])
    with pytest.raises(DataError, match="whole numbers from 0 to 1"):
        score([[0.5, 0.5]], [2])
    with pytest.raises(DataError, match="does not sum to 1"):
        score([[0.5, 0.6]], [0])
