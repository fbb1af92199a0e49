"""What a pronoun stands for; more cases in test_speakers.py."""

import pytest

from framing.quotes.antecedents import Antecedents
from framing.quotes.cast import Cast
from framing.records import Quote, Span


def antecedent(text: str, pronoun: str, *, said: str = "") -> str | None:
    """Name of whom the "*" in `text` stands for; the words `said` are a direct quote."""
    at = text.index("*")
    quotes = []
    if said:
        start = text.index(said)
        quotes.append(
            Quote(
                id="q",
                article_id="a",
                kind="direct",
                content=(Span(start, start + len(said)),),
            )
        )
    found = Antecedents(Cast(text), quotes).of_pronoun(pronoun, at, "*")
    return found if isinstance(found, str) else found.shown_name(text)


@pytest.mark.parametrize(
    ("text", "pronoun", "expected"),
    [
        ("Ivo Sand left. * spoke.", "m", "Ivo Sand"),
        ("Mrs Velt met Mr Sand. * spoke.", "f", "Velt"),
        ("Mrs Velt met Mr Sand. * spoke.", "m", "Sand"),
        ("Ivo Sand left with Karl Brandt. * spoke.", "m", "Ivo Sand"),
        ("Anna Velt left. Rain fell. It was late. * spoke.", "f", "Anna Velt"),
        ("The Tarn Council met. * agreed.", "it", "Tarn Council"),
        ("The harbour ministry kept silent. * agreed.", "it", "The harbour ministry"),
        ("The rain kept on. * agreed.", "it", "no antecedent for '*' in the sentences before it"),
        ("* agreed.", "m", "no antecedent for '*' in the sentences before it"),
    ],
)
def test_nearest_subject_that_agrees(text: str, pronoun: str, expected: str) -> None:
    assert antecedent(text, pronoun) == expected


def test_two_that_are_no_subjects_are_not_decided() -> None:
    assert antecedent("It was between Ivo Sand and Karl Brandt. * spoke.", "m") == (
        "'*' can be Ivo Sand or Karl Brandt; the text does not decide"
    )


def test_who_is_only_named_inside_a_quotation_is_passed_over() -> None:
    text = "Ivo Sand left. “Karl Brandt stays.” * spoke."
    assert antecedent(text, "m", said="“Karl Brandt stays.”") == "Ivo Sand"


def test_a_pronoun_looks_back_twelve_sentences_at_most() -> None:
    assert antecedent("Ivo Sand left. " + "It rained. " * 10 + "* spoke.", "m") == "Ivo Sand"
    far = antecedent("Ivo Sand left. " + "It rained. " * 11 + "* spoke.", "m")
    assert far == "no antecedent for '*' in the sentences before it"
