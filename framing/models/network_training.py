"""One training of a network: on all of the data with a validation part, or in folds."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

from framing.errors import DataError
from framing.models.adapters import attach_lora
from framing.models.encoders import EncoderFiles, read_encoder, without_dropout
from framing.models.finetuned import make_inputs
from framing.models.labelled_units import Examples, TrainingData
from framing.models.regression import grouped_folds
from framing.models.trainer import Progress, Trained, autocast_dtype, run_trainer
from framing.models.training_config import FineTuning
from framing.models.training_rows import (
    Row,
    balanced_weights,
    collate_rows,
    columns_of,
    make_rows,
    score_rows,
    to_dataset,
)
from framing.models.unit_network import UnitNetwork

__all__ = ["HeldOut", "NetworkTraining", "Outcome"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What was said of units that were not learned from.

    Attributes:
        examples: The units, n of them, and their targets.
        logits: Before any temperature, shape [n, number of categories].
    """

    examples: Examples
    logits: NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A trained network.

    Attributes:
        network: In memory.
        trained: What the training came to.
        held_out: What was said of what each fold left out, by variable; empty without folds.
    """

    network: UnitNetwork
    trained: Trained
    held_out: Mapping[str, HeldOut] = dataclasses.field(default_factory=dict)


class NetworkTraining:
    """One set of data and one config, trained on all or on some of it."""

    def __init__(
        self,
        data: TrainingData,
        config: FineTuning,
        files: EncoderFiles,
        *,
        seed: int,
        progress: Progress | None,
    ) -> None:
        encoder, tokenizer = read_encoder(files)
        self.data = data
        self.config = config
        self.files = files
        self.seed = seed
        self.progress = progress
        self.variables = [*data.variables.values()]
        self.inputs = make_inputs(tokenizer, encoder.config, config)
        self.rows = self._rows(data.train)

    def with_validation(self, validation: Mapping[str, Examples], work: Path) -> Outcome:
        """Stopped by the validation part."""
        network = self._network(self.rows)
        trained = run_trainer(
            network,
            to_dataset(self.rows),
            validation=to_dataset(sorted(self._rows(validation), key=_length)),
            metrics=lambda prediction, _: self._score(prediction.label_ids, prediction.predictions),
            best_by="macro_f1",
            **self._arguments(work),
        )
        return Outcome(network=network, trained=trained)

    def with_folds(self, work: Path) -> Outcome:
        """As many epochs as are best for what the folds leave out."""
        folds = grouped_folds(
            [row["event"] for row in self.rows],
            n_folds=self.config.folds,
            rng=np.random.default_rng(self.seed),
        )
        n_folds, epochs = int(folds.max()) + 1, self.config.schedule.epochs
        targets = np.array([row["targets"] for row in self.rows])
        logits = np.zeros((epochs, *targets.shape))
        for k in range(n_folds):
            kept = [row for row, fold in zip(self.rows, folds, strict=True) if fold != k]
            left_out = np.flatnonzero(folds == k)
            left_out = left_out[
                np.argsort([_length(self.rows[i]) for i in left_out], kind="stable")
            ]
            place = work / f"fold-{k}"
            place.mkdir(parents=True, exist_ok=True)

            def keep(prediction: Any, epoch: int, place: Path = place) -> dict[str, float]:
                np.save(place / f"logits-{epoch}.npy", prediction.predictions)
                return self._score(prediction.label_ids, prediction.predictions)

            run_trainer(
                self._network(kept),
                to_dataset(kept),
                validation=to_dataset([self.rows[i] for i in left_out]),
                metrics=keep,
                **self._arguments(place, f"fold {k + 1} of {n_folds} of"),
            )
            for epoch in range(epochs):
                logits[epoch, left_out] = np.load(place / f"logits-{epoch + 1}.npy")
        scores = [self._score(targets, table)["macro_f1"] for table in logits]
        if np.isnan(scores).all():
            raise DataError(
                f"{' and '.join(self.data.variables)}: coders differ on every unit, so no epoch is "
                "better than another; adjudicate some"
            )
        best = int(np.nanargmax(scores))
        network = self._network(self.rows)
        trained = run_trainer(
            network,
            to_dataset(self.rows),
            stop_after=best + 1,
            **self._arguments(work / "final"),
        )
        variable_of = np.array([row["variable"] for row in self.rows])
        held_out = {
            variable.name: HeldOut(
                examples=self.data.train[variable.name],
                logits=logits[best][
                    variable_of == index, columns_of(self.variables, variable.name)
                ],
            )
            for index, variable in enumerate(self.variables)
        }
        return Outcome(network=network, trained=trained, held_out=held_out)

    def _rows(self, examples: Mapping[str, Examples]) -> list[Row]:
        return make_rows(examples, self.variables, self.inputs, events=self.data.events)

    def _score(self, targets: NDArray[np.float64], logits: NDArray[np.float64]) -> dict[str, float]:
        return score_rows(targets, logits, self.variables)

    def _network(self, rows: Sequence[Row]) -> UnitNetwork:
        """A fresh one; the seed decides on what is new in it."""
        config = self.config
        transformers.set_seed(self.seed)
        attention = None if torch.cuda.is_available() else "eager"
        encoder, _ = read_encoder(self.files, attention=attention)
        hidden_size = int(encoder.config.hidden_size)
        for name, parameter in encoder.named_parameters():
            if name.startswith("pooler."):  # what it computes is not read
                parameter.requires_grad_(requires_grad=False)
        without_dropout(encoder)
        if config.method == "lora":
            encoder = attach_lora(encoder, config.lora, frozen=autocast_dtype())
        balanced = config.class_weights == "balanced"
        return UnitNetwork(
            encoder,
            hidden_size=hidden_size,
            sizes=[len(variable.names) for variable in self.variables],
            pooling=config.pooling,
            dropout=config.dropout,
            category_weights=balanced_weights(rows, self.variables) if balanced else None,
            focal_gamma=config.focal_gamma,
            label_smoothing=config.label_smoothing,
            masked=config.masked,
            mask=self.inputs.mask,
        )

    def _arguments(self, folder: Path, what: str = "training") -> dict[str, Any]:
        return {
            "schedule": self.config.schedule,
            "collate": functools.partial(collate_rows, pad=self.inputs.pad),
            "folder": folder,
            "seed": self.seed,
            "what": f"{what} {' and '.join(self.data.variables)}",
            "progress": self.progress,
        }


def _length(row: Row) -> int:
    return int(row["length"])
