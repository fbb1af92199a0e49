"""The sheets of a workbook that are read before work: instructions and codebook."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from framing.codebook import Codebook
from framing.dataset.exchange.workbook_checks import Problems
from framing.dataset.exchange.workbook_files import from_cell
from framing.dataset.exchange.workbook_tables import lock, put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_about", "write_codebook", "write_instructions"]

_MAX_ABOUT = 60  # rows in which what the file says of itself is looked for
_WIDTHS = (4, 24, 62, 52, 52, 60)
_HEAD = ("category", "definition", "belongs to it", "does not", "invented examples")


def write_instructions(
    sheet: "Worksheet", *, title: str, steps: Sequence[str], about: Mapping[str, str]
) -> None:
    """Write what to do, then what the file is: keys in the first column, values in the second."""
    for letter, width in (("A", 20), ("B", 100)):
        sheet.column_dimensions[letter].width = width
    row = 1 + _line(sheet, 1, 1, title, size=16, bold=True)
    for n, step in enumerate(steps, start=1):
        _line(sheet, row + n, 1, f"{n}.")
        _line(sheet, row + n, 2, step)
        sheet.row_dimensions[row + n].height = 17 * (1 + len(step) // 105)
    row += len(steps) + 2
    for n, (key, value) in enumerate(about.items()):
        _line(sheet, row + n, 1, key, color="595959")
        _line(sheet, row + n, 2, value, color="595959")
    lock(sheet)
    sheet.print_title_rows = None


def read_about(sheet: Any, problems: Problems) -> dict[str, str]:
    """What the file says of itself, by key; formulas are refused."""
    about: dict[str, str] = {}
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=2, max_row=_MAX_ABOUT), start=1):
        key, value = cells
        if value.data_type == "f":
            problems.add(f"{sheet.title}!B{number}", "a formula in a locked cell; export again")
        elif isinstance(key.value, str):
            about[key.value] = from_cell("" if value.value is None else str(value.value))
    return about


def write_codebook(sheet: "Worksheet", codebook: Codebook) -> dict[str, str]:
    """Write definitions and rules; return, by variable, the cells that list its categories."""
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    row = _line(sheet, 1, 1, codebook.title or codebook.name, size=16, bold=True)
    choices = {}
    for variable in codebook.variables:
        row = _line(sheet, row + 2, 1, f"{variable.name}, of each {variable.unit}", size=13,
                    bold=True)  # fmt: skip
        row = _line(sheet, row + 1, 2, variable.question, across=True)
        for n, words in enumerate(_HEAD, start=2):
            _line(sheet, row + 1, n, words, bold=True, color="1F3864", ruled=True)
        row += 1
        first = row + 1
        for category in variable.categories:
            row += 1
            lists = (category.include, category.exclude, category.examples)
            texts = [category.name, category.definition, *map(_bullets, lists)]
            for n, text in enumerate(texts, start=2):
                _line(sheet, row, n, text, bold=n == 2, ruled=True)
            sheet.row_dimensions[row].height = _height(texts)
        choices[variable.name] = f"{sheet.title}!$B${first}:$B${row}"
        row = _rules(sheet, row, "Where several fit, in order of precedence", variable.tie_breaks)
    _rules(sheet, row + 1, "What a quote is", codebook.quote)
    sheet.sheet_view.showGridLines = False
    lock(sheet)
    sheet.print_title_rows = None
    return choices


def _rules(sheet: "Worksheet", row: int, title: str, rules: Sequence[str]) -> int:
    if not rules:
        return row
    row = _line(sheet, row + 1, 2, title, bold=True, color="1F3864", across=True)
    for n, rule in enumerate(rules, start=1):
        row = _line(sheet, row + 1, 2, f"{n}. {rule}", across=True)
    return row


def _line(
    sheet: "Worksheet",
    row: int,
    column: int,
    text: str,
    *,
    size: int = 11,
    bold: bool = False,
    color: str = "000000",
    across: bool = False,
    ruled: bool = False,
) -> int:
    """Fill one cell, or one that is as wide as the sheet; return the row."""
    from openpyxl.styles import Alignment, Border, Font, Side

    cell = put(sheet, row, column, text)
    cell.font = Font(name="Calibri", sz=size, b=bold, color=color)
    # A heading runs over the cells beside it; a text stays in its own.
    cell.alignment = Alignment(
        vertical="top", wrap_text=across or (column > 1 and size == 11), indent=int(column > 2)
    )
    if size > 11:
        sheet.row_dimensions[row].height = 1.6 * size
    if ruled:
        cell.border = Border(bottom=Side(style="thin", color="BFBFBF"))
    if across:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=6)
        sheet.row_dimensions[row].height = 15 * (1 + len(text) // sum(_WIDTHS[column - 1 :])) + 2
    return row


def _bullets(items: Sequence[str]) -> str:
    return "\n".join(f"• {item}" for item in items)


def _height(texts: Sequence[str]) -> float:
    lines = [
        sum(1 + int(len(line) / (width * 1.02)) for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS[1:], strict=True)
    ]
    return min(409, 15 * max(lines) + 4)
