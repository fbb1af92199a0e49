"""`framing report`: the main job."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import (
    BookOption,
    ExtractorOption,
    InputsArgument,
    LevelOption,
    ModelOption,
    QuietOption,
    SeedOption,
    TargetOption,
)
from framing.cli.terminal import progress_bar, show_step
from framing.errors import count

__all__ = ["report"]


def report(
    inputs: InputsArgument,
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder to write.")],
    target: TargetOption = "",
    extractor: ExtractorOption = "tagger",
    model: ModelOption = None,
    seed: SeedOption = 0,
    level: LevelOption = 0.9,
    no_text: Annotated[
        bool,
        typer.Option("--no-text", help="Leave out the words of the articles, for sharing."),
    ] = False,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Write the report: who speaks, which side they take, how balanced it is.

    Writes index.html (open it in any browser), balance.csv and balance.jsonl (every number),
    predictions.jsonl, figures/, tables/ and run.json. The folder records/ holds what was
    extracted: correct it and report on it again. INPUT may be such a folder, alone.

    Examples:
      framing report news/*.txt --target "the ceasefire" --out ceasefire
      framing report ceasefire/records --out corrected
      framing report articles.csv --model my-stance-model --level 0.95 --out first
      framing report news/ --no-text --out for-sharing
    """
    from framing.pipeline import report_corpus

    with progress_bar(quiet=quiet) as progress:
        step = report_corpus(
            inputs,
            out=out,
            seed=seed,
            target=target,
            extractor=extractor,
            models=model or (),
            level=level,
            include_text=not no_text,
            codebook=codebook,
            progress=progress,
        )
    found = step.results
    missing = found["articles"] - found["articles_measured"]
    unmeasured = f", {count(missing, 'article')} not measured (why: see the page)" * bool(missing)
    show_step(
        step,
        f"{count(found['articles'], 'article')}, {count(found['quotes'], 'quote')}, "
        f"{count(found['speakers'], 'speaker')}; {count(found['articles_excluded'], 'article')} "
        f"left out{unmeasured}. Wrote {out / 'index.html'}",
        quiet=quiet,
    )
