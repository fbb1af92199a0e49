"""Links read off scores: every part of content has one head, every head one source or none."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from framing.quotes.linking import REACH, LinkedSpans, link_spans

SOURCE, CUE, CONTENT = range(3)
Spans = list[tuple[int, int, int]]


def side_by_side(*labels: int) -> Spans:
    """Spans of one word each."""
    return [(word, word + 1, label) for word, label in enumerate(labels)]


def scores(n: int, *links: tuple[int, int]) -> NDArray[np.float32]:
    """1 for the pairs, 0 for the others, [n, n]."""
    table = np.zeros((n, n), dtype=np.float32)
    for row, column in links:
        table[row, column] = 1
    return table


def with_none(table: NDArray[np.float32], none: float) -> NDArray[np.float32]:
    return np.hstack([table, np.full((len(table), 1), none, dtype=np.float32)])


def test_parts_go_to_their_cue_and_cues_to_their_source_on_either_side() -> None:
    # "Rain is near," [0] Ada [1] said [2], "and wind." [3] Bo [4] doubted [5] that [6].
    spans = side_by_side(CONTENT, SOURCE, CUE, CONTENT, SOURCE, CUE, CONTENT)
    assert link_spans(
        spans, scores(7, (0, 2), (3, 2), (6, 5)), with_none(scores(7, (2, 1), (5, 4)), 0.5)
    ) == [
        LinkedSpans(source=1, cue=2, content=(0, 3)),
        LinkedSpans(source=4, cue=5, content=(6,)),
    ]
    # The same spans, linked otherwise.
    assert link_spans(
        spans, scores(7, (0, 2), (3, 5), (6, 5)), with_none(scores(7, (2, 4), (5, 4)), 0.5)
    ) == [
        LinkedSpans(source=4, cue=2, content=(0,)),
        LinkedSpans(source=4, cue=5, content=(3, 6)),
    ]


def test_a_quote_without_a_cue_is_headed_by_its_first_part() -> None:
    spans = side_by_side(SOURCE, CONTENT, CONTENT)
    heads = scores(3, (1, 1), (2, 1))
    assert link_spans(spans, heads, with_none(scores(3, (1, 0)), 0.5)) == [
        LinkedSpans(source=0, cue=None, content=(1, 2))
    ]
    # Nobody's, where no source is better than none.
    assert link_spans(spans, heads, with_none(scores(3), 0.5)) == [
        LinkedSpans(source=None, cue=None, content=(1, 2))
    ]


def test_a_part_of_a_part_goes_to_the_head_of_that() -> None:
    # 3 belongs with 2, which belongs to the cue 1.
    spans = side_by_side(SOURCE, CUE, CONTENT, CONTENT)
    linked = link_spans(spans, scores(4, (2, 1), (3, 2)), with_none(scores(4, (1, 0)), 0))
    assert linked == [LinkedSpans(source=0, cue=1, content=(2, 3))]


def test_no_part_is_headed_by_a_later_part_and_no_head_spoken_by_a_cue() -> None:
    heads = scores(3, (0, 1), (1, 1))
    heads[2] = 9  # rows of cues are not read
    sources = with_none(scores(3, (0, 2), (1, 0)), -1)
    assert link_spans(side_by_side(CONTENT, CONTENT, CUE), heads, sources) == [
        LinkedSpans(source=None, cue=None, content=(0,)),
        LinkedSpans(source=None, cue=None, content=(1,)),
        LinkedSpans(source=None, cue=2, content=()),
    ]


def test_no_part_belongs_to_a_cue_or_part_beyond_another_cue() -> None:
    spans = side_by_side(CONTENT, CUE, CUE, CONTENT)
    none = with_none(scores(4), 0)
    # 0 scores highest with cue 2 and 3 with cue 1; 3 with part 0.
    assert link_spans(spans, 2 * scores(4, (0, 2), (3, 1)) + scores(4, (0, 1), (3, 2)), none) == [
        LinkedSpans(source=None, cue=1, content=(0,)),
        LinkedSpans(source=None, cue=2, content=(3,)),
    ]
    assert link_spans(spans, 2 * scores(4, (0, 0), (3, 0)) + scores(4, (3, 3)), none) == [
        LinkedSpans(source=None, cue=None, content=(0,)),
        LinkedSpans(source=None, cue=1, content=()),
        LinkedSpans(source=None, cue=2, content=()),
        LinkedSpans(source=None, cue=None, content=(3,)),
    ]


def test_a_part_alone_in_the_distance_is_a_quote_of_its_own() -> None:
    def linked(*spans: tuple[int, int, int]) -> list[tuple[int | None, tuple[int, ...]]]:
        n = len(spans)
        said_by_cue = scores(n, *((i, 0) for i in range(1, n)))
        found = link_spans(spans, said_by_cue, with_none(scores(n), 0))
        return [(each.cue, each.content) for each in found]

    near, far = 5 + REACH, 6 + REACH  # words up to the cue's end at 5, and one more
    assert linked((4, 5, CUE), (near, 90, CONTENT)) == [(0, (1,))]
    assert linked((4, 5, CUE), (far, 90, CONTENT)) == [(0, ()), (None, (1,))]
    # It is near enough to what is near enough.
    assert linked((4, 5, CUE), (7, far, CONTENT), (far + REACH, 90, CONTENT)) == [(0, (1, 2))]
    assert linked((4, 5, CUE), (7, far, CONTENT), (far + REACH + 1, 90, CONTENT)) == [
        (0, (1,)), (None, (2,)),
    ]  # fmt: skip
    # Its source is of the quote too.
    spans = [(4, 5, CUE), (far, 40, SOURCE), (41, 42, CONTENT)]
    heads, sources = scores(3, (2, 0)), scores(3, (0, 1))
    assert link_spans(spans, heads, with_none(sources, 0)) == [
        LinkedSpans(source=1, cue=0, content=(2,))
    ]


def test_of_equal_scores_the_earlier_span_wins() -> None:
    spans = side_by_side(SOURCE, SOURCE, CUE, CONTENT, CUE)
    assert link_spans(spans, scores(5), with_none(scores(5), 0)) == [
        LinkedSpans(source=0, cue=2, content=(3,)),
        LinkedSpans(source=0, cue=4, content=()),
    ]


def test_no_spans_are_no_attributions() -> None:
    assert link_spans([], scores(0), with_none(scores(0), 0)) == []


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Spans, NDArray[np.float32], NDArray[np.float32]]:
    """Spans with small and large gaps, and scores of their links."""
    word, spans = 0, []
    for _ in range(draw(st.integers(0, 9))):
        first = word + draw(st.sampled_from([0, 1, 5, REACH, REACH + 1]))
        word = first + draw(st.integers(1, 3))
        spans.append((first, word, draw(st.integers(0, 2))))
    n = len(spans)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return (
        spans,
        rng.normal(size=(n, n)).astype(np.float32),
        rng.normal(size=(n, n + 1)).astype(np.float32),
    )


@given(drawn())
def test_every_part_has_one_head_and_every_head_the_best_source(
    given_scores: tuple[Spans, NDArray[np.float32], NDArray[np.float32]],
) -> None:
    spans, heads, sources = given_scores
    n = len(spans)
    labels = [label for _, _, label in spans]
    linked = link_spans(spans, heads, sources)
    parts = sorted(part for each in linked for part in each.content)
    assert parts == [i for i in range(n) if labels[i] == CONTENT]  # each once
    assert [e.cue for e in linked if e.cue is not None] == [i for i in range(n) if labels[i] == CUE]
    places = [each.content[0] if each.cue is None else each.cue for each in linked]
    assert places == sorted(places)

    def gap(one: int, other: int) -> int:
        left, right = sorted((one, other))
        return spans[right][0] - spans[left][1]

    for head, each in zip(places, linked, strict=True):
        assert list(each.content) == sorted(each.content)
        candidates = [*(j for j in range(n) if labels[j] == SOURCE), n]
        best = max(candidates, key=lambda j: sources[head, j])
        assert each.source == (None if best == n else best)
        pieces = {head, *each.content} | ({best} - {n})
        for part in set(each.content) - {head}:
            assert CUE not in labels[min(head, part) + 1 : max(head, part)]
            assert min(gap(part, other) for other in pieces - {part}) <= REACH


@given(drawn())
def test_a_part_chooses_the_best_scored_of_the_heads_open_to_it(
    given_scores: tuple[Spans, NDArray[np.float32], NDArray[np.float32]],
) -> None:
    spans, heads, sources = given_scores
    labels = [label for _, _, label in spans]
    near = side_by_side(*labels)  # so that no part is alone in the distance
    head_of = {
        part: each.content[0] if each.cue is None else each.cue
        for each in link_spans(near, heads, sources)
        for part in each.content
    }
    for part, head in head_of.items():
        open_to_it = [
            j
            for j in range(len(spans))
            if j == part
            or (
                (labels[j] == CUE or (labels[j] == CONTENT and j < part))
                and CUE not in labels[min(j, part) + 1 : max(j, part)]
            )
        ]
        best = max(open_to_it, key=lambda j: heads[part, j])
        assert head == (head_of[best] if labels[best] == CONTENT and best != part else best)
