"""The cast of an article: everybody it names or quotes, and which mention is whom."""

import bisect
import re
from collections.abc import Iterable

from framing.quotes.appositions import name_behind
from framing.quotes.descriptions import Descriptions
from framing.quotes.mentions import Mention, read_mention
from framing.quotes.names import Name, find_names, words_before
from framing.quotes.organisations import Organisations
from framing.quotes.people import People
from framing.quotes.titles import BODY_NOUNS, MEDIA_NOUNS, is_person_noun
from framing.quotes.voices import Register, Voice
from framing.records import Span

__all__ = ["Cast"]

_OPENS = re.compile(r"(?:the|an?|one|another|at least|his|her|its|their)\s", re.IGNORECASE)
_ANNOUNCED = 700  # characters that may lie between a description and the name that follows it


class Cast:
    """Everybody whom the article names, found in one pass, and those that its quotes add."""

    def __init__(self, text: str, sources: Iterable[Span] = ()) -> None:
        self.text = text
        self._sources = sorted(set(sources))
        self.register = Register(text, find_names(text))
        self.people = People(self.register)
        self.organisations = Organisations(self.register)
        self.descriptions = Descriptions(self.register, self.organisations)

    def read(self, span: Span) -> Mention | None:
        """The mention at `span`, with the names that the article has there."""
        names = self.register.names_between(span.start, span.end)
        if not names or names[-1].end > span.end or names[0].start == span.start:
            # A span that begins or ends inside a name has names of its own.
            before = self.register.names_between(max(0, span.start - 120), span.start)
            if (names and names[-1].end > span.end) or (before and before[-1].end > span.start):
                names = find_names(self.text, span.start, span.end)
        if names and names[-1].possessive and names[-1].end == span.end:
            names[-1] = names[-1]._replace(possessive=False)  # "Sovia" of "Sovia's insistence"
        return read_mention(self.text, span, names)

    def hear(self, voice: Voice, span: Span) -> None:
        """Note that a quote is given to `voice` by the words at `span`."""
        voice.spoke = True
        voice.mentions.append(span)
        voice.last = max(voice.last, span.start)
        self.descriptions.last_heard = voice

    def named(self, mention: Mention) -> Voice | str:
        """Whoever a mention that ends in a name, or has one in apposition, is about."""
        assert mention.name is not None
        voice = self.of_name(mention.name, mention)
        begin = mention.span.start
        if isinstance(voice, Voice):
            voice.phrase = voice.phrase or mention.phrase
            cut = self.text.rfind(",", begin, mention.name.lead_start)
            if cut > begin:
                voice.presented.append(Span(begin, cut))
        return voice

    def of_name(self, name: Name, mention: Mention | None = None) -> Voice | str:
        """Whoever bears `name`: a person of the article, else a body."""
        if not name.article or name.titles or name.person:
            found = self.people.of(name)
            if found is not None:
                return found
        if name.person and not self.organisations.is_prefix(name):
            return self.people.add(name)
        body = self.organisations.of(name)
        if body is not None:
            return body
        alone = not name.article and len(name.keys) == 1 and not self._is_kind_before(name)
        if alone and self.organisations.acts_like_person(name):
            return self.people.add(name)
        return self.organisations.add(name, people=mention is not None)

    def together(self, first: Voice, others: Span, at: int) -> Voice:
        """The group of those who are named together ("Anna Velt and other ministers").

        It is a voice of its own, beside those of its members.
        """
        mention = self.read(others)
        second: Voice | str = " ".join(others.of(self.text).split())
        if mention is not None and mention.name is not None and mention.form in ("person", "body"):
            found = self.of_name(mention.name, mention)
            second = found if isinstance(found, Voice) else second
        parts = (first, second)
        for voice in self.register.voices:
            if voice.parts and set(voice.parts) == set(parts):
                return voice
        shown = [part if isinstance(part, str) else part.shown_name(self.text) for part in parts]
        voice = Voice("group", first.named, phrase=" and ".join(shown), parts=parts, last=at)
        self.register.voices.append(voice)
        return voice

    def described(self, mention: Mention) -> Voice | str:
        """Whoever a description without a name is about."""
        if mention.name is not None:
            known = self.people.by_surname(mention.name)
            if known is not None:
                return known
        else:
            known = self.described_by_name(mention)
            if known is not None:
                return known
        found = self.descriptions.known(mention)
        if found is None:
            found = self.announced(mention) or self.descriptions.recalled(mention)
        if isinstance(found, Name):
            return self.of_name(found)
        return found or self.descriptions.new(mention)

    def announced(self, mention: Mention) -> Voice | None:
        """Who is named first by the next source: "A teacher said so. “Yes,” Anna Velt said."."""
        if mention.form != "individual" or not is_person_noun(mention.head):
            return None
        first = mention.text[0]
        if first.isupper() and not _OPENS.match(mention.text) and mention.owner is None:
            return None
        if mention.one_of and mention.head in ("", "one", "them"):
            return None
        begin, end = mention.span
        following = self._sources[bisect.bisect_left(self._sources, Span(end, end)) :]
        next_one = True
        for source in following:
            if source.start - end > _ANNOUNCED:
                return None
            other = self.read(source)
            if other is None or other.form == "pronoun":
                continue
            if other.form == "person" and other.name is not None and other.others is None:
                voice = self.of_name(other.name, other)
                if (
                    isinstance(voice, Voice)
                    and voice.first >= begin
                    and not voice.spoke
                    and self.descriptions.suits(voice, mention, other, next_one=next_one)
                ):
                    voice.presented.append(mention.span)
                    return voice
            next_one = False
        return None

    def described_by_name(self, mention: Mention) -> Voice | None:
        """Who is named in apposition behind a description, or None."""
        name = None
        if mention.form == "individual":
            end = mention.span.end
            following = self.register.names_between(end, end + 120)
            name = name_behind(self.text, end, following)
        voice = self.of_name(name) if name is not None else None
        if not isinstance(voice, Voice):
            return None
        voice.presented.append(mention.span)
        return voice

    def _is_kind_before(self, name: Name) -> bool:
        """Whether the word before says that the name is a body's ("the rebel group Ansar")."""
        previous = words_before(self.text, name.lead_start, 1)
        return bool(previous) and (previous[0][0] in BODY_NOUNS or previous[0][0] in MEDIA_NOUNS)
