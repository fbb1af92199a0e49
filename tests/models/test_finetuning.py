"""Fine-tuning a tiny random encoder: it repeats itself, goes on, and says what it is."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.metrics.article_effect import fit_article_sd
from framing.models import load_model
from framing.models.card import add_evaluation
from framing.models.classifier import Classifier
from framing.models.encoders import Encoder
from framing.models.finetuned import FineTunedClassifier
from framing.models.finetuned_training import fine_tune_on_folder
from framing.models.finetuning import training_fingerprint
from framing.models.labelled_units import read_coded_units, read_training_data
from framing.models.model_folders import base_model
from framing.models.regression import softmax
from framing.models.scores import score_predictions
from framing.models.second_stage import SecondStage, stage_features
from framing.models.training import TrainingReport
from framing.models.training_config import FineTuning, LoRA, Schedule
from framing.models.units import Unit
from framing.records import Article, Quote

COMMAND = "framing train stance --data split --out model --method lora"


@pytest.fixture(scope="module")
def config(tiny_encoder_folder: Path) -> FineTuning:
    return FineTuning(
        encoder=str(tiny_encoder_folder),
        max_length=96,
        folds=2,
        lora=LoRA(rank=4),
        schedule=Schedule(
            epochs=3, patience=2, learning_rate=3e-2, head_learning_rate=3e-2, threads=1
        ),
    )


@pytest.fixture(scope="module")
def tuned(
    split_folder: Path,
    tiny_codebook: Codebook,
    config: FineTuning,
    tmp_path_factory: pytest.TempPathFactory,
) -> TrainingReport:
    return fine_tune_on_folder(
        split_folder,
        ["stance"],
        out=tmp_path_factory.mktemp("tuned"),
        seed=3,
        config=config,
        codebook=tiny_codebook,
        command=COMMAND,
    )[0]


def _units(folder: Path, codebook: Codebook, part: str, variable: str = "stance") -> list[Unit]:
    return read_coded_units(
        folder,
        codebook.variable(variable),
        codebook=codebook,
        wanted=lambda article: article.group.get("split", "") == part,
    )[1]


def test_a_model_is_a_folder_that_says_what_it_is(
    tuned: TrainingReport, tiny_encoder: Encoder, tiny_codebook: Codebook
) -> None:
    names = {path.name for path in tuned.folder.iterdir()}
    assert names == {
        "README.md", "adapter_config.json", "adapter_model.safetensors", "head.safetensors",
        "held_out.jsonl", "model.json",
    }  # fmt: skip
    assert {path.name for path in tuned.files} == names
    card = json.loads((tuned.folder / "model.json").read_text(encoding="utf-8"))
    assert card["encoder"]["sha256"] == tiny_encoder.files.sha256
    assert card["codebook"] == tiny_codebook.digest
    assert card["name"].startswith("lora-stance-")
    assert sorted(card["training_articles"].values()) == ["train"] * 30 + ["validation"] * 6
    stance = card["variables"]["stance"]
    assert stance["data"]["n_by_category"] == {"for_it": 30, "against_it": 30}
    assert set(stance["uncalibrated"]) == {"ece", "brier", "log_loss"}
    readme = (tuned.folder / "README.md").read_text(encoding="utf-8")
    assert f"Before it: ECE {stance['uncalibrated']['ece']:.3f}, Brier score" in readme
    assert "60 labelled units of 30 articles to learn from (parts by `split`)" in readme
    assert COMMAND in readme
    assert "60 labelled units are few: below 500" in readme
    assert "on the 12 units of 6 validation articles by which training was stopped" in readme


def test_the_card_scores_what_the_stored_model_says(
    tuned: TrainingReport, split_folder: Path, tiny_codebook: Codebook
) -> None:
    model = load_model(tuned.folder, variable="stance", codebook=tiny_codebook)
    units = _units(split_folder, tiny_codebook, "validation")
    values = ["for_it" if unit.id.endswith("q0") else "against_it" for unit in units]
    scores = score_predictions(
        model.predict(units),
        values,
        [unit.article_sha256 for unit in units],
        rng=np.random.default_rng(3),
    )
    assert scores == tuned.scores
    # How far an article deviates was measured on the same units, and every prediction says it.
    card = json.loads((tuned.folder / "model.json").read_text(encoding="utf-8"))
    measured = card["variables"]["stance"]["article_sd"]
    said = model.predict(units)
    names = list(said[0].categories)
    assert measured == fit_article_sd(
        np.array([one.probabilities for one in said]),
        np.array([names.index(value) for value in values]),
        [unit.article_sha256 for unit in units],
    )
    assert {one.article_sd for one in said} == {measured}
    assert f"by {measured:g} in log odds" in (tuned.folder / "README.md").read_text("utf-8")


def test_it_has_learned_what_is_plain(
    tuned: TrainingReport, split_folder: Path, tiny_codebook: Codebook
) -> None:
    # Praise and blame are six sentences that recur, so that telling them apart is easy.
    assert tuned.scores["accuracy"]["value"] >= 0.9
    model = load_model(tuned.folder, variable="stance", codebook=tiny_codebook)
    predictions = model.predict(_units(split_folder, tiny_codebook, "test"))
    assert {prediction.basis for prediction in predictions} == {"new"}
    assert np.mean([p.value == ("for_it" if p.unit_id.endswith("q0") else "against_it")
                    for p in predictions]) >= 0.9  # fmt: skip


def test_articles_that_it_learned_from_or_was_stopped_by_are_marked(
    tuned: TrainingReport, split_folder: Path, tiny_codebook: Codebook
) -> None:
    model = load_model(tuned.folder, variable="stance", codebook=tiny_codebook)
    for part in ("train", "validation"):
        predictions = model.predict(_units(split_folder, tiny_codebook, part))
        assert {prediction.basis for prediction in predictions} == {"training"}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_unit_alone_is_predicted_as_in_company(
    dtype: str, tuned: TrainingReport, split_folder: Path, tiny_codebook: Codebook
) -> None:
    model = load_model(tuned.folder, variable="stance", dtype=dtype)  # type: ignore[arg-type]
    assert model.card["encoder"]["dtype_in_use"] == dtype
    units = _units(split_folder, tiny_codebook, "train")[:20]
    together = model.predict(units)
    assert [model.predict([unit])[0] for unit in units] == together
    assert model.predict(units[::-1]) == together[::-1]
    assert model.predict([]) == []


def test_a_second_stage_judges_beside_the_speakers_other_quotes(
    split_folder: Path, tiny_codebook: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(split_folder, folder)
    quotes = read_jsonl(folder / "quotes.jsonl", Quote)
    speaker_of = {quote.article_id: quote.speaker_id for quote in quotes}  # all quotes, one speaker
    write_jsonl(
        folder / "quotes.jsonl",
        [dataclasses.replace(quote, speaker_id=speaker_of[quote.article_id]) for quote in quotes],
    )
    out = tmp_path / "model"
    fine_tune_on_folder(
        folder,
        ["stance"],
        out=out,
        seed=3,
        config=dataclasses.replace(config, second_stage=True),
        codebook=tiny_codebook,
    )
    model = load_model(out, variable="stance", codebook=tiny_codebook, dtype="float32")
    assert isinstance(model, FineTunedClassifier)
    units = _units(folder, tiny_codebook, "test")
    assert all(unit.others for unit in units)
    together = model.predict(units)
    assert [model.predict([unit])[0] for unit in units] == together
    logits = model.logits(units)
    stage = SecondStage.from_card(model.card["second_stage"])
    expected = softmax(stage.logits(stage_features(logits, units)), temperature=model.temperature)
    said = np.array([prediction.probabilities for prediction in together])
    np.testing.assert_allclose(said, expected, atol=1e-6)
    assert np.abs(said - softmax(logits)).max() > 1e-3
    assert "the answer of a second stage" in (out / "README.md").read_text("utf-8").lower()


def test_a_second_stage_needs_what_can_be_divided(
    split_folder: Path, tiny_codebook: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(split_folder, folder)
    articles = read_jsonl(folder / "articles.jsonl", Article)
    one_event = [dataclasses.replace(a, group={**a.group, "event": "flood"}) for a in articles]
    write_jsonl(folder / "articles.jsonl", one_event)
    with pytest.raises(DataError, match="training of stance: a second stage is fitted on units"):
        fine_tune_on_folder(
            folder,
            ["stance"],
            out=tmp_path / "model",
            seed=3,
            config=dataclasses.replace(config, second_stage=True),
            codebook=tiny_codebook,
        )


def test_two_trainings_give_the_same_bytes(
    tuned: TrainingReport,
    split_folder: Path,
    tiny_codebook: Codebook,
    config: FineTuning,
    tmp_path: Path,
) -> None:
    fine_tune_on_folder(
        split_folder, ["stance"], out=tmp_path, seed=3, config=config, codebook=tiny_codebook,
        command=COMMAND,
    )  # fmt: skip
    for path in tuned.files:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


class _KilledError(Exception):
    pass


@pytest.mark.parametrize(
    "killed_at", [5, *(pytest.param(step, marks=pytest.mark.slow) for step in (1, 11, 12))]
)
def test_a_killed_run_goes_on_to_the_same_bytes(
    killed_at: int,
    tuned: TrainingReport,
    split_folder: Path,
    tiny_codebook: Codebook,
    config: FineTuning,
    tmp_path: Path,
) -> None:
    seen: list[int] = []

    def kill(_what: str, done: int, total: int) -> None:
        assert total == 12  # 60 units in batches of 16 are 4 steps; 3 epochs
        if done == killed_at:
            raise _KilledError

    def run(progress: object) -> None:
        fine_tune_on_folder(
            split_folder, ["stance"], out=tmp_path, seed=3, config=config,
            codebook=tiny_codebook, command=COMMAND, progress=progress,  # type: ignore[arg-type]
        )  # fmt: skip

    with pytest.raises(_KilledError):
        run(kill)
    run(lambda _what, done, _total: seen.append(done))
    whole_epochs = (killed_at - 1) // 4
    assert seen == list(range(4 * whole_epochs + 1, 13))
    for path in tuned.files:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    assert not (tmp_path / "checkpoints").exists()


def test_another_encoder_and_damaged_weights_are_refused(
    tuned: TrainingReport, tiny_encoder_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "encoder"
    shutil.copytree(tiny_encoder_folder, other)
    with (other / "model.safetensors").open("r+b") as file:
        file.seek(-4, 2)
        file.write(b"\0\0\0\0")
    with pytest.raises(DataError, match=r"trained with encoder .* but .* has"):
        load_model(tuned.folder, variable="stance", encoder=other)
    copy = tmp_path / "model"
    shutil.copytree(tuned.folder, copy)
    with (copy / "head.safetensors").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(DataError, match=r"head\.safetensors has sha256 .* model\.json names"):
        load_model(copy, variable="stance")
    (copy / "adapter_model.safetensors").unlink()
    with pytest.raises(DataError, match=r"adapter_model\.safetensors is missing"):
        load_model(copy, variable="stance")
    with pytest.raises(DataError, match="predicts 'stance', but 'role' was asked for"):
        load_model(tuned.folder, variable="role")


def test_a_training_with_other_events_is_another_training(
    many_coded_folder: Path, tiny_codebook: Codebook, config: FineTuning
) -> None:
    stance = tiny_codebook.variable("stance")
    data = read_training_data(many_coded_folder, [stance], codebook=tiny_codebook)
    joined = dataclasses.replace(data, events={"a0": "one", "a1": "one"})
    first, second = (training_fingerprint(x, config, codebook="b", seed=0) for x in (data, joined))
    assert first != second


@pytest.mark.slow
def test_folds_take_the_place_of_a_validation_part_and_two_variables_share_an_encoder(
    many_coded_folder: Path, tiny_codebook: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    first = fine_tune_on_folder(
        many_coded_folder, ["role", "stance"], out=tmp_path / "one", seed=1, config=config,
        codebook=tiny_codebook,
    )  # fmt: skip
    assert [report.variable for report in first] == ["role", "stance"]
    assert first[0].name == first[1].name
    assert "on the folds of 30 articles" in first[0].caveats[0]
    for report in first:
        assert report.scores["n"] == 60
        # What the folds left out is as plain as the test part: answers stay with their units.
        assert report.scores["macro_f1"]["value"] > 0.9
        model = load_model(report.folder, variable=report.variable, codebook=tiny_codebook)
        assert isinstance(model, Classifier)
        units = _units(many_coded_folder, tiny_codebook, "", report.variable)
        predictions = model.predict(units)
        assert {p.categories for p in predictions} == {model.categories}
        assert {p.basis for p in predictions} == {"training"}
    steps = 0

    def kill(_what: str, _done: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 20:  # in the second fold: 60 of 120 units are 4 steps, 3 epochs 12
            raise _KilledError

    with pytest.raises(_KilledError):
        fine_tune_on_folder(
            many_coded_folder, ["role", "stance"], out=tmp_path / "two", seed=1, config=config,
            codebook=tiny_codebook, progress=kill,
        )  # fmt: skip
    fine_tune_on_folder(
        many_coded_folder, ["role", "stance"], out=tmp_path / "two", seed=1, config=config,
        codebook=tiny_codebook,
    )  # fmt: skip
    for path in first[0].files:
        assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.slow
def test_all_weights_can_be_trained_and_an_ensemble_is_the_calibrated_mean(
    split_folder: Path, tiny_codebook: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    full = dataclasses.replace(
        config, method="full", class_weights="balanced", focal_gamma=1.0, label_smoothing=0.1
    )
    (report,) = fine_tune_on_folder(
        split_folder, ["stance"], out=tmp_path, seed=5, config=full, n_seeds=2,
        codebook=tiny_codebook,
    )  # fmt: skip
    assert report.name.startswith("ensemble-stance-")
    assert (tmp_path / "seed-5" / "encoder.safetensors").is_file()
    units = _units(split_folder, tiny_codebook, "test")
    ensemble = load_model(tmp_path, variable="stance", codebook=tiny_codebook)
    members = [load_model(tmp_path / f"seed-{n}", variable="stance") for n in (5, 6)]
    said = np.array([[p.probabilities for p in m.predict(units)] for m in members]).mean(axis=0)
    powers = said ** (1 / ensemble.card["temperature"])
    expected = powers / powers.sum(axis=1, keepdims=True)
    found = [p.probabilities for p in ensemble.predict(units)]
    assert np.allclose(found, expected, atol=1e-9)
    assert {p.article_sd for p in ensemble.predict(units)} == {ensemble.card["article_sd"]}
    assert "mean of the probabilities of 2 models" in (tmp_path / "README.md").read_text("utf-8")
    card = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    card["members"]["seed-6"] = "other"
    (tmp_path / "model.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(DataError, match=r"member seed-6 is full-stance-.* made of other"):
        load_model(tmp_path, variable="stance")


def test_fewer_than_fifty_labels_are_refused(
    coded_folder: Path, tiny_codebook: Codebook, config: FineTuning, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="12 labelled units; fine-tuning takes 50 or more"):
        fine_tune_on_folder(
            coded_folder, ["stance"], out=tmp_path / "out", seed=0, config=config,
            codebook=tiny_codebook,
        )  # fmt: skip
    assert not (tmp_path / "out").exists()


def test_the_card_names_the_base_model_as_the_hub_does() -> None:
    assert base_model("sentence-transformers/all-MiniLM-L6-v2") == (
        "sentence-transformers/all-MiniLM-L6-v2"
    )
    assert base_model(f"some/encoder@{'0' * 40}") == "some/encoder"


def test_scores_on_other_articles_can_be_added_to_the_card(
    tuned: TrainingReport, tmp_path: Path
) -> None:
    shutil.copytree(tuned.folder, tmp_path / "model")
    for _ in range(2):  # the second time they are replaced
        add_evaluation(tmp_path / "model", "stance", on="some other articles", scores=tuned.scores)
    readme = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    macro = tuned.scores["macro_f1"]
    section = readme.split("### On some other articles")[1]
    assert f"| macro-F1 | {macro['value']:.3f} | {macro['low']:.3f} to {macro['high']:.3f} |\n" in (
        section
    )
    assert readme.count("### On some other articles") == 1
    assert load_model(tmp_path / "model", variable="stance").name == tuned.name
