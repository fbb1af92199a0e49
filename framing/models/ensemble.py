"""Ensembles: the mean of what several classifiers say, such as those of several seeds."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import DataError
from framing.models.classifier import Classifier, check_units, predictions_from_probabilities
from framing.models.model_folders import ENSEMBLE, read_card
from framing.models.regression import softmax
from framing.models.units import Unit
from framing.records import Basis, Prediction

__all__ = ["EnsembleClassifier", "ensemble_name", "load_ensemble", "mean_logits"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleClassifier:
    """A `framing.models.classifier.Classifier` made of others.

    Attributes:
        name: Kept with every prediction; ends in digits of the members' names' digest.
        variable: Name of the codebook's variable.
        categories: In the codebook's order.
        codebook: Digest of the codebook.
        temperature: By which the logarithms of the mean probabilities are divided.
        article_sd: See `framing.metrics.article_effect`.
        card: The contents of model.json for this variable.
        members: Of the same variable, categories and codebook.
    """

    name: str
    variable: str
    categories: tuple[str, ...]
    codebook: str
    temperature: float
    article_sd: float | None
    card: Mapping[str, Any] = dataclasses.field(repr=False)
    members: tuple[Classifier, ...] = dataclasses.field(repr=False)

    def predict(self, units: Sequence[Unit]) -> list[Prediction]:
        """See `Classifier.predict`; a unit that one member was trained on is marked so."""
        check_units(units, variable=self.variable, model=self.name)
        if not units:
            return []
        said = [member.predict(units) for member in self.members]
        tables = [np.array([one.probabilities for one in predictions]) for predictions in said]
        order: tuple[Basis, ...] = ("new", "out_of_fold", "training")
        return predictions_from_probabilities(
            units,
            softmax(mean_logits(tables), temperature=self.temperature),
            variable=self.variable,
            model=self.name,
            codebook=self.codebook,
            categories=self.categories,
            bases=[
                max((one.basis for one in row), key=order.index) for row in zip(*said, strict=True)
            ],
            article_sd=self.article_sd,
        )


def mean_logits(tables: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Logarithms of the mean of tables of probabilities, shape [n, number of categories].

    A probability of zero, which only rounding makes, counts as 1e-12.
    """
    return np.asarray(np.log(np.maximum(np.mean(tables, axis=0), 1e-12)), dtype=np.float64)


def ensemble_name(members: Sequence[str], variables: Sequence[str]) -> str:
    """Variables and eight digits of the digest of the members' names."""
    digest = hashlib.sha256("\n".join(members).encode()).hexdigest()
    return f"ensemble-{'-'.join(variables)}-{digest[:8]}"


def load_ensemble(
    folder: Path, *, variable: str, load_member: Callable[[Path], Classifier]
) -> EnsembleClassifier:
    """Read a stored ensemble.

    Args:
        folder: With model.json, and a folder for each member.
        variable: One of those that it predicts.
        load_member: Loads one.

    Raises:
        DataError: A member is missing or is not the one that the ensemble was made of.
    """
    card = read_card(folder, ENSEMBLE)
    members = tuple(load_member(folder / name) for name in card["members"])
    for (place, name), member in zip(card["members"].items(), members, strict=True):
        if member.name != name:
            raise DataError(
                f"model {folder}: member {place} is {member.name}, but the ensemble was made of "
                f"{name}; train it again"
            )
    mine = card["variables"][variable]
    rest = {key: value for key, value in card.items() if key != "variables"}
    encoder = members[0].card["encoder"]
    return EnsembleClassifier(
        name=card["name"],
        variable=variable,
        categories=members[0].categories,
        codebook=card["codebook"],
        temperature=float(mine["temperature"]),
        article_sd=mine.get("article_sd"),
        card={**rest, **mine, "variable": variable, "encoder": encoder},
        members=members,
    )
