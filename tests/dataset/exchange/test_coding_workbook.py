"""The sheets as a coder finds them, opened with openpyxl."""

import dataclasses
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import CodedCorpus, Suggestion, gather_corpus, of_coder
from framing.dataset.exchange.coding_sheets import XLSX
from framing.dataset.exchange.survival import keep_surviving
from framing.errors import DataError
from framing.records import Article, Quote, Span, Speaker
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()


def write(corpus: CodedCorpus, path: Path, *, coder: str = "ada", seed: int = 1) -> Any:
    kept = keep_surviving(of_coder(corpus, coder), XLSX.survival)[0]
    XLSX.write(kept, path, coder=coder, seed=seed)
    return openpyxl.load_workbook(path, rich_text=True)


def table(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_sheets_hold_rules_texts_and_units(tmp_path: Path) -> None:
    book = write(invented_corpus(), tmp_path / "ada.xlsx")
    assert book.sheetnames == ["instructions", "codebook", "speakers", "quotes", "articles"]
    about = {row[0]: row[1] for row in book["instructions"].iter_rows(values_only=True)}
    assert about["coder"] == "ada"
    assert about["codebook"] == BOOK.digest
    assert about["seed of the order"] == "1"
    words = {str(cell.value) for row in book["codebook"].iter_rows() for cell in row}
    for variable in BOOK.variables:
        assert {variable.question, *variable.names} <= words
        assert {category.definition for category in variable.categories} <= words
    assert {f"{n}. {rule}" for n, rule in enumerate(BOOK.quote, start=1)} <= words
    (quote,) = [row for row in table(book["quotes"]) if row["unit"] == "varn-1-q1"]
    assert quote["target"] == "the closing of the Varn bridge"
    assert quote["quote"] == "“We had no choice,” “The water was rising.”"
    assert quote["speaker"] == "Ada Brook"
    assert (quote["stance"], quote["note on stance"]) == ("supportive", None)
    (speaker,) = [row for row in table(book["speakers"]) if row["unit"] == "varn-1-s1"]
    assert (speaker["role"], speaker["presented as"]) == ("government", "the mayor")
    texts = [row["text"] for row in table(book["articles"]) if row["article id"] == "varn-1"]
    assert "\n\n".join(texts) == invented_corpus().articles[0].text


def test_the_quote_is_bold_in_its_context(tmp_path: Path) -> None:
    book = write(invented_corpus(), tmp_path / "ada.xlsx")
    (row,) = [row for row in table(book["quotes"]) if row["unit"] == "varn-1-q1"]
    bold = [str(piece) for piece in row["context"] if piece.font.b]
    assert bold == ["“We had no choice,”", "“The water was rising.”"]


def test_answers_are_open_with_lists_and_all_else_is_locked(tmp_path: Path) -> None:
    book = write(invented_corpus(), tmp_path / "ada.xlsx")
    assert book.security.lockStructure
    for title, variable in (("quotes", "stance"), ("speakers", "role")):
        sheet = book[title]
        assert sheet.protection.sheet
        assert sheet.freeze_panes == "A2"
        open_columns = {
            sheet.cell(1, cell.column).value
            for row in sheet.iter_rows(min_row=2)
            for cell in row
            if not cell.protection.locked
        }
        assert open_columns == {variable, f"note on {variable}"}
        hidden = {
            sheet[f"{letter}1"].value for letter, of in sheet.column_dimensions.items() if of.hidden
        }
        assert hidden >= {"unit"}
        (choice,) = sheet.data_validations.dataValidation
        title_, cells = choice.formula1.split("!")
        listed = [row[0].value for row in book[title_][cells.replace("$", "")]]
        assert tuple(listed) == BOOK.variable(variable).names
        column = next(cell for cell in sheet[1] if cell.value == variable).column_letter
        assert str(choice.sqref) == f"{column}2:{column}{sheet.max_row}"


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    text = "=SUM(A1) she said. +1 -1 @here #N/A"
    corpus = gather_corpus(
        [Article(id="=a", text=text, title="=HYPERLINK(1)", target="-x")],
        [Quote(id="@q", article_id="=a", kind="direct", content=(Span(0, 8),), speaker_id="+s")],
        [Speaker(id="+s", article_id="=a", name="#N/A", description="@d")],
        [],
        codebook=BOOK,
    )
    book = write(corpus, tmp_path / "ada.xlsx")
    for sheet in book.worksheets:
        assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n"}
    (row,) = table(book["quotes"])
    assert (row["quote"], row["target"], row["article"]) == ("=SUM(A1)", "-x", "=HYPERLINK(1)")
    cells = {str(cell.value): cell for cell in book["quotes"][2]}
    assert cells["=SUM(A1)"].quotePrefix
    assert cells["-x"].quotePrefix
    assert not cells["read"].quotePrefix
    (row,) = table(book["speakers"])
    assert row["speaker"] == "#N/A"
    with zipfile.ZipFile(tmp_path / "ada.xlsx") as archive:
        names = [name for name in archive.namelist() if "sheets/sheet" in name]
        assert not any(b"<f>" in archive.read(name) for name in names)


def _order(path: Path, title: str = "quotes") -> Sequence[Any]:
    book: Any = openpyxl.load_workbook(path)
    return [row["unit"] for row in table(book[title])]


def test_each_coder_has_an_order_of_their_own_that_the_seed_gives(tmp_path: Path) -> None:
    text = "“a b.” " * 12
    corpus = gather_corpus(
        [Article(id="a", text=text.strip())],
        [
            Quote(id=f"q{n}", article_id="a", kind="direct", content=(Span(7 * n, 7 * n + 6),))
            for n in range(12)
        ],
        [],
        [],
        codebook=BOOK,
    )
    orders: list[tuple[Any, ...]] = []
    for coder, seed in (("ada", 1), ("ben", 1), ("ada", 2), ("ada", 1)):
        path = tmp_path / f"{coder}-{seed}-{len(orders)}.xlsx"
        book = write(corpus, path, coder=coder, seed=seed)
        orders.append(tuple(_order(path)))
        assert [row["no."] for row in table(book["quotes"])] == list(range(1, 13))
    # Of 12! orders, two that are drawn are the same once in 479 million times.
    assert len(set(orders)) == 3
    assert orders[0] == orders[3]
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_suggestions_are_shown_where_there_are_any(tmp_path: Path) -> None:
    corpus = invented_corpus()
    shown = Suggestion(unit_id="varn-1-q2", variable="stance", value="critical", model="words")
    other = dataclasses.replace(shown, value="neutral", model="net")
    corpus = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers, [], codebook=BOOK,
        suggestions=[shown, other],
    )  # fmt: skip
    book = write(corpus, tmp_path / "ada.xlsx")
    rows = {row["unit"]: row for row in table(book["quotes"])}
    assert rows["varn-1-q2"]["suggested stance"] == "neutral (net)\ncritical (words)"
    assert rows["varn-1-q1"]["suggested stance"] is None
    assert rows["varn-1-q2"]["stance"] is None
    assert "suggested role" not in table(book["speakers"])[0]
    back = XLSX.read(tmp_path / "ada.xlsx", source=invented_corpus(), codebook=BOOK, coder="ada")
    assert back.suggestions == (other, shown)


def test_a_long_note_is_listed_and_a_long_id_refused(tmp_path: Path) -> None:
    corpus = invented_corpus()
    label = dataclasses.replace(corpus.labels[0], note="🙂" * 20_000)  # 40,000 UTF-16 units
    corpus = gather_corpus(corpus.articles, corpus.quotes, corpus.speakers, [label], codebook=BOOK)
    kept, lost = keep_surviving(corpus, XLSX.survival)
    assert kept.labels[0].note == ""
    assert sum("note: no longer than a cell (32,767 characters)" in x.reason for x in lost) == 1
    long = gather_corpus([Article(id="x" * 40_000, text="a")], [], [], [], codebook=BOOK)
    with pytest.raises(DataError, match=r"articles!E2: 'x+'\.\.\. has 40,000 characters"):
        XLSX.write(long, tmp_path / "a.xlsx", coder="ada", seed=1)
