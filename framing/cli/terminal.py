"""Messages and progress, on the standard error only."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.pipeline import Progress, Step

__all__ = ["progress_bar", "show_step", "tell"]

_MAX_NOTES = 20


def tell(*lines: str, quiet: bool) -> None:
    """Print lines on the standard error, unless quiet."""
    if not quiet:
        for line in lines:
            print(line, file=sys.stderr)


def show_step(step: "Step", done: str, *, quiet: bool) -> None:
    """Print the notes of a step, then what it did."""
    tell(*(f"note: {note}" for note in step.notes[:_MAX_NOTES]), quiet=quiet)
    more = len(step.notes) - _MAX_NOTES
    if more > 0:
        tell(f"note: and {more:,} more, see run.json", quiet=quiet)
    tell(done, quiet=quiet)


@contextlib.contextmanager
def progress_bar(*, quiet: bool, lines: bool = False) -> Iterator["Progress | None"]:
    """A bar with the time left on a terminal; None, for no progress, in a pipe or when quiet.

    Args:
        quiet: Show nothing.
        lines: In a pipe, for what takes long, print a line whenever something else is done.
    """
    if quiet or not sys.stderr.isatty():
        yield _print_changes() if lines and not quiet else None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield show


def _print_changes() -> "Progress":
    began, first, last, shown = time.monotonic(), 0, 0, ""

    def show(what: str, done: int, total: int) -> None:
        nonlocal began, first, last, shown
        # Another piece of work, or the same begun anew, as with the next seed.
        if what.partition(",")[0] != shown.partition(",")[0] or done < last:
            began, first = time.monotonic(), done
        elif what != shown and done > first:
            left = (time.monotonic() - began) / (done - first) * (total - done)
            print(f"{what}, {left / 60:.0f} min left", file=sys.stderr)
        last, shown = done, what

    return show
