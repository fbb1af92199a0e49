"""`framing predict`: roles of speakers and stances of quotes."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import BookOption, ModelOption, QuietOption, TargetOption
from framing.cli.terminal import progress_bar, show_step
from framing.errors import count

__all__ = ["predict"]


def predict(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of framing extract.")],
    *,
    model: ModelOption = None,
    target: TargetOption = "",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to write; FOLDER itself when absent."),
    ] = None,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Predict roles of speakers and stances of quotes.

    Writes predictions.jsonl: a probability for each category. Articles that the model was
    trained on are predicted by a fold that did not see them, and marked so. The record of
    framing extract is kept as runs/extract.json; run.json is the record of the last command.

    Examples:
      framing predict work --target "the ceasefire"
      framing predict work --model my-role-model --model my-stance-model
    """
    from framing.pipeline import predict_corpus

    with progress_bar(quiet=quiet) as progress:
        step = predict_corpus(
            folder,
            out=out,
            models=model or (),
            target=target,
            codebook=codebook,
            progress=progress,
        )
    left_out = len(step.results["articles_excluded"])
    have = count(left_out, "article has", "articles have")
    without = f" {have} none, for want of a target." if left_out else ""
    show_step(
        step,
        f"{step.results['predictions']:,} predictions.{without} Wrote {step.files[0]}",
        quiet=quiet,
    )
