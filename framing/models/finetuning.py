"""Fine-tuning an encoder to answer for one or several variables of a codebook.

Where the data name a validation part, training stops by it and the temperature comes from it.
Where they do not, folds by event take its place: each is left out once, the number of epochs and
the temperature come from what the others say of it, and the final model learns from everything.
"""

import dataclasses
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import accelerate
import numpy as np
import torch

from framing.errors import DataError
from framing.jsonl import to_json
from framing.models.encoders import EncoderFiles, native_dtype, resolve_encoder
from framing.models.finetuned import (
    FineTunedClassifier,
    load_finetuned,
    network_name,
    save_network,
)
from framing.models.labelled_units import Examples, TrainingData
from framing.models.model_folders import FINE_TUNED, save_card
from framing.models.network_training import HeldOut, NetworkTraining, Outcome
from framing.models.regression import fit_temperature
from framing.models.second_stage import SecondStage, fit_second_stage
from framing.models.trainer import Progress
from framing.models.training_config import FineTuning, config_digest
from framing.models.units import Unit
from framing.runs import file_sha256, package_versions

__all__ = [
    "MIN_UNITS",
    "FineTuned",
    "HeldOut",
    "fine_tune",
    "held_out_temperature",
    "training_fingerprint",
]

MIN_UNITS = 50
_CHECKPOINTS = "checkpoints"
_NUMERIC = (
    "framing", "numpy", "scipy", "torch", "transformers", "tokenizers", "peft", "accelerate",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FineTuned:
    """A training's outcome, before it is described.

    Attributes:
        folder: Of the model; it can be loaded.
        files: That were written there.
        card: The contents of its model.json.
        held_out: By variable.
    """

    folder: Path
    files: tuple[Path, ...]
    card: Mapping[str, Any]
    held_out: Mapping[str, HeldOut]


def training_fingerprint(
    data: TrainingData, config: FineTuning, *, codebook: str, seed: int
) -> str:
    """Sixteen hex digits that differ when anything does that a training depends on."""
    learned = hashlib.sha256()
    for part in (data.train, data.validation or {}):
        for examples in part.values():
            learned.update(examples.targets.tobytes())
            for unit in examples.units:
                read = repr(unit), [other.quote for other in unit.others]
                learned.update(repr(read).encode("utf-8", "surrogatepass"))
    given = {
        "variables": [*data.variables],
        "examples": learned.hexdigest(),
        "events": dict(data.events),
        "codebook": codebook,
        "encoder": resolve_encoder(config.encoder).sha256,
        "seed": seed,
        "packages": package_versions(),
    }
    return config_digest(config, given)


def fine_tune(
    data: TrainingData,
    config: FineTuning,
    *,
    codebook: str,
    out: Path,
    seed: int,
    progress: Progress | None = None,
) -> FineTuned:
    """Train, calibrate and store a model.

    A run that was killed goes on where it was when it is started again with the same arguments;
    what it keeps for that, in `out`/checkpoints, is removed at the end.

    Args:
        data: From `framing.models.labelled_units.read_training_data`.
        config: How.
        codebook: Digest of the codebook.
        out: Folder of the model.
        seed: Of heads, batches, dropout and folds.
        progress: Called with steps done and steps in all.

    Raises:
        DataError: There are fewer than `MIN_UNITS` units of a variable, all of one category or
            one event; or the config does not fit the encoder.
    """
    _check(data)
    for name in _with_second_stage(data, config):
        _check_second_stage(name, (data.validation or data.train)[name], data.events)
    files = resolve_encoder(config.encoder)
    fingerprint = training_fingerprint(data, config, codebook=codebook, seed=seed)
    work = out / _CHECKPOINTS / fingerprint
    training = NetworkTraining(data, config, files, seed=seed, progress=progress)
    if data.validation is None:
        outcome = training.with_folds(work)
    else:
        outcome = training.with_validation(data.validation, work)
    processes = accelerate.PartialState()
    with processes.main_process_first():  # all write the same, one after another
        found = _stored(
            outcome, data, config, files, codebook=codebook, out=out, seed=seed, known=fingerprint
        )
    processes.wait_for_everyone()  # or one would put back what another has described by now
    return found


def _stored(
    outcome: Outcome,
    data: TrainingData,
    config: FineTuning,
    files: EncoderFiles,
    *,
    codebook: str,
    out: Path,
    seed: int,
    known: str,
) -> FineTuned:
    """Write what was learned, and calibrate what is read back."""
    stored = save_network(outcome.network, out, config=config)
    described: dict[str, dict[str, Any]] = {
        name: {
            "categories": list(variable.names),
            "unit": variable.unit,
            "question": variable.question,
            "temperature": 1.0,
        }
        for name, variable in data.variables.items()
    }
    dtype = native_dtype()
    card = {
        "format": FINE_TUNED,
        "name": network_name(stored, config, [*data.variables]),  # until the stages are known
        "codebook": codebook,
        "variables": described,
        "encoder": {"name": files.name, "sha256": files.sha256, "dtype": dtype},
        "config": to_json(config),
        "seed": seed,
        "fingerprint": known,
        "threads": config.schedule.threads or torch.get_num_threads(),
        "epochs": {"kept": outcome.trained.epochs, "run": outcome.trained.epochs_run},
        "weights": {path.name: file_sha256(path) for path in stored},
        "training_articles": _training_articles(data),
        "packages": {k: v for k, v in package_versions().items() if k in _NUMERIC},
    }
    save_card(out, card)
    held_out = outcome.held_out or {
        name: _validated(load_finetuned(out, variable=name, files=files, dtype=dtype), examples)
        for name, examples in (data.validation or {}).items()
    }
    held_out = dict(held_out)
    for name in _with_second_stage(data, config):
        held_out[name], stage = _second_stage(name, held_out[name], data.events, seed=seed)
        described[name]["second_stage"] = dataclasses.asdict(stage)
    stages = {name: one["second_stage"] for name, one in described.items() if "second_stage" in one}
    card["name"] = network_name(stored, config, [*data.variables], stages)
    for name, held in held_out.items():
        described[name]["temperature"] = held_out_temperature(held)
    stored.append(save_card(out, card))
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)
    return FineTuned(folder=out, files=tuple(stored), card=card, held_out=held_out)


def _check(data: TrainingData) -> None:
    for name, examples in data.train.items():
        n = len(examples.units)
        if n < MIN_UNITS:
            raise DataError(
                f"training of {name}: {n} labelled units; fine-tuning takes {MIN_UNITS} or more: "
                "label more, or train with --method frozen"
            )
        if (examples.targets.sum(axis=0) > 0).sum() < 2:
            raise DataError(
                f"training of {name}: all units are of one category, so there is nothing to tell "
                "apart; label others too"
            )
        if data.validation is not None and not data.validation[name].settled.any():
            raise DataError(
                f"training of {name}: no unit of the validation part has a settled label; label "
                "some, or name another split"
            )


def _check_second_stage(name: str, examples: Examples, events: Mapping[str, str]) -> None:
    """Before hours of training: whether what it is fitted on can be divided."""
    groups_of: dict[int, set[str]] = {}
    for i in np.flatnonzero(examples.settled):
        category = int(examples.targets[i].argmax())
        groups_of.setdefault(category, set()).add(_group(examples.units[i], events))
    if sum(len(groups) > 1 for groups in groups_of.values()) < 2:
        raise DataError(
            f"training of {name}: a second stage is fitted on units that are not trained on, and "
            "takes two categories or more that occur in two events or more of them; label more, "
            "or set second_stage = false"
        )


def _training_articles(data: TrainingData) -> dict[str, str]:
    """Digest of each text to the part that it was in."""
    parts = {"train": data.train, "validation": data.validation or {}}
    return {
        unit.article_sha256: part
        for part, of_part in parts.items()
        for examples in of_part.values()
        for unit in examples.units
    }


def _validated(model: FineTunedClassifier, examples: Examples) -> HeldOut:
    """By the stored model, as it will be used: rounded and merged."""
    return HeldOut(
        examples=examples,
        logits=model.logits(examples.units),
    )


def _with_second_stage(data: TrainingData, config: FineTuning) -> list[str]:
    """The variables that have one."""
    return [n for n, v in data.variables.items() if config.second_stage and v.unit == "quote"]


def _second_stage(
    name: str, held: HeldOut, events: Mapping[str, str], *, seed: int
) -> tuple[HeldOut, SecondStage]:
    """The stage, and its cross-fitted logits in place of those of the first."""
    units = held.examples.units
    try:
        stage, logits = fit_second_stage(
            held.logits,
            units,
            held.examples.targets,
            groups=[_group(unit, events) for unit in units],
            seed=seed,
        )
    except DataError as error:
        raise DataError(
            f"second stage of {name}: {error}; label more articles, or set second_stage = false"
        ) from error
    return dataclasses.replace(held, logits=logits), stage


def _group(unit: Unit, events: Mapping[str, str]) -> str:
    return events.get(unit.article_id, unit.article_sha256)


def held_out_temperature(held: HeldOut) -> float:
    """The temperature with the smallest log loss on the units that are settled."""
    settled = held.examples.settled
    return fit_temperature(held.logits[settled], held.examples.targets[settled].argmax(axis=1))
