"""Probabilities to predictions, and refusals of what does not fit."""

import dataclasses

import pytest

from framing.codebook import Codebook, parse_codebook
from framing.errors import DataError
from framing.models import load_model
from framing.models.classifier import (
    Classifier,
    check_codebook,
    predictions_from_probabilities,
)
from framing.models.encoders import Encoder
from framing.models.training import TrainingReport
from framing.models.units import Unit
from tests.models.invented_coding import CODEBOOK

UNIT = Unit(
    id="q1",
    variable="stance",
    article_id="a",
    article_sha256="00",
    target="the dam",
    speaker="Ada Brook",
    description="minister",
    quote="It works.",
    context="It works, Brook said.",
    kind="indirect",
    named=True,
)


def test_a_row_becomes_a_prediction() -> None:
    (one,) = predictions_from_probabilities(
        [UNIT],
        [[0.25, 0.75]],
        variable="stance",
        model="m",
        codebook="c",
        categories=("for_it", "against_it"),
    )
    assert (one.unit_id, one.model, one.codebook, one.basis) == ("q1", "m", "c", "new")
    assert one.probabilities == (0.25, 0.75)
    assert one.value == "against_it"


def test_no_units_give_no_predictions() -> None:
    assert (
        predictions_from_probabilities(
            [], [], variable="stance", model="m", codebook="c", categories=("x", "y")
        )
        == []
    )


def test_refusals() -> None:
    def predict(unit: Unit, row: list[float]) -> None:
        predictions_from_probabilities(
            [unit], [row], variable="stance", model="m", codebook="c", categories=("x", "y")
        )

    with pytest.raises(DataError, match="3 probabilities a unit, but stance has 2 categories"):
        predict(UNIT, [0.2, 0.3, 0.5])
    with pytest.raises(DataError, match="predicts stance, but unit 'q1' is of role"):
        predict(dataclasses.replace(UNIT, variable="role"), [0.5, 0.5])


def test_a_trained_model_keeps_the_protocol(trained: TrainingReport, tiny_encoder: Encoder) -> None:
    model = load_model(trained.folder, variable="stance", encoder=tiny_encoder)
    assert isinstance(model, Classifier)


def test_another_codebook_is_refused(
    trained: TrainingReport, tiny_encoder: Encoder, tiny_codebook: Codebook
) -> None:
    model = load_model(trained.folder, variable="stance", encoder=tiny_encoder)
    check_codebook(model, tiny_codebook)
    reworded = parse_codebook(CODEBOOK.replace(b"For the target", b"Likes it"), where="x")
    with pytest.raises(DataError, match="the same names under other definitions"):
        check_codebook(model, reworded)
    renamed = parse_codebook(CODEBOOK.replace(b"for_it", b"pro"), where="x")
    with pytest.raises(DataError, match="it knows the categories for_it, against_it of stance"):
        load_model(trained.folder, variable="stance", encoder=tiny_encoder, codebook=renamed)
