"""How well the first classifiers tell roles and stances, and how fast they are.

Run in the project's folder:  .venv/bin/python experiments/e015_first_classifiers/run.py
Writes result.json, and the table of README.md between its markers.
"""

import dataclasses
import os
import sys
import time
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

import framing.dataset as data
from framing.codebook import load_codebook
from framing.models import load_model, train_model
from framing.models.baselines import baseline_probabilities
from framing.models.classifier import predictions_from_probabilities
from framing.models.scores import score_predictions
from framing.models.training import read_coded_units
from framing.models.units import Unit, make_units
from framing.quotes import RulesExtractor
from framing.records import Extraction, Quote, Span, Speaker
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
Sample = tuple[list[Unit], list[str]]
Found = tuple[data.CodedArticle, Extraction, list[Quote], Iterable[int]]  # and their coded places


def main() -> int:
    """Measure and write; 1 where data is missing."""
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    samples, gold_file = ROOT / config["samples"], CORPORA / config["gold-dev"]
    if not gold_file.exists():
        print(f"{gold_file}: missing; README.md says where it comes from", file=sys.stderr)
        return 1
    torch.set_num_threads(config["threads"])
    run = start_run("e015_first_classifiers", config, seed=config["seed"])
    run.inputs = {f.name: file_sha256(f) for f in [gold_file, *sorted(samples.glob("*.jsonl"))]}
    gold = data.find_coded_quotes(data.read_gold_quotes(gold_file), RulesExtractor())
    for name in config["variables"]:
        model = first_model(name, samples)
        run.results[name] = measure(name, samples, gold, config["seed"], model)
    write_table(run.results)
    write_run(run, HERE, [], name="result.json")
    return 0


def first_model(name: str, samples: Path) -> Path:
    """The folder of the frozen model of the samples, trained where it is not there yet."""
    digest = "".join(file_sha256(path)[:8] for path in sorted(samples.glob("*.jsonl")))
    folder = ROOT / "results" / "first_classifiers" / f"{name}-{digest}"
    if not (folder / "README.md").is_file():  # written last
        train_model(samples, name, out=folder, seed=0, codebook=load_codebook())
    return folder


def measure(
    name: str, folder: Path, gold: Sequence[data.Finding], seed: int, model_folder: Path
) -> dict[str, Any]:
    """Scores of one variable by set of units and classifier; speed and difference by dtype."""
    book = load_codebook()
    articles, units, values, _ = read_coded_units(folder, book.variable(name), codebook=book)
    slow, fast = (
        load_model(model_folder, variable=name, dtype=dtype) for dtype in ("float32", "bfloat16")
    )
    categories, fold_of = slow.categories, slow.card["training_articles"]
    folds = [fold_of[unit.article_sha256] for unit in units]

    def scores(sample: Sample, left_out: Sequence[int]) -> dict[str, Any]:
        """By classifier; each unit is predicted from the folds other than the one left out."""
        (asked, answers), train = sample, (units, values, folds)
        tables = baseline_probabilities(*train, asked, left_out, categories=categories, seed=seed)
        groups, by_model = [unit.article_id for unit in asked], {}
        for model in (*tables, "frozen"):
            found = slow.predict(asked) if model == "frozen" else predictions_from_probabilities(
                asked, tables[model], variable=name, model=model, codebook="", categories=categories
            )  # fmt: skip
            rng = np.random.default_rng(seed)
            by_model[model] = score_predictions(found, answers, groups, rng=rng)
        return by_model

    coded = [(f.coded, *coded_quotes(f.coded), range(len(f.coded.quotes))) for f in gold]
    read = [(f, f.extraction.quotes) for f in gold]
    found = [(f.coded, f.extraction, [qs[j] for j in f.pairs.values()], f.pairs) for f, qs in read]
    sets = {"coded quotes": labelled(coded, name), "found quotes": labelled(found, name)}
    if name == "stance":
        sets["coded quotes, headline for target"] = labelled(coded, name, headline=True)
    results = {"samples, cross-validated": scores((units, values), folds)}
    results |= {f"gold-dev, {of}": scores(s, [-1] * len(s[0])) for of, s in sets.items()}
    seconds, tables = {}, []
    new = [dataclasses.replace(unit, article_sha256="new") for unit in units]
    for model in (slow, fast):
        model.predict(new[:40])  # the first call is slower
        began = time.perf_counter()
        model.predict(new)
        seconds[model.card["encoder"]["dtype_in_use"]] = time.perf_counter() - began
        tables.append(np.array([p.probabilities for p in model.predict(units)]))
    return {
        "model": slow.name,
        "scores": results,
        "articles_per_second": {d: round(len(articles) / s, 2) for d, s in seconds.items()},
        "bfloat16_largest_change": round(float(np.abs(tables[0] - tables[1]).max()), 4),
        "bfloat16_other_category": int((tables[0].argmax(1) != tables[1].argmax(1)).sum()),
    }


def coded_quotes(coded: data.CodedArticle) -> tuple[Extraction, list[Quote]]:
    """Coded quotes as records; speakers under their coded names, mentioned where these stand."""
    article, speakers, quotes = coded.article, dict[str, Speaker](), list[Quote]()
    for n, quote in enumerate(coded.quotes):
        at, name, speaker = article.text.find(quote.speaker), quote.speaker, None
        if name:
            mentions = (Span(at, at + len(name)),) if at >= 0 else ()
            new = Speaker(id=f"s{n}", article_id=article.id, name=name, mentions=mentions)
            speaker = speakers.setdefault(name, new)
        one = Quote(id=f"q{n}", article_id=article.id, kind=quote.kind, content=quote.content)
        quotes.append(dataclasses.replace(one, speaker_id=speaker.id if speaker else None))
    people, said = tuple(speakers.values()), tuple(quotes)
    return Extraction(article_id=article.id, quotes=said, speakers=people), quotes


def labelled(found: Iterable[Found], name: str, *, headline: bool = False) -> Sample:
    """Units and values; a role counts once for each quote, and needs a known speaker."""
    variable, units, values = load_codebook().variable(name), list[Unit](), list[str]()
    for coded, extraction, quotes, places in found:
        article = coded.article
        target = article.title if headline else article.stance_target
        made = {unit.id: unit for unit in make_units(article, extraction, variable, target=target)}
        for quote, i in zip(quotes, places, strict=True):
            unit_id = quote.id if variable.unit == "quote" else quote.speaker_id or ""
            if unit_id in made:
                units.append(made[unit_id])
                values.append(getattr(coded.quotes[i], name))
    return units, values


def write_table(results: dict[str, Any]) -> None:
    """Put the table between its markers in README.md."""
    head = "variable | units | classifier | n | macro-F1 [95 %] | accuracy | ECE | log loss"
    lines = [f"| {head} |", "| --- " * 3 + "| ---: " * 5 + "|"]
    for name, result in results.items():
        for units, models in result["scores"].items():
            for model, s in models.items():
                f1 = "{value:.3f} [{low:.3f}, {high:.3f}]".format(**s["macro_f1"])
                rest = " | ".join(f"{s[k]['value']:.3f}" for k in ("accuracy", "ece", "log_loss"))
                lines.append(f"| {name} | {units} | {model} | {s['n']} | {f1} | {rest} |")
    table, path = "\n".join(lines), HERE / "README.md"
    text = path.read_text(encoding="utf-8")
    before, after = text.split("<!-- table -->\n")[0], text.split("<!-- /table -->")[1]
    path.write_text(f"{before}<!-- table -->\n{table}\n<!-- /table -->{after}", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    sys.exit(main())
