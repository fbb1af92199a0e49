"""Paragraphs and sentences as spans, without touching the text.

A sentence may cross a paragraph break where the source broke it wrongly: a paragraph that ends
in a title ("said Dr.") or a comma, or that goes on in lower case, is not ended.
"""

import bisect
import re

from framing.records import Span

__all__ = ["find_paragraphs", "find_sentences", "span_at"]

# Words that a full stop belongs to and that a name or number follows.
TITLES = frozenset(
    """
    Mr Mrs Ms Dr Prof Sen Rep Gov Gen Lt Col Maj Capt Sgt Cpl Pvt Adm Cmdr Rev Fr Hon Pres Amb Supt
    Insp Det St Sr Jr Msgr Spc Brig Ald Del Atty Rt
    """.split()
)
_ABBREVIATIONS = TITLES | frozenset(
    """
    vs etc No Nos Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Ft Mt Inc Ltd Co Corp Bros
    approx dept est al ca cf eg ie e.g i.e a.m p.m Ariz Calif Colo Conn Fla Ga Ill Ind Kan Ky La
    Mass Md Mich Minn Miss Mo Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo
    """.split()
)
# Only these never end a sentence; "Inc." or "a.m." may.
_NEVER_LAST = TITLES - {"Jr", "Sr", "St"} | {
    "vs",
    "No",
    "Nos",
    "eg",
    "ie",
    "e.g",
    "i.e",
    "cf",
    "approx",
}
_STOP = re.compile(
    r"""(?P<stop>[.!?…]+)(?P<close>["”’'»)\]]*)(?=(?P<gap>\s+)(?P<next>\S)?)|(?P<break>\n\n)""",
)
_WORD_BEFORE = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]+$")
_OPENERS = "\"“‘'«([—–-•*"


def find_paragraphs(text: str) -> list[Span]:
    """Paragraphs of a canonical text (separated by one blank line), in order."""
    spans, start = [], 0
    while start < len(text):
        end = text.find("\n\n", start)
        end = len(text) if end < 0 else end
        if end > start:
            spans.append(Span(start, end))
        start = end + 2
    return spans


def find_sentences(text: str) -> list[Span]:
    """Sentences in text order; together they cover everything but blanks between them."""
    spans: list[Span] = []
    start = 0
    for match in _STOP.finditer(text):
        if match["break"]:
            if match.start() <= start:
                continue
            if _goes_on(text, match.start(), match.end()):
                continue
            end = match.start()
        else:
            if not _ends(text, match):
                continue
            end = match.end()
        start = _append(spans, text, start, end)
    _append(spans, text, start, len(text))
    return spans


def span_at(spans: list[Span], position: int) -> int:
    """Index of the last span that starts at or before `position` (0 when none does)."""
    return max(0, bisect.bisect_right(spans, (position, float("inf"))) - 1)


def _append(spans: list[Span], text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        spans.append(Span(start, end))
    return end


def _ends(text: str, match: re.Match[str]) -> bool:
    following = match["next"]
    if following is None:
        return True
    if match["gap"].startswith("\n"):
        return not _goes_on(text, match.end(), match.end("gap"))
    if following.islower():
        return False
    if match["stop"] != ".":
        return True
    word = _WORD_BEFORE.search(text, max(0, match.start() - 14), match.start())
    if word is None or match["close"]:
        return True
    last = word[0]
    if len(last) == 1 and last.isupper() and last != "I":
        return False  # an initial
    if last in _NEVER_LAST:
        return False
    if "." in last or last in _ABBREVIATIONS:  # "U.S. troops" goes on, "in the U.S. The" ends
        return following in _OPENERS or _starts_sentence(text, match.end("gap"))
    return True


_COMMON_STARTS = frozenset(
    "The A An In On At But And He She It They We I This That These Those There For As By After "
    "When While If His Her Their Its However Meanwhile".split()
)


def _starts_sentence(text: str, position: int) -> bool:
    word = re.compile(r"[A-Za-z]+").match(text, position)
    return word is not None and word[0] in _COMMON_STARTS


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether the sentence before a paragraph break at [end, start) goes on after it."""
    if text[end - 1] == ".":
        word = _WORD_BEFORE.search(text, max(0, end - 15), end - 1)
        return word is not None and word[0] in _NEVER_LAST and word[0] in TITLES
    following = text[start : start + 1]
    if text[end - 1] in ",;" or following.islower():
        return text[end - 1] not in '.!?…:"”’' or following.islower()
    return False
