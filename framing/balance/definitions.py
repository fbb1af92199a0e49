"""Every index by name: what it means, how it is computed, its range, what it can be weighed by."""

import dataclasses
from collections.abc import Mapping

from framing.codebook import Codebook, Variable
from framing.errors import DataError

__all__ = [
    "WEIGHTS",
    "IndexDefinition",
    "index_definitions",
    "quote_variable",
    "speaker_variable",
]

WEIGHTS = ("quote", "word", "speaker")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IndexDefinition:
    """What one index says.

    Attributes:
        label: Name on paper.
        formula: How it is computed, in words and symbols.
        low: Smallest possible value.
        high: Largest possible value.
        weights: What can count once: "quote", "word", "speaker".
        undefined: When it has no value.
        variable: The codebook's variable it is about, or "".
        category: The category or aggregate it is about, or "".
    """

    label: str
    formula: str
    low: float
    high: float
    weights: tuple[str, ...] = WEIGHTS
    undefined: str = "no quote"
    variable: str = ""
    category: str = ""


def quote_variable(codebook: Codebook) -> Variable:
    """The variable that balance is measured on: the codebook's first with unit "quote".

    Raises:
        DataError: The codebook asks nothing of quotes.
    """
    for variable in codebook.variables:
        if variable.unit == "quote":
            return variable
    raise DataError(
        f"codebook {codebook.name!r}: no variable has the unit 'quote'; "
        "balance is measured on such a variable (a stance, a tone)"
    )


def speaker_variable(codebook: Codebook) -> Variable | None:
    """The codebook's first variable with unit "speaker", or None."""
    return next((v for v in codebook.variables if v.unit == "speaker"), None)


def index_definitions(codebook: Codebook) -> Mapping[str, IndexDefinition]:
    """Definition of every index that `measure_balance` reports under a codebook, in its order.

    Which indices there are follows from the codebook: shares of its categories and aggregates;
    tilt and imbalance only where it names a positive and a negative category.

    Raises:
        DataError: Two indices would have one name (a stance and a role aggregate called alike).
    """
    stance, role = quote_variable(codebook), speaker_variable(codebook)
    entries = [*_of_shares(stance, "share"), *_of_poles(stance), *_of_spread(stance)]
    if role is not None:
        entries += [*_of_shares(role, f"{role.name}_share"), _NAMED]
    entries += _of_prominence(stance)
    if role is not None:
        entries += _of_both(role, stance)
    names = [name for name, _ in entries]
    for name in names:
        if names.count(name) > 1:
            raise DataError(
                f"codebook {codebook.name!r}: two indices would be called {name!r}; "
                "give the categories and aggregates of its variables different names"
            )
    return dict(entries)


_NAMED = (
    "share_named",
    IndexDefinition(
        label="Named speakers",
        formula="amount of quotes whose speaker the article names / amount of all quotes; the "
        "rest is unnamed, quotes without a speaker included",
        low=0,
        high=1,
    ),
)


def _of_shares(variable: Variable, prefix: str) -> list[tuple[str, IndexDefinition]]:
    categories = [
        (
            f"{prefix}_{name}",
            IndexDefinition(
                label=f"{_words(variable.name)}: {name.replace('_', ' ')}",
                formula=f"p = amount of quotes with {variable.name} {name} / amount of all quotes",
                low=0,
                high=1,
                variable=variable.name,
                category=name,
            ),
        )
        for name in variable.names
    ]
    aggregates = [
        (
            f"share_{name}",
            IndexDefinition(
                label=_words(name),
                formula=f"sum of the shares of {', '.join(members)}",
                low=0,
                high=1,
                variable=variable.name,
                category=name,
            ),
        )
        for name, members in variable.aggregates
    ]
    return categories + aggregates


def _of_poles(stance: Variable) -> list[tuple[str, IndexDefinition]]:
    if not stance.positive:
        return []
    s, c = stance.positive, stance.negative
    neutral = " + ".join(stance.neutral) or "0"
    return [
        (
            "tilt",
            IndexDefinition(
                label="Tilt",
                formula=f"(S - C) / (S + C) with S = {s}, C = {c}",
                low=-1,
                high=1,
                undefined=f"no {s} and no {c} quote",
                variable=stance.name,
            ),
        ),
        (
            "imbalance",
            IndexDefinition(
                label="Coefficient of imbalance (Janis-Fadner)",
                formula=f"(f^2 - f u) / (r t) if f > u, (f u - u^2) / (r t) if f < u, 0 if equal; "
                f"f = {s}, u = {c}, r = f + u + {neutral}, t = all",
                low=-1,
                high=1,
                undefined="no quote of a relevant category",
                variable=stance.name,
            ),
        ),
    ]


def _of_spread(stance: Variable) -> list[tuple[str, IndexDefinition]]:
    k = len(stance.names)
    return [
        (
            "evenness",
            IndexDefinition(
                label="Evenness",
                formula=f"H / ln {k} with H = -sum(p ln p) over {k} categories; "
                "it falls with few quotes",
                low=0,
                high=1,
                variable=stance.name,
            ),
        ),
        (
            "evenness_corrected",
            IndexDefinition(
                label="Evenness, corrected for few quotes",
                formula=f"Chao-Shen entropy / ln {k}, at most 1: the evenness of the mix that the "
                "quotes are a sample of",
                low=0,
                high=1,
                weights=("quote",),
                variable=stance.name,
            ),
        ),
        (
            "effective_number",
            IndexDefinition(
                label=f"Effective number of {stance.name} categories",
                formula="exp(H), Hill number of order 1",
                low=1,
                high=k,
                variable=stance.name,
            ),
        ),
    ]


def _of_prominence(stance: Variable) -> list[tuple[str, IndexDefinition]]:
    positions = [
        (
            f"mean_position_{name}",
            IndexDefinition(
                label=f"Mean position: {name.replace('_', ' ')}",
                formula=f"mean of where {name} quotes start, 0 = first word, 1 = end of the text",
                low=0,
                high=1,
                weights=("quote",),
                undefined=f"no {name} quote",
                variable=stance.name,
                category=name,
            ),
        )
        for name in stance.names
    ]
    leads = [
        (
            f"lead_share_{name}",
            IndexDefinition(
                label=f"In the lead: {name.replace('_', ' ')}",
                formula=f"{name} quotes that start in the first two paragraphs / all quotes there",
                low=0,
                high=1,
                weights=("quote",),
                undefined="no quote in the lead",
                variable=stance.name,
                category=name,
            ),
        )
        for name in stance.names
    ]
    return positions + leads


def _of_both(role: Variable, stance: Variable) -> list[tuple[str, IndexDefinition]]:
    """The cells of the role × stance table."""
    return [
        (
            f"joint_share_{row}_{column}",
            IndexDefinition(
                label=f"{_words(row)} × {column.replace('_', ' ')}",
                formula=f"quotes with {role.name} {row} and {stance.name} {column} / all quotes",
                low=0,
                high=1,
                weights=("quote",),
                variable=f"{role.name} × {stance.name}",
                category=f"{row} × {column}",
            ),
        )
        for row in role.names
        for column in stance.names
    ]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
