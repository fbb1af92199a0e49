import dataclasses
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.balance import ArticleTotals, article_totals, match_quotes
from framing.errors import DataError
from framing.records import Quote, Span
from tests.balance.invented import CODEBOOK, ROLES, label, predict, quote


def at(quote_id: str, *spans: tuple[int, int], speaker: str | None = "s1") -> Quote:
    return Quote(
        id=quote_id,
        article_id="a",
        kind="direct",
        content=tuple(Span(*span) for span in spans),
        speaker_id=speaker,
    )


def coded_article() -> dict[str, Any]:
    """Found q1 [0, 10), q2 [20, 30), q3 [40, 50); gold g1 [0, 12), g2 [60, 70), g3 [22, 30)."""
    return {
        "article_id": "a",
        "group": "Harbour Post",
        "variable": "stance",
        "quotes": [at("q1", (0, 10)), at("q2", (20, 30), speaker=None), at("q3", (40, 50))],
        "predictions": [
            predict("q1", [0.6, 0.4, 0, 0]),
            predict("q2", [0.5, 0.5, 0, 0]),
            predict("q3", [0, 0, 0.2, 0.8]),
            predict("other", [1, 0, 0, 0]),
            predict("s1", [1.0] + [0.0] * 8, "role"),
        ],
        "gold_quotes": [
            at("g1", (0, 12), speaker="p1"),
            at("g2", (60, 70), speaker="p2"),
            at("g3", (22, 30), speaker=None),
        ],
        "labels": [
            label("g1", "supportive"),
            label("g2", "humanitarian"),
            label("g3", "critical"),
            label("g3", "neutral", annotator="b"),
            label("p1", "military", "role"),
            label("p2", "media", "role"),
        ],
        "codebook": CODEBOOK,
    }


def test_totals_by_hand() -> None:
    totals = article_totals(**coded_article())
    assert totals.expected == pytest.approx((1.1, 0.9, 0.2, 0.8))
    assert totals.counted == (2, 0, 0, 1)  # q2's tie goes to the first category
    assert totals.gold == (1, 1, 1, 0)
    # q1 = g1 (10 of 12), q2 = g3 (8 of 10), q3 made up (neutral), g2 missed (humanitarian).
    assert totals.matches == (
        (1, 1, 0, 0, 0),
        (0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0),
        (0, 0, 0, 0, 1),
        (0, 0, 1, 0, 0),
    )


def test_roles_count_by_quote_and_unknown_speakers_by_default() -> None:
    totals = article_totals(**coded_article() | {"variable": "role"})
    by_name = dict(zip(ROLES, totals.counted, strict=True))
    assert by_name == dict.fromkeys(ROLES, 0) | {ROLES[0]: 2, "unspecified": 1}
    assert totals.gold is not None
    gold = dict(zip(ROLES, totals.gold, strict=True))
    assert gold == dict.fromkeys(ROLES, 0) | {"military": 1, "media": 1, "unspecified": 1}


def test_uncoded_is_not_the_same_as_no_gold_quote() -> None:
    article = coded_article()
    assert article_totals(**article | {"gold_quotes": None}).gold is None
    none = article_totals(**article | {"gold_quotes": []})
    assert none.gold == (0, 0, 0, 0)
    nothing = article_totals(**article | {"quotes": [], "gold_quotes": []})
    assert (nothing.expected, nothing.counted) == ((0, 0, 0, 0), (0, 0, 0, 0))


def test_labels_do_not_replace_predictions() -> None:
    article = coded_article()
    article["labels"] = [*article["labels"], label("q1", "critical")]
    assert article_totals(**article) == article_totals(**coded_article())


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "training": (
        {
            "predictions": [
                dataclasses.replace(predict("q1", [1, 0, 0, 0]), basis="training"),
                *coded_article()["predictions"][1:],
            ]
        },
        r"article 'a': the prediction of stance for 'q1' is by a model that was trained on this",
    ),
    "no prediction": ({"predictions": []}, r"quote 'q1' has no stance: neither a label nor a pred"),
    "not adjudicated": (
        {"labels": [label("g1", "critical", annotator="b")]},
        r"quote 'g1' was coded but has no stance by 'adjudicated'; adjudicate every quote",
    ),
    "foreign quote": (
        {"quotes": [dataclasses.replace(quote(1), article_id="b")]},
        r"article 'a': 'q1' belongs to article 'b'",
    ),
    "probability": ({"probability": 0.0}, r"probability is 0.0; it takes \(0, 1\]"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_errors_say_what_and_where(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    with pytest.raises(DataError, match=message):
        article_totals(**coded_article() | change)


def test_totals_that_do_not_add_up_are_refused() -> None:
    totals = article_totals(**coded_article())
    with pytest.raises(DataError, match="matches do not sum to the gold totals"):
        dataclasses.replace(totals, gold=(3, 0, 0, 0))
    with pytest.raises(DataError, match="gold and matches go together"):
        dataclasses.replace(totals, gold=None)
    with pytest.raises(DataError, match="4 categories with 1 expected"):
        dataclasses.replace(totals, expected=(1.0,))


def test_matching_takes_the_largest_overlap_and_each_quote_once() -> None:
    gold = [at("g1", (0, 10), (20, 30))]
    # Halves of 20 characters: 10 / 20 both; and 18 of 20.
    assert match_quotes([at("q1", (0, 10)), at("q2", (20, 30))], gold) == ((0, 0),)
    assert match_quotes([at("q1", (0, 10)), at("q2", (0, 9), (21, 30))], gold) == ((1, 0),)
    assert match_quotes([at("q1", (0, 9))], gold) == ()
    assert match_quotes([], gold) == ()


@given(st.randoms(use_true_random=False))
def test_order_of_input_is_no_matter(shuffler: random.Random) -> None:
    article: dict[str, Any] = coded_article()
    expected: ArticleTotals = article_totals(**article)
    for name in ("quotes", "predictions", "gold_quotes", "labels"):
        article[name] = shuffler.sample(article[name], len(article[name]))
    shuffled = article_totals(**article)
    assert shuffled.expected == pytest.approx(expected.expected)
    assert dataclasses.replace(shuffled, expected=expected.expected) == expected
