"""Found quotes and their speakers, against counts made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.metrics.found_quotes import (
    count_found_quotes,
    is_same_speaker,
    judge_speaker,
    match_quotes,
)
from framing.metrics.spans import Counts
from framing.records import Quote, Span, Speaker

TEXT = "one two three four five six seven eight"


def words(first: int, last: int) -> tuple[Span, ...]:
    """The span from one word to another, counted from 1."""
    bounds = [(0, 3), (4, 7), (8, 13), (14, 18), (19, 23), (24, 27), (28, 33), (34, 39)]
    return (Span(bounds[first - 1][0], bounds[last - 1][1]),)


@pytest.mark.parametrize(
    ("gold", "predicted", "found"),
    [
        (words(1, 4), words(1, 4), True),
        (words(1, 4), words(1, 2), True),  # 2 of 4: half is enough
        (words(1, 4), words(3, 6), False),  # 2 of 6
        (words(1, 4), words(2, 5), True),  # 3 of 5
        (words(1, 4), words(5, 8), False),
        (words(1, 2) + words(5, 6), words(1, 6), True),  # 4 of 6, over both pieces
    ],
)
def test_half_of_the_union(
    gold: tuple[Span, ...], predicted: tuple[Span, ...], found: bool
) -> None:
    assert match_quotes(TEXT, [gold], [predicted]) == (((0, 0),) if found else ())


def test_one_to_one_best_first() -> None:
    # Shares with gold words 1-4: 2/4 and 3/4, so the second is taken; with words 5-8: 4/4.
    predicted = [words(1, 2), words(1, 3), words(5, 8)]
    assert match_quotes(TEXT, [words(1, 4), words(5, 8)], predicted) == ((0, 1), (1, 2))


def test_a_word_cut_in_two_is_not_shared() -> None:
    assert match_quotes("mountains", [(Span(0, 9),)], [(Span(0, 5),)]) == ()


def test_another_share_can_be_asked_for() -> None:
    assert match_quotes(TEXT, [words(1, 4)], [words(1, 3)], min_share=0.8) == ()


def test_kinds_are_counted_by_each_sides_own_kind() -> None:
    counted = count_found_quotes(
        ["direct", "indirect", "indirect"],
        ["mixed", "indirect", "direct"],
        [(0, 1), (1, 0)],  # a direct one found as indirect, an indirect one as mixed
        kinds=("direct", "mixed"),
    )
    # predicted direct or mixed: numbers 0 and 2, of which 0 is paired;
    # coded direct or mixed: number 0, which is found
    assert counted == Counts(predicted=2, correct=1, gold=1, recalled=1)


@pytest.mark.parametrize(
    ("name", "accepted", "same"),
    [
        ("Ada Lovell", ["Lovell"], True),  # last word of the accepted one
        ("Lovell", ["Ada Lovell"], True),
        ("Gen. Ada Lovell", ["General Lovell"], True),
        ("Ada Lovell", ["Ada Byron"], False),  # 1 of 3 words, and not the last
        ("Ada Byron Lovell", ["Ada Byron Kent"], True),  # 2 of 4 words
        ("José Ibáñez", ["IBÁÑEZ"], True),
        ("the President", ["the President"], False),  # nothing is left to compare
        ("Ministry of Transport", ["the transport ministry"], True),
        ("Ada", [], False),
        ("", ["Ada"], False),
        ("Ada Byron", ["Lovell", "Byron"], True),  # any of several
    ],
)
def test_same_speaker(name: str, accepted: list[str], same: bool) -> None:
    assert is_same_speaker(name, accepted) is same


def test_verdict_on_a_speaker() -> None:
    people = {
        "s1": Speaker(id="s1", article_id="a", name="Lovell", description="a retired pilot"),
        "s2": Speaker(
            id="s2", article_id="a", name="a man", description="a retired pilot", kind="unnamed"
        ),
    }

    def quote(speaker_id: str | None) -> Quote:
        return Quote(
            id="q", article_id="a", kind="direct", content=words(1, 1), speaker_id=speaker_id
        )

    assert judge_speaker(quote("s1"), people, ["Ada Lovell"]) == "right"
    assert judge_speaker(quote("s1"), people, ["a pilot"]) == "wrong"  # a person goes by name
    assert judge_speaker(quote("s2"), people, ["a pilot"]) == "right"  # others by both
    assert judge_speaker(quote(None), people, ["Ada Lovell"]) == "unknown"


CONTENTS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 8)).map(lambda ends: words(min(ends), max(ends))),
    max_size=5,
    unique=True,
)


@given(CONTENTS)
def test_every_quote_finds_itself(contents: list[tuple[Span, ...]]) -> None:
    assert match_quotes(TEXT, contents, contents) == tuple((i, i) for i in range(len(contents)))


@given(CONTENTS, CONTENTS)
def test_pairs_are_one_to_one(
    gold: list[tuple[Span, ...]], predicted: list[tuple[Span, ...]]
) -> None:
    pairs = match_quotes(TEXT, gold, predicted)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
