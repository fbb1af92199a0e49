"""Units aligned over coders, and words inside or outside quotes."""

import pytest

from framing.metrics.unit_agreement import align_units, code_words
from framing.records import Span


def test_two_coders_units_are_their_pairs() -> None:
    assert align_units({(0, 1): [(0, 1), (2, 0)]}, 2) == ((0, 1), (2, 0))


def test_no_match_is_no_unit() -> None:
    assert align_units({(0, 1): []}, 2) == ()
    assert align_units({}, 2) == ()


def test_three_coders_units_are_chained_together() -> None:
    # The last unit is one that the first coder has not found.
    matches = {(0, 1): [(0, 0)], (0, 2): [(1, 1)], (1, 2): [(0, 0), (5, 7)]}
    assert align_units(matches, 3) == ((0, 0, 0), (1, None, 1), (None, 5, 7))


def test_two_coders_that_only_a_third_one_connects_share_a_unit() -> None:
    # 0 and 2 do not match directly, which happens when 1's content lies between theirs.
    assert align_units({(0, 1): [(0, 0)], (1, 2): [(0, 3)]}, 3) == ((0, 0, 3),)


def test_no_unit_holds_two_of_one_coder() -> None:
    # By (0, 1) and (0, 2), a0 = b0 = c0; (1, 2) says b0 = c1 instead, which is left out, and
    # c1 then stands alone.
    matches = {(0, 1): [(0, 0)], (0, 2): [(0, 0)], (1, 2): [(0, 1)]}
    assert align_units(matches, 3) == ((0, 0, 0),)


def test_the_order_of_the_matches_does_not_matter() -> None:
    matches = {(0, 1): [(0, 0)], (0, 2): [(0, 0)], (1, 2): [(0, 1), (1, 0)]}
    backwards = dict(reversed(matches.items()))
    assert align_units(matches, 3) == align_units(backwards, 3)


def test_words_are_inside_when_they_lie_wholly_in_a_span() -> None:
    text = "“We left,” she said, “at dawn.”"
    # words:  We left she said at dawn; the span of the second part cuts "dawn" short.
    contents = [(Span(0, 10), Span(21, 27))]
    assert [text[s:e] for s, e in contents[0]] == ["“We left,”", "“at da"]
    assert code_words(text, contents).tolist() == [1, 1, 0, 0, 1, 0]


@pytest.mark.parametrize(("text", "expected"), [("", []), ("– …", []), ("No quote.", [0, 0])])
def test_without_words_or_quotes(text: str, expected: list[int]) -> None:
    assert code_words(text, []).tolist() == expected
