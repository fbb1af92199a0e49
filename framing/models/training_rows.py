"""Labelled units of several variables as rows of one data set for the Trainer.

The categories of all variables stand side by side, in the order of the variables: a row's targets
are zero outside its own variable's columns.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import datasets
import numpy as np
import torch
from numpy.typing import NDArray

from framing.codebook import Variable
from framing.metrics.evaluate_metrics import MacroF1
from framing.models.labelled_units import Examples
from framing.models.marked_inputs import MarkedInputs
from framing.models.trainer import pad_columns

__all__ = ["Row", "balanced_weights", "collate_rows", "columns_of", "make_rows", "score_rows",
           "to_dataset"]  # fmt: skip

# What the network reads of one unit ("input_ids", "focus", "variable"), what it should say
# ("targets"), "length" for batching, and its "event" for folds.
Row = dict[str, Any]


def make_rows(
    examples: Mapping[str, Examples],
    variables: Sequence[Variable],
    inputs: MarkedInputs,
    *,
    events: Mapping[str, str],
) -> list[Row]:
    """One row for each unit, by variable, then in the order of the examples.

    Args:
        examples: By variable.
        variables: In the order of the columns.
        inputs: Makes token ids of units.
        events: Article id to event; an article without one is its own.
    """
    width = sum(len(variable.names) for variable in variables)
    rows = []
    for index, variable in enumerate(variables):
        mine = examples[variable.name]
        targets = np.zeros((len(mine.units), width))
        targets[:, columns_of(variables, variable.name)] = mine.targets
        encoded = inputs.encode(mine.units, variable.unit)
        for unit, one, target in zip(mine.units, encoded, targets, strict=True):
            rows.append(
                {
                    "input_ids": list(one.ids),
                    "focus": list(one.focus),
                    "variable": index,
                    "targets": target.tolist(),
                    "length": len(one.ids),
                    "event": events.get(unit.article_id, unit.article_sha256),
                }
            )
    return rows


def columns_of(variables: Sequence[Variable], name: str) -> slice:
    """The columns of one variable."""
    start = 0
    for variable in variables:
        if variable.name == name:
            break
        start += len(variable.names)
    else:
        raise KeyError(name)
    return slice(start, start + len(variable.names))


def to_dataset(rows: Sequence[Row]) -> datasets.Dataset:
    """The rows for the Trainer."""
    return datasets.Dataset.from_list([dict(row) for row in rows])


def collate_rows(rows: Sequence[Row], *, pad: int) -> dict[str, torch.Tensor]:
    """A batch, padded to its longest row."""
    masked = [{**row, "attention_mask": [1] * len(row["input_ids"])} for row in rows]
    batch = pad_columns(masked, {"input_ids": pad, "attention_mask": 0, "focus": 0})
    batch["variable"] = torch.tensor([row["variable"] for row in rows])
    batch["targets"] = torch.tensor([row["targets"] for row in rows])
    return batch


def score_rows(
    targets: NDArray[np.float64], logits: NDArray[np.float64], variables: Sequence[Variable]
) -> dict[str, float]:
    """Macro-F1 of each variable and their mean, as "macro_f1".

    Units that are not settled are left out, and variables without any unit.

    Args:
        targets: Shape [n, categories of all variables].
        logits: The same shape.
        variables: In the order of the columns.
    """
    scores = {}
    for variable in variables:
        columns = columns_of(variables, variable.name)
        settled = targets[:, columns].max(axis=1, initial=0) == 1
        if settled.any():
            found = MacroF1().compute(
                references=targets[settled, columns].argmax(axis=1),
                predictions=logits[settled, columns].argmax(axis=1),
                n_categories=len(variable.names),
            )
            scores[f"macro_f1_{variable.name}"] = float(found["macro_f1"])
    return {"macro_f1": float(np.mean([*scores.values()])), **scores}


def balanced_weights(rows: Sequence[Row], variables: Sequence[Variable]) -> torch.Tensor:
    """N / (k n) for a category with n of its variable's N units and k categories that occur.

    Shape [categories of all variables]; 1 for a category without units.
    """
    counts = np.sum([row["targets"] for row in rows], axis=0)
    weights = np.ones(len(counts))
    for variable in variables:
        columns = columns_of(variables, variable.name)
        n = counts[columns]
        occurring = n > 0
        weights[columns][occurring] = n.sum() / (occurring.sum() * n[occurring])
    return torch.tensor(weights, dtype=torch.float32)
