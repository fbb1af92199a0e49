"""Offsets into a text as it was annotated, moved to its canonical form."""

import bisect
from collections.abc import Iterable

from framing.articles import canonical_text
from framing.errors import DataError
from framing.records import Span

__all__ = ["CanonicalOffsets"]


class CanonicalOffsets:
    """The canonical form of a text, and where spans of the original lie in it.

    Making a text canonical changes blanks, and drops or composes characters; it never reorders.
    So the visible characters of any beginning of the original are the first visible characters
    of the canonical text, and a place between two characters is known by how many precede it.

    Attributes:
        raw: The text that offsets refer to.
        text: Its canonical form.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = canonical_text(raw)
        self._visible = [i for i, char in enumerate(self.text) if not char.isspace()]
        # Lines become canonical one by one, so that only the last one has to be cut.
        self._starts, self._before = [0], [0]
        for line in raw.split("\n"):
            self._before.append(self._before[-1] + _count_visible(canonical_text(line)))
            self._starts.append(self._starts[-1] + len(line) + 1)

    def move(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """The spans in the canonical text, in text order, freed of blanks at their ends.

        A span of nothing but blanks, or of characters that canonical text drops, has no place
        there and is left out.

        Raises:
            DataError: A span leaves the text.
        """
        moved = []
        for span in sorted(spans):
            if not 0 <= span.start < span.end <= len(self.raw):
                raise DataError(
                    f"span {list(span)} is empty or leaves the text, which ends at {len(self.raw)}"
                )
            first, stop = self._count_before(span.start), self._count_before(span.end)
            if first < stop:
                moved.append(Span(self._visible[first], self._visible[stop - 1] + 1))
        return tuple(moved)

    def _count_before(self, offset: int) -> int:
        line = bisect.bisect_right(self._starts, offset) - 1
        cut = canonical_text(self.raw[self._starts[line] : offset])
        return self._before[line] + _count_visible(cut)


def _count_visible(text: str) -> int:
    return sum(not char.isspace() for char in text)
