"""What a mention of a speaker says by itself: a pronoun, a name, a body, an unnamed somebody.

"he", "Carter", "a spokesman for the ministry", "the group", "critics", "the report": the form is
read from the words of the mention alone; who it is in the article is found by
`framing.quotes.speakers`.
"""

import dataclasses
import re
from typing import Literal, NamedTuple

from framing.quotes.appositions import name_within
from framing.quotes.common_nouns import is_common_noun, is_party_member
from framing.quotes.coordination import split_sources
from framing.quotes.names import Name
from framing.quotes.titles import (
    BODY_NOUNS,
    DOCUMENT_NOUNS,
    GROUP_NOUNS,
    MEDIA_NOUNS,
    TITLE_WORDS,
    is_person_noun,
    singular,
)
from framing.records import Span

__all__ = ["Mention", "read_mention"]

Form = Literal["pronoun", "person", "body", "document", "individual", "group"]

_PRONOUNS = {
    "he": "m", "she": "f", "him": "m", "her": "f", "himself": "m", "herself": "f", "his": "m",
    "its": "it",
    "it": "it", "itself": "it", "they": "they", "them": "they", "i": "i", "we": "we",
    "who": "who", "which": "who", "the former": "he", "the latter": "he",
}  # fmt: skip
_POSSESSIVES = {"his": "m", "her": "f", "its": "it", "their": "they"}
_TOKEN = re.compile(r"(?:\w\.)+|\w+(?:[-’'.]\w+)*[’']?")
_DEFINITE = frozenset("the this that these those his her its their my our same such".split())
_INDEFINITE = frozenset("a an one another some several many few two three four five six".split())
_DETERMINERS = _DEFINITE | _INDEFINITE | {"both", "each", "every"}
_NEW = frozenset("another other others second third fourth fifth different separate".split())
_STOPS = frozenset(
    """
    of for in at on by from with who that which whose to close near within inside outside among
    against about including like as under behind where along across said via through working based
    """.split()
)
# After a head noun these begin what is said of it: "critics here", "sources familiar with".
_AFTER_HEAD = frozenset(
    "here there abroad familiar loyal opposed aware critical sympathetic made sent seen held known "
    "written run led born present posing out".split()
)
_TAIL = re.compile(
    r"[,(;:–—\[]|\s--?\s|\swho(?:m|se)?\s"
    r"|\s(?!posting|briefing|filing|recording|finding)\w+ing\s"
)
_BY = tuple(re.compile(rf"\s{word}\s") for word in ("by", "from", "of", "for", "in"))
_OPENING = re.compile(
    r"(?:\s|both\b|even\b|according to\b|and\b|but\b|while\b|[\"“‘'(\[])+", re.IGNORECASE
)
_QUANTITY = re.compile(
    r"(?:an?\s|at least\s)?(?:\w+\s)?(?:one|some|many|most|several|few|both|two|three|four|five|"
    r"number|group|handful|majority|couple|dozens?|hundreds|thousands|series|coalition|all|each|"
    r"none|scores)\sof\s",
    re.IGNORECASE,
)
_ONE_OF = re.compile(r"(?:at least\s)?one(?:\sof\s|\Z)", re.IGNORECASE)


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
        modifiers: The other words of the phrase, in lower case, determiner left out.
        definite: Whether it takes up somebody already known.
        new: Whether it says that this is somebody else ("another official").
        one_of: Whether it is one of several ("one", "one of the officers").
        plural: Whether it is about several people.
        owner_pronoun: "m", "f", "it" or "they" where the phrase begins with a possessive.
        owner: The possessor ("the army" in "the army's answer"), or None.
        author: Who follows "by", "from", "of" or "for" after the head, or None.
        others: Who is named together with the first ("Sand" in "Velt and Sand"), or None.
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
    one_of: bool = False
    plural: bool = False
    owner_pronoun: str = ""
    owner: Span | None = None
    author: Span | None = None
    others: Span | None = None

    def can_write(self) -> bool:
        """Whether it is somebody whose words a document can be."""
        if self.form in ("pronoun", "document"):
            return self.pronoun not in ("", "who")
        return (
            self.name is not None
            or is_person_noun(self.head)
            or self.head in BODY_NOUNS | MEDIA_NOUNS | GROUP_NOUNS
        )


class _Token(NamedTuple):
    word: str
    start: int
    end: int


def read_mention(text: str, span: Span, names: list[Name]) -> Mention | None:
    """Read the mention at `span`; None when it has no letters.

    Args:
        text: The article.
        span: Where the mention stands.
        names: The names that stand inside it (see `framing.quotes.names`).
    """
    if span.end - span.start < 8:
        shown = text[span.start : span.end]
        pronoun = _PRONOUNS.get(shown.lower())
        if pronoun is not None:
            return Mention(span, shown, "pronoun", pronoun=pronoun)
    if len(names) == 1 and names[0].person and not names[0].possessive:
        name = names[0]
        if (name.lead_start, name.end) == span:
            shown = " ".join(text[span.start : span.end].split())
            return Mention(span, shown, "person", name=name, phrase=shown)
    opening = _OPENING.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    shown = " ".join(text[start : span.end].split()).rstrip(" ,;:.")
    low = shown.lower()
    if low in _PRONOUNS:
        return Mention(span, shown, "pronoun", pronoun=_PRONOUNS[low])
    if not any(map(str.isalnum, shown)):
        return None
    names = [name for name in names if name.start >= start]
    cut = _TAIL.search(text, start + 1, span.end)
    if cut is not None and text[start : cut.start()].lower() in _DETERMINERS:
        cut = _TAIL.search(text, cut.start() + 1, span.end)  # "the ruling party"
    tail = cut.start() if cut else span.end
    end, others = split_sources(text, start, span.end, tail, names)
    tokens = [_Token(m[0], *m.span()) for m in _TOKEN.finditer(text, start, end)]
    quantity = one_of = False
    if len(tokens) > 2 and _QUANTITY.match(text, start, end):
        # "a number of officials", "one of the officers": the head follows "of".
        of = next((i for i, token in enumerate(tokens) if token.word == "of"), 0)
        if 0 < of < len(tokens) - 1:
            one_of = _ONE_OF.match(text, start, end) is not None
            quantity = not one_of
            tokens = tokens[:1] + tokens[of + 1 :]
    if not tokens:
        return Mention(span, shown, "individual", phrase=shown, head=low)
    stop = _end_of_head(tokens, names)
    head_end = tokens[stop - 1].end
    person = _person(text, names, tokens, head_end, end)
    if person is not None and not one_of:
        return Mention(
            span, shown, "person", name=person, phrase=shown,
            owner_pronoun=_POSSESSIVES.get(tokens[0].word.lower(), ""), others=others,
        )  # fmt: skip
    mention = _read_phrase(text, span, shown, names, tokens, stop, quantity, one_of, cut)
    return dataclasses.replace(mention, others=others) if others is not None else mention


def _end_of_head(tokens: list[_Token], names: list[Name]) -> int:
    """Index after the head noun: the first preposition, participle or the like ends it."""
    for index in range(1, len(tokens)):
        word, at, _ = tokens[index]
        if not word.islower() or any(name.lead_start <= at < name.end for name in names):
            continue
        if word in _STOPS:
            return index
        before = tokens[index - 1].word.lower()
        if (word in _AFTER_HEAD or word.endswith(("ed", "ly", "ing"))) and _is_head(before):
            following = tokens[index + 1].word if index + 1 < len(tokens) else "of"
            if following in _STOPS or following in _AFTER_HEAD or not following.islower():
                return index
    return len(tokens)


def _is_head(word: str) -> bool:
    return (
        word in BODY_NOUNS
        or word in DOCUMENT_NOUNS
        or word in GROUP_NOUNS
        or word == "those"
        or is_person_noun(singular(word))
    )


def _person(
    text: str, names: list[Name], tokens: list[_Token], head_end: int, end: int
) -> Name | None:
    """The person whose name ends the phrase ("the Velm Institute's Nina Dorn"), or None."""
    for name in reversed(names):
        if name.end > head_end + 1 or name.possessive or not name.person:
            continue
        if name.end >= head_end - 1:
            return name
        break
    # "Commander of the 2nd Corps General Haug": one long title without an article.
    last = names[-1] if names else None
    if (
        last is not None and last.person and last.titles and not last.possessive
        and last.end >= end - 1 and text[tokens[0].start].isupper()
        and tokens[0].word.lower() in TITLE_WORDS
        and text[last.lead_start - 1 : last.lead_start] == " "
        and text[last.lead_start - 2 : last.lead_start - 1].isalnum()
        and any(token.word == "of" for token in tokens[1:4])
        and not any(token.word == "for" for token in tokens)
    ):  # fmt: skip
        return last
    return None


def _read_phrase(
    text: str,
    span: Span,
    shown: str,
    names: list[Name],
    tokens: list[_Token],
    stop: int,
    quantity: bool,
    one_of: bool,
    cut: re.Match[str] | None,
) -> Mention:
    words = tokens[:stop]
    begin, end = words[0].start, words[-1].end
    determiner, last = words[0].word.lower(), words[-1].word
    phrase = " ".join(text[begin:end].split())
    owner = _possessor(words)
    owner_pronoun = _POSSESSIVES.get(determiner, "")
    definite = determiner in _DEFINITE or owner is not None
    whole = next(
        (n for n in names if n.end >= end - 1 and n.start < end and not n.possessive), None
    )
    member = whole is not None and determiner in _DETERMINERS and is_party_member(whole, last)
    opens = whole is not None and (member or is_common_noun(text, whole, last))
    apposed = name_within(text, cut, names, span)
    if whole is not None and not opens:
        # The phrase ends in a name: a body, or a person by the surname alone.
        if apposed is not None and whole.article and is_person_noun(last.lower()):
            whole = apposed
        return Mention(
            span, shown, "person" if whole.person else "body", name=whole, phrase=phrase,
            head=last.lower(), modifiers=_modifiers(words[:-1]), definite=definite, owner=owner,
            owner_pronoun=owner_pronoun,
        )  # fmt: skip
    lower = last.lower().rstrip("'’")
    head = singular(lower)
    plural = (lower in GROUP_NOUNS) or (head != lower and lower not in DOCUMENT_NOUNS)
    if one_of:
        plural = False
    elif determiner in ("a", "an", "one", "another", "each", "every") and not quantity:
        plural = lower in GROUP_NOUNS and lower not in ("media", "press", "most")
    form = _form(lower, head, plural)
    author = _author(text, end, span.end) if form == "document" or head == "paper" else None
    if author is not None:
        form = "document"  # "a paper by two economists" is no newspaper
    if apposed is not None and form in ("individual", "body"):
        return Mention(
            span, shown, "person" if form == "individual" or apposed.person else "body",
            name=apposed, phrase=shown, head=head, modifiers=_modifiers(words[:-1]),
            owner_pronoun=owner_pronoun,
        )  # fmt: skip
    return Mention(
        span, shown, form, name=whole if opens and not (member or one_of) else None,
        phrase=phrase, head=head, definite=definite,
        modifiers=_modifiers(words[:-1]) + _complement(tokens[stop:]),
        new=any(token.word.lower() in _NEW for token in words[:3]),
        one_of=one_of or lower == "one", plural=plural, owner=owner,
        owner_pronoun=owner_pronoun, author=author,
    )  # fmt: skip


def _form(lower: str, head: str, plural: bool) -> Form:
    if head in DOCUMENT_NOUNS or lower in DOCUMENT_NOUNS:
        return "document"
    if is_person_noun(lower):
        return "individual"
    if (lower in BODY_NOUNS or lower in MEDIA_NOUNS) and not plural:
        return "body"
    return "group" if plural else "individual"


def _possessor(words: list[_Token]) -> Span | None:
    """The words before the last 's of a phrase."""
    for token in reversed(words[:-1]):
        if token.word.endswith(("'s", "’s")):
            return Span(words[0].start, token.end - 2)
        if token.word.endswith(("s'", "s’")):
            return Span(words[0].start, token.end - 1)
    return None


def _author(text: str, start: int, end: int) -> Span | None:
    """What follows the first "by", else the first "from", "of" or "for"."""
    for pattern in _BY:
        match = pattern.search(text, start, end)
        if match is None or match.end() == end:
            continue
        words = text[match.end() : end].lower().split()
        if pattern is _BY[-1] and MEDIA_NOUNS.isdisjoint(words[:5]):
            continue  # "in the weekly Blick", but not "in Syria"
        return Span(match.end(), end)
    return None


def _modifiers(words: list[_Token]) -> tuple[str, ...]:
    low = [token.word.lower() for token in words]
    return tuple(
        re.sub(r"[’']s?$", "", word)
        for word in low
        if word not in _DEFINITE and word not in _INDEFINITE
    )


def _complement(tokens: list[_Token]) -> tuple[str, ...]:
    """Words after "of" or "for": whom the head belongs to ("supporters of the coalition")."""
    if not tokens or tokens[0].word not in ("of", "for"):
        return ()
    return tuple(w for w in _modifiers(tokens[1:8]) if w not in _STOPS and w != "and")
