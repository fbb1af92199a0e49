"""The bodies that an article names: short and full names, acronyms, "the group", "the paper"."""

import re

from framing.quotes.acronyms import is_acronym_of
from framing.quotes.names import Name, name_key
from framing.quotes.titles import BODY_NOUNS, MEDIA_NOUNS, NOT_IN_PERSON_NAMES, synonyms
from framing.quotes.voices import Register, Voice

__all__ = ["ANY_BODY", "Organisations"]

_STATE = frozenset(
    "us un uk government state states nation nations ministry department kingdom".split()
)
# Nouns for any body but a state's.
ANY_BODY = frozenset(
    "group organisation organization body agency movement charity company firm militia".split()
)
_GOES_ON = re.compile(r"[^.!?\nA-Z]{0,60}?\b(?P<word>he|she|his|her|him|himself|herself|it|its)\b")
_REACH = 700  # characters over which "the group" looks back to a body that is only named
# What follows a body that does something, and an outlet that is cited.
_IRREGULAR = "left|went|took|held|began|sent|made|gave|told|came|met|built|brought|ran|won|lost"
_ACTS = re.compile(
    r"(?:\s\([^()\n]{1,20}\))?"
    rf"(?:\s(?:(?:also|has|had|have|is|was)\s)?(?:[a-z]+(?:s|ed)|{_IRREGULAR})\b"
    r"|\s?,?\s(?:which|that)\s|\s?,\s(?:a|an|the|one)\s)"
)
_REPORTS = re.compile(
    r"\s(?:\w+ly\s)?(?:also\s)?(?:reports|reported|writes|wrote|said|says)\b|[,.]\s"
)
_REPORTED = re.compile(r"\s(?:also\s)?report(?:s|ed)\b")
_TOLD = re.compile(r"\b(?:told|tells|telling)\s(?:the\s)?\Z")
_LOCATIVE = re.compile(r"\b(?:in|inside|outside|into|near|across)\s(?:the\s)?\Z")
_PERSONAL = re.compile(
    r"(?:[’']s?)? (?:administration|aides?|loyalists?|presidency|critics|allies|supporters|wife|"
    r"husband|speech|re-?election|campaign)\b"
)


class Organisations:
    """Bodies by name; grows as quotes are given to them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._text = register.text

    def of(self, name: Name) -> Voice | None:
        """The body heard before that `name` is a name of, the one heard last first."""
        known = self._register.voice_of.get(name.start)
        if known is not None and known.kind in ("organisation", "group"):
            return known
        for voice in self._heard():
            if any(self._same(name, other) for other in voice.names):
                self._register.attach(voice, name)
                return voice
        return None

    def add(self, name: Name, *, people: bool) -> Voice:
        """A new body, or a people ("the Velmis") when `people` is asked for and it is one."""
        voice = Voice("organisation", True, name.keys)
        if people and self._is_people(name):
            voice.kind = "group"
        self._register.voices.append(voice)
        for other in self._register.names:
            if other.person or other.start in self._register.voice_of:
                continue
            if other.start != name.start and self._same(name, other):
                self._register.attach(voice, other)
        self._register.attach(voice, name)
        if not voice.names:  # somebody else's name stands there
            voice.names.append(name)
        return voice

    def generic(self, head: str, before: int) -> Voice | Name | None:
        """The body that "the channel", "the group", "the ministry" can be and that was last.

        A body heard before comes back as itself, one only named so far as its name.
        """
        heard = [voice for voice in self._heard() if voice.spoke and voice.kind == "organisation"]
        if head in MEDIA_NOUNS:
            outlets = [voice for voice in heard if self._is_outlet(voice)]
            sure = [voice for voice in outlets if self._is_called_outlet(voice)]
            return next(iter(sure or outlets), None) or self._last_named(before, _REPORTS)
        if head in ANY_BODY:
            heard = [
                voice
                for voice in heard
                if not frozenset(voice.keys) & _STATE and not self._is_cited(voice)
            ]
            last = max(heard, key=lambda voice: voice.last_before(before), default=None)
            name = self._last_named(before, _ACTS)
            if last is None or (name is not None and name.start > last.last_before(before)):
                return name
            return last
        kinds = synonyms(head)
        for name in reversed(self._register.names_between(0, before)):
            if not name.person and (
                name.keys[-1] in kinds or name.keys[0] in kinds or head in name.keys
            ):
                return name
        return None

    def _last_named(self, before: int, acts: re.Pattern[str]) -> Name | None:
        """The body named last before `before` that acts, or is said to be a body."""
        for name in reversed(self._register.names_between(max(0, before - _REACH), before)):
            voice = self._register.voice_of.get(name.start)
            if name.person or name.possessive or (voice is not None and voice.kind == "person"):
                continue
            if acts.match(self._text, name.end) and not self._is_place(name):
                return name
        return None

    def _is_place(self, name: Name) -> bool:
        """Whether the article says "in" or "near" before the name anywhere."""
        return any(
            other.keys == name.keys
            and _LOCATIVE.search(self._text, max(0, other.lead_start - 10), other.lead_start)
            for other in self._register.names
        )

    def is_prefix(self, name: Name) -> bool:
        """Whether elsewhere a noun follows that people do not bear ("Al Tarn", "... TV")."""
        n = len(name.keys)
        return not name.titles and any(
            not other.person and len(other.keys) > n and other.keys[:n] == name.keys
            for other in self._register.names
        )

    def acts_like_person(self, name: Name) -> bool:
        """Whether sentences about a lone name go on with "he" or "his" rather than "it"."""
        person = 0
        if self._text[name.start : name.end].isupper():
            return False
        for other in self._register.names:
            if other.keys != name.keys:
                continue
            if _PERSONAL.match(self._text, other.end):
                person += 2
                continue
            match = _GOES_ON.match(self._text, other.end)
            if match is not None:
                person += 1 if match["word"][0] in "hs" else -1
            if _LOCATIVE.search(self._text, max(0, other.lead_start - 10), other.lead_start):
                person -= 1
        return person > 0

    def _heard(self) -> list[Voice]:
        bodies = [
            voice
            for voice in self._register.voices
            if voice.names and voice.kind in ("organisation", "group")
        ]
        bodies.sort(key=lambda voice: -voice.last)
        return bodies

    def _is_people(self, name: Name) -> bool:
        """Whether a name is a people's ("the Velmis", beside "Velmi" elsewhere)."""
        key = name.keys[-1]
        return (
            len(name.keys) == 1
            and key.endswith("s")
            and any(other.keys[-1] == key[:-1] for other in self._register.names)
        )

    def _is_outlet(self, voice: Voice) -> bool:
        words = frozenset(key for name in voice.names for key in name.keys)
        return self._is_called_outlet(voice) or (
            words.isdisjoint(NOT_IN_PERSON_NAMES) and words.isdisjoint(_STATE)
        )

    def _is_cited(self, voice: Voice) -> bool:
        """Whether it is called an outlet, or others are said to speak to it ("told Velm News")."""
        return self._is_called_outlet(voice) or any(
            _TOLD.search(self._text, max(0, name.lead_start - 10), name.lead_start)
            or _REPORTED.match(self._text, name.end)
            for name in voice.names
        )

    def _is_called_outlet(self, voice: Voice) -> bool:
        """Whether a name of it has, or follows, a word like "Radio" or "daily"."""
        return any(
            not MEDIA_NOUNS.isdisjoint(name.keys)
            or not MEDIA_NOUNS.isdisjoint(
                self._text[max(0, name.lead_start - 20) : name.lead_start].split()[-1:]
            )
            for name in voice.names
        )

    def _same(self, name: Name, other: Name) -> bool:
        """Whether two names are one body's: equal, acronym, or one without words of the other."""
        one, two = name.keys, other.keys
        if len(one) == len(two):
            return one == two
        if one[0] != two[0] and one[-1] != two[-1] and len(one) > 1 and len(two) > 1:
            return False
        short, long, brief = (one, two, name) if len(one) < len(two) else (two, one, other)
        if short == ("us",) and long == ("united", "states"):
            return True
        if len(short) == 1 and short[0][0] in (long[0][0], long[1][0]):
            shown = self._text[brief.start : brief.end]
            if shown[1:].isupper() or f"({shown})" in self._text:
                full = other if brief is name else name
                words = self._text[full.start : full.end].replace("-", " ").split()
                parts = tuple(name_key(word) for word in words if word[0].isupper())
                if is_acronym_of(shown, long) or is_acronym_of(shown, parts):
                    return True
        kind = short[-1] in MEDIA_NOUNS or short[-1] in BODY_NOUNS
        if long[-len(short) :] == short:
            # "the Observer" and "The Daily Observer"; "State Department" and "U.S. State ...".
            return kind and (len(short) > 1 or brief.article)
        if long[: len(short)] == short:
            return MEDIA_NOUNS.issuperset(long[len(short) :]) or (kind and brief.article)
        return brief.article and len(short) == 1 and short[0] in long and short[0] in BODY_NOUNS
