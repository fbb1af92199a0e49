"""`framing reproduce`: a recorded run again."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import QuietOption
from framing.cli.terminal import progress_bar, tell

__all__ = ["reproduce"]


def reproduce(
    record: Annotated[
        Path, typer.Argument(metavar="RUN.JSON", help="Run record of any framing command.")
    ],
    *,
    quiet: QuietOption = False,
) -> None:
    """Run a recorded command again and say what differs.

    Compares bytes and numbers. It runs into a temporary folder, from the paths that the record
    names, so start it where the first run was started. The exit code is 0 when all is the same,
    1 when anything differs.

    Examples:
      framing reproduce ceasefire/run.json
      framing reproduce work/runs/extract.json
    """
    from framing.pipeline.reproduction import reproduce_run

    with progress_bar(quiet=quiet) as progress:
        found = reproduce_run(record, progress=progress)
    for line in found.differences:
        print(line)
    if found.differences:
        tell(
            *(f"note: {line}" for line in found.circumstances),
            f"{len(found.differences)} differences from {record}",
            quiet=quiet,
        )
        raise typer.Exit(1)
    tell(f"The same: {found.n_files} files of framing {found.command}, byte for byte", quiet=quiet)
