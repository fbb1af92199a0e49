"""Quotation marks: which stretches stand in them, and which of these are names."""

import pytest

from framing.quotes.marks import UnclosedMark, find_quotations, is_title


def _inside(text: str) -> list[list[str]]:
    """The parts of each quotation as text."""
    return [[part.of(text) for part in q.parts] for q in find_quotations(text)[0]]


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ('a "b" c', [['"b"']]),
        ("a “b” c", [["“b”"]]),
        ("a „b“ c", [["„b“"]]),
        ("a „b” c", [["„b”"]]),
        ("a «b» c", [["«b»"]]),
        ("a ‘b’ c", [["‘b’"]]),
        ("a 'b' c", [["'b'"]]),
        ("a ``b'' c", [["``b''"]]),
        ('“a" b', [['“a"']]),
        ('"a” b', [['"a”']]),
        ("“a” “b”", [["“a”"], ["“b”"]]),
        ("“a”“b”", [["“a”"], ["“b”"]]),
        # Marks inside a quotation belong to it.
        ("“a ‘b’ c” d", [["“a ‘b’ c”"]]),
        ("‘a “b” c’ d", [["‘a “b” c’"]]),
        ("“a “b” c” d", [["“a “b” c”"]]),
        ('"a “b” c" d', [['"a “b” c"']]),
        # The outer marks of “a “b c” d never close twice: the first close is taken.
        ("“a “b c” d", [["“a “b c”"]]),
        # A slip: an opening mark after a stop, before a blank, closes.
        ("“It rains.“ He left.", [["“It rains.“"]]),
    ],
)
def test_kinds_of_marks(text: str, quotations: list[list[str]]) -> None:
    assert _inside(text) == quotations


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("The drivers' vans and Osei's car", []),
        ("rock ’n’ roll, the ’90s, ’til dawn, go get 'em", []),
        ("‘Don’t go,’ he said", [["‘Don’t go,’"]]),
        ("'Don't go,' he said", [["'Don't go,'"]]),
        # The plural possessive before a lower-case word does not close while a better mark follows.
        ("‘The drivers’ vans burn,’ he said", [["‘The drivers’ vans burn,’"]]),
        # Nothing better follows: then it closes.
        ("‘The drivers’ left", [["‘The drivers’"]]),
        ("‘One,’ she said, ‘two.’", [["‘One,’"], ["‘two.’"]]),
    ],
)
def test_apostrophes_are_told_from_single_marks(text: str, quotations: list[list[str]]) -> None:
    assert _inside(text) == quotations


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“One.\n\n“Two.\n\n“Three.”", ["“One.", "“Two.", "“Three.”"]),
        ('"One.\n\n"Two."', ['"One.', '"Two."']),
        # Broken wrongly: the close comes before anything opens.
        ("“One and\n\ntwo,” she said.", ["“One and", "two,”"]),
    ],
)
def test_quotations_over_paragraphs(text: str, parts: list[str]) -> None:
    assert _inside(text) == [parts]


def test_a_quotation_starts_at_its_first_part_and_ends_with_its_last() -> None:
    (quotation,), _ = find_quotations("So: “One.\n\n“Two.” End")
    assert (quotation.start, quotation.end, quotation.closed) == (4, 17, True)


def test_a_missing_close_ends_speech_with_its_paragraph() -> None:
    text = "She said: “It rains.\n\nHe left."
    (quotation,), unclosed = find_quotations(text)
    assert [part.of(text) for part in quotation.parts] == ["“It rains."]
    assert not quotation.closed
    assert unclosed == []


@pytest.mark.parametrize(
    "text",
    [
        "Rain on “ the square.",  # in the middle, before a blank
        "She said: “rain",  # no stop
        "The “rain fell.",  # not after a cue, not at the head
    ],
)
def test_marks_without_a_believable_end_are_given_up(text: str) -> None:
    assert find_quotations(text) == ([], [UnclosedMark(text.index("“"))])


def test_after_a_mark_that_is_given_up_reading_goes_on() -> None:
    text = "Rain on “ the square.\n\nShe “wept”."
    quotations, unclosed = find_quotations(text)
    assert [(q.start, q.end) for q in quotations] == [(27, 33)]
    assert unclosed == [UnclosedMark(8)]


def test_a_mark_that_closes_far_below_is_lost_not_speech() -> None:
    # 300 paragraphs of 22 code points and a break are more than the 6000 a quotation may have.
    text = "\n\n".join(["“The rain went on, on."] * 300) + "\n\n“End.”"
    quotations, _ = find_quotations(text)
    assert max(q.end - q.start for q in quotations) <= 6000


@pytest.mark.parametrize("text", ["", " ", "\n\n", "No marks at all."])
def test_nothing_to_find(text: str) -> None:
    assert find_quotations(text) == ([], [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("his novel “The Long Winter” sold", True),
        ("the film “Tarna by Night” opens", True),
        ("Velde’s “Letters to Tarna” sold", True),
        ("Ilko “Red” Faber left", True),  # a nickname
        ("Rain fell.\n\n“NO WAY BACK”\n\nHe left.", True),  # a cross-heading
        ("the “liberated” town", False),  # a scare quote is no name
        ("his novel “the long winter” sold", False),
        ("he said “Go Home” twice", False),  # not after a word for works
        ("a film “Winter” opens", False),  # one word may be quoted speech
        ("“The Long Winter” sold", False),  # nothing before it
        # Longer than the 80 code points a title may have.
        ("the book “" + "Long " * 17 + "Winter” sold", False),
    ],
)
def test_names_in_marks(text: str, title: bool) -> None:
    (quotation,), _ = find_quotations(text)
    assert is_title(text, quotation) is title


def test_a_quotation_over_paragraphs_is_no_title() -> None:
    text = "the book “The Long.\n\n“Winter” sold"
    (quotation,), _ = find_quotations(text)
    assert not is_title(text, quotation)
