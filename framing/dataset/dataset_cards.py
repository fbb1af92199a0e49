"""README.md of a dataset folder: a YAML head that `datasets` reads, and words for people."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.codebook import load_codebook
from framing.dataset.hub_features import HubConfig, describe_configs
from framing.dataset.label_store import (
    Batch,
    Coding,
    Item,
    Split,
    StoredQuote,
    StoredSpeaker,
)
from framing.dataset.sampling import FrameArticle
from framing.errors import DataError
from framing.jsonl import read_jsonl, replace_file
from framing.records import Article, Label, Quote, Speaker

__all__ = ["find_card_problems", "publish_store", "refresh_card", "store_configs", "write_card"]

_CODED: Mapping[str, type] = {
    "quotes": StoredQuote,
    "speakers": StoredSpeaker,
    "labels": Label,
    "codings": Coding,
}
_WHOLE: Mapping[str, type] = {
    "items": Item,
    "splits": Split,
    "batches": Batch,
    "frame": FrameArticle,
}
_SAMPLES: Mapping[str, type] = {"quotes": Quote, "speakers": Speaker, "labels": Label}
_FENCE = "---\n"


def store_configs(folder: Path) -> list[HubConfig]:
    """The configurations of a label store.

    `samples` are the articles written for this project, `samples_quotes`, `samples_speakers` and
    `samples_labels` what was found in them. `items`, `splits`, `batches` and `frame` are single
    files; `quotes`, `speakers`, `labels` and `codings` have a split for gold and for each coder
    (with "_" for "-").
    """
    articles = folder / "samples" / "articles.jsonl"
    groups: dict[str, None] = {}
    if articles.is_file():
        groups = {key: None for a in read_jsonl(articles, Article) for key in a.group}
    samples = {"train": "samples/articles.jsonl"}
    configs = [HubConfig(name="samples", kind=Article, files=samples, groups=list(groups))]
    for name, kind in _SAMPLES.items():
        files = {"train": f"samples/{name}.jsonl"}
        configs.append(HubConfig(name=f"samples_{name}", kind=kind, files=files))
    for name, kind in _WHOLE.items():
        configs.append(HubConfig(name=name, kind=kind, files={"train": f"{name}.jsonl"}))
    coders = sorted(path.name for path in (folder / "coders").glob("*") if path.is_dir())
    for name, kind in _CODED.items():
        files = {"gold": f"gold/{name}.jsonl"}
        files |= {coder.replace("-", "_"): f"coders/{coder}/{name}.jsonl" for coder in coders}
        configs.append(HubConfig(name=name, kind=kind, files=files))
    return configs


def refresh_card(folder: Path) -> Path:
    """Bring the head of a label store's README.md in line with its files; its words stay.

    Raises:
        DataError: README.md is missing or has no head.
    """
    path = folder / "README.md"
    head, body = _read_card(path)
    codebook = load_codebook(folder / "codebook.toml")
    write_card(path, {**head, **describe_configs(store_configs(folder), folder, codebook)}, body)
    return path


def publish_store(folder: Path, out: Path) -> list[Path]:
    """Copy a label store to a folder for the Hugging Face hub: standoff, no news text.

    Copied are the files that belong to a label store, by name, and the invented samples; so
    nothing that lies there by mistake goes out.

    Args:
        folder: The label store, checked before.
        out: A folder that does not exist or is empty.

    Raises:
        DataError: `out` holds files, or README.md is missing.
    """
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out}: holds files already; give an empty folder or a new one")
    patterns = [
        "codebook.toml",
        "guidelines.md",
        "splits.run.json",
        *(f"{name}.jsonl" for name in _WHOLE),
    ]
    for place in ("gold", "coders/*", "replaced/*"):
        patterns += [f"{place}/{name}.jsonl" for name in _CODED]
    for place in ("samples", "samples/coders/*"):
        patterns += [f"{place}/{name}.jsonl" for name in ("articles", *_SAMPLES)]
    files = sorted(file for pattern in patterns for file in folder.glob(pattern))
    for file in (folder / "README.md", *files):
        target = out / file.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return [refresh_card(out), *(out / file.relative_to(folder) for file in files)]


def find_card_problems(folder: Path) -> list[str]:
    """What is wrong with the head of a label store's README.md, in sentences."""
    try:
        head, _ = _read_card(folder / "README.md")
    except DataError as error:
        return [str(error)]
    codebook = load_codebook(folder / "codebook.toml")
    described = describe_configs(store_configs(folder), folder, codebook)
    wrong = [key for key, value in described.items() if head.get(key) != value]
    if not wrong:
        return []
    return [
        f"README.md: {' and '.join(wrong)} of its head is not what the files are; make it anew "
        "with framing dataset card"
    ]


def write_card(path: Path, head: Mapping[str, Any], body: str) -> None:
    """Write a card: head, then words."""
    from huggingface_hub import DatasetCardData

    yaml = DatasetCardData(**head).to_yaml()
    with replace_file(path) as file:
        file.write(f"{_FENCE}{yaml.rstrip()}\n{_FENCE}\n{body.lstrip()}")


def _read_card(path: Path) -> tuple[dict[str, Any], str]:
    from huggingface_hub import metadata_load

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    parts = text.split(_FENCE, 2)
    head = metadata_load(path)
    if len(parts) < 3 or parts[0] or head is None:
        raise DataError(f"{path}: has no YAML head between two lines of ---")
    return head, parts[2]
