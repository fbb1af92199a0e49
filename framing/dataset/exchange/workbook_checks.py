"""Tables that somebody may have changed, read cell by cell; what is wrong is told all at once."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.dataset.exchange.workbook_files import from_cell
from framing.dataset.exchange.workbook_tables import Column, Content, cell_text
from framing.errors import DataError

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["Problems", "TableRow", "check_row", "check_sheets", "is_same_text", "read_table"]

_MAX_SHOWN = 20
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]+")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row that was read: the text of each cell by its column, and where it stands."""

    number: int
    texts: Mapping[str, str]
    cells: Mapping[str, str]


class Problems:
    """All that is wrong in one file, told in one message."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Note one; `where` is a cell such as "quotes!H5", or a sheet."""
        self.found.append(f"{where}: {what}")

    def check(self) -> None:
        """End here if there are any.

        Raises:
            DataError: There are; the first are listed, the others counted.
        """
        n = len(self.found)
        if n == 0:
            return
        lines = self.found[:_MAX_SHOWN]
        if n > len(lines):
            lines.append(f"and {n - len(lines):,} more")
        raise DataError(
            f"{self.path}: {n:,} problem{'s' if n > 1 else ''}, so nothing is imported\n  "
            + "\n  ".join(lines)
        )


def check_sheets(workbook: "Workbook", titles: Sequence[str], problems: Problems) -> None:
    """Check that a workbook has the sheets that were exported, and no others.

    Raises:
        DataError: One is missing.
    """
    found = workbook.sheetnames
    for title in [title for title in found if title not in titles]:
        problems.add(f"sheet {title!r}", "was not exported; delete it")
    for title in [title for title in titles if title not in found]:
        problems.add(
            f"sheet {title!r}", "is missing; give a workbook of this export, or export it again"
        )
    if any(title not in found for title in titles):
        problems.check()


def check_row(
    row: TableRow,
    columns: Sequence[Column],
    expected: Mapping[str, Content],
    what: str,
    problems: Problems,
) -> bool:
    """Check that locked cells are as they were written, whatever blanks a program changed."""
    before = len(problems.found)
    for column in columns:
        if column.kind in ("answer", "note"):
            continue
        found, wanted = row.texts[column.name], cell_text(expected.get(column.name, ""))
        if is_same_text(found, wanted):
            continue
        where = row.cells[column.name]
        if column.name != "sha256":
            problems.add(
                where,
                f"{column.name} of {what} was changed, to {_around(found, wanted)} from "
                f"{_around(wanted, found)}; undo that, or copy the cell from a new export",
            )
        elif len(problems.found) == before:
            problems.add(
                where,
                f"{what} is not as it was exported: the data or hidden cells were changed since; "
                "give the data that were exported with --data",
            )
    return len(problems.found) == before


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts differ in nothing that programs change: blanks, line ends, escapes."""
    first, second = (_INVISIBLE.sub(" ", from_cell(text)).split() for text in (one, other))
    return first == second


def read_table(
    sheet: Any, columns: Sequence[Column], n_rows: int, problems: Problems
) -> Iterator[TableRow]:
    """Read the rows of a table that somebody may have changed.

    Cells of answers have to hold one of the choices, notes text; locked cells are read as they
    are. Empty rows are passed over.

    Args:
        sheet: Of a workbook opened by `open_workbook`.
        columns: That were written.
        n_rows: That are read at most; with more, reading ends.
        problems: Takes what is wrong.
    """
    from openpyxl.utils import get_column_letter

    sheet.reset_dimensions()  # what a file says of its size need not be true
    title, n_seen = sheet.title, 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        filled = {n: cell for n, cell in enumerate(cells) if cell.value not in (None, "")}
        if number == 1:
            if not _check_head(title, filled, columns, problems):
                return
            continue
        if not filled:
            continue
        n_seen += 1
        if n_seen > n_rows:
            problems.add(
                f"{title} row {number}",
                "more rows than were exported; delete those that were added",
            )
            return
        for n in [n for n in filled if n >= len(columns)]:
            problems.add(
                f"{title}!{get_column_letter(n + 1)}{number}",
                f"{_short(str(filled[n].value))} beside the table; clear the cell",
            )
        places = [f"{title}!{get_column_letter(n + 1)}{number}" for n in range(len(columns))]
        yield TableRow(
            number=number,
            texts={
                column.name: _read_cell(filled.get(n), column, place, problems)
                for n, (column, place) in enumerate(zip(columns, places, strict=True))
            },
            cells={column.name: place for column, place in zip(columns, places, strict=True)},
        )


def _check_head(
    title: str, filled: Mapping[int, Any], columns: Sequence[Column], problems: Problems
) -> bool:
    from openpyxl.utils import get_column_letter

    before = len(problems.found)
    for n in range(max([*filled, len(columns) - 1]) + 1):
        if n not in filled and n >= len(columns):
            continue
        found = str(filled[n].value) if n in filled else ""
        where = f"{title}!{get_column_letter(n + 1)}1"
        if n >= len(columns):
            problems.add(where, f"column {_short(found)} was not exported; delete it")
        elif found != columns[n].name:
            problems.add(
                where, f"{_short(found)} in the place of column {columns[n].name!r}; undo that"
            )
    return len(problems.found) == before


def _read_cell(cell: Any, column: Column, where: str, problems: Problems) -> str:
    if cell is None:
        return ""
    if cell.data_type == "f":
        problems.add(
            where,
            f"a formula ({_short(str(cell.value))}); "
            + ("choose from the list" if column.kind == "answer" else _AS_TEXT),
        )
        return ""
    if isinstance(cell.value, str) and cell.data_type != "e":
        text = from_cell(cell.value)
        if column.kind != "answer":
            return text
        text = text.strip()
        if text and text not in column.choices:
            problems.add(
                where,
                f"{_short(text)} is not a category of {column.name}; accepted: "
                f"{', '.join(column.choices)}",
            )
            return ""
        return text
    if column.kind in ("answer", "note"):
        names = {"e": "an error", "n": "a number", "b": "a truth value"}
        what = names.get(cell.data_type, "a date")
        accepted = "choose from the list" if column.kind == "answer" else _AS_TEXT
        problems.add(where, f"{what} ({_short(str(cell.value))}), not text; {accepted}")
        return ""
    whole = isinstance(cell.value, float) and cell.value.is_integer()
    return str(int(cell.value) if whole else cell.value)


_AS_TEXT = "put an apostrophe (') in front to make it text"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _around(text: str, other: str) -> str:
    """The words where a text first differs from another."""
    words, others = text.split(), other.split()
    at = next(
        (n for n, (a, b) in enumerate(zip(words, others, strict=False)) if a != b),
        min(len(words), len(others)),
    )
    shown = " ".join(words[max(0, at - 2) : at + 4])
    return repr(shown if len(shown) <= 60 else shown[:57] + "...") if shown else "nothing"
