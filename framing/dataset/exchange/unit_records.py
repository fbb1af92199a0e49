"""The record of a unit that rides along in a tool which knows only spans, links and categories.

A tool shows a coder where a quote stands and which category it has. What it has no place for (our
id, a speaker's name, the time and probability of a label) goes along as one line of JSON in plain
ASCII, which every file format carries, and which the coder does not edit.
"""

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import Document
from framing.errors import DataError
from framing.jsonl import from_json
from framing.records import Label, Quote, Speaker, SpeakerKind

__all__ = ["LabelRecord", "ShownUnit", "UnitRecord", "read_record", "show_units", "shown_note"]

# https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LabelRecord:
    """A `Label` without its unit and annotator, who are known from where it stands."""

    variable: str
    value: str
    codebook: str = ""
    time: str = ""
    note: str = ""
    probability: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _SuggestionRecord:
    variable: str
    value: str
    model: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UnitRecord:
    """What a tool has no place for.

    Attributes:
        id: Of the quote or speaker.
        unit: Which of the two it is.
        reason: Of a quote without speaker.
        has_speaker: Whether the quote had one when it was exported.
        name: Of a speaker.
        description: Of a speaker.
        kind: Of a speaker.
        named: Of a speaker.
        labels: As they were when exported.
        suggestions: That the coder is shown.
    """

    id: str
    unit: Literal["quote", "speaker"]
    reason: str = ""
    has_speaker: bool = False
    name: str = ""
    description: str = ""
    kind: SpeakerKind = "person"
    named: bool = True
    labels: tuple[LabelRecord, ...] = ()
    suggestions: tuple[_SuggestionRecord, ...] = ()

    def label(self, variable: str) -> LabelRecord | None:
        """The label of that variable, or None."""
        return next((label for label in self.labels if label.variable == variable), None)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownUnit:
    """What a tool shows of a unit beside its spans, and the record that it carries.

    Attributes:
        labels: Category by variable.
        note: Of the label that a remark is about, on one line.
        suggested: Suggestions, to read.
        record: JSON of the `UnitRecord`.
    """

    labels: Mapping[str, str]
    note: str
    suggested: str
    record: str


def show_units(document: Document, codebook: Codebook) -> dict[str, ShownUnit]:
    """Every quote and speaker of one coder's document, by id."""
    shown = {}
    units: tuple[Quote | Speaker, ...] = (*document.quotes, *document.speakers)
    for unit in units:
        given = {x.variable: x for x in document.labels if x.unit_id == unit.id}
        labels = [given[v.name] for v in codebook.variables if v.name in given]
        record = _record(unit, labels, document)
        shown[unit.id] = ShownUnit(
            labels={label.variable: label.value for label in labels},
            note=shown_note(record),
            suggested="; ".join(f"{s.variable}: {s.value} ({s.model})" for s in record.suggestions),
            record=json.dumps(_compact(record), separators=(",", ":")),
        )
    return shown


def shown_note(record: UnitRecord) -> str:
    """The remark that a tool shows: that of the first label, on one line that XML can hold."""
    if not record.labels:
        return ""
    return " ".join(_NO_XML.sub("\ufffd", record.labels[0].note).split())


def read_record(text: Any, *, where: str) -> UnitRecord | None:
    """The record that `show_units` wrote; None where there is none, as for a unit a coder added.

    Raises:
        DataError: It is not such a record.
    """
    if text is None or text == "":
        return None
    try:
        found = from_json(json.loads(text) if isinstance(text, str) else text, UnitRecord)
    except (ValueError, RecursionError) as error:  # DataError and JSONDecodeError are ValueErrors
        raise DataError(
            f"{where}: the record that framing wrote there was changed: {error}; export again, or "
            "remove it, and the unit counts as added by the coder"
        ) from error
    return found


def _record(unit: Quote | Speaker, labels: Sequence[Label], document: Document) -> UnitRecord:
    kept = {field.name for field in dataclasses.fields(LabelRecord)}
    shared: dict[str, Any] = {
        "labels": tuple(
            LabelRecord(**{name: getattr(label, name) for name in kept}) for label in labels
        ),
        "suggestions": tuple(
            _SuggestionRecord(variable=s.variable, value=s.value, model=s.model)
            for s in document.suggestions
            if s.unit_id == unit.id
        ),
    }
    if isinstance(unit, Quote):
        return UnitRecord(
            id=unit.id,
            unit="quote",
            reason=unit.reason,
            has_speaker=unit.speaker_id is not None,
            **shared,
        )
    return UnitRecord(
        id=unit.id,
        unit="speaker",
        name=unit.name,
        description=unit.description,
        kind=unit.kind,
        named=unit.named,
        **shared,
    )


def _compact(record: Any) -> dict[str, Any]:
    """JSON without what is the default."""
    fields = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if value != field.default:
            many = isinstance(value, tuple)
            fields[field.name] = [_compact(item) for item in value] if many else value
    return fields
