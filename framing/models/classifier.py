"""What every classifier is, and probabilities to predictions.

The frozen-embedding classifier and fine-tuned adapters alike are used through this protocol;
nothing above it knows which one it has.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from framing.codebook import Codebook
from framing.errors import DataError
from framing.models.units import Unit
from framing.records import Basis, Prediction

__all__ = ["Classifier", "check_codebook", "check_units", "predictions_from_probabilities"]


@runtime_checkable
class Classifier(Protocol):
    """Gives every unit of one variable a probability for each category."""

    @property
    def name(self) -> str:
        """Name of the model, kept with every prediction."""

    @property
    def variable(self) -> str:
        """Name of the codebook's variable."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Its categories, in the codebook's order."""

    @property
    def codebook(self) -> str:
        """Digest of the codebook that the training labels were given under."""

    @property
    def card(self) -> Mapping[str, Any]:
        """What a report says of the model: training data, scores, limits, encoder, dtype."""

    def predict(self, units: Sequence[Unit]) -> list[Prediction]:
        """One prediction for each unit, in order; none for no units.

        A unit's probabilities do not depend on the other units given with it. A unit of an
        article that the model was trained on is predicted by a fold that did not see it (basis
        "out_of_fold"), or is marked "training".

        Raises:
            DataError: A unit belongs to another variable.
        """


def predictions_from_probabilities(
    units: Sequence[Unit],
    probabilities: ArrayLike,
    *,
    variable: str,
    model: str,
    codebook: str,
    categories: Sequence[str],
    bases: Sequence[Basis] | None = None,
    article_sd: float | None = None,
) -> list[Prediction]:
    """Make the records of predictions from a table of probabilities.

    Args:
        units: The units, n of them.
        probabilities: Shape [n, number of categories]; rows sum to 1.
        variable: Name of the variable.
        model: Name of the model.
        codebook: Digest of the codebook.
        categories: Names of the columns.
        bases: One for each unit; "new" for all when absent.
        article_sd: Of the model, see `framing.metrics.article_effect`.

    Raises:
        DataError: The shape does not fit, a row does not sum to 1, or a unit belongs to another
            variable.
    """
    check_units(units, variable=variable, model=model)
    if not units:
        return []
    table = np.asarray(probabilities, dtype=np.float64).reshape(len(units), -1)
    if table.shape[1] != len(categories):
        raise DataError(
            f"model {model!r}: {table.shape[1]} probabilities a unit, but {variable} has "
            f"{len(categories)} categories"
        )
    chosen: Sequence[Basis] = bases if bases is not None else ["new"] * len(units)
    return [
        Prediction(
            unit_id=unit.id,
            variable=variable,
            model=model,
            codebook=codebook,
            categories=tuple(categories),
            probabilities=tuple(float(p) for p in row),
            basis=basis,
            article_sd=article_sd,
        )
        for unit, row, basis in zip(units, table, chosen, strict=True)
    ]


def check_units(units: Sequence[Unit], *, variable: str, model: str) -> None:
    """Refuse units of another variable.

    Raises:
        DataError: Names the first such unit.
    """
    for unit in units:
        if unit.variable != variable:
            raise DataError(
                f"model {model!r}: predicts {variable}, but unit {unit.id!r} is of "
                f"{unit.variable}; make its units with that variable"
            )


def check_codebook(classifier: Classifier, codebook: Codebook) -> None:
    """Refuse a classifier that was trained under another codebook.

    Raises:
        DataError: The variable is missing, or its categories or the digest differ.
    """
    who = f"model {classifier.name!r}"
    variable = codebook.variable(classifier.variable)
    if variable.names != classifier.categories:
        raise DataError(
            f"{who}: it knows the categories {', '.join(classifier.categories)} of "
            f"{classifier.variable}, but codebook {codebook.name!r} has "
            f"{', '.join(variable.names)}; train a model under it with "
            f"framing train {classifier.variable}"
        )
    if codebook.digest != classifier.codebook:
        raise DataError(
            f"{who}: trained under codebook {classifier.codebook}, but {codebook.name!r} is "
            f"{codebook.digest}; the same names under other definitions are other categories: "
            f"train a model under it with framing train {classifier.variable}"
        )
