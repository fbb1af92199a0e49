"""`framing train` and `framing evaluate`: the ways to train, and models side by side."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from framing.codebook import load_codebook, parse_codebook
from framing.models.baselines import BaselineClassifier
from framing.models.trainer import units_per_device
from framing.models.training_config import Schedule
from framing.models.units import Unit
from framing.pipeline import reproduce_run
from framing.records import Prediction
from framing.runs import file_sha256
from tests.cli.invented import run
from tests.models.invented_coding import CODEBOOK, write_coded, write_encoder

SAMPLES = Path(__file__).parents[2] / "annotations" / "samples"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Coded articles in parts, their codebook, an encoder, and how to fine-tune it."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "tiny.toml").write_bytes(CODEBOOK)
    (folder / "coded").mkdir()
    parts = ["train"] * 30 + ["validation"] * 6 + ["test"] * 8
    write_coded(folder / "coded", parse_codebook(CODEBOOK, where="tiny.toml"), parts)
    (folder / "encoder").mkdir()
    write_encoder(folder / "encoder")
    (folder / "config.toml").write_text(
        f'encoder = "{folder / "encoder"}"\nmax_length = 96\n'
        "[schedule]\nepochs = 2\nlearning_rate = 0.03\nhead_learning_rate = 0.03\nthreads = 1\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def model(work: Path) -> Path:
    out = work / "model"
    arguments = ("--data", work / "coded", "--config", work / "config.toml", "--out", out)
    assert run("train", "role", "stance", *arguments, "--codebook", work / "tiny.toml") == 0
    return out


def test_a_config_trains_two_variables_and_is_recorded(model: Path, work: Path) -> None:
    record = json.loads((model / "run.json").read_text(encoding="utf-8"))
    assert record["inputs"][(work / "config.toml").as_posix()] == file_sha256(work / "config.toml")
    assert set(record["results"]["variables"]) == {"role", "stance"}
    assert record["results"]["variables"]["role"]["units"] == 60
    assert set(record["outputs"]) >= {"model.json", "README.md", "adapter_model.safetensors"}
    # Whoever gets the folder can use it, and is not told what its labels are not about.
    assert load_codebook(model / "codebook.toml").digest == record["results"]["codebook"]
    card = (model / "README.md").read_text(encoding="utf-8")
    assert "- For texts like those it learned from, under its own codebook" in card
    assert "conflict" not in card
    assert "license" not in card


def test_scores_can_be_put_into_the_card(
    model: Path, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(model, tmp_path / "model")
    arguments = ("--model", "majority", "--part", "test", "--codebook", work / "tiny.toml")
    named = ("--model", tmp_path / "model", "--card", "eight other articles")
    assert run("evaluate", work / "coded", *arguments, *named) == 0
    card = json.loads((tmp_path / "model" / "model.json").read_text(encoding="utf-8"))
    for variable in ("role", "stance"):
        (added,) = card["variables"][variable]["evaluations"]
        assert (added["on"], added["scores"]["n"]) == ("eight other articles", 16)
    readme = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert readme.count("### On eight other articles") == 2
    assert readme.count("Before calibration: ECE ") == 2
    capsys.readouterr()
    for none_of_ours in ((), ("--model", "small")):
        assert run("evaluate", work / "coded", *arguments, *none_of_ours, "--card", "them") == 1
        refused = capsys.readouterr().err
        assert "--card takes folders of fine-tuned models, given with --model" in refused


def test_models_are_scored_side_by_side_on_one_part(
    model: Path, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--model", "majority", "--model", "tfidf", "--model", model, "--part", "test")
    book = ("--codebook", work / "tiny.toml")
    assert run("evaluate", work / "coded", *arguments, *book, "--out", tmp_path) == 0
    shown = capsys.readouterr().out
    assert "stance: 16 units of 8 articles (95% intervals)" in shown
    scores = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    for variable in ("role", "stance"):
        name = json.loads((model / "model.json").read_text(encoding="utf-8"))["name"]
        assert list(scores[variable]) == ["majority", "tfidf", name]
        # As many of one category as of the other: the first is always said, macro-F1 1/3.
        assert scores[variable]["majority"]["macro_f1"]["value"] == 0.3333
        assert scores[variable]["majority"]["n_out_of_fold"] == 0
        better = scores[variable][name]["better_than_first"]
        gain = scores[variable][name]["macro_f1"]["value"] - 0.3333
        assert better["value"] == pytest.approx(gain, abs=2e-4)
        assert f"{name}: macro-F1 {better['value']:.3f} [" in shown
        before = scores[variable][name]["uncalibrated"]
        assert f"{name}: before its calibration, log loss {before['log_loss']:.3f}" in shown
        assert "uncalibrated" not in scores[variable]["majority"]
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["model"] for row in rows} == set(scores["stance"])
    found = next(r for r in rows if r["model"] == "tfidf" and r["measure"] == "macro_f1")
    assert float(found["value"]) == scores[found["variable"]]["tfidf"]["macro_f1"]["value"]
    assert r"\begin{tabular}" in (tmp_path / "scores.tex").read_text(encoding="utf-8")
    assert (tmp_path / "figures" / "reliability_stance_tfidf.pdf").is_file()
    assert (tmp_path / "figures" / "confusion_role_majority.png").is_file()


def test_units_without_a_label_are_counted(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(work / "coded", tmp_path / "coded")
    labels = tmp_path / "coded" / "labels.jsonl"
    kept = [x for x in labels.read_text("utf-8").splitlines() if '"a40-q' not in x]
    labels.write_text("\n".join(kept) + "\n", encoding="utf-8")
    arguments = ("--model", "majority", "--part", "test", "--codebook", work / "tiny.toml")
    assert run("evaluate", tmp_path / "coded", *arguments) == 0
    said = capsys.readouterr()
    assert "stance: 14 units of 7 articles" in said.out
    assert "2 units of stance in the scored articles have no label and are not scored" in said.err
    assert "units of role in the scored articles" not in said.err


def test_what_flatters_or_skews_a_score_is_said(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(work / "coded", tmp_path / "coded")
    labels = tmp_path / "coded" / "labels.jsonl"
    lines = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
    (first, *rest) = [x for x in lines if x["unit_id"].startswith("a40-q")]
    arguments = ("--model", "majority", "--part", "test", "--codebook", work / "tiny.toml")
    assert run("evaluate", tmp_path / "coded", *arguments) == 0
    assert not {"suggestion", "probabilities"} & set(capsys.readouterr().err.split())
    shown = {key: first[key] for key in ("unit_id", "variable", "value")} | {"model": "words"}
    suggestions = tmp_path / "coded" / "suggestions.jsonl"
    suggestions.write_text(json.dumps(shown) + "\n", encoding="utf-8")
    for label in rest:
        label["probability"] = 0.25
    labels.write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")
    assert run("evaluate", tmp_path / "coded", *arguments) == 0
    said = capsys.readouterr().err
    assert "1 of 32 labels in" in said
    assert "were given by coders who had seen a suggestion (words), and 1 repeat it" in said
    assert "drawn for labeling with probabilities from 0.25 to 1: scores are of these" in said


def test_headlines_are_scored_and_not_learned_from(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(work / "coded", tmp_path / "coded")
    path = tmp_path / "coded" / "articles.jsonl"
    titled = [{**json.loads(x), "title": "Harbour news"} for x in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(x) + "\n" for x in titled), encoding="utf-8")
    asked: list[tuple[set[str], set[str]]] = []

    def watched(self: BaselineClassifier, units: Sequence[Unit]) -> list[Prediction]:
        asked.append(({u.target for u in self.train}, {u.target for u in units}))
        return predict(self, units)

    predict = BaselineClassifier.predict
    monkeypatch.setattr(BaselineClassifier, "predict", watched)
    arguments = ("--model", "tfidf", "--part", "test", "--codebook", work / "tiny.toml")
    for option in ((), ("--headline",)):
        assert run("evaluate", tmp_path / "coded", *arguments, *option) == 0
    of_targets, of_headlines = asked[1], asked[3]  # role, stance; role, stance
    assert of_headlines[0] == of_targets[0] == of_targets[1]
    assert of_headlines[1] == {"Harbour news"}


def test_baselines_without_parts_are_cross_validated(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--model", "majority", "--codebook", work / "tiny.toml")
    assert run("evaluate", work / "coded", *arguments) == 0
    assert "88 of the 88 stance units are of articles in the training" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--part", "validation"), "trained or calibrated on articles of"),
        (
            ("--part", "tset"),
            "no article has 'split': 'tset'; found there: test, train, validation",
        ),
        (("--part", "test", "--split", "years"), "no article has 'years': 'test'; found there: n"),
        (("--split", "split"), "give the part too, such as --part test"),
        (("--part", "test", "--model", "tfidf", "--model", "tfidf"), "one is given twice"),
    ],
)
def test_what_would_say_nothing_is_not_scored(
    arguments: tuple[str, ...],
    message: str,
    model: Path,
    work: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = ("--codebook", work / "tiny.toml")
    assert run("evaluate", work / "coded", "--model", model, *book, *arguments) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("role", "stance"), "method 'frozen': it takes one variable and one seed, and no config"),
        (("role", "--seeds", "2"), "it takes one variable and one seed, and no config"),
        (("role", "--method", "deep"), "method is 'deep'; accepted: frozen, lora, full"),
        (("role", "role", "--method", "lora"), "give one variable or more, each once"),
        (("role", "--method", "lora", "--split", "years"), "no article has 'years': \"train\""),
    ],
)
def test_what_cannot_be_trained_is_refused(
    arguments: tuple[str, ...],
    message: str,
    work: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    same = ("--data", work / "coded", "--out", tmp_path, "--codebook", work / "tiny.toml")
    assert run("train", *arguments, *same) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "model.json").exists()


@pytest.mark.slow
def test_a_training_killed_by_the_system_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        "max_length = 32\nfolds = 2\n[schedule]\nepochs = 2\nbatch_size = 32\n", encoding="utf-8"
    )

    def start(out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "framing", "train", "role", "--data", str(SAMPLES)]
        return subprocess.Popen([*command, "--config", str(config), "--out", str(out), "--quiet"])

    assert start(tmp_path / "whole").wait() == 0
    killed = start(tmp_path / "killed")
    while not list((tmp_path / "killed").glob("checkpoints/*/fold-1/checkpoint-*/optimizer.pt")):
        assert killed.poll() is None
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "killed" / "model.json").exists()
    assert start(tmp_path / "killed").wait() == 0
    for name in ("adapter_model.safetensors", "head.safetensors", "held_out.jsonl"):
        assert file_sha256(tmp_path / "killed" / name) == file_sha256(tmp_path / "whole" / name)


@pytest.mark.slow
def test_processes_that_train_together_share_out_batches_and_write_one_model(
    work: Path, tmp_path: Path
) -> None:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    arguments = ["train", "stance", "--data", work / "coded", "--config", work / "config.toml"]
    arguments += ["--codebook", work / "tiny.toml", "--quiet", "--out", tmp_path / "model"]
    command = [str(one) for one in (*launcher, "-m", "framing", *arguments)]
    subprocess.run(command, check=True, capture_output=True)
    record = json.loads((tmp_path / "model" / "run.json").read_text(encoding="utf-8"))
    assert record["results"]["scores"]["macro_f1"]["value"] > 0.9
    for name, digest in record["outputs"].items():  # neither has written over the other
        assert file_sha256(tmp_path / "model" / name) == digest
    assert not (tmp_path / "model" / "checkpoints").exists()


def test_a_batch_is_shared_out_among_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {}
    for n in ("1", "2", "32"):
        monkeypatch.setenv("WORLD_SIZE", n)
        sizes[n] = units_per_device(Schedule(batch_size=16))
    assert sizes == {"1": 16, "2": 8, "32": 1}


def test_a_training_is_reproduced(model: Path) -> None:
    assert reproduce_run(model / "run.json").differences == ()
