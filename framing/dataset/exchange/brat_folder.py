"""The `brat` format: a collection of brat 1.3, https://brat.nlplab.org.

NAME.txt and NAME.ann for each article, annotation.conf and visual.conf from the codebook; put the
folder below brat's data folder. A quote is an event `Quote` whose trigger is its content, with
arguments Cue, Source, Speaker, and Content for parts that cannot stand in the trigger. Mentions
of one speaker are `Speaker` entities in one `Same` group. Kind and the codebook's variables are
attributes, a remark is brat's own note. Offsets are code points; since brat's page counts the
units of UTF-16 (issue 1115 there), characters beyond U+FFFF stand as U+FFFD in NAME.txt.
"""

import dataclasses
import re
from pathlib import Path

from framing.codebook import Codebook
from framing.dataset.exchange.brat_configuration import (
    VISUAL_CONF,
    annotation_conf,
    check_codebook,
)
from framing.dataset.exchange.brat_spans import (
    fragment,
    group_parts,
    is_markable,
    join_fragments,
)
from framing.dataset.exchange.brat_standoff import (
    Fact,
    ParsedStandoff,
    Standoff,
    parse_standoff,
)
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.file_names import article_of_stem, file_stem
from framing.dataset.exchange.marked_texts import (
    Link,
    Mark,
    MarkedText,
    Part,
    marked_survival,
)
from framing.dataset.exchange.marked_units import gather_marked
from framing.dataset.exchange.masked_texts import mask_text, match_masked
from framing.dataset.exchange.survival import Survival
from framing.dataset.exchange.unit_records import ShownUnit, show_units
from framing.errors import DataError
from framing.records import Span, Speaker

__all__ = ["BRAT"]

# brat's page counts the first as two, and its server reads the others as line ends.
_CANNOT = re.compile("[\U00010000-\U0010ffff\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_PARTS: dict[str, Part] = {
    "Quote": "content",
    "Content": "content",
    "Cue": "cue",
    "Source": "source",
    "Speaker": "speaker",
}
# Notes that brat itself writes, and ours that are only to read.
_NOT_REMARKS = {
    "AnnotationError", "AnnotationIncomplete", "AnnotationUnconfirmed", "AnnotationWarning",
    "Normalization", "Suggested",
}  # fmt: skip


def _write(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:  # noqa: ARG001
    path.mkdir()
    files = {"annotation.conf": annotation_conf(corpus.codebook), "visual.conf": VISUAL_CONF}
    for document in corpus.documents:
        stem = file_stem(document.article.id)
        text = mask_text(document.article.text, _CANNOT)
        files[f"{stem}.txt"] = text
        files[f"{stem}.ann"] = _annotations(document, text, corpus.codebook)
    for name, content in files.items():
        (path / name).write_text(content, encoding="utf-8", newline="\n")


def _read(path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str) -> CodedCorpus:
    if source is None:
        raise DataError(f"{path}: give the data that were exported with --data")
    conf = path / "annotation.conf"
    if conf.exists():
        check_codebook(conf, _read_text(conf), codebook)
    files = sorted(path.glob("*.ann"))
    if not files:
        raise DataError(f"{path}: no file NAME.ann there; give the folder of one coder in brat")
    if alone := sorted({f.stem for f in path.glob("*.txt")} - {f.stem for f in files}):
        raise DataError(f"{path / alone[0]}.txt: has no {alone[0]}.ann; copy it from brat too")
    return gather_marked(
        [_read_document(file, source) for file in files],
        where=str(path),
        source=source,
        codebook=codebook,
        coder=coder,
    )


def _can_mark(document: Document, *spans: Span) -> bool:
    text = mask_text(document.article.text, _CANNOT)
    return all(is_markable(text, span) for span in spans)


_NO_EDGE = "brat marks nothing that begins or ends with a line end or tab, or is blank"
BRAT = Format(
    name="brat",
    summary="folder of NAME.txt and NAME.ann for the brat annotation tool",
    suffix="",
    survival=marked_survival(
        text=Survival(
            limit="emoji and the like stand as U+FFFD in the file, since brat's page counts them "
            "as two, and come back from --data"
        ),
        quotes=Survival(limit=_NO_EDGE, holds=lambda d, q: _can_mark(d, *q.content)),
        cue=Survival(limit=_NO_EDGE, holds=lambda d, q: _can_mark(d, q.cue)),
        source=Survival(limit=_NO_EDGE, holds=lambda d, q: _can_mark(d, q.source)),
        speakers=Survival(
            limit=f"a speaker has to be mentioned; {_NO_EDGE}",
            holds=lambda d, s: bool(s.mentions) and _can_mark(d, *s.mentions),
        ),
    ),
    write=_write,
    read=_read,
)


def _annotations(document: Document, text: str, codebook: Codebook) -> str:
    shown = show_units(document, codebook)
    out = Standoff()
    shared: dict[tuple[str, Span], str] = {}
    speakers = {one.id: _add_speaker(out, one, shown[one.id], text) for one in document.speakers}
    for quote in document.quotes:
        first, *others = group_parts(text, quote.content)
        trigger = out.entity("Quote", first, text)
        arguments = [
            f"Content{n if n > 1 else ''}:{out.entity('Content', group, text)}"
            for n, group in enumerate(others, start=1)
        ]
        for label, span in (("Cue", quote.cue), ("Source", quote.source)):
            if span is not None:
                if (label, span) not in shared:
                    shared[label, span] = out.entity(label, fragment(text, span), text)
                arguments.append(f"{label}:{shared[label, span]}")
        if quote.speaker_id is not None:
            arguments.append(f"Speaker:{speakers[quote.speaker_id]}")
        event = out.event("Quote", trigger, arguments)
        out.attribute("Kind", event, quote.kind)
        _add_shown(out, event, shown[quote.id])
    return str(out)


def _add_speaker(out: Standoff, speaker: Speaker, shown: ShownUnit, text: str) -> str:
    keys = [out.entity("Speaker", fragment(text, span), text) for span in speaker.mentions]
    if len(keys) > 1:
        out.group("Same", keys)
    _add_shown(out, keys[0], shown)
    for key in keys[1:]:
        out.note("Unit", key, shown.record)
    return keys[0]


def _add_shown(out: Standoff, key: str, shown: ShownUnit) -> None:
    for variable, value in shown.labels.items():
        out.attribute(variable, key, value)
    if shown.note:
        out.note("AnnotatorNotes", key, shown.note)
    if shown.suggested:
        out.note("Suggested", key, " ".join(shown.suggested.split()))
    out.note("Unit", key, shown.record)


def _read_document(path: Path, source: CodedCorpus) -> MarkedText:
    text_file = path.with_suffix(".txt")
    text = _read_text(text_file)
    document = match_masked(
        source, article_of_stem(path.stem), where=str(text_file), text=text, cannot=_CANNOT
    )
    found = parse_standoff(_read_text(path), where=str(path), text=text)
    marks: list[Mark] = []
    links: list[Link] = []
    numbers: dict[str, int] = {}  # of the first mark of each entity and event
    for key, entity in found.entities.items():
        if entity.label not in _PARTS:
            raise DataError(
                f"{entity.where}: {key} is a {entity.label!r}; accepted: {', '.join(_PARTS)}"
            )
        part = _PARTS[entity.label]
        spans = join_fragments(text, entity.spans)
        if part != "content" and len(spans) > 1:
            raise DataError(
                f"{entity.where}: the {entity.label} {key} is in {len(spans)} pieces; it takes "
                "one stretch of text"
            )
        numbers[key] = len(marks)
        for span in spans:
            if len(marks) > numbers[key]:
                links.append(Link(where=entity.where, first=len(marks) - 1, second=len(marks)))
            marks.append(Mark(where=entity.where, part=part, span=span, note=""))
    links += _read_links(found, numbers)
    for one in found.attributes:
        marks[numbers[one.target]] = _with_attribute(marks[numbers[one.target]], one)
    for one in found.notes:
        marks[numbers[one.target]] = _with_note(marks[numbers[one.target]], one)
    return MarkedText(where=str(path), document=document, marks=tuple(marks), links=tuple(links))


def _read_links(found: ParsedStandoff, numbers: dict[str, int]) -> list[Link]:
    links = []
    labels = {key: entity.label for key, entity in found.entities.items()}
    triggers = [event.trigger for event in found.events.values()]
    for key, label in labels.items():
        if label == "Quote" and triggers.count(key) != 1:
            raise DataError(
                f"{found.entities[key].where}: {key} is the trigger of {triggers.count(key)} "
                "events; a Quote has one"
            )
    for key, event in found.events.items():
        if event.label != "Quote" or labels[event.trigger] != "Quote":
            raise DataError(
                f"{event.where}: {key} is a {event.label!r} with a {labels[event.trigger]!r} as "
                "its trigger; accepted: Quote and Quote"
            )
        numbers[key] = numbers[event.trigger]
        for role, target in event.arguments:
            if labels[target] != role:
                raise DataError(
                    f"{event.where}: {role} of {key} is {target}, a {labels[target]}; draw it to "
                    f"a {role}"
                )
            links.append(Link(where=event.where, first=numbers[key], second=numbers[target]))
    for group in found.groups:
        if group.label != "Same":
            raise DataError(f"{group.where}: a group {group.label!r}; accepted: Same")
        links += [
            Link(where=group.where, first=numbers[a], second=numbers[b])
            for a, b in zip(group.targets, group.targets[1:], strict=False)
        ]
    return links


def _with_attribute(mark: Mark, fact: Fact) -> Mark:
    is_kind = fact.name == "Kind"
    if is_kind and mark.part != "content":
        raise DataError(f"{fact.where}: Kind of {fact.target}, a {mark.part}; only a Quote has one")
    before = mark.kind if is_kind else mark.labels.get(fact.name, "")
    if before not in ("", fact.value):
        raise DataError(
            f"{fact.where}: {fact.name} of {fact.target} is {fact.value!r} here and {before!r} "
            "before; keep one"
        )
    if is_kind:
        return dataclasses.replace(mark, kind=fact.value)
    return dataclasses.replace(mark, labels={**mark.labels, fact.name: fact.value})


def _with_note(mark: Mark, fact: Fact) -> Mark:
    if fact.name == "AnnotatorNotes":
        return dataclasses.replace(
            mark, note=f"{mark.note}\n{fact.value}" if mark.note else fact.value
        )
    if fact.name == "Unit":
        return dataclasses.replace(mark, record=fact.value)
    if fact.name not in _NOT_REMARKS:
        raise DataError(
            f"{fact.where}: a note of type {fact.name!r}; accepted: AnnotatorNotes, which brat's "
            "dialog writes"
        )
    return mark


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")  # as is: offsets count every character
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
