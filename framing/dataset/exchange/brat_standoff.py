"""Lines of brat's standoff format, https://brat.nlplab.org/standoff.html.

`T1<tab>Cue 18 22<tab>said`, fragments as `a b;c d` with their words joined by a space; events
`E1<tab>Quote:T1 Cue:T2`; groups `*<tab>Same T3 T4`; attributes `A1<tab>stance E1 critical`; notes
`#1<tab>AnnotatorNotes E1<tab>words`. What brat's own parser refuses is refused here too.
"""

import collections
import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from framing.errors import DataError
from framing.records import Span

__all__ = ["Entity", "Event", "Fact", "Group", "ParsedStandoff", "Standoff", "parse_standoff"]

_ENTITY = re.compile(r"(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)")
_ROLE = re.compile(r"([A-Za-z_-]+)[0-9]*:(\S+)")
_LINES = "lines of entities (T), events (E), equivalence groups (*), attributes (A) and notes (#)"


class Standoff:
    """Lines of one document, in the order in which brat writes them; `str` gives the file."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {kind: [] for kind in "TE*A#"}

    def entity(self, label: str, spans: Sequence[Span], text: str) -> str:
        """Add an entity on fragments of `text`; return its id."""
        where = ";".join(f"{span.start} {span.end}" for span in spans)
        words = " ".join(span.of(text) for span in spans)
        return self._add("T", f"{label} {where}\t{words}")

    def event(self, label: str, trigger: str, arguments: Sequence[str]) -> str:
        """Add an event with arguments such as "Cue:T2"; return its id."""
        return self._add("E", " ".join([f"{label}:{trigger}", *arguments]))

    def group(self, label: str, targets: Sequence[str]) -> None:
        """Say that entities are one."""
        self.lines["*"].append(f"*\t{label} {' '.join(targets)}")

    def attribute(self, name: str, target: str, value: str) -> None:
        """Give an attribute to an entity or event."""
        self._add("A", f"{name} {target} {value}")

    def note(self, name: str, target: str, words: str) -> None:
        """Add a note of one line."""
        self._add("#", f"{name} {target}\t{words}")

    def __str__(self) -> str:
        return "".join(f"{line}\n" for kind in self.lines.values() for line in kind)

    def _add(self, kind: str, rest: str) -> str:
        key = f"{kind}{len(self.lines[kind]) + 1}"
        self.lines[kind].append(f"{key}\t{rest}")
        return key


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A label on fragments of the text."""

    where: str
    label: str
    spans: list[Span]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A trigger and its arguments as (role without number, id of an entity)."""

    where: str
    label: str
    trigger: str
    arguments: list[tuple[str, str]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entities that are one."""

    where: str
    label: str
    targets: list[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An attribute or a note: its name, what it is about, and what it says."""

    where: str
    name: str
    target: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ParsedStandoff:
    """A file of annotations; entities and events by id."""

    entities: Mapping[str, Entity]
    events: Mapping[str, Event]
    groups: Sequence[Group]
    attributes: Sequence[Fact]
    notes: Sequence[Fact]


def parse_standoff(annotations: str, *, where: str, text: str) -> ParsedStandoff:
    """Read the annotations of one text.

    Args:
        annotations: Content of the .ann file.
        where: Its name, for messages.
        text: Content of the .txt file.

    Raises:
        DataError: A line is none of the kinds above, an id stands twice or names nothing, a span
            leaves the text, or its words are not those of the text.
    """
    entities: dict[str, Entity] = {}
    events: dict[str, Event] = {}
    groups: list[Group] = []
    facts: dict[str, list[Fact]] = {"A": [], "#": []}
    seen: collections.Counter[str] = collections.Counter()
    for place, key, rest in _lines(annotations, where):
        seen[key] += key != "*"
        if seen[key] > 1:
            raise DataError(f"{place}: the id {key} stands twice; ids must differ")
        if key[0] == "T":
            entities[key] = _entity(rest, place, key, text)
        elif key[0] == "E":
            events[key] = _event(rest, place, key)
        elif key[0] == "*":
            label, *targets = rest.split()
            groups.append(Group(where=place, label=label, targets=targets))
        else:
            facts[key[0]].append(_fact(rest, place, key))
    found = ParsedStandoff(
        entities=entities, events=events, groups=groups, attributes=facts["A"], notes=facts["#"]
    )
    for place, target, accepted in _targets(found):
        if target not in accepted:
            raise DataError(f"{place}: names {target}, which is not in the file; remove the line")
    return found


def _lines(annotations: str, where: str) -> Iterator[tuple[str, str, str]]:
    for number, whole in enumerate(annotations.split("\n"), start=1):
        line = whole.removesuffix("\r")
        if not line.strip():
            continue
        key, tab, rest = line.partition("\t")
        if not tab or not re.fullmatch(r"[TEA#][0-9]+|\*", key) or not rest.strip():
            raise DataError(f"{where}:{number}: found {line[:40]!r}; accepted: {_LINES}")
        yield f"{where}:{number}", key, rest


def _targets(found: ParsedStandoff) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    for event in found.events.values():
        for target in (event.trigger, *(target for _, target in event.arguments)):
            yield event.where, target, found.entities
    for group in found.groups:
        for target in group.targets:
            yield group.where, target, found.entities
    for fact in (*found.attributes, *found.notes):
        yield fact.where, fact.target, {**found.entities, **found.events}


def _entity(rest: str, place: str, key: str, text: str) -> Entity:
    head, tab, words = rest.partition("\t")
    match = _ENTITY.fullmatch(head)
    if match is None or not tab:
        raise DataError(
            f"{place}: entity {key} cannot be read; accepted: ID, tab, label and offsets "
            "(start end;start end), tab, words"
        )
    spans = []
    for pair in match[2].split(";"):
        start, end = (int(digits) if len(digits) < 12 else len(text) + 1 for digits in pair.split())
        if not start < end <= len(text):
            raise DataError(
                f"{place}: entity {key} covers {pair.replace(' ', ' to ')[:40]}, but the text has "
                f"{len(text)} characters; spans are start < end within it"
            )
        spans.append(Span(start, end))
    covered = " ".join(span.of(text) for span in spans)
    if covered.split() != words.split():
        raise DataError(
            f"{place}: entity {key} covers {covered[:40]!r} but is stored as {words[:40]!r}; the "
            "text is not the one that was coded: take .txt and .ann from the same place"
        )
    return Entity(where=place, label=match[1], spans=spans)


def _event(rest: str, place: str, key: str) -> Event:
    head, *parts = rest.split()
    label, colon, trigger = head.partition(":")
    roles = [_ROLE.fullmatch(part) for part in parts]
    if not label or not colon or not all(roles):
        raise DataError(
            f"{place}: event {key} cannot be read; accepted: ID, tab, Quote:TRIGGER Role:ID ..."
        )
    arguments = [(role[1], role[2]) for role in roles if role]
    return Event(where=place, label=label, trigger=trigger, arguments=arguments)


def _fact(rest: str, place: str, key: str) -> Fact:
    if key[0] == "#":
        head, _, value = rest.partition("\t")
        name, _, target = head.partition(" ")
    else:
        name, target, value = (*rest.split(" ", 2), "", "")[:3]
    if not name or not target or (key[0] == "A" and not value.strip()):
        raise DataError(f"{place}: {key} cannot be read; accepted: ID, tab, name, target and value")
    return Fact(where=place, name=name, target=target.strip(), value=value.strip())
