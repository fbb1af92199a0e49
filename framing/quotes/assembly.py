"""From quotes without names to a whole extraction: kinds, speakers, and what was left out."""

from collections.abc import Sequence

from framing.quotes.drafts import Draft
from framing.quotes.marks import Quotation, UnclosedMark
from framing.quotes.speakers import resolve_speakers
from framing.records import Article, Exclusion, Extraction, Quote, Span, check_extraction

__all__ = ["assemble_extraction"]

_SHOWN = 80  # characters of what was left out


def assemble_extraction(
    article: Article,
    drafts: Sequence[Draft],
    *,
    not_quotes: Sequence[Quotation],
    unclosed: Sequence[UnclosedMark],
) -> Extraction:
    """Number the quotes of an article, resolve their speakers, and list what was left out.

    Args:
        article: That the drafts refer to.
        drafts: In text order, not overlapping.
        not_quotes: Stretches in quotation marks that belong to none of them.
        unclosed: Opening marks without an end.
    """
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
                item=article.text[span.start : max(span.end, span.start + 20)][:_SHOWN],
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
