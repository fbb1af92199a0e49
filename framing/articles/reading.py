"""Any input to articles: the public way in."""

import dataclasses
import hashlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from framing.articles.canonical import canonical_line
from framing.articles.encodings import decode, detect_encoding
from framing.articles.fields import MAX_BYTES, make_article
from framing.articles.html import declared_encoding, read_html
from framing.articles.markdown import read_markdown
from framing.articles.plain import read_plain
from framing.articles.rows import (
    Row,
    read_csv_rows,
    read_json_rows,
    read_jsonl_rows,
    read_parquet_rows,
)
from framing.articles.sources import Source, find_sources
from framing.errors import DataError
from framing.records import Article, Exclusion
from framing.runs import file_sha256

__all__ = ["ArticleStream", "Progress", "Reading", "iter_articles", "read_articles"]

# Called with the bytes read so far and the bytes of all files.
Progress = Callable[[int, int], None]
_ENCODING_NAMES = {"utf-8-sig": "UTF-8 with a byte order mark"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that came of the inputs.

    Attributes:
        articles: What can be used, in the order of the inputs.
        exclusions: What cannot, with its reason, in that order too.
        inputs: sha256 of every file's bytes by the file's name as given ("-": standard input).
        notes: What else to know: encodings other than UTF-8, keys that were left out, texts
            that two outlets share.
    """

    articles: tuple[Article, ...]
    exclusions: tuple[Exclusion, ...]
    inputs: dict[str, str]
    notes: tuple[str, ...]


def read_articles(
    inputs: str | Path | Iterable[str | Path],
    *,
    target: str = "",
    progress: Progress | None = None,
) -> Reading:
    """Read articles from files, folders, globs and the standard input.

    txt, md and HTML files are one article each; JSON Lines, JSON, CSV, TSV and Parquet files
    hold one in each row (see `framing.articles.fields.make_article` for the keys). What cannot
    be used becomes an `Exclusion` and the rest goes on: files of other types, empty, binary,
    undecodable, over 5 MB for one article, not English, rows that are damaged or of the wrong
    type, a second article with an id that was read before, and copies of a text that was read
    before (of equals, the first stays). One text under two outlets, as with agency reports, is
    two articles: each outlet printed it, and which of them kept it must not hang on the order of
    the inputs. A note says so.

    An article's id is the one in the data, else the file's stem, with "-" and the number of the
    row in files of many articles. The order of the inputs changes no id.

    Args:
        inputs: One or several paths, folders, globs, or "-": the standard input, read as JSON
            Lines when it begins with "{", else as the plain text of one article.
        target: What stance is measured toward in articles whose data give no target.
        progress: Called with the bytes read so far and the bytes of all files.

    Raises:
        DataError: An input does not exist, a glob matches nothing or a folder is empty. That
            every article is excluded is no error here: see `exclusions`.
    """
    stream = iter_articles(inputs, target=target, progress=progress)
    articles: list[Article] = []
    exclusions: list[Exclusion] = []
    for item in stream:
        if isinstance(item, Article):
            articles.append(item)
        else:
            exclusions.append(item)
    return Reading(
        articles=tuple(articles),
        exclusions=tuple(exclusions),
        inputs=dict(stream.inputs),
        notes=stream.notes,
    )


def iter_articles(
    inputs: str | Path | Iterable[str | Path],
    *,
    target: str = "",
    progress: Progress | None = None,
) -> "ArticleStream":
    """Read like `read_articles`, one article or exclusion at a time.

    Only one article (of a .json file: the file) is in memory at a time, and of each earlier one
    its id, its place, its outlet and a hash, by which copies are recognised.

    Raises:
        DataError: As for `read_articles`, at once.
    """
    return ArticleStream(find_sources(inputs), canonical_line(target), progress)


class ArticleStream:
    """Articles and exclusions in the order of the inputs, read while iterating.

    Attributes:
        inputs: sha256 by name of the files opened so far; complete after the last item.
    """

    def __init__(
        self, found: list[Source | Exclusion], target: str, progress: Progress | None
    ) -> None:
        self.inputs: dict[str, str] = {}
        self._notes: dict[str, None] = {}  # a set in order
        self._found = found
        self._target = target
        self._progress = progress

    @property
    def notes(self) -> tuple[str, ...]:
        """Encodings other than UTF-8, keys left out and texts of two outlets, so far."""
        return tuple(self._notes)

    def __iter__(self) -> Iterator[Article | Exclusion]:
        self.inputs.clear()
        self._notes.clear()
        known = _Known()
        done, total = 0, sum(item.size for item in self._found if isinstance(item, Source))
        for source in self._found:
            if isinstance(source, Exclusion):
                yield source
                continue
            for row in self._rows(source):
                if self._progress:
                    self._progress(done + int(row.done * source.size), total)
                yield self._admit(source, row, known)
            done += source.size

    def _rows(self, source: Source) -> Iterator[Row]:
        """Rows of one file; what ends it early is a last row with the problem."""
        n_rows = 0
        problem = ""
        try:
            with _opened(source) as file:
                for row in self._rows_of_kind(source, file):
                    n_rows += 1
                    yield row
        except DataError as error:
            problem = str(error)
        except UnicodeError as error:
            problem = f"cannot be decoded from here on: {error}; save it as UTF-8"
        except OSError as error:
            problem = f"cannot be read: {error.strerror or error}"
        if problem or n_rows == 0:
            where = f" after row {n_rows}" if n_rows else ""
            yield Row(where=where, number=0, problem=problem or "empty: it holds no article")

    def _rows_of_kind(self, source: Source, file: BinaryIO) -> Iterator[Row]:
        kind = source.kind
        if source.path is None:
            start = file.read(1 << 16)
            self.inputs[source.name] = hashlib.sha256(start + file.read()).hexdigest()
            file.seek(0)
            bare = start.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")
            kind = "jsonl" if bare.lstrip().startswith(b"{") else "txt"
        else:
            self.inputs[source.name] = file_sha256(source.path)
        if kind in ("txt", "md", "html"):
            yield Row(where="", number=0, fields=self._one_article(source, kind, file))
        elif kind == "parquet":
            yield from read_parquet_rows(file)
        else:
            encoding = detect_encoding(file)
            self._note_encoding(source, encoding)
            if kind == "jsonl":
                yield from read_jsonl_rows(file, source.size, encoding)
            elif kind == "json":
                yield from read_json_rows(file, encoding)
            else:
                tabs = source.name.lower().endswith(".tsv")
                yield from read_csv_rows(file, source.size, encoding, tabs=tabs)

    def _one_article(self, source: Source, kind: str, file: BinaryIO) -> dict[str, Any]:
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise DataError(f"the file has over {MAX_BYTES:,} bytes; split it into its articles")
        if not data.strip():
            raise DataError("empty: it holds no text")
        declared = declared_encoding(data) if kind == "html" else ""
        text, encoding = decode(data, declared=declared)
        self._note_encoding(source, encoding)
        readers = {"txt": read_plain, "md": read_markdown, "html": read_html}
        return dict(readers[kind](text))

    def _note_encoding(self, source: Source, encoding: str) -> None:
        if encoding != "utf-8":
            self._note(f"{source.name}: read as {_ENCODING_NAMES.get(encoding, encoding)}")

    def _note(self, note: str) -> None:
        self._notes[note] = None

    def _admit(self, source: Source, row: Row, known: "_Known") -> Article | Exclusion:
        where = source.name + row.where
        if row.problem:
            return Exclusion(item=where, reason=row.problem, stage="articles")
        default_id = f"{source.stem}-{row.number}" if row.number else source.stem
        try:
            article, left_out = make_article(row.fields, default_id=default_id, target=self._target)
        except DataError as error:
            own_id = row.fields.get("id")
            article_id = canonical_line(own_id) if isinstance(own_id, str) else ""
            return Exclusion(item=where, reason=str(error), stage="articles", article_id=article_id)
        for key in left_out:
            self._note(f"{source.name}: key {key!r} is left out: no name, or no short single value")
        copies = known.copies.setdefault(article.sha256, {})
        # A text without an outlet may be that of any.
        same = next((o for o in copies if o == article.outlet or not (o and article.outlet)), None)
        reason = ""
        if same is not None:
            reason = f"the same text as article {copies[same]!r}, which is read once"
        elif article.id in known.places:
            reason = (
                f"a second article with the id {article.id!r}, first at "
                f"{known.places[article.id]}; ids must differ"
            )
        if reason:
            return Exclusion(item=where, reason=reason, stage="articles", article_id=article.id)
        if copies:
            outlet, first = next(iter(copies.items()))
            self._note(
                f"{where}: article {article.id!r} of {article.outlet} has the same text as "
                f"{first!r} of {outlet}; both are read"
            )
        known.places[article.id] = where
        copies[article.outlet] = article.id
        return article


@dataclasses.dataclass(frozen=True, slots=True)
class _Known:
    """What was read before: places by id, and ids by outlet by hash of the text."""

    places: dict[str, str] = dataclasses.field(default_factory=dict)
    copies: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)


def _opened(source: Source) -> BinaryIO:
    if source.path is None:
        return io.BytesIO(sys.stdin.buffer.read())
    return source.path.open("rb")
