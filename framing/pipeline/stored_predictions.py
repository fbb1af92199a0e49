"""Predictions that lie in a folder: whether they still hold."""

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import from_json, read_jsonl
from framing.pipeline.corpus import Corpus
from framing.pipeline.run_records import find_run
from framing.records import Exclusion, Prediction
from framing.report import ModelNote
from framing.runs import file_sha256

__all__ = ["PREDICTIONS", "Predicted", "read_predictions", "targets_digest"]

PREDICTIONS = "predictions.jsonl"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """Predictions of a corpus.

    Attributes:
        predictions: In the order of variables, then of the corpus.
        exclusions: Articles that a variable cannot be predicted in, with the reason.
        models: What a report says of the models.
        notes: What a reader must know, in sentences.
        inputs: sha256 by name of the file they were read from, if any.
    """

    predictions: tuple[Prediction, ...]
    exclusions: tuple[Exclusion, ...] = ()
    models: tuple[ModelNote, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)


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
    if results.get("targets") != targets_digest(corpus):
        return "framing predict was run with other targets"
    return Predicted(
        predictions=tuple(read_jsonl(path, Prediction)),
        exclusions=tuple(from_json(e, Exclusion) for e in results["articles_excluded"]),
        models=tuple(_note_from_json(note) for note in results["models"]),
        inputs={path.as_posix(): file_sha256(path)},
    )


def targets_digest(corpus: Corpus) -> str:
    """Of what stance is measured toward in every article."""
    digest = hashlib.sha256()
    for article in corpus.articles:
        digest.update(f"{article.id}\t{article.stance_target}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


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
        notes=(f"Predictions were read from {path.name}; no run record says how they were made.",),
        inputs={path.as_posix(): file_sha256(path)},
    )


def _note_from_json(fields: Mapping[str, Any]) -> ModelNote:
    return ModelNote(**{**fields, "scores": tuple(tuple(row) for row in fields["scores"])})
