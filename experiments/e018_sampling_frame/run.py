"""The sampling frame of the labeled dataset, and the articles drawn from it.

Run from the project's folder:  python experiments/e018_sampling_frame/run.py [--coders FOLDER]
Writes annotations/frame.jsonl and result.json; with --coders, for those who code, the drawn
articles with their text into FOLDER, which must lie outside the repository.
"""

import argparse
import collections
import csv
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import framing.dataset.near_duplicates as near_duplicates
import framing.dataset.sampling as sampling
from framing.articles import read_articles
from framing.errors import DataError
from framing.jsonl import replace_file, write_jsonl
from framing.records import Article
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
SOURCE = "article-bias-prediction"
FRAME = ROOT / "annotations" / "frame.jsonl"


def find_events(
    articles: Mapping[str, Article], gold: Sequence[str], config: Mapping[str, Any]
) -> dict[str, str]:
    """Articles of the events of gold articles, and how that was decided: "overlap" or "read"."""
    same, other = set(config["same_event"]), set(config["other_event"])
    unknown = (same | other) - (articles.keys() - set(gold))
    if unknown or same & other:
        raise DataError(f"config: events name {sorted(unknown)}, or an article twice")
    stop = frozenset(config["stop_words"].split())
    words = {key: content_words(article, stop) for key, article in articles.items()}
    events = dict.fromkeys(same, "read")
    for key in articles.keys() - set(gold) - other:
        near = (g for g in gold if days_apart(articles[key], articles[g]) <= config["days"])
        overlaps = (near_duplicates.containment(words[key], words[g]) for g in near)
        if max(overlaps, default=0.0) >= config["overlap"]:
            events[key] = "overlap"
    return events


def content_words(article: Article, stop: frozenset[str]) -> frozenset[str]:
    """Lower-cased words of the title and the first two paragraphs that tell events apart."""
    lead = [paragraph for paragraph in article.text.split("\n") if paragraph.strip()][:2]
    found = re.findall(r"[a-z0-9]+", " ".join([article.title, *lead]).lower())
    return frozenset(word for word in found if len(word) > 1 and word not in stop)


def days_apart(one: Article, other: Article) -> float:
    """Days between two dates; infinite where one is missing, so that reading decides."""
    return abs((one.date - other.date).days) if one.date and other.date else float("inf")


def count(values: Iterable[Any]) -> dict[Any, int]:
    """How often each value occurs, in order."""
    return dict(sorted(collections.Counter(values).items()))


def write_for_coders(
    folder: Path, articles: Mapping[str, Article], frame: Sequence[sampling.FrameArticle],
    outlets: Mapping[str, str], rng: np.random.Generator,
) -> None:  # fmt: skip
    """The drawn articles with their text, and the order in which they are coded."""
    if folder.resolve().is_relative_to(ROOT.resolve()):
        raise DataError(f"--coders {folder} lies in the repository, which never holds news text")
    order: dict[int, list[str]] = collections.defaultdict(list)
    for drawn in frame:
        if drawn.replicate is not None:
            order[drawn.replicate].append(drawn.id)
            article = articles[drawn.id]
            shown = {
                "id": article.id, "title": article.title, "outlet": outlets[article.id],
                "date": article.date.isoformat() if article.date else None,
                "text": article.text, "words": len(article.text.split()),
            }  # fmt: skip
            with replace_file(folder / "articles" / f"{article.id}.json") as file:
                json.dump(shown, file, ensure_ascii=False, indent=1)
    with replace_file(folder / "order.json") as file:
        last = sorted(order, key=lambda r: (r == sampling.REMAINDER, r))
        json.dump([rng.permutation(order[r]).tolist() for r in last], file, indent=1)


def main() -> None:
    """Build the frame, draw, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coders", type=Path)
    coders = parser.parse_args().coders
    config = tomllib.loads((HERE / "config.toml").read_text("utf-8"))
    run = start_run("experiments/e018_sampling_frame", config, seed=config["seed"])
    corpus, gold_file = CORPORA / config["corpus"], CORPORA / config["gold"]
    reading = read_articles(corpus / "jsons")
    if reading.exclusions:
        raise DataError(f"not read: {[(e.item, e.reason) for e in reading.exclusions]}")
    articles = {article.id: article for article in reading.articles}
    with (corpus / "index.csv").open(encoding="utf-8", newline="") as file:
        index = {row["ID"]: row for row in csv.DictReader(file)}
    rows = map(json.loads, gold_file.read_text("utf-8").splitlines())
    gold = [row["key"] for row in rows if row["source"] == SOURCE]
    run.inputs = {f.name: file_sha256(f) for f in (corpus / "index.csv", gold_file)}
    pairs = near_duplicates.find_near_duplicates(reading.articles, **config["near_duplicates"])
    clusters = near_duplicates.cluster_near_duplicates(articles, pairs)
    events = find_events(articles, gold, config["events"])
    out = {clusters[key] for key in (*gold, *events)}
    kept = {key: article for key, article in articles.items() if clusters[key] not in out}
    rng = np.random.default_rng(config["seed"])
    candidates = [
        sampling.Candidate(
            id=key, sha256=article.sha256, cluster=clusters[key], lean=index[key]["lean"],
            period=sampling.name_period(article.date, config["period_starts"]),
            strike=index[key]["strike_in_lead"] == "1", outlet=index[key]["outlet"],
        )
        for key, article in kept.items()
    ]  # fmt: skip
    frame = sampling.draw_articles(candidates, source_dataset=SOURCE, rng=rng, **config["frame"])
    write_jsonl(FRAME, frame)
    if coders:
        outlets = {key: row["outlet"] for key, row in index.items()}
        write_for_coders(coders, articles, frame, outlets, rng)
    lengths = [len(article.text.split()) for article in kept.values()]
    run.results = {
        "corpus": len(articles), "near_duplicate_pairs": len(pairs), "gold_dev": len(gold),
        "same_event_by_reading": sum(how == "read" for how in events.values()),
        "same_event_by_overlap": sorted(key for key, how in events.items() if how == "overlap"),
        "near_duplicates_of_these": sorted(articles.keys() - kept.keys() - events.keys() - {*gold}),
        "under_150_words": sum(n < 150 for n in lengths),
        "over_2500_words": sum(n > 2500 for n in lengths),
        "articles": len(frame), "clusters": len({a.cluster for a in frame}),
        "drawn_by_replicate": count(a.replicate for a in frame if a.replicate is not None),
        "strata": {"articles": count(a.stratum for a in frame),
                   "clusters": count({a.cluster: a.stratum for a in frame}.values()),
                   "drawn": count(a.stratum for a in frame if a.replicate is not None)},
    }  # fmt: skip
    write_run(run, ROOT, [FRAME], name=(HERE / "result.json").relative_to(ROOT).as_posix())
    print(json.dumps(run.results, indent=1))


if __name__ == "__main__":
    main()
