"""Reported speech as one tag per word: how spans become tags, and scores of tags become spans.

A quote has a source, a cue and one or more parts of content, and no word of an article is in two
of them: 1 of 22,525 contents in PolNeAR's training part and none of those in this project's
training part lies within another. One tag per word therefore says all but who belongs to whom,
which is linked afterwards (`framing.quotes.linking`). Words are those that the measures count
(`framing.quotes.word_runs`).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LABELS",
    "TAGS",
    "allowed_transitions",
    "best_tags",
    "to_spans",
    "to_tags",
]

LABELS = ("source", "cue", "content")
TAGS = ("O", *(f"{position}-{label}" for label in LABELS for position in "BI"))

_FORBIDDEN = -1e4


def to_tags(n_words: int, runs: Iterable[tuple[int, int, int]]) -> list[int]:
    """One tag per word.

    Args:
        n_words: Of the text.
        runs: First word, one past the last, and the label's place in `LABELS`. Where two share
            a word the earlier one in the argument keeps it.
    """
    tags = [0] * n_words
    for first, stop, label in runs:
        begin, inside = _of(label)
        last = None  # word of this run that was free
        for word in range(first, stop):
            if not tags[word]:
                tags[word] = inside if last == word - 1 else begin
                last = word
    return tags


def to_spans(tags: Sequence[int]) -> list[tuple[int, int, int]]:
    """Runs of words (first, one past the last, label) that tags mark, in text order.

    An inside tag without a beginning begins a run: a text may be cut anywhere.
    """
    runs: list[tuple[int, int, int]] = []
    for word, tag in enumerate(tags):
        if not tag:
            continue
        label, inside = divmod(tag - 1, 2)
        if inside and runs and runs[-1][1] == word and runs[-1][2] == label:
            runs[-1] = (runs[-1][0], word + 1, label)
        else:
            runs.append((word, word + 1, label))
    return runs


def allowed_transitions() -> NDArray[np.float32]:
    """0 where the second tag may follow the first, a very low score where it may not.

    Returns:
        Array of shape [7, 7]. What is inside a span follows its beginning or its inside.
    """
    scores = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for label in range(len(LABELS)):
        begin, inside = _of(label)
        before = np.ones(len(TAGS), dtype=bool)
        before[[begin, inside]] = False
        scores[before, inside] = _FORBIDDEN
    return scores


def best_tags(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> list[int]:
    """The sequence of tags with the highest sum of scores (Viterbi 1967, 10.1109/TIT.1967.1054010).

    Args:
        scores: Of each tag for each word, shape [n, 7].
        transitions: Of each tag after each, shape [7, 7].

    Returns:
        One tag per word; none for no words. Of equal sequences, the one with the lower tag.
    """
    n = len(scores)
    if not n:
        return []
    inside = [_of(label)[1] for label in range(len(LABELS))]
    best = scores[0].astype(np.float64)  # float32 rounds the sums of a long text
    best[inside] += _FORBIDDEN
    back = np.zeros((n, len(TAGS)), dtype=np.int64)
    columns = np.arange(len(TAGS))
    for word in range(1, n):
        candidates = best[:, None] + transitions
        back[word] = candidates.argmax(axis=0)
        best = candidates[back[word], columns] + scores[word]
    tags = [int(best.argmax())]
    for word in range(n - 1, 0, -1):
        tags.append(int(back[word, tags[-1]]))
    return tags[::-1]


def _of(label: int) -> tuple[int, int]:
    return 1 + 2 * label, 2 + 2 * label
