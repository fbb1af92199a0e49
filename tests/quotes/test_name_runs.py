import pytest

from framing.quotes.name_runs import find_runs, opens_sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Without Velmo nothing moves", [["Velmo"]]),
        ("Doctors Without Fear", [["Doctors", "Without", "Fear"]]),
        ("Senior Ansar men", [["Ansar"]]),
        ("High-ranking Ansar men", [["Ansar"]]),
        ("Praising Velmo is wise", [["Velmo"]]),
        ("the late Irving Sand", [["Irving", "Sand"]]),
        ("Teachers I’d met", [["Teachers"]]),
        ("Samir al-Daruni left", [["Samir", "al-Daruni"]]),
        ("a fight that IS lost", [["IS"]]),
    ],
)
def test_runs_lose_what_only_leads_up_to_them(text: str, expected: list[list[str]]) -> None:
    runs = list(find_runs(text, 0, len(text)))
    assert [[word for word, _, _ in run] for run in runs] == expected
    assert all(text[start:end] == word for run in runs for word, start, end in run)


def test_sentences_open_after_a_full_stop_a_mark_and_nothing() -> None:
    text = "Rain. “Snow fell.” Wind"
    assert [
        opens_sentence(text, text.index(word)) for word in ("Rain", "Snow", "fell", "Wind")
    ] == [
        True,
        False,
        False,
        True,
    ]
