import pytest

from framing.quotes.introductions import find_complement, find_introductions
from framing.quotes.names import find_names
from framing.records import Span


def present(text: str, name: str, *, person: bool = True) -> list[str]:
    found = [n for n in find_names(text) if text[n.start : n.end] == name]
    assert found
    return find_introductions(text, found, person=person)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ivo Sand left.", []),
        ("Defence Minister Ivo Sand left.", ["Defence Minister"]),
        ("Mr. Ivo Sand left.", []),
        ("the ministry’s chief spokesman Ivo Sand left", ["ministry’s chief spokesman"]),
        ("ministry spokesman Col. Ivo Sand left", ["ministry spokesman Col."]),
        ("It met Karl Brandt. Dr. Ivo Sand left.", ["Dr."]),
        ("Ivo Sand, a former officer who lives in Oslo, left.",
         ["a former officer who lives in Oslo"]),
        ("Ivo Sand, a baker until she was drafted, left.", ["a baker until she was drafted"]),
        ("Ivo Sand, 71, of Tarn, who runs the vigil, left.", ["71, of Tarn, who runs the vigil"]),
        ("Ivo Sand, 71, was there.", ["71"]),
        ("Ivo Sand (R-Ohio) left.", ["R-Ohio"]),
        ("Ivo Sand, D-Tarn, chairman of the board, left.", ["D-Tarn, chairman of the board"]),
        ("Ivo Sand, an officer with the Child Fund (CF) who met them, left.",
         ["an officer with the Child Fund (CF) who met them"]),
        ("Ivo Sand, the ship’s cook said, left.", ["the ship’s cook"]),
        ("Ivo Sand, which was odd, left.", ["which was odd"]),
        ("In Tarn the head nurse, Ivo Sand, left.", ["the head nurse"]),
        ("The commander of the guard in the district, Colonel Ivo Sand, left.",
         ["The commander of the guard in the district", "Colonel"]),
        ("In the rain, Ivo Sand left.", []),
        ("Ivo Sand, however, left. Ivo Sand, 30, left.", ["30"]),
    ],
)  # fmt: skip
def test_what_presents_a_person(text: str, expected: list[str]) -> None:
    assert present(text, "Ivo Sand") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The independent daily Velm Tidende had it.", ["independent daily"]),
        ("Velm Tidende, a daily newspaper, had it.", ["a daily newspaper"]),
        ("Velm Tidende, which is read abroad, had it.", ["which is read abroad"]),
        ("Velm Tidende, in short, had it.", []),
    ],
)
def test_what_presents_a_body(text: str, expected: list[str]) -> None:
    assert present(text, "Velm Tidende", person=False) == expected


def test_each_phrase_once_and_none_inside_another() -> None:
    text = "Minister Ivo Sand left. Defence Minister Ivo Sand left. Minister Ivo Sand left."
    assert present(text, "Ivo Sand") == ["Defence Minister"]


def test_further_places_that_present_and_line_breaks() -> None:
    assert find_introductions("the old\nsailor", [], [Span(0, 14)]) == ["the old sailor"]


def test_nothing_presents_nobody() -> None:
    assert find_introductions("Rain fell.", []) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("said an official| close to the inquiry.", "close to the inquiry"),
        ("an official|, who asked not to be named, left", "who asked not to be named"),
        ("two officers| briefed on the plan said so", "briefed on the plan"),
        ("villagers| in Upper Tarn have left", "in Upper Tarn"),
        ("an official| who said so", ""),
        ("an official| on Monday", ""),
        ("an official|", ""),
    ],
)
def test_what_is_said_of_somebody_without_a_name(text: str, said: str) -> None:
    end = text.index("|")
    assert find_complement(text.replace("|", ""), end) == said
