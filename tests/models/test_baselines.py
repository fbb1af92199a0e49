"""Baselines, against values derived by hand."""

import dataclasses

import numpy as np
import pytest

from framing.models.baselines import (
    baseline_probabilities,
    majority_probabilities,
    tfidf_probabilities,
)
from tests.models.test_classifier import UNIT

PRAISE = [dataclasses.replace(UNIT, quote="proud and safe", context="", article_sha256=f"{n % 4}")
          for n in range(8)]  # fmt: skip
BLAME = [dataclasses.replace(UNIT, quote="wrong and costly", context="", article_sha256=f"{n % 4}")
         for n in range(4)]  # fmt: skip
UNITS, VALUES = [*PRAISE, *BLAME], ["for_it"] * 8 + ["against_it"] * 4
CATEGORIES = ("against_it", "for_it")


def test_majority_is_the_shares_with_half_a_unit_added() -> None:
    # (3 + 0.5) / 5.5, (1 + 0.5) / 5.5 and (0 + 0.5) / 5.5
    table = majority_probabilities(["a", "a", "b", "a"], 2, categories=("a", "b", "c"))
    assert table == pytest.approx(np.array([[3.5, 1.5, 0.5]] * 2) / 5.5)


def test_tfidf_learns_words() -> None:
    rng = np.random.default_rng(0)
    asked = [BLAME[0], PRAISE[0]]
    table = tfidf_probabilities(UNITS, VALUES, asked, categories=CATEGORIES, rng=rng)
    assert table.argmax(axis=1).tolist() == [0, 1]
    assert table.sum(axis=1) == pytest.approx(1)
    assert tfidf_probabilities(UNITS, VALUES, [], categories=CATEGORIES, rng=rng).shape == (0, 2)


def test_what_is_left_out_is_not_learned_from() -> None:
    # Without fold 1, which holds one unit of blame: 3 against, 8 for; without none: 4 and 8.
    folds = [0, 2] * 4 + [0, 1, 2, 0]
    tables = baseline_probabilities(
        UNITS, VALUES, folds, [BLAME[1], PRAISE[0]], [1, -1], categories=CATEGORIES, seed=0
    )
    expected = np.array([[3.5 / 12, 8.5 / 12], [4.5 / 13, 8.5 / 13]])
    assert tables["majority"] == pytest.approx(expected)
    assert tables["TF-IDF"].argmax(axis=1).tolist() == [0, 1]
