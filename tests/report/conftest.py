"""Reports that several tests read; nobody writes into them."""

from pathlib import Path

import pytest

from framing.report import write_report
from tests.report.sample_run import SampleRun, sample_run


@pytest.fixture(scope="session")
def run() -> SampleRun:
    return sample_run(7)


@pytest.fixture(scope="session")
def report(run: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the report of `run`."""
    folder = tmp_path_factory.mktemp("report")
    write_report(folder, **run.arguments())
    return folder
