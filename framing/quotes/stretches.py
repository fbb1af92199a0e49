"""Stretches of a sentence: quotations in a row, clauses without the marks at their ends."""

from framing.quotes.cues import find_verb
from framing.quotes.grammar import DASHES, STOPS, Range
from framing.quotes.words import Sentence

__all__ = ["LONG", "content_before", "hands_over", "quotations_from", "strip_range"]

LONG = 60  # code points of a quotation that is more than a few quoted words


def content_before(sentence: Sentence, end: int, low: int) -> Range | None:
    """Content that ends before a source or cue: a quotation, or a clause and a comma."""
    if end <= low:
        return None
    if sentence.quoted[end - 1] >= 0:
        return strip_range(sentence, _quotation_clause_start(sentence, end - 1, low), end)
    if sentence.lower[end - 1] != "," and sentence.lower[end - 1] not in DASHES:
        return None
    return strip_range(sentence, low, end - 1)


def quotations_from(sentence: Sentence, start: int) -> tuple[Range, ...]:
    """The quotations that follow each other from word `start`, one range each."""
    parts: list[Range] = []
    index = start
    while index < len(sentence):
        if sentence.quoted[index] >= 0:
            parts.append((index, index + 1))
        elif not (
            sentence.lower[index] in (",", "and")
            and index + 1 < len(sentence)
            and sentence.quoted[index + 1] >= 0
        ):
            break
        index += 1
    return tuple(parts)


def strip_range(sentence: Sentence, first: int, end: int) -> Range | None:
    """The range without the punctuation and connectives at its ends; None when little is left."""
    lower = sentence.lower
    while first < end and (
        (
            sentence.quoted[first] < 0
            and not sentence.is_word(first)
            and lower[first] not in "$€£#(["
        )
        or (first > 0 and lower[first] in ("and", "but"))
    ):
        first += 1
    while (
        end > first
        and sentence.quoted[end - 1] < 0
        and (
            lower[end - 1] in STOPS
            or lower[end - 1] in (",", ":", "(", "[")
            or lower[end - 1] in DASHES
        )
    ):
        end -= 1
    if end <= first or (end - first < 2 and sentence.quoted[first] < 0):
        return None
    return (first, end)


def _quotation_clause_start(sentence: Sentence, quotation: int, low: int) -> int:
    """Where the content that a quotation ends begins: itself, or the clause it completes."""
    start = quotation
    while start > low and (
        sentence.quoted[start - 1] >= 0
        or (
            sentence.lower[start - 1] in (",", "and")
            and start - 1 > low
            and sentence.quoted[start - 2] >= 0
        )
    ):
        start -= 1
    if start == low or not sentence.is_word(start - 1):
        return start
    completes = sentence.starts_low(start) or sentence.length(quotation) <= LONG
    return low if completes else start


def hands_over(sentence: Sentence, index: int) -> bool:
    """Whether a quotation ends in a comma and a reporting verb follows it at once."""
    if index + 1 >= len(sentence):
        return False
    inner = sentence.text[sentence.starts[index] : sentence.ends[index]]
    if not inner.rstrip("\"”’»'").endswith(","):
        return False
    verb = find_verb(sentence.lower[index + 1], "")
    return verb is not None and verb.form in ("ed", "s")
