"""The report of a run: a page to read, tables to compute with, figures to print."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from framing import figures
from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import replace_file, write_jsonl
from framing.records import (
    Article,
    ArticleBalance,
    Exclusion,
    Extraction,
    Label,
    Prediction,
)
from framing.report.judgements import Coding
from framing.report.models import ModelNote
from framing.report.overview import view_overview
from framing.report.page import render
from framing.report.tables import write_balance_csv, write_latex
from framing.report.views import ArticleView, view_article

__all__ = ["MAX_IN_ONE_PAGE", "write_report"]

MAX_IN_ONE_PAGE = 200  # articles; above, each has a page of its own


def write_report(
    out: Path,
    *,
    articles: Sequence[Article],
    extractions: Mapping[str, Extraction],
    predictions: Sequence[Prediction],
    labels: Sequence[Label],
    balances: Sequence[ArticleBalance],
    exclusions: Sequence[Exclusion],
    codebook: Codebook,
    notes: Sequence[str] = (),
    models: Sequence[ModelNote] = (),
    run: Mapping[str, str] | None = None,
    include_text: bool = True,
) -> list[Path]:
    """Write the report of `articles` into the folder `out`.

    `index.html` is one file that loads nothing; above 200 articles it links to one page per
    article under `articles/`. Beside it: `balance.csv`, `balance.jsonl`, `figures/` (PDF and PNG)
    and `tables/` (LaTeX). Equal records give equal bytes. Every file takes its place only when
    it is whole.

    Args:
        out: Folder; made when missing.
        articles: In the order in which they are shown. An empty sequence gives a report that says
            so.
        extractions: By article id; an article without one is shown as having no quotes.
        predictions: Of roles and stances.
        labels: Given by hand; they outrank predictions.
        balances: Of the articles; those without one are shown as not measured.
        exclusions: What was left out on the way, with its reason.
        codebook: What was asked.
        notes: Caveats that a reader must know.
        models: The models that predicted.
        run: Facts of the run that are the same in an equal run, by name; no clock, no machine.
        include_text: Whether headlines and words of the articles are shown. Without them, speakers
            are numbered, articles go by their ids, and ids, outlets, dates, addresses and numbers
            remain.

    Returns:
        The files written.

    Raises:
        DataError: Records do not fit each other or the codebook; an id is used twice.
    """
    out = Path(out)
    _check_ids(articles, extractions, balances)
    coding = Coding.of(codebook, labels, predictions)
    by_article = {balance.article_id: balance for balance in balances}
    left_out: dict[str, list[Exclusion]] = {}
    for exclusion in exclusions:
        left_out.setdefault(exclusion.article_id, []).append(exclusion)
    views = [
        view_article(
            number,
            article,
            extractions.get(article.id) or Extraction(article_id=article.id),
            by_article.get(article.id),
            left_out.get(article.id, ()),
            coding,
            include_text=include_text,
        )
        for number, article in enumerate(articles, 1)
    ]
    ordered = [by_article[a.id] for a in articles if a.id in by_article]
    if not include_text:
        ordered = [_without_headline(balance) for balance in ordered]
    overview = view_overview(views, ordered, exclusions, coding, include_text=include_text)

    paths = [write_balance_csv(out / "balance.csv", ordered), out / "balance.jsonl"]
    write_jsonl(paths[1], ordered)
    paths += _write_figures(out / "figures", views, ordered, coding)
    paths += write_latex(out / "tables", views, overview, models, coding)
    values = {
        "codebook": codebook,
        "coding": coding,
        "definitions": {c.name: c.definition for c in coding.stance.categories},
        "files": [path.relative_to(out).as_posix() for path in paths],
        "include_text": include_text,
        "models": models,
        "notes": notes,
        "overview": overview,
        "run": run or {},
        "used": {value.index for balance in ordered for value in balance.values},
    }
    return _write_pages(out, views, values) + paths


def _check_ids(
    articles: Sequence[Article],
    extractions: Mapping[str, Extraction],
    balances: Sequence[ArticleBalance],
) -> None:
    known = {article.id for article in articles}
    if len(known) < len(articles):
        ids = [article.id for article in articles]
        twice = next(one for one in ids if ids.count(one) > 1)
        raise DataError(f"report: article {twice!r} is given twice; ids must differ")
    measured = [balance.article_id for balance in balances]
    if len(set(measured)) < len(measured):
        twice = next(one for one in measured if measured.count(one) > 1)
        raise DataError(f"report: article {twice!r} has two balance records; give one")
    for what, ids in (("an extraction", list(extractions)), ("a balance record", measured)):
        for one in ids:
            if one not in known:
                raise DataError(
                    f"report: {what} belongs to article {one!r}, which is not among the "
                    "articles; give that article too"
                )


def _without_headline(balance: ArticleBalance) -> ArticleBalance:
    return dataclasses.replace(balance, target="") if balance.target_is_title else balance


def _write_pages(out: Path, views: Sequence[ArticleView], values: Mapping[str, Any]) -> list[Path]:
    paged = len(views) > MAX_IN_ONE_PAGE
    marks = list(values["coding"].marks.values())
    pages = {out / "index.html": ("index.html", {"views": views, "paged": paged})}
    if paged:
        for place, view in enumerate(views):
            pages[out / "articles" / f"{view.key}.html"] = (
                "article.html",
                {
                    "view": view,
                    "before": views[place - 1].key if place else "",
                    "after": views[place + 1].key if place + 1 < len(views) else "",
                },
            )
    for path, (template, own) in pages.items():
        with replace_file(path) as file:
            file.write(render(template, marks, {**values, **own}))
    return list(pages)


def _write_figures(
    folder: Path,
    views: Sequence[ArticleView],
    balances: Sequence[ArticleBalance],
    coding: Coding,
) -> list[Path]:
    """All figures that the records allow; articles by tilt, those without one last."""
    by_id = {view.article.id: view for view in views}
    names = {view.article.id: view.title for view in views}
    rows = sorted(balances, key=lambda balance: _order(by_id[balance.article_id]))
    counts = figures.role_counts(rows)
    roles = [r for r in (coding.role.names if coding.role else ()) if any(
        counts.get((r, stance), 0) > 0 for stance in coding.stance.names)]  # fmt: skip
    paths = []
    if rows:
        figure, ax = figures.new_figure(len(rows))
        figures.plot_shares(rows, coding.marks, ax=ax, names=names)
        paths += figures.save_figure(figure, folder / "shares")
        if coding.stance.positive:
            figure, ax = figures.new_figure(len(rows))
            figures.plot_tilt(rows, coding.marks, ax=ax, names=names)
            paths += figures.save_figure(figure, folder / "tilt")
    if roles:
        figure, ax = figures.new_figure(len(roles))
        figures.plot_roles(counts, roles, coding.stance.names, ax=ax)
        paths += figures.save_figure(figure, folder / "roles")
    if views:
        figure, ax = figures.new_figure(len(views))
        shown = sorted(views, key=_order)
        voices = [[p for voice in view.voices for p, _ in voice.passages] for view in shown]
        figures.plot_voices(voices, coding.marks, [view.title for view in shown], ax=ax)
        paths += figures.save_figure(figure, folder / "voices")
    return paths


def _order(view: ArticleView) -> tuple[float, int]:
    tilt = view.tilt.value if view.tilt else None
    return (math.inf if tilt is None else -tilt, view.number)
