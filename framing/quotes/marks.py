"""Quotation marks: which stretches of an article stand in them.

Handles straight, curly, low and angle marks, single marks with apostrophes inside, quotations
that run over paragraphs (each opens anew, only the last closes), quotations broken by a wrong
paragraph break, and marks that are never closed. Marks inside a quotation belong to it.
"""

import dataclasses
import re

from framing.quotes.segments import find_paragraphs
from framing.records import Span

__all__ = ["Quotation", "UnclosedMark", "find_quotations", "is_title"]

# A quotation that is longer than this is a lost closing mark, not speech.
_LONGEST = 6000
_CLOSERS = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’", "'": "'"}
_MARK = re.compile(r"[\"“”„«»‘’']|``|''")
_DOUBLE = re.compile('[“”"]')
_LONGEST_TITLE = 80
_WORDS = re.compile(r"[^\W\d_]+")
_WORD_BEFORE = re.compile(r"[^\W_]+(?:['’]s?)?\s*$")
_NAME_AFTER = re.compile(r"\s[A-Z]")
_BEFORE_TITLES = frozenset(
    "on in of told film book novel movie song play show program programme podcast series album "
    "titled entitled called documentary memoir essay article column report".split()
)
_APOSTROPHE_WORDS = re.compile(
    r"(?:em|til|tis|twas|cause|bout|round|n|[0-9]0s|[0-9]{2})\b", re.IGNORECASE
)


@dataclasses.dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of text in quotation marks.

    Attributes:
        parts: One span for each paragraph it runs over, quotation marks included.
        closed: Whether the last part ends in a closing mark.
    """

    parts: tuple[Span, ...]
    closed: bool

    @property
    def start(self) -> int:
        """First code point, the opening mark."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.parts[-1].end


@dataclasses.dataclass(frozen=True, slots=True)
class UnclosedMark:
    """An opening mark without a believable end."""

    position: int


def find_quotations(text: str) -> tuple[list[Quotation], list[UnclosedMark]]:
    """Quotations in text order, not overlapping, and the opening marks that were given up."""
    paragraphs = find_paragraphs(text)
    found: list[Quotation] = []
    unclosed: list[UnclosedMark] = []
    index, position = 0, 0
    while index < len(paragraphs):
        paragraph = paragraphs[index]
        position = max(position, paragraph.start)
        opening = _next_opening(text, position, paragraph.end)
        if opening is None:
            index += 1
            continue
        mark, start = opening
        end = _closing(text, mark, start + len(mark), paragraph.end)
        if end is not None:
            found.append(Quotation((Span(start, end),), closed=True))
            position = end
            continue
        # Single marks that do not close are apostrophes, or too doubtful to cross a paragraph;
        # curly ones are looked at once more.
        if mark == "'":
            position = start + 1
            continue
        run = _over_paragraphs(text, mark, start, index, paragraphs)
        if run is not None:
            quotation, index = run
            found.append(quotation)
            position = quotation.end
            continue
        if _speech_to_paragraph_end(text, mark, start, paragraph.end):
            found.append(Quotation((Span(start, paragraph.end),), closed=False))
            index += 1
            continue
        unclosed.append(UnclosedMark(start))
        position = start + 1
    return found, unclosed


def is_title(text: str, quotation: Quotation) -> bool:
    """Whether the words in the marks are a name (a work's, a nickname) or a cross-heading.

    A nickname stands between capitalised words ("Ray “Dutch” Keller"); a title has its long words
    capitalised and follows a preposition, a possessive or a word for what is titled.
    """
    start, end = quotation.start, quotation.end
    if end - start > _LONGEST_TITLE or len(quotation.parts) > 1:
        return False
    if text[start + 1 : end - 1].isupper() and text[start - 2 : start] in ("\n\n", ""):
        return True  # a cross-heading
    words = _WORDS.findall(text, start + 1, end - 1)
    if not words or not all(word[0].isupper() for word in words if len(word) > 3):
        return False
    if not words[0][0].isupper():
        return False
    before = _WORD_BEFORE.search(text, max(0, start - 30), start)
    if before is None:
        return False
    last = before[0].strip()
    if last[0].isupper() and _NAME_AFTER.match(text, end) and len(words) <= 2:
        return True
    titled = last.lower() in _BEFORE_TITLES or last.endswith(("'s", "’s", "s'", "s’"))
    return len(words) > 1 and titled


def _next_opening(text: str, position: int, end: int) -> tuple[str, int] | None:
    for match in _MARK.finditer(text, position, end):
        mark, start = match[0], match.start()
        if mark in ("“", "„", "«", "``"):
            return mark, start
        before = text[start - 1] if start else " "
        after = text[start + len(mark)] if start + len(mark) < len(text) else " "
        if mark == '"' and not after.isspace() and (not before.isalnum() or after.isupper()):
            return mark, start
        if (
            mark in "‘'"
            and not before.isalnum()
            and before not in ".,!?’"
            and (after.isalnum() or after in '“"[….$£€')
            and not _APOSTROPHE_WORDS.match(text, start + 1)
        ):
            return mark, start
    return None


def _closing(text: str, mark: str, position: int, end: int) -> int | None:
    """End of a quotation opened before `position`, within [position, end), or None."""
    if mark == "“":
        return _closing_curly(text, position, end)
    if mark == '"':
        return _closing_straight(text, position, end)
    if mark in "‘'" and len(mark) == 1:
        return _closing_single(text, mark, position, end)
    closers = "''" if mark == "``" else _CLOSERS[mark]
    if mark == "``":
        at = text.find("''", position, end)
        return at + 2 if at >= 0 else None
    for at in range(position, end):
        if text[at] in closers:
            return at + 1
    return None


def _closing_curly(text: str, position: int, end: int) -> int | None:
    depth = 1
    first_close = None  # taken when marks opened inside never close
    for match in _DOUBLE.finditer(text, position, end):
        if match[0] == "”" and first_close is None:
            first_close = match.end()
        if match[0] == "“":
            # A second opening mark without a close is a slip for a close where it looks like one.
            before = text[match.start() - 1]
            if (
                before in ".,!?"
                and depth == 1
                and (match.end() == end or text[match.end()].isspace())
            ):
                return match.end()
            depth += 1
        elif match[0] == "”":
            depth -= 1
            if depth == 0:
                return match.end()
        elif depth == 1 and _closes_straight(text, match.start(), end):
            return match.end()
    return first_close


def _closing_straight(text: str, position: int, end: int) -> int | None:
    nested = 0  # curly marks opened inside
    for match in _DOUBLE.finditer(text, position, end):
        if match[0] == "“":
            nested += 1
        elif match[0] == "”":
            nested -= 1
            if nested < 0:
                return match.end()  # opened straight, closed curly
        elif _closes_straight(text, match.start(), end):
            return match.end()
    return None


def _closes_straight(text: str, at: int, end: int) -> bool:
    before = text[at - 1]
    after = text[at + 1] if at + 1 < end else " "
    return (not before.isspace() and before not in "([") or after in " ,.;:!?)\n"


def _closing_single(text: str, mark: str, position: int, end: int) -> int | None:
    """Closing single mark: an apostrophe is told from it by what stands around it.

    Candidates are marks after a non-blank and before a blank or punctuation. Of these the first
    after punctuation closes; a plural possessive ("soldiers' families") closes only when nothing
    better follows before the next opening mark.
    """
    closer = _CLOSERS[mark]
    doubtful = None
    depth = 0  # double marks opened inside
    for match in re.compile(f'[{closer}{mark}“”"]').finditer(text, position, end):
        at = match.start()
        if match[0] in '“”"':
            depth += {"“": 1, "”": -1}.get(match[0], 0)
            continue
        before = text[at - 1]
        after = text[at + 1] if at + 1 < end else " "
        if match[0] == mark and mark != closer and not before.isalnum() and after.isalnum():
            if doubtful is not None:
                return doubtful
            continue  # the next one opens; ours may be nested around it
        if match[0] != closer or before.isspace() or after.isalnum():
            continue
        if depth > 0:
            continue
        if before in "sz" and after == " " and text[at + 2 : at + 3].islower():
            doubtful = doubtful or match.end()
            continue
        return match.end()
    return doubtful


def _over_paragraphs(
    text: str, mark: str, start: int, index: int, paragraphs: list[Span]
) -> tuple[Quotation, int] | None:
    """A quotation that closes in a later paragraph, and that paragraph's index."""
    parts = [Span(start, paragraphs[index].end)]
    for later in range(index + 1, len(paragraphs)):
        paragraph = paragraphs[later]
        if paragraph.end - start > _LONGEST:
            return None
        reopened = text.startswith(mark, paragraph.start)
        inside = paragraph.start + (len(mark) if reopened else 0)
        if not reopened:
            # Only a wrong break: the close must come before anything opens.
            opening = _next_opening(text, inside, paragraph.end)
            close = _closing(text, mark, inside, paragraph.end)
            if close is None or (opening is not None and opening[1] < close - 1):
                return None
            if mark == '"' and not _looks_broken(text, parts[-1].end):
                return None
            parts.append(Span(paragraph.start, close))
            return Quotation(tuple(parts), closed=True), later
        close = _closing(text, mark, inside, paragraph.end)
        if close is not None:
            parts.append(Span(paragraph.start, close))
            return Quotation(tuple(parts), closed=True), later
        parts.append(paragraph)
    return None


def _looks_broken(text: str, end: int) -> bool:
    return text[end - 1] in ".!?,;…" or text[end - 1].isalnum()


def _speech_to_paragraph_end(text: str, mark: str, start: int, end: int) -> bool:
    """Whether an unclosed mark at the head of a paragraph or after a cue opens a last sentence."""
    if mark == "‘":
        return False
    head = text[start + len(mark) : start + len(mark) + 1]
    before = text[max(0, start - 2) : start].strip()
    at_head = start == 0 or text[start - 1] == "\n"
    return (
        (head.isupper() or head in "[…")
        and (at_head or before.endswith((":", ",")))
        and text[end - 1] in ".!?…"
    )
