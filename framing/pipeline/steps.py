"""What every step of the pipeline gives back, and how it tells its progress."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["Progress", "Step"]

# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step did.

    Attributes:
        folder: Where it wrote.
        files: What it wrote there, the run record left out.
        inputs: sha256 of what it read, by name as given.
        results: Counts and scores, as in the run record.
        notes: What the user should know, in sentences.
    """

    folder: Path
    files: tuple[Path, ...]
    inputs: Mapping[str, str]
    results: Mapping[str, Any]
    notes: tuple[str, ...] = ()
