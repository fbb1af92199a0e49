"""Speakers without a name: "the former officer", "an official", "critics", "the report".

A definite description takes up somebody whom the article has presented in such words; one that
says it is somebody else ("another official") or that is indefinite begins somebody new.
"""

import re
from typing import TYPE_CHECKING

from framing.quotes.mentions import Mention
from framing.quotes.names import Name, name_key, words_before
from framing.quotes.organisations import Organisations
from framing.quotes.titles import (
    NEUTRAL_MODIFIERS,
    gender_of_word,
    is_person_noun,
    synonyms,
)
from framing.quotes.voices import Register, Voice, undecided

if TYPE_CHECKING:
    from framing.records import SpeakerKind

__all__ = ["Descriptions"]

_WORDS = re.compile(r"(?:\w\.)+|\w+(?:[-’']\w+)*")
_AFTER_NAME = re.compile(
    r"(?:\s?\([^)]{1,40}\))?,\s(?:\d\d,\s)?((?:[^,.;:!?\n“”\"]|\.(?=\w)){3,90})"
)
_SENTENCE_END = re.compile(r"[.!?][”\"’']?\s|\n")
# Seats and other words that stand for what they house or belong to.
_SEATS = {
    "pentagon": "defense", "defence": "defense", "kremlin": "russia", "whitehouse": "president",
    "american": "us", "unitedstates": "us", "usa": "us", "america": "us", "uk": "british",
    "britain": "british", "un": "unitednations", "french": "france", "dutch": "netherlands",
    "spanish": "spain", "polish": "poland", "danish": "denmark", "welsh": "wales",
    "swiss": "switzerland", "filipino": "philippines", "ex": "former", "retired": "former",
}  # fmt: skip
_FORMER = frozenset({"former", "retired", "ex"})
# Heads that one person at a time has, and that "the official" may take up.
_OFFICES = frozenset(
    """
    minister secretary president governor mayor ambassador envoy spokesman spokeswoman spokesperson
    director chief commissioner premier diplomat general
    """.split()
)
_BREAKS = frozenset("the a an said told by and to that when".split())


class Descriptions:
    """Speakers by what the article calls them; grows as quotes are resolved."""

    def __init__(self, register: Register, organisations: Organisations) -> None:
        self._register = register
        self._text = register.text
        self._organisations = organisations
        self._about: dict[int, frozenset[str]] = {}
        self.last_heard: Voice | None = None

    def of(self, mention: Mention) -> Voice | Name | str:
        """Whoever a description is about: somebody known, a body by its name, or somebody new."""
        if mention.one_of:
            return self._one_of(mention)
        known: Voice | Name | str | None = None
        if mention.definite and not mention.new:
            known = self._taken_up(mention) or self._announced(mention)
        elif not mention.new and mention.form in ("group", "body"):
            known = self._same_words(mention)
        return known or self._add(mention)

    def belonging(self, owner: Voice, mention: Mention) -> Voice:
        """Somebody or something of `owner`: "his office", "its spokesman"."""
        phrase = f"{owner.shown_name(self._text)}’s {mention.phrase.split(' ', 1)[-1]}"
        for voice in self._register.voices:
            if voice.phrase == phrase:
                return voice
        voice = self._add(mention)
        voice.phrase, voice.of = phrase, owner
        voice.presented.append(mention.span)
        return voice

    def document(self, mention: Mention) -> Voice | None:
        """The document of the same noun and modifiers that spoke before."""
        modifiers = _telling(mention)
        for voice in sorted(self._register.voices, key=lambda v: -v.last):
            if (
                voice.spoke
                and voice.head
                and mention.head in synonyms(voice.head)
                and (modifiers <= voice.modifiers or voice.modifiers <= modifiers)
            ):
                if len(mention.text) > len(voice.phrase):
                    voice.phrase = mention.text
                return voice
        return None

    def new_document(self, mention: Mention) -> Voice:
        """A document that nobody is named for speaks for itself."""
        voice = self._add(mention)
        voice.kind, voice.document = "unnamed", True
        return voice

    def _add(self, mention: Mention) -> Voice:
        kind: SpeakerKind = "unnamed"
        if mention.form == "group":
            kind = "group"
        elif mention.form == "body":
            kind = "organisation"
        voice = Voice(
            kind, False, phrase=mention.text if len(mention.text) < 120 else mention.phrase,
            head=mention.head, modifiers=_telling(mention), gender=gender_of_word(mention.head),
            last=mention.span.start,
        )  # fmt: skip
        self._register.voices.append(voice)
        return voice

    def _one_of(self, mention: Mention) -> Voice:
        """One of the group that spoke last: "One told reporters ...", "one of them"."""
        voice = self._add(mention)
        voice.kind = "unnamed"
        groups = [v for v in self._register.voices if v.kind == "group" and v.last >= 0]
        if mention.head in ("", "one", "them") and groups:
            group = max(groups, key=lambda v: v.last)
            voice.head, voice.modifiers, voice.of = group.head, group.modifiers, group
            voice.gender = ""
        return voice

    def _same_words(self, mention: Mention) -> Voice | None:
        """The group of the same words; bare words take up the last group of that noun."""
        plain = mention.phrase.lower()
        groups = [
            v for v in self._register.voices if v.kind in ("group", "organisation") and v.spoke
        ]
        groups.sort(key=lambda v: -v.last)
        for voice in groups:
            if voice.phrase.lower() == plain:
                return voice
        modifiers = _telling(mention)
        for voice in groups:
            if voice.head != mention.head:
                continue
            if voice.kind == "group" and " " not in plain:
                return voice
            if mention.form == "body" and modifiers and voice.modifiers == modifiers:
                return voice
        return None

    def _taken_up(self, mention: Mention) -> Voice | Name | str | None:
        """Whom "the spokeswoman", "the former officer", "the group" takes up again."""
        modifiers = _telling(mention)
        at = mention.span.start
        scored = [
            (score, voice.last_before(at), voice)
            for voice in self._register.voices
            if voice.first <= at
            and _fits_number(voice, mention)
            and (score := self._score(voice, mention, modifiers)) > 0
        ]
        if not scored:
            if mention.form == "body" and not modifiers and not mention.owner:
                return self._organisations.generic(mention.head, at)
            return None
        best = max(score for score, _, _ in scored)
        top = sorted(
            ((last, voice) for score, last, voice in scored if score == best),
            key=lambda pair: -pair[0],
        )
        last, voice = top[0]
        if len(top) > 1 and top[1][0] >= 0 and last >= 0:
            # The nearer of two is taken, unless one sentence names both.
            apart = _SENTENCE_END.search(self._text, top[1][0], last)
            if apart is None and not (voice.spoke and not top[1][1].spoke):
                return undecided(mention.text, (voice, top[1][1]), self._text)
        if not voice.named and len(modifiers) > len(voice.modifiers):
            voice.phrase, voice.modifiers = mention.text, modifiers
        return voice

    def _announced(self, mention: Mention) -> Voice | None:
        """The one officer named further on in the same words ("the defence minister")."""
        if mention.form != "individual" or mention.head not in _OFFICES:
            return None
        modifiers = _telling(mention)
        found = [
            voice
            for voice in self._register.voices
            if voice.kind == "person"
            and voice.first > mention.span.start
            and mention.head in (about := self._words_about(voice))
            and all(any(_alike(m, word) for word in about) for m in modifiers)
        ]
        return found[0] if len(found) == 1 else None

    def _score(self, voice: Voice, mention: Mention, modifiers: frozenset[str]) -> int:
        """How well a description fits; 0 where it does not."""
        head = mention.head
        if voice.document:
            return 0
        words = self._words_about(voice) if voice.named else voice.modifiers
        heads = words if voice.named else frozenset((voice.head,))
        if head in heads:
            score = 6
        elif heads & synonyms(head):
            score = 4
        elif voice.kind == "person" and not voice.spoke:
            return 0
        elif head == "official" and voice is self.last_heard and heads & _OFFICES:
            score = 2
        else:
            return 0
        gender = gender_of_word(head)
        if gender and voice.gender and gender != voice.gender:
            return 0
        common = sum(any(_alike(m, word) for word in words) for m in modifiers)
        missing = len(modifiers) - common
        if missing and (voice.named or words):
            if not common or voice.kind != "person":
                return 0
            score -= missing
        score += 2 * common + (2 if voice.spoke else 0)
        former = bool(_FORMER & set(mention.modifiers))
        was_former = bool(_FORMER & (words if voice.named else set(voice.phrase.lower().split())))
        return score - 3 * (former != was_former)

    def _words_about(self, voice: Voice) -> frozenset[str]:
        """Words that present a named voice, before and after its names."""
        known = self._about.get(id(voice))
        if known is None:
            words: set[str] = set()
            for name in voice.names:
                if voice.kind == "organisation":
                    words.update(name.keys)
                words |= _words_around(self._text, name)
            for span in voice.presented:
                words.update(word.lower() for word in _WORDS.findall(span.of(self._text)))
            known = frozenset(map(_plain, words))
            self._about[id(voice)] = known
        return known


def _telling(mention: Mention) -> frozenset[str]:
    """The modifiers that say whom somebody belongs to."""
    words = {_plain(w) for w in mention.modifiers if w not in NEUTRAL_MODIFIERS and len(w) > 1}
    if {"white", "house"} <= words:
        words = words - {"white", "house"} | {"president"}
    return frozenset(words)


def _plain(word: str) -> str:
    key = name_key(word[:-2] if word.endswith(("’s", "'s")) else word)
    return _SEATS.get(key, key)


def _alike(one: str, other: str) -> bool:
    """Equal, or a country and its people ("syria", "syrian")."""
    if one == other:
        return True
    if len(one) < 4 or len(other) < 4 or one[:4] != other[:4]:
        return False
    return one[:5] == other[:5] or min(len(one), len(other)) < 6


def _fits_number(voice: Voice, mention: Mention) -> bool:
    if mention.form == "group":
        return voice.kind == "group"
    if mention.form == "body":
        return voice.kind == "organisation"
    return voice.kind in ("person", "unnamed")


def _words_around(text: str, name: Name) -> set[str]:
    words = set(name.titles)
    before = words_before(text, name.lead_start, 5)
    if before and is_person_noun(before[0][0].lower()):
        for word, _ in before:
            if word.lower() in _BREAKS:
                break
            words.add(word.lower())
    after = _AFTER_NAME.match(text, name.end)
    following = _WORDS.findall(after[1].lower()) if after is not None else []
    if following and (
        following[0] in ("a", "an", "the", "who", "one", "his", "her")
        or any(map(is_person_noun, following[:3]))
    ):
        words.update(following[:14])
    return words
