"""The noun phrase before a word: back to the nearest clause boundary, without a time at its end.

No parser: finite verbs, marks, pronouns and subordinators end a phrase on its left.
"""

from framing.quotes.grammar import Range
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
    is_finite,
)

__all__ = ["noun_phrase", "opening_bracket", "without_time"]

_CLOSING = frozenset(")]")
_OPENING = frozenset("([")
_WHEN = frozenset("last this next earlier late early that on in".split())


def noun_phrase(sentence: Sentence, low: int, end: int) -> Range | None:
    """The noun phrase that ends before word `end`."""
    end = without_time(sentence, end, low)
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
        first = opening_bracket(sentence, end - 1, low) or first
    relative = False
    while first > low:
        word = lower[first - 1]
        if word in _CLOSING:
            opening = opening_bracket(sentence, first - 1, low)
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


def without_time(sentence: Sentence, end: int, low: int) -> int:
    """`end` without a time that stands between subject and verb ("France on Thursday said")."""
    stop = end
    while stop > low and (
        (sentence.lower[stop - 1] in TIMES and (sentence.is_name(stop - 1) or stop < end))
        or sentence.lower[stop - 1] in ("today", "yesterday", "tonight")
        or (
            sentence.lower[stop - 1] in ("morning", "afternoon", "evening", "night")
            and stop - 2 > low
            and sentence.lower[stop - 2] in TIMES
            and sentence.is_name(stop - 2)
        )
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
        elif ":" in word:
            first += 1  # "14:05 The ministry"
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


def opening_bracket(sentence: Sentence, closing: int, low: int) -> int | None:
    """Index of the bracket that the one at `closing` closes."""
    for index in range(closing - 1, low - 1, -1):
        if sentence.lower[index] in _OPENING:
            return index
    return None
