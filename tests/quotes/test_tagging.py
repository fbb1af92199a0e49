"""Tags and spans: each is the other; the best sequence is the best of all sequences."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.quotes.tagging import (
    LABELS,
    TAGS,
    allowed_transitions,
    best_tags,
    to_spans,
    to_tags,
)

O, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(len(TAGS))  # noqa: E741
SOURCE, CUE, CONTENT = range(len(LABELS))


@st.composite
def separate_runs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, int]]]:
    """The number of words of a text, and runs of them in order that share none."""
    word, runs = 0, []
    for _ in range(draw(st.integers(0, 8))):
        first = word + draw(st.integers(0, 2))
        word = first + draw(st.integers(1, 4))
        runs.append((first, word, draw(st.integers(0, len(LABELS) - 1))))
    return word + draw(st.integers(0, 2)), runs


def test_the_tags_are_those_of_each_label_in_order() -> None:
    assert TAGS == ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")


@given(separate_runs())
def test_runs_come_back_from_their_tags(given_runs: tuple[int, list[tuple[int, int, int]]]) -> None:
    n_words, runs = given_runs
    tags = to_tags(n_words, runs)
    assert len(tags) == n_words
    assert to_spans(tags) == runs


@given(st.lists(st.integers(0, len(TAGS) - 1), max_size=12))
def test_any_tags_give_runs_that_cover_just_the_tagged_words(tags: list[int]) -> None:
    runs = to_spans(tags)
    covered = [(word, label) for first, stop, label in runs for word in range(first, stop)]
    assert covered == [(word, (tag - 1) // 2) for word, tag in enumerate(tags) if tag]
    # A run begins at each beginning, and where there is nothing of its label to go on from.
    assert {first for first, _, _ in runs} == {
        word
        for word, tag in enumerate(tags)
        if tag and (tag % 2 or word == 0 or (tags[word - 1] - 1) // 2 != (tag - 1) // 2)
    }


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        # The later one keeps what is left of it, as a run of its own.
        ([(0, 3, CONTENT), (2, 5, CONTENT)], [(0, 3, CONTENT), (3, 5, CONTENT)]),
        ([(0, 3, SOURCE), (2, 5, CONTENT)], [(0, 3, SOURCE), (3, 5, CONTENT)]),
        # One that stands in the middle cuts it in two.
        (
            [(2, 3, CONTENT), (0, 5, CONTENT)],
            [(0, 2, CONTENT), (2, 3, CONTENT), (3, 5, CONTENT)],
        ),
        # One within another is lost.
        ([(0, 5, CONTENT), (1, 3, SOURCE)], [(0, 5, CONTENT)]),
    ],
)
def test_a_word_of_two_runs_stays_with_the_earlier(
    runs: list[tuple[int, int, int]], expected: list[tuple[int, int, int]]
) -> None:
    assert to_spans(to_tags(5, runs)) == expected


def test_only_an_inside_has_something_that_it_must_follow() -> None:
    forbidden = {
        (TAGS[one], TAGS[other]) for one, other in np.argwhere(allowed_transitions() < 0).tolist()
    }
    assert forbidden == {
        (before, f"I-{label}")
        for label in LABELS
        for before in TAGS
        if before not in {f"B-{label}", f"I-{label}"}
    }
    assert set(np.unique(allowed_transitions())) == {np.float32(0), np.float32(-1e4)}


@given(n=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_the_best_tags_are_the_best_of_all_sequences(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(scale=3, size=(n, len(TAGS))).astype(np.float32)
    transitions = allowed_transitions() + rng.normal(size=(len(TAGS), len(TAGS))).astype(np.float32)

    def total(tags: tuple[int, ...]) -> float:
        steps = sum(transitions[pair] for pair in itertools.pairwise(tags))
        return float(sum(scores[range(n), tags], start=np.float64(0)) + steps)

    legal = [
        tags
        for tags in itertools.product(range(len(TAGS)), repeat=n)
        if TAGS[tags[0]][0] != "I"
        and all(transitions[pair] > -5000 for pair in itertools.pairwise(tags))
    ]
    assert tuple(best_tags(scores, transitions)) == max(legal, key=total)


def test_no_words_have_no_tags() -> None:
    assert best_tags(np.zeros((0, len(TAGS)), dtype=np.float32), allowed_transitions()) == []


def test_a_long_text_before_a_word_does_not_blur_its_tag() -> None:
    # 20,000 words of score 100 come to 2 million, where a step of float32 is 1/8.
    scores = np.zeros((20_000, len(TAGS)), dtype=np.float32)
    scores[:, O] = 100
    scores[-1, B_CUE] = 100.01
    tags = best_tags(scores, allowed_transitions())
    assert tags[-1] == B_CUE
    assert set(tags[:-1]) == {O}


def test_of_equal_sequences_the_lower_tag_wins() -> None:
    scores = np.zeros((3, len(TAGS)), dtype=np.float32)
    assert best_tags(scores, allowed_transitions()) == [O, O, O]
