"""Input forms: which texts of a unit are embedded, and how their vectors become features."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.errors import DataError
from framing.models.units import Unit

__all__ = ["FORMS", "InputForm", "embed_parts", "features", "input_form"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class InputForm:
    """Texts that are embedded apart, and how far their vectors lie from each other.

    Attributes:
        name: By which a stored model names it.
        unit: "quote" or "speaker".
        parts: Names of texts, see `_PARTS`.
        differences: Pairs of parts whose vectors are subtracted, element by element and without
            sign, so that a linear model can see whether two texts are about one thing.
    """

    name: str
    unit: str
    parts: tuple[str, ...]
    differences: tuple[tuple[str, str], ...] = ()

    @property
    def embedded(self) -> tuple[str, ...]:
        """Every part that has to be embedded, each once."""
        pairs = [part for pair in self.differences for part in pair]
        return tuple(dict.fromkeys([*self.parts, *pairs]))


def _who(unit: Unit) -> str:
    return ", ".join(filter(None, (unit.speaker, unit.description)))


def _introduced(unit: Unit) -> str:
    return ": ".join(filter(None, (_who(unit), unit.context)))


_PARTS: Mapping[str, Callable[[Unit], str]] = {
    "quote": lambda unit: unit.quote,
    "context": lambda unit: unit.context,
    "target": lambda unit: unit.target,
    "speaker": _who,
    "introduced": _introduced,
}

# What cross-validation chooses from. Stance is toward a target, so every form for quotes reads it.
FORMS: tuple[InputForm, ...] = (
    InputForm(name="who+context", unit="speaker", parts=("speaker", "context")),
    InputForm(name="who+introduced", unit="speaker", parts=("speaker", "introduced")),
    InputForm(
        name="words+context+who-target",
        unit="quote",
        parts=("quote", "context", "speaker"),
        differences=(("quote", "target"),),
    ),
)


def input_form(name: str) -> InputForm:
    """The form of that name.

    Raises:
        DataError: There is none.
    """
    for form in FORMS:
        if form.name == name:
            return form
    raise DataError(
        f"input form {name!r}: unknown; accepted: {', '.join(form.name for form in FORMS)}; "
        "the model was stored by another version of framing"
    )


def embed_parts(
    units: Sequence[Unit],
    parts: Sequence[str],
    embed: Callable[[Sequence[str]], NDArray[np.float32]],
) -> dict[str, NDArray[np.float32]]:
    """Vectors of the parts of all units, each of shape [n, dimension]."""
    texts = [_PARTS[part](unit) for part in parts for unit in units]
    vectors = embed(texts)
    n = len(units)
    return {part: vectors[i * n : (i + 1) * n] for i, part in enumerate(parts)}


def features(form: InputForm, vectors: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float64]:
    """Parts and differences side by side.

    Where one text of a pair is missing (its vector is zero), the difference is zero too.

    Args:
        form: The form.
        vectors: Of every part that the form embeds, shape [n, d].

    Returns:
        Shape [n, d · (number of parts + number of differences)].
    """
    columns = [vectors[part].astype(np.float64) for part in form.parts]
    for pair in form.differences:
        one, other = (vectors[part].astype(np.float64) for part in pair)
        both = np.logical_and(one.any(axis=1), other.any(axis=1))
        columns.append(np.where(both[:, None], np.abs(one - other), 0.0))
    return np.concatenate(columns, axis=1)
