"""The words of an article that present a speaker: titles, appositions, relative clauses."""

import re
from collections.abc import Sequence

from framing.quotes.names import Name, words_before
from framing.quotes.segments import TITLES
from framing.quotes.titles import BODY_NOUNS, MEDIA_NOUNS, is_person_noun
from framing.records import Span

__all__ = ["find_complement", "find_introductions"]

_WORD = re.compile(r"\w[\w’'.&-]*")
_TEXT = r"(?:(?:\b[A-Z]\.)+|[^,.;:!?\n“”\"()–—]|\([^()\n]{1,16}\)|\.(?=\w|,| [a-z])|,(?=\d{3}))"
_PARTY = re.compile(r"(?:,\s|\s\()(?P<words>(?:[RDI]|Lab|Con)-[A-Z][\w.]*(?:\s[A-Z][\w.]*)?)\)?")
_DETERMINER = re.compile(
    r"\b(?:the|a|an|his|her|its|their|one of (?:its|his|her|their|the))\s", re.I
)
_BRACKET = re.compile(r"\s?\([^()\n]{1,40}\)")
_AGE = re.compile(r",\s(?P<words>(?:aged\s)?\d{1,3})(?=,|\sand\b|\.)")
_OF = re.compile(rf"\s(?P<words>(?:of|from)\s(?:(?:the|a|an)\s)?(?=[A-Z]){_TEXT}{{2,80}})")
_AFTER = re.compile(rf"(?:,|\s[–—-]{{1,2}}|(?<=\w)—)\s?(?P<words>\b{_TEXT}{{2,160}})")
_RELATIVE = re.compile(r"\s(?P<words>who\s(?:[^,.;:!?\n“”\"()–—]|\.(?=\w|,| [a-z])){3,120})")
_SPEAKS = (
    "said|says|told|tells|added|wrote|warned|argued|argues|noted|insisted|explained|stated|"
    "announced|claimed|asked|replied|tweeted|called"
)
_COMPLEMENT = re.compile(
    r",?\s(?P<words>(?:who|whose|in|from|at|of|with|close|closely|familiar|briefed|involved|"
    r"knowledgeable|working|serving|holding|protesting|investigating|traveling|travelling|"
    rf"claiming|leading)\s{_TEXT}{{3,160}})"
)
_ANONYMOUS = re.compile(r"who\s(?:asked|insisted|spoke)\s(?:not|to|on|that)\b")
_LONGEST = 20  # words of a complement that is shown
_SAYS = re.compile(rf"\s(?:{_SPEAKS})\b.*", re.DOTALL)
_VERB = re.compile(
    rf"\s(?:{_SPEAKS}|has|have|had|was|were|is|are|will|would|did|does|do)\b.*", re.DOTALL
)
_WHO_SAYS = re.compile(rf"who\s(?:also\s|has\s|had\s)?(?:{_SPEAKS})\b")
_CLAUSE = re.compile(
    r"\b(?:who|whom|whose|which|that|where|when|before|after|until|while|since|because)\b"
)
_LOOSE_END = re.compile(
    r"(?:\s(?:who|which|that|and|but|or|before|after|until|while|since|as|when|where|she|he))+\s*$"
)
_STOPS = frozenset(
    """
    the a an by and or to that when said says told tells with from for of in on at as but while
    after before because if although was were is are has have had will would can according than
    including added like against between since during who which where about over under into
    other another
    """.split()
)
_RELATIVES = frozenset("who whose whom which".split())
_PREPOSITIONS = frozenset("of for in at by on to from with against near".split())
_OF_WHAT = frozenset("of for in at from with on".split())
_BEFORE_TITLES = frozenset(
    "former retired ex then outgoing acting deputy senior top longtime late incoming".split()
)
_AGENTIVE = re.compile(r"[a-z]{2}(?:er|or|ist|ian|ant|eer|woman|man)$")
_COURTESY = frozenset("mr mrs ms miss".split())


def find_introductions(
    text: str, names: Sequence[Name], presented: Sequence[Span] = (), *, person: bool = True
) -> list[str]:
    """Phrases that present somebody, in text order, each once.

    Args:
        text: The article.
        names: Where the speaker's name stands.
        presented: Further places that present the speaker.
        person: Whether the speaker is a person; a body takes appositions only that say what kind
            of body it is.

    Returns:
        Such as `["Defence Minister", "a former officer who lives in Oslo"]`, verbatim but for
        line breaks; a phrase that is part of another one is left out.
    """
    spans: list[Span] = list(presented)
    for name in names:
        before = _before(text, name) if person else _kind_before(text, name)
        if before is not None:
            spans.append(before)
        if person and text[name.lead_start - 2 : name.lead_start] == ", ":
            apposed = _apposed_before(text, name.lead_start - 2)
            if apposed is not None:
                spans.append(apposed)
        if text[name.end : name.end + 1] in (",", " ", "—"):
            spans += _after(text, name, person=person)
    phrases: list[str] = []
    for span in sorted(spans):
        phrase = " ".join(span.of(text).split()).strip(" ,")
        low = phrase.lower()
        if not phrase or low.rstrip(".") in _COURTESY:
            continue
        if any(low in known.lower() for known in phrases):
            continue
        phrases = [known for known in phrases if known.lower() not in low] + [phrase]
    return phrases


def find_complement(text: str, end: int) -> str:
    """What is said of somebody without a name behind the words that end at `end`.

    Returns:
        Such as `"close to the inquiry"` of "said an official close to the inquiry", up to the
        next comma, mark or reporting verb; or "".
    """
    match = _COMPLEMENT.match(text, end)
    if match is None:
        return ""
    if _ANONYMOUS.match(text, match.start("words")) is not None:
        span: Span | None = Span(*match.span("words"))
    else:
        relative = text.startswith("who", match.start("words"))
        span = _cut(text, match, _SAYS if relative else _VERB)
    words = " ".join(span.of(text).split()) if span is not None else ""
    return words if 0 < words.count(" ") < _LONGEST else ""


def _before(text: str, name: Name) -> Span | None:
    """Title and the words before it: "the ministry's chief spokesman" of "... Ivo Maru"."""
    start, end = name.lead_start, name.start
    words = words_before(text, start)
    seen_noun = False
    if words and start == end:
        last = words[0][0].lower()
        seen_noun = is_person_noun(last) or (
            words[0][0].islower()
            and last not in _STOPS
            and len(name.keys) > 1
            and _AGENTIVE.search(last) is not None
        )
        if not seen_noun and not last.endswith(("'s", "’s")):
            return None
    n_lower = 0
    for index, (word, at) in enumerate(words):
        low = word.lower()
        if low in _STOPS or _ends_sentence(word):
            break
        noun = is_person_noun(low) or low in BODY_NOUNS or (seen_noun and not index)
        if word.islower() and not noun:
            n_lower += 1
            if low not in _BEFORE_TITLES and (
                n_lower > 2 or low.endswith(("ed", "ly")) or (name.titles and not seen_noun)
            ):
                break
        seen_noun = seen_noun or noun
        start = at
    return Span(start, end) if start < end else None


def _ends_sentence(word: str) -> bool:
    """Whether the full stop of a word is not that of a title ("Gen.") or of letters ("U.S.")."""
    return word.endswith(".") and word[:-1] not in TITLES and "." not in word[:-1]


def _apposed_before(text: str, end: int) -> Span | None:
    """Noun phrase before a name, as in "In Tarn the chief cook, Anna Velt, left ..."."""
    begin = max(text.rfind(mark, max(0, end - 120), end) for mark in ',.;:!?\n“”"()—')
    for determiner in _DETERMINER.finditer(text, max(0, begin + 1), end):
        words = [word.lower() for word in _WORD.findall(text, determiner.end(), end)]
        head = next((i for i, word in enumerate(words) if word in _STOPS), len(words))
        if head < len(words) and words[head] not in _OF_WHAT:
            continue
        if head and is_person_noun(words[head - 1].rpartition("-")[2]):
            return Span(determiner.start(), end)
    return None


def _kind_before(text: str, name: Name) -> Span | None:
    """What kind of body a name is, said before it: "independent daily", "the rebel group"."""
    words = words_before(text, name.lead_start, 5)
    if not words or (words[0][0] not in BODY_NOUNS and words[0][0] not in MEDIA_NOUNS):
        return None
    start = words[0][1]
    for word, at in words[1:]:
        if word.lower() in _STOPS or word.endswith(("ed", "ly")) or _ends_sentence(word):
            break
        start = at
    return Span(start, name.lead_start)


def _after(text: str, name: Name, *, person: bool) -> list[Span]:
    """Party, age, place, appositions and relative clauses after a name, one after the other."""
    spans: list[Span] = []
    end = name.end
    oblique = not person and any(
        word.lower() in _PREPOSITIONS for word, _ in words_before(text, name.lead_start, 2)
    )
    if person and (party := _PARTY.match(text, end)) is not None:
        spans.append(Span(*party.span("words")))
        end = party.end()
    elif (bracket := _BRACKET.match(text, end)) is not None:
        end = bracket.end()
    elif person and len(name.keys) > 1 and (of := _OF.match(text, end)) is not None:
        span = _cut(text, of, _VERB)
        if span is not None:
            spans.append(span)
            end = span.end
    if person and (age := _AGE.match(text, end)) is not None:
        spans.append(Span(*age.span("words")))
        end = age.end()
    for _ in range(2):
        match = _AFTER.match(text, end) or (person and _RELATIVE.match(text, end)) or None
        first = _WORD.match(text, match.start("words")) if match is not None else None
        if match is None or first is None:
            break
        relative = first[0] in _RELATIVES
        if relative:
            fits = (
                first[0] == "which" if not person else _WHO_SAYS.match(text, first.start()) is None
            )
            span = _cut(text, match, _SAYS) if fits and not oblique else None
        else:
            clause = _CLAUSE.search(text, *match.span("words"))
            span = _cut(text, match, _VERB if clause is None else _SAYS)
        if span is None or not (
            text.count(" ", *span) > 1 if relative else _presents(text, span, person, bool(spans))
        ):
            break
        if (
            not person
            and not relative
            and first[0] == "the"
            and (oblique or text[span.end : span.end + 1] != ",")
        ):
            break  # "According to the Courier, the army left"
        # "44, a cloth seller" stays in one piece.
        if spans and text[spans[-1].end : span.start] == ", ":
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
        end = span.end
    return spans


def _cut(text: str, match: re.Match[str], verb: re.Pattern[str]) -> Span | None:
    """The words of a match up to the verb of the sentence around them."""
    start, end = match.span("words")
    cut = verb.search(text, start, end)
    if cut is not None:
        end = cut.start()
    loose = _LOOSE_END.search(text, start, end)
    if loose is not None:
        end = loose.start()
    return Span(start, end) if end > start else None


def _presents(text: str, span: Span, person: bool, continued: bool) -> bool:
    """Whether an apposition says what somebody is."""
    words = [word.lower() for word in _WORD.findall(text, *span)]
    if not words:
        return False
    first = words[0]
    head = words[: next((i for i, w in enumerate(words) if w in _STOPS and i > 0), len(words))]
    if first in _STOPS and first not in ("a", "an", "the", "of", "from"):
        return False
    if person:
        # "a Kurd", "an engineer", "the ministry's spokesman", "chairman of the board".
        if first in ("a", "an") or any(map(is_person_noun, head)):
            return True
        return continued and first in ("of", "from")
    return (first in ("a", "an", "one", "the") or first.endswith(("'s", "’s"))) and any(
        word in BODY_NOUNS or word in MEDIA_NOUNS for word in head
    )
