"""`framing adjudicate`: one coding from several."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import BookOption, QuietOption
from framing.cli.terminal import show_step
from framing.errors import count

__all__ = ["adjudicate"]


def adjudicate(
    codings: Annotated[
        list[Path],
        typer.Argument(
            metavar="CODING",
            help="Folders of one coder each, two or more, as framing agreement reads them.",
        ),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="New folder for adjudication.xlsx, or for the gold labels."
        ),
    ],
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The workbook, filled in: gold labels are made from it."),
    ] = None,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    r"""Decide where coders differ, and make gold labels of it.

    First without --decisions: writes a workbook with every quote and speaker on which coders
    differ, side by side, to decide and say why. Then with it, and the same codings: writes a
    folder with labels by "adjudicated", which framing agreement --against, train, evaluate and
    report read; decisions.jsonl there keeps each decision with its reason. All is checked, and
    what is wrong or undecided is told by cell, before anything is written.

    Examples:
      framing adjudicate coded/coders/ada coded/coders/ben --out differences
      framing adjudicate coded/coders/ada coded/coders/ben \
        --decisions differences/adjudication.xlsx --out gold
    """
    from framing.pipeline.adjudication import adjudicate_codings

    step = adjudicate_codings(codings, out=out, decisions=decisions, codebook=codebook)
    found = step.results
    if decisions is None:
        what = ", ".join(f"{n:,} × {what}" for what, n in found["differing"].items()) or "nothing"
        done = f"{count(found['articles'], 'article')} coded more than once. To decide: {what}"
    else:
        gold = found["gold"]
        done = (
            f"{count(found['decided'], 'decision')}: {count(gold['quotes'], 'quote')}, "
            f"{count(gold['speakers'], 'speaker')}, {count(gold['labels'], 'label')}"
        )
    show_step(step, f"{done}. Wrote {out}", quiet=quiet)
