"""How often quotes are missed, by kind, stance and role: a small model of audited counts.

    logit P(found) = kind + stance + role,  stance ~ N(0, tau_stance^2),  role ~ N(0, tau_role^2)

The normal effects pool: a category with few audited quotes stays near the mean of all, one with
many goes where its counts are. Both tau are taken from a grid, each value as probable as the
counts make it (a half-normal prior of scale 1/2: odds that differ by a factor of 1.6 from the mean
are usual, by 3 rare), and each fit is the normal approximation to the posterior at its mode
(Laplace). Every kind is given half a found and half a missed quote more (Jeffreys' prior, so that
a kind without a missed quote has a recall below 1). Counts are divided by the dispersion, since
quotes of one article are not missed independently (quasi-likelihood).

References:
    McCullagh & Nelder 1989, Generalized linear models, 4.5; Gelman & Hill 2007, Data analysis
    using regression and multilevel/hierarchical models, 12.
"""

import dataclasses
import functools
import itertools
from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from framing.balance.extraction_error import MIN_RECALL, ExtractionError
from framing.records import QuoteKind

__all__ = ["MissedOdds", "draw_missed_odds"]

TAUS = (0.1, 0.2, 0.4, 0.8, 1.6)
TAU_SCALE = 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MissedOdds:
    """R draws of the log odds that a quote is missed, as a sum of three.

    Attributes:
        kind: In the order of `QuoteKind`, (R, 3).
        stance: (R, K); 0 where recall was not audited by category.
        role: (R, max(L, 1)); likewise.
    """

    kind: Floats
    stance: Floats
    role: Floats

    def of(self, kind: Ints, stance: Ints, role: Ints) -> Floats:
        """Missed quotes for each found one, (1 - recall) / recall, of quotes given as (R, N).

        At most that of a recall of 0.1: beyond, a few found quotes would stand for anything.
        """

        def part(effects: Floats, category: Ints) -> Floats:
            return np.take_along_axis(effects, category, axis=1)

        logit = part(self.kind, kind) + part(self.stance, stance) + part(self.role, role)
        odds: Floats = np.minimum(np.exp(logit), (1 - MIN_RECALL) / MIN_RECALL)
        return odds


def draw_missed_odds(
    error: ExtractionError,
    *,
    codebook: str,
    stances: Sequence[str],
    roles: Sequence[str],
    n_draws: int,
    rng: np.random.Generator,
) -> MissedOdds:
    """Draw from the posterior of how often quotes are missed.

    A category without an audited quote has the spread of the others. Where cells are missing or
    of another codebook, recall differs by kind only.

    Args:
        error: The audited counts.
        codebook: Digest of the codebook that the categories are of.
        stances: Categories of the quote variable (K).
        roles: Categories of the speaker variable (L), or none.
        n_draws: How many (R).
        rng: Source of chance.
    """
    by_category = bool(error.cells) and error.codebook == codebook
    fits = _fit_all(error, tuple(stances), tuple(roles)) if by_category else _fit_all(error, (), ())
    fit = rng.choice(len(fits.weights), size=n_draws, p=fits.weights)
    z = rng.standard_normal((n_draws, fits.modes.shape[1]))
    logit = fits.modes[fit] + np.einsum("rpq,rq->rp", fits.roots[fit], z)
    kind, rest = -logit[:, :3], -logit[:, 3:]
    if not by_category:
        return MissedOdds(
            kind=kind,
            stance=np.zeros((n_draws, len(stances))),
            role=np.zeros((n_draws, max(len(roles), 1))),
        )
    k = len(stances)
    role = rest[:, k : k + len(roles)] if roles else np.zeros((n_draws, 1))
    return MissedOdds(kind=kind, stance=rest[:, :k], role=role)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Fits:
    """One fit for each pair of tau: its weight (F,), mode (F, P) and root of covariance."""

    weights: Floats
    modes: Floats
    roots: Floats


@functools.lru_cache(maxsize=16)
def _fit_all(error: ExtractionError, stances: tuple[str, ...], roles: tuple[str, ...]) -> _Fits:
    """Fits over the grid; without categories, one fit of kinds alone."""
    kinds = get_args(QuoteKind)
    cells: list[tuple[tuple[object, ...], int, int]]
    if stances or roles:
        cells = [((c.kind, c.stance, c.role), c.gold, c.recalled) for c in error.cells]
        # What was not coded, or is no category, has an effect of its own beside the categories'.
        stance_levels = [*stances, *sorted({str(name[1]) for name, *_ in cells} - {*stances})]
        role_levels = [*roles, *sorted({str(name[2]) for name, *_ in cells} - {*roles})]
        # Categories first, then other levels: `draw_missed_odds` cuts the columns by this order.
        levels: list[tuple[int, str]] = [(1, s) for s in stances] + [(2, r) for r in roles]
        levels += [(1, s) for s in stance_levels[len(stances) :]]
        levels += [(2, r) for r in role_levels[len(roles) :]]
        grid = list(itertools.product(TAUS, TAUS))
    else:
        cells = [((k.kind,), k.gold, k.recalled) for k in error.kinds]
        levels, grid = [], [(1.0, 1.0)]
    design = [[float(name[0] == kind) for kind in kinds] for name, *_ in cells]
    for row, (name, *_) in zip(design, cells, strict=True):
        row += [float(name[place] == level) for place, level in levels]
    jeffreys = np.eye(len(kinds), len(kinds) + len(levels))
    x = np.concatenate([np.array(design), jeffreys])
    gold = np.array([n for _, n, _ in cells]) / error.dispersion
    found = np.array([n for *_, n in cells]) / error.dispersion
    n = np.concatenate([gold, np.full(len(kinds), 1.0)])
    y = np.concatenate([found, np.full(len(kinds), 0.5)])
    evidence, modes, roots = [], [], []
    for taus in grid:
        precision = np.array([0.0] * len(kinds) + [taus[place - 1] ** -2 for place, _ in levels])
        mode, hessian = _mode(x, n, y, precision)
        eta = x @ mode
        fit = (y * eta - n * np.logaddexp(0, eta)).sum() - (precision * mode**2).sum() / 2
        fit += np.log(precision[precision > 0]).sum() / 2 - np.linalg.slogdet(hessian)[1] / 2
        # Half-normal density of each tau, on a grid of equal steps of log tau.
        fit += sum(np.log(tau) - (tau / TAU_SCALE) ** 2 / 2 for tau in taus)
        evidence.append(fit)
        modes.append(mode)
        roots.append(np.linalg.inv(np.linalg.cholesky(hessian)).T)
    weights = np.exp(np.array(evidence) - max(evidence))
    return _Fits(weights=weights / weights.sum(), modes=np.stack(modes), roots=np.stack(roots))


def _mode(x: Floats, n: Floats, y: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Mode and negative Hessian of the penalised binomial likelihood, by Newton's method."""
    beta = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-(x @ beta)))
        gradient = x.T @ (y - n * p) - precision * beta
        hessian = (x * (n * p * (1 - p))[:, None]).T @ x + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        # Newton's first steps may overshoot where nearly everything was found.
        beta = beta + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-10:
            return beta, hessian
    raise AssertionError("a penalised binomial likelihood has one maximum; Newton did not end")
