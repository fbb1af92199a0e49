"""The tables and the figure of e030_stance and e040_role."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.figures import CurvePoint, new_figure, plot_learning_curve, save_figure
from framing.jsonl import replace_file

ROOT = Path(__file__).resolve().parent.parent
Row = Mapping[str, Any]


def write_everything(results: Row, variable: str, *, here: Path, out: Path) -> list[Path]:
    """Put all tables between their markers in README.md, and draw the learning curve.

    Args:
        results: Of the trials.
        variable: That they are of.
        here: The experiment's folder, with README.md.
        out: Where to write; README.md is copied there when it is another folder.

    Returns:
        The figures.
    """
    text = (here / "README.md").read_text(encoding="utf-8")
    tables = {
        "scores": score_table(results["scores"]),
        "ablation": score_table(results["ablation"]),
        "differences": difference_table(results.get("differences", ())),
        "curve": "![Learning curve](learning_curve.png)\n\n" + curve_table(results["curve"]),
        "errors": error_table(results.get("errors", ())),
        "ceiling": ceiling_table(results["ceiling"]),
    }
    for name, table in tables.items():
        text = fill(text, name, f"\n\n{table}\n\n")
    with replace_file(out / "README.md") as file:
        file.write(text)
    if out == here:
        _write_headline(results, variable, here)
    return draw_curve(results["curve"], variable, out)


def write_scores(rows: Sequence[Row], variable: str, *, here: Path, out: Path) -> None:
    """Put what has been scored so far into README.md, and in a word into the overview."""
    text = (out if (out / "README.md").is_file() else here) / "README.md"
    with replace_file(out / "README.md") as file:
        file.write(
            fill(text.read_text("utf-8"), "scores", f"\n\nSo far:\n\n{score_table(rows)}\n\n")
        )
    if out == here:
        _write_headline({"scores": rows}, variable, here)


def score_table(rows: Iterable[Row]) -> str:
    """By split, units and model: macro-F1 of single seeds and of their mean, with calibration.

    Of several seeds the first, which is the one that is shipped, has a row of its own.
    """
    head = (
        "split | scored on | model | trained on | n | macro-F1 of a seed (range) | macro-F1 | "
        "accuracy | ECE | Brier | log loss | s to train"
    )
    lines = _table(head, n_words=4)
    by: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        name = str(row["name"]).partition(" (mean")[0]
        if row["n_articles"] and "articles" not in name:
            name = f"{name}, {row['n_articles']} articles"
        by.setdefault((row["split"], row["scored"], name), []).append(row)
    for (_, _, name), of in sorted(by.items(), key=lambda item: item[0][:2]):
        seeds = sorted((row for row in of if row["seed"] is not None), key=lambda r: int(r["seed"]))
        of_all = f"(mean of seeds {', '.join(str(row['seed']) for row in seeds)})"
        joined = [row for row in of if row["name"].endswith(of_all) and len(seeds) > 1]
        first = f"{name}, seed {seeds[0]['seed']}" if len(seeds) > 1 else name
        lines.append(_score_line(first, seeds[:1], seeds[0]))
        lines += [_score_line(f"{name}, mean of {len(seeds)}", seeds, row) for row in joined]
    return "\n".join(lines)


def _score_line(name: str, seeds: Sequence[Row], row: Row) -> str:
    """What `row` scored: a seed, or the mean of several, which have scored each by itself too."""
    values = [one["scores"]["macro_f1"]["value"] for one in seeds]
    each = f"{statistics.mean(values):.3f} ({min(values):.3f}–{max(values):.3f})"
    scores = row["scores"]
    return _line(
        [
            row["split"],
            row["scored"],
            name,
            f"{row['n_train_units']:,} of {row['n_train_articles']} articles",
            f"{scores['n']:,}",
            each if len(seeds) > 1 else "",
            interval(scores["macro_f1"]),
            number(scores["accuracy"]["value"]),
            interval(scores["ece"]),
            number(scores["brier"]["value"]),
            number(scores["log_loss"]["value"]),
            f"{statistics.mean(one['train_seconds'] for one in seeds):.0f}",
        ]
    )


def difference_table(rows: Iterable[Row]) -> str:
    """Paired differences in macro-F1."""
    lines = _table("scored on | model | than | macro-F1 higher by | p", n_words=3)
    for row in rows:
        cells = [row["scored"], row["reference"], row["than"], interval(row), f"{row['p']:.3f}"]
        lines.append(_line(cells))
    return "\n".join(lines)


def curve_table(rows: Iterable[Row]) -> str:
    """Macro-F1 by number of training articles."""
    lines = _table("model | scored on | articles | units | seed | macro-F1", n_words=2)
    for row in sorted(rows, key=lambda r: (r["name"], r["scored"], r["n_articles"], r["seed"])):
        cells = [row["name"], row["scored"], str(row["n_articles"]), f"{row['n_train_units']:,}"]
        lines.append(_line([*cells, str(row["seed"]), interval(row["scores"]["macro_f1"])]))
    return "\n".join(lines)


def error_table(rows: Iterable[Row]) -> str:
    """Scores by group, worst first."""
    lines = _table("scored on | by | group | n | articles | accuracy | macro-F1", n_words=3)
    for row in rows:
        cells = [row["scored"], row["by"], row["group"].replace("_", " "), f"{row['n']:,}"]
        scores = [interval(row["accuracy"]), interval(row["macro_f1"])]
        lines.append(_line([*cells, str(row["n_articles"]), *scores]))
    return "\n".join(lines)


def ceiling_table(rows: Iterable[Row]) -> str:
    """One coder scored by another."""
    lines = _table("taken as gold | scored | n | articles | macro-F1 | accuracy", n_words=2)
    for row in rows:
        cells = [row["gold"], row["coder"], f"{row['n']:,}", str(row["n_articles"])]
        lines.append(_line([*cells, interval(row["macro_f1"]), interval(row["accuracy"])]))
    return "\n".join(lines)


def draw_curve(rows: Sequence[Row], variable: str, out: Path) -> list[Path]:
    """The learning curve, of each model on what is scored first; none without rows."""
    curves: dict[str, list[CurvePoint]] = {}
    for row in rows:
        score, name = row["scores"]["macro_f1"], f"{row['name']}, {row['scored']}"
        curves.setdefault(name, []).append(
            CurvePoint(row["n_articles"], score["value"], score["low"], score["high"])
        )
    if not curves:
        return []
    figure, ax = new_figure(8)
    plot_learning_curve(dict(list(curves.items())[:4]), ax=ax, score=f"Macro-F1 of {variable}")
    return save_figure(figure, out / "learning_curve")


def _write_headline(results: Row, variable: str, here: Path) -> None:
    overview = ROOT / "experiments" / "README.md"
    known = overview.read_text(encoding="utf-8")
    with replace_file(overview) as file:
        file.write(fill(known, here.name.split("_")[0], f" {headline(results, variable)} "))


def headline(results: Row, variable: str) -> str:
    """For the table of all experiments: one model, the best on validation, on each set of units.

    Of several seeds the first, which is what is shipped: the best seed, or the best model on
    test, would be luck too, and the mean of all is a model that nobody gets.
    """
    rows = [row for row in results["scores"] if row["split"] == "split" and not row["n_articles"]]
    first = min(row["seed"] for row in rows if row["seed"] is not None)
    rows = [row for row in rows if row["seed"] == first]
    best = max(
        (row for row in rows if row["scored"] == "validation"),
        key=lambda row: row["scores"]["macro_f1"]["value"],
    )
    cells = [
        f"{row['scored']} {interval(row['scores']['macro_f1'])}"
        for row in rows
        if row["name"] == best["name"]
    ]
    return f"{variable}, macro-F1 of {best['name']}, seed {first}: {'; '.join(cells)}"


def fill(text: str, name: str, words: str) -> str:
    """The text with words between the markers of that name."""
    before, mark, rest = text.partition(f"<!-- {name} -->")
    _, end, after = rest.partition("<!-- end -->")
    if not mark or not end:
        raise SystemExit(f"README.md: no place for {name!r}")
    return f"{before}{mark}{words}{end}{after}"


def interval(score: Row) -> str:
    """Value and ends."""
    if score["low"] is None or score["high"] is None:
        return number(score["value"])
    return f"{score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"


def number(value: float | None) -> str:
    """Three decimals, or a dash where undefined."""
    return "–" if value is None else f"{value:.3f}"


def _table(head: str, n_words: int) -> list[str]:
    n = head.count("|") + 1
    return [f"| {head} |", "| --- " * n_words + "| ---: " * (n - n_words) + "|"]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
