"""Words for messages."""

from framing.errors import count


def test_one_is_singular_and_none_and_many_are_plural() -> None:
    assert [count(n, "article") for n in (0, 1, 2000)] == [
        "0 articles",
        "1 article",
        "2,000 articles",
    ]
    assert count(1, "article is", "articles are") == "1 article is"
    assert count(2, "article is", "articles are") == "2 articles are"
    assert count(3, "batch", "batches") == "3 batches"
