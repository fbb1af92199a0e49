"""Training as a step with a run record; the training itself is in `framing.models`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from framing.codebook import Codebook, load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.seen_suggestions import say_seen
from framing.pipeline.steps import Progress, Step
from framing.records import Label
from framing.runs import Run, file_sha256

if TYPE_CHECKING:
    from framing.models.training import TrainingReport

__all__ = ["Method", "train_classifier"]

Method = Literal["frozen", "lora", "full"]
_FILES = ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl")
_CODEBOOK = "codebook.toml"


def train_classifier(
    variable: str | Sequence[str],
    *,
    data: Path | str,
    out: Path | str,
    seed: int,
    codebook: Path | str | None = None,
    method: Method | None = None,
    config: Path | str | None = None,
    seeds: int = 1,
    split: str | None = None,
    command: str | None = None,
    progress: Progress | None = None,
) -> Step:
    """Train a classifier on a folder of coded articles and keep it in a folder.

    Args:
        variable: Name of the codebook's variable; several share one encoder (not "frozen").
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl. Where
            articles name parts in a column (`framing dataset hydrate` does so), the model learns
            from "train", and is stopped, calibrated and scored by "validation".
        out: Folder for weights, model.json, README.md, run.json and, where one is given, the
            codebook (codebook.toml).
        seed: Of everything that is drawn.
        codebook: File; the shipped one when absent.
        method: "frozen" embeds and fits a logistic regression, "lora" fine-tunes an adapter,
            "full" all weights. "frozen" when absent, or what `config` says.
        config: TOML file of a `framing.models.training_config.FineTuning`.
        seeds: How many models to train, with `seed` and those after it, for an ensemble.
        split: Column that names the parts; "split" when absent, if there is one.
        command: What the model's card says it was made with.
        progress: Called with steps done and steps in all.

    Raises:
        DataError: See `framing.models.train_model` and
            `framing.models.finetuned_training.fine_tune_on_folder`.
    """
    data, out = Path(data), Path(out)
    names = (variable,) if isinstance(variable, str) else tuple(variable)
    book = load_codebook(codebook)
    for name in names:
        book.variable(name)
    _check(names, method, config, seeds)
    if command is None:
        command = f"framing train {' '.join(names)} --data {data} --out {out} --seed {seed}"
        command += "" if method is None else f" --method {method}"
        command += "" if config is None else f" --config {config}"
        command += "" if seeds == 1 else f" --seeds {seeds}"
        command += "" if split is None else f" --split {split}"
        command += "" if codebook is None else f" --codebook {codebook}"
    arguments: dict[str, Any] = {
        "variable": names[0] if len(names) == 1 else list(names),
        "data": str(data),
        "codebook": None if codebook is None else str(codebook),
        "method": method,
        "config": None if config is None else str(config),
        "seeds": seeds,
        "split": split,
        "command": command,
    }
    run = begin_run("train", arguments, out, seed=seed)
    if config is None and method in (None, "frozen"):
        from framing.models import train_model

        reports = [
            train_model(
                data, names[0], out=out, seed=seed, codebook=book, split=split, command=command
            )
        ]
    else:
        reports = _fine_tuned(
            names, data, out, run, book, method, config, seeds, split, command, progress
        )
    files = reports[0].files
    if codebook is not None:  # with it, the folder is all that another needs
        (out / _CODEBOOK).write_bytes(Path(codebook).read_bytes())  # or its digest would differ
        files = (*files, out / _CODEBOOK)
    run.inputs.update({(data / name).as_posix(): file_sha256(data / name) for name in _FILES})
    results = {one.variable: _results(one) for one in reports}
    run.results.update(codebook=book.digest, model=reports[0].name)
    run.results.update(results[names[0]] if len(names) == 1 else {"variables": results})
    labels = [x for x in read_jsonl(data / "labels.jsonl", Label) if x.variable in names]
    seen = say_seen(data, labels)
    run.results.update({"labels_after_suggestion": list(seen)} if seen else {})
    end_run(run, out, files)
    return Step(
        folder=out,
        files=files,
        inputs=run.inputs,
        results=run.results,
        notes=(*(caveat for one in reports for caveat in one.caveats), *seen),
    )


def _check(names: Sequence[str], method: str | None, config: Path | str | None, seeds: int) -> None:
    if method is not None and method not in get_args(Method):
        raise DataError(f"training: method is {method!r}; accepted: {', '.join(get_args(Method))}")
    if not names or len(set(names)) < len(names):
        raise DataError(f"training of {list(names)}: give one variable or more, each once")
    if seeds < 1:
        raise DataError(f"training: {seeds} seeds; it takes 1 or more")
    frozen = method == "frozen" or (method is None and config is None)
    if frozen and (len(names) > 1 or seeds > 1 or config is not None):
        raise DataError(
            "training with method 'frozen': it takes one variable and one seed, and no config; "
            "for several variables or seeds, or a config, give --method lora or full"
        )


def _fine_tuned(
    names: Sequence[str],
    data: Path,
    out: Path,
    run: Run,
    codebook: Codebook,
    method: Method | None,
    config: Path | str | None,
    seeds: int,
    split: str | None,
    command: str,
    progress: Progress | None,
) -> list["TrainingReport"]:
    import dataclasses

    from framing.models.finetuned_training import fine_tune_on_folder
    from framing.models.training_config import FineTuning, read_config

    told = FineTuning() if config is None else read_config(config, FineTuning)
    if config is not None:
        run.inputs[Path(config).as_posix()] = file_sha256(Path(config))
    if method in ("lora", "full"):
        told = dataclasses.replace(told, method=method)
    return fine_tune_on_folder(
        data,
        names,
        out=out,
        seed=run.seed or 0,
        config=told,
        n_seeds=seeds,
        split=split,
        codebook=codebook,
        command=command,
        progress=progress,
    )


def _results(report: "TrainingReport") -> dict[str, Any]:
    return {
        "articles": report.n_articles,
        "units": report.n_units,
        "units_unlabelled": report.n_unlabelled,
        "scores": dict(report.scores),
        "baseline": dict(report.baseline),
    }
