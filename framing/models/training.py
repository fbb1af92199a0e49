"""From a folder of coded articles to a stored, scored and described classifier."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.codebook import Codebook, Variable, load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.models.card import write_card
from framing.models.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from framing.models.frozen import FrozenClassifier, save_frozen, train_frozen
from framing.models.scores import majority_scores, score_predictions
from framing.models.units import Unit, codebook_units, make_units
from framing.records import Article, Extraction, Label, Quote, Speaker
from framing.runs import file_sha256, package_versions

__all__ = ["TrainingReport", "read_coded_units", "train_on_folder"]

_FILES = ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl")
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
    command: str | None = None,
) -> TrainingReport:
    """Train, score by cross-validation, store, and write the model card.

    Args:
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        variable: Name of the codebook's variable.
        out: Folder for model.safetensors, model.json and README.md.
        seed: Of folds and intervals; the same seed gives the same bytes on the same machine.
        codebook: The shipped one when absent.
        encoder: An encoder, its name or its folder; the default one in float32 when absent, so
            that training does not depend on the processor's bfloat16.
        command: That led here, for the record; the equivalent command line when absent.

    Raises:
        DataError: A file is missing or wrong, labels are of another codebook or contradict each
            other, or there is too little to learn from; see `train_frozen`.
    """
    codebook = codebook or load_codebook()
    asked = codebook.variable(variable)
    articles, units, values, n_unlabelled = read_coded_units(data, asked, codebook=codebook)
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
        events={a.id: a.group["event"] for a in articles if a.group.get("event")},
        background=background,
        seed=seed,
    )
    scores, baseline = _cross_validated(model, units, values, seed)
    caveats = _caveats(articles, units, scores, baseline)
    described = dataclasses.replace(
        model,
        card={
            **model.card,
            "unit": asked.unit,
            "question": asked.question,
            "data": {
                "files": {name: file_sha256(data / name) for name in _FILES},
                "n_articles": len(model.fold_of),
                "n_units": len(units),
                "n_unlabelled": n_unlabelled,
                "n_codebook": len(background[0]),
                "n_folds": len(model.folds),
            },
            "scores": scores,
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
        n_unlabelled=n_unlabelled,
        scores=scores,
        baseline=baseline,
        caveats=caveats,
    )


def read_coded_units(
    data: Path, variable: Variable, *, codebook: Codebook
) -> tuple[list[Article], list[Unit], list[str], int]:
    """Read a folder of coded articles.

    A unit's value is its adjudicated label; without one, the value that its coders agree on.

    Returns:
        The articles, the labelled units, their values, and the number of units without a label.

    Raises:
        DataError: A file is missing or wrong, two articles have one text, or a label is of
            another codebook, of no unit, of no category, or contradicted without adjudication.
    """
    articles = read_jsonl(data / "articles.jsonl", Article)
    quotes = read_jsonl(data / "quotes.jsonl", Quote)
    speakers = read_jsonl(data / "speakers.jsonl", Speaker)
    labels = [
        label
        for label in read_jsonl(data / "labels.jsonl", Label)
        if label.variable == variable.name
    ]
    _check_articles(data, articles, [*quotes, *speakers])
    given = _values(data, labels, variable, codebook)
    labelled: list[Unit] = []
    n_unlabelled = 0
    for article in articles:
        extraction = Extraction(
            article_id=article.id,
            quotes=tuple(quote for quote in quotes if quote.article_id == article.id),
            speakers=tuple(speaker for speaker in speakers if speaker.article_id == article.id),
        )
        for unit in make_units(article, extraction, variable, target=article.stance_target):
            if unit.id in given:
                labelled.append(unit)
            else:
                n_unlabelled += 1
    orphans = sorted(set(given) - {unit.id for unit in labelled})
    if orphans:
        raise DataError(
            f"{data / 'labels.jsonl'}: {len(orphans)} {variable.name} labels are of no "
            f"{variable.unit}, first {orphans[0]!r}; its unit_id must be the id of one"
        )
    return articles, labelled, [given[unit.id] for unit in labelled], n_unlabelled


def _check_articles(
    data: Path, articles: Sequence[Article], parts: Sequence[Quote | Speaker]
) -> None:
    seen: dict[str, str] = {}
    for article in articles:
        if article.sha256 in seen:
            raise DataError(
                f"{data / 'articles.jsonl'}: articles {seen[article.sha256]!r} and "
                f"{article.id!r} have the same text; keep one, or a fold would be trained on "
                "what it is tested on"
            )
        seen[article.sha256] = article.id
    ids = set(seen.values())
    for part in parts:
        if part.article_id not in ids:
            raise DataError(
                f"{data}: {type(part).__name__.lower()} {part.id!r} is of article "
                f"{part.article_id!r}, which is not in articles.jsonl"
            )


def _values(
    data: Path, labels: Sequence[Label], variable: Variable, codebook: Codebook
) -> dict[str, str]:
    where = data / "labels.jsonl"
    by_unit: dict[str, list[Label]] = {}
    for label in labels:
        if label.value not in variable.names:
            raise DataError(
                f"{where}: label of {label.unit_id!r} is {label.value!r}; {variable.name} "
                f"accepts: {', '.join(variable.names)}"
            )
        if label.codebook and label.codebook != codebook.digest:
            raise DataError(
                f"{where}: label of {label.unit_id!r} was given under codebook "
                f"{label.codebook}, but {codebook.name!r} is {codebook.digest}; label it again "
                "under this one, or give the other with --codebook"
            )
        by_unit.setdefault(label.unit_id, []).append(label)
    values = {}
    for unit_id, given in by_unit.items():
        adjudicated = [label for label in given if label.annotator == "adjudicated"]
        found = sorted({label.value for label in adjudicated or given})
        if len(found) > 1:
            raise DataError(
                f"{where}: {unit_id!r} is labelled {' and '.join(found)}; add one label by "
                'annotator "adjudicated" that settles it'
            )
        values[unit_id] = found[0]
    return values


def _cross_validated(
    model: FrozenClassifier, units: Sequence[Unit], values: Sequence[str], seed: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    predictions = model.predict(units)
    if any(prediction.basis != "out_of_fold" for prediction in predictions):
        raise AssertionError("a training unit was not predicted out of fold")
    scores = score_predictions(
        predictions,
        values,
        [unit.article_sha256 for unit in units],
        rng=np.random.default_rng(seed),
    )
    folds = [model.fold_of[unit.article_sha256] for unit in units]
    return scores, majority_scores(values, folds, model.categories)


def _caveats(
    articles: Sequence[Article],
    units: Sequence[Unit],
    scores: Mapping[str, Any],
    baseline: Mapping[str, Any],
) -> tuple[str, ...]:
    macro = scores["macro_f1"]
    used = {unit.article_id for unit in units}
    invented = sum(article.group.get("invented") == "true" for article in articles)
    sentences = [
        f"Trained on {len(units)} labelled units of {len(used)} articles only; cross-validated "
        f"macro-F1 {macro['value']:.2f} (95 % interval over articles {macro['low']:.2f} to "
        f"{macro['high']:.2f}; always the majority category: {baseline['macro_f1']:.2f}). "
        "This is a weak model: read its numbers as a first look, not as findings."
    ]
    if invented:
        sentences.append(
            f"{invented} of the {len(articles)} training articles were written for this project "
            "about invented events; scores on real news are likely to be lower."
        )
    return tuple(sentences)
