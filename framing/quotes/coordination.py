"""Several sources named together: "Ivo Sand and other officials", "residents and rebels"."""

import re

from framing.quotes.names import Name, name_key
from framing.quotes.titles import BODY_NOUNS, is_person_noun, singular

__all__ = ["end_of_first_source"]

_JOINED = re.compile(r"\s*,?\s+(?:and|or|as well as|along with|together with)\s+")
_OTHERS = re.compile(
    r",?\s(?:and|along with)\s(?:other|others|his|her|its|their|several|some|a|an)\b"
)
_WORD = re.compile(r"(?:\w\.)+|\w+(?:[-’'.]\w+)*[’']?")


def end_of_first_source(text: str, start: int, end: int, names: list[Name]) -> int:
    """Where the first of the sources named in `text[start:end]` ends; `end` when it is one.

    A quote of joint sources is given to the first of them, where that is a noun phrase of its
    own; "residents and rebels" stay together as one group.
    """
    for join in _JOINED.finditer(text, start, end):
        if _is_whole(text, start, join.start(), names):
            return join.start()
    return end


def _is_whole(text: str, start: int, end: int, names: list[Name]) -> bool:
    """Whether `text[start:end]`, left of an "and", is a noun phrase of its own."""
    words = _WORD.findall(text, start, end)
    if not words:
        return False
    last = words[-1].lower()
    if any(n.end == end and (n.person or len(n.keys) > 1 or n.article) for n in names):
        return True
    if any(n.end == end for n in names) and _OTHERS.match(text, end):
        return True
    if any(n.end == end and name_key(words[0]) == n.keys[0] for n in names):
        return not text.startswith(" and ", end) or _both_names(text, end, names)
    return (
        last in BODY_NOUNS
        or is_person_noun(last)
        or (singular(last) != last and (is_person_noun(singular(last))))
    )


def _both_names(text: str, end: int, names: list[Name]) -> bool:
    """Whether what follows " and " is a name with nothing in lower case behind it."""
    following = next((n for n in names if n.start > end), None)
    if following is None:
        return False
    return not re.match(r" [a-z]", text[following.end : following.end + 2]) or following.person
