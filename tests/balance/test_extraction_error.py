from pathlib import Path

import numpy as np
import pytest

from framing.balance import (
    ExtractionError,
    KindError,
    describe_extraction_error,
    load_extraction_error,
    write_extraction_error,
)
from framing.balance.coding import code_article
from framing.balance.draws import draw_codings
from framing.errors import DataError
from framing.records import QuoteKind
from tests.balance.invented import predicted_article


def rates(kind: QuoteKind, recalled: int = 160) -> KindError:
    return KindError(kind=kind, found=200, correct=180, gold=200, recalled=recalled)


ERROR = ExtractionError(
    extractor="rules",
    measured_on="invented",
    kinds=(rates("direct"), rates("mixed"), rates("indirect", 100)),
)


def test_rates_and_round_trip(tmp_path: Path) -> None:
    assert ERROR.of("indirect").recall == 0.5
    assert ERROR.of("direct").precision == 0.9
    write_extraction_error(tmp_path / "error.json", ERROR)
    assert load_extraction_error(tmp_path / "error.json") == ERROR


def test_the_shipped_file_is_readable_or_absent() -> None:
    shipped = load_extraction_error()
    assert shipped is None or len(shipped.kinds) == 3


def test_description_says_whether_intervals_cover_missed_quotes() -> None:
    assert "not corrected for" in describe_extraction_error(None)
    words = describe_extraction_error(ERROR)
    assert "indirect: precision 0.90 (180/200), recall 0.50 (100/200)" in words
    assert "assuming that missed quotes have the mix of those found" in words


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
        load_extraction_error(path)
    with pytest.raises(DataError, match=r"absent\.json: cannot be read"):
        load_extraction_error(tmp_path / "absent.json")


def test_number_and_mix_of_drawn_quotes() -> None:
    """Found 30 quotes, 10 of each kind: genuine 9 of 10; missed (g + 1/2)(1 - r) / r of a kind."""
    article = predicted_article([[1.0, 0, 0, 0]] * 15 + [[0, 1.0, 0, 0]] * 15)
    coded = code_article(
        **{name: article[name] for name in article if not name.startswith("target")}
    )
    rng = np.random.default_rng(3)
    codings = draw_codings(coded, extraction_error=ERROR, n_draws=20_000, rng=rng)
    genuine = codings.present[:, :30].sum(axis=1)
    missed = codings.present[:, 30:].sum(axis=1)
    assert genuine.mean() == pytest.approx(27, abs=0.1)
    # 9.5 * 0.25 twice and 9.5 * 1 = 14.25; the spread of the rates' posterior adds about 1 %
    # to E[(1 - r) / r].
    assert missed.mean() == pytest.approx(14.25, abs=0.4)
    added = codings.present[:, 30:]
    mix = [(added & (codings.stance[:, 30:] == k)).sum() / added.sum() for k in range(4)]
    # 27 genuine quotes, half of each of two categories, and one quote's weight of the uniform mix:
    # (13.5 + 0.25) / 28 and 0.25 / 28.
    assert mix == pytest.approx([0.491, 0.491, 0.009, 0.009], abs=0.01)
