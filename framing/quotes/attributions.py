"""Attributions in one sentence: which words report, who is the source, what is the content.

A sentence is read from left to right. A cue inside what an earlier cue reports is part of that
report ("X said that Y had warned ..."); where the content ends, reading goes on. A credit that
ends the sentence ("..., officials said") takes over what stands before it, except from a cue that
only passes on another's words ("..., the Morning Post reported").
"""

from framing.quotes.content import (
    clause,
    content_after,
    is_inverted,
    rest_of_content,
)
from framing.quotes.cues import ACCORDING, CUE_NOUNS, MESSAGE_NOUNS, TRIGGERS
from framing.quotes.grammar import DASHES, Attribution, Range
from framing.quotes.nominal import read_according, read_credit, read_cue_noun, read_heading
from framing.quotes.sources import (
    last_subject,
    main_subject,
    opens_clause,
    source_after,
    source_before,
)
from framing.quotes.stretches import content_before
from framing.quotes.verbs import CueVerb, find_cue_verb, verb_group_start
from framing.quotes.words import (
    ADVERBS,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    SUBORDINATORS,
    Sentence,
    can_speak,
    is_finite,
)

__all__ = ["find_attributions"]

# Subjects that are never speakers.
_EMPTY_SUBJECTS = frozenset("this these that there what which".split())
# What "it" may report as a subject; with other verbs it is mostly an impersonal one.
_IT_REPORTS = frozenset("say add note report write announce warn tell call describe".split())
# Passives without a source that are coded still: "was described as", "is said to".
_PASSIVES = {
    "describe": ("as",),
    "say": ("to",),
    "blame": ("for",),
    "accuse": ("of",),
    "allege": ("to",),
    "report": ("to",),
    "criticize": ("for",),
    "criticise": ("for",),
    "portray": ("as",),
    "hail": ("as",),
    "praise": ("for", "as"),
}
_LONGEST_TAIL = 8  # words after a credit that ends its sentence ("... on Monday")
_LONGEST_HEADING = 8  # words before the colon of "Defence ministry: ..."


def find_attributions(sentence: Sentence) -> list[Attribution]:
    """The attributions of a sentence in the order of their cues."""
    found: list[Attribution] = []
    done = 0  # words up to here are spoken for by an earlier attribution
    last_start = 0  # where the search for the last attribution began
    index = 0
    n = len(sentence)
    while index < n:
        if sentence.lower[index] not in TRIGGERS:
            index += 1
            continue
        attribution = _attribution_at(sentence, index, done, found)
        if attribution is None and found:
            attribution = read_credit(sentence, index, done, last_start, found[-1])
            if attribution is not None:
                found.pop()
        if attribution is None:
            index += 1
            continue
        found.append(attribution)
        last_start = done
        done = max(
            attribution.cue[1],
            attribution.source[1] if attribution.source else 0,
            attribution.content[-1][1] if attribution.content else 0,
        )
        index = max(done, index + 1)
    return found


def _attribution_at(
    sentence: Sentence, index: int, done: int, found: list[Attribution]
) -> Attribution | None:
    word = sentence.lower[index]
    following = sentence.lower[index + 1] if index + 1 < len(sentence) else ""
    if word == ACCORDING and following == "to":
        return read_according(sentence, index, done)
    if word == ":":
        return read_heading(sentence, index, done)
    if word in CUE_NOUNS and following == "that":
        attribution = read_cue_noun(sentence, index, done)
        if attribution is not None:
            return attribution
    cue = find_cue_verb(sentence, index, done)
    if cue is None:
        return None
    last_source = next((a.source for a in reversed(found) if a.source is not None), None)
    if cue.voice == "participle":
        return _participle(sentence, cue, done, last_source)
    if cue.voice == "passive":
        return _passive(sentence, cue, done)
    return _finite(sentence, cue, done, last_source)


def _finite(
    sentence: Sentence, cue: CueVerb, done: int, last_source: Range | None
) -> Attribution | None:
    lower, frames = sentence.lower, cue.verb.frames
    before = lower[cue.first - 1] if cue.first > done else ""
    words = (cue.start, cue.end)
    source = source_before(sentence, cue.first, done)
    apposed = (
        source is not None
        and before in (",", *DASHES)
        and opens_clause(sentence, source[0], done)
        and can_speak(sentence, *source)
    )
    if not apposed and cue.first == cue.start and "i" in frames:
        inverted = _inversion(sentence, cue, done, before)
        if inverted is not None:
            return inverted
    inherited = False
    if source is None and last_source is not None and (before in CONJUNCTIONS or cue.first == done):
        source, inherited = last_source, True
    if source is None and before in CONJUNCTIONS:
        comma = cue.first - 2 >= done and lower[cue.first - 2] == ","
        found = main_subject if comma else last_subject
        source, inherited = found(sentence, cue.first - 1, done), True
    if source is None or lower[source[0]] in _EMPTY_SUBJECTS:
        return None
    if lower[source[0]] == "it" and cue.verb.lemma not in _IT_REPORTS:
        return None
    needs_speaker = bool(set("rnvtq") & set(frames)) or frames == "c"
    if needs_speaker and not can_speak(sentence, *source):
        return None
    begin = source[0]
    subordinate = before == "who" or (not inherited and _in_opening_clause(sentence, begin, done))
    forward = content_after(sentence, cue, one_clause=subordinate)
    if forward and not inherited and _interrupts(sentence, begin, done, forward[0]):
        before_it = content_before(sentence, begin, done)
        if before_it is not None:
            return Attribution(words, source, (before_it, *forward))
    if forward:
        return Attribution(words, source, forward)
    if inherited:
        return None
    # "A," X said. / A, X said.
    content = None
    quoted_before = begin > done and sentence.quoted[begin - 1] >= 0
    if begin > done and ("p" in frames or quoted_before or "q" in frames):
        content = content_before(sentence, begin, done)
        if content is not None and "p" not in frames and sentence.quoted[content[1] - 1] < 0:
            content = None
    if content is not None:
        return Attribution(words, source, (content, *rest_of_content(sentence, cue.end, content)))
    if begin == done or all(w in CONJUNCTIONS or w in ADVERBS for w in lower[done:begin]):
        colon = lower[-1] == ":"
        if colon or len(sentence) - cue.end <= 8:
            return Attribution(words, source, (), follows=colon)
    return None


def _interrupts(sentence: Sentence, begin: int, done: int, forward: Range) -> bool:
    """Whether an attribution stands between two quotations ("“A,” she said, “B”")."""
    if begin <= done or sentence.quoted[forward[0]] < 0:
        return False
    if sentence.quoted[begin - 1] >= 0:
        return True
    # "Both armies are tired, he says, “and that helps.”"
    return (
        sentence.lower[begin - 1] == ","
        and sentence.starts_low(forward[0])
        and not opens_clause(sentence, begin, done)
    )


def _inversion(sentence: Sentence, cue: CueVerb, done: int, before: str) -> Attribution | None:
    """Inverted: "...," said X."""
    quoted_before = cue.first > done and sentence.quoted[cue.first - 1] >= 0
    if not (before == "," or before in DASHES or quoted_before or cue.first == done):
        return None
    source = source_after(sentence, cue.end, len(sentence))
    if source is None or not is_inverted(sentence, cue.start, source, done):
        return None
    content = content_before(sentence, cue.first, done)
    if content is None:
        return Attribution((cue.start, cue.end), source, ()) if cue.first == done else None
    if "p" not in cue.verb.frames and sentence.quoted[content[1] - 1] < 0:
        return None  # only a quotation is spoken with "laughed" or "continued"
    rest = rest_of_content(sentence, source[1], content)
    return Attribution((cue.start, cue.end), source, (content, *rest))


def _in_opening_clause(sentence: Sentence, subject: int, done: int) -> bool:
    """Whether a subject stands in a clause like "While X ..." that opens the sentence."""
    k = done
    while k < subject and not sentence.is_word(k):
        k += 1
    return (
        k < subject
        and sentence.lower[k] in SUBORDINATORS
        and all(word != "," for word in sentence.lower[k:subject])
    )


def _participle(
    sentence: Sentence, cue: CueVerb, done: int, last_source: Range | None
) -> Attribution | None:
    """A participle: "..., adding that ...", "with critics arguing ...", "quoted X as saying"."""
    lower, first = sentence.lower, cue.first
    if set(cue.verb.frames) <= set("qi") or first == 0:
        return None
    before = lower[first - 1]
    content = content_after(sentence, cue)
    if not content:
        return None
    marked = lower[cue.end : cue.end + 1] == ["that"] or sentence.quoted[content[0][0]] >= 0
    source: Range | None
    if (
        before in (",", "and", "but", "while")
        or before in DASHES
        or sentence.quoted[first - 1] >= 0
    ):
        source = last_source or main_subject(sentence, first)
    elif before == "as":
        source = _quoted_person(sentence, first - 1, done)
    elif before in PREPOSITIONS or before in SUBORDINATORS or before in DETERMINERS:
        return None
    else:
        opening = _with(sentence, first, done)
        source = source_before(sentence, first, opening or done)
        if source is not None and any(
            word in MESSAGE_NOUNS for word in lower[source[0] : source[1]]
        ):
            source = last_source or main_subject(sentence, first) or source
        elif opening is None and not marked and cue.verb.lemma != "tell":
            return None
    if source is None or not can_speak(sentence, *source):
        return None
    return Attribution((cue.start, cue.end), source, content)


def _with(sentence: Sentence, first: int, done: int) -> int | None:
    """Index after the "with" that opens "with critics arguing", or None."""
    for k in range(first - 1, max(done, first - 12) - 1, -1):
        if sentence.lower[k] == "with":
            return k + 1
        if sentence.lower[k] == "," or is_finite(sentence, k):
            return None
    return None


def _quoted_person(sentence: Sentence, conjunction: int, done: int) -> Range | None:
    """The source of "Y quoted X as saying" or "X was quoted as saying"."""
    for k in range(conjunction - 1, done - 1, -1):
        word = sentence.lower[k]
        if word in ("quoted", "quotes", "quoting", "cited", "cites", "citing"):
            if k > 0 and sentence.lower[k - 1] in BE:
                return source_before(sentence, verb_group_start(sentence, k, done), done)
            return (k + 1, conjunction) if conjunction > k + 1 else None
    return None


def _passive(sentence: Sentence, cue: CueVerb, done: int) -> Attribution | None:
    """A passive: "The strikes were described as ...", "he is said to ..."; nobody is named."""
    wanted = _PASSIVES.get(cue.verb.lemma)
    if wanted is None or cue.end >= len(sentence) or sentence.lower[cue.end] not in wanted:
        return None
    if source_before(sentence, cue.first, done) is None:
        return None
    content = clause(sentence, cue.end + 1)
    return Attribution((cue.start, cue.end), None, content) if content else None
