"""Take the codings of the hidden control articles (gold-dev) into this experiment, as spans.

python take_controls.py --codings FOLDER --controls key.json --gold gold.jsonl CODER...

FOLDER/CODER/ID.json are codings with words copied; `key.json` maps the id that an article was
given out under to its id in gold-dev. Written are spans and labels without any text.
"""

import argparse
import dataclasses
import json
from pathlib import Path

from framing.codebook import load_codebook
from framing.dataset.compiled_codings import compile_coding
from framing.dataset.gold_quotes import read_gold_quotes
from framing.dataset.store_imports import read_record
from framing.dataset.verbatim_codings import VerbatimCoding
from framing.jsonl import from_json, write_jsonl
from framing.records import Label, Quote, Speaker

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Compile every control coding; a mistake ends it with its words."""
    parser = argparse.ArgumentParser(description="Take control codings in as spans.")
    for name in ("--codings", "--controls", "--gold"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("coders", nargs="+")
    given = parser.parse_args()
    codebook = load_codebook()
    gold = {coded.article.id: coded.article for coded in read_gold_quotes(given.gold)}
    key = json.loads(given.controls.read_text(encoding="utf-8"))
    for coder in given.coders:
        quotes: list[Quote] = []
        speakers: list[Speaker] = []
        labels: list[Label] = []
        for control, gold_id in sorted(key.items(), key=lambda pair: pair[1]):
            path = given.codings / coder / f"{control}.json"
            if not path.exists():
                continue
            coding = from_json(read_record(path), VerbatimCoding)
            article = gold[gold_id]
            compiled, mistakes = compile_coding(coding, article, codebook)
            if compiled is None:
                raise SystemExit(f"{path}: {mistakes[0]}")
            quotes += compiled.quotes
            # Words of the article stay out: a name is a fact, others go by their id.
            for coded in compiled.speakers:
                name = coded.speaker.name if coded.name_at is None else coded.speaker.id
                speakers.append(dataclasses.replace(coded.speaker, description="", name=name))
            given_labels = [(s.speaker.id, "role", s.role) for s in compiled.speakers]
            given_labels += [(q, "stance", v) for q, (v, _) in compiled.stances.items()]
            labels += [
                Label(
                    unit_id=unit,
                    variable=variable,
                    value=value,
                    annotator=coder,
                    codebook=codebook.digest,
                )
                for unit, variable, value in given_labels
            ]
        folder = HERE / "controls" / coder
        write_jsonl(folder / "quotes.jsonl", quotes)
        write_jsonl(folder / "speakers.jsonl", speakers)
        write_jsonl(folder / "labels.jsonl", labels)


if __name__ == "__main__":
    main()
