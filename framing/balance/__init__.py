"""Balance: indices, measurement error, intervals and comparisons, from records alone."""

from framing.balance.article import MIN_QUOTES, article_rng, measure_balance
from framing.balance.definitions import IndexDefinition, index_definitions
from framing.balance.extraction_error import (
    ExtractionError,
    KindError,
    describe_extraction_error,
    load_extraction_error,
    write_extraction_error,
)

__all__ = [
    "MIN_QUOTES",
    "ExtractionError",
    "IndexDefinition",
    "KindError",
    "article_rng",
    "describe_extraction_error",
    "index_definitions",
    "load_extraction_error",
    "measure_balance",
    "write_extraction_error",
]
