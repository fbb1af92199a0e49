import pytest

from framing.quotes.coordination import split_sources
from framing.quotes.names import find_names


def split(text: str, tail: str = "") -> tuple[str, str | None]:
    at = text.index(tail) if tail else len(text)
    end, others = split_sources(text, 0, len(text), at, find_names(text))
    return text[:end].strip(), others and text[others.start : others.end]


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("Anna Velt", "Anna Velt", None),
        ("Anna Velt and Karl Brandt", "Anna Velt", "Karl Brandt"),
        ("Velt and Brandt", "Velt", "Brandt"),
        ("Anna Velt as well as other ministers", "Anna Velt", "other ministers"),
        ("the Sovian and Ostravian armies", "the Sovian and Ostravian armies", None),
        ("harbour aide and the envoy Ivo Sand", "harbour aide", "the envoy Ivo Sand"),
        ("Tarn Homeland Security and Trade Adviser Ivo Sand",
         "Tarn Homeland Security and Trade Adviser Ivo Sand", None),
        ("harbour aide and Tarn envoy Ivo Sand", "harbour aide and Tarn envoy Ivo Sand", None),
        ("a teacher and a nurse", "a teacher", "a nurse"),
    ],
)  # fmt: skip
def test_first_and_others(text: str, first: str, others: str | None) -> None:
    assert split(text) == (first, others)


def test_a_party_may_stand_between() -> None:
    text = "Anna Velt (D-Tarn) and Karl Brandt (R-Velm)"
    assert split(text, "(D") == ("Anna Velt", "Karl Brandt (R-Velm)")
    assert split("Anna Velt (at home) alone", "(at") == ("Anna Velt", None)
