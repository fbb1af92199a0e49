"""The paragraphs around some words of an article, cut to what a coder can take in."""

from collections.abc import Iterable, Iterator, Sequence

from framing.records import Span

__all__ = ["Piece", "quote_context"]

Piece = tuple[str, bool]  # words, and whether they are those that the context is of

_GAP = " […] "
_WORDS_AROUND = 250  # characters that stay on either side where whole paragraphs are too long


def quote_context(
    text: str, spans: Sequence[Span], *, n_around: int = 1, max_length: int = 1500
) -> tuple[Piece, ...]:
    """The paragraphs that hold the spans, and those around, as pieces in text order.

    Where this is longer than `max_length`, the paragraphs around are left out, then all but some
    words about each span, then the later spans; "[…]" stands for what is left out in between.

    Args:
        text: Of the article; a line is a paragraph.
        spans: To be highlighted; without any, the context is empty.
        n_around: Paragraphs before and after.
        max_length: In characters, which "[…]" and the first span may exceed.
    """
    if not spans:
        return ()
    ranges: list[Span] = []
    for n in (n_around, 0):
        ranges = _paragraphs(text, spans, n)
        if sum(end - start for start, end in ranges) <= max_length:
            return tuple(_pieces(text, ranges, spans))
    near: list[Span] = []
    room = max_length
    for start, end in sorted(spans):
        home = next((r for r in ranges if r.start <= start < r.end), Span(start, end))
        one = Span(
            max(home.start, start - _WORDS_AROUND), max(end, min(home.end, end + _WORDS_AROUND))
        )
        room -= one.end - one.start
        if near and room < 0:
            break
        near.append(one)
    return tuple(_pieces(text, _merge(near), spans))


def _paragraphs(text: str, spans: Iterable[Span], n_around: int) -> list[Span]:
    lines = list(_lines(text))
    wanted: set[int] = set()
    for span in spans:
        hit = [n for n, line in enumerate(lines) if line.start < span.end and span.start < line.end]
        for n in hit:
            wanted |= set(range(n - n_around, n + n_around + 1))
    return _merge([lines[n] for n in sorted(wanted) if 0 <= n < len(lines)], gap=2)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield Span(start, start + len(line))
        start += len(line) + 1


def _merge(ranges: Iterable[Span], gap: int = 0) -> list[Span]:
    """Ranges in order, those that touch (or are `gap` characters apart) as one."""
    merged: list[Span] = []
    for one in sorted(ranges):
        if merged and one.start <= merged[-1].end + gap:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def _pieces(text: str, ranges: Sequence[Span], spans: Iterable[Span]) -> Iterator[Piece]:
    marked = _merge(spans)
    for n, (start, end) in enumerate(ranges):
        if n or text[:start].strip():
            yield (_GAP if n else _GAP.lstrip()), False
        at = start
        for span in marked:
            first, last = max(span.start, at), min(span.end, end)
            if first < last:
                if at < first:
                    yield text[at:first], False
                yield text[first:last], True
                at = last
        if at < end:
            yield text[at:end], False
    if ranges and text[ranges[-1].end :].strip():
        yield _GAP.rstrip(), False
