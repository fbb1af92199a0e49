"""How far the two coders of the sample articles agree: prints the tables and writes result.json."""

import collections
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from framing.codebook import load_codebook
from framing.jsonl import read_jsonl
from framing.metrics.classification import bootstrap_articles
from framing.metrics.found_quotes import match_quotes
from framing.records import Article, Label, Quote
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Coding:
    """What one coder gave: quotes by article, and labels by unit."""

    def __init__(self, folder: Path) -> None:
        self.quotes: dict[str, list[Quote]] = collections.defaultdict(list)
        for quote in read_jsonl(folder / "quotes.jsonl", Quote):
            self.quotes[quote.article_id].append(quote)
        self.labels = {
            (label.unit_id, label.variable): label.value
            for label in read_jsonl(folder / "labels.jsonl", Label)
        }


def main() -> None:
    """Match the quotes of both coders and compare what they were labeled."""
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    run = start_run("experiments/e005_sample_coding", config, seed=config["seed"])
    samples = ROOT / config["samples"]
    one, other = (Coding(samples / "coders" / name) for name in config["coders"])
    pairs: dict[str, list[tuple[str, str, str]]] = {"stance": [], "role": []}
    matched = identical = 0
    for article in read_jsonl(samples / "articles.jsonl", Article):
        quotes, others = one.quotes[article.id], other.quotes[article.id]
        speakers: dict[tuple[str, str], None] = {}
        for i, j in match_quotes(
            article.text, [q.content for q in quotes], [q.content for q in others]
        ):
            a, b = quotes[i], others[j]
            matched += 1
            identical += a.content == b.content
            pairs["stance"].append(
                (article.id, one.labels[a.id, "stance"], other.labels[b.id, "stance"])
            )
            if a.speaker_id and b.speaker_id:
                speakers[a.speaker_id, b.speaker_id] = None
        pairs["role"] += [
            (article.id, one.labels[a, "role"], other.labels[b, "role"]) for a, b in speakers
        ]
    n_one, n_other = (sum(len(q) for q in c.quotes.values()) for c in (one, other))
    results: dict[str, Any] = {
        "quotes": {
            "by coder": [n_one, n_other],
            "matched": matched,
            "identical content": identical,
            "unit f1": round(2 * matched / (n_one + n_other), 3),
        }
    }
    print("| quotes of lm-a | of lm-b | matched | identical content | unit F1 |")
    print("| --- | --- | --- | --- | --- |")
    print(f"| {n_one} | {n_other} | {matched} | {identical} | {results['quotes']['unit f1']} |\n")
    print("| variable | units | raw agreement | Cohen's kappa | 95 % interval |")
    print("| --- | --- | --- | --- | --- |")
    for variable in load_codebook().variables:
        results[variable.name] = compare(pairs[variable.name], config)
        row = results[variable.name]
        low, high = row["interval"]
        print(
            f"| {variable.name} | {row['units']} | {row['raw']} | {row['kappa']} | {low}–{high} |"
        )
    run.results = results
    for name in ("articles.jsonl", *(f"coders/{c}/labels.jsonl" for c in config["coders"])):
        run.inputs[name] = file_sha256(samples / name)
    write_run(run, HERE, [], name="result.json")


def compare(rows: list[tuple[str, str, str]], config: dict[str, Any]) -> dict[str, Any]:
    """Raw agreement and kappa over matched units, with an interval over articles."""
    articles, ones, others = (np.array(column) for column in zip(*rows, strict=True))

    def kappa(units: NDArray[np.int64]) -> float:
        return float(cohen_kappa_score(ones[units], others[units]))

    interval = bootstrap_articles(
        kappa,
        list(articles),
        level=config["level"],
        n_resamples=int(config["n_resamples"]),
        rng=np.random.default_rng(int(config["seed"])),
    )
    differing = collections.Counter(
        f"{a} / {b}" for a, b in zip(ones, others, strict=True) if a != b
    )
    return {
        "units": len(rows),
        "raw": round(float((ones == others).mean()), 3),
        "kappa": round(kappa(np.arange(len(rows))), 3),
        "interval": [round(interval.low, 3), round(interval.high, 3)],
        "differing": dict(differing.most_common()),
    }


if __name__ == "__main__":
    main()
