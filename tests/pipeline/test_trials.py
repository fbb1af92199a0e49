"""Trials on invented articles with a tiny encoder: kept, averaged, compared, grouped, drawn."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from framing.codebook import Codebook, parse_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.models import load_model
from framing.models.finetuned_training import HELD_OUT_FILE
from framing.models.training_config import FineTuning, LoRA, Schedule
from framing.pipeline.coder_scores import score_coder
from framing.pipeline.error_groups import group_units, score_groups
from framing.pipeline.learning_curves import CURVE, curve_sizes, measure_learning_curve
from framing.pipeline.trial_training import Trial, draw_training_articles
from framing.pipeline.trials import ScoredUnits, Trials
from framing.records import Article, Label, Prediction
from tests.cli.invented import run
from tests.models.invented_coding import CODEBOOK, write_coded, write_encoder


@pytest.fixture(scope="module")
def book() -> Codebook:
    return parse_codebook(CODEBOOK, where="tiny.toml")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, book: Codebook) -> Path:
    """Thirty articles to train on, six each for validation and test, two units of a kind each."""
    parts = ["train"] * 30 + ["validation"] * 6 + ["test"] * 6
    return write_coded(tmp_path_factory.mktemp("data"), book, parts)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> FineTuning:
    encoder = write_encoder(tmp_path_factory.mktemp("encoder"))
    return FineTuning(
        encoder=str(encoder),
        max_length=48,
        lora=LoRA(rank=4),
        schedule=Schedule(
            epochs=1, batch_size=32, learning_rate=3e-2, head_learning_rate=3e-2, threads=1
        ),
    )


def _trials(data: Path, work: Path, book: Codebook) -> Trials:
    return Trials(data, work, work / "cells.jsonl", codebook=book, seed=1)


def test_a_trial_that_is_there_is_not_run_again(
    data: Path, book: Codebook, config: FineTuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = ScoredUnits(name="test", folder=data, part="test")
    trial = Trial(name="lora", method="lora", variables=("stance",), seed=2, config=config)
    (row,) = _trials(data, tmp_path, book).run(trial, "stance", [test])
    assert (row["name"], row["seed"], row["scored"]) == ("lora", 2, "test")
    assert row["n_train_units"] == 60
    assert row["scores"]["n"] == 12
    assert row["train_seconds"] > 0

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("framing.pipeline.trials.train_trial", refuse)
    again = _trials(data, tmp_path, book)
    assert again.run(trial, "stance", [test]) == [row]
    assert [json.loads(x) for x in (tmp_path / "cells.jsonl").read_text("utf-8").splitlines()] == [
        row
    ]
    with pytest.raises(AssertionError, match="trained again"):
        again.run(Trial(name="lora", method="lora", variables=("stance",), seed=3, config=config),
                  "stance", [test])  # fmt: skip


def test_validation_is_scored_by_what_was_said_before_it_was_learned_from(
    data: Path, book: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    trials = _trials(data, tmp_path, book)
    staged = dataclasses.replace(config, second_stage=True)
    trial = Trial(name="lora", method="lora", variables=("stance",), seed=2, config=staged)
    fixed = ScoredUnits(name="validation", folder=data, part="validation")
    trials.run(trial, "stance", [fixed])
    (folder,) = (tmp_path / "models").iterdir()
    held_out = read_jsonl(folder / HELD_OUT_FILE, Prediction)
    said = trials.predictions(trial, "stance", fixed)
    assert {p.unit_id: p for p in said} == {p.unit_id: p for p in held_out}
    assert {p.basis for p in said} == {"out_of_fold"}
    model = load_model(folder, variable="stance", codebook=book)
    units, _ = trials.units("stance", fixed, "split")
    assert [p.probabilities for p in model.predict(units)] != [p.probabilities for p in said]


@pytest.mark.slow
def test_means_over_seeds_are_compared_pair_by_pair(
    data: Path, book: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    trials = _trials(data, tmp_path, book)
    test = ScoredUnits(name="test", folder=data, part="test")
    tuned = [
        Trial(name="lora", method="lora", variables=("role", "stance"), seed=n, config=config)
        for n in (0, 1)
    ]
    (mean,) = trials.average(tuned, "stance", [test])
    assert mean["name"] == "lora (mean of seeds 0, 1)"
    said = [trials.predictions(trial, "stance", test) for trial in tuned]
    joined = trials.mean_predictions(tuned, "stance", test)
    # Calibration by one temperature changes no order between two categories.
    for one, other, both in zip(*said, joined, strict=True):
        total = one.probabilities[0] + other.probabilities[0]
        assert (both.probabilities[0] > 0.5) == (total > 1) or total == pytest.approx(1)
    majority = [Trial(name="majority", method="majority", variables=("stance",), seed=0)]
    found = trials.compare(tuned, majority, "stance", test)
    base = trials.run(majority[0], "stance", [test])[0]["scores"]["macro_f1"]["value"]
    assert base == pytest.approx(1 / 3, abs=1e-4)  # half right: F1 of 2/3 and of 0
    assert found["value"] == pytest.approx(mean["scores"]["macro_f1"]["value"] - base, abs=2e-4)
    # One training serves both variables.
    trials.run(tuned[0], "role", [test])
    assert len(list((tmp_path / "models").iterdir())) == 2


def test_what_was_trained_on_is_not_scored(data: Path, book: Codebook, tmp_path: Path) -> None:
    trials = _trials(data, tmp_path, book)
    config = FineTuning(encoder="none")
    tfidf = Trial(name="tfidf", method="tfidf", variables=("stance",), seed=0, config=config)
    (row,) = trials.run(tfidf, "stance", [ScoredUnits(name="test", folder=data, part="test")])
    assert row["train_seconds"] == 0
    with pytest.raises(DataError, match="has no labelled stance in part 'dev' of 'split'"):
        trials.run(tfidf, "stance", [ScoredUnits(name="dev", folder=data, part="dev")])


def test_smaller_draws_lie_inside_larger_ones(data: Path) -> None:
    articles = read_jsonl(data / "articles.jsonl", Article)
    few, more = (
        draw_training_articles(articles, n, split="split", rng=np.random.default_rng(4))
        for n in (5, 12)
    )
    assert few < more
    assert len(more) == 12
    with pytest.raises(DataError, match="31 training articles asked for; 'split' has 30"):
        draw_training_articles(articles, 31, split="split", rng=np.random.default_rng(4))


def test_units_on_which_coders_differ_are_not_scored(
    data: Path, book: Codebook, tmp_path: Path
) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(data, folder)
    articles = read_jsonl(folder / "articles.jsonl", Article)
    (tested,) = [a.id for a in articles if a.group["split"] == "test"][:1]
    labels = [
        one
        for label in read_jsonl(folder / "labels.jsonl", Label)
        for one in (
            [
                dataclasses.replace(label, annotator="one"),
                dataclasses.replace(label, annotator="other", value="against_it"),
            ]
            if label.unit_id == f"{tested}-q0"
            else [label]
        )
    ]
    write_jsonl(folder / "labels.jsonl", labels)
    test = ScoredUnits(name="test", folder=folder, part="test")
    majority = Trial(name="majority", method="majority", variables=("stance",), seed=0)
    (row,) = _trials(folder, tmp_path / "work", book).run(majority, "stance", [test])
    assert row["scores"]["n"] == 11


def test_errors_are_grouped(data: Path, book: Codebook, tmp_path: Path) -> None:
    trials = _trials(data, tmp_path, book)
    test = ScoredUnits(name="test", folder=data, part="test")
    majority = Trial(name="majority", method="majority", variables=("stance",), seed=0)
    trials.run(majority, "stance", [test])
    units, values = trials.units("stance", test, "split")
    groups = group_units(data, units, codebook=book, split="split")
    assert groups["role"][:2] == ["official", "resident"]
    assert groups["kind"][0] == "direct"
    assert set(groups["length"]) == {"1–10 words"}
    assert set(groups["lean"]) == {"(none)"}
    assert set(groups["event"]) == {"(none)"}
    said = trials.predictions(majority, "stance", test)
    rows = score_groups(said, values, units, groups, rng=np.random.default_rng(0))
    of_role = {row["group"]: row for row in rows if row["by"] == "role"}
    # Always "for_it" (of equals the first): right of officials, wrong of residents.
    assert of_role["official"]["accuracy"]["value"] == 1
    assert of_role["resident"]["accuracy"]["value"] == 0
    assert of_role["resident"]["n"] == 6
    assert [row["group"] for row in rows if row["by"] == "role"] == ["resident", "official"]
    # Macro-F1 over the one category of a group would be high by construction.
    assert {row["macro_f1"]["value"] for row in rows if row["by"] == "role"} == {None}
    assert {row["macro_f1"]["value"] for row in rows if row["by"] == "named"} == {0.3333}


def test_articles_of_an_event_in_training_are_told_apart(
    data: Path, book: Codebook, tmp_path: Path
) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(data, folder)
    articles = read_jsonl(folder / "articles.jsonl", Article)
    tested = [a.id for a in articles if a.group["split"] == "test"]
    (learned,) = [a.id for a in articles if a.group["split"] == "train"][:1]
    events = {learned: "fire", tested[0]: "fire", tested[1]: "flood"}
    write_jsonl(
        folder / "articles.jsonl",
        [
            dataclasses.replace(a, group={**a.group, "event": events[a.id]})
            if a.id in events
            else a
            for a in articles
        ],
    )
    test = ScoredUnits(name="test", folder=folder, part="test")
    units, _ = _trials(folder, tmp_path / "work", book).units("stance", test, "split")
    groups = group_units(folder, units, codebook=book, split="split")
    said = {u.article_id: group for u, group in zip(units, groups["event"], strict=True)}
    assert said.pop(tested[0]) == "in training too"
    assert said.pop(tested[1]) == "not in training"
    assert set(said.values()) == {"(none)"}


def test_groups_are_by_the_label_that_settles(data: Path, book: Codebook, tmp_path: Path) -> None:
    folder = tmp_path / "coded"
    shutil.copytree(data, folder)
    labels = read_jsonl(folder / "labels.jsonl", Label)
    first, second = "a0-s0", "a0-s1"  # an official, a resident
    labels = [x for x in labels if x.unit_id != second]
    labels += [
        Label(unit_id=unit, variable="role", value=value, annotator=who)
        for unit, value, who in (
            (first, "resident", "b"),
            (second, "official", "a"),
            (second, "resident", "b"),
        )
    ]
    write_jsonl(folder / "labels.jsonl", labels)
    test = ScoredUnits(name="train", folder=folder, part="train")
    units, _ = _trials(folder, tmp_path / "work", book).units("stance", test, "split")
    groups = group_units(folder, units, codebook=book, split="split")
    # Of the first, the adjudicated one, though another stands after it; of the second, nothing.
    assert groups["role"][:2] == ["official", "(none)"]


def test_two_runs_at_once_keep_the_lines_of_both(
    data: Path, book: Codebook, tmp_path: Path
) -> None:
    test = ScoredUnits(name="test", folder=data, part="test")
    trials = [
        Trial(name="majority", method="majority", variables=("stance",), seed=n) for n in (0, 1)
    ]
    runs = [_trials(data, tmp_path, book) for _ in trials]
    for run_of_one, trial in zip(runs, trials, strict=True):
        run_of_one.run(trial, "stance", [test])
    lines = (tmp_path / "cells.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["seed"] for line in lines] == [0, 1]


def test_a_coder_is_scored_by_another(data: Path, book: Codebook) -> None:
    found = score_coder(data, data, "role", codebook=book, rng=np.random.default_rng(0))
    assert found["macro_f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert (found["n"], found["n_articles"]) == (84, 42)
    some = score_coder(
        data, data, "stance", codebook=book, rng=np.random.default_rng(0), articles={"a0", "a1"}
    )
    assert some["n"] == 4
    with pytest.raises(DataError, match="1 articles in which both labelled stance"):
        score_coder(
            data, data, "stance", codebook=book, rng=np.random.default_rng(0), articles={"a0"}
        )


def test_sizes_double_up_to_all() -> None:
    assert curve_sizes(239) == [10, 20, 40, 80, 160, 239]
    assert curve_sizes(170) == [10, 20, 40, 80, 170]  # 160 is too near
    assert curve_sizes(8) == [8]


def test_a_draw_that_scores_nothing_counts_in_the_curve(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny.toml").write_bytes(CODEBOOK)
    found = {(10, 0): 0.0, (10, 1): 0.4, (30, 0): 0.3, (30, 1): 0.3}

    def run_trial(_: Trials, trial: Trial, *__: object) -> list[dict[str, object]]:
        score = {"value": found[trial.n_articles, trial.seed], "low": 0.0, "high": 0.5}
        return [{"n_train_units": 2, "scores": {"macro_f1": score, "n": 12}}]

    monkeypatch.setattr(Trials, "run", run_trial)
    (tmp_path / "out" / "work").mkdir(parents=True)
    step = measure_learning_curve(
        "stance", data=data, out=tmp_path / "out", seed=0, sizes=[10, 30], draws=2,
        codebook=tmp_path / "tiny.toml",
    )  # fmt: skip
    # (0 + 0.4) / 2 = 0.2, from which 0.3 is a rise.
    assert step.notes[0].startswith(
        "stance: macro-F1 0.20 trained on 10 articles and 0.30 on 30: still rising"
    )


@pytest.mark.slow
def test_a_learning_curve_grows_and_says_what_was_too_little(
    data: Path, config: FineTuning, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tiny.toml").write_bytes(CODEBOOK)
    told = tmp_path / "config.toml"
    told.write_text(
        f'encoder = "{config.encoder}"\nmax_length = 48\n[schedule]\nepochs = 2\n'
        "learning_rate = 0.03\nhead_learning_rate = 0.03\nthreads = 1\n",
        encoding="utf-8",
    )
    given = ("--data", data, "--config", told, "--codebook", tmp_path / "tiny.toml")
    out = tmp_path / "model"
    assert run("train", "stance", *given, "--out", out, "--learning-curve") == 0
    said = capsys.readouterr().err
    assert "stance, 10 articles: training of stance: 20 labelled units" in said
    assert "one size could be trained on, which makes no curve" in said
    rows = (out / "learning_curve" / CURVE).read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("variable,n_articles,n_units,seed,value,low,high")
    assert rows[-1].startswith("stance,30,60,0,")
    assert (out / "learning_curve" / "figures" / "learning_curve_stance.pdf").is_file()
    assert not (out / "learning_curve" / "work").exists()


@pytest.mark.slow
def test_a_curve_of_data_without_parts_keeps_a_quarter_apart(
    book: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    data = write_coded(tmp_path / "data", book, [""] * 36)
    (tmp_path / "tiny.toml").write_bytes(CODEBOOK)
    told = tmp_path / "config.toml"
    told.write_text(f'encoder = "{config.encoder}"\n[schedule]\nepochs = 1\n', encoding="utf-8")
    step = measure_learning_curve(
        "stance", data=data, out=tmp_path / "out", seed=1, config=told, sizes=[25, 27],
        codebook=tmp_path / "tiny.toml",
    )  # fmt: skip
    rows = step.results["variables"]["stance"]
    assert [row["n_articles"] for row in rows] == [25, 27]
    assert [row["n_scored"] for row in rows] == [18, 18]  # two of each of nine articles
    assert [row["n_units"] for row in rows] == [50, 54]
    assert any("rising" in note for note in step.notes)
