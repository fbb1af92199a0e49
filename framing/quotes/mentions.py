"""What a mention of a speaker says by itself: a pronoun, a name, a body, an unnamed somebody.

"he", "Carter", "a spokesman for the ministry", "the group", "critics", "the report": the form is
read from the words of the mention alone; who it is in the article is found by
`framing.quotes.speakers`.
"""

import dataclasses
import re
from typing import Literal

from framing.quotes.names import Name, find_names, name_key
from framing.quotes.titles import (
    BODY_NOUNS,
    DOCUMENT_NOUNS,
    GROUP_NOUNS,
    MEDIA_NOUNS,
    is_person_noun,
    singular,
)
from framing.records import Span

__all__ = ["Mention", "read_mention"]

Form = Literal["pronoun", "person", "body", "document", "individual", "group"]

_PRONOUNS = {
    "he": "m", "she": "f", "him": "m", "her": "f", "himself": "m", "herself": "f",
    "it": "it", "itself": "it", "they": "they", "them": "they", "i": "i", "we": "we",
    "who": "who", "which": "who", "the former": "he", "the latter": "he",
}  # fmt: skip
_TOKEN = re.compile(r"(?:\w\.)+|\w+(?:[-’'.]\w+)*[’']?")
_DEFINITE = frozenset("the this that these those his her its their my our same such".split())
_POSSESSIVE_PRONOUNS = {"his": "m", "her": "f", "its": "it", "their": "they"}
_INDEFINITE = frozenset("a an one another some several many few two three four five six".split())
_NEW = frozenset("another other others second third fourth fifth different separate".split())
_STOPS = frozenset(
    """
    of for in at on by from with who that which whose to close near within inside outside among
    against about including like as under behind where along across said via through working based
    """.split()
)
_TAIL = re.compile(r"[,(;:–—\[]|\s--?\s|\swho(?:m|se)?\s|\s(?!posting|briefing|filing|recording|finding)\w+ing\s")
_CALLED = re.compile(
    r"\b(?:known|identified|named|called|nicknamed|himself|herself|name|who)\b[^,;.]{0,60}?\b"
    r"(?:as|only|name|was|is|named|called|by)\s"
)
_OPENING = re.compile(r"(?:\s|both\b|even\b|according to\b|and\b|but\b|while\b|[\"“‘'(\[])+", re.I)
_QUANTITY = re.compile(
    r"(?:an?\s)?(?:\w+\s)?(?:one|some|many|most|several|few|both|two|three|four|five|number|group|"
    r"handful|majority|couple|dozens?|hundreds|thousands|series|coalition|all|each|none|scores)\sof\s",
    re.IGNORECASE,
)
_OTHERS = re.compile(r",?\s(?:and|along with)\s(?:other|others|his|her|its|their|several|some|a|an)\b")
_JOINED = re.compile(r"\s*,?\s+(?:and|or|as well as|along with|together with)\s+")


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """A mention of a speaker, read.

    Attributes:
        span: Where it stands.
        text: Its words, with single blanks.
        form: What kind of expression it is.
        pronoun: "m", "f", "it", "they", "i", "we", "who" or "he" (of either gender); "" else.
        name: The name that identifies the speaker, or None.
        phrase: The noun phrase up to its head, determiner included, in the text's case.
        head: Head noun in lower case and singular, or "".
        modifiers: The other words of the phrase, in lower case, determiner and possessor left out.
        definite: Whether it takes up somebody already known.
        new: Whether it says that this is somebody else ("another official").
        plural: Whether it is about several people.
        owner: Pronoun ("m", "f", "it", "they") or name of whom the head belongs to.
        within: A name in a phrase after the head ("a report by the United Nations"), or None.
        joint: Whether further sources are named beside this one.
    """

    span: Span
    text: str
    form: Form
    pronoun: str = ""
    name: Name | None = None
    phrase: str = ""
    head: str = ""
    modifiers: tuple[str, ...] = ()
    definite: bool = False
    new: bool = False
    plural: bool = False
    owner: "str | Name" = ""
    within: Name | None = None
    joint: bool = False


def read_mention(text: str, span: Span) -> Mention | None:
    """Read the mention at `span`; None when it has no letters."""
    opening = _OPENING.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    shown = " ".join(text[start : span.end].split()).rstrip(" ,;:.")
    low = shown.lower()
    if low in _PRONOUNS:
        return Mention(span, shown, "pronoun", pronoun=_PRONOUNS[low])
    if not any(c.isalnum() for c in shown):
        return None
    names = find_names(text, start, span.end)
    cut = _TAIL.search(text, start + 1, span.end)
    end = cut.start() if cut else span.end
    joint = False
    for join in _JOINED.finditer(text, start, end):
        if _is_whole(text, start, join.start(), names):
            end, joint = join.start(), True
            break
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    quantity = False
    if len(tokens) > 2 and _QUANTITY.match(text, start, end):
        # "a number of officials", "one of the officers": the head follows "of".
        of = next((i for i, t in enumerate(tokens) if t[0] == "of"), 0)
        if 0 < of < len(tokens) - 1:
            quantity = tokens[of - 1][0].lower() != "one"
            tokens = tokens[:1] + tokens[of + 1 :]
    if not tokens:
        return Mention(span, shown, "individual", phrase=shown, head=low)
    stop = next(
        (
            i
            for i, (word, at, _) in enumerate(tokens)
            if i and word in _STOPS and not any(n.lead_start <= at < n.end for n in names)
        ),
        len(tokens),
    )
    head_end = tokens[stop - 1][2]
    core = [n for n in names if n.end <= head_end + 1]
    # A person's name before any preposition: "the Hudson Institute's Nina Shea".
    person = next((n for n in reversed(core) if not n.possessive and n.person), None)
    if person is not None and person.end >= head_end - 1 and not _is_outlet(text, person, span.end):
        return Mention(span, shown, "person", name=person, phrase=shown, joint=joint)
    return _read_phrase(text, span, shown, names, tokens, stop, quantity, joint, cut)


def _read_phrase(
    text: str,
    span: Span,
    shown: str,
    names: list[Name],
    tokens: list[tuple[str, int, int]],
    stop: int,
    quantity: bool,
    joint: bool,
    cut: re.Match[str] | None,
) -> Mention:
    words = tokens[:stop]
    begin, end = words[0][1], words[-1][2]
    determiner = words[0][0].lower()
    last = words[-1][0]
    possessor = next(
        (n for n in reversed(names) if n.possessive and begin <= n.start and n.end < end - 1), None
    )
    owner: str | Name = possessor or _POSSESSIVE_PRONOUNS.get(determiner, "")
    definite = determiner in _DEFINITE or possessor is not None
    whole = next((n for n in names if n.end >= end - 1 and n.start < end and not n.possessive), None)
    opens = whole is not None and _opens(text, whole, last)
    if whole is not None and not opens:
        # The phrase ends in a name: a body, or a person by the surname alone.
        apposed = _apposed(text, cut, names, span)
        if apposed is not None and whole.article and is_person_noun(last.lower()):
            whole = apposed
        return Mention(
            span, shown, "person" if whole.person else "body", name=whole,
            phrase=" ".join(text[begin:end].split()), head=last.lower(),
            modifiers=_modifiers(words[:-1]), definite=definite, owner=owner, joint=joint,
        )  # fmt: skip
    lower = last.lower().rstrip("'’")
    head = singular(lower)
    plural = (lower in GROUP_NOUNS) or (head != lower and lower not in DOCUMENT_NOUNS)
    if determiner in ("a", "an", "one", "another", "each", "every") and not quantity:
        plural = lower in GROUP_NOUNS and lower not in ("media", "press", "most")
    apposed = _apposed(text, cut, names, span)
    within = next((n for n in names if n.start > end and n is not apposed), None)
    form: Form
    if head in DOCUMENT_NOUNS or lower in DOCUMENT_NOUNS:
        form = "document"
    elif is_person_noun(lower):
        form = "individual"
    elif (lower in BODY_NOUNS or lower in MEDIA_NOUNS) and not plural:
        form = "body"
    elif plural:
        form = "group"
    else:
        form = "individual"
    if apposed is not None and form in ("individual", "body"):
        return Mention(
            span, shown, "person" if form == "individual" or apposed.person else "body",
            name=apposed, phrase=shown, head=head, modifiers=_modifiers(words[:-1]), joint=joint,
        )  # fmt: skip
    return Mention(
        span, shown, form, name=whole if opens else None, phrase=" ".join(text[begin:end].split()), head=head,
        modifiers=_modifiers(words[:-1]) + _complement(tokens[stop:]), definite=definite,
        new=any(w[0].lower() in _NEW for w in words[:3]), plural=plural, owner=owner,
        within=within, joint=joint,
    )  # fmt: skip


def _modifiers(words: list[tuple[str, int, int]]) -> tuple[str, ...]:
    low = (word.lower() for word, _, _ in words)
    return tuple(
        re.sub(r"[’']s?$", "", word)
        for word in low
        if word not in _DEFINITE and word not in _INDEFINITE
    )


def _complement(tokens: list[tuple[str, int, int]]) -> tuple[str, ...]:
    """Words after "of" or "for": whom the head belongs to ("supporters of the coalition")."""
    if not tokens or tokens[0][0] not in ("of", "for"):
        return ()
    return tuple(w for w in _modifiers(tokens[1:8]) if w not in _STOPS and w != "and")


def _opens(text: str, name: Name, last: str) -> bool:
    """Whether a "name" is a common noun with a capital ("Critics", "Pentagon Officials")."""
    low = last.lower()
    return (
        (name.end - name.start == len(last) or low.endswith("s"))
        and not name.titles
        and (
            is_person_noun(low)
            or (is_person_noun(singular(low)) and singular(low) != low)
            or (low in GROUP_NOUNS)
        )
        and not name.person
        and (_starts_sentence(text, name.start) or singular(low) != low)
    )


def _starts_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 3) : position].rstrip(" \n\"“‘'(")
    return position == 0 or not before or before[-1] in ".!?:…,”’"


def _apposed(
    text: str, cut: re.Match[str] | None, names: list[Name], span: Span
) -> Name | None:
    """The name in apposition after the phrase: "a police officer, Ali Ahmed", "known as ..."."""
    if cut is None:
        return None
    after = cut.end()
    for name in names:
        if name.lead_start < after - 1 or name.possessive:
            continue
        between = text[after : name.lead_start].strip()
        if not between and text[cut.start()] == "," and (name.person or name.end >= span.end - 1):
            follows = text[name.end : span.end].strip()
            return name if not follows or follows[0] in ",(" or name.person else None
        if _CALLED.fullmatch(text, max(0, cut.start()), name.lead_start) or _CALLED.search(
            text, cut.start(), name.lead_start
        ):
            return name
        return None
    return None


def _is_outlet(text: str, name: Name, limit: int) -> bool:
    """Whether an apposition says that the name is not a person's ("X, a daily newspaper")."""
    if name.titles or text[name.end : name.end + 2] != ", ":
        return False
    following = _TOKEN.findall(text, name.end + 2, max(limit, name.end + 60))
    if not following or following[0].lower() not in ("a", "an", "the") and not following[0].endswith(
        ("'s", "’s")
    ):
        return False
    for word in following[1:8]:
        low = word.lower()
        if low in _STOPS:
            return False
        if is_person_noun(low):
            return False
        if low in MEDIA_NOUNS or low in BODY_NOUNS:
            return True
    return False


def _is_whole(text: str, start: int, end: int, names: list[Name]) -> bool:
    """Whether `text[start:end]`, left of an "and", is a noun phrase of its own."""
    words = _TOKEN.findall(text, start, end)
    if not words:
        return False
    last = words[-1].lower()
    if any(n.end == end and (n.person or len(n.keys) > 1 or n.article) for n in names):
        return True
    if any(n.end == end for n in names) and _OTHERS.match(text, end):
        return True
    if any(n.end == end and name_key(words[0]) == n.keys[0] for n in names):
        return not text[end:].startswith(" and ") or _both_names(text, end, names)
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
