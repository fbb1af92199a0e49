"""A coded folder as a corpus for exchange: of everybody, or of one coder."""

from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.dataset.exchange import CodedCorpus, Suggestion, gather_corpus, of_coder
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.pipeline.corpus import read_corpus
from framing.records import Article, Label, Quote, Speaker
from framing.runs import file_sha256

__all__ = ["read_coded"]

_FOUND = ("quotes", "speakers", "labels", "suggestions")


def read_coded(
    folder: Path, coder: str, *, codebook: Codebook
) -> tuple[CodedCorpus, dict[str, str]]:
    """Read a coded folder, for one coder or with all labels.

    Args:
        folder: With articles.jsonl and the like, and perhaps coders/NAME with what each found.
        coder: Whose; "" for the folder itself with the labels of everybody.
        codebook: That labels are checked against.

    Returns:
        The corpus, and sha256 of the files by path. A coder's folder without articles.jsonl
        takes the articles of `folder` in which the coder has quotes.

    Raises:
        DataError: A file is missing or wrong, or labels in a coder's folder are by others.
    """
    own = folder / "coders" / coder
    if not coder or not (own / "quotes.jsonl").is_file():
        corpus = read_corpus(folder, codebook=codebook)
        found = gather_corpus(
            corpus.articles,
            [quote for article in corpus.extractions.values() for quote in article.quotes],
            [one for article in corpus.extractions.values() for one in article.speakers],
            corpus.labels,
            codebook=codebook,
            suggestions=_read_optional(folder / "suggestions.jsonl", Suggestion),
        )
        return (of_coder(found, coder) if coder else found), dict(corpus.inputs)
    quotes = read_jsonl(own / "quotes.jsonl", Quote)
    labels = read_jsonl(own / "labels.jsonl", Label)
    if others := sorted({label.annotator for label in labels} - {coder}):
        raise DataError(
            f"{own / 'labels.jsonl'}: labels by {', '.join(others)} in the folder of {coder!r}; "
            "name the folder as its coder"
        )
    listed = own / "articles.jsonl"
    articles = read_jsonl(listed if listed.is_file() else folder / "articles.jsonl", Article)
    if not listed.is_file():
        coded = {quote.article_id for quote in quotes}
        articles = [article for article in articles if article.id in coded]
        listed = folder / "articles.jsonl"
    try:
        found = gather_corpus(
            articles,
            quotes,
            read_jsonl(own / "speakers.jsonl", Speaker),
            labels,
            codebook=codebook,
            suggestions=_read_optional(own / "suggestions.jsonl", Suggestion),
        )
    except DataError as error:
        raise DataError(f"{own}: {error}") from error
    paths = [listed, *(own / f"{name}.jsonl" for name in _FOUND)]
    return found, {p.as_posix(): file_sha256(p) for p in paths if p.is_file()}


def _read_optional(path: Path, kind: type[Any]) -> list[Any]:
    return read_jsonl(path, kind) if path.is_file() else []
