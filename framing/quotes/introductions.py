"""The words of an article that present a speaker: titles, appositions, relative clauses."""

import re
from collections.abc import Sequence

from framing.quotes.names import Name
from framing.quotes.titles import BODY_NOUNS, MEDIA_NOUNS, is_person_noun
from framing.records import Span

__all__ = ["find_introductions"]

_WORDS = re.compile(r"[\w’'.&-]+")
_BEFORE = re.compile(r"(?:[\w’'.&-]+[ ]){1,8}\Z")
_AFTER = re.compile(
    r"(?P<party>\s?\([^()\n]{1,40}\))?(?:,|\s[–—-]{1,2})\s"
    r"(?P<words>(?:(?:\b[A-Z]\.)+|[^,.;:!?\n“”\"()–—]|\.(?=\w|,| [a-z])|,(?=\d{3})){2,160})"
)
_RELATIVE = re.compile(r"\s(?P<words>who\s(?:[^,.;:!?\n“”\"()–—]|\.(?=\w|,| [a-z])){3,120})")
_ENDS_BEFORE = re.compile(
    r"\s(?:said|says|told|tells|added|wrote|warned|argued|argues|noted|insisted|explained|stated|"
    r"announced|claimed|asked|replied|tweeted|called|has|have|had|was|were|is)\b.*",
    re.DOTALL,
)
_STOPS = frozenset(
    """
    the a an by and or to that when said says told tells with from for of in on at as but while
    after before because if although was were is are has have had will would according than
    including added told like against between who which where
    """.split()
)
_STARTS = frozenset("a an the who whose one his her its".split())
_BEFORE_TITLES = frozenset(
    "former retired ex then outgoing acting deputy senior top longtime late incoming".split()
)


def find_introductions(
    text: str, names: Sequence[Name], presented: Sequence[Span] = (), *, person: bool = True
) -> list[str]:
    """Phrases that present somebody, in text order, each once.

    Args:
        text: The article.
        names: Where the speaker's name stands.
        presented: Further places that present the speaker.
        person: Whether the speaker is a person; a body takes no title, and only appositions that
            say what kind of body it is.

    Returns:
        Such as `["Defence Minister", "a former officer who lives in Oslo"]`; a phrase that is
        part of another one is left out.
    """
    spans: list[Span] = list(presented)
    for name in names:
        before = _before(text, name) if person else None
        if before is not None:
            spans.append(before)
        after = _after(text, name, person=person)
        if after is not None:
            spans.append(after)
    phrases: list[str] = []
    for span in sorted(spans):
        phrase = " ".join(span.of(text).split()).strip(" ,")
        low = phrase.lower()
        if not phrase or low.rstrip(".") in ("mr", "mrs", "ms", "miss"):
            continue
        if any(low in known.lower() for known in phrases):
            continue
        phrases = [known for known in phrases if known.lower() not in low] + [phrase]
    return phrases


def _before(text: str, name: Name) -> Span | None:
    """Title and the words before it: "the ministry's chief spokesman" of "... Ivo Maru"."""
    start, end = name.lead_start, name.start
    before = _BEFORE.search(text, max(0, start - 80), start)
    words = list(_WORDS.finditer(text, before.start(), start)) if before else []
    if words and name.lead_start == name.start:
        last = words[-1][0].lower()
        if not is_person_noun(last) and not last.endswith(("'s", "’s")):
            return None
    n_lower = 0
    for word in reversed(words):
        low = word[0].lower()
        if low in _STOPS or (word[0].endswith(".") and not word[0][0].isupper()):
            break
        if word[0].islower() and not is_person_noun(low):
            n_lower += 1
            if low not in _BEFORE_TITLES and (
                n_lower > 2 or low.endswith(("ed", "ly")) or name.titles
            ):
                break
        start = word.start()
    return Span(start, end) if start < end else None


def _after(text: str, name: Name, *, person: bool) -> Span | None:
    """Apposition or relative clause: "a political analyst at the university"."""
    match = _AFTER.match(text, name.end) or (person and _RELATIVE.match(text, name.end)) or None
    if match is None:
        return None
    start, end = match.span("words")
    words = [word.lower() for word in _WORDS.findall(text, start, end)]
    first = words[0] if words else ""
    if first not in ("who", "whose"):
        cut = _ENDS_BEFORE.search(text, start, end)
        end = cut.start() if cut is not None else end
    if first in ("who", "whose") and person:
        return Span(start, end)
    head = words[: next((i for i, w in enumerate(words) if w in _STOPS and i > 0), len(words))]
    if person:
        # "a Kurd", "an engineer", "the ministry's spokesman", "chairman of the board".
        fits = first in ("a", "an") or any(map(is_person_noun, head))
    else:
        fits = (first in ("a", "an", "one") or first.endswith(("'s", "’s"))) and any(
            word in BODY_NOUNS or word in MEDIA_NOUNS for word in head
        )
    return Span(start, end) if fits and end > start else None
