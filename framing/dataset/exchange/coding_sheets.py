"""The `xlsx` format: what survives in coding sheets, and where it is written and read."""

from framing.dataset.exchange.coded_corpus import Document
from framing.dataset.exchange.coding_workbook import write_coding_workbook
from framing.dataset.exchange.coding_workbook_checks import read_coding_workbook
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.survival import FACETS, Facet, Survival
from framing.dataset.exchange.workbook_files import MAX_CELL, cell_length
from framing.records import Label

__all__ = ["XLSX"]

_IN_FILE: tuple[Facet, ...] = (
    "ids",
    "quote_labels",
    "speaker_labels",
    "probability",
    "suggestions",
)


def _holds_note(_: Document, label: Label) -> bool:
    return cell_length(label.note) <= MAX_CELL


XLSX = Format(
    name="xlsx",
    summary="coding sheet for one coder, opened in any spreadsheet program",
    suffix=".xlsx",
    survival={
        **dict.fromkeys(FACETS, Survival(where="source")),
        **dict.fromkeys(_IN_FILE, Survival()),
        "time": Survival(
            where="lost", limit="a spreadsheet does not say when an answer was chosen"
        ),
        "note": Survival(limit=f"no longer than a cell ({MAX_CELL:,} characters)",
                         holds=_holds_note),
    },
    write=write_coding_workbook,
    read=read_coding_workbook,
)  # fmt: skip
