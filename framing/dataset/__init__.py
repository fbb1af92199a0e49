"""Annotated articles: other people's corpora and our own coded ones, as records."""

from framing.dataset.gold_quotes import (
    CodedArticle,
    CodedQuote,
    read_coded_folder,
    read_gold_quotes,
)
from framing.dataset.polnear import PolnearArticle, PolnearPart, extend_to_polnear, read_polnear

__all__ = [
    "CodedArticle",
    "CodedQuote",
    "PolnearArticle",
    "PolnearPart",
    "extend_to_polnear",
    "read_coded_folder",
    "read_gold_quotes",
    "read_polnear",
]
