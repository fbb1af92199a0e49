"""`framing train`: classifiers from coded articles."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import BookOption, QuietOption, SeedOption
from framing.cli.terminal import show_step

__all__ = ["train"]


def train(
    variable: Annotated[
        str, typer.Argument(metavar="VARIABLE", help="role, stance, or a variable of --codebook.")
    ],
    *,
    data: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Coded articles: articles.jsonl, quotes.jsonl, speakers.jsonl, labels.jsonl.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder of the model.")],
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Train a classifier on articles that people have coded.

    Writes model.safetensors, model.json, README.md (the model card, with cross-validated
    scores) and run.json. Give the folder to predict, report or evaluate with --model.

    Examples:
      framing train stance --data coded --out my-stance-model
      framing train tone --codebook tone.toml --data coded --out my-tone-model --seed 7
    """
    from framing.pipeline import train_classifier

    step = train_classifier(variable, data=data, out=out, seed=seed, codebook=codebook)
    macro = step.results["scores"]["macro_f1"]
    show_step(
        step,
        f"{step.results['model']}: macro-F1 {macro['value']} on {step.results['units']:,} units of "
        f"{step.results['articles']:,} articles, cross-validated. Wrote {out}",
        quiet=quiet,
    )
