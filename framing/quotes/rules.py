"""Reported speech by rules: no parser, no model, the same answer every time.

The way of an article: quotations are found and hidden (`marks`, `words`), each sentence is
searched for attributions (`attributions`), quotations that no cue claims go to the quote they
follow (`drafts`), and the sources become speakers (`speakers`). What is left in quotation marks
(titles, nicknames, scare quotes) is listed as left out, with the reason.
"""

import dataclasses

from framing.quotes.drafts import draft_quotes
from framing.quotes.marks import find_quotations
from framing.quotes.speakers import resolve_speakers
from framing.quotes.words import find_word_sentences
from framing.records import Article, Exclusion, Extraction, Quote, Span, check_extraction

__all__ = ["RulesExtractor"]

_SHOWN = 80  # characters of what was left out


@dataclasses.dataclass(frozen=True, slots=True)
class RulesExtractor:
    """Extractor of reported speech by rules (implements `framing.quotes.Extractor`)."""

    name: str = "rules"

    def extract(self, article: Article) -> Extraction:
        """Quotes, speakers and what was left out of one article; never raises on odd text."""
        text = article.text
        quotations, unclosed = find_quotations(text)
        sentences = find_word_sentences(text, quotations)
        drafts, not_quotes = draft_quotes(text, sentences, quotations)
        left_out = [
            (
                Span(quotation.start, quotation.end),
                "words in quotation marks that nobody is reported to say "
                "(a title, a nickname or a distancing mark)",
            )
            for quotation in not_quotes
        ] + [
            (
                Span(mark.position, mark.position + 1),
                "an opening quotation mark that is never closed",
            )
            for mark in unclosed
        ]
        quotes, speakers = resolve_speakers(
            article,
            [
                Quote(
                    id=f"{article.id}-q{number}",
                    article_id=article.id,
                    kind=draft.kind,
                    content=tuple(draft.content),
                    cue=draft.cue,
                    source=draft.source,
                )
                for number, draft in enumerate(drafts, start=1)
            ],
        )
        extraction = Extraction(
            article_id=article.id,
            quotes=quotes,
            speakers=speakers,
            exclusions=tuple(
                Exclusion(
                    item=text[span.start : max(span.end, span.start + 20)][:_SHOWN],
                    reason=reason,
                    stage="quotes",
                    article_id=article.id,
                    span=span,
                )
                for span, reason in sorted(left_out)
            ),
        )
        check_extraction(article, extraction)
        return extraction
