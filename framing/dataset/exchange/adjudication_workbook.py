"""The adjudication workbook: what coders disagree about, side by side, and a decision on each.

A row for every quote and every speaker on which coders differ: whose record holds, which category,
and why. What they agree on is not in it and becomes gold as it is.
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from framing.dataset.exchange.adjudication import (
    LEAVE_OUT,
    NO_LABEL,
    TAKE,
    Decision,
    Gold,
    adjudicate,
)
from framing.dataset.exchange.codebook_sheet import read_about, write_codebook, write_instructions
from framing.dataset.exchange.coder_differences import UNIT, CoderDifferences, SharedUnit
from framing.dataset.exchange.coding_workbook import ARTICLES, SHEETS, article_rows
from framing.dataset.exchange.quote_context import quote_context
from framing.dataset.exchange.workbook_checks import (
    Problems,
    TableRow,
    check_row,
    check_sheets,
    read_table,
)
from framing.dataset.exchange.workbook_files import open_workbook, save_workbook
from framing.dataset.exchange.workbook_tables import Column, Content, fit_cell, put, write_table
from framing.jsonl import to_json
from framing.records import Label, Speaker

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_adjudication", "write_adjudication"]

_SHEETS = (*SHEETS, "lists")
_MARK = "framing adjudication 1"
_REASON = "reason"
_STEPS = (
    "Every row of “speakers” and “quotes” is something on which coders differ; the column “to "
    "decide” says on what. What they agree on is not shown, and stays as it is.",
    "Decide in the yellow cells: whose quote or speaker to take (its words, kind, cue and "
    f"speaker; or “{LEAVE_OUT}” where it is no quote), and which category holds.",
    f"White cells may stay empty: coders agree there. What you choose in one counts. “{NO_LABEL}” "
    "is for a unit that should have no category.",
    "Give a reason for every decision: the rule of the codebook, or what the coder overlooked.",
    "A speaker to whom none of the quotes that you keep is given needs no decision.",
    "Please add no rows, columns or sheets, and keep the form (.xlsx).",
)


def write_adjudication(differences: CoderDifferences, path: Path) -> None:
    """Write the workbook.

    Raises:
        DataError: A text is longer than a cell holds.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    sheets = [workbook.active, *(workbook.create_sheet() for _ in _SHEETS[1:])]
    for sheet, title in zip(sheets, _SHEETS, strict=True):
        sheet.title = title
    write_codebook(workbook["codebook"], differences.codebook)
    workbook[_SHEETS[-1]].sheet_state = "hidden"
    paragraphs: list[dict[str, Content]] = []
    starts = {}
    for document in differences.documents:
        starts[document.article.id] = len(paragraphs) + 2
        paragraphs += article_rows(document)
    write_table(workbook["articles"], ARTICLES, paragraphs)
    for kind in ("speaker", "quote"):
        rows = _differing(differences, kind)
        write_table(
            workbook[f"{kind}s"],
            _with_lists(_columns(differences, kind), workbook[_SHEETS[-1]]),
            [_row(differences, at, n, unit) for at, (n, unit) in enumerate(rows, start=1)],
            links=[f"articles!A{starts[unit.article.id]}" for _, unit in rows],
            optional={
                (at, name)
                for at, (_, unit) in enumerate(rows)
                for name in (TAKE, *unit.labels)
                if name not in _asked(unit)
            },
        )
    write_instructions(
        workbook["instructions"],
        title=f"Adjudication of {', '.join(differences.names)}",
        steps=_STEPS,
        about=_about(differences),
    )
    workbook.security.lockStructure = True
    save_workbook(workbook, path)


def read_adjudication(
    path: Path, differences: CoderDifferences
) -> tuple[Gold, dict[int, Decision]]:
    """Read the decisions and put them together with what coders agree on.

    Args:
        path: Of the workbook.
        differences: Of the same codings that it was written from.

    Returns:
        The gold coding, and the decisions by the unit's number in `differences.units`.

    Raises:
        DataError: Something in the workbook is wrong or undecided, or it is of other codings; all
            that is wrong is told by cell.
    """
    problems = Problems(path)
    decisions: dict[int, Decision] = {}
    with open_workbook(path, max_bytes=_room(differences)) as workbook:
        check_sheets(workbook, _SHEETS, problems)
        about = read_about(workbook["instructions"], problems)
        for key, wanted in _about(differences).items():
            if about.get(key) != wanted:
                problems.add(
                    "instructions",
                    f"{key} is {about.get(key, '')!r}, not {wanted!r}; give the codings and the "
                    "codebook that the workbook was made from",
                )
        problems.check()
        for kind in ("speaker", "quote"):
            sheet = workbook[f"{kind}s"]
            columns = _columns(differences, kind)
            expected = {
                str(n): (unit, _row(differences, at, n, unit))
                for at, (n, unit) in enumerate(_differing(differences, kind), start=1)
            }
            seen: set[str] = set()
            for row in read_table(sheet, columns, 2 * len(expected) + 100, problems):
                number = row.texts["unit"]
                if number not in expected or number in seen:
                    what = "stands twice" if number in seen else "was not exported"
                    problems.add(row.cells["unit"], f"row {number!r} {what}; delete it")
                    continue
                seen.add(number)
                unit, content = expected[number]
                check_row(row, columns, content, f"{kind} {content['no.']}", problems)
                decisions[int(number)] = _decision(row, unit, problems)
            if seen or not problems.found:
                for number in [number for number in expected if number not in seen]:
                    problems.add(
                        sheet.title, f"row {expected[number][1]['no.']} was removed; undo that"
                    )
        problems.check()
    gold, wrong = adjudicate(differences, decisions)
    for where, what in wrong:
        problems.add(where, what)
    problems.check()
    assert gold is not None  # there are no problems, so there is gold
    return gold, {n: one for n, one in decisions.items() if one.take or one.values}


def _differing(differences: CoderDifferences, kind: str) -> list[tuple[int, SharedUnit]]:
    return [
        (n, unit)
        for n, unit in enumerate(differences.units)
        if unit.kind == kind and (unit.differs if kind == "quote" else _asked(unit))
    ]


def _asked(unit: SharedUnit) -> list[str]:
    """Columns in which a decision is waited for."""
    n_found = sum(one is not None for one in unit.found)
    take = UNIT in unit.differs and (unit.kind == "quote" or n_found > 1)
    return [*([TAKE] if take else []), *(name for name in unit.differs if name != UNIT)]


def _with_lists(columns: Sequence[Column], sheet: "Worksheet") -> list[Column]:
    """Write what can be chosen in each column to a sheet of lists, and name the cells there."""
    from openpyxl.utils import get_column_letter

    listed = []
    for column in columns:
        if column.kind != "answer":
            listed.append(column)
            continue
        at = 1 if sheet.cell(row=1, column=1).value is None else sheet.max_column + 1
        for n, choice in enumerate(column.choices, start=1):
            put(sheet, n, at, choice)
        letter = get_column_letter(at)
        place = f"{sheet.title}!${letter}$1:${letter}${len(column.choices)}"
        listed.append(dataclasses.replace(column, source=place))
    return listed


def _columns(differences: CoderDifferences, kind: str) -> list[Column]:
    left_out = (LEAVE_OUT,) if kind == "quote" else ()
    return [
        Column(name="no.", width=5),
        Column(name="article", width=20),
        Column(name="text", width=6),
        Column(name="target", width=20),
        Column(name="context", width=60),
        *(Column(name=f"by {name}", width=34) for name in differences.names),
        Column(name="to decide", width=12),
        Column(
            name=TAKE,
            width=14,
            kind="answer",
            choices=(*differences.names, *left_out),
            prompt=f"Whose {kind} holds?",
        ),
        *(
            Column(
                name=variable.name,
                width=17,
                kind="answer",
                choices=(*variable.names, NO_LABEL),
                prompt=variable.question,
            )
            for variable in differences.codebook.variables
            if variable.unit == kind
        ),
        Column(name=_REASON, width=34, kind="note"),
        Column(name="unit", width=8, kind="hidden"),
        Column(name="sha256", width=8, kind="hidden"),
    ]


def _row(
    differences: CoderDifferences, number: int, n: int, unit: SharedUnit
) -> dict[str, Content]:
    article = unit.article
    by = {
        f"by {differences.names[coder]}": _coded(differences, unit, at)
        for at, coder in enumerate(unit.coders)
    }
    whole = json.dumps(
        [
            article.sha256,
            unit.coders,
            [None if one is None else to_json(one) for one in unit.found],
            {
                name: [None if label is None else to_json(label) for label in labels]
                for name, labels in unit.labels.items()
            },
        ]
    )
    return {
        "no.": number,
        "article": fit_cell(article.title or article.id),
        "text": "read",
        "target": fit_cell(article.stance_target),
        "context": quote_context(article.text, unit.spans, n_around=int(unit.kind == "quote")),
        **by,
        "to decide": "\n".join(_asked(unit)),
        "unit": str(n),
        "sha256": hashlib.sha256(whole.encode()).hexdigest(),
    }


def _coded(differences: CoderDifferences, unit: SharedUnit, at: int) -> Content:
    """What a coder has of a unit: the record where records differ, then the categories."""
    record = unit.found[at]
    if record is None:
        return f"(no such {unit.kind})"
    lines, text = [], unit.article.text
    if isinstance(record, Speaker):
        lines.append(f"{record.name} ({record.kind}{'' if record.named else ', not named'})")
        if record.description:
            lines.append(f"presented as: {record.description}")
        if UNIT in unit.differs:
            places = " | ".join(f"{span.of(text)} ({span.start})" for span in record.mentions)
            lines.append(f"mentions: {places or 'none'}")
    elif UNIT in unit.differs:
        number = unit.speakers[at]
        speaker = None if number is None else differences.speakers[number].found[at]
        name = speaker.name if isinstance(speaker, Speaker) else "(not known)"
        lines += [f"{record.kind}: {record.text(text)}", f"speaker: {name}"]
        lines += [
            f"{what}: {span.of(text)}"
            for what, span in (("cue", record.cue), ("source", record.source))
            if span is not None
        ]
    pieces = [(f"{fit_cell(line, 2_000)}\n", False) for line in lines]
    for name, labels in unit.labels.items():
        pieces += _given(name, labels[at])
    return pieces


def _given(name: str, label: Label | None) -> list[tuple[str, bool]]:
    if label is None:
        return [(f"{name}: ", False), ("none\n", True)]
    note = f"({label.note})\n" if label.note else ""
    return [(f"{name}: ", False), (f"{label.value}\n", True), (fit_cell(note, 2_000), False)]


def _decision(row: TableRow, unit: SharedUnit, problems: Problems) -> Decision:
    take, reason = row.texts[TAKE], row.texts[_REASON].strip()
    values = {name: row.texts[name] for name in unit.labels if row.texts[name]}
    if (take or values) and not reason:
        problems.add(row.cells[_REASON], "a decision without a reason; say why")
    if reason and not (take or values):
        problems.add(row.cells[_REASON], "a reason and no decision; decide, or clear it")
    return Decision(take=take, values=values, reason=reason, cells=row.cells)


def _about(differences: CoderDifferences) -> dict[str, str]:
    return {
        "file": _MARK,
        "coders": ", ".join(differences.names),
        "codebook": differences.codebook.digest,
        "articles": str(len(differences.documents)),
        "speakers": str(len(differences.speakers)),
        "quotes": str(len(differences.quotes)),
    }


def _room(differences: CoderDifferences) -> int:
    """Bytes that the workbook may take unpacked: some ten times what it does take."""
    characters = sum(len(document.article.text) for document in differences.documents)
    n_cells = len(differences.units) * (1 + len(differences.names))
    return (8 << 20) + 16 * characters + (32 << 10) * n_cells
