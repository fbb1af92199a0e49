"""The invented store, made once and copied for each test that may change it."""

import shutil
from pathlib import Path

import pytest

from tests.dataset.invented_store import CopiedStore, make_store


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> CopiedStore:
    """A store that nobody changes."""
    return make_store(tmp_path_factory.mktemp("made"))


@pytest.fixture
def copied(made: CopiedStore, tmp_path: Path) -> CopiedStore:
    """A copy of it."""
    shutil.copytree(made.store, tmp_path / "store")
    shutil.copytree(made.raw, tmp_path / "raw")
    return CopiedStore(store=tmp_path / "store", raw=tmp_path / "raw", articles=made.articles)
