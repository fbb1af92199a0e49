"""The `csv` format: a folder of plain tables that every spreadsheet and statistics program opens.

`articles.csv`, `quotes.csv`, `speakers.csv`, `labels.csv`, and `suggestions.csv` where there are
any. UTF-8 with a byte-order mark (Excel needs it), comma, all line ends as in RFC 4180.
Spreadsheets run a cell that begins with = + - or @ as a formula, so such a cell, and one that
begins with a tab, a line end or an apostrophe, gets an apostrophe in front, which reading takes
away. Spans are JSON, `[[start, end], ...]`, since a spreadsheet makes a date of 12-15; the words
that they cover stand beside them to read by and to notice a slip.
"""

import csv
import dataclasses
import json
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Suggestion
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.imported_corpus import gather_imported
from framing.dataset.exchange.survival import FACETS, Survival
from framing.errors import DataError
from framing.jsonl import from_json, to_json
from framing.records import Article, Label, Quote, Span, Speaker

__all__ = ["CSV", "guard_cell", "unguard_cell"]

_GUARD = "'"
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", _GUARD)
_MAX_CELL = 1 << 27  # characters; the longest article is far below
_DELIMITERS = ",;\t"  # the last two are what spreadsheets save in some countries
_KINDS: Mapping[str, type] = {
    "articles": Article,
    "quotes": Quote,
    "speakers": Speaker,
    "labels": Label,
    "suggestions": Suggestion,
}


def guard_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return _GUARD + text if text.startswith(_GUARDED) else text


def unguard_cell(cell: str) -> str:
    """The text that `guard_cell` was given."""
    return cell.removeprefix(_GUARD) if cell[1:].startswith(_GUARDED) else cell


def _write(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:  # noqa: ARG001
    path.mkdir()
    texts = {article.id: article.text for article in corpus.articles}
    for name, kind in _KINDS.items():
        records = getattr(corpus, name)
        if name == "suggestions" and not records:
            continue
        with (path / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_columns(kind))
            for record in records:
                cells = [_cell(value) for value in to_json(record).values()]
                writer.writerow([*cells, *map(guard_cell, _beside(record, texts).values())])


def _read(path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str) -> CodedCorpus:
    if path.is_file():
        raise DataError(f"{path}: is one table; give the folder with all of them")
    found: dict[str, list[Any]] = {}
    texts: dict[str, str] = {}
    for name, kind in _KINDS.items():
        file = path / f"{name}.csv"
        if name == "suggestions" and not file.exists():
            found[name] = []
            continue
        found[name] = list(_read_table(file, kind, texts))
        if name == "articles":
            texts = {article.id: article.text for article in found[name]}
    return gather_imported(
        found["articles"],
        found["quotes"],
        found["speakers"],
        found["labels"],
        where=str(path),
        source=source,
        codebook=codebook,
        coder=coder,
        suggestions=found["suggestions"],
    )


CSV = Format(
    name="csv",
    summary="folder of plain tables for spreadsheets and statistics programs",
    suffix="",
    survival=dict.fromkeys(FACETS, Survival()),
    write=_write,
    read=_read,
)


def _columns(kind: type) -> list[str]:
    return [*(field.name for field in dataclasses.fields(kind)), *_BESIDE.get(kind, {})]


def _beside(record: Any, texts: Mapping[str, str]) -> dict[str, str]:
    """What stands beside a record to check it by; words of a text that is not there are ""."""
    text = (
        record.text
        if isinstance(record, Article)
        else texts.get(getattr(record, "article_id", ""), "")
    )
    return {name: make(record, text) for name, make in _BESIDE.get(type(record), {}).items()}


def _of(span: Span | None, text: str) -> str:
    return "" if span is None else span.of(text)


_BESIDE: Mapping[type, Mapping[str, Callable[[Any, str], str]]] = {
    Article: {"sha256": lambda article, _: article.sha256},
    Quote: {
        "content_words": lambda quote, text: quote.text(text),
        "cue_words": lambda quote, text: _of(quote.cue, text),
        "source_words": lambda quote, text: _of(quote.source, text),
    },
}


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return guard_cell(value)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _read_table(path: Path, kind: type, texts: Mapping[str, str]) -> Iterator[Any]:
    columns = _columns(kind)
    plain = {name for name, hint in typing.get_type_hints(kind).items() if _is_text(hint)}
    beside = _BESIDE.get(kind, {})
    for n, cells in _rows(path, columns):
        where = f"{path} row {n}"
        row = dict(zip(columns, cells, strict=True))
        fields = {
            name: unguard_cell(cell) if name in plain else _value(cell)
            for name, cell in row.items()
            if name not in beside
        }
        if kind is Quote:
            fields["speaker_id"] = fields["speaker_id"] or None
        try:
            record: Any = from_json(fields, kind)
        except DataError as error:
            raise DataError(f"{where}: {error}") from error
        known = kind is Article or getattr(record, "article_id", "") in texts
        for name, expected in _beside(record, texts).items():
            found = unguard_cell(row[name])
            if known and found != expected:
                raise DataError(
                    f"{where}: {name} is {_short(found)}, but the row says {_short(expected)}; "
                    "one of them was changed: correct the text or the span, or export again"
                )
        yield record


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows by their number in a spreadsheet, where the header is row 1; empty ones left out."""
    # The limit is the csv module's own, for the process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            yield from _checked(path, columns, file, header)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; it should be a table of {path.stem}") from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: not UTF-8 ({error.reason} at byte {error.start}); save it as CSV UTF-8"
        ) from error


def _checked(
    path: Path, columns: list[str], lines: Iterable[str], header: str
) -> Iterator[tuple[int, list[str]]]:
    heads = {mark: next(csv.reader([header], delimiter=mark), []) for mark in _DELIMITERS}
    delimiter = max(heads, key=lambda mark: len(set(columns) & set(heads[mark])))
    if heads[delimiter] != columns:
        unknown = [name for name in heads[delimiter] if name not in columns]
        missing = [name for name in columns if name not in heads[delimiter]]
        what = f"unknown column {_short(unknown[0])}" if unknown else ""
        what = what or (f"no column {missing[0]!r}" if missing else "columns in another order")
        raise DataError(f"{path}: {what}; the first row is {', '.join(columns)}, and no other")
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    n = 1
    while True:
        n += 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise DataError(f"{path} row {n}: broken quotation ({error}); export again") from error
        if cells is None:
            return
        if not any(cells):
            continue
        if len(cells) != len(columns):
            raise DataError(
                f"{path} row {n}: {len(cells)} cells; {len(columns)} columns are accepted"
            )
        yield n, cells


def _value(cell: str) -> Any:
    if not cell:
        return None
    try:
        # Spreadsheets write TRUE for true.
        return json.loads(cell.lower() if cell in ("TRUE", "FALSE") else cell)
    except (ValueError, RecursionError):
        return cell  # a date, or what the record's own check will refuse by name


def _is_text(hint: Any) -> bool:
    return hint in (str, str | None) or typing.get_origin(hint) is typing.Literal


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
