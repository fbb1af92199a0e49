"""Tables as a spreadsheet sees them, edits by hand, and tables that are wrong."""

import csv
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.dataset.exchange.csv_folder import CSV, guard_cell, unguard_cell
from framing.errors import DataError
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    CSV.write(invented_corpus(), tmp_path / "out", coder="", seed=0)
    return tmp_path / "out"


def _read(folder: Path, *, coder: str = "") -> CodedCorpus:
    return CSV.read(folder, source=invented_corpus(), codebook=BOOK, coder=coder)


def _edit(path: Path, old: str, new: str, *, count: int = 1) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path.name}"
    path.write_bytes(text.replace(old, new, count).encode("utf-8"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@given(text=st.text() | st.sampled_from(["=1", "'=1", "''", "'", "-", "\t=", "@a", "+", "'a"]))
def test_guarded_cells_are_no_formulas_and_come_back(text: str) -> None:
    assert not guard_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unguard_cell(guard_cell(text)) == text


def test_what_somebody_typed_with_an_apostrophe_stays() -> None:
    assert unguard_cell("'tis the mill") == "'tis the mill"


def test_no_cell_is_a_formula_and_words_stand_beside_spans(folder: Path) -> None:
    cells = [
        cell for path in sorted(folder.iterdir()) for row in _rows(path) for cell in row.values()
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=No comment" in cells
    assert "'-unsure,\nsee rule 4" in cells
    first = _rows(folder / "quotes.csv")[0]
    assert first["content"].startswith("[[")
    assert first["content_words"] == "“We had no choice,” “The water was rising.”"
    assert first["cue_words"] == "said"
    assert sorted(path.name for path in folder.iterdir()) == [
        "articles.csv", "labels.csv", "quotes.csv", "speakers.csv",
    ]  # fmt: skip


def test_a_label_that_a_coder_changed_arrives(folder: Path) -> None:
    _edit(folder / "labels.csv", "varn-2-q2,stance,critical", "varn-2-q2,stance,humanitarian")
    values = {(x.unit_id, x.annotator): x.value for x in _read(folder).labels}
    assert values["varn-2-q2", "ben"] == "humanitarian"
    assert values["varn-1-q2", "ada"] == "critical"


def test_tables_that_a_spreadsheet_saved_again_come_back(folder: Path) -> None:
    # As programs do in countries where the comma is the decimal mark, with their own truth values.
    for path in folder.iterdir():
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
            for row in rows:
                writer.writerow([c.upper() if c in ("true", "false") else c for c in row])
            writer.writerow([""] * len(rows[0]))  # an empty row at the end
    assert _read(folder) == invented_corpus()


def test_a_table_without_the_data_refuses_a_text_that_does_not_fit_its_hash(folder: Path) -> None:
    _edit(folder / "articles.csv", "It rained.", "It snowed.")
    expected = r"articles\.csv row 4: sha256 is '[0-9a-f]{37}\.\.\.', but the row says"
    with pytest.raises(DataError, match=expected):
        CSV.read(folder, source=None, codebook=BOOK, coder="")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "labels.csv", "stance,critical", "stance,hostile",
            r"out: label of 'varn-1-q2' by 'ada': 'hostile' is not a category of stance; accepted: "
            r"supportive, critical",
        ),
        ("labels.csv", "varn-2-q2,", "varn-9-q1,", r"no quote has this id; stance is given to"),
        (
            "labels.csv", "varn-1-q1,stance,neutral,ben", "varn-1-q1,stance,neutral,ada",
            r"label of 'varn-1-q1' by 'ada': stance is given twice",
        ),
        ("labels.csv", ",0.25", ",a quarter", r"labels\.csv row 2: .*is \"a quarter\""),
        ("labels.csv", ",0.25", ",7", r"labels\.csv row 2: .*probability 7\.0 is not in \(0, 1\]"),
        ("labels.csv", "annotator,", "coder,", r"labels\.csv: unknown column 'coder'; the"),
        ("labels.csv", "annotator,", "", r"labels\.csv: no column 'annotator'; the first row is"),
        ("labels.csv", ",0.25", ",0.25,x", r"labels\.csv row 2: 9 cells; 8 columns are accepted"),
        ("quotes.csv", ",direct,", ",loud,", r"quotes\.csv row 2: Quote key 'kind' is \"loud\""),
        ("quotes.csv", "[[", "[[7, 9], [", r"quotes\.csv row 2: content_words is"),
        (
            "quotes.csv", ",said,", ",sang,",
            r"quotes\.csv row 2: cue_words is 'sang', but the row says 'said'; one of them was",
        ),
        ("quotes.csv", ",varn-1-s1,", ",varn-1-s9,", r"names speaker 'varn-1-s9', who is not"),
        ("quotes.csv", "varn-1-q1,varn-1,", "varn-1-q1,varn-7,", r"is of article 'varn-7'"),
        ("speakers.csv", ",Ada Brook,", ",,", r"speakers\.csv row \d: .*name is empty"),
        ("speakers.csv", ",false", ",maybe", r"speakers\.csv row \d: .*'named' is \"maybe\""),
        ("articles.csv", "2024-03-01", "1.3.2024", r"articles\.csv row 2: .*a date as YYYY-MM-DD"),
        ("articles.csv", '{""lean"": ""left""}', "left", r"articles\.csv row 2: .*an object of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_file_and_row(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    _edit(folder / file, old, new)
    with pytest.raises(DataError, match=message):
        _read(folder)


def test_broken_quotation_is_refused(folder: Path) -> None:
    with (folder / "labels.csv").open("a", encoding="utf-8") as file:
        file.write('"never closed')
    with pytest.raises(DataError, match=r"labels\.csv row 9: broken quotation"):
        _read(folder)


def test_other_encodings_and_missing_tables_are_refused(folder: Path) -> None:
    (folder / "labels.csv").write_bytes("é".encode("latin-1"))
    with pytest.raises(DataError, match=r"labels\.csv: not UTF-8 .*; save it as CSV UTF-8$"):
        _read(folder)
    (folder / "labels.csv").unlink()
    with pytest.raises(
        DataError, match=r"labels\.csv: no such file; it should be a table of labels"
    ):
        _read(folder)


def test_a_header_of_any_length_is_told_in_short(folder: Path) -> None:
    (folder / "labels.csv").write_text("x" * 1_000_000, encoding="utf-8")
    with pytest.raises(
        DataError, match=r"labels\.csv: unknown column 'x{37}\.\.\.'; the first row"
    ):
        _read(folder)


def test_one_table_is_no_folder(folder: Path) -> None:
    with pytest.raises(DataError, match=r"labels\.csv: is one table; give the folder with all"):
        _read(folder / "labels.csv")


def test_labels_by_somebody_else_are_refused(folder: Path) -> None:
    with pytest.raises(DataError, match=r"out: holds labels by ben, and was to be those of 'ada'"):
        _read(folder, coder="ada")


def test_a_text_longer_than_the_limit_of_the_csv_module_is_read(tmp_path: Path) -> None:
    corpus = invented_corpus()
    long = "It rained. " * 20_000  # 220,000 characters; the module's own limit is 131,072
    last = corpus.documents[2]
    last = dataclasses.replace(last, article=dataclasses.replace(last.article, text=long.strip()))
    corpus = dataclasses.replace(corpus, documents=(*corpus.documents[:2], last))
    CSV.write(corpus, tmp_path / "out", coder="", seed=0)
    assert CSV.read(tmp_path / "out", source=None, codebook=BOOK, coder="") == corpus
