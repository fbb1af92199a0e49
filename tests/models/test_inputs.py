"""Which texts are embedded, and how their vectors become features."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from framing.errors import DataError
from framing.models.inputs import FORMS, InputForm, embed_parts, features, input_form
from tests.models.test_classifier import UNIT


def test_parts_and_differences_stand_side_by_side() -> None:
    form = InputForm(name="x", unit="quote", parts=("quote",), differences=(("quote", "target"),))
    vectors = {
        "quote": np.array([[0.5, -0.5], [0.5, -0.5]], dtype=np.float32),
        "target": np.array([[0.25, 0.5], [0.0, 0.0]], dtype=np.float32),
    }
    # |0.5 - 0.25| and |-0.5 - 0.5|; in the second row there is no target to differ from.
    assert features(form, vectors).tolist() == [[0.5, -0.5, 0.25, 1.0], [0.5, -0.5, 0.0, 0.0]]


def test_each_part_is_the_text_it_names() -> None:
    read: list[str] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        read.extend(texts)
        return np.arange(len(texts), dtype=np.float32)[:, None]

    other = dataclasses.replace(UNIT, description="", quote="It leaks.")
    vectors = embed_parts([UNIT, other], ["speaker", "quote", "introduced"], embed)
    assert read == [
        "Ada Brook, minister",
        "Ada Brook",
        "It works.",
        "It leaks.",
        "Ada Brook, minister: It works, Brook said.",
        "Ada Brook: It works, Brook said.",
    ]
    assert {part: rows[:, 0].tolist() for part, rows in vectors.items()} == {
        "speaker": [0, 1],
        "quote": [2, 3],
        "introduced": [4, 5],
    }


def test_every_form_of_quotes_reads_the_target() -> None:
    forms = [form for form in FORMS if form.unit == "quote"]
    assert forms
    assert all("target" in form.embedded for form in forms)


def test_an_unknown_form_is_refused() -> None:
    assert input_form("who+context").parts == ("speaker", "context")
    with pytest.raises(DataError, match="input form 'odd': unknown; accepted: who"):
        input_form("odd")
