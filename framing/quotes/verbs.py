"""Reporting verbs where they stand: is this word a cue here, and in which voice?

The lexicon (`framing.quotes.cues`) says what a form may be; the words around it decide. "reports"
may be a noun, "added" an adjective, "to warn" reports no act of speaking, "did not say" reports
none either.
"""

from typing import Literal, NamedTuple

from framing.quotes.cues import MESSAGES, Verb, find_verb
from framing.quotes.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    Sentence,
)

__all__ = ["COMPLEMENTISERS", "CueVerb", "find_cue_verb", "verb_group_start"]

COMPLEMENTISERS = frozenset("that how why whether if what".split())

_NEGATION = frozenset(
    "declined refused not never n't didn't didn’t cannot neither haven't haven’t hasn't hasn’t "
    "doesn't doesn’t don't don’t won't won’t wouldn't wouldn’t couldn't couldn’t".split()
)
# Verbs whose infinitive is still an act of speaking: "sought to play down", "went on to say".
_CATENATIVES = frozenset(
    "sought seeks went goes continued continues moved rushed hastened took takes began begins "
    "started starts appeared appears tried tries proceeded hurried".split()
)
# Base forms that are nouns as well; their plural looks like the third person.
_NOUNS = frozenset(
    "report claim demand estimate note state post charge call question request appeal promise "
    "pledge vow protest dispute counter hint forecast show find press read cry shout joke remark "
    "chant whisper murmur laugh scream yell smile quip praise blame fault advocate boast label "
    "brand project order doubt welcome tweet approach".split()
)
_PLURALS = frozenset("people men women police media children both some many others".split())
_MESSAGE_WINDOW = 5  # words between a verb and the noun it reports with


class CueVerb(NamedTuple):
    """A reporting verb in a sentence, in word indices.

    Attributes:
        verb: What the lexicon says of it.
        first: First word of its group ("has also said").
        start: The verb itself.
        end: One past the cue, its particle or noun included.
        voice: Finite, a participle ("adding that ..."), or passive ("was described as").
    """

    verb: Verb
    first: int
    start: int
    end: int
    voice: Literal["finite", "participle", "passive"]


def find_cue_verb(sentence: Sentence, index: int, low: int) -> CueVerb | None:
    """The reporting verb at word `index`, or None; words before `low` are spoken for."""
    lower = sentence.lower
    word = lower[index]
    following = lower[index + 1] if index + 1 < len(sentence) else ""
    verb = find_verb(word, following)
    if verb is None or (index > 0 and sentence.is_name(index)):
        return None
    end = index + (2 if verb.particle else 1)
    if verb.lemma == "go" and lower[end : end + 1] == ["to"]:
        return None  # "went on to say": the infinitive reports
    if verb.lemma in MESSAGES:
        message = _with_message(sentence, index, verb)
        if message is None:
            return None
        verb, end = message
    first = verb_group_start(sentence, index, low)
    group = lower[first:index]
    if _NEGATION & set(group):
        return None
    before = lower[first - 1] if first > low else ""
    if before == "to" or (group and group[-1] == "to"):
        first_verb = first - 2
        if first_verb >= low and lower[first_verb] == "on":
            first_verb -= 1
        if first_verb < low or lower[first_verb] not in _CATENATIVES:
            return None
        first = verb_group_start(sentence, first_verb, low)
        if _NEGATION & set(lower[first:index]):
            return None
        return CueVerb(verb, first, index, end, "finite")
    if verb.form == "ing" and not (set(group) & BE):
        if set(group) & AUXILIARIES or before in DETERMINERS or before.endswith(("'s", "’s")):
            return None
        return CueVerb(verb, first, index, end, "participle")
    if verb.form == "ed" and any(w in BE for w in group):
        return CueVerb(verb, first, index, end, "passive")
    if verb.form == "ed" and not group:
        if before in DETERMINERS or before.endswith(("'s", "’s")) or following == "by":
            return None  # "the added security", "a strike reported by"
        if before in PREPOSITIONS and not (before == "of" and word == "told"):
            return None
    if verb.form == "base" and (before in DETERMINERS or before in PREPOSITIONS):
        return None
    if verb.form in ("s", "base") and _is_noun(sentence, first, index, low):
        return None
    return CueVerb(verb, first, index, end, "finite")


def verb_group_start(sentence: Sentence, verb: int, low: int) -> int:
    """Index of the first word of the verb group that ends in the cue ("has also said")."""
    first = verb
    while first > low:
        word = sentence.lower[first - 1]
        adverb = (
            word in ADVERBS
            or (word.endswith("ly") and len(word) > 4)
            or (word == "yet" and first - 2 >= low and sentence.lower[first - 2] in AUXILIARIES)
        )
        if (word in AUXILIARIES or adverb) and not (
            first - 1 > low and sentence.is_name(first - 1)
        ):
            first -= 1
        else:
            break
    return first


def _with_message(sentence: Sentence, index: int, verb: Verb) -> tuple[Verb, int] | None:
    """The verb and its noun, or "made (it) clear", as one cue; None where it does not report."""
    lower, n = sentence.lower, len(sentence)
    nouns = MESSAGES[verb.lemma]
    if verb.lemma == "make":
        clear = index + (2 if lower[index + 1 : index + 2] == ["it"] else 1)
        if lower[clear : clear + 1] == ["clear"]:
            return verb._replace(frames="stq"), clear + 1
    for k in range(index + 1, min(n, index + 1 + _MESSAGE_WINDOW)):
        word = lower[k]
        if word in nouns:
            opens = lower[k + 1] if k + 1 < n else "."
            if opens == "that" or opens == ":" or (k + 1 < n and sentence.quoted[k + 1] >= 0):
                return verb._replace(frames="tn"), k + 1
            participle = find_verb(opens, "")
            if participle is not None and participle.form == "ing":
                return None  # "issued a statement saying ...": the participle reports
            if opens in PRONOUNS or (opens in DETERMINERS and k == index + 1):
                return verb._replace(frames="s"), k + 1
            return verb._replace(frames="n"), index + 1
        if not sentence.is_word(k) or word in PREPOSITIONS or word in PRONOUNS or word in TIMES:
            return None
    return None


def _is_noun(sentence: Sentence, first: int, index: int, low: int) -> bool:
    """Whether a form like "reports", "claims" or "demand" is a noun here."""
    lower = sentence.lower
    if first <= low and sentence.quoted[index - 1 if index else 0] < 0:
        return not (index > 0 and lower[index - 1] == ",")  # no room for a subject
    if first < index:
        return False  # an auxiliary or adverb stands before
    before = lower[index - 1]
    following = lower[index + 1] if index + 1 < len(sentence) else "."
    if before in DETERMINERS or before in PREPOSITIONS or before.endswith(("'s", "’s")):
        return True
    if sentence.lower[index].removesuffix("s") not in _NOUNS:
        return False
    # A base form needs a plural subject: "officials report", not "the state report".
    plural = before.endswith("s") or before in _PLURALS or before in PRONOUNS
    if lower[index] in _NOUNS and not plural:
        return True
    if before in PRONOUNS or before in (",", ")") or sentence.quoted[index - 1] >= 0:
        return False
    if following in (".", ",") and sentence.is_name(index - 1):
        return not _trails(sentence, index, low)  # "..., the Morning Post reports."
    if following in ("of", "from", "in", "about", "and", ",", ".", "by", "to", "on", "against"):
        return not (sentence.is_name(index - 1) and following in ("to", "on"))
    return not (
        following in COMPLEMENTISERS
        or following in DETERMINERS
        or following in PRONOUNS
        or sentence.is_name(index - 1)
        or before.endswith("s")
        or sentence.quoted[min(index + 1, len(sentence) - 1)] >= 0
    )


def _trails(sentence: Sentence, index: int, low: int) -> bool:
    """Whether nothing but a name stands between the verb and the comma or quotation before."""
    for k in range(index - 1, low - 1, -1):
        if sentence.lower[k] == "," or sentence.quoted[k] >= 0:
            return True
        if not (sentence.is_name(k) or sentence.lower[k] in ("the", "of", "and", "'s", "’s")):
            return False
    return sentence.lower[low - 1] == "," if low else False
