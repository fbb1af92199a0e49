"""`framing dataset next` and `gather`: what to label next, and what came of it."""

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import BookOption, QuietOption, SeedOption
from framing.cli.terminal import show_step
from framing.errors import count

__all__ = ["gather", "next_"]


def next_(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Of framing extract (and predict).")
    ],
    *,
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, help="How many to draw.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New folder to write.")],
    by: Annotated[
        str,
        typer.Option(metavar="NAME", help="random, or uncertainty: more often where a model is."),
    ] = "random",
    unit: Annotated[
        str, typer.Option(metavar="NAME", help="What is drawn: article, quote or speaker.")
    ] = "article",
    variable: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose labels and predictions count; all without it."),
    ] = None,
    mix: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="With --by uncertainty, the share that is drawn with equal chances; 0.5 without.",
        ),
    ] = None,
    coded: Annotated[
        list[Path] | None,
        typer.Option(
            "--coded",
            metavar="FOLDER",
            help="What is labelled there is not drawn again; repeatable.",
        ),
    ] = None,
    seed: SeedOption,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw what to label next, with known probabilities.

    Writes a folder for framing export, with draw.jsonl (the probability of each unit) and
    README.md, which says what estimates stay valid: after a random draw plain shares, after one by
    uncertainty only weighted ones. Whole articles serve framing compare --gold; single quotes or
    speakers serve training.

    Examples:
      framing dataset next work --n 30 --seed 1 --out todo
      framing dataset next work --n 100 --by uncertainty --unit quote --variable stance --seed 1
    --coded gathered --out todo2
      framing export todo --format xlsx --coders ada --out sheets
    """
    if by == "random" and mix is not None:
        raise typer.BadParameter(
            f"--mix {mix:g}: a random draw has none; give it with --by uncertainty, or leave it out"
        )
    from framing.pipeline.label_draws import draw_next

    step = draw_next(
        folder,
        n=n,
        out=out,
        seed=seed,
        by=by,  # type: ignore[arg-type]  # checked there, with what is accepted
        unit=unit,  # type: ignore[arg-type]
        variable=variable,
        mix=mix,
        coded=coded or (),
        codebook=codebook,
    )
    show_step(step, f"{count(step.results['drawn'], unit)} to label. Wrote {out}", quiet=quiet)


def gather(
    coded: Annotated[
        Path, typer.Argument(metavar="CODED", help="What framing import wrote of the draw.")
    ],
    *,
    draw: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Of framing dataset next, as it was coded.")
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New folder to write.")],
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FOLDER", help="Gathered before; repeatable."),
    ] = None,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Give labels of a draw their probabilities, and put them together with earlier ones.

    The folder can be trained on, compared with (--gold) and, with --coded, left out of the next
    draw. What coders were shown is kept in suggestions.jsonl.

    Examples:
      framing dataset gather back --draw todo --out gathered
      framing dataset gather back2 --draw todo2 --with gathered --out gathered2
    """
    from framing.pipeline.gathered_codings import gather_codings

    step = gather_codings(coded, draw=draw, out=out, earlier=earlier or (), codebook=codebook)
    found = step.results
    show_step(
        step,
        f"{count(found['labels'], 'label')} in {count(found['articles'], 'article')}. Wrote {out}",
        quiet=quiet,
    )
