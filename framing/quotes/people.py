"""The cast of an article: everybody it names or quotes, and which mention is whom."""

import bisect
import dataclasses
import re
from collections.abc import Callable, Iterable

from framing.quotes.mentions import Mention
from framing.quotes.names import Name, find_names, is_acronym_of, is_same_person, name_key
from framing.quotes.titles import (
    BODY_NOUNS,
    MEDIA_NOUNS,
    NEUTRAL_MODIFIERS,
    gender_of_given_name,
    gender_of_word,
    is_person_noun,
    singular,
    synonyms,
)
from framing.records import Span, SpeakerKind

__all__ = ["Cast", "Voice"]

_WORDS = re.compile(r"(?:\w\.)+|\w+(?:[-’']\w+)*")
_BEFORE = re.compile(r"([\w’'.-]+)\s\Z")
# Seats and other names that stand for what they house.
_SEATS = {
    "pentagon": "defense", "defence": "defense", "kremlin": "russia", "whitehouse": "president",
    "american": "us", "unitedstates": "us", "usa": "us", "america": "us", "uk": "british",
    "britain": "british", "un": "unitednations", "french": "france", "dutch": "netherlands",
    "spanish": "spain", "polish": "poland", "danish": "denmark", "welsh": "wales",
    "swiss": "switzerland", "filipino": "philippines", "ex": "former", "retired": "former",
}  # fmt: skip
_FORMER = frozenset({"former", "retired", "ex"})


@dataclasses.dataclass(eq=False, slots=True)
class Voice:
    """Somebody in the article, as far as it has been read.

    Attributes:
        kind: As in `framing.records.Speaker`.
        named: Whether the article gives a name.
        keys: Normalised words of the fullest name.
        names: Places where the name stands.
        phrase: The fullest description, of somebody without a name.
        head: Its head noun.
        modifiers: Words that say whom the unnamed belong to.
        gender: "f", "m" or "".
        presented: Places that present them beside a name ("a police officer" before ", Ali").
        mentions: Places that name them.
        spoke: Whether a quote has been attributed to them so far.
        last: Where they were heard last.
    """

    kind: SpeakerKind
    named: bool
    keys: tuple[str, ...] = ()
    names: list[Name] = dataclasses.field(default_factory=list)
    phrase: str = ""
    head: str = ""
    modifiers: frozenset[str] = frozenset()
    gender: str = ""
    presented: list[Span] = dataclasses.field(default_factory=list)
    mentions: list[Span] = dataclasses.field(default_factory=list)
    spoke: bool = False
    last: int = -1

    def shown_name(self, text: str) -> str:
        """The fullest name without title, else the fullest description."""
        if not self.names:
            return self.phrase
        best = max(
            self.names,
            key=lambda n: (len(n.keys), not text[n.start : n.end].isupper() or len(n.keys) == 1),
        )
        return " ".join(text[best.start : best.end].split())

    @property
    def first(self) -> int:
        """Where the article names them first."""
        return self.names[0].start if self.names else self.last


class Cast:
    """Everybody the article names, found in one pass, and those that its quotes add."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.names = find_names(text)
        self.voices: list[Voice] = []
        self.last_heard: Voice | None = None
        self.voice_of: dict[int, Voice] = {}  # start of a person's name -> who it is
        self._by_surname: dict[str, list[Voice]] = {}
        self._described_words: dict[int, frozenset[str]] = {}
        self._read_people()

    def hear(self, voice: Voice, span: Span) -> None:
        """Note that a quote is given to `voice` by the words at `span`."""
        voice.mentions.append(span)
        voice.last = max(voice.last, span.start)
        self.last_heard = voice

    # -- names ---------------------------------------------------------------------------------

    def named(self, mention: Mention) -> Voice | str:
        """Whoever a mention that ends in a name, or has one in apposition, is about."""
        assert mention.name is not None
        voice = self.of_name(mention.name, mention)
        if isinstance(voice, Voice) and mention.head and voice.kind == "person":
            begin = mention.span.start
            if mention.name.lead_start - begin > 3:
                cut = self._text.rfind(",", begin, mention.name.lead_start)
                if cut > begin:
                    voice.presented.append(Span(begin, cut))
        return voice

    def of_name(self, name: Name, mention: Mention | None = None) -> Voice | str:
        """Whoever bears `name`: a person of the article, else a body."""
        if not (name.article and not name.titles and not name.person):
            found = self._person(name)
            if found is not None:
                return found
        if name.person and not self._is_prefix_of_body(name):
            return self._add_person(name)
        body = self._body(name, mention)
        if body is not None:
            return body
        if not name.article and len(name.keys) == 1 and self._acts_like_person(name):
            return self._add_person(name)
        return self._add_body(name, mention)

    def by_surname(self, name: Name) -> Voice | None:
        """The one person of this surname, if there is exactly one."""
        found = self._by_surname.get(name.keys[-1], [])
        return found[0] if len(found) == 1 and len(name.keys) == 1 else None

    def _read_people(self) -> None:
        single: list[Name] = []
        for name in self.names:
            if name.person and len(name.keys) > 1:
                same = [
                    voice
                    for voice in self._by_surname.get(name.keys[-1], ())
                    if is_same_person(name.keys, voice.keys)
                ]
                if len(same) == 1:
                    self._attach(same[0], name)
                elif not same:
                    self._add_person(name)
            else:
                single.append(name)
        for name in single:
            if name.person:
                same = self._fitting(name, self._by_surname.get(name.keys[-1], []))
                if len(same) == 1:
                    self._attach(same[0], name)
                elif not same and not self._by_surname.get(name.keys[-1]):
                    self._add_person(name)
        for name in single:
            if not name.person and len(name.keys) == 1 and not name.article:
                same = self._by_surname.get(name.keys[0], [])
                if len(same) == 1:
                    self._attach(same[0], name)
        for voice in self.voices:
            voice.names.sort(key=lambda n: n.start)

    def _attach(self, voice: Voice, name: Name) -> None:
        if name.start in self.voice_of:
            return
        voice.names.append(name)
        voice.mentions.append(Span(name.start, name.end))
        self.voice_of[name.start] = voice
        if len(name.keys) > len(voice.keys):
            voice.keys = name.keys
        voice.gender = voice.gender or _gender(name, self._text)

    def _add_person(self, name: Name) -> Voice:
        voice = Voice("person", True, name.keys)
        self.voices.append(voice)
        self._attach(voice, name)
        self._by_surname.setdefault(name.keys[-1], []).append(voice)
        if voice not in (self.voice_of.get(name.start),):
            voice.names.append(name)
        return voice

    def _person(self, name: Name) -> Voice | str | None:
        known = self.voice_of.get(name.start)
        if known is not None:
            return known
        bearers = self._by_surname.get(name.keys[-1], [])
        if len(name.keys) > 1:
            same = [v for v in bearers if is_same_person(name.keys, v.keys)]
        else:
            same = self._fitting(name, bearers)
            if not bearers:
                same = self._by_other_name(name)
        if len(same) > 1:
            same = self._nearer(same, name.start)
        if len(same) > 1:
            return _undecided(self._text[name.start : name.end], same, self._text)
        return same[0] if same else None

    def _by_other_name(self, name: Name) -> list[Voice]:
        """People called by a given name, a middle name, or a surname spelt otherwise."""
        people = [v for v in self.voices if v.kind == "person" and len(v.keys) > 1]
        key = name.keys[0]
        if name.person or not name.article:
            for fits in (
                lambda v: v.keys[0] == key,
                lambda v: key in v.keys,
                lambda v: len(key) > 4 and _skeleton(v.keys[-1]) == _skeleton(key),
            ):  # type: Callable[[Voice], bool]
                found = [v for v in people if fits(v)]
                if found:
                    return found
        return []

    def _fitting(self, name: Name, voices: list[Voice]) -> list[Voice]:
        """Those of one surname whom the title of `name` fits."""
        if len(voices) < 2:
            return list(voices)
        gender = _gender(name, self._text) if name.titles else ""
        if gender:
            voices = [v for v in voices if v.gender in ("", gender)]
            sure = [v for v in voices if v.gender == gender]
            voices = sure or voices
        titles = {t for t in name.titles if t not in ("mr", "mrs", "ms", "miss", "dr")}
        titled = [v for v in voices if titles & {t for n in v.names for t in n.titles}]
        return titled if titles and titled else list(voices)

    def _nearer(self, voices: list[Voice], position: int) -> list[Voice]:
        """Those introduced before `position`; of them, those that have spoken."""
        before = [v for v in voices if v.first < position] or voices
        return [v for v in before if v.spoke] or before

    # -- bodies --------------------------------------------------------------------------------

    def _body(self, name: Name, mention: Mention | None) -> Voice | None:
        keys = self._body_keys(name, mention)
        spoken = sorted(
            (v for v in self.voices if v.kind in ("organisation", "group") and v.names),
            key=lambda v: -v.last,
        )
        for voice in spoken:
            if any(_same_body(keys, self._text, name, n.keys, n, self._text) for n in voice.names):
                self._attach(voice, name)
                return voice
        return None

    def _add_body(self, name: Name, mention: Mention | None) -> Voice:
        keys = self._body_keys(name, mention)
        voice = Voice("organisation", True, keys)
        if mention is not None and self._is_people(name):
            voice.kind = "group"
        self.voices.append(voice)
        begin = name.start
        if mention is not None and mention.modifiers and not mention.owner:
            # "Syrian state TV": words before the last capital belong to the name.
            words = _WORDS.findall(mention.phrase)
            if len(words) > len(name.keys) + 1 and not name.article:
                voice.phrase = mention.phrase
        for other in self.names:
            if other.start == begin or other.person:
                continue
            if _same_body(keys, self._text, name, other.keys, other, self._text):
                self._attach(voice, other)
        self._attach(voice, name)
        voice.names.sort(key=lambda n: n.start)
        return voice

    def _body_keys(self, name: Name, mention: Mention | None) -> tuple[str, ...]:
        return name.keys

    def _is_people(self, name: Name) -> bool:
        """Whether a name is a people's ("the Yazidis", beside "Yazidi" elsewhere)."""
        key = name.keys[-1]
        return len(name.keys) == 1 and key.endswith("s") and any(
            n.keys[-1] == key[:-1] for n in self.names
        )

    def _is_prefix_of_body(self, name: Name) -> bool:
        """Whether elsewhere a noun follows that people do not bear ("Al Hadath", "... TV")."""
        n = len(name.keys)
        return not name.titles and any(
            not other.person and len(other.keys) > n and other.keys[:n] == name.keys
            for other in self.names
        )

    def _acts_like_person(self, name: Name) -> bool:
        """Whether sentences about a lone name go on with "he" or "his" rather than "it"."""
        word = re.escape(self._text[name.start : name.end])
        pattern = re.compile(
            rf"\b{word}\b[^.!?\n]{{0,60}}?\b(he|she|his|her|him|himself|herself|it|its)\b"
        )
        person = sum(1 if m[1][0] in "hs" else -1 for m in pattern.finditer(self._text))
        titled = re.search(rf"\b{word}(?:[’']s)? (?:administration|aides?|loyalists?|presidency|critics|allies|"
            rf"supporters|wife|husband|speech|re-?election|campaign)", self._text)
        return person > 0 or titled is not None

    # -- descriptions --------------------------------------------------------------------------

    def belonging(self, owner: Voice, mention: Mention) -> Voice:
        """Somebody or something of somebody: "his office", "Assad's spokesman"."""
        phrase = f"{owner.shown_name(self._text)}'s {mention.phrase.split(' ', 1)[-1]}"
        for voice in self.voices:
            if voice.phrase == phrase:
                return voice
        kind: SpeakerKind = (
            "organisation" if mention.form == "body" else "group" if mention.plural else "unnamed"
        )
        voice = Voice(kind, False, phrase=phrase, head=mention.head)
        voice.gender = gender_of_word(mention.head)
        self.voices.append(voice)
        return voice

    def described(self, mention: Mention) -> Voice | str:
        """Whoever a description without a name is about; somebody new if it says so."""
        modifiers = _telling(mention.modifiers, mention)
        if mention.phrase.lower() == "one":
            return self._one_of(mention)
        if mention.new:
            return self._add_described(mention, modifiers)
        if mention.definite:
            known = self._taken_up(mention, modifiers)
            if known is not None:
                return known
        elif mention.form in ("group", "body"):
            known_group = self._same_phrase(mention, modifiers)
            if known_group is not None:
                return known_group
        return self._add_described(mention, modifiers)

    def _one_of(self, mention: Mention) -> Voice:
        """ "One told reporters ..." after "three officers": one of the last group."""
        voice = self._add_described(mention, frozenset())
        groups = [v for v in self.voices if v.kind == "group" and v.spoke]
        if groups:
            group = max(groups, key=lambda v: v.last)
            voice.head, voice.modifiers = group.head, group.modifiers
            voice.phrase = f"one of {group.phrase[:1].lower()}{group.phrase[1:]}" if (
                not group.phrase[1:2].isupper()) else f"one of {group.phrase}"
        return voice

    def _same_phrase(self, mention: Mention, modifiers: frozenset[str]) -> Voice | None:
        """The group of the same words; bare words take up the last group of that noun."""
        plain = mention.phrase.lower()
        groups = [v for v in self.voices if v.kind in ("group", "organisation") and v.spoke]
        groups.sort(key=lambda v: -v.last)
        for voice in groups:
            if voice.phrase.lower() == plain:
                return voice
        for voice in groups:
            if voice.head == mention.head and voice.kind == "group" and len(plain.split()) == 1:
                return voice
            if (
                voice.head == mention.head
                and mention.form == "body"
                and modifiers
                and voice.modifiers == modifiers
            ):
                return voice
        return None

    def _taken_up(self, mention: Mention, modifiers: frozenset[str]) -> Voice | str | None:
        """Whom "the spokeswoman", "the former officer", "the group" takes up again."""
        scored: list[tuple[int, int, Voice]] = []
        for voice in self.voices:
            if mention.span.start < voice.first or not _fits_number(voice, mention):
                continue
            score = self._match(voice, mention, modifiers)
            if score > 0:
                scored.append((score, max(voice.last, self._last_named(voice, mention)), voice))
        if not scored:
            return self._generic(mention)
        best = max(score for score, _, _ in scored)
        top = [(last, voice) for score, last, voice in scored if score == best]
        voice = max(top, key=lambda t: t[0])[1]
        if not voice.named and len(modifiers) > len(voice.modifiers):
            voice.phrase, voice.modifiers = mention.text, modifiers
        return voice

    def _last_named(self, voice: Voice, mention: Mention) -> int:
        starts = [n.start for n in voice.names]
        at = bisect.bisect_left(starts, mention.span.start)
        return starts[at - 1] if at else -1

    def _match(self, voice: Voice, mention: Mention, modifiers: frozenset[str]) -> int:
        head = mention.head
        if voice.named:
            words = self._words_about(voice)
            own: frozenset[str] = words
        else:
            words = frozenset((voice.head,)) | voice.modifiers
            own = voice.modifiers
        if head in words:
            score = 6
        elif words & synonyms(head):
            score = 4
        elif voice.kind == "person" and not voice.spoke:
            return 0
        elif head == "official" and voice is self.last_heard and words & _OFFICES:
            score = 2
        else:
            return 0
        gender = gender_of_word(head)
        if gender and voice.gender and gender != voice.gender:
            return 0
        common = sum(any(_alike(m, w) for w in own) for m in modifiers)
        missing = len(modifiers) - common
        if missing and (voice.named or own):
            if not common or voice.kind != "person":
                return 0
            score -= missing
        score += 2 * common + (2 if voice.spoke else 0)
        wants_former = bool(_FORMER & set(mention.modifiers))
        is_former = bool(_FORMER & words) or (not voice.named and any(
            f in voice.phrase.lower().split() for f in _FORMER
        ))
        if wants_former != is_former:
            score -= 3
        return score

    def _generic(self, mention: Mention) -> Voice | None:
        """ "the channel", "the group", "the ministry": the body named last that it can be."""
        if mention.form != "body" or _telling(mention.modifiers, mention) or mention.owner:
            return None
        head = mention.head
        kinds = synonyms(head)
        bodies = [v for v in self.voices if v.kind == "organisation" and v.spoke and v.named]
        bodies.sort(key=lambda v: -v.last)
        if head in MEDIA_NOUNS:
            for voice in bodies:
                if self._is_media(voice):
                    return voice
            return None
        if head in ("group", "organisation", "organization", "body", "agency", "movement"):
            for voice in bodies:
                if not (frozenset(voice.keys) & _STATE) and not self._is_media(voice):
                    return voice
        before = [n for n in self.names if n.start < mention.span.start and not n.person]
        for name in reversed(before):
            if name.keys[-1] in kinds or name.keys[0] in kinds or head in name.keys:
                found = self.of_name(name)
                return found if isinstance(found, Voice) else None
        return None

    def _is_media(self, voice: Voice) -> bool:
        words = frozenset(k for n in voice.names for k in n.keys)
        return bool(words & MEDIA_NOUNS) or (
            not words & BODY_NOUNS and not frozenset(words) & _STATE and voice.spoke
        )

    def _words_about(self, voice: Voice) -> frozenset[str]:
        """Words that present a named voice anywhere before and after its names."""
        known = self._described_words.get(id(voice))
        if known is None:
            words: set[str] = set()
            if voice.kind == "organisation":
                words.update(k for n in voice.names for k in n.keys)
            for name in voice.names:
                words.update(_words_around(self._text, name))
            for span in voice.presented:
                words.update(w.lower() for w in _WORDS.findall(span.of(self._text)))
            known = frozenset(_plain(w) for w in words)
            self._described_words[id(voice)] = known
        return known

    def _add_described(self, mention: Mention, modifiers: frozenset[str]) -> Voice:
        kind: SpeakerKind = "unnamed"
        if mention.form == "group":
            kind = "group"
        elif mention.form == "body":
            kind = "organisation"
        phrase = mention.text if len(mention.text) < 120 else mention.phrase
        voice = Voice(kind, False, phrase=phrase, head=mention.head, modifiers=modifiers)
        voice.gender = gender_of_word(mention.head)
        voice.last = mention.span.start
        self.voices.append(voice)
        return voice

    # -- documents -----------------------------------------------------------------------------

    def document(self, mention: Mention) -> Voice | None:
        """The document of the same noun and modifiers that spoke before."""
        modifiers = _telling(mention.modifiers, mention)
        for voice in sorted(self.voices, key=lambda v: -v.last):
            if (
                voice.spoke and voice.head and mention.head in synonyms(voice.head)
                and (modifiers <= voice.modifiers or voice.modifiers <= modifiers)
            ):  # fmt: skip
                if len(mention.text) > len(voice.phrase):
                    voice.phrase = mention.text
                return voice
        return None

    def new_document(self, mention: Mention) -> Voice:
        """A document that nobody is named for speaks for itself."""
        voice = Voice("unnamed", False, phrase=mention.text, head=mention.head,
                      modifiers=_telling(mention.modifiers, mention))
        voice.last = mention.span.start
        self.voices.append(voice)
        return voice


_STATE = frozenset(
    "us un uk government state states nation nations ministry department kingdom".split()
)
_OFFICES = frozenset(
    """
    minister secretary president governor mayor ambassador envoy spokesman spokeswoman spokesperson
    director chief commissioner premier diplomat general
    """.split()
)


def _undecided(shown: str, voices: Iterable[Voice], text: str) -> str:
    names = " or ".join(voice.shown_name(text) for voice in voices)
    return f"{shown!r} can be {names}; the text does not decide"


def _telling(modifiers: tuple[str, ...], mention: Mention) -> frozenset[str]:
    words = {_plain(w) for w in modifiers if w not in NEUTRAL_MODIFIERS and len(w) > 1}
    if mention.owner and not isinstance(mention.owner, str):
        words.update(mention.owner.keys)
    if {"white", "house"} <= words:
        words = words - {"white", "house"} | {"whitehouse"}
    return frozenset(words)


def _plain(word: str) -> str:
    key = name_key(re.sub(r"[’']s$", "", word))
    return _SEATS.get(key, key)


def _alike(one: str, other: str) -> bool:
    """Equal, or a country and its people ("syria", "syrian")."""
    if one == other:
        return True
    return len(one) > 3 and len(other) > 3 and one[:4] == other[:4] and (
        one[:5] == other[:5] or min(len(one), len(other)) < 6
    )


def _fits_number(voice: Voice, mention: Mention) -> bool:
    if mention.form == "group":
        return voice.kind == "group"
    if mention.form == "body":
        return voice.kind == "organisation"
    return voice.kind in ("person", "unnamed")


def _gender(name: Name, text: str) -> str:
    for title in reversed(name.titles):
        if gender := gender_of_word(title):
            return gender
    before = _BEFORE.search(text, max(0, name.lead_start - 20), name.lead_start)
    if before and (gender := gender_of_word(before[1].lower())) and is_person_noun(
        before[1].lower()
    ):
        return gender
    return gender_of_given_name(name.keys[0]) if len(name.keys) > 1 else ""


def _skeleton(key: str) -> str:
    return key[:1] + "".join(c for c in key[1:] if c not in "aeiouy")


def _same_body(
    keys: tuple[str, ...], text: str, name: Name, others: tuple[str, ...], other: Name, _: str
) -> bool:
    if keys == others:
        return True
    if {keys[-1], others[-1]} == {"us", "states"} or {"".join(keys), "".join(others)} == {
        "us", "unitedstates"
    }:  # fmt: skip
        return True
    if len(keys) == len(others):
        return False
    short, long, brief = (keys, others, name) if len(keys) < len(others) else (others, keys, other)
    if len(short) == 1 and long[0][:1] == short[0][:1] or long[1][:1] == short[0][:1]:
        shown = text[brief.start : brief.end]
        if (shown[1:].isupper() or f"({shown})" in text) and is_acronym_of(shown, long):
            return True
    if long[-len(short) :] == short:
        # "the Observer" and "The Daily Observer"; "State Department" and "U.S. State Department".
        return (len(short) > 1 or brief.article) and short[-1] in MEDIA_NOUNS | BODY_NOUNS
    if long[: len(short)] == short:
        rest = frozenset(long[len(short) :])
        return rest <= MEDIA_NOUNS or (brief.article and short[-1] in MEDIA_NOUNS | BODY_NOUNS)
    return brief.article and len(short) == 1 and short[0] in long and short[0] in BODY_NOUNS


_AFTER = re.compile(r"(?:\s?\([^)]{1,40}\))?,\s((?:[^,.;:!?\n“”\"]|\.(?=\w)){3,90})")
_BEFORE_NAME = re.compile(r"(?:[\w’'.-]+[ ]){0,5}\Z")


def _words_around(text: str, name: Name) -> set[str]:
    words = set(name.titles)
    before = _BEFORE_NAME.search(text, max(0, name.lead_start - 60), name.lead_start)
    if before:
        previous = _WORDS.findall(before[0])
        if previous and is_person_noun(previous[-1].lower()):
            for word in reversed(previous):
                low = word.lower()
                if low in ("the", "a", "an", "said", "told", "by", "and", "to", "that", "when"):
                    break
                words.add(low)
    after = _AFTER.match(text, name.end)
    if after:
        following = _WORDS.findall(after[1])
        if following and (
            following[0].lower() in ("a", "an", "the", "who", "one", "his", "her")
            or any(is_person_noun(w.lower()) for w in following[:3])
        ):
            words.update(w.lower() for w in following[:14])
    return words


