"""Acronyms: which name "SOHR", "U.N." or "Centcom" stands for.

A long form before "(SHORT)" is found from right to left, letter by letter (Schwartz & Hearst
2003, doi:10.1142/9789812776303_0042), so that names may hold words in lower case.
"""

import re
from collections.abc import Iterator

from framing.records import Span

__all__ = ["find_acronyms", "is_acronym_of", "word_key"]

_BRACKETED = re.compile(r"\s\((?P<short>(?:[A-Z]\.){2,6}|[A-Z][A-Za-z0-9&-]{1,9})\)")
_WORD = re.compile(r"[^\s()\[\];:,\"“”‘]+")


def find_acronyms(text: str) -> Iterator[tuple[Span, Span]]:
    """Long and short forms introduced as "Central Command (Centcom)", in text order."""
    for match in _BRACKETED.finditer(text):
        short = match["short"]
        letters = word_key(short)
        if sum(map(str.isupper, short)) < 2 and not letters[1:].islower():
            continue
        # The window of the paper, and nothing across a comma, a bracket or a paragraph.
        size = min(len(letters) + 5, 2 * len(letters))
        line = text.rfind("\n", 0, match.start()) + 1
        words = list(_WORD.finditer(text, max(line, match.start() - 12 * size), match.start()))
        words = words[-size:]
        for before, word in zip(words[-2::-1], words[:0:-1], strict=True):
            if text[before.end() : word.start()] != " ":
                words = [w for w in words if w.start() >= word.start()]
                break
        if not words or words[-1].end() != match.start():
            continue
        start = _start_of_long_form(text, letters, words[0].start(), match.start())
        if start is not None and text[start].isupper():
            yield Span(start, match.start()), Span(*match.span("short"))


def is_acronym_of(short: str, keys: tuple[str, ...]) -> bool:
    """Whether `short` ("SOHR", "U.N.", "Centcom") abbreviates a name of these keys.

    Either its letters are the initials in order (a first word such as "U.S." may be left out),
    or it is written from the beginnings of the words ("Cent-Com").
    """
    letters = word_key(short)
    if not 2 <= len(letters) <= 9 or len(keys) < 2:
        return False
    initials = "".join([key[0] for key in keys if key])
    if letters == initials or (len(letters) >= 3 and letters == initials[1:]):
        return True
    return any(_from_beginnings(letters, keys[first:]) for first in range(len(keys) - 1))


def word_key(word: str) -> str:
    """Letters and digits of a word, in lower case."""
    return "".join([c for c in word.casefold() if c.isalnum()])


def _start_of_long_form(text: str, letters: str, begin: int, end: int) -> int | None:
    """Where the shortest long form in `text[begin:end]` starts, or None."""
    position = end
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= begin and (
            text[position].lower() != letters[index]
            or (index == 0 and position > begin and text[position - 1].isalnum())
        ):
            position -= 1
        if position < begin:
            return None
    return position


def _from_beginnings(letters: str, keys: tuple[str, ...]) -> bool:
    """Whether `letters` is a beginning (of two letters or more) of each key in turn."""
    if not keys:
        return not letters
    return any(
        letters.startswith(keys[0][:n]) and _from_beginnings(letters[n:], keys[1:])
        for n in range(2, min(len(keys[0]), len(letters)) + 1)
    )
