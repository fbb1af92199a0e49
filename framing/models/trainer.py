"""The loop of every training here: Hugging Face's Trainer, made to repeat itself and to go on.

Two runs of one seed on one machine give the same numbers to the bit, and a run that was killed
goes on from its last whole epoch to the same numbers as one that was not.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import accelerate
import torch
import transformers
from safetensors.torch import load_model
from transformers.trainer_utils import get_last_checkpoint
from transformers.utils import logging

from framing.errors import DataError
from framing.models.encoders import native_dtype
from framing.models.training_config import Schedule

__all__ = [
    "Progress",
    "Trained",
    "autocast_dtype",
    "pad_columns",
    "run_trainer",
    "units_per_device",
]

# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]
Collate = Callable[[list[dict[str, Any]]], dict[str, torch.Tensor]]
Metrics = Callable[[Any, int], dict[str, float]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What a training came to.

    Attributes:
        epochs: That the model in memory has learned: those up to the best validation score, or
            all.
        epochs_run: Until training stopped.
        history: For each epoch the metrics of the validation, without those of time.
    """

    epochs: int
    epochs_run: int
    history: tuple[Mapping[str, float], ...]


def run_trainer(
    model: torch.nn.Module,
    train: Any,
    *,
    schedule: Schedule,
    collate: Collate,
    folder: Path,
    seed: int,
    what: str = "training",
    validation: Any = None,
    metrics: Metrics | None = None,
    best_by: str | None = None,
    stop_after: int | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train a model in place.

    The layers named "head" take the schedule's `head_learning_rate`. On a GPU, or several, it
    runs there (accelerate), and so it does in the processes of `accelerate launch` or `torchrun`,
    which share out each batch; where processor or GPU compute in bfloat16, under autocast.

    Args:
        model: Its forward takes what `collate` gives and returns a dict with "loss", and "logits"
            to validate by.
        train: `datasets.Dataset` with a column "length", by which batches are put together.
        schedule: How long and how fast.
        collate: Rows to a batch of tensors; see `pad_columns`.
        folder: For checkpoints; a run that finds them there goes on from the last one, so give
            each training a folder of its own, and remove it afterwards.
        seed: Of everything: the order of batches and dropout.
        what: Is being trained, for `progress`.
        validation: `datasets.Dataset` with the same columns, evaluated after each epoch in its
            own order; sorted by length, it takes the least padding.
        metrics: From the Trainer's `EvalPrediction` (logits, and the column "targets", in the
            order of `validation`) and the number of the epoch to numbers.
        best_by: Name of the metric whose largest value marks the model that is kept; training
            stops after `schedule.patience` epochs without a better one. Without it, the last
            epoch's is kept.
        stop_after: Epochs, if fewer than the schedule's; the learning rate decays as if all came.
        progress: Called with steps done and steps in all.

    Raises:
        DataError: There is nothing to train on.
    """
    if not len(train):
        raise DataError(f"{what}: there are no units to train on")
    arguments = _arguments(
        schedule, folder, seed=seed, best_by=best_by, validated=validation is not None
    )
    callbacks: list[Any] = [_ProgressCallback(progress, what, best_by)] if progress else []
    if best_by is not None:
        callbacks.append(transformers.EarlyStoppingCallback(schedule.patience))
    if stop_after is not None:
        callbacks.append(_StopCallback(stop_after))

    def measure(prediction: Any) -> dict[str, float]:
        return metrics(prediction, round(trainer.state.epoch)) if metrics else {}

    checkpoint = _last_checkpoint(folder)
    with _quiet(), _threads(schedule.threads):
        transformers.set_seed(seed)
        trainer = _Trainer(
            model=model,
            args=arguments,
            data_collator=collate,
            train_dataset=train,
            eval_dataset=validation,
            compute_metrics=None if metrics is None else measure,
            callbacks=callbacks,
            optimizers=(_optimizer(model, schedule), None),
        )
        trainer.remove_callback(transformers.PrinterCallback)
        if checkpoint is None or not _has_stopped(checkpoint):
            trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
            state = trainer.state
        else:  # killed after it had stopped, and before the epoch to keep was taken
            state = _read_state(checkpoint)
            kept = Path(state.best_model_checkpoint).name if best_by else checkpoint.name
            load_model(model, folder / kept / "model.safetensors", strict=False)
    accelerate.PartialState().wait_for_everyone()  # what one removes, another may still be reading
    history = [
        {key.removeprefix("eval_"): value for key, value in row.items() if not _is_time(key)}
        for row in state.log_history
        if any(key.startswith("eval_") for key in row)
    ]
    epochs = epochs_run = round(state.epoch or 0)
    if best_by is not None:
        epochs = round((state.best_global_step or 0) / state.global_step * epochs_run)
    return Trained(epochs=epochs, epochs_run=epochs_run, history=tuple(history))


def autocast_dtype() -> torch.dtype:
    """In which the matrix products of a training are computed on this machine."""
    gpu = torch.cuda.is_available()
    bf16 = torch.cuda.is_bf16_supported() if gpu else native_dtype() == "bfloat16"
    return torch.bfloat16 if bf16 else torch.float32


def units_per_device(schedule: Schedule) -> int:
    """Units a step on each of the processes launched together, or each GPU of this one."""
    n_devices = int(os.environ.get("WORLD_SIZE") or max(1, torch.cuda.device_count()))
    return max(1, schedule.batch_size // n_devices)


def pad_columns(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, int]
) -> dict[str, torch.Tensor]:
    """Lists of whole numbers, padded to the longest of the batch.

    Args:
        rows: Of a dataset.
        columns: The padding of each column, by name.

    Returns:
        By column, shape [number of rows, longest].
    """
    batch = {}
    for name, pad in columns.items():
        longest = max(len(row[name]) for row in rows)
        batch[name] = torch.tensor(
            [[*row[name], *([pad] * (longest - len(row[name])))] for row in rows]
        )
    return batch


def _arguments(
    schedule: Schedule, folder: Path, *, seed: int, best_by: str | None, validated: bool
) -> Any:
    gpu = torch.cuda.is_available()
    return transformers.TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=schedule.epochs,
        per_device_train_batch_size=units_per_device(schedule),
        per_device_eval_batch_size=2 * schedule.batch_size,
        learning_rate=schedule.learning_rate,
        warmup_steps=schedule.warmup,
        lr_scheduler_type="linear",
        weight_decay=schedule.weight_decay,
        eval_strategy="epoch" if validated else "no",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=best_by is not None,
        metric_for_best_model=best_by,
        greater_is_better=True,
        label_names=["targets"],
        remove_unused_columns=False,
        train_sampling_strategy="group_by_length",
        dataloader_pin_memory=gpu,
        use_cpu=not gpu,
        bf16=autocast_dtype() is torch.bfloat16,
        seed=seed,
        full_determinism=gpu,
        restore_callback_states_from_checkpoint=best_by is not None,
        disable_tqdm=True,
        report_to="none",
        logging_strategy="no",
    )


def _optimizer(model: torch.nn.Module, schedule: Schedule) -> torch.optim.Optimizer:
    """AdamW; no decay for what is added or scales (biases, layer norms)."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            is_head = name.split(".")[0].startswith("head")
            groups.setdefault((is_head, parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": schedule.head_learning_rate if is_head else schedule.learning_rate,
                "weight_decay": schedule.weight_decay if decays else 0.0,
            }
            for (is_head, decays), parameters in groups.items()
        ]
    )


def _last_checkpoint(folder: Path) -> Path | None:
    """The last whole checkpoint; one that a killed run left half-written is removed."""
    while folder.is_dir():
        last = get_last_checkpoint(str(folder))  # type: ignore[no-untyped-call]
        if last is None:
            return None
        try:
            _read_state(Path(last))  # the Trainer writes it last
            return Path(last)
        except (OSError, ValueError):
            shutil.rmtree(last)
    return None


def _read_state(checkpoint: Path) -> Any:
    return transformers.TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))


def _has_stopped(checkpoint: Path) -> bool:
    state = json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    return bool(state["stateful_callbacks"]["TrainerControl"]["args"]["should_training_stop"])


def _is_time(key: str) -> bool:
    return key.endswith(("_runtime", "_per_second"))


@contextlib.contextmanager
def _threads(number: int) -> Iterator[None]:
    before = torch.get_num_threads()
    if number:
        torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the Trainer's notes to programmers: what a user has to know is in `progress`."""
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(verbosity)


class _Trainer(transformers.Trainer):
    """Validates in the order of the dataset, so that each row's logits can be told.

    The Trainer's own sampler shuffles the validation rows, too, where batches are by length. That
    of training draws from the process's own state, which dropout moves on differently in each of
    several processes: their orders would part after an epoch, and each would take its share of
    another one.
    """

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        sampler: Any = super()._get_train_sampler(train_dataset)
        if self.args.world_size > 1:
            sampler.generator = torch.Generator().manual_seed(self.args.seed)
        return sampler

    def _get_eval_sampler(self, eval_dataset: Any) -> torch.utils.data.Sampler[int]:
        return torch.utils.data.SequentialSampler(eval_dataset)


class _ProgressCallback(transformers.TrainerCallback):
    """Says after each step how far it is, and with what validation score."""

    def __init__(self, progress: Progress, what: str, best_by: str | None) -> None:
        self._progress = progress
        self._what = what
        self._best_by = best_by

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        what = f"{self._what}, epoch {int(state.epoch - 1e-9) + 1} of {state.num_train_epochs}"
        if self._best_by is not None and state.best_metric is not None:
            name = self._best_by.removeprefix("eval_").replace("_", " ")
            what += f", best {name} {state.best_metric:.3f}"
        self._progress(what, state.global_step, state.max_steps)


class _StopCallback(transformers.TrainerCallback):
    """Stops after a number of epochs."""

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        if round(state.epoch) >= self._epochs:
            control.should_training_stop = True
