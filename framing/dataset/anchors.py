"""Spans that can be published without their text, and found again in another copy of it.

An anchor says where a span lies in the canonical text, how long it is, and gives hashes of the
covered text and of the 32 characters before and after it. Length and hashes are of the *folded*
text: without blanks and line breaks, with straight quotation marks, plain hyphens for dashes (one
for a run of them) and three full stops for an ellipsis. So a copy whose lines are broken
elsewhere, or whose quotation marks were straightened, has the same hashes.

A hash is the first 16 hexadecimal digits of sha256 over UTF-8. Words as short as "said" can be
guessed from theirs; a sentence cannot.
"""

import bisect
import collections
import dataclasses
import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from framing.errors import DataError
from framing.records import Span

__all__ = ["Anchor", "FoldedText", "find_anchors", "make_anchor"]

_CONTEXT = 32  # characters hashed before and after
_MIN_ALONE = 20  # folded characters that identify a span without its surroundings
_HASH = re.compile(r"[0-9a-f]{16}")
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A span without its text.

    Attributes:
        start: First code point in the canonical text.
        end: Code point after the last.
        length: Characters of folded text that it covers.
        text: Hash of these.
        before: Hash of the 32 folded characters before, fewer at the beginning of the text.
        after: Hash of the 32 folded characters after, fewer at its end.
    """

    start: int
    end: int
    length: int
    text: str
    before: str
    after: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.length < 1:
            raise DataError(
                f"anchor [{self.start}, {self.end}) of length {self.length}: it takes "
                "0 <= start < end and a length of 1 or more"
            )
        for name in ("text", "before", "after"):
            if not _HASH.fullmatch(getattr(self, name)):
                raise DataError(
                    f"anchor [{self.start}, {self.end}): {name} is {getattr(self, name)!r}; it "
                    "takes 16 hexadecimal digits"
                )

    @property
    def span(self) -> Span:
        """Where it lies in the text that was coded."""
        return Span(self.start, self.end)


class FoldedText:
    """A text without what copies of it differ in, and where each of its characters comes from.

    Attributes:
        raw: The text that spans refer to.
        text: The folded text.
        places: For each character of `text`, its offset in `raw`.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw
        folded: list[str] = []
        self.places: list[int] = []
        for i, char in enumerate(raw):
            if char.isspace():
                continue
            for piece in _fold(char):
                if piece == "-" and folded and folded[-1] == "-":
                    continue
                folded.append(piece)
                self.places.append(i)
        self.text = "".join(folded)

    def window(self, span: Span) -> tuple[int, int]:
        """The folded characters that a span covers, as a half-open range."""
        return bisect.bisect_left(self.places, span.start), bisect.bisect_left(
            self.places, span.end
        )

    def span(self, start: int, stop: int) -> Span:
        """The span of the raw text that a range of folded characters comes from."""
        return Span(self.places[start], self.places[stop - 1] + 1)

    def before(self, i: int) -> str:
        """Hash of the folded characters before the i-th."""
        return _hash(self.text[max(0, i - _CONTEXT) : i])

    def after(self, i: int) -> str:
        """Hash of the folded characters from the i-th on."""
        return _hash(self.text[i : i + _CONTEXT])

    @functools.cached_property
    def starts_by_context(self) -> dict[str, list[int]]:
        """Places by the hash of what stands before them."""
        return _index(self.before(i) for i in range(len(self.text) + 1))

    @functools.cached_property
    def ends_by_context(self) -> dict[str, list[int]]:
        """Places by the hash of what follows them."""
        return _index(self.after(i) for i in range(len(self.text) + 1))


def make_anchor(folded: FoldedText, span: Span) -> Anchor:
    """The anchor of a span.

    Raises:
        DataError: The span leaves the text or covers nothing that can be seen.
    """
    start, stop = folded.window(span)
    if span.end > len(folded.raw) or start >= stop:
        raise DataError(
            f"span {list(span)} covers nothing visible of a text of {len(folded.raw)} characters"
        )
    return Anchor(
        start=span.start,
        end=span.end,
        length=stop - start,
        text=_hash(folded.text[start:stop]),
        before=folded.before(start),
        after=folded.after(stop),
    )


def find_anchors(folded: FoldedText, anchors: Sequence[Anchor]) -> list[Span | None]:
    """Find spans in a copy of the text that was coded.

    A place is taken when the covered text has the anchor's hash and so has the context on at
    least one side, or when the covered text is long (20 folded characters) and stands there
    only once. Where several places fit equally well, the spans found beyond doubt decide: the
    order of spans is that of the text that was coded. What is still in doubt is not found.

    Args:
        folded: The copy.
        anchors: Of one article, in any order.

    Returns:
        A span of the copy for each anchor, or None.
    """
    fitting = [_fitting_starts(folded, anchor) for anchor in anchors]
    sure = sorted(
        (anchor.start, anchor.end, starts[0], starts[0] + anchor.length)
        for anchor, starts in zip(anchors, fitting, strict=True)
        if len(starts) == 1
    )
    found: list[Span | None] = []
    for anchor, starts in zip(anchors, fitting, strict=True):
        places = starts
        if len(starts) > 1:
            low = max((stop for _, end, _, stop in sure if end <= anchor.start), default=0)
            high = min(
                (begin for start, _, begin, _ in sure if start >= anchor.end),
                default=len(folded.text),
            )
            places = [i for i in starts if low <= i and i + anchor.length <= high]
        one = len(places) == 1
        found.append(folded.span(places[0], places[0] + anchor.length) if one else None)
    return found


def _fitting_starts(folded: FoldedText, anchor: Anchor) -> list[int]:
    """Starts of the places that fit best."""
    n = anchor.length
    scores: collections.Counter[int] = collections.Counter()
    for start in folded.starts_by_context.get(anchor.before, ()):
        scores[start] += 1
    for stop in folded.ends_by_context.get(anchor.after, ()):
        scores[stop - n] += 1
    for score in (2, 1):
        starts = [i for i, s in scores.items() if s == score and _covers(folded, i, anchor)]
        if starts:
            return starts
    if n < _MIN_ALONE:  # "he said" stands everywhere
        return []
    return [i for i in range(len(folded.text) - n + 1) if _covers(folded, i, anchor)]


def _covers(folded: FoldedText, start: int, anchor: Anchor) -> bool:
    stop = start + anchor.length
    inside = start >= 0 and stop <= len(folded.text)
    return inside and _hash(folded.text[start:stop]) == anchor.text


def _index(hashes: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for i, value in enumerate(hashes):
        places.setdefault(value, []).append(i)
    return places


@functools.cache
def _fold(char: str) -> str:
    return unicodedata.normalize("NFKC", char.translate(_FOLDED)).translate(_FOLDED)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
