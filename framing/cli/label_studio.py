"""`framing label-studio`: coding tasks to a Label Studio server, and back."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import BookOption, QuietOption
from framing.cli.terminal import show_step
from framing.errors import DataError, count

__all__ = ["LABEL_STUDIO_COMMANDS", "LABEL_STUDIO_HELP"]

LABEL_STUDIO_HELP = """Code in Label Studio: start it here, give out projects, fetch what was coded.

The access token (Account & Settings, Personal Access Token) is read from the environment variable
LABEL_STUDIO_API_KEY, and written nowhere.
"""

_TOKEN = "LABEL_STUDIO_API_KEY"
OutOption = Annotated[Path, typer.Option(metavar="FOLDER", help="New folder to write.")]


def start(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where it keeps projects and accounts.")
    ],
    *,
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535)] = 8080,
) -> None:
    """Start Label Studio for this machine alone, until Ctrl+C.

    It listens on 127.0.0.1, keeps all in FOLDER (SQLite), sends nothing to its makers, and
    takes new accounts by invitation only (Organization, Add Members). It is not part of framing:
    python -m venv labelstudio; labelstudio/bin/pip install "label-studio==1.23.*"; then set
    FRAMING_LABEL_STUDIO to labelstudio/bin/label-studio. The first start asks for an account.

    Examples:
      framing label-studio start server
      framing label-studio start server --port 8090
    """
    from framing.pipeline.label_studio_server import start_server

    raise typer.Exit(start_server(folder, port=port))


def push(
    tasks: Annotated[
        Path,
        typer.Argument(
            metavar="TASKS", help="Folder of framing export --format label-studio --coders A,B."
        ),
    ],
    *,
    out: OutOption,
    url: Annotated[str, typer.Option(metavar="URL", help="Of the server.")] = (
        "http://127.0.0.1:8080"
    ),
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """Make a project for each coder on a server.

    A coder opens the project of their name and chooses Label All Tasks. Who has an account can
    open the other projects too, which Label Studio does not prevent.

    Examples:
      framing label-studio push tasks --out projects
      framing label-studio push tasks --out projects --url https://label.example.org
    """
    from framing.pipeline.label_studio import push_projects

    step = push_projects(tasks, url=url, token=_read_token(), out=out, codebook=codebook)
    results = step.results
    done = f"{count(results['projects'], 'project')}, {count(results['articles'], 'article')}"
    show_step(step, f"{done}. Wrote {out}", quiet=quiet)


def pull(
    projects: Annotated[
        Path, typer.Argument(metavar="PROJECTS", help="Folder of framing label-studio push.")
    ],
    *,
    out: OutOption,
    quiet: QuietOption = False,
) -> None:
    """Fetch what coders have done, as files for framing import.

    Examples:
      framing label-studio pull projects --out answers
      framing import answers --format label-studio --data work --coders ada,ben --out coded
    """
    from framing.pipeline.label_studio import pull_projects

    step = pull_projects(projects, token=_read_token(), out=out)
    counts = step.results["pulled"]
    done = "; ".join(f"{coder}: {of['coded']:,} of {count(sum(of.values()), 'article')} coded"
                     for coder, of in counts.items())  # fmt: skip
    show_step(step, f"{done}. Wrote {out}", quiet=quiet)


LABEL_STUDIO_COMMANDS: Mapping[str, Callable[..., None]] = {
    "start": start,
    "push": push,
    "pull": pull,
}


def _read_token() -> str:
    token = os.environ.get(_TOKEN, "")
    if not token.strip():
        raise DataError(
            f"{_TOKEN}: is not set; copy a personal access token from Account & Settings in Label "
            "Studio into that environment variable"
        )
    return token
