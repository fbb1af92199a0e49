"""`framing evaluate`: models against labels."""

from pathlib import Path
from typing import Annotated, Any

import typer

from framing.cli.options import BookOption, QuietOption, SeedOption
from framing.cli.terminal import tell

__all__ = ["evaluate"]


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Coded articles: articles.jsonl, quotes.jsonl, speakers.jsonl, labels.jsonl.",
        ),
    ],
    *,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            metavar="FOLDER",
            help="Folder of a trained model, small for the small ones that come with framing, "
            "or majority or tfidf for a baseline; repeatable. Without it, the models that come "
            "with framing.",
        ),
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only articles of this part: train, validation, test."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column of the articles that names the parts."),
    ] = None,
    headline: Annotated[
        bool, typer.Option("--headline", help="Let the headline stand in for every target.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder for scores.json, .csv and .tex, figures and run.json, if wanted.",
        ),
    ] = None,
    card: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Put the scores into the cards of the fine-tuned models too, as those on NAME.",
        ),
    ] = "",
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Score models against labels given by hand.

    Prints macro-F1, accuracy and calibration with 95 % intervals from a bootstrap over articles,
    and precision, recall and F1 of each category. An article that a model was trained on is
    predicted by a fold that did not see it, or refused where there is none. Baselines learn from
    the part train when --part is given, and are cross-validated otherwise.

    Examples:
      framing evaluate coded
      framing evaluate coded --model my-stance-model --out scores
      framing evaluate hydrated --part test --model tfidf --model my-model --model my-ensemble
    """
    from framing.pipeline import evaluate_models

    step = evaluate_models(
        folder, seed=seed, out=out, models=model or (), codebook=codebook, part=part, split=split,
        headline=headline, card=card,
    )  # fmt: skip
    for variable, by_model in step.results["scores"].items():
        print(_table(variable, by_model))
    tell(*(f"note: {note}" for note in step.notes), quiet=quiet)
    if out is not None:
        tell(f"Wrote {out}", quiet=quiet)


def _table(variable: str, by_model: dict[str, dict[str, Any]]) -> str:
    from framing.pipeline.score_tables import MEASURES

    first = next(iter(by_model.values()))
    width = max(24, *(len(model) + 2 for model in by_model))
    lines = [
        f"{variable}: {first['n']:,} units of {first['n_articles']:,} articles "
        f"({first['level']:.0%} intervals)",
        f"  {'':{width}}" + "".join(f"{name:>22}" for _, name in MEASURES),
    ]
    for model, scores in by_model.items():
        cells = "".join(f"{_interval(scores[key]):>22}" for key, _ in MEASURES)
        lines.append(f"  {model:{width}}{cells}")
    for model, scores in by_model.items():
        if before := scores.get("uncalibrated"):
            each = [f"{name} {_number(before[key])}" for key, name in MEASURES if key in before]
            lines.append(f"  {model}: before its calibration, {', '.join(each)}")
    for model, scores in by_model.items():
        if better := scores.get("better_than_first"):
            lines.append(
                f"  {model}: macro-F1 {_interval(better)} above {next(iter(by_model))}, "
                f"p {better['p']}"
            )
    for model, scores in by_model.items():
        lines.append(f"  {model:{width}}{'prec.':>8}{'recall':>8}{'F1':>8}{'n':>8}")
        for name, row in scores["by_category"].items():
            cells = "".join(f"{_number(row[key]):>8}" for key in ("precision", "recall", "f1"))
            lines.append(f"    {name:{width - 2}}{cells}{row['n']:>8,}")
    return "\n".join(lines) + "\n"


def _interval(score: dict[str, float | None]) -> str:
    return f"{_number(score['value'])} [{_number(score['low'])}, {_number(score['high'])}]"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
