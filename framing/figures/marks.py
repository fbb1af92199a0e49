"""How categories look: a colour, a line style and a letter each, the same on page and paper.

The colours can be told apart by colour-blind readers (Okabe & Ito 2008,
https://jfly.uni-koeln.de/color/).
"""

import dataclasses
import itertools
import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.codebook import Variable

__all__ = ["GREY", "NEGATIVE", "POSITIVE", "Mark", "marks_of"]

POSITIVE, NEGATIVE, GREY = "#0072B2", "#D55E00", "#767676"
# The rest of the palette; yellow comes late, for it is hard to see on paper.
_FURTHER = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
_LINES = ("dashed", "wavy", "solid", "double")


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """How a category looks: by colour and line style and letter.

    Attributes:
        category: Its name in the codebook.
        color: As #RRGGBB.
        line: A CSS text-decoration style: solid, double, dashed, dotted or wavy.
        letter: One capital, or two where the alphabet is used up; differs within a variable.
    """

    category: str
    color: str
    line: str
    letter: str


def marks_of(variable: "Variable") -> dict[str, Mark]:
    """A mark for every category of `variable`, in the codebook's order.

    The positive category is blue and solid, the negative one vermilion and double, the default
    (else the last neutral one) grey and dotted; the others take the next colours and lines.
    """
    others = [name for name in variable.names if name in variable.neutral]
    quiet = variable.default or (others[-1] if others else "")
    further = zip(itertools.cycle(_FURTHER), itertools.cycle(_LINES), strict=False)
    letters: set[str] = set()
    marks = {}
    for name in variable.names:
        letter = next(mark for mark in _letters(name) if mark not in letters)
        letters.add(letter)
        if name and name == variable.positive:
            color, line = POSITIVE, "solid"
        elif name and name == variable.negative:
            color, line = NEGATIVE, "double"
        elif name == quiet:
            color, line = GREY, "dotted"
        else:
            color, line = next(further)
        marks[name] = Mark(name, color, line, letter)
    return marks


def _letters(name: str) -> "itertools.chain[str]":
    """Candidates for a category's letter: its own letters, the alphabet, then letter and digit."""
    own = [letter for letter in name.upper() if letter.isalpha()]
    pairs = (f"{letter}{n}" for n in itertools.count(1) for letter in string.ascii_uppercase)
    return itertools.chain(own, string.ascii_uppercase, pairs)
