"""From sheets to gold: export, code, import, agree, adjudicate, and what reads the gold."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import Suggestion, write_corpus
from framing.jsonl import read_jsonl, write_jsonl
from framing.pipeline import extract_corpus, read_corpus, read_run, reproduce_run
from framing.pipeline.extraction import quotes_digest
from framing.pipeline.found_quotes import EXTRACTION
from framing.pipeline.measurement import extraction_error_of
from framing.pipeline.seen_suggestions import count_seen
from framing.records import Label, Quote, Span
from tests.cli.invented import run, write_articles
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
    # Ben saw it, so the gold that his coding went into carries it on, to whoever scores by it.
    (label,) = read_jsonl(tmp_path / "gold" / "labels.jsonl", Label)
    (kept,) = read_jsonl(tmp_path / "gold" / "suggestions.jsonl", Suggestion)
    assert kept == Suggestion(**{**seen, "unit_id": label.unit_id})
    assert count_seen(tmp_path / "gold", [label]) == (1, 1, ("words",))


def test_sheets_that_nobody_filled_in_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for coder in ("ada", "ben"):
        write_corpus(tmp_path / coder, invented_corpus())
        (tmp_path / coder / "labels.jsonl").write_text("", encoding="utf-8")
    both = (tmp_path / "ada", tmp_path / "ben")
    gold = tmp_path / "gold"
    assert run("adjudicate", *both, "--out", tmp_path / "open") == 0
    first = capsys.readouterr().err
    path = tmp_path / "open" / "adjudication.xlsx"
    assert run("adjudicate", *both, "--decisions", path, "--out", gold) == 0
    second = capsys.readouterr().err
    for name in ("ada", "ben"):
        told = f"{name} has given no label to 4 quotes and 3 speakers; is the sheet filled in?"
        assert f"note: {told}\n" in first
        assert f"note: {told}\n" in second
        assert told in read_run(gold / "run.json")["results"]["notes"]
    empty = "the gold has no label: 4 quotes and 3 speakers without a category"
    assert empty not in first
    assert f"note: {empty}\n" in second
    results = read_run(gold / "run.json")["results"]
    assert results["labels_given"] == {"ada": 0, "ben": 0}
    assert results["gold"]["labels"] == 0


def test_one_article_that_one_coder_has_is_said_in_the_singular(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for coder in ("ada", "ben"):
        write_corpus(tmp_path / coder, invented_corpus())
        (tmp_path / coder / "labels.jsonl").write_text("", encoding="utf-8")
    for name in ("articles", "quotes", "speakers"):
        path = tmp_path / "ben" / f"{name}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "varn-3" not in line]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    out = tmp_path / "open"
    assert run("adjudicate", tmp_path / "ada", tmp_path / "ben", "--out", out) == 0
    told = "1 article was coded by one coder alone, and is left out"
    assert f"note: {told}\n" in capsys.readouterr().err
    assert told in read_run(out / "run.json")["results"]["notes"]


def test_what_found_the_quotes_reaches_the_gold(tmp_path: Path) -> None:
    """A coder removes a quote of one article, and the gold follows; the others are as found."""
    work, sheets, back, gold = (tmp_path / name for name in ("work", "sheets", "back", "gold"))
    extract_corpus(write_articles(tmp_path / "a.jsonl", 3), out=work, extractor="rules")
    arguments = ("--format", "hf", "--coders", "ada,ben")
    assert run("export", work, *arguments, "--out", sheets) == 0
    for coder in ("ada", "ben"):
        path = sheets / coder / "quotes.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines()
        assert json.loads(lines[0])["article_id"] == "a0"
        path.write_text("\n".join(lines[1:]) + "\n", encoding="utf-8")
    assert run("import", sheets, "--format", "hf", "--data", work, "--out", back) == 0
    both = (back / "coders" / "ada", back / "coders" / "ben")
    assert run("adjudicate", *both, "--out", tmp_path / "open") == 0
    path = tmp_path / "open" / "adjudication.xlsx"
    assert run("adjudicate", *both, "--decisions", path, "--out", gold) == 0
    for folder in (*both, gold):
        corpus = read_corpus(folder, codebook=BOOK)
        assert corpus.extractor == "rules"
        assert corpus.corrected_articles == {"a0"}
        error, note, corrected = extraction_error_of(corpus, BOOK)
        assert error is not None
        assert corrected == {"a0"}
        assert "1 of 3 articles were corrected by hand" in note
        # The record is that of the extraction, and which version found them is in it.
        kept = read_run(folder / EXTRACTION)
        assert kept == read_run(work / "run.json")
    for folder in (back, gold):
        assert reproduce_run(folder / "run.json").differences == ()
    # Coders of whom one was given another extractor's quotes: nothing holds for all.
    record = read_run(both[1] / EXTRACTION)
    record["results"]["extractor_version"] = "another"
    (both[1] / EXTRACTION).write_text(json.dumps(record), encoding="utf-8")
    mixed = tmp_path / "mixed"
    assert run("adjudicate", *both, "--decisions", path, "--out", mixed) == 0
    assert read_corpus(mixed, codebook=BOOK).extractor == ""


def test_quotes_that_a_format_cuts_do_not_count_as_corrected(tmp_path: Path) -> None:
    """In brat no cue can be blank: it comes back empty, and nobody has removed it."""
    work, out, back = tmp_path / "work", tmp_path / "out", tmp_path / "back"
    extract_corpus(write_articles(tmp_path / "a.jsonl", 1), out=work, extractor="rules")
    quotes = read_jsonl(work / "quotes.jsonl", Quote)
    cue = quotes[0].cue
    assert cue is not None
    quotes[0] = dataclasses.replace(quotes[0], cue=Span(cue.start - 1, cue.start))
    write_jsonl(work / "quotes.jsonl", quotes)
    digest = quotes_digest(quotes)
    (work / "quotes.sha256").write_text(f"{digest}  a0\n", encoding="utf-8")
    assert run("export", work, "--format", "brat", "--coders", "ada", "--out", out) == 0
    assert "cue" in (out / "losses.jsonl").read_text(encoding="utf-8")
    assert run("import", out, "--format", "brat", "--data", work, "--out", back) == 0
    corpus = read_corpus(back / "coders" / "ada", codebook=BOOK)
    assert corpus.extractor == ""
