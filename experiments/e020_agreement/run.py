"""How far the coders of the real articles agree: with each other, with gold, and on controls.

Run in the project's folder:  .venv/bin/python experiments/e020_agreement/run.py --corpora PATH
Writes result.json, the confusion figures, and the tables of README.md between their markers.
"""

import argparse
import collections
import contextlib
import json
import os
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from framing.cli.agreement import agreement_tables
from framing.codebook import load_codebook
from framing.dataset.gold_quotes import read_gold_quotes
from framing.dataset.hydrated_folder import write_hydrated
from framing.dataset.hydration import hydrate_store
from framing.dataset.label_store import LabelStore, read_store
from framing.jsonl import read_jsonl, replace_file, write_jsonl
from framing.pipeline import compare_codings
from framing.records import Quote
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def main() -> None:
    """Compare, print, and write."""
    parser = argparse.ArgumentParser(description="Agreement of the coders of the real articles.")
    default = os.environ.get("FRAMING_CORPORA", str(ROOT / ".." / "shared"))
    parser.add_argument("--corpora", type=Path, default=Path(default))
    corpora = parser.parse_args().corpora
    gold = corpora / "gold-dev" / "gold.jsonl"
    copies = corpora / "corpora" / "article-bias-prediction"
    if missing := [path for path in (gold, copies) if not path.exists()]:
        raise SystemExit(f"e020: {missing[0]} is missing; give the folder with --corpora")
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    run = start_run("experiments/e020_agreement", config, seed=config["seed"])
    store = read_store(ROOT / config["store"])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        hydrated = hydrate_store(store, {config["source"]: copies})
        write_hydrated(hydrated, out / "hydrated", codebook=load_codebook())
        both = write_twice_coded(out, config["coders"])
        compared = compare(both, out / "compared", out / "hydrated" / "gold", config)
        controls = write_controls(out, gold, config["coders"])
        on_gold = compare(controls, out / "controls_compared", gold, config)
        figures = []
        for drawn in sorted((out / "compared" / "figures").glob("confusion-*-lm-a-lm-b.png")):
            figures.append(HERE / drawn.name)
            shutil.copyfile(drawn, figures[-1])
    run.inputs.update({"gold-dev/gold.jsonl": file_sha256(gold)})
    for part in (*(f"coders/{name}" for name in config["coders"]), "gold"):
        labels = f"{config['store']}/{part}/labels.jsonl"
        run.inputs[labels] = file_sha256(ROOT / labels)
    run.results.update(coders=compared.results, controls=on_gold.results)
    tables = {
        "counts": count_store(store),
        "coders": agreement_tables(compared.results),
        "controls": agreement_tables(on_gold.results),
    }
    for name, table in tables.items():
        text = fill(name, table)
        with replace_file(HERE / "README.md") as file:
            file.write(text)
    write_run(run, HERE, figures, name="result.json")


def count_store(store: LabelStore) -> str:
    """What was drawn and coded, and how densely."""
    items = store.items.values()
    genres = collections.Counter(item.genre for item in items)
    lines = [f"drawn: {len(items)} articles ({', '.join(f'{n} {g}' for g, n in genres.items())})"]
    for name, one in (*sorted(store.coders.items()), ("gold", store.gold)):
        words = sum(store.items[coding.article_id].n_words for coding in one.codings)
        density = 100 * len(one.quotes) / words
        lines.append(
            f"{name}: {len(one.codings)} articles, {len(one.quotes):,} quotes, "
            f"{len(one.speakers):,} speakers; {density:.2f} quotes per 100 words"
        )
    return "\n".join(lines)


def write_twice_coded(out: Path, coders: list[str]) -> list[Path]:
    """Folders of the codings of those articles that all coders read."""
    folders = [out / "hydrated" / "coders" / name for name in coders]
    common = set.intersection(
        *({quote.article_id for quote in read_jsonl(f / "quotes.jsonl", Quote)} for f in folders)
    )
    return [keep(folder, out / "twice" / folder.name, common) for folder in folders]


def keep(folder: Path, to: Path, articles: set[str]) -> Path:
    """A coding with the given articles only."""
    to.mkdir(parents=True)
    for name in ("articles", "quotes", "speakers", "labels"):
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if of_article(json.loads(line)) in articles]
        (to / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    return to


def of_article(record: dict[str, Any]) -> str:
    """The article of a record; ids of units begin with it."""
    if "unit_id" in record:
        return str(record["unit_id"]).rsplit("-", 1)[0]
    return str(record.get("article_id", record["id"]))


def write_controls(out: Path, gold: Path, coders: list[str]) -> list[Path]:
    """Folders of the control codings, with the texts that they refer to."""
    texts = {coded.article.id: coded.article for coded in read_gold_quotes(gold)}
    folders = []
    for name in coders:
        folder = out / "controls" / name
        shutil.copytree(HERE / "controls" / name, folder)
        coded = {quote.article_id for quote in read_jsonl(folder / "quotes.jsonl", Quote)}
        write_jsonl(folder / "articles.jsonl", [texts[one] for one in sorted(coded)])
        folders.append(folder)
    return folders


def compare(folders: list[Path], out: Path, against: Path, config: dict[str, Any]) -> Any:
    """`framing agreement` of the folders, against gold too."""
    with contextlib.chdir(out.parent):
        return compare_codings(
            [folder.relative_to(out.parent) for folder in folders],
            seed=config["seed"],
            against=against,
            out=out,
            level=config["level"],
            n_resamples=config["n_resamples"],
        )


def fill(name: str, tables: str) -> str:
    """README.md with the tables between the markers of that name."""
    start, end = f"<!-- {name} -->\n```\n", f"\n```\n<!-- end {name} -->"
    before, mark, rest = (HERE / "README.md").read_text(encoding="utf-8").partition(start)
    _, closing, after = rest.partition(end)
    if not mark or not closing:
        raise SystemExit(f"README.md: no place for the tables {name!r}")
    return f"{before}{start}{tables}{end}{after}"


if __name__ == "__main__":
    main()
