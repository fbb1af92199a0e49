"""Any input (txt, md, HTML, JSON Lines, CSV, Parquet, folders, globs) to canonical articles."""

from framing.articles.canonical import canonical_text
from framing.articles.reading import ArticleStream, Reading, iter_articles, read_articles

__all__ = ["ArticleStream", "Reading", "canonical_text", "iter_articles", "read_articles"]
