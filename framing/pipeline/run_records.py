"""Run records of a folder that several commands write to.

`run.json` is the record of the last command. When another command writes to the same folder, the
earlier record is kept as `runs/COMMAND.json`, so that no step overwrites what explains another.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from framing.errors import DataError
from framing.runs import Run, start_run, write_run

__all__ = ["begin_run", "end_run", "find_run", "read_run"]

_NAME = "run.json"
_COMMAND = re.compile(r"[a-z]+")
_KEYS = {"command": str, "arguments": dict, "inputs": dict, "outputs": dict, "results": dict}


def begin_run(
    command: str, arguments: Mapping[str, Any], folder: Path, *, seed: int | None = None
) -> Run:
    """Begin the record of a run that writes to `folder`, which is made when missing.

    Raises:
        DataError: The folder's run.json is not a run record, so it would be lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / _NAME).exists():
        read_run(folder / _NAME)
    return start_run(command, arguments, seed=seed)


def end_run(run: Run, folder: Path, files: Iterable[Path]) -> Path:
    """Write the record as run.json, after moving that of another command to runs/."""
    path = folder / _NAME
    if path.exists():
        earlier = read_run(path)["command"]
        if earlier != run.command:
            (folder / "runs").mkdir(exist_ok=True)
            path.replace(folder / "runs" / f"{earlier}.json")
    written = write_run(run, folder, files)
    (folder / "runs" / f"{run.command}.json").unlink(missing_ok=True)  # an older one of this kind
    return written


def find_run(folder: Path, command: str) -> dict[str, Any] | None:
    """The folder's latest record of that command, or None.

    Raises:
        DataError: A record is damaged.
    """
    for path in (folder / _NAME, folder / "runs" / f"{command}.json"):
        if path.is_file():
            record = read_run(path)
            if record["command"] == command:
                return record
    return None


def read_run(path: Path) -> dict[str, Any]:
    """Read a run record.

    Raises:
        DataError: The file is missing, not JSON, or not a run record.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; give the run.json of a framing command") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise DataError(f"{path}: not a run record of framing: {error}") from error
    found = record if isinstance(record, dict) else {}
    missing = [key for key, kind in _KEYS.items() if not isinstance(found.get(key), kind)]
    if missing or not _COMMAND.fullmatch(found["command"]):
        raise DataError(
            f"{path}: not a run record of framing (no {missing[0] if missing else 'command'}); "
            "give the run.json of a framing command"
        )
    return found
