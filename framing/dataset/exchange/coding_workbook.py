"""The `xlsx` format: a coding sheet for one coder, which any spreadsheet program opens.

Five sheets: `instructions`, `codebook`, `speakers` and `quotes` with a row for each unit, in an
order of the coder's own that is drawn by the seed, and `articles` with the texts to read. Answers
are chosen from lists; everything else is locked. A row carries its unit's id, what of its labels
is not to be seen (`record`), and a hash of all that and of the unit, so that an import knows
whether the row, and the data, are those of the export.
"""

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from framing.codebook import Codebook, Variable
from framing.dataset.exchange.codebook_sheet import write_codebook, write_instructions
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document, Suggestion
from framing.dataset.exchange.quote_context import quote_context
from framing.dataset.exchange.workbook_files import save_workbook, to_hidden
from framing.dataset.exchange.workbook_tables import Column, Content, fit_cell, write_table
from framing.errors import DataError
from framing.jsonl import to_json
from framing.records import Label, Quote, Speaker

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = [
    "ARTICLES",
    "FORMAT_MARK",
    "SHEETS",
    "article_rows",
    "note_column",
    "suggestion_column",
    "unit_columns",
    "unit_row",
    "write_coding_workbook",
]

FORMAT_MARK = "framing coding sheet 1"
SHEETS = ("instructions", "codebook", "speakers", "quotes", "articles")
ARTICLES = (
    Column(name="article", width=30),
    Column(name="target", width=28),
    Column(name="no.", width=5),
    Column(name="text", width=110),
    Column(name="article id", width=12, kind="hidden"),
    Column(name="sha256", width=12, kind="hidden"),
)
_MAX_LINKS = 60_000  # Excel opens no more than 65,530 in a sheet
_MAX_PARAGRAPH = 2_500  # characters; what a row of Excel's greatest height shows
_STEPS = (
    "Work alone. Read the sheet “codebook” from top to bottom before the first answer.",
    "Answer on the sheets “speakers” and “quotes”, in the yellow cells: choose from the list. "
    "Rows stand in an order that was drawn for you; keep to it.",
    "The words in bold are the quote, or where the speaker is named. “read” leads to the whole "
    "article on the sheet “articles”. Stance is judged toward the target beside it.",
    "Leave a cell empty while you have not decided. A note goes with an answer: say which rule "
    "decided, or what made you hesitate.",
    "Everything else is locked. Please add no rows, columns or sheets, remove none, and keep the "
    "file's name and its form (.xlsx).",
)


def write_coding_workbook(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:
    """Write the sheets of one coder; see `framing.dataset.exchange.exchange_format.Write`."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheets = [workbook.active, *(workbook.create_sheet() for _ in SHEETS[1:])]
    for sheet, title in zip(sheets, SHEETS, strict=True):
        sheet.title = title
    workbook.security.lockStructure = True
    choices = write_codebook(workbook["codebook"], corpus.codebook)
    starts = _write_articles(workbook, corpus)
    for unit in ("speaker", "quote"):
        _write_units(workbook, corpus, unit, choices, starts, random.Random(f"{seed} {coder}"))
    write_instructions(
        workbook["instructions"],
        title=f"Coding sheet of {coder}" if coder else "Coding sheet",
        steps=_STEPS,
        about={
            "file": FORMAT_MARK,
            "coder": coder,
            "codebook": corpus.codebook.digest,
            "seed of the order": str(seed),
            "articles": str(len(corpus.articles)),
            "speakers": str(len(corpus.speakers)),
            "quotes": str(len(corpus.quotes)),
        },
    )
    save_workbook(workbook, path)


def unit_columns(
    codebook: Codebook, unit: str, suggested: Sequence[str], choices: Mapping[str, str]
) -> list[Column]:
    """The columns of the sheet of quotes or of speakers.

    Args:
        codebook: With a column for each variable of this unit.
        unit: "quote" or "speaker".
        suggested: Variables for which suggestions are shown.
        choices: By variable: the cells that list its categories; not needed to read.
    """
    columns = [
        Column(name="no.", width=5),
        Column(name="article", width=22),
        Column(name="text", width=6),
    ]
    if unit == "quote":
        columns += [
            Column(name="target", width=22),
            Column(name="context", width=68),
            Column(name="quote", width=42),
            Column(name="speaker", width=22),
        ]
    else:
        columns += [
            Column(name="speaker", width=24),
            Column(name="presented as", width=26),
            Column(name="context", width=68),
            Column(name="quotes", width=44),
        ]
    for variable in _variables(codebook, unit):
        if variable.name in suggested:
            columns.append(Column(name=suggestion_column(variable.name), width=18))
        columns += [
            Column(
                name=variable.name,
                width=17,
                kind="answer",
                choices=variable.names,
                source=choices.get(variable.name, ""),
                prompt=variable.question,
            ),
            Column(name=note_column(variable.name), width=30, kind="note"),
        ]
    return [
        *columns,
        Column(name="unit", width=12, kind="hidden"),
        Column(name="record", width=12, kind="hidden"),
        Column(name="sha256", width=12, kind="hidden"),
    ]


def unit_row(
    document: Document,
    unit: Quote | Speaker,
    number: int,
    record: str,
    suggestions: Sequence[Suggestion],
) -> dict[str, Content]:
    """The locked cells of a unit's row, by column.

    Args:
        document: Of the unit.
        unit: A quote or a speaker.
        number: Place in the coder's order, from 1.
        record: Hidden JSON of what stands in the row and is not to be seen.
        suggestions: For this unit.
    """
    article = document.article
    row: dict[str, Content] = {
        "no.": number,
        "article": _heading(document),
        "text": "read",
        "unit": to_hidden(unit.id),
    }
    if isinstance(unit, Quote):
        speaker = next((s.name for s in document.speakers if s.id == unit.speaker_id), "")
        row |= {
            "target": fit_cell(article.stance_target),
            "context": quote_context(article.text, unit.content),
            "quote": fit_cell(unit.text(article.text)),
            "speaker": fit_cell(speaker or "(not known)"),
        }
    else:
        theirs = [q for q in document.quotes if q.speaker_id == unit.id]
        named = [*unit.mentions, *(q.source for q in theirs if q.source)]
        spans = named or [span for quote in theirs for span in quote.content]
        said = "\n".join(f"– {quote.text(article.text)}" for quote in theirs)
        row |= {
            "speaker": fit_cell(unit.name),
            "presented as": fit_cell(unit.description),
            "context": quote_context(article.text, spans, n_around=0),
            "quotes": fit_cell(said, _MAX_PARAGRAPH),
        }
    for given in suggestions:
        name = suggestion_column(given.variable)
        before = f"{row[name]}\n" if name in row else ""
        row[name] = f"{before}{given.value} ({given.model})"
    whole = json.dumps([article.sha256, to_json(unit), number, record], ensure_ascii=True)
    row |= {"record": record, "sha256": hashlib.sha256(whole.encode()).hexdigest()}
    return row


def article_rows(document: Document) -> list[dict[str, Content]]:
    """The text of an article, a row for each paragraph; title and target in the first row."""
    article = document.article
    parts = [
        line[at : at + _MAX_PARAGRAPH]
        for line in article.text.split("\n")
        if line.strip()
        for at in range(0, len(line), _MAX_PARAGRAPH)
    ]
    marks: dict[str, Content] = {"article id": to_hidden(article.id), "sha256": article.sha256}
    rows: list[dict[str, Content]] = [
        {"no.": n, "text": part, **marks} for n, part in enumerate(parts, start=1)
    ]
    rows[0] |= {"article": _heading(document), "target": fit_cell(article.stance_target)}
    return rows


def note_column(variable: str) -> str:
    """Name of the column of remarks on a variable."""
    return f"note on {variable}"


def suggestion_column(variable: str) -> str:
    """Name of the column of a model's suggestions for a variable."""
    return f"suggested {variable}"


def _variables(codebook: Codebook, unit: str) -> Iterator[Variable]:
    yield from (variable for variable in codebook.variables if variable.unit == unit)


def _heading(document: Document) -> str:
    return fit_cell(document.article.title or document.article.id)


def _write_articles(workbook: "Workbook", corpus: CodedCorpus) -> dict[str, int]:
    """Write the texts; return the first row of each article."""
    rows: list[dict[str, Content]] = []
    starts = {}
    for document in corpus.documents:
        starts[document.article.id] = len(rows) + 2
        rows += article_rows(document)
    if len(rows) >= 1 << 20:
        raise DataError(
            f"format xlsx: {len(rows):,} paragraphs, and a sheet has 1,048,576 rows; export fewer "
            "articles at a time"
        )
    write_table(workbook["articles"], ARTICLES, rows)
    return starts


def _write_units(
    workbook: "Workbook",
    corpus: CodedCorpus,
    unit: str,
    choices: Mapping[str, str],
    starts: Mapping[str, int],
    rng: random.Random,
) -> None:
    labels: dict[str, list[Label]] = {}
    shown: dict[str, list[Suggestion]] = {}
    for label in corpus.labels:
        labels.setdefault(label.unit_id, []).append(label)
    for given in corpus.suggestions:
        shown.setdefault(given.unit_id, []).append(given)
    found: list[tuple[Document, Quote | Speaker]] = [
        (document, one)
        for document in corpus.documents
        for one in (document.quotes if unit == "quote" else document.speakers)
    ]
    rng.shuffle(found)
    rows = []
    for number, (document, one) in enumerate(found, start=1):
        own, seen = labels.get(one.id, []), shown.get(one.id, [])
        row = unit_row(document, one, number, _record(own, seen), seen)
        for label in own:
            row |= {label.variable: label.value, note_column(label.variable): label.note}
        rows.append(row)
    suggested = {given.variable for of in shown.values() for given in of}
    write_table(
        workbook[f"{unit}s"],
        unit_columns(corpus.codebook, unit, sorted(suggested), choices),
        rows,
        links=[f"articles!A{starts[d.article.id]}" for d, _ in found] if len(found) < _MAX_LINKS
        else (),
    )  # fmt: skip


def _record(labels: Sequence[Label], suggestions: Sequence[Suggestion]) -> str:
    record = {
        "probability": {label.variable: label.probability for label in labels},
        "suggestions": [[s.variable, s.value, s.model] for s in suggestions],
    }
    return json.dumps(record).replace("_x", "\\u005fx")  # see to_hidden
