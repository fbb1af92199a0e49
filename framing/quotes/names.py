"""Proper names in running text, and when two of them may be one.

One pass of one pattern over the text finds runs of capitalised words (with particles, initials,
hyphens and apostrophes); each run is then cut where a sentence opener or a weekday stands in it,
and what leads it as a title ("Defence Minister") is told from the name.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from framing.quotes.segments import TITLES
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

__all__ = ["Name", "find_names", "is_acronym_of", "is_same_person", "name_key"]

_CAP = r"A-ZÀ-ÖØ-Þ\u0100-\u017f"
_DOTTED = "|".join(sorted(TITLES | {"Reps", "Sens", "Gens", "Messrs", "Atty"}, key=len)[::-1])
_CORE = (
    rf"(?:(?:[Aa]l|[Ee]l|[Aa]sh?|[Aa]d|[Aa]r|[Aa]n|[Aa]z|[Uu]l|[Bb]in|[Bb]en)-[{_CAP}]\w*(?:[-’'](?!s\b)\w+)*"
    rf"|(?:[{_CAP}]\.)+(?![{_CAP}]\w)"
    rf"|[{_CAP}]\w*(?:[-’'](?!s\b)\w+)*)"
)
_WORD = re.compile(rf"(?<!\w)(?:(?:{_DOTTED})\.|{_CORE})")
_PARTICLES = "al|el|bin|ibn|ben|van|von|der|den|de|la|le|di|da|dos|del|du|abu|ould|ter|bint|of|for"
_GAP = (
    rf"(?:[ ](?:(?:{_PARTICLES})[ ](?:the[ ]|la[ ]|den[ ]|der[ ])?)?"
    rf"|[ ][\"“‘'(](?=[{_CAP}]\w+[\"”’')][ ][{_CAP}])|(?<=\w)[\"”’')][ ])"
)
_RUN = re.compile(
    rf"(?<!\w)(?<!\w[’'-])(?:(?:{_DOTTED})\.\s{{1,2}})*(?:(?:{_DOTTED})\.|{_CORE})"
    rf"(?:{_GAP}(?:(?:{_DOTTED})\.\s{{1,2}})*{_CORE})*(?:,? [JS]r\.)?"
)
# Capitalised where they open a sentence, and calendar words: never part of a name.
_BREAKERS = frozenset(
    """
    the a an this that these those he she it they we i you his her its their our my in on at by to
    for from with of and but or so as if when while where after before since until although though
    because once now then there here still yet also even however meanwhile moreover instead despite
    during under over about against among between both each some many most several few all any no
    not one two three four five six seven eight nine ten another other others what who why how
    which whose whether according asked earlier later last next just only more much such like
    unlike amid per via is are was were has have had will would can could may might must should do
    did does said says let get it’s it's i’m i'm we’re we're don’t don't that’s that's
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december jan feb aug sept oct nov dec mon tue wed thu fri sat
    on officials critics sources analysts experts residents witnesses observers supporters
    """.split()
) - {"will", "may", "march", "april", "june", "august", "mark"}
_PARTICLE_PREFIX = re.compile(r"^(?:al|el|as|ash|ad|ar|an|az|ul)-|^(?:the)\s")
_LOCATIVES = frozenset("in at near from across around outside inside toward towards into".split())
_NICKNAMES = {
    short: long
    for long, shorts in {
        "robert": "bob bobby rob", "william": "bill billy will", "richard": "dick rick",
        "james": "jim jimmy", "john": "jack johnny", "michael": "mike", "joseph": "joe joey",
        "thomas": "tom tommy", "edward": "ed eddie ted", "charles": "chuck charlie",
        "david": "dave", "daniel": "dan danny", "samuel": "sam", "benjamin": "ben bibi",
        "timothy": "tim", "anthony": "tony", "stephen": "steve", "steven": "steve",
        "jeffrey": "jeff", "gregory": "greg", "kenneth": "ken", "ronald": "ron",
        "donald": "don", "lawrence": "larry", "patrick": "pat", "matthew": "matt",
        "andrew": "andy drew", "nicholas": "nick", "christopher": "chris", "peter": "pete",
        "elizabeth": "liz beth", "katherine": "kate kathy", "catherine": "cathy",
        "margaret": "maggie peggy", "jennifer": "jen jenny", "susan": "sue", "rebecca": "becky",
        "deborah": "debbie", "patricia": "patty", "hillary": "hilary", "alexander": "alex",
        "joshua": "josh", "leonard": "len", "frederick": "fred", "raymond": "ray",
    }.items()
    for short in shorts.split()
}  # fmt: skip


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
    names: list[Name] = []
    for run in _RUN.finditer(text, start, len(text) if end is None else end):
        for words in _segments(text, run.start(), run.end()):
            name = _read(text, words)
            if name is not None:
                names.append(name)
    return names


@lru_cache(maxsize=65536)
def name_key(word: str) -> str:
    """A name's word for comparison: case, accents, marks and an Arabic article taken away."""
    if word.isalnum() and word.isascii():
        return word.lower()
    word = _PARTICLE_PREFIX.sub("", word.casefold())
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if c.isalnum())
    return "".join(c for c in word if c.isalnum())


def is_same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two full names (keys) may be one person's: one is the other with words left out.

    Initials agree with any name they begin, short forms with their long ones ("bob", "robert").
    """
    if len(one) > len(other):
        one, other = other, one
    if not one or one[-1] != other[-1]:
        return False
    position = 0
    for key in one[:-1]:
        while position < len(other) - 1 and not _agree(key, other[position]):
            position += 1
        if position == len(other) - 1:
            # "John A. Boehner" and "John Boehner": an initial may be missing from the longer.
            if len(key) > 1:
                return False
            position = 0
            continue
        position += 1
    return True


def is_acronym_of(short: str, keys: tuple[str, ...]) -> bool:
    """Whether `short` ("SOHR", "U.N.", "Centcom") abbreviates a name of these keys.

    Either its letters are the initials in order (a first word such as "U.S." may be left out),
    or it is written from the beginnings of the words ("Cent-Com").
    """
    letters = name_key(short)
    if not 2 <= len(letters) <= 9 or len(keys) < 2:
        return False
    initials = "".join(key[0] for key in keys if key)
    if letters == initials or (len(letters) >= 3 and letters == initials[1:]):
        return True
    return any(_from_beginnings(letters, keys[first:]) for first in range(len(keys) - 1))


def _from_beginnings(letters: str, keys: tuple[str, ...]) -> bool:
    """Whether `letters` is a beginning (of two letters or more) of each key in turn."""
    if not keys:
        return not letters
    return any(
        letters.startswith(keys[0][:n]) and _from_beginnings(letters[n:], keys[1:])
        for n in range(2, min(len(keys[0]), len(letters)) + 1)
    )


def _agree(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return _NICKNAMES.get(one, one) == _NICKNAMES.get(other, other)


def _segments(text: str, start: int, end: int) -> Iterator[list[tuple[str, int, int]]]:
    """Words of a run, cut at breakers."""
    whole = text[start:end]
    if whole.isalnum():  # most runs are one plain word
        if whole.lower() not in _BREAKERS:
            yield [(whole, start, end)]
        return
    words: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        if word.lower() in _BREAKERS:
            if words:
                yield words
            words = []
        else:
            words.append((word, match.start(), match.end()))
    if words:
        yield words


def _read(text: str, words: list[tuple[str, int, int]]) -> Name | None:
    begin = words[0][1]
    previous = _word_before(text, begin)
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
    titles = tuple([word.rstrip(".").lower() for word, _, _ in words[:first]]) if first else ()
    person = _is_person(text, words[first:], keys, titles, previous)
    if person and len(words) - first > 1:
        # "Rep. Scott Rigell of Virginia": a person's name ends before "of".
        for index in range(first, len(words) - 1):
            if text.startswith((" of ", " for "), words[index][2]):
                end, keys = words[index][2], keys[: index - first + 1]
                break
    following = text[end : end + 2]
    possessive = following in ("'s", "’s") or (following in ("' ", "’ ") and text[end - 1] == "s")
    return Name(start, end, keys, begin, titles, previous == "the", possessive, person)


def _word_before(text: str, position: int) -> str:
    """The word that stands one blank before `position`, in lower case, or ""."""
    end = position - 1
    if end < 1 or text[end] != " ":
        return ""
    word = text[max(0, end - 24, text.rfind(" ", 0, end) + 1) : end].rsplit("\n", 1)[-1].lower()
    return word if word[-1:].isalnum() else ""


def _first_of_name(text: str, words: list[tuple[str, int, int]]) -> int:
    """Index of the first word after the last title; len(words) when all are titles."""
    first = 0
    for index, (word, _, end) in enumerate(words):
        bare = word.rstrip(".").lower()
        if bare not in TITLE_WORDS and not (bare in PORTFOLIOS and first == index and index):
            continue
        last = index == len(words) - 1
        if bare in AMBIGUOUS_TITLES and (last or index > first) and "." not in word:
            # "Angus King" is a name; "Saudi King Salman" has a title.
            if index and words[index - 1][0].lower() not in NOT_IN_PERSON_NAMES | TITLE_WORDS:
                continue
            if index == 0 and last:
                continue
        first = index + 1
        if text.startswith((" of ", " for "), end) and not last:
            first += 1  # "Secretary of State", "President of France"
    return min(first, len(words))


def _is_person(
    text: str,
    words: list[tuple[str, int, int]],
    keys: tuple[str, ...],
    titles: tuple[str, ...],
    previous: str,
) -> bool:
    if titles and (titles[-1] in TITLE_WORDS or titles[-1] in PORTFOLIOS):
        return True
    if not NOT_IN_PERSON_NAMES.isdisjoint([word.lower() for word, _, _ in words]):
        return False
    if is_person_noun(previous):
        return True
    # "the rebel group Ansar" names a body.
    if len(keys) < 2 or len(words) > 5 or previous == "the" or previous in BODY_NOUNS:
        return False
    if any(text.startswith((" of ", " for "), end) for _, _, end in words[:-1]):
        return False
    if previous in MEDIA_NOUNS or sum([len(key) > 1 for key in keys]) < 2:
        return False
    if gender_of_given_name(keys[0]):
        return True
    capitals = [word.isupper() and len(word) > 1 and "." not in word for word, _, _ in words]
    if any(capitals):
        return all(capitals) and len(words) == 2
    return previous not in _LOCATIVES
