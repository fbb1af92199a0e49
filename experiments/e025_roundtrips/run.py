"""Whether coded articles come back from every exchange format, with counts.

Run in the project's folder:  .venv/bin/python experiments/e025_roundtrips/run.py --corpora PATH
Writes result.json and the tables of README.md between their markers.
"""

import argparse
import collections
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from framing.codebook import load_codebook
from framing.dataset.exchange import (
    FORMATS,
    CodedCorpus,
    Format,
    gather_corpus,
    keep_surviving,
    of_coder,
)
from framing.dataset.hydration import hydrate_store
from framing.dataset.label_store import read_store
from framing.errors import MissingDependencyError
from framing.jsonl import read_jsonl, replace_file
from framing.records import Article, Label, Quote, Speaker
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BOOK = load_codebook()
COUNTED: Mapping[str, Callable[[CodedCorpus], int]] = {
    "documents": lambda corpus: len(corpus.documents),
    "quotes": lambda corpus: len(corpus.quotes),
    "content parts": lambda corpus: sum(len(quote.content) for quote in corpus.quotes),
    "cues": lambda corpus: sum(quote.cue is not None for quote in corpus.quotes),
    "sources": lambda corpus: sum(quote.source is not None for quote in corpus.quotes),
    "speaker links": lambda corpus: sum(quote.speaker_id is not None for quote in corpus.quotes),
    "speakers": lambda corpus: len(corpus.speakers),
    "mentions": lambda corpus: sum(len(speaker.mentions) for speaker in corpus.speakers),
    "labels": lambda corpus: len(corpus.labels),
}


def main() -> None:
    """Send everything out and back, print, and write."""
    parser = argparse.ArgumentParser(description="Round trips through every exchange format.")
    default = os.environ.get("FRAMING_CORPORA", str(ROOT / ".." / "shared"))
    parser.add_argument("--corpora", type=Path, default=Path(default))
    corpora = parser.parse_args().corpora
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    run = start_run("experiments/e025_roundtrips", config, seed=config["seed"])
    names = [f"{config['samples']}/{name}.jsonl" for name in ("articles", *_KINDS)]
    names += [f"{config['store']}/coders/{config['coder']}/{name}.jsonl" for name in _KINDS]
    run.inputs.update({name: file_sha256(ROOT / name) for name in names})
    tables = {}
    samples = read_samples(ROOT / config["samples"])
    trips = go_round(samples, config["samples_coder"], config["seed"])
    run.results["samples"] = trips
    tables["samples"] = table(trips)
    copies = corpora / "corpora" / config["source"]
    if copies.is_dir():
        trips = go_round(read_real(config, copies), config["coder"], config["seed"])
        tables["real"] = table(trips)
    else:
        trips = {"skipped": f"no copies of the texts in corpora/{config['source']}"}
        tables["real"] = f"skipped: {trips['skipped']}; give the folder with --corpora"
    run.results["real"] = trips
    for name, text in tables.items():
        print(f"{name}\n\n{text}\n")
        filled = fill(name, text)
        with replace_file(HERE / "README.md") as file:
            file.write(filled)
    write_run(run, HERE, [], name="result.json")


_KINDS = ("quotes", "speakers", "labels")


def read_samples(folder: Path) -> CodedCorpus:
    """The sample articles as they were adjudicated."""
    return gather_corpus(
        read_jsonl(folder / "articles.jsonl", Article),
        read_jsonl(folder / "quotes.jsonl", Quote),
        read_jsonl(folder / "speakers.jsonl", Speaker),
        read_jsonl(folder / "labels.jsonl", Label),
        codebook=BOOK,
    )


def read_real(config: Mapping[str, Any], copies: Path) -> CodedCorpus:
    """The real articles with what one coder found in them."""
    hydrated = hydrate_store(read_store(ROOT / config["store"]), {config["source"]: copies})
    coded = hydrated.coders[config["coder"]]
    keys = set(coded.article_ids)
    return gather_corpus(
        [article for article in hydrated.articles if article.id in keys],
        coded.quotes,
        coded.speakers,
        coded.labels,
        codebook=BOOK,
    )


def go_round(corpus: CodedCorpus, coder: str, seed: int) -> dict[str, Any]:
    """The results of every registered format, by name."""
    return {name: round_trip(form, corpus, coder, seed) for name, form in FORMATS.items()}


def round_trip(form: Format, corpus: CodedCorpus, coder: str, seed: int) -> dict[str, Any]:
    """Counts before and after, records that came back equal, and what the format loses.

    The import is given the data without their labels.
    """
    kept, losses = keep_surviving(corpus, form.survival)
    named = coder if form.is_for_one_coder else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{coder}{form.suffix}"
        try:
            form.write(kept, path, coder=named, seed=seed)
            back = form.read(path, source=of_coder(corpus, ""), codebook=BOOK, coder=named)
        except MissingDependencyError as error:
            return {"skipped": str(error)}
    equal = {kind: len(set(getattr(corpus, kind)) & set(getattr(back, kind))) for kind in _KINDS}
    return {
        "out": {name: count(corpus) for name, count in COUNTED.items()},
        "back": {name: count(back) for name, count in COUNTED.items()},
        "equal": equal,
        "losses": dict(collections.Counter(loss.reason for loss in losses).most_common()),
    }


def table(trips: Mapping[str, Any]) -> str:
    """A row for each format: counts out and back, equal records, and losses below."""
    heads = ["format", *COUNTED, "equal quotes", "equal speakers", "equal labels", "losses"]
    rows = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    words = []
    for name, trip in trips.items():
        if "skipped" in trip:
            rows.append(f"| {name} | not run: {trip['skipped']} |" + " |" * (len(heads) - 2))
            continue
        cells = [f"{trip['out'][one]:,} → {trip['back'][one]:,}" for one in COUNTED]
        cells += [f"{trip['equal'][kind]:,} of {trip['out'][kind]:,}" for kind in _KINDS]
        rows.append("| " + " | ".join([name, *cells, f"{sum(trip['losses'].values()):,}"]) + " |")
        words += [f"- {name}: {n:,} × {reason}" for reason, n in trip["losses"].items()]
    return "\n".join([*rows, "", *(words or ["Nothing is lost in any format."])])


def fill(name: str, text: str) -> str:
    """README.md with the text between the markers of that name."""
    start, end = f"<!-- {name} -->\n", f"\n<!-- end {name} -->"
    before, mark, rest = (HERE / "README.md").read_text(encoding="utf-8").partition(start)
    _, closing, after = rest.partition(end)
    if not mark or not closing:
        raise SystemExit(f"README.md: no place for the table {name!r}")
    return f"{before}{start}{text}{end}{after}"


if __name__ == "__main__":
    main()
