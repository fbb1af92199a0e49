"""Several sources named together: "Ivo Sand and other officials", "residents and rebels"."""

import re

from framing.quotes.names import Name, name_key
from framing.quotes.titles import BODY_NOUNS, PORTFOLIOS, is_person_noun, singular
from framing.records import Span

__all__ = ["split_sources"]

_JOINED = re.compile(r"\s*,?\s+(?:and|or|as well as|along with|together with)\s+")
# The party of one of them: "Anna Velt (D-Tarn) and Ivo Sand", "Anna Velt, D-Tarn, and ...".
_PARTY = re.compile(r"\s?\([^()\n]{1,30}\)|,\s[RDI]-[A-Z][\w.]*(?=,?\s)")
_OTHERS = re.compile(
    r",?\s(?:and|along with)\s(?:other|others|his|her|its|their|several|some|a|an)\b"
)
_DETERMINER = re.compile(r"(?:the|a|an|his|her|its|their|other|others|some|several)\b", re.I)
_WORD = re.compile(r"(?:\w\.)+|\w+(?:[-’'.]\w+)*[’']?")


def split_sources(
    text: str, start: int, end: int, tail: int, names: list[Name]
) -> tuple[int, Span | None]:
    """Where the first of the sources named together in `text[start:end]` ends, and the others.

    Args:
        text: The article.
        start: Where the mention starts.
        end: Where it ends.
        tail: Where what is said of the (first) source begins; `end` where nothing is.
        names: The names in it.

    Returns:
        `tail` and None where it is one source.
    """
    party = _PARTY.match(text, tail, end)
    if party is not None:
        joined = _JOINED.match(text, party.end(), end)
        stop = tail - text.startswith(" ", tail - 1)
        if joined is not None and _is_whole(text, start, stop, joined.end(), end, names):
            return tail, Span(joined.end(), end)
    for joined in _JOINED.finditer(text, start, tail):
        if _is_whole(text, start, joined.start(), joined.end(), end, names):
            return joined.start(), Span(joined.end(), end)
    return tail, None


def _is_whole(text: str, start: int, end: int, other: int, limit: int, names: list[Name]) -> bool:
    """Whether `text[start:end]`, left of an "and", is a noun phrase of its own."""
    words = _WORD.findall(text, start, end)
    if not words:
        return False
    last = words[-1].lower()
    determined = _DETERMINER.match(text, start) is not None
    alike = _DETERMINER.match(text, other) is not None or not determined
    ends = next((name for name in names if name.end == end), None)
    if ends is not None:
        if ends.person:
            return True
        if not determined and not ends.article and _is_titled_name(text, other, names):
            # "Tarn Homeland Security and Trade Adviser Ivo Sand" is one person.
            return name_key(words[0]) == ends.keys[0] and last not in PORTFOLIOS
        if not alike:
            # "the Sovian and Ostravian armies"
            return _both_names(text, end, limit, names)
        if len(ends.keys) > 1 or ends.article or _OTHERS.match(text, end):
            return True
        if name_key(words[0]) == ends.keys[0]:
            return not text.startswith(" and ", end) or _both_names(text, end, limit, names)
    if is_person_noun(last) and not determined and _is_titled_name(text, other, names):
        return False  # "Velm aide and Tarn envoy Ivo Sand"
    return (
        last in BODY_NOUNS
        or is_person_noun(last)
        or (singular(last) != last and (is_person_noun(singular(last))))
    )


def _is_titled_name(text: str, start: int, names: list[Name]) -> bool:
    """Whether a person's name ends the mention, behind a title or occupation at `start`."""
    last = names[-1] if names else None
    return (
        last is not None
        and last.person
        and last.start > start
        and _DETERMINER.match(text, start) is None
    )


def _both_names(text: str, end: int, limit: int, names: list[Name]) -> bool:
    """Whether what follows " and " is a name with nothing in lower case behind it."""
    following = next((n for n in names if n.start > end), None)
    if following is None:
        return False
    if following.end >= limit or following.person:
        return True
    return not re.match(r" [a-z]", text[following.end : following.end + 2])
