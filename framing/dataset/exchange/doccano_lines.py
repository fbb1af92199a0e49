"""One document as a line of doccano's "sequence labeling" with relations, and back.

`{"text", "entities": [{"id", "label", "start_offset", "end_offset"}], "relations": [{"id",
"from_id", "to_id", "type"}], "Comments"}`; other keys are shown as metadata and come back
unchanged. Offsets are units of UTF-16, as doccano's page counts them (its issue 2290). An entity
has one label, so a category is an entity of its own over the words of its unit, such as "stance:
critical". doccano numbers entities anew, so the records of units stand among the metadata, with
the places that they had, and find their unit by place.
"""

import dataclasses
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.dataset.exchange.marked_texts import (
    Link,
    Mark,
    MarkedText,
    Part,
    draw_marks,
    find_units,
)
from framing.dataset.exchange.masked_texts import mask_text, match_masked
from framing.errors import DataError
from framing.jsonl import from_json, to_json
from framing.records import Span

__all__ = ["QUOTE", "TAG", "read_line", "write_line"]

QUOTE = "quote: "  # and the kind
TAG = "labels"  # relation from a category to its unit, where the place leaves it open
_CANNOT = re.compile("[\0\r]")  # PostgreSQL has no NUL, and doccano's page no CR
_KEYS = ("id", "text", "entities", "relations", "Comments", "article_id", "codebook", "units")
T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    id: int
    label: str
    start_offset: int
    end_offset: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Relation:
    from_id: int
    to_id: int
    type: str
    id: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The record of a unit and where it was."""

    record: Mapping[str, Any]
    part: Part
    spans: tuple[Span, ...]


def write_line(document: Document, codebook: Codebook) -> str:
    """The document with one coder's labels, as JSON on one line."""
    marks, links = draw_marks(document, codebook)
    heads = find_units(marks, links)
    units = _Utf16(document.article.text)
    entities = [_entity(n, _name(mark), mark.span, units) for n, mark in enumerate(marks, 1)]
    relations = [(link.first + 1, link.second + 1, link.name) for link in links]
    for n, mark in enumerate(marks, start=1):
        for variable, value in mark.labels.items():
            entities.append(_entity(len(entities) + 1, f"{variable}: {value}", mark.span, units))
            if len(_at(mark.span, mark.part, marks, heads)) > 1:
                relations.append((len(entities), n, TAG))
    line = {
        "text": mask_text(document.article.text, _CANNOT),
        "entities": [to_json(entity) for entity in entities],
        "relations": [
            {"id": n, "from_id": a, "to_id": b, "type": name}
            for n, (a, b, name) in enumerate(relations, start=1)
        ],
        "article_id": document.article.id,
        "codebook": codebook.digest,
        "units": [
            {
                "record": json.loads(marks[head].record),
                "part": marks[head].part,
                "spans": [marks[n].span for n in range(len(marks)) if heads[n] == head],
            }
            for head in sorted(set(heads))
            if marks[head].record
        ],
    }
    return json.dumps(line, ensure_ascii=False)


def read_line(line: str, *, where: str, source: CodedCorpus, codebook: Codebook) -> MarkedText:
    """The document of a line.

    Raises:
        DataError: It is not one, or its text is not that of the data.
    """
    fields = _fields(line, where)
    if fields["codebook"] != codebook.digest:
        raise DataError(
            f"{where}: exported under codebook {fields['codebook']}, not under {codebook.name!r} "
            f"({codebook.digest}); give the other with --codebook"
        )
    document = match_masked(
        source, fields["article_id"], where=where, text=fields["text"], cannot=_CANNOT
    )
    units = _Utf16(document.article.text)
    marks: list[Mark] = []
    tags: list[tuple[str, int, str, str, Span]] = []  # place, id, variable, category, span
    numbers: dict[int, int] = {}
    seen: set[int] = set()
    for n, entity in enumerate(_records(fields, "entities", _Entity, where), start=1):
        place = f"{where} entity {n}"
        if entity.id in seen:
            raise DataError(f"{place}: the id {entity.id} stands twice; ids must differ")
        seen.add(entity.id)
        span = units.span(entity.start_offset, entity.end_offset, place)
        variable, colon, value = entity.label.partition(": ")
        if entity.label in ("cue", "source", "speaker") or entity.label.startswith(QUOTE):
            numbers[entity.id] = len(marks)
            marks.append(_mark(entity.label, span, place))
        elif colon:
            tags.append((place, entity.id, variable, value, span))
        else:
            raise DataError(
                f"{place}: has the label {entity.label!r}; accepted: {QUOTE}direct (mixed, "
                "indirect), cue, source, speaker, and a variable with a category, such as "
                f"{codebook.variables[0].name}: {codebook.variables[0].names[0]}"
            )
    links: list[Link] = []
    owners: dict[int, int] = {}  # id of a category's entity -> its mark
    tag_ids = {tag[1] for tag in tags}
    for n, relation in enumerate(_records(fields, "relations", _Relation, where), start=1):
        place = f"{where} relation {n}"
        ends = (relation.from_id, relation.to_id)
        if missing := [end for end in ends if end not in numbers and end not in tag_ids]:
            raise DataError(f"{place}: names entity {missing[0]}, which is not there; remove it")
        tagged = [end for end in ends if end in tag_ids]
        if relation.type == TAG and len(tagged) == 1:
            other = ends[0] if ends[1] in tag_ids else ends[1]
            owners[tagged[0]] = numbers[other]
        elif tagged:
            raise DataError(
                f"{place}: joins a category by {relation.type!r}; accepted: {TAG!r}, to its unit"
            )
        else:
            first, second = (numbers[end] for end in ends)
            links.append(Link(where=place, first=first, second=second, name=relation.type))
    heads = find_units(marks, links)
    for place, key, variable, value, span in tags:
        n = owners[key] if key in owners else _owner(place, variable, span, marks, heads, codebook)
        if marks[n].labels.get(variable, value) != value:
            raise DataError(
                f"{place}: {variable} is {value!r} here and {marks[n].labels[variable]!r} before; "
                "keep one"
            )
        marks[n] = dataclasses.replace(
            marks[n], labels={**marks[n].labels, variable: value}, where=marks[n].where
        )
    places = _records(fields, "units", _Place, where)
    for n, record in _find_records(places, marks, heads).items():
        marks[n] = dataclasses.replace(marks[n], record=record)
    return MarkedText(where=where, document=document, marks=tuple(marks), links=tuple(links))


class _Utf16:
    """Offsets of a text in code points and in units of UTF-16."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *itertools.accumulate(1 + (char > "\uffff") for char in text)]
        self.points = {start: n for n, start in enumerate(self.starts)}

    def span(self, start: int, end: int, where: str) -> Span:
        if start not in self.points or end not in self.points or not start < end:
            raise DataError(
                f"{where}: covers {start} to {end}; accepted are start < end up to "
                f"{self.starts[-1]}, in units of UTF-16 and never inside an emoji: make the "
                'project without "Count grapheme clusters as one character"'
            )
        return Span(self.points[start], self.points[end])


def _entity(n: int, label: str, span: Span, units: _Utf16) -> _Entity:
    start, end = units.starts[span.start], units.starts[span.end]
    return _Entity(id=n, label=label, start_offset=start, end_offset=end)


def _name(mark: Mark) -> str:
    return f"{QUOTE}{mark.kind}" if mark.part == "content" else mark.part


def _mark(label: str, span: Span, where: str) -> Mark:
    if label.startswith(QUOTE):
        return Mark(where=where, part="content", span=span, kind=label.removeprefix(QUOTE))
    part: Part = "cue" if label == "cue" else "source" if label == "source" else "speaker"
    return Mark(where=where, part=part, span=span)


def _fields(line: str, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise DataError(f"{where}: found {line[:40]!r}; a document is a JSON object")
    if "label" in fields or "labels" in fields:
        raise DataError(
            f"{where}: has no relations; make the doccano project with relation labeling"
        )
    if unknown := sorted(set(fields) - set(_KEYS)):
        raise DataError(f"{where}: unknown key {unknown[0]!r}; accepted: {', '.join(_KEYS)}")
    if missing := [key for key in _KEYS if key not in fields and key not in ("id", "Comments")]:
        raise DataError(f"{where}: key {missing[0]!r} is missing; export from doccano as JSONL")
    for key in ("text", "article_id", "codebook"):
        if not isinstance(fields[key], str):
            raise DataError(f"{where}: {key} is {fields[key]!r}; accepted: a string")
    if fields.get("Comments"):
        raise DataError(
            f"{where}: has Comments, and framing has no place for remarks on an article; keep "
            'them elsewhere and put "Comments": [] here'
        )
    return fields


def _records(fields: Mapping[str, Any], key: str, kind: type[T], where: str) -> list[T]:
    if not isinstance(fields[key], list):
        raise DataError(f"{where}: {key} is no list; export from doccano as JSONL")
    records = []
    for n, one in enumerate(fields[key], start=1):
        try:
            records.append(_record(one) if kind is _Place else from_json(one, kind))
        except DataError as error:
            raise DataError(f"{where} {key} {n}: {error}") from error
    return records


def _record(one: Any) -> Any:
    if not isinstance(one, dict) or not isinstance(one.get("record"), dict):
        raise DataError("no record of a unit; export again, these are not for editing")
    place = from_json({**one, "record": {}}, _Place)
    return dataclasses.replace(place, record=one["record"])


def _at(span: Span, part: Part, marks: Sequence[Mark], heads: Sequence[int]) -> set[int]:
    """Units of that part at exactly these words, else at some of them."""
    own = [n for n, mark in enumerate(marks) if mark.part == part]
    same = {heads[n] for n in own if marks[n].span == span}
    return same or {heads[n] for n in own if _overlap(marks[n].span, span)}


def _owner(
    where: str,
    variable: str,
    span: Span,
    marks: Sequence[Mark],
    heads: Sequence[int],
    codebook: Codebook,
) -> int:
    try:
        unit = codebook.variable(variable).unit
    except DataError as error:
        raise DataError(f"{where}: {error}") from error
    found = _at(span, "content" if unit == "quote" else "speaker", marks, heads)
    if len(found) != 1:
        raise DataError(
            f"{where}: {variable} stands over {'several' if found else 'no'} {unit}s; put it over "
            f"the words of one, or draw a relation {TAG!r} to it"
        )
    return found.pop()


def _find_records(
    places: Sequence[_Place], marks: Sequence[Mark], heads: Sequence[int]
) -> dict[int, Mapping[str, Any]]:
    """Records by the unit at their first place, else at most of their words; each given once."""
    scores = []
    for p, place in enumerate(places):
        for head in dict.fromkeys(heads):
            spans = [marks[n].span for n in range(len(marks)) if heads[n] == head]
            if marks[head].part != place.part:
                continue
            same = len(set(spans) & set(place.spans))
            shared = sum(_overlap(a, b) for a in spans for b in place.spans)
            if shared:
                exact = set(spans) == set(place.spans)
                first = place.spans[0] in spans  # where its categories were shown
                scores.append((not exact, not first, -same, -shared, head, p))
    found: dict[int, Mapping[str, Any]] = {}
    given: set[int] = set()
    for *_, head, p in sorted(scores):
        if head not in found and p not in given:
            found[head] = places[p].record
            given.add(p)
    return found


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
