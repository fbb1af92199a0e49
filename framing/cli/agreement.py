"""`framing agreement`: coders against each other, and against gold."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from framing.cli.options import BookOption, LevelOption, QuietOption, SeedOption
from framing.cli.terminal import tell
from framing.errors import count

__all__ = ["agreement", "agreement_tables"]

_N_WEAKEST = 8
_COEFFICIENTS = {"raw": "raw", "alpha": "alpha", "kappa": "Cohen's kappa", "ac1": "Gwet's AC1"}
_SCORES = ("precision", "recall")

Cells = Sequence[str]


def agreement(
    codings: Annotated[
        list[Path],
        typer.Argument(
            metavar="CODING",
            help="Folders of one coder each: quotes.jsonl, speakers.jsonl, labels.jsonl; "
            "articles.jsonl there or up to two folders above.",
        ),
    ],
    *,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="GOLD",
            help='Score each coder against gold: a folder with labels by "adjudicated", or a '
            "gold.jsonl.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Folder for agreement.json, figures and run.json, if wanted."
        ),
    ] = None,
    level: LevelOption = 0.95,
    resamples: Annotated[
        int, typer.Option(metavar="N", min=100, help="Draws of the bootstrap over articles.")
    ] = 1000,
    seed: SeedOption = 0,
    codebook: BookOption = None,
    quiet: QuietOption = False,
) -> None:
    """How far coders agree, by quote, label and category.

    Prints which quotes both found (F1 of matched quotes, alpha over words), then Krippendorff's
    alpha, Cohen's kappa, Gwet's AC1 and raw agreement of every variable, of each category and by
    kind of quote, with intervals from a bootstrap over articles. Labels are compared where both
    found the quote; what only one found lowers the first table, not the others.

    Examples:
      framing agreement coders/ada coders/ben --out agreement
      framing agreement coders/new --against coders/gold
    """
    from framing.pipeline.coder_comparison import compare_codings

    step = compare_codings(
        codings,
        seed=seed,
        against=against,
        out=out,
        level=level,
        n_resamples=resamples,
        codebook=codebook,
    )
    print(agreement_tables(step.results))
    tell(*(f"note: {note}" for note in step.notes), quiet=quiet)
    if out is not None:
        tell(f"Wrote {out}", quiet=quiet)


def agreement_tables(results: Mapping[str, Any]) -> str:
    """The tables of a comparison as text.

    Args:
        results: Of `framing.pipeline.coder_comparison.compare_codings`.
    """
    blocks: list[str] = []
    if results["agreement"]:
        blocks += _comparison(results["agreement"], results["level"])
    for name, found in results["against"].items():
        blocks += _comparison(found, results["level"], title=f"{name} against gold")
    return "\n\n".join(blocks)


def _comparison(found: Mapping[str, Any], level: float, title: str = "") -> Iterator[str]:
    title = title or ", ".join(found["coders"])
    yield (
        f"== {title}: {count(found['articles'], 'article')} in common; "
        f"[{level:.0%} interval over articles]"
    )
    scored = any("recall" in of for of in found["kind"]["categories"].values())
    yield _table(
        "Quotes found, matched where they share half of the union of their words",
        ["coders", "kind", "first", "second", "matched", "F1", *_SCORES * scored],
        list(_pair_rows(found, scored=scored)),
    )
    words = found["words"]
    identical = "; ".join(
        f"{' and '.join(pair['coders'])}: {pair['identical']:,} of "
        f"{count(pair['all']['n_matched'][0], 'matched quote')} "
        f"{'has' if pair['identical'] == 1 else 'have'} identical content"
        for pair in found["pairs"]
    )
    yield (
        f"{identical}\nwords inside or outside quotes: alpha {_shown(words['alpha'])} "
        f"over {words['n_words']:,} words"
    )
    measured = {"kind": found["kind"], **found["variables"]}
    yield _table(
        "Labels, conditional on matched quotes",
        ("variable", "unit", "n", *_COEFFICIENTS.values()),
        [
            (name, of["unit"], _of(of), *(_shown(of[key]) for key in _COEFFICIENTS))
            for name, of in measured.items()
        ],
    )
    yield _category_table(found["variables"], scored=scored)
    yield _table(
        "By kind of quote; a speaker's category counts once for each quote",
        ("variable", "kind", "n", "raw", "alpha"),
        [
            (name, kind, _of(of), _shown(of["raw"]), _shown(of["alpha"]))
            for name, kinds in found["by_kind"].items()
            for kind, of in kinds.items()
        ],
    )
    yield _weakest_table(found["weakest"])


def _pair_rows(found: Mapping[str, Any], *, scored: bool) -> Iterator[Cells]:
    for pair in found["pairs"]:
        coders = ", ".join(pair["coders"])
        for kind in ("all", "direct", "mixed", "indirect"):
            of = pair[kind]
            one, other = of["n_matched"]
            matched = f"{one:,}" if one == other else f"{one:,} / {other:,}"
            counts = [f"{n:,}" for n in of["n"]]
            row = [coders if kind == "all" else "", kind, *counts, matched, _shown(of["f1"])]
            if scored:  # the first is gold
                row += [_ratio(other, of["n"][1]), _ratio(one, of["n"][0])]
            yield row


def _category_table(variables: Mapping[str, Any], *, scored: bool) -> str:
    rows = []
    for name, of in variables.items():
        for category, value in of["categories"].items():
            row = [name, category, f"{value['n']:,}", _shown(value["specific"])]
            row.append(_shown(value["alpha"]))
            if scored:
                row += [_number(value["precision"]), _number(value["recall"])]
            rows.append(row)
    head = ["variable", "category", "given", "specific agreement", "alpha against the rest"]
    return _table("By category", [*head, *_SCORES * scored], rows)


def _weakest_table(weakest: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for of in [of for of in weakest if of["alpha"]["value"] < 1][:_N_WEAKEST]:
        mostly = f"{of['confused_with']} ({of['share_confused']:.1%} of its labels)"
        rows.append((of["variable"], of["category"], _shown(of["alpha"]), mostly))
    if not rows:
        return "Weakest categories: none, for no label differs"
    return _table(
        "Weakest categories", ("variable", "category", "alpha", "differs most with"), rows
    )


def _table(title: str, head: Cells, rows: Sequence[Cells]) -> str:
    table = [head, *rows]
    widths = [max(len(row[n]) for row in table) for n in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
             for row in table]  # fmt: skip
    return "\n".join([title, *(f"  {line.rstrip()}" for line in lines)])


def _of(found: Mapping[str, Any]) -> str:
    """Units with two values, of all units where some lack one."""
    if found["n_paired"] == found["n_units"]:
        return f"{found['n_units']:,}"
    return f"{found['n_paired']:,} of {found['n_units']:,}"


def _shown(interval: Mapping[str, Any]) -> str:
    if interval["value"] is None:
        return "undefined"
    if interval["low"] is None:
        return f"{interval['value']:.3f} [-]"
    return f"{interval['value']:.3f} [{interval['low']:.3f}, {interval['high']:.3f}]"


def _ratio(part: int, whole: int) -> str:
    return _number(part / whole if whole else None)


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
