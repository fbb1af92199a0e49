"""Totals of one article: what people coded against what was found and predicted end to end."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from framing.balance.coding import ADJUDICATED, latest_labels, unit_probabilities
from framing.codebook import Codebook, Variable
from framing.errors import DataError
from framing.records import Label, Prediction, Quote, Span

__all__ = ["ArticleTotals", "article_totals", "match_quotes"]

# Two quotes are one when they share at least half of the union of their characters.
MIN_OVERLAP = 0.5


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTotals:
    """Quotes of one article by category of one variable (K categories).

    Attributes:
        article_id: The article.
        group: What it is compared by: its outlet, lean, month.
        variable: Name of the codebook's variable.
        categories: Its categories, in the codebook's order.
        expected: Sum of the predicted probabilities over the quotes found, (K,).
        counted: Quotes found, by most probable category (ties: the first), (K,).
        gold: Quotes that the coders found, by adjudicated category, (K,); None where nobody coded
            the article.
        matches: Quotes by predicted category (rows, the last one: not found) and gold category
            (columns, the last one: not a quote), (K + 1, K + 1); None where nobody coded it.
        probability: With which the article was drawn for coding, in (0, 1]; only ratios within a
            group matter.
    """

    article_id: str
    group: str
    variable: str
    categories: tuple[str, ...]
    expected: tuple[float, ...]
    counted: tuple[int, ...]
    gold: tuple[int, ...] | None = None
    matches: tuple[tuple[int, ...], ...] | None = None
    probability: float = 1.0

    def __post_init__(self) -> None:
        who, k = f"totals of article {self.article_id!r}", len(self.categories)
        lengths = {len(self.expected), len(self.counted), len(self.gold or self.categories)}
        if k < 2 or lengths != {k}:
            raise DataError(
                f"{who}: {k} categories with {len(self.expected)} expected, {len(self.counted)} "
                "counted and as many gold totals; give one total for each of two or more"
            )
        if not 0 < self.probability <= 1:
            raise DataError(f"{who}: probability is {self.probability}; it takes (0, 1]")
        if (self.gold is None) != (self.matches is None):
            raise DataError(f"{who}: gold and matches go together; give both or neither")
        if self.gold is None or self.matches is None:
            return
        table = np.array(self.matches)
        if (
            table.shape != (k + 1, k + 1)
            or tuple(table.sum(axis=0)[:k].tolist()) != self.gold
            or tuple(table.sum(axis=1)[:k].tolist()) != self.counted
        ):
            raise DataError(
                f"{who}: matches do not sum to the gold totals {self.gold} by column and to the "
                f"counted ones {self.counted} by row"
            )


def article_totals(
    *,
    article_id: str,
    group: str,
    variable: str,
    quotes: Sequence[Quote],
    predictions: Iterable[Prediction],
    gold_quotes: Sequence[Quote] | None = None,
    labels: Iterable[Label] = (),
    probability: float = 1.0,
    codebook: Codebook,
) -> ArticleTotals:
    """Count an article's quotes as predicted and, where it was coded, as coded.

    A quote counts by its own category, or by its speaker's where the variable is asked of
    speakers (without a speaker: the default category). Labels never replace predictions here:
    a correction compares the two.

    Args:
        article_id: The article.
        group: What it is compared by.
        variable: Name of the codebook's variable.
        quotes: As an extractor found them, unseen by any coder.
        predictions: For each of these quotes, or its speaker.
        gold_quotes: Every quote that the coders found, an empty list where they found none; None
            where the article was not coded.
        labels: With one by "adjudicated" for each gold quote, or its speaker.
        probability: With which the article was drawn for coding.
        codebook: Defines the variable.

    Raises:
        DataError: A prediction has the basis "training", is missing, or is of another codebook; a
            gold quote has no adjudicated label; a quote belongs to another article.
    """
    asked, where = codebook.variable(variable), f"article {article_id!r}"
    for quote in (*quotes, *(gold_quotes or ())):
        if quote.article_id != article_id:
            raise DataError(f"{where}: {quote.id!r} belongs to article {quote.article_id!r}")
    units = {unit for quote in quotes if (unit := _unit(quote, asked)) is not None}
    mine = [p for p in predictions if p.variable == variable and p.unit_id in units]
    for prediction in mine:
        if prediction.basis == "training":
            raise DataError(
                f"{where}: the prediction of {variable} for {prediction.unit_id!r} is by a model "
                f"that was trained on this article ({prediction.model}); a corrected estimate "
                "takes predictions made out of fold or by a model that never saw the article"
            )
    ids = sorted(units)
    rows = unit_probabilities(ids, asked, mine, (), codebook, where)
    by_unit = dict(zip(ids, rows, strict=True))
    found = [_row(quote, asked, by_unit, where) for quote in quotes]
    expected = np.sum(found, axis=0) if found else np.zeros(len(asked.names))
    predicted = [int(np.argmax(row)) for row in found]
    gold, matches = None, None
    if gold_quotes is not None:
        coded = _gold_categories(gold_quotes, asked, labels, codebook, where)
        gold, matches = _tabulate(quotes, predicted, gold_quotes, coded, len(asked.names))
    return ArticleTotals(
        article_id=article_id,
        group=group,
        variable=variable,
        categories=asked.names,
        expected=tuple(expected.tolist()),
        counted=tuple(predicted.count(k) for k in range(len(asked.names))),
        gold=gold,
        matches=matches,
        probability=probability,
    )


class _HasContent(Protocol):
    @property
    def content(self) -> tuple[Span, ...]: ...


def match_quotes(
    found: Sequence[_HasContent], gold: Sequence[_HasContent]
) -> tuple[tuple[int, int], ...]:
    """Pairs (index of a found, index of a gold quote) that are one quote, one to one.

    Two quotes can be one when they share at least half of the union of their characters; the
    largest overlaps are paired first (ties: the first found, then the first gold quote).
    """
    pairs = []
    for i, one in enumerate(found):
        for j, other in enumerate(gold):
            shared = sum(
                max(0, min(a.end, b.end) - max(a.start, b.start))
                for a in one.content
                for b in other.content
            )
            union = _length(one) + _length(other) - shared
            if shared >= MIN_OVERLAP * union:
                pairs.append((-shared / union, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    matched = []
    for _, i, j in sorted(pairs):
        if i not in taken[0] and j not in taken[1]:
            matched.append((i, j))
            taken[0].add(i)
            taken[1].add(j)
    return tuple(sorted(matched))


def _length(quote: _HasContent) -> int:
    return sum(span.end - span.start for span in quote.content)


def _unit(quote: Quote, variable: Variable) -> str | None:
    return quote.id if variable.unit == "quote" else quote.speaker_id


def _row(
    quote: Quote, variable: Variable, by_unit: dict[str, np.ndarray], where: str
) -> np.ndarray:
    unit = _unit(quote, variable)
    if unit is not None:
        return by_unit[unit]
    row = np.zeros(len(variable.names))
    row[_default(variable, quote, where)] = 1.0
    return row


def _default(variable: Variable, quote: Quote, where: str) -> int:
    if not variable.default:
        raise DataError(
            f"{where}: quote {quote.id!r} has no speaker and the codebook's {variable.name} no "
            "default category; name one (default = ...) or give the quote a speaker"
        )
    return variable.names.index(variable.default)


def _gold_categories(
    quotes: Sequence[Quote],
    variable: Variable,
    labels: Iterable[Label],
    codebook: Codebook,
    where: str,
) -> list[int]:
    units = {unit for quote in quotes if (unit := _unit(quote, variable)) is not None}
    adjudicated = [label for label in labels if label.annotator == ADJUDICATED]
    given = latest_labels(adjudicated, variable, units, codebook, where)
    categories = []
    for quote in quotes:
        unit = _unit(quote, variable)
        if unit is not None and unit not in given:
            raise DataError(
                f"{where}: {variable.unit} {unit!r} was coded but has no {variable.name} by "
                f"{ADJUDICATED!r}; adjudicate every quote of a coded article"
            )
        categories.append(
            _default(variable, quote, where) if unit is None else variable.names.index(given[unit])
        )
    return categories


def _tabulate(
    found: Sequence[Quote],
    predicted: Sequence[int],
    gold: Sequence[Quote],
    coded: Sequence[int],
    k: int,
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    table = np.zeros((k + 1, k + 1), dtype=np.int64)
    pairs = match_quotes(found, gold)
    for i, j in pairs:
        table[predicted[i], coded[j]] += 1
    matched_found, matched_gold = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, category in enumerate(predicted):
        table[category, k] += i not in matched_found
    for j, category in enumerate(coded):
        table[k, category] += j not in matched_gold
    totals = tuple(coded.count(category) for category in range(k))
    return totals, tuple(tuple(row) for row in table.tolist())
