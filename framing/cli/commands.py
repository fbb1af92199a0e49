"""All commands together, and what `framing --help` says."""

import inspect
from collections.abc import Callable
from typing import Annotated

import typer

from framing.cli.adjudicate import adjudicate
from framing.cli.agreement import agreement
from framing.cli.codebook import codebook
from framing.cli.compare import compare
from framing.cli.dataset import DATASET_COMMANDS, DATASET_HELP
from framing.cli.evaluate import evaluate
from framing.cli.exchange import export, import_
from framing.cli.extract import extract
from framing.cli.label_studio import LABEL_STUDIO_COMMANDS, LABEL_STUDIO_HELP
from framing.cli.predict import predict
from framing.cli.report import report
from framing.cli.reproduce import reproduce
from framing.cli.samples import samples
from framing.cli.train import train

__all__ = ["app"]

_EPILOG = """\b
First steps:
  framing samples --out samples.jsonl        sixteen invented articles to try it on
  framing report samples.jsonl --out first   then open first/index.html
  framing report news/*.txt --target "the ceasefire" --out ceasefire

\b
Step by step, with corrections by hand in between:
  framing extract news/ --out work
  framing predict work --target "the ceasefire"
  framing report work --out ceasefire

Help on one command, with examples: framing COMMAND --help
"""

app = typer.Typer(
    name="framing",
    help="Who speaks in the news, which side they take, and how balanced each article is.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        import importlib.metadata

        print(f"framing {importlib.metadata.version('framing')}")
        raise typer.Exit


@app.callback()
def _all(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print it and exit."
        ),
    ] = False,
) -> None:
    """Who speaks in the news, which side they take, and how balanced each article is."""


def _help(command: Callable[..., None]) -> str:
    """The docstring, with the mark before its examples that keeps their lines."""
    return inspect.cleandoc(command.__doc__ or "").replace("\nExamples:", "\n\b\nExamples:")


for _command in (
    report, extract, predict, compare, train, evaluate, agreement, adjudicate, export, import_,
    reproduce, samples, codebook,
):  # fmt: skip
    app.command(_command.__name__.rstrip("_"), help=_help(_command))(_command)

for _group, _commands, _about in (
    ("dataset", DATASET_COMMANDS, DATASET_HELP),
    ("label-studio", LABEL_STUDIO_COMMANDS, LABEL_STUDIO_HELP),
):
    _typer = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for _name, _command in _commands.items():
        _typer.command(_name, help=_help(_command))(_command)
    app.add_typer(_typer, name=_group, help=_about)
