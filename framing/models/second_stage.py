"""A second look at each quote: at its own logits beside those of its speaker's other quotes.

Few people change sides within an article, but many a sentence of theirs does not show the side. The
first stage judges each quote for itself. The second, a logistic regression on logits of held-out
units, weighs a quote's own logits against the mean of those of the other quotes of the same speaker
in the same article (stacking: Wolpert 1992, doi:10.1016/S0893-6080(05)80023-1; collective
classification: Sen et al. 2008, doi:10.1609/aimag.v29i3.2157). As in `framing.models.regression`, a
unit of a category with n units weighs n^-0.5: rare categories are found more often than they would
be by log loss alone.
"""

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.models.regression import grouped_folds, regress
from framing.models.units import Unit, with_others

__all__ = ["SecondStage", "fit_second_stage", "others_missing", "stage_features"]

_STRENGTH = 0.3  # C of the regression; on validation, 0.1 to 0.5 were as good
_FOLDS = 10


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SecondStage:
    """A linear map from what `stage_features` gives, f numbers, to new logits of k categories.

    Attributes:
        coefficients: Shape [k, f].
        intercepts: Shape [k].
    """

    coefficients: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]

    def logits(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape [n, k], of features of shape [n, f]."""
        # Row by row: a sum over many rows at once may come out in another order.
        weights = np.array(self.coefficients)
        rows = [(weights * row).sum(axis=1) + np.array(self.intercepts) for row in features]
        return np.array(rows).reshape(len(features), len(self.intercepts))

    @classmethod
    def from_card(cls, stored: Mapping[str, Any]) -> "SecondStage":
        """What `dataclasses.asdict` made, as read from model.json."""
        return cls(
            coefficients=tuple(map(tuple, stored["coefficients"])),
            intercepts=tuple(stored["intercepts"]),
        )


def stage_features(logits: NDArray[np.float64], units: Sequence[Unit]) -> NDArray[np.float64]:
    """Own logits, mean logits of the speaker's other quotes, and ln(1 + their number).

    Args:
        logits: Of the first stage, shape [n, k].
        units: The n quotes; of their others, those among the units count.

    Returns:
        Shape [n, 2 k + 1]; logits less their mean over the categories, and zeros for a quote
        without others.
    """
    own = logits - logits.mean(axis=1, keepdims=True)
    row_of = {_key(unit): row for row, unit in enumerate(units)}
    others = np.zeros_like(own)
    counts = np.zeros((len(units), 1))
    for row, unit in enumerate(units):
        rows = [row_of[key] for other in unit.others if (key := _key(other)) in row_of]
        if rows:
            others[row] = own[rows].mean(axis=0)
            counts[row] = len(rows)
    return np.concatenate([own, others, np.log1p(counts)], axis=1)


def others_missing(units: Sequence[Unit]) -> list[Unit]:
    """The other quotes of the units' speakers that are not among the units, each once."""
    missing = {}
    given = {_key(unit) for unit in units}
    for unit in units:
        absent = [other for other in unit.others if _key(other) not in given]
        if absent:
            said = sorted(
                [dataclasses.replace(unit, others=()), *unit.others], key=lambda one: one.place
            )
            missing.update({_key(other): with_others(other, said) for other in absent})
    return [*missing.values()]


def fit_second_stage(
    logits: NDArray[np.float64],
    units: Sequence[Unit],
    targets: NDArray[np.float64],
    *,
    groups: Sequence[Hashable],
    seed: int,
) -> tuple[SecondStage, NDArray[np.float64]]:
    """Fit it on units that the first stage did not learn from.

    Args:
        logits: Of the first stage, shape [n, k].
        units: The n quotes.
        targets: Shares of the categories, shape [n, k]; only settled units are learned from.
        groups: Each unit's event or article; a group is never in two folds. Length n.
        seed: Of the folds.

    Returns:
        The second stage; and what second stages say that were fitted without the group, shape
        [n, k], which is what it can be scored and calibrated by.

    Raises:
        DataError: There is one group, or what is left of a fold is all of one category.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):  # the number of cores does not change the order of sums
        features = stage_features(logits, units)
        settled = targets.max(axis=1) == 1
        gold = targets.argmax(axis=1)
        folds = grouped_folds(groups, n_folds=_FOLDS, rng=np.random.default_rng(seed))
        cross_fitted = np.zeros_like(logits)
        for fold in np.unique(folds):
            learned = settled & (folds != fold)
            stage = _fit(features[learned], gold[learned], logits.shape[1])
            cross_fitted[folds == fold] = stage.logits(features[folds == fold])
        return _fit(features[settled], gold[settled], logits.shape[1]), cross_fitted


def _fit(features: NDArray[np.float64], gold: NDArray[np.int64], n_categories: int) -> SecondStage:
    coefficients, intercepts = regress(features, gold, _STRENGTH, n_categories)
    return SecondStage(
        coefficients=tuple(tuple(round(float(x), 6) for x in row) for row in coefficients),
        intercepts=tuple(round(float(x), 6) for x in intercepts),
    )


def _key(unit: Unit) -> tuple[str, ...]:
    """What tells apart all that may be asked at once, the same quote toward two targets too."""
    return unit.article_sha256, unit.id, unit.variable, unit.target
