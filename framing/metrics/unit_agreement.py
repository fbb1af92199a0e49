r"""Do coders find the same units? Quotes aligned over coders, and words inside or outside quotes.

What coders say about a quote can be compared only where two of them found it: coefficients over
aligned units (`framing.metrics.agreement`) are conditional on that, and stand beside the F1 of
unit matching (`framing.metrics.found_quotes`) and the alpha over words.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.records import Span

__all__ = ["align_units", "code_words"]

_WORD = re.compile(r"\w+")  # as in match_quotes


def align_units(
    matches: Mapping[tuple[int, int], Sequence[tuple[int, int]]], n_coders: int
) -> tuple[tuple[int | None, ...], ...]:
    """Make units of one article from the pairs that pairs of coders have in common.

    Args:
        matches: By pair of coders (a, b), a < b: pairs (unit of a, unit of b), one to one.
        n_coders: Number of coders.

    Returns:
        For each unit that two coders or more have found, its number with every coder, None with
        those who have not; in the order of the first coder's units, then the second's, and so
        on. With two coders these are their pairs. With more, what is chained together is one
        unit, except that no unit holds two of one coder: a match that would join such units is
        left out, and matches of earlier coders go first.
    """
    unit_of: dict[tuple[int, int], dict[int, int]] = {}
    for (a, b), pairs in sorted(matches.items()):
        for i, j in pairs:
            one = unit_of.setdefault((a, i), {a: i})
            other = unit_of.setdefault((b, j), {b: j})
            if one is other or one.keys() & other.keys():
                continue
            one.update(other)
            for coder, number in other.items():
                unit_of[coder, number] = one
    units = {id(unit): unit for _, unit in sorted(unit_of.items()) if len(unit) > 1}
    return tuple(tuple(unit.get(coder) for coder in range(n_coders)) for unit in units.values())


def code_words(text: str, contents: Sequence[Sequence[Span]]) -> NDArray[np.int64]:
    r"""Code every word of a text as inside (1) or outside (0) one coder's quotes, shape (words,).

    Words are runs of `\w`; a word is inside when it lies wholly in one span. Where one quote ends
    and the next begins is not seen when no word stands between them: unit matching sees that.

    Args:
        text: The article's text, which spans refer to.
        contents: Content of each quote.
    """
    words = np.array([match.span() for match in _WORD.finditer(text)], dtype=np.int64)
    starts, ends = words.reshape(-1, 2).T
    codes = np.zeros(len(starts), dtype=np.int64)
    for content in contents:
        for start, end in content:
            codes[np.searchsorted(starts, start) : np.searchsorted(ends, end, "right")] = 1
    return codes
