"""Roles and stances of a corpus by classifiers, and what a report says of them."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.codebook import Codebook, Variable, load_codebook
from framing.errors import DataError
from framing.jsonl import from_json, read_jsonl, to_json, write_jsonl
from framing.pipeline.corpus import Corpus, read_corpus
from framing.pipeline.run_records import begin_run, end_run, find_run
from framing.pipeline.steps import Progress, Step
from framing.records import Article, Exclusion, Prediction
from framing.report import ModelNote
from framing.runs import file_sha256

if TYPE_CHECKING:
    from framing.models.classifier import Classifier
    from framing.models.units import Unit

__all__ = [
    "PREDICTIONS",
    "Predicted",
    "load_classifiers",
    "model_folders",
    "model_note",
    "predict_corpus",
    "predict_units",
    "read_predictions",
    "target_notes",
]

PREDICTIONS = "predictions.jsonl"
_BATCH = 1024  # units: enough to fill the encoder's batches, few enough to hold


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """Predictions of a corpus.

    Attributes:
        predictions: In the order of variables, then of the corpus.
        exclusions: Articles that a variable cannot be predicted in, with the reason.
        models: What a report says of the models.
        notes: What a reader must know, in sentences.
    """

    predictions: tuple[Prediction, ...]
    exclusions: tuple[Exclusion, ...] = ()
    models: tuple[ModelNote, ...] = ()
    notes: tuple[str, ...] = ()


def predict_corpus(
    folder: Path | str,
    *,
    out: Path | str | None = None,
    models: Sequence[Path | str] = (),
    target: str = "",
    codebook: Path | str | None = None,
    progress: Progress | None = None,
) -> Step:
    """Predict the role of every speaker and the stance of every quote of a folder.

    Writes predictions.jsonl and run.json. Articles that a model was trained on are predicted by
    a fold that did not see them (basis "out_of_fold").

    Args:
        folder: Of `extract_corpus`, as corrected by hand.
        out: Where to write; the folder itself when absent.
        models: Folders of trained models; the shipped ones for variables without any.
        target: Target of stance for articles that have none; else the headline stands in.
        codebook: File; the shipped one when absent.
        progress: Called with units done and units in all.

    Raises:
        DataError: See `read_corpus`, `load_classifiers` and `predict_units`.
    """
    out = Path(folder if out is None else out)
    book = load_codebook(codebook)
    corpus = read_corpus(folder, codebook=book, target=target)
    classifiers = load_classifiers(corpus, book, models)
    arguments = {
        "folder": str(folder),
        "models": [str(model) for model in models],
        "target": target,
        "codebook": None if codebook is None else str(codebook),
    }
    run = begin_run("predict", arguments, out)
    run.inputs.update(corpus.inputs)
    predicted = predict_units(corpus, classifiers, book, progress=progress)
    write_jsonl(out / PREDICTIONS, predicted.predictions)
    run.results.update(
        predictions=len(predicted.predictions),
        articles_excluded=[to_json(exclusion) for exclusion in predicted.exclusions],
        models=[to_json(note) for note in predicted.models],
        notes=list(predicted.notes),
        codebook=book.digest,
        targets=_targets_digest(corpus),
    )
    end_run(run, out, [out / PREDICTIONS])
    return Step(
        folder=out,
        files=(out / PREDICTIONS,),
        inputs=run.inputs,
        results=run.results,
        notes=(*corpus.notes, *predicted.notes, *target_notes(corpus)),
    )


def load_classifiers(
    corpus: Corpus, codebook: Codebook, models: Sequence[Path | str] = ()
) -> dict[str, "Classifier"]:
    """The classifiers that a corpus needs, by variable.

    A variable needs none when it has no units, or when all of them are labelled; a model that is
    given for it is used nevertheless.

    Raises:
        DataError: A model is missing or damaged, of another codebook or of none of its
            variables, or two are given for one variable.
    """
    folders = model_folders(models, codebook)
    labelled = {(label.variable, label.unit_id) for label in corpus.labels}
    wanted = [
        variable.name
        for variable in codebook.variables
        if variable.name in folders
        or not all((variable.name, u) in labelled for u in corpus.unit_ids(variable.unit))
    ]
    from framing.models import load_model

    return {
        name: load_model(folders.get(name), variable=name, codebook=codebook) for name in wanted
    }


def model_folders(models: Sequence[Path | str], codebook: Codebook) -> dict[str, Path]:
    """Each model's folder by its variable; a folder of model folders stands for all of them.

    Raises:
        DataError: There is no model, it predicts no variable of the codebook, or two predict one.
    """
    folders: dict[str, Path] = {}
    for folder in _folders_with_model(models):
        name = _variable_of(folder)
        codebook.variable(name)
        if name in folders:
            raise DataError(f"models {folders[name]} and {folder} both predict {name}; give one")
        folders[name] = folder
    return folders


def predict_units(
    corpus: Corpus,
    classifiers: Mapping[str, "Classifier"],
    codebook: Codebook,
    *,
    progress: Progress | None = None,
) -> Predicted:
    """Predict every unit of a corpus, in batches; a batch changes no number.

    An article without a target and without a title is excluded from variables that are measured
    toward a target.

    Args:
        corpus: Read by `read_corpus`.
        classifiers: By variable, as `load_classifiers` gives them.
        codebook: That names the variables.
        progress: Called with units done and units in all, for each variable.

    Raises:
        DataError: No article has a target or a title.
    """
    predictions: list[Prediction] = []
    exclusions: list[Exclusion] = []
    for variable in codebook.variables:
        if variable.name not in classifiers:
            continue
        usable, excluded = _with_target(corpus, variable)
        exclusions += excluded
        total, done = len(corpus.unit_ids(variable.unit)), 0
        for batch in _batches(corpus, usable, variable):
            predictions += classifiers[variable.name].predict(batch)
            done += len(batch)
            if progress is not None:
                progress(f"predicting {variable.name}", done, total)
    return Predicted(
        predictions=tuple(predictions),
        exclusions=tuple(exclusions),
        models=tuple(model_note(classifier) for classifier in classifiers.values()),
        notes=_basis_notes(predictions),
    )


def read_predictions(corpus: Corpus, codebook: Codebook) -> Predicted | str:
    """The predictions that lie in the corpus' folder, or why they are of no use.

    Those of `framing predict` are used if articles, quotes, speakers, targets, codebook and the
    file itself are as they were then. Predictions from elsewhere, without a record, are checked
    and used.

    Raises:
        DataError: Predictions from elsewhere are wrong.
    """
    path = corpus.folder / PREDICTIONS
    if not path.is_file():
        return f"{corpus.folder} holds no predictions"
    record = find_run(corpus.folder, "predict")
    if record is None:
        return _from_elsewhere(path, corpus, codebook)
    results = record["results"]
    for name in ("articles.jsonl", "quotes.jsonl", "speakers.jsonl"):
        known = {Path(key).name: digest for key, digest in record["inputs"].items()}
        if known.get(name) != corpus.inputs[(corpus.folder / name).as_posix()]:
            return f"{name} has changed since framing predict"
    if record["outputs"].get(PREDICTIONS) != file_sha256(path):
        return f"{PREDICTIONS} has changed since framing predict"
    if results.get("codebook") != codebook.digest:
        return f"framing predict was run under codebook {results.get('codebook')}"
    if results.get("targets") != _targets_digest(corpus):
        return "framing predict was run with other targets"
    return Predicted(
        predictions=tuple(read_jsonl(path, Prediction)),
        exclusions=tuple(from_json(e, Exclusion) for e in results["articles_excluded"]),
        models=tuple(_note_from_json(note) for note in results["models"]),
        notes=tuple(results["notes"]),
    )


def model_note(classifier: "Classifier") -> ModelNote:
    """What a report says of a classifier, from its card."""
    card = classifier.card
    data, scores = card.get("data", {}), card.get("scores", {})
    rows = []
    for key, name in _SCORES:
        score = scores.get(key, {})
        if score.get("value") is not None:
            rows.append((name, score["value"], score.get("low"), score.get("high")))
    trained_on = ""
    if data:
        trained_on = (
            f"{data['n_units']} labelled units of {data['n_articles']} articles, scored by "
            f"cross-validation in {data['n_folds']} folds by article."
        )
    return ModelNote(
        name=classifier.name,
        variable=classifier.variable,
        trained_on=trained_on,
        scores=tuple(rows),
        caveat=" ".join(card.get("caveats", ())),
        command=card.get("command", ""),
    )


_SCORES = (
    ("macro_f1", "macro-F1"),
    ("accuracy", "accuracy"),
    ("ece", "expected calibration error"),
)


def target_notes(corpus: Corpus) -> tuple[str, ...]:
    """Where the headline stands in for a target, as a sentence for the report."""
    n = sum(not article.target and bool(article.title) for article in corpus.articles)
    if not n:
        return ()
    which = (
        "the article" if len(corpus.articles) == 1 else f"{n} of {len(corpus.articles)} articles"
    )
    return (
        f"In {which} no target is given, and the headline stands in for it: stance is measured "
        "toward what the headline says.",
    )


def _folders_with_model(models: Sequence[Path | str]) -> Iterator[Path]:
    for given in models:
        folder = Path(given)
        inner = sorted(path.parent for path in folder.glob("*/model.json"))
        if (folder / "model.json").is_file():
            yield folder
        elif inner:
            yield from inner
        else:
            raise DataError(
                f"model {folder}: holds no model.json, nor does a folder in it; train one with "
                f"framing train role|stance --data DIR --out {folder} --seed N"
            )


def _variable_of(folder: Path) -> str:
    try:
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        return str(card["variable"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DataError(
            f"model {folder}: model.json names no variable ({type(error).__name__}); train it again"
        ) from error


def _with_target(corpus: Corpus, variable: Variable) -> tuple[list[Article], list[Exclusion]]:
    if not variable.positive:
        return list(corpus.articles), []
    usable = [article for article in corpus.articles if article.stance_target.strip()]
    advice = "give it a target, or one for all with --target"
    if not usable:
        raise DataError(
            f"{variable.name} is measured toward a target, but none of the "
            f"{len(corpus.articles)} articles has a target or a title; give one with --target"
        )
    return usable, [
        Exclusion(
            item=article.id,
            reason=f"no target and no title, so {variable.name} is toward nothing; {advice}",
            stage="predictions",
            article_id=article.id,
        )
        for article in corpus.articles
        if not article.stance_target.strip()
    ]


def _batches(
    corpus: Corpus, articles: Iterable[Article], variable: Variable
) -> Iterator[list["Unit"]]:
    from framing.models.units import make_units

    batch: list[Unit] = []
    for article in articles:
        extraction = corpus.extractions[article.id]
        batch += make_units(article, extraction, variable, target=article.stance_target)
        while len(batch) >= _BATCH:
            yield batch[:_BATCH]
            batch = batch[_BATCH:]
    if batch:
        yield batch


def _targets_digest(corpus: Corpus) -> str:
    """Of what stance is measured toward in every article."""
    digest = hashlib.sha256()
    for article in corpus.articles:
        digest.update(f"{article.id}\t{article.stance_target}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _basis_notes(predictions: Sequence[Prediction]) -> tuple[str, ...]:
    notes = []
    for basis, sentence in (
        ("out_of_fold", "are of articles in its training data, predicted by a fold without them"),
        ("training", "are of articles that it was trained on: too good to be true"),
    ):
        counts: dict[str, int] = {}
        for prediction in predictions:
            if prediction.basis == basis:
                counts[prediction.model] = counts.get(prediction.model, 0) + 1
        notes += [f"{n} predictions of {model} {sentence}." for model, n in counts.items()]
    return tuple(notes)


def _from_elsewhere(path: Path, corpus: Corpus, codebook: Codebook) -> Predicted:
    predictions = read_jsonl(path, Prediction)
    known = {unit: set(corpus.unit_ids(unit)) for unit in ("quote", "speaker")}
    seen = set()
    for prediction in predictions:
        variable = codebook.variable(prediction.variable)
        who = f"{path}: prediction of {variable.name} for {prediction.unit_id!r}"
        if prediction.unit_id not in known[variable.unit]:
            raise DataError(f"{who}: no {variable.unit} has this id; remove it")
        if prediction.categories != variable.names:
            raise DataError(
                f"{who}: categories are {', '.join(prediction.categories)}; the codebook has "
                f"{', '.join(variable.names)}"
            )
        if prediction.codebook and prediction.codebook != codebook.digest:
            raise DataError(
                f"{who}: made under codebook {prediction.codebook}, not under {codebook.name!r} "
                f"({codebook.digest}); predict again"
            )
        if (prediction.unit_id, variable.name) in seen:
            raise DataError(f"{who} stands twice; give those of one model")
        seen.add((prediction.unit_id, variable.name))
    return Predicted(
        predictions=tuple(predictions),
        notes=(
            f"Predictions were read from {path.name}; no run record says how they were made.",
            *_basis_notes(predictions),
        ),
    )


def _note_from_json(fields: Mapping[str, Any]) -> ModelNote:
    return ModelNote(**{**fields, "scores": tuple(tuple(row) for row in fields["scores"])})
