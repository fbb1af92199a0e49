import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.quotes.segments import find_paragraphs, find_sentences, span_at
from framing.records import Span


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in find_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("No stop at all", ["No stop at all"]),
        ("One. Two? Three! Four…", ["One.", "Two?", "Three!", "Four…"]),
        ("Dr. Karst left. He ran.", ["Dr. Karst left.", "He ran."]),
        ("J. R. Sand left. He ran.", ["J. R. Sand left.", "He ran."]),
        ("He went to the U.S. The rain fell.", ["He went to the U.S.", "The rain fell."]),
        ("The U.S. Army left.", ["The U.S. Army left."]),
        ("At 5 p.m. they left.", ["At 5 p.m. they left."]),
        ("It cost 3.5 crowns.", ["It cost 3.5 crowns."]),
        ("“Go.” He went.", ["“Go.”", "He went."]),
        ("“Why?” he asked. Rain.", ["“Why?” he asked.", "Rain."]),
        ("One\n\nTwo", ["One", "Two"]),
        ("said Dr.\n\nEmma Karst.", ["said Dr.\n\nEmma Karst."]),
        ("the men,\n\nwho ran.", ["the men,\n\nwho ran."]),
        ("He left.\n\nShe stayed.", ["He left.", "She stayed."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_paragraphs() -> None:
    assert find_paragraphs("") == []
    assert find_paragraphs("one\ntwo\n\nthree") == [Span(0, 7), Span(9, 14)]


def test_span_at_is_the_last_that_starts_before() -> None:
    spans = [Span(2, 5), Span(6, 9)]
    assert [span_at(spans, position) for position in (0, 2, 5, 6, 20)] == [0, 0, 0, 1, 1]


@given(st.text(alphabet=st.sampled_from('aB.!?…,;: \n"”“’Dr') | st.characters()))
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    spans = find_sentences(text)
    end = 0
    for span in spans:
        assert span.start >= end
        assert not text[end : span.start].strip()
        end = span.end
    assert not text[end:].strip()
