"""One training of a classifier on all or some of the articles of a folder: a trial."""

import dataclasses
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, replace_file, write_jsonl
from framing.models.training_config import FineTuning
from framing.pipeline.steps import Progress
from framing.records import Article

if TYPE_CHECKING:
    from framing.models.classifier import Classifier

__all__ = ["Trial", "draw_training_articles", "train_trial"]

_UNITS = ("quotes.jsonl", "speakers.jsonl", "labels.jsonl")
_SECONDS = "seconds.json"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One training.

    Attributes:
        name: In tables; trials that differ in the seed only share it.
        method: "majority" and "tfidf" are baselines, for the rest see `train_classifier`.
        variables: That the model learns; several only with "lora" and "full".
        seed: Of everything.
        split: Column of the articles that names the parts.
        n_articles: Of the training part, drawn by the seed, smaller draws inside larger ones; 0
            for all.
        config: Of fine-tuning; of no effect with the other methods.
    """

    name: str
    method: Literal["majority", "tfidf", "frozen", "lora", "full"]
    variables: tuple[str, ...]
    seed: int
    split: str = "split"
    n_articles: int = 0
    config: FineTuning = dataclasses.field(default_factory=FineTuning)


def train_trial(
    trial: Trial,
    variable: str,
    data: Path,
    work: Path,
    folder: Path,
    *,
    codebook: Codebook,
    progress: Progress | None = None,
) -> tuple["Classifier", dict[str, Any]]:
    """Train, or load what was trained before.

    Args:
        trial: What.
        variable: One of its variables, that the classifier is wanted for.
        data: Folder of coded articles.
        work: For a copy of the data with fewer training articles.
        folder: Of the model; baselines have none.
        codebook: Of the labels.
        progress: Called with steps done and steps in all.

    Returns:
        The classifier; "n_train_articles", "n_train_units" and "train_seconds" (of the last run,
        where an earlier one was killed).

    Raises:
        DataError: See `framing.models.train_model` and `fine_tune_on_folder`.
    """
    data = _subset(trial, data, work)
    began = time.perf_counter()
    if trial.method in ("majority", "tfidf"):
        classifier: Classifier = _baseline(trial, variable, data, codebook)
        seconds = 0.0  # it learns when it is asked
    else:
        if not (folder / _SECONDS).is_file():
            _train(trial, data, folder, codebook, progress)
            with replace_file(folder / _SECONDS) as file:
                json.dump(round(time.perf_counter() - began, 1), file)
        seconds = float(json.loads((folder / _SECONDS).read_text(encoding="utf-8")))
        from framing.models import load_model

        classifier = load_model(folder, variable=variable, codebook=codebook)
    card = classifier.card["data"]
    return classifier, {
        "n_train_articles": card["n_articles"],
        "n_train_units": card["n_units"],
        "train_seconds": seconds,
    }


def draw_training_articles(
    articles: Sequence[Article], n: int, *, split: str, rng: np.random.Generator
) -> set[str]:
    """Ids of `n` articles of the part "train"; with one `rng`, fewer lie inside more.

    Raises:
        DataError: There are fewer.
    """
    ids = sorted(article.id for article in articles if article.group.get(split) == "train")
    if not 1 <= n <= len(ids):
        raise DataError(
            f"trials: {n} training articles asked for; {split!r} has {len(ids)}: give 1 to that"
        )
    return {ids[i] for i in rng.permutation(len(ids))[:n]}


def _only(articles: Sequence[Article], kept: set[str], split: str) -> Iterator[Article]:
    for article in articles:
        if article.group.get(split) == "train" and article.id not in kept:
            yield dataclasses.replace(article, group={**article.group, split: "not drawn"})
        else:
            yield article


def _subset(trial: Trial, data: Path, work: Path) -> Path:
    """The data, with training articles that are not drawn in no part."""
    if not trial.n_articles:
        return data
    folder = work / "data" / f"{trial.split}-{trial.n_articles}-{trial.seed}"
    articles = read_jsonl(data / "articles.jsonl", Article)
    kept = draw_training_articles(
        articles, trial.n_articles, split=trial.split, rng=np.random.default_rng(trial.seed)
    )
    write_jsonl(folder / "articles.jsonl", _only(articles, kept, trial.split))
    for name in _UNITS:  # whole at every moment: another process may be reading them
        with replace_file(folder / name) as file:
            file.write((data / name).read_text(encoding="utf-8"))
    return folder


def _train(
    trial: Trial, data: Path, folder: Path, codebook: Codebook, progress: Progress | None
) -> None:
    if trial.method == "frozen":
        from framing.models import train_model

        train_model(
            data,
            trial.variables[0],
            out=folder,
            seed=trial.seed,
            codebook=codebook,
            encoder=trial.config.encoder,
            split=trial.split,
        )
        return
    from framing.models.finetuned_training import fine_tune_on_folder

    fine_tune_on_folder(
        data,
        trial.variables,
        out=folder,
        seed=trial.seed,
        config=dataclasses.replace(trial.config, method=trial.method),  # type: ignore[arg-type]
        split=trial.split,
        codebook=codebook,
        command=f"a trial of {trial.name}",
        progress=progress,
    )


def _baseline(trial: Trial, variable: str, data: Path, codebook: Codebook) -> "Classifier":
    from framing.models.baselines import BaselineClassifier
    from framing.models.labelled_units import in_part, read_coded_units

    asked = codebook.variable(variable)
    _, units, values, _ = read_coded_units(
        data, asked, codebook=codebook, wanted=in_part(trial.split, "train"), skip_unsettled=True
    )
    return BaselineClassifier(
        name=trial.method,
        variable=variable,
        categories=asked.names,
        codebook=codebook.digest,
        train=tuple(units),
        values=tuple(values),
        fold_of={unit.article_sha256: 0 for unit in units},
        seed=trial.seed,
    )
