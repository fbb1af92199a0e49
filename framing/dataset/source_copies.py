"""The user's own copy of a public dataset: where its articles lie, and reading them."""

from collections.abc import Collection, Iterable
from pathlib import Path

from framing.articles import read_articles
from framing.errors import DataError
from framing.records import Article, Exclusion

__all__ = ["parse_sources", "read_copies"]

_SUBFOLDERS = ("data/jsons", "jsons", "articles", ".")


def parse_sources(given: Iterable[str]) -> dict[str, Path]:
    """Read "NAME=PATH" of the command line.

    Raises:
        DataError: One has another form, names a path that does not exist, or comes twice.
    """
    sources: dict[str, Path] = {}
    for text in given:
        name, equals, path = text.partition("=")
        if not name or not equals or not path:
            raise DataError(
                f"source {text!r}; accepted: NAME=PATH, such as article-bias-prediction=data/jsons"
            )
        if name in sources:
            raise DataError(f"source {name!r} is given twice; give one path")
        sources[name] = Path(path)
        if not sources[name].exists():
            raise DataError(f"source {name}: {path} does not exist; give your copy of the dataset")
    return sources


def read_copies(
    path: Path, article_ids: Collection[str]
) -> tuple[dict[str, Article], tuple[Exclusion, ...]]:
    """Read some articles of a dataset.

    Args:
        path: A folder with a file ID.json for each article, or with such a folder as
            `data/jsons`, `jsons` or `articles`; or one file with all articles (JSON Lines, CSV,
            Parquet) that have an id.
        article_ids: Which are wanted; the others are not opened.

    Returns:
        The articles by id, and what was found and cannot be read, with reasons.

    Raises:
        DataError: The path does not exist, or two articles have one id.
    """
    if path.is_dir():
        wanted = sorted(article_ids)
        places = [path / sub for sub in _SUBFOLDERS]
        folder = next((p for p in places if any((p / f"{i}.json").exists() for i in wanted)), path)
        files = [file for i in wanted if (file := folder / f"{i}.json").exists()]
        if not files:
            return {}, ()
        reading = read_articles(files)
    else:
        reading = read_articles(path)
    articles: dict[str, Article] = {}
    for article in reading.articles:
        if article.id in article_ids:
            if article.id in articles:
                raise DataError(f"{path}: two articles have the id {article.id!r}; keep one")
            articles[article.id] = article
    return articles, reading.exclusions
