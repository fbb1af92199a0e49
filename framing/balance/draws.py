"""Simulated codings of one article: what a coder might find, given what is known of its quotes."""

import dataclasses
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from framing.balance.coding import CodedArticle
from framing.balance.definitions import quote_variable, speaker_variable
from framing.balance.extraction_error import ExtractionError
from framing.balance.recall import MissedOdds, draw_missed_odds
from framing.codebook import Codebook
from framing.metrics.article_effect import base_weights, with_effect
from framing.records import QuoteKind

__all__ = ["Codings", "draw_codings", "most_probable_coding"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_KINDS = get_args(QuoteKind)
_MAX_CELLS = 2_000_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Codings:
    """R codings of one article in arrays (R, M): M places for quotes, of which some are empty.

    Attributes:
        present: Whether there is a quote in that place.
        stance: Category of the quote variable.
        role: Category of the speaker variable (0 where the codebook has none).
        voice: Which voice gives it; equal numbers are one voice.
        named: Whether the article names the voice.
        words: Words.
        position: Where it starts, as a share of the text.
        in_lead: Whether it starts in the lead.
    """

    present: Bools
    stance: Ints
    role: Ints
    voice: Ints
    named: Bools
    words: Floats
    position: Floats
    in_lead: Bools

    def weights(self, weight: str) -> Floats:
        """What each place counts by "quote", "word" or "speaker": (R, M), 0 where empty.

        By speaker, each voice counts 1, split evenly over its quotes.
        """
        if weight == "quote":
            return self.present.astype(float)
        if weight == "word":
            return self.present * self.words
        n_draws, n_voices = len(self.voice), int(self.voice.max(initial=0)) + 1
        cell = np.arange(n_draws)[:, None] * n_voices + self.voice
        quotes = np.bincount(cell[self.present], minlength=n_draws * n_voices)
        share: Floats = self.present / np.maximum(quotes[cell], 1)
        return share


def draw_codings(
    coded: CodedArticle,
    *,
    extraction_error: ExtractionError | None,
    codebook: Codebook,
    n_draws: int,
    rng: np.random.Generator,
) -> Codings:
    """Draw codings of an article from the probabilities of its units.

    The category of each quote and of each voice is drawn from its own probabilities, which are
    taken to be calibrated on the quotes that the extractor finds. A classifier that misreads one
    quote of an article misreads others alike: in each draw, the log odds of all its quotes are
    moved by one normal deviation for each category, of the measured standard deviation, and
    those of its voices by another (`framing.metrics.article_effect`; the mean over draws stays);
    given these, units are independent. With a measured extraction error, in each draw:

    - precision of each kind of quote comes from its posterior, Beta(1/2 + successes,
      1/2 + failures); a found quote that nobody labelled is spurious with probability
      1 - precision;
    - the odds that a quote is missed come from the posterior of the audit by kind, stance and
      role (`framing.balance.recall`), times a factor of the article, gamma distributed with mean
      1 and the measured variance between articles;
    - each genuine quote found stands for a number of missed ones of its kind, stance and role,
      geometric with mean odds (1 - recall) / recall. So a category that is missed more often
      gains; over articles this is weighting by the inverse probability of being found (Horvitz &
      Thompson 1952), and with equal odds a Bayesian bootstrap of the quotes found (Rubin 1981);
    - categories of which none was found can have been missed: one quote, spread evenly over the
      kinds and K stances (Perks' prior), is put beside those found, its words, place and voice
      copied from a genuine one;
    - a missed quote has words, place and voice of the one it copies. It is by a voice not found
      with probability f1 / g, f1 being the voices with one quote of the g genuine ones (the
      chance that a further quote is by a new voice; Good 1953).

    References:
        Horvitz & Thompson 1952, doi:10.1080/01621459.1952.10483446; Rubin 1981,
        doi:10.1214/aos/1176345338; Good 1953, doi:10.1093/biomet/40.3-4.237

    Args:
        coded: The article; at least one quote.
        extraction_error: Measured errors of the extractor, or None to take quotes as found.
        codebook: Of the article's categories.
        n_draws: How many.
        rng: Source of chance.

    Returns:
        The first N places are the quotes found; those after them, missed ones.
    """
    shape = (n_draws, len(coded.voice))
    role = _draw_each(coded.role, coded.role_sd, n_draws, rng)
    found = Codings(
        present=np.ones(shape, dtype=bool),
        stance=_draw_each(coded.stance, coded.stance_sd, n_draws, rng),
        role=role[:, coded.voice],
        voice=np.broadcast_to(coded.voice, shape),
        named=np.broadcast_to(coded.named[coded.voice], shape),
        words=np.broadcast_to(coded.words, shape),
        position=np.broadcast_to(coded.position, shape),
        in_lead=np.broadcast_to(coded.in_lead, shape),
    )
    if extraction_error is None:
        return found
    roles = speaker_variable(codebook)
    odds = draw_missed_odds(
        extraction_error,
        codebook=codebook.digest,
        stances=quote_variable(codebook).names,
        roles=() if roles is None else roles.names,
        n_draws=n_draws,
        rng=rng,
    )
    kinds = np.array([_KINDS.index(kind) for kind in coded.kinds], dtype=np.int64)
    genuine = _draw_genuine(kinds, coded.confirmed, extraction_error, n_draws, rng)
    factor = _draw_factor(extraction_error.article_variance, n_draws, rng)
    return _add_missed(found, genuine, kinds, odds, factor, rng)


def most_probable_coding(coded: CodedArticle) -> Codings:
    """The one coding with every unit in its most probable category (ties: the first)."""
    role = coded.role.argmax(axis=1) if coded.role.shape[1] else np.zeros(len(coded.role), int)
    return Codings(
        present=np.ones((1, len(coded.voice)), dtype=bool),
        stance=coded.stance.argmax(axis=1)[None],
        role=role[coded.voice][None],
        voice=coded.voice[None],
        named=coded.named[coded.voice][None],
        words=coded.words[None],
        position=coded.position[None],
        in_lead=coded.in_lead[None],
    )


def _draw_each(probabilities: Floats, sds: Floats, n_draws: int, rng: np.random.Generator) -> Ints:
    """One category per row of (N, K) in each draw: (R, N); all 0 where K is 0."""
    effects = rng.standard_normal((n_draws, 1, probabilities.shape[1])) if sds.any() else None
    chance = rng.random((n_draws, len(sds)))
    if effects is None:
        return _below(probabilities, chance)
    weights = base_weights(probabilities, sds)
    # In blocks of draws, so that an article of thousands of quotes fits into memory.
    block = max(1, _MAX_CELLS // max(probabilities.size, 1))
    return np.concatenate(
        [
            _below(with_effect(weights, sds, effects[i : i + block]), chance[i : i + block])
            for i in range(0, n_draws, block)
        ]
    )


def _below(probabilities: Floats, chance: Floats) -> Ints:
    """The category that each chance in [0, 1) falls into."""
    drawn: Ints = (chance[:, :, None] >= probabilities.cumsum(axis=-1)[..., :-1]).sum(axis=2)
    return drawn


def _draw_genuine(
    kinds: Ints, confirmed: Bools, error: ExtractionError, n_draws: int, rng: np.random.Generator
) -> Bools:
    """Which found quotes are genuine: (R, N)."""
    rates = [error.of(kind) for kind in _KINDS]
    precision = np.stack(
        [rng.beta(k.correct + 0.5, k.found - k.correct + 0.5, n_draws) for k in rates], axis=1
    )
    is_quote = rng.random((n_draws, len(kinds))) < precision[:, kinds]
    genuine: Bools = is_quote | confirmed
    return genuine


def _draw_factor(variance: float, n_draws: int, rng: np.random.Generator) -> Floats:
    """How much more or less is missed in this article than in the mean one: (R,), mean 1."""
    return rng.gamma(1 / variance, variance, n_draws) if variance > 0 else np.ones(n_draws)


def _add_missed(
    found: Codings,
    genuine: Bools,
    kinds: Ints,
    odds: MissedOdds,
    factor: Floats,
    rng: np.random.Generator,
) -> Codings:
    n_draws, n_found = genuine.shape
    n_categories, n_kinds = odds.stance.shape[1], len(_KINDS)
    # What can have been missed: more like each genuine quote, then each stance of each kind.
    weight = genuine * rng.standard_exponential((n_draws, n_found))
    n_new = n_kinds * n_categories
    prior = rng.standard_gamma(1 / n_new, (n_draws, n_new))
    # Where no found quote is genuine, words and place come from any of them.
    likely = np.where(genuine.any(axis=1, keepdims=True), weight, 1.0)
    donor = np.concatenate(
        [
            np.broadcast_to(np.arange(n_found), (n_draws, n_found)),
            _draw_by_row(likely, n_new, rng),
        ],
        axis=1,
    )
    new_stances = np.tile(np.arange(n_categories), n_kinds)
    new_kinds = np.repeat(np.arange(n_kinds), n_categories)
    kind = np.broadcast_to(np.concatenate([kinds, new_kinds]), donor.shape)
    stance = np.concatenate(
        [found.stance, np.broadcast_to(new_stances, (n_draws, len(new_stances)))], axis=1
    )
    role = np.take_along_axis(found.role, donor, axis=1)
    rate = np.concatenate([weight, prior], axis=1) * odds.of(kind, stance, role) * factor[:, None]
    n_missed = rng.poisson(rate)

    present, picked = _places(n_missed)
    donor = np.take_along_axis(donor, picked, axis=1)

    def of_donor(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.take_along_axis(values, donor, axis=1)

    quotes = np.zeros((n_draws, int(found.voice.max()) + 1), dtype=np.int64)
    np.add.at(quotes, (np.arange(n_draws)[:, None], found.voice), genuine)
    chance_new = (quotes == 1).sum(axis=1) / np.maximum(genuine.sum(axis=1), 1)
    chance_new[~genuine.any(axis=1)] = 1.0
    is_new = rng.random(present.shape) < chance_new[:, None]
    new_voice = quotes.shape[1] + np.arange(present.shape[1])
    missed = {
        "present": present,
        "stance": np.take_along_axis(stance, picked, axis=1),
        "role": of_donor(found.role),
        "voice": np.where(is_new, new_voice, of_donor(found.voice)),
        "named": of_donor(found.named),
        "words": of_donor(found.words),
        "position": of_donor(found.position),
        "in_lead": of_donor(found.in_lead),
    }
    found = dataclasses.replace(found, present=genuine)
    return Codings(
        **{
            name: np.concatenate([getattr(found, name), values], axis=1)
            for name, values in missed.items()
        }
    )


def _places(counts: Ints) -> tuple[Bools, Ints]:
    """One place for each of the counted: whether it is filled, and by which column, (R, M)."""
    n_rows, n_columns = counts.shape
    total = counts.sum(axis=1)
    present = np.arange(int(total.max())) < total[:, None]
    column = np.zeros(present.shape, dtype=np.int64)
    column[present] = np.repeat(np.tile(np.arange(n_columns), n_rows), counts.ravel())
    return present, column


def _draw_by_row(weights: Floats, n: int, rng: np.random.Generator) -> Ints:
    """Draw n columns for each row of (R, C) in proportion to that row's weights: (R, n)."""
    n_rows, n_columns = weights.shape
    edges = weights.cumsum(axis=1)
    edges = edges / edges[:, -1:] + np.arange(n_rows)[:, None]
    chance = rng.random((n_rows, n)) + np.arange(n_rows)[:, None]
    drawn = np.searchsorted(edges.ravel(), chance.ravel(), side="right").reshape(n_rows, n)
    column: Ints = np.minimum(drawn - np.arange(n_rows)[:, None] * n_columns, n_columns - 1)
    return column
