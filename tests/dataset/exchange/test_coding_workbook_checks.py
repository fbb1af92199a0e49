"""What is wrong in a sheet that comes back is told by cell, all of it, and nothing is imported."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import CodedCorpus, gather_corpus, keep_surviving, of_coder
from framing.dataset.exchange.coding_sheets import XLSX
from framing.dataset.exchange.workbook_files import save_workbook
from framing.errors import DataError
from framing.records import Article, Label, Quote, Span
from tests.dataset.exchange.coded_corpora import invented_corpus, make_decoy
from tests.dataset.exchange.libreoffice import edit_in_libreoffice, needs_libreoffice

BOOK = load_codebook()
ROLES = ", ".join(BOOK.variable("role").names)
STANCES = ", ".join(BOOK.variable("stance").names)
Edit = Callable[[Any], None]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """The sheet of ada, in the order of seed 1."""
    kept = keep_surviving(of_coder(invented_corpus(), "ada"), XLSX.survival)[0]
    XLSX.write(kept, tmp_path / "ada.xlsx", coder="ada", seed=1)
    return tmp_path / "ada.xlsx"


def read(path: Path, coder: str = "ada") -> CodedCorpus:
    return XLSX.read(path, source=invented_corpus(), codebook=BOOK, coder=coder)


def edit(path: Path, change: Edit) -> None:
    book: Any = openpyxl.load_workbook(path, rich_text=True)
    change(book)
    save_workbook(book, path)


def load(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def row_of(path: Path, unit: str, title: str = "quotes") -> int:
    for row in load(path)[title].iter_rows():
        if any(cell.value == unit for cell in row):
            return int(row[0].row)
    raise KeyError(unit)


def problems(path: Path, coder: str = "ada") -> list[str]:
    with pytest.raises(DataError) as caught:
        read(path, coder)
    head, *lines = str(caught.value).split("\n  ")
    assert head == (
        f"{path}: {len(lines)} problem{'s' if len(lines) > 1 else ''}, so nothing is imported"
    )
    return lines


def put(place: str, value: Any) -> Edit:
    title, cell = place.split("!")

    def change(book: Any) -> None:
        book[title][cell] = value

    return change


def test_what_a_coder_chose_arrives(sheet: Path) -> None:
    at = row_of(sheet, "varn-2-q2")
    edit(sheet, put(f"quotes!H{at}", " humanitarian "))
    edit(sheet, put(f"quotes!I{at}", "see rule 2\nand 3"))
    edit(sheet, put(f"quotes!H{row_of(sheet, 'varn-1-q2')}", None))
    labels = {label.unit_id: label for label in read(sheet).labels if label.variable == "stance"}
    assert labels["varn-2-q2"] == Label(
        unit_id="varn-2-q2",
        variable="stance",
        value="humanitarian",
        annotator="ada",
        codebook=BOOK.digest,
        note="see rule 2\nand 3",
        probability=1.0,
    )
    assert labels["varn-1-q1"].probability == 0.25
    assert sorted(labels) == ["varn-1-q1", "varn-2-q2"]


def test_rows_may_stand_in_another_order(sheet: Path) -> None:
    def turn(book: Any) -> None:
        rows = [[cell.value for cell in row] for row in book["quotes"].iter_rows(min_row=2)]
        for n, values in enumerate(reversed(rows), start=2):
            for at, value in enumerate(values, start=1):
                cell = book["quotes"].cell(n, at)
                cell.hyperlink, cell.value = None, value
                if isinstance(value, str):
                    cell.data_type = "s"

    before = read(sheet)
    edit(sheet, turn)
    assert read(sheet) == before


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("maybe", f"'maybe' is not a category of stance; accepted: {STANCES}"),
        ("Critical", f"'Critical' is not a category of stance; accepted: {STANCES}"),
        ("=1+1", "a formula ('=1+1'); choose from the list"),
        (3, "a number ('3'), not text; choose from the list"),
        (True, "a truth value ('True'), not text; choose from the list"),
        (datetime.date(2024, 1, 2), "a date ('2024-01-02 00:00:00'), not text; choose from "
                                    "the list"),
        ("#N/A", "an error ('#N/A'), not text; choose from the list"),
    ],
)  # fmt: skip
def test_what_is_no_category_is_told(sheet: Path, value: Any, what: str) -> None:
    at = row_of(sheet, "varn-1-q2")
    edit(sheet, put(f"quotes!H{at}", value))
    assert problems(sheet) == [f"quotes!H{at}: {what}"]


def test_a_note_is_text_and_goes_with_an_answer(sheet: Path) -> None:
    at, bare = row_of(sheet, "varn-1-q2"), row_of(sheet, "varn-2-q2")
    edit(sheet, put(f"quotes!I{at}", "=A1"))
    edit(sheet, put(f"quotes!I{bare}", "not sure"))
    assert sorted(problems(sheet)) == sorted(
        [
            f"quotes!I{at}: a formula ('=A1'); put an apostrophe (') in front to make it text",
            f"quotes!H{bare}: no stance, and a note on it; choose one, or clear the note",
        ]
    )


def test_a_changed_text_is_told_with_its_words(sheet: Path) -> None:
    at = row_of(sheet, "varn-1-q2")
    edit(sheet, put(f"quotes!F{at}", "the town was cut into"))
    assert problems(sheet) == [
        f"quotes!F{at}: quote of quote 'varn-1-q2' was changed, to 'was cut into' from 'was cut "
        "off'; undo that, or copy the cell from a new export"
    ]


def test_blanks_that_a_program_changes_are_no_change(sheet: Path) -> None:
    at = row_of(sheet, "varn-1-q2")
    edit(sheet, put(f"quotes!F{at}", "the town was cut\r\noff "))
    assert len(read(sheet).labels) == 4


def test_a_row_that_is_missing_or_stands_twice_is_told(sheet: Path) -> None:
    first, second = row_of(sheet, "varn-1-q1"), row_of(sheet, "varn-1-q2")

    def copy(book: Any) -> None:
        for at in range(1, 13):
            book["quotes"].cell(second, at).value = book["quotes"].cell(first, at).value

    edit(sheet, copy)
    one, other = sorted((first, second))
    assert problems(sheet) == [
        f"quotes!J{other}: quote 'varn-1-q1' stands twice, first in quotes!J{one}; keep one row",
        "quotes: no row of quote 'varn-1-q2', which was exported or is new in the data; undo the "
        "removal, or give the data that were exported with --data",
    ]


def test_unknown_units_columns_cells_and_sheets_are_told(sheet: Path) -> None:
    def change(book: Any) -> None:
        book["speakers"]["J2"] = "nobody"
        book["quotes"]["N3"] = "my own remark"
        book.create_sheet("notes")

    edit(sheet, change)
    (alone,) = problems(sheet)
    assert alone == "sheet 'notes': was not exported; delete it"
    edit(sheet, lambda book: book.remove(book["notes"]))
    found = problems(sheet)
    assert (
        "speakers!J2: no speaker of the data has the id 'nobody'; delete the row, or give the "
        "data that were exported with --data"
    ) in found
    assert "quotes!N3: 'my own remark' beside the table; clear the cell" in found
    edit(sheet, put("quotes!M1", "certainty"))
    assert "quotes!M1: column 'certainty' was not exported; delete it" in problems(sheet)
    edit(sheet, put("quotes!H1", "Stance"))
    assert "quotes!H1: 'Stance' in the place of column 'stance'; undo that" in problems(sheet)


def test_hidden_cells_are_guarded(sheet: Path) -> None:
    at = row_of(sheet, "varn-1-q1")
    record = '{"probability": {"stance": 0.5}, "suggestions": []}'
    edit(sheet, put(f"quotes!K{at}", record))
    assert problems(sheet) == [
        f"quotes!L{at}: quote 'varn-1-q1' is not as it was exported: the data or hidden cells were "
        "changed since; give the data that were exported with --data"
    ]
    edit(sheet, put(f"quotes!K{at}", '{"probability": {"stance": 7}, "suggestions": []}'))
    assert problems(sheet) == [
        f"quotes!K{at}: hidden cell of quote 'varn-1-q1' was changed; copy the row from a new "
        "export"
    ]


def test_data_that_changed_since_are_told(sheet: Path) -> None:
    corpus = invented_corpus()
    moved = make_decoy(corpus, dict.fromkeys(XLSX.survival, XLSX.survival["ids"]))
    with pytest.raises(DataError, match=r"quote of quote 'varn-1-q1' was changed"):
        XLSX.read(sheet, source=moved, codebook=BOOK, coder="ada")
    more = gather_corpus(
        corpus.articles,
        [
            *corpus.quotes,
            Quote(id="new", article_id="varn-3", kind="direct", content=(Span(0, 2),)),
        ],
        corpus.speakers,
        [],
        codebook=BOOK,
    )
    with pytest.raises(DataError, match=r"no row of quote 'new', which was exported or is new"):
        XLSX.read(sheet, source=more, codebook=BOOK, coder="ada")


def test_the_wrong_coder_codebook_and_file_are_told(sheet: Path) -> None:
    assert problems(sheet, coder="ben") == [
        "instructions: the sheet of coder 'ada', given as that of 'ben'; name 'ada' with --coders"
    ]
    about = {c[0].value: c[1].coordinate for c in load(sheet)["instructions"]}
    edit(sheet, put(f"instructions!{about['codebook']}", "0123"))
    edit(sheet, put(f"instructions!{about['articles']}", "=3"))
    assert problems(sheet)[:2] == [
        f"instructions!{about['articles']}: a formula in a locked cell; export again",
        f"instructions: codebook '0123', not '{BOOK.digest}' (framing); give the one that was "
        "exported with --codebook",
    ]
    edit(sheet, lambda book: book.remove(book["quotes"]))
    assert problems(sheet) == [
        "sheet 'quotes': is missing; give a workbook of this export, or export it again"
    ]


def test_texts_that_were_cut_are_told(sheet: Path) -> None:
    edit(sheet, lambda book: book["articles"].delete_rows(3))  # second paragraph of varn-1
    assert problems(sheet) == [
        "articles!D2: article 'varn-1' has 2 rows and was exported with 3; undo that"
    ]
    edit(sheet, lambda book: book["articles"].delete_rows(2, 2))
    assert problems(sheet) == ["articles: 2 articles, and 3 were exported; undo what was removed"]


def test_all_is_told_at_once_the_first_twenty_in_full(tmp_path: Path) -> None:
    text = " ".join(f"“a{n}”" for n in range(30))
    corpus = gather_corpus(
        [Article(id="a", text=text)],
        [
            Quote(
                id=f"q{n}",
                article_id="a",
                kind="direct",
                content=(Span(text.index(f"“a{n}”"), text.index(f"“a{n}”") + 4),),
            )
            for n in range(30)
        ],
        [],
        [],
        codebook=BOOK,
    )
    path = tmp_path / "ada.xlsx"
    XLSX.write(corpus, path, coder="ada", seed=1)

    def spoil(book: Any) -> None:
        for row in range(2, 32):
            book["quotes"].cell(row, 8).value = "?"

    edit(path, spoil)
    with pytest.raises(DataError) as caught:
        XLSX.read(path, source=corpus, codebook=BOOK, coder="ada")
    head, *lines = str(caught.value).split("\n  ")
    assert head == f"{path}: 30 problems, so nothing is imported"
    assert [line.split(":")[0] for line in lines[:20]] == [f"quotes!H{n}" for n in range(2, 22)]
    assert lines[20:] == ["and 10 more"]


def test_a_million_rows_end_the_reading(sheet: Path) -> None:
    def fill(book: Any) -> None:
        for row in range(6, 3000):
            book["quotes"].cell(row, 1).value = 1
        book["quotes"].cell(1_048_576, 16_384).value = 1

    edit(sheet, fill)
    # 4 quotes were exported, so 2 x 4 + 100 rows are read, of which 104 are of no quote; and the
    # next one ends it.
    with pytest.raises(DataError, match=r": 105 problems, so nothing .*\n  quotes!J6: no quote"):
        read(sheet)


@pytest.mark.slow
@needs_libreoffice
def test_a_sheet_that_libreoffice_saved_arrives(sheet: Path) -> None:
    at, other = row_of(sheet, "varn-2-q2"), row_of(sheet, "varn-1-q2")
    speaker = row_of(sheet, "varn-1-s2", "speakers")
    locked = edit_in_libreoffice(
        sheet,
        {
            f"quotes!H{at}": "critical",
            f"quotes!I{at}": "=a note, no formula",
            f"quotes!H{other}": "humanitarian",
            f"quotes!F{at}": "spoilt",
            f"speakers!H{speaker}": "civilian",
            "articles!D2": "spoilt",
        },
    )
    assert locked == [f"quotes!F{at}", "articles!D2"]
    given = {(x.unit_id, x.variable): (x.value, x.note, x.probability) for x in read(sheet).labels}
    assert given == {
        ("varn-1-q1", "stance"): ("supportive", "", 0.25),
        ("varn-1-q2", "stance"): ("humanitarian", "", 0.25),
        ("varn-2-q2", "stance"): ("critical", "=a note, no formula", 1.0),
        ("varn-1-s1", "role"): ("government", "", 0.25),
        ("varn-1-s2", "role"): ("civilian", "", 1.0),
        ("varn-2-s1", "role"): ("civilian", "=a note", 0.25),
    }


@pytest.mark.slow
@needs_libreoffice
def test_nothing_changes_where_libreoffice_only_saves(tmp_path: Path) -> None:
    odd = "“_x0041_ \U0001f469‍\U0001f467  שלום é,” said she\tand <b>&amp;"
    corpus = gather_corpus(
        [Article(id="a_x000D_", text=odd, title=" \x07bell\x0b=1", target="'t")],
        [Quote(id="1.50", article_id="a_x000D_", kind="direct", content=(Span(0, 17),))],
        [],
        [
            Label(
                unit_id="1.50",
                variable="stance",
                value="neutral",
                annotator="ada",
                codebook=BOOK.digest,
                note="  +1\n\n\x07 '",
                probability=0.1 + 0.2,  # has no short decimal form
            )
        ],
        codebook=BOOK,
    )
    path = tmp_path / "ada.xlsx"
    XLSX.write(corpus, path, coder="ada", seed=1)
    assert XLSX.read(path, source=corpus, codebook=BOOK, coder="ada") == corpus
    edit_in_libreoffice(path, {})
    assert XLSX.read(path, source=corpus, codebook=BOOK, coder="ada") == corpus
