"""Quotes and speakers as marks in a text and links between them, as annotation tools have them.

A mark covers one stretch: part of a quote's content, a cue, a source, or a mention of a speaker.
Links join marks: further content to a quote, its cue, its source, its speaker, and further
mentions to a speaker. What the ends of a link are says what it means, so its direction does not
matter.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import Document
from framing.dataset.exchange.survival import FACETS, Facet, Survival
from framing.dataset.exchange.unit_records import show_units
from framing.records import Quote, Span, Speaker

__all__ = [
    "LINKS",
    "LINK_NAMES",
    "PARTS",
    "Link",
    "Mark",
    "MarkedText",
    "Part",
    "draw_marks",
    "find_units",
    "marked_survival",
]

Part = Literal["content", "cue", "source", "speaker"]
PARTS: tuple[Part, ...] = get_args(Part)
LINKS: Mapping[frozenset[str], str] = {
    frozenset(["content"]): "continues",
    frozenset(["speaker"]): "same",
    frozenset(["content", "cue"]): "cue",
    frozenset(["content", "source"]): "source",
    frozenset(["content", "speaker"]): "speaker",
}
LINK_NAMES = tuple(LINKS.values())


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One stretch of text that is marked.

    Attributes:
        where: Its place in the file, for messages; "" when drawn from a document.
        part: What it is.
        span: Code points of the article's text.
        kind: Of a quote: direct, mixed or indirect; "" where it does not say.
        labels: Category by variable.
        note: A remark; None where the tool has no place for one.
        suggested: Suggestions, to read.
        record: See `framing.dataset.exchange.unit_records`; "" for a mark that a coder added.
    """

    where: str = ""
    part: Part
    span: Span
    kind: str = ""
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    note: str | None = None
    suggested: str = ""
    record: Any = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Joins two marks, by their number; `name` is one of `LINK_NAMES`, or ""."""

    where: str = ""
    first: int
    second: int
    name: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """An imported document with what is marked in it."""

    where: str
    document: Document
    marks: tuple[Mark, ...]
    links: tuple[Link, ...]


def marked_survival(**limits: Survival) -> dict[Facet, Survival]:
    """The survival table of a format whose files are marks, links and records.

    Args:
        **limits: Facets of which the format has something else to say.
    """
    return {
        **dict.fromkeys(FACETS, Survival()),
        "meta": Survival(where="source", limit="title, target and the like stay with the data"),
        "annotator": Survival(where="source", limit="one coder per folder, named at import"),
        "speakers": Survival(
            limit="a speaker whom the text mentions nowhere has no place to be marked",
            holds=lambda _, speaker: bool(speaker.mentions),
        ),
        **{facet: limits[facet] for facet in FACETS if facet in limits},
    }


def draw_marks(document: Document, codebook: Codebook) -> tuple[list[Mark], list[Link]]:
    """The marks and links of a document with one coder's labels.

    The first mark of a unit shows its categories and its remark; each carries its record. Quotes
    with the same cue or source share its mark.
    """
    shown = show_units(document, codebook)
    marks: list[Mark] = []
    links: list[Link] = []
    shared: dict[tuple[Part, Span], int] = {}
    mention: dict[str, int] = {}

    def draw_unit(unit: Quote | Speaker, part: Part, spans: Sequence[Span], kind: str = "") -> int:
        first = len(marks)
        one = shown[unit.id]
        for span in spans:
            mark = Mark(part=part, span=span, kind=kind, record=one.record)
            if len(marks) == first:
                mark = dataclasses.replace(
                    mark, labels=one.labels, note=one.note, suggested=one.suggested
                )
            else:
                link = LINKS[frozenset([part])]
                links.append(Link(first=len(marks) - 1, second=len(marks), name=link))
            marks.append(mark)
        return first

    for speaker in document.speakers:
        mention[speaker.id] = draw_unit(speaker, "speaker", speaker.mentions)
    for quote in document.quotes:
        first = draw_unit(quote, "content", quote.content, quote.kind)
        parts: tuple[tuple[Part, Span | None], ...] = (
            ("cue", quote.cue),
            ("source", quote.source),
        )
        for part, span in parts:
            if span is None:
                continue
            if (part, span) not in shared:
                shared[part, span] = len(marks)
                marks.append(Mark(part=part, span=span))
            links.append(Link(first=first, second=shared[part, span], name=part))
        if quote.speaker_id is not None:
            links.append(Link(first=first, second=mention[quote.speaker_id], name="speaker"))
    return marks, links


def find_units(marks: Sequence[Mark], links: Iterable[Link]) -> list[int]:
    """For each mark the number of the first one of its unit: those of one part that are linked."""
    heads = list(range(len(marks)))
    for link in links:
        if marks[link.first].part == marks[link.second].part:
            new, old = sorted((heads[link.first], heads[link.second]))
            heads = [new if head == old else head for head in heads]
    return heads
