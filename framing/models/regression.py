"""Multinomial logistic regression: chosen, fitted and calibrated without peeking.

`fit` is the whole procedure: input form and strength are chosen by grouped cross-validation
inside the data it is given, the temperature comes from the same out-of-fold logits, then all of
the data is fitted. Scores are honest when `fit` is called on each training part of an outer
cross-validation.
"""

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from framing.errors import DataError
from framing.metrics.calibration import log_loss

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Fitted", "fit", "fit_temperature", "grouped_folds", "regress", "softmax"]

_STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0)
# Of a unit of a category with n units, n^-0.5: halfway between units alike and categories alike.
_CLASS_WEIGHT = 0.5
_INNER_FOLDS = 5
Features: TypeAlias = "NDArray[np.float64] | csr_array"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted regression: probabilities are softmax((x · coefficientsᵀ + intercepts) / T).

    Attributes:
        form: Name of the input form it takes.
        strength: Inverse strength of the L2 penalty (C of scikit-learn).
        temperature: T.
        coefficients: Shape [n_categories, n_features], float32.
        intercepts: Shape [n_categories], float32.
    """

    form: str
    strength: float
    temperature: float
    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def probabilities(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of one unit with features of shape [n_features]; shape [n_categories].

        Taken one by one, since a matrix product of many rows may sum in another order.
        """
        logits = self.coefficients.astype(np.float64) @ row + self.intercepts
        shares: NDArray[np.float64] = softmax(logits[None, :], temperature=self.temperature)[0]
        return shares


def fit(
    features: Mapping[str, Features],
    gold: NDArray[np.int64],
    groups: Sequence[Hashable],
    *,
    n_categories: int,
    rng: np.random.Generator,
) -> Fitted:
    """Choose, fit and calibrate.

    Args:
        features: For each input form to choose from, shape [n, n_features]; sparse ones are
            fitted as they are, which is quicker for counts of words.
        gold: Categories as whole numbers, shape [n].
        groups: The article or event of each unit, kept together in every fold; None for a unit
            that is of none (a sentence of the codebook): always learned from, never tested on.
        n_categories: Number of categories; one that has no unit gets the probability that half
            a unit would.
        rng: Shuffles the folds.

    Raises:
        DataError: There are fewer than two groups or two categories.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # One thread is faster for matrices this small, and the number of cores does not change the
    # order of sums, and with it the last bits of the result.
    with threadpool_limits(limits=1):
        return _chosen(features, gold, groups, n_categories=n_categories, rng=rng)


def grouped_folds(
    groups: Sequence[Hashable], *, n_folds: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """A fold for each unit, groups kept whole and folds of similar size.

    Groups are shuffled, then the largest goes first, each to the smallest fold so far. With
    fewer groups than folds, each group is a fold.

    Raises:
        DataError: There are fewer than two groups.
    """
    sizes: dict[Hashable, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    if len(sizes) < 2:
        raise DataError(
            f"cross-validation: {len(sizes)} article or event; folds take at least two, and "
            "scores worth reading at least ten"
        )
    names = list(sizes)
    shuffled = [names[i] for i in rng.permutation(len(names))]
    filled = [0] * min(n_folds, len(sizes))
    fold_of: dict[Hashable, int] = {}
    for group in sorted(shuffled, key=lambda name: -sizes[name]):
        fold_of[group] = filled.index(min(filled))
        filled[fold_of[group]] += sizes[group]
    return np.array([fold_of[group] for group in groups], dtype=np.int64)


def fit_temperature(logits: NDArray[np.float64], gold: NDArray[np.int64]) -> float:
    """The temperature in [0.05, 20] with the smallest log loss (Guo et al. 2017).

    arXiv:1706.04599

    Args:
        logits: Out-of-fold, shape [n, n_categories].
        gold: Shape [n], at least one unit.
    """
    from scipy.optimize import minimize_scalar

    # The loss is convex in 1/T, so one minimum is all there is.
    found = minimize_scalar(
        lambda inverse: log_loss(softmax(logits * inverse), gold),
        bounds=(1 / 20, 20),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return round(1 / float(found.x), 6)


def softmax(logits: NDArray[np.float64], *, temperature: float = 1.0) -> NDArray[np.float64]:
    """Rows of probabilities exp(z / T) / Σ exp(z / T)."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def _chosen(
    features: Mapping[str, Features],
    gold: NDArray[np.int64],
    groups: Sequence[Hashable],
    *,
    n_categories: int,
    rng: np.random.Generator,
) -> Fitted:
    tested = np.array([group is not None for group in groups])
    folds = np.full(len(gold), -1, dtype=np.int64)
    folds[tested] = grouped_folds(
        [group for group in groups if group is not None], n_folds=_INNER_FOLDS, rng=rng
    )
    best: tuple[float, str, float, float] | None = None
    for form, table in features.items():
        reduced = _reduced(table)[0] if isinstance(table, np.ndarray) else table
        for strength in _STRENGTHS:
            logits = np.empty((len(gold), n_categories))
            for fold in range(folds.max() + 1):
                held = folds == fold
                coefficients, intercepts = regress(
                    reduced[~held], gold[~held], strength, n_categories
                )
                logits[held] = reduced[held] @ coefficients.T + intercepts
            temperature = fit_temperature(logits[tested], gold[tested])
            loss = log_loss(softmax(logits[tested], temperature=temperature), gold[tested])
            if best is None or loss < best[0]:
                best = (loss, form, strength, temperature)
    if best is None:
        raise DataError("regression: no input form to choose from; give at least one")
    _, form, strength, temperature = best
    chosen = features[form]
    if not isinstance(chosen, np.ndarray):
        coefficients, intercepts = regress(chosen, gold, strength, n_categories)
    else:
        reduced, basis, centre = _reduced(chosen)
        coefficients, intercepts = regress(reduced, gold, strength, n_categories)
        coefficients = coefficients @ basis
        intercepts = intercepts - coefficients @ centre
    return Fitted(
        form=form,
        strength=strength,
        temperature=temperature,
        coefficients=coefficients.astype(np.float32),
        intercepts=intercepts.astype(np.float32),
    )


def _reduced(
    table: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates in the space that the centred rows span, its basis, and the centre.

    An L2-penalised solution with a free intercept lies in that space, so nothing is lost; with
    fewer units than features, and around their centre, every fit is much quicker.
    """
    centre = table.mean(axis=0)
    left, scale, basis = np.linalg.svd(table - centre, full_matrices=False)
    return left * scale, basis, centre


def regress(
    table: Features, gold: NDArray[np.int64], strength: float, n_categories: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients [n_categories, f] and intercepts of features [n, f], for one strength.

    Raises:
        DataError: There is one category only.
    """
    from sklearn.linear_model import LogisticRegression

    present, counts = np.unique(gold, return_counts=True)
    if len(present) < 2:
        raise DataError(
            f"regression: {len(present)} category among the {len(gold)} units it is fitted on; "
            "it takes two or more, spread over articles"
        )
    inverse = counts.astype(np.float64) ** -_CLASS_WEIGHT
    inverse *= len(gold) / (inverse * counts).sum()  # the weights of all units sum to n
    model = LogisticRegression(
        C=strength,
        class_weight=dict(zip(present.tolist(), inverse.tolist(), strict=True)),
        max_iter=1000,
        tol=1e-4,
    ).fit(table, gold)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(present) == 2:  # scikit-learn stores one row: the log odds of the second
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    logits = table @ coefficients.T + intercepts
    mass = np.log(np.exp(logits - logits.max()).sum(axis=1)).mean() + logits.max()
    all_coefficients = np.zeros((n_categories, table.shape[1]))
    all_intercepts = np.full(n_categories, mass + np.log(0.5 / (len(gold) + 0.5)))
    all_coefficients[present], all_intercepts[present] = coefficients, intercepts
    return all_coefficients, all_intercepts
