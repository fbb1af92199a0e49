"""Coding sheets that come back: every row checked, all that is wrong told by cell."""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.codebook import Codebook
from framing.dataset.exchange.article_match import match_article
from framing.dataset.exchange.codebook_sheet import read_about
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document, Suggestion
from framing.dataset.exchange.coding_workbook import (
    ARTICLES,
    FORMAT_MARK,
    SHEETS,
    article_rows,
    note_column,
    suggestion_column,
    unit_columns,
    unit_row,
)
from framing.dataset.exchange.imported_corpus import gather_imported
from framing.dataset.exchange.workbook_checks import (
    Problems,
    TableRow,
    check_row,
    check_sheets,
    read_table,
)
from framing.dataset.exchange.workbook_files import from_hidden, open_workbook
from framing.dataset.exchange.workbook_tables import Column
from framing.errors import DataError
from framing.records import Label, Quote, Speaker

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["read_coding_workbook", "workbook_room"]


def read_coding_workbook(
    path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str
) -> CodedCorpus:
    """Read the sheets of one coder; see `framing.dataset.exchange.exchange_format.Read`."""
    if source is None:
        raise DataError(f"{path}: give the folder that was exported with --data")
    problems = Problems(path)
    labels: list[Label] = []
    suggestions: list[Suggestion] = []
    with open_workbook(path, max_bytes=workbook_room(source)) as workbook:
        check_sheets(workbook, SHEETS, problems)
        about = read_about(workbook["instructions"], problems)
        who = _check_about(about, codebook, coder, problems)
        documents = _read_articles(workbook, source, about, problems)
        problems.check()
        for unit in ("speaker", "quote"):
            for row, columns, given in _read_units(workbook, documents, codebook, unit, problems):
                suggestions += given.suggestions
                labels += _labels(row, columns, given, who, codebook, problems)
        problems.check()
    return gather_imported(
        [document.article for document in documents],
        [quote for document in documents for quote in document.quotes],
        [speaker for document in documents for speaker in document.speakers],
        labels,
        where=str(path),
        source=source,
        codebook=codebook,
        coder=who,
        suggestions=suggestions,
    )


def workbook_room(source: CodedCorpus, n_coders: int = 1) -> int:
    """Bytes that a workbook of these data may take unpacked: some ten times what it does take."""
    characters = sum(len(article.text) for article in source.articles)
    n_units = len(source.quotes) + len(source.speakers)
    return (8 << 20) + 16 * characters + (32 << 10) * n_units * n_coders


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What a row says of its unit beside the answers."""

    unit: Quote | Speaker
    probability: Mapping[str, float]
    suggestions: tuple[Suggestion, ...]


def _check_about(
    about: Mapping[str, str], codebook: Codebook, coder: str, problems: Problems
) -> str:
    """Check what the file says of itself; return whose it is."""
    if about.get("file") != FORMAT_MARK:
        problems.add("instructions", f"no row of 'file' and {FORMAT_MARK!r}; export it again")
    if about.get("codebook") != codebook.digest:
        problems.add(
            "instructions",
            f"codebook {about.get('codebook', '')!r}, not {codebook.digest!r} ({codebook.name}); "
            "give the one that was exported with --codebook",
        )
    named = about.get("coder", "")
    if coder and named and coder != named:
        problems.add(
            "instructions",
            f"the sheet of coder {named!r}, given as that of {coder!r}; name {named!r} with "
            "--coders",
        )
    if not (coder or named):
        problems.add("instructions", "names no coder; say whose it is with --coders")
    return coder or named


def _read_articles(
    workbook: "Workbook", source: CodedCorpus, about: Mapping[str, str], problems: Problems
) -> list[Document]:
    """The documents that the workbook holds, in its order."""
    found: dict[str, list[TableRow]] = {}
    n_rows = sum(len(article_rows(document)) for document in source.documents)
    # Data that lack an article have fewer rows than the file: its article is what to tell of.
    for row in read_table(workbook["articles"], ARTICLES, 2 * n_rows + 1000, problems):
        found.setdefault(from_hidden(row.texts["article id"]), []).append(row)
    documents = []
    for article_id, rows in found.items():
        first = rows[0]
        try:
            document = match_article(
                source,
                article_id,
                where=first.cells["article id"],
                sha256=first.texts["sha256"] or "none",
            )
        except DataError as error:
            problems.found.append(str(error))
            continue
        documents.append(document)
        expected = article_rows(document)
        if len(rows) != len(expected):
            problems.add(
                first.cells["text"],
                f"article {article_id!r} has {len(rows):,} rows and was exported with "
                f"{len(expected):,}; undo that",
            )
            continue
        for row, wanted in zip(rows, expected, strict=True):
            check_row(row, ARTICLES, wanted, f"article {article_id!r}", problems)
    if not problems.found and about.get("articles") != str(len(found)):
        problems.add(
            "articles",
            f"{len(found):,} articles, and {about.get('articles') or 'no number'} were exported; "
            "undo what was removed",
        )
    return documents


def _read_units(
    workbook: "Workbook",
    documents: Sequence[Document],
    codebook: Codebook,
    unit: str,
    problems: Problems,
) -> Iterator[tuple[TableRow, Sequence[Column], _Given]]:
    sheet = workbook[f"{unit}s"]
    units: dict[str, tuple[Document, Quote | Speaker]] = {
        one.id: (document, one)
        for document in documents
        for one in (document.quotes if unit == "quote" else document.speakers)
    }
    columns = unit_columns(codebook, unit, _suggested(sheet, codebook), {})
    seen: dict[str, str] = {}
    before = len(problems.found)
    # A row that stands twice is told of as such, so there may be more rows than units.
    for row in read_table(sheet, columns, 2 * len(units) + 100, problems):
        unit_id, where = from_hidden(row.texts["unit"]), row.cells["unit"]
        if unit_id not in units:
            problems.add(
                where,
                f"no {unit} of the data has the id {unit_id!r}; delete the row, or give the data "
                "that were exported with --data",
            )
        elif unit_id in seen:
            problems.add(
                where, f"{unit} {unit_id!r} stands twice, first in {seen[unit_id]}; keep one row"
            )
        else:
            seen[unit_id] = where
            document, one = units[unit_id]
            given = _parse_record(one, row.texts["record"])
            if given is None:
                problems.add(row.cells["record"], f"hidden cell of {unit} {unit_id!r} was changed; "
                             "copy the row from a new export")  # fmt: skip
                continue
            number = row.texts["no."]
            expected = unit_row(
                document,
                one,
                int(number) if number.isascii() and number.isdigit() else -1,
                row.texts["record"],
                given.suggestions,
            )
            check_row(row, columns, expected, f"{unit} {unit_id!r}", problems)
            yield row, columns, given
    if len(problems.found) > before and not seen:
        return  # the table itself is broken, so that no row was read
    for unit_id in [unit_id for unit_id in units if unit_id not in seen]:
        problems.add(
            sheet.title,
            f"no row of {unit} {unit_id!r}, which was exported or is new in the data; undo the "
            "removal, or give the data that were exported with --data",
        )


def _parse_record(unit: Quote | Speaker, record: str) -> _Given | None:
    try:
        found = json.loads(record)
        given = _Given(
            unit=unit,
            probability={str(name): float(p) for name, p in found["probability"].items()},
            suggestions=tuple(
                Suggestion(unit_id=unit.id, variable=str(of), value=str(value), model=str(model))
                for of, value, model in found["suggestions"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return given if all(0 < p <= 1 for p in given.probability.values()) else None


def _suggested(sheet: Any, codebook: Codebook) -> list[str]:
    """The variables for which the sheet has a column of suggestions."""
    head = {str(cell.value) for cells in sheet.iter_rows(max_row=1) for cell in cells}
    return [v.name for v in codebook.variables if suggestion_column(v.name) in head]


def _labels(
    row: TableRow,
    columns: Sequence[Column],
    given: _Given,
    coder: str,
    codebook: Codebook,
    problems: Problems,
) -> Iterator[Label]:
    for column in columns:
        if column.kind != "answer":
            continue
        value, note = row.texts[column.name], row.texts[note_column(column.name)]
        if not value:
            # An answer that was refused is empty here, and was told of.
            refused = any(text.startswith(f"{row.cells[column.name]}:") for text in problems.found)
            if note and not refused:
                problems.add(
                    row.cells[column.name],
                    f"no {column.name}, and a note on it; choose one, or clear the note",
                )
            continue
        yield Label(
            unit_id=given.unit.id,
            variable=column.name,
            value=value,
            annotator=coder,
            codebook=codebook.digest,
            note=note,
            probability=given.probability.get(column.name, 1.0),
        )
