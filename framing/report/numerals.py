"""Numbers as the report prints them: percent for shares, a true minus sign, a dash for nothing."""

import math

from framing.records import BalanceValue

__all__ = [
    "interval_text",
    "is_share",
    "percent",
    "probability_text",
    "signed",
    "value_text",
]

MISSING = "–"
NBSP = "\u00a0"  # a number and its sign stay on one line


def percent(share: float | None) -> str:
    """A share in [0, 1] as whole percent ("38 %"); a dash for None."""
    return MISSING if share is None else f"{100 * share:.0f}{NBSP}%"


def signed(value: float | None) -> str:
    """Two decimals with a sign other than the hyphen ("+0.24", "−0.24", "0.00")."""
    if value is None:
        return MISSING
    shown = f"{value:+.2f}"
    return "0.00" if float(shown) == 0 else shown.replace("-", "−")


def probability_text(p: float) -> str:
    """A probability as a margin note has it: two decimals, never rounded up to certainty."""
    return "> .99" if 0.995 <= p < 1 else f"{p:.2f}".removeprefix("0")


def is_share(index: str) -> bool:
    """Whether the index is a share of something, printed in percent."""
    return "share" in index.split("_")


def value_text(index: str, value: float | None) -> str:
    """The value of an index as text: percent for shares, else two decimals."""
    if value is None or not math.isfinite(value):
        return MISSING
    if is_share(index):
        return percent(value)
    if index.startswith(("tilt", "imbalance")):
        return signed(value)
    return f"{value:.2f}".replace("-", "−")


def interval_text(value: BalanceValue) -> str:
    """The interval as "30–46 %" or "−0.61 to 0.18"; a dash where there is none."""
    if value.low is None or value.high is None:
        return MISSING
    if is_share(value.index):
        return f"{100 * value.low:.0f}–{100 * value.high:.0f}{NBSP}%"
    low, high = (value_text(value.index, end) for end in (value.low, value.high))
    return f"{low} to {high}"
