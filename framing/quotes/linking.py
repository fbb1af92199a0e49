"""Who belongs to whom: from scored pairs of spans to attributions.

A cue heads a quote; a quote without a cue ("Why now?", alone in its paragraph) is headed by its
first part. Every part of content belongs to one head, and every head has one source or none, so
that an attribution is read off the best-scored head of each part and the best-scored source of
each head. A source may speak in several quotes.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.quotes.tagging import LABELS

__all__ = ["LinkedSpans", "link_spans"]

_SOURCE, _CUE, _CONTENT = range(len(LABELS))


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
    labels: Sequence[int], heads: NDArray[np.float32], sources: NDArray[np.float32]
) -> list[LinkedSpans]:
    """Attributions of one text, in the order of their heads.

    Args:
        labels: Place in `LABELS` of each of n spans in text order.
        heads: Scores that the span of a row belongs to the head of a column, shape [n, n]; the
            diagonal is the score that a part of content opens a quote without a cue. Read for
            rows of content, at columns of cues, of earlier contents and at the diagonal.
        sources: Scores that the head of a row has the source of a column, shape [n, n + 1]; the
            last column is that it has none. Read for heads, at columns of sources and the last.

    Returns:
        Every cue heads one, without content where no part chose it. Of equal scores the earlier
        span wins. A part whose head itself belongs to another head goes there with it.
    """
    n = len(labels)
    head_of: dict[int, int] = {}
    parts: dict[int, list[int]] = {i: [] for i in range(n) if labels[i] == _CUE}
    for i in (i for i in range(n) if labels[i] == _CONTENT):
        allowed = [j for j in range(n) if labels[j] == _CUE or (labels[j] == _CONTENT and j <= i)]
        best = max(allowed, key=lambda j: (heads[i, j], -j))
        head_of[i] = head_of.get(best, best)
        parts.setdefault(head_of[i], []).append(i)
    speakers = [j for j in range(n) if labels[j] == _SOURCE]
    linked = []
    for head in sorted(parts):
        best = max([*speakers, n], key=lambda j: (sources[head, j], -j))
        linked.append(
            LinkedSpans(
                source=None if best == n else best,
                cue=head if labels[head] == _CUE else None,
                content=tuple(parts[head]),
            )
        )
    return linked
