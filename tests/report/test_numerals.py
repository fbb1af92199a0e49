"""How numbers look; a gap stands for a space that does not break."""

import pytest

from framing.records import BalanceValue
from framing.report.numerals import (
    interval_text,
    is_share,
    percent,
    probability_text,
    signed,
    value_text,
)

GAP = "\u00a0"


def _value(index: str, low: float | None, high: float | None) -> BalanceValue:
    return BalanceValue(
        article_id="a", index=index, weight="quote", value=0.1, low=low, high=high, level=0.9,
        naive=None, n=9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (percent(0.384), f"38{GAP}%"),
        (percent(None), "–"),
        (signed(0.238), "+0.24"),
        (signed(-0.238), "−0.24"),
        (signed(-0.001), "0.00"),  # no minus before nothing
        (signed(None), "–"),
        (probability_text(0.5), ".50"),
        (probability_text(0.9951), "> .99"),  # not 1.00, which would say that it is certain
        (probability_text(1.0), "1.00"),
        (value_text("share_critical", 0.384), f"38{GAP}%"),
        (value_text("lead_share_critical", 0.384), f"38{GAP}%"),
        (value_text("tilt", 0.2), "+0.20"),
        (value_text("imbalance", -0.2), "−0.20"),
        (value_text("evenness", 0.2), "0.20"),
        (value_text("evenness", None), "–"),
        (value_text("evenness", float("nan")), "–"),
        (interval_text(_value("share_critical", 0.3, 0.46)), f"30–46{GAP}%"),
        (interval_text(_value("tilt", -0.61, 0.18)), "−0.61 to +0.18"),
        (interval_text(_value("tilt", None, None)), "–"),
    ],
)
def test_numbers_as_text(shown: str, expected: str) -> None:
    assert shown == expected


def test_a_share_is_told_by_a_word_of_its_name() -> None:
    assert is_share("role_share_expert")
    assert not is_share("shared_position")
