"""How far several codings of the same articles agree: units, labels, categories, and the draws.

Labels can be compared only where two coders found the same quote, so every coefficient of labels
is conditional on matched units; the agreement on the units themselves stands beside it.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.metrics.agreement import (
    MISSING,
    category_alpha,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    raw_agreement,
    specific_agreement,
)
from framing.metrics.classification import precision_recall_f1
from framing.metrics.found_quotes import count_found_quotes
from framing.metrics.spans import sum_counts
from framing.metrics.unit_agreement import code_words
from framing.pipeline.article_draws import (
    Coefficient,
    DrawnCodes,
    Draws,
    draw_codes,
    draw_f1,
    to_number,
)
from framing.pipeline.coded_units import Row, SharedArticle, quote_row, share_articles, speaker_rows
from framing.pipeline.codings import Coding
from framing.records import Quote, QuoteKind

__all__ = ["DIFFERING", "measure_against", "measure_agreement"]

KINDS: tuple[QuoteKind, ...] = get_args(QuoteKind)
DIFFERING = "differing"  # quotes whose kind the coders see differently
_COEFFICIENTS: Mapping[str, Coefficient] = {
    "raw": raw_agreement,
    "alpha": krippendorff_alpha,
    "kappa": cohen_kappa,
    "ac1": gwet_ac1,
}


def measure_agreement(
    codings: Sequence[Coding], names: Sequence[str], *, codebook: Codebook, draws: Draws
) -> dict[str, Any]:
    """Agreement of two or more coders on the articles that two of them have coded.

    Args:
        codings: One of each coder.
        names: Of the coders.
        codebook: Whose variables are compared.
        draws: Of the bootstrap over articles.

    Returns:
        JSON types. `coders`; `articles`: how many are compared; `pairs`: unit matching of every
        pair of coders, overall and by kind of quote (of either side's kind, whatever the
        other's); `words`: alpha over words inside or outside quotes; `kind`: agreement on the
        kind of a matched quote; `variables`: the same for each variable that somebody labelled,
        over matched quotes, or over pairs of speakers to whom matched quotes are given;
        `by_kind`: over matched quotes of each kind, a speaker's category counting once for each
        of their quotes; `weakest`: categories from the lowest alpha up. An interval is `value`,
        `low`, `high`, `n_undefined` (draws), null where undefined; where one article holds all
        the units in question, there is a value and no interval.

    Raises:
        DataError: No article was coded twice, or two coders had different texts of one.
    """
    shared = share_articles(codings, names)
    kinds = [[quote_row(s, unit, lambda _, q: q.kind) for unit in s.units] for s in shared]
    groups = [[_kind_of(row) for row in rows] for rows in kinds]
    variables: dict[str, Any] = {}
    by_kind: dict[str, Any] = {}
    for variable in codebook.variables:
        name, unit = variable.name, variable.unit
        if not any(name == labelled for coding in codings for _, labelled in coding.values):
            continue

        def value(coder: int, quote: Quote, name: str = name, unit: str = unit) -> str | None:
            return codings[coder].value(quote, name, unit)

        of_quotes = [[quote_row(s, u, value) for u in s.units] for s in shared]
        rows = of_quotes if unit == "quote" else [speaker_rows(s, codings, name) for s in shared]
        variables[name] = {"unit": unit, **_agreement(rows, variable.names, names, draws)}
        by_kind[name] = {
            kind: _brief(_of_group(of_quotes, groups, kind), variable.names, len(names), draws)
            for kind in (*KINDS, DIFFERING)
        }
    return {
        "coders": list(names),
        "articles": len(shared),
        "pairs": _pair_matching(shared, names, draws),
        "words": _word_agreement(shared, draws),
        "kind": {"unit": "quote", **_agreement(kinds, KINDS, names, draws)},
        "variables": variables,
        "by_kind": by_kind,
        "weakest": _weakest(variables),
    }


def measure_against(
    gold: Coding, coding: Coding, name: str, *, codebook: Codebook, draws: Draws
) -> dict[str, Any]:
    """One coder against gold: as `measure_agreement`, gold first.

    Each category has `precision` and `recall` besides: of what the coder labelled so, and of what
    gold did; null where undefined.
    """
    found = measure_agreement((gold, coding), ("gold", name), codebook=codebook, draws=draws)
    for of in (found["kind"], *found["variables"].values()):
        precision, recall, _ = precision_recall_f1(of["confusions"][0]["counts"])
        for n, category in enumerate(of["categories"].values()):
            category["precision"] = to_number(precision[n])
            category["recall"] = to_number(recall[n])
    return found


def _kind_of(row: Row) -> str:
    kinds = {kind for kind in row if kind is not None}
    return kinds.pop() if len(kinds) == 1 else DIFFERING


def _of_group(
    rows: Sequence[Sequence[Row]], groups: Sequence[Sequence[str]], group: str
) -> list[list[Row]]:
    return [
        [row for row, of in zip(*pair, strict=True) if of == group]
        for pair in zip(rows, groups, strict=True)
    ]


def _agreement(
    rows: Sequence[Sequence[Row]], categories: Sequence[str], names: Sequence[str], draws: Draws
) -> dict[str, Any]:
    of = draw_codes([_codes(of, categories, len(names)) for of in rows], len(categories), draws)
    found: dict[str, Any] = {"n_units": sum(map(len, rows)), "n_paired": of.n_paired}
    found |= {key: of.interval(coefficient) for key, coefficient in _COEFFICIENTS.items()}
    found["categories"] = {name: _category(n, categories, of) for n, name in enumerate(categories)}
    found["confusions"] = [
        {"coders": [names[a], names[b]], "counts": confusion.astype(int).tolist()}
        for (a, b), confusion in zip(
            itertools.combinations(range(len(names)), 2), of.total.confusions, strict=True
        )
    ]
    return found


def _category(n: int, categories: Sequence[str], of: DrawnCodes) -> dict[str, Any]:
    row = of.total.coincidences[n]
    others = np.where(np.arange(len(row)) == n, 0, row)
    most = int(others.argmax())
    return {
        "n": round(row.sum()),
        "specific": of.interval(specific_agreement, n),
        "alpha": of.interval(category_alpha, n),
        "confused_with": categories[most] if others[most] > 0 else None,
        "share_confused": float(others[most] / row.sum()) if others[most] > 0 else None,
    }


def _brief(
    rows: Sequence[Sequence[Row]], categories: Sequence[str], n_coders: int, draws: Draws
) -> dict[str, Any]:
    of = draw_codes([_codes(of, categories, n_coders) for of in rows], len(categories), draws)
    return {
        "n_units": sum(map(len, rows)),
        "n_paired": of.n_paired,
        "raw": of.interval(raw_agreement),
        "alpha": of.interval(krippendorff_alpha),
    }


def _codes(rows: Sequence[Row], categories: Sequence[str], n_coders: int) -> NDArray[np.int64]:
    number = {name: n for n, name in enumerate(categories)}
    codes = [[MISSING if value is None else number[value] for value in row] for row in rows]
    return np.array(codes, dtype=np.int64).reshape(-1, n_coders)


def _word_agreement(shared: Sequence[SharedArticle], draws: Draws) -> dict[str, Any]:
    codes = []
    for one in shared:
        columns = [
            None if of is None else code_words(one.article.text, [quote.content for quote in of])
            for of in one.quotes
        ]
        size = next(len(column) for column in columns if column is not None)
        missing = np.full(size, MISSING)
        codes.append(np.column_stack([missing if of is None else of for of in columns]))
    alpha = draw_codes(codes, 2, draws).interval(krippendorff_alpha)
    return {"n_words": sum(map(len, codes)), "alpha": alpha}


def _pair_matching(
    shared: Sequence[SharedArticle], names: Sequence[str], draws: Draws
) -> list[dict[str, Any]]:
    rows = []
    for pair in itertools.combinations(range(len(names)), 2):
        both = [one for one in shared if pair in one.matches]
        if not both:
            continue
        sides = [[one.quotes[n] or () for n in pair] for one in both]
        matches = [one.matches[pair] for one in both]
        kinds: dict[str, Any] = {}
        for kind in ("all", *KINDS):
            asked = [known for known in KINDS if kind in ("all", known)]
            counts = [
                count_found_quotes([q.kind for q in a], [q.kind for q in b], m, asked)
                for (a, b), m in zip(sides, matches, strict=True)
            ]
            total = sum_counts(counts)
            kinds[kind] = {
                "n": [total.gold, total.predicted],
                "n_matched": [total.recalled, total.correct],
                "f1": draw_f1(counts, draws),
            }
        identical = sum(
            a[i].content == b[j].content
            for (a, b), m in zip(sides, matches, strict=True)
            for i, j in m
        )
        coders = [names[n] for n in pair]
        rows.append({"coders": coders, "articles": len(both), "identical": identical, **kinds})
    return rows


def _weakest(variables: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Categories whose alpha is defined, the lowest first; then by variable and codebook order."""
    rows = [
        {"variable": variable, "category": name, **category}
        for variable, of in variables.items()
        for name, category in of["categories"].items()
        if category["alpha"]["value"] is not None
    ]
    return sorted(rows, key=lambda row: float(row["alpha"]["value"]))
