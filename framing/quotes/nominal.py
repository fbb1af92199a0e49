"""Attributions without a reporting verb of their own, and credits at the end of a sentence.

"According to the ministry, ...", "Defence ministry: ...", "its insistence that ...", and
"..., officials said", which takes the whole sentence over.
"""

from framing.quotes.content import clause
from framing.quotes.cues import ACCORDING
from framing.quotes.grammar import Attribution, Range
from framing.quotes.sources import main_subject, opens_clause, source_after, source_before
from framing.quotes.stretches import content_before, quotations_from, strip_range
from framing.quotes.titles import MEDIA_NOUNS
from framing.quotes.verbs import find_cue_verb
from framing.quotes.words import SPEAKERS, Sentence, can_speak, is_finite

__all__ = ["read_according", "read_credit", "read_cue_noun", "read_heading"]

_LONGEST_TAIL = 8  # words after a credit that ends its sentence ("... on Monday")
_LONGEST_HEADING = 8  # words before the colon of "Defence ministry: ..."
_OWNERS = frozenset("his her their its".split())


def read_according(sentence: Sentence, index: int, done: int) -> Attribution | None:
    """Read "according to X" at word `index`, before or after what X says."""
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
    if comma is None or not any(sentence.is_word(k) for k in range(index + 2, comma)):
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


def read_heading(sentence: Sentence, index: int, done: int) -> Attribution | None:
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


def read_cue_noun(sentence: Sentence, index: int, done: int) -> Attribution | None:
    """A noun, "its insistence that ...", "Velez's claim that ...": its possessor is the source."""
    owner = sentence.lower[index - 1] if index > done else ""
    possessive = owner in _OWNERS or owner.endswith(("'s", "’s", "s'", "s’"))
    if not possessive:
        return None
    pronoun = owner in _OWNERS
    source = (index - 1, index) if pronoun else source_before(sentence, index, done)
    content = clause(sentence, index + 2)
    if source is None or not content:
        return None
    return Attribution((index, index + 1), (source[0], index), content)


def read_credit(
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
