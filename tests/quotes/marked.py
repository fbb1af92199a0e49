"""Invented articles with their sources marked: "[Anna Velt] said so. [She] agreed."."""

import re

from framing.quotes.speakers import resolve_speakers
from framing.records import Article, Quote, Span, Speaker

_MARKED = re.compile(r"\[([^\[\]]*)\]")


def mark(text: str) -> tuple[Article, list[Quote]]:
    """The article without brackets, and one quote per bracket with that source."""
    sources, plain, end = [], "", 0
    for match in _MARKED.finditer(text):
        plain += text[end : match.start()]
        sources.append(Span(len(plain), len(plain) + len(match[1])))
        plain += match[1]
        end = match.end()
    plain += text[end:]
    article = Article(id="a", text=plain + "\n\nEnd.")
    content = (Span(len(plain) + 2, len(plain) + 6),)
    quotes = [
        Quote(id=f"q{n}", article_id="a", kind="indirect", content=content, source=source)
        for n, source in enumerate(sources)
    ]
    return article, quotes


def resolve(text: str) -> list[Speaker | str]:
    """For each marked source its speaker, or the reason why there is none."""
    quotes, speakers = resolve_speakers(*mark(text))
    by_id = {speaker.id: speaker for speaker in speakers}
    return [by_id[quote.speaker_id] if quote.speaker_id else quote.reason for quote in quotes]


def names(text: str) -> list[str | None]:
    """For each marked source the name of its speaker, or None."""
    return [s.name if isinstance(s, Speaker) else None for s in resolve(text)]
