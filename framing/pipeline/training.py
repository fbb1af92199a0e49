"""Training as a step with a run record; the training itself is `framing.models.train_model`."""

from pathlib import Path
from typing import Any

from framing.codebook import load_codebook
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Step
from framing.runs import file_sha256

__all__ = ["train_classifier"]

_FILES = ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl")


def train_classifier(
    variable: str,
    *,
    data: Path | str,
    out: Path | str,
    seed: int,
    codebook: Path | str | None = None,
    command: str | None = None,
) -> Step:
    """Train a classifier on a folder of coded articles and keep it in a folder.

    Args:
        variable: Name of the codebook's variable.
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        out: Folder for model.safetensors, model.json, README.md and run.json.
        seed: Of folds and intervals.
        codebook: File; the shipped one when absent.
        command: What the model's card says it was made with.

    Raises:
        DataError: See `framing.models.train_model`.
    """
    data, out = Path(data), Path(out)
    book = load_codebook(codebook)
    book.variable(variable)
    if command is None:
        brought = "" if codebook is None else f" --codebook {codebook}"
        command = f"framing train {variable} --data {data} --out {out} --seed {seed}{brought}"
    arguments: dict[str, Any] = {
        "variable": variable,
        "data": str(data),
        "codebook": None if codebook is None else str(codebook),
        "command": command,
    }
    run = begin_run("train", arguments, out, seed=seed)
    from framing.models import train_model

    trained = train_model(data, variable, out=out, seed=seed, codebook=book, command=command)
    run.inputs.update({(data / name).as_posix(): file_sha256(data / name) for name in _FILES})
    run.results.update(
        model=trained.name,
        articles=trained.n_articles,
        units=trained.n_units,
        units_unlabelled=trained.n_unlabelled,
        scores=dict(trained.scores),
        baseline=dict(trained.baseline),
        codebook=book.digest,
    )
    end_run(run, out, trained.files)
    return Step(
        folder=out,
        files=trained.files,
        inputs=run.inputs,
        results=run.results,
        notes=trained.caveats,
    )
