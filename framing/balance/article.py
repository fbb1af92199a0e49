"""Balance of one article: every index with its predictive interval and the naive value."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.balance import indices
from framing.balance.coding import CodedArticle, code_article
from framing.balance.definitions import (
    WEIGHTS,
    IndexDefinition,
    index_definitions,
    quote_variable,
    speaker_variable,
)
from framing.balance.draws import Codings, draw_codings, most_probable_coding
from framing.balance.extraction_error import ExtractionError
from framing.balance.missed_moves import ShareMove, share_moves
from framing.codebook import Codebook, Variable
from framing.errors import DataError
from framing.records import (
    ArticleBalance,
    BalanceValue,
    Label,
    Placement,
    Prediction,
    Quote,
    Speaker,
)

__all__ = ["MIN_QUOTES", "article_rng", "measure_balance"]

# With fewer, one quote moves a share by a quarter or more, and an even mix of four categories
# is hardly in reach, so that every article looks one-sided.
MIN_QUOTES = 5
MAX_UNDEFINED = 0.05

Floats = NDArray[np.float64]
Values = Iterator[tuple[str, str, Floats]]


def measure_balance(
    *,
    article_id: str,
    target: str,
    target_is_title: bool,
    quotes: Sequence[Quote],
    speakers: Sequence[Speaker],
    placements: Iterable[Placement],
    predictions: Iterable[Prediction],
    labels: Iterable[Label] = (),
    codebook: Codebook,
    extraction_error: ExtractionError | None = None,
    level: float = 0.9,
    min_quotes: int = MIN_QUOTES,
    n_draws: int = 2000,
    rng: np.random.Generator,
) -> ArticleBalance:
    """Every index of `index_definitions` for one article.

    The estimand is what a coder would find in this article. Codings are drawn from the
    probabilities (`framing.balance.draws` says how, and what is assumed); `value` is the mean of
    the index over the draws, `low` and `high` are its (1 - level) / 2 quantiles, rounded outward
    to a drawn value and widened to the value where a skewed distribution leaves it outside.
    `naive` is classify and count: the index of the most probable categories, whatever their
    probabilities. Labels of every quote and speaker and no extraction error give intervals of
    zero width. The interval is as good as the probabilities are calibrated, and says nothing of
    other articles. Where the probabilities are calibrated, what an article deviates from them as a
    whole is as measured (`Prediction.article_sd`), and so are the errors of extraction, it
    holds the coder's number in `level` of the articles for finely graded indices (by word), and in
    more of them for coarse ones (a share of few quotes has few possible values); simulated in
    `tests/balance/test_coverage.py`.

    Args:
        article_id: The article.
        target: What stance was measured toward.
        target_is_title: Whether the headline stands in for it.
        quotes: Quotes found in it, in any order: the result does not depend on it.
        speakers: Speakers found in it.
        placements: One for each quote; those of other quotes are passed over.
        predictions: For each quote and each speaker with a quote that has no label.
        labels: Outrank predictions; of several the adjudicated one, then the latest.
        codebook: The first variable with unit "quote" is measured, as is the first with unit
            "speaker" if any.
        extraction_error: Errors of the extractor, or None: then quotes are taken as found
            (`describe_extraction_error` gives the words for a report). None also for an article
            that somebody read to the end and corrected: nothing is missed there.
        level: Of the intervals, in (0, 1).
        min_quotes: With fewer quotes found, there is no value and no interval, only the naive one.
        n_draws: Simulated codings, at least 100.
        rng: Source of chance; `article_rng` makes one that depends on seed and article only.

    Returns:
        Its `values` are in the order of the definitions; `excluded_reason` is set where an index
        has no value: too few quotes, or undefined in more than 5 % of the draws. `n` counts the
        found quotes, words or voices; for a mean position the quotes most probably of that
        category, for a lead share the quotes in the lead. With extraction errors, shares carry
        what they would be as found and at worst (`framing.balance.missed_moves`). `role_stance`
        sums to the quotes found and is not corrected for extraction.

    Raises:
        DataError: A quote or speaker has neither label nor prediction, a placement is missing,
            ids clash, or level or n_draws is out of range.
    """
    if not 0 < level < 1:
        raise DataError(f"level is {level}; it takes a number between 0 and 1, such as 0.9")
    if n_draws < 100:
        raise DataError(f"n_draws is {n_draws}; quantiles need at least 100 draws")
    coded = code_article(
        article_id=article_id,
        quotes=quotes,
        speakers=speakers,
        placements=placements,
        predictions=predictions,
        labels=labels,
        codebook=codebook,
    )
    stance, role = quote_variable(codebook), speaker_variable(codebook)
    naive_coding = most_probable_coding(coded)
    naive = {(name, w): value[0] for name, w, value in _values(naive_coding, stance, role)}
    draws: dict[tuple[str, str], Floats] = {}
    moves: Mapping[tuple[str, str], ShareMove] = {}
    if quotes and len(quotes) >= min_quotes:
        codings = draw_codings(
            coded,
            extraction_error=extraction_error,
            codebook=codebook,
            n_draws=n_draws,
            rng=rng,
        )
        draws = {(name, w): values for name, w, values in _values(codings, stance, role)}
        if extraction_error is not None:
            moves = share_moves(coded, codings, stance, role)
    values = []
    for name, definition in index_definitions(codebook).items():
        for weight in definition.weights:
            key = (name, weight)
            if draws:
                value, low, high, reason = _summary(draws[key], level, definition, weight)
            else:
                value = low = high = None
                reason = _too_few(len(quotes), min_quotes)
            move = None if value is None else moves.get(key)
            values.append(
                BalanceValue(
                    article_id=article_id,
                    index=name,
                    weight=weight,
                    value=value,
                    low=low,
                    high=high,
                    level=level,
                    naive=None if np.isnan(naive[key]) else float(naive[key]),
                    n=_count(name, weight, definition, coded, naive_coding, stance),
                    excluded_reason=reason,
                    as_found=None if move is None else move.as_found,
                    missed_none=None if move is None else move.missed_none,
                    missed_all=None if move is None else move.missed_all,
                )
            )
    return ArticleBalance(
        article_id=article_id,
        target=target,
        target_is_title=target_is_title,
        n_quotes=len(quotes),
        n_speakers=len(speakers),
        values=tuple(values),
        role_stance=_role_stance(coded, stance, role),
    )


def article_rng(*, seed: int, article_id: str) -> np.random.Generator:
    """Source of chance of one article, the same whatever other articles a run has."""
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


def _values(codings: Codings, stance: Variable, role: Variable | None) -> Values:
    """Each index by name and weight, for each coding: (R,), NaN where undefined."""
    for weight in WEIGHTS:
        weights = codings.weights(weight)
        amounts = _amounts(weights, codings.stance, len(stance.names))
        yield from _shares(amounts, stance, "share", weight)
        if stance.positive:
            of = {name: amounts[:, k] for k, name in enumerate(stance.names)}
            positive, negative = of[stance.positive], of[stance.negative]
            neutral = sum((of[name] for name in stance.neutral), np.zeros(len(amounts)))
            total = amounts.sum(axis=1)
            yield "tilt", weight, indices.tilt(positive, negative)
            yield "imbalance", weight, indices.imbalance(positive, negative, neutral, total)
        yield "evenness", weight, indices.evenness(amounts)
        yield "effective_number", weight, indices.effective_number(amounts)
        if role is not None:
            roles = _amounts(weights, codings.role, len(role.names))
            yield from _shares(roles, role, f"{role.name}_share", weight)
            named = _amounts(weights, codings.named.astype(np.int64), 2)
            yield "share_named", weight, indices.shares(named)[:, 1]
        if weight == "quote":
            yield "evenness_corrected", weight, indices.evenness_corrected(amounts)
            yield from _prominence(codings, weights, amounts, stance)
    if role is not None:
        yield from _joint(codings, stance, role)


def _shares(amounts: Floats, variable: Variable, prefix: str, weight: str) -> Values:
    shares = indices.shares(amounts)
    for k, name in enumerate(variable.names):
        yield f"{prefix}_{name}", weight, shares[:, k]
    for name, members in variable.aggregates:
        rows = [variable.names.index(member) for member in members]
        yield f"share_{name}", weight, np.minimum(shares[:, rows].sum(axis=1), 1.0)


def _prominence(codings: Codings, counts: Floats, amounts: Floats, stance: Variable) -> Values:
    k_categories = len(stance.names)
    summed = _amounts(counts * codings.position, codings.stance, k_categories)
    mean = np.where(amounts > 0, summed / np.maximum(amounts, 1), np.nan)
    lead = indices.shares(_amounts(counts * codings.in_lead, codings.stance, k_categories))
    for k, name in enumerate(stance.names):
        yield f"mean_position_{name}", "quote", mean[:, k]
        yield f"lead_share_{name}", "quote", lead[:, k]


def _joint(codings: Codings, stance: Variable, role: Variable) -> Values:
    """The cells of the role × stance table, as shares of quotes."""
    k = len(stance.names)
    cells = codings.role * k + codings.stance
    joint = indices.shares(_amounts(codings.weights("quote"), cells, len(role.names) * k))
    for i, row in enumerate(role.names):
        for j, column in enumerate(stance.names):
            yield f"joint_share_{row}_{column}", "quote", joint[:, i * k + j]


def _amounts(weights: Floats, category: NDArray[np.int64], n_categories: int) -> Floats:
    """Sum of the weights by category: (R, K)."""
    columns = [(weights * (category == k)).sum(axis=1) for k in range(n_categories)]
    return np.stack(columns, axis=1)


def _summary(
    draws: Floats, level: float, definition: IndexDefinition, weight: str
) -> tuple[float | None, float | None, float | None, str]:
    defined = draws[~np.isnan(draws)]
    undefined = 1 - len(defined) / len(draws)
    if undefined > MAX_UNDEFINED:
        what = definition.undefined + (" with words" if weight == "word" else "")
        return (
            None,
            None,
            None,
            (
                f"{what} in {undefined:.1%} of the {len(draws)} simulated codings, where the index "
                f"has no value; at most {MAX_UNDEFINED:.1%} are accepted"
            ),
        )
    # All draws equal: their mean would differ in the last digit.
    value = float(defined[0] if (defined == defined[0]).all() else defined.mean())
    tail = (1 - level) / 2
    low = float(np.quantile(defined, tail, method="lower"))
    high = float(np.quantile(defined, 1 - tail, method="higher"))
    return value, min(low, value), max(high, value), ""


def _too_few(n_quotes: int, min_quotes: int) -> str:
    quotes = "quote" if n_quotes == 1 else "quotes"
    return f"{n_quotes} {quotes} found; an interval needs at least {max(min_quotes, 1)}"


def _count(
    name: str,
    weight: str,
    definition: IndexDefinition,
    coded: CodedArticle,
    naive: Codings,
    stance: Variable,
) -> int:
    # A variable of speakers may be called "lead": its shares are of all quotes.
    if name == f"lead_share_{definition.category}" and definition.variable == stance.name:
        return int(coded.in_lead.sum())
    if name == f"mean_position_{definition.category}" and definition.variable == stance.name:
        return int((naive.stance == stance.names.index(definition.category)).sum())
    return {
        "quote": len(coded.voice),
        "word": int(coded.words.sum()),
        "speaker": len(coded.role),
    }[weight]


def _role_stance(
    coded: CodedArticle, stance: Variable, role: Variable | None
) -> tuple[tuple[str, str, float], ...]:
    if role is None:
        return ()
    table = coded.role[coded.voice].T @ coded.stance
    return tuple(
        (row, column, float(table[i, j]))
        for i, row in enumerate(role.names)
        for j, column in enumerate(stance.names)
    )
