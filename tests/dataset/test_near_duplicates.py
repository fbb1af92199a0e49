import itertools

import pytest

from framing.dataset.near_duplicates import (
    NearDuplicates,
    cluster_near_duplicates,
    containment,
    find_near_duplicates,
)
from framing.errors import DataError
from framing.records import Article


def article(article_id: str, text: str) -> Article:
    return Article(id=article_id, text=text)


def pair(first: str, second: str) -> NearDuplicates:
    return NearDuplicates(first=first, second=second, containment=0.5)


def test_containment_is_the_share_of_the_one_with_fewer_shingles() -> None:
    # In pairs of words, "a" has 9 and "b" has 5 (its second half is new); "one two", "two three"
    # and "three four" are in both: 3/5. Jaccard's index would be 3/11.
    a = article("a", "One two three four five six seven eight nine ten.")
    b = article("b", "one two, three FOUR red blue")
    assert find_near_duplicates([b, a], threshold=0.3, n_words=2) == (
        NearDuplicates(first="a", second="b", containment=3 / 5),
    )


def test_threshold_is_met_by_an_equal_value_and_missed_by_a_lower_one() -> None:
    # Pairs of words: 4 each, of which 1 is in both.
    texts = [article("a", "one two three four five"), article("b", "one two blue red green")]
    assert len(find_near_duplicates(texts, threshold=0.25, n_words=2)) == 1
    assert find_near_duplicates(texts, threshold=0.2501, n_words=2) == ()


def test_a_brief_inside_a_long_article_is_found() -> None:
    brief = "The minister said the convoy had left the port before dawn."
    long = " ".join(f"word{i}" for i in range(2000))
    found = find_near_duplicates([article("a", f"{long} {brief} {long}"), article("b", brief)])
    assert found == (NearDuplicates(first="a", second="b", containment=1.0),)


def test_a_repeated_shingle_counts_once() -> None:
    # "go go go go" has one pair of words, "go go"; it lies in the other text.
    texts = [article("a", "go go go go"), article("b", "they go go north at once")]
    found = find_near_duplicates(texts, threshold=1, n_words=2)
    assert [p.containment for p in found] == [1.0]


def test_texts_shorter_than_a_shingle_match_only_when_equal() -> None:
    texts = [article("a", "No comment."), article("b", "no comment"), article("c", "no"),
             article("d", "?"), article("e", "!")]  # fmt: skip
    assert [(p.first, p.second) for p in find_near_duplicates(texts)] == [("a", "b")]


def test_pairs_do_not_depend_on_the_order_of_articles() -> None:
    words = "north south east west up down left right over under".split()
    texts = [article(f"x{i}", " ".join(words[i:] + words[:i])) for i in range(4)]
    expected = find_near_duplicates(texts, n_words=3, threshold=0.5)
    assert len(expected) == 6
    for order in itertools.permutations(texts):
        assert find_near_duplicates(order, n_words=3, threshold=0.5) == expected


def test_no_article_gives_no_pair() -> None:
    assert find_near_duplicates([]) == ()
    assert cluster_near_duplicates([], []) == {}


def test_clusters_are_linked_over_others_and_named_after_the_least_id() -> None:
    # d-c, c-b: b, c, d are one cluster though b and d share nothing; a and e stand alone.
    found = cluster_near_duplicates("edcba", [pair("c", "d"), pair("b", "c")])
    assert found == {"a": "a", "b": "b", "c": "b", "d": "b", "e": "e"}
    assert list(found) == ["e", "d", "c", "b", "a"]


def test_two_clusters_join_when_a_late_pair_links_them() -> None:
    pairs = [pair("c", "d"), pair("a", "b"), pair("e", "f"), pair("b", "f"), pair("d", "e")]
    for order in itertools.permutations(pairs):
        assert set(cluster_near_duplicates("abcdef", order).values()) == {"a"}


def test_containment_of_sets() -> None:
    assert containment({"a", "b", "c"}, {"b", "c", "d", "e"}) == 2 / 3
    assert containment({"a"}, {"a", "b"}) == 1.0
    assert containment(set(), {"a"}) == 0.0


def test_errors_say_what_was_found_and_what_to_do() -> None:
    one = article("a", "word")
    with pytest.raises(DataError, match=r"threshold is 0; it takes a share in \(0, 1\]"):
        find_near_duplicates([one], threshold=0)
    with pytest.raises(DataError, match=r"threshold is 1.5; it takes"):
        find_near_duplicates([one], threshold=1.5)
    with pytest.raises(DataError, match="shingles of 0 words; take 1 or more"):
        find_near_duplicates([one], n_words=0)
    with pytest.raises(DataError, match="2 articles have the id 'a'; ids must differ"):
        find_near_duplicates([one, one])
    with pytest.raises(DataError, match="'a' and 'z': no article 'z' among those to cluster"):
        cluster_near_duplicates(["a"], [pair("a", "z")])
