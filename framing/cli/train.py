"""`framing train`: classifiers from coded articles."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from framing.cli.options import BookOption, QuietOption, SeedOption
from framing.cli.terminal import progress_bar, show_step

__all__ = ["train"]

T = TypeVar("T")


def train(
    variables: Annotated[
        list[str],
        typer.Argument(
            metavar="VARIABLE",
            help="role, stance, or a variable of --codebook (several share one encoder); or "
            "extractor.",
        ),
    ],
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Coded articles: articles.jsonl, quotes.jsonl, speakers.jsonl, labels.jsonl.",
        ),
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=PATH",
            help="For an extractor: annotations=FOLDER (of framing dataset hydrate) or "
            "polnear=FOLDER (of the corpus).",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder of the model.")],
    method: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="frozen (embeddings and a regression), lora (fine-tunes an adapter) or full "
            "(fine-tunes all weights). Without it, what --config says, else frozen.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="How to fine-tune, in TOML; an unknown key is refused."),
    ] = None,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=1, help="Train that many, for an ensemble.")
    ] = 1,
    split: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Column of the articles that names the parts train, validation and test: split, "
            "outlet_held_out or later_years after framing dataset hydrate.",
        ),
    ] = None,
    learning_curve: Annotated[
        bool,
        typer.Option(
            "--learning-curve",
            help="Train on 10, 20, 40, ... articles, too, and draw the scores (learning_curve/).",
        ),
    ] = False,
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Train a classifier, or an extractor of quotes, on articles that have been coded.

    Writes the weights, model.json, README.md (the model card, with scores) and run.json. Give the
    folder to predict, report or evaluate with --model. Where the articles name parts, the model
    learns from train, is stopped and calibrated by validation, and never sees test; where they do
    not, cross-validation takes the place of validation. Fine-tuning takes 50 labels or more; if
    it is interrupted, the same command goes on where it was.

    Examples:
      framing train stance --data coded --out my-stance-model
      framing train role stance --data hydrated --out model --method lora --seeds 5
      framing train extractor --corpus annotations=hydrated --out my-tagger
      framing train tone --codebook tone.toml --data coded --out my-tone-model --seed 7
      framing train stance --data coded --out my-stance-model --learning-curve
    """
    from framing.pipeline import train_classifier, train_extractor

    if variables == ["extractor"]:
        curve = learning_curve or None
        _refuse_options(
            data=data, method=method, split=split, codebook=codebook, learning_curve=curve
        )
        with progress_bar(quiet=quiet, lines=True) as progress:
            step = train_extractor(
                _required(corpus, "--corpus"),
                out=out,
                seed=seed,
                config=config,
                seeds=seeds,
                progress=progress,
            )
        f1 = ", ".join(f"{one['content_whole']:.3f}" for one in step.results["scores"])
        said = f"Exact F1 of whole contents {f1} on the articles it was stopped by"
        show_step(step, f"{said}. Wrote {out}", quiet=quiet)
        return
    with progress_bar(quiet=quiet, lines=True) as progress:
        step = train_classifier(
            variables[0] if len(variables) == 1 else variables,
            data=_required(data, "--data"),
            out=out,
            seed=seed,
            codebook=codebook,
            method=method,  # type: ignore[arg-type]  # checked there, with what is accepted
            config=config,
            seeds=seeds,
            split=split,
            progress=progress,
        )
    results = step.results
    of_each = results.get("variables") or {variables[0]: results}
    said = "; ".join(_said(name, one) for name, one in of_each.items())
    show_step(step, f"{results['model']}: {said}. Wrote {out}", quiet=quiet)
    if not learning_curve:
        return
    from framing.pipeline.learning_curves import CURVE, measure_learning_curve

    place = out / "learning_curve"
    with progress_bar(quiet=quiet, lines=True) as progress:
        step = measure_learning_curve(
            variables[0] if len(variables) == 1 else variables,
            data=_required(data, "--data"),
            out=place,
            seed=seed,
            codebook=codebook,
            method=method,  # type: ignore[arg-type]
            config=config,
            split=split,
            progress=progress,
        )
    show_step(step, f"Wrote {place / CURVE}", quiet=quiet)


def _required(value: T | None, option: str) -> T:
    if value is None:
        raise typer.BadParameter(f"give {option}")
    return value


def _refuse_options(**given: object) -> None:
    """An extractor knows one way of training, which --config describes."""
    if refused := [
        f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None
    ]:
        raise typer.BadParameter(f"{', '.join(refused)}: not for an extractor; see --corpus")


def _said(name: str, results: dict[str, Any]) -> str:
    scores = results["scores"]
    return (
        f"{name} macro-F1 {scores['macro_f1']['value']} on {scores['n']:,} held-out units, "
        f"trained on {results['units']:,} of {results['articles']:,} articles"
    )
