"""From sheets to gold: export, code, import, agree, adjudicate, and what reads the gold."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import write_corpus
from framing.jsonl import read_jsonl
from framing.pipeline import read_run, reproduce_run
from framing.records import Label
from tests.cli.invented import run
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()


def _columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def _code(path: Path, answers: dict[str, str]) -> None:
    """Answer every row: what is named, else the first category."""
    book: Any = openpyxl.load_workbook(path)
    for title, variable in (("quotes", "stance"), ("speakers", "role")):
        sheet = book[title]
        columns = _columns(sheet)
        for row in range(2, sheet.max_row + 1):
            unit = sheet.cell(row, columns["unit"]).value
            value = answers.get(unit, BOOK.variable(variable).names[0])
            sheet.cell(row, columns[variable]).value = value
    book.save(path)


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    """Two coders' sheets of the invented corpus, imported; they differ on one quote."""
    write_corpus(tmp_path / "work", invented_corpus())
    (tmp_path / "work" / "labels.jsonl").write_text("", encoding="utf-8")
    sheets = tmp_path / "sheets"
    arguments = ("--format", "xlsx", "--coders", "ada,ben")
    assert run("export", tmp_path / "work", *arguments, "--out", sheets) == 0
    _code(sheets / "ada.xlsx", {"varn-1-q2": "critical"})
    _code(sheets / "ben.xlsx", {"varn-1-q2": "neutral"})
    back = tmp_path / "coded"
    assert (
        run("import", sheets, "--format", "xlsx", "--data", tmp_path / "work", "--out", back) == 0
    )
    return back / "coders"


@pytest.mark.slow
def test_the_way_from_sheets_to_gold(
    coded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = read_jsonl(coded / "ada" / "labels.jsonl", Label)
    assert {(x.annotator, x.codebook) for x in labels} == {("ada", BOOK.digest)}
    assert len(labels) == 4 + 3
    both = (coded / "ada", coded / "ben")
    capsys.readouterr()
    assert run("adjudicate", *both, "--out", tmp_path / "open") == 0
    assert capsys.readouterr().err == (
        f"3 articles coded more than once. To decide: 1 × quote stance. Wrote {tmp_path}/open\n"
    )
    path = tmp_path / "open" / "adjudication.xlsx"
    gold = tmp_path / "gold"
    assert run("adjudicate", *both, "--decisions", path, "--out", gold) == 1
    assert "no stance of quote 'varn-1-q2' decided" in capsys.readouterr().err
    assert not gold.exists()
    book: Any = openpyxl.load_workbook(path)
    columns = _columns(book["quotes"])
    book["quotes"].cell(2, columns["stance"]).value = "critical"
    book["quotes"].cell(2, columns["reason"]).value = "the town is cut off: rule 2"
    book.save(path)
    assert run("adjudicate", *both, "--decisions", path, "--out", gold) == 0
    assert capsys.readouterr().err == (
        f"1 decision: 4 quotes, 3 speakers, 7 labels. Wrote {gold}\n"
    )
    decided = [json.loads(x) for x in (gold / "decisions.jsonl").read_text("utf-8").splitlines()]
    assert decided == [
        {
            "unit_id": "varn-1-q2",
            "article_id": "varn-1",
            "decided": "stance",
            "given": {"ada": "critical", "ben": "neutral"},
            "decision": "critical",
            "reason": "the town is cut off: rule 2",
        }
    ]
    results = read_run(gold / "run.json")["results"]
    assert (results["decided"], results["gold"]["labels"]) == (1, 7)
    # What reads gold reads it.
    assert run("agreement", coded / "ben", "--against", gold, "--resamples", "100") == 0
    assert "ben against gold: 3 articles in common" in capsys.readouterr().out
    assert run("report", gold, "--out", tmp_path / "report") == 0
    for folder in (tmp_path / "open", gold):
        assert reproduce_run(folder / "run.json").differences == ()


def test_what_cannot_be_adjudicated_is_refused(
    coded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def error(*arguments: str | Path) -> str:
        capsys.readouterr()
        assert run("adjudicate", *arguments) == 1
        return capsys.readouterr().err

    out = tmp_path / "out"
    assert "adjudicate: 1 coding; give two or more" in error(coded / "ada", "--out", out)
    assert "two codings are named 'ada'" in error(coded / "ada", coded / "ada", "--out", out)
    (tmp_path / "empty").mkdir()
    assert "empty: no articles.jsonl there; give a folder" in error(
        coded / "ada", tmp_path / "empty", "--out", out
    )
    assert "coders/eva: no such folder; give that of a coder, such as coded/coders/NAME" in error(
        coded / "ada", coded / "eva", "--out", out
    )
    assert "--out .: is there already" in error(coded / "ada", coded / "ben", "--out", ".")
    assert f"--out {coded}: is there already" in error(coded / "ada", coded / "ben", "--out", coded)
    assert not out.exists()


def test_suggestions_that_a_coder_saw_are_counted(tmp_path: Path) -> None:
    corpus = invented_corpus()
    for coder in ("ada", "ben"):
        write_corpus(tmp_path / coder, corpus)
        path = tmp_path / coder / "labels.jsonl"
        lines = [
            json.dumps(json.loads(line) | {"annotator": coder, "value": "critical", "note": ""})
            for line in path.read_text("utf-8").splitlines()
            if '"varn-1-q1"' in line and '"ada"' in line
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    seen = {"unit_id": "varn-1-q1", "variable": "stance", "value": "critical", "model": "words"}
    (tmp_path / "ben" / "suggestions.jsonl").write_text(json.dumps(seen) + "\n", encoding="utf-8")
    both = (tmp_path / "ada", tmp_path / "ben")
    assert run("adjudicate", *both, "--out", tmp_path / "open") == 0
    path = tmp_path / "open" / "adjudication.xlsx"
    assert run("adjudicate", *both, "--decisions", path, "--out", tmp_path / "gold") == 0
    results = read_run(tmp_path / "gold" / "run.json")["results"]
    assert (results["gold"]["labels"], results["labels_after_suggestion"]) == (1, 1)
