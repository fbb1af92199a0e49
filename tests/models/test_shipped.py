"""The models in the package: what they were trained on, and what they say of it."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from framing.codebook import load_codebook
from framing.models import load_model
from framing.models.model_folders import read_card
from framing.models.training import read_coded_units

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "annotations" / "samples"
SHIPPED = ROOT / "framing" / "models" / "shipped"


@pytest.mark.parametrize("variable", ["role", "stance"])
def test_trained_on_the_samples_as_they_are(variable: str) -> None:
    card = read_card(SHIPPED / variable)
    for name, digest in card["data"]["files"].items():
        assert hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest() == digest, (
            f"annotations/samples/{name} has changed since training: run  {card['command']}"
        )
    assert card["codebook"] == load_codebook().digest
    assert card["command"] == (
        f"framing train {variable} --data annotations/samples "
        f"--out framing/models/shipped/{variable} --seed 0"
    )


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("variable", ["role", "stance"])
def test_samples_are_predicted_out_of_fold_as_the_card_says(variable: str) -> None:
    codebook = load_codebook()
    _, units, values, _ = read_coded_units(SAMPLES, codebook.variable(variable), codebook=codebook)
    tables = {}
    for dtype in ("float32", "bfloat16"):
        model = load_model(variable=variable, codebook=codebook, dtype=dtype)
        predictions = model.predict(units)
        assert {prediction.basis for prediction in predictions} == {"out_of_fold"}
        tables[dtype] = np.array([prediction.probabilities for prediction in predictions])
        if dtype == "float32":
            right = [p.value == value for p, value in zip(predictions, values, strict=True)]
            accuracy = model.card["scores"]["accuracy"]["value"]
            # Another processor may sum in another order and turn a tie.
            assert np.mean(right) == pytest.approx(accuracy, abs=2 / len(right))
    same = tables["float32"].argmax(axis=1) == tables["bfloat16"].argmax(axis=1)
    assert np.abs(tables["float32"] - tables["bfloat16"]).max() < 0.01
    assert same.mean() > 0.97
