"""How well the rules extractor finds quotes, their parts and their speakers.

Run in the project's folder:  .venv/bin/python experiments/e010_extraction/run.py
Writes result.json, and the tables of README.md between its markers.
"""

import argparse
import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import framing.dataset as data
from framing.balance.extraction_error import ExtractionError, KindError, write_extraction_error
from framing.jsonl import replace_file
from framing.metrics.spans import Counts, sum_counts
from framing.quotes import RulesExtractor
from framing.records import QuoteKind
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
Summary = Mapping[str, Mapping[str, Any]]


def main() -> int:
    """Measure and write; 1 where data is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write-extraction-error", action="store_true")
    arguments = parser.parse_args()
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    paths = {name: CORPORA / config[name] for name in ("polnear", "gold-dev")}
    paths["samples"] = ROOT / config["samples"]
    for path in paths.values():
        if not path.exists():
            print(f"{path}: missing; README.md says where it comes from", file=sys.stderr)
            return 1
    run = start_run("e010_extraction", config, seed=config["seed"])
    for name, path in paths.items():
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            run.inputs[f"{name}/{file.relative_to(path.parent).as_posix()}"] = file_sha256(file)
    rules = RulesExtractor()
    part = data.read_polnear(paths["polnear"])
    gold = data.find_coded_quotes(data.read_gold_quotes(paths["gold-dev"]), rules)
    samples = data.find_coded_quotes(data.read_coded_folder(paths["samples"]), rules)
    scores = {
        "polnear": data.score_on_polnear(part.articles, rules),
        "polnear_that": data.score_on_polnear(part.articles, rules, extend=True),
        "gold-dev": data.count_findings(gold),
        "samples": data.count_findings(samples),
    }
    draws = {key: config[key] for key in ("level", "n_resamples", "seed")}
    summaries = {name: data.summarise_counts(table, **draws) for name, table in scores.items()}
    missed = {"gold-dev": data.audit_missed(gold), "samples": data.audit_missed(samples)}
    left_out = [f"{each.item}: {each.reason}" for each in part.exclusions]
    run.results = {**summaries, "missed": missed, "polnear_left_out": left_out}
    seeds = [seed_table(each) for each in gold if each.coded.article.id in config["seeds"]]
    tables = {name: score_table(summary) for name, summary in summaries.items()}
    write_tables(HERE / "README.md", tables | {"seeds": "\n\n".join(seeds)})
    headline = (
        f"{name}, {row}: {measure} {shown(summaries[name][row][measure])}"
        for name, row, measure in config["headline"]
    )
    write_tables(ROOT / "experiments/README.md", {"e010": "; ".join(headline).replace("_", " ")})
    if arguments.write_extraction_error:
        write_errors(scores["samples"], len(samples))
    write_run(run, HERE, [], name="result.json")
    return 0


def score_table(summary: Summary) -> str:
    """One row for each score; a share of the found quotes has no recall of its own."""
    lines = ["| | predicted | gold | precision | recall | F1 |", "| --- " + "| ---: " * 5 + "|"]
    for row, of in summary.items():
        cells = [shown(of[measure]) for measure in ("precision", "recall", "f1")]
        if row in ("speaker_right", "speaker_unknown", "kind_right"):
            cells = [f"share {cells[0]}", "", ""]
        counts = f"{of['predicted']} | {of['gold']}"
        lines.append(f"| {row.replace('_', ' ')} | {counts} | {' | '.join(cells)} |")
    return "\n".join(lines)


def seed_table(finding: data.Finding) -> str:
    """Every coded quote of an article, then what was found and is not coded; no news text."""
    text, quotes = finding.coded.article.text, finding.extraction.quotes
    names = {speaker.id: speaker.name for speaker in finding.extraction.speakers}
    rows = []
    for i, coded in enumerate(finding.coded.quotes):
        cells = [coded.kind, coded.cue, coded.speaker, "**missed**", "", ""]
        if i in finding.pairs:
            speaker_id = quotes[finding.pairs[i]].speaker_id
            verdict = finding.speakers[i]
            cells[3:] = "found", names[speaker_id] if speaker_id else "–", verdict
            cells[5] = verdict if verdict == "right" else f"**{verdict}**"
        rows.append((coded.content, cells))
    for j, quote in enumerate(quotes):
        if j not in finding.pairs.values():
            cue = quote.cue.of(text) if quote.cue else ""
            name = names[quote.speaker_id] if quote.speaker_id else "–"
            rows.append((quote.content, [quote.kind, cue, "", "**not coded**", name, ""]))
    head = "offsets | first words | kind | cue | speaker | found | speaker found | speaker is"
    lines = [f"**{finding.coded.article.id}**", "", f"| {head} |", "| --- " * 8 + "|"]
    for content, cells in sorted(rows, key=lambda row: row[0]):
        where = ", ".join(f"{span.start}–{span.end}" for span in content)
        words = " ".join(text[content[0].start : content[-1].end].split()[:2])
        lines.append(f"| {' | '.join(' '.join(c.split()) for c in [where, words, *cells])} |")
    return "\n".join(lines)


def shown(interval: Sequence[float | None]) -> str:
    """Value and interval."""
    value, low, high = (f"{x:.3f}" if x is not None else "undefined" for x in interval)
    return f"{value} [{low}, {high}]"


def write_tables(path: Path, tables: Mapping[str, str]) -> None:
    """Put each table, or the words of a cell, between its markers."""
    text = path.read_text(encoding="utf-8")
    for name, table in tables.items():
        before, mark, rest = text.partition(f"<!-- {name} -->")
        _, end, after = rest.partition("<!-- end -->")
        if not mark or not end:
            raise SystemExit(f"{path}: no place for the table {name!r}")
        gap = "\n\n" if "\n" in table else " "
        text = f"{before}{mark}{gap}{table}{gap}{end}{after}"
    with replace_file(path) as file:
        file.write(text)


def write_errors(table: Mapping[str, Sequence[Counts]], n_articles: int) -> None:
    """Write what balance corrects with, from the samples."""
    totals = {kind: sum_counts(table[kind]) for kind in get_args(QuoteKind)}
    kinds = tuple(
        KindError(kind=k, found=n.predicted, correct=n.correct, gold=n.gold, recalled=n.recalled)
        for k, n in totals.items()
    )
    where = f"the {n_articles} sample articles (invented, coded by reading)"
    error = ExtractionError(extractor="rules", measured_on=where, kinds=kinds)
    write_extraction_error(ROOT / "framing/balance/extraction_error.json", error)


if __name__ == "__main__":
    sys.exit(main())
