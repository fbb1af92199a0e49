"""Roles and stances of a corpus by classifiers, and what a report says of them."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from framing.codebook import Codebook, Variable, load_codebook
from framing.errors import DataError
from framing.jsonl import to_json, write_jsonl
from framing.pipeline.classifiers import load_classifiers, model_note
from framing.pipeline.corpus import Corpus, read_corpus
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Progress, Step
from framing.pipeline.stored_predictions import PREDICTIONS, Predicted, targets_digest
from framing.records import Article, Exclusion, Prediction

if TYPE_CHECKING:
    from framing.models.classifier import Classifier
    from framing.models.units import Unit

__all__ = ["basis_notes", "predict_corpus", "predict_units", "target_notes"]

_BATCH = 1024  # units: enough to fill the encoder's batches, few enough to hold


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
    # Everything is predicted, labelled or not, so that the file serves whatever is asked later.
    corpus = read_corpus(folder, codebook=book, target=target)
    corpus = dataclasses.replace(corpus, labels=())
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
        codebook=book.digest,
        targets=targets_digest(corpus),
    )
    end_run(run, out, [out / PREDICTIONS])
    return Step(
        folder=out,
        files=(out / PREDICTIONS,),
        inputs=run.inputs,
        results=run.results,
        notes=(*corpus.notes, *basis_notes(predicted), *target_notes(corpus)),
    )


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
    )


def basis_notes(predicted: Predicted) -> tuple[str, ...]:
    """How many predictions are of training articles, as sentences for the command line."""
    sentences = {
        "out_of_fold": "are of articles in its training data, predicted by a fold without them",
        "training": "are of articles that it was trained on, which look better than they are",
    }
    counts = Counter((prediction.model, prediction.basis) for prediction in predicted.predictions)
    return tuple(
        f"{n:,} predictions of {model} {sentences[basis]}."
        for (model, basis), n in counts.items()
        if basis in sentences
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
