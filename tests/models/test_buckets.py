"""Batches of a fixed shape."""

import pytest
import torch

from framing.models.buckets import BATCH, batches_by_length, map_batches, pad_batch


def test_every_text_is_in_one_batch_of_the_smallest_length_that_holds_it() -> None:
    lengths = [16, 17, 0, 1, 500, 513, *[5] * 5]
    batches = batches_by_length(lengths, longest=520)
    # The encoder takes 520 tokens, so that 528 is cut. Of 16: the indices of 16 and 1 tokens and
    # five of 5, seven in all, so 4 + 3.
    assert [(len(rows), length) for rows, length in batches] == [
        (1, 520), (1, 512), (1, 32), (4, 16), (3, 16)
    ]  # fmt: skip
    assert sorted(i for rows, _ in batches for i in rows) == [i for i, n in enumerate(lengths) if n]
    assert batches_by_length([], longest=512) == []


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_batches_are_mapped_in_order_each_on_one_thread(n_threads: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        weight = torch.nn.Linear(2, 1)
        found = map_batches(
            lambda n: (n, torch.get_num_threads(), weight(torch.ones(2)).requires_grad), range(9)
        )
        assert found == [(n, 1, False) for n in range(9)]
        assert torch.get_num_threads() == n_threads
        with pytest.raises(ZeroDivisionError):
            map_batches(lambda n: 1 // n, [1, 0])
        assert torch.get_num_threads() == n_threads
    finally:
        torch.set_num_threads(before)


def test_a_batch_has_one_shape_and_empty_rows_look_at_one_token() -> None:
    ids, mask = pad_batch([[5, 6], [7]], 4, pad=9)
    assert ids.shape == mask.shape == (BATCH, 4)
    assert ids[:3].tolist() == [[5, 6, 9, 9], [7, 9, 9, 9], [9, 9, 9, 9]]
    assert mask[:3].tolist() == [[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
