import numpy as np
import pytest

from framing.balance.confusion import confusion_rates, corrected_shares

# 10 true a: 6 called a, 2 called b, 2 missed. 20 true b: 4, 12, 4. Spurious: 3 called a, 0 b.
TABLE = np.array([[6.0, 4, 3], [2, 12, 0], [2, 4, 0]])
GOLD = np.array([10.0, 20])


def test_rates_by_hand() -> None:
    # a|a = .6, b|a = .2, a|b = .2, b|b = .6; spurious a per true quote 3 / 30 = .1.
    rates = confusion_rates(TABLE[None], GOLD[None], np.ones((1, 1)))
    assert rates[0] == pytest.approx(np.array([[0.7, 0.3], [0.2, 0.6]]))


def test_weights_of_articles_count() -> None:
    other = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])
    tables, gold = np.stack([TABLE, other]), np.array([GOLD, [1, 1]])
    by_weight = confusion_rates(tables, gold, np.array([[1.0, 2]]))
    thrice = confusion_rates(
        np.stack([TABLE, other, other]), np.array([GOLD, [1, 1], [1, 1]]), np.ones((1, 3))
    )
    assert by_weight == pytest.approx(thrice)


def test_correction_gives_the_true_shares_back() -> None:
    rates = confusion_rates(TABLE[None], GOLD[None], np.ones((1, 1)))[0]
    # 40 true a and 10 true b: .7 * 40 + .3 * 10 = 31 called a, .2 * 40 + .6 * 10 = 14 called b.
    assert corrected_shares(rates, np.array([31.0, 14])) == pytest.approx([0.8, 0.2])
    # On the coded articles themselves: 13 called a, 14 called b give 1/3 and 2/3.
    assert corrected_shares(rates, np.array([13.0, 14])) == pytest.approx([1 / 3, 2 / 3])
    # Fewer b than spurious and confused ones alone would give: none.
    assert corrected_shares(rates, np.array([31.0, 5])) == pytest.approx([1, 0])


def test_undefined_is_nan() -> None:
    counted = np.array([3.0, 4])
    assert np.isnan(corrected_shares(np.full((2, 2), 0.5), counted)).all()  # guessing
    assert np.isnan(corrected_shares(np.eye(2), np.zeros(2))).all()
    nobody = confusion_rates(TABLE[None], np.array([[10.0, 0]]), np.ones((1, 1)))
    assert np.isnan(nobody[0, :, 1]).all()
    assert np.isnan(corrected_shares(nobody[0], counted)).all()
