"""What found the quotes of a folder, kept as they go from folder to folder.

An extractor's measured errors hold for quotes as it found them. So the record of the extraction
and the digest of each article's quotes stay with quotes that are drawn, coded and adjudicated.
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.jsonl import replace_file
from framing.pipeline.extraction import QUOTES
from framing.pipeline.run_records import find_run, read_run
from framing.runs import file_sha256

__all__ = [
    "EXTRACTION",
    "FoundQuotes",
    "find_extraction",
    "find_found_quotes",
    "read_quote_digests",
    "write_found_quotes",
]

# The run record of the extraction that found the quotes, which was made in another folder.
EXTRACTION = "extraction.json"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuotes:
    """Quotes as an extractor found them.

    Attributes:
        record: Of the extraction; of the first, where there were several.
        digests: Of each article's quotes, by the article's id.
        inputs: sha256 of the files that say so, by path as given.
    """

    record: Mapping[str, Any]
    digests: Mapping[str, str]
    inputs: Mapping[str, str]


def find_extraction(folder: Path) -> dict[str, Any] | None:
    """The record of the extraction that found a folder's quotes, made there or kept; or None.

    Raises:
        DataError: A record is damaged.
    """
    record = find_run(folder, "extract")
    if record is None and (folder / EXTRACTION).is_file():
        return read_run(folder / EXTRACTION)
    return record


def read_quote_digests(folder: Path) -> dict[str, str]:
    """Digest of each article's quotes as they were found, by the article's id.

    Empty where the folder does not say.
    """
    path = folder / QUOTES
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {article_id: digest for digest, _, article_id in (s.partition("  ") for s in lines)}


def find_found_quotes(folders: Sequence[Path]) -> FoundQuotes | None:
    """What is known of the quotes that are put together from these folders.

    Returns:
        None where a folder does not say what found its quotes, and where they were found by
        different extractors or versions of one, or differently in one article: nothing that was
        measured holds for all of them then.

    Raises:
        DataError: A record is damaged.
    """
    records: list[dict[str, Any]] = []
    digests: dict[str, str] = {}
    inputs: dict[str, str] = {}
    for folder in folders:
        record, found = find_extraction(folder), read_quote_digests(folder)
        if (
            record is None
            or not found
            or _extractor(record) != _extractor((records or [record])[0])
        ):
            return None
        if any(digests.setdefault(key, digest) != digest for key, digest in found.items()):
            return None
        records.append(record)
        paths = (folder / EXTRACTION, folder / QUOTES)
        inputs |= {path.as_posix(): file_sha256(path) for path in paths if path.is_file()}
    return FoundQuotes(record=records[0], digests=digests, inputs=inputs) if records else None


def write_found_quotes(
    found: FoundQuotes | None, folder: Path, article_ids: Iterable[str]
) -> list[Path]:
    """Keep with the articles of a folder what found their quotes; return the files.

    The digests are those of the quotes as they were found. So where a coder has changed the
    quotes of an article, it counts as corrected.
    """
    if found is None:
        return []
    with replace_file(folder / EXTRACTION) as file:
        json.dump(found.record, file, ensure_ascii=False, indent=1)
        file.write("\n")
    with replace_file(folder / QUOTES) as file:
        file.writelines(f"{found.digests[x]}  {x}\n" for x in article_ids if x in found.digests)
    return [folder / EXTRACTION, folder / QUOTES]


def _extractor(record: Mapping[str, Any]) -> tuple[Any, Any]:
    return record["arguments"].get("extractor"), record["results"].get("extractor_version")
