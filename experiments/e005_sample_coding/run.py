"""How far the two coders of the sample articles agree, with each other and with what was decided.

Run in the project's folder:  .venv/bin/python experiments/e005_sample_coding/run.py
Writes result.json, confusion-stance.png, and the tables of README.md between its markers.
"""

import contextlib
import shutil
import tempfile
import tomllib
from pathlib import Path

from framing.cli.agreement import agreement_tables
from framing.jsonl import replace_file
from framing.pipeline.coder_comparison import compare_codings
from framing.runs import start_run, write_run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MARKS = ("<!-- e005 -->\n```\n", "\n```\n<!-- end -->")


def main() -> None:
    """Compare, print, and write."""
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    run = start_run("experiments/e005_sample_coding", config, seed=config["seed"])
    # Paths in the record are relative to the project, wherever it lies.
    with contextlib.chdir(ROOT), tempfile.TemporaryDirectory() as out:
        step = compare_codings(**config, out=out)
        drawn = Path(out) / "figures" / "confusion-stance-lm-a-lm-b.png"
        shutil.copyfile(drawn, HERE / "confusion-stance.png")
    run.inputs.update(step.inputs)
    run.results.update(step.results)
    tables = agreement_tables(step.results)
    print(tables)
    for note in step.notes:
        print(f"note: {note}")
    write_tables(HERE / "README.md", tables)
    write_run(run, HERE, [HERE / "confusion-stance.png"], name="result.json")


def write_tables(path: Path, tables: str) -> None:
    """Put the tables between the markers."""
    text = path.read_text(encoding="utf-8")
    start, end = MARKS
    before, mark, rest = text.partition(start)
    _, closing, after = rest.partition(end)
    if not mark or not closing:
        raise SystemExit(f"{path}: no place for the tables")
    with replace_file(path) as file:
        file.write(f"{before}{start}{tables}{end}{after}")


if __name__ == "__main__":
    main()
