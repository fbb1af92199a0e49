"""`framing dataset` from raw codings to a hydrated folder, on the invented store."""

import json
import shutil
from pathlib import Path

import pytest

from framing.dataset.label_store import read_store
from framing.jsonl import read_jsonl
from framing.pipeline import read_run
from framing.records import Quote
from tests.cli.invented import run
from tests.dataset.invented_store import (
    ANNOTATIONS,
    CONTROL,
    SAMPLES,
    SOURCE,
    CopiedStore,
    make_store,
    write_json,
)

COMMANDS = (
    "check", "hydrate", "publish", "import-items", "import-batches", "import-coding", "split",
    "card",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> CopiedStore:
    return make_store(tmp_path_factory.mktemp("made"))


@pytest.fixture
def copied(made: CopiedStore, tmp_path: Path) -> CopiedStore:
    shutil.copytree(made.store, tmp_path / "store")
    shutil.copytree(made.raw, tmp_path / "raw")
    return CopiedStore(store=tmp_path / "store", raw=tmp_path / "raw", articles=made.articles)


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dataset", "--help") == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in shown] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_teaches_by_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dataset", command, "--help") == 0
    assert f"\n  Examples:\n    framing dataset {command}" in capsys.readouterr().out


def test_the_store_of_the_project_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dataset", "check", "--store", ANNOTATIONS) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "is whole: " in err


def test_from_raw_codings_to_a_store(
    copied: CopiedStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands give the very store that the library gives."""
    expected = read_store(copied.store)
    for name in ("items.jsonl", "batches.jsonl"):
        (copied.store / name).unlink()
    for name in ("coders", "gold"):
        shutil.rmtree(copied.store / name)
    key = copied.raw / "key.json"
    write_json(key, {CONTROL: "dv99"})
    common = ("--store", copied.store, "--articles", copied.articles)
    assert run("dataset", "import-items", copied.raw / "screening.json", *common) == 0
    assert "15 articles. Wrote " in capsys.readouterr().err
    batches = ("--codings", copied.raw, "--gold", copied.raw / "gold.jsonl", "--controls", key)
    assert run("dataset", "import-batches", copied.raw / "ledger.json", *batches, *common) == 0
    assert "3 batches. Wrote " in capsys.readouterr().err
    for coder in ("lm-a", "lm-b"):
        arguments = ("--coder", coder, "--controls", key, *common)
        assert run("dataset", "import-coding", copied.raw / coder, *arguments) == 0
        assert "left out: 1 control. Wrote" in capsys.readouterr().err
    gold = ("--coder", "lm-adjudicator", "--adjudicated", *common)
    assert run("dataset", "import-coding", copied.raw / "final", *gold) == 0
    found = read_store(copied.store)
    assert found.items == expected.items
    assert found.gold.quotes == expected.gold.quotes
    for coder, coding_set in expected.coders.items():
        assert found.coders[coder].quotes == coding_set.quotes
        assert found.coders[coder].speakers == coding_set.speakers
        values = [(x.unit_id, x.variable, x.value) for x in coding_set.labels]
        assert [(x.unit_id, x.variable, x.value) for x in found.coders[coder].labels] == values


def test_mistakes_of_coders_are_listed_one_a_line(
    copied: CopiedStore, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("s01", "s04"):
        path = copied.raw / "final" / f"{key}.json"
        coding = json.loads(path.read_text(encoding="utf-8"))
        coding["quotes"][0]["stance"] = "angry"
        write_json(path, coding)
    code = run(
        "dataset", "import-coding", copied.raw / "final", "--coder", "x", "--store", copied.store,
        "--articles", copied.articles,
    )  # fmt: skip
    assert code == 1
    first, second, last = capsys.readouterr().err.splitlines()
    assert first.startswith("s01.json: quote 1 ")
    assert second.startswith("s04.json: quote 1 ")
    assert last.startswith("framing: error: ")
    assert "2 mistakes, nothing was imported" in last
    assert not (copied.store / "coders" / "x").exists()


def test_a_store_that_is_not_whole_is_exit_1(
    copied: CopiedStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dataset", "check", "--store", copied.store) == 1
    out, err = capsys.readouterr()
    assert "splits.jsonl: 14 articles are coded and not split" in out
    assert "2 problems" in err
    assert run("dataset", "publish", "--store", copied.store, "--out", copied.raw / "hub") == 1
    assert "2 problems, such as: splits.jsonl" in capsys.readouterr().err
    assert not (copied.raw / "hub").exists()


def test_check_with_texts_compares_every_span(
    copied: CopiedStore, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = f"{SOURCE}={SAMPLES / 'articles.jsonl'}"
    run("dataset", "check", "--store", copied.store, "--source", source)
    assert "problem" in capsys.readouterr().err
    text = (SAMPLES / "articles.jsonl").read_text(encoding="utf-8").replace("Tuesday", "Monday")
    (tmp_path / "other.jsonl").write_text(text, encoding="utf-8")
    other = f"{SOURCE}={tmp_path / 'other.jsonl'}"
    assert run("dataset", "check", "--store", copied.store, "--source", other) == 1
    assert "texts are not those that were coded" in capsys.readouterr().out


def test_too_little_gold_to_split_is_exit_1(
    copied: CopiedStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dataset", "split", "--store", copied.store, "--seed", "1") == 1
    assert "8 articles are coded twice and adjudicated; test and validation need 60 + 40" in (
        capsys.readouterr().err
    )
    assert not (copied.store / "splits.jsonl").exists()


def test_splits_are_drawn_or_kept(copied: CopiedStore, capsys: pytest.CaptureFixture[str]) -> None:
    for options in ((), ("--seed", "1", "--keep")):
        assert run("dataset", "split", "--store", copied.store, *options) == 2
        assert "give either --seed, to draw splits, or --keep" in capsys.readouterr().err
    assert run("dataset", "split", "--store", copied.store, "--keep") == 1
    assert "there are none to keep; draw them first" in capsys.readouterr().err


def test_hydrate_writes_a_folder_and_its_record(
    made: CopiedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "coded"
    source = f"{SOURCE}={SAMPLES / 'articles.jsonl'}"
    code = run("dataset", "hydrate", "--store", made.store, "--source", source, "--out", out)
    assert code == 0
    assert "14 of 14 articles, 14 with the very text" in capsys.readouterr().err
    record = read_run(out / "run.json")
    assert record["command"] == "hydrate"
    assert record["results"]["spans_lost"] == 0
    assert record["results"]["quotes"] == len(read_jsonl(out / "quotes.jsonl", Quote))
    assert "gold/quotes.jsonl" in record["inputs"]
    assert "tables/quotes-train.jsonl" in record["outputs"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hydrate", "--out", "o"], "none of 14 articles has a text; give --source for: invented"),
        (["hydrate", "--out", "o", "--source", "x"], "source 'x'; accepted: NAME=PATH"),
    ],
)
def test_refused_input_is_exit_1(
    made: CopiedStore, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dataset", *arguments, "--store", made.store) == 1
    assert message in capsys.readouterr().err
    assert not Path("o").exists()


def test_a_store_in_which_nothing_is_coded_cannot_be_hydrated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "codebook.toml").write_bytes((ANNOTATIONS / "codebook.toml").read_bytes())
    assert run("dataset", "hydrate", "--store", tmp_path, "--out", tmp_path / "o") == 1
    assert "nothing is coded there yet" in capsys.readouterr().err


def test_card_is_refreshed(copied: CopiedStore, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(copied.store / "coders" / "lm-b")
    assert run("dataset", "card", "--store", copied.store) == 0
    assert "README.md" in capsys.readouterr().err
    assert "lm_b" not in (copied.store / "README.md").read_text(encoding="utf-8")
