"""Simulated codings of one article: what a coder might find, given what is known of its quotes."""

import dataclasses
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from framing.balance.coding import CodedArticle
from framing.balance.extraction_error import ExtractionError
from framing.records import QuoteKind

__all__ = ["Codings", "draw_codings", "most_probable_coding"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


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
    n_draws: int,
    rng: np.random.Generator,
) -> Codings:
    """Draw codings of an article from the probabilities of its units.

    The category of each quote and of each voice is drawn from its own probabilities,
    independently of the others given these. With a measured extraction error, in each draw:

    - precision and recall of each kind of quote come from their posterior, Beta(1/2 + successes,
      1/2 + failures); they are taken to be the same in all articles;
    - a found quote that nobody labelled is spurious with probability 1 - precision;
    - the number of missed quotes is negative binomial with g + 1/2 successes and probability
      recall, g being the genuine quotes of that kind: the posterior under binomial thinning and
      Jeffreys' prior for the rate of a Poisson number of quotes;
    - a missed quote copies a genuine one of the article, the copies' shares being a Bayesian
      bootstrap (Rubin 1981); its category is replaced with the weight of one quote by one from a
      Dirichlet(1/K) (Perks' prior), so that a category not found can have been missed. It is by
      a voice not found with probability f1 / g, f1 being the voices with one quote (the chance
      that a further quote is by a new voice; Good 1953), else by the voice that it copies.

    References:
        Rubin 1981, doi:10.1214/aos/1176345338; Good 1953, doi:10.1093/biomet/40.3-4.237

    Args:
        coded: The article; at least one quote.
        extraction_error: Measured errors of the extractor, or None to take quotes as found.
        n_draws: How many.
        rng: Source of chance.
    """
    shape = (n_draws, len(coded.voice))
    role = _draw_each(coded.role, n_draws, rng)
    found = Codings(
        present=np.ones(shape, dtype=bool),
        stance=_draw_each(coded.stance, n_draws, rng),
        role=role[:, coded.voice],
        voice=np.broadcast_to(coded.voice, shape),
        named=np.broadcast_to(coded.named[coded.voice], shape),
        words=np.broadcast_to(coded.words, shape),
        position=np.broadcast_to(coded.position, shape),
        in_lead=np.broadcast_to(coded.in_lead, shape),
    )
    if extraction_error is None:
        return found
    genuine, n_missed = _draw_errors(coded, extraction_error, n_draws, rng)
    return _add_missed(found, genuine, n_missed, coded.stance.shape[1], rng)


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


def _draw_each(probabilities: Floats, n_draws: int, rng: np.random.Generator) -> Ints:
    """One category per row of (N, K) in each draw: (R, N); all 0 where K is 0."""
    edges = probabilities.cumsum(axis=1)[:, :-1]
    chance = rng.random((n_draws, len(probabilities)))
    drawn: Ints = (chance[:, :, None] >= edges).sum(axis=2)
    return drawn


def _draw_errors(
    coded: CodedArticle, error: ExtractionError, n_draws: int, rng: np.random.Generator
) -> tuple[Bools, Ints]:
    """Which found quotes are genuine (R, N), and how many were missed (R,)."""
    genuine = np.ones((n_draws, len(coded.kinds)), dtype=bool)
    n_missed = np.zeros(n_draws, dtype=np.int64)
    for kind in get_args(QuoteKind):
        of_kind = np.array([one == kind for one in coded.kinds], dtype=bool)
        rate = error.of(kind)
        precision = rng.beta(rate.correct + 0.5, rate.found - rate.correct + 0.5, n_draws)
        recall = rng.beta(rate.recalled + 0.5, rate.gold - rate.recalled + 0.5, n_draws)
        is_quote = rng.random((n_draws, len(coded.kinds))) < precision[:, None]
        genuine &= is_quote | ~of_kind | coded.confirmed
        n_missed += rng.negative_binomial((genuine & of_kind).sum(axis=1) + 0.5, recall)
    return genuine, n_missed


def _add_missed(
    found: Codings, genuine: Bools, n_missed: Ints, n_categories: int, rng: np.random.Generator
) -> Codings:
    n_draws, n_found = genuine.shape
    n_places = int(n_missed.max())
    copied = genuine * rng.standard_exponential((n_draws, n_found))
    prior = rng.standard_gamma(1 / n_categories, (n_draws, n_categories))
    picked = _draw_by_row(np.concatenate([copied, prior], axis=1), n_places, rng)
    # Where no found quote is genuine, words and place come from any of them.
    copied[~genuine.any(axis=1)] = 1.0
    donor = np.where(picked < n_found, picked, _draw_by_row(copied, n_places, rng))

    def of_donor(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.take_along_axis(values, donor, axis=1)

    quotes = np.zeros((n_draws, int(found.voice.max()) + 1), dtype=np.int64)
    np.add.at(quotes, (np.arange(n_draws)[:, None], found.voice), genuine)
    chance_new = (quotes == 1).sum(axis=1) / np.maximum(genuine.sum(axis=1), 1)
    chance_new[~genuine.any(axis=1)] = 1.0
    is_new = rng.random((n_draws, n_places)) < chance_new[:, None]
    new_voice = quotes.shape[1] + np.arange(n_places)
    missed = {
        "present": np.arange(n_places) < n_missed[:, None],
        "stance": np.where(picked < n_found, of_donor(found.stance), picked - n_found),
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


def _draw_by_row(weights: Floats, n: int, rng: np.random.Generator) -> Ints:
    """Draw n columns for each row of (R, C) in proportion to that row's weights: (R, n)."""
    n_rows, n_columns = weights.shape
    edges = weights.cumsum(axis=1)
    edges = edges / edges[:, -1:] + np.arange(n_rows)[:, None]
    chance = rng.random((n_rows, n)) + np.arange(n_rows)[:, None]
    drawn = np.searchsorted(edges.ravel(), chance.ravel(), side="right").reshape(n_rows, n)
    column: Ints = np.minimum(drawn - np.arange(n_rows)[:, None] * n_columns, n_columns - 1)
    return column
