"""Texts for tools that cannot hold every character: one stands in for each that they cannot.

The stand-in is U+FFFD, one character for one, so that offsets stay the same. At import the text
is compared with that of the data under the same mask, so nothing else may have changed.
"""

import re

from framing.dataset.exchange.article_match import match_article
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document

__all__ = ["mask_text", "match_masked"]

_STAND_IN = "\ufffd"


def mask_text(text: str, cannot: re.Pattern[str]) -> str:
    """The text with U+FFFD for each character that matches `cannot`."""
    return cannot.sub(_STAND_IN, text)


def match_masked(
    source: CodedCorpus, article_id: str, *, where: str, text: str, cannot: re.Pattern[str]
) -> Document:
    """The document that an imported, masked text is of; see `match_article`.

    Raises:
        DataError: There is no such article, or its text is another one.
    """
    document = match_article(source, article_id, where=where)
    original = document.article.text
    masked = mask_text(original, cannot)
    if text == masked:
        return document
    pairs = enumerate(zip(text, masked, strict=False))
    same = next((n for n, (a, b) in pairs if a != b), min(len(text), len(masked)))
    return match_article(source, article_id, where=where, text=original[:same] + text[same:])
