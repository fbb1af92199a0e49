"""What to label next: articles, quotes or speakers drawn with known probabilities.

A draw for estimates takes every unit with the same probability. A draw for training may prefer
units of which a model is unsure (Lewis & Gale 1994, doi:10.1007/978-1-4471-2099-5_1), but never
leaves one without a chance: so its labels, weighted, still estimate shares without bias.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from framing.dataset.sampling import SamplingUnit, draw_replicates
from framing.errors import DataError, count
from framing.records import Label, Prediction

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "DrawnUnit",
    "LabelCandidate",
    "UnitKind",
    "draw_units",
    "entropy",
    "inclusion_probabilities",
    "say_what_holds",
    "weigh_labels",
]

UnitKind = Literal["article", "quote", "speaker"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LabelCandidate:
    """A unit that may be drawn.

    Attributes:
        id: Of the article, quote or speaker.
        article_id: Its article; its own id for an article.
        outlet: Who published it; the draw is spread over outlets and articles.
        uncertainty: Of a model about it, see `entropy`; 0 where none is asked.
    """

    id: str
    article_id: str
    outlet: str = ""
    uncertainty: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnUnit:
    """A unit to label.

    Attributes:
        unit_id: Of the article, quote or speaker.
        unit: Which of the three.
        article_id: Its article.
        probability: With which it was drawn, in (0, 1].
        mix: Share of the draw that is made with equal chances; 1 for a random draw.
        uncertainty: Of the model, in nats; null where none was asked.
        n_frame: Units that the draw was made from.
        seed: Of the draw.
    """

    unit_id: str
    unit: UnitKind
    article_id: str
    probability: float
    mix: float
    uncertainty: float | None
    n_frame: int
    seed: int


def draw_units(
    candidates: Sequence[LabelCandidate],
    *,
    n: int,
    mix: float = 1.0,
    rng: "np.random.Generator",
) -> dict[str, float]:
    """Draw units without replacement: systematically, along outlets and articles.

    Args:
        candidates: The frame: all that have no label yet, with different ids.
        n: How many.
        mix: Share of the draw that is made with equal chances; the rest goes by uncertainty. 1
            is a random draw.
        rng: Source of chance.

    Returns:
        The inclusion probability of each drawn unit, in the order of `candidates`.

    Raises:
        DataError: There are fewer than `n` candidates, `n` is below 1, or `mix` is not in
            (0, 1]: with 0, units of which the model is sure could never be drawn, and nothing
            could be estimated.
    """
    if not 0 < mix <= 1:
        raise DataError(
            f"draw of what to label: the share drawn at random is {mix:g}; it takes a number above "
            "0 and up to 1, since units that can never be drawn leave every share unknown"
        )
    if not 1 <= n <= len(candidates):
        raise DataError(
            f"draw of what to label: {n} asked for, and "
            f"{count(len(candidates), 'has', 'have')} no label yet; give a number from 1 to that"
        )
    total = math.fsum(one.uncertainty for one in candidates)
    sizes = [
        mix / len(candidates) + (1 - mix) * (one.uncertainty / total if total else 1.0)
        for one in candidates
    ]
    probabilities = inclusion_probabilities(sizes, n)
    units = [
        SamplingUnit(id=one.id, stratum=one.outlet, outlet=one.article_id, probability=p)
        for one, p in zip(candidates, probabilities, strict=True)
    ]
    drawn = draw_replicates(units, n_replicates=1, rng=rng)
    return {unit.id: unit.probability for unit in units if unit.id in drawn}


def inclusion_probabilities(sizes: Sequence[float], n: int) -> list[float]:
    """Probabilities proportional to size that sum to `n`, none above 1.

    What would be above 1 is drawn with certainty, and the rest is shared out anew.

    Args:
        sizes: Above 0.
        n: At most as many as there are sizes.
    """
    certain: set[int] = set()
    while True:
        rest = math.fsum(size for i, size in enumerate(sizes) if i not in certain)
        left = n - len(certain)
        above = {i for i, size in enumerate(sizes) if i not in certain and left * size >= rest > 0}
        if not above:
            break
        certain |= above
    return [1.0 if i in certain else min(1.0, left * size / rest) for i, size in enumerate(sizes)]


def entropy(prediction: Prediction) -> float:
    """How unsure a model is: −Σ p ln p of its probabilities, in nats, 0 when it is certain."""
    return -math.fsum(p * math.log(p) for p in prediction.probabilities if p > 0)


def weigh_labels(
    labels: Iterable[Label], draw: Iterable[DrawnUnit], article_of: Mapping[str, str]
) -> tuple[list[Label], list[Label]]:
    """Give labels the probability with which their units were drawn.

    Args:
        labels: Of coders who were given the draw.
        draw: All of it.
        article_of: Article id by unit id: where articles were drawn, all in them counts, units
            that a coder added too.

    Returns:
        The labels with probabilities, and those left out: of units that were not drawn, such as
        quotes that a coder added to drawn ones.

    Raises:
        DataError: A unit is in the draw twice, or a label has another probability already.
    """
    drawn: dict[tuple[bool, str], float] = {}
    for one in draw:
        key = (one.unit == "article", one.unit_id)
        if key in drawn:
            raise DataError(f"draw: {one.unit} {one.unit_id!r} stands there twice; keep one line")
        drawn[key] = one.probability
    weighed, left_out = [], []
    for label in labels:
        probability = drawn.get(
            (False, label.unit_id), drawn.get((True, article_of.get(label.unit_id, "")))
        )
        if probability is None:
            left_out.append(label)
            continue
        if label.probability not in (1.0, probability):
            raise DataError(
                f"label of {label.unit_id!r} by {label.annotator!r}: its probability is "
                f"{label.probability:g}, and by this draw it is {probability:g}; give the draw "
                "that the coder was given"
            )
        weighed.append(dataclasses.replace(label, probability=probability))
    return weighed, left_out


def say_what_holds(draw: Sequence[DrawnUnit], *, n_labelled: int) -> tuple[str, ...]:
    """Which estimates a draw allows, in sentences.

    Args:
        draw: At least one unit.
        n_labelled: Units of the same kind that had a label before and could not be drawn.
    """
    first, n = draw[0], len(draw)
    unit, frame = first.unit, f"{count(first.n_frame, first.unit)} without a label"
    were = "was" if n == 1 else "were"
    if first.mix == 1:
        sentences = [
            f"{n:,} of {frame} {were} drawn with equal chances (probability "
            f"{first.probability:.4g} each): their plain shares and scores are estimates of those "
            "of all of these."
        ]
    else:
        low, high = (f(one.probability for one in draw) for f in (min, max))
        sentences = [
            f"{n:,} of {frame} {were} drawn, the more often the less sure the model was "
            f"(probability {low:.4g} to {high:.4g}): good to train on, but plain shares, "
            "scores and agreement over them describe hard cases.",
            "Shares of all of these need weights: divide the sum of 1/probability over the "
            f"{unit}s of a category by that over all drawn ones (Horvitz & Thompson 1952, "
            "doi:10.1080/01621459.1952.10483446). framing evaluate and agreement do not weight.",
        ]
    if unit == "article":
        sentences.append(
            "Whole articles were drawn, so framing compare --gold can correct by them, if every "
            "quote in them is labelled."
        )
    else:
        sentences.append(
            f"Single {unit}s were drawn: framing compare --gold takes whole articles, so draw "
            f"articles for it; and {unit}s of one article resemble each other, so draw articles "
            "anew for an interval."
        )
    if n_labelled:
        them, they_are = ("it", "it is") if n_labelled == 1 else ("them", "they are")
        sentences.append(
            f"The {count(n_labelled, unit)} labelled before could not be drawn. For shares of all, "
            f"count {them} as {they_are} (weight 1) beside the drawn ones with theirs; do not "
            f"weight {them} by an earlier draw in the same sum."
        )
    return tuple(sentences)
