"""The vocabulary of the grammar of reports: ranges of words, and an attribution made of them."""

import dataclasses

__all__ = ["DASHES", "STOPS", "Attribution", "Range"]

# Word indices into a sentence, half-open.
Range = tuple[int, int]

DASHES = frozenset("– — - --".split())
STOPS = frozenset(".!?…;")


@dataclasses.dataclass(frozen=True, slots=True)
class Attribution:
    """One report in a sentence, in word indices.

    Attributes:
        cue: Words of the cue.
        source: Words of the source, or None.
        content: Stretches of content in text order; empty when it must be looked for in the
            sentences around (a quotation before or after).
        follows: With empty content, whether it stands after the cue (a colon).
    """

    cue: Range
    source: Range | None
    content: tuple[Range, ...]
    follows: bool = False
