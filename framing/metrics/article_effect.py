"""How far the units of one article deviate together from what a classifier says of them.

A classifier that is calibrated over many articles may still lean one way in a whole article: it
misreads a side, or the target. Its errors in the article are then alike, and intervals that take
units as independent are too narrow. So a random effect of the article is measured on articles
that the classifier did not learn from:

    P(unit of article a is k) = softmax(log w + u_a)_k,   u_a ~ N(0, sd^2 I)

where w is such that the mean over articles is the calibrated probability p: the effect makes the
units of an article alike, and moves no probability. The standard deviation is the posterior mean
over a grid, with a half-normal prior of scale 1 (odds that differ by a factor of e from article
to article are usual), so that few articles give neither no effect nor a wild one.

References:
    Gelman & Hill 2007, Data analysis using regression and multilevel/hierarchical models, 14;
    Gelman 2006, doi:10.1214/06-BA117A (the prior).
"""

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["base_weights", "fit_article_sd", "with_effect"]

Floats = NDArray[np.float64]

_GRID = np.arange(0, 2.55, 0.1)
_PRIOR_SCALE = 1.0
_N_DRAWS = 512  # to find w by
_N_FITTED = 2048  # for the likelihood, whose logarithm is too low with few, the more categories
_N_STEPS = 6  # of the search for w; the mean is then within 0.01 of p
_LEAST = 1e-12  # of a probability, which only rounding makes zero


def fit_article_sd(
    probabilities: Floats, gold: NDArray[np.int64], articles: Sequence[str]
) -> float:
    """Standard deviation of the effect of an article, in log odds.

    The same input gives the same number: the draws are fixed.

    Args:
        probabilities: What a classifier said of n units that it did not learn from, calibrated;
            shape [n, number of categories].
        gold: Their categories, as columns.
        articles: The article of each.

    Returns:
        In [0, 2.5]; 0 where there are no units, or one category only.
    """
    n_units, n_categories = probabilities.shape
    if not n_units or n_categories < 2:
        return 0.0
    probabilities = np.maximum(probabilities, _LEAST)
    effects = _fixed_effects(n_categories, _N_FITTED)
    names = np.asarray(articles)
    fit = -((_GRID / _PRIOR_SCALE) ** 2) / 2
    for article in dict.fromkeys(articles):
        rows = np.flatnonzero(names == article)
        for i, sd in enumerate(_GRID):
            sds = np.full(len(rows), sd)
            moved = with_effect(base_weights(probabilities[rows], sds), sds, effects)
            each = np.log(moved[:, np.arange(len(rows)), gold[rows]]).sum(axis=1)
            fit[i] += np.logaddexp.reduce(each) - np.log(len(each))
    weights = np.exp(fit - fit.max())
    return round(float(weights @ _GRID / weights.sum()), 3)


def base_weights(probabilities: Floats, sds: Floats) -> Floats:
    """Weights w with which the mean over articles is `probabilities`, shape [n, K].

    Args:
        probabilities: Shape [n, K]; what is impossible stays so.
        sds: Standard deviation of each unit's article, shape [n].
    """
    effects = _fixed_effects(probabilities.shape[1], _N_DRAWS)
    weights = probabilities
    for _ in range(_N_STEPS):
        mean = with_effect(weights, sds, effects).mean(axis=0)
        weights = weights * np.divide(
            probabilities, mean, out=np.ones_like(mean), where=probabilities > 0
        )
    return weights


def with_effect(weights: Floats, sds: Floats, effects: Floats) -> Floats:
    """Probabilities of the units in articles of given effects, shape [R, n, K].

    Args:
        weights: From `base_weights`, shape [n, K].
        sds: Shape [n].
        effects: Standard normal, one for each article and category, shape [R, 1, K].
    """
    moved = weights * np.exp(sds[:, None] * effects)
    share: Floats = moved / moved.sum(axis=2, keepdims=True)
    return share


@functools.lru_cache(maxsize=8)
def _fixed_effects(n_categories: int, n_draws: int) -> Floats:
    """Evenly spread draws (a scrambled Sobol sequence), shape [R, 1, K]."""
    from scipy.stats import qmc

    draws = qmc.MultivariateNormalQMC(np.zeros(n_categories), rng=np.random.default_rng(0))
    return np.asarray(draws.random(n_draws), dtype=np.float64)[:, None, :]
