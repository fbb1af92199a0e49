"""The `hf` format: a folder that `datasets.load_dataset` reads, with typed tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.dataset.dataset_cards import write_card
from framing.dataset.exchange.coded_corpus import CodedCorpus, Suggestion
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.imported_corpus import gather_imported
from framing.dataset.exchange.survival import FACETS, Survival
from framing.dataset.hub_features import HubConfig, describe_configs
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.records import Article, Label, Quote, Speaker

__all__ = ["HF"]

_KINDS: Mapping[str, type] = {
    "articles": Article,
    "quotes": Quote,
    "speakers": Speaker,
    "labels": Label,
    "suggestions": Suggestion,
}
_WORDS = """# Coded articles

`datasets.load_dataset(FOLDER, "articles")`, and likewise `"quotes"`, `"speakers"`, `"labels"` and
`"suggestions"` where there are any. Spans are `[start, end)` in code points of an article's
`text`. A label's `unit_id` is the id of a quote or of a speaker; its `annotator` gave it, under
the codebook {codebook}.

| | |
| --- | --- |
{counts}

**Texts of articles belong to their publishers: think before you publish this folder.**
"""


def _write(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:  # noqa: ARG001
    path.mkdir()
    tables: dict[str, tuple[Any, ...]] = {name: getattr(corpus, name) for name in _KINDS}
    for name, records in tables.items():
        if records:  # `datasets` takes an empty file for a broken one
            write_jsonl(path / f"{name}.jsonl", records)
    groups = list(dict.fromkeys(key for article in corpus.articles for key in article.group))
    configs = [
        HubConfig(name=name, kind=kind, files={"train": f"{name}.jsonl"}, groups=groups)
        for name, kind in _KINDS.items()
    ]
    head = {
        "license": "other",
        "license_name": "texts-belong-to-their-publishers",
        "pretty_name": "coded articles",
        **describe_configs(configs, path, corpus.codebook),
    }
    body = _WORDS.format(
        codebook=corpus.codebook.digest,
        counts="\n".join(f"| {name} | {len(records):,} |" for name, records in tables.items()),
    )
    write_card(path / "README.md", head, body)


def _read(path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str) -> CodedCorpus:
    if path.is_file():
        raise DataError(f"{path}: is one table; give the folder with all of them")

    def read(name: str) -> list[Any]:
        file = path / f"{name}.jsonl"
        return read_jsonl(file, _KINDS[name]) if name == "articles" or file.exists() else []

    return gather_imported(
        read("articles"),
        read("quotes"),
        read("speakers"),
        read("labels"),
        where=str(path),
        source=source,
        codebook=codebook,
        coder=coder,
        suggestions=read("suggestions"),
    )


HF = Format(
    name="hf",
    summary="folder for datasets.load_dataset, typed tables in JSON Lines",
    suffix="",
    survival=dict.fromkeys(FACETS, Survival()),
    write=_write,
    read=_read,
)
