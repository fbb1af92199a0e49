"""Articles whose quotes were coded by reading, as records to measure against."""

import dataclasses
import datetime
from pathlib import Path

from framing.dataset.offsets import CanonicalOffsets
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.records import Article, Label, Quote, QuoteKind, Span, Speaker

__all__ = ["CodedArticle", "CodedQuote", "read_coded_folder", "read_gold_quotes"]

GOLD = "adjudicated"
NO_SPEAKER = "unspecified"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedQuote:
    """One quote by the coders' reading.

    Attributes:
        kind: direct, mixed or indirect.
        content: Its parts, in text order.
        cue: The reporting words, or "".
        source: The mention of the speaker in the sentence, or "".
        speaker: Who speaks, resolved over the article; "" when nobody can be told.
        accepted: Names and descriptions that count as this speaker.
        role: Role of the speaker.
        stance: Stance of the quote; "" where its article has no target and was not coded for it.
    """

    kind: QuoteKind
    content: tuple[Span, ...]
    cue: str
    speaker: str
    accepted: tuple[str, ...]
    role: str
    stance: str
    source: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedArticle:
    """An article with its coded quotes, in text order; spans refer to `article.text`."""

    article: Article
    quotes: tuple[CodedQuote, ...]


def read_gold_quotes(path: Path | str) -> tuple[CodedArticle, ...]:
    """Read articles with quotes inside, one article a line (`gold.jsonl`).

    Texts become canonical and spans move with them.

    Raises:
        DataError: A line is not such an article, or a span does not hold the words that are
            stored beside it.
    """
    return tuple(_to_coded(line, str(path)) for line in read_jsonl(path, _GoldArticle))


def read_coded_folder(folder: Path | str) -> tuple[CodedArticle, ...]:
    """Read a folder of `articles.jsonl`, `quotes.jsonl`, `speakers.jsonl` and `labels.jsonl`.

    Roles and stances are the adjudicated labels; a quote without a speaker has role
    "unspecified". An article without a target may have no stance at all. Articles in which nothing
    was coded are kept, with no quotes.

    Raises:
        DataError: A file is missing or wrong, or a quote has no adjudicated label.
    """
    folder = Path(folder)
    labels = {
        (label.unit_id, label.variable): label.value
        for label in read_jsonl(folder / "labels.jsonl", Label)
        if label.annotator == GOLD
    }
    articles = {a.id: a for a in read_jsonl(folder / "articles.jsonl", Article)}
    speakers = {s.id: s for s in read_jsonl(folder / "speakers.jsonl", Speaker)}
    quotes = read_jsonl(folder / "quotes.jsonl", Quote)
    # Stance is toward a target: where an article has none, it may have been coded for none.
    with_stance = {q.article_id for q in quotes if (q.id, "stance") in labels}
    with_stance |= {name for name, article in articles.items() if article.target}
    coded: dict[str, list[CodedQuote]] = {name: [] for name in articles}
    for quote in quotes:
        try:
            article = articles[quote.article_id]
            speaker = speakers[quote.speaker_id] if quote.speaker_id else None
            role = labels[speaker.id, "role"] if speaker else NO_SPEAKER
            stance = labels[quote.id, "stance"] if article.id in with_stance else ""
        except KeyError as error:
            raise DataError(
                f"{folder / 'quotes.jsonl'}: quote {quote.id!r} needs {error.args[0]!r}, which "
                f"is not among the articles, speakers and {GOLD} labels; add it"
            ) from None
        coded[quote.article_id].append(
            CodedQuote(
                kind=quote.kind,
                content=quote.content,
                cue=quote.cue.of(article.text) if quote.cue else "",
                speaker=speaker.name if speaker else "",
                accepted=_accepted(speaker),
                role=role,
                stance=stance,
                source=quote.source.of(article.text) if quote.source else "",
            )
        )
    return tuple(
        CodedArticle(article=article, quotes=tuple(coded[name]))
        for name, article in articles.items()
    )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _GoldQuote:
    spans: tuple[Span, ...]
    content: tuple[str, ...]
    kind: QuoteKind
    cue: str | None
    source: str | None
    speaker: str
    speaker_alt: tuple[str, ...]
    role: str
    stance: str
    coder_a: tuple[str, ...] | None = None
    coder_b: tuple[str, ...] | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _GoldArticle:
    id: str
    source: str
    key: str
    title: str
    outlet: str
    date: str  # a day, or empty
    target: str
    text: str
    quotes: tuple[_GoldQuote, ...]


def _to_coded(line: _GoldArticle, where: str) -> CodedArticle:
    offsets = CanonicalOffsets(line.text)
    quotes = []
    for quote in line.quotes:
        for span, words in zip(quote.spans, quote.content, strict=False):
            if span.of(line.text) != words:
                raise DataError(
                    f"{where}: article {line.id!r}: span {list(span)} does not hold the words "
                    "stored beside it; offsets are half-open code points of the text"
                )
        quotes.append(
            CodedQuote(
                kind=quote.kind,
                content=offsets.move(quote.spans),
                cue=quote.cue or "",
                speaker=quote.speaker,
                accepted=quote.speaker_alt,
                role=quote.role,
                stance=quote.stance,
                source=quote.source or "",
            )
        )
    return CodedArticle(
        article=Article(
            id=line.id,
            text=offsets.text,
            title=line.title,
            outlet=line.outlet,
            date=_parse_day(line, where),
            target=line.target,
        ),
        quotes=tuple(quotes),
    )


def _parse_day(line: _GoldArticle, where: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(line.date) if line.date else None
    except ValueError:
        raise DataError(
            f'{where}: article {line.id!r}: date is {line.date!r}; accepted: YYYY-MM-DD, or ""'
        ) from None


def _accepted(speaker: Speaker | None) -> tuple[str, ...]:
    """A named speaker goes by name; somebody unnamed by what they are called, too."""
    if speaker is None:
        return ()
    if speaker.named or not speaker.description:
        return (speaker.name,)
    return (speaker.name, speaker.description)
