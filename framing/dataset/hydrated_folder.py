"""A hydrated label store as a folder: our records, and tables for `datasets.load_dataset`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from framing.codebook import Codebook
from framing.dataset.dataset_cards import write_card
from framing.dataset.dataset_tables import TABLES, make_tables
from framing.dataset.hub_features import HubConfig, describe_configs
from framing.dataset.hydration import CodedRecords, Hydrated, hydrate_store
from framing.dataset.label_store import read_store
from framing.errors import DataError
from framing.jsonl import replace_file, write_jsonl
from framing.records import Article

__all__ = ["hydrate_whole", "write_hydrated"]

_PARTS = ("train", "validation", "test")


def hydrate_whole(store: Path, sources: Mapping[str, Path], out: Path) -> None:
    """Join a label store with the texts it was coded from, or refuse: for a measure, all counts.

    Args:
        store: The label store's folder.
        sources: Folder of the texts of each source dataset.
        out: Folder to write; see `write_hydrated`.

    Raises:
        DataError: An article is not there as it was coded.
    """
    read = read_store(store)
    found = hydrate_store(read, sources)
    if found.missing:
        raise DataError(
            f"{store}: {len(found.missing)} items are not in the texts as they were coded; the "
            f"first: {found.missing[0].item}: {found.missing[0].reason}"
        )
    write_hydrated(found, out, codebook=read.codebook)


def write_hydrated(hydrated: Hydrated, out: Path, *, codebook: Codebook) -> list[Path]:
    """Write a hydrated label store.

    * `articles.jsonl`, `quotes.jsonl`, `speakers.jsonl`, `labels.jsonl`: the codings that count,
      as `framing train`, `evaluate` and `report` read them, and `texts.sha256`;
      `exclusions.jsonl` lists what is missing.
    * `parts/train/`, `validation/`, `test/`: the same for each part of the split, when there is
      one.
    * `gold/` and `coders/NAME/`: the same files for each, as `framing agreement` reads them.
    * `tables/`: `quotes`, `speakers` and `extraction` for `datasets.load_dataset`, by part.
      Without splits everything is "train".
    * `README.md`: types for `datasets`, and what this is.

    Args:
        hydrated: What is written.
        out: A folder; files of these names are replaced.
        codebook: Of the labels.

    Returns:
        The files.
    """
    files = _write_records(out, hydrated.articles, hydrated.final)
    write_jsonl(out / "exclusions.jsonl", hydrated.missing)
    files.append(out / "exclusions.jsonl")
    for name, records in {"gold": hydrated.gold, **hydrated.coders}.items():
        if records.article_ids:
            place = out / ("gold" if name == "gold" else f"coders/{name}")
            files += _write_records(place, hydrated.articles, records)
    has_splits = any("split" in article.group for article in hydrated.articles)
    for part in _PARTS:
        articles = [a for a in hydrated.articles if a.group.get("split", "train") == part]
        if not articles:
            continue
        if has_splits:
            records = _only(hydrated.final, articles)
            files += _write_records(out / "parts" / part, articles, records)
        for name, rows in make_tables(articles, hydrated, codebook).items():
            write_jsonl(out / "tables" / f"{name}-{part}.jsonl", rows)
            files.append(out / "tables" / f"{name}-{part}.jsonl")
    configs = [
        HubConfig(
            name=name,
            kind=kind,
            files={part: f"tables/{name}-{part}.jsonl" for part in _PARTS},
        )
        for name, kind in TABLES.items()
    ]
    head = {
        "license": "other",
        "license_name": "texts-belong-to-their-publishers",
        "language": "en",
        "pretty_name": "framing, hydrated",
        **describe_configs(configs, out, codebook),
    }
    write_card(out / "README.md", head, _describe(hydrated))
    return [*files, out / "README.md"]


def _write_records(out: Path, articles: Sequence[Article], records: CodedRecords) -> list[Path]:
    """Write the articles that were coded, what was found in them, and hashes of the texts."""
    coded = set(records.article_ids)
    files: dict[str, Sequence[object]] = {
        "articles": [article for article in articles if article.id in coded],
        "quotes": records.quotes,
        "speakers": records.speakers,
        "labels": records.labels,
    }
    for name, rows in files.items():
        write_jsonl(out / f"{name}.jsonl", rows)
    with replace_file(out / "texts.sha256") as file:
        file.writelines(f"{a.sha256}  {a.id}\n" for a in articles if a.id in coded)
    return [*(out / f"{name}.jsonl" for name in files), out / "texts.sha256"]


def _only(records: CodedRecords, articles: Sequence[Article]) -> CodedRecords:
    keys = {article.id for article in articles}
    quotes = tuple(q for q in records.quotes if q.article_id in keys)
    speakers = tuple(s for s in records.speakers if s.article_id in keys)
    kept = {q.id for q in quotes} | {s.id for s in speakers}
    return CodedRecords(
        article_ids=tuple(key for key in records.article_ids if key in keys),
        quotes=quotes,
        speakers=speakers,
        labels=tuple(label for label in records.labels if label.unit_id in kept),
    )


def _describe(hydrated: Hydrated) -> str:
    same, n = hydrated.n_same, len(hydrated.articles)
    return f"""# Coded news articles with their text

Made by `framing dataset hydrate` from public annotations and your own copy of the articles.

**This folder holds news text that belongs to its publishers: do not publish it.** Share the
annotations, which are without text, and let others hydrate them.

| | |
| --- | --- |
| articles coded | {hydrated.n_coded:,} |
| in your copy | {n:,}, of which {same:,} are the very text that was coded |
| quotes, speakers | {len(hydrated.final.quotes):,}, {len(hydrated.final.speakers):,} |
| spans looked for, not found | {hydrated.n_spans:,}, {hydrated.n_lost:,} |
| left out or incomplete, listed in exclusions.jsonl | {len(hydrated.missing):,} |

`datasets.load_dataset(FOLDER, "quotes")`, `"speakers"` or `"extraction"` reads the tables;
`framing train stance --data FOLDER`, `framing evaluate FOLDER --part test` and `framing report
FOLDER` read the records. The first two find the parts in a column of the articles: `split`, or
with `--split` `outlet_held_out` or `later_years`. `gold/` holds adjudicated codings and `coders/`
what each coder gave. Ids of one coder mean nothing in the folder of another.

Role and stance are gold where `annotator` is "adjudicated", else one coder's. `probability` is
that of drawing the article: weight by its inverse for statements about the frame. Who coded,
how far they agree and what not to use this for stands in the card of the annotations.
"""
