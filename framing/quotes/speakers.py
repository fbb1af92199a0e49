"""Who speaks: the mentions that quotes are attributed to, resolved over the article.

Quotes are taken in text order. Each source is read (`framing.quotes.mentions`) and linked to
somebody the article has named or quoted before, or begins somebody new. Between two equally good
candidates nothing is guessed: the quote keeps no speaker, and the reason names both.
"""

import dataclasses
from collections.abc import Sequence

from framing.quotes.antecedents import Antecedents
from framing.quotes.cast import Cast
from framing.quotes.documents import Documents
from framing.quotes.introductions import find_complement, find_introductions
from framing.quotes.mentions import Mention
from framing.quotes.titles import STATE_BODIES, is_common
from framing.quotes.voices import Voice
from framing.records import Article, Quote, Span, Speaker

__all__ = ["resolve_speakers"]

_SAID = 12  # letters that a cue alone may have between two quotations of one speaker


def resolve_speakers(
    article: Article, quotes: Sequence[Quote]
) -> tuple[tuple[Quote, ...], tuple[Speaker, ...]]:
    """Link the quotes of one article to its speakers.

    Args:
        article: The article that the spans refer to.
        quotes: Its quotes in text order; what their `source` spans cover is resolved. Any
            `speaker_id` they already have is replaced.

    Returns:
        The same quotes with `speaker_id`, or with the `reason` why nobody can be named; and the
        speakers in the order of their first quote, with ids `{article.id}-s1`, `-s2`, ... No
        quotes, no speakers. Deterministic.
    """
    if not quotes:
        return (), ()
    size = len(article.text)
    cast = Cast(
        article.text, [q.source for q in quotes if q.source is not None and q.source.end <= size]
    )
    resolver = _Resolver(cast, Antecedents(cast, quotes))
    found = [resolver.resolve(quote) for quote in quotes]
    speakers: dict[int, Speaker] = {}
    resolved = []
    for quote, voice in zip(quotes, found, strict=True):
        if isinstance(voice, str):
            resolved.append(dataclasses.replace(quote, speaker_id=None, reason=voice))
            continue
        if id(voice) not in speakers:
            speakers[id(voice)] = _to_speaker(article, voice, f"{article.id}-s{len(speakers) + 1}")
        resolved.append(dataclasses.replace(quote, speaker_id=speakers[id(voice)].id, reason=""))
    return tuple(resolved), tuple(speakers.values())


class _Resolver:
    """Resolves the sources of one article in text order; one source span, one answer."""

    def __init__(self, cast: Cast, antecedents: Antecedents) -> None:
        self._cast = cast
        self._antecedents = antecedents
        self._documents = Documents(cast, antecedents)
        self._answers: dict[Span, Voice | str] = {}
        self._last: tuple[int, Voice] | None = None  # end and voice of the quote before

    def resolve(self, quote: Quote) -> Voice | str:
        if quote.source is None:
            speaking = self._goes_on(quote) if quote.cue is None else None
            if speaking is not None:
                self._note(quote, speaking)
                return speaking
            return "the text names no source for this quote"
        # Clipped, so that spans beyond the text are answered like any other odd input.
        size = len(self._cast.text)
        source = Span(min(quote.source.start, size), min(quote.source.end, size))
        if source not in self._answers:
            mention = self._cast.read(source)
            self._answers[source] = (
                "the source has no words" if mention is None else self._mention(mention)
            )
        voice = self._answers[source]
        if isinstance(voice, Voice):
            if source.end > source.start:
                self._cast.hear(voice, source)
            self._note(quote, voice)
        else:
            self._last = None
        return voice

    def _note(self, quote: Quote, voice: Voice) -> None:
        self._antecedents.hear(voice, quote)
        self._last = (quote.content[-1].end, voice)

    def _goes_on(self, quote: Quote) -> Voice | None:
        """Who speaks where no words say so: whoever spoke right before, or has just acted.

        In "Anna Velt laughed. “No.”" it is she.
        """
        start = quote.content[0].start
        if quote.kind != "direct":
            return None
        if self._last is not None:
            end, voice = self._last
            spoken = max([end, *(span.end for span in voice.mentions if span.end <= start)])
            between = self._cast.text[spoken:start]
            if sum(map(str.isalnum, between)) < _SAID:
                return voice
        return self._antecedents.subject_before(start)

    def _mention(self, mention: Mention) -> Voice | str:
        voice = self._first(mention)
        joint = mention.others is not None and mention.name is not None
        if joint and isinstance(voice, Voice) and mention.form in ("person", "body"):
            assert mention.others is not None
            return self._cast.together(voice, mention.others, mention.span.start)
        return voice

    def _first(self, mention: Mention) -> Voice | str:
        """Whom a mention is about; of several named together the first."""
        at = mention.span.start
        if mention.form == "pronoun":
            return self._antecedents.of_pronoun(mention.pronoun, at, mention.text)
        if mention.form == "document":
            return self._document(mention)
        if mention.owner_pronoun and not mention.one_of:
            owner = self._antecedents.of_pronoun(mention.owner_pronoun, at, mention.text)
            if mention.name is None:
                # "Its ambassador" is somebody even where "its" is not known.
                by_name = self._cast.described_by_name(mention) or self._cast.announced(mention)
                if by_name is None and isinstance(owner, Voice):
                    return self._cast.descriptions.belonging(owner, mention)
                voice = by_name or self._cast.described(mention)
            else:
                voice = self._cast.named(mention)
            if isinstance(voice, Voice) and isinstance(owner, Voice) and owner is not voice:
                voice.of = owner
            return voice
        if mention.form in ("person", "body") and mention.name is not None:
            return self._cast.named(mention)
        return self._cast.described(mention)

    def _document(self, mention: Mention) -> Voice | str:
        """Whose words "the report", "a statement by the ministry", "an X poll" are."""
        for span in (mention.author, mention.owner):
            author = self._cast.read(span) if span is not None else None
            if author is not None and author.can_write():
                voice = self._mention(author)
                return self._documents.note(mention, voice) if isinstance(voice, Voice) else voice
        if mention.owner_pronoun:
            owner = self._antecedents.of_pronoun(
                mention.owner_pronoun, mention.span.start, mention.text
            )
            if isinstance(owner, Voice):
                return owner
        return self._documents.of(mention)


def _to_speaker(article: Article, voice: Voice, speaker_id: str) -> Speaker:
    text = article.text
    mentions: list[Span] = []
    for span in sorted(voice.mentions, key=lambda span: (span.start, -span.end)):
        if not mentions or span.start >= mentions[-1].end:
            mentions.append(span)
    introductions = find_introductions(
        text, voice.names, voice.presented, person=voice.kind == "person"
    )
    name = voice.shown_name(text)
    if not voice.named and voice.kind != "person" and not voice.document:
        introductions += _complements(text, voice, introductions or [name])
    if not introductions and not voice.named:
        introductions.append(name)
    if voice.of is not None and voice.of is not voice:
        introductions.append(voice.of.shown_name(text))
    return Speaker(
        id=speaker_id,
        article_id=article.id,
        name=name,
        description="; ".join(introductions),
        mentions=tuple(mentions),
        kind=voice.kind,
        named=voice.named or _is_identified(voice),
    )


def _complements(text: str, voice: Voice, known: list[str]) -> list[str]:
    """The words behind a mention of somebody without a name that say more of them."""
    for span in sorted(voice.mentions):
        said = find_complement(text, span.end)
        words = " ".join(span.of(text).split())
        if said and not any(said in phrase for phrase in known):
            return [f"{words} {said}"]
        if len(words) > len(voice.phrase) and words.lower().startswith(voice.phrase.lower()):
            return [words]
    return []


def _is_identified(voice: Voice) -> bool:
    """Whether words without a proper name still say which body it is ("the Ostravian army").

    Anonymity is about people: "the defence ministry" is no unnamed source, "a hospital" is.
    """
    if voice.kind != "organisation":
        return False
    if voice.of is not None:
        return voice.of.named
    first, *words = voice.phrase.split()
    if any(word[:1].isupper() for word in words) or first.endswith(("’s", "'s")):
        return True
    if first[:1].isupper() and words and not is_common(first.lower()):
        return True  # "Ostravian state television"
    return voice.head in STATE_BODIES and first.lower() not in ("a", "an", "one", "another")
