"""The model of audited recall, against numbers worked out by hand."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from framing.balance import ExtractionError, KindError, RecallCell
from framing.balance.recall import MissedOdds, draw_missed_odds
from framing.records import QuoteKind
from tests.balance.invented import CODEBOOK, ROLES, STANCES

KINDS: tuple[QuoteKind, ...] = ("direct", "mixed", "indirect")


def audit(
    recalled: Mapping[str, tuple[int, int]], *, dispersion: float = 1, cells: bool = True
) -> ExtractionError:
    """Recalled and coded quotes of each stance, the same for every kind; all by governments."""
    n_recalled = sum(a for a, _ in recalled.values())
    gold = sum(b for _, b in recalled.values())
    return ExtractionError(
        extractor="rules",
        measured_on="invented",
        n_articles=60,
        codebook=CODEBOOK.digest,
        dispersion=dispersion,
        kinds=tuple(
            KindError(kind=kind, found=200, correct=180, gold=gold, recalled=n_recalled)
            for kind in KINDS
        ),
        cells=tuple(
            RecallCell(kind=kind, stance=stance, role="government", gold=b, recalled=a)
            for kind in KINDS
            for stance, (a, b) in recalled.items()
        )
        if cells
        else (),
    )


def draw(error: ExtractionError, *, codebook: str = CODEBOOK.digest) -> MissedOdds:
    return draw_missed_odds(
        error,
        codebook=codebook,
        stances=STANCES,
        roles=ROLES,
        n_draws=20_000,
        rng=np.random.default_rng(5),
    )


def missed(odds: MissedOdds, stance: str, role: str = "government") -> np.ndarray:
    """Log odds that a direct quote of that stance and role is missed, (R,)."""
    categories = [0, STANCES.index(stance), ROLES.index(role)]
    columns = [np.full((len(odds.kind), 1), k) for k in categories]
    logged: np.ndarray = np.log(odds.of(*columns)[:, 0])
    return logged


@pytest.mark.parametrize("dispersion", [1.0, 4.0])
def test_kinds_alone_have_the_posterior_of_their_counts(dispersion: float) -> None:
    odds = draw(audit({"neutral": (160, 200)}, dispersion=dispersion, cells=False))
    # 160 found and 40 missed, divided by the dispersion, and half of each more (Jeffreys): the
    # log odds have the variance 1 / found + 1 / missed.
    found, not_found = 160 / dispersion + 0.5, 40 / dispersion + 0.5
    for k in range(3):
        assert odds.kind[:, k].mean() == pytest.approx(math.log(not_found / found), abs=0.01)
        assert odds.kind[:, k].std() == pytest.approx((1 / found + 1 / not_found) ** 0.5, rel=0.03)
    assert not odds.stance.any()
    assert not odds.role.any()


def test_categories_of_another_codebook_are_not_used() -> None:
    odds = draw(audit({"critical": (50, 100), "neutral": (95, 100)}), codebook="another")
    assert not odds.stance.any()
    # 145 of 200 found, whatever the stance.
    assert missed(odds, "critical").mean() == pytest.approx(math.log(55.5 / 145.5), abs=0.01)


def test_many_quotes_go_where_their_counts_are() -> None:
    odds = draw(audit({"critical": (400, 1000), "neutral": (900, 1000)}))
    # 600 of 1,000 missed, log odds log(600 / 400) with the variance 1/400 + 1/600 if the cell stood
    # alone; the other two kinds tell of it, too, at most as if all three were one.
    assert missed(odds, "critical").mean() == pytest.approx(math.log(600 / 400), abs=0.04)
    alone = (1 / 400 + 1 / 600) ** 0.5
    assert alone / 3**0.5 < missed(odds, "critical").std() < alone
    assert missed(odds, "neutral").mean() == pytest.approx(math.log(100 / 900), abs=0.04)


def test_few_quotes_stay_near_the_rest() -> None:
    # 3 x 2 humanitarian quotes, all found: unpooled, they would never be missed.
    few = draw(audit({"humanitarian": (2, 2), "neutral": (160, 200), "critical": (158, 200)}))
    rest, pooled = math.log(40 / 160), missed(few, "humanitarian")
    assert rest - 1.5 < pooled.mean() < rest
    assert 0.2 < pooled.std() < 1.5
    # Nothing is known of supportive quotes but that stances differ little here.
    assert missed(few, "supportive").mean() == pytest.approx(rest, abs=0.1)
    assert missed(few, "supportive").std() > 2 * missed(few, "neutral").std()


def test_what_stances_differ_by_widens_what_is_not_known() -> None:
    alike = draw(audit({"critical": (160, 200), "neutral": (160, 200), "humanitarian": (160, 200)}))
    apart = draw(audit({"critical": (80, 200), "neutral": (160, 200), "humanitarian": (195, 200)}))
    assert missed(apart, "supportive").std() > 2 * missed(alike, "supportive").std()


def test_odds_are_at_most_those_of_a_recall_of_a_tenth() -> None:
    odds = draw(audit({"critical": (1, 400), "neutral": (399, 400)}))
    # 0.9 / 0.1, where 399 of 400 missed would stand for hundreds.
    assert np.exp(missed(odds, "critical")).max() == pytest.approx(9)


def test_the_same_seed_gives_the_same_draws() -> None:
    error = audit({"critical": (80, 100), "neutral": (90, 100)})
    assert (draw(error).stance == draw(error).stance).all()
