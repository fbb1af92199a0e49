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
    """Texts that are embedded apart, and products of their vectors.

    Attributes:
        name: By which a stored model names it.
        unit: "quote" or "speaker".
        parts: Names of texts, see `_PARTS`.
        products: Pairs of parts whose vectors are multiplied element by element, so that a
            linear model can see whether two texts agree.
    """

    name: str
    unit: str
    parts: tuple[str, ...]
    products: tuple[tuple[str, str], ...] = ()

    @property
    def embedded(self) -> tuple[str, ...]:
        """Every part that has to be embedded, each once."""
        pairs = [part for pair in self.products for part in pair]
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

# What cross-validation chooses from.
FORMS: tuple[InputForm, ...] = (
    InputForm(name="who+context", unit="speaker", parts=("speaker", "context")),
    InputForm(name="who+introduced", unit="speaker", parts=("speaker", "introduced")),
    InputForm(name="words+context+who", unit="quote", parts=("quote", "context", "speaker")),
    InputForm(
        name="words+context+who*target",
        unit="quote",
        parts=("quote", "context", "speaker"),
        products=(("quote", "target"), ("speaker", "target")),
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
    """Parts and products side by side.

    A product of two unit vectors of dimension d has entries near 1/d where those of a vector are
    near 1/sqrt(d), so it is scaled by sqrt(d) to count alike.

    Args:
        form: The form.
        vectors: Of every part that the form embeds, shape [n, d].

    Returns:
        Shape [n, d · (number of parts + number of products)].
    """
    columns = [vectors[part].astype(np.float64) for part in form.parts]
    for one, other in form.products:
        product = vectors[one].astype(np.float64) * vectors[other]
        columns.append(product * np.sqrt(product.shape[1]))
    return np.concatenate(columns, axis=1)
