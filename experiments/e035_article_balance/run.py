"""How near the measured balance of an article comes to what a coder found in it.

Run in the project's folder:  .venv/bin/python experiments/e035_article_balance/run.py
Writes result.json and the tables of README.md; --smoke is a small run on the samples, below --work.
"""

import argparse
import dataclasses
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from experiments.classifier_tables import fill  # noqa: E402
from experiments.classifier_trials import real_folders  # noqa: E402
from framing.codebook import Codebook, load_codebook  # noqa: E402
from framing.jsonl import replace_file  # noqa: E402
from framing.pipeline.classifiers import load_classifiers  # noqa: E402
from framing.pipeline.corpus import Corpus, read_corpus  # noqa: E402
from framing.pipeline.measurement import measure_corpus  # noqa: E402
from framing.pipeline.prediction import predict_units  # noqa: E402
from framing.pipeline.stored_predictions import Predicted  # noqa: E402
from framing.records import ArticleBalance  # noqa: E402
from framing.runs import file_sha256, start_run, write_run  # noqa: E402

N_BOOTSTRAP = 1000
Row = dict[str, Any]


def main() -> int:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("FRAMING_CORPORA", str(ROOT / ".." / "shared"))
    parser.add_argument("--corpora", type=Path, default=Path(default))
    parser.add_argument("--work", type=Path, default=ROOT / "results" / "classifiers")
    parser.add_argument("--smoke", action="store_true", help="small, on the samples")
    given = parser.parse_args()
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    tiny = config.pop("smoke")
    config |= tiny if given.smoke else {}
    out = given.work / "out" / HERE.name if given.smoke else HERE
    out.mkdir(parents=True, exist_ok=True)
    run = start_run(f"experiments/{HERE.name}", config, seed=config["seed"])
    book = load_codebook()
    rows: list[Row] = []
    for scored, corpus in read_all(config, given, book):
        run.inputs[f"{scored}/labels.jsonl"] = file_sha256(corpus.folder / "labels.jsonl")
        for model in config["models"]:
            rows += compare(scored, model, corpus, book, config)
    run.results = {"rows": rows}
    text = (HERE / "README.md").read_text(encoding="utf-8")
    with replace_file(out / "README.md") as file:
        file.write(fill(text, "balance", f"\n\n{table(rows)}\n\n"))
    print(table(rows))
    if out == HERE:
        overview = ROOT / "experiments" / "README.md"
        known = overview.read_text(encoding="utf-8")
        with replace_file(overview) as file:
            file.write(fill(known, "e035", f" {headline(rows)} "))
    write_run(run, out, [], name="result.json")
    return 0


def read_all(
    config: Mapping[str, Any], given: argparse.Namespace, book: Codebook
) -> Iterator[tuple[str, Corpus]]:
    """Coded articles by name: parts of the dataset, gold-dev and the samples."""
    if config["parts"]:
        folders = real_folders(config, given.work, given.corpora)
        dataset = read_corpus(folders["data"], codebook=book)
        for part in config["parts"]:
            kept = [a.id for a in dataset.articles if a.group.get(config["split"]) == part]
            yield part, only(dataset, kept)
        yield "gold-dev", read_corpus(folders["gold-dev"], codebook=book)
    yield "samples", read_corpus(ROOT / config["samples"], codebook=book)


def only(corpus: Corpus, ids: Sequence[str]) -> Corpus:
    """Some of the articles, with what is known of them."""
    extractions = [corpus.extractions[article_id] for article_id in ids]
    units = {quote.id for one in extractions for quote in one.quotes}
    units |= {speaker.id for one in extractions for speaker in one.speakers}
    return dataclasses.replace(
        corpus,
        articles=tuple(article for article in corpus.articles if article.id in set(ids)),
        labels=tuple(label for label in corpus.labels if label.unit_id in units),
    )


def compare(
    scored: str, model: str, corpus: Corpus, book: Codebook, config: Mapping[str, Any]
) -> list[Row]:
    """What a model's intervals hold, and how far its values are from the coded ones."""
    unlabelled = dataclasses.replace(corpus, labels=(), extractor="")
    models = () if model == "shipped" else (model,)
    predicted = predict_units(unlabelled, load_classifiers(unlabelled, book, models), book)
    alone = dataclasses.replace(
        predicted,
        predictions=tuple(dataclasses.replace(p, article_sd=0.0) for p in predicted.predictions),
    )
    told = {"codebook": book, "seed": config["seed"], "level": config["level"]}
    coded = complete(corpus, book)
    truth = measure_corpus(coded, Predicted(predictions=()), **told).balances
    truth = tuple(one for one in truth if one.n_quotes >= config["min_quotes"])
    rows = []
    for effect, given in (("yes", predicted), ("no", alone)):
        found = {one.article_id: one for one in measure_corpus(unlabelled, given, **told).balances}
        pairs = [(found[one.article_id], one) for one in truth]
        for variable, prefix in (("stance", "share_"), ("role", "role_share_")):
            names = [f"{prefix}{name}" for name in book.variable(variable).names]
            rows.append(
                {
                    "scored": scored,
                    "model": model,
                    "variable": variable,
                    "article_effect": effect,
                    **shares(pairs, names, rng=np.random.default_rng(config["seed"])),
                    **(tilt(pairs) if variable == "stance" else {}),
                }
            )
    return rows


def complete(corpus: Corpus, book: Codebook) -> Corpus:
    """The articles of which every quote has a label of stance, so that their shares are known."""
    stance = next(variable for variable in book.variables if variable.positive)
    given = {label.unit_id for label in corpus.labels if label.variable == stance.name}
    return only(
        corpus,
        [
            article.id
            for article in corpus.articles
            if all(quote.id in given for quote in corpus.extractions[article.id].quotes)
        ],
    )


def shares(
    pairs: Sequence[tuple[ArticleBalance, ArticleBalance]],
    names: Sequence[str],
    *,
    rng: np.random.Generator,
) -> Row:
    """Mean absolute errors of shares by quote, and how many intervals hold the coded share."""
    tables = {
        field: np.array([[value(one, name, field) for name in names] for one, _ in pairs])
        for field in ("value", "low", "high", "naive")
    }
    gold = np.array([[value(one, name, "value") for name in names] for _, one in pairs])
    others = (gold.sum(axis=0) - gold) / (len(gold) - 1)
    held = (tables["low"] - 1e-9 <= gold) & (gold <= tables["high"] + 1e-9)
    measures = {
        "error": np.abs(tables["value"] - gold),
        "error_naive": np.abs(tables["naive"] - gold),
        "error_without_reading": np.abs(others - gold),
        "held": held.astype(float),
        "width": tables["high"] - tables["low"],
    }
    drawn = rng.integers(len(pairs), size=(N_BOOTSTRAP, len(pairs)))
    found: Row = {"n_articles": len(pairs)}
    for name, each in measures.items():
        of_article = each.mean(axis=1)
        low, high = np.quantile(of_article[drawn].mean(axis=1), [0.025, 0.975])
        found[name] = {
            "value": round(float(of_article.mean()), 3),
            "low": round(float(low), 3),
            "high": round(float(high), 3),
        }
    return found


def tilt(pairs: Sequence[tuple[ArticleBalance, ArticleBalance]]) -> Row:
    """Rank correlation of tilt by quote over the articles where both have one."""
    both = [(value(one, "tilt", "value"), value(other, "tilt", "value")) for one, other in pairs]
    both = [pair for pair in both if not np.isnan(pair).any()]
    if len(both) < 5:
        return {"n_tilt": len(both)}
    return {
        "n_tilt": len(both),
        "tilt_rank_correlation": round(float(spearmanr(np.array(both)).statistic), 3),
    }


def value(balance: ArticleBalance, index: str, field: str) -> float:
    """A number of an index by quote; nan where it has none."""
    (one,) = (v for v in balance.values if (v.index, v.weight) == (index, "quote"))
    number = getattr(one, field)
    return float("nan") if number is None else float(number)


def table(rows: Sequence[Row]) -> str:
    """One line for each of the rows."""
    head = (
        "scored on | model | shares of | effect of the article | articles | mean error | naive | "
        "without reading | interval holds | its width | tilt, rank correlation (articles)"
    )
    lines = [f"| {head} |", "| --- | --- | --- | --- | " + "---: | " * 7]
    for row in rows:
        held, correlation = row["held"], row.get("tilt_rank_correlation")
        lines.append(
            f"| {row['scored']} | {row['model']} | {row['variable']} | {row['article_effect']} | "
            f"{row['n_articles']} | {row['error']['value']:.3f} [{row['error']['low']:.3f}, "
            f"{row['error']['high']:.3f}] | {row['error_naive']['value']:.3f} | "
            f"{row['error_without_reading']['value']:.3f} | {held['value']:.3f} "
            f"[{held['low']:.3f}, {held['high']:.3f}] | {row['width']['value']:.3f} | "
            + (f"{correlation:.2f} ({row['n_tilt']})" if correlation is not None else "–")
            + " |"
        )
    return "\n".join(lines)


def headline(rows: Sequence[Row]) -> str:
    """For the overview: on test, with the shipped models."""
    (row,) = (
        row for row in rows
        if (row["scored"], row["model"], row["variable"], row["article_effect"])
        == ("test", "shipped", "stance", "yes")
    )  # fmt: skip
    return (
        f"On test, 90 % intervals of stance shares hold {row['held']['value']:.0%} of the coded "
        f"ones; mean error {row['error']['value']:.3f}, naive {row['error_naive']['value']:.3f}, "
        f"without reading {row['error_without_reading']['value']:.3f}."
    )


if __name__ == "__main__":
    sys.exit(main())
