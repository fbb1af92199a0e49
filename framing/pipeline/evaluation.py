"""How good a model is on labelled articles."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.codebook import load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, replace_file
from framing.pipeline.classifiers import model_folders
from framing.pipeline.corpus import read_corpus
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Step
from framing.records import Label

__all__ = ["SCORES", "evaluate_models"]

SCORES = "scores.json"


def evaluate_models(
    gold: Path | str,
    *,
    seed: int,
    out: Path | str | None = None,
    models: Sequence[Path | str] = (),
    codebook: Path | str | None = None,
) -> Step:
    """Score models against labels, with 95 % intervals from a bootstrap over articles.

    Gold is a unit's adjudicated label; without one, the value that its coders agree on. Quotes
    and speakers are those of the folder: what an extractor misses is not scored here. Units of
    articles that a model was trained on are predicted by a fold that did not see them.

    Args:
        gold: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        seed: Of the bootstrap.
        out: Folder for scores.json and run.json; nothing is written when absent.
        models: Folders of trained models; the shipped ones for all labelled variables when absent.
        codebook: File; the shipped one when absent.

    Returns:
        `results["scores"]` by variable: see `framing.models.scores.score_predictions`, with the
        model's name and `n_out_of_fold`.

    Raises:
        DataError: A file is wrong, nothing is labelled, a model was trained on the gold articles
            and has no fold without them, or there are fewer than two articles.
    """
    gold = Path(gold)
    book = load_codebook(codebook)
    read_jsonl(gold / "labels.jsonl", Label)  # required here, optional in a corpus
    corpus = read_corpus(gold, codebook=book)
    labelled = {label.variable for label in corpus.labels}
    if not labelled:
        raise DataError(f"{gold / 'labels.jsonl'}: holds no label, so there is nothing to score")
    from framing.models import load_model
    from framing.models.scores import score_predictions
    from framing.models.training import read_coded_units

    folders = model_folders(models, book)
    scores: dict[str, Any] = {}
    for name in [v.name for v in book.variables if v.name in (folders or labelled)]:
        classifier = load_model(folders.get(name), variable=name, codebook=book)
        _, units, values, _ = read_coded_units(gold, book.variable(name), codebook=book)
        predictions = classifier.predict(units)
        if any(prediction.basis == "training" for prediction in predictions):
            raise DataError(
                f"model {classifier.name!r}: trained on articles of {gold} without a fold that "
                "left them out, so its score there says nothing; score it on other articles"
            )
        scores[name] = {
            "model": classifier.name,
            "n_out_of_fold": sum(p.basis == "out_of_fold" for p in predictions),
            **score_predictions(
                predictions,
                values,
                [unit.article_id for unit in units],
                rng=np.random.default_rng(seed),
            ),
        }
    results: dict[str, Any] = {"scores": scores, "codebook": book.digest}
    notes = [
        f"{found['n_out_of_fold']} of the {found['n']} {name} units are of articles in the "
        "training data; a fold that did not see them predicted them."
        for name, found in scores.items()
        if found["n_out_of_fold"]
    ]
    if out is None:
        return Step(folder=gold, files=(), inputs=corpus.inputs, results=results, notes=(*notes,))
    out = Path(out)
    arguments = {
        "gold": str(gold),
        "models": [str(model) for model in models],
        "codebook": None if codebook is None else str(codebook),
    }
    run = begin_run("evaluate", arguments, out, seed=seed)
    run.inputs.update(corpus.inputs)
    run.results.update(results)
    with replace_file(out / SCORES) as file:
        json.dump(scores, file, ensure_ascii=False, indent=1, allow_nan=False)
        file.write("\n")
    end_run(run, out, [out / SCORES])
    return Step(
        folder=out, files=(out / SCORES,), inputs=run.inputs, results=results, notes=(*notes,)
    )
