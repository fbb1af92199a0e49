"""Batches of a fixed shape, so that what a model says of a text depends on that text alone.

In bfloat16 the order of the sums inside a matrix product moves the result, and it depends on the
shape of the batch. Texts are therefore padded to one of a few lengths, and every batch to the same
number of rows.
"""

from collections.abc import Iterator, Sequence

import torch

__all__ = ["BATCH", "BUCKETS", "batches_by_length", "pad_batch"]

BATCH = 8
BUCKETS = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)


def batches_by_length(lengths: Sequence[int], *, longest: int) -> Iterator[tuple[list[int], int]]:
    """Batches of indices of texts, with the length that all of a batch are padded to.

    Args:
        lengths: Tokens of each text; texts of 0 tokens are in no batch. Above the largest bucket,
            a text is in a bucket of the next multiple of it.
        longest: Tokens that the encoder takes; no batch is padded to more.
    """
    buckets = [*BUCKETS]
    while lengths and buckets[-1] < max(lengths):
        buckets.append(buckets[-1] + BUCKETS[-1])
    shorter = 0
    for length in buckets:
        rows = [i for i, n in enumerate(lengths) if shorter < n <= length]
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH], min(length, longest)
        shorter = length


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
