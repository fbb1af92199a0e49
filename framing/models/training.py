"""From a folder of coded articles to a stored, scored and described classifier."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.codebook import Codebook, Variable, load_codebook
from framing.errors import DataError
from framing.metrics.article_effect import fit_article_sd
from framing.models.card import write_card
from framing.models.caveats import data_caveats
from framing.models.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from framing.models.frozen import save_frozen, train_frozen
from framing.models.labelled_units import (
    Examples,
    TrainingData,
    read_coded_units,
    read_training_data,
)
from framing.models.scores import majority_scores, majority_scores_of, score_predictions
from framing.models.units import Unit, codebook_units
from framing.runs import package_versions

__all__ = ["TrainingReport", "read_coded_units", "train_on_folder"]

_NUMERIC = ("framing", "numpy", "scipy", "scikit-learn", "torch", "transformers", "tokenizers")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """What a training did.

    Attributes:
        name: Of the model.
        variable: It predicts.
        folder: It is stored in.
        files: That were written.
        n_articles: Articles with labelled units.
        n_units: Labelled units.
        n_unlabelled: Units without a label, left out.
        scores: Cross-validated, see `framing.models.scores.score_predictions`.
        baseline: Scores of the majority category on the same folds.
        caveats: What a reader must know, in sentences.
    """

    name: str
    variable: str
    folder: Path
    files: tuple[Path, ...]
    n_articles: int
    n_units: int
    n_unlabelled: int
    scores: Mapping[str, Any]
    baseline: Mapping[str, Any]
    caveats: tuple[str, ...]


def train_on_folder(
    data: Path,
    variable: str,
    *,
    out: Path,
    seed: int,
    codebook: Codebook | None = None,
    encoder: Encoder | str | Path | None = None,
    split: str | None = None,
    command: str | None = None,
) -> TrainingReport:
    """Train, score, store, and write the model card.

    Scores are by the validation part where the articles name parts (see
    `framing.models.labelled_units.read_training_data`), by cross-validation where they do not.

    Args:
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        variable: Name of the codebook's variable.
        out: Folder for model.safetensors, model.json and README.md.
        seed: Of folds and intervals; the same seed gives the same bytes on the same machine.
        codebook: The shipped one when absent.
        encoder: An encoder, its name or its folder; the default one in float32 when absent, so
            that training does not depend on the processor's bfloat16.
        split: Column of the articles that names the parts; "split" when absent, if there is one.
        command: That led here, for the record; the equivalent command line when absent.

    Raises:
        DataError: A file is missing or wrong, labels are of another codebook or contradict each
            other, or there is too little to learn from; see `train_frozen`.
    """
    codebook = codebook or load_codebook()
    asked = codebook.variable(variable)
    coded = read_training_data(data, [asked], codebook=codebook, split=split)
    units, values = _settled(data, coded.train[variable], asked)
    validation = None
    if coded.validation is not None:
        validation = _settled(data, coded.validation[variable], asked)
    if not isinstance(encoder, Encoder):
        encoder = load_encoder(encoder or DEFAULT_ENCODER, dtype="float32")
    background = codebook_units(asked)
    model = train_frozen(
        units,
        values,
        variable=variable,
        unit_kind=asked.unit,
        categories=asked.names,
        codebook=codebook.digest,
        encoder=encoder,
        events=coded.events,
        background=background,
        with_folds=validation is None,
        seed=seed,
    )
    tested, gold = (units, values) if validation is None else validation
    said = model.predict(tested)
    articles = [unit.article_sha256 for unit in tested]
    scores = score_predictions(said, gold, articles, rng=np.random.default_rng(seed))
    if validation is None:
        if any(prediction.basis != "out_of_fold" for prediction in said):
            raise AssertionError("a training unit was not predicted out of fold")
        folds = [model.fold_of[article] for article in articles]
        baseline = majority_scores(gold, folds, model.categories)
    else:
        baseline = majority_scores_of(gold, train=values, categories=model.categories)
    caveats = _caveats(coded, units, scores, baseline)
    described = dataclasses.replace(
        model,
        card={
            **model.card,
            "unit": asked.unit,
            "question": asked.question,
            "data": {
                "files": dict(coded.files),
                "n_articles": len(model.fold_of),
                "n_units": len(units),
                "n_unlabelled": coded.n_unlabelled[variable],
                "n_codebook": len(background[0]),
                "n_folds": len(model.folds),
                **({"scored_by": "the validation part"} if validation else {}),
            },
            "scores": scores,
            "article_sd": fit_article_sd(
                np.array([one.probabilities for one in said]),
                np.array([asked.names.index(value) for value in gold], dtype=np.int64),
                articles,
            ),
            "baseline_majority": baseline,
            "caveats": list(caveats),
            "seed": seed,
            "command": command
            or f"framing train {variable} --data {data} --out {out} --seed {seed}",
            "packages": {k: v for k, v in package_versions().items() if k in _NUMERIC},
        },
    )
    files = [*save_frozen(described, out), write_card(out)]
    return TrainingReport(
        name=model.name,
        variable=variable,
        folder=out,
        files=tuple(files),
        n_articles=len(model.fold_of),
        n_units=len(units),
        n_unlabelled=coded.n_unlabelled[variable],
        scores=scores,
        baseline=baseline,
        caveats=caveats,
    )


def _settled(
    data: Path, examples: Examples, variable: Variable
) -> tuple[tuple[Unit, ...], list[str]]:
    """The units and their categories; a regression takes no shares."""
    for unit, is_settled in zip(examples.units, examples.settled, strict=True):
        if not is_settled:
            raise DataError(
                f"{data / 'labels.jsonl'}: coders differ on {unit.id!r}; add one label by "
                'annotator "adjudicated" that settles it, or train with --method lora, which '
                "learns from shares"
            )
    return examples.units, [variable.names[i] for i in examples.targets.argmax(axis=1)]


def _caveats(
    coded: TrainingData,
    units: Sequence[Unit],
    scores: Mapping[str, Any],
    baseline: Mapping[str, Any],
) -> tuple[str, ...]:
    macro = scores["macro_f1"]
    used = {unit.article_id for unit in units}
    how = "cross-validated" if coded.validation is None else "on the validation part"
    return (
        f"Trained on {len(units):,} labelled units of {len(used)} articles; {how} "
        f"macro-F1 {macro['value']:.2f} (95 % interval over articles {macro['low']:.2f} to "
        f"{macro['high']:.2f}; always the majority category: {baseline['macro_f1']:.2f}).",
        *data_caveats(coded, *coded.variables),
    )
