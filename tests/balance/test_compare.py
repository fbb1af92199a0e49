import collections
import dataclasses
import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from framing.balance import ArticleTotals, Comparison, compare_groups
from framing.errors import DataError
from framing.records import to_frame
from tests.balance.invented import CODEBOOK, ROLES, TONE

TONES = ("warm", "cold", "flat")
# How quotes of each true category are called, when found; how often they are found; what spurious
# ones are called.
CALLED = np.array([[0.75, 0.05, 0.2], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]])
FOUND = np.array([0.8, 0.75, 0.8])
SPURIOUS = [0.2, 0.2, 0.6]


def simulate(
    rng: np.random.Generator,
    n: int,
    *,
    group: str = "x",
    mix: Sequence[float],
    coded: bool,
    icc: float = 0.3,
    probability: float = 1.0,
) -> ArticleTotals:
    """An article; Dirichlet shares with precision (1 - icc) / icc give quotes that correlation."""
    m = 1 + int(rng.negative_binomial(2, 2 / 9))
    gold = rng.multinomial(m, rng.dirichlet(np.array(mix) * (1 - icc) / icc))
    table = np.zeros((4, 4), dtype=np.int64)
    for k in range(3):
        table[:, k] = rng.multinomial(gold[k], [*(CALLED[k] * FOUND[k]), 1 - FOUND[k]])
    table[:3, 3] = rng.multinomial(rng.poisson(0.1 * m), SPURIOUS)
    counted = table[:3].sum(axis=1)
    return ArticleTotals(
        article_id=f"{group}{n:04}",
        group=group,
        variable="tone",
        categories=TONES,
        expected=tuple((0.9 * counted + 0.1 * counted.sum() / 3).tolist()),
        counted=tuple(counted.tolist()),
        gold=tuple(gold.tolist()) if coded else None,
        matches=tuple(tuple(row) for row in table.tolist()) if coded else None,
        probability=probability,
    )


def compare(totals: Sequence[ArticleTotals], seed: int = 1, **options: Any) -> list[Comparison]:
    given: dict[str, Any] = {"codebook": TONE, "n_bootstrap": 200} | options
    return list(compare_groups(totals, rng=np.random.default_rng(seed), **given))


MIXES = {"a": (0.5, 0.3, 0.2), "b": (0.3, 0.3, 0.4), "c": (0.35, 0.45, 0.2)}


def newspapers(
    rng: np.random.Generator, n_coded: Mapping[str, int], n_articles: int = 150
) -> list[ArticleTotals]:
    return [
        simulate(rng, i, group=group, mix=MIXES[group], coded=i < n)
        for group, n in n_coded.items()
        for i in range(n_articles)
    ]


def exact(n: int, group: str, gold: tuple[int, int, int]) -> ArticleTotals:
    """A coded article without any error of extractor or classifier."""
    table = np.zeros((4, 4), dtype=np.int64)
    table[range(3), range(3)] = gold
    return ArticleTotals(
        article_id=f"{group}{n}",
        group=group,
        variable="tone",
        categories=TONES,
        expected=gold,
        counted=gold,
        gold=gold,
        matches=tuple(tuple(row) for row in table.tolist()),
    )


def row_of(rows: Sequence[Comparison], **fields: object) -> Comparison:
    (row,) = (r for r in rows if all(getattr(r, k) == v for k, v in fields.items()))
    return row


def test_estimands_are_different_numbers() -> None:
    # Ten articles with 8 quotes, 2 warm and 6 cold; ten with 2, one warm and one flat.
    totals = [exact(i, "a", (2, 6, 0)) for i in range(10)]
    totals += [exact(i, "a", (1, 0, 1)) for i in range(10, 20)]
    rows = compare(totals)
    warm = {"category": "warm", "group": "a"}
    # 30 of 100; mean of 1/4 and 1/2.
    by_quote = row_of(rows, estimand="quote_share", **warm)
    by_article = row_of(rows, estimand="mean_article_share", **warm)
    assert (by_quote.value, by_quote.naive) == pytest.approx((0.3, 0.3))
    assert (by_article.value, by_article.naive) == pytest.approx((0.375, 0.375))
    assert (by_quote.method, by_quote.n_articles, by_quote.n_labelled) == ("ppi++", 20, 20)
    assert "random sample" in by_quote.assumption


def test_confusion_matrix_by_hand_where_nobody_coded() -> None:
    # Coded in x: half of the cold quotes are called warm, everything else is right.
    table = ((2, 1, 0, 0), (0, 1, 0, 0), (0, 0, 2, 0), (0, 0, 0, 0))
    coded = dataclasses.replace(
        exact(0, "x", (2, 2, 2)), counted=(3, 1, 2), expected=(3.0, 1.0, 2.0), matches=table
    )
    totals = [dataclasses.replace(coded, article_id=f"x{i}") for i in range(20)]
    # Elsewhere 3 warm, 1 cold, 4 flat are called: 1 of the 3 was cold, hence 2, 2, 4 of 8. Some
    # articles have only the flat ones, so that the shares are not the same in all.
    uncoded = dataclasses.replace(exact(0, "y", (3, 1, 4)), gold=None, matches=None, group="y")
    totals += [dataclasses.replace(uncoded, article_id=f"y{i}") for i in range(8)]
    row = row_of(compare(totals), group="y", versus="", category="warm", estimand="quote_share")
    assert row.value == pytest.approx(2 / 8)
    assert row.naive == pytest.approx(3 / 8)
    assert (row.method, row.n_labelled) == ("confusion_matrix", 0)
    assert "as often in this group as in the coded articles" in row.assumption
    difference = row_of(
        compare(totals), group="x", versus="y", category="warm", estimand="quote_share"
    )
    assert difference.value == pytest.approx(2 / 6 - 2 / 8)
    assert difference.naive == pytest.approx(3 / 6 - 3 / 8)
    assert (difference.method, difference.versus_method) == ("ppi++", "confusion_matrix")


def test_rows_add_up_and_lie_in_their_intervals() -> None:
    rows = compare(newspapers(np.random.default_rng(3), {"a": 30, "b": 40, "c": 0}))
    # 3 groups and 3 pairs, 3 categories, 2 estimands.
    assert len(rows) == (3 + 3) * 3 * 2
    sums: collections.defaultdict[tuple[str, str, str], float] = collections.defaultdict(float)
    for row in rows:
        assert row.value is not None, row
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high
        assert (-1 if row.versus else 0) <= row.low
        assert row.high <= 1
        sums[row.estimand, row.group, row.versus] += row.value
        if row.versus:
            one, other = (
                row_of(rows, estimand=row.estimand, group=g, versus="", category=row.category)
                for g in (row.group, row.versus)
            )
            assert one.value is not None
            assert other.value is not None
            assert row.value == pytest.approx(one.value - other.value)
    for (_, _, versus), total in sums.items():
        assert total == pytest.approx(0 if versus else 1)
    frame = to_frame(rows)
    assert len(frame) == len(rows)
    assert list(frame.columns)[:5] == ["group", "versus", "variable", "category", "estimand"]


def test_order_is_no_matter_and_chance_is_an_argument() -> None:
    totals = newspapers(np.random.default_rng(4), {"a": 25, "c": 5}, 60)
    rows = compare(totals)
    assert compare(random.Random(4).sample(totals, len(totals))) == rows
    assert compare(totals, seed=2) != rows


def test_reference_group() -> None:
    totals = newspapers(np.random.default_rng(5), {"a": 20, "b": 20, "c": 20}, 40)
    rows = compare(totals, reference="b")
    assert {(r.group, r.versus) for r in rows if r.versus} == {("a", "b"), ("c", "b")}


def test_aggregates_of_roles_are_sums() -> None:
    rng = np.random.default_rng(6)
    totals = []
    for i in range(40):
        gold = tuple(int(n) for n in rng.multinomial(9, [1 / 9] * 9))
        table = np.zeros((10, 10), dtype=np.int64)
        table[range(9), range(9)] = gold
        totals.append(
            ArticleTotals(
                article_id=f"a{i}",
                group="a",
                variable="role",
                categories=ROLES,
                expected=gold,
                counted=gold,
                gold=gold if i < 30 else None,
                matches=tuple(tuple(r) for r in table.tolist()) if i < 30 else None,
            )
        )
    rows = compare(totals, codebook=CODEBOOK)
    share = {r.category: r.value or 0 for r in rows if r.estimand == "quote_share"}
    assert share["officials"] == pytest.approx(share["government"] + share["military"])


def test_what_cannot_be_estimated_is_excluded_with_its_reason() -> None:
    rng = np.random.default_rng(7)
    few = compare(newspapers(rng, {"a": 7, "c": 0}, 30))
    assert {row.value for row in few} == {None}
    assert few[0].excluded_reason == (
        "7 coded articles in all groups; a correction needs at least 20"
    )
    assert few[0].naive is not None
    assert few[0].method == ""
    rare = [exact(i, "a", (3, 1, int(i < 3))) for i in range(30)]
    rows = compare(
        [*rare, dataclasses.replace(rare[0], article_id="c", group="c", gold=None, matches=None)]
    )
    flat = row_of(rows, group="a", versus="", category="flat", estimand="quote_share")
    assert flat.excluded_reason == "in 3 coded articles only; an interval needs 5"
    assert row_of(
        rows, group="a", versus="", category="warm", estimand="quote_share"
    ).value == pytest.approx(90 / 123)
    elsewhere = row_of(rows, group="c", versus="", category="warm", estimand="quote_share")
    assert elsewhere.excluded_reason == (
        "3 coded flat quotes; a confusion matrix needs at least 10 of each category"
    )
    both = row_of(rows, group="a", versus="c", category="flat", estimand="quote_share")
    assert both.excluded_reason.startswith("a: in 3 coded articles only")
    assert "; c: 3 coded flat quotes" in both.excluded_reason
    # Guessing: what is called warm says nothing of what is.
    table = ((1, 1, 1, 0), (1, 1, 1, 0), (1, 1, 1, 0), (0, 0, 0, 0))
    guess = dataclasses.replace(rare[0], counted=(3, 3, 3), gold=(3, 3, 3), matches=table)
    totals = [dataclasses.replace(guess, article_id=f"g{i}") for i in range(20)]
    totals += [dataclasses.replace(one, group="c", gold=None, matches=None) for one in rare]
    row = row_of(compare(totals), group="c", versus="", category="warm", estimand="quote_share")
    assert row.excluded_reason.startswith("the confusion matrix cannot be inverted (in 100% of")


def test_groups_without_a_quote_have_no_number() -> None:
    rows = compare([exact(i, "a", (0, 0, 0)) for i in range(20)])
    assert {(row.value, row.naive) for row in rows} == {(None, None)}
    assert rows[0].excluded_reason == "the coded articles have no quotes, or one of them has all"


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "none": ({"totals": []}, "compare: no article; give the totals of at least one"),
    "twice": ({"totals": [exact(1, "a", (1, 1, 1))] * 2}, "article 'a1' stands twice"),
    "variables": (
        {
            "totals": [
                exact(1, "a", (1, 1, 1)),
                dataclasses.replace(exact(2, "a", (1, 1, 1)), variable="mood"),
            ]
        },
        "compare: totals of mood and tone; compare one variable",
    ),
    "categories": (
        {"totals": [dataclasses.replace(exact(1, "a", (1, 1, 1)), categories=("x", "y", "z"))]},
        "article 'a1' has the categories x, y, z; the codebook has warm, cold, flat",
    ),
    "reference": ({"reference": "z"}, "no group 'z'; there are: a"),
    "level": ({"level": 95}, "level is 95; it takes a number between 0 and 1"),
    "labelled": ({"min_labelled": 1}, "min_labelled is 1; a variance needs 2 articles"),
    "bootstrap": ({"n_bootstrap": 10}, "n_bootstrap is 10; percentiles need at least 200"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_errors_say_what_and_where(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    with pytest.raises(DataError, match=message):
        compare(**{"totals": [exact(1, "a", (1, 1, 1))]} | change)


def hits(
    n_coded: Mapping[str, int], n_runs: int, rng: np.random.Generator
) -> dict[tuple[str, str, str, str], tuple[float, float, float]]:
    """Coverage, bias, and bias of classify and count, by estimand, group, versus and category."""
    seen: collections.defaultdict[tuple[str, str, str, str], list[tuple[bool, float, float]]]
    seen = collections.defaultdict(list)
    for _ in range(n_runs):
        for row in compare_groups(
            newspapers(rng, n_coded), codebook=TONE, n_bootstrap=400, rng=rng
        ):
            # Articles differ in size whatever their shares: both estimands are the mix.
            k = TONES.index(row.category)
            truth = MIXES[row.group][k] - (MIXES[row.versus][k] if row.versus else 0)
            assert row.value is not None, row
            assert row.low is not None
            assert row.high is not None
            assert row.naive is not None
            seen[row.estimand, row.group, row.versus, row.category].append(
                (row.low <= truth <= row.high, row.value - truth, row.naive - truth)
            )
    return {
        key: tuple(np.mean(np.array(values, dtype=float), axis=0).tolist())
        for key, values in seen.items()
    }


@pytest.mark.slow
def test_prediction_powered_intervals_cover_at_an_intra_article_correlation_of_three_tenths() -> (
    None
):
    n_runs = 600
    tolerance = 2 * (0.95 * 0.05 / n_runs) ** 0.5
    rates = hits({"a": 30, "b": 45, "c": 60}, n_runs, np.random.default_rng(41))
    for key, (coverage, bias, naive_bias) in rates.items():
        assert 0.93 - tolerance <= coverage <= 0.97 + tolerance, (key, coverage)
        assert abs(bias) < 0.01, (key, bias)
        if key[1:] == ("a", "", "flat"):
            assert naive_bias > 0.1  # .355 are called flat where .2 are
    assert np.mean([coverage for coverage, *_ in rates.values()]) == pytest.approx(0.95, abs=0.012)


@pytest.mark.slow
def test_confusion_corrected_intervals_cover_where_errors_are_the_same_everywhere() -> None:
    n_runs = 400
    tolerance = 2 * (0.95 * 0.05 / n_runs) ** 0.5
    rates = hits({"a": 30, "b": 45, "c": 0}, n_runs, np.random.default_rng(42))
    for key, (coverage, bias, naive_bias) in rates.items():
        if "c" in key[1:3]:
            assert 0.93 - tolerance <= coverage <= 0.97 + tolerance, (key, coverage)
            assert abs(bias) < 0.015, (key, bias)
        if key[1:] == ("c", "", "cold"):
            assert naive_bias < -0.1


@pytest.mark.slow
def test_design_weights_keep_intervals_honest() -> None:
    """Cold articles are coded three times as often as others: unweighted shares are biased."""
    rng = np.random.default_rng(43)
    n_runs, inside, unweighted = 500, 0, []
    for _ in range(n_runs):
        totals = []
        for i in range(200):
            article = simulate(rng, i, mix=MIXES["a"], coded=True)
            assert article.gold is not None
            probability = 0.45 if article.counted[1] > article.counted[0] else 0.15
            if rng.random() >= probability:
                article = dataclasses.replace(article, gold=None, matches=None)
            totals.append(dataclasses.replace(article, probability=probability))
        rows = compare(totals)
        row = row_of(rows, category="cold", estimand="quote_share")
        assert row.low is not None
        assert row.high is not None
        inside += row.low <= 0.3 <= row.high
        equal = [dataclasses.replace(one, probability=1.0) for one in totals]
        unweighted.append(row_of(compare(equal), category="cold", estimand="quote_share").value)
    tolerance = 2 * (0.95 * 0.05 / n_runs) ** 0.5
    assert 0.93 - tolerance <= inside / n_runs <= 0.97 + tolerance, inside / n_runs
    assert np.mean([value for value in unweighted if value is not None]) > 0.32
