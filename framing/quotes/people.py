"""The people whom an article names: surnames, titles, given names, relatives of one surname."""

import re

from framing.quotes.names import Name, words_before
from framing.quotes.titles import gender_of_given_name, gender_of_word, is_person_noun
from framing.quotes.voices import Register, Voice, undecided

__all__ = ["People"]

_COURTESY = frozenset("mr mrs ms miss dr doctor sir lady lord".split())
_PRONOUN = re.compile(r"[.!?]\s|\n|\b(?P<word>he|his|him|himself|she|hers?|herself)\b")
_GENDER_REACH = 160  # characters after a name in which its pronoun may stand

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


class People:
    """People by surname; found in one pass over the names of a text."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._text = register.text
        self._by_surname: dict[str, list[Voice]] = {}
        self._unsexed: set[int] = set()
        self._read()

    def of(self, name: Name) -> Voice | str | None:
        """The one person who bears `name`; a reason when several can; None when nobody does."""
        known = self._register.voice_of.get(name.start)
        if known is not None:
            return known
        bearers = self._by_surname.get(name.keys[-1], [])
        if len(name.keys) > 1:
            same = [voice for voice in bearers if _is_same_person(name.keys, voice.keys)]
        elif bearers:
            same = self._fitting(name, bearers)
        else:
            same = self._by_other_name(name)
        if len(same) > 1:
            same = _in_focus(same, name.start)
        if len(same) > 1:
            return undecided(self._text[name.start : name.end], same, self._text)
        return same[0] if same else None

    def by_surname(self, name: Name) -> Voice | None:
        """The person of this bare surname, if there is exactly one."""
        found = self._by_surname.get(name.keys[-1], [])
        return found[0] if len(found) == 1 and len(name.keys) == 1 else None

    def of_gender(self, name: Name, gender: str) -> Voice | None:
        """The one bearer of a surname whose gender is `gender`, or None."""
        found = [v for v in self._by_surname.get(name.keys[-1], []) if self.gender(v) == gender]
        return found[0] if len(found) == 1 else None

    def add(self, name: Name) -> Voice:
        """Somebody new."""
        voice = Voice("person", True, name.keys)
        self._register.voices.append(voice)
        self._attach(voice, name)
        self._by_surname.setdefault(name.keys[-1], []).append(voice)
        return voice

    def gender(self, voice: Voice) -> str:
        """Gender ("f", "m" or "") by title, given name, or the pronoun that follows a name.

        A pronoun counts up to the end of the sentence and up to the next person named in it.
        """
        if voice.gender or not voice.names or id(voice) in self._unsexed:
            return voice.gender
        votes = {"f": 0, "m": 0}
        for name in voice.names:
            if name.possessive:
                continue
            limit = name.end + _GENDER_REACH
            for other in self._register.names_between(name.end, limit):
                if self._register.voice_of.get(other.start, voice) is not voice or other.person:
                    limit = other.lead_start
                    break
            match = _PRONOUN.search(self._text, name.end, limit)
            if match is not None and match["word"]:
                votes[gender_of_word(match["word"]) or "m"] += 1
        if votes["f"] != votes["m"]:
            voice.gender = max(votes, key=lambda gender: votes[gender])
        else:
            self._unsexed.add(id(voice))
        return voice.gender

    def _read(self) -> None:
        """Full names first, so that a surname before the full name finds its bearer too."""
        single: list[Name] = []
        for name in self._register.names:
            if name.person and len(name.keys) > 1:
                same = [
                    voice
                    for voice in self._by_surname.get(name.keys[-1], ())
                    if _is_same_person(name.keys, voice.keys)
                ]
                if len(same) == 1:
                    self._attach(same[0], name)
                elif not same:
                    self.add(name)
            else:
                single.append(name)
        for name in single:
            if name.person:
                bearers = self._by_surname.get(name.keys[-1], [])
                # "Mr. Ban" of "Ban Ki-moon", "Father Paul" of "Paul Habib"
                same = self._fitting(name, bearers) if bearers else self._by_other_name(name)
                if len(same) == 1:
                    self._attach(same[0], name)
                elif not same and not bearers:
                    self.add(name)
        for name in single:
            if not name.person and len(name.keys) == 1 and not name.article:
                same = self._by_surname.get(name.keys[0], [])
                if len(same) == 1:
                    self._attach(same[0], name)

    def _attach(self, voice: Voice, name: Name) -> None:
        self._register.attach(voice, name)
        if not voice.gender:
            voice.gender = _gender(name, self._text)

    def _by_other_name(self, name: Name) -> list[Voice]:
        """People called by a given name, a middle name, or a surname spelt otherwise."""
        if name.article and not name.person:
            return []
        key = name.keys[0]
        # A name that stood alone before the full name is another's: "Israel", "Israel Katz".
        earliest = min(
            (n.start for n in self._register.names if n.keys == name.keys), default=name.start
        )
        people = [
            voice
            for voice in self._register.voices
            if voice.kind == "person" and len(voice.keys) > 1 and voice.first < earliest
        ]
        return (
            [voice for voice in people if voice.keys[0] == key]
            or [voice for voice in people if key in voice.keys]
            or self._by_spelling(name)
        )

    def _by_spelling(self, name: Name) -> list[Voice]:
        """People whose surname is `name` in another transcription ("Hasiri", "al-Hasri")."""
        key = name.keys[-1]
        if len(key) < 5:
            return []
        bones = _consonants(key)
        found = [
            voice
            for surname, bearers in self._by_surname.items()
            if surname != key and surname[:2] == key[:2] and _consonants(surname) == bones
            for voice in bearers
            if len(voice.keys) > 1
        ]
        return found if len(found) == 1 else []

    def _fitting(self, name: Name, voices: list[Voice]) -> list[Voice]:
        """Those of one surname whom the title of `name` fits."""
        if len(voices) < 2 or not name.titles:
            return list(voices)
        gender = _gender(name, self._text)
        if gender:
            voices = [voice for voice in voices if self.gender(voice) in ("", gender)]
            voices = [voice for voice in voices if voice.gender == gender] or voices
        offices = {title for title in name.titles if title not in _COURTESY}
        titled = [voice for voice in voices if offices & {t for n in voice.names for t in n.titles}]
        return titled or list(voices)


def _in_focus(voices: list[Voice], position: int) -> list[Voice]:
    """Those introduced before `position`; of them the one who spoke and was named last.

    Where the one who spoke and the one named last are two, both stay: the text does not decide.
    """
    before = [voice for voice in voices if voice.first < position] or voices
    spoke = [voice for voice in before if voice.spoke]
    if len(spoke) != 1:
        return before
    latest = max(before, key=lambda voice: voice.last_before(position))
    return spoke if latest is spoke[0] else before


def _gender(name: Name, text: str) -> str:
    for title in reversed(name.titles):
        if gender := gender_of_word(title):
            return gender
    for word, _ in words_before(text, name.lead_start, 1):
        noun = word.lower()
        if (gender := gender_of_word(noun)) and is_person_noun(noun):
            return gender
    return gender_of_given_name(name.keys[0]) if len(name.keys) > 1 else ""


def _consonants(key: str) -> str:
    return key[:1] + "".join([c for c in key[1:] if c not in "aeiouy"])


def _is_same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
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
            # "Karl A. Brandt" and "Karl Brandt": an initial may be missing from the longer.
            if len(key) > 1:
                return False
            position = 0
            continue
        position += 1
    return True


def _agree(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return _NICKNAMES.get(one, one) == _NICKNAMES.get(other, other)
