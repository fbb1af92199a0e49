"""Stance and framing analysis of news: who speaks, which side they take, how balanced it is."""

import importlib
from typing import TYPE_CHECKING, Any

from framing.errors import DataError, FramingError, MissingDependencyError
from framing.records import (
    Article,
    ArticleBalance,
    BalanceValue,
    Exclusion,
    Extraction,
    Label,
    Placement,
    Prediction,
    Quote,
    Span,
    Speaker,
    to_frame,
)

if TYPE_CHECKING:
    from framing.articles import read_articles
    from framing.balance import measure_balance
    from framing.codebook import load_codebook
    from framing.jsonl import read_jsonl, write_jsonl
    from framing.models import load_extractor, load_model
    from framing.quotes import extract_quotes
    from framing.report import write_report

# Loaded on first use, so that `import framing` stays light. No name here is a package's name:
# lazy access would return one, then the other.
_LAZY = {
    "extract_quotes": "framing.quotes",
    "load_codebook": "framing.codebook",
    "load_extractor": "framing.models",
    "load_model": "framing.models",
    "measure_balance": "framing.balance",
    "read_articles": "framing.articles",
    "read_jsonl": "framing.jsonl",
    "write_jsonl": "framing.jsonl",
    "write_report": "framing.report",
}

__all__ = [
    "Article",
    "ArticleBalance",
    "BalanceValue",
    "DataError",
    "Exclusion",
    "Extraction",
    "FramingError",
    "Label",
    "MissingDependencyError",
    "Placement",
    "Prediction",
    "Quote",
    "Span",
    "Speaker",
    "extract_quotes",
    "load_codebook",
    "load_extractor",
    "load_model",
    "measure_balance",
    "read_articles",
    "read_jsonl",
    "to_frame",
    "write_jsonl",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    return getattr(importlib.import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
