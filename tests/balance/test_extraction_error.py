import dataclasses
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from framing.balance import (
    ExtractionError,
    KindError,
    RecallCell,
    describe_extraction_error,
    load_extraction_error,
    read_extraction_error,
    write_extraction_error,
)
from framing.errors import DataError
from framing.records import QuoteKind
from tests.balance.invented import CODEBOOK, ROLES, STANCES, TONE


def rates(kind: QuoteKind, recalled: int = 160) -> KindError:
    return KindError(kind=kind, found=200, correct=180, gold=200, recalled=recalled)


ERROR = ExtractionError(
    extractor="rules",
    measured_on="invented",
    kinds=(rates("direct"), rates("mixed"), rates("indirect", 100)),
)


# Recall 80 % of direct and of mixed quotes and 50 % of indirect ones, as above.
AUDITED = dataclasses.replace(
    ERROR,
    version="framing 9",
    n_articles=40,
    codebook=CODEBOOK.digest,
    dispersion=1.5,
    article_variance=0.2,
    cells=(
        RecallCell(kind="direct", stance="critical", role="expert", gold=100, recalled=70),
        RecallCell(kind="direct", stance="neutral", role="media", gold=100, recalled=90),
        RecallCell(kind="mixed", stance="critical", role="expert", gold=100, recalled=65),
        RecallCell(kind="mixed", stance="neutral", role="media", gold=100, recalled=95),
        RecallCell(kind="indirect", stance="critical", role="media", gold=100, recalled=20),
        RecallCell(kind="indirect", stance="", role="media", gold=100, recalled=80),
    ),
)


def test_rates_and_round_trip(tmp_path: Path) -> None:
    assert ERROR.of("indirect").recall == 0.5
    assert ERROR.of("direct").precision == 0.9
    for error in (ERROR, AUDITED):
        write_extraction_error(tmp_path / "error.json", error)
        assert read_extraction_error(tmp_path / "error.json") == error


def test_recall_by_category_leaves_out_what_was_not_coded() -> None:
    # 70 + 65 + 20 of 300; 90 + 95 of 200.
    assert AUDITED.recall_by("stance") == {"critical": (155, 300), "neutral": (185, 200)}
    # 70 + 65 of 200; 90 + 95 + 20 + 80 of 400.
    assert AUDITED.recall_by("role") == {"expert": (135, 200), "media": (285, 400)}
    assert ERROR.recall_by("role") == {}


def test_the_shipped_audits_are_whole() -> None:
    """Of each: kinds, categories of the shipped codebook, articles, and what they are of."""
    files = resources.files("framing.balance") / "extraction_errors"
    names = [Path(f.name).stem for f in files.iterdir() if f.name.endswith(".json")]
    assert "rules" in names
    for name in names:
        error = load_extraction_error(name)
        assert error is not None
        assert (error.extractor, error.codebook) == (name, CODEBOOK.digest)
        assert "test split" in error.measured_on
        assert "never trained or tuned" in error.measured_on
        assert error.n_articles >= 60
        assert error.version
        assert set(error.recall_by("stance")) == set(STANCES)
        assert set(error.recall_by("role")) <= set(ROLES)


def test_an_extractor_without_a_file_has_no_measured_errors(tmp_path: Path) -> None:
    assert load_extraction_error("no such extractor") is None
    assert load_extraction_error("") is None
    assert load_extraction_error(str(tmp_path)) is None
    write_extraction_error(tmp_path / "extraction_error.json", AUDITED)
    assert load_extraction_error(str(tmp_path)) == AUDITED


def test_description_says_whether_intervals_cover_missed_quotes() -> None:
    assert "Extraction errors are not in the intervals" in describe_extraction_error(None, CODEBOOK)
    words = describe_extraction_error(ERROR, CODEBOOK)
    assert "indirect: precision 0.90 (180/200), recall 0.50 (100/200)" in words
    assert "whatever its categories" in words
    words = describe_extraction_error(AUDITED, CODEBOOK)
    assert "recall was critical 0.52 (155/300), neutral 0.93 (185/200), expert 0.68" in words
    assert "whatever its categories" in describe_extraction_error(AUDITED, TONE)


CELL = AUDITED.cells[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dispersion": 0.5}, "dispersion is 0.5; it takes 1 or more"),
        ({"dispersion": float("nan")}, "dispersion is nan; it takes 1 or more"),
        ({"article_variance": -1.0}, "article_variance is -1.0; it takes 0 or more"),
        ({"codebook": ""}, "cells come with codebook '' and 40 articles; give the digest"),
        ({"n_articles": 1}, "and 1 articles; give the digest of their codebook and at least 2"),
        (
            {"cells": (*AUDITED.cells, CELL)},
            "the cell direct, critical, expert stands 2 times; give it once",
        ),
        (
            {"cells": AUDITED.cells[1:]},
            "gold of direct quotes is 200, but the cells add up to 100; they count the same",
        ),
        (
            {"cells": (dataclasses.replace(CELL, recalled=71), *AUDITED.cells[1:])},
            "recalled of direct quotes is 160, but the cells add up to 161",
        ),
    ],
)
def test_cells_that_cannot_be_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=f"extraction error of 'rules': .*{re.escape(message)}"):
        dataclasses.replace(AUDITED, **change)


def test_a_cell_counts_quotes() -> None:
    with pytest.raises(DataError, match="of direct, critical quotes: recalled is 3 of 2 gold"):
        RecallCell(kind="direct", stance="critical", role="", gold=2, recalled=3)
    with pytest.raises(DataError, match="recalled is 0 of 0 gold; it takes 0 to gold, and gold at"):
        RecallCell(kind="direct", stance="critical", role="", gold=0, recalled=0)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((200, 201, 200, 100), "correct is 201 of 200 found; it takes 0 to found"),
        ((200, 180, 200, -1), "recalled is -1 of 200 gold"),
        ((200, 180, 5, 5), "gold is 5; a rate needs at least 20 quotes: measure on more articles"),
        ((200, 180, 200, 10), r"recall is 0.05; an extractor that misses more than 90% cannot be"),
    ],
)
def test_unusable_counts_are_refused(counts: tuple[int, int, int, int], message: str) -> None:
    found, correct, gold, recalled = counts
    with pytest.raises(DataError, match=f"extraction error of mixed quotes: {message}"):
        KindError(kind="mixed", found=found, correct=correct, gold=gold, recalled=recalled)


def test_each_kind_once() -> None:
    with pytest.raises(
        DataError, match="kinds are direct, direct; give each of direct, mixed, ind"
    ):
        ExtractionError(extractor="rules", measured_on="", kinds=(rates("direct"), rates("direct")))


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "error.json: not JSON"), ('{"extractor": "r"}', "key 'measured_on' is missing")],
)
def test_bad_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "error.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_extraction_error(path)
    with pytest.raises(DataError, match=r"absent\.json: cannot be read"):
        read_extraction_error(tmp_path / "absent.json")
