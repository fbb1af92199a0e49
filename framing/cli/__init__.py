"""The command line: `framing COMMAND`, one function for each command.

Results go to files or the standard output, messages and progress to the standard error. The exit
code is 0 when done, 1 when the input was refused or a check failed, 2 when the usage was wrong.
"""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from framing.cli.commands import app
from framing.errors import FramingError

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit.

    Args:
        arguments: After the name of the program; those of the process when absent.

    Raises:
        SystemExit: Always, with the exit code.
    """
    signal.signal(signal.SIGTERM, _terminate)
    # Before torch loads: its threads must not spin while they wait. On two cores that are shared
    # with anything else, spinning made embedding up to ten times as slow.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app(args=None if arguments is None else list(arguments), prog_name="framing")
        sys.stdout.flush()
    except FramingError as error:
        _refuse(str(error))
    except BrokenPipeError:
        # Whoever read the output has left. Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _refuse(f"{name}{error.strerror or error}")
    sys.exit(0)


def _refuse(message: str) -> NoReturn:
    # Of several problems, each stands indented on a line of its own.
    lines = [" ".join(line.split()) for line in message.split("\n  ")]
    print("framing: error: " + "\n  ".join(lines), file=sys.stderr)
    sys.exit(1)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    """End by an exception, so that files that are not whole are removed on the way."""
    sys.exit(128 + signal.SIGTERM)
