import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.balance import indices

amounts: st.SearchStrategy[indices.Floats] = st.lists(
    st.integers(0, 50), min_size=2, max_size=6
).map(lambda counts: np.array(counts, dtype=float))


def test_shares_and_tilt_by_hand() -> None:
    # 2, 1, 1, 0 of 4.
    np.testing.assert_allclose(indices.shares(np.array([2.0, 1, 1, 0])), [0.5, 0.25, 0.25, 0])
    # (3 - 1) / (3 + 1)
    assert indices.tilt(np.array(3.0), np.array(1.0)) == 0.5


def test_entropy_evenness_and_effective_number_by_hand() -> None:
    counts = np.array([2.0, 1, 1, 0])
    # H = 1/2 ln 2 + 2 * 1/4 ln 4 = 3/2 ln 2; evenness = 3/2 ln 2 / (2 ln 2) = 3/4; exp(H) = 2^1.5
    assert indices.shannon_entropy(counts) == pytest.approx(1.5 * math.log(2))
    assert indices.evenness(counts) == pytest.approx(0.75)
    assert indices.effective_number(counts) == pytest.approx(2**1.5)
    assert indices.evenness(np.array([0.0, 7, 0])) == 0
    assert indices.effective_number(np.array([0.0, 7, 0])) == 1


def test_chao_shen_by_hand() -> None:
    # n = 4, f1 = 2: C = 1/2, C p = 1/4, 1/8, 1/8.
    # term(x) = -x ln x / (1 - (1 - x)^4)
    def term(x: float) -> float:
        return -x * math.log(x) / (1 - (1 - x) ** 4)

    counts = np.array([2.0, 1, 1, 0])
    assert indices.chao_shen_entropy(counts) == pytest.approx(term(1 / 4) + 2 * term(1 / 8))
    # All seen once: f1 = n - 1 = 2 of 3, C = 1/3, C p = 1/9.
    expected = 3 * (1 / 9) * math.log(9) / (1 - (8 / 9) ** 3)
    assert indices.chao_shen_entropy(np.array([1.0, 1, 1, 0])) == pytest.approx(expected)
    # One unit: f1 = 0, C = 1, a single category.
    assert indices.chao_shen_entropy(np.array([1.0, 0])) == 0


@pytest.mark.parametrize(
    ("f", "u", "neutral", "total", "expected"),
    [
        # (36 - 6*2) / (10 * 10) = 0.24
        (6, 2, 2, 10, 0.24),
        # (6*2 - 36) / (10 * 10) = -0.24
        (2, 6, 2, 10, -0.24),
        # 2 of 10 not relevant: (36 - 12) / (8 * 10)
        (6, 2, 0, 10, 0.3),
        (4, 4, 2, 10, 0.0),
        # Nothing but favourable: f^2 / (f f) = 1
        (5, 0, 0, 5, 1.0),
        (0, 5, 0, 5, -1.0),
        (0, 0, 3, 5, 0.0),
    ],
)
def test_imbalance_by_hand(
    f: float, u: float, neutral: float, total: float, expected: float
) -> None:
    given_ = (np.array(float(value)) for value in (f, u, neutral, total))
    assert indices.imbalance(*given_) == pytest.approx(expected)


def test_undefined_is_nan_never_a_number() -> None:
    zero, none = np.array(0.0), np.zeros(4)
    assert np.isnan(indices.shares(none)).all()
    assert np.isnan(indices.tilt(zero, zero))
    assert np.isnan(indices.imbalance(zero, zero, zero, np.array(3.0)))
    for index in (
        indices.shannon_entropy,
        indices.evenness,
        indices.chao_shen_entropy,
        indices.evenness_corrected,
        indices.effective_number,
    ):
        assert np.isnan(index(none)), index.__name__


@given(amounts.filter(lambda a: a.sum() > 0))
def test_ranges(counts: indices.Floats) -> None:
    k = len(counts)
    assert indices.shares(counts).sum() == pytest.approx(1)
    assert 0 <= indices.evenness(counts) <= 1
    assert 0 <= indices.evenness_corrected(counts) <= 1
    assert 1 <= indices.effective_number(counts) <= k
    # The correction never takes evenness down: each term of Chao-Shen is at least the plain one
    # where all is covered, and mass is spread over unseen ones elsewhere.
    if (counts != 1).all():
        assert indices.evenness_corrected(counts) >= indices.evenness(counts) - 1e-12


@given(amounts.filter(lambda a: a[:2].sum() > 0))
def test_swapping_the_poles_turns_the_sign(counts: indices.Floats) -> None:
    s, c, total = counts[0], counts[1], counts.sum()
    neutral = total - s - c
    assert indices.tilt(s, c) == -indices.tilt(c, s)
    forth, back = (indices.imbalance(*poles, neutral, total) for poles in ((s, c), (c, s)))
    assert forth == -back
    assert -1 <= forth <= 1


@given(st.integers(2, 9), st.floats(0.1, 100))
def test_evenness_is_one_at_the_uniform_mix_only(k: int, amount: float) -> None:
    uniform = np.full(k, amount)
    assert indices.evenness(uniform) == pytest.approx(1)
    assert indices.effective_number(uniform) == pytest.approx(k)
    assert indices.evenness(uniform + np.eye(k)[0] * amount) < 1


def test_correction_for_few_units_has_the_bias_its_docstring_says() -> None:
    rng = np.random.default_rng(20)
    mixes = [[0.25] * 4, [0.4, 0.3, 0.2, 0.1], [0.6, 0.2, 0.15, 0.05], [0.85, 0.05, 0.05, 0.05]]
    worst_bias = {5: [0.27, 0.09], 8: [0.16, 0.08], 12: [0.10, 0.04], 20: [0.06, 0.05]}
    for n, expected in worst_bias.items():
        worst = [0.0, 0.0]
        for mix in mixes:
            counts = rng.multinomial(n, mix, size=20_000).astype(float)
            truth = indices.evenness(np.array(mix))
            for i, index in enumerate((indices.evenness, indices.evenness_corrected)):
                worst[i] = max(worst[i], abs(index(counts).mean() - truth))
        # Standard error of a mean is at most 0.003.
        assert worst == pytest.approx(expected, abs=0.01)
