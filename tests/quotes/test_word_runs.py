"""Words of a text, and spans as runs of them."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from framing.quotes.word_runs import TextWords
from framing.records import Span

TEXTS = st.text(alphabet="aé好9_ .,“”-'\n\u200b\u0301👍\u00a0", max_size=20)


def words(text: str) -> list[str]:
    return [word.of(text) for word in TextWords(text).words]


def test_a_word_is_letters_and_digits_or_one_other_sign() -> None:
    assert words("“It's 4.5%,” Ada-Mae_2 said…") == [
        "“", "It", "'", "s", "4", ".", "5", "%", ",", "”", "Ada", "-", "Mae_2", "said", "…",
    ]  # fmt: skip
    assert words(" \n\u00a0") == []
    assert words("") == []


@given(TEXTS)
def test_nothing_visible_is_lost_or_doubled(text: str) -> None:
    found = TextWords(text).words
    assert "".join(word.of(text) for word in found) == "".join(text.split())
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@given(TEXTS, st.data())
def test_a_run_is_what_its_characters_are(text: str, data: st.DataObject) -> None:
    found = TextWords(text)
    if not found.words:
        return
    first = data.draw(st.integers(0, len(found.words) - 1))
    stop = data.draw(st.integers(first + 1, len(found.words)))
    assert found.runs([found.span(first, stop)]) == ((first, stop),)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=4))
def test_a_word_is_in_spans_that_it_shares_a_character_with(
    text: str, drawn: list[tuple[int, int]]
) -> None:
    found = TextWords(text)
    spans = [Span(start, start + length) for start, length in drawn]
    within = {
        place
        for place, word in enumerate(found.words)
        if any(word.start < span.end and span.start < word.end for span in spans)
    }
    assert found.places(spans) == within
    runs = found.runs(spans)
    assert {i for first, stop in runs for i in range(first, stop)} == within
    assert all(one[1] < other[0] for one, other in itertools.pairwise(runs))


def test_blanks_do_not_matter_and_runs_that_touch_are_one() -> None:
    # words 0 Rain 1 is 2 near
    found = TextWords("Rain  is\n near")
    assert found.runs([Span(0, 8)]) == found.runs([Span(0, 9)]) == ((0, 2),)
    assert found.runs([Span(9, 14), Span(0, 4)]) == ((0, 1), (2, 3))
    assert found.runs([Span(6, 8), Span(0, 4)]) == ((0, 2),)
    assert found.runs([Span(4, 6)]) == ()
    assert found.runs([]) == ()
    assert found.runs([Span(1, 2)]) == ((0, 1),)  # within a word


@given(TEXTS, st.integers(0, 22))
def test_the_next_word_is_the_first_that_begins_there_or_later(text: str, position: int) -> None:
    found = TextWords(text)
    later = [i for i, word in enumerate(found.words) if word.start >= position]
    assert found.next_word(position) == (later[0] if later else len(found.words))
