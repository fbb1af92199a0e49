"""Exchange with coding tools that people already use: everything goes out and comes back.

Every format takes and gives a `CodedCorpus`, and declares in a table what information survives
in it; what does not is listed at export, never dropped in silence.
"""

from framing.dataset.exchange.coded_corpus import (
    CodedCorpus,
    Document,
    Suggestion,
    gather_corpus,
    of_coder,
    with_suggestions,
    write_corpus,
)
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.formats import FORMATS, find_format
from framing.dataset.exchange.survival import FACETS, Survival, keep_surviving

__all__ = [
    "FACETS",
    "FORMATS",
    "CodedCorpus",
    "Document",
    "Format",
    "Suggestion",
    "Survival",
    "find_format",
    "gather_corpus",
    "keep_surviving",
    "of_coder",
    "with_suggestions",
    "write_corpus",
]
