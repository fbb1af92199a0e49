import pytest

from framing.quotes.names import find_names
from framing.quotes.person_names import is_lone_person


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Then Ines Kaldor of the UN agency left", True),
        ("Doctors Without Fear arrived", False),
        ("Tarn Democrats arrived", False),
        ("U.S. Velmo arrived", False),
        ("WATCHED ROCKETS fell", False),
        ("KARL BRANDT spoke. Brandt left", True),
        ("Newsletter Velmo", False),
    ],
)
def test_what_two_capitals_are(text: str, person: bool) -> None:
    assert find_names(text)[0].person is person


@pytest.mark.parametrize(
    ("word", "previous", "person"),
    [
        ("Weil", "analyst", True),
        ("Weil", "", False),
        ("Velmis", "local", False),
        ("Sovia", "ally", False),
        ("ERO", "doctor", False),
        ("Council", "doctor", False),
        ("Emmo", "as", False),
    ],
)
def test_one_capital_by_the_word_before(word: str, previous: str, person: bool) -> None:
    assert is_lone_person(f"{previous} {word}", word, len(previous) + 1, previous) is person


def test_a_place_once_is_one_everywhere_unless_it_has_a_title() -> None:
    text = "They live near Netim Haar. Netim Haar is small. In Oskar Venn. General Oskar Venn left."
    assert [name.person for name in find_names(text)] == [False, False, False, True]
