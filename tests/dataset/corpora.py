"""Where the corpora lie that are not part of the project."""

import os
from pathlib import Path

import pytest

DEFAULT = Path(__file__).parents[2] / ".." / "shared"


def corpora(name: str) -> Path:
    """The path of a corpus, or a skipped test."""
    path = Path(os.environ.get("FRAMING_CORPORA", DEFAULT)) / name
    if not path.exists():
        pytest.skip(f"{name} is not there; FRAMING_CORPORA names the folder that holds it")
    return path
