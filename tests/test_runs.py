import datetime
import hashlib
import importlib.metadata
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import framing.runs
from framing.runs import file_sha256, hardware, package_versions, start_run, write_run


def _record(folder: Path, **arguments: Any) -> dict[str, Any]:
    run = start_run("report", arguments, seed=7)
    run.inputs["a.txt"] = "0" * 64
    run.results["n_articles"] = 2
    (folder / "figures").mkdir(parents=True)
    files = [folder / "index.html", folder / "figures" / "tilt.pdf"]
    for file in files:
        file.write_text(file.name, encoding="utf-8")
    path = write_run(run, folder, files)
    assert path == folder / "run.json"
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def test_a_run_record_explains_what_was_written(tmp_path: Path) -> None:
    record = _record(tmp_path / "out", inputs=["a.txt"], target="the curfew in Besançon")
    assert record["command"] == "report"
    assert record["arguments"] == {"inputs": ["a.txt"], "target": "the curfew in Besançon"}
    assert record["seed"] == 7
    assert record["inputs"] == {"a.txt": "0" * 64}
    assert record["results"] == {"n_articles": 2}
    assert record["version"] == importlib.metadata.version("framing")
    assert list(record["outputs"]) == ["figures/tilt.pdf", "index.html"]
    assert record["outputs"]["index.html"] == hashlib.sha256(b"index.html").hexdigest()


def test_equal_runs_differ_in_their_time_only(tmp_path: Path) -> None:
    one = _record(tmp_path / "one", n=1)
    other = _record(tmp_path / "other", n=1)
    time = one.pop("time")
    other.pop("time")
    assert one == other
    assert time["wall_seconds"] >= 0
    assert datetime.datetime.fromisoformat(time["started"]).tzinfo is not None


def test_an_output_outside_the_folder_is_refused(tmp_path: Path) -> None:
    stray = tmp_path / "stray.csv"
    stray.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="not in the subpath"):
        write_run(start_run("report", {}), tmp_path / "out", [stray])


def test_file_sha256_of_a_known_text(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    # The "abc" example of FIPS 180-2, appendix B.1.
    assert file_sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_package_versions_are_the_installed_ones() -> None:
    versions = package_versions()
    assert versions["framing"] == importlib.metadata.version("framing")
    assert versions["numpy"] == importlib.metadata.version("numpy")
    assert "pytest" not in versions  # it changes no number


def test_hardware_names_what_changes_floating_point_results() -> None:
    found = hardware()
    assert set(found) == {"system", "machine", "python", "cpus", "cpu_features"}
    assert found["cpus"] >= 1
    json.dumps(found)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_commit_is_that_of_the_checkout_or_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "checkout" / "framing"
    package.mkdir(parents=True)
    module = package / "runs.py"
    module.write_text("", encoding="utf-8")
    monkeypatch.setattr(framing.runs, "__file__", str(module))

    def commit() -> str | None:
        path = write_run(start_run("report", {}), tmp_path / "out", [])
        record: dict[str, str | None] = json.loads(path.read_text(encoding="utf-8"))
        return record["commit"]

    assert commit() is None  # as from a wheel

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", "-C", str(package.parent), *identity, *arguments],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    git("init", "--quiet")
    assert commit() is None  # no commit yet
    git("add", ".")
    git("commit", "--quiet", "--no-gpg-sign", "-m", "first")
    short = git("rev-parse", "--short=12", "HEAD")
    assert commit() == short
    module.write_text("# changed\n", encoding="utf-8")
    assert commit() == f"{short}-dirty"
