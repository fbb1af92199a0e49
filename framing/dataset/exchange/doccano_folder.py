"""The `doccano` format: articles.jsonl for a project of https://github.com/doccano/doccano 1.8.

Make a project "Sequence labeling" with "Allow overlapping entities" and "Use relation labeling",
and without "Count grapheme clusters as one character"; import span_labels.json and
relation_labels.json on its page of labels, and articles.jsonl as a data set in JSONL. What
doccano exports in JSONL comes back, as it is or in place of articles.jsonl.
"""

import json
from pathlib import Path
from typing import Any, get_args

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.dataset.exchange.doccano_lines import QUOTE, TAG, read_line, write_line
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.marked_texts import LINK_NAMES, marked_survival
from framing.dataset.exchange.marked_units import gather_marked
from framing.dataset.exchange.survival import Survival
from framing.errors import DataError
from framing.records import QuoteKind, Speaker

__all__ = ["DOCCANO"]

_ARTICLES = "articles.jsonl"
_COLORS = ("#ffd166", "#8ecae6", "#b7e4c7", "#52b788", "#f4a6a6", "#cdb4db", "#ced4da")


def _write(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:  # noqa: ARG001
    path.mkdir()
    book = corpus.codebook
    names = [f"{QUOTE}{kind}" for kind in get_args(QuoteKind)] + ["cue", "source", "speaker"]
    names += [f"{v.name}: {category}" for v in book.variables for category in v.names]
    files = {
        _ARTICLES: "".join(f"{write_line(one, book)}\n" for one in corpus.documents),
        "span_labels.json": _label_types(names),
        "relation_labels.json": _label_types([*LINK_NAMES, TAG]),
    }
    for name, content in files.items():
        (path / name).write_text(content, encoding="utf-8", newline="\n")


def _read(path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str) -> CodedCorpus:
    if source is None:
        raise DataError(f"{path}: give the data that were exported with --data")
    file = path / _ARTICLES if path.is_dir() else path
    texts = []
    places: dict[str, str] = {}
    for n, line in enumerate(_read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        text = read_line(line, where=f"{file}:{n}", source=source, codebook=codebook)
        name = text.document.article.id
        if name in places:
            raise DataError(
                f"{file}:{n}: article {name!r} stands twice (before at {places[name]}); keep the "
                "line that holds"
            )
        places[name] = f"line {n}"
        texts.append(text)
    return gather_marked(texts, where=str(file), source=source, codebook=codebook, coder=coder)


def _can_tell(document: Document, speaker: Speaker) -> bool:
    """Whether the speaker is mentioned, and no other at exactly the same words."""
    twins = [one for one in document.speakers if one.mentions == speaker.mentions]
    return bool(speaker.mentions) and len(twins) == 1


DOCCANO = Format(
    name="doccano",
    summary="folder with articles.jsonl for doccano's sequence labeling with relations",
    suffix="",
    survival=marked_survival(
        text=Survival(
            limit="CR and NUL stand as U+FFFD in the file and come back from --data",
        ),
        ids=Survival(
            limit="doccano numbers marks anew, so a unit is known by its place: one that was "
            "moved to other words altogether counts as removed and added"
        ),
        speakers=Survival(
            limit="a speaker has to be mentioned, and not at the very same words as another",
            holds=_can_tell,
        ),
        suggestions=Survival(where="lost", limit="doccano has no place to show them"),
    ),
    write=_write,
    read=_read,
)


def _label_types(names: list[str]) -> str:
    types: list[dict[str, Any]] = [
        {
            "text": name,
            "prefix_key": None,
            "suffix_key": None,
            "background_color": _COLORS[n % len(_COLORS)],
            "text_color": "#000000",
        }
        for n, name in enumerate(names)
    ]
    return json.dumps(types, indent=2) + "\n"


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); give the .jsonl that doccano exported"
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: not UTF-8 ({error.reason} at byte {error.start}); unpack doccano's .zip"
        ) from error
