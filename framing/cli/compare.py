"""`framing compare`: groups of articles."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import (
    BookOption,
    LevelOption,
    ModelOption,
    QuietOption,
    SeedOption,
    TargetOption,
)
from framing.cli.terminal import progress_bar, show_step

__all__ = ["compare"]


def compare(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of framing extract.")],
    *,
    by: Annotated[
        str,
        typer.Option(metavar="KEY", help="outlet, month, year, or a column of the data: lean, ..."),
    ],
    gold: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Articles of FOLDER that people have coded."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder to write; the standard output when absent."),
    ] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="role, stance, ...; repeatable. Without it, all."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(metavar="GROUP", help="Compare the others with this one, not all pairs."),
    ] = None,
    model: ModelOption = None,
    target: TargetOption = "",
    level: LevelOption = 0.95,
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Compare outlets, leans or months, corrected for errors.

    Shares of each group and their differences, with confidence intervals. Counting what a
    classifier says is biased, so the numbers are corrected by articles that people have coded
    (--gold: every quote in them, with adjudicated labels). Groups without coded articles borrow
    the errors of the others, and the table says so. Without any there is no corrected value.

    Examples:
      framing compare work --by outlet --gold coded --out outlets
      framing compare work --by lean --reference center --variable stance --gold coded
    """
    from framing.pipeline.comparison import compare_corpus, write_comparisons

    with progress_bar(quiet=quiet) as progress:
        step, rows = compare_corpus(
            folder,
            by=by,
            seed=seed,
            gold=gold,
            out=out,
            variables=variable or (),
            reference=reference,
            models=model or (),
            target=target,
            level=level,
            codebook=codebook,
            progress=progress,
        )
    if out is None:
        write_comparisons(sys.stdout, rows)
    found = step.results
    wrote = f" Wrote {step.files[0]}" if step.files else ""
    show_step(
        step,
        f"{found['articles']:,} articles ({found['articles_coded']:,} coded) in "
        f"{len(found['groups']):,} groups; {found['rows_excluded']:,} of {found['rows']:,} rows "
        f"have no corrected value, with the reason.{wrote}",
        quiet=quiet,
    )
