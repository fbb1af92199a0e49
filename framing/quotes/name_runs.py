"""Runs of capitalised words: what may be a name, with particles, initials and hyphens.

One pass of one pattern over the text; each run is cut where a sentence opener or a weekday stands
in it, and loses what only leads up to a name ("Without Sovia").
"""

import re
from collections.abc import Iterator

from framing.quotes.segments import TITLES
from framing.quotes.titles import NEUTRAL_MODIFIERS, NOT_IN_PERSON_NAMES, TITLE_WORDS

__all__ = ["CAPITALISED", "Run", "find_runs", "opens_sentence"]

Run = list[tuple[str, int, int]]

_CAP = r"A-ZÀ-ÖØ-Þ\u0100-\u017f"
_DOTTED = "|".join(sorted(TITLES | {"Reps", "Sens", "Gens", "Messrs", "Atty"}, key=len)[::-1])
CAPITALISED = (
    rf"(?:(?:[Aa]l|[Ee]l|[Aa]sh?|[Aa]d|[Aa]r|[Aa]n|[Aa]z|[Uu]l|[Bb]in|[Bb]en)-[{_CAP}]\w*(?:[-’'](?!s\b)\w+)*"
    rf"|(?:[{_CAP}]\.)+(?![{_CAP}]\w)"
    rf"|[{_CAP}]\w*(?:[-’'](?!s\b)\w+)*)"
)
_WORD = re.compile(rf"(?<!\w)(?:(?:{_DOTTED})\.|{CAPITALISED})")
_PARTICLES = "al|el|bin|ibn|ben|van|von|der|den|de|la|le|di|da|dos|del|du|abu|ould|ter|bint|of|for"
_GAP = (
    rf"(?:[ ](?:(?:{_PARTICLES})[ ](?:the[ ]|la[ ]|den[ ]|der[ ])?)?"
    rf"|[ ][\"“‘'(](?=[{_CAP}]\w+[\"”’')][ ][{_CAP}])|(?<=\w)[\"”’')][ ])"
)
_CAPITAL = re.compile(rf"[{_CAP}](?<!\w[{_CAP}])")
_PARTICLE = re.compile(r"(?<!\w)(?<!\w[’'-])(?:al|el|ash?|ad|ar|an|az|ul|bin|ben)-\Z")
_RUN = re.compile(
    rf"(?:(?:{_DOTTED})\.\s{{1,2}})*(?:(?:{_DOTTED})\.|{CAPITALISED})"
    rf"(?:{_GAP}(?:(?:{_DOTTED})\.\s{{1,2}})*{CAPITALISED})*(?:,? [JS]r\.)?"
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
# Part of a name in its middle ("Doctors Without Borders"), never where a run begins.
_OPENERS = frozenset(
    """
    without across beyond outside inside near within throughout concerning regarding following
    notwithstanding regardless whatever multiple certainly never otherwise perhaps prominent past
    """.split()
)
# "Sovia-backed", "Tarn-born", "High-ranking".
_COMPOUND = re.compile(r"\w+-[a-z]+(?:ed|ing|led|born|made|run|style|wide)\Z")
_CONTRACTION = re.compile(
    r"(?:I|You|He|She|It|We|They|There|That|Who|What)[’'](?:d|ll|s|ve|re|m)\Z"
)


def find_runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Runs in `text[start:end]`, in text order: their words, each with its start and end."""
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
            if segments and len(segments[0]) > 1:
                segments[0] = _without_opener(text, segments[0])
        elif plain.lower() in _BREAKERS and plain != "IS":  # most capitals open sentences
            continue
        else:
            segments = [[(plain, begin, run.end())]]
        yield from segments


def opens_sentence(text: str, position: int) -> bool:
    """Whether a sentence or a quotation begins at `position`."""
    return text[max(0, position - 2) : position].strip(" \n") in ("", ".", "”", '"', "!", "?")


def _segments(text: str, start: int, end: int) -> list[Run]:
    """Words of a run, cut at breakers."""
    segments: list[Run] = []
    words: Run = []
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        if word.lower() in _BREAKERS or _CONTRACTION.match(word):
            if words:
                segments.append(words)
            words = []
        else:
            words.append((word, match.start(), match.end()))
    if words:
        segments.append(words)
    return segments


def _without_opener(text: str, words: Run) -> Run:
    """The words of a run without what only leads up to the name: "Without Sovia", "Senior Ansar".

    A participle counts as such where it opens a sentence ("Praising Sand").
    """
    first = words[0][0].lower()
    if first in _OPENERS or _COMPOUND.match(words[0][0]) is not None:
        return words[1:]
    if first in NEUTRAL_MODIFIERS and words[1][0].lower() not in TITLE_WORDS | NOT_IN_PERSON_NAMES:
        return words[1:]
    if first.endswith("ing") and len(first) > 5 and opens_sentence(text, words[0][1]):
        return words[1:]
    return words
