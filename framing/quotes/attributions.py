"""Attributions in one sentence: which words report, who is the source, what is the content.

A sentence is read from left to right. A cue inside what an earlier cue reports is part of that
report ("X said that Y had warned ..."); where the content ends, reading goes on. A credit that
ends the sentence ("..., officials said") takes over what stands before it, except from a cue that
only passes on another's words ("..., the Morning Post reported").
"""

import dataclasses

from framing.quotes.content import (
    clause,
    content_after,
    content_before,
    is_inverted,
    quotations_from,
    rest_of_content,
    strip_range,
)
from framing.quotes.cues import ACCORDING, CUE_NOUNS, MESSAGE_NOUNS, TRIGGERS
from framing.quotes.openings import DASHES
from framing.quotes.sources import (
    Range,
    last_subject,
    main_subject,
    opens_clause,
    source_after,
    source_before,
)
from framing.quotes.titles import MEDIA_NOUNS
from framing.quotes.verbs import CueVerb, find_cue_verb, verb_group_start
from framing.quotes.words import (
    ADVERBS,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    SPEAKERS,
    SUBORDINATORS,
    Sentence,
    can_speak,
    is_finite,
)

__all__ = ["Attribution", "find_attributions"]

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


@dataclasses.dataclass(frozen=True, slots=True)
class Attribution:
    """One report in a sentence, in word indices.

    Attributes:
        cue: Words of the cue.
        source: Words of the source, or None.
        content: Stretches of content in text order; empty when it must be looked for in the
            sentences around (a quotation before or after).
        follows: With empty content, whether it stands after the cue (a colon).
    """

    cue: Range
    source: Range | None
    content: tuple[Range, ...]
    follows: bool = False


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
            attribution = _credit(sentence, index, done, last_start, found[-1])
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
        return _according(sentence, index, done)
    if word == ":":
        return _heading(sentence, index, done)
    if word in CUE_NOUNS and following == "that":
        attribution = _cue_noun(sentence, index, done)
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


def _credit(
    sentence: Sentence, index: int, done: int, last_start: int, last: Attribution
) -> Attribution | None:
    """A credit at the end takes the sentence over: "X will announce Y, officials said."."""
    lower, n = sentence.lower, len(sentence)
    forward = last.content and last.content[-1][1] == done and last.cue[0] < last.content[0][0]
    if not forward or done >= n or lower[done] != ",":
        return None
    source: Range | None
    if lower[index : index + 2] == [ACCORDING, "to"] and index == done + 1:
        words = (index, index + 2)
        source = source_after(sentence, index + 2, n)
    else:
        cue = find_cue_verb(sentence, index, done + 1)
        if cue is None or cue.voice != "finite" or "p" not in cue.verb.frames:
            return None
        words = (cue.start, cue.end)
        if cue.start == done + 1:
            source = source_after(sentence, cue.end, n)
        else:
            source = source_before(sentence, cue.first, done + 1)
            if source is not None and source[0] != done + 1:
                return None
        if cue.verb.lemma == "report":
            return None
    if source is None or not can_speak(sentence, *source) or _is_outlet(sentence, source):
        return None
    end = max(words[1], source[1])
    if n - end > _LONGEST_TAIL or any(is_finite(sentence, k) for k in range(end, n)):
        return None
    if any(sentence.quoted[k] >= 0 for first, stop in last.content for k in range(first, stop)):
        return None
    content = strip_range(sentence, last_start, done)
    return Attribution(words, source, (content,)) if content else None


def _is_outlet(sentence: Sentence, source: Range) -> bool:
    return any(word in MEDIA_NOUNS for word in sentence.lower[source[0] : source[1]])


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


def _according(sentence: Sentence, index: int, done: int) -> Attribution | None:
    cue = (index, index + 2)
    if opens_clause(sentence, index, done) and not (
        index > done and sentence.quoted[index - 1] >= 0
    ):
        leading = _according_first(sentence, index)
        if leading is not None:
            return leading
    source = source_after(sentence, index + 2, len(sentence))
    if source is None:
        return None
    content = content_before(sentence, index, done)
    if content is None and index > done and sentence.lower[index - 1] != ",":
        content = strip_range(sentence, done, index)
    if content is None:
        return None
    return Attribution(cue, source, (content,))


def _according_first(sentence: Sentence, index: int) -> Attribution | None:
    """At the head, "According to X, ...": the source ends at the comma before the clause."""
    lower, n = sentence.lower, len(sentence)
    cue = (index, index + 2)
    comma = next((k for k in range(index + 2, n) if lower[k] in (",", ":")), None)
    if comma is None:
        return None
    source = (index + 2, comma)
    if lower[comma] == ":" and comma + 1 == n:
        return Attribution(cue, source, (), follows=True)
    # An apposition moves the comma that ends the phrase.
    wide = source_after(sentence, index + 2, n)
    moved = wide is not None and comma < wide[1] < n and lower[wide[1]] == ","
    if wide is not None and moved and any(is_finite(sentence, k) for k in range(wide[1] + 1, n)):
        source, comma = wide, wide[1]
    content = clause(sentence, comma + 1)
    return Attribution(cue, source, content) if content else None


def _heading(sentence: Sentence, index: int, done: int) -> Attribution | None:
    """A heading, "Defence ministry: ...": a source and a colon, with nothing else before."""
    if index == 0 or done > 0 or index + 1 >= len(sentence):
        return None
    quoted = sentence.quoted[index + 1] >= 0
    colon = (index, index + 1)
    if any(is_finite(sentence, k) for k in range(index)):
        source = main_subject(sentence, index) if quoted else None
        if source is None or not can_speak(sentence, *source):
            return None
        return Attribution(colon, source, quotations_from(sentence, index + 1))
    if index > _LONGEST_HEADING:
        return None
    source = source_before(sentence, index, 0)
    if source is None or source[0] != 0 or not can_speak(sentence, *source):
        return None
    if quoted:
        return Attribution(colon, source, quotations_from(sentence, index + 1))
    # Without marks a heading may be a topic ("Tarna: what we know"): a word for speakers decides.
    content = clause(sentence, index + 1)
    if (
        content
        and sentence.lower[index - 1] in SPEAKERS
        and any(is_finite(sentence, k) for k in range(*content[0]))
    ):
        return Attribution(colon, source, content)
    return None


def _cue_noun(sentence: Sentence, index: int, done: int) -> Attribution | None:
    """A noun, "its insistence that ...", "Velez's claim that ...": its possessor is the source."""
    owner = sentence.lower[index - 1] if index > done else ""
    possessive = owner in ("his", "her", "their", "its") or owner.endswith(("'s", "’s", "s'", "s’"))
    if not possessive:
        return None
    source = source_before(sentence, index, done)
    content = clause(sentence, index + 2)
    if source is None or not content:
        return None
    return Attribution((index, index + 1), (source[0], index), content)
