"""Coefficients against worked examples, other implementations, and what they are in limits."""

import importlib
import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from framing.errors import DataError
from framing.metrics.agreement import (
    MISSING,
    category_alpha,
    cohen_kappa,
    count_codes,
    draw_code_counts,
    gwet_ac1,
    krippendorff_alpha,
    percentile_interval,
    raw_agreement,
    specific_agreement,
    sum_code_counts,
)
from framing.metrics.classification import bootstrap_articles

Codes = NDArray[np.int64]
NO = MISSING

# Krippendorff 2011, section B: two observers (Meg, Owen), ten articles, two categories.
BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]).T
# Section C: two observers (Ben, Gerry), twelve articles, categories a to e as 0 to 4.
NOMINAL = np.array([
    [0, 0, 1, 1, 3, 2, 2, 2, 4, 3, 3, 0],
    [1, 0, 1, 1, 1, 2, 2, 2, 4, 3, 3, 3],
]).T  # fmt: skip
# Section D: four observers, twelve units, five categories (here from 0), values missing.
FOUR = np.array([
    [0, 1, 2, 2, 1, 0, 3, 0, 1, NO, NO, NO],
    [0, 1, 2, 2, 1, 1, 3, 0, 1, 4, NO, 2],
    [NO, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, NO],
    [0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, NO],
]).T  # fmt: skip


def _codes(confusion: list[list[int]]) -> Codes:
    """Units of two coders with these counts, the first coder's category in the row."""
    cells = [(i, j) for i, row in enumerate(confusion) for j, n in enumerate(row) for _ in range(n)]
    return np.array(cells, dtype=np.int64)


def test_alpha_of_krippendorffs_binary_example() -> None:
    # Six of ten units agree: 5 twice 0, 1 twice 1; four differ. So o_00 = 10, o_11 = 2 and
    # o_01 = o_10 = 4, n_0 = 14, n_1 = 6, n = 20, and
    # alpha = 1 - 19 * 8 / (400 - 14² - 6²) = 1 - 152 / 168 = 0.095 (as printed there).
    counts = count_codes(BINARY, n_categories=2)
    assert counts.coincidences.tolist() == [[10, 4], [4, 2]]
    assert float(krippendorff_alpha(counts)) == pytest.approx(1 - 152 / 168)


def test_alpha_of_krippendorffs_nominal_example() -> None:
    # Nine of twelve units agree; n_k = a 4, b 6, c 6, d 6, e 2, n = 24; sum of squares 128, so
    # alpha = 1 - 23 * 6 / (576 - 128) = 0.692 (as printed there).
    counts = count_codes(NOMINAL, n_categories=5)
    assert counts.coincidences.sum(axis=1).tolist() == [4, 6, 6, 6, 2]
    assert float(krippendorff_alpha(counts)) == pytest.approx(1 - 23 * 6 / 448)
    assert round(float(krippendorff_alpha(counts)), 3) == 0.692


def test_alpha_of_krippendorffs_example_with_missing_values() -> None:
    # The twelfth unit has one value and drops out: n = 40 in eleven units. Of the four that
    # disagree: unit 2 (2 2 3 2) has six disagreeing ordered pairs over 3 = 2; unit 6 (1 2 3 4)
    # twelve over 3 = 4; unit 8 (1 1 2 1) 2; in all 8. Values: 1 nine times, 2 thirteen, 3 ten,
    # 4 five, 5 three; sum of squares 81 + 169 + 100 + 25 + 9 = 384.
    # alpha = 1 - 39 * 8 / (1600 - 384) = 0.743 (as printed there).
    counts = count_codes(FOUR, n_categories=5)
    assert counts.coincidences.sum(axis=1) == pytest.approx([9, 13, 10, 5, 3])
    assert (float(counts.n_units), float(counts.n_paired)) == (12, 11)
    assert float(krippendorff_alpha(counts)) == pytest.approx(1 - 39 * 8 / 1216)
    assert round(float(krippendorff_alpha(counts)), 3) == 0.743


def test_ac1_and_kappa_where_nearly_all_is_of_one_category() -> None:
    # 125 subjects, 118 + 0 alike, 5 and 2 different (a table of the paradox that Gwet 2008 is
    # about). p_a = 118 / 125 = 0.944.
    # AC1: pi_1 = (123 + 120) / 250 = 0.972, p_e = 2 * 0.972 * 0.028 = 0.054432,
    #      (0.944 - 0.054432) / (1 - 0.054432) = 0.9408.
    # kappa: p_e = (123 * 120 + 2 * 5) / 125² = 0.94528, (0.944 - 0.94528) / 0.05472 = -0.0234.
    counts = count_codes(_codes([[118, 5], [2, 0]]), n_categories=2)
    assert float(raw_agreement(counts)) == pytest.approx(0.944)
    assert float(gwet_ac1(counts)) == pytest.approx((0.944 - 0.054432) / (1 - 0.054432))
    assert float(cohen_kappa(counts)) == pytest.approx(-0.00128 / 0.05472)


def test_kappa_and_ac1_of_a_table_that_comes_with_gwets_package() -> None:
    # cont3x3abstractors of irrCAC, whose vignette prints kappa 0.7964094. p_a = 0.89.
    # kappa: p_e = (13 * 13 + 27 * 24 + 60 * 63) / 100² = 0.4597, 0.4303 / 0.5403.
    # AC1: pi = 0.13, 0.255, 0.615; p_e = (1 - 0.0169 - 0.065025 - 0.378225) / 2 = 0.269925.
    counts = count_codes(_codes([[13, 0, 0], [0, 20, 7], [0, 4, 56]]), n_categories=3)
    assert round(float(cohen_kappa(counts)), 7) == 0.7964094
    assert float(gwet_ac1(counts)) == pytest.approx((0.89 - 0.269925) / (1 - 0.269925))


def test_ac1_with_missing_values_by_hand() -> None:
    # FOUR: eleven paired units; p_a = (8 + 3/6 + 0 + 3/6) / 11 = 9 / 11.
    # Shares over all twelve units, the single value of the twelfth included:
    # category 0: units 1 and 11 whole, 1/4 of 6, 3/4 of 8: 3; 1: 3/4 of 2, 5, 1/4 of 6, 1/4 of 8,
    # 9: 3.25; 2: 1/4 of 2, 3, 4, 1/4 of 6, 12: 3.5; 3: 1/4 of 6, 7: 1.25; 4: 10: 1.
    # The sum of pi (1 - pi) is 1 - (9 + 10.5625 + 12.25 + 1.5625 + 1) / 144, p_e a quarter of it.
    counts = count_codes(FOUR, n_categories=5)
    p_e = (1 - 34.375 / 144) / 4
    assert counts.shares == pytest.approx([3, 3.25, 3.5, 1.25, 1])
    assert float(gwet_ac1(counts)) == pytest.approx((9 / 11 - p_e) / (1 - p_e))
    # As irrCAC 0.4.4, a package with Gwet's coefficients, prints when told the five categories.
    assert round(float(gwet_ac1(counts)), 5) == 0.77544


def test_ac1_counts_the_categories_that_nobody_chose() -> None:
    # Ten alike in each of two categories: p_a = 1 whatever K. With 18 alike: pi = 0.5 each,
    # p_e = 0.5 / (K - 1), p_a = 0.9.
    codes = _codes([[9, 1], [1, 9]])
    for n, p_e in ((2, 0.5), (3, 0.25), (6, 0.1)):
        ac1 = float(gwet_ac1(count_codes(codes, n_categories=n)))
        assert ac1 == pytest.approx((0.9 - p_e) / (1 - p_e))
    two, six = (float(krippendorff_alpha(count_codes(codes, n_categories=n))) for n in (2, 6))
    assert two == six


def test_specific_agreement_and_alpha_of_each_category() -> None:
    # Rows 5 1 0 / 1 2 0 / 0 1 0: with two coders 2 a / (2 a + b + c): category 0: 10 / 12;
    # 1: 4 / (4 + 1 + 1 + 1); 2: 0 / 1. Category alphas are those of the two-category data.
    codes = _codes([[5, 1, 0], [1, 2, 0], [0, 1, 0]])
    counts = count_codes(codes, n_categories=4)
    assert specific_agreement(counts)[:3] == pytest.approx([10 / 12, 4 / 7, 0])
    assert math.isnan(specific_agreement(counts)[3])
    for k in range(3):
        collapsed = count_codes((codes == k).astype(int), n_categories=2)
        assert category_alpha(counts)[k] == pytest.approx(float(krippendorff_alpha(collapsed)))
    assert math.isnan(category_alpha(counts)[3])


TABLES = arrays.arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(2, 4)),
                       elements=st.integers(MISSING, 3))  # fmt: skip


@given(codes=TABLES)
def test_alpha_is_the_weighted_mean_of_the_categories(codes: Codes) -> None:
    counts = count_codes(codes, n_categories=4)
    n_k = counts.coincidences.sum(axis=1)
    weights = n_k * (n_k.sum() - n_k)
    alpha = float(krippendorff_alpha(counts))
    assert math.isnan(alpha) == (not weights.any())
    if weights.any():
        used = weights > 0
        assert alpha == pytest.approx(
            np.average(category_alpha(counts)[used], weights=weights[used])
        )


@given(codes=TABLES, seed=st.integers(0, 99))
def test_order_of_units_and_coders_does_not_matter(codes: Codes, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixed = rng.permutation(rng.permutation(codes), axis=1)
    one, other = (count_codes(each, n_categories=4) for each in (codes, mixed))
    for f in (krippendorff_alpha, gwet_ac1, raw_agreement, cohen_kappa, specific_agreement):
        assert f(one) == pytest.approx(f(other), nan_ok=True)


@given(codes=TABLES, at=st.integers(0, 12))
def test_counts_of_parts_add_up(codes: Codes, at: int) -> None:
    parts = [count_codes(part, n_categories=4) for part in (codes[:at], codes[at:])]
    whole, summed = count_codes(codes, n_categories=4), sum_code_counts(parts)
    assert summed.coincidences == pytest.approx(whole.coincidences)
    assert krippendorff_alpha(summed) == pytest.approx(krippendorff_alpha(whole), nan_ok=True)
    assert gwet_ac1(summed) == pytest.approx(gwet_ac1(whole), nan_ok=True)


def _random_codes(seed: int, n_coders: int = 3) -> Codes:
    """Coders who follow a truth most of the time, and leave out some units."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(4, size=60)
    noise = rng.integers(4, size=(60, n_coders))
    codes = np.where(rng.random((60, n_coders)) < 0.7, truth[:, None], noise)
    return np.where(rng.random(codes.shape) < 0.15, MISSING, codes)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_nltk(seed: int) -> None:
    task = importlib.import_module("nltk.metrics.agreement").AnnotationTask
    codes = _random_codes(seed)
    data = [(f"c{c}", str(u), int(codes[u, c])) for u, c in zip(*np.where(codes >= 0), strict=True)]
    counts = count_codes(codes, n_categories=4)
    assert float(krippendorff_alpha(counts)) == pytest.approx(task(data=data).alpha())


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_that_of_nltk_and_of_scikit_learn_on_labels(seed: int) -> None:
    task = importlib.import_module("nltk.metrics.agreement").AnnotationTask
    codes = np.abs(_random_codes(seed))  # nltk's kappa takes no missing value
    data = [(f"c{c}", str(u), int(codes[u, c])) for u, c in np.ndindex(*codes.shape)]
    kappa = float(cohen_kappa(count_codes(codes, n_categories=4)))
    pairs = itertools.combinations(codes.T, 2)
    assert kappa == pytest.approx(np.mean([cohen_kappa_score(a, b) for a, b in pairs]))
    assert kappa == pytest.approx(task(data=data).kappa())


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_the_krippendorff_package(seed: int) -> None:
    package: Any = pytest.importorskip(
        "krippendorff", reason="GPL: a tool of development, not a dependency"
    )
    codes = _random_codes(seed, n_coders=4)
    given_ = np.where(codes == MISSING, np.nan, codes).T
    expected = package.alpha(given_, level_of_measurement="nominal")
    assert float(krippendorff_alpha(count_codes(codes, n_categories=4))) == pytest.approx(expected)


@pytest.mark.parametrize(
    "codes",
    [
        np.zeros((0, 2)),
        np.array([[0, NO], [NO, 1]]),  # nobody beside anybody
        np.array([[NO, NO]]),
    ],
)
def test_without_pairs_everything_is_undefined(codes: Codes) -> None:
    counts = count_codes(codes, n_categories=3)
    for f in (raw_agreement, krippendorff_alpha, cohen_kappa, gwet_ac1):
        assert math.isnan(float(f(counts)))
    assert np.isnan(specific_agreement(counts)).all()
    assert np.isnan(category_alpha(counts)).all()


@pytest.mark.parametrize("alone", [[], [[1, NO]]])  # a lone value of another category, or none
def test_one_category_only_is_undefined_but_for_raw_agreement(alone: list[list[int]]) -> None:
    # nltk says alpha 1, and so does the formula of AC1: here nothing tells, so nothing is said.
    counts = count_codes([[2, 2]] * 9 + alone, n_categories=3)
    assert float(raw_agreement(counts)) == 1
    for f in (krippendorff_alpha, cohen_kappa, gwet_ac1):
        assert math.isnan(float(f(counts)))
    assert specific_agreement(counts)[2] == 1
    assert np.isnan(category_alpha(counts)).all()


def test_a_coder_with_one_category_beside_one_with_two_has_kappa_0() -> None:
    # p_o = 6 / 10 and p_e = 1 * 0.6 + 0 * 0.4: the same.
    counts = count_codes(_codes([[6, 4], [0, 0]]), n_categories=2)
    assert float(cohen_kappa(counts)) == pytest.approx(0)
    # n_k = 16 and 4, D_o from 8 of them: alpha = 1 - 19 * 8 / (400 - 256 - 16).
    assert float(krippendorff_alpha(counts)) == pytest.approx(1 - 152 / 128)


def test_kappa_leaves_out_pairs_of_coders_without_a_common_unit() -> None:
    # Coders 0 and 1 share six units, 1 and 2 four, 0 and 2 none.
    codes = np.full((10, 3), MISSING)
    codes[:6, :2] = [[0, 0], [0, 0], [1, 1], [1, 1], [0, 1], [1, 0]]
    codes[6:, 1:] = [[0, 0], [1, 1], [0, 0], [1, 1]]
    # (0, 1): p_o = 4 / 6, p_e = 1 / 2: 1 / 3; (1, 2): 1; mean 2 / 3.
    assert float(cohen_kappa(count_codes(codes, n_categories=2))) == pytest.approx(2 / 3)


def test_confusions_hold_every_pair_of_coders_the_earlier_in_the_rows() -> None:
    counts = count_codes([[0, 1, 1], [0, 0, NO], [1, 1, 0]], n_categories=2)
    assert counts.confusions.tolist() == [
        [[1, 1], [0, 1]],  # coders 0 and 1
        [[0, 1], [1, 0]],  # 0 and 2
        [[0, 0], [1, 1]],  # 1 and 2
    ]


@pytest.mark.parametrize(
    ("codes", "n_categories", "message"),
    [
        ([[0], [1]], 2, r"codes of shape \(2, 1\) in 2 categories; give one row for each unit, one "
                        r"column for each of two coders or more, and two categories or more"),
        ([0, 1], 2, r"codes of shape \(2,\)"),
        ([[0, 0]], 1, "in 1 categories"),
        ([[0, 2]], 2, "code 2; accepted: whole numbers from 0 to 1, and -1 where a coder gave no"),
        ([[0, 0.5]], 2, "code 0.5; accepted"),
        ([[0, -2]], 2, "code -2; accepted"),
        ([[0, math.nan]], 2, "code nan; accepted"),
    ],
)  # fmt: skip
def test_codes_that_are_none_are_refused(codes: Any, n_categories: int, message: str) -> None:
    with pytest.raises(DataError, match=message):
        count_codes(codes, n_categories=n_categories)


def test_intervals_are_those_of_the_bootstrap_over_articles() -> None:
    codes = _random_codes(1)
    articles = np.repeat(np.arange(12), 5)
    by_article = [count_codes(codes[articles == a], n_categories=4) for a in range(12)]
    drawn = draw_code_counts(by_article, n_resamples=300, rng=np.random.default_rng(3))
    total = sum_code_counts(by_article)
    found = percentile_interval(krippendorff_alpha(total), krippendorff_alpha(drawn), level=0.9)
    expected = bootstrap_articles(
        lambda units: float(krippendorff_alpha(count_codes(codes[units], n_categories=4))),
        articles.tolist(),
        level=0.9,
        n_resamples=300,
        rng=np.random.default_rng(3),
    )
    assert found == pytest.approx(expected)
    assert found.low < found.value < found.high
    assert cohen_kappa(drawn).shape == (300,)
    assert category_alpha(drawn).shape == (300, 4)


def test_articles_whose_units_resemble_each_other_widen_the_interval() -> None:
    # Ten articles of 20 units: in five of them the coders always agree, in five they agree on
    # half of the units. Over single units the standard error of a share of 0.75 is 0.031; over
    # articles that of a mean of ten values 0.5 or 1, 0.25 / sqrt(10) = 0.079: 2.6 times as much.
    alike = np.array([[0, 0], [1, 1]] * 10)
    half = np.array([[0, 0], [1, 1], [0, 1], [1, 0]] * 5)
    by_article = [count_codes(a, n_categories=2) for a in [alike] * 5 + [half] * 5]
    units = [
        count_codes(unit[None], n_categories=2) for a in [alike] * 5 + [half] * 5 for unit in a
    ]
    widths = []
    for counts in (units, by_article):
        drawn = draw_code_counts(counts, n_resamples=1000, rng=np.random.default_rng(0))
        interval = percentile_interval(0.75, raw_agreement(drawn))
        widths.append(interval.high - interval.low)
    assert widths[0] == pytest.approx(2 * 1.96 * 0.031, rel=0.15)
    assert widths[1] == pytest.approx(2 * 1.96 * 0.079, rel=0.15)


def test_draws_without_a_second_category_are_counted_as_undefined() -> None:
    # One article of three has the second category: a draw misses it with (2 / 3)³ = 0.296.
    by_article = [
        count_codes(codes, n_categories=2) for codes in ([[0, 0]], [[0, 0]], [[0, 0], [1, 1]])
    ]
    total = sum_code_counts(by_article)
    drawn = draw_code_counts(by_article, n_resamples=2000, rng=np.random.default_rng(0))
    interval = percentile_interval(krippendorff_alpha(total), krippendorff_alpha(drawn))
    assert interval.n_undefined / 2000 == pytest.approx(8 / 27, abs=0.03)
    assert (interval.value, interval.low, interval.high) == (1, 1, 1)


def test_an_interval_that_most_draws_leave_undefined_has_no_ends() -> None:
    interval = percentile_interval(0.5, [math.nan, math.nan, 0.5])
    assert (interval.value, interval.n_undefined) == (0.5, 2)
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)


def test_no_interval_from_fewer_than_two_articles() -> None:
    one = count_codes([[0, 1]], n_categories=2)
    with pytest.raises(DataError, match="1 article; an interval takes two or more"):
        draw_code_counts([one], rng=np.random.default_rng(0))
    with pytest.raises(DataError, match="no counts to add up"):
        sum_code_counts([])
    with pytest.raises(DataError, match=r"level is 95; it takes a number between 0 and 1"):
        percentile_interval(0.5, [0.5], level=95)
