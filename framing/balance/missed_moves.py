"""How far what an extractor misses moves a share: as found, as audited, and at worst."""

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from framing.balance.coding import CodedArticle
from framing.balance.definitions import WEIGHTS
from framing.balance.draws import Codings
from framing.codebook import Variable

__all__ = ["ShareMove", "share_moves"]

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShareMove:
    """What a share would be under other assumptions on missed quotes; shares in [0, 1].

    Attributes:
        as_found: Expectation with the quotes taken as found: nothing missed, nothing made up.
        missed_none: Expectation if no missed quote were of the category, as many being missed as
            audited; only of shares by quote, else None.
        missed_all: Expectation if every missed quote were of it; likewise.
    """

    as_found: float
    missed_none: float | None = None
    missed_all: float | None = None


def share_moves(
    coded: CodedArticle, codings: Codings, stance: Variable, role: Variable | None
) -> Mapping[tuple[str, str], ShareMove]:
    """For each share of stance and role, by index and weight.

    The last two are worst-case bounds (Manski 1989): they hold whichever quotes are missed.

    References:
        Manski 1989, Anatomy of the selection problem, Journal of Human Resources 24(3), 343-360.

    Args:
        coded: The article; at least one quote.
        codings: Draws of it with missed quotes (`framing.balance.draws.draw_codings`).
        stance: The variable of quotes.
        role: The variable of speakers, or None.

    Returns:
        Without shares that are undefined: by word where no quote has a word, and the last two
        where no quote is left in any draw.
    """
    moves = {}
    variables = [(stance, "share", coded.stance, codings.stance)]
    if role is not None:
        of_quotes = coded.role[coded.voice]
        variables.append((role, f"{role.name}_share", of_quotes, codings.role))
    for variable, prefix, probabilities, drawn in variables:
        members = _members(variable, prefix)
        none, every = _bounds(codings.present, drawn, len(coded.voice), members)
        for weight in WEIGHTS:
            weights = _weights(coded, weight)
            if not weights.sum() > 0:
                continue
            shares = weights @ probabilities / weights.sum()
            for k, (index, rows) in enumerate(members):
                by_quote = weight == "quote" and bool(np.isfinite(none[k]))
                moves[index, weight] = ShareMove(
                    as_found=min(float(shares[rows].sum()), 1.0),
                    missed_none=float(none[k]) if by_quote else None,
                    missed_all=float(every[k]) if by_quote else None,
                )
    return moves


def _members(variable: Variable, prefix: str) -> list[tuple[str, list[int]]]:
    """Index names of categories and aggregates, with the categories of each."""
    shares = [(f"{prefix}_{name}", [k]) for k, name in enumerate(variable.names)]
    return shares + [
        (f"share_{name}", [variable.names.index(member) for member in members])
        for name, members in variable.aggregates
    ]


def _weights(coded: CodedArticle, weight: str) -> Floats:
    if weight == "quote":
        return np.ones(len(coded.voice))
    if weight == "word":
        return coded.words
    by_voice: Floats = 1 / np.bincount(coded.voice)[coded.voice]
    return by_voice


def _bounds(
    present: NDArray[np.bool_],
    drawn: NDArray[np.int64],
    n_found: int,
    members: list[tuple[str, list[int]]],
) -> tuple[list[float], list[float]]:
    """Mean share if none, and if all, of the missed quotes are of each category."""
    genuine, n_missed = present[:, :n_found], present[:, n_found:].sum(axis=1)
    whole = genuine.sum(axis=1) + n_missed
    some = whole > 0
    none: list[float] = []
    every: list[float] = []
    for _, rows in members:
        counted = (genuine & np.isin(drawn[:, :n_found], rows)).sum(axis=1)
        for shares, part in ((none, counted), (every, counted + n_missed)):
            shares.append(float((part[some] / whole[some]).mean()) if some.any() else np.nan)
    return none, every
