"""Where content opens after a cue: behind the addressee, a time, a place, "that".

"told the newspaper on Monday that the road was shut": the content opens at "the road".
"""

from framing.quotes.grammar import STOPS
from framing.quotes.verbs import CueVerb
from framing.quotes.words import (
    ADVERBS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    Sentence,
    is_finite,
)

__all__ = ["opens_infinitive", "skip_to_content"]

_OBJECTS = frozenset("me us him her them you it reporters journalists lawmakers".split())
_ADDRESSING = frozenset("tell inform remind assure notify reassure".split())
_AUDIENCES = frozenset("members reporters officials journalists leaders staff".split())
_OUTLET_NOUNS = frozenset("newspaper agency news magazine television radio tv".split())


def skip_to_content(sentence: Sentence, cue: CueVerb) -> tuple[int, bool]:
    """Index where content begins after the cue, and whether "that" or the like opened it."""
    lower, n = sentence.lower, len(sentence)
    index = cue.end
    if "a" in cue.verb.frames and index < n and sentence.quoted[index] < 0:
        index = _skip_addressee(sentence, index, cue)
    for _ in range(4):
        if index >= n:
            return index, False
        word = lower[index]
        if word == "that" and index + 1 < n:
            return index + 1, True
        if word in ("how", "why", "whether") or (
            word in ("if", "what") and cue.verb.lemma == "ask"
        ):
            return index, True
        if sentence.quoted[index] >= 0 or word == ":":
            return index, False
        jump = _after_time(sentence, index)
        if jump > index:
            index = jump
        elif (word in ADVERBS and word not in ("there", "here")) or (
            word.endswith("ly") and word not in ("only", "early", "family", "italy")
        ):
            index += 1
        elif word in PREPOSITIONS or word == ",":
            # An adverbial is skipped when the content visibly opens after it.
            after = _after_adverbial(sentence, index, cue)
            if after is None:
                return index, False
            index = after
        else:
            return index, False
    return index, False


def opens_infinitive(sentence: Sentence, index: int) -> bool:
    """Whether "to" at the word opens an infinitive, not whom something is said to."""
    lower = sentence.lower
    if lower[index] != "to" or index + 1 >= len(sentence) or not sentence.is_word(index + 1):
        return False
    following = lower[index + 1]
    return not (
        following in DETERMINERS
        or following in _OBJECTS
        or following in _AUDIENCES
        or sentence.is_name(index + 1)
        or following.endswith(("'s", "’s"))
    )


def _after_time(sentence: Sentence, index: int) -> int:
    """Index after "Monday", "last week", "earlier this month"; `index` where none stands."""
    lower, n = sentence.lower, len(sentence)
    k = index
    if k < n and lower[k] in ("earlier", "late", "early", "later"):
        k += 1
    if k + 1 < n and lower[k] in ("last", "this", "next") and lower[k + 1] in TIMES:
        k += 2
    elif (
        k < n and lower[k] in TIMES and (sentence.is_name(k) or lower[k].startswith(("to", "yes")))
    ):
        k += 1
    else:
        return index
    while k < n and (lower[k] in TIMES or (lower[k].isdigit() and len(lower[k]) < 5)):
        k += 1
    return k


def _after_adverbial(sentence: Sentence, index: int, cue: CueVerb) -> int | None:
    """Index after "in a statement", "to reporters", ", however,"; None when content opens here."""
    lower, n = sentence.lower, len(sentence)
    frames = cue.verb.frames
    if "n" in frames and "s" not in frames and "a" not in frames:
        return None
    if "v" in frames and opens_infinitive(sentence, index):
        return None  # "vowed to return before the thaw"
    limit = min(index + 18, n)
    if lower[index] == ",":
        # "said, however, the ..." or "said, citing the ministry, that": up to the next comma
        if index + 1 < n and sentence.quoted[index + 1] >= 0:
            return index + 1
        for k in range(index + 2, limit):
            if lower[k] in STOPS:
                return None
            if lower[k] == "," and k + 1 < n:
                short = k - index == 2
                opens = lower[k + 1] == "that" or sentence.quoted[k + 1] >= 0
                return k + 1 if short or opens else None
        return None
    for k in range(index + 1, limit):
        if lower[k] == "that" and k + 1 < n:
            return k
        if lower[k] == ":":
            return k
        if sentence.quoted[k] >= 0 and lower[k - 1] == ",":
            return k
        if lower[k] in STOPS or is_finite(sentence, k):
            break
    # "in a statement", "on Monday", "to reporters": preposition, determiner, words, then a clause.
    k = index + 1
    if k < n and (time := _after_time(sentence, k)) > k:
        return time if time < n else None
    if k < n and lower[k] in DETERMINERS:
        k += 1
    while k < min(n, index + 8):
        if lower[k] in PRONOUNS or (lower[k] in DETERMINERS and k > index + 1):
            return k
        if sentence.quoted[k] >= 0:
            # "said in a statement “...”", but not "said on the “safe” road"
            return k if k > index + 1 and lower[k - 1] not in DETERMINERS else None
        if lower[k] in STOPS or lower[k] == ",":
            return None
        if (
            k > index + 2
            and sentence.is_name(k)
            and not sentence.is_name(k - 1)
            and lower[k] not in TIMES
            and lower[k - 1] not in PREPOSITIONS
        ):
            return k
        k += 1
    return None


def _skip_addressee(sentence: Sentence, index: int, cue: CueVerb) -> int:
    """Index after whom the report is told to ("told the newspaper that", "warned them that")."""
    lower, n = sentence.lower, len(sentence)
    lemma = cue.verb.lemma
    if "n" in cue.verb.frames and lemma not in ("warn", "promise", "advise"):
        return index
    word = lower[index]
    if word in ("that", ":", "of", "against", "about"):
        return index
    if word in _OBJECTS:
        return index + 1
    # Up to a visible opening of the content.
    for k in range(index, min(n, index + 14)):
        if lower[k] in ("that", ":", "how", "why", "whether") or sentence.quoted[k] >= 0:
            return k
        if is_finite(sentence, k):
            break
        if lower[k] == "to" and k > index and lemma in ("tell", "advise", "warn"):
            return index  # "told its residents to leave": what they are told to do is the content
        if lower[k] in STOPS or lower[k] == ",":
            break
    if lemma not in _ADDRESSING:
        return index
    k = index
    if lower[k] in DETERMINERS or lower[k].endswith(("'s", "’s")):
        k += 1
        while k < n and sentence.is_name(k):
            k += 1
        if k == index + 1 or not sentence.is_name(k - 1):
            k += 1
    elif sentence.is_name(k) or sentence.words[k][0] == "@":
        while (
            k < n
            and lower[k] not in TIMES
            and (
                sentence.is_name(k)
                or (lower[k] in ("of", "and") and k + 1 < n and sentence.is_name(k + 1))
            )
        ):
            if lower[k] in DETERMINERS and k > index:
                break
            k += 1
    else:
        k += 1
        while k < n and lower[k] in _AUDIENCES:
            k += 1
    while k < n and lower[k] in _OUTLET_NOUNS:
        k += 1
    return min(k, n)
