"""`framing dataset next` and `gather`, end to end with a coding sheet."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from framing.codebook import load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.pipeline import extract_corpus, read_corpus, read_run, reproduce_run
from framing.pipeline.gathered_codings import gather_codings
from framing.pipeline.label_draws import draw_next
from framing.pipeline.seen_suggestions import count_seen
from framing.records import Label, Prediction, Quote
from tests.cli.invented import TARGET, run, write_articles

BOOK = load_codebook()
STANCES = BOOK.variable("stance").names


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Five articles of six quotes with predictions, every third of which is unsure."""
    articles = write_articles(tmp_path / "articles.jsonl", 5, target=TARGET)
    extract_corpus(articles, out=tmp_path / "work", extractor="rules")
    quotes = read_jsonl(tmp_path / "work" / "quotes.jsonl", Quote)
    rest = len(STANCES) - 1
    write_jsonl(
        tmp_path / "work" / "predictions.jsonl",
        [
            Prediction(
                unit_id=quote.id,
                variable="stance",
                model="words",
                codebook=BOOK.digest,
                categories=STANCES,
                probabilities=(top, *((1 - top) / rest for _ in range(rest))),
            )
            for n, quote in enumerate(quotes)
            for top in [0.4 if n % 3 == 0 else 0.99]
        ],
    )
    return tmp_path / "work"


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _answer(path: Path, sheet: str, column: str, value: str, n: int) -> None:
    """Fill in the first n rows of a coding sheet."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    head = [cell.value for cell in book[sheet][1]]
    for row in range(2, 2 + n):
        book[sheet].cell(row, head.index(column) + 1, value)
    book.save(path)


def test_what_is_drawn_is_coded_and_comes_back_with_its_probability(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    todo, sheets, back = tmp_path / "todo", tmp_path / "sheets", tmp_path / "back"
    asked = ("--unit", "quote", "--variable", "stance", "--seed", "4")
    by = ("--by", "uncertainty", "--mix", "0.2")
    assert run("dataset", "next", work, "--n", "8", *by, *asked, "--out", todo) == 0
    said = capsys.readouterr().err
    assert "8 of 30 quotes without a label were drawn, the more often the less sure" in said
    assert "8 quotes to label. Wrote" in said
    assert "divide the sum of 1/probability" in (todo / "README.md").read_text(encoding="utf-8")
    draw = {line["unit_id"]: line for line in _lines(todo / "draw.jsonl")}
    assert {line["id"] for line in _lines(todo / "quotes.jsonl")} == set(draw)
    unsure = sum(line["uncertainty"] > 1 for line in draw.values())
    # 10 of 30 are unsure; their share of the draw is expected to be well above a third.
    assert unsure >= 5
    shown = ("--suggest", todo / "shown.jsonl")
    kept = [p for p in read_jsonl(work / "predictions.jsonl", Prediction) if p.unit_id in draw]
    write_jsonl(todo / "shown.jsonl", kept[:5])
    arguments = ("--format", "xlsx", "--coders", "ada,ben", "--seed", "1")
    assert run("export", todo, *arguments, *shown, "--out", sheets) == 0
    _answer(sheets / "ada.xlsx", "quotes", "stance", "critical", 6)
    _answer(sheets / "ben.xlsx", "quotes", "stance", "critical", 8)
    assert run("import", sheets, "--format", "xlsx", "--data", todo, "--out", back) == 0
    gathered, ada, ben = tmp_path / "gathered", back / "coders" / "ada", back / "coders" / "ben"
    assert run("dataset", "gather", ada, "--draw", todo, "--out", gathered) == 0
    assert "note: 2 of 8 drawn quotes have no label" in capsys.readouterr().err
    labels = read_jsonl(gathered / "labels.jsonl", Label)
    assert len(labels) == 6
    for label in labels:
        assert label.probability == draw[label.unit_id]["probability"] < 1
    # Seen or unseen, of each label.
    seen = {line["unit_id"] for line in _lines(gathered / "suggestions.jsonl")}
    assert seen == {one.unit_id for one in kept[:5]}
    n_seen = sum(label.unit_id in seen for label in labels)
    assert count_seen(gathered, labels) == (n_seen, 0, ("words",))
    assert 3 <= n_seen <= 5
    assert run("agreement", ada, ben, "--resamples", "100") == 0
    said = capsys.readouterr().err
    assert f"note: ada: {n_seen} of 6 labels in {ada} were given by coders who had seen" in said
    assert f"note: ben: 5 of 8 labels in {ben} were given by coders who had seen" in said
    # What is labelled is not drawn again.
    again = tmp_path / "again"
    rest = ("--n", "24", *asked, "--coded", gathered, "--out", again)
    assert run("dataset", "next", work, *rest) == 0
    ids = {line["unit_id"] for line in _lines(again / "draw.jsonl")}
    assert not ids & {label.unit_id for label in labels}
    assert {line["probability"] for line in _lines(again / "draw.jsonl")} == {1.0}
    assert reproduce_run(again / "run.json").differences == ()
    assert reproduce_run(gathered / "run.json").differences == ()


def test_whole_articles_are_drawn_with_all_their_units(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    todo = tmp_path / "todo"
    assert run("dataset", "next", work, "--n", "2", "--seed", "1", "--out", todo) == 0
    assert "so framing compare --gold can correct by them" in capsys.readouterr().err
    assert [line["probability"] for line in _lines(todo / "draw.jsonl")] == [0.4, 0.4]
    assert len(_lines(todo / "articles.jsonl")) == 2
    assert len(_lines(todo / "quotes.jsonl")) == 12
    quote, speaker = (_lines(todo / f"{name}s.jsonl")[0] for name in ("quote", "speaker"))
    back = tmp_path / "back"
    for name in ("articles", "quotes", "speakers"):
        write_jsonl(back / f"{name}.jsonl", [])
        (back / f"{name}.jsonl").write_bytes((todo / f"{name}.jsonl").read_bytes())
    write_jsonl(
        back / "labels.jsonl",
        [
            Label(unit_id=quote["id"], variable="stance", value="critical", annotator="ada"),
            Label(unit_id=speaker["id"], variable="role", value="military", annotator="ada"),
        ],
    )
    gathered = tmp_path / "gathered"
    assert run("dataset", "gather", back, "--draw", todo, "--out", gathered) == 0
    assert [line["probability"] for line in _lines(gathered / "labels.jsonl")] == [0.4, 0.4]
    assert read_run(gathered / "run.json")["results"]["drawn_unlabelled"] <= 1


def test_a_quote_that_a_coder_added_has_no_probability_and_is_listed(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    todo = tmp_path / "todo"
    asked = ("--unit", "quote", "--n", "3", "--seed", "1")
    assert run("dataset", "next", work, *asked, "--out", todo) == 0
    drawn = {line["unit_id"] for line in _lines(todo / "draw.jsonl")}
    added = next(q for q in read_jsonl(work / "quotes.jsonl", Quote) if q.id not in drawn)
    label = Label(unit_id=added.id, variable="stance", value="critical", annotator="ada")
    write_jsonl(work / "labels.jsonl", [label])
    capsys.readouterr()
    assert run("dataset", "gather", work, "--draw", todo, "--out", tmp_path / "out") == 0
    assert "1 label is of a unit that was not drawn, and is left out" in capsys.readouterr().err
    (row,) = _lines(tmp_path / "out" / "exclusions.jsonl")
    assert row["item"] == f"{added.id} stance by ada"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--n", "6"), "6 asked for, and 5 have no label yet"),
        (("--n", "2", "--by", "age"), "by is 'age'; accepted: random, uncertainty"),
        (("--n", "2", "--unit", "word"), "unit is 'word'; accepted: article, quote, speaker"),
        (("--n", "2", "--by", "uncertainty"), "of which variable? Name it with --variable"),
        (
            ("--n", "2", "--by", "uncertainty", "--variable", "role"),
            "holds no prediction of role; run framing predict",
        ),
        (
            ("--n", "2", "--unit", "speaker", "--variable", "stance"),
            "stance is given to a quote; accepted: article, quote",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    arguments: tuple[str, ...],
    message: str,
    work: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert run("dataset", "next", work, *arguments, "--seed", "1", "--out", out) == 1
    assert message in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("command", ["next", "gather"])
def test_an_interrupted_run_leaves_nothing(
    command: str, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    todo, out = tmp_path / "todo", tmp_path / "out"
    draw_next(work, n=2, seed=1, out=todo)
    write_jsonl(work / "labels.jsonl", [])
    before = sorted(tmp_path.iterdir())
    written: list[str] = []

    def interrupt(_run: object, folder: Path, _files: object) -> None:
        written.extend(path.name for path in folder.iterdir())
        raise KeyboardInterrupt

    module = "label_draws" if command == "next" else "gathered_codings"
    monkeypatch.setattr(f"framing.pipeline.{module}.end_run", interrupt)
    steps = {
        "next": functools.partial(draw_next, work, n=2, seed=1),
        "gather": functools.partial(gather_codings, work, draw=todo),
    }
    with pytest.raises(KeyboardInterrupt):
        steps[command](out=out)
    assert "labels.jsonl" in written  # it had begun to write
    assert sorted(tmp_path.iterdir()) == before


def test_a_random_draw_has_no_mix(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ("--n", "2", "--seed", "1", "--out", out)
    for by in ((), ("--by", "random")):
        assert run("dataset", "next", work, *arguments, *by, "--mix", "7") == 2
        said = " ".join(capsys.readouterr().err.replace("│", " ").split())
        assert "--mix 7: a random draw has none; give it with --by uncertainty" in said
    with pytest.raises(DataError, match=r"mix is 0\.5, and a random draw has none"):
        draw_next(work, n=2, seed=1, out=out, mix=0.5)
    assert not out.exists()
    # By uncertainty it is half where none is given, and the record says so.
    draw_next(work, n=2, seed=1, out=out, by="uncertainty", variable="stance")
    assert read_run(out / "run.json")["arguments"]["mix"] == 0.5
    assert {line["mix"] for line in _lines(out / "draw.jsonl")} == {0.5}


def test_what_found_the_quotes_stays_with_whole_articles(work: Path, tmp_path: Path) -> None:
    todo, back, out = tmp_path / "todo", tmp_path / "back", tmp_path / "out"
    draw_next(work, n=2, seed=1, out=todo)
    sheets = tmp_path / "sheets"
    assert run("export", todo, "--format", "csv", "--coders", "ada", "--out", sheets) == 0
    assert run("import", sheets, "--format", "csv", "--data", todo, "--out", back) == 0
    gather_codings(back, draw=todo, out=out)
    for folder in (todo, back / "coders" / "ada", out):
        corpus = read_corpus(folder, codebook=BOOK)
        assert (corpus.extractor, corpus.corrected_articles) == ("rules", frozenset()), folder
        assert len((folder / "quotes.sha256").read_text(encoding="utf-8").splitlines()) == 2
        assert (
            reproduce_run(
                (back if folder.parent.name == "coders" else folder) / "run.json"
            ).differences
            == ()
        )
    # With coded articles of which nothing says what found their quotes, nothing holds for all.
    (out / "extraction.json").unlink()
    gather_codings(back, draw=todo, out=tmp_path / "both", earlier=[out])
    assert read_corpus(tmp_path / "both", codebook=BOOK).extractor == ""
    # Of drawn quotes, the others of their articles are missing: not as the extractor read them.
    draw_next(work, n=2, seed=1, out=tmp_path / "quotes", unit="quote")
    assert read_corpus(tmp_path / "quotes", codebook=BOOK).extractor == ""
