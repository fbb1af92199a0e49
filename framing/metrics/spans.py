"""Scores of extracted spans against annotated ones: exact spans, and attributions as a whole.

Spans are compared as runs of tokens (`framing.quotes.word_runs`), so that blanks at their ends, or
a gap of nothing but blanks, make no difference.
"""

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import numpy as np

from framing.errors import DataError
from framing.metrics.classification import Interval, bootstrap_articles
from framing.quotes.word_runs import Runs, TextWords
from framing.records import Quote, Span

__all__ = [
    "AttributionSpans",
    "Counts",
    "bootstrap_counts",
    "count_linked_attributions",
    "count_linked_tokens",
    "count_spans",
    "pair_best_first",
    "sum_counts",
    "to_attribution_spans",
]

LABELS = ("source", "cue", "content_fragments", "content_whole")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AttributionSpans:
    """Who is reported (source), by which words (cue), to say what (content).

    Each is zero or more spans of one text, in any order; zero where it is not expressed.
    """

    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What precision, recall and F1 are made of.

    Attributes:
        predicted: Number of predicted units.
        correct: Those of them that match a gold unit.
        gold: Number of gold units.
        recalled: Those of them that are matched; differs from `correct` where units are sorted
            into kinds and the two sides disagree on the kind.
    """

    predicted: int = 0
    correct: int = 0
    gold: int = 0
    recalled: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.correct <= self.predicted or not 0 <= self.recalled <= self.gold:
            raise DataError(
                f"counts: {self.correct} correct of {self.predicted} predicted, {self.recalled} "
                f"recalled of {self.gold} gold; a part takes 0 to its whole"
            )

    @property
    def precision(self) -> float:
        """Share of the predicted units that match, in [0, 1]; nan when none is predicted."""
        return self.correct / self.predicted if self.predicted else float("nan")

    @property
    def recall(self) -> float:
        """Share of the gold units that are matched, in [0, 1]; nan when there is none."""
        return self.recalled / self.gold if self.gold else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean 2 P R / (P + R), in [0, 1].

        0 when nothing matches or one of the sides is empty; nan only when both are.
        """
        if not self.predicted and not self.gold:
            return float("nan")
        if not self.correct or not self.recalled:
            return 0.0
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def count_spans(
    text: str, gold: Sequence[AttributionSpans], predicted: Sequence[AttributionSpans]
) -> dict[str, Counts]:
    """Count the predicted spans of one article that are identical to a gold one.

    Micro-averaged scores come from the sum over articles (`sum_counts`). A span that two
    attributions share counts once, as in a sequence of tags.

    Returns:
        Counts for each of `source`, `cue`, `content_fragments` (each contiguous run of content
        is a span: the published counting) and `content_whole` (a content is right when all its
        runs are).
    """
    find = TextWords(text)
    counts = {}
    for label in LABELS:
        one, other = (_units(find, label, side) for side in (gold, predicted))
        n_correct = len(one & other)
        counts[label] = Counts(
            predicted=len(other), correct=n_correct, gold=len(one), recalled=n_correct
        )
    return counts


def count_linked_attributions(
    text: str, gold: Sequence[AttributionSpans], predicted: Sequence[AttributionSpans]
) -> Counts:
    """Count attributions whose cues overlap and whose source and content are identical.

    One to one. Two attributions without a source agree on it; one without a cue overlaps none.
    """
    find = TextWords(text)
    overlap = {
        (i, j): shared
        for i, one in enumerate(gold)
        for j, other in enumerate(predicted)
        if (shared := len(find.places(one.cue) & find.places(other.cue)))
        and find.runs(one.source) == find.runs(other.source)
        and find.runs(one.content) == find.runs(other.content)
    }
    n = len(pair_best_first(overlap))
    return Counts(predicted=len(predicted), correct=n, gold=len(gold), recalled=n)


def count_linked_tokens(
    text: str, gold: Sequence[AttributionSpans], predicted: Sequence[AttributionSpans]
) -> tuple[Counts, Counts]:
    """Count attributions whose cues overlap, and the content tokens that these share.

    Links are one to one: most shared cue tokens first, then most shared content tokens.

    Returns:
        The links; the content tokens of the linked attributions only (what is not linked is in
        the first, not in the second).
    """
    find = TextWords(text)
    overlap = {
        (i, j): (shared, len(find.places(one.content) & find.places(other.content)))
        for i, one in enumerate(gold)
        for j, other in enumerate(predicted)
        if (shared := len(find.places(one.cue) & find.places(other.cue)))
    }
    pairs = pair_best_first(overlap)
    links = Counts(
        predicted=len(predicted), correct=len(pairs), gold=len(gold), recalled=len(pairs)
    )
    contents = [(find.places(gold[i].content), find.places(predicted[j].content)) for i, j in pairs]
    n_shared = sum(len(one & other) for one, other in contents)
    return links, Counts(
        predicted=sum(len(other) for _, other in contents),
        correct=n_shared,
        gold=sum(len(one) for one, _ in contents),
        recalled=n_shared,
    )


def pair_best_first(
    similarity: Mapping[tuple[int, int], float | tuple[float, ...]],
) -> tuple[tuple[int, int], ...]:
    """Pair two lists one to one, the most similar pair first, greedily.

    Args:
        similarity: Of pairs (index in the one list, index in the other); pairs that are not in
            it never match. Of equal pairs the one with the higher indices goes first.

    Returns:
        The pairs, in the order of the first list.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, (i, j) in sorted(((s, pair) for pair, s in similarity.items()), reverse=True):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return tuple(sorted(pairs.items()))


def to_attribution_spans(quote: Quote) -> AttributionSpans:
    """The spans of a quote, without its kind and speaker."""
    return AttributionSpans(
        source=(quote.source,) if quote.source else (),
        cue=(quote.cue,) if quote.cue else (),
        content=quote.content,
    )


def sum_counts(counts: Iterable[Counts]) -> Counts:
    """The counts of all articles together; of none, zeros."""
    rows = [dataclasses.astuple(row) for row in counts]
    totals = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(_FIELDS)
    return Counts(**dict(zip(_FIELDS, totals, strict=True)))


def bootstrap_counts(
    measure: Callable[[Counts], float],
    by_article: Sequence[Counts],
    *,
    level: float = 0.95,
    n_resamples: int = 1000,
    rng: np.random.Generator,
) -> Interval:
    """Percentile interval of a measure of summed counts, from articles drawn with replacement.

    Args:
        measure: From counts to a number, such as `lambda counts: counts.f1`.
        by_article: Counts of each article, those without any unit included.
        level: Of the interval, in (0, 1).
        n_resamples: Number of draws.
        rng: Source of chance.

    Raises:
        DataError: There are fewer than two articles, or `level` is outside (0, 1).
    """
    table = np.array([dataclasses.astuple(counts) for counts in by_article], dtype=np.int64)
    articles: Sequence[Hashable] = range(len(by_article))
    return bootstrap_articles(
        lambda drawn: measure(
            Counts(**dict(zip(_FIELDS, table[drawn].sum(axis=0).tolist(), strict=True)))
        ),
        articles,
        level=level,
        n_resamples=n_resamples,
        rng=rng,
    )


_FIELDS = tuple(field.name for field in dataclasses.fields(Counts))


def _units(find: TextWords, label: str, attributions: Sequence[AttributionSpans]) -> set[Runs]:
    if label == "content_fragments":
        return {(run,) for each in attributions for run in find.runs(each.content)}
    field = "content" if label == "content_whole" else label
    return {runs for each in attributions if (runs := find.runs(getattr(each, field)))}
