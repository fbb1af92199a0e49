"""Balance: indices, measurement error, intervals and comparisons, from records alone."""

from framing.balance.article import MIN_QUOTES, article_rng, measure_balance
from framing.balance.compare import ESTIMANDS, MIN_LABELLED, Comparison, compare_groups
from framing.balance.definitions import IndexDefinition, index_definitions
from framing.balance.extraction_error import (
    ExtractionError,
    KindError,
    RecallCell,
    describe_extraction_error,
    load_extraction_error,
    read_extraction_error,
    write_extraction_error,
)
from framing.balance.totals import ArticleTotals, article_totals, match_quotes

__all__ = [
    "ESTIMANDS",
    "MIN_LABELLED",
    "MIN_QUOTES",
    "ArticleTotals",
    "Comparison",
    "ExtractionError",
    "IndexDefinition",
    "KindError",
    "RecallCell",
    "article_rng",
    "article_totals",
    "compare_groups",
    "describe_extraction_error",
    "index_definitions",
    "load_extraction_error",
    "match_quotes",
    "measure_balance",
    "read_extraction_error",
    "write_extraction_error",
]
