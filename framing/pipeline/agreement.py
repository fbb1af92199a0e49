"""How far several codings of the same articles agree: units, labels, categories, and the draws.

Labels can be compared only where two coders found the same quote, so every coefficient of labels
is conditional on matched units; the agreement on the units themselves stands beside it.
"""

import dataclasses
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import numpy as np

from framing.codebook import Codebook
from framing.errors import DataError
from framing.metrics.agreement import (
    MISSING,
    CodeCounts,
    bootstrap_agreement,
    category_alpha,
    cohen_kappa,
    count_codes,
    gwet_ac1,
    krippendorff_alpha,
    raw_agreement,
    specific_agreement,
    sum_code_counts,
)
from framing.metrics.classification import Interval, precision_recall_f1
from framing.metrics.found_quotes import count_found_quotes
from framing.metrics.spans import Counts, bootstrap_counts, sum_counts
from framing.metrics.unit_agreement import code_words
from framing.pipeline.coded_units import Row, SharedArticle, quote_row, share_articles, speaker_rows
from framing.pipeline.codings import Coding
from framing.records import Quote, QuoteKind

__all__ = ["DIFFERING", "Draws", "measure_against", "measure_agreement"]

KINDS: tuple[QuoteKind, ...] = get_args(QuoteKind)
DIFFERING = "differing"  # quotes whose kind the coders see differently
_COEFFICIENTS: Mapping[str, Callable[[CodeCounts], float]] = {
    "raw": raw_agreement,
    "alpha": krippendorff_alpha,
    "kappa": cohen_kappa,
    "ac1": gwet_ac1,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """How intervals are drawn over articles; every statistic sees the same draws."""

    level: float = 0.95
    n_resamples: int = 1000
    seed: int


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
        `low`, `high`, `n_undefined` (draws), null where undefined.

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
            kind: _brief(_of_group(of_quotes, groups, kind), variable.names, draws)
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
            category["precision"] = _number(precision[n])
            category["recall"] = _number(recall[n])
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
    counts = [_count(of, categories, len(names)) for of in rows]
    total = sum_code_counts(counts)
    found: dict[str, Any] = {"n_units": sum(map(len, rows)), "n_paired": round(total.n_paired)}
    found |= {key: _draw(f, counts, draws) for key, f in _COEFFICIENTS.items()}
    found["categories"] = {
        name: _category(n, categories, counts, total, draws) for n, name in enumerate(categories)
    }
    found["confusions"] = [
        {"coders": [names[a], names[b]], "counts": confusion.astype(int).tolist()}
        for (a, b), confusion in zip(
            itertools.combinations(range(len(names)), 2), total.confusions, strict=True
        )
    ]
    return found


def _category(
    n: int,
    categories: Sequence[str],
    counts: Sequence[CodeCounts],
    total: CodeCounts,
    draws: Draws,
) -> dict[str, Any]:
    row = total.coincidences[n]
    others = np.where(np.arange(len(row)) == n, 0, row)
    most = int(others.argmax())
    return {
        "n": round(row.sum()),
        "specific": _draw(lambda c: float(specific_agreement(c)[n]), counts, draws),
        "alpha": _draw(lambda c: float(category_alpha(c)[n]), counts, draws),
        "confused_with": categories[most] if others[most] > 0 else None,
        "share_confused": _number(others[most] / row.sum()) if others[most] > 0 else None,
    }


def _brief(
    rows: Sequence[Sequence[Row]], categories: Sequence[str], draws: Draws
) -> dict[str, Any]:
    n_coders = next((len(row) for of in rows for row in of), 2)
    counts = [_count(of, categories, n_coders) for of in rows]
    return {
        "n_units": sum(map(len, rows)),
        "n_paired": round(sum_code_counts(counts).n_paired),
        "raw": _draw(raw_agreement, counts, draws),
        "alpha": _draw(krippendorff_alpha, counts, draws),
    }


def _count(rows: Sequence[Row], categories: Sequence[str], n_coders: int) -> CodeCounts:
    number = {name: n for n, name in enumerate(categories)}
    codes = [[MISSING if v is None else number[v] for v in row] for row in rows]
    return count_codes(np.array(codes).reshape(-1, n_coders), n_categories=len(categories))


def _word_agreement(shared: Sequence[SharedArticle], draws: Draws) -> dict[str, Any]:
    counts, n_words = [], 0
    for one in shared:
        columns = [
            None if of is None else code_words(one.article.text, [quote.content for quote in of])
            for of in one.quotes
        ]
        size = next(len(column) for column in columns if column is not None)
        missing = np.full(size, MISSING)
        table = np.column_stack([missing if column is None else column for column in columns])
        counts.append(count_codes(table, n_categories=2))
        n_words += size
    return {"n_words": n_words, "alpha": _draw(krippendorff_alpha, counts, draws)}


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
            asked = KINDS if kind == "all" else (kind,)
            counts = [
                count_found_quotes([q.kind for q in a], [q.kind for q in b], m, asked)
                for (a, b), m in zip(sides, matches, strict=True)
            ]
            total = sum_counts(counts)
            kinds[kind] = {
                "n": [total.gold, total.predicted],
                "n_matched": [total.recalled, total.correct],
                "f1": _draw_f1(counts, draws),
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


def _draw(
    statistic: Callable[[CodeCounts], float], counts: Sequence[CodeCounts], draws: Draws
) -> dict[str, Any]:
    if len(counts) < 2:  # a value, but nothing to draw from
        nan = float("nan")
        return _interval(Interval(statistic(sum_code_counts(counts)), nan, nan, 0))
    rng = np.random.default_rng(draws.seed)
    given = {"level": draws.level, "n_resamples": draws.n_resamples, "rng": rng}
    return _interval(bootstrap_agreement(statistic, counts, **given))


def _draw_f1(counts: Sequence[Counts], draws: Draws) -> dict[str, Any]:
    if len(counts) < 2:
        nan = float("nan")
        return _interval(Interval(sum_counts(counts).f1, nan, nan, 0))
    rng = np.random.default_rng(draws.seed)
    given = {"level": draws.level, "n_resamples": draws.n_resamples, "rng": rng}
    return _interval(bootstrap_counts(lambda c: c.f1, counts, **given))


def _interval(interval: Interval) -> dict[str, Any]:
    ends = {key: _number(getattr(interval, key)) for key in ("value", "low", "high")}
    return {**ends, "n_undefined": interval.n_undefined}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
