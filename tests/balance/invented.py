"""Invented articles for the tests of balance: records without any text."""

from collections.abc import Sequence
from typing import Any

from framing.codebook import Codebook, load_codebook, parse_codebook
from framing.records import Label, Placement, Prediction, Quote, QuoteKind, Span, Speaker

CODEBOOK = load_codebook()
STANCES = CODEBOOK.variable("stance").names
ROLES = CODEBOOK.variable("role").names

# Another question, without roles, neutral categories or defaults.
TONE = parse_codebook(
    b"""
name = "tone"
version = "1"
quote = ["What somebody is reported to have said."]
[[variables]]
name = "tone"
unit = "quote"
question = "How does it sound?"
positive = "warm"
negative = "cold"
categories = [
  { name = "warm", definition = "Warm." },
  { name = "cold", definition = "Cold." },
  { name = "flat", definition = "Neither." },
]
""",
    where="tone",
)


def quote(n: int, *, speaker: str | None = "s1", kind: QuoteKind = "direct") -> Quote:
    return Quote(
        id=f"q{n}",
        article_id="a",
        kind=kind,
        content=(Span(10 * n, 10 * n + 5),),
        speaker_id=speaker,
    )


def speaker(speaker_id: str, *, named: bool = True) -> Speaker:
    return Speaker(id=speaker_id, article_id="a", name="Somebody Invented", named=named)


def place(n: int, *, words: int = 10, position: float = 0.5, lead: bool = False) -> Placement:
    return Placement(quote_id=f"q{n}", n_words=words, position=position, in_lead=lead)


def predict(
    unit: str,
    probabilities: Sequence[float],
    variable: str = "stance",
    codebook: Codebook = CODEBOOK,
) -> Prediction:
    return Prediction(
        unit_id=unit,
        variable=variable,
        model="invented",
        codebook=codebook.digest,
        categories=codebook.variable(variable).names,
        probabilities=tuple(probabilities),
    )


def label(
    unit: str,
    value: str,
    variable: str = "stance",
    *,
    annotator: str = "adjudicated",
    time: str = "",
) -> Label:
    return Label(unit_id=unit, variable=variable, value=value, annotator=annotator, time=time)


def labelled_article() -> dict[str, Any]:
    """Six quotes, three speakers and a quote without one, everything labelled.

    q1 s1 supportive 10 words 0.00 lead | q2 s1 supportive 20 words 0.10 lead
    q3 s2 critical   30 words 0.20 lead | q4 s3 humanitarian 20 words 0.50
    q5 s1 neutral    10 words 0.70      | q6 -  critical     10 words 0.80
    s1 government, named; s2 expert, named; s3 civilian, unnamed.
    """
    stances = ("supportive", "supportive", "critical", "humanitarian", "neutral", "critical")
    roles = {"s1": "government", "s2": "expert", "s3": "civilian"}
    return {
        "article_id": "a",
        "target": "the river blockade",
        "target_is_title": False,
        "quotes": [
            quote(1),
            quote(2, kind="indirect"),
            quote(3, speaker="s2"),
            quote(4, speaker="s3", kind="mixed"),
            quote(5),
            quote(6, speaker=None, kind="indirect"),
        ],
        "speakers": [speaker("s1"), speaker("s2"), speaker("s3", named=False)],
        "placements": [
            place(1, words=10, position=0.0, lead=True),
            place(2, words=20, position=0.1, lead=True),
            place(3, words=30, position=0.2, lead=True),
            place(4, words=20, position=0.5),
            place(5, words=10, position=0.7),
            place(6, words=10, position=0.8),
        ],
        "predictions": [],
        "labels": [label(f"q{n}", value) for n, value in enumerate(stances, start=1)]
        + [label(unit, value, "role") for unit, value in roles.items()],
        "codebook": CODEBOOK,
    }


def predicted_article(
    probabilities: Sequence[Sequence[float]],
    *,
    codebook: Codebook = CODEBOOK,
    variable: str = "stance",
) -> dict[str, Any]:
    """One quote for each row of stance probabilities, all by one labelled speaker."""
    n_quotes = len(probabilities)
    kinds: tuple[QuoteKind, ...] = ("direct", "mixed", "indirect")
    return {
        "article_id": "a",
        "target": "the river blockade",
        "target_is_title": True,
        "quotes": [quote(n, kind=kinds[n % 3]) for n in range(n_quotes)],
        "speakers": [speaker("s1")],
        "placements": [place(n, position=n / max(n_quotes, 1)) for n in range(n_quotes)],
        "predictions": [
            predict(f"q{n}", row, variable, codebook) for n, row in enumerate(probabilities)
        ],
        "labels": [label("s1", "government", "role")],
        "codebook": codebook,
    }
