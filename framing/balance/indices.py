"""Indices of balance: plain functions from amounts per category to one number.

Each function works over the last axis of an array, so that one call serves one article or two
thousand simulated ones. An amount is what the categories are weighed by: quotes, words or
speakers. Where an index is undefined (no amount at all, neither pole present) it is NaN, never
a plausible number.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "chao_shen_entropy",
    "effective_number",
    "evenness",
    "evenness_corrected",
    "imbalance",
    "shannon_entropy",
    "shares",
    "tilt",
]

Floats = NDArray[np.float64]


def shares(amounts: Floats) -> Floats:
    """Share of each category, p_k = a_k / sum(a).

    Args:
        amounts: Shape (..., K), at least 0.

    Returns:
        Shape (..., K), in [0, 1], summing to 1; NaN where all amounts are 0.
    """
    return _ratio(amounts, amounts.sum(axis=-1, keepdims=True))


def tilt(positive: Floats, negative: Floats) -> Floats:
    """Which side is given more: (S - C) / (S + C).

    Args:
        positive: Amount S of the positive category, shape (...).
        negative: Amount C of the negative category, shape (...).

    Returns:
        Shape (...), in [-1, 1]: 1 when only the positive side speaks, 0 when both speak equally;
        NaN when neither does.
    """
    return _ratio(positive - negative, positive + negative)


def shannon_entropy(amounts: Floats) -> Floats:
    """H = -sum(p_k ln p_k) in nats, with 0 ln 0 = 0 (Shannon 1948).

    Args:
        amounts: Shape (..., K), at least 0.

    Returns:
        Shape (...), in [0, ln K]; NaN where all amounts are 0.

    References:
        Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x
    """
    p = shares(amounts)
    entropy: Floats = np.maximum(-(p * _log(p)).sum(axis=-1), 0.0)
    return entropy


def evenness(amounts: Floats) -> Floats:
    """Normalised Shannon entropy H / ln K (Pielou 1966).

    K is the number of categories of the codebook, present or not, so that articles compare. It
    falls with few units: see `evenness_corrected`.

    Args:
        amounts: Shape (..., K) with K >= 2, at least 0.

    Returns:
        Shape (...), in [0, 1]: 1 when all categories have the same amount, 0 when there is only
        one; NaN where all amounts are 0.

    References:
        Pielou 1966, doi:10.1016/0022-5193(66)90013-0
    """
    even: Floats = np.minimum(shannon_entropy(amounts) / np.log(amounts.shape[-1]), 1.0)
    return even


def chao_shen_entropy(counts: Floats) -> Floats:
    """Entropy of the mix that the counts were drawn from, in nats (Chao & Shen 2003).

    Coverage-adjusted Horvitz-Thompson estimate: -sum(C p ln(C p) / (1 - (1 - C p)^n)) with the
    coverage C = 1 - f1 / n, f1 being the number of categories seen once; f1 = n is replaced by
    n - 1, since C would be 0.

    Args:
        counts: Shape (..., K), whole numbers of units.

    Returns:
        Shape (...), at least 0; NaN where all counts are 0. It can exceed ln K.

    References:
        Chao & Shen 2003, doi:10.1023/A:1026096204727
    """
    n = counts.sum(axis=-1, keepdims=True)
    f1 = (counts == 1).sum(axis=-1, keepdims=True)
    f1 = np.where(f1 == n, np.maximum(n - 1, 0), f1)
    adjusted = (1 - _ratio(f1.astype(float), n)) * shares(counts)
    seen = 1 - (1 - adjusted) ** n
    terms = adjusted * _log(adjusted) / np.where(seen > 0, seen, 1.0)
    entropy: Floats = np.maximum(-terms.sum(axis=-1), 0.0)
    return entropy


def evenness_corrected(counts: Floats) -> Floats:
    """Evenness of the mix that the counts were drawn from: Chao-Shen entropy / ln K, at most 1.

    With four categories and 5, 8, 12 or 20 units the plain evenness falls short by up to 0.27,
    0.16, 0.10 and 0.06; this one is off by at most 0.09, 0.08, 0.04 and 0.05 (uniform to strongly
    skewed mixes; `tests/balance/test_indices.py` repeats it). Miller and Madow's correction
    (Miller 1955) was off by up to 0.16 at 5 units. The price is a somewhat larger spread.

    Args:
        counts: Shape (..., K) with K >= 2, whole numbers of units.

    Returns:
        Shape (...), in [0, 1]; NaN where all counts are 0.
    """
    even: Floats = np.minimum(chao_shen_entropy(counts) / np.log(counts.shape[-1]), 1.0)
    return even


def effective_number(amounts: Floats) -> Floats:
    """Effective number of categories exp(H): Hill's number of order 1.

    Args:
        amounts: Shape (..., K), at least 0.

    Returns:
        Shape (...), in [1, K]: as many equally common categories would have the same entropy;
        NaN where all amounts are 0.

    References:
        Hill 1973, doi:10.2307/1934352
    """
    number: Floats = np.minimum(np.exp(shannon_entropy(amounts)), float(amounts.shape[-1]))
    return number


def imbalance(positive: Floats, negative: Floats, neutral: Floats, total: Floats) -> Floats:
    """Coefficient of imbalance (Janis & Fadner 1943).

    With f favourable, u unfavourable, r = f + u + neutral relevant and t total content:
    (f^2 - f u) / (r t) when f > u, (f u - u^2) / (r t) when f < u, and 0 when f = u.
    Which categories are "neutral relevant" is declared by the codebook (`Variable.neutral`);
    those named nowhere count in the total only.

    Args:
        positive: Amount f, shape (...).
        negative: Amount u, shape (...).
        neutral: Relevant amount on neither side, shape (...).
        total: Amount t of all content, at least r, shape (...).

    Returns:
        Shape (...), in [-1, 1]; NaN where nothing is relevant (r = 0).

    References:
        Janis & Fadner 1943, A coefficient of imbalance for content analysis, Psychometrika 8(2),
        105-119.
    """
    relevant = positive + negative + neutral
    larger = np.maximum(positive, negative)
    return _ratio(larger * (positive - negative), relevant * total)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _log(p: Floats) -> Floats:
    """Natural logarithm with ln 0 set to 0, for terms p ln p."""
    return np.where(p == 0, 0.0, np.log(np.where(p == 0, 1.0, p)))
