"""The source of a report: the noun phrase before or after the cue.

No parser: a noun phrase is what stands between the cue and the nearest clause boundary, with its
appositions. All positions are word indices into a `Sentence`, ranges are half-open.
"""

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
    looks_like_verb,
)

__all__ = ["Range", "main_subject", "source_after", "source_before", "verb_group_start"]

Range = tuple[int, int]

_DASHES = frozenset("– — - --".split())
_OPENING = frozenset("([")
_CLOSING = frozenset(")]")
# Prepositions that keep a source going after the cue ("said a resident of Qarah").
_NOMINAL_PREPOSITIONS = frozenset("of for from with".split())
_PLACE_PREPOSITIONS = frozenset("in at".split())
_NO_APPOSITION = CONJUNCTIONS | PREPOSITIONS | SUBORDINATORS | ADVERBS


def verb_group_start(sentence: Sentence, verb: int, low: int) -> int:
    """Index of the first word of the verb group that ends in the cue ("has also said")."""
    first = verb
    while first > low:
        word = sentence.lower[first - 1]
        if word in AUXILIARIES or word in ADVERBS or (word.endswith("ly") and len(word) > 4):
            first -= 1
        else:
            break
    # An adverb that opens the clause belongs to the clause, not to the verb.
    return first


def source_before(sentence: Sentence, end: int, low: int) -> Range | None:
    """The subject that ends before word `end`, not reaching below `low`."""
    if end <= low:
        return None
    last = sentence.lower[end - 1]
    if last == "who":
        stop = end - 1
        if stop > low and sentence.lower[stop - 1] == ",":
            stop -= 1
        return _noun_phrase(sentence, low, stop)
    if last in _CLOSING:
        opening = _opening_bracket(sentence, end - 1, low)
        found = _noun_phrase(sentence, low, opening) if opening is not None else None
        return (found[0], end) if found else None
    if last == "," or last in _DASHES:
        return _with_apposition(sentence, end - 1, low)
    return _noun_phrase(sentence, low, end)


def source_after(sentence: Sentence, start: int, high: int) -> Range | None:
    """The source that begins at word `start` ("said Ms Osei, a nurse"), ending before `high`."""
    index = start
    if index >= high:
        return None
    first = sentence.lower[index]
    if first in PRONOUNS:
        return (index, index + 1) if first != "who" else None
    if not (sentence.words[index][0].isalnum()) or first in _NO_APPOSITION - DETERMINERS:
        return None
    commas = 0
    while index < high:
        word = sentence.lower[index]
        if sentence.quoted[index] >= 0 and not _nickname(sentence, index, start):
            break
        if word in ".;:!?" or word in _DASHES:
            break
        if word == ",":
            following = sentence.lower[index + 1] if index + 1 < high else "."
            if commas or not _opens_apposition(sentence, index + 1, high):
                if commas or not following.isdigit():
                    break
            commas += 1
        elif word in PREPOSITIONS and not commas:
            keep = word in _NOMINAL_PREPOSITIONS or (
                word in _PLACE_PREPOSITIONS
                and index + 1 < high
                and (
                    sentence.is_name(index + 1)
                    or (index + 2 < high and sentence.lower[index + 1] == "the"
                        and sentence.is_name(index + 2))
                )
            )
            following = sentence.lower[index + 1] if index + 1 < high else "."
            if not keep or following in TIMES:
                break
        elif word in TIMES and sentence.is_name(index):
            break
        elif not commas and (
            word in SUBORDINATORS or word in AUXILIARIES or (word == "but" and index > start)
        ):
            break
        index += 1
    while index > start and sentence.lower[index - 1] in (",", "and", "the", "a", "also"):
        index -= 1
    return (start, index) if index > start else None


def main_subject(sentence: Sentence, end: int) -> Range | None:
    """The subject of the sentence's first clause, for a participle or a bare quotation after it."""
    low = _skip_opening(sentence, 0, end)
    for index in range(low + 1, end):
        word = sentence.lower[index]
        if word in PRONOUNS or sentence.quoted[index] >= 0:
            continue
        if looks_like_verb(word) and not sentence.is_name(index):
            found = source_before(sentence, verb_group_start(sentence, index, low), low)
            if found is not None:
                return found
    return None


def _skip_opening(sentence: Sentence, low: int, end: int) -> int:
    """Index after an opening adverbial that is closed by a comma ("On Monday, ...")."""
    index = low
    while index < end and sentence.lower[index] in CONJUNCTIONS | ADVERBS:
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
    """Subject followed by appositions, the last of which ends at the word `comma`."""
    mark = sentence.lower[comma]
    marks = [
        index
        for index in range(low, comma)
        if (sentence.lower[index] == mark or (mark == "," and sentence.lower[index] == ","))
    ]
    if not marks:
        return None
    best: Range | None = None
    for opening in reversed(marks):
        if not _opens_apposition(sentence, opening + 1, comma):
            break
        before = max((m + 1 for m in marks if m < opening), default=low)
        head = _noun_phrase(sentence, before, opening)
        if head is None:
            break
        relative = sentence.lower[opening + 1] in ("who", "which", "whose", "where")
        best = (head[0], opening if relative else comma)
        # Go on to the left only while the head is itself an apposition to a name before it.
        if head[0] > before or sentence.lower[head[0]] not in DETERMINERS:
            break
        if before == low or not sentence.is_name(before - 2):
            break
    return best


def _opens_apposition(sentence: Sentence, index: int, high: int) -> bool:
    if index >= high:
        return False
    word = sentence.lower[index]
    if word in ("who", "whose", "which", "himself", "herself"):
        return True
    if word in _NO_APPOSITION and word not in DETERMINERS:
        return False
    if word in PRONOUNS or looks_like_verb(word):
        return False
    return not (word.endswith("ing") and len(word) > 5) and sentence.words[index][0].isalnum()


def _noun_phrase(sentence: Sentence, low: int, end: int) -> Range | None:
    """The noun phrase that ends before word `end`."""
    if end <= low:
        return None
    lower = sentence.lower
    last = lower[end - 1]
    if last in PRONOUNS and last != "who":
        return (end - 1, end)
    if (
        (last in PREPOSITIONS or last in SUBORDINATORS or last in CONJUNCTIONS)
        or (last in AUXILIARIES and not sentence.is_name(end - 1))
        or not (sentence.words[end - 1][0].isalnum() or last in _CLOSING or last == "%")
    ):
        return None
    first = end - 1
    relative = False
    while first > low:
        word = lower[first - 1]
        if word in _CLOSING:
            opening = _opening_bracket(sentence, first - 1, low)
            if opening is None:
                break
            first = opening
            continue
        if sentence.quoted[first - 1] >= 0:
            if _nickname(sentence, first - 1, low):
                first -= 1
                continue
            break
        if not sentence.words[first - 1][0].isalnum() and word not in ("%", "$", "’s", "&"):
            break
        if word == "who" and first - 1 > low:
            relative = True
            first -= 1
            continue
        if word in SUBORDINATORS and not (word == "that" and lower[first] in TIMES):
            if relative:
                first -= 1
                continue
            break
        if word in PRONOUNS:
            break
        if word in ("but", "or", "nor", "so", "yet"):
            break
        if word == "and":
            # Two subjects ("the UN and the US"), unless a clause stands before.
            if any(
                looks_like_verb(lower[k]) and not sentence.is_name(k) for k in range(low, first - 1)
            ):
                break
        elif (word in AUXILIARIES or (looks_like_verb(word) and not word.endswith("ed"))) and (
            not sentence.is_name(first - 1)
        ):
            # A relative clause keeps its verb; any other verb ends an earlier clause.
            if not _relative_before(sentence, first - 1, low):
                break
        first -= 1
    return _trim_left(sentence, first, end)


def _relative_before(sentence: Sentence, index: int, low: int) -> bool:
    for before in range(index - 1, max(low, index - 8) - 1, -1):
        if sentence.lower[before] == "who" and before > low:
            return True
        if not sentence.words[before][0].isalnum():
            return False
    return False


def _trim_left(sentence: Sentence, first: int, end: int) -> Range | None:
    lower = sentence.lower
    while first < end:
        word = lower[first]
        if word in CONJUNCTIONS or (word in ADVERBS and word not in DETERMINERS):
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


def _nickname(sentence: Sentence, index: int, low: int) -> bool:
    """Whether a quotation stands inside a name ("Ray “Dutch” Keller")."""
    span = sentence.spans[index]
    return (
        span.end - span.start < 25
        and index > low
        and index + 1 < len(sentence)
        and sentence.is_name(index - 1)
        and sentence.is_name(index + 1)
        and sentence.spans[index + 1].start - span.end <= 1
    )
