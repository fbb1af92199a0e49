"""A folder of extracted articles, read again and checked, as somebody may have corrected it."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.articles import canonical_text
from framing.articles.canonical import canonical_line
from framing.codebook import Codebook
from framing.errors import DataError, count
from framing.jsonl import read_jsonl
from framing.pipeline.extraction import QUOTES, TEXTS, quotes_digest
from framing.pipeline.found_quotes import EXTRACTION, find_extraction, read_quote_digests
from framing.pipeline.run_records import find_run
from framing.records import (
    Article,
    Exclusion,
    Extraction,
    Label,
    Quote,
    Speaker,
    check_extraction,
)
from framing.runs import file_sha256

__all__ = ["Corpus", "is_extracted", "read_corpus"]

_OPTIONAL = ("exclusions.jsonl", "labels.jsonl")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Articles with their quotes, speakers and labels.

    Attributes:
        folder: It was read from.
        articles: In the order of the file.
        extractions: By article id, one for each article; quotes in text order.
        labels: Given by hand.
        exclusions: What was left out so far.
        extractor: What found the quotes, or "" where no record says so.
        corrected: Whether quotes or speakers are not as the extractor left them; also where they
            come from another folder, and nothing shows that the speakers are.
        corrected_articles: Ids of those whose quotes are not as the extractor found them.
        inputs: sha256 of the files read, by name as given.
        notes: What a reader must know, in sentences.
    """

    folder: Path
    articles: tuple[Article, ...]
    extractions: Mapping[str, Extraction]
    labels: tuple[Label, ...]
    exclusions: tuple[Exclusion, ...]
    extractor: str
    corrected: bool
    corrected_articles: frozenset[str]
    inputs: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def n_quotes(self) -> int:
        """Quotes in all articles."""
        return sum(len(extraction.quotes) for extraction in self.extractions.values())

    @property
    def n_speakers(self) -> int:
        """Speakers in all articles."""
        return sum(len(extraction.speakers) for extraction in self.extractions.values())

    def unit_ids(self, unit: str) -> list[str]:
        """Ids of all quotes or all speakers, in order."""
        return [
            record.id
            for article in self.articles
            for record in _records(self.extractions[article.id], unit)
        ]


def is_extracted(path: Path | str) -> bool:
    """Whether the path is a folder of `framing extract` (or coded by hand in that form)."""
    folder = Path(path)
    return all((folder / name).is_file() for name in ("articles.jsonl", "quotes.jsonl"))


def read_corpus(folder: Path | str, *, codebook: Codebook, target: str = "") -> Corpus:
    """Read and check a folder with articles.jsonl, quotes.jsonl and speakers.jsonl.

    Beside them, exclusions.jsonl and labels.jsonl are read if there; texts.sha256 tells whether
    a text was edited since the extraction.

    Args:
        folder: As `extract_corpus` writes it, or corrected or coded by hand.
        codebook: That labels are checked against.
        target: Target of stance for articles that have none.

    Raises:
        DataError: A record is wrong; the message names file and line. Checked are: the form of
            every record, ids (unique, and of a record that exists), texts (canonical, unedited),
            spans (inside the text, quotes not overlapping), labels (of a unit, a variable and a
            category that exist, under this codebook).
    """
    folder = Path(folder)
    articles = _read_articles(folder / "articles.jsonl")
    quotes = read_jsonl(folder / "quotes.jsonl", Quote)
    speakers = read_jsonl(folder / "speakers.jsonl", Speaker)
    exclusions = _read_optional(folder / "exclusions.jsonl", Exclusion)
    labels = _read_optional(folder / "labels.jsonl", Label)
    notes = _check_texts(folder, articles)
    by_id = {article.id: article for article in articles}
    units: dict[str, str] = {}
    for name, records in (("speakers.jsonl", speakers), ("quotes.jsonl", quotes)):
        _check_owners(folder / name, records, by_id, units)
    extractions = _extractions(folder, articles, quotes, speakers)
    _check_labels(folder / "labels.jsonl", labels, units, codebook)
    notes += _note_conflicts(labels)
    names = ["articles.jsonl", "quotes.jsonl", "speakers.jsonl"]
    names += [name for name in (*_OPTIONAL, TEXTS, QUOTES, EXTRACTION) if (folder / name).is_file()]
    inputs = {name: file_sha256(folder / name) for name in names}
    made_here = find_run(folder, "extract")
    corrected = made_here is None or any(
        made_here["outputs"].get(name) != inputs[name]
        for name in ("quotes.jsonl", "speakers.jsonl")
    )
    target = canonical_line(target)
    if own := sum(bool(target) and article.target not in ("", target) for article in articles):
        notes.append(
            f"{folder}: of {count(len(articles), 'article')}, "
            f"{count(own, 'names a target of its own', 'name targets of their own')}, used instead "
            "of the one given now; to change that, edit articles.jsonl there."
        )
    return Corpus(
        folder=folder,
        articles=tuple(
            article if article.target else dataclasses.replace(article, target=target)
            for article in articles
        ),
        extractions=extractions,
        labels=tuple(labels),
        exclusions=tuple(e for e in exclusions if e.stage in ("articles", "quotes")),
        extractor=_extractor(folder),
        corrected=corrected,
        corrected_articles=_find_corrected(folder, extractions) if corrected else frozenset(),
        inputs={(folder / name).as_posix(): digest for name, digest in inputs.items()},
        notes=tuple(notes),
    )


def _records(extraction: Extraction, unit: str) -> Sequence[Quote | Speaker]:
    return extraction.quotes if unit == "quote" else extraction.speakers


def _read_optional(path: Path, kind: type[Any]) -> list[Any]:
    return read_jsonl(path, kind) if path.exists() else []


def _read_articles(path: Path) -> list[Article]:
    articles = read_jsonl(path, Article)
    if not articles:
        raise DataError(f"{path}: holds no article; extract some with framing extract")
    seen: dict[str, int] = {}
    for n, article in enumerate(articles):
        if article.id in seen:
            raise DataError(
                f"{_at(path, n)}: a second article with the id {article.id!r}, first at line "
                f"{_line_number(path, seen[article.id])}; ids must differ"
            )
        seen[article.id] = n
        if canonical_text(article.text) != article.text:
            raise DataError(
                f"{_at(path, n)}: the text of article {article.id!r} is not in canonical form "
                "(NFC, blanks at line ends cut, one blank line at most), which offsets refer to; "
                "make the folder with framing extract"
            )
    return articles


def _extractor(folder: Path) -> str:
    record = find_extraction(folder)
    return "" if record is None else str(record["arguments"].get("extractor", ""))


def _find_corrected(folder: Path, extractions: Mapping[str, Extraction]) -> frozenset[str]:
    """Articles whose quotes differ from what `QUOTES` says was found; all where it is missing."""
    found = read_quote_digests(folder)
    return frozenset(
        article_id
        for article_id, extraction in extractions.items()
        if found.get(article_id) != quotes_digest(extraction.quotes)
    )


def _check_texts(folder: Path, articles: Sequence[Article]) -> list[str]:
    path = folder / TEXTS
    if not path.is_file():
        return [
            f"{folder} has no {TEXTS}, so nothing shows whether its texts are those that the "
            "offsets were made for."
        ]
    digests = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        digest, blank, article_id = line.partition("  ")
        if len(digest) != 64 or not blank:
            raise DataError(f"{path}:{number}: not a sha256, two blanks and an article's id")
        digests[article_id] = digest
    for n, article in enumerate(articles):
        if digests.get(article.id, article.sha256) != article.sha256:
            raise DataError(
                f"{_at(folder / 'articles.jsonl', n)}: the text of article {article.id!r} is not "
                f"the one that was extracted (sha256 {article.sha256[:12]}..., then "
                f"{digests[article.id][:12]}...), so offsets would point elsewhere; restore the "
                "text, or correct the source and extract again"
            )
    return []


def _check_owners(
    path: Path,
    records: Sequence[Quote | Speaker],
    articles: Mapping[str, Article],
    units: dict[str, str],
) -> None:
    """Check ids against the articles and each other; add each id with its kind to `units`."""
    for n, record in enumerate(records):
        what = type(record).__name__.lower()
        if record.article_id not in articles:
            raise DataError(
                f"{_at(path, n)}: {what} {record.id!r} is of article {record.article_id!r}, which "
                "is not in articles.jsonl; remove the line or restore the article"
            )
        if record.id in units:
            raise DataError(
                f"{_at(path, n)}: the id {record.id!r} is used twice (for a {units[record.id]} "
                "before); ids of quotes and speakers must differ"
            )
        units[record.id] = what


def _extractions(
    folder: Path, articles: Sequence[Article], quotes: Sequence[Quote], speakers: Sequence[Speaker]
) -> dict[str, Extraction]:
    quotes_of: dict[str, list[tuple[int, Quote]]] = {article.id: [] for article in articles}
    speakers_of: dict[str, list[tuple[int, Speaker]]] = {article.id: [] for article in articles}
    for n, quote in enumerate(quotes):
        quotes_of[quote.article_id].append((n, quote))
    for n, speaker in enumerate(speakers):
        speakers_of[speaker.article_id].append((n, speaker))
    extractions = {}
    for article in articles:
        extraction = Extraction(
            article_id=article.id,
            quotes=tuple(sorted((q for _, q in quotes_of[article.id]), key=lambda q: q.content)),
            speakers=tuple(speaker for _, speaker in speakers_of[article.id]),
        )
        try:
            check_extraction(article, extraction)
        except DataError as error:
            place = _place_of_error(folder, article, quotes_of[article.id], speakers_of[article.id])
            raise DataError(f"{place}: {error}") from error
        extractions[article.id] = extraction
    return extractions


def _place_of_error(
    folder: Path,
    article: Article,
    quotes: Sequence[tuple[int, Quote]],
    speakers: Sequence[tuple[int, Speaker]],
) -> str:
    """File and line of the first record with which the extraction is no longer well formed."""
    kept_speakers = tuple(speaker for _, speaker in speakers)
    steps = [
        (folder / "speakers.jsonl", n, Extraction(article_id=article.id, speakers=(speaker,)))
        for n, speaker in speakers
    ]
    kept_quotes: tuple[Quote, ...] = ()
    for n, quote in quotes:
        kept_quotes += (quote,)
        extraction = Extraction(article_id=article.id, quotes=kept_quotes, speakers=kept_speakers)
        steps.append((folder / "quotes.jsonl", n, extraction))
    for path, n, extraction in steps:
        try:
            check_extraction(article, extraction)
        except DataError:
            return _at(path, n)
    raise AssertionError(f"article {article.id!r}: the same records were refused a moment ago")


def _check_labels(
    path: Path, labels: Sequence[Label], units: Mapping[str, str], codebook: Codebook
) -> None:
    for n, label in enumerate(labels):
        try:
            variable = codebook.variable(label.variable)
            if units.get(label.unit_id) != variable.unit:
                raise DataError(
                    f"no {variable.unit} has this id; a {variable.name} label takes the id of one "
                    f"in {variable.unit}s.jsonl (remove the label of a removed {variable.unit})"
                )
            if label.value not in variable.names:
                raise DataError(
                    f"{label.value!r} is not a category of {variable.name}; "
                    f"accepted: {', '.join(variable.names)}"
                )
            if label.codebook and label.codebook != codebook.digest:
                raise DataError(
                    f"given under codebook {label.codebook}, not under {codebook.name!r} "
                    f"({codebook.digest}); label it again under this one, or give the other with "
                    "--codebook"
                )
        except DataError as error:
            raise DataError(f"{_at(path, n)}: label of {label.unit_id!r}: {error}") from error


def _note_conflicts(labels: Iterable[Label]) -> list[str]:
    values: dict[tuple[str, str], set[str]] = {}
    settled = set()
    for label in labels:
        values.setdefault((label.unit_id, label.variable), set()).add(label.value)
        if label.annotator == "adjudicated":
            settled.add((label.unit_id, label.variable))
    by_variable = Counter(
        variable
        for (unit, variable), found in values.items()
        if len(found) > 1 and (unit, variable) not in settled
    )
    return [
        f"{count(n, 'unit has', 'units have')} labels of {variable} that contradict each other "
        "without adjudication; the latest counts."
        for variable, n in sorted(by_variable.items())
    ]


def _at(path: Path, n: int) -> str:
    return f"{path}:{_line_number(path, n)}"


def _line_number(path: Path, n: int) -> int:
    """Line of the n-th record (from 0): blank lines hold none."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    return [number for number, line in enumerate(lines, start=1) if line.strip()][n]
