"""Reported speech by rules: no parser, no model, the same answer every time.

The way of an article: quotations are found and hidden (`marks`, `words`), each sentence is
searched for attributions (`attributions`), quotations that no cue claims go to the quote they
follow (`drafts`), and the sources become speakers (`assembly`). What is left in quotation marks
(titles, nicknames, scare quotes) is listed as left out, with the reason.
"""

import dataclasses
import importlib.metadata

from framing.quotes.assembly import assemble_extraction
from framing.quotes.drafts import draft_quotes
from framing.quotes.marks import find_quotations
from framing.quotes.words import find_word_sentences
from framing.records import Article, Extraction

__all__ = ["RulesExtractor"]


@dataclasses.dataclass(frozen=True, slots=True)
class RulesExtractor:
    """Extractor of reported speech by rules (implements `framing.quotes.Extractor`)."""

    name: str = "rules"

    @property
    def version(self) -> str:
        """The release."""
        return importlib.metadata.version("framing")

    def extract(self, article: Article) -> Extraction:
        """Quotes, speakers and what was left out of one article; never raises on odd text."""
        text = article.text
        quotations, unclosed = find_quotations(text)
        sentences = find_word_sentences(text, quotations)
        drafts, not_quotes = draft_quotes(text, sentences, quotations)
        return assemble_extraction(article, drafts, not_quotes=not_quotes, unclosed=unclosed)
