"""Batches of a fixed shape, so that what a model says of a text depends on that text alone.

In bfloat16 the order of the sums inside a matrix product moves the result, and it depends on the
shape of the batch and on how many threads share the product. Texts are therefore padded to one of
a few lengths, every batch to the same number of rows, and each batch is computed by one thread:
several batches at once keep the processor busier than several threads on one.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

__all__ = ["BATCH", "batches_by_length", "map_batches", "pad_batch"]

T = TypeVar("T")
R = TypeVar("R")

BATCH = 4
_STEP = 16


def batches_by_length(lengths: Sequence[int], *, longest: int) -> list[tuple[list[int], int]]:
    """Batches of indices of texts, with the length that all of a batch are padded to.

    Args:
        lengths: Tokens of each text; texts of 0 tokens are in no batch. A text is padded to the
            next multiple of 16.
        longest: Tokens that the encoder takes; no batch is padded to more.

    Returns:
        The longest first, which shares them out best among threads.
    """
    buckets: dict[int, list[int]] = {}
    for i, n in enumerate(lengths):
        if n:
            buckets.setdefault(min(-(-n // _STEP) * _STEP, longest), []).append(i)
    return [
        (rows[start : start + BATCH], length)
        for length, rows in sorted(buckets.items(), reverse=True)
        for start in range(0, len(rows), BATCH)
    ]


def pad_batch(
    texts: Sequence[Sequence[int]], length: int, *, pad: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask, both of shape [BATCH, length].

    Rows without a text look at one token, or attention would divide by zero.
    """
    ids = torch.full((BATCH, length), pad, dtype=torch.long)
    mask = torch.zeros((BATCH, length), dtype=torch.long)
    mask[:, 0] = 1
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return ids, mask


def map_batches(function: Callable[[T], R], batches: Iterable[T]) -> list[R]:
    """What a function makes of each batch, in their order.

    As many batches at once as torch has threads, each on a thread of its own; in them, gradients
    are off.
    """

    def without_gradients(batch: T) -> R:
        with torch.inference_mode():
            return function(batch)

    n_threads = torch.get_num_threads()
    if n_threads == 1:
        return [without_gradients(batch) for batch in batches]
    try:
        # torch counts threads for each thread of Python, and gives new ones what was set last.
        with ThreadPoolExecutor(
            n_threads, initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            return list(pool.map(without_gradients, batches))
    finally:
        torch.set_num_threads(n_threads)
