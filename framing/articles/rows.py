"""Files of many articles as a stream of rows: JSON Lines, JSON, CSV and Parquet."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from framing.articles.fields import KEYS, MAX_BYTES, match_key
from framing.errors import DataError

__all__ = ["Row", "read_csv_rows", "read_json_rows", "read_jsonl_rows", "read_parquet_rows"]

# A text of 5 MB takes up to six times as much in JSON, where a character may be \u1234.
_MAX_LINE = 8 * MAX_BYTES
_UNDECODABLE = "cannot be decoded: it holds bytes that are not {}; save the file as UTF-8"
# What a byte becomes that does not fit the encoding.
_ESCAPED = re.compile("[\udc80-\udcff]")
_INDEX_COLUMN = "__index_level_"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file.

    Attributes:
        where: Place in the file, to put after its name: ":12" for a line, " row 12" else.
        number: Counts from 1; 0 for a file that is one article.
        fields: Its values by key.
        problem: Why it has none; "" when it has.
        done: Share of the file that is read with it, in [0, 1].
    """

    where: str
    number: int
    fields: dict[str, Any] = dataclasses.field(default_factory=dict)
    problem: str = ""
    done: float = 1.0


def read_jsonl_rows(file: BinaryIO, size: int, encoding: str) -> Iterator[Row]:
    """Rows of JSON Lines, one object a line; a bad line is a row with a problem.

    Args:
        file: The file at its start.
        size: Its bytes.
        encoding: What it is in.
    """
    with _text(file, encoding, newline="\n") as stream:
        number = 0
        while line := stream.readline(_MAX_LINE):
            number += 1
            where, done = f":{number}", _share(file, size)
            if len(line) == _MAX_LINE and not line.endswith("\n"):
                while (rest := stream.readline(_MAX_LINE)) and not rest.endswith("\n"):
                    pass
                problem = f"the line has over {_MAX_LINE:,} characters"
                yield Row(where=where, number=number, problem=problem, done=done)
            elif line.strip():
                fields, problem = _object(line, encoding)
                yield Row(where=where, number=number, fields=fields, problem=problem, done=done)


def read_json_rows(file: BinaryIO, encoding: str) -> Iterator[Row]:
    """Rows of a JSON file: a list of objects, one object, or objects one after another.

    The file is held in memory, its objects are made one by one. After a place that is not JSON
    nothing can be read, and the last row says so.
    """
    text = file.read().decode(encoding, "surrogateescape").removeprefix("\ufeff")
    decoder, number = json.JSONDecoder(object_pairs_hook=_Pairs), 0
    at = _skip(text, 0, " \t\r\n")
    in_list = text.startswith("[", at)
    at = _skip(text, at + in_list, " \t\r\n")
    while at < len(text):
        if in_list and text[at] == "]":
            at = _skip(text, at + 1, " \t\r\n")
            if at < len(text):
                yield _broken_json(text, at, number, "something follows the list")
            return
        start = at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield _broken_json(text, start, number, str(error))
            return
        at = _skip(text, at, " \t\r\n")
        number += 1
        single = number == 1 and not in_list and at == len(text)
        fields, problem = _checked(value, text[start:at], encoding)
        yield Row(
            where="" if single else f" item {number}",
            number=0 if single else number,
            fields=fields,
            problem=problem,
            done=at / len(text),
        )
        if in_list:
            if at < len(text) and text[at] == ",":
                at = _skip(text, at + 1, " \t\r\n")
            elif at >= len(text) or text[at] != "]":
                yield _broken_json(text, at, number, "a comma or the end of the list is missing")
                return
    if in_list:
        yield _broken_json(text, at, number, "the list does not end: is the file cut off?")


def read_csv_rows(file: BinaryIO, size: int, encoding: str, *, tabs: bool) -> Iterator[Row]:
    """Rows of a CSV file with a header; the delimiter is the one that gives a `text` column.

    A row with too many or too few cells, or with broken quotation, is a row with a problem that
    names its lines; reading goes on at the next line.

    Args:
        file: The file at its start.
        size: Its bytes.
        encoding: What it is in.
        tabs: Whether the delimiter is the tab (TSV); else comma, semicolon, tab or bar.

    Raises:
        DataError: The header has no column `text`, or a column twice.
    """
    # The limit is the csv module's own, for the process; it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_LINE))
    with _text(file, encoding, newline="") as stream:
        yield from _csv_rows(stream, "\t" if tabs else ",;\t|", lambda: _share(file, size))


def read_parquet_rows(file: BinaryIO) -> Iterator[Row]:
    """Rows of a Parquet file, read in batches; an index column of pandas is left out.

    Where a group of rows is damaged, one row with a problem stands for the rest of the group.

    Raises:
        DataError: It is no Parquet file, or has no column `text`.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(file)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise DataError(f"cannot be read as Parquet: {str(error).splitlines()[0]}") from error
    columns = [name for name in table.schema_arrow.names if not name.startswith(_INDEX_COLUMN)]
    _check_columns(columns)
    number, end, n_rows = 0, 0, table.metadata.num_rows
    for group in range(table.num_row_groups):
        end += table.metadata.row_group(group).num_rows
        try:
            for batch in table.iter_batches(256, row_groups=[group], columns=columns):
                for fields, problem in _batch_rows(batch):
                    number += 1
                    yield Row(
                        where=f" row {number}",
                        number=number,
                        fields=fields,
                        problem=problem,
                        done=number / n_rows,
                    )
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            why = str(error).splitlines()[0]
            problem = f"rows {number + 1} to {end} cannot be read as Parquet: {why}"
            yield Row(where=f" row {number + 1}", number=number + 1, problem=problem)
            number = end


def _batch_rows(batch: Any) -> Iterator[tuple[dict[str, Any], str]]:
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except (ValueError, OverflowError):  # one of them holds what Python has no value for
        for i in range(len(batch)):
            try:
                yield batch.slice(i, 1).to_pylist()[0], ""
            except (ValueError, OverflowError) as error:
                yield {}, f"a value cannot be read: {error}"
    else:
        for row in rows:
            yield row, ""


def _csv_rows(
    stream: io.TextIOWrapper, delimiters: str, share: Callable[[], float]
) -> Iterator[Row]:
    first = stream.readline(_MAX_LINE)
    skipped = 0
    if first.lower().startswith("sep=") or (first and not first.strip()):
        first, skipped = stream.readline(_MAX_LINE), 1
    header, delimiter = _header(first, delimiters)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    number, begins = 0, 0
    while True:
        line = begins + 2 + skipped
        cells: list[str] = []
        problem = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"broken quotation ({error}); check this row and the next"
        begins = reader.line_num
        if not cells and not problem:
            continue
        number += 1
        last = begins + 1 + skipped
        lines = f"lines {line} to {last}: " if last > line else ""
        if not problem and len(cells) != len(header):
            problem = (
                f"{len(cells)} cells for {len(header)} columns; put cells that hold the "
                "delimiter or quotation marks in quotation marks"
            )
        elif not problem and any(_is_undecodable(cell) for cell in cells):
            problem = _UNDECODABLE.format(stream.encoding)
        elif not problem and any("\0" in cell for cell in cells):
            problem = "binary: it holds a NUL byte; text is accepted"
        yield Row(
            where=f":{line}",
            number=number,
            fields={} if problem else dict(zip(header, cells, strict=True)),
            problem=lines + problem if problem else "",
            done=share(),
        )


def _text(file: BinaryIO, encoding: str, *, newline: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline=newline)


def _share(file: BinaryIO, size: int) -> float:
    return min(1.0, file.tell() / size) if size else 1.0


def _skip(text: str, at: int, blanks: str) -> int:
    while at < len(text) and text[at] in blanks:
        at += 1
    return at


def _is_undecodable(text: str) -> bool:
    return _ESCAPED.search(text) is not None


class _Pairs(list[tuple[str, Any]]):
    """Keys and values of a JSON object as written: of equal keys, `dict` keeps one unsaid."""


def _object(line: str, encoding: str) -> tuple[dict[str, Any], str]:
    try:
        value = json.loads(line.rstrip(), object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        problem = f"not JSON: {error.msg} at character {error.pos + 1} of the line"
        return {}, f"{problem}; accepted: one JSON object a line"
    except (ValueError, RecursionError) as error:
        return {}, f"not JSON: {error}; accepted: one JSON object a line"
    return _checked(value, line, encoding)


def _checked(value: Any, raw: str, encoding: str) -> tuple[dict[str, Any], str]:
    if _is_undecodable(raw):
        return {}, _UNDECODABLE.format(encoding)
    if not isinstance(value, _Pairs):
        shown = raw.strip() if len(raw) <= 60 else raw.strip()[:57] + "..."
        return {}, f"found {shown!r}, but an article is a JSON object with at least the key 'text'"
    fields: dict[str, Any] = {}
    for key, inner in value:
        twice = key if key in fields else _twice(inner)
        if twice is not None:
            return {}, f"key {twice!r} is given twice; keep one of them"
        fields[key] = dict(inner) if isinstance(inner, _Pairs) else inner
    return fields, ""


def _twice(value: Any) -> str | None:
    keys = [key for key, _ in value] if isinstance(value, _Pairs) else []
    return next((key for key in keys if keys.count(key) > 1), None)


def _broken_json(text: str, at: int, number: int, why: str) -> Row:
    line = text.count("\n", 0, at) + 1
    problem = f"not JSON from here on, nothing after it is read: {why}"
    return Row(where=f":{line}", number=number + 1, problem=problem)


def _header(line: str, delimiters: str) -> tuple[list[str], str]:
    headers, problem = [], ""
    for delimiter in delimiters:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error as error:  # as a quoted name has with every delimiter but its own
            problem = problem or str(error)
        else:
            headers.append(([cell.strip() for cell in cells], delimiter))
    if not headers:
        raise DataError(f"the header cannot be read: {problem}")
    fitting = [header for header in headers if _has_text(header[0])]
    header, delimiter = (fitting or sorted(headers, key=lambda h: -len(h[0])))[0]
    _check_columns(header)
    return header, delimiter


def _check_columns(columns: list[str]) -> None:
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"column {twice!r} is there twice; rename one of them")
    if not _has_text(columns):
        shown = ", ".join(columns[:12]) or "none"
        raise DataError(
            f"no column 'text'; found: {shown}; accepted: {', '.join(KEYS)}, of which only text "
            "is required, and columns to compare by"
        )


def _has_text(columns: list[str]) -> bool:
    keys = set(columns)
    return any(match_key(name, keys) == "text" for name in columns)
