"""Attributions in one sentence: which words report, who is the source, what is the content.

A sentence is read from left to right. A cue inside what an earlier cue reports is part of that
report ("X said that Y had warned ..."), except where the sentence goes on to report anew: a
participle after a comma (", adding that"), a coordinated cue ("and called for") or a clause with
a source of its own (", but Y said").
"""

import dataclasses

from framing.quotes.cues import ACCORDING, CUE_NOUNS, Verb, find_verb
from framing.quotes.sources import (
    Range,
    main_subject,
    source_after,
    source_before,
    verb_group_start,
)
from framing.quotes.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIMES,
    Sentence,
    can_speak,
    looks_like_verb,
)

__all__ = ["Attribution", "find_attributions"]

_DASHES = frozenset("– — - --".split())
_STOPS = frozenset(".!?…;")
# After these a report says nothing that could be coded ("said so", "denied it").
_EMPTY = frozenset("so nothing it that this them him her much more little as otherwise".split())
_OBJECTS = frozenset("me us him her them you it reporters journalists lawmakers".split())
_NEGATION = frozenset("declined refused not never n't didn't didn’t cannot".split())
_COMPLEMENTISERS = frozenset("that how why whether if what".split())


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
    # Words up to here are spoken for: content, cue or source of an earlier attribution.
    done = 0
    last_source: Range | None = None
    index = 0
    while index < len(sentence):
        word = sentence.lower[index]
        attribution: Attribution | None = None
        following = sentence.lower[index + 1] if index + 1 < len(sentence) else ""
        if word == ACCORDING and following == "to":
            attribution = _according(sentence, index, done)
        elif word == ":":
            attribution = _heading(sentence, index, done)
        elif word in CUE_NOUNS and following == "that":
            attribution = _cue_noun(sentence, index, done)
        else:
            verb = find_verb(word, following)
            if verb is not None and not (sentence.is_name(index) and index > 0):
                attribution = _verb(sentence, index, verb, done, last_source)
        if attribution is None:
            index += 1
            continue
        found.append(attribution)
        if attribution.source is not None:
            last_source = attribution.source
        done = max(
            attribution.cue[1],
            attribution.source[1] if attribution.source else 0,
            attribution.content[-1][1] if attribution.content else 0,
        )
        index = max(done, index + 1)
    return found


def _verb(
    sentence: Sentence, index: int, verb: Verb, done: int, last_source: Range | None
) -> Attribution | None:
    first = verb_group_start(sentence, index, done)
    lower = sentence.lower
    group = lower[first:index]
    before = lower[first - 1] if first > done else ""
    after = index + (2 if verb.particle else 1)
    cue = (index, after)
    if before == "to" or (group and group[-1] == "to"):
        return None  # an infinitive reports no act of speaking
    if _NEGATION & set(group):
        return None
    if verb.form == "ing" and not (set(group) & BE):
        return _participle(sentence, first, index, verb, done, last_source)
    if verb.form == "ed" and group and any(word in BE for word in group):
        return _passive(sentence, first, index, verb, done)
    if verb.form == "base" and (before in DETERMINERS or before in PREPOSITIONS):
        return None  # a noun
    if verb.form in ("s", "base") and _is_noun(sentence, first, index, done):
        return None
    quoted_before = first > done and sentence.quoted[first - 1] >= 0
    # "...," said X
    if "i" in verb.frames and (before == "," or quoted_before or first == done) and not group:
        source = source_after(sentence, after, len(sentence))
        if source is not None and _inverted(sentence, index, source, done):
            content = _content_before(sentence, first, done)
            if content is not None or first == done:
                more = _content_after_inversion(sentence, source[1], content)
                return Attribution(cue, source, (*filter(None, [content]), *more))
    source = source_before(sentence, first, done)
    inherited = False
    if source is None and before in CONJUNCTIONS and last_source is not None:
        source, inherited = last_source, True
    if source is None:
        return None
    if lower[source[0]] == "it" and verb.lemma not in ("say", "add", "note", "report", "write", "announce", "warn", "tell"):
        return None
    if lower[source[0]] in ("this", "these", "that", "there", "what", "which"):
        return None
    needs_speaker = bool(set("rnvtq") & set(verb.frames)) or verb.frames == "c"
    if needs_speaker and not can_speak(sentence, *source):
        return None
    forward = _content_after(sentence, after, verb)
    if forward:
        return Attribution(cue, source, forward)
    if inherited:
        return None
    # "A," X said. / A, X said.
    begin = source[0]
    content = None
    if begin > done and ("p" in verb.frames or sentence.quoted[begin - 1] >= 0 or "q" in verb.frames):
        content = _content_before(sentence, begin, done)
        if content is not None and "p" not in verb.frames and sentence.quoted[content[1] - 1] < 0:
            content = None
    if content is not None:
        more = _content_after_inversion(sentence, _tail_start(sentence, after), content)
        return Attribution(cue, source, (content, *more))
    if begin == done or all(w in CONJUNCTIONS | ADVERBS for w in lower[done:begin]):
        colon = lower[-1] == ":"
        tail = lower[after:]
        if colon or len(tail) <= 8:
            return Attribution(cue, source, (), follows=colon)
    return None


def _participle(
    sentence: Sentence, first: int, index: int, verb: Verb, done: int, last_source: Range | None
) -> Attribution | None:
    """ "..., adding that ..."; "with critics arguing that ..."; "quoted X as saying ..."."""
    lower = sentence.lower
    after = index + (2 if verb.particle else 1)
    before = lower[first - 1] if first > 0 else ""
    if set("q") == set(verb.frames) - {"i"}:
        return None
    source: Range | None
    if before in (",", "and", "but") or before in _DASHES or (first and sentence.quoted[first - 1] >= 0):
        source = last_source or main_subject(sentence, first)
    elif before == "as":
        source = _quoted_person(sentence, first - 1, done)
    elif before in PREPOSITIONS or before in SUBORDINATORS or before in DETERMINERS:
        return None
    elif first == 0:
        return None
    else:
        source = source_before(sentence, first, done)
        if source is not None and lower[source[1] - 1] in (
            "statement", "letter", "tweet", "post", "message", "email", "note", "memo", "release",
        ):
            source = last_source or main_subject(sentence, first) or source
    if source is None or not can_speak(sentence, *source):
        return None
    content = _content_after(sentence, after, verb)
    return Attribution((index, after), source, content) if content else None


def _quoted_person(sentence: Sentence, conjunction: int, done: int) -> Range | None:
    """The source of "Y quoted X as saying" or "X was quoted as saying"."""
    for k in range(conjunction - 1, done - 1, -1):
        word = sentence.lower[k]
        if word in ("quoted", "quotes", "quoting", "cited", "cites", "citing"):
            if k > 0 and sentence.lower[k - 1] in BE:
                return source_before(sentence, verb_group_start(sentence, k, done), done)
            return (k + 1, conjunction) if conjunction > k + 1 else None
    return None


def _passive(
    sentence: Sentence, first: int, index: int, verb: Verb, done: int
) -> Attribution | None:
    """ "The strikes were described as ..."; "he is said to ...": no source is given."""
    lower = sentence.lower
    after = index + 1
    wanted = {"describe": ("as",), "say": ("to",), "blame": ("for",), "accuse": ("of",),
              "allege": ("to",), "report": ("to",), "criticize": ("for",), "criticise": ("for",),
              "portray": ("as",), "hail": ("as",), "praise": ("for", "as")}.get(verb.lemma)
    if wanted is None or after >= len(sentence) or lower[after] not in wanted:
        return None
    if source_before(sentence, first, done) is None:
        return None
    content = _clause(sentence, after + 1)
    return Attribution((index, after), None, content) if content else None


def _according(sentence: Sentence, index: int, done: int) -> Attribution | None:
    cue = (index, index + 2)
    leading = all(
        word in CONJUNCTIONS | ADVERBS | {","} for word in sentence.lower[done:index]
    )
    if leading:
        comma = next(
            (k for k in range(index + 2, len(sentence)) if sentence.lower[k] in (",", ":")), None
        )
        if comma is None:
            return None
        source = source_after(sentence, index + 2, comma) or (index + 2, comma)
        # An apposition moves the comma that ends the phrase.
        wide = source_after(sentence, index + 2, len(sentence))
        if wide is not None and wide[1] > comma and wide[1] < len(sentence) and (
            sentence.lower[wide[1]] == ","
        ):
            rest = sentence.lower[wide[1] + 1 :]
            if any(looks_like_verb(word) for word in rest):
                source, comma = wide, wide[1]
        if sentence.lower[comma] == ":" and comma + 1 == len(sentence):
            return Attribution(cue, source, (), follows=True)
        content = _clause(sentence, comma + 1)
        return Attribution(cue, source, content) if content else None
    source = source_after(sentence, index + 2, len(sentence))
    if source is None:
        return None
    content_before = _content_before(sentence, index, done)
    if content_before is None and index > done and sentence.lower[index - 1] != ",":
        content_before = _strip(sentence, done, index)
    if content_before is None:
        return None
    return Attribution(cue, source, (content_before,))


def _heading(sentence: Sentence, index: int, done: int) -> Attribution | None:
    """ "Defence ministry: ...": a source and a colon, with nothing else before."""
    if index == 0 or done > 0:
        return None
    following = sentence.quoted[index + 1] >= 0 if index + 1 < len(sentence) else False
    if any(looks_like_verb(word) and not sentence.is_name(k)
           for k, word in enumerate(sentence.lower[:index])):
        if not following:
            return None
        source = main_subject(sentence, index)
        if source is None or not can_speak(sentence, *source):
            return None
        return Attribution((index, index + 1), source, _quotations_from(sentence, index + 1))
    if index > 8:
        return None
    source = source_before(sentence, index, 0)
    if source is None or source[0] != 0 or not can_speak(sentence, *source):
        return None
    if following:
        return Attribution((index, index + 1), source, _quotations_from(sentence, index + 1))
    return None


def _cue_noun(sentence: Sentence, index: int, done: int) -> Attribution | None:
    """ "its insistence that ...", "Velez's claim that ...": a possessor is the source."""
    owner = sentence.lower[index - 1] if index > done else ""
    possessive = owner in ("his", "her", "their", "its") or owner.endswith(("'s", "’s", "s'", "s’"))
    if not possessive:
        return None
    source = source_before(sentence, index, done)
    content = _clause(sentence, index + 2)
    if source is None or not content:
        return None
    return Attribution((index, index + 1), (source[0], index), content)


def _is_noun(sentence: Sentence, first: int, index: int, done: int) -> bool:
    """Whether a form like "reports", "claims" or "demand" is a noun here."""
    lower = sentence.lower
    if first <= done:
        return True  # no room for a subject
    if first < index:
        return False  # an auxiliary or adverb stands before
    before = lower[index - 1]
    following = lower[index + 1] if index + 1 < len(sentence) else "."
    if before in DETERMINERS or before in PREPOSITIONS or before.endswith(("'s", "’s")):
        return True
    if find_verb(lower[index], following) is not None and lower[index] in ("say", "says", "tells"):
        return False
    if before in PRONOUNS or before in (",", ")") or sentence.quoted[index - 1] >= 0:
        return False
    if following in ("of", "from", "in", "about", "and", ",", ".", "by", "to", "on", "against"):
        return not (sentence.is_name(index - 1) and following in ("to", "on"))
    return not (
        following in _COMPLEMENTISERS
        or following in DETERMINERS
        or following in PRONOUNS
        or sentence.is_name(index - 1)
        or before.endswith("s")
        or sentence.quoted[min(index + 1, len(sentence) - 1)] >= 0
    )


def _inverted(sentence: Sentence, index: int, source: Range, done: int) -> bool:
    """Whether "said X" is an inversion, not "said [that] X would ..."."""
    if index > done and sentence.quoted[index - 1] >= 0:
        return True
    end = source[1]
    if end >= len(sentence):
        return True
    following = sentence.lower[end]
    if following in _STOPS or following in (",", ":") or following in _DASHES:
        return True
    return following in PREPOSITIONS or following in TIMES or following in SUBORDINATORS


def _content_before(sentence: Sentence, end: int, done: int) -> Range | None:
    """Content that ends before a source or cue: a quotation, or a clause and a comma."""
    if end <= done:
        return None
    if sentence.quoted[end - 1] >= 0:
        return _strip(sentence, _quotation_clause_start(sentence, end - 1, done), end)
    if sentence.lower[end - 1] not in (",",) and sentence.lower[end - 1] not in _DASHES:
        return None
    return _strip(sentence, done, end - 1)


def _quotation_clause_start(sentence: Sentence, quotation: int, done: int) -> int:
    """Where the content that a quotation ends begins: itself, or the clause it completes."""
    span = sentence.spans[quotation]
    start = quotation
    while start > done and (
        sentence.quoted[start - 1] >= 0
        or (sentence.lower[start - 1] in (",", "and") and start - 1 > done
            and sentence.quoted[start - 2] >= 0)
    ):
        start -= 1
    if start == done or span.end - span.start > 60:
        return start
    return done


def _strip(sentence: Sentence, first: int, end: int) -> Range | None:
    lower = sentence.lower
    while first < end and (
        (sentence.quoted[first] < 0 and not sentence.words[first][0].isalnum() and lower[first] not in "$€£#([")
        or (first > 0 and lower[first] in ("and", "but"))
    ):
        first += 1
    while end > first and sentence.quoted[end - 1] < 0 and (
        lower[end - 1] in _STOPS or lower[end - 1] in (",", ":", "(", "[") or lower[end - 1] in _DASHES
    ):
        end -= 1
    if end <= first or (end - first < 2 and sentence.quoted[first] < 0):
        return None
    return (first, end)


def _content_after_inversion(
    sentence: Sentence, start: int, before: Range | None
) -> tuple[Range, ...]:
    """The rest of an interrupted quotation or clause: "A," she said, "B."."""
    if before is None or start >= len(sentence):
        return ()
    quoted = sentence.quoted[before[1] - 1] >= 0
    index = start
    while index < len(sentence) and sentence.lower[index] not in (",", ":", ";") and (
        sentence.quoted[index] < 0
    ):
        if sentence.lower[index] in _STOPS:
            return ()
        index += 1
    if index < len(sentence) and sentence.quoted[index] < 0:
        index += 1
    if index >= len(sentence):
        return ()
    if quoted:
        return _quotations_from(sentence, index) if sentence.quoted[index] >= 0 else ()
    word = sentence.lower[index]
    if word in _NO_INTERRUPTION or word.endswith("ing"):
        return ()
    # Only a predicate goes on with what came before ("The strikes, officials said, were ...").
    if not (word in AUXILIARIES or looks_like_verb(word) or word in PREPOSITIONS):
        return ()
    return _clause(sentence, index)


_NO_INTERRUPTION = CONJUNCTIONS | SUBORDINATORS | PRONOUNS | {"according", "in", "during", "on"}


def _tail_start(sentence: Sentence, after: int) -> int:
    return after


def _quotations_from(sentence: Sentence, start: int) -> tuple[Range, ...]:
    parts: list[Range] = []
    index = start
    while index < len(sentence):
        if sentence.quoted[index] >= 0:
            parts.append((index, index + 1))
            index += 1
        elif sentence.lower[index] in (",", "and") and index + 1 < len(sentence) and (
            sentence.quoted[index + 1] >= 0
        ):
            index += 1
        else:
            break
    return tuple(parts)


def _content_after(sentence: Sentence, after: int, verb: Verb) -> tuple[Range, ...]:
    """Content that begins after the cue, or () when there is none."""
    lower, n = sentence.lower, len(sentence)
    start = after
    if start >= n:
        return ()
    if verb.frames == "c":
        return _naming(sentence, start)
    # The adverbial or addressee between cue and content.
    start, complementiser = _skip_to_content(sentence, start, verb)
    if start >= n or lower[start] in _STOPS:
        return ()
    if sentence.quoted[start] >= 0:
        span = sentence.spans[start]
        whole = span.end - span.start > 40 or start + 1 >= n or lower[start + 1] in _STOPS
        if whole and not complementiser:
            return _quotations_from(sentence, start)
        return _clause(sentence, start)
    if lower[start] == ":":
        if start + 1 < n and sentence.quoted[start + 1] >= 0:
            return _quotations_from(sentence, start + 1)
        return _clause(sentence, start + 1)
    if lower[start] in (",", ")") or lower[start] in _DASHES:
        return ()
    frames = verb.frames
    if complementiser:
        return _clause(sentence, start) if set("stna") & set(frames) else ()
    word = lower[start]
    if word in _EMPTY and (start + 1 >= n or lower[start + 1] in _STOPS or lower[start + 1] in (",", "and", "but")):
        return ()
    if word in ("so", "nothing", "otherwise", "much"):
        return ()
    if word == "to":
        if "v" in frames or "n" in frames:
            return _clause(sentence, start)
        return ()
    if "n" in frames:
        content = _clause(sentence, start)
        # "denied it", "welcomed the news": a pronoun alone says nothing.
        if content and content[0][1] - content[0][0] == 1 and content[0][0] == start and (
            word in _EMPTY or word in PRONOUNS
        ):
            return ()
        return content
    if "s" in frames or "v" in frames:
        content = _clause(sentence, start)
        if content and _is_clause(sentence, *content[0]):
            return content
        # "said no", "noted the delay": a report with s needs a clause.
        return ()
    return ()


def _skip_to_content(sentence: Sentence, start: int, verb: Verb) -> tuple[int, bool]:
    """Index where content begins after the cue, and whether "that" or the like opened it."""
    lower, n = sentence.lower, len(sentence)
    index = start
    limit = min(n, start + 18)
    if "a" in verb.frames and index < n and sentence.quoted[index] < 0:
        index = _skip_addressee(sentence, index, verb)
    for _ in range(4):
        if index >= n:
            return index, False
        word = lower[index]
        if word in ("that", "how", "why", "whether") or (word in ("if", "what") and verb.lemma == "ask"):
            if word == "that" and index + 1 < n and not _demonstrative(sentence, index):
                return index + 1, True
            if word != "that":
                return index, True
            return index, False
        if sentence.quoted[index] >= 0 or word == ":":
            return index, False
        if word in ADVERBS or word.endswith("ly") and word not in ("only", "early", "family", "italy"):
            index += 1
            continue
        if word in TIMES and sentence.is_name(index):
            index += 1
            while index < n and (lower[index].isdigit() or lower[index] in TIMES):
                index += 1
            continue
        if word in PREPOSITIONS or word in (",", "by"):
            # An adverbial is skipped when the content visibly opens after it.
            jump = _after_adverbial(sentence, index, limit, verb)
            if jump is None:
                return index, False
            index = jump
            continue
        return index, False
    return index, False


def _demonstrative(sentence: Sentence, index: int) -> bool:
    following = sentence.lower[index + 1]
    return following in ("is", "was", "would", "will") and False


def _after_adverbial(sentence: Sentence, index: int, limit: int, verb: Verb) -> int | None:
    lower, n = sentence.lower, len(sentence)
    word = lower[index]
    if "n" in verb.frames and "s" not in verb.frames and "a" not in verb.frames:
        return None
    for k in range(index + 1, min(limit, n)):
        if lower[k] == "that" and k + 1 < n:
            return k
        if lower[k] == ":" :
            return k
        if sentence.quoted[k] >= 0 and k + 1 < n and (lower[k - 1] in (",",) or k - index > 1):
            return k
        if lower[k] in _STOPS:
            break
    if word == ",":
        # "said, however, the ..." : up to the next comma
        for k in range(index + 1, min(index + 8, n)):
            if lower[k] == "," and k + 1 < n and k > index + 1:
                return k + 1
        if index + 1 < n and sentence.quoted[index + 1] >= 0:
            return index + 1
        return None
    # "in a statement", "on Monday", "to reporters": preposition, determiner, words, then a clause.
    k = index + 1
    if k < n and lower[k] in TIMES:
        while k < n and (lower[k] in TIMES or lower[k].isdigit()):
            k += 1
        return k if k < n else None
    if k < n and lower[k] in DETERMINERS:
        k += 1
    while k < n and k < index + 8:
        if lower[k] in PRONOUNS or (lower[k] in DETERMINERS and k > index + 1):
            return k
        if lower[k] in _STOPS or lower[k] == ",":
            return k if lower[k] in _STOPS else None
        if k > index + 2 and sentence.is_name(k) and not sentence.is_name(k - 1) and lower[k] not in TIMES:
            if lower[k - 1] not in PREPOSITIONS:
                return k
        k += 1
    return None


def _skip_addressee(sentence: Sentence, index: int, verb: Verb) -> int:
    lower, n = sentence.lower, len(sentence)
    if "n" in verb.frames and verb.lemma not in ("warn", "promise", "advise"):
        return index
    word = lower[index]
    if word in ("that", ":", "of", "against", "about"):
        return index
    if word in _OBJECTS:
        return index + 1
    # Up to a visible opening of the content.
    for k in range(index, min(n, index + 14)):
        if lower[k] in ("that", ":", "how", "why", "whether") or (
            sentence.quoted[k] >= 0
        ):
            return k
        if lower[k] == "to" and k > index and verb.lemma in ("tell", "advise"):
            return index  # "told its residents to leave": what they are told to do is the content
        if lower[k] in _STOPS:
            break
    if verb.lemma not in ("tell", "inform", "remind", "assure", "notify", "reassure"):
        return index
    k = index
    if lower[k] in DETERMINERS or lower[k].endswith(("'s", "’s")):
        k += 1
        while k < n and sentence.is_name(k):
            k += 1
        if k == index + 1 or not sentence.is_name(k - 1):
            k += 1
        while k < n and lower[k] in ("newspaper", "agency", "magazine", "television", "radio"):
            k += 1
        return min(k, n)
    if sentence.is_name(k) or sentence.words[k][0] == "@":
        while k < n and (sentence.is_name(k) or lower[k] in ("of", "and", "the", "'s", "’s")) and (
            lower[k] not in TIMES
        ):
            if lower[k] in ("and", "of", "the") and not (k + 1 < n and sentence.is_name(k + 1)):
                break
            if lower[k] in DETERMINERS and k > index:
                break
            k += 1
        while k < n and lower[k] in ("newspaper", "agency", "news", "television", "radio", "magazine"):
            k += 1
        return k
    k += 1
    while k < n and lower[k] in ("members", "reporters", "officials", "journalists", "leaders", "staff"):
        k += 1
    return k


def _naming(sentence: Sentence, start: int) -> tuple[Range, ...]:
    """ "called the raid “a crime”": content when something quoted is said of something."""
    content = _clause(sentence, start)
    if not content:
        return ()
    first, end = content[0]
    if not any(sentence.quoted[k] >= 0 for k in range(first, min(end, first + 16))):
        return ()
    while first < end and sentence.lower[first] in ("it", "him", "her", "them", "me", "us"):
        first += 1
    return ((first, end),) if first < end else ()


def _is_clause(sentence: Sentence, first: int, end: int) -> bool:
    if end - first < 2:
        return False
    return any(
        looks_like_verb(sentence.lower[k])
        or sentence.quoted[k] >= 0
        or (k > first and sentence.lower[k].endswith("s") and not sentence.is_name(k))
        or sentence.lower[k].endswith(("'ll", "’ll", "'re", "’re", "'ve", "’ve", "n't", "n’t", "'d", "’d"))
        for k in range(first, end)
    ) or sentence.lower[first] in PRONOUNS


def _clause(sentence: Sentence, start: int) -> tuple[Range, ...]:
    """Content from `start` to where the sentence ends or reports anew."""
    lower, n = sentence.lower, len(sentence)
    end = n
    index = start
    depth = 0
    while index < n:
        word = lower[index]
        if word in "([":
            depth += 1
        elif word in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and index > start and _reports_anew(sentence, index, start):
            end = index
            break
        index += 1
    stripped = _strip(sentence, start, end)
    if stripped is None:
        # One word can be content of a demand ("urged calm").
        if end - start >= 1 and sentence.words[start][0].isalnum():
            return ((start, start + 1),)
        return ()
    return (stripped,)


def _reports_anew(sentence: Sentence, index: int, start: int) -> bool:
    """Whether a new report, or a trailing credit, begins at word `index`."""
    lower, n = sentence.lower, len(sentence)
    word = lower[index]
    after_quote = sentence.quoted[index] >= 0
    if word not in (",", "and", "but", "while", ";") and word not in _DASHES and not after_quote:
        return False
    k = index + 1
    if word == "," or word == ";" or word in _DASHES:
        while k < n and (lower[k] in ("and", "but", "while", "although", "though", "even", "as", "then", "with")
                         or lower[k] in ADVERBS or (lower[k].endswith("ly") and len(lower[k]) > 4)):
            if lower[k] == "as" and not _finite_report(sentence, k + 1):
                return False
            k += 1
    else:
        while k < n and (lower[k] in ADVERBS or lower[k] in AUXILIARIES):
            k += 1
    if k >= n:
        return False
    following = lower[k + 1] if k + 1 < n else ""
    if lower[k] == ACCORDING and following == "to":
        return word == "," or after_quote
    verb = find_verb(lower[k], following)
    plain = "n" in (verb.frames if verb else "") or "s" in (verb.frames if verb else "")
    if verb is not None and plain and not (sentence.is_name(k)):
        if verb.form == "ing":
            # ", adding that": a participle after a comma.
            return (word == "," or after_quote) and _participle_reports(sentence, k, verb)
        if verb.form in ("ed", "s") and (word in ("and", "but") or lower[k - 1] in ("and", "but")):
            return bool(_content_after(sentence, k + (2 if verb.particle else 1), verb)) and (
                verb.form == "ed" or not _is_noun_here(sentence, k)
            )
    if word == "and":
        return False
    return _finite_report(sentence, k)


def _is_noun_here(sentence: Sentence, k: int) -> bool:
    following = sentence.lower[k + 1] if k + 1 < len(sentence) else "."
    return following not in _COMPLEMENTISERS and sentence.quoted[min(k + 1, len(sentence) - 1)] < 0


def _participle_reports(sentence: Sentence, index: int, verb: Verb) -> bool:
    n = len(sentence)
    if index + 1 >= n:
        return False
    if verb.lemma in ("cite", "show", "find", "read", "refer", "point", "highlight", "underscore",
                      "underline", "suggest", "indicate", "reveal", "post", "report", "outline"):
        return index + 1 < n and sentence.lower[index + 1] == "that" or verb.lemma == "highlight"
    return True


def _finite_report(sentence: Sentence, index: int) -> bool:
    """Whether a source and a finite cue follow at once: ", officials said" or "but X warned"."""
    n = len(sentence)
    if index >= n or sentence.quoted[index] >= 0:
        return False
    lower = sentence.lower
    for k in range(index, min(n, index + 24)):
        word = lower[k]
        following = lower[k + 1] if k + 1 < n else ""
        if word in _STOPS or sentence.quoted[k] >= 0 or word == "that":
            return False
        if word == ACCORDING and following == "to":
            return False
        verb = find_verb(word, following)
        if verb is not None and verb.form in ("ed", "s", "base") and not sentence.is_name(k):
            if verb.form != "ed" and _is_noun(sentence, verb_group_start(sentence, k, index), k, index):
                continue
            if not set("sn") & set(verb.frames):
                continue
            first = verb_group_start(sentence, k, index)
            if any(word in BE for word in lower[first:k]) or _NEGATION & set(lower[first:k]):
                return False
            if k == index:
                # ", said X": an inversion
                source = source_after(sentence, k + 1, n)
                return "i" in verb.frames and source is not None and _inverted(sentence, k, source, k + 1)
            source = source_before(sentence, first, index)
            return source is not None and source[0] <= index + 1 and can_speak(sentence, *source)
        if looks_like_verb(word) and not sentence.is_name(k) and not word.endswith("ed"):
            relative = any(w in ("who", "which", "whose") for w in lower[index:k])
            if not relative and word not in ("has", "have", "had"):
                return False
    return False
