"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "BookOption",
    "ExtractorOption",
    "InputsArgument",
    "LevelOption",
    "ModelOption",
    "QuietOption",
    "SeedOption",
    "TargetOption",
]

InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Articles: files (txt, md, html, jsonl, json, csv, tsv, parquet), folders, globs, "
        "or - for the standard input.",
    ),
]
TargetOption = Annotated[
    str,
    typer.Option(
        metavar="TEXT",
        help="What stance is measured toward, in articles whose data name no target. Without "
        "it, the headline stands in.",
    ),
]
ExtractorOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="What finds the quotes: tagger (learned, finds more), rules (ten times as fast), or "
        "a folder of framing train extractor.",
    ),
]
ModelOption = Annotated[
    list[str] | None,  # a Path would make small of ./small
    typer.Option(
        "--model",
        metavar="FOLDER",
        help="Folder of a trained model, or of several; small for the small ones that come with "
        "framing (several times as fast, less often right); repeatable. Without it, the models "
        "that come with framing.",
    ),
]
BookOption = Annotated[
    Path | None,
    typer.Option(
        "--codebook",
        metavar="FILE",
        help="Codebook in TOML (see: framing codebook). Without it, the one that comes with "
        "framing.",
    ),
]
SeedOption = Annotated[int, typer.Option(metavar="N", min=0, help="Seed of every draw.")]
LevelOption = Annotated[
    float, typer.Option(metavar="SHARE", help="Level of the intervals, between 0 and 1.")
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Say nothing on the standard error but errors.")
]
