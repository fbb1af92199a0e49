"""Coded articles as tables, one row for what one task looks at."""

import bisect
import collections
import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from framing.codebook import Codebook
from framing.dataset.hydration import Hydrated
from framing.quotes.segments import find_sentences
from framing.records import Article, Quote, QuoteKind, Span, Speaker, SpeakerKind

__all__ = [
    "TABLES",
    "ExtractedQuote",
    "ExtractedSpeaker",
    "ExtractionRow",
    "QuoteRow",
    "SpeakerRow",
    "make_tables",
]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow:
    """A quote with all that a classifier of stance may read.

    Attributes:
        id: Of the quote.
        article_id: Of its article.
        title: Of the article.
        outlet: Of the article.
        date: Of the article, or None.
        lean: Of the outlet.
        event: Articles of one event share it.
        target: What stance is measured toward; "" when there is none.
        kind: direct, mixed or indirect.
        quote: What is said, parts joined by a blank.
        context: The sentences that quote, cue and source stand in.
        cue: The reporting words, or "".
        source: The mention of the speaker, or "".
        speaker: Name or description, or "".
        description: Words of the article that present the speaker, or "".
        named: Whether the article names the speaker.
        role: Of the speaker, the codebook's default without one.
        stance: None where the article has no target.
        annotator: Who gave role and stance.
        probability: With which the article was drawn.
    """

    id: str
    article_id: str
    title: str
    outlet: str
    date: datetime.date | None
    lean: str
    event: str
    target: str
    kind: QuoteKind
    quote: str
    context: str
    cue: str
    source: str
    speaker: str
    description: str
    named: bool
    role: str | None
    stance: str | None
    annotator: str
    probability: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerRow:
    """A speaker with all that a classifier of role may read; fields as in `QuoteRow`."""

    id: str
    article_id: str
    title: str
    outlet: str
    date: datetime.date | None
    lean: str
    event: str
    name: str
    description: str
    kind: SpeakerKind
    named: bool
    context: str
    quotes: tuple[str, ...]
    role: str | None
    annotator: str
    probability: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedQuote:
    """A quote in spans of its article's text."""

    id: str
    kind: QuoteKind
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    speaker_id: str | None
    stance: str | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedSpeaker:
    """A speaker with mentions in spans of the article's text."""

    id: str
    name: str
    description: str
    kind: SpeakerKind
    named: bool
    mentions: tuple[Span, ...]
    role: str | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionRow:
    """An article with its quotes and speakers: what an extractor has to find."""

    id: str
    title: str
    text: str
    outlet: str
    date: datetime.date | None
    lean: str
    event: str
    target: str
    quotes: tuple[ExtractedQuote, ...]
    speakers: tuple[ExtractedSpeaker, ...]


TABLES: Mapping[str, type] = {
    "quotes": QuoteRow,
    "speakers": SpeakerRow,
    "extraction": ExtractionRow,
}


def make_tables(
    articles: Sequence[Article], hydrated: Hydrated, codebook: Codebook
) -> dict[str, list[QuoteRow] | list[SpeakerRow] | list[ExtractionRow]]:
    """The rows of `TABLES` for some articles of a hydrated store, in order.

    Args:
        articles: Of the store.
        hydrated: Their quotes, speakers and labels.
        codebook: Its default is the role of a quote without a speaker.
    """
    values = {(label.unit_id, label.variable): label.value for label in hydrated.final.labels}
    default = codebook.variable("role").default or None
    quotes_of: dict[str, list[Quote]] = collections.defaultdict(list)
    speakers_of: dict[str, list[Speaker]] = collections.defaultdict(list)
    for quote in hydrated.final.quotes:
        quotes_of[quote.article_id].append(quote)
    for speaker in hydrated.final.speakers:
        speakers_of[speaker.article_id].append(speaker)
    quote_rows: list[QuoteRow] = []
    speaker_rows: list[SpeakerRow] = []
    extraction_rows: list[ExtractionRow] = []
    for article in articles:
        quotes, speakers = quotes_of[article.id], speakers_of[article.id]
        sentences = find_sentences(article.text)
        by_id = {speaker.id: speaker for speaker in speakers}
        coding = (hydrated.annotators[article.id], hydrated.probabilities[article.id])
        for quote in quotes:
            said_by = by_id.get(quote.speaker_id or "")
            role = values.get((said_by.id, "role")) if said_by else default
            stance = values.get((quote.id, "stance"))
            context = _sentences_of(_spans(quote), sentences, article.text)
            quote_rows.append(_quote_row(article, quote, said_by, context, role, stance, coding))
        for speaker in speakers:
            theirs = [quote for quote in quotes if quote.speaker_id == speaker.id]
            spans = [*speaker.mentions, *(q.cue or q.content[0] for q in theirs)]
            context = _sentences_of(spans, sentences, article.text)
            role = values.get((speaker.id, "role"))
            speaker_rows.append(_speaker_row(article, speaker, theirs, context, role, coding))
        extraction_rows.append(_extraction_row(article, quotes, speakers, values))
    return {"quotes": quote_rows, "speakers": speaker_rows, "extraction": extraction_rows}


def _quote_row(
    article: Article,
    quote: Quote,
    speaker: Speaker | None,
    context: str,
    role: str | None,
    stance: str | None,
    coding: tuple[str, float],
) -> QuoteRow:
    return QuoteRow(
        id=quote.id,
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        date=article.date,
        lean=article.group.get("lean", ""),
        event=article.group.get("event", ""),
        target=article.target,
        kind=quote.kind,
        quote=quote.text(article.text),
        context=context,
        cue=quote.cue.of(article.text) if quote.cue else "",
        source=quote.source.of(article.text) if quote.source else "",
        speaker=speaker.name if speaker else "",
        description=speaker.description if speaker else "",
        named=speaker is not None and speaker.named,
        role=role,
        stance=stance,
        annotator=coding[0],
        probability=coding[1],
    )


def _speaker_row(
    article: Article,
    speaker: Speaker,
    quotes: Sequence[Quote],
    context: str,
    role: str | None,
    coding: tuple[str, float],
) -> SpeakerRow:
    return SpeakerRow(
        id=speaker.id,
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        date=article.date,
        lean=article.group.get("lean", ""),
        event=article.group.get("event", ""),
        name=speaker.name,
        description=speaker.description,
        kind=speaker.kind,
        named=speaker.named,
        context=context,
        quotes=tuple(quote.text(article.text) for quote in quotes),
        role=role,
        annotator=coding[0],
        probability=coding[1],
    )


def _extraction_row(
    article: Article,
    quotes: Sequence[Quote],
    speakers: Sequence[Speaker],
    values: Mapping[tuple[str, str], str],
) -> ExtractionRow:
    return ExtractionRow(
        id=article.id,
        title=article.title,
        text=article.text,
        outlet=article.outlet,
        date=article.date,
        lean=article.group.get("lean", ""),
        event=article.group.get("event", ""),
        target=article.target,
        quotes=tuple(
            ExtractedQuote(
                id=quote.id,
                kind=quote.kind,
                content=quote.content,
                cue=quote.cue,
                source=quote.source,
                speaker_id=quote.speaker_id,
                stance=values.get((quote.id, "stance")),
            )
            for quote in quotes
        ),
        speakers=tuple(
            ExtractedSpeaker(
                id=speaker.id,
                name=speaker.name,
                description=speaker.description,
                kind=speaker.kind,
                named=speaker.named,
                mentions=speaker.mentions,
                role=values.get((speaker.id, "role")),
            )
            for speaker in speakers
        ),
    )


def _spans(quote: Quote) -> list[Span]:
    return [*quote.content, *filter(None, (quote.cue, quote.source))]


def _sentences_of(spans: Sequence[Span], sentences: Sequence[Span], text: str) -> str:
    """The sentences that the spans touch, each once, in text order, on one line."""
    touched: set[int] = set()
    for span in spans:
        i = max(0, bisect.bisect_right(sentences, span.start, key=lambda s: s.start) - 1)
        while i < len(sentences) and sentences[i].start < span.end:
            touched.add(i)
            i += 1
    return " ".join(" ".join(sentences[i].of(text).split()) for i in sorted(touched))
