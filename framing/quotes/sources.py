"""The source of a report: the noun phrase before or after the cue.

No parser: a noun phrase is what stands between the cue and the nearest clause boundary, with its
appositions. All positions are word indices into a `Sentence`, ranges are half-open.
"""

import re

from framing.quotes.grammar import DASHES, Range
from framing.quotes.noun_phrases import noun_phrase, opening_bracket, without_time
from framing.quotes.verbs import verb_group_start
from framing.quotes.words import (
    ADVERBS,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIMES,
    Sentence,
    can_speak,
    is_finite,
)

__all__ = ["last_subject", "main_subject", "opens_clause", "source_after", "source_before"]

_OPENING = frozenset("([")
_CLOSING = frozenset(")]")
_RELATIVES = frozenset("who whose whom which where".split())
# Prepositions that keep a source going after the cue ("said a resident of Qarah").
_NOMINAL_PREPOSITIONS = frozenset("of for from with".split())
_PLACE_PREPOSITIONS = frozenset("in at".split())
_NO_APPOSITION = CONJUNCTIONS | PREPOSITIONS | SUBORDINATORS | ADVERBS
_PARTY = re.compile(r"[A-Z]-[A-Z]")  # "R-Ohio"
_WHEN = frozenset("last this next earlier late early that on in".split())


def source_before(sentence: Sentence, end: int, low: int) -> Range | None:
    """The subject that ends before word `end`, not reaching below `low`."""
    end = without_time(sentence, end, low)
    if end <= low:
        return None
    last = sentence.lower[end - 1]
    if last == "who":
        stop = end - 1
        if stop > low and sentence.lower[stop - 1] == ",":
            stop -= 1
        return _antecedent(sentence, low, stop)
    if last in _CLOSING:
        opening = opening_bracket(sentence, end - 1, low)
        found = noun_phrase(sentence, low, opening) if opening is not None else None
        return (found[0], end) if found else None
    if last == "," or last in DASHES:
        return _with_apposition(sentence, end - 1, low)
    return noun_phrase(sentence, low, end)


def _antecedent(sentence: Sentence, low: int, end: int) -> Range | None:
    """The noun phrase that a "who" at word `end` takes up."""
    found = noun_phrase(sentence, low, end)
    if found is None:
        return None
    for k in range(found[0] + 1, found[1] - 1):
        # "drawn scrutiny from experts who argue": what cannot speak is not the antecedent.
        if sentence.lower[k] in ("from", "by", "among") and not can_speak(sentence, found[0], k):
            return (k + 1, found[1])
    return found


def source_after(sentence: Sentence, start: int, high: int) -> Range | None:
    """The source that begins at word `start` ("said Ms Osei, a nurse"), ending before `high`."""
    if start >= high:
        return None
    first = sentence.lower[start]
    if first in PRONOUNS:
        return (start, start + 1) if first != "who" else None
    connective = first in _NO_APPOSITION and first not in DETERMINERS
    if not sentence.is_word(start) or (connective and not sentence.is_name(start)):
        return None
    index = start
    commas = 0
    while index < high:
        word = sentence.lower[index]
        if sentence.quoted[index] >= 0 or word in ".;:!?" or word in DASHES:
            break
        if word == ",":
            following = sentence.lower[index + 1] if index + 1 < high else "."
            apposition = not commas and _is_apposition_after(sentence, index + 1, high)
            if not apposition and not (not commas and following.isdigit()):
                break
            commas += 1
        elif not commas and word in PREPOSITIONS:
            if not _keeps_source(sentence, index, high):
                break
        elif (word in TIMES and _is_day(sentence, index, high)) or (
            not commas
            and (word in SUBORDINATORS or is_finite(sentence, index) or word in ("but", "who"))
        ):
            break
        index += 1
    while index > start and sentence.lower[index - 1] in (",", "and", "the", "a", "also"):
        index -= 1
    return (start, index) if index > start else None


def _is_day(sentence: Sentence, index: int, high: int) -> bool:
    """Whether a word for a time is no part of a name ("the Morning Post")."""
    following = index + 1
    named = (
        following < high
        and sentence.is_name(following)
        and sentence.lower[following] not in TIMES
        and sentence.quoted[following] < 0
    )
    return sentence.is_name(index) and not named


def main_subject(sentence: Sentence, end: int, low: int = 0) -> Range | None:
    """The subject of the first clause from word `low`, for what is said without a subject later."""
    low = _skip_opening(sentence, low, end)
    for index in range(low + 1, end):
        if sentence.lower[index] in PRONOUNS or sentence.quoted[index] >= 0:
            continue
        if is_finite(sentence, index):
            found = source_before(sentence, verb_group_start(sentence, index, low), low)
            if found is not None:
                return found
    return None


def last_subject(sentence: Sentence, end: int, low: int) -> Range | None:
    """The subject of the last finite verb before word `end`, for a verb coordinated with it."""
    for index in range(end - 1, low, -1):
        if is_finite(sentence, index):
            found = source_before(sentence, verb_group_start(sentence, index, low), low)
            if found is not None:
                return found
    return None


def opens_clause(sentence: Sentence, index: int, low: int) -> bool:
    """Whether nothing but connectives or an opening adverbial stands between `low` and `index`."""
    if index <= low or sentence.quoted[index - 1] >= 0:
        return True
    return _skip_opening(sentence, low, index) >= index


def _keeps_source(sentence: Sentence, index: int, high: int) -> bool:
    """Whether the preposition at `index` goes on with a source after its cue."""
    word = sentence.lower[index]
    following = sentence.lower[index + 1] if index + 1 < high else "."
    if following in TIMES:
        return False
    if word in _NOMINAL_PREPOSITIONS:
        return True
    return word in _PLACE_PREPOSITIONS and (
        (index + 1 < high and sentence.is_name(index + 1))
        or (index + 2 < high and following == "the" and sentence.is_name(index + 2))
    )


def _skip_opening(sentence: Sentence, low: int, end: int) -> int:
    """Index after an opening adverbial that is closed by a comma ("On Monday, ...")."""
    index = low
    while index < end and (
        sentence.lower[index] in CONJUNCTIONS
        or sentence.lower[index] in ADVERBS
        or sentence.lower[index] in DASHES
        or sentence.lower[index].endswith("ly")
    ):
        index += 1
    if index < end and sentence.lower[index] == ",":
        index += 1
    if index < end and (
        sentence.lower[index] in PREPOSITIONS
        or sentence.lower[index] in SUBORDINATORS
        or sentence.lower[index].endswith("ing")
    ):
        for comma in range(index, end):
            if sentence.lower[comma] == ",":
                return comma + 1
    return index


def _with_apposition(sentence: Sentence, comma: int, low: int) -> Range | None:
    """Subject followed by appositions or asides, the last of which ends at the word `comma`."""
    lower = sentence.lower
    marks = [
        k
        for k in range(low, comma)
        if lower[k] in (lower[comma], ",") and not (k > low and lower[k - 1].isdigit())
    ]
    best: Range | None = None
    for opening in reversed(marks):
        aside = _aside(sentence, opening + 1, comma)
        if aside is None:
            break
        before = max((m + 1 for m in marks if m < opening), default=low)
        head = noun_phrase(sentence, before, opening)
        if head is None:
            if aside == "name" and opening > before:
                continue
            break
        best = (head[0], comma if aside == "name" and best is None else opening)
        # Go on to the left only while the head is itself an apposition to a name before it.
        if head[0] > before or (
            lower[head[0]] not in DETERMINERS
            and sentence.is_name(head[0])
            and not _PARTY.match(sentence.words[head[0]])
        ):
            break
        if before == low or not sentence.is_name(before - 2) or lower[before - 2] in TIMES:
            break
    return best


def _aside(sentence: Sentence, first: int, end: int) -> str | None:
    """What stands between two commas: a "name" for the subject, another "aside", or a clause."""
    if first >= end:
        return None
    word = sentence.lower[first]
    if word in _RELATIVES or word in ("himself", "herself", "itself", "themselves"):
        return "aside"
    if word.endswith("ing") and len(word) > 4 and not sentence.is_name(first):
        return "aside"
    if word in PREPOSITIONS:
        return None if any(is_finite(sentence, k) for k in range(first, end)) else "aside"
    if word in PRONOUNS or word in CONJUNCTIONS or word in SUBORDINATORS or word in ADVERBS:
        return None
    if not sentence.is_word(first):
        return None
    for k in range(first + (1 if word.endswith("ed") else 0), end):
        if sentence.lower[k] in _RELATIVES or sentence.lower[k] == "that":
            break
        if is_finite(sentence, k):
            return None
    return "aside" if word.endswith("ed") else "name"


def _is_apposition_after(sentence: Sentence, first: int, high: int) -> bool:
    """Whether what follows a name and a comma, up to the next comma or stop, presents the name."""
    end = first
    while (
        end < high
        and sentence.lower[end] not in (",", ".", ";", ":", "!", "?")
        and (sentence.quoted[end] < 0)
    ):
        end += 1
    word = sentence.lower[first] if first < high else ""
    if word in ("who", "whose"):
        return True
    return _aside(sentence, first, end) == "name"
