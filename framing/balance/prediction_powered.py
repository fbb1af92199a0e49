"""PPI++ for a ratio of totals: few coded articles, many predicted ones, articles as clusters."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

__all__ = ["RatioEstimate", "prediction_powered_ratio"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RatioEstimate:
    """Ratios with their variance.

    Attributes:
        value: theta, (K,); it sums to 1 where the parts sum to the wholes.
        covariance: Of `value`, (K, K).
        power: Weight that predictions get on the scale of the paper, in [0, 1]: 0 leaves the coded
            articles alone.
        tuned: The same on the scale of `prediction_powered_ratio`.
    """

    value: Floats
    covariance: Floats
    power: float
    tuned: float


def prediction_powered_ratio(
    *,
    part: Floats,
    whole: Floats,
    predicted_part: Floats,
    predicted_whole: Floats,
    labelled: Bools,
    probability: Floats,
) -> RatioEstimate | None:
    """Estimate theta_k = E[part_k] / E[whole] over articles by PPI++ (Angelopoulos et al. 2023).

    theta solves the power-tuned estimating equation of the loss with the gradient
    g = theta whole - part; with the design weights w of the n labelled of N articles,

        theta = (mean_w(part) + l (mean(predicted_part) - mean_w(predicted_part)))
              / (mean_w(whole) + l (mean(predicted_whole) - mean_w(predicted_whole)))

    mean() being over all N articles, labelled ones too. With equal weights that is the paper's
    estimator, whose unlabelled mean leaves out the labelled articles, with l = lambda N / (N - n),
    and l = sum_k Cov_w(g_k, g^f_k) / sum_k Var_N(g^f_k) is its lambda = tr Cov_n(g, g^f) /
    ((1 + n / (N - n)) tr Var_N(g^f)), the whole being the Hessian of every k; unlike it, the form
    above holds for unequal weights, which leave other articles unlabelled than a simple sample
    would. lambda is kept in [0, 1] as in the authors' code. One lambda for all k lets shares sum
    to 1.

    Articles are the clusters: the variance is that of the linearised article totals, so that
    quotes of one article may be as alike as they like. Residuals of labelled articles are divided
    by 1 - their share of the whole, as a jackknife would (else intervals are too short with fewer
    than about 60 labelled articles); t quantiles with n - 1 degrees of freedom go with it.

    Args:
        part: Gold amounts (N, K); rows of articles that are not labelled are not read.
        whole: Gold amounts they are parts of (N,).
        predicted_part: Predicted amounts (N, K).
        predicted_whole: What they are parts of (N,).
        labelled: Which articles are coded (N,); at least two.
        probability: With which each was drawn for coding (N,); of unlabelled ones not read.

    Returns:
        None where it is undefined: no whole among the labelled ones, or one article is all of it.

    References:
        arXiv:2311.01453, section 6 (power tuning), algorithm 1.
    """
    n_all, n = len(labelled), int(labelled.sum())
    weights = 1 / probability[labelled]
    weights = weights / weights.sum()
    y, m = part[labelled], whole[labelled]
    f, g = predicted_part[labelled], predicted_whole[labelled]
    leverage = weights * m / max(weights @ m, np.finfo(float).tiny)
    if not (weights @ m > 0) or leverage.max() >= 1:
        return None
    # Power tuning at the estimate from the labelled articles alone.
    tuned = _power(y, m, predicted_part, predicted_whole, labelled, weights)
    numerator = weights @ y + tuned * (predicted_part.mean(axis=0) - weights @ f)
    denominator = weights @ m + tuned * (predicted_whole.mean() - weights @ g)
    if not denominator > 0:
        return None
    theta = numerator / denominator
    gold_gradient = y - np.outer(m, theta)
    gradient = predicted_part - np.outer(predicted_whole, theta)
    residual = gold_gradient - tuned * gradient[labelled]
    residual = (residual - weights @ residual) / (1 - leverage)[:, None]
    influence = weights[:, None] * residual + tuned * gradient[labelled] / n_all
    of_labelled = n * np.atleast_2d(np.cov(influence, rowvar=False))
    of_others = (n_all - n) * (tuned / n_all) ** 2 * np.atleast_2d(np.cov(gradient, rowvar=False))
    return RatioEstimate(
        value=theta,
        covariance=(of_labelled + of_others) / denominator**2,
        power=float(tuned * (n_all - n) / n_all),
        tuned=float(tuned),
    )


def _power(
    y: Floats, m: Floats, f_all: Floats, g_all: Floats, labelled: Bools, weights: Floats
) -> float:
    n_all, n = len(labelled), len(y)
    theta = weights @ y / (weights @ m)
    gold_gradient, gradient = y - np.outer(m, theta), f_all - np.outer(g_all, theta)
    of_labelled = gradient[labelled]
    covariance = (
        weights[:, None]
        * (gold_gradient - weights @ gold_gradient)
        * (of_labelled - weights @ of_labelled)
    ).sum()
    variance = gradient.var(axis=0, ddof=1).sum()
    if n_all == n or not variance > 0:
        return 0.0  # nothing to borrow strength from
    return float(np.clip(covariance / variance, 0, n_all / (n_all - n)))
