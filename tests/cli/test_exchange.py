"""`framing export` and `framing import`, end to end."""

import json
from pathlib import Path
from typing import Any

import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import FACETS, FORMATS
from framing.dataset.exchange.coded_corpus import write_corpus
from framing.jsonl import write_jsonl
from framing.pipeline import read_run, reproduce_run
from framing.records import Prediction
from tests.cli.invented import run
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "work", invented_corpus())
    return tmp_path / "work"


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _error(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    capsys.readouterr()
    assert run(*arguments) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("form", ["csv", "hf"])
def test_everything_goes_out_and_comes_back(
    work: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", work, "--format", form, "--out", tmp_path / "out") == 0
    assert "coding: 3 articles, 4 quotes, 3 speakers, 7 labels. Wrote" in capsys.readouterr().err
    back = tmp_path / "back"
    assert run("import", tmp_path / "out", "--format", form, "--data", work, "--out", back) == 0
    for name in ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl"):
        assert (back / name).read_bytes() == (work / name).read_bytes(), name
    assert _lines(tmp_path / "out" / "losses.jsonl") == []
    record = read_run(tmp_path / "out" / "run.json")
    assert record["arguments"]["format"] == form
    assert record["results"]["losses"] == {}
    assert record["results"]["exported"]["coding"]["quotes"] == 4


def test_each_coder_has_their_own_and_agreement_reads_what_comes_back(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run("export", work, "--format", "csv", "--coders", "ada,ben,eva", "--out", out) == 0
    assert "ben" not in (out / "ada" / "labels.csv").read_text(encoding="utf-8")
    back = tmp_path / "back"
    assert run("import", out, "--format", "csv", "--data", work, "--out", back) == 0
    assert sorted(path.name for path in (back / "coders").iterdir()) == ["ada", "ben", "eva"]
    assert _lines(back / "coders" / "eva" / "labels.jsonl") == []
    capsys.readouterr()
    coders = back / "coders"
    assert run("agreement", coders / "ada", coders / "ben", "--resamples", "100") == 0
    shown, said = capsys.readouterr()
    assert "The coders have the very same quotes" in said
    assert "3 articles in common" in shown  # varn-3 has no quote, and both have read it
    # What came back can go out again, from the coders' folders alone.
    assert run("export", back, "--format", "hf", "--coders", "ada", "--out", tmp_path / "2") == 0
    one = _lines(tmp_path / "2" / "ada" / "labels.jsonl")
    assert {line["annotator"] for line in one} == {"ada"}


def test_a_coders_own_units_go_out(work: Path, tmp_path: Path) -> None:
    corpus = invented_corpus()
    own = work / "coders" / "ada"
    write_jsonl(own / "quotes.jsonl", corpus.documents[0].quotes[:1])
    write_jsonl(own / "speakers.jsonl", corpus.documents[0].speakers)
    write_jsonl(own / "labels.jsonl", [])
    out = tmp_path / "out"
    assert run("export", work, "--format", "hf", "--coders", "ada,ben", "--out", out) == 0
    assert [q["id"] for q in _lines(out / "ada" / "quotes.jsonl")] == ["varn-1-q1"]
    # Nothing says that ada has read the others, so they are not hers.
    assert [a["id"] for a in _lines(out / "ada" / "articles.jsonl")] == ["varn-1"]
    assert len(_lines(out / "ben" / "quotes.jsonl")) == 4


def test_suggestions_are_off_by_default_and_kept_where_seen(work: Path, tmp_path: Path) -> None:
    stance = BOOK.variable("stance").names
    write_jsonl(
        work / "predictions.jsonl",
        [
            Prediction(
                unit_id="varn-1-q2",
                variable="stance",
                model="words",
                codebook=BOOK.digest,
                categories=stance,
                probabilities=tuple(float(name == "critical") for name in stance),
            )
        ],
    )
    assert run("export", work, "--format", "csv", "--out", tmp_path / "off") == 0
    assert not (tmp_path / "off" / "coding" / "suggestions.csv").exists()
    arguments = ("export", work, "--format", "csv", "--suggest", work / "predictions.jsonl")
    assert run(*arguments, "--coders", "ada,ben", "--out", tmp_path / "on") == 0
    back = tmp_path / "back"
    assert run("import", tmp_path / "on", "--format", "csv", "--data", work, "--out", back) == 0
    assert _lines(back / "coders" / "ada" / "suggestions.jsonl") == [
        {"unit_id": "varn-1-q2", "variable": "stance", "value": "critical", "model": "words"}
    ]
    imported = read_run(back / "run.json")["results"]["imported"]
    # Ada has labelled varn-1-q2, Ben has not.
    assert imported["ada"]["labels_after_suggestion"] == 1
    assert imported["ben"]["labels_after_suggestion"] == 0


def test_articles_that_do_not_come_back_are_listed(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", work, "--format", "hf", "--out", tmp_path / "out") == 0
    path = tmp_path / "out" / "coding" / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in _lines(path)[:2]), encoding="utf-8")
    back = tmp_path / "back"
    assert run("import", tmp_path / "out", "--format", "hf", "--data", work, "--out", back) == 0
    assert "note: coding: 1 article is not in what came back" in capsys.readouterr().err
    assert [line["item"] for line in _lines(back / "exclusions.jsonl")] == ["varn-3"]


def test_a_changed_text_is_refused_and_nothing_is_written(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run("export", work, "--format", "hf", "--coders", "ada,ben", "--out", tmp_path / "o") == 0
    )
    path = tmp_path / "o" / "ben" / "articles.jsonl"
    path.write_text(
        path.read_text(encoding="utf-8").replace("It rained", "It snowed"), encoding="utf-8"
    )
    said = _error(
        capsys, "import", tmp_path / "o", "--format", "hf", "--data", work, "--out", tmp_path / "b"
    )
    assert "the text of article 'varn-3' has changed, first at character 3 (line 1)" in said
    assert not (tmp_path / "b").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o", "work"]


def test_what_cannot_be_asked_is_refused(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    said = _error(capsys, "export", work, "--format", "doc", "--out", out)
    assert "format 'doc': there is none of that name; accepted: csv, hf" in said
    said = _error(capsys, "export", work, "--format", "csv", "--coders", "../x", "--out", out)
    assert "coder '../x': names a file, so it takes letters" in said
    said = _error(capsys, "export", work, "--format", "csv", "--coders", "ada,Ada", "--out", out)
    assert "coder 'ada' is named twice" in said
    assert not out.exists()
    assert run("export", work, "--format", "csv", "--coders", "ada", "--out", out) == 0
    said = _error(capsys, "export", work, "--format", "csv", "--out", out)
    assert f"--out {out}: is there already, and may hold a coder's work; give a new folder" in said
    said = _error(capsys, "import", out, "--format", "hf", "--out", tmp_path / "b")
    assert f"{out}: was exported as csv, not as hf; give --format csv" in said
    said = _error(
        capsys, "import", out, "--format", "csv", "--coders", "ben,ada", "--out", tmp_path / "b"
    )
    assert f"{out}: no ben there; give the folder of the export" in said
    said = _error(capsys, "import", tmp_path / "x", "--format", "hf", "--out", tmp_path / "b")
    assert "x: does not exist; give what framing export wrote" in said


@pytest.mark.parametrize(
    ("coders", "message"),
    [
        (["../../evil"], "run.json: coder '../../evil': names a file, so it takes letters"),
        (["a" * 101], "names a file, so it takes letters, digits, _ . and - and starts with"),
        ("ada", "run.json: the coders of the export are no list of names; name them with --cod"),
        ([1], "run.json: the coders of the export are no list of names"),
        (None, "run.json: the coders of the export are no list of names"),
    ],
)
def test_coders_that_a_record_names_lead_nowhere_else(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], coders: Any, message: str
) -> None:
    out = tmp_path / "in" / "out"
    assert run("export", work, "--format", "csv", "--coders", "ada", "--out", out) == 0
    (out / "ada").rename(tmp_path / "evil")
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    record["arguments"]["coders"] = coders
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")
    back = tmp_path / "b" / "a" / "ck"
    assert message in _error(capsys, "import", out, "--format", "csv", "--out", back)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "b") == [
        "evil", "in", "work"
    ]  # fmt: skip
    assert not list(tmp_path.glob("b/**/*.jsonl"))


def test_names_that_the_export_needs_itself_are_refused(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    for name in ("run.json", "Losses.jsonl"):
        said = _error(capsys, "export", work, "--format", "csv", "--coders", name, "--out", out)
        assert f"coder {name!r}: is the name of a file of the export; take another" in said
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    said = _error(capsys, "export", work, "--format", "csv", "--out", ".")
    assert "--out .: is there already, and may hold a coder's work; give a new folder" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "work"]


def test_the_formats_are_printed_with_their_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "--formats") == 0
    shown = capsys.readouterr().out
    for form in FORMATS.values():
        assert f"{form.name}: {form.summary}\n" in shown
        for facet in FACETS:
            if form.survival[facet].limit:
                assert form.survival[facet].limit in shown


def test_an_export_can_be_reproduced(work: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert (
        run("export", work, "--format", "csv", "--coders", "ada", "--seed", "3", "--out", out) == 0
    )
    again = reproduce_run(out / "run.json")
    assert (again.command, again.differences) == ("export", ())
    assert read_run(out / "run.json")["seed"] == 3


@pytest.mark.parametrize("form", FORMATS)
def test_a_new_label_has_the_probability_of_its_units_draw(
    work: Path, tmp_path: Path, form: str
) -> None:
    # Ben has not labelled varn-1-q2, whose label by Ada says that it was drawn with 0.25; here he
    # does, as Ada did, by a file in his name.
    labels = _lines(work / "labels.jsonl")
    [ada] = [x for x in labels if (x["unit_id"], x["annotator"]) == ("varn-1-q2", "ada")]
    write_corpus(tmp_path / "ben", invented_corpus())
    given = [ada | {"annotator": "ben", "probability": 1.0}]
    lines = "".join(f"{json.dumps(line)}\n" for line in given)
    (tmp_path / "ben" / "labels.jsonl").write_text(lines, encoding="utf-8")
    out, back = tmp_path / "out", tmp_path / "back"
    assert run("export", tmp_path / "ben", "--format", form, "--coders", "ben", "--out", out) == 0
    assert run("import", out, "--format", form, "--data", work, "--out", back) == 0
    [label] = _lines(back / "coders" / "ben" / "labels.jsonl")
    assert (label["unit_id"], label["value"], label["probability"]) == (
        "varn-1-q2",
        "critical",
        0.25,
    )
    imported = read_run(back / "run.json")["results"]["imported"]["ben"]
    # One of 4 quotes is labelled, and no speaker of those that the format holds.
    assert imported["units_without_label"] == {"role": imported["speakers"], "stance": 3}


def test_the_draw_that_lies_beside_the_data_tells_the_probability(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = {"unit_id": "varn-2", "unit": "article", "article_id": "varn-2", "probability": 0.5,
             "mix": 1.0, "uncertainty": None, "n_frame": 3, "seed": 1}  # fmt: skip
    labels = _lines(work / "labels.jsonl")
    [ben] = [x for x in labels if x["unit_id"] == "varn-2-q2"]
    todo = tmp_path / "todo"
    write_corpus(todo, invented_corpus())
    given = [ben | {"probability": 1.0}, ben | {"unit_id": "varn-1-q1", "probability": 1.0}]
    (todo / "labels.jsonl").write_text("".join(f"{json.dumps(x)}\n" for x in given), "utf-8")
    out, back = tmp_path / "out", tmp_path / "back"
    assert run("export", todo, "--format", "csv", "--coders", "ben", "--out", out) == 0
    (todo / "labels.jsonl").write_text("", encoding="utf-8")
    (todo / "draw.jsonl").write_text(f"{json.dumps(drawn)}\n", encoding="utf-8")
    capsys.readouterr()
    assert run("import", out, "--format", "csv", "--data", todo, "--out", back) == 0
    found = {x["unit_id"]: x["probability"] for x in _lines(back / "coders/ben/labels.jsonl")}
    assert found == {"varn-2-q2": 0.5, "varn-1-q1": 1.0}
    said = capsys.readouterr().err
    assert "note: ben: 1 label is of a unit that was not drawn" in said
    assert "note: ben: 2 of 4 quotes have no stance" in said
    assert str(todo / "draw.jsonl") in read_run(back / "run.json")["inputs"]


def test_inputs_are_recorded_by_the_path_that_was_given(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", work.name, "--format", "csv", "--out", "out") == 0
    inputs = read_run(tmp_path / "out" / "run.json")["inputs"]
    assert "work/quotes.jsonl" in inputs
    assert all((tmp_path / name).is_file() for name in inputs)
