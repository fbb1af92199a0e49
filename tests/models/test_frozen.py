"""Stored models: the same bytes, out-of-fold predictions, refusals of damaged files."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from framing.codebook import Codebook
from framing.errors import DataError
from framing.models import load_model
from framing.models.encoders import Encoder
from framing.models.frozen import FrozenClassifier, load_frozen, train_frozen
from framing.models.inputs import embed_parts, features, input_form
from framing.models.training import TrainingReport, read_coded_units
from framing.models.units import Unit


@pytest.fixture
def model(trained: TrainingReport, tiny_encoder: Encoder) -> FrozenClassifier:
    return load_frozen(trained.folder, encoder=tiny_encoder)


@pytest.fixture
def units(coded_folder: Path, tiny_codebook: Codebook) -> list[Unit]:
    stance = tiny_codebook.variable("stance")
    return read_coded_units(coded_folder, stance, codebook=tiny_codebook)[1]


def test_a_training_article_is_predicted_by_the_fold_without_it(
    model: FrozenClassifier, units: list[Unit]
) -> None:
    for unit, prediction in zip(units, model.predict(units), strict=True):
        fitted = model.folds[model.fold_of[unit.article_sha256]]
        form = input_form(fitted.form)
        (row,) = features(form, embed_parts([unit], form.embedded, model.encoder.embed))
        assert prediction.basis == "out_of_fold"
        assert prediction.probabilities == tuple(fitted.probabilities(row))


def test_another_article_is_predicted_by_the_final_model(
    model: FrozenClassifier, units: list[Unit]
) -> None:
    new = [dataclasses.replace(unit, article_sha256="f" * 64) for unit in units]
    out_of_fold, predictions = model.predict(units), model.predict(new)
    assert {prediction.basis for prediction in predictions} == {"new"}
    assert [p.probabilities for p in predictions] != [p.probabilities for p in out_of_fold]


def test_a_units_probabilities_are_its_own(model: FrozenClassifier, units: list[Unit]) -> None:
    mixed = [*units, *(dataclasses.replace(u, article_sha256="f" * 64) for u in units)]
    together = model.predict(mixed)
    assert together == [prediction for unit in mixed for prediction in model.predict([unit])]
    assert model.predict(mixed[::-1]) == together[::-1]
    assert model.predict([]) == []


def test_folds_learned_nothing_of_their_articles(
    units: list[Unit],
    coded_folder: Path,
    tiny_codebook: Codebook,
    tiny_encoder: Encoder,
) -> None:
    # Other labels in one article: its own fold's model must not change.
    stance = tiny_codebook.variable("stance")
    values = read_coded_units(coded_folder, stance, codebook=tiny_codebook)[2]
    one = units[0].article_sha256
    turned = [
        stance.names[1 - stance.names.index(value)] if unit.article_sha256 == one else value
        for unit, value in zip(units, values, strict=True)
    ]
    first, other = (
        train_frozen(
            units,
            answers,
            variable="stance",
            unit_kind="quote",
            categories=stance.names,
            codebook="c",
            encoder=tiny_encoder,
            seed=3,
        )
        for answers in (values, turned)
    )
    assert first.fold_of == other.fold_of
    held = first.fold_of[one]
    assert np.array_equal(first.folds[held].coefficients, other.folds[held].coefficients)
    assert not np.array_equal(first.final.coefficients, other.final.coefficients)


def test_articles_of_one_event_share_a_fold(units: list[Unit], tiny_encoder: Encoder) -> None:
    model = train_frozen(
        units,
        ["for_it", "against_it"] * (len(units) // 2),
        variable="stance",
        unit_kind="quote",
        categories=("for_it", "against_it"),
        codebook="c",
        encoder=tiny_encoder,
        events={"a0": "opening", "a1": "opening"},
        seed=3,
    )
    fold = {unit.article_id: model.fold_of[unit.article_sha256] for unit in units}
    assert fold["a0"] == fold["a1"]
    assert len(model.folds) == 5


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        ("model.safetensors", None, r"model\.safetensors cannot be read"),
        ("model.safetensors", b"x", r"the two files are not of one training"),
        ("model.json", None, r"model\.json cannot be read"),
        ("model.json", b"{", "not JSON"),
        ("model.json", b'{"format": "other"}', "format 'other'; accepted: 'framing-frozen"),
    ],
)
def test_damaged_files_are_refused(
    name: str,
    damage: bytes | None,
    message: str,
    trained: TrainingReport,
    tiny_encoder: Encoder,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(trained.folder, folder)
    (folder / name).unlink()
    if damage is not None:
        (folder / name).write_bytes(damage)
    with pytest.raises(DataError, match=message):
        load_model(folder, variable="stance", encoder=tiny_encoder)


def test_another_encoder_or_variable_is_refused(
    trained: TrainingReport, tiny_encoder: Encoder
) -> None:
    files = dataclasses.replace(tiny_encoder.files, sha256="0" * 64)
    with pytest.raises(DataError, match="give the encoder it was trained with"):
        load_frozen(trained.folder, encoder=dataclasses.replace(tiny_encoder, files=files))
    with pytest.raises(DataError, match="predicts 'stance', but 'role' was asked for"):
        load_model(trained.folder, variable="role", encoder=tiny_encoder)
    with pytest.raises(DataError, match=r"none is shipped \(shipped: role, stance\); train one"):
        load_model(variable="tone")


def test_the_card_in_use_names_the_dtype(trained: TrainingReport, tiny_encoder: Encoder) -> None:
    model = load_model(trained.folder, variable="stance", encoder=tiny_encoder)
    assert model.card["encoder"]["dtype_in_use"] == "float32"
    stored = json.loads((trained.folder / "model.json").read_text(encoding="utf-8"))
    assert "dtype_in_use" not in stored["encoder"]
