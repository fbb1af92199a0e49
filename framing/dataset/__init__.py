"""Annotated articles: other people's corpora and our own coded ones, as records."""

from framing.dataset.benchmarks import (
    KIND_GROUPS,
    Finding,
    audit_missed,
    count_findings,
    find_coded_quotes,
    score_on_polnear,
    summarise_counts,
)
from framing.dataset.gold_quotes import (
    CodedArticle,
    CodedQuote,
    read_coded_folder,
    read_gold_quotes,
)
from framing.dataset.offsets import CanonicalOffsets
from framing.dataset.polnear import PolnearArticle, PolnearPart, extend_to_polnear, read_polnear

__all__ = [
    "KIND_GROUPS",
    "CanonicalOffsets",
    "CodedArticle",
    "CodedQuote",
    "Finding",
    "PolnearArticle",
    "PolnearPart",
    "audit_missed",
    "count_findings",
    "extend_to_polnear",
    "find_coded_quotes",
    "read_coded_folder",
    "read_gold_quotes",
    "read_polnear",
    "score_on_polnear",
    "summarise_counts",
]
