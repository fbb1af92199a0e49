"""`framing evaluate`: models against labels."""

from pathlib import Path
from typing import Annotated, Any

import typer

from framing.cli.options import BookOption, ModelOption, QuietOption, SeedOption
from framing.cli.terminal import tell

__all__ = ["evaluate"]

_ROWS = (
    ("macro_f1", "macro-F1"),
    ("accuracy", "accuracy"),
    ("log_loss", "log loss"),
    ("brier", "Brier score"),
    ("ece", "calibration error"),
)


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Coded articles: articles.jsonl, quotes.jsonl, speakers.jsonl, labels.jsonl.",
        ),
    ],
    *,
    model: ModelOption = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder for scores.json and run.json, if wanted."),
    ] = None,
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Score models against labels given by hand.

    Prints macro-F1, accuracy and calibration with 95 % intervals from a bootstrap over articles,
    and precision, recall and F1 of each category. An article that a model was trained on is
    predicted by a fold that did not see it.

    Examples:
      framing evaluate coded
      framing evaluate coded --model my-stance-model --out scores
    """
    from framing.pipeline import evaluate_models

    step = evaluate_models(folder, seed=seed, out=out, models=model or (), codebook=codebook)
    for variable, scores in step.results["scores"].items():
        print(_table(variable, scores))
    tell(*(f"note: {note}" for note in step.notes), quiet=quiet)
    if out is not None:
        tell(f"Wrote {out}", quiet=quiet)


def _table(variable: str, scores: dict[str, Any]) -> str:
    lines = [
        f"{variable}: {scores['model']} on {scores['n']:,} units of "
        f"{scores['n_articles']:,} articles",
        f"  {'':24}{'value':>8}{'low':>8}{'high':>8}   ({scores['level']:.0%} interval)",
    ]
    for key, name in _ROWS:
        row = scores[key]
        cells = "".join(f"{_number(row[end]):>8}" for end in ("value", "low", "high"))
        lines.append(f"  {name:24}{cells}")
    lines.append(f"  {'category':24}{'prec.':>8}{'recall':>8}{'F1':>8}{'n':>8}")
    for name, row in scores["by_category"].items():
        cells = "".join(f"{_number(row[key]):>8}" for key in ("precision", "recall", "f1"))
        lines.append(f"  {name:24}{cells}{row['n']:>8,}")
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
