"""Exit codes, messages and output of the commands, in this process and without torch."""

import errno
import io
import json
import signal
import sys
from pathlib import Path

import pytest

from framing.cli import app, main
from framing.codebook import load_codebook
from framing.pipeline import extract_corpus, read_run
from tests.cli.invented import extracted, label_all, run, write_articles

__all__ = ["extracted"]  # a fixture

COMMANDS = (
    "report", "extract", "predict", "compare", "train", "evaluate", "agreement", "adjudicate",
    "export", "import", "reproduce", "samples", "codebook",
)  # fmt: skip
DATASET_COMMANDS = (
    "next", "gather", "check", "hydrate", "publish", "import-items", "import-batches",
    "import-coding", "split", "card",
)  # fmt: skip
LABEL_STUDIO_COMMANDS = ("start", "push", "pull")
GROUPS = {"dataset": DATASET_COMMANDS, "label-studio": LABEL_STUDIO_COMMANDS}


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in shown] == []


@pytest.mark.parametrize(
    "command", [*COMMANDS, *(f"{g} {n}" for g, of in GROUPS.items() for n in of)]
)
def test_the_help_of_every_command_teaches_by_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command.split(), "--help") == 0
    shown = capsys.readouterr().out
    assert f"\n  Examples:\n    framing {command}" in shown
    assert "\b" not in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("framing 0.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["report"], "Missing argument 'INPUT'"),
        (["report", "x.txt"], "Missing option '--out'"),
        (["report", "x.txt", "--out", "r", "--level", "high"], "Invalid value for '--level'"),
        (["report", "x.txt", "--out", "r", "--seed", "-1"], "Invalid value for '--seed'"),
        (["codebook", "a.toml", "--codebook", "b.toml"], "a.toml and --codebook b.toml: give one"),
    ],
)
def test_wrong_usage_is_exit_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_refused_input_is_exit_1_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("extract", tmp_path / "nowhere.txt", "--out", tmp_path / "work") == 1
    captured = capsys.readouterr()
    assert captured.err == (
        f"framing: error: {tmp_path}/nowhere.txt: no such file or folder; "
        "give a path that exists, or a glob\n"
    )
    assert captured.out == ""


def test_an_empty_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "news").mkdir()
    assert run("report", tmp_path / "news", "--out", tmp_path / "r") == 1
    assert "the folder holds no files; give one with articles" in capsys.readouterr().err


@pytest.mark.parametrize("level", ["0", "1", "90"])
def test_a_level_outside_0_and_1_is_refused_before_any_work(
    level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = write_articles(tmp_path / "articles.jsonl", 1)
    assert run("report", articles, "--out", tmp_path / "r", "--level", level) == 1
    assert "it takes a number between 0 and 1" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_an_unknown_extractor_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = write_articles(tmp_path / "articles.jsonl", 1)
    assert run("extract", articles, "--out", tmp_path / "w", "--extractor", "magic") == 1
    assert "extractor 'magic': neither a known name nor a folder; accepted: tagger, rules, " in (
        capsys.readouterr().err
    )


def test_a_file_in_the_place_of_the_folder_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = write_articles(tmp_path / "articles.jsonl", 1)
    assert run("extract", articles, "--out", articles / "work") == 1
    error = capsys.readouterr().err
    assert error.startswith("framing: error: ")
    assert "Not a directory" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "r/x"), "r/x: No space left on device"),
        (PermissionError(errno.EACCES, "Permission denied", "r"), "r: Permission denied"),
        (OSError("read-only medium"), "read-only medium"),
    ],
)
def test_an_operating_system_error_is_one_line(
    error: OSError,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    articles = write_articles(tmp_path / "articles.jsonl", 1)
    monkeypatch.setattr("framing.pipeline.extract_corpus", fail)
    assert run("extract", articles, "--out", tmp_path / "w") == 1
    assert capsys.readouterr().err == f"framing: error: {message}\n"


def test_a_bug_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("framing.pipeline.extract_corpus", fail)
    with pytest.raises(KeyError, match="a bug"):
        main(["extract", str(tmp_path), "--out", "w"])


def test_extract_says_on_stderr_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = write_articles(tmp_path / "articles.jsonl", 2)
    assert run("extract", articles, "--out", tmp_path / "work") == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("2 articles, 12 quotes (0 without a speaker), ")
    assert "\x1b" not in captured.err  # no bar where there is no terminal
    assert run("extract", articles, "--out", tmp_path / "quiet", "--quiet") == 0
    assert capsys.readouterr().err == ""


def test_extract_reads_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = write_articles(tmp_path / "articles.jsonl", 2)
    stdin = io.TextIOWrapper(io.BytesIO(articles.read_bytes()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run("extract", "-", "--out", tmp_path / "work", "-q") == 0
    assert read_run(tmp_path / "work" / "run.json")["results"]["articles"] == 2


def test_a_run_on_the_standard_input_cannot_be_reproduced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    test_extract_reads_the_standard_input(tmp_path, monkeypatch)
    assert run("reproduce", tmp_path / "work" / "run.json") == 1
    assert "the run read the standard input, which is gone" in capsys.readouterr().err


def test_reproduce_tells_the_same_from_the_different(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = extracted / "run.json"
    assert run("reproduce", record) == 0
    assert "The same: 6 files of framing extract, byte for byte" in capsys.readouterr().err
    write_articles(tmp_path / "articles.jsonl", 2)  # one article fewer than then
    assert run("reproduce", record) == 1
    captured = capsys.readouterr()
    assert f"input {tmp_path}/articles.jsonl: changed since that run\n" in captured.out
    assert "results: 3 numbers differ, most at quotes: 18 then, 12 now\n" in captured.out
    assert "articles.jsonl: " in captured.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a run record of framing"),
        ('{"command": "extract"}', "not a run record of framing (no arguments)"),
        (
            '{"command": "bake", "arguments": {}, "inputs": {}, "outputs": {}, "results": {}}',
            "command 'bake' cannot be run again; accepted: adjudicate, agreement, compare, curve, ",
        ),
        (
            '{"command": "extract", "arguments": {"oven": 1}, "inputs": {}, "outputs": {}, '
            '"results": {}}',
            "its arguments are not those of framing extract",
        ),
    ],
)
def test_what_is_no_run_record_is_refused(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    assert run("reproduce", tmp_path / "run.json") == 1
    assert message in capsys.readouterr().err


def test_report_of_a_labelled_folder(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label_all(extracted)
    assert run("report", extracted, "--out", tmp_path / "report", "--target", "the bridge") == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith(f"0 articles left out. Wrote {tmp_path}/report/index.html\n")
    assert "headline stands in" not in captured.err
    assert (tmp_path / "report" / "index.html").is_file()


def test_predict_tells_where_the_headline_stands_in(
    extracted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label_all(extracted)
    assert run("predict", extracted) == 0
    assert "note: In 3 of 3 articles no target is given, and the headline stands in for it" in (
        capsys.readouterr().err
    )


def test_labels_of_unknown_units_are_refused(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label_all(extracted)
    text = (extracted / "labels.jsonl").read_text(encoding="utf-8")
    (extracted / "labels.jsonl").write_text(text.replace("a0-q1", "zz-q1"), encoding="utf-8")
    assert run("report", extracted, "--out", tmp_path / "r") == 1
    assert "labels.jsonl:1: label of 'zz-q1': no quote has this id" in capsys.readouterr().err


def test_codebook_is_shown_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("codebook") == 0
    shown = capsys.readouterr().out
    assert f"digest {load_codebook().digest}" in shown
    assert "supportive [positive]" in shown
    assert run("codebook", "--toml") == 0
    (tmp_path / "mine.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert run("codebook", tmp_path / "mine.toml") == 0
    assert "is a codebook without mistakes" in capsys.readouterr().err
    assert load_codebook(tmp_path / "mine.toml").digest == load_codebook().digest
    (tmp_path / "mine.toml").write_text("name = 1", encoding="utf-8")
    assert run("codebook", tmp_path / "mine.toml") == 1
    assert "mine.toml: variables is missing; it is required" in capsys.readouterr().err


def test_samples_are_articles_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("samples", "--out", tmp_path / "samples.jsonl") == 0
    n_articles = len((tmp_path / "samples.jsonl").read_text(encoding="utf-8").splitlines())
    step = extract_corpus(tmp_path / "samples.jsonl", out=tmp_path / "work")
    assert step.results["articles"] == n_articles >= 16
    assert step.results["articles_excluded"] == 0
    capsys.readouterr()
    assert run("samples") == 0
    assert capsys.readouterr().out == (tmp_path / "samples.jsonl").read_text(encoding="utf-8")
    assert run("samples", "--out", tmp_path) == 1
    assert "a folder; give a file" in capsys.readouterr().err


def test_the_packaged_samples_are_those_of_the_annotations() -> None:
    root = Path(__file__).parents[2]
    packaged = root / "framing" / "samples" / "articles.jsonl"
    assert packaged.read_bytes() == (root / "annotations/samples/articles.jsonl").read_bytes()
    lines = packaged.read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["text"] for line in lines)


def test_a_request_to_end_goes_through_the_clean_up() -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run("--version") == 0
        with pytest.raises(SystemExit) as exit_:
            signal.raise_signal(signal.SIGTERM)
        assert exit_.value.code == 143
    finally:
        signal.signal(signal.SIGTERM, before)


def test_every_command_is_there_once() -> None:
    callbacks = [command.callback for command in app.registered_commands]
    names = [callback.__name__.rstrip("_") for callback in callbacks if callback]  # import_
    assert sorted(names) == sorted(COMMANDS)
    assert [group.name for group in app.registered_groups] == list(GROUPS)
    for group in app.registered_groups:
        assert group.typer_instance is not None
        names = [command.name or "" for command in group.typer_instance.registered_commands]
        assert sorted(names) == sorted(GROUPS[group.name or ""])
