"""Gold quotes as a folder of records, such as every command reads."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from framing.dataset.gold_quotes import GOLD, CodedArticle, CodedQuote
from framing.jsonl import write_jsonl
from framing.records import Article, Label, Quote, Span, Speaker

__all__ = ["write_gold_folder"]


def write_gold_folder(coded: Iterable[CodedArticle], out: Path, *, codebook: str) -> list[Path]:
    """Write articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl; return the files.

    Gold quotes name cue, source and speaker by their words: each is put where these words stand
    nearest to the quote. A speaker, known by name and role in an article, is mentioned where they
    are the source of a quote, and where their name stands first; nobody described them.

    Args:
        coded: From `read_gold_quotes`.
        out: Folder.
        codebook: Digest of the codebook of the labels.
    """
    articles, quotes = list[Article](), list[Quote]()
    speakers, labels = list[Speaker](), list[Label]()
    for one in coded:
        articles.append(one.article)
        added = _speakers(one)
        speakers += added.values()
        for n, quote in enumerate(one.quotes):
            speaker = added.get((quote.speaker, quote.role))
            made = _quote(f"{one.article.id}-q{n + 1}", one.article, quote, speaker)
            quotes.append(made)
            if quote.stance:
                labels.append(_label(made.id, "stance", quote.stance, codebook))
        labels += [_label(s.id, "role", role, codebook) for (_, role), s in added.items()]
    files = []
    records: dict[str, Sequence[object]] = {
        "articles": articles,
        "quotes": quotes,
        "speakers": speakers,
        "labels": labels,
    }
    for name, rows in records.items():
        write_jsonl(out / f"{name}.jsonl", rows)
        files.append(out / f"{name}.jsonl")
    return files


def _speakers(coded: CodedArticle) -> dict[tuple[str, str], Speaker]:
    """By name and role."""
    text = coded.article.text
    mentions: dict[tuple[str, str], set[Span]] = {}
    for quote in coded.quotes:
        if not quote.speaker:
            continue
        found = mentions.setdefault((quote.speaker, quote.role), set())
        near = _nearest(text, quote.source, quote.content)
        first = text.find(quote.speaker)
        found |= {near} if near else set()
        found |= {Span(first, first + len(quote.speaker))} if first >= 0 else set()
    return {
        (name, role): Speaker(
            id=f"{coded.article.id}-s{n + 1}",
            article_id=coded.article.id,
            name=name,
            mentions=_apart(spans),
        )
        for n, ((name, role), spans) in enumerate(mentions.items())
    }


def _quote(key: str, article: Article, quote: CodedQuote, speaker: Speaker | None) -> Quote:
    return Quote(
        id=key,
        article_id=article.id,
        kind=quote.kind,
        content=quote.content,
        cue=_nearest(article.text, quote.cue, quote.content),
        source=_nearest(article.text, quote.source, quote.content),
        speaker_id=speaker.id if speaker else None,
        reason="" if speaker else "nobody can be told to speak",
    )


def _nearest(text: str, words: str, content: Sequence[Span]) -> Span | None:
    """Where words stand nearest to a quote, not inside it; None where they do not."""
    found: list[tuple[int, Span]] = []
    at = text.find(words) if words else -1
    while at >= 0:
        span = Span(at, at + len(words))
        if not any(span.start < c.end and c.start < span.end for c in content):
            gaps = [max(c.start - span.end, span.start - c.end) for c in content]
            found.append((min(gaps), span))
        at = text.find(words, at + 1)
    return min(found)[1] if found else None


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In text order, those that lie over an earlier one left out."""
    kept: list[Span] = []
    for span in sorted(spans):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _label(unit_id: str, variable: str, value: str, codebook: str) -> Label:
    return Label(unit_id=unit_id, variable=variable, value=value, annotator=GOLD, codebook=codebook)
