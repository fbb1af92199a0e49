"""Offsets moved to canonical text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.articles import canonical_text
from framing.dataset import CanonicalOffsets
from framing.errors import DataError
from framing.records import Span

RAW = "\n\nRain \r\n\r\n\r\n\r\nis\u200b  coming, cafe\u0301s say.  \n"
# canonical: "Rain\n\nis  coming, cafés say."


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("Rain", "Rain"),
        ("Rain \r\n\r\n\r\n\r\nis", "Rain\n\nis"),
        ("\n\nRain ", "Rain"),
        ("coming", "coming"),
        ("cafe\u0301s", "cafés"),
        ("is\u200b  ", "is"),
    ],
)
def test_a_span_keeps_its_words(raw: str, canonical: str) -> None:
    offsets = CanonicalOffsets(RAW)
    assert offsets.text == canonical_text(RAW)
    start = RAW.index(raw)
    (moved,) = offsets.move([Span(start, start + len(raw))])
    assert moved.of(offsets.text) == canonical


def test_what_canonical_text_drops_has_no_place() -> None:
    start = RAW.index("\u200b")
    assert CanonicalOffsets(RAW).move([Span(0, 2), Span(start, start + 1)]) == ()


def test_spans_come_back_in_text_order() -> None:
    assert CanonicalOffsets("ab cd").move([Span(3, 5), Span(0, 2)]) == (Span(0, 2), Span(3, 5))


@pytest.mark.parametrize("span", [Span(3, 9), Span(4, 4), Span(-1, 2)])
def test_a_span_outside_the_text_is_refused(span: Span) -> None:
    with pytest.raises(DataError, match="is empty or leaves the text, which ends at 5"):
        CanonicalOffsets("ab cd").move([span])


@given(st.text(alphabet="ab é\t\n\r\u200b\u2028\x85“.", max_size=40), st.data())
def test_moved_words_are_the_canonical_words(raw: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(raw) - 1)))
    end = data.draw(st.integers(min(start + 1, len(raw)), len(raw)))
    if start >= end:
        return
    offsets = CanonicalOffsets(raw)
    moved = "".join(span.of(offsets.text) for span in offsets.move([Span(start, end)]))
    assert moved.split() == canonical_text(raw[start:end]).split() or "".join(
        moved.split()
    ) == "".join(canonical_text(raw[start:end]).split())
