import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.balance.prediction_powered import (
    Floats,
    RatioEstimate,
    prediction_powered_ratio,
)


def estimate(
    part: Floats,
    whole: Floats,
    predicted: Floats,
    predicted_whole: Floats,
    n_labelled: int,
    probability: Floats | None = None,
) -> RatioEstimate | None:
    return prediction_powered_ratio(
        part=part,
        whole=whole,
        predicted_part=predicted,
        predicted_whole=predicted_whole,
        labelled=np.arange(len(whole)) < n_labelled,
        probability=np.ones(len(whole)) if probability is None else probability,
    )


def test_a_mean_is_the_estimator_of_the_paper() -> None:
    """All wholes 1: the mean. The formulas of arXiv:2311.01453 written out, lambda and all."""
    rng = np.random.default_rng(1)
    n, n_other = 40, 160
    gold = rng.random(n + n_other)
    f = 0.3 + 0.8 * gold + 0.3 * rng.standard_normal(n + n_other)
    one = np.ones(n + n_other)
    y, f_labelled, f_other = gold[:n], f[:n], f[n:]
    covariance = ((y - y.mean()) * (f_labelled - f_labelled.mean())).mean()
    power = covariance / ((1 + n / n_other) * f.var(ddof=1))
    theta = y.mean() + power * (f_other.mean() - f_labelled.mean())
    assert 0 < power < 1
    found = estimate(gold[:, None], one, f[:, None], one, n)
    assert found is not None
    assert found.power == pytest.approx(power)
    assert found.value == pytest.approx([theta])
    # Var(y - lambda f) / n + lambda^2 Var(f) / N, residuals being divided by 1 - 1/n.
    r = (y - power * f_labelled).std(ddof=1) ** 2
    plain = r / n + power**2 * f.var(ddof=1) / n_other
    assert found.covariance[0, 0] == pytest.approx(plain, rel=2 / n)


def test_all_labelled_is_the_ratio_with_its_linearised_variance() -> None:
    # 1/2, 1/4, 3/3: 5 of 9. Residuals y - theta m are -1/9, -11/9, 12/9.
    part, whole = np.array([[1.0], [1], [3]]), np.array([2.0, 4, 3])
    found = estimate(part, whole, part, whole, 3)
    assert found is not None
    assert found.value == pytest.approx([5 / 9])
    assert found.power == 0
    # Divided by 1 - m / 9: -1/7, -11/5, 12/6; sum of squares about their mean * 3/2 / 9^2.
    residuals = np.array([-1 / 7, -11 / 5, 2])
    expected = ((residuals - residuals.mean()) ** 2).sum() * 3 / 2 / 81
    assert found.covariance[0, 0] == pytest.approx(expected)


def test_good_predictions_shorten_the_interval() -> None:
    rng = np.random.default_rng(2)
    whole = rng.integers(1, 9, 500).astype(float)
    part = rng.binomial(whole.astype(int), 0.4).astype(float)[:, None]
    found = estimate(part, whole, part, whole, 50)
    alone = estimate(part[:50], whole[:50], part[:50], whole[:50], 50)
    assert found is not None
    assert alone is not None
    # The 450 others are worth as much as coded ones: nine times the information, less what is
    # lost since lambda is estimated.
    assert found.covariance[0, 0] < 0.3 * alone.covariance[0, 0]
    truth = part.sum() / whole.sum()
    assert abs(found.value[0] - truth) < abs(alone.value[0] - truth)


def test_useless_predictions_are_left_alone() -> None:
    part, whole = np.array([[1.0], [1], [3], [0]]), np.array([2.0, 4, 3, 0])
    found = estimate(part, whole, np.ones((4, 1)), np.full(4, 2.0), 3)
    assert found is not None
    assert found.power == 0
    assert found.value == pytest.approx([5 / 9])


def test_design_weights_undo_unequal_chances() -> None:
    # Articles of kind A (share 1) and B (share 0), half each; A drawn four times as often: eight
    # of A at 0.8, two of B at 0.2, weights 1.25 and 5, hence 10 to 10.
    whole = np.ones(20)
    kind = np.array([1.0] * 8 + [0] * 2 + [1] * 2 + [0] * 8)
    probability = np.where(kind == 1, 0.8, 0.2)
    found = estimate(kind[:, None], whole, np.zeros((20, 1)), whole, 10, probability)
    assert found is not None
    assert found.value == pytest.approx([0.5])
    naive = estimate(kind[:, None], whole, np.zeros((20, 1)), whole, 10)
    assert naive is not None
    assert naive.value == pytest.approx([0.8])


def test_undefined_is_none() -> None:
    none, one = np.zeros(4), np.ones(4)
    assert estimate(none[:, None], none, none[:, None], one, 3) is None
    alone = np.array([3.0, 0, 0, 0])
    assert estimate(alone[:, None], alone, none[:, None], one, 3) is None


tables = st.integers(6, 20).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 5), min_size=6, max_size=6), min_size=n, max_size=n)
)


@settings(deadline=None)
@given(tables)
def test_shares_sum_to_one_and_their_errors_cancel(rows: list[list[int]]) -> None:
    table = np.array(rows, dtype=float)
    gold, predicted = table[:, :3], table[:, 3:]
    found = estimate(gold, gold.sum(axis=1), predicted, predicted.sum(axis=1), 5)
    if found is None:
        return
    assert found.value.sum() == pytest.approx(1)
    assert np.abs(found.covariance.sum(axis=0)).max() < 1e-9 * max(1, found.covariance.max())
    assert np.diag(found.covariance).min() >= 0
    assert 0 <= found.power <= 1
