"""What a training is told: a frozen dataclass, read from a TOML file or made in Python."""

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from framing.errors import DataError
from framing.jsonl import from_json, to_json

__all__ = ["PARTS", "FineTuning", "LoRA", "Schedule", "config_digest", "read_config"]

T = TypeVar("T")

PARTS = (
    "target", "speaker", "description", "kind", "quote", "cue", "mention", "sentence", "before",
    "after", "others",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long and how fast is learned; the same for classifiers and taggers.

    Attributes:
        epochs: At most; the linear decay of the learning rate ends there.
        patience: Epochs without a better validation score until training stops. Where data name no
            validation part, all epochs are run on each fold, and the best number of them is taken.
        batch_size: Units a step, over all GPUs and processes, rounded down to a multiple of their
            number, and at least one on each.
        learning_rate: Of the encoder (or its adapter), at its peak.
        head_learning_rate: Of the layers that are new.
        warmup: Share of all steps in which the learning rate rises.
        weight_decay: Of AdamW (arXiv:1711.05101).
        threads: Of the processor; all that torch finds when 0. Sums may come out in another
            order with another number, so numbers repeat to the bit for one number of threads.
    """

    epochs: int = 8
    patience: int = 3
    batch_size: int = 16
    learning_rate: float = 1e-3
    head_learning_rate: float = 1e-3
    warmup: float = 0.1
    weight_decay: float = 0.01
    threads: int = 0

    def __post_init__(self) -> None:
        _check_range("epochs", self.epochs, 1, 1000)
        _check_range("patience", self.patience, 1, 1000)
        _check_range("batch_size", self.batch_size, 1, 1024)
        _check_range("learning_rate", self.learning_rate, 1e-8, 1)
        _check_range("head_learning_rate", self.head_learning_rate, 1e-8, 1)
        _check_range("warmup", self.warmup, 0, 0.9)
        _check_range("weight_decay", self.weight_decay, 0, 1)
        _check_range("threads", self.threads, 0, 1024)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LoRA:
    """Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685).

    Attributes:
        rank: Of the added matrices.
        alpha: The added matrices count alpha / rank.
        dropout: On their input.
        targets: Ends of the names of the linear layers that are adapted; "all-linear" for all.
    """

    rank: int = 8
    alpha: int = 16
    dropout: float = 0.0
    targets: tuple[str, ...] = ("all-linear",)

    def __post_init__(self) -> None:
        _check_range("lora.rank", self.rank, 1, 1024)
        _check_range("lora.alpha", self.alpha, 1, 10_000)
        _check_range("lora.dropout", self.dropout, 0, 0.9)
        if not self.targets:
            raise DataError('training config: lora.targets is empty; accepted: ["all-linear"], '
                            'or ends of names of layers such as ["query", "value"]')  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FineTuning:
    """How a classifier of quotes or speakers is fine-tuned.

    Attributes:
        method: "lora" trains an adapter, "full" all weights.
        encoder: See `framing.models.encoders.resolve_encoder`.
        schedule: How long and how fast.
        lora: The adapter's shape; of no effect with "full".
        parts: What the model reads, the rest is left out: "target", "speaker" (the name),
            "description", "kind", "quote", "cue", "mention" (of the speaker in a sentence),
            "sentence" (the other words of the sentences), "before" and "after" (the sentences
            around), "others" (what else the speaker says). Stance reads what it has of a quote,
            role what it has of a speaker.
        markers: "words" sets parts off by words and signs that the encoder knows, "unused" by
            tokens of its vocabulary that no text has.
        max_length: Tokens of the input; what is farthest from the quote is cut first.
        pooling: What the head reads, side by side: "focus" (mean over the quote, or over the
            speaker's name, description and mentions), "whole" (mean over all tokens), "first"
            (the first token).
        dropout: Before the head. There is none in the encoder: see `masked`.
        masked: Share of tokens that are hidden in training. It does what dropout in the encoder
            does, in two thirds of the time on a processor.
        class_weights: "balanced" weighs a unit of a category with n of N units N / (k n).
        focal_gamma: Exponent of the focal loss (arXiv:1708.02002), 1 or more; 0 is cross entropy.
        label_smoothing: Share of each target that is spread over all categories.
        second_stage: Whether each quote is judged a second time, beside the other quotes of its
            speaker (`framing.models.second_stage`); of no effect on speakers.
        folds: Of the cross-validation, where the data name no validation part.
    """

    method: Literal["lora", "full"] = "lora"
    encoder: str = "sentence-transformers/all-MiniLM-L6-v2"
    schedule: Schedule = dataclasses.field(default_factory=Schedule)
    lora: LoRA = dataclasses.field(default_factory=LoRA)
    parts: tuple[str, ...] = PARTS
    markers: Literal["words", "unused"] = "words"
    max_length: int = 192
    pooling: tuple[str, ...] = ("focus", "whole")
    dropout: float = 0.1
    masked: float = 0.1
    class_weights: Literal["none", "balanced"] = "none"
    focal_gamma: float = 0.0
    label_smoothing: float = 0.0
    second_stage: bool = False
    folds: int = 5

    def __post_init__(self) -> None:
        _check_names("parts", self.parts, PARTS)
        _check_names("pooling", self.pooling, ("focus", "whole", "first"))
        _check_range("max_length", self.max_length, 16, 8192)
        _check_range("dropout", self.dropout, 0, 0.9)
        _check_range("masked", self.masked, 0, 0.9)
        if self.focal_gamma:  # below 1 its slope has no end where an answer is certain
            _check_range("focal_gamma", self.focal_gamma, 1, 10)
        _check_range("label_smoothing", self.label_smoothing, 0, 0.9)
        _check_range("folds", self.folds, 2, 50)


def read_config(path: Path | str, kind: type[T]) -> T:
    """Read a training config: the fields of `kind`, nested dataclasses as tables.

    Args:
        path: TOML; a key that is left out has its default.
        kind: Class of the config.

    Raises:
        DataError: The file is missing or not TOML, a key is unknown, or a value is none that it
            takes.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"training config {path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"training config {path}: not TOML in UTF-8: {error}") from error
    try:
        return from_json(table, kind)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error


def config_digest(config: Any, *others: Mapping[str, Any]) -> str:
    """Sixteen hex digits that differ when anything in a config, or in the others, does."""
    text = json.dumps([to_json(config), *others], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise DataError(f"training config: {name} is {value:g}; it takes {low:g} to {high:g}")


def _check_names(name: str, values: tuple[str, ...], accepted: tuple[str, ...]) -> None:
    for value in values:
        if value not in accepted:
            raise DataError(
                f"training config: {name} holds {value!r}; accepted: {', '.join(accepted)}"
            )
    if not values or len(set(values)) < len(values):
        raise DataError(
            f"training config: {name} is {list(values)}; it takes one or more of "
            f"{', '.join(accepted)}, each once"
        )
