"""Articles whose quotes were coded by reading, as records to measure against."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.errors import DataError
from framing.jsonl import from_json, read_jsonl
from framing.records import Article, Label, Quote, QuoteKind, Span, Speaker

__all__ = ["CodedArticle", "CodedQuote", "read_coded_folder", "read_gold_quotes"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedQuote:
    """One quote by the coders' reading.

    Attributes:
        kind: direct, mixed or indirect.
        content: Its parts, in text order.
        cue: The reporting words, or "".
        speaker: Who speaks, resolved over the article.
        speaker_alt: Every name or description that is accepted for the speaker.
        role: Role of the speaker.
        stance: Stance of the quote.
    """

    kind: QuoteKind
    content: tuple[Span, ...]
    cue: str
    speaker: str
    speaker_alt: tuple[str, ...]
    role: str
    stance: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedArticle:
    """An article with its coded quotes, in text order; spans refer to `article.text`."""

    article: Article
    quotes: tuple[CodedQuote, ...]
