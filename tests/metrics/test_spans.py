"""Scores of spans, against counts made by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import DataError
from framing.metrics.spans import (
    AttributionSpans,
    Counts,
    bootstrap_counts,
    count_linked_attributions,
    count_linked_tokens,
    count_spans,
    pair_best_first,
    sum_counts,
    to_attribution_spans,
)
from framing.records import Quote, Span

# tokens   0   1    2    3    4  5   6   7  8    9   10 11
TEXT = "Ada said that rain , she added , would come soon ."
#       0   4    9    14   19 21  25    31 33    39   44   49


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


GOLD = AttributionSpans(
    source=(span("Ada"),), cue=(span("said"),), content=(span("that rain"), span("would come soon"))
)


def counts(predicted: int, correct: int, gold: int, recalled: int | None = None) -> Counts:
    return Counts(
        predicted=predicted,
        correct=correct,
        gold=gold,
        recalled=correct if recalled is None else recalled,
    )


def test_fragments_and_whole_contents_are_counted_apart() -> None:
    predicted = AttributionSpans(
        source=(span("Ada"),),
        cue=(span("said that"),),  # one word too many
        content=(span("rain"), span("would come soon")),  # one word missing in the first piece
    )
    assert count_spans(TEXT, [GOLD], [predicted]) == {
        "source": counts(1, 1, 1),
        "cue": counts(1, 0, 1),
        "content_fragments": counts(2, 1, 2),  # "would come soon" of two and two
        "content_whole": counts(1, 0, 1),
    }


def test_blanks_make_no_difference_and_touching_pieces_are_one() -> None:
    blanks = AttributionSpans(
        source=(Span(0, 4),), cue=(Span(3, 8),), content=(Span(8, 13), Span(14, 19), Span(32, 49))
    )
    assert count_spans(TEXT, [GOLD], [blanks]) == {
        "source": counts(1, 1, 1),
        "cue": counts(1, 1, 1),
        "content_fragments": counts(2, 2, 2),
        "content_whole": counts(1, 1, 1),
    }


def test_a_source_that_two_attributions_share_counts_once() -> None:
    other = AttributionSpans(source=GOLD.source, cue=(span("added"),), content=(span("soon"),))
    scores = count_spans(TEXT, [GOLD, other], [GOLD])
    assert scores["source"] == counts(1, 1, 1)
    assert scores["cue"] == counts(1, 1, 2)


def test_a_mark_is_a_token() -> None:
    stop = AttributionSpans(content=(span("soon"),))
    more = AttributionSpans(content=(span("soon ."),))
    assert count_spans(TEXT, [stop], [more])["content_whole"] == counts(1, 0, 1)


def test_without_a_source_there_is_no_source_to_count() -> None:
    nobody = AttributionSpans(cue=GOLD.cue, content=GOLD.content)
    assert count_spans(TEXT, [GOLD], [nobody])["source"] == counts(0, 0, 1)
    assert count_linked_attributions(TEXT, [nobody], [nobody]) == counts(1, 1, 1)
    assert count_linked_attributions(TEXT, [GOLD], [nobody]) == counts(1, 0, 1)


@pytest.mark.parametrize(
    ("cue", "content", "correct"),
    [
        ("said that", "same", 1),  # overlapping cues are enough
        ("added", "same", 0),  # these do not overlap
        ("said", "other", 0),  # the content is not identical
    ],
)
def test_linked_attributions(cue: str, content: str, correct: int) -> None:
    predicted = AttributionSpans(
        source=GOLD.source,
        cue=(span(cue),),
        content=GOLD.content if content == "same" else (span("rain"),),
    )
    assert count_linked_attributions(TEXT, [GOLD], [predicted]) == counts(1, correct, 1)


def test_an_attribution_is_linked_once() -> None:
    assert count_linked_attributions(TEXT, [GOLD], [GOLD, GOLD]) == counts(2, 1, 1)
    assert count_linked_attributions(TEXT, [GOLD, GOLD], [GOLD]) == counts(1, 1, 2)


def test_without_a_cue_nothing_is_linked() -> None:
    bare = AttributionSpans(source=GOLD.source, content=GOLD.content)
    assert count_linked_attributions(TEXT, [GOLD], [bare]) == counts(1, 0, 1)


def test_content_tokens_are_counted_in_linked_pairs_only() -> None:
    # linked: gold has that, rain, would, come, soon (5), predicted rain, ",", she (3): rain shared
    linked = AttributionSpans(cue=(span("said"),), content=(span("rain , she"),))
    loose = AttributionSpans(cue=(span("would"),), content=(span("soon"),))
    links, tokens = count_linked_tokens(TEXT, [GOLD], [loose, linked])
    assert links == counts(2, 1, 1)
    assert tokens == counts(3, 1, 5)
    assert tokens.f1 == pytest.approx(2 * 1 / (3 + 5))


def test_links_prefer_shared_cue_words_then_shared_content() -> None:
    one = AttributionSpans(cue=(span("said"),), content=(span("soon"),))
    other = AttributionSpans(cue=(span("said"),), content=(span("that rain"),))
    # Both cues overlap by one word; `other` shares 2 words of content, `one` shares 1.
    links, tokens = count_linked_tokens(TEXT, [GOLD], [one, other])
    assert links == counts(2, 1, 1)
    assert tokens == counts(2, 2, 5)


def test_pairs_best_first() -> None:
    # (0, 1) is best and takes both; 1 is left with column 0 although row 1 liked column 1 better.
    assert pair_best_first({(0, 0): 0.6, (0, 1): 0.9, (1, 1): 0.8, (1, 0): 0.5}) == ((0, 1), (1, 0))
    assert pair_best_first({(0, 0): 0.5, (0, 1): 0.5}) == ((0, 1),)  # of equals the later
    assert pair_best_first({}) == ()


def test_precision_recall_f1() -> None:
    some = counts(4, 3, 6, 2)
    assert some.precision == 3 / 4
    assert some.recall == 2 / 6
    assert some.f1 == pytest.approx(2 * (3 / 4) * (2 / 6) / (3 / 4 + 2 / 6))


def test_undefined_is_not_zero() -> None:
    assert math.isnan(counts(0, 0, 3).precision)
    assert counts(0, 0, 3).f1 == 0
    assert math.isnan(counts(3, 0, 0).recall)
    assert math.isnan(counts(0, 0, 0).f1)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(DataError, match="3 correct of 2 predicted, 1 recalled of 4 gold"):
        counts(2, 3, 4, 1)


def test_sums() -> None:
    assert sum_counts([counts(1, 1, 2), counts(3, 2, 4)]) == counts(4, 3, 6)
    assert sum_counts([]) == Counts()


def test_interval_covers_the_pooled_value_and_follows_the_seed() -> None:
    rows = [counts(10, n, 10) for n in (2, 5, 8, 9)]
    first, again = (
        bootstrap_counts(lambda c: c.f1, rows, n_resamples=200, rng=np.random.default_rng(5))
        for _ in range(2)
    )
    assert first == again
    assert first.value == pytest.approx(24 / 40)  # pooled: 2 · 24 / (40 + 40)
    assert 0.2 <= first.low < first.value < first.high <= 0.9
    same = [counts(10, 5, 10)] * 3
    assert bootstrap_counts(lambda c: c.f1, same, rng=np.random.default_rng(0))[:3] == (
        0.5,
        0.5,
        0.5,
    )


def test_an_interval_takes_two_articles() -> None:
    with pytest.raises(DataError, match="1 article; an interval takes two or more"):
        bootstrap_counts(lambda c: c.f1, [counts(1, 1, 1)], rng=np.random.default_rng(0))


def test_spans_of_a_quote() -> None:
    quote = Quote(
        id="q", article_id="a", kind="indirect", content=(Span(5, 9),), cue=None, source=Span(0, 3)
    )
    assert to_attribution_spans(quote) == AttributionSpans(
        source=(Span(0, 3),), content=(Span(5, 9),)
    )


def spans_in(text: str) -> st.SearchStrategy[tuple[Span, ...]]:
    one = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 8)).map(
        lambda pair: Span(pair[0], min(pair[0] + pair[1], len(text)))
    )
    return st.lists(one, max_size=3).map(tuple)


ATTRIBUTIONS = st.lists(
    st.builds(AttributionSpans, source=spans_in(TEXT), cue=spans_in(TEXT), content=spans_in(TEXT)),
    max_size=4,
)


@given(ATTRIBUTIONS)
def test_a_perfect_prediction_scores_one(gold: list[AttributionSpans]) -> None:
    for score in count_spans(TEXT, gold, gold).values():
        assert math.isnan(score.f1) if score.gold == 0 else score.f1 == 1
    links, tokens = count_linked_tokens(TEXT, gold, gold)
    visible = [each for each in gold if any(s.of(TEXT).strip() for s in each.cue)]
    assert links.correct == len(visible)
    assert count_linked_attributions(TEXT, gold, gold).correct == len(visible)
    if len(visible) == 1 and tokens.gold:
        assert tokens.f1 == 1


@given(ATTRIBUTIONS, ATTRIBUTIONS)
def test_swapping_the_sides_swaps_precision_and_recall(
    one: list[AttributionSpans], other: list[AttributionSpans]
) -> None:
    forth, back = count_spans(TEXT, one, other), count_spans(TEXT, other, one)
    for label, score in forth.items():
        swapped = back[label]
        assert (score.predicted, score.correct) == (swapped.gold, swapped.recalled)
        assert score.f1 == swapped.f1 or (math.isnan(score.f1) and math.isnan(swapped.f1))
