"""What a report tells about a model: trained on what, how good, with which caveat."""

import dataclasses

__all__ = ["ModelNote"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ModelNote:
    """One model whose predictions the report shows.

    Attributes:
        name: As in `Prediction.model`.
        variable: The codebook's variable that it predicts.
        trained_on: What it learned from, in a sentence.
        scores: Rows of (name, value, low, high), such as `("macro-F1", 0.61, 0.52, 0.69)`; low
            and high are None where no interval is known.
        caveat: What the scores do not say, in a sentence or two; "" for nothing to add.
        command: The command that made it, or the path it was read from.
    """

    name: str
    variable: str
    trained_on: str
    scores: tuple[tuple[str, float, float | None, float | None], ...] = ()
    caveat: str = ""
    command: str = ""
