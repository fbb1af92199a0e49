"""Taggers trained many ways: seeds, ablations, sizes of data, and PolNeAR.

Run in the project's folder:
    .venv/bin/python experiments/e010_extraction/trainings.py [NAME ...] [--score-held-out]
Trains every cell of trainings.toml (or those named) that trainings.jsonl has no line for, keeps
the models in results/e010/ (not in git) and appends a line for each, so that a run that was
stopped goes on. Scores are on the articles that training was stopped by: the project's validation
part, or the tenth of PolNeAR's training part. With --score-held-out the models that are there are
scored on what no choice was made by: the project's test part, or PolNeAR's dev part, read once at
the end; gold-dev is scored as development.
Needs corpora below FRAMING_CORPORA (default ../shared beside the project).
"""

import argparse
import json
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import framing.dataset as data
from framing.jsonl import from_json, replace_file
from framing.metrics.spans import Counts, sum_counts
from framing.models.tagger import TaggerExtractor, load_tagger
from framing.models.tagger_training import AnnotatedArticle, TaggerTraining, train_tagger
from framing.models.training_config import read_config
from framing.pipeline.extractor_training import read_training_corpus
from framing.runs import start_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SOURCE = "article-bias-prediction"
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
MODELS = ROOT / "results/e010"
SHARES = ("speaker_right", "speaker_unknown", "kind_right")
Scores = dict[str, dict[str, float]]


def main() -> int:
    """Train what is not there yet; 1 where the corpora are missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="cells; all when absent")
    parser.add_argument("--score-held-out", action="store_true")
    arguments = parser.parse_args()
    cells = tomllib.loads((HERE / "trainings.toml").read_text(encoding="utf-8"))["cell"]
    if unknown := set(arguments.names) - {cell["name"] for cell in cells}:
        parser.error(f"no cell {', '.join(sorted(unknown))} in trainings.toml")
    if not (CORPORA / "corpora").is_dir():
        print(f"{CORPORA}/corpora: missing; README.md says where they come from", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="framing-") as folder:
        texts = CORPORA / "corpora" / SOURCE
        data.hydrate_whole(ROOT / "annotations", {SOURCE: texts}, Path(folder))
        corpora = {"polnear": CORPORA / "corpora/polnear", "annotations": Path(folder)}
        for cell in cells:
            for seed in cell["seeds"]:
                if not arguments.names or cell["name"] in arguments.names:
                    path = corpora[cell["corpus"]]
                    if arguments.score_held_out:
                        add_held_out(cell, seed, path)
                    else:
                        add_training(cell, seed, path)
    return 0


def add_training(cell: Mapping[str, Any], seed: int, path: Path) -> None:
    """Train one cell with one seed, unless its line is there."""
    if find_line(cell["name"], seed) is not None:
        return
    run = start_run("e010_extraction", dict(cell), seed=seed)
    _, train, validation = read_training_corpus(f"{cell['corpus']}={path}", run)
    train = train[: cell.get("articles", len(train))]
    out = MODELS / f"{cell['name']}-{seed}"
    was_there = (out / "model.json").is_file()  # then it may be this very training
    start = time.perf_counter()
    train_tagger(
        train,
        validation,
        read_cell_config(cell["config"]),
        out=out,
        seed=seed,
        card={
            "corpus": cell["corpus"],
            "n_train": len(train),
            "n_validation": len(validation),
            "command": f"experiments/e010_extraction/trainings.py {cell['name']}",
        },
        checkpoints=MODELS / f"{cell['name']}-{seed}-checkpoints",
        progress=shown(f"{cell['name']}, seed {seed}"),
    )
    minutes = (time.perf_counter() - start) / 60
    tagger = load_tagger(out)
    put_line(
        {
            "name": cell["name"],
            "seed": seed,
            "articles": len(train),
            "minutes": None if was_there else round(minutes, 1),
            "epochs": tagger.card["epochs"],
            "digest": tagger.card["digest"],
            "spans": score_spans(tagger, validation),
            "found": score_found(tagger, path / "parts/validation")
            if cell["corpus"] == "annotations"
            else {},
        }
    )


def read_cell_config(config: str | Mapping[str, Any]) -> TaggerTraining:
    """A cell's config, or that of the file it names."""
    if isinstance(config, str):
        return read_config(HERE / config, TaggerTraining)
    return from_json(config, TaggerTraining)


def add_held_out(cell: Mapping[str, Any], seed: int, path: Path) -> None:
    """Score a trained cell on what no choice was made by."""
    line = find_line(cell["name"], seed)
    if line is None or "held_out" in line:
        return
    tagger = load_tagger(MODELS / f"{cell['name']}-{seed}")
    if tagger.card["digest"] != line["digest"]:
        raise SystemExit(f"{cell['name']}, seed {seed}: results/e010 holds another training of it")
    if cell["corpus"] == "polnear":
        part = data.read_polnear(path / "dev")
        config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
        line["held_out"] = data.summarise_counts(
            data.score_on_polnear(part.articles, tagger),
            **{key: config[key] for key in ("level", "n_resamples", "seed")},
        )
    else:
        line["held_out"] = score_found(tagger, path / "parts/test")
        line["gold-dev"] = score_found(tagger, CORPORA / "gold-dev/gold.jsonl")
    put_line(line)


def score_spans(tagger: TaggerExtractor, articles: Sequence[AnnotatedArticle]) -> Scores:
    """Exact spans and linked attributions."""
    return pooled(data.score_attributions(
        ((each.article, each.attributions) for each in articles), tagger
    ))  # fmt: skip


def score_found(tagger: TaggerExtractor, path: Path) -> Scores:
    """Quotes found, and whose."""
    read: Callable[[Path], Any] = data.read_coded_folder if path.is_dir() else data.read_gold_quotes
    return pooled(data.count_findings(data.find_coded_quotes(read(path), tagger)))


def pooled(table: Mapping[str, Sequence[Counts]]) -> Scores:
    """Precision, recall and F1 over all articles; for a share of found quotes, the share alone."""
    scores: Scores = {}
    for row, of in table.items():
        counts = sum_counts(of)
        names = ("precision",) if row in SHARES else ("precision", "recall", "f1")
        scores[row] = {name: round(getattr(counts, name), 4) for name in names}
    return scores


def find_line(name: str, seed: int) -> dict[str, Any] | None:
    """The line of a training, if it was done."""
    return next((s for s in read_lines() if (s["name"], s["seed"]) == (name, seed)), None)


def put_line(line: Mapping[str, Any]) -> None:
    """Add a line, or replace the one of the same cell and seed."""
    others = [s for s in read_lines() if (s["name"], s["seed"]) != (line["name"], line["seed"])]
    with replace_file(HERE / "trainings.jsonl") as file:
        for each in sorted([*others, dict(line)], key=lambda s: (s["name"], s["seed"])):
            file.write(json.dumps(each) + "\n")
    print(json.dumps(line), flush=True)


def read_lines() -> list[dict[str, Any]]:
    """What was trained so far."""
    path = HERE / "trainings.jsonl"
    return [json.loads(s) for s in path.read_text("utf-8").splitlines()] if path.exists() else []


def shown(what: str) -> Callable[[str, int, int], None]:
    """Progress, a line every hundred steps."""
    start = time.perf_counter()

    def show(said: str, done: int, of: int) -> None:
        if done % 100 == 0:
            print(f"{what}: {said} {done}/{of}, {time.perf_counter() - start:.0f} s", flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())
