"""How a classifier's score grows with the labelled articles: is it worth labelling more?"""

import csv
import dataclasses
import itertools
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.codebook import load_codebook
from framing.errors import DataError
from framing.figures import CurvePoint, new_figure, plot_learning_curve, save_figure
from framing.jsonl import read_jsonl, replace_file, write_jsonl
from framing.models.training_config import FineTuning, read_config
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Progress, Step
from framing.pipeline.training import Method
from framing.pipeline.trial_training import Trial
from framing.pipeline.trials import ScoredUnits, Trials
from framing.records import Article
from framing.runs import file_sha256

__all__ = ["CURVE", "curve_sizes", "measure_learning_curve"]

CURVE = "learning_curve.csv"
_FIRST = 10
_HELD_OUT = 0.25  # of the events, where the data name no parts
_FILES = ("quotes.jsonl", "speakers.jsonl", "labels.jsonl")
_COLUMNS = ("variable", "n_articles", "n_units", "seed", "value", "low", "high", "n_scored",
            "excluded_reason")  # fmt: skip


def measure_learning_curve(
    variable: str | Sequence[str],
    *,
    data: Path | str,
    out: Path | str,
    seed: int,
    codebook: Path | str | None = None,
    method: Method | None = None,
    config: Path | str | None = None,
    split: str | None = None,
    sizes: Sequence[int] = (),
    draws: int = 1,
    progress: Progress | None = None,
) -> Step:
    """Train on more and more articles, and score each time on the same ones.

    Scores are on the part "validation" (by which fine-tuning is stopped and calibrated, too);
    where the articles name no parts, on a quarter of the events, drawn and kept apart. A run that
    was killed goes on when it is started again.

    Args:
        variable: As `train_classifier` takes it, like the arguments of the same names.
        data: Folder of coded articles.
        out: Folder for learning_curve.csv, figures/learning_curve_VARIABLE, trials.jsonl and
            run.json.
        seed: Of everything; articles of a smaller training lie inside those of a larger one.
        codebook: File; the shipped one when absent.
        method: "frozen" when absent, or what `config` says.
        config: TOML file of a `FineTuning`.
        split: Column that names the parts; "split" when absent, if there is one.
        sizes: Numbers of training articles; see `curve_sizes` when empty.
        draws: How many draws of articles (seeds) for each size.
        progress: Called with steps done and steps in all.

    Returns:
        `results["variables"]`: rows of learning_curve.csv by variable; notes say whether the
        curve still rises at its end.

    Raises:
        DataError: The data are wrong, or too few for any size.
    """
    data, out, book = Path(data), Path(out), load_codebook(codebook)
    names = (variable,) if isinstance(variable, str) else tuple(variable)
    told = FineTuning() if config is None else read_config(config, FineTuning)
    chosen: Method = method or ("frozen" if config is None else told.method)
    arguments = {
        "variable": names[0] if len(names) == 1 else list(names),
        "data": str(data),
        "codebook": None if codebook is None else str(codebook),
        "method": method,
        "config": None if config is None else str(config),
        "split": split,
        "sizes": list(sizes),
        "draws": draws,
    }
    run = begin_run("curve", arguments, out, seed=seed)
    given = [data / "articles.jsonl", *(data / name for name in _FILES)]
    run.inputs.update({path.as_posix(): file_sha256(path) for path in given})
    if config is not None:
        run.inputs[Path(config).as_posix()] = file_sha256(Path(config))
    work = out / "work"
    folder, column = _in_parts(data, work, split, seed)
    n_train = sum(
        a.group.get(column) == "train" for a in read_jsonl(folder / "articles.jsonl", Article)
    )
    trials = Trials(folder, work, out / "trials.jsonl", codebook=book, seed=seed, progress=progress)
    fixed = ScoredUnits(name="validation", folder=folder, part="validation")
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for n, draw in itertools.product(sizes or curve_sizes(n_train), range(draws)):
        trial = Trial(
            name=chosen,
            method=chosen,
            variables=names,
            seed=seed + draw,
            split=column,
            n_articles=n,
            config=told,
        )
        for name in names:
            one = trial if chosen != "frozen" else dataclasses.replace(trial, variables=(name,))
            rows[name].append(_row(trials, one, name, fixed))
    if all(row["value"] is None for of in rows.values() for row in of):
        reasons = sorted({row["excluded_reason"] for of in rows.values() for row in of})
        raise DataError(f"learning curve of {' and '.join(names)}: no size can be trained on: "
                        f"{reasons[-1]}")  # fmt: skip
    files = [out / CURVE, *_draw(rows, out / "figures")]
    with replace_file(out / CURVE) as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for of in rows.values() for row in of)
    run.results.update(codebook=book.digest, variables=rows)
    shutil.rmtree(work)
    (out / "trials.jsonl").unlink(missing_ok=True)
    end_run(run, out, files)
    return Step(
        folder=out,
        files=tuple(files),
        inputs=run.inputs,
        results=run.results,
        notes=tuple(note for name, of in rows.items() for note in _notes(name, of)),
    )


def curve_sizes(n_train: int) -> list[int]:
    """Numbers of training articles: 10, 20, 40, ... and all; a last step below 1.3 is left out."""
    sizes = [_FIRST * 2**k for k in range(20) if _FIRST * 2**k * 1.3 <= n_train]
    return [*sizes, n_train]


def _in_parts(data: Path, work: Path, split: str | None, seed: int) -> tuple[Path, str]:
    """The data and the column that names their parts, with parts drawn where there are none."""
    articles = read_jsonl(data / "articles.jsonl", Article)
    column = split or "split"
    if split is not None or any(column in article.group for article in articles):
        found = {article.group.get(column) for article in articles}
        if not {"train", "validation"} <= found:
            raise DataError(
                f"{data / 'articles.jsonl'}: {column!r} names no part train and validation; name "
                "another column with --split, or give data without parts"
            )
        return data, column
    events = {a.id: a.group.get("event") or a.id for a in articles}
    order = sorted(set(events.values()))
    rng = np.random.default_rng(seed)
    n_apart = max(2, round(_HELD_OUT * len(order)))
    apart = {order[i] for i in rng.permutation(len(order))[:n_apart]}
    folder = work / "parts"
    write_jsonl(
        folder / "articles.jsonl",
        (
            dataclasses.replace(
                a,
                group={**a.group, column: "validation" if events[a.id] in apart else "train"},
            )
            for a in articles
        ),
    )
    for name in _FILES:
        shutil.copyfile(data / name, folder / name)
    return folder, column


def _row(trials: Trials, trial: Trial, variable: str, fixed: ScoredUnits) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    row |= {"variable": variable, "n_articles": trial.n_articles, "seed": trial.seed}
    try:
        (found,) = trials.run(trial, variable, [fixed])
    except DataError as error:  # too few, or of one category: a row that says so
        return {**row, "excluded_reason": str(error)}
    score = found["scores"]["macro_f1"]
    return {
        **row,
        "n_units": found["n_train_units"],
        "value": score["value"],
        "low": score["low"],
        "high": score["high"],
        "n_scored": found["scores"]["n"],
        "excluded_reason": "",
    }


def _draw(rows: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> list[Path]:
    files = []
    for name, of in rows.items():
        points = [
            CurvePoint(row["n_articles"], row["value"], row["low"], row["high"])
            for row in of
            if row["value"] is not None
        ]
        if points:
            figure, ax = new_figure(8)
            plot_learning_curve({name: points}, ax=ax, score=f"Macro-F1 of {name}")
            files += save_figure(figure, folder / f"learning_curve_{name}")
    return files


def _notes(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the curve says to somebody who asks whether to label more."""
    for row in rows:
        if row["excluded_reason"]:
            yield f"{name}, {row['n_articles']} articles: {row['excluded_reason']}"
    scored = [row for row in rows if row["value"] is not None]
    sizes = sorted({row["n_articles"] for row in scored})
    means = {
        n: float(np.mean([row["value"] for row in scored if row["n_articles"] == n])) for n in sizes
    }
    if len(sizes) < 2:
        yield f"{name}: one size could be trained on, which makes no curve; label more articles."
        return
    before, last = sizes[-2:]
    gain = means[last] - means[before]
    ends = [(row["low"], row["high"]) for row in rows if row["n_articles"] == last]
    width = max((high - low for low, high in ends if low is not None), default=0.0)
    said = (
        f"{name}: macro-F1 {means[before]:.2f} trained on {before} articles and {means[last]:.2f} "
        f"on {last}"
    )
    if gain > 0.01:
        yield f"{said}: still rising, so that more labelled articles should help."
    else:
        yield f"{said}: no longer rising; other inputs or definitions may help more than articles."
    if width > 0.2:
        yield (
            f"{name}: the interval of the last point is {width:.2f} wide, so the articles scored "
            "on are too few to tell; label more before relying on the curve."
        )
