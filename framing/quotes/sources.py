"""The source of a report: the noun phrase before or after the cue.

No parser: a noun phrase is what stands between the cue and the nearest clause boundary, with its
appositions. All positions are word indices into a `Sentence`, ranges are half-open.
"""

import re

from framing.quotes.verbs import verb_group_start
from framing.quotes.words import (
    ADVERBS,
    AUXILIARIES,
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

__all__ = ["Range", "last_subject", "main_subject", "opens_clause", "source_after", "source_before"]

Range = tuple[int, int]

_DASHES = frozenset("– — - --".split())
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
    end = _without_time(sentence, end, low)
    if end <= low:
        return None
    last = sentence.lower[end - 1]
    if last == "who":
        stop = end - 1
        if stop > low and sentence.lower[stop - 1] == ",":
            stop -= 1
        return _antecedent(sentence, low, stop)
    if last in _CLOSING:
        opening = _opening_bracket(sentence, end - 1, low)
        found = _noun_phrase(sentence, low, opening) if opening is not None else None
        return (found[0], end) if found else None
    if last == "," or last in _DASHES:
        return _with_apposition(sentence, end - 1, low)
    return _noun_phrase(sentence, low, end)


def _antecedent(sentence: Sentence, low: int, end: int) -> Range | None:
    """The noun phrase that a "who" at word `end` takes up."""
    found = _noun_phrase(sentence, low, end)
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
        if sentence.quoted[index] >= 0 or word in ".;:!?" or word in _DASHES:
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
        elif (word in TIMES and sentence.is_name(index)) or (
            not commas
            and (word in SUBORDINATORS or is_finite(sentence, index) or word in ("but", "who"))
        ):
            break
        index += 1
    while index > start and sentence.lower[index - 1] in (",", "and", "the", "a", "also"):
        index -= 1
    return (start, index) if index > start else None


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
        or sentence.lower[index] in _DASHES
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
    marks = [k for k in range(low, comma) if lower[k] in (lower[comma], ",")]
    best: Range | None = None
    for opening in reversed(marks):
        aside = _aside(sentence, opening + 1, comma)
        if aside is None:
            break
        before = max((m + 1 for m in marks if m < opening), default=low)
        head = _noun_phrase(sentence, before, opening)
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


def _noun_phrase(sentence: Sentence, low: int, end: int) -> Range | None:
    """The noun phrase that ends before word `end`."""
    end = _without_time(sentence, end, low)
    if end <= low:
        return None
    lower = sentence.lower
    last = lower[end - 1]
    if last in PRONOUNS and last != "who":
        return (end - 1, end)
    if (
        last in PREPOSITIONS
        or last in SUBORDINATORS
        or last in CONJUNCTIONS
        or (last in ("the", "a", "an", "his", "her", "its", "their"))
        or (last in AUXILIARIES and not sentence.is_name(end - 1))
        or not (sentence.is_word(end - 1) or last in _CLOSING or last == "%")
    ):
        return None
    first = end - 1
    if last in _CLOSING:
        first = _opening_bracket(sentence, end - 1, low) or first
    relative = False
    while first > low:
        word = lower[first - 1]
        if word in _CLOSING:
            opening = _opening_bracket(sentence, first - 1, low)
            if opening is None:
                break
            first = opening
            continue
        possessive = word in ("’", "'") and first - 2 >= low and lower[first - 2].endswith("s")
        if not sentence.is_word(first - 1) and word not in ("%", "$", "&") and not possessive:
            break
        if word == "who" and first - 1 > low:
            relative = True
            first -= 1
            continue
        if word in SUBORDINATORS and not (word == "that" and lower[first] in TIMES):
            if not relative:
                break
        elif word in PRONOUNS or word in ("but", "or", "nor", "so", "yet"):
            break
        elif word == "and":
            # Two subjects ("the UN and the US"), unless a clause stands before.
            if any(is_finite(sentence, k) for k in _clause_range(sentence, low, first - 1)):
                break
        elif is_finite(sentence, first - 1) and not _relative_before(sentence, first - 1, low):
            # A relative clause keeps its verb; any other verb ends an earlier clause.
            break
        first -= 1
    return _trim_left(sentence, first, end)


def _clause_range(sentence: Sentence, low: int, end: int) -> range:
    """Words before `end` back to the nearest mark or quotation."""
    first = end
    while first > low and sentence.is_word(first - 1):
        first -= 1
    return range(first, end)


def _without_time(sentence: Sentence, end: int, low: int) -> int:
    """`end` without a time that stands between subject and verb ("France on Thursday said")."""
    stop = end
    while stop > low and (
        (sentence.lower[stop - 1] in TIMES and (sentence.is_name(stop - 1) or stop < end))
        or sentence.lower[stop - 1] in ("today", "yesterday", "tonight")
        or (
            sentence.lower[stop - 1] in ("week", "month", "year", "night")
            and stop - 2 > low
            and sentence.lower[stop - 2] in ("last", "this", "next", "that")
        )
    ):
        stop -= 1
    if stop == end:
        return end
    while stop > low and sentence.lower[stop - 1] in _WHEN:
        stop -= 1
    # A phrase that is nothing but a time stays: it was no adverbial.
    return stop if stop > low else end


def _relative_before(sentence: Sentence, index: int, low: int) -> bool:
    for before in range(index - 1, max(low, index - 8) - 1, -1):
        if sentence.lower[before] == "who" and before > low:
            return True
        if not sentence.is_word(before):
            return False
    return False


def _trim_left(sentence: Sentence, first: int, end: int) -> Range | None:
    lower = sentence.lower
    while first < end:
        word = lower[first]
        if (
            word in CONJUNCTIONS
            or (word in ADVERBS and word not in DETERMINERS)
            or word in ("with", "who")
        ):
            first += 1
        elif word in PREPOSITIONS and word != "like":
            after = _after_preposition(sentence, first, end)
            if after is None:
                return None
            first = after
        elif word in TIMES and first + 1 < end and sentence.is_name(first):
            first += 1
            while first < end and (lower[first].isdigit() or lower[first] in TIMES):
                first += 1
        elif word in AUXILIARIES and not sentence.is_name(first):
            first += 1
        else:
            return (first, end)
    return None


def _after_preposition(sentence: Sentence, first: int, end: int) -> int | None:
    """Where the subject begins after an opening phrase without a comma ("In Tarna officials")."""
    lower = sentence.lower
    index = first + 1
    if index < end and lower[index] in TIMES:
        while index < end and (lower[index] in TIMES or lower[index].isdigit()):
            index += 1
        return index if index < end else None
    if index < end and lower[index] in DETERMINERS:
        index += 1
    for split in range(index + 1, end):
        if lower[split] in DETERMINERS or (
            sentence.is_name(split - 1) != sentence.is_name(split) and split > index
        ):
            return split
    return None


def _opening_bracket(sentence: Sentence, closing: int, low: int) -> int | None:
    for index in range(closing - 1, low - 1, -1):
        if sentence.lower[index] in _OPENING:
            return index
    return None
