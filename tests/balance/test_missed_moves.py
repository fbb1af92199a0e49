"""How far a share can move, by hand."""

import dataclasses

import numpy as np
import pytest

from framing.balance import measure_balance
from framing.records import ArticleBalance
from tests.balance.invented import TONE, labelled_article, predicted_article
from tests.balance.test_article import BY_HAND, value_of
from tests.balance.test_draws import CRITICAL_MISSED

SHARES = [
    key for key in BY_HAND
    if key[0].startswith(("share_", "role_share_")) and key[0] != "share_named"
]  # fmt: skip


def measure(article: dict[str, object], *, n_draws: int = 20_000) -> ArticleBalance:
    return measure_balance(
        **article,  # type: ignore[arg-type]
        extraction_error=CRITICAL_MISSED,
        n_draws=n_draws,
        rng=np.random.default_rng(4),
    )


@pytest.mark.parametrize(("index", "weight"), SHARES)
def test_as_found_is_the_share_of_the_quotes_found(index: str, weight: str) -> None:
    row = value_of(measure(labelled_article(), n_draws=100), index, weight)
    assert row.as_found == pytest.approx(BY_HAND[index, weight])
    assert (row.missed_none is None) == (weight != "quote")


def test_a_share_moves_by_what_is_missed() -> None:
    # 20 critical and 20 neutral quotes for sure. Of critical ones as many are missed, of neutral
    # ones a ninth: 40 against 22.2, of 62.2. If no missed quote were critical, 20 of 62.2; if all
    # were, 42.2 of 62.2. The spread of the numbers and what was not found move these by 0.01.
    balance = measure(predicted_article([[0, 1, 0, 0], [0, 0, 0, 1]] * 20))
    row = value_of(balance, "share_critical")
    assert (row.naive, row.as_found) == (0.5, 0.5)
    assert row.value == pytest.approx(40 / 62.2, abs=0.02)
    assert row.missed_none == pytest.approx(20 / 62.2, abs=0.02)
    assert row.missed_all == pytest.approx(42.2 / 62.2, abs=0.02)
    neutral = value_of(balance, "share_neutral")
    assert neutral.missed_none == pytest.approx(20 / 62.2, abs=0.02)
    # Everything is said by one government speaker, found or missed.
    officials = value_of(balance, "share_officials")
    assert (officials.as_found, officials.value, officials.missed_all) == (1, 1, 1)
    assert officials.missed_none == pytest.approx(40 / 62.2, abs=0.02)


def test_bounds_hold_the_audited_value() -> None:
    balance = measure(predicted_article([[0.4, 0.3, 0.2, 0.1]] * 9), n_draws=400)
    rows = [row for row in balance.values if row.missed_none is not None]
    assert {row.index for row in rows} == {index for index, _ in SHARES}
    for row in rows:
        assert row.value is not None
        assert row.missed_none is not None
        assert row.missed_all is not None
        assert row.missed_none - 1e-12 <= row.value <= row.missed_all + 1e-12


def test_only_shares_that_were_corrected_have_them() -> None:
    balance = measure(labelled_article(), n_draws=100)
    for row in balance.values:
        assert (row.as_found is not None) == ((row.index, row.weight) in SHARES), row
    for article, error in ((labelled_article(), None), (predicted_article([]), CRITICAL_MISSED)):
        balance = measure_balance(
            **article, extraction_error=error, n_draws=100, rng=np.random.default_rng(1)
        )
        assert all(row.as_found is row.missed_none is None for row in balance.values)


def test_a_codebook_without_roles() -> None:
    article = predicted_article([[1, 0, 0]] * 6, codebook=TONE, variable="tone")
    article["labels"] = []
    row = value_of(measure(article, n_draws=100), "share_warm")
    assert row.as_found == 1
    assert dataclasses.replace(row, value=None).missed_all == pytest.approx(1)
