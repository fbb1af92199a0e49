"""Fine-tuned classifiers: stored as an adapter or as full weights, loaded, and asked.

A model may answer for several variables at once (one encoder, a head for each); loaded, it is a
classifier of one of them. Adapters are merged into the encoder's weights, so that they cost no
time.
"""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from framing.errors import DataError
from framing.jsonl import from_json
from framing.models.adapters import merge_lora, save_lora
from framing.models.buckets import BATCH, batches_by_length, map_batches, pad_batch
from framing.models.classifier import check_units, predictions_from_probabilities
from framing.models.encoders import EncoderFiles, read_encoder
from framing.models.marked_inputs import MarkedInputs
from framing.models.model_folders import FINE_TUNED, check_encoder, read_card
from framing.models.regression import softmax
from framing.models.second_stage import SecondStage, others_missing, stage_features
from framing.models.training_config import FineTuning
from framing.models.unit_network import UnitNetwork
from framing.models.units import Unit
from framing.records import Basis, Prediction
from framing.runs import file_sha256

__all__ = [
    "FineTunedClassifier",
    "card_of_variable",
    "load_finetuned",
    "make_inputs",
    "network_name",
    "save_network",
]

_HEAD, _ENCODER = "head.safetensors", "encoder.safetensors"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FineTunedClassifier:
    """A `framing.models.classifier.Classifier` of a fine-tuned encoder.

    Attributes:
        name: Kept with every prediction; ends in digits of the weights' digest.
        variable: Name of the codebook's variable.
        categories: In the codebook's order.
        codebook: Digest of the codebook.
        unit_kind: "quote" or "speaker".
        temperature: By which the logits are divided.
        article_sd: See `framing.metrics.article_effect`.
        second_stage: What makes the final logits of those of `logits`, where there is one.
        training_articles: Digests of the texts that it learned from or was stopped by.
        card: The contents of model.json for this variable, and the dtype in use.
        network: Encoder and heads, in evaluation mode.
        inputs: Makes token ids of units.
        place: Index of the variable among the heads, and its first column of the logits.
    """

    name: str
    variable: str
    categories: tuple[str, ...]
    codebook: str
    unit_kind: str
    temperature: float
    training_articles: frozenset[str] = dataclasses.field(repr=False)
    card: Mapping[str, Any] = dataclasses.field(repr=False)
    network: UnitNetwork = dataclasses.field(repr=False)
    inputs: MarkedInputs = dataclasses.field(repr=False)
    place: tuple[int, int] = (0, 0)
    article_sd: float | None = None
    second_stage: SecondStage | None = None

    def predict(self, units: Sequence[Unit]) -> list[Prediction]:
        """See `Classifier.predict`."""
        check_units(units, variable=self.variable, model=self.name)
        bases: list[Basis] = [
            "training" if unit.article_sha256 in self.training_articles else "new" for unit in units
        ]
        return predictions_from_probabilities(
            units,
            softmax(self._final_logits(units), temperature=self.temperature) if units else (),
            variable=self.variable,
            model=self.name,
            codebook=self.codebook,
            categories=self.categories,
            bases=bases,
            article_sd=self.article_sd,
        )

    def _final_logits(self, units: Sequence[Unit]) -> NDArray[np.float64]:
        if self.second_stage is None:
            return self.logits(units)
        with_others = [*units, *others_missing(units)]
        features = stage_features(self.logits(with_others), with_others)
        return self.second_stage.logits(features[: len(units)])

    def logits(self, units: Sequence[Unit]) -> NDArray[np.float64]:
        """Before second stage and temperature, shape [n, number of categories].

        Those of a unit are the same, bit for bit, alone and in any company.
        """
        encoded = self.inputs.encode(units, self.unit_kind)
        index, first = self.place
        columns = slice(first, first + len(self.categories))
        variable = torch.full((BATCH,), index)
        batches = batches_by_length(
            [len(one.ids) for one in encoded], longest=self.inputs.positions
        )

        def of_batch(batch: tuple[list[int], int]) -> NDArray[np.float64]:
            rows, length = batch
            ids, mask = pad_batch([encoded[i].ids for i in rows], length, pad=self.inputs.pad)
            focus, _ = pad_batch([encoded[i].focus for i in rows], length, pad=0)
            found = self.network(ids, mask, focus, variable)["logits"]
            table: NDArray[np.float64] = found[: len(rows), columns].double().numpy()
            return table

        logits = np.zeros((len(units), len(self.categories)))
        for (rows, _), table in zip(batches, map_batches(of_batch, batches), strict=True):
            logits[rows] = table
        return logits


def load_finetuned(
    folder: Path, *, variable: str, files: EncoderFiles, dtype: str
) -> FineTunedClassifier:
    """Read a stored model.

    Args:
        folder: With model.json, head.safetensors, and an adapter or encoder.safetensors.
        variable: One of those that it predicts.
        files: The encoder's; its weights must be those that the model was trained with.
        dtype: In which the encoder computes, "float32" or "bfloat16".

    Raises:
        DataError: A file is missing, damaged, of another version, or the encoder is another one.
    """
    card = read_card(folder, FINE_TUNED)
    check_encoder(folder, card, name=files.name, sha256=files.sha256)
    for name, digest in card["weights"].items():
        if not (folder / name).is_file():
            raise DataError(
                f"model {folder}: {name} is missing; model.json names "
                f"{', '.join(card['weights'])}: train it again"
            )
        if (found := file_sha256(folder / name)) != digest:
            raise DataError(
                f"model {folder}: {name} has sha256 {found}, but model.json names {digest}; the "
                "files are not of one training: train it again"
            )
    try:
        config = from_json(card["config"], FineTuning)
        sizes = {name: len(one["categories"]) for name, one in card["variables"].items()}
        mine = card["variables"][variable]
        network, inputs = _load_network(
            folder, config, tuple(sizes.values()), tuple(card["weights"].items()), files, dtype
        )
        names = list(sizes)
        return FineTunedClassifier(
            name=card["name"],
            variable=variable,
            categories=tuple(mine["categories"]),
            codebook=card["codebook"],
            unit_kind=mine["unit"],
            temperature=float(mine["temperature"]),
            article_sd=mine.get("article_sd"),
            training_articles=frozenset(card["training_articles"]),
            card=card_of_variable(card, variable, dtype=dtype),
            network=network,
            inputs=inputs,
            place=(
                names.index(variable),
                sum(sizes[name] for name in names[: names.index(variable)]),
            ),
            second_stage=SecondStage.from_card(stage)
            if (stage := mine.get("second_stage"))
            else None,
        )
    except (KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise DataError(
            f"model {folder}: model.json and the weights do not fit together "
            f"({type(error).__name__}: {str(error)[:200]}); train it again"
        ) from error


def card_of_variable(card: Mapping[str, Any], variable: str, *, dtype: str) -> dict[str, Any]:
    """What a report says of a model for one of its variables, as `Classifier.card` has it."""
    rest = {key: value for key, value in card.items() if key != "variables"}
    encoder = {**card["encoder"], "dtype_in_use": dtype}
    return {**rest, **card["variables"][variable], "variable": variable, "encoder": encoder}


def save_network(network: UnitNetwork, folder: Path, *, config: FineTuning) -> list[Path]:
    """Write the weights that training has changed; the same weights give the same bytes.

    The encoder's are stored in bfloat16, an adapter's too, the heads' in float32.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if config.method == "lora":
        files = save_lora(network.encoder, folder, encoder_name=config.encoder)
    else:
        weights = {
            name: one.detach().to("cpu", torch.bfloat16 if one.is_floating_point() else None)
            for name, one in network.encoder.state_dict().items()
        }
        (folder / _ENCODER).write_bytes(save(weights, metadata={"format": "pt"}))
        files = [folder / _ENCODER]
    head = {name: one.detach().cpu().float() for name, one in network.head.state_dict().items()}
    (folder / _HEAD).write_bytes(save(head, metadata={"format": "pt"}))
    return [*files, folder / _HEAD]


def make_inputs(tokenizer: Any, encoder_config: Any, config: FineTuning) -> MarkedInputs:
    """The inputs for an encoder.

    Raises:
        DataError: See `MarkedInputs`.
    """
    positions = min(
        int(getattr(encoder_config, "max_position_embeddings", 512)),
        int(tokenizer.model_max_length),
    )
    return MarkedInputs(tokenizer, config, positions=positions)


def network_name(
    files: Sequence[Path],
    config: FineTuning,
    variables: Sequence[str],
    second_stages: Mapping[str, Any] | None = None,
) -> str:
    """Method, variables and eight digits of the digest of the weights and second stages."""
    parts = [path.read_bytes() for path in files]
    if second_stages:
        parts.append(json.dumps(second_stages, sort_keys=True).encode())
    digest = hashlib.sha256(b"".join(parts)).hexdigest()
    return f"{config.method}-{'-'.join(variables)}-{digest[:8]}"


@functools.lru_cache(maxsize=8)
def _load_network(
    folder: Path,
    config: FineTuning,
    sizes: tuple[int, ...],
    _weights: tuple[tuple[str, str], ...],  # other files in the folder are another network
    files: EncoderFiles,
    dtype: str,
) -> tuple[UnitNetwork, MarkedInputs]:
    attention = "eager" if dtype == "bfloat16" else None
    encoder, tokenizer = read_encoder(files, attention=attention)
    inputs = make_inputs(tokenizer, encoder.config, config)
    if config.method == "lora":
        encoder = merge_lora(encoder, folder)
    else:
        encoder.load_state_dict(
            {
                name: one.float() if one.is_floating_point() else one
                for name, one in load_file(folder / _ENCODER).items()
            }
        )
    network = UnitNetwork(
        encoder.to(getattr(torch, dtype)),
        hidden_size=int(encoder.config.hidden_size),
        sizes=sizes,
        pooling=config.pooling,
    )
    network.head.load_state_dict(load_file(folder / _HEAD))
    return network.eval(), inputs
