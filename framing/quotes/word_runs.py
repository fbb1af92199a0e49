r"""Spans of a text as runs of words, by which spans are compared, tagged and told apart.

A word is `\w+`, or one other visible character; it belongs to a span when they share a character.
So blanks at the ends of a span, or a gap of nothing but blanks, make no difference.
"""

import bisect
import re
from collections.abc import Iterable

from framing.records import Span

__all__ = ["Runs", "TextWords"]

_WORD = re.compile(r"\w+|[^\w\s]")

Runs = tuple[tuple[int, int], ...]


class TextWords:
    """The words of one text.

    Attributes:
        words: In order, as spans of the text.
    """

    def __init__(self, text: str) -> None:
        self.words = [Span(*match.span()) for match in _WORD.finditer(text)]
        self._starts = [word.start for word in self.words]
        self._ends = [word.end for word in self.words]

    def runs(self, spans: Iterable[Span]) -> Runs:
        """Half-open ranges of words, in text order; ranges that touch are one."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            first = bisect.bisect_right(self._ends, start)
            stop = bisect.bisect_left(self._starts, end)
            if first >= stop:  # nothing but blanks
                continue
            if merged and first <= merged[-1][1]:
                first, stop = merged[-1][0], max(stop, merged.pop()[1])
            merged.append((first, stop))
        return tuple(merged)

    def places(self, spans: Iterable[Span]) -> frozenset[int]:
        """Places of the words of the spans."""
        return frozenset(i for first, stop in self.runs(spans) for i in range(first, stop))

    def next_word(self, position: int) -> int:
        """Place of the first word that begins at a position of the text or after it."""
        return bisect.bisect_left(self._starts, position)

    def span(self, first: int, stop: int) -> Span:
        """The characters of a run of at least one word."""
        return Span(self.words[first].start, self.words[stop - 1].end)
