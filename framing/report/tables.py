"""Tables to work with: balance.csv for statistics, LaTeX for the paper."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from framing.jsonl import replace_file
from framing.records import ArticleBalance, BalanceValue
from framing.report.judgements import Coding
from framing.report.models import ModelNote
from framing.report.numerals import NBSP, interval_text, value_text
from framing.report.overview import Overview
from framing.report.views import ArticleView

__all__ = ["CSV_COLUMNS", "write_balance_csv", "write_latex"]

CSV_COLUMNS = (
    "article_id", "index", "weight", "value", "low", "high", "level", "naive", "n",
    "excluded_reason", "as_found", "missed_none", "missed_all",
)  # fmt: skip


def write_balance_csv(path: Path, balances: Sequence[ArticleBalance]) -> Path:
    """One row per article and index; an empty cell where there is no value, never a zero.

    Numbers have all the digits that are needed to read the same number back.
    """
    with replace_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for balance in balances:
            for value in balance.values:
                writer.writerow([getattr(value, column) for column in CSV_COLUMNS])
    return path


def write_latex(
    folder: Path,
    views: Sequence[ArticleView],
    overview: Overview,
    models: Sequence[ModelNote],
    coding: Coding,
) -> list[Path]:
    r"""Tables in LaTeX for `\input` (package booktabs; longtable for the articles).

    Articles go by their id. Everything that comes from outside is escaped.
    """
    stances = coding.stance.names
    balance = [
        {
            "Article": view.article.id,
            "Quotes": str(len(view.quotes)),
            **{_title(name): _share(view, name) for name in stances},
            **({"Tilt": _cell(view.tilt)} if coding.stance.positive else {}),
        }
        for view in views
    ]
    roles = [
        {
            "Role": _title(row.role),
            **{_title(s): f"{n:.1f}" for s, n in zip(stances, row.counts, strict=True)},
            "All": f"{row.total:.1f}",
        }
        for row in overview.roles
    ]
    scores = [
        {
            "Model": note.name,
            "Variable": note.variable,
            "Score": name,
            "Value": f"{value:.2f}",
            "Interval": "" if low is None or high is None else f"{low:.2f} to {high:.2f}",
        }
        for note in models
        for name, value, low, high in note.scores
    ]
    level = f"{overview.level:.0%}".replace("%", r"~\%") if overview.level else ""
    tables = {
        "balance": (
            balance,
            f"{_title(coding.stance.name)} shares by quote in percent"
            + (" and tilt" if coding.stance.positive else "")
            + (f", {level} predictive intervals in brackets." if level else "."),
        ),
        "roles": (
            roles,
            f"Expected number of quotes by {_plain(coding.role.name if coding.role else '')} and "
            f"{_plain(coding.stance.name)}.",
        ),
        "models": (scores, "Scores of the models."),
    }
    return [
        _write(folder / f"{name}.tex", rows, caption, f"tab:{name}", long=name == "balance")
        for name, (rows, caption) in tables.items()
        if rows
    ]


def _write(
    path: Path, rows: Sequence[Mapping[str, str]], caption: str, label: str, *, long: bool
) -> Path:
    import pandas as pd

    columns = "l" + "r" * (len(rows[0]) - 1)
    blanks = re.compile(rf"[^\S{NBSP}]+")
    table = pd.DataFrame([{k: blanks.sub(" ", v) for k, v in row.items()} for row in rows])
    source = table.to_latex(
        index=False, escape=True, column_format=columns, caption=caption, label=label,
        longtable=long,
    )  # fmt: skip
    with replace_file(path) as file:
        file.write("% needs \\usepackage{booktabs" + (",longtable}\n" if long else "}\n"))
        file.write(source.replace("−", "$-$").replace("–", "--").replace(NBSP, "~"))
    return path


def _share(view: ArticleView, category: str) -> str:
    found = (value for value in view.main if value.index == f"share_{category}")
    return _cell(next(found, None))


def _cell(value: BalanceValue | None) -> str:
    """The value with its interval; percent without the sign, which the caption has."""
    if value is None or value.value is None:
        return "–"
    shown = value_text(value.index, value.value)
    shown = shown if value.low is None else f"{shown} [{interval_text(value)}]"
    return shown.replace(f"{NBSP}%", "")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _title(name: str) -> str:
    return _plain(name).capitalize()
