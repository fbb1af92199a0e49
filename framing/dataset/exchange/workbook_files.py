"""Workbooks (.xlsx) as files: the same bytes from the same content, and none opened on trust.

A workbook that comes back from somebody may be anything: its size is checked before it is
unpacked, and macros, links to other files, XML entities and encryption are refused.
"""

import contextlib
import io
import json
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from framing.errors import DataError

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = [
    "MAX_CELL",
    "cell_length",
    "from_cell",
    "from_hidden",
    "open_workbook",
    "save_workbook",
    "to_cell",
    "to_hidden",
]

MAX_CELL = 32_767  # UTF-16 units of text in a cell
_MEGABYTE = 1 << 20
_MAX_OTHER = 4 * _MEGABYTE  # of parts other than cells and their texts: styles, names, theme
_MAX_DIRECTORY = _MEGABYTE  # of a zip archive, which is read before anything else
_BYTES_PER_TAG = 16  # a file of nothing but empty cells takes far more memory than space
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old .xls files, and encrypted new ones
_BIG = ("xl/worksheets/", "xl/sharedStrings.xml")
_REFUSED = {
    "vbaproject": "macros; save it as .xlsx, which holds none",
    "xl/macrosheets/": "macros; save it as .xlsx, which holds none",
    "xl/externallinks/": "links to other files; remove them (Data, Edit Links), and save again",
    "xl/embeddings/": "embedded files; remove them, and save again",
}
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
# What XML 1.0 cannot hold or changes, and what looks like an escape of it.
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def to_cell(text: str) -> str:
    """The text with _xHHHH_ for what a cell cannot hold, as ECMA-376 (ST_Xstring) has it."""
    return _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def from_cell(text: str) -> str:
    """The text that `to_cell` was given."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def to_hidden(text: str) -> str:
    """The text for a cell that no one sees, so that not even LibreOffice changes it.

    LibreOffice reads _xHHHH_ as a character and writes that one back without the escape; so
    what would need one is JSON instead, and so is what looks like it.
    """
    if to_cell(text) == text == text.strip() and not text.startswith('"'):
        return text
    return json.dumps(text).replace("_x", "\\u005fx")


def from_hidden(text: str) -> str:
    """The text that `to_hidden` was given; what was broken since is given as it is."""
    if not text.startswith('"'):
        return text
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def cell_length(text: str) -> int:
    """UTF-16 units that the text takes in a cell; `MAX_CELL` at most are held."""
    return len(to_cell(text).encode("utf-16-le", "surrogatepass")) // 2


def save_workbook(workbook: "Workbook", path: Path) -> None:
    """Write a workbook without the clock: the same content gives the same bytes."""
    written = io.BytesIO()
    workbook.save(written)
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"<dcterms:(created|modified).*?</dcterms:\1>", b"", data)
            # 1980 is where the clock of zip archives begins.
            plain = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED
            plain.external_attr = 0o600 << 16
            target.writestr(plain, data)


@contextlib.contextmanager
def open_workbook(path: Path, *, max_bytes: int) -> Iterator["Workbook"]:
    """Open a workbook to read it row by row, after checking that this is safe.

    Args:
        path: The file.
        max_bytes: That it may take unpacked; larger ones are refused before they are unpacked.

    Raises:
        DataError: It is missing, no workbook, encrypted, damaged, too large, or holds macros,
            links to other files or XML entities; also if reading it in the block finds damage.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as file:
            _check_outside(file, path, max_bytes)
            with zipfile.ZipFile(file) as archive:
                _check_inside(archive, path, max_bytes)
            file.seek(0)
            with warnings.catch_warnings():
                # Of parts that other programs add, such as their own kinds of validation.
                warnings.simplefilter("ignore")
                workbook = load_workbook(file, read_only=True, data_only=False)
                try:
                    yield workbook
                finally:
                    workbook.close()
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; it should be a workbook (.xlsx)") from None
    except (
        zipfile.BadZipFile, zlib.error, InvalidFileException, NotImplementedError, OSError,
        SyntaxError, KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError,
    ) as error:  # fmt: skip
        raise DataError(
            f"{path}: cannot be read as a workbook ({type(error).__name__}: {error}); open it in "
            "a spreadsheet program, and save it as .xlsx"
        ) from error


def _check_outside(file: io.BufferedReader, path: Path, max_bytes: int) -> None:
    size = file.seek(0, io.SEEK_END)
    if size > max_bytes:
        raise _too_large(path, size, max_bytes)
    file.seek(0)
    start = file.read(len(_OLE))
    if start == _OLE:
        raise DataError(
            f"{path}: is encrypted, or an old .xls file; save it as .xlsx without a password"
        )
    if not start.startswith(b"PK"):
        raise DataError(f"{path}: is no workbook (.xlsx); save it as one")
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")  # the end of the archive says how long its directory is
    if end >= 0 and len(tail) >= end + 16:
        (directory,) = struct.unpack_from("<I", tail, end + 12)
        if directory > _MAX_DIRECTORY:
            raise DataError(f"{path}: holds too many files to be a workbook; export it again")
    file.seek(0)


def _check_inside(archive: zipfile.ZipFile, path: Path, max_bytes: int) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise DataError(f"{path}: holds {twice} twice; export it again")
    for name in names:
        for mark, what in _REFUSED.items():
            if mark in name.lower():
                raise DataError(f"{path}: holds {what}")
    total = 0
    for entry in entries:
        big = entry.filename.startswith(_BIG)
        total += entry.file_size
        if total > max_bytes:
            raise _too_large(path, sum(e.file_size for e in entries), max_bytes)
        if not big and entry.file_size > _MAX_OTHER and _is_xml(entry.filename):
            raise _too_large(path, entry.file_size, _MAX_OTHER, f" in {entry.filename}")
    tags = 0
    for entry in entries:
        if _is_xml(entry.filename):
            tags += _check_xml(archive, entry, path)
            if tags * _BYTES_PER_TAG > max_bytes:
                raise DataError(
                    f"{path}: holds more cells than were exported ({entry.filename}); delete "
                    "what was added, or export again"
                )


def _check_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> int:
    """Refuse what can make an XML reader run away; return the number of tags."""
    tags, before = 0, b""
    with archive.open(entry) as part:  # reads no more than the size that was checked
        while chunk := part.read(_MEGABYTE):
            if not before:
                declared = _ENCODING.match(chunk[:256].removeprefix(b"\xef\xbb\xbf"))
                known = declared is None or declared[1].lower() in (b"utf-8", b"us-ascii")
                if not known or b"\x00" in chunk[:4] or chunk.startswith((b"\xff", b"\xfe")):
                    raise DataError(
                        f"{path}: {entry.filename} is not in UTF-8, as spreadsheet programs "
                        "write it; save it again in one"
                    )
            if b"<!DOCTYPE" in before + chunk or b"<!ENTITY" in before + chunk:
                raise DataError(
                    f"{path}: {entry.filename} declares XML entities, which no spreadsheet "
                    "program does; do not open it, and ask who sent it"
                )
            tags += chunk.count(b"<")
            before = chunk[-16:]
    return tags


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _too_large(path: Path, size: int, limit: int, where: str = "") -> DataError:
    return DataError(
        f"{path}: takes {size / _MEGABYTE:,.1f} MB unpacked{where}, and what was exported at most "
        f"{limit / _MEGABYTE:,.1f}; delete what was added, or export again"
    )
