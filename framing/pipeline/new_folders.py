"""A folder that a command writes whole or not at all."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from framing.errors import DataError

__all__ = ["check_new", "new_folder"]


def check_new(out: Path, *, holding: str = "") -> None:
    """Check, before anything is read, that a folder is new or empty.

    Args:
        out: The folder.
        holding: What one that is there may hold, such as "a coder's work".

    Raises:
        DataError: It is a file, holds something, or is the folder one is in.
    """
    if not out.name or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        may = f", and may hold {holding}" if holding else ""
        raise DataError(f"--out {out}: is there already{may}; give a new folder")


@contextlib.contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place only if the block ends well.

    Args:
        out: New or empty, see `check_new`.
    """
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    beside.mkdir(parents=True)
    try:
        yield beside
        if out.exists():
            out.rmdir()
        beside.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
