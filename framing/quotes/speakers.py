"""Who speaks: the mentions that quotes are attributed to, resolved over the article.

Quotes are taken in text order. Each source is read (`framing.quotes.mentions`) and linked to
somebody the article has named or quoted before, or begins somebody new. Between two equally good
candidates nothing is guessed: the quote keeps no speaker, and the reason names both.
"""

import bisect
import dataclasses
from collections.abc import Sequence

from framing.quotes.antecedents import Antecedents
from framing.quotes.introductions import find_introductions
from framing.quotes.mentions import Mention, read_mention
from framing.quotes.people import Cast, Voice
from framing.records import Article, Quote, Span, Speaker

__all__ = ["resolve_speakers"]


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
    text = article.text
    cast = Cast(text)
    antecedents = Antecedents(text, cast, quotes)
    by_span: dict[Span, Voice | str] = {}
    found: list[Voice | str] = []
    for quote in quotes:
        voice = _resolve(text, quote, cast, antecedents, by_span)
        if isinstance(voice, Voice) and quote.source is not None:
            voice.spoke = True
            cast.hear(voice, quote.source)
            antecedents.hear(voice, quote)
        found.append(voice)
    speakers: dict[int, Speaker] = {}
    resolved = []
    for quote, voice in zip(quotes, found, strict=True):
        if isinstance(voice, str):
            resolved.append(dataclasses.replace(quote, speaker_id=None, reason=voice))
            continue
        if id(voice) not in speakers:
            speakers[id(voice)] = _to_speaker(
                article, cast, voice, f"{article.id}-s{len(speakers) + 1}"
            )
        resolved.append(
            dataclasses.replace(quote, speaker_id=speakers[id(voice)].id, reason="")
        )
    return tuple(resolved), tuple(speakers.values())


def _resolve(
    text: str,
    quote: Quote,
    cast: Cast,
    antecedents: Antecedents,
    by_span: dict[Span, Voice | str],
) -> Voice | str:
    if quote.source is None:
        return "the text names no source for this quote"
    # Clipped, so that spans beyond the text are answered like any other odd input.
    source = Span(min(quote.source.start, len(text)), min(quote.source.end, len(text)))
    if source not in by_span:
        mention = read_mention(text, source)
        if mention is None:
            by_span[source] = "the source has no words"
        elif mention.form == "pronoun":
            by_span[source] = antecedents.of_pronoun(mention.pronoun, quote, mention.text)
        else:
            by_span[source] = _resolve_phrase(mention, quote, cast, antecedents)
    return by_span[source]


def _resolve_phrase(
    mention: Mention, quote: Quote, cast: Cast, antecedents: Antecedents
) -> Voice | str:
    if mention.owner in ("m", "f", "it", "they"):
        owner = antecedents.of_pronoun(str(mention.owner), quote, mention.text.split()[0])
        if isinstance(owner, str):
            return owner
        if mention.form == "document":
            return owner
        return cast.belonging(owner, mention)
    if mention.form == "document":
        return _resolve_document(mention, cast, antecedents)
    if mention.form in ("person", "body") and mention.name is not None:
        return cast.named(mention)
    if mention.name is not None and (known := cast.by_surname(mention.name)) is not None:
        return known
    return cast.described(mention)


def _resolve_document(mention: Mention, cast: Cast, antecedents: Antecedents) -> Voice | str:
    """ "the report", "a statement by the ministry", "an X poll": whose words these are."""
    if mention.within is not None:
        return cast.of_name(mention.within)
    if mention.owner and not isinstance(mention.owner, str):
        return cast.of_name(mention.owner)
    if mention.definite:
        known = cast.document(mention) or antecedents.author_of(mention.head)
        if known is not None:
            return known
    return cast.document(mention) or cast.new_document(mention)


def _to_speaker(article: Article, cast: Cast, voice: Voice, speaker_id: str) -> Speaker:
    spans = sorted(voice.mentions, key=lambda span: (span.start, -span.end))
    mentions: list[Span] = []
    for span in spans:
        if not mentions or span.start >= mentions[-1].end:
            mentions.append(span)
    introductions = find_introductions(
        article.text, voice.names, voice.presented, person=voice.kind == "person"
    )
    name = voice.shown_name(article.text)
    description = "; ".join(introductions)
    if not description and not voice.named:
        description = name
    return Speaker(
        id=speaker_id,
        article_id=article.id,
        name=name,
        description=description,
        mentions=tuple(mentions),
        kind=voice.kind,
        named=voice.named,
    )
