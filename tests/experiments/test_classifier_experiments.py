"""The experiments on classifiers run from end to end, tiny, on the samples."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.classifier_tables import fill, headline, score_table

ROOT = Path(__file__).parents[2]


def _smoke(name: str, work: Path, *more: str) -> Path:
    command = [sys.executable, str(ROOT / "experiments" / name / "run.py"), "--smoke"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, "--work", str(work), *more], capture_output=True, text=True, env=environment,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return work / "out" / name


@pytest.mark.slow
def test_the_role_experiment_runs_and_goes_on(tmp_path: Path) -> None:
    before = _smoke("e040_role", tmp_path, "--only", "majority") / "cells.jsonl"
    (first,) = before.read_text(encoding="utf-8").splitlines()
    assert not before.with_name("result.json").exists()
    out = _smoke("e040_role", tmp_path)
    lines = (out / "cells.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines[0] == first
    assert {json.loads(line)["scored"] for line in lines} == {"validation"}
    results = json.loads((out / "result.json").read_text(encoding="utf-8"))["results"]
    assert {row["name"] for row in results["scores"]} == {
        "majority", "lora", "lora (mean of seeds 0, 1)",
    }  # fmt: skip
    assert [row["than"] for row in results["differences"]] == ["majority", "without speaker"]
    assert {row["n_articles"] for row in results["curve"]} == {8, 10}
    assert [row["gold"] for row in results["ceiling"]] == ["lm-a", "gold", "gold"]
    assert {row["by"] for row in results["errors"]} == {
        "kind",
        "lean",
        "length",
        "named",
        "event",
        "role",
    }
    assert all(r["macro_f1"]["value"] is None for r in results["errors"] if r["by"] == "role")
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "| split | validation | lora, mean of 2 |" in readme
    assert "| split | validation | lora, seed 0 |" in readme
    assert (out / "learning_curve.png").is_file()


@pytest.mark.slow
def test_the_speed_experiment_runs(tmp_path: Path) -> None:
    out = _smoke("e055_classifier_speed", tmp_path)
    results = json.loads((out / "result.json").read_text(encoding="utf-8"))["results"]
    assert results["units_asked"] == 12
    assert results["training"]["ratio"] > 0
    assert results["prediction"]["ratio"] > 0
    assert results["same_answer"] >= 11 / 12
    assert "| prediction | 12 |" in (out / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_balance_experiment_runs(tmp_path: Path) -> None:
    out = _smoke("e035_article_balance", tmp_path)
    rows = json.loads((out / "result.json").read_text(encoding="utf-8"))["results"]["rows"]
    by_key = {(row["variable"], row["article_effect"]): row for row in rows}
    assert len(by_key) == len(rows) == 4
    assert {row["n_articles"] for row in rows} == {16}
    for variable in ("stance", "role"):
        alone, together = by_key[variable, "no"], by_key[variable, "yes"]
        # What an article deviates as a whole widens intervals and moves no value.
        assert together["width"]["value"] > alone["width"]["value"]
        assert together["held"]["value"] >= alone["held"]["value"]
        assert together["error"]["value"] == pytest.approx(alone["error"]["value"], abs=0.01)
    assert "| samples | small | stance | yes | 16 |" in (out / "README.md").read_text("utf-8")


def _row(name: str, seed: int | None, value: float) -> dict[str, object]:
    score = {"value": value, "low": value - 0.1, "high": value + 0.1}
    keys = ("macro_f1", "accuracy", "ece", "brier", "log_loss")
    scores = {"n": 1200, **dict.fromkeys(keys, score)}
    facts = {"train_seconds": 10.0 * (seed or 1), "n_train_units": 60, "n_train_articles": 30}
    return {
        "split": "split", "scored": "test", "name": name, "seed": seed, "scores": scores,
        "n_articles": 0, **facts,
    }  # fmt: skip


def test_a_table_has_single_seeds_and_their_mean() -> None:
    rows = [
        _row("lora", 1, 0.5),
        _row("lora", 2, 0.6),
        _row("lora (mean of seeds 1, 2)", None, 0.7),
    ]
    stale = _row("lora (mean of seeds 1)", None, 0.2)  # before there was a second
    first, line = score_table([stale, *rows]).splitlines()[2:]
    assert first.startswith("| split | test | lora, seed 1 | 60 of 30 articles | 1,200 |  | 0.500")
    assert line.startswith("| split | test | lora, mean of 2 | 60 of 30 articles | 1,200 | ")
    # Seeds: mean 0.55 from 0.5 to 0.6; their joint answers 0.7; (10 + 20) / 2 seconds.
    assert "| 0.550 (0.500–0.600) | 0.700 [0.600, 0.800] | 0.700 |" in line
    assert line.endswith("| 15 |")
    fewer = {**_row("lora", 1, 0.5), "n_articles": 160}
    assert "| lora, 160 articles |" in score_table([fewer])


def test_the_headline_is_of_the_model_that_validation_chose() -> None:
    rows = [
        {**_row(name, seed, value), "scored": scored}
        for name, seed, on_validation, on_test in (
            ("frozen", 0, 0.5, 0.9),
            ("lora", 0, 0.6, 0.5),
            ("lora", 1, 0.8, 0.8),  # a lucky seed
            ("lora (mean of seeds 0, 1)", None, 0.7, 0.7),  # a model that nobody gets
        )
        for scored, value in (("validation", on_validation), ("test", on_test))
    ]
    rows.append({**_row("lora", 0, 0.99), "scored": "validation", "n_articles": 160})
    assert headline({"scores": rows}, "stance") == (
        "stance, macro-F1 of lora, seed 0: validation 0.600 [0.500, 0.700]; "
        "test 0.500 [0.400, 0.600]"
    )


def test_tables_stand_between_their_markers() -> None:
    assert (
        fill("a <!-- x --> old <!-- end --> b", "x", " new ") == "a <!-- x --> new <!-- end --> b"
    )
    with pytest.raises(SystemExit, match="no place for 'y'"):
        fill("a", "y", "")
