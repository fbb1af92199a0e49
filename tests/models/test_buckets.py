"""Batches of a fixed shape."""

from framing.models.buckets import BATCH, batches_by_length, pad_batch


def test_every_text_is_in_one_batch_of_the_smallest_bucket_that_holds_it() -> None:
    lengths = [16, 17, 0, 1, 500, 513, *[5] * 9]
    batches = list(batches_by_length(lengths, longest=900))
    # The encoder takes 900 tokens, so the bucket of 1,024 is cut. In bucket 16: the
    # indices of 16 and 1 tokens and nine of 5, eleven in all, so 8 + 3.
    assert [(len(rows), length) for rows, length in batches] == [
        (8, 16), (3, 16), (1, 32), (1, 512), (1, 900)
    ]  # fmt: skip
    assert sorted(i for rows, _ in batches for i in rows) == [i for i, n in enumerate(lengths) if n]
    assert list(batches_by_length([], longest=512)) == []


def test_a_batch_has_one_shape_and_empty_rows_look_at_one_token() -> None:
    ids, mask = pad_batch([[5, 6], [7]], 4, pad=9)
    assert ids.shape == mask.shape == (BATCH, 4)
    assert ids[:3].tolist() == [[5, 6, 9, 9], [7, 9, 9, 9], [9, 9, 9, 9]]
    assert mask[:3].tolist() == [[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
