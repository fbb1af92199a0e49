"""Who belongs to whom: from scored pairs of spans to attributions.

A cue heads a quote; a quote without a cue ("Why now?", alone in its paragraph) is headed by its
first part. Every part of content belongs to one head, and every head has one source or none, so
that an attribution is read off the best-scored head of each part and the best-scored source of
each head. A source may speak in several quotes.

Two things never happen, whatever the scores: another cue between a part and its head (11 of 5,741
links in this project's training part, 39 of 8,112 in a third of PolNeAR's), and a part that stands
alone in the distance, more than `REACH` words from all else that belongs to its quote (20 and 40).
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.quotes.tagging import LABELS

__all__ = ["REACH", "LinkedSpans", "link_spans"]

REACH = 20

_SOURCE, _CUE, _CONTENT = range(len(LABELS))
_Spans = Sequence[tuple[int, int, int]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LinkedSpans:
    """One attribution, as places in a sequence of spans.

    Attributes:
        source: Of the source, or None.
        cue: Of the cue, or None.
        content: Of the parts of what is said, in text order; none where a cue reports nothing.
    """

    source: int | None
    cue: int | None
    content: tuple[int, ...]


def link_spans(
    spans: _Spans, heads: NDArray[np.float32], sources: NDArray[np.float32]
) -> list[LinkedSpans]:
    """Attributions of one text, in the order of their heads.

    Args:
        spans: n of them in text order: first word, one past the last, and place in `LABELS`.
        heads: Scores that the span of a row belongs to the head of a column, shape [n, n]; the
            diagonal is the score that a part of content opens a quote without a cue. Read for
            rows of content, at columns of cues, of earlier contents and at the diagonal.
        sources: Scores that the head of a row has the source of a column, shape [n, n + 1]; the
            last column is that it has none. Read for heads, at columns of sources and the last.

    Returns:
        Every cue heads one, without content where no part chose it. Of equal scores the earlier
        span wins. A part whose head itself belongs to another head goes there with it.
    """
    n = len(spans)
    labels = [label for _, _, label in spans]
    n_cues = np.cumsum([label == _CUE for label in labels])  # up to a span, itself included
    source_of = {
        head: max([*(j for j in range(n) if labels[j] == _SOURCE), n], key=_scored(sources[head]))
        for head in range(n)
        if labels[head] != _SOURCE
    }
    parts: dict[int, list[int]] = {i: [] for i in range(n) if labels[i] == _CUE}
    head_of: dict[int, int] = {}
    for i in (i for i in range(n) if labels[i] == _CONTENT):
        near = [j for j in range(n) if _is_open(i, j, labels, n_cues)]
        best = max(near, key=_scored(heads[i]))
        head_of[i] = head_of.get(best, best)
        parts.setdefault(head_of[i], []).append(i)
    for head, own in list(parts.items()):
        pieces = {head, *own} | ({source_of[head]} - {n})
        for part in [part for part in own if part != head]:
            if min(_gap(spans[part], spans[other]) for other in pieces - {part}) > REACH:
                own.remove(part)
                pieces.remove(part)
                parts[part] = [part]
    return [
        LinkedSpans(
            source=None if source_of[head] == n else source_of[head],
            cue=head if labels[head] == _CUE else None,
            content=tuple(parts[head]),
        )
        for head in sorted(parts)
    ]


def _is_open(part: int, head: int, labels: Sequence[int], n_cues: NDArray[np.int64]) -> bool:
    """Whether a span may be the head of a part of content."""
    if head == part:
        return True
    if labels[head] == _CONTENT:
        return head < part and n_cues[part] == n_cues[head]
    if labels[head] != _CUE:
        return False
    return bool(n_cues[part] == n_cues[head] + (0 if head < part else -1))


def _gap(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """Words between two spans."""
    return max(other[0] - one[1], one[0] - other[1], 0)


def _scored(row: NDArray[np.float32]):  # type: ignore[no-untyped-def]
    return lambda place: (row[place], -place)
