import dataclasses
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.balance import (
    ExtractionError,
    KindError,
    article_rng,
    index_definitions,
    measure_balance,
)
from framing.errors import DataError
from framing.records import ArticleBalance, BalanceValue
from tests.balance.invented import (
    ROLES,
    STANCES,
    TONE,
    label,
    labelled_article,
    place,
    predict,
    predicted_article,
    quote,
    speaker,
)

ERROR = ExtractionError(
    extractor="rules",
    measured_on="40 invented articles",
    kinds=(
        KindError(kind="direct", found=300, correct=270, gold=300, recalled=240),
        KindError(kind="mixed", found=300, correct=270, gold=300, recalled=240),
        KindError(kind="indirect", found=300, correct=270, gold=300, recalled=240),
    ),
)


def measure(article: dict[str, Any], seed: int = 1, **options: Any) -> ArticleBalance:
    options = {"n_draws": 400} | options
    return measure_balance(**article, rng=np.random.default_rng(seed), **options)


def value_of(balance: ArticleBalance, index: str, weight: str = "quote") -> BalanceValue:
    (row,) = (v for v in balance.values if (v.index, v.weight) == (index, weight))
    return row


# The labelled article, by hand. Words: 10 + 20 + 30 + 20 + 10 + 10 = 100.
# Voices: s1 (2/3 supportive, 1/3 neutral), s2 critical, s3 humanitarian, one unknown critical: 4.
# Shares by word 3, 4, 2, 1 tenths; by speaker 2, 6, 3, 1 twelfths.
ENTROPY = {
    # 2/6 twice and 1/6 twice
    "quote": 2 / 3 * math.log(3) + 1 / 3 * math.log(6),
    "word": math.log(10) - (3 * math.log(3) + 4 * math.log(4) + 2 * math.log(2)) / 10,
    "speaker": math.log(12) - (2 * math.log(2) + 6 * math.log(6) + 3 * math.log(3)) / 12,
}
# Each role speaks by quote, by word, by speaker; the quote without a speaker is unspecified.
ROLE_SHARES = {
    "government": (3 / 6, 0.4, 1 / 4),
    "expert": (1 / 6, 0.3, 1 / 4),
    "civilian": (1 / 6, 0.2, 1 / 4),
    "unspecified": (1 / 6, 0.1, 1 / 4),
}


# Quotes of 6 by role and stance.
JOINT = {
    ("government", "supportive"): 2,
    ("government", "neutral"): 1,
    ("expert", "critical"): 1,
    ("civilian", "humanitarian"): 1,
    ("unspecified", "critical"): 1,
}


def _chao_shen_term(x: float) -> float:
    return -x * math.log(x) / (1 - (1 - x) ** 6)


BY_HAND = {
    ("share_supportive", "quote"): 2 / 6,
    ("share_supportive", "word"): 0.3,
    ("share_supportive", "speaker"): (2 / 3) / 4,
    ("share_critical", "quote"): 2 / 6,
    ("share_critical", "word"): 0.4,
    ("share_critical", "speaker"): 2 / 4,
    ("share_humanitarian", "quote"): 1 / 6,
    ("share_humanitarian", "word"): 0.2,
    ("share_humanitarian", "speaker"): 1 / 4,
    ("share_neutral", "quote"): 1 / 6,
    ("share_neutral", "word"): 0.1,
    ("share_neutral", "speaker"): (1 / 3) / 4,
    ("tilt", "quote"): 0.0,
    ("tilt", "word"): (30 - 40) / 70,
    ("tilt", "speaker"): (2 / 3 - 2) / (2 / 3 + 2),
    # All categories are relevant: r = t. f u - u^2 = 12 - 16 in tens of words, r t = 100.
    ("imbalance", "quote"): 0.0,
    ("imbalance", "word"): -4 / 100,
    ("imbalance", "speaker"): (2 / 3 * 2 - 4) / 16,
    **{("evenness", weight): h / math.log(4) for weight, h in ENTROPY.items()},
    **{("effective_number", weight): math.exp(h) for weight, h in ENTROPY.items()},
    # Counts 2, 2, 1, 1 of n = 6, two seen once: C = 2/3, C p = 2/9, 2/9, 1/9, 1/9; below 1.
    ("evenness_corrected", "quote"): min(
        1, 2 * (_chao_shen_term(2 / 9) + _chao_shen_term(1 / 9)) / math.log(4)
    ),
    **{
        (f"role_share_{role}", weight): share
        for role in ROLES
        for weight, share in zip(
            ("quote", "word", "speaker"), ROLE_SHARES.get(role, (0, 0, 0)), strict=True
        )
    },
    # Government alone: nobody is military.
    ("share_officials", "quote"): 3 / 6,
    ("share_officials", "word"): 0.4,
    ("share_officials", "speaker"): 1 / 4,
    # s1 and s2 are named, s3 and the unknown voice are not.
    ("share_named", "quote"): 4 / 6,
    ("share_named", "word"): 0.7,
    ("share_named", "speaker"): 2 / 4,
    ("mean_position_supportive", "quote"): 0.05,
    ("mean_position_critical", "quote"): 0.5,
    ("mean_position_humanitarian", "quote"): 0.5,
    ("mean_position_neutral", "quote"): 0.7,
    ("lead_share_supportive", "quote"): 2 / 3,
    ("lead_share_critical", "quote"): 1 / 3,
    ("lead_share_humanitarian", "quote"): 0.0,
    ("lead_share_neutral", "quote"): 0.0,
    **{
        (f"joint_share_{role}_{stance}", "quote"): JOINT.get((role, stance), 0) / 6
        for role in ROLES
        for stance in STANCES
    },
}


@pytest.mark.parametrize(("index", "weight"), BY_HAND)
def test_labels_alone_give_exact_numbers(index: str, weight: str) -> None:
    row = value_of(measure(labelled_article()), index, weight)
    assert row.value == pytest.approx(BY_HAND[index, weight])
    assert row.low == row.value == row.high == row.naive
    assert row.excluded_reason == ""


def test_rows_are_those_of_the_definitions() -> None:
    article = labelled_article()
    balance = measure(article)
    definitions = index_definitions(article["codebook"])
    rows = [(row.index, row.weight) for row in balance.values]
    assert set(rows) == set(BY_HAND)  # no index without a number derived by hand
    assert rows == [(name, w) for name, d in definitions.items() for w in d.weights]
    for row in balance.values:
        if row.value is not None:
            assert definitions[row.index].low <= row.value <= definitions[row.index].high
    assert (balance.n_quotes, balance.n_speakers) == (6, 3)


def test_counts_and_role_stance_table() -> None:
    balance = measure(labelled_article())
    assert value_of(balance, "tilt", "quote").n == 6
    assert value_of(balance, "tilt", "word").n == 100
    assert value_of(balance, "tilt", "speaker").n == 4
    assert value_of(balance, "lead_share_critical").n == 3
    assert value_of(balance, "mean_position_critical").n == 2
    table = {(role, stance): count for role, stance, count in balance.role_stance if count}
    assert table == {
        ("government", "supportive"): 2,
        ("government", "neutral"): 1,
        ("expert", "critical"): 1,
        ("civilian", "humanitarian"): 1,
        ("unspecified", "critical"): 1,
    }
    assert len(balance.role_stance) == len(ROLES) * len(STANCES)


def test_role_stance_table_holds_expected_counts() -> None:
    article = predicted_article([[0.5, 0.5, 0, 0]] * 5)
    article["labels"] = []
    roles = [0.0] * len(ROLES)
    roles[0], roles[1] = 0.8, 0.2
    article["predictions"].append(predict("s1", roles, "role"))
    table = {(r, s): n for r, s, n in measure(article).role_stance if n}
    # 5 quotes * 0.8 * 0.5 and 5 * 0.2 * 0.5
    assert table == {
        (ROLES[0], STANCES[0]): pytest.approx(2),
        (ROLES[0], STANCES[1]): pytest.approx(2),
        (ROLES[1], STANCES[0]): pytest.approx(0.5),
        (ROLES[1], STANCES[1]): pytest.approx(0.5),
    }


def test_value_is_the_expectation_and_naive_is_classify_and_count() -> None:
    # Ten quotes at 0.6 critical, 0.4 neutral: mean share 0.6, naive 1. By the binomial with n = 10
    # and p = 0.6, P(X <= 2) = 0.012, P(X <= 3) = 0.055 and P(X <= 8) = 0.954: 90 % from 3 to 8.
    row = value_of(
        measure(predicted_article([[0, 0.6, 0, 0.4]] * 10), n_draws=20_000), "share_critical"
    )
    assert row.value == pytest.approx(0.6, abs=0.005)
    assert row.naive == 1
    assert (row.low, row.high) == pytest.approx((0.3, 0.8))


def test_a_role_is_drawn_once_for_a_speaker() -> None:
    # One speaker, government or media with equal chance: in each draw all six quotes or none.
    article = predicted_article([[1, 0, 0, 0]] * 6)
    article["labels"] = []
    roles = [0.0] * len(ROLES)
    roles[ROLES.index("government")] = roles[ROLES.index("media")] = 0.5
    article["predictions"].append(predict("s1", roles, "role"))
    row = value_of(measure(article), "role_share_government")
    assert (row.low, row.high) == (0, 1)
    assert row.value == pytest.approx(0.5, abs=0.1)


def test_adjudicated_label_comes_first_then_the_latest() -> None:
    article = labelled_article()
    article["labels"] = [
        *(one for one in article["labels"] if one.unit_id not in ("q1", "q2")),
        label("q1", "neutral", annotator="b", time="2024-05-02T00:00:00+02:00"),
        label("q1", "critical", annotator="a", time="2024-05-01T23:00:00Z"),
        label("q2", "humanitarian", annotator="adjudicated"),
        label("q2", "neutral", annotator="b", time="2025-01-01"),
    ]
    # q1: 23:00 UTC is an hour after 22:00 UTC, so critical; q2: humanitarian.
    balance = measure(article)
    assert value_of(balance, "share_critical").value == pytest.approx(3 / 6)
    assert value_of(balance, "share_humanitarian").value == pytest.approx(2 / 6)


def test_a_label_outranks_a_contrary_prediction() -> None:
    article = labelled_article()
    sure = {name: [float(k == n) for k in range(9)] for n, name in enumerate(ROLES)}
    article["predictions"] = [predict(f"q{n}", [0, 0, 0, 1]) for n in range(1, 7)]
    article["predictions"] += [predict(f"s{n}", sure["media"], "role") for n in (1, 2, 3)]
    assert measure(article) == measure(labelled_article())


def test_imbalance_follows_the_declared_mapping() -> None:
    # Humanitarian named nowhere: it counts in the total only. By word f = 30, u = 40, r = 80,
    # t = 100: (30 * 40 - 40^2) / (80 * 100).
    article = labelled_article()
    role, stance = article["codebook"].variables
    stance = dataclasses.replace(stance, neutral=("neutral",))
    article["codebook"] = dataclasses.replace(article["codebook"], variables=(role, stance))
    row = value_of(measure(article), "imbalance", "word")
    assert row.value == row.naive == pytest.approx(-400 / 8000)
    definition = index_definitions(article["codebook"])["imbalance"]
    assert "r = f + u + neutral, t = all" in definition.formula


def test_another_codebook_by_hand() -> None:
    # 4 warm, 1 cold, 3 flat of 8; flat is not declared relevant: r = 5, t = 8.
    kinds = ["warm"] * 4 + ["cold"] + ["flat"] * 3
    rows = [[float(kind == name) for name in ("warm", "cold", "flat")] for kind in kinds]
    article = predicted_article(rows, codebook=TONE, variable="tone")
    article["labels"] = []
    balance = measure(article)
    expected = {
        "share_warm": 4 / 8,
        "share_flat": 3 / 8,
        "tilt": (4 - 1) / (4 + 1),
        "imbalance": (16 - 4) / (5 * 8),
        # H = 1/2 ln 2 + 1/8 ln 8 + 3/8 ln(8/3) over ln 3
        "evenness": (0.5 * math.log(2) + math.log(8) / 8 + 0.375 * math.log(8 / 3)) / math.log(3),
        "mean_position_cold": 4 / 8,
    }
    for index, number in expected.items():
        row = value_of(balance, index)
        assert row.value == row.naive == pytest.approx(number), index
        assert row.low == row.high == row.value


def test_a_role_variable_called_lead_is_counted_as_a_role() -> None:
    article = labelled_article()
    role, stance = article["codebook"].variables
    role = dataclasses.replace(role, name="lead")
    article["codebook"] = dataclasses.replace(article["codebook"], variables=(role, stance))
    article["labels"] = [
        dataclasses.replace(one, variable="lead") if one.variable == "role" else one
        for one in article["labels"]
    ]
    balance = measure(article)
    # All six quotes, not the three in the lead.
    assert value_of(balance, "lead_share_government").n == 6
    assert value_of(balance, "lead_share_critical").n == 3


def test_another_codebook_names_the_indices() -> None:
    article = predicted_article([[0.2, 0.2, 0.6]] * 8, codebook=TONE, variable="tone")
    article["labels"] = []
    balance = measure(article)
    names = {row.index for row in balance.values}
    assert {"share_warm", "share_cold", "share_flat", "tilt", "imbalance"} <= names
    assert not any("role" in name or "named" in name for name in names)
    assert balance.role_stance == ()
    assert value_of(balance, "share_flat").naive == 1


def test_too_few_quotes_give_naive_values_only() -> None:
    balance = measure(predicted_article([[0.9, 0.1, 0, 0]] * 3))
    for row in balance.values:
        assert row.value is row.low is row.high is None
        assert row.excluded_reason == "3 quotes found; an interval needs at least 5"
    assert value_of(balance, "share_supportive").naive == 1
    assert value_of(balance, "share_supportive").n == 3
    assert value_of(measure(predicted_article([[1, 0, 0, 0]])), "tilt").excluded_reason.startswith(
        "1 quote found;"
    )


def test_an_article_without_quotes_has_no_number_at_all() -> None:
    for min_quotes in (0, 5):
        balance = measure(predicted_article([]), min_quotes=min_quotes)
        assert all(row.value is row.naive is None for row in balance.values)
        assert all(row.excluded_reason.startswith("0 quotes found;") for row in balance.values)
        assert sum(count for *_, count in balance.role_stance) == 0


def test_undefined_indices_are_excluded_with_the_share_of_draws() -> None:
    # Five neutral quotes for sure: no side, no lead, no critical quote.
    balance = measure(predicted_article([[0, 0, 0, 1]] * 5))
    expected = {
        (
            "tilt",
            "quote",
        ): "no supportive and no critical quote in 100.0% of the 400 simulated",
        ("tilt", "word"): "no supportive and no critical quote with words in 100.0% of the 400",
        ("mean_position_critical", "quote"): "no critical quote in 100.0% of",
        ("lead_share_neutral", "quote"): "no quote in the lead in 100.0% of",
    }
    for (index, weight), reason in expected.items():
        row = value_of(balance, index, weight)
        assert row.value is row.low is row.high is row.naive is None
        assert row.excluded_reason.startswith(reason)
    # All are relevant and on neither side: balanced, not undefined.
    assert value_of(balance, "imbalance").value == 0


def test_undefined_in_up_to_five_percent_of_draws_is_left_out_of_the_mean() -> None:
    # P(no side) = 0.5^5 = 3 %: the tilt is 1 wherever it is defined.
    row = value_of(measure(predicted_article([[0.5, 0, 0, 0.5]] * 5)), "tilt")
    assert (row.value, row.low, row.high, row.excluded_reason) == (1, 1, 1, "")
    # P(no side) = 0.7^5 = 17 %
    row = value_of(measure(predicted_article([[0.3, 0, 0, 0.7]] * 5), n_draws=5000), "tilt")
    assert row.value is None
    assert row.excluded_reason == (
        "no supportive and no critical quote in 16.7% of the 5000 simulated codings, where the "
        "index has no value; at most 5.0% are accepted"
    )


def test_quotes_without_words_have_no_share_by_word() -> None:
    article = predicted_article([[1, 0, 0, 0]] * 5)
    article["placements"] = [place(n, words=0) for n in range(5)]
    row = value_of(measure(article), "share_supportive", "word")
    assert (row.value, row.naive, row.n) == (None, None, 0)
    assert row.excluded_reason.startswith("no quote with words in 100.0% of")


MISTAKES = {
    "no stance": (
        {"labels": labelled_article()["labels"][1:]},
        r"quote 'q1' has no stance: neither a label nor a prediction; label it or predict again",
    ),
    "no role": (
        {"labels": labelled_article()["labels"][:-1]},
        r"speaker 's3' has no role: neither a label nor a prediction",
    ),
    "no placement": ({"placements": []}, r"quote 'q1' has no placement; place every quote"),
    "quote twice": (
        {"quotes": [*labelled_article()["quotes"], quote(1)]},
        r"article 'a': quote 'q1' stands twice; ids must differ",
    ),
    "prediction twice": (
        {"predictions": [predict("q1", [1, 0, 0, 0])] * 2},
        r"prediction of stance for 'q1' stands twice; give those of one model",
    ),
    "speaker missing": (
        {"speakers": [speaker("s1")]},
        r"quote 'q3' names speaker 's2', who is not among the speakers",
    ),
    "foreign quote": (
        {"quotes": [dataclasses.replace(quote(1), article_id="b")]},
        r"article 'a': 'q1' belongs to article 'b'",
    ),
    "foreign category": (
        {"labels": [label("q1", "angry")]},
        r"'angry' is not a category; accepted: supportive, critical, humanitarian, neutral",
    ),
    "other codebook": (
        {"labels": [dataclasses.replace(label("q1", "critical"), codebook="0123")]},
        r"label of stance for 'q1' by 'adjudicated' was given under codebook 0123, not under",
    ),
    "bad time": ({"labels": [label("q1", "critical", time="May")]}, r"time 'May' is not ISO 8601"),
    "other categories": (
        {
            "predictions": [
                dataclasses.replace(predict("q1", [1, 0, 0, 0]), categories=STANCES[::-1])
            ]
        },
        r"categories are neutral, humanitarian, critical, supportive; the codebook has supportive,",
    ),
    "level": ({"level": 90}, r"level is 90; it takes a number between 0 and 1"),
    "draws": ({"n_draws": 10}, r"n_draws is 10; quantiles need at least 100"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_errors_say_what_and_where(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    with pytest.raises(DataError, match=message):
        measure_balance(**(labelled_article() | change), rng=np.random.default_rng(1))


rows = st.lists(
    st.lists(st.integers(0, 9), min_size=4, max_size=4)
    .filter(any)
    .map(lambda w: [x / sum(w) for x in w]),
    min_size=5,
    max_size=9,
)


@settings(max_examples=30, deadline=None)
@given(rows, st.sampled_from([None, ERROR]), st.integers(0, 9))
def test_properties(
    probabilities: list[list[float]], error: ExtractionError | None, seed: int
) -> None:
    article = predicted_article(probabilities)
    balance = measure(article, seed, extraction_error=error, n_draws=100)
    for row in balance.values:
        if row.value is not None:
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.value <= row.high
    for weight in ("quote", "word", "speaker"):
        shares = [value_of(balance, f"share_{name}", weight) for name in STANCES]
        if all(row.value is not None for row in shares):
            assert sum(row.value or 0 for row in shares) == pytest.approx(1)
        assert sum(row.naive or 0 for row in shares) == pytest.approx(1)
        roles = [value_of(balance, f"role_share_{name}", weight) for name in ROLES]
        if all(row.value is not None for row in roles):
            assert sum(row.value or 0 for row in roles) == pytest.approx(1)
    shuffled = dict(article)
    for name in ("quotes", "placements", "predictions"):
        shuffled[name] = random.Random(seed).sample(article[name], len(article[name]))
    assert measure(shuffled, seed, extraction_error=error, n_draws=100) == balance


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([None, ERROR]))
def test_order_of_input_is_no_matter(shuffler: random.Random, error: Any) -> None:
    article = labelled_article()
    expected = measure(article, extraction_error=error, n_draws=100)
    for name in ("quotes", "speakers", "placements", "labels"):
        article[name] = shuffler.sample(article[name], len(article[name]))
    assert measure(article, extraction_error=error, n_draws=100) == expected


def test_chance_of_an_article_depends_on_seed_and_article_only() -> None:
    one, again = (article_rng(seed=7, article_id="a").random(3).tolist() for _ in range(2))
    assert one == again
    assert one != article_rng(seed=7, article_id="b").random(3).tolist()
    assert one != article_rng(seed=8, article_id="a").random(3).tolist()


def test_extraction_error_widens_even_what_is_labelled() -> None:
    exact = value_of(measure(labelled_article()), "share_critical")
    with_error = value_of(measure(labelled_article(), extraction_error=ERROR), "share_critical")
    assert exact.low == exact.high
    assert with_error.low is not None
    assert with_error.high is not None
    assert with_error.low < 1 / 3 < with_error.high
    # Missed quotes have the mix of the found ones, so that the value hardly moves.
    assert with_error.value == pytest.approx(1 / 3, abs=0.05)


def test_a_missed_category_is_possible() -> None:
    # Ten neutral quotes for sure; one missed in five: some critical ones may be among them.
    article = predicted_article([[0, 0, 0, 1]] * 10)
    row = value_of(measure(article, extraction_error=ERROR, n_draws=4000), "share_critical")
    assert row.value is not None
    assert row.high is not None
    assert 0 < row.value < 0.02
    assert row.low == 0
