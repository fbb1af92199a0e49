import pytest

from framing.quotes.acronyms import find_acronyms, is_acronym_of


@pytest.mark.parametrize(
    ("text", "long", "short"),
    [
        ("the Eastern Relief Organisation (ERO) said", "Eastern Relief Organisation", "ERO"),
        ("the Northern Command (Norcom) said", "Northern Command", "Norcom"),
        ("a Union for Bakers’ and Millers’ Rights (UBMR)",
         "Union for Bakers’ and Millers’ Rights", "UBMR"),
        ("the Tarn Defence Force (T.D.F.)", "Tarn Defence Force", "T.D.F."),
    ],
)  # fmt: skip
def test_long_form_before_the_bracket(text: str, long: str, short: str) -> None:
    ((one, other),) = find_acronyms(text)
    assert (one.of(text), other.of(text)) == (long, short)


@pytest.mark.parametrize(
    "text", ["", "(ERO)", "Ivo Sand (ERO)", "the rain (Monday)", "Eastern Relief,\n\nO (ERO)"]
)
def test_no_long_form(text: str) -> None:
    assert list(find_acronyms(text)) == []


@pytest.mark.parametrize(
    ("short", "name", "fits"),
    [
        ("ERO", "eastern relief organisation", True),
        ("E.R.O.", "eastern relief organisation", True),
        ("ERO", "us eastern relief organisation", True),
        ("Norcom", "northern command", True),
        ("Norcom", "us northern command", True),
        ("ERA", "eastern relief organisation", False),
        ("E", "eastern", False),
        ("", "eastern relief", False),
    ],
)
def test_initials_or_beginnings(short: str, name: str, fits: bool) -> None:
    assert is_acronym_of(short, tuple(name.split())) is fits
