"""Confusion-matrix correction: shares of articles that nobody coded, from how coded ones fare."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_CONDITION", "confusion_rates", "corrected_shares"]

# A larger condition number: predicted totals hardly depend on the true ones, and the solution
# blows up what little is left.
MAX_CONDITION = 50.0

Floats = NDArray[np.float64]


def confusion_rates(matches: Floats, gold: Floats, weights: Floats) -> Floats:
    """Expected predicted amount of each category for one true unit of each: B, (..., K, K).

    For quotes, B_jk = P(found and called j | true k) + spurious quotes called j per true quote;
    columns sum to less than 1 where more quotes are missed than made up. For article shares, both
    tables are divided by the article's number of quotes: of those found, and of the true ones.

    Args:
        matches: Tables of the coded articles (n, K + 1, K + 1), see `ArticleTotals.matches`.
        gold: Their true amounts (n, K).
        weights: Of the articles, (..., n).

    Returns:
        NaN in the column of a category without a true quote.
    """
    k = gold.shape[-1]
    table = np.tensordot(weights, matches, axes=(-1, 0))
    true = weights @ gold
    called = table[..., :k, :k] / np.where(true > 0, true, np.nan)[..., None, :]
    all_true = true.sum(axis=-1)[..., None]
    spurious = table[..., :k, k] / np.where(all_true > 0, all_true, np.nan)
    rates: Floats = called + spurious[..., :, None]
    return rates


def corrected_shares(rates: Floats, counted: Floats) -> Floats:
    """Shares of true quotes, from predicted totals: solve B t = counted, negative t set to 0.

    The adjusted classify-and-count estimator (Buonaccorsi 2010, chapter 3; for texts Hopkins &
    King 2010) with missed and spurious quotes.

    Args:
        rates: B of `confusion_rates`, (..., K, K).
        counted: Predicted quotes or shares by category, (..., K).

    Returns:
        (..., K), summing to 1; NaN where B is undefined or its condition number is above
        `MAX_CONDITION`, or no total is positive.

    References:
        Hopkins & King 2010, doi:10.1111/j.1540-5907.2009.00428.x
    """
    k = rates.shape[-1]
    known = np.asarray(np.isfinite(rates).all(axis=(-2, -1)))
    safe = np.where(known[..., None, None], rates, np.eye(k))
    known = known & (np.linalg.cond(safe) <= MAX_CONDITION)
    safe = np.where(known[..., None, None], safe, np.eye(k))
    true = np.maximum(np.linalg.solve(safe, counted[..., None])[..., 0], 0)
    total = true.sum(axis=-1, keepdims=True)
    known = known & (total[..., 0] > 0)
    shares: Floats = np.where(known[..., None], true / np.where(total > 0, total, 1.0), np.nan)
    return shares
