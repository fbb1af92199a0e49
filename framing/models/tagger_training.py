"""Training of the tagger, on any articles whose attributions are annotated."""

import dataclasses
import hashlib
import random
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from framing.errors import DataError
from framing.metrics.spans import AttributionSpans, Counts, sum_counts
from framing.models.adapters import attach_lora
from framing.models.encoders import DEFAULT_ENCODER, read_encoder, resolve_encoder, without_dropout
from framing.models.model_folders import CARD_FILE, TAGGER, read_card
from framing.models.tagger import reading_of, save_tagger, tagger_files
from framing.models.tagger_batches import (
    NOT_A_WORD,
    Reading,
    TaggedText,
    make_batch,
    tag_text,
    window_targets,
)
from framing.models.tagger_inputs import FEATURES, Window, cut_windows, read_text
from framing.models.tagger_network import TaggerNetwork
from framing.models.trainer import Progress, autocast_dtype, run_trainer
from framing.models.training_config import LoRA, Schedule, config_digest
from framing.quotes.tagging import LABELS, best_tags, to_spans
from framing.records import Article
from framing.runs import package_versions

__all__ = ["AnnotatedArticle", "TaggerTraining", "train_tagger"]


_SCHEDULE = Schedule(epochs=10, patience=10, learning_rate=1e-3, head_learning_rate=2e-3)
_LORA = LoRA(rank=16, alpha=32)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedArticle:
    """An article and all that is attributed in it."""

    article: Article
    attributions: tuple[AttributionSpans, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaggerTraining:
    """How a tagger is trained.

    Attributes:
        method: "lora" trains an adapter, "full" all weights but the word embeddings.
        encoder: See `framing.models.encoders.resolve_encoder`.
        schedule: How long and how fast; a unit of a batch is a window.
        lora: The adapter's shape.
        features: What a word carries beside itself, of `FEATURES`.
        window: Pieces that the encoder sees at once.
        margin: Pieces at the edges of a window that are not believed in prediction.
        dropout: On what the scores are computed from. There is none in the encoder, where drawing
            it took a third of the time on a processor; `masked` does its work.
        masked: Share of pieces that are hidden in training.
    """

    method: Literal["lora", "full"] = "lora"
    encoder: str = DEFAULT_ENCODER
    schedule: Schedule = _SCHEDULE
    lora: LoRA = _LORA
    features: tuple[str, ...] = tuple(FEATURES)
    window: int = 128
    margin: int = 12
    dropout: float = 0.2
    masked: float = 0.15

    def __post_init__(self) -> None:
        unknown = [name for name in self.features if name not in FEATURES]
        if unknown or len(set(self.features)) < len(self.features):
            raise DataError(
                f"training config: features is {list(self.features)}; it takes some of "
                f"{', '.join(FEATURES)}, each once"
            )
        for name, value, low, high in (
            ("window", self.window, 32, 4096),
            ("margin", self.margin, 0, self.window // 4),
            ("dropout", self.dropout, 0, 0.9),
            ("masked", self.masked, 0, 0.9),
        ):
            if not low <= value <= high:
                raise DataError(
                    f"training config: {name} is {value:g}; it takes {low:g} to {high:g}"
                )


def train_tagger(
    train: Sequence[AnnotatedArticle],
    validation: Sequence[AnnotatedArticle],
    config: TaggerTraining,
    *,
    out: Path,
    seed: int,
    card: Mapping[str, Any] | None = None,
    checkpoints: Path | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Train a tagger and store it in a folder that `load_tagger` reads.

    Args:
        train: To learn from.
        validation: To stop by: the epoch with the best mean of the exact F1 of source, cue and
            content in windows is kept. No article of `train` may be in it.
        config: How.
        out: Folder of the tagger; one that holds this very training is left as it is.
        seed: Of the new layers, windows, batches and dropout.
        card: What model.json holds besides, such as data and scores.
        checkpoints: Folder by which a killed run goes on when it is started again with the same
            arguments, removed at the end; a temporary one when absent.
        progress: Called with steps done and in all.

    Returns:
        The files of the folder.

    Raises:
        DataError: There are no articles, nothing is attributed in them, or the encoder cannot be
            used.
    """
    shared = {each.article.sha256 for each in train} & {e.article.sha256 for e in validation}
    if not train or not validation or shared:
        raise DataError(
            f"tagger training: {len(train)} articles to train on, {len(validation)} to stop by, "
            f"{len(shared)} in both; give at least one of each, and none in both"
        )
    for name, part in (("train on", train), ("stop by", validation)):
        if not any(each.attributions for each in part):
            raise DataError(
                f"tagger training: nothing is attributed in the {len(part)} articles to {name}; "
                "give some in which something is"
            )
    chosen = resolve_encoder(config.encoder)
    fingerprint = _fingerprint(train, validation, config, encoder=chosen.sha256, seed=seed)
    if (out / CARD_FILE).is_file() and read_card(out, TAGGER).get("training") == fingerprint:
        return tagger_files(out)
    torch.manual_seed(seed)
    encoder, tokenizer = read_encoder(chosen, attention="eager", of_words=True)
    longest = min(encoder.config.max_position_embeddings, tokenizer.model_max_length)
    if config.window + 2 > longest:
        raise DataError(
            f"training config: window is {config.window}, but encoder {chosen.name!r} reads "
            f"{longest} pieces with the two at the ends"
        )
    without_dropout(encoder)
    encoder.get_input_embeddings().requires_grad_(False)
    if config.method == "lora":
        encoder = attach_lora(encoder, config.lora, frozen=autocast_dtype())
    network = TaggerNetwork(
        encoder,
        features=config.features,
        dropout=config.dropout,
        masked=config.masked,
        mask=tokenizer.mask_token_id or 0,
    )
    reading = reading_of(tokenizer)
    texts = [
        tag_text(read_text(each.article, tokenizer), each.attributions)
        for each in (*train, *validation)
    ]
    n = len(train)
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        trained = run_trainer(
            network,
            _rows(texts, range(n), config.window, rng=rng, moves=True),
            schedule=config.schedule,
            collate=_Collate(texts, reading, config.window),
            folder=(checkpoints or Path(temporary)) / fingerprint,
            seed=seed,
            what="extractor",
            validation=_rows(texts, range(n, len(texts)), config.window, rng=rng, moves=False),
            metrics=lambda prediction, _: _score_spans(network, prediction),
            best_by="eval_span_f1",
            progress=progress,
        )
    described = {
        "encoder": {"name": chosen.name, "sha256": chosen.sha256},
        "method": config.method,
        "features": list(config.features),
        "window": config.window,
        "margin": config.margin,
        "config": config_digest(config),
        "training": fingerprint,
        "seed": seed,
        "epochs": trained.epochs,
        "history": [dict(sorted(row.items())) for row in trained.history],
    }
    files = save_tagger(network, out, described | dict(card or {}))
    if checkpoints is not None:
        shutil.rmtree(checkpoints, ignore_errors=True)
    return files


def _fingerprint(
    train: Sequence[AnnotatedArticle],
    validation: Sequence[AnnotatedArticle],
    config: TaggerTraining,
    *,
    encoder: str,
    seed: int,
) -> str:
    """Sixteen hex digits that differ when anything does that a training depends on."""
    given = {
        name: [hashlib.sha256(f"{e.article.sha256} {e.attributions}".encode()).hexdigest()
               for e in part]
        for name, part in (("train", train), ("validation", validation))
    }  # fmt: skip
    return config_digest(
        config, given, {"encoder": encoder, "seed": seed, "packages": package_versions()}
    )


def _rows(
    texts: Sequence[TaggedText], places: range, size: int, *, rng: random.Random, moves: bool
) -> Any:
    """Windows of texts as a `datasets.Dataset`; see `_Collate`."""
    import datasets

    windows = [
        window
        for place in places
        for window in cut_windows(place, texts[place].text, size, rng=rng)
    ]
    return datasets.Dataset.from_dict(
        {
            "text": [window.text for window in windows],
            "first": [window.first for window in windows],
            "stop": [window.stop for window in windows],
            "length": [
                texts[w.text].text.first[w.stop] - texts[w.text].text.first[w.first]
                for w in windows
            ],
            "moves": [moves] * len(windows),
        }
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Collate:
    """Rows of windows to a batch; in training a window slides a little each time it is read.

    A text is then never cut at the same words twice, and what is learned is not where it is cut.
    The draws come from torch's generator, whose state a checkpoint keeps.
    """

    texts: Sequence[TaggedText]
    reading: Reading
    size: int

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        windows = [
            self._slide(Window(text=row["text"], first=row["first"], stop=row["stop"]))
            if row["moves"]
            else Window(text=row["text"], first=row["first"], stop=row["stop"])
            for row in rows
        ]
        tagged = [self.texts[window.text] for window in windows]
        batch = make_batch(
            [(each.text, window) for each, window in zip(tagged, windows, strict=True)],
            self.reading,
        )
        targets = torch.full(batch["first"].shape, NOT_A_WORD)
        for row, each, window in zip(targets, tagged, windows, strict=True):
            row[: window.stop - window.first] = each.tags[window.first : window.stop]
        links = [window_targets(e, window) for e, window in zip(tagged, windows, strict=True)]
        return batch | {"targets": targets, "links": links}

    def _slide(self, window: Window) -> Window:
        text = self.texts[window.text].text
        far = (window.stop - window.first) // 2
        by = int(torch.randint(-far, far + 1, ()))
        by = max(-window.first, min(by, len(text) - window.stop))
        first, stop = window.first + by, window.stop + by
        while stop > first + 1 and text.first[stop] - text.first[first] > self.size:
            stop -= 1
        return Window(text=window.text, first=first, stop=stop)


def _score_spans(network: TaggerNetwork, prediction: Any) -> dict[str, float]:
    """Exact F1 of the spans of windows, by label (where there are any) and on average."""
    transitions = network.transitions.detach().float().cpu().numpy()
    counts: dict[str, list[Counts]] = {label: [] for label in LABELS}
    for scores, tags in zip(prediction.predictions, prediction.label_ids, strict=True):
        words = tags != NOT_A_WORD
        predicted = to_spans(best_tags(scores[words].astype(np.float32), transitions))
        gold = to_spans(tags[words].tolist())
        for place, label in enumerate(LABELS):
            one, other = ({s for s in side if s[2] == place} for side in (gold, predicted))
            right = len(one & other)
            counts[label].append(
                Counts(predicted=len(other), correct=right, gold=len(one), recalled=right)
            )
    f1 = {f"{label}_f1": sum_counts(of).f1 for label, of in counts.items()}
    known = {name: value for name, value in f1.items() if not np.isnan(value)}
    return known | {"span_f1": float(np.mean([*known.values()]))}
