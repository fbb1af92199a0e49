"""Reported speech: what is quoted in an article, and who is quoted.

`Extractor` is the one way in; `RulesExtractor` implements it without a model. Others may
implement it elsewhere and are passed in.
"""

from typing import Protocol

from framing.quotes.placement import place_quotes
from framing.quotes.rules import RulesExtractor
from framing.quotes.speakers import resolve_speakers
from framing.records import Article, Extraction

__all__ = ["Extractor", "RulesExtractor", "extract_quotes", "place_quotes", "resolve_speakers"]


class Extractor(Protocol):
    """Finds the quotes of an article and whose they are."""

    @property
    def name(self) -> str:
        """What tables and run records call it."""
        ...

    @property
    def version(self) -> str:
        """What changes when its answers may: a release, or a digest of weights."""
        ...

    def extract(self, article: Article) -> Extraction:
        """Quotes, speakers and what was left out, with offsets into `article.text`.

        Never raises on odd text: what cannot be read is listed in `exclusions`.
        """
        ...


def extract_quotes(article: Article, *, extractor: Extractor | None = None) -> Extraction:
    """Find the quotes of one article and their speakers.

    Args:
        article: With canonical text, as `framing.read_articles` gives it.
        extractor: What finds them; the rules when None.

    Returns:
        Quotes in text order, speakers in the order of their first quote, and what was left out
        with its reason. A text without quotes gives an empty extraction.
    """
    return (extractor or RulesExtractor()).extract(article)
