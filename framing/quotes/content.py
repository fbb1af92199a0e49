"""What a report says: where its content begins and ends, in word indices of one sentence.

Content runs from the cue to the end of the sentence, or to where the sentence goes on to report
anew: a participle (", adding that"), a coordinated cue ("and called for"), a clause with a source
of its own (", while Y said") or the writer's own contrast (", but the road stayed shut").
"""

from framing.quotes.cues import ACCORDING, find_verb
from framing.quotes.grammar import DASHES, STOPS, Range
from framing.quotes.openings import opens_infinitive, skip_to_content
from framing.quotes.sources import source_after, source_before
from framing.quotes.stretches import LONG, hands_over, quotations_from, strip_range
from framing.quotes.verbs import COMPLEMENTISERS, CueVerb, find_cue_verb
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

__all__ = [
    "clause",
    "content_after",
    "is_inverted",
    "rest_of_content",
]

# After these a report says nothing that could be coded ("said so", "denied it").
_EMPTY = frozenset("so nothing it that this them him her much more little as otherwise".split())
_EXAMPLES = (["including"], ["such"], ["especially"], ["particularly"])
_RELATIVES = frozenset("which who whose whom where when".split())
_SHARES = frozenset("% per percent".split())
_CONTRASTS = frozenset("but though although yet".split())
_NO_PREDICATE = CONJUNCTIONS | SUBORDINATORS | PRONOUNS | {"according", "in", "during", "on"}
# Participles of these report only before "that": "showing the damage" says nothing.
_THAT_PARTICIPLES = frozenset(
    "cite show find read refer point highlight underscore underline suggest indicate reveal post "
    "report outline describe detail mention respond".split()
)


def content_after(
    sentence: Sentence, cue: CueVerb, *, one_clause: bool = False
) -> tuple[Range, ...]:
    """Content that begins after the cue, or () when there is none.

    Args:
        sentence: The sentence.
        cue: Its reporting verb.
        one_clause: Whether the cue stands in a subordinate clause that a comma ends ("While X
            demands Y, ...").
    """
    lower, n = sentence.lower, len(sentence)
    frames = cue.verb.frames
    if frames == "c":
        return _naming(sentence, cue.end)
    start, complementiser = skip_to_content(sentence, cue)
    if start >= n or lower[start] in STOPS:
        return ()
    if sentence.quoted[start] >= 0 and not complementiser:
        whole = (
            sentence.ends_speech(start)
            or sentence.length(start) > LONG
            or start + 1 >= n
            or lower[start + 1] in STOPS
        )
        if whole:
            return quotations_from(sentence, start)
    if lower[start] == ":":
        if start + 1 < n and sentence.quoted[start + 1] >= 0:
            return quotations_from(sentence, start + 1)
        return clause(sentence, start + 1)
    if (
        lower[start] == ")"
        or lower[start] in DASHES
        or (lower[start] == "," and not complementiser)
    ):
        return ()
    word = lower[start]
    if complementiser and word == ",":
        start += 1  # "said that, after the raid, they ..."
    if complementiser and start < n:
        reports = bool(set("stnaq") & set(frames))
        return clause(sentence, start, one_clause=one_clause) if reports else ()
    following = lower[start + 1] if start + 1 < n else "."
    if word in _EMPTY and (following in STOPS or following in (",", "and", "but")):
        return ()
    if word in ("so", "nothing", "otherwise", "much"):
        return ()
    content = clause(sentence, start, one_clause=one_clause)
    if not content:
        return ()
    if sentence.quoted[start] >= 0:
        return content
    if word == "to":
        return content if set("vn") & set(frames) else ()
    if "n" in frames:
        # "denied it", "defended the pace": a bare pronoun or noun says nothing.
        first, stop = content[0]
        bare = stop - first < 2 or (stop - first == 2 and lower[first] in DETERMINERS)
        return () if bare else content
    if word in PREPOSITIONS:
        return ()
    if set("sv") & set(frames) and _is_clause(sentence, *content[0]):
        return content
    # "told residents to leave": what they are told to do is said to them.
    told_to = set("av") <= set(frames) and any(
        opens_infinitive(sentence, k) for k in range(start + 1, content[0][1])
    )
    return content if told_to else ()


def rest_of_content(sentence: Sentence, start: int, before: Range) -> tuple[Range, ...]:
    """The rest of an interrupted quotation or clause: "A," she said, "B."."""
    lower = sentence.lower
    index = start
    while (
        index < len(sentence) and lower[index] not in (",", ":", ";") and sentence.quoted[index] < 0
    ):
        if lower[index] in STOPS:
            return ()
        index += 1
    marked = index < len(sentence) and sentence.quoted[index] < 0
    if marked:
        index += 1
    if index >= len(sentence):
        return ()
    if sentence.quoted[index] >= 0 and not marked and not sentence.ends_speech(index):
        return ()  # "“A,” she said on the “safe” road."
    if sentence.quoted[index] >= 0 and (
        sentence.quoted[before[1] - 1] >= 0 or sentence.starts_low(index)
    ):
        return quotations_from(sentence, index)
    if sentence.quoted[before[1] - 1] >= 0:
        return ()
    if lower[index - 1] == ";" and not reports_anew(sentence, index - 1):
        return clause(sentence, index)
    word = lower[index]
    if word == "and" and lower[index - 1] == "," and not reports_anew(sentence, index - 1):
        # "The house was empty, it said, and two men were inside."
        rest = clause(sentence, index + 1)
        return ((index, rest[0][1]),) if rest else ()
    if lower[index - 1] == "," and not any(is_finite(sentence, k) for k in range(*before)):
        return clause(sentence, index)  # "By May, he predicted, the ships would be in dock."
    if word in _NO_PREDICATE or word.endswith("ing"):
        return ()
    # Only a predicate goes on with what came before ("The strikes, officials said, were ...").
    if not (is_finite(sentence, index) or word in PREPOSITIONS):
        return ()
    return clause(sentence, index)


def clause(sentence: Sentence, start: int, *, one_clause: bool = False) -> tuple[Range, ...]:
    """Content from `start` to where the sentence ends or reports anew."""
    lower, n = sentence.lower, len(sentence)
    if start >= n:
        return ()
    # In "said that while A, B" the first comma closes the opening clause of the content.
    opening = lower[start] in SUBORDINATORS or (
        lower[start] in PREPOSITIONS and lower[start] != "to"
    )
    end = n
    depth = 0
    for index in range(start, n):
        word = lower[index]
        if word in "([":
            depth += 1
        elif word in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and index > start:
            if word == ",":
                if opening:
                    opening = False
                    continue
                if one_clause and lower[index + 1 : index + 2] not in _EXAMPLES:
                    end = index
                    break
            if sentence.quoted[index] >= 0 and hands_over(sentence, index):
                end = index + 1
                break
            if reports_anew(sentence, index):
                end = index + 1 if sentence.quoted[index] >= 0 else index
                break
    stripped = strip_range(sentence, start, end)
    return (stripped,) if stripped is not None else ()


def reports_anew(sentence: Sentence, index: int) -> bool:
    """Whether a new report, a trailing credit or a contrast begins at word `index`."""
    lower, n = sentence.lower, len(sentence)
    word = lower[index]
    after_quote = sentence.quoted[index] >= 0
    mark = word in (",", ";") or word in DASHES
    if not mark and not after_quote and word not in ("and", "but", "while"):
        return False
    k = index + 1
    connective = word if word in ("and", "but", "while") else ""
    while k < n and (
        lower[k] in ("and", "but", "while", "although", "though", "even", "then", "yet")
        or (lower[k] == "as" and mark)
        or lower[k] in ADVERBS
        or (lower[k].endswith("ly") and len(lower[k]) > 4)
        or (not mark and lower[k] in AUXILIARIES)
    ):
        if lower[k] in SUBORDINATORS or lower[k] in CONJUNCTIONS:
            connective = lower[k]
        k += 1
    if k >= n:
        return False
    if lower[k] in _RELATIVES:
        return lower[k] == "which" and mark and _quoted_report(sentence, k + 1)
    following = lower[k + 1] if k + 1 < n else ""
    if lower[k] == ACCORDING and following == "to":
        return (word == "," or after_quote) and _runs_out(sentence, k + 2)
    if lower[k] == "with" and mark:
        return _participle_within(sentence, k + 1, 9)
    if connective in _CONTRASTS and mark and lower[k] != "that":
        return True
    cue = find_cue_verb(sentence, k, k)
    if cue is None and connective in ("and", "but") and sentence.words[k][0].islower():
        # Coordinated verbs have no subject of their own before them.
        verb = find_verb(lower[k], following)
        if verb is not None and verb.form == "s" and following in COMPLEMENTISERS:
            cue = CueVerb(verb, k, k, k + (2 if verb.particle else 1), "finite")
    if cue is not None and set("sntva") & set(cue.verb.frames):
        if cue.voice == "participle":
            return (word == "," or after_quote or word in DASHES) and _says_something(sentence, cue)
        if connective in ("and", "but") and cue.verb.form in ("ed", "s"):
            return bool(content_after(sentence, cue))
    if word == "and":
        return False
    return _finite_report(sentence, k, connective=bool(connective) or word == ";" or word in DASHES)


def is_inverted(sentence: Sentence, index: int, source: Range, low: int) -> bool:
    """Whether "said X" is an inversion, not "said [that] X would ..."."""
    if index > low and sentence.quoted[index - 1] >= 0:
        return True
    end = source[1]
    if end >= len(sentence):
        return True
    following = sentence.lower[end]
    if following in STOPS or following in (",", ":") or following in DASHES:
        return True
    return following in PREPOSITIONS or following in TIMES or following in SUBORDINATORS


def _finite_report(sentence: Sentence, index: int, *, connective: bool) -> bool:
    """Whether a source and a finite cue follow at once: ", officials said" or "but X warned".

    Without a connective before it, only a credit that ends the sentence counts; a cue with content
    of its own would be the main clause after an opening one ("If attacked, officials said they").
    """
    lower, n = sentence.lower, len(sentence)
    if sentence.quoted[index] >= 0:
        return False
    for k in range(index, min(n, index + 24)):
        word = lower[k]
        if word in STOPS or sentence.quoted[k] >= 0 or word == "that":
            return False
        cue = find_cue_verb(sentence, k, index)
        if cue is not None and cue.voice == "finite" and set("sn") & set(cue.verb.frames):
            if k == index:
                # ", said X": an inversion
                source = source_after(sentence, cue.end, n)
                return (
                    "i" in cue.verb.frames
                    and source is not None
                    and is_inverted(sentence, k, source, k + 1)
                )
            source = source_before(sentence, cue.first, index)
            if source is None or source[0] > index + 1 or not can_speak(sentence, *source):
                return False
            return connective or not content_after(sentence, cue)
        if is_finite(sentence, k):
            relative = any(w in ("who", "which", "whose") for w in lower[index:k])
            if not relative and word not in ("has", "have", "had"):
                return False
    return False


def _quoted_report(sentence: Sentence, index: int) -> bool:
    """Whether a source, a cue and a quotation follow ("which it called “a message”")."""
    for k in range(index + 1, min(len(sentence) - 1, index + 6)):
        if sentence.lower[k] == "," or sentence.quoted[k] >= 0:
            return False
        cue = find_cue_verb(sentence, k, index)
        if cue is not None:
            end = cue.end
            quoted = end < len(sentence) and max(sentence.quoted[end : end + 2]) >= 0
            return quoted and source_before(sentence, cue.first, index) is not None
    return False


def _participle_within(sentence: Sentence, start: int, window: int) -> bool:
    """Whether a reporting participle follows its own subject ("with some saying that ...")."""
    for k in range(start + 1, min(len(sentence), start + window)):
        if sentence.lower[k] in STOPS or sentence.lower[k] == "," or is_finite(sentence, k):
            return False
        cue = find_cue_verb(sentence, k, start)
        if cue is not None and cue.voice == "participle":
            return bool(content_after(sentence, cue))
    return False


def _says_something(sentence: Sentence, cue: CueVerb) -> bool:
    if cue.end >= len(sentence):
        return False
    if cue.verb.lemma in _THAT_PARTICIPLES:
        return sentence.lower[cue.end] == "that" or sentence.quoted[cue.end] >= 0
    return bool(content_after(sentence, cue))


def _runs_out(sentence: Sentence, start: int) -> bool:
    """Whether the source that begins at `start` ends the sentence."""
    source = source_after(sentence, start, len(sentence))
    if source is None:
        return False
    end = source[1]
    while end < len(sentence) and sentence.lower[end] not in (",", *STOPS):
        end += 1
    rest = sentence.lower[end:]
    return (
        len(rest) <= 1
        or rest[0] in STOPS
        or not any(is_finite(sentence, k) for k in range(end, len(sentence)))
    )


def _naming(sentence: Sentence, start: int) -> tuple[Range, ...]:
    """Content of "called the raid “a crime”": something quoted is said of something."""
    content = clause(sentence, start)
    if not content:
        return ()
    first, end = content[0]
    if not any(sentence.quoted[k] >= 0 for k in range(first, min(end, first + 16))):
        return ()
    while first < end and sentence.lower[first] in ("it", "him", "her", "them", "me", "us"):
        first += 1
    return ((first, end),) if first < end else ()


def _is_clause(sentence: Sentence, first: int, end: int) -> bool:
    """Whether a subject and its verb stand in the range."""
    if end - first < 2:
        return False
    if sentence.lower[first] in PRONOUNS or is_finite(sentence, first):
        return True  # "they", "it's"
    if sentence.lower[first][0].isdigit() and sentence.lower[first + 1] in _SHARES:
        return True  # "found 47 per cent in favour"
    return any(
        sentence.quoted[k] >= 0
        or (
            k > first
            and (
                is_finite(sentence, k)
                or (
                    sentence.lower[k].endswith("s")
                    and len(sentence.lower[k]) > 3
                    and not sentence.is_name(k)
                    and sentence.lower[k - 1] not in DETERMINERS  # "found the keys"
                )
            )
        )
        for k in range(first, end)
    )
