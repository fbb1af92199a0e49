"""Voices: who is in an article, as far as it has been read, and where each is named."""

import bisect
import dataclasses
from collections.abc import Iterable

from framing.quotes.names import Name
from framing.quotes.titles import MEDIA_NOUNS
from framing.records import Span, SpeakerKind

__all__ = ["Register", "Voice", "undecided"]


@dataclasses.dataclass(eq=False, slots=True)
class Voice:
    """Somebody in the article, as far as it has been read.

    Attributes:
        kind: As in `framing.records.Speaker`.
        named: Whether the article gives a proper name.
        keys: Normalised words of the fullest name.
        names: Places where the name stands.
        phrase: The fullest description, of somebody without a name.
        head: Its head noun, in lower case and singular.
        modifiers: Words that say whom the unnamed belong to.
        gender: "f", "m" or "".
        document: Whether it is a text that nobody is named for ("the report").
        of: Whom they belong to or are one of, where a pronoun or "one" says so.
        parts: Those who are named together, of a joint source.
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
    document: bool = False
    of: "Voice | None" = None
    parts: "tuple[Voice | str, ...]" = ()
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
        if self.phrase and MEDIA_NOUNS.issuperset(best.keys):
            return self.phrase  # "Ostravian state TV"
        return " ".join(text[best.start : best.end].split())

    @property
    def first(self) -> int:
        """Where the article names them first."""
        return self.names[0].start if self.names else self.last

    def last_before(self, position: int) -> int:
        """Where they were named or heard last before `position`, or -1."""
        at = bisect.bisect_left(self.names, position, key=lambda name: name.start)
        named = self.names[at - 1].start if at else -1
        return max(named, self.last if self.last < position else -1)


class Register:
    """The names of a text and the voices found so far.

    Attributes:
        text: The article.
        names: Its names, in text order.
        voices: Everybody found so far.
        voice_of: Whose name starts at a position.
    """

    def __init__(self, text: str, names: list[Name]) -> None:
        self.text = text
        self.names = names
        self.voices: list[Voice] = []
        self.voice_of: dict[int, Voice] = {}
        self._starts = [name.start for name in names]

    def names_between(self, start: int, end: int) -> list[Name]:
        """Names that start in [start, end)."""
        return self.names[
            bisect.bisect_left(self._starts, start) : bisect.bisect_left(self._starts, end)
        ]

    def attach(self, voice: Voice, name: Name) -> None:
        """Note that `name` is a name of `voice`, unless it is somebody's already."""
        if name.start in self.voice_of:
            return
        bisect.insort(voice.names, name, key=lambda n: n.start)
        voice.mentions.append(Span(name.start, name.end))
        self.voice_of[name.start] = voice
        if len(name.keys) > len(voice.keys):
            voice.keys = name.keys


def undecided(shown: str, voices: Iterable[Voice], text: str) -> str:
    """The reason why a mention that can be several voices is given to none."""
    names = " or ".join(dict.fromkeys(voice.shown_name(text) for voice in voices))
    return f"{shown!r} can be {names}; the text does not decide"
