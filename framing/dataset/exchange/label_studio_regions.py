"""A document as regions and relations of Label Studio."""

import collections
import dataclasses
from typing import Any

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import Document
from framing.dataset.exchange.label_studio_config import (
    KIND,
    MARKS,
    NOTE,
    PART_LABELS,
    SPEAKER,
    TEXT,
    variable_control,
)
from framing.dataset.exchange.marked_texts import Mark, draw_marks, find_units
from framing.records import Speaker

__all__ = ["DrawnRegions", "draw_regions", "shown_words"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRegions:
    """What a task holds of a document's quotes and speakers.

    Attributes:
        result: Regions, what is chosen on them, and relations.
        speakers: The list that a quote's speaker is chosen from.
        suggestions: What to read beside which words, as rows of a table.
        records: Of each region, what Label Studio has no place for, as JSON.
    """

    result: list[dict[str, Any]]
    speakers: list[dict[str, str]]
    suggestions: dict[str, str]
    records: dict[str, str]


def draw_regions(document: Document, codebook: Codebook) -> DrawnRegions:
    """Draw a document with one coder's labels.

    A region's id is "framing-", what it marks and its number: longer than those of Label Studio,
    so that it is never one of a region that a coder drew. Who speaks is a choice, not a relation.
    """
    marks, links = draw_marks(document, codebook)
    text = document.article.text
    heads = find_units(marks, links)
    ids = [f"framing-{mark.part}-{n}" for n, mark in enumerate(marks)]
    speaker_of = {n: heads[n] for n, mark in enumerate(marks) if mark.part == "speaker"}
    speaker_of |= {link.first: heads[link.second] for link in links if link.name == "speaker"}
    result: list[dict[str, Any]] = []
    for n, mark in enumerate(marks):
        chosen = {MARKS: ("labels", PART_LABELS[mark.part])}
        if mark.kind and heads[n] == n:
            chosen[KIND] = ("choices", mark.kind)
        for variable, value in mark.labels.items():
            chosen[variable_control(variable)] = ("choices", value)
        if n in speaker_of:
            chosen[SPEAKER] = ("choices", ids[speaker_of[n]])
        if mark.note:
            chosen[NOTE] = ("text", mark.note)
        result += [_result(ids[n], mark, text, name, *given) for name, given in chosen.items()]
    for link in links:
        if link.name not in ("speaker", "same"):
            result.append(
                {
                    "type": "relation",
                    "from_id": ids[link.first],
                    "to_id": ids[link.second],
                    "direction": "right",
                    "labels": [link.name],
                }
            )
    first = {heads[n]: None for n in speaker_of}
    return DrawnRegions(
        result=result,
        speakers=_speakers(document, [ids[n] for n in first if marks[n].part == "speaker"]),
        suggestions={
            f"{n}. {_short(mark.span.of(text))}": mark.suggested
            for n, mark in enumerate((mark for mark in marks if mark.suggested), start=1)
        },
        records={ids[n]: mark.record for n, mark in enumerate(marks) if mark.record},
    )


def shown_words(words: str) -> str:
    """The words of a region as Label Studio keeps them."""
    return words.replace("\r", "\\n").replace("\n", "\\n")


def _result(region: str, mark: Mark, text: str, name: str, kind: str, value: str) -> dict[str, Any]:
    span: dict[str, Any] = {"start": mark.span.start, "end": mark.span.end}
    if name != NOTE:  # where "text" is the remark itself
        span["text"] = shown_words(mark.span.of(text))
    return {
        "id": region,
        "from_name": name,
        "to_name": TEXT,
        "type": "textarea" if name == NOTE else kind,
        "value": {**span, kind: [value]},
    }


def _speakers(document: Document, keys: list[str]) -> list[dict[str, str]]:
    """What the list shows of each speaker, the same words numbered."""
    shown = [_named(speaker) for speaker in document.speakers]
    seen: collections.Counter[str] = collections.Counter()
    options = []
    for key, words in zip(keys, shown, strict=True):
        seen[words] += 1
        options.append(
            {"value": f"{words} ({seen[words]})" if seen[words] > 1 else words, "alias": key}
        )
    return options


def _named(speaker: Speaker) -> str:
    return f"{speaker.name}, {speaker.description}" if speaker.description else speaker.name


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else f"{words[:57]}..."
