"""Proper names in running text, and when two of them may be one.

One pass of one pattern over the text finds runs of capitalised words (with particles, initials,
hyphens and apostrophes); each run is then cut where a sentence opener or a weekday stands in it,
and what leads it as a title ("Defence Minister") is told from the name.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from framing.quotes.acronyms import find_acronyms
from framing.quotes.segments import TITLES
from framing.quotes.titles import (
    AMBIGUOUS_TITLES,
    BODY_NOUNS,
    MEDIA_NOUNS,
    NOT_IN_PERSON_NAMES,
    PORTFOLIOS,
    TITLE_WORDS,
    gender_of_given_name,
    is_body_word,
    is_person_noun,
)

__all__ = ["Name", "find_names", "name_key", "words_before"]

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
_CAPITAL = re.compile(rf"[{_CAP}](?<!\w[{_CAP}])")
_PARTICLE = re.compile(r"(?<!\w)(?<!\w[’'-])(?:al|el|ash?|ad|ar|an|az|ul|bin|ben)-\Z")
_RUN = re.compile(
    rf"(?:(?:{_DOTTED})\.\s{{1,2}})*(?:(?:{_DOTTED})\.|{_CORE})"
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
) - {"will", "may", "march", "april", "june", "august", "jan", "mark"}
_PARTICLE_PREFIX = re.compile(r"^(?:al|el|as|ash|ad|ar|an|az|ul)-|^(?:the)\s")
_PLAIN = re.compile(r"\w[\w’'.&-]*")
_LINKS = frozenset("of for and the in on at to".split())
_NAMED_AS = re.compile(
    r"\b(?:his|her|their)\s(?:first\s)?name(?:\sonly)?\sas\s\Z"
    r"|\b(?:identified|gave|calls)\s(?:him|her)self(?:\sonly)?\sas\s\Z"
)
_LOCATIVES = frozenset("in at near from across around outside inside toward towards into".split())


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
    position = start
    while (capital := _CAPITAL.search(text, position, end)) is not None:
        begin = position = capital.start()
        if text[begin - 1 : begin] in ("-", "’", "'") and text[begin - 2 : begin - 1].isalnum():
            # "al-Daruni" begins with its article; "pro-Western" is no name.
            particle = _PARTICLE.search(text, max(start, begin - 4), begin)
            if particle is None:
                position += 1
                continue
            begin = particle.start()
        run = _RUN.match(text, begin, end)
        if run is None:
            position += 1
            continue
        position = max(run.end(), capital.end())
        plain = run[0]
        if not plain.isalnum():
            segments = _segments(text, begin, run.end())
        elif plain.lower() in _BREAKERS:  # most capitals open sentences
            continue
        else:
            segments = [[(plain, begin, run.end())]]
        for words in segments:
            name = _read(text, words)
            if name is not None:
                names.append(name)
    outlets = {name.keys for name in names if name.person and _is_outlet(text, name)}
    if outlets:
        names = [n._replace(person=False) if n.keys in outlets else n for n in names]
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


def _segments(text: str, start: int, end: int) -> list[list[tuple[str, int, int]]]:
    """Words of a run, cut at breakers."""
    segments: list[list[tuple[str, int, int]]] = []
    words: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        if word.lower() in _BREAKERS:
            if words:
                segments.append(words)
            words = []
        else:
            words.append((word, match.start(), match.end()))
    if words:
        segments.append(words)
    return segments


def _read(text: str, words: list[tuple[str, int, int]]) -> Name | None:
    begin = words[0][1]
    previous = _word_before(text, begin)
    if len(words) == 1 and words[0][0].isalpha() and words[0][0].lower() not in TITLE_WORDS:
        # Most names: one plain word.
        word, _, end = words[0]
        person = is_person_noun(previous) if previous != "as" else _is_called(text, begin)
        if person and word.lower() in NOT_IN_PERSON_NAMES:
            person = False
        return Name(
            begin, end, (name_key(word),), begin, (), previous == "the",
            _is_possessive(text, end), person,
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
    titles = tuple([word.rstrip(".").lower() for word, _, _ in words[:first]]) if first else ()
    person = _is_person(text, words[first:], keys, titles, previous)
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


def _is_called(text: str, start: int) -> bool:
    """Whether "gave his name as" or the like stands before `start`."""
    return _NAMED_AS.search(text, max(0, start - 40), start) is not None


def _word_before(text: str, position: int) -> str:
    """The word that stands one blank before `position`, in lower case, or ""."""
    end = position - 1
    if end < 1 or text[end] != " ":
        return ""
    if not text[end - 1].isalnum():
        return ""
    return text[max(0, end - 24, text.rfind(" ", 0, end) + 1) : end].rsplit("\n", 1)[-1].lower()


def _first_of_name(text: str, words: list[tuple[str, int, int]]) -> int:
    """Index of the first word after the last title; len(words) when all are titles."""
    first = 0
    if len(words) > 2:
        # "Shopkeeper Rosa Quarl" where a sentence begins.
        noun = words[0][0].lower().removeprefix("ex-")
        if (
            is_person_noun(noun)
            and not text.startswith((" of", " for"), words[0][2])
            and text[max(0, words[0][1] - 2) : words[0][1]].strip(" \n")
            in ("", ".", "”", '"', "!", "?")
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
    if len(keys) < 2 or previous == "the" or previous in BODY_NOUNS:
        return len(keys) == 1 and previous == "as" and _is_called(text, words[0][1])
    if len(words) > 5 and " of " not in text[words[0][1] : words[-1][2]]:
        return False
    linked = next(
        (i for i, w in enumerate(words[:-1], 1) if text.startswith((" of ", " for "), w[2])), 0
    )
    if linked:
        # "Ines Kaldor of the refugee agency", but "Voice of America", "Sons of Liberty".
        return (
            2 <= linked <= 3
            and text.startswith(" of ", words[linked - 1][2])
            and not any(is_body_word(word.lower()) for word, _, _ in words[:linked])
        )
    if previous in MEDIA_NOUNS or sum([len(key) > 1 for key in keys]) < 2:
        return False
    if gender_of_given_name(keys[0]):
        return True
    capitals = [word.isupper() and len(word) > 1 and "." not in word for word, _, _ in words]
    if any(capitals):
        return all(capitals) and len(words) == 2
    return previous not in _LOCATIVES
