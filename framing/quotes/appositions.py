"""The name in apposition to a description: "a police officer, Ali Ahmed"."""

import re
from collections.abc import Sequence

from framing.quotes.names import Name
from framing.quotes.titles import is_person_noun
from framing.records import Span

__all__ = ["name_behind", "name_within"]

_PREPOSITIONS = frozenset(
    "of for in at on by from with to as near within among against who that which whose via".split()
)
# "known only as", "who uses the name", "who gave his name as", "goes by", "signs as".
_CALLED = (
    r"(?:known|identified|named|called|nicknamed|name|himself|herself|goes|went|signs|signed)"
    r"(?:\s(?:only|himself|herself|simply|locally|is|was|of|as|by))*\s[\"“‘']?"
)
_CALLED_BEFORE = re.compile(rf"\b{_CALLED}\Z")
_APPOSED = re.compile(r"\s*(?:(?:a|an|the)\s)?(?:[a-z][\w’'-]*\s){0,5}")
# "Its spokesman, Emmo Kari, said", "..., who goes by Abu Kasr, said".
_BEHIND = re.compile(rf",\s(?P<called>(?:who\s(?:[a-z]+\s){{0,4}}?)?{_CALLED})?[\"“‘']?(?=[A-Z])")


def name_within(
    text: str, cut: re.Match[str] | None, names: Sequence[Name], span: Span
) -> Name | None:
    """The name in apposition after the phrase: "a police officer, Ali Ahmed", "known as ..."."""
    if cut is None:
        return None
    for name in names:
        if name.lead_start < cut.end() - 1 or name.possessive:
            continue
        if text[cut.start()] == "," and (name.person or name.end >= span.end - 1):
            between = _APPOSED.fullmatch(text, cut.end(), name.lead_start)
            words = between[0].split() if between is not None else ["?"]
            if not words or (is_person_noun(words[-1]) and _PREPOSITIONS.isdisjoint(words)):
                follows = text[name.end : span.end].strip()
                return name if not follows or follows[0] in ",(" or name.person else None
        if _CALLED_BEFORE.search(text, cut.start(), name.lead_start):
            return name
        return None
    return None


def name_behind(text: str, end: int, names: Sequence[Name]) -> Name | None:
    """The name in apposition behind a mention that ends at `end` without it.

    Args:
        text: The article.
        end: Where the mention ends ("Its spokesman" before ", who signs as Atlas, said").
        names: The names that follow, in text order.
    """
    match = _BEHIND.match(text, end)
    if match is None:
        return None
    name = next((name for name in names if name.start >= match.end()), None)
    if name is None or name.lead_start != match.end():
        return None
    if text[name.end : name.end + 1] not in tuple(",.;\"”’'"):
        return None
    return name if name.person or match["called"] else None
