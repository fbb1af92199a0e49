"""Tables in workbooks: locked but for the answers, which are chosen from lists."""

import dataclasses
import math
from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from framing.dataset.exchange.quote_context import Piece
from framing.dataset.exchange.workbook_files import MAX_CELL, cell_length, to_cell
from framing.errors import DataError

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "Column",
    "Content",
    "cell_text",
    "fit_cell",
    "lock",
    "put",
    "write_table",
]

Content = str | int | Sequence[Piece]
FONT = "Calibri"
HEAD = "1F3864"  # white on it has a contrast of 11 to 1
ANSWER = "FFF6D6"
MARKED = "1F3864"
QUIET = "595959"
_LINE = 14.5  # points of one line of text
_MAX_HEIGHT = 409  # points; Excel's own limit
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_CUT = " […]"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        name: In the first row.
        width: In characters.
        kind: "shown": locked; "answer" and "note": for the coder; "hidden": locked, not seen.
        choices: Of an answer: the words that are accepted.
        source: Of an answer: the cells that list these, such as `codebook!$B$4:$B$8`.
        prompt: Of an answer: what is asked.
    """

    name: str
    width: float
    kind: Literal["shown", "answer", "note", "hidden"] = "shown"
    choices: tuple[str, ...] = ()
    source: str = ""
    prompt: str = ""


def fit_cell(text: str, limit: int = MAX_CELL - 100) -> str:
    """The text, cut with "[…]" where a cell cannot hold it."""
    if cell_length(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cell_length(text[:middle]) <= limit else (low, middle - 1)
    return text[:low] + _CUT


def cell_text(content: Content) -> str:
    """The content of a cell as one string."""
    if isinstance(content, str | int):
        return str(content)
    return "".join(words for words, _ in content)


def put(sheet: "Worksheet", row: int, column: int, content: Content) -> "Cell":
    """Fill a cell with text that stays text, whatever it begins with.

    Raises:
        DataError: It is longer than a cell holds.
    """
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles.colors import Color

    cell = cast("Cell", sheet.cell(row=row, column=column))  # merged ones are not filled
    if isinstance(content, int):
        cell.value = content
        return cell
    text = cell_text(content)
    if cell_length(text) > MAX_CELL:
        raise DataError(
            f"{sheet.title}!{cell.coordinate}: {text[:40]!r}... has {cell_length(text):,} "
            f"characters, and a cell holds {MAX_CELL:,}; shorten it in the data"
        )
    if not text:
        return cell
    if isinstance(content, str):
        value: Any = to_cell(content)
    else:
        fonts = {
            marked: InlineFont(
                rFont=FONT, sz=11, b=marked, color=Color(MARKED if marked else QUIET)
            )
            for marked in (True, False)
        }
        value = CellRichText(*(TextBlock(fonts[marked], to_cell(w)) for w, marked in content if w))
    cell.value = value
    cell.data_type = "s"  # not a formula, and not an error such as #N/A
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def write_table(
    sheet: "Worksheet",
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Content]],
    *,
    links: Sequence[str] = (),
    optional: Container[tuple[int, str]] = (),
) -> None:
    """Write a table with its names in the first row.

    Args:
        sheet: An empty one.
        columns: In order.
        rows: Content by column; a column that is not in a row stays empty.
        links: For each row a place in the workbook that its column "text" leads to.
        optional: Answers that are not waited for, by index of the row and column: not coloured.
    """
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.hyperlink import Hyperlink

    line = Side(style="thin", color="BFBFBF")
    head = PatternFill("solid", fgColor=HEAD)
    answer = PatternFill("solid", fgColor=ANSWER)
    for at, column in enumerate(columns, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.kind == "hidden"
        cell = put(sheet, 1, at, column.name)
        cell.font = Font(name=FONT, sz=11, b=True, color="FFFFFF")
        cell.fill = head
        cell.alignment = Alignment(
            vertical="center", wrap_text=True, horizontal="left", indent=int(column.width > 10)
        )
        if column.kind == "answer" and rows:
            choice = DataValidation(
                type="list", formula1=column.source, allow_blank=True, showDropDown=False
            )
            choice.error = f"Choose one of: {', '.join(column.choices)}"[:225]
            choice.errorTitle = "Not in the codebook"
            choice.prompt, choice.promptTitle = column.prompt[:250], column.name[:30]
            choice.showErrorMessage = choice.showInputMessage = True
            choice.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.add_data_validation(choice)
        for n, row in enumerate(rows, start=2):
            cell = put(sheet, n, at, row.get(column.name, ""))
            cell.alignment = Alignment(
                vertical="top",
                wrap_text=column.kind != "hidden",
                horizontal="left",
                indent=int(column.width > 10),
            )
            cell.border = Border(bottom=line)
            cell.font = Font(name=FONT, sz=11)
            if column.kind in ("answer", "note"):
                cell.protection = Protection(locked=False)
                if (n - 2, column.name) not in optional:
                    cell.fill = answer
                cell.border = Border(bottom=line, left=line, right=line, top=line)
                cell.number_format = "@"  # what is typed stays text
            if column.name == "text" and links:
                cell.hyperlink = Hyperlink(ref=cell.coordinate, location=links[n - 2])
                cell.font = Font(name=FONT, sz=11, color="0563C1", underline="single")
    sheet.row_dimensions[1].height = 32
    for n, row in enumerate(rows, start=2):
        sheet.row_dimensions[n].height = _height(columns, row)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    lock(sheet)


def lock(sheet: "Worksheet") -> None:
    """Lock all cells that are not for answers; columns and rows may be made wider."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.autoFilter = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _height(columns: Sequence[Column], row: Mapping[str, Content]) -> float:
    """Points that the longest cell needs; a little too much rather than too little."""
    n_lines = 1
    for column in columns:
        if column.kind == "hidden":
            continue
        room = max(1.0, column.width * 1.05 - 3)
        lines = cell_text(row.get(column.name, "")).split("\n")
        n_lines = max(n_lines, sum(max(1, math.ceil(len(line) / room)) for line in lines))
    return min(_MAX_HEIGHT, n_lines * _LINE + 6)
