"""The words that present somebody: titles and appositions about each voice, made comparable."""

import re

from framing.quotes.mentions import Mention
from framing.quotes.names import Name, name_key, words_before
from framing.quotes.titles import NEUTRAL_MODIFIERS, is_person_noun, singular
from framing.quotes.voices import Voice

__all__ = ["PresentingWords", "alike", "plain_words", "telling_modifiers"]

_WORDS = re.compile(r"(?:\w\.)+|\w+(?:[-’']\w+)*")
_AFTER_NAME = re.compile(
    r"(?:\s?\([^)]{1,40}\))?,\s(?:\d\d,\s)?((?:[^,.;:!?\n“”\"]|\.(?=\w)){3,90})"
)
# Seats and other words that stand for what they house or belong to.
_SEATS = {
    "pentagon": "defense", "defence": "defense", "kremlin": "russia", "whitehouse": "president",
    "american": "us", "unitedstates": "us", "usa": "us", "america": "us", "uk": "british",
    "britain": "british", "un": "unitednations", "french": "france", "dutch": "netherlands",
    "spanish": "spain", "polish": "poland", "danish": "denmark", "welsh": "wales",
    "swiss": "switzerland", "filipino": "philippines", "ex": "former", "retired": "former",
}  # fmt: skip
_BREAKS = frozenset("the a an said told by and to that when".split())


class PresentingWords:
    """The words about each voice of a text, looked up once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._about: dict[int, frozenset[str]] = {}

    def of(self, voice: Voice) -> frozenset[str]:
        """Words that present a named voice, before and after its names."""
        if voice.parts:
            parts = [part for part in voice.parts if isinstance(part, Voice)]
            return frozenset().union(*map(self.of, parts))
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


def telling_modifiers(mention: Mention) -> frozenset[str]:
    """The modifiers that say whom somebody belongs to."""
    words = {_plain(w) for w in mention.modifiers if w not in NEUTRAL_MODIFIERS and len(w) > 1}
    if {"white", "house"} <= words:
        words = words - {"white", "house"} | {"president"}
    return frozenset(words)


def plain_words(text: str) -> frozenset[str]:
    """The words of a text, normalised for comparison with those about a voice."""
    return frozenset(map(_plain, _WORDS.findall(text.lower())))


def _plain(word: str) -> str:
    key = name_key(word[:-2] if word.endswith(("’s", "'s")) else word)
    return _SEATS.get(key, key)


def alike(one: str, other: str) -> bool:
    """Equal, or a country and its people ("syria", "syrian")."""
    if one == other:
        return True
    if len(one) < 4 or len(other) < 4 or one[:4] != other[:4]:
        return False
    return one[:5] == other[:5] or min(len(one), len(other)) < 6


def _words_around(text: str, name: Name) -> set[str]:
    words = {word for title in name.titles for word in (title, singular(title))}
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
