"""How well the extractors find quotes, their parts and their speakers.

Run in the project's folder:  .venv/bin/python experiments/e010_extraction/run.py
Writes result.json, and the tables of README.md between its markers.
"""

import argparse
import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import framing.dataset as data
from framing.jsonl import replace_file
from framing.pipeline.extraction import choose_extractor
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SOURCE = "article-bias-prediction"
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
Summary = Mapping[str, Mapping[str, Any]]


def main() -> int:
    """Measure and write; 1 where data is missing."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    paths = {name: CORPORA / config[name] for name in ("polnear", "gold-dev", "texts")}
    paths["samples"] = ROOT / config["samples"]
    for path in paths.values():
        if not path.exists():
            print(f"{path}: missing; README.md says where it comes from", file=sys.stderr)
            return 1
    run = start_run("e010_extraction", config, seed=config["seed"])
    for name in ("polnear", "gold-dev", "samples"):
        path = paths[name]
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            run.inputs[f"{name}/{file.relative_to(path.parent).as_posix()}"] = file_sha256(file)
    for file in sorted((ROOT / "annotations").rglob("*.jsonl")):
        run.inputs[file.relative_to(ROOT).as_posix()] = file_sha256(file)
    coded = {
        "gold-dev": data.read_gold_quotes(paths["gold-dev"]),
        "test": read_test_split(paths["texts"]),
        "samples": data.read_coded_folder(paths["samples"]),
    }
    part = data.read_polnear(paths["polnear"])
    train = paths["polnear"].parent / "train"
    draws = {key: config[key] for key in ("level", "n_resamples", "seed")}
    tables: dict[str, str] = {}
    for extractor in map(choose_extractor, config["extractors"]):
        findings = {name: data.find_coded_quotes(of, extractor) for name, of in coded.items()}
        summaries = {
            name: data.summarise_counts(data.count_findings(of), **draws)
            for name, of in findings.items()
        }
        missed = {name: data.audit_missed(of) for name, of in findings.items()}
        run.results[extractor.name] = {
            "version": extractor.version,
            **summaries,
            "missed": missed,
            "outlets": (outlets := count_outlets(findings["test"])),
        }
        tables |= {f"{extractor.name} {name}": score_table(of) for name, of in summaries.items()}
        tables[f"{extractor.name} outlets"] = outlet_table(outlets)
        seeds = [e for e in findings["gold-dev"] if e.coded.article.id in config["seeds"]]
        tables[f"{extractor.name} seeds"] = "\n\n".join(map(seed_table, seeds))
        if extractor.name == "rules":
            for name, extend in (("polnear", False), ("polnear_that", True)):
                counts = data.score_on_polnear(part.articles, extractor, extend=extend)
                summary = data.summarise_counts(counts, **draws)
                run.results[extractor.name][name] = summary
                tables[name] = score_table(summary)
    annotators = data.summarise_counts(
        data.score_annotators([*data.read_copies(train), *data.read_copies(paths["polnear"])]),
        **draws,
    )
    run.results["polnear_annotators"] = annotators
    tables["polnear annotators"] = score_table(annotators)
    run.results["polnear_left_out"] = [f"{each.item}: {each.reason}" for each in part.exclusions]
    lines = (HERE / "trainings.jsonl").read_text(encoding="utf-8").splitlines()
    trainings = [json.loads(line) for line in lines]
    tables["trainings"] = training_table(trainings)
    tables["held out"] = held_out_table(trainings)
    on_polnear = [one for one in trainings if not one["found"] and "held_out" in one]
    tables["polnear tagger"] = "\n\n".join(
        f"{one['name']}, seed {one['seed']}:\n\n{score_table(one['held_out'])}"
        for one in on_polnear
    )
    write_tables(HERE / "README.md", tables)
    headline = (
        f"{extractor}, {name}, {row}: {measure} {shown(run.results[extractor][name][row][measure])}"
        for extractor, name, row, measure in config["headline"]
    )
    write_tables(ROOT / "experiments/README.md", {"e010": "; ".join(headline).replace("_", " ")})
    write_run(run, HERE, [], name="result.json")
    return 0


def read_test_split(texts: Path) -> tuple[data.CodedArticle, ...]:
    """The coded articles of the project's test part; all of them, or an error."""
    with tempfile.TemporaryDirectory(prefix="framing-") as folder:
        data.hydrate_whole(ROOT / "annotations", {SOURCE: texts}, Path(folder))
        return data.read_coded_folder(Path(folder) / "parts/test")


def count_outlets(findings: Sequence[data.Finding]) -> dict[str, list[int]]:
    """By outlet: articles, coded quotes, found ones, and those found and not coded."""
    counts: dict[str, list[int]] = {}
    for each in findings:
        n_found = len(each.pairs)
        row = (1, len(each.coded.quotes), n_found, len(each.extraction.quotes) - n_found)
        of = counts.setdefault(each.coded.article.outlet or "unknown", [0, 0, 0, 0])
        of[:] = [a + b for a, b in zip(of, row, strict=True)]
    return dict(sorted(counts.items(), key=lambda item: (-item[1][1], item[0])))


def outlet_table(outlets: Mapping[str, Sequence[int]]) -> str:
    """The outlets with most coded quotes first."""
    lines = ["| outlet | articles | coded | found | not coded |", "| --- " + "| ---: " * 4 + "|"]
    lines += [f"| {name} | {' | '.join(map(str, counts))} |" for name, counts in outlets.items()]
    return "\n".join(lines)


def training_table(trainings: Sequence[Mapping[str, Any]]) -> str:
    """One row for each training; F1 in percent, exact spans and quotes found."""
    rows = ("source", "cue", "content_fragments", "content_whole", "linked_exact")
    head = (
        "training | seed | articles | minutes | source | cue | fragments | whole | linked | found"
    )
    lines = [f"| {head} |", "| --- " + "| ---: " * 9 + "|"]
    for line in trainings:
        scores = [f"{100 * line['spans'][row]['f1']:.1f}" for row in rows]
        scores.append(f"{100 * line['found']['all']['f1']:.1f}" if line["found"] else "")
        said = (str(line[key] or "") for key in ("articles", "minutes"))
        cells = [line["name"], str(line["seed"]), *said, *scores]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def held_out_table(trainings: Sequence[Mapping[str, Any]]) -> str:
    """Mean over seeds, with the lowest and highest, in percent, for the project's own data."""
    rows = ("all", "direct + mixed", "indirect", "speaker_right")
    head = " | ".join(f"{part}: {row}" for part in ("test", "gold-dev") for row in rows)
    lines = [
        f"| training | seeds | {head.replace('_', ' ')} |",
        "| --- " + "| ---: " * (1 + 2 * len(rows)) + "|",
    ]
    scored = [one for one in trainings if one["found"] and "held_out" in one]
    for name in dict.fromkeys(one["name"] for one in scored):
        of = [one for one in scored if one["name"] == name]
        cells = []
        for part in ("held_out", "gold-dev"):
            for row in rows:
                scores = [100 * s.get("f1", s["precision"]) for s in (one[part][row] for one in of)]
                mean = f"{sum(scores) / len(scores):.1f}"
                several = f" ({min(scores):.1f}–{max(scores):.1f})" if len(scores) > 1 else ""
                cells.append(mean + several)
        lines.append(f"| {name} | {len(of)} | {' | '.join(cells)} |")
    return "\n".join(lines)


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


if __name__ == "__main__":
    sys.exit(main())
