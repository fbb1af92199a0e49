"""What one coder gave: a folder of quotes, speakers and labels, or a file of gold quotes."""

import dataclasses
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from framing.codebook import Codebook
from framing.dataset.gold_quotes import read_gold_quotes
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.records import Article, Extraction, Label, Quote, Speaker, check_extraction
from framing.runs import file_sha256

__all__ = ["GOLD", "Coding", "name_codings", "read_coding", "read_gold"]

GOLD = "adjudicated"
_ABOVE = ("..", "../..")  # where articles.jsonl may lie for coders/NAME


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One coder's quotes and labels.

    Attributes:
        path: Folder or file it was read from.
        annotator: Who gave the labels; "" where there is none.
        articles: Those that were coded, by id.
        is_listed: Whether the folder's own articles.jsonl says which these are; otherwise they
            are those with a quote, and one that was read and found without any is not known.
        quotes: By article id, in text order; of every coded article.
        values: Category by unit id and variable.
        inputs: sha256 of the files read, by path as given.
    """

    path: Path
    annotator: str
    articles: Mapping[str, Article]
    is_listed: bool
    quotes: Mapping[str, tuple[Quote, ...]]
    values: Mapping[tuple[str, str], str]
    inputs: Mapping[str, str]

    def value(self, quote: Quote, variable: str, unit: str) -> str | None:
        """What the quote, or its speaker, was labelled; None for no label or no speaker."""
        unit_id = quote.id if unit == "quote" else quote.speaker_id
        return None if unit_id is None else self.values.get((unit_id, variable))


def read_coding(folder: Path | str, *, codebook: Codebook, annotator: str | None = None) -> Coding:
    """Read quotes.jsonl, speakers.jsonl and labels.jsonl of one coder.

    articles.jsonl lies in the same folder, and then lists what was coded, or one or two folders
    above, shared by several coders.

    Args:
        folder: Of one coder.
        codebook: That labels are checked against.
        annotator: Whose labels to take; without it, the folder holds those of one.

    Raises:
        DataError: A file is missing or a record is wrong; labels are by several annotators, none
            is by the one asked for, or a unit has two.
    """
    folder = Path(folder)
    above = [folder, *(Path(os.path.normpath(folder / up)) for up in _ABOVE)]
    found = [home / "articles.jsonl" for home in above if (home / "articles.jsonl").is_file()]
    if not found:
        raise DataError(
            f"{folder}: no articles.jsonl there or in the two folders above; it holds the texts "
            "that the coders' offsets refer to"
        )
    listed = found[0].parent == folder
    paths = [found[0], *(folder / f"{name}.jsonl" for name in ("quotes", "speakers", "labels"))]
    articles = _read_articles(paths[0])
    quotes, speakers = read_jsonl(paths[1], Quote), read_jsonl(paths[2], Speaker)
    labels = _of_one_annotator(paths[3], read_jsonl(paths[3], Label), annotator)
    _check_units(folder, articles, quotes, speakers)
    values = _read_values(paths[3], labels, quotes, speakers, codebook)
    coded = articles if listed else {quote.article_id for quote in quotes}
    by_article: dict[str, list[Quote]] = {name: [] for name in articles if name in coded}
    for quote in sorted(quotes, key=lambda quote: quote.content):
        by_article[quote.article_id].append(quote)
    return Coding(
        path=folder,
        annotator=labels[0].annotator if labels else "",
        articles={name: articles[name] for name in by_article},
        is_listed=listed,
        quotes={name: tuple(those) for name, those in by_article.items()},
        values=values,
        inputs={path.as_posix(): file_sha256(path) for path in paths},
    )


def read_gold(path: Path | str, *, codebook: Codebook) -> Coding:
    """Read adjudicated quotes: a coder's folder with labels by "adjudicated", or gold.jsonl.

    In a file (see `framing.dataset.gold_quotes.read_gold_quotes`) speakers are names, and a name
    that has two roles in one article is two speakers.

    Raises:
        DataError: As `read_coding` and `read_gold_quotes`; a role or stance is not in the
            codebook.
    """
    path = Path(path)
    if path.is_dir():
        return read_coding(path, codebook=codebook, annotator=GOLD)
    articles, quotes = {}, {}
    values: dict[tuple[str, str], str] = {}
    for coded in read_gold_quotes(path):
        name = coded.article.id
        made = []
        for n, quote in enumerate(coded.quotes):
            speaker_id = f"{name}-{quote.speaker}-{quote.role}" if quote.speaker else None
            made.append(
                Quote(
                    id=f"{name}-q{n + 1}",
                    article_id=name,
                    kind=quote.kind,
                    content=quote.content,
                    speaker_id=speaker_id,
                )
            )
            values[made[-1].id, "stance"] = quote.stance
            if speaker_id:
                values[speaker_id, "role"] = quote.role
        articles[name], quotes[name] = coded.article, tuple(made)
    for (unit_id, variable), value in values.items():
        _check_value(f"{path}: {unit_id!r}", variable, value, codebook)
    return Coding(
        path=path,
        annotator=GOLD,
        articles=articles,
        is_listed=True,
        quotes=quotes,
        values=values,
        inputs={path.as_posix(): file_sha256(path)},
    )


def name_codings(codings: Sequence[Coding]) -> list[str]:
    """Names of coders for tables: their folders' names, or paths where these are the same.

    Raises:
        DataError: A folder is given twice: a coding agrees with itself.
    """
    places = [coding.path.resolve() for coding in codings]
    for n, place in enumerate(places):
        if place in places[:n]:
            raise DataError(
                f"{codings[n].path}: given twice; a coding agrees with itself, so give each once"
            )
    names = [place.name for place in places]
    if len(set(names)) < len(names):
        return [coding.path.as_posix() for coding in codings]
    return names


def _read_articles(path: Path) -> dict[str, Article]:
    articles: dict[str, Article] = {}
    for article in read_jsonl(path, Article):
        if articles.setdefault(article.id, article) is not article:
            raise DataError(f"{path}: two articles have the id {article.id!r}; ids must differ")
    return articles


def _of_one_annotator(path: Path, labels: Sequence[Label], annotator: str | None) -> list[Label]:
    if annotator is not None:
        kept = [label for label in labels if label.annotator == annotator]
        if not kept:
            raise DataError(f"{path}: no label by {annotator!r}, so there is nothing to score by")
        return kept
    found = sorted({label.annotator for label in labels})
    if len(found) > 1:
        raise DataError(
            f"{path}: labels by {', '.join(found)}; agreement compares one coder per folder, so "
            "put the labels of each into a folder of their own"
        )
    return list(labels)


def _check_units(
    folder: Path,
    articles: Mapping[str, Article],
    quotes: Sequence[Quote],
    speakers: Sequence[Speaker],
) -> None:
    parts: dict[str, tuple[list[Quote], list[Speaker]]] = {name: ([], []) for name in articles}
    seen: set[str] = set()
    units: list[Quote | Speaker] = [*quotes, *speakers]
    for unit in units:
        what = type(unit).__name__.lower()
        if unit.article_id not in parts:
            raise DataError(
                f"{folder / f'{what}s.jsonl'}: {what} {unit.id!r} is of article "
                f"{unit.article_id!r}, which is not in articles.jsonl; add it or remove the line"
            )
        if unit.id in seen:
            raise DataError(
                f"{folder / f'{what}s.jsonl'}: the id {unit.id!r} is used twice; ids of quotes "
                "and speakers must differ"
            )
        seen.add(unit.id)
        if isinstance(unit, Quote):
            parts[unit.article_id][0].append(unit)
        else:
            parts[unit.article_id][1].append(unit)
    for name, (of_quotes, of_speakers) in parts.items():
        extraction = Extraction(
            article_id=name, quotes=tuple(of_quotes), speakers=tuple(of_speakers)
        )
        try:
            check_extraction(articles[name], extraction)
        except DataError as error:
            raise DataError(f"{folder}: {error}") from error


def _read_values(
    path: Path,
    labels: Iterable[Label],
    quotes: Iterable[Quote],
    speakers: Iterable[Speaker],
    codebook: Codebook,
) -> dict[tuple[str, str], str]:
    ids = {"quote": {quote.id for quote in quotes}, "speaker": {s.id for s in speakers}}
    values: dict[tuple[str, str], str] = {}
    for label in labels:
        who = f"{path}: label of {label.unit_id!r}"
        unit = _check_value(who, label.variable, label.value, codebook)
        if label.unit_id not in ids[unit]:
            raise DataError(
                f"{who}: no {unit} has this id; a {label.variable} label takes the id of one in "
                f"{unit}s.jsonl"
            )
        if label.codebook and label.codebook != codebook.digest:
            raise DataError(
                f"{who}: given under codebook {label.codebook}, not under {codebook.name!r} "
                f"({codebook.digest}); label it again under this one, or give the other with "
                "--codebook"
            )
        if values.setdefault((label.unit_id, label.variable), label.value) != label.value:
            raise DataError(
                f"{who}: {label.variable} is {values[label.unit_id, label.variable]!r} and "
                f"{label.value!r}; a coder gives a unit one category"
            )
    return values


def _check_value(who: str, variable: str, value: str, codebook: Codebook) -> str:
    """The kind of unit that the variable is of."""
    try:
        known = codebook.variable(variable)
    except DataError as error:
        raise DataError(f"{who}: {error}") from error
    if value not in known.names:
        raise DataError(
            f"{who}: {value!r} is not a category of {variable}; accepted: {', '.join(known.names)}"
        )
    return known.unit
