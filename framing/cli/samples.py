"""`framing samples`: articles to try everything on."""

import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import QuietOption
from framing.cli.terminal import tell
from framing.errors import DataError
from framing.jsonl import replace_file

__all__ = ["samples"]


def samples(
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write; the standard output when absent."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Write out the sample articles.

    They were written for this project: every event, place, person and word in them is invented.
    JSON Lines, one article a line.

    Examples:
      framing samples --out samples.jsonl
      framing samples | framing report - --out first
    """
    text = (resources.files("framing") / "samples" / "articles.jsonl").read_text(encoding="utf-8")
    if out is None:
        sys.stdout.write(text)
        return
    if out.is_dir():
        raise DataError(f"--out {out}: a folder; give a file, such as {out / 'samples.jsonl'}")
    with replace_file(out) as file:
        file.write(text)
    tell(f"{text.count(chr(10))} articles. Wrote {out}", quiet=quiet)
