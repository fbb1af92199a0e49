"""`framing export` and `framing import`: other coding tools."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from framing.cli.options import BookOption, QuietOption, SeedOption
from framing.cli.terminal import show_step
from framing.errors import count

__all__ = ["export", "import_"]

_RECORDS = {"articles": "article", "quotes": "quote", "speakers": "speaker", "labels": "label"}


def _print_formats(wanted: bool) -> None:
    if not wanted:
        return
    from framing.dataset.exchange import FACETS, FORMATS

    for form in FORMATS.values():
        print(f"{form.name}: {form.summary}")
        for facet in FACETS:
            one = form.survival[facet]
            if one.limit or one.where != "file":
                kept = {"file": "kept", "source": "from --data", "lost": "lost"}[one.where]
                print(f"  {facet}: {kept}{f', {one.limit}' if one.limit else ''}")
    print("What is not listed under a format stands in its files and comes back from them.")
    raise typer.Exit


FormatOption = Annotated[
    str, typer.Option("--format", metavar="NAME", help="Of the tool; see framing export --formats.")
]
CodersOption = Annotated[
    str, typer.Option("--coders", metavar="A,B", help="Coders, each with a file of their own.")
]


def export(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="Folder of framing extract, hydrate or import, or coded by hand."
        ),
    ],
    *,
    format_: FormatOption,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New folder to write.")],
    coders: CodersOption = "",
    suggest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="predictions.jsonl to show to coders. Without it they see none; what they saw "
            "is kept beside their labels.",
        ),
    ] = None,
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
    formats: Annotated[
        bool,
        typer.Option(
            "--formats",
            callback=_print_formats,
            is_eager=True,
            help="Print the formats with what does not survive in each, and exit.",
        ),
    ] = False,
) -> None:
    """Write coded articles in the format of another tool.

    With --coders, each coder has a file of their own, with the units of SOURCE/coders/NAME where
    that is there, and sees nobody else's labels. What the format cannot hold is counted, and
    listed in losses.jsonl.

    Examples:
      framing export --formats
      framing export work --format csv --out tables
      framing export work --format csv --coders ada,ben --out sheets
    """
    del formats  # was printed, if wanted
    from framing.pipeline.exchange import export_corpus

    step = export_corpus(
        source,
        format=format_,
        out=out,
        seed=seed,
        coders=_names(coders),
        suggest=suggest,
        codebook=codebook,
    )
    show_step(step, f"{_counted(step.results['exported'])}. Wrote {out}", quiet=quiet)


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="Folder of framing export, or one file or folder of the tool."
        ),
    ],
    *,
    format_: FormatOption,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New folder to write.")],
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="SOURCE",
            help="The folder that was exported: texts have to be the same, labels get the "
            "probability with which their unit was drawn, and what found the quotes is kept.",
        ),
    ] = None,
    coders: CodersOption = "",
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Read what another tool gives back.

    Everything is checked before anything is written. Each coder has FOLDER/coders/NAME, with
    articles, quotes, speakers and labels as framing agreement, report and train read them;
    without coders these lie in FOLDER.

    Examples:
      framing import tables --format csv --data work --out back
      framing import sheets --format csv --data work --out coded
      framing agreement coded/coders/ada coded/coders/ben
    """
    from framing.pipeline.exchange import import_corpus

    step = import_corpus(
        path, format=format_, out=out, data=data, coders=_names(coders), codebook=codebook
    )
    show_step(step, f"{_counted(step.results['imported'])}. Wrote {out}", quiet=quiet)


def _names(coders: str) -> list[str]:
    return [name.strip() for name in coders.split(",") if name.strip()]


def _counted(counts: Mapping[str, Mapping[str, Any]]) -> str:
    return "\n".join(  # a line for each coder
        f"{name}: {', '.join(count(of[key], noun) for key, noun in _RECORDS.items())}"
        for name, of in counts.items()
    )
