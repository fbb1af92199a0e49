"""The probability with which a unit was drawn, given to labels that come back without it.

A coder gets units without the labels of others, and what a tool gives back for a new label is a
category. How the unit was drawn is a fact of the data that were exported, so it is taken from
there, whatever the format.
"""

import collections
import dataclasses
from collections.abc import Iterable, Sequence

from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.dataset.label_draws import DrawnUnit, weigh_labels
from framing.errors import DataError
from framing.records import Label, Quote, Speaker

__all__ = ["DrawnLabels", "give_probabilities"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLabels:
    """An imported corpus whose labels have their probabilities.

    Attributes:
        corpus: With the labels of `give_probabilities`.
        n_not_drawn: New labels of units that are not in the draw, such as quotes that a coder
            added to drawn ones: nobody knows their probability, and it stands as 1.
    """

    corpus: CodedCorpus
    n_not_drawn: int


def give_probabilities(
    corpus: CodedCorpus, *, exported: Iterable[Label], draw: Sequence[DrawnUnit] = ()
) -> DrawnLabels:
    """Give new labels the probability of their unit's draw; 1 where the data know of none.

    A label that was exported (same unit, variable and coder) stays as it came back. A new one gets
    what the exported labels of its unit and variable have, else those of its unit; then what the
    draw says.

    Args:
        corpus: As a format gives it back.
        exported: Labels of the data, by anybody.
        draw: Of `framing dataset next`; empty where the data were not drawn by it.

    Raises:
        DataError: Labels of one unit have different probabilities, or the draw has another one.
    """
    before: set[tuple[str, str, str]] = set()
    known: dict[tuple[str, str], set[float]] = collections.defaultdict(set)
    for label in exported:
        before.add(_key(label))
        for variable in (label.variable, ""):
            known[label.unit_id, variable].add(label.probability)
    new = [
        _of_unit(label, known)
        for label in corpus.labels
        if _key(label) not in before and label.probability == 1
    ]
    not_drawn: list[Label] = []
    if draw:
        units: tuple[Quote | Speaker, ...] = (*corpus.quotes, *corpus.speakers)
        new, not_drawn = weigh_labels(new, draw, {unit.id: unit.article_id for unit in units})
    changed = {_key(label): label for label in new}
    documents = tuple(
        dataclasses.replace(
            document, labels=tuple(changed.get(_key(label), label) for label in document.labels)
        )
        for document in corpus.documents
    )
    return DrawnLabels(
        corpus=dataclasses.replace(corpus, documents=documents), n_not_drawn=len(not_drawn)
    )


def _key(label: Label) -> tuple[str, str, str]:
    return label.unit_id, label.variable, label.annotator


def _of_unit(label: Label, known: dict[tuple[str, str], set[float]]) -> Label:
    found = known.get((label.unit_id, label.variable)) or known.get((label.unit_id, "")) or {1.0}
    if len(found) > 1:
        raise DataError(
            f"{label.variable} of {label.unit_id!r}: labels in the data say that it was drawn with "
            f"probability {' and '.join(f'{p:g}' for p in sorted(found))}; a unit is drawn with "
            "one, so correct labels.jsonl of the data"
        )
    return dataclasses.replace(label, probability=min(found))
