"""Which files the inputs stand for, and what their articles are called."""

import dataclasses
import glob
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from framing.articles.canonical import canonical_line
from framing.errors import DataError
from framing.records import Exclusion

__all__ = ["SUFFIXES", "Source", "find_sources", "shown_path"]

# Kind of file by suffix.
SUFFIXES = {
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "csv", ".parquet": "parquet",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to read.

    Attributes:
        path: Where it is; None for the standard input.
        name: How it is named to the user, as given.
        kind: A value of `SUFFIXES`, or "stdin".
        stem: Id of its article, or what the ids of its articles begin with; unique in a run.
        size: Bytes; 0 for the standard input.
    """

    path: Path | None
    name: str
    kind: str
    stem: str
    size: int


def find_sources(inputs: str | Path | Iterable[str | Path]) -> list[Source | Exclusion]:
    """The files that paths, folders, globs and "-" stand for.

    Inputs keep their order; what a folder or a glob holds is sorted by path, and a folder is
    read with its subfolders. Hidden files and folders inside a folder are not looked at. A file
    that is reached twice is read once. Of files with one stem, the ids are told apart by as
    much of the path as is needed, the same in any order of inputs.

    Returns:
        Files to read and, in their places, what cannot be read, with the reason.

    Raises:
        DataError: An input does not exist, a glob matches nothing, a folder is empty, or there
            is no input.
    """
    given = [inputs] if isinstance(inputs, (str, Path)) else list(inputs)
    if not given:
        raise DataError("articles: no input; give files, folders, globs, or - for standard input")
    found: list[Source | Exclusion] = []
    seen: dict[str, str] = {}
    for item in given:
        for path in _expand(str(item)):
            if isinstance(path, Exclusion):
                found.append(path)
                continue
            key = "-" if path is None else os.path.realpath(path)
            name = "-" if path is None else shown_path(path)
            if key in seen:
                reason = f"the same file as {seen[key]}, which is read once"
                found.append(Exclusion(item=name, reason=reason, stage="articles"))
                continue
            seen[key] = name
            found.append(_source(path, name))
    return _with_unique_stems(found)


def shown_path(path: Path) -> str:
    """The path as text that can be written to a file, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _expand(item: str) -> Iterator[Path | Exclusion | None]:
    if item == "-":
        yield None
        return
    if not item.strip():
        raise DataError("articles: an input is empty; give a file, a folder, a glob, or -")
    path = Path(os.path.expanduser(item))  # Path.expanduser raises on "~nobody"
    if os.path.isdir(path):  # Path.is_dir raises on a name that is too long
        files = list(_walk(path))
        if not files:
            raise DataError(f"{item}: the folder holds no files; give one with articles")
        yield from files
    elif os.path.lexists(path):
        yield path
    elif glob.has_magic(item):
        found: list[Path | Exclusion] = []
        for match in map(Path, sorted(glob.glob(str(path), recursive=True))):
            # With ** a folder stands beside the files in it, which come by themselves.
            if not match.is_dir():
                found.append(match)
            elif "**" not in item:
                found += _walk(match)
        if not found:
            raise DataError(f"{item}: no file matches this glob; check the path and the quoting")
        yield from found
    else:
        raise DataError(f"{item}: no such file or folder; give a path that exists, or a glob")


def _walk(folder: Path) -> Iterator[Path | Exclusion]:
    refused: list[Exclusion] = []

    def refuse(error: OSError) -> None:
        name = shown_path(Path(error.filename))
        reason = f"the folder cannot be opened: {error.strerror}"
        refused.append(Exclusion(item=name, reason=reason, stage="articles"))

    files: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            inner = Path(root, name)
            if inner.is_symlink():
                reason = "a link to a folder is not followed; give that folder as an input"
                item = shown_path(inner)
                refused.append(Exclusion(item=item, reason=reason, stage="articles"))
        files += [Path(root, name) for name in names if not name.startswith(".")]
    yield from sorted(files, key=lambda path: path.parts)
    yield from sorted(refused, key=lambda exclusion: exclusion.item)


def _source(path: Path | None, name: str) -> Source | Exclusion:
    if path is None:
        return Source(path=None, name=name, kind="stdin", stem="stdin", size=0)
    kind, reason, size = SUFFIXES.get(path.suffix.lower(), ""), "", 0
    try:
        status = path.stat()
        size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            reason = "neither a file nor a folder"
        elif not kind:
            reason = (
                f"files of type {path.suffix or '(none)'} are not read; "
                f"accepted: {', '.join(SUFFIXES)}"
            )
    except OSError as error:
        link = "a link that leads nowhere: " if path.is_symlink() else ""
        reason = f"{link}cannot be opened: {error.strerror}"
    if reason:
        return Exclusion(item=name, reason=reason, stage="articles")
    return Source(path=path, name=name, kind=kind, stem="", size=size)


def _with_unique_stems(found: list[Source | Exclusion]) -> list[Source | Exclusion]:
    paths = [item.path for item in found if isinstance(item, Source) and item.path]
    depth = dict.fromkeys(paths, 0)
    while True:
        stems = {path: _stem(path, depth[path]) for path in paths}
        n_uses = Counter(stems.values())
        clashing = [path for path in paths if n_uses[stems[path]] > 1]
        deeper = [path for path in clashing if depth[path] <= len(path.absolute().parts)]
        if not deeper:
            break
        for path in deeper:
            depth[path] += 1
    return [
        dataclasses.replace(item, stem=stems[item.path])
        if isinstance(item, Source) and item.path
        else item
        for item in found
    ]


def _stem(path: Path, depth: int) -> str:
    """The stem at depth 0, then the name, then the name with more and more of its folders."""
    if depth == 0:
        return canonical_line(shown_path(Path(path.stem))) or "article"
    return canonical_line(
        "/".join(shown_path(Path(part)) for part in path.absolute().parts[-depth:])
    )
