"""Whom a pronoun in the narration stands for: the sentences before it, nearest first."""

import bisect
import re
from collections.abc import Sequence

from framing.quotes.cast import Cast
from framing.quotes.names import Name
from framing.quotes.segments import find_sentences, span_at
from framing.quotes.titles import BODY_NOUNS, MEDIA_NOUNS
from framing.quotes.voices import Voice, undecided
from framing.records import Quote, Span

__all__ = ["Antecedents"]

_REACH = 12  # sentences that a pronoun looks back over
_PREPOSITION = re.compile(
    r"\b(?:of|for|in|at|on|by|from|with|to|against|about|like|than|between|under|over|toward|"
    r"towards|including|and|into|after|before)\s(?:the\s)?\Z"
)
_HE = re.compile(r"(?:He|She)\b")
_SUBJECT = re.compile(r"(?:(?:But|And|Yet|Still|Then)\s)?(?P<phrase>The(?:\s[a-z][\w’'-]*){1,5})")


class Antecedents:
    """What pronouns and "the statement" can look back to; grows as quotes are resolved."""

    def __init__(self, cast: Cast, quotes: Sequence[Quote]) -> None:
        self._text = cast.text
        self._cast = cast
        self._said = sorted(
            span for quote in quotes if quote.kind == "direct" for span in quote.content
        )
        self._sentences: list[Span] = []
        self._heard: list[Voice] = []  # in text order
        self._heard_at: list[int] = []
        self._contents: list[tuple[Span, Voice]] = []

    def hear(self, voice: Voice, quote: Quote) -> None:
        """Note a resolved quote."""
        if quote.source is not None:
            index = bisect.bisect_right(self._heard_at, quote.source.start)
            self._heard_at.insert(index, quote.source.start)
            self._heard.insert(index, voice)
        self._contents += [(span, voice) for span in quote.content]

    def of_pronoun(self, pronoun: str, at: int, shown: str) -> Voice | str:
        """Whom the pronoun at `at` stands for, or why that is not known."""
        if pronoun in ("i", "we"):
            return self._first_person(pronoun, at)
        if pronoun == "who":
            voice = self._beside(at)
            if voice is not None:
                return voice
        if not self._sentences:
            self._sentences = find_sentences(self._text)
        if not self._sentences:
            return f"no antecedent for {shown!r}: the text has no sentence"
        here = span_at(self._sentences, at)
        for index in range(here, max(-1, here - _REACH), -1):
            sentence = self._sentences[index]
            end = at if index == here else sentence.end
            found = self._in_sentence(sentence.start, end, pronoun)
            if isinstance(found, list):
                return undecided(shown, found, self._text)
            if found is not None:
                if pronoun in ("m", "f") and not found.gender:
                    found.gender = pronoun
                return found
        return (
            self._announced(here, pronoun)
            or f"no antecedent for {shown!r} in the sentences before it"
        )

    def _beside(self, at: int) -> Voice | None:
        """Whom the words right before "who" or "which" name."""
        end = len(self._text[:at].rstrip(" ,—–-"))
        register = self._cast.register
        names = register.names_between(max(0, end - 80), end)
        if names and names[-1].end == end:
            found = self._cast.of_name(names[-1])
            return found if isinstance(found, Voice) else None
        return None

    def author_of(self, *, bodies_only: bool) -> Voice | None:
        """Who issued "the statement": the last voice; of "the report", the last body."""
        for voice in reversed(self._heard):
            if not bodies_only or voice.kind == "organisation":
                return voice
        return None

    def subject_before(self, position: int) -> Voice | None:
        """The person with whom the narrated sentence before `position` begins, or None."""
        if not self._sentences:
            self._sentences = find_sentences(self._text)
        index = span_at(self._sentences, max(0, position - 1)) if self._sentences else -1
        if index >= 0 and self._sentences[index].start >= position:
            index -= 1
        if index < 0 or self._is_said(self._sentences[index].start):
            return None
        start = self._sentences[index].start
        pronoun = _HE.match(self._text, start)
        if pronoun is not None:
            shown = pronoun[0]
            found = self.of_pronoun("m" if shown == "He" else "f", start, shown)
            return found if isinstance(found, Voice) else None
        for name in self._cast.register.names_between(start, start + 60):
            voice = self._cast.register.voice_of.get(name.start)
            if name.lead_start == start and voice is not None and voice.kind == "person":
                return None if name.possessive else voice
        return None

    def _in_sentence(self, start: int, end: int, pronoun: str) -> Voice | list[Voice] | None:
        first = bisect.bisect_left(self._heard_at, start)
        last = bisect.bisect_left(self._heard_at, end)
        for voice in reversed(self._heard[first:last]):
            if self._agrees(voice, pronoun):
                return voice
        subjects, others = self._named_between(start, end, pronoun)
        if subjects:
            return subjects[0]
        if pronoun in ("it", "they"):
            body = self._body_subject(start, end)
            if body is not None:
                return body
        distinct = list(dict.fromkeys(others))
        if len(distinct) > 1:
            return distinct
        return distinct[0] if distinct else None

    def _named_between(self, start: int, end: int, pronoun: str) -> tuple[list[Voice], list[Voice]]:
        subjects: list[Voice] = []
        others: list[Voice] = []
        for name in self._cast.register.names_between(start, end):
            if self._is_said(name.start):
                continue
            voice = self._voice(name, pronoun, start)
            if voice is None or not self._agrees(voice, pronoun):
                continue
            oblique = name.possessive or _PREPOSITION.search(
                self._text, max(start, name.lead_start - 16), name.lead_start
            )
            (others if oblique else subjects).append(voice)
        return subjects, others

    def _voice(self, name: Name, pronoun: str, start: int) -> Voice | None:
        voice = self._cast.register.voice_of.get(name.start)
        if voice is not None:
            return voice
        if pronoun not in ("it", "they"):
            # One of several of this surname: the one of the pronoun's gender.
            found = self._cast.people.of(name) if len(name.keys) == 1 and not name.article else None
            if isinstance(found, str):
                return self._cast.people.of_gender(name, pronoun)
            return found
        # A body that opens the sentence and has not been quoted so far.
        if name.person or name.possessive or name.lead_start - start > 5:
            return None
        after = self._text[name.end : name.end + 2]
        if after[:1] not in (" ", ",") or (len(name.keys) == 1 and not name.article):
            return None
        found = self._cast.of_name(name)
        return found if isinstance(found, Voice) else None

    def _body_subject(self, start: int, end: int) -> Voice | None:
        """A body without a name as the subject: "The defence ministry did not answer"."""
        match = _SUBJECT.match(self._text, start, end)
        if match is None:
            return None
        begin = match.start("phrase")
        size = 3
        for word in match["phrase"].split()[1:]:
            size += 1 + len(word)
            if word in BODY_NOUNS or word in MEDIA_NOUNS:
                break
        else:
            return None
        mention = self._cast.read(Span(begin, begin + size))
        if mention is None or mention.form != "body":
            return None
        found = self._cast.described(mention)
        return found if isinstance(found, Voice) else None

    def _announced(self, here: int, pronoun: str) -> Voice | None:
        """Where nobody stands before "she": the person who opens the next narrated sentence."""
        if pronoun not in ("m", "f") or here + 1 >= len(self._sentences):
            return None
        for start, end in self._sentences[here + 1 : here + 4]:
            names = self._cast.register.names_between(start, end)
            if not names or self._is_said(start):
                continue
            voice = self._cast.register.voice_of.get(names[0].start)
            if voice is None or names[0].lead_start - start > 40 or voice.kind != "person":
                return None
            return voice if self._cast.people.gender(voice) == pronoun else None
        return None

    def _is_said(self, position: int) -> bool:
        at = bisect.bisect_right(self._said, (position, len(self._text))) - 1
        return at >= 0 and self._said[at].start <= position < self._said[at].end

    def _first_person(self, pronoun: str, at: int) -> Voice:
        for span, voice in reversed(self._contents):
            if span.start <= at < span.end:
                return voice
        shown = "I" if pronoun == "i" else "we"
        for voice in self._cast.register.voices:
            if voice.phrase == shown:
                return voice
        voice = Voice("unnamed" if pronoun == "i" else "group", False, phrase=shown)
        self._cast.register.voices.append(voice)
        return voice

    def _agrees(self, voice: Voice, pronoun: str) -> bool:
        if pronoun in ("m", "f", "he"):
            if voice.kind not in ("person", "unnamed") or voice.document:
                return False
            return pronoun == "he" or self._cast.people.gender(voice) in ("", pronoun)
        if pronoun == "it":
            return voice.kind == "organisation" or voice.document
        if pronoun == "they":
            return voice.kind in ("group", "organisation")
        return True
