"""`framing codebook`: show and check a codebook."""

import sys
import textwrap
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import QuietOption
from framing.cli.terminal import tell
from framing.codebook import Codebook, Variable, load_codebook

__all__ = ["codebook"]


def codebook(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Codebook in TOML; the one of framing when absent."),
    ] = None,
    *,
    brought: Annotated[
        Path | None, typer.Option("--codebook", metavar="FILE", help="The same as [FILE].")
    ] = None,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print the file itself, to write your own from.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Show a codebook, and check it on the way.

    A codebook names the variables (such as stance), their categories, and the words that define
    them. A model is of one codebook: with a codebook of your own, train a model under it.

    Examples:
      framing codebook
      framing codebook --toml > mine.toml
      framing codebook mine.toml
    """
    if file is not None and brought is not None:
        raise typer.BadParameter(f"{file} and --codebook {brought}: give one")
    path = file or brought
    found = load_codebook(path)
    if toml:
        shipped = resources.files("framing") / "codebooks" / "framing.toml"
        source = shipped.read_bytes() if path is None else path.read_bytes()
        sys.stdout.write(source.decode("utf-8-sig"))
        return
    print(_shown(found))
    tell(f"{path or 'The codebook of framing'} is a codebook without mistakes.", quiet=quiet)


def _shown(book: Codebook) -> str:
    parts = [
        f"{book.name} {book.version}: {book.title}".rstrip(": "),
        f"digest {book.digest}",
        *(f"\n{_variable(variable)}" for variable in book.variables),
    ]
    return "\n".join(parts)


def _variable(variable: Variable) -> str:
    lines = [f"{variable.name} (of every {variable.unit})", _wrapped(variable.question, 2)]
    for category in variable.categories:
        sides = {variable.positive: "positive", variable.negative: "negative"}
        marks = [sides[category.name]] if category.name in sides else []
        marks += ["neutral"] * (category.name in variable.neutral)
        marks += ["default"] * (category.name == variable.default)
        mark = f" [{', '.join(marks)}]" if marks else ""
        lines.append(_wrapped(f"{category.name}{mark}: {category.definition}", 4))
    for name, members in variable.aggregates:
        lines.append(_wrapped(f"{name} = {' + '.join(members)}", 4))
    return "\n".join(lines)


def _wrapped(text: str, indent: int) -> str:
    return textwrap.fill(
        text, width=96, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2)
    )
