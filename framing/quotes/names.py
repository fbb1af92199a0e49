"""Proper names in running text, and when two of them may be one.

What leads a run of capitalised words as a title ("Defence Minister") is told from the name, and
what reads like a person's name from what does not (`framing.quotes.person_names`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from framing.quotes.acronyms import find_acronyms
from framing.quotes.name_runs import CAPITALISED, Run, find_runs, opens_sentence
from framing.quotes.person_names import LOCATIVES, is_lone_person, is_person
from framing.quotes.titles import (
    AMBIGUOUS_TITLES,
    BODY_NOUNS,
    MEDIA_NOUNS,
    NOT_IN_PERSON_NAMES,
    PORTFOLIOS,
    TITLE_WORDS,
    gender_of_given_name,
    is_person_noun,
)

__all__ = ["Name", "find_names", "name_key", "words_before"]

_OF_PLACES = frozenset("embassy consulate qaeda qaida".split())
_PLACE = re.compile(rf" in (?:the )?(?P<name>{CAPITALISED}(?: {CAPITALISED}){{0,2}})")
_SUFFIXES = frozenset("jr sr ii iii iv".split())
_PARTICLE_PREFIX = re.compile(r"^(?:al|el|as|ash|ad|ar|an|az|ul)-|^(?:the)\s")
_PLAIN = re.compile(r"\w[\w’'.&-]*")
_LINKS = frozenset("of for and the in on at to".split())


class Name(NamedTuple):
    """One proper name where it stands in the text.

    Attributes:
        start: Where the name begins, after any title.
        end: Where it ends, before any possessive 's.
        keys: Its words, normalised (see `name_key`), initials with their letter alone.
        lead_start: Where its title begins; `start` where it has none.
        titles: The words of the title in lower case, without full stops.
        article: Whether "the" stands before it.
        possessive: Whether 's follows.
        person: Whether it reads like the name of a person.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    lead_start: int
    titles: tuple[str, ...]
    article: bool
    possessive: bool
    person: bool


def find_names(text: str, start: int = 0, end: int | None = None) -> list[Name]:
    """Proper names in `text[start:end]`, in text order; titles without a name are left out."""
    end = len(text) if end is None else end
    names: list[Name] = []
    for words in find_runs(text, start, end):
        if names and words[0][1] < names[-1].end:
            continue  # the place of "U.S. Embassy in Tarn"
        name = _read(text, words)
        if name is not None:
            if name.keys[-1] in _OF_PLACES and text.startswith(" in ", name.end):
                name = _with_place(text, name, end)
            names.append(name)
    others = {name.keys for name in names if name.person and _is_outlet(text, name)}
    others |= _places(text, names)
    if others:
        names = [n._replace(person=False) if n.keys in others else n for n in names]
    return _with_long_forms(text, names) if start == 0 and "(" in text else names


def words_before(text: str, position: int, limit: int = 8) -> list[tuple[str, int]]:
    """Up to `limit` words right before `position` with their starts, the nearest first.

    Only what one blank joins counts: a comma, a quotation mark or a line break ends it.
    """
    words: list[tuple[str, int]] = []
    end = position - 1
    while len(words) < limit and end > 0 and text[end] == " ":
        start = text.rfind(" ", max(0, end - 30), end) + 1
        word = text[start:end]
        if not start and end >= 30:
            break
        if "\n" in word:
            cut = word.rfind("\n") + 1
            start, word = start + cut, word[cut:]
        if _PLAIN.fullmatch(word) is None:
            break
        words.append((word, start))
        end = start - 1
    return words


@lru_cache(maxsize=65536)
def name_key(word: str) -> str:
    """A name's word for comparison: case, accents, marks and an Arabic article taken away."""
    if word.isalnum() and word.isascii():
        return word.lower()
    word = _PARTICLE_PREFIX.sub("", word.casefold())
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if c.isalnum())
    return "".join(c for c in word if c.isalnum())


def _places(text: str, names: list[Name]) -> set[tuple[str, ...]]:
    """Names of several words that stand behind "in" or "near" and bear no title anywhere."""
    places = {
        name.keys
        for name in names
        if not name.person
        and len(name.keys) > 1
        and not name.possessive
        and _word_before(text, name.start) in LOCATIVES
    }
    if not places:
        return places
    return places - {
        n.keys for n in names if n.person and (n.titles or gender_of_given_name(n.keys[0]))
    }


def _with_place(text: str, name: Name, end: int) -> Name:
    """A branch is called by its place: "U.S. Embassy in Tarn"."""
    place = _PLACE.match(text, name.end, end)
    if place is None:
        return name
    keys = tuple(name_key(word) for word in place["name"].split())
    return name._replace(
        end=place.end(),
        keys=(*name.keys, *filter(None, keys)),
        possessive=_is_possessive(text, place.end()),
    )


def _is_outlet(text: str, name: Name) -> bool:
    """Whether an apposition says that the name is not a person's ("X, a daily newspaper")."""
    if name.titles or len(name.keys) < 2 or not text.startswith(", ", name.end):
        return False
    words = text[name.end + 2 : name.end + 80].split("\n")[0].split()
    if not words or (words[0] not in ("a", "an", "the") and not words[0].endswith(("'s", "’s"))):
        return False
    for word in words[1:8]:
        noun = word.rstrip(".,;:").lower()
        if noun in ("of", "for", "in", "at", "on", "from", "with", "to", "who"):
            return False
        if is_person_noun(noun):
            return False
        if (noun in MEDIA_NOUNS or noun in BODY_NOUNS) and (
            word[-1] in ".,;:" or word is words[-1] or _ends_phrase(words, word)
        ):
            return True
    return False


def _ends_phrase(words: list[str], word: str) -> bool:
    """Whether a preposition or "that" follows: "a newspaper in Tarn", not "a party official"."""
    following = words[words.index(word) + 1]
    return following in ("of", "for", "in", "at", "on", "from", "with", "to", "that", "which")


def _with_long_forms(text: str, names: list[Name]) -> list[Name]:
    """Names with those that an acronym in brackets shows to be longer put together.

    "The Union for Bakers' and Millers' Rights (UBMR)" is one name, not two.
    """
    for long, _ in find_acronyms(text):
        inside = [n for n in names if n.start < long.end and n.end > long.start]
        if not inside or inside[0].person or inside[0].lead_start < long.start:
            continue
        if len(inside) == 1 and inside[0].start <= long.start and inside[0].end >= long.end:
            continue
        keys = [name_key(word) for word in long.of(text).split() if word.lower() not in _LINKS]
        whole = Name(
            long.start, long.end, tuple(filter(None, keys)), long.start, (),
            _word_before(text, long.start) == "the", False, False,
        )  # fmt: skip
        at = names.index(inside[0])
        names[at : at + len(inside)] = [whole]
    return names


def _read(text: str, words: Run) -> Name | None:
    begin = words[0][1]
    previous = _word_before(text, begin)
    if len(words) == 1 and words[0][0].isalpha() and words[0][0].lower() not in TITLE_WORDS:
        # Most names: one plain word.
        word, _, end = words[0]
        return Name(
            begin, end, (name_key(word),), begin, (), previous == "the",
            _is_possessive(text, end), is_lone_person(text, word, begin, previous),
        )  # fmt: skip
    first = 0
    if len(words) > 1 or words[0][0].lower().rstrip(".") in TITLE_WORDS:
        first = _first_of_name(text, words)
        if first == len(words):
            return None
    start, end = words[first][1], words[-1][2]
    if text[end - 1] == "." and end - start > 3 and "." not in words[-1][0][:-1]:
        end -= 1
    keys = tuple([key for word, _, _ in words[first:] if (key := name_key(word))])
    if not keys or (text[start + 1 : start + 2] == "-" and text[start] in "RDI"):  # "R-Ky."
        return None
    if len(keys) > 1 and keys[0] in ("al", "el") and first == 0:
        keys = keys[1:]  # "Al Jazeera": the Arabic article, as in "al-Jazeera"
    if len(keys) > 1 and keys[-1] in _SUFFIXES:
        keys = keys[:-1]
    titles = tuple([word.rstrip(".").lower() for word, _, _ in words[:first]]) if first else ()
    person = is_person(text, words[first:], keys, titles, previous)
    if person and len(words) - first > 1:
        # "Rep. Anna Velt of Ohio": a person's name ends before "of".
        for index in range(first, len(words) - 1):
            if text.startswith((" of ", " for "), words[index][2]):
                end, keys = words[index][2], keys[: index - first + 1]
                break
    possessive = _is_possessive(text, end)
    return Name(start, end, keys, begin, titles, previous == "the", possessive, person)


def _is_possessive(text: str, end: int) -> bool:
    following = text[end : end + 2]
    return following in ("'s", "’s") or (following in ("' ", "’ ") and text[end - 1] == "s")


def _word_before(text: str, position: int) -> str:
    """The word that stands one blank before `position`, in lower case, or ""."""
    end = position - 1
    if end < 1 or text[end] != " ":
        return ""
    if not text[end - 1].isalnum():
        return ""
    return text[max(0, end - 24, text.rfind(" ", 0, end) + 1) : end].rsplit("\n", 1)[-1].lower()


def _first_of_name(text: str, words: Run) -> int:
    """Index of the first word after the last title; len(words) when all are titles."""
    first = 0
    if len(words) > 2:
        # "Shopkeeper Rosa Quarl" where a sentence begins.
        noun = words[0][0].lower().removeprefix("ex-")
        if (
            is_person_noun(noun)
            and not text.startswith((" of", " for"), words[0][2])
            and opens_sentence(text, words[0][1])
        ):
            first = 1
    for index, (word, _, end) in enumerate(words):
        bare = word.rstrip(".").lower()
        if bare not in TITLE_WORDS and not (bare in PORTFOLIOS and first == index and index):
            continue
        last = index == len(words) - 1
        if bare in AMBIGUOUS_TITLES and (last or index > first) and "." not in word:
            # "Emil King" is a name; "Sovian King Emil" has a title.
            if index and words[index - 1][0].lower() not in NOT_IN_PERSON_NAMES | TITLE_WORDS:
                continue
            if index == 0 and last:
                continue
        first = index + 1
        if text.startswith((" of ", " for "), end) and not last:
            first += 1  # "Secretary of State", "President of France"
    return min(first, len(words))
