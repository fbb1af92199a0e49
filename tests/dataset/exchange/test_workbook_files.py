import io
import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.dataset.exchange.workbook_files import (
    cell_length,
    from_cell,
    open_workbook,
    save_workbook,
    to_cell,
)
from framing.errors import DataError

_ROOM = 1 << 20
_SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook: Any = openpyxl.Workbook()
    workbook.active["A1"] = "a"
    save_workbook(workbook, tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def rewrite(path: Path, **parts: bytes) -> None:
    """Replace or add parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        all_parts = {name: archive.read(name) for name in archive.namelist()} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in all_parts.items():
            archive.writestr(name, data)


def read_all(path: Path, room: int) -> None:
    with open_workbook(path, max_bytes=room) as workbook:
        for sheet in workbook.worksheets:
            list(sheet.iter_rows())


def refused(path: Path, room: int = _ROOM) -> str:
    with pytest.raises(DataError) as caught:
        read_all(path, room)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value)


def test_a_workbook_is_read(book: Path) -> None:
    with open_workbook(book, max_bytes=_ROOM) as workbook:
        assert [cell.value for cell in next(workbook.worksheets[0].iter_rows())] == ["a"]


@given(st.text(st.characters(codec="utf-8")))
def test_every_text_fits_a_cell_and_comes_back(text: str) -> None:
    escaped = to_cell(text)
    assert from_cell(escaped) == text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", escaped)


def test_escapes_are_those_of_the_standard() -> None:
    # ECMA-376 22.9.2.19 (ST_Xstring): _xHHHH_, and _x005F_ for a _ that would begin one.
    assert to_cell("a\rb\x00_x0041_ _x41_") == "a_x000D_b_x0000__x005F_x0041_ _x41_"
    assert cell_length("🙂a\r") == 2 + 1 + 7


def test_what_is_no_workbook_is_refused(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert "no such file; it should be a workbook (.xlsx)" in refused(path)
    path.write_text("a,b\n", encoding="utf-8")
    assert "is no workbook (.xlsx); save it as one" in refused(path)
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert "is encrypted, or an old .xls file; save it as .xlsx without a password" in refused(path)
    path.write_bytes(book.read_bytes()[:900])
    assert "cannot be read as a workbook (BadZipFile" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "a")
    assert "cannot be read as a workbook (KeyError" in refused(path)
    rewrite(book, **{_SHEET: b"<worksheet><sheetData><row></worksheet>"})
    assert "cannot be read as a workbook (ParseError" in refused(book)


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/vbaProject.bin", "holds macros; save it as .xlsx"),
        ("xl/externalLinks/externalLink1.xml", "holds links to other files; remove them"),
        ("xl/embeddings/oleObject1.bin", "holds embedded files; remove them"),
    ],
)
def test_what_acts_is_refused(book: Path, part: str, what: str) -> None:
    rewrite(book, **{part: b"<a/>"})
    assert what in refused(book)


def test_entities_and_other_encodings_are_refused(book: Path) -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    rewrite(book, **{_SHEET: b"<!-- " + b"x" * (1 << 20) + b" -->" + laughs})
    assert f"{_SHEET} declares XML entities" in refused(book, 1 << 22)
    rewrite(book, **{_SHEET: laughs.decode().encode("utf-16")})
    assert f"{_SHEET} is not in UTF-8" in refused(book)
    rewrite(book, **{_SHEET: b'<?xml version="1.0" encoding="UTF-7"?><worksheet/>'})
    assert f"{_SHEET} is not in UTF-8" in refused(book)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(book: Path) -> None:
    rewrite(book, **{_SHEET: b"<worksheet>" + b" " * (100 << 20)})
    assert book.stat().st_size < _ROOM  # small as a file
    tracemalloc.start()
    assert "takes 100.0 MB unpacked, and what was exported at most 1.0" in refused(book)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 << 20


def test_a_bomb_that_lies_about_its_size_yields_no_more_than_it_says(book: Path) -> None:
    rewrite(book, **{_SHEET: b"<worksheet>" + b" " * (64 << 20)})
    with zipfile.ZipFile(book) as archive:
        size = archive.getinfo(_SHEET).file_size
    data = book.read_bytes().replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))
    book.write_bytes(data)
    tracemalloc.start()
    assert "cannot be read as a workbook (BadZipFile: Bad CRC-32" in refused(book)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 << 20


def test_a_swarm_of_empty_cells_is_refused(book: Path) -> None:
    cells = b"<c/>" * 200_000
    rewrite(
        book, **{_SHEET: b"<worksheet><sheetData><row>" + cells + b"</row></sheetData></worksheet>"}
    )
    assert "holds more cells than were exported" in refused(book)


def test_a_swarm_of_files_and_large_styles_are_refused(book: Path, tmp_path: Path) -> None:
    rewrite(book, **{"xl/styles.xml": b"<a>" + b" " * (5 << 20)})
    assert "takes 5.0 MB unpacked in xl/styles.xml" in refused(book, 64 << 20)
    with zipfile.ZipFile(tmp_path / "many.xlsx", "w") as archive:
        for n in range(20_000):
            archive.writestr(f"{n}.xml", "")
    assert "holds too many files to be a workbook" in refused(tmp_path / "many.xlsx", 64 << 20)


def test_a_part_that_stands_twice_is_refused(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(_SHEET, b"<worksheet/>")
    assert f"holds {_SHEET} twice" in refused(book)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    saved = []
    for n in range(2):
        workbook: Any = openpyxl.Workbook()
        workbook.active["A1"] = "a"
        save_workbook(workbook, tmp_path / f"{n}.xlsx")
        saved.append((tmp_path / f"{n}.xlsx").read_bytes())
    assert saved[0] == saved[1]
    with zipfile.ZipFile(io.BytesIO(saved[0])) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"dcterms" not in archive.read("docProps/core.xml").replace(b"xmlns:dcterms", b"")
