"""The regions and relations of a task of Label Studio, as marks and links."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from framing.dataset.exchange.label_studio_config import (
    KIND,
    MARKS,
    NOTE,
    PART_LABELS,
    SPEAKER,
    TEXT,
)
from framing.dataset.exchange.label_studio_regions import shown_words
from framing.dataset.exchange.marked_texts import Link, Mark, Part
from framing.errors import DataError
from framing.records import Span

__all__ = ["expect", "read_result"]

_PARTS: Mapping[str, Part] = {label: part for part, label in PART_LABELS.items()}
_VARIABLE = "label_"
_TYPES = {MARKS: ("labels", "labels"), NOTE: ("textarea", "text")}  # all others: choices
_JSON = {str: "some text", int: "a whole number", list: "a list", dict: "an object"}


def read_result(
    result: Any, *, records: Mapping[str, Any], text: str, where: str, with_labels: bool
) -> tuple[tuple[Mark, ...], tuple[Link, ...]]:
    """Read the `result` of an annotation.

    Args:
        result: A list, as JSON has it.
        records: What goes along with each region that was given out, by its id.
        text: Of the article.
        where: Task, for messages.
        with_labels: Whether somebody has coded: without, categories and remarks do not count.

    Raises:
        DataError: It is no such list; a region leaves the text or says other words than the text
            has there; a tag or a choice is not of the labeling configuration.
    """
    regions: dict[str, _Region] = {}
    relations: list[dict[str, Any]] = []
    for item in expect(result, list, where, "result"):
        if expect(item, dict, where, "an item of result").get("type") == "relation":
            relations.append(item)
            continue
        name = expect(item.get("id"), str, where, "the id of a region")
        region = regions.setdefault(name, _Region(where=f"{where}, region {name}"))
        _add(region, item, text)
    marks = []
    for name, region in regions.items():
        mark = _mark(region)
        # A mark that the coder made another of, such as a source of a speaker, is a new one.
        if name.startswith(f"framing-{mark.part}-"):
            mark = dataclasses.replace(mark, record=records.get(name, ""))
        marks.append(mark if with_labels else dataclasses.replace(mark, labels={}, note=None))
    numbers = {name: n for n, name in enumerate(regions)}
    links = [_relation(relation, numbers, where) for relation in relations]
    links += _chosen_speakers(list(regions.values()), marks)
    return tuple(marks), tuple(links)


def expect(value: Any, kind: type, where: str, what: str) -> Any:
    """The value, being of that type.

    Raises:
        DataError: It is of another one.
    """
    if type(value) is not kind:
        found = "missing" if value is None else repr(str(value)[:40])
        raise DataError(
            f"{where}: {what} is {found}; it takes {_JSON[kind]}, so export the project from "
            "Label Studio as JSON (not JSON-MIN or CSV)"
        )
    return value


@dataclasses.dataclass(slots=True)
class _Region:
    """A region under way.

    Attributes:
        where: Its place in the file.
        span: That it covers.
        remarks: That the coder left under Info, and not in the field for remarks.
        chosen: On it, by the tag's name.
    """

    where: str
    span: Span | None = None
    remarks: list[str] = dataclasses.field(default_factory=list)
    chosen: dict[str, str] = dataclasses.field(default_factory=dict)


def _add(region: _Region, item: Mapping[str, Any], text: str) -> None:
    where = region.where
    name = expect(item.get("from_name"), str, where, "from_name")
    if not (name in (MARKS, KIND, SPEAKER, NOTE) or name.startswith(_VARIABLE)):
        raise DataError(
            f"{where}: is of the tag {name!r}, which the labeling configuration of framing does "
            "not have; remove what is given there"
        )
    kind, key = _TYPES.get(name, ("choices", "choices"))
    if item.get("type") != kind or item.get("to_name") != TEXT:
        raise DataError(
            f"{where}: {name} has the type {item.get('type')!r} on {item.get('to_name')!r}; it "
            f"takes {kind!r} on {TEXT!r}"
        )
    value = expect(item.get("value"), dict, where, f"the value of {name}")
    start = expect(value.get("start"), int, where, "start")
    end = expect(value.get("end"), int, where, "end")
    if not 0 <= start < end <= len(text):
        raise DataError(
            f"{where}: covers [{start}, {end}], but the text has {len(text)} characters; the "
            "region is empty or of another text"
        )
    span = Span(start, end)
    before, region.span = region.span or span, span
    if before != span:
        raise DataError(f"{where}: covers both {list(before)} and {list(span)}; remove it")
    if name == MARKS and isinstance(meta := item.get("meta"), dict):
        region.remarks = [str(line) for line in expect(meta.get("text", []), list, where, "meta")]
    words = value.get("text")
    if key != "text" and words is not None and _solid(words) != _solid(span.of(text)):
        raise DataError(
            f"{where}: says {str(words)[:40]!r}, but the text has {span.of(text)[:40]!r} at "
            f"{list(span)}; the region is of another text"
        )
    given = expect(value.get(key), list, where, f"{key} of {name}")
    if key == "text":
        given = ["\n".join(expect(line, str, where, "a remark") for line in given)]
    if len(given) != 1 or name in region.chosen:
        raise DataError(f"{where}: {name} has {given!r}; it takes one choice")
    region.chosen[name] = expect(given[0], str, where, f"the choice of {name}")


def _solid(words: Any) -> str:
    """Words without blanks and line ends, of which Label Studio shows and keeps fewer."""
    return re.sub(r"\s+", "", shown_words(str(words)).replace("\\n", ""))


def _mark(region: _Region) -> Mark:
    label = region.chosen.get(MARKS, "")
    if label not in _PARTS or region.span is None:
        raise DataError(
            f"{region.where}: {f'is labeled {label!r}' if label else 'has no label'}; accepted: "
            f"{', '.join(_PARTS)}"
        )
    labels = {
        name.removeprefix(_VARIABLE): value
        for name, value in region.chosen.items()
        if name.startswith(_VARIABLE)
    }
    return Mark(
        where=region.where,
        part=_PARTS[label],
        span=region.span,
        kind=region.chosen.get(KIND, ""),
        labels=labels,
        note="\n".join(filter(None, [region.chosen.get(NOTE, ""), *region.remarks])),
    )


def _relation(relation: Mapping[str, Any], numbers: Mapping[str, int], where: str) -> Link:
    ends = [expect(relation.get(key), str, where, f"{key} of a relation")
            for key in ("from_id", "to_id")]  # fmt: skip
    place = f"{where}, relation {' - '.join(ends)}"
    if missing := [end for end in ends if end not in numbers]:
        raise DataError(f"{place}: there is no region {missing[0]!r}; remove the relation")
    names = expect(relation.get("labels") or [], list, place, "labels")
    if len(names) > 1:
        raise DataError(f"{place}: has the labels {names}; it takes one, or none")
    name = expect(names[0], str, place, "its label") if names else ""
    return Link(where=place, first=numbers[ends[0]], second=numbers[ends[1]], name=name)


def _chosen_speakers(regions: Sequence[_Region], marks: Sequence[Mark]) -> Iterator[Link]:
    """Links for the speakers that are chosen from the list, at contents and at mentions."""
    mentions: dict[str, int] = {}
    for n, region in enumerate(regions):
        if (key := region.chosen.get(SPEAKER)) and marks[n].part == "speaker":
            if key in mentions:
                yield Link(where=region.where, first=mentions[key], second=n, name="same")
            mentions.setdefault(key, n)
    for n, region in enumerate(regions):
        key = region.chosen.get(SPEAKER)
        if key is None or marks[n].part == "speaker":
            continue
        if marks[n].part != "content":
            raise DataError(
                f"{region.where}: a speaker is chosen at a {marks[n].part}; choose at the content"
            )
        if key not in mentions:
            raise DataError(
                f"{region.where}: the speaker {key!r} is chosen, of whom no Speaker is marked in "
                "the text; mark a mention and choose the same speaker there"
            )
        yield Link(where=region.where, first=n, second=mentions[key], name="speaker")
