"""Where quotes stand in their article and how long they are."""

import re
from collections.abc import Sequence

from framing.quotes.segments import find_paragraphs
from framing.records import Article, Placement, Quote

__all__ = ["LEAD_PARAGRAPHS", "place_quotes"]

LEAD_PARAGRAPHS = 2

# A number with its separators and a word with its apostrophes and hyphens count as one.
_WORD = re.compile(r"\w+(?:[.,'’\-]\w+)*")


def place_quotes(article: Article, quotes: Sequence[Quote]) -> tuple[Placement, ...]:
    """Measure quotes against the text they stand in.

    Args:
        article: The article that the quotes' spans refer to.
        quotes: Any of its quotes.

    Returns:
        One placement per quote, in the order given. Words are those of the content alone, without
        cue and source; the lead is the first two paragraphs.
    """
    if not quotes:
        return ()
    lead_end = find_paragraphs(article.text)[:LEAD_PARAGRAPHS][-1].end
    return tuple(
        Placement(
            quote_id=quote.id,
            n_words=sum(len(_WORD.findall(part.of(article.text))) for part in quote.content),
            position=quote.content[0].start / len(article.text),
            in_lead=quote.content[0].start < lead_end,
        )
        for quote in quotes
    )
