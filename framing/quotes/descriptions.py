"""Speakers without a name: "the former officer", "an official", "critics", "the report".

A definite description takes up somebody whom the article has presented in such words; one that
says it is somebody else ("another official") or that is indefinite begins somebody new.
"""

import re
from typing import TYPE_CHECKING

from framing.quotes.mentions import Mention
from framing.quotes.names import Name
from framing.quotes.organisations import ANY_BODY, Organisations
from framing.quotes.presenting_words import (
    PresentingWords,
    alike,
    plain_words,
    telling_modifiers,
)
from framing.quotes.titles import (
    MEDIA_NOUNS,
    gender_of_word,
    is_person_noun,
    synonyms,
)
from framing.quotes.voices import Register, Voice, undecided

if TYPE_CHECKING:
    from framing.records import SpeakerKind

__all__ = ["Descriptions"]

_SENTENCE_END = re.compile(r"[.!?][”\"’']?\s|\n")
_FORMER = frozenset({"former", "retired", "ex"})
# Heads that one person at a time has, and that "the official" may take up.
_OFFICES = frozenset(
    """
    minister secretary president governor mayor ambassador envoy spokesman spokeswoman spokesperson
    director chief commissioner premier diplomat general commander chairman chairwoman head
    """.split()
)
# Who is quoted without a name because nobody may be told it.
_UNNAMED_AS_A_RULE = frozenset(
    """
    official source spokesman spokeswoman spokesperson resident activist witness aide diplomat
    fighter soldier protester student survivor
    """.split()
)
_SINGLED_OUT = re.compile(r"(?:at least\s)?one\s", re.IGNORECASE)
_NEAR = 350  # characters within which a bare name is taken for the one described
_COURTESY = frozenset("mr mrs ms miss dr sir".split())
_RECALLED = 800  # characters over which "the veteran" looks back to whoever spoke last


class Descriptions:
    """Speakers by what the article calls them; grows as quotes are resolved."""

    def __init__(self, register: Register, organisations: Organisations) -> None:
        self._register = register
        self._text = register.text
        self._organisations = organisations
        self._words = PresentingWords(register.text)
        self.last_heard: Voice | None = None

    def known(self, mention: Mention) -> Voice | Name | str | None:
        """Whom a description takes up: somebody known, a body by its name; None when nobody."""
        if mention.one_of or mention.new:
            return None
        if mention.definite:
            return self._taken_up(mention) or self._announced(mention)
        return self._same_words(mention) if mention.form in ("group", "body") else None

    def new(self, mention: Mention) -> Voice:
        """Somebody new."""
        return self._one_of(mention) if mention.one_of else self._add(mention)

    def suits(self, voice: Voice, mention: Mention, following: Mention, *, next_one: bool) -> bool:
        """Whether somebody whom a source after a description names can be the one described.

        Args:
            voice: Somebody named there for the first time.
            mention: The description.
            following: The source that names them.
            next_one: Whether nobody else is quoted between the two.
        """
        gender = gender_of_word(mention.head)
        if gender and voice.gender and gender != voice.gender:
            return False
        words = self._words.of(voice) | plain_words(following.phrase)
        office = mention.head in _OFFICES and mention.definite
        if synonyms(mention.head) & words and (next_one or office):
            return True
        if not next_one:
            return False
        if mention.head in _UNNAMED_AS_A_RULE and not _SINGLED_OUT.match(mention.text):
            return False
        if any(alike(m, word) for m in telling_modifiers(mention) for word in words):
            return True
        near = following.span.start - mention.span.end < _NEAR or mention.owner_pronoun
        return bool(near) and not any(is_person_noun(word) for word in words - _COURTESY)

    def recalled(self, mention: Mention) -> Voice | None:
        """The person heard last, whom "the veteran" calls something not said before."""
        voice = self.last_heard
        if (
            voice is None
            or voice.kind != "person"
            or mention.form != "individual"
            or not is_person_noun(mention.head)
            or mention.head in _OFFICES | _UNNAMED_AS_A_RULE
            or not mention.definite
            or mention.owner is not None
            or mention.owner_pronoun
            or mention.phrase != mention.text
            or mention.span.start - voice.last > _RECALLED
        ):
            return None
        gender = gender_of_word(mention.head)
        return None if gender and voice.gender and gender != voice.gender else voice

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
        modifiers = telling_modifiers(mention)
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
            head=mention.head, modifiers=telling_modifiers(mention),
            gender=gender_of_word(mention.head), last=mention.span.start,
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
        modifiers = telling_modifiers(mention)
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
        modifiers = telling_modifiers(mention)
        at = mention.span.start
        scored = [
            (score, voice.last_before(at), voice)
            for voice in self._register.voices
            if voice.first <= at
            and _fits_number(voice, mention)
            and (score := self._score(voice, mention, modifiers)) > 0
        ]
        if not scored:
            loose = mention.head in ANY_BODY | MEDIA_NOUNS and mention.phrase[1:].islower()
            if mention.form == "body" and (loose or not modifiers) and not mention.owner:
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
        modifiers = telling_modifiers(mention)
        found = [
            voice
            for voice in self._register.voices
            if voice.kind == "person"
            and voice.first > mention.span.start
            and mention.head in (about := self._words.of(voice))
            and all(any(alike(m, word) for word in about) for m in modifiers)
        ]
        return found[0] if len(found) == 1 else None

    def _score(self, voice: Voice, mention: Mention, modifiers: frozenset[str]) -> int:
        """How well a description fits; 0 where it does not."""
        head = mention.head
        if voice.document:
            return 0
        words = self._words.of(voice) if voice.named else voice.modifiers
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
        common = sum(any(alike(m, word) for word in words) for m in modifiers)
        missing = len(modifiers) - common
        if missing and (voice.named or words):
            # "Sovia's foreign minister" is the foreign minister, but no foreign secretary.
            whose = mention.owner is not None and head in heads
            enough = common > missing or (common == missing and whose)
            if not enough or voice.kind != "person":
                return 0
            score -= missing
        score += 2 * common + (2 if voice.spoke else 0)
        former = bool(_FORMER & set(mention.modifiers))
        was_former = bool(_FORMER & (words if voice.named else set(voice.phrase.lower().split())))
        return score - 3 * (former != was_former)


def _fits_number(voice: Voice, mention: Mention) -> bool:
    if mention.form == "group":
        return voice.kind == "group"
    if mention.form == "body":
        return voice.kind == "organisation"
    return voice.kind in ("person", "unnamed")
