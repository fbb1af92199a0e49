"""How fast the extractors are: rules beside spaCy's first step, the tagger beside itself plain.

Run in the project's folder:
    .venv/bin/python experiments/e050_speed/run.py --spacy-python PATH
PATH is the Python of an environment of its own with spaCy in it; without it the rules are timed
alone. Writes result.json and the table of README.md.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from framing.articles import read_articles
from framing.jsonl import read_jsonl, replace_file
from framing.records import Article
from framing.runs import file_sha256, start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))


def main() -> int:
    """Time every set of articles; write result.json and README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spacy-python", type=Path)
    arguments = parser.parse_args()
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    programs = {"rules": [sys.executable, str(HERE / "rules_pass.py")]}
    if arguments.spacy_python:
        programs["spacy"] = [str(arguments.spacy_python), str(HERE / "spacy_pass.py")]
    run = start_run("e050_speed", config)
    samples = read_jsonl(ROOT / config["samples"], Article)
    run.inputs[config["samples"]] = file_sha256(ROOT / config["samples"])
    turns = [k % len(samples) for k in range(config["rotations"])]
    strung = [article.text for k in turns for article in samples[k:] + samples[:k]]
    sets = {"samples": string_articles(strung, config["words"])}
    corpus = CORPORA / config["corpus"]
    if corpus.is_dir():
        files = sorted(corpus.glob("*.json"))[: config["n_corpus_files"]]
        run.inputs |= {f"{config['corpus']}/{file.name}": file_sha256(file) for file in files}
        reading = read_articles(files)
        sets["corpus"] = string_articles((a.text for a in reading.articles), config["words"])
    else:
        print(f"{corpus}: missing, so only the samples are timed", file=sys.stderr)
    tagger_pass = [sys.executable, str(HERE / "tagger_pass.py")]
    taggers = {way: [*tagger_pass, way] for way in ("tagger", "plain")}
    run.results = {
        name: measure(texts, programs, config, n_processes=1)
        | measure(texts[: config["n_tagged"]], taggers, config, n_processes=config["n_cores"])
        for name, texts in sets.items()
    }
    write_table(run.results)
    write_run(run, HERE, [], name="result.json")
    return 0


def string_articles(texts: Iterable[str], n_words: int) -> list[str]:
    """String paragraphs together to articles of about `n_words`, each ending with a paragraph.

    An article ends where its length is nearest. What is left at the end, and what long
    paragraphs make more than a tenth shorter or longer than that, is dropped.
    """
    articles, part, length = [], list[str](), 0
    for text in texts:
        for paragraph in filter(None, text.split("\n\n")):
            more = len(paragraph.split())
            if part and length + more - n_words > n_words - length:
                articles.append("\n\n".join(part))
                part, length = [], 0
            part.append(paragraph)
            length += more
    return [each for each in articles if abs(len(each.split()) - n_words) <= n_words / 10]


def measure(
    texts: list[str],
    programs: Mapping[str, list[str]],
    config: Mapping[str, Any],
    *,
    n_processes: int,
) -> dict[str, Any]:
    """Articles per second, [median, lowest, highest] of fresh processes of one thread each."""
    passes: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"texts-{i}.jsonl" for i in range(n_processes)]
        for i, file in enumerate(files):
            lines = [json.dumps(text) + "\n" for text in texts[i::n_processes]]
            file.write_text("".join(lines), encoding="utf-8")
        for _ in range(config["repeats"]):
            for name, command in programs.items():  # in turn, so that both see the same machine
                passes[name].append(run_side_by_side(command, files))
    lengths = [len(text.split()) for text in texts]
    result: dict[str, Any] = {}
    for name, each in passes.items():
        result[name] = {
            "n_articles": len(texts),
            "words": spread(lengths),
            "articles_per_cpu_second": spread([len(texts) / p["cpu"] for p in each]),
            "articles_per_wall_second": spread([len(texts) / p["wall"] for p in each]),
            "peak_mib": spread([p["peak_mib"] for p in each]),
            "found": each[0]["n"],
            "version": each[0]["version"],
        }
    if "spacy" in passes:
        pairs = zip(passes["rules"], passes["spacy"], strict=True)
        result["ratio_to_spacy"] = spread([s["cpu"] / r["cpu"] for r, s in pairs])
    if "plain" in passes:
        pairs = zip(passes["tagger"], passes["plain"], strict=True)
        result["ratio_to_plain"] = spread([p["wall"] / t["wall"] for t, p in pairs])
    return result


def run_side_by_side(command: list[str], files: list[Path]) -> dict[str, Any]:
    """One process for each file, all at once: from the first start to the last end."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    running = [
        subprocess.Popen([*command[:2], str(file), *command[2:]], stdout=subprocess.PIPE,
                         env=environment)
        for file in files
    ]  # fmt: skip
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise SystemExit(f"{' '.join(command)}: failed; see above")
    done = [json.loads(each) for each in said]
    return {
        "cpu": sum(each["cpu"] for each in done),
        "wall": max(each["end"] for each in done) - min(each["start"] for each in done),
        "n": sum(each["n"] for each in done),
        "peak_mib": max(each["peak_mib"] for each in done),
        "version": done[0].get("version", "this commit"),
    }


def spread(values: Iterable[float]) -> list[float]:
    """Median, lowest and highest."""
    numbers = list(values)
    return [round(f(numbers), 3) for f in (statistics.median, min, max)]


def write_table(results: Mapping[str, Any]) -> None:
    """Put the table between its markers in README.md."""
    head = "articles | n | words | program | articles per CPU second | per wall second | peak MiB"
    lines = [f"| {head} |", "| --- " * 7 + "|"]
    ratios = (("ratio_to_spacy", "rules / spaCy"), ("ratio_to_plain", "tagger / plain"))
    for name, of in results.items():
        for program in ("rules", "spacy", "tagger", "plain"):
            if program in of:
                keys = ("articles_per_cpu_second", "articles_per_wall_second", "peak_mib")
                row = of[program]
                cells = [name, str(row["n_articles"]), shown(row["words"]), program]
                lines.append(f"| {' | '.join(cells + [shown(row[k]) for k in keys])} |")
        for key, words in ratios:
            if key in of:
                ratio = "**{:.2f}** ({:.2f}–{:.2f})".format(*of[key])
                lines.append(f"| {name} | | | {words} | {ratio} | | |")
    cells = []
    for name, of in results.items():
        speed = shown(of["rules"]["articles_per_cpu_second"])
        learned = shown(of["tagger"]["articles_per_wall_second"])
        cells.append(
            f"{name}: rules {speed} a CPU second, tagger {learned} a second in two processes"
        )
    write_between(HERE / "README.md", "speed", "\n\n" + "\n".join(lines) + "\n\n")
    write_between(ROOT / "experiments/README.md", "e050", f" {'; '.join(cells)} ")


def write_between(path: Path, name: str, words: str) -> None:
    """Put words between the markers of that name."""
    before, mark, rest = path.read_text(encoding="utf-8").partition(f"<!-- {name} -->")
    with replace_file(path) as file:
        file.write(f"{before}{mark}{words}{''.join(rest.partition('<!-- end -->')[1:])}")


def shown(numbers: list[float]) -> str:
    """Median with range."""
    return "{:.{n}f} ({:.{n}f}–{:.{n}f})".format(*numbers, n=0 if numbers[0] >= 30 else 1)


if __name__ == "__main__":
    sys.exit(main())
