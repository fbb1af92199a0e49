"""Common nouns with a capital that look like names: "Critics said", "the Velm Democrat"."""

from framing.quotes.names import Name
from framing.quotes.titles import DOCUMENT_NOUNS, GROUP_NOUNS, is_person_noun, singular

__all__ = ["is_common_noun", "is_party_member"]

_MEMBERS = frozenset("republican democrat conservative liberal socialist unionist".split())


def is_common_noun(text: str, name: Name, last: str) -> bool:
    """Whether a "name" is a common noun with a capital ("Critics", "Pentagon Officials")."""
    low = last.lower()
    one = singular(low)
    if name.titles or name.person:
        return False
    if name.end - name.start != len(last) and not low.endswith("s"):
        return False
    known = is_person_noun(low) or (one != low and is_person_noun(one))
    if not known and low not in GROUP_NOUNS and low not in DOCUMENT_NOUNS:
        return False
    return one != low or _starts_sentence(text, name.start)


def is_party_member(name: Name, last: str) -> bool:
    """Whether a "name" behind an article says what party somebody is of ("the Velm Democrat")."""
    return not name.person and not name.titles and singular(last.lower()) in _MEMBERS


def _starts_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 3) : position].rstrip(" \n\"“‘'(")
    return position == 0 or not before or before[-1] in ".!?:…,”’"
