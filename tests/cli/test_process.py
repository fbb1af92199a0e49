"""The real program: its speed, its pipes, and the main job from end to end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from framing.codebook import load_codebook
from framing.pipeline import read_corpus
from tests.cli.invented import write_articles

FRAMING = [sys.executable, "-m", "framing"]
HEAVY = ("torch", "transformers", "pandas", "scipy", "matplotlib", "sklearn", "numpy", "rich")

CODEBOOK = """
name = "tone"
version = "1"
quote = ["Anything said."]
[[variables]]
name = "tone"
unit = "quote"
question = "How does it sound?"
[[variables.categories]]
name = "calm"
definition = "Calm."
[[variables.categories]]
name = "angry"
definition = "Angry."
"""


def _framing(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*FRAMING, *map(str, arguments)],
        capture_output=True, text=True, timeout=300, check=False, cwd=cwd,
    )  # fmt: skip


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom framing.cli import main\n"
        "try:\n    main(['--help'])\n"
        "finally:\n    print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    seconds = []
    for _ in range(3):  # the fastest of three: the machine may be busy with other tests
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
        )
        seconds.append(time.perf_counter() - start)
        assert "framing report" in done.stdout
        assert set(done.stderr.split()).isdisjoint(HEAVY)
    assert min(seconds) < 0.5


def test_a_reader_that_leaves_early_is_no_traceback() -> None:
    pipe = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m framing samples | head -c 20"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert pipe.stdout.startswith('{"id"')
    assert pipe.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*FRAMING, "codebook", "--toml"], stdout=full, stderr=subprocess.PIPE, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("framing: error: No space left on device")
    assert "Traceback" not in done.stderr


def test_the_shell_completes_commands() -> None:
    words = {"_FRAMING_COMPLETE": "complete_bash", "COMP_WORDS": "framing re", "COMP_CWORD": "1"}
    done = subprocess.run(
        FRAMING, env={**os.environ, **words}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["report", "reproduce"]


@pytest.mark.slow
@pytest.mark.model
def test_the_main_job_and_its_reproduction(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl", 1)
    done = _framing(
        "report", "articles.jsonl", "--out", "out", "--target", "the closing", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.endswith("0 articles left out. Wrote out/index.html\n")
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert len(record["results"]["models"]) == 2
    assert record["arguments"]["target"] == "the closing"
    assert (tmp_path / "out" / "records" / "quotes.jsonl").is_file()
    again = _framing("reproduce", "out/run.json", cwd=tmp_path)
    assert again.returncode == 0, again.stdout
    # The records of a report are where corrections begin.
    corpus = read_corpus(tmp_path / "out" / "records", codebook=load_codebook())
    assert (corpus.n_quotes, corpus.corrected) == (6, False)


def test_a_codebook_without_a_model_is_refused_with_the_way_to_one(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl", 1)
    (tmp_path / "tone.toml").write_text(CODEBOOK, encoding="utf-8")
    done = _framing(
        "report", "articles.jsonl", "--out", "out", "--codebook", "tone.toml", cwd=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.startswith("framing: error: model for 'tone': none is shipped")
    assert "framing train tone --data DIR" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.model
def test_the_shipped_model_is_refused_under_other_words(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl", 1)
    shipped = _framing("codebook", "--toml").stdout
    (tmp_path / "other.toml").write_text(
        shipped.replace('version = "1"', 'version = "2"', 1), encoding="utf-8"
    )
    done = _framing(
        "report", "articles.jsonl", "--out", "out", "--codebook", "other.toml", cwd=tmp_path
    )
    assert done.returncode == 1
    assert "train a model under it with framing train role" in done.stderr
