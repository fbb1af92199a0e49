"""Whom a pronoun in the narration stands for: the sentences before it, nearest first."""

import bisect
import re
from collections.abc import Sequence

from framing.quotes.names import Name
from framing.quotes.people import Cast, Voice
from framing.quotes.segments import find_sentences, span_at
from framing.quotes.titles import MEDIA_NOUNS
from framing.records import Quote, Span

__all__ = ["Antecedents"]

_REACH = 12  # sentences that a pronoun looks back over
_PREPOSITION = re.compile(
    r"\b(?:of|for|in|at|on|by|from|with|to|against|about|like|than|between|under|over|toward|"
    r"towards|including|and|into|after|before)\s(?:the\s)?\Z"
)


class Antecedents:
    """What pronouns and "the statement" can look back to; grows as quotes are resolved."""

    def __init__(self, text: str, cast: Cast, quotes: Sequence[Quote]) -> None:
        self._text = text
        self._cast = cast
        self._starts = [name.start for name in cast.names]
        self._said = sorted(
            span for quote in quotes if quote.kind == "direct" for span in quote.content
        )
        self._sentences: list[Span] = []
        self._heard: list[tuple[int, Voice]] = []  # by position
        self._contents: list[tuple[Span, Voice]] = []

    def hear(self, voice: Voice, quote: Quote) -> None:
        """Note a resolved quote."""
        if quote.source is not None:
            bisect.insort(self._heard, (quote.source.start, voice), key=lambda h: h[0])
        self._contents += [(span, voice) for span in quote.content]

    def of_pronoun(self, pronoun: str, quote: Quote, shown: str) -> Voice | str:
        """Whom the pronoun of a quote's source stands for, or why that is not known."""
        assert quote.source is not None
        at = min(quote.source.start, len(self._text))
        if pronoun in ("i", "we"):
            return self._first_person(pronoun, at)
        if not self._sentences:
            self._sentences = find_sentences(self._text)
        if not self._sentences:
            return f"no antecedent for {shown!r}: the text has no sentence"
        here = span_at(self._sentences, at)
        for index in range(here, max(-1, here - _REACH), -1):
            sentence = self._sentences[index]
            end = at if index == here else sentence.end
            found = self._in_sentence(sentence.start, end, pronoun)
            if isinstance(found, str):
                return f"{shown!r} can be {found}; the text does not decide"
            if found is not None:
                if pronoun in ("m", "f") and not found.gender:
                    found.gender = pronoun
                return found
        return f"no antecedent for {shown!r} in the sentences before it"

    def author_of(self, head: str) -> Voice | None:
        """Who issued "the statement": the last voice; of "the report", the last body."""
        for _, voice in reversed(self._heard):
            if head not in ("report", "article", "broadcast", "investigation", "dispatch") or (
                voice.kind == "organisation"
            ):
                return voice
        return None

    def _in_sentence(self, start: int, end: int, pronoun: str) -> Voice | str | None:
        first = bisect.bisect_left(self._heard, start, key=lambda h: h[0])
        last = bisect.bisect_left(self._heard, end, key=lambda h: h[0])
        for _, voice in reversed(self._heard[first:last]):
            if _agrees(voice, pronoun):
                return voice
        subjects, others = self._named_between(start, end, pronoun)
        if subjects:
            return subjects[0]
        distinct = list(dict.fromkeys(others))
        if len(distinct) > 1:
            return " or ".join(voice.shown_name(self._text) for voice in distinct)
        return distinct[0] if distinct else None

    def _named_between(
        self, start: int, end: int, pronoun: str
    ) -> tuple[list[Voice], list[Voice]]:
        subjects: list[Voice] = []
        others: list[Voice] = []
        names = self._cast.names
        for index in range(
            bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        ):
            name = names[index]
            if self._is_said(name.start):
                continue
            voice = self._voice(name, pronoun, start)
            if voice is None or not _agrees(voice, pronoun):
                continue
            oblique = name.possessive or _PREPOSITION.search(
                self._text, max(start, name.lead_start - 16), name.lead_start
            )
            (others if oblique else subjects).append(voice)
        return subjects, others

    def _voice(self, name: Name, pronoun: str, start: int) -> Voice | None:
        voice = self._cast.voice_of.get(name.start)
        if voice is not None or pronoun not in ("it", "they") or name.person:
            return voice
        # A body that opens the sentence and has not been quoted so far.
        if name.lead_start - start > 5 or name.possessive:
            return None
        after = self._text[name.end : name.end + 1]
        if after != " " or (len(name.keys) == 1 and not name.article):
            return None
        found = self._cast.of_name(name)
        return found if isinstance(found, Voice) else None

    def _is_said(self, position: int) -> bool:
        at = bisect.bisect_right(self._said, (position, len(self._text))) - 1
        return at >= 0 and self._said[at].start <= position < self._said[at].end

    def _first_person(self, pronoun: str, at: int) -> Voice:
        for span, voice in reversed(self._contents):
            if span.start <= at < span.end:
                return voice
        for voice in self._cast.voices:
            if voice.phrase == pronoun:
                return voice
        shown = "I" if pronoun == "i" else "we"
        voice = next((v for v in self._cast.voices if v.phrase == shown), None)
        if voice is None:
            voice = Voice("unnamed" if pronoun == "i" else "group", False, phrase=shown)
            self._cast.voices.append(voice)
        return voice


def _agrees(voice: Voice, pronoun: str) -> bool:
    if pronoun in ("m", "f"):
        return voice.kind in ("person", "unnamed") and voice.gender in ("", pronoun)
    if pronoun == "he":
        return voice.kind in ("person", "unnamed")
    if pronoun == "it":
        return voice.kind == "organisation" or (voice.kind == "unnamed" and not voice.gender)
    if pronoun == "they":
        return voice.kind in ("group", "organisation")
    return True
