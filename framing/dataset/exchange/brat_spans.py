"""Spans as brat can mark them: in fragments that stop at line ends.

brat's page divides a span that runs over a line end or a tab, and leaves out the blanks around
the break. So one part of a quote may be several fragments, and fragments with nothing but such a
break between them are one part.
"""

import re
from collections.abc import Sequence

from framing.records import Span

__all__ = ["fragment", "group_parts", "is_markable", "join_fragments"]

_BREAK = re.compile(r"\s*[\n\t]\s*")


def fragment(text: str, span: Span) -> list[Span]:
    """The fragments as which brat marks a span; none of a blank one."""
    fragments = []
    start = span.start
    for gap in [*_BREAK.finditer(text, span.start, span.end), None]:
        end = span.end if gap is None else gap.start()
        if text[start:end].strip():
            fragments.append(Span(start, end))
        start = span.end if gap is None else gap.end()
    return fragments


def is_markable(text: str, span: Span) -> bool:
    """Whether brat can mark exactly these characters."""
    fragments = fragment(text, span)
    return bool(fragments) and (fragments[0].start, fragments[-1].end) == span


def group_parts(text: str, parts: Sequence[Span]) -> list[list[Span]]:
    """Fragments of the parts of a quote, in groups that `join_fragments` gives back as parts."""
    groups: list[list[Span]] = []
    before = None
    for part in parts:
        if before is None or _BREAK.fullmatch(text, before.end, part.start):
            groups.append([])
        groups[-1] += fragment(text, part)
        before = part
    return groups


def join_fragments(text: str, fragments: Sequence[Span]) -> list[Span]:
    """The parts of which these are fragments."""
    parts: list[Span] = []
    for piece in sorted(fragments):
        if parts and _BREAK.fullmatch(text, parts[-1].end, piece.start):
            parts[-1] = Span(parts[-1].start, piece.end)
        else:
            parts.append(piece)
    return parts
