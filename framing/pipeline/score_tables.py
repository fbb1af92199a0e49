"""Scores of models as files: JSON, CSV, a table in LaTeX, and figures."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.figures import new_figure, plot_confusion, plot_reliability, save_figure
from framing.jsonl import replace_file
from framing.records import Prediction

__all__ = ["MEASURES", "SCORES", "write_scores"]

SCORES = "scores.json"
MEASURES = (
    ("macro_f1", "macro-F1"),
    ("accuracy", "accuracy"),
    ("log_loss", "log loss"),
    ("brier", "Brier score"),
    ("ece", "calibration error"),
)


def write_scores(
    out: Path,
    scores: Mapping[str, Mapping[str, Any]],
    said: Mapping[tuple[str, str], Sequence[Prediction]],
    values: Mapping[str, Sequence[str]],
) -> list[Path]:
    """Write scores.json, scores.csv, scores.tex, and a confusion and a reliability figure each.

    Args:
        out: Folder.
        scores: By variable and model.
        said: Predictions by variable and model.
        values: Gold categories by variable, in the order of the predictions.

    Returns:
        The files.
    """
    with replace_file(out / SCORES) as file:
        json.dump(scores, file, ensure_ascii=False, indent=1, allow_nan=False)
        file.write("\n")
    with replace_file(out / "scores.csv") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_rows(scores))
    with replace_file(out / "scores.tex") as file:
        file.write(_latex(scores))
    files = [out / SCORES, out / "scores.csv", out / "scores.tex"]
    for (variable, model), predictions in said.items():
        stem = out / "figures"
        figure, ax = new_figure(len(predictions[0].categories))
        confusion = scores[variable][model]["confusion"]
        plot_confusion(confusion, predictions[0].categories, ax=ax, names=("gold", model))
        files += save_figure(figure, stem / f"confusion_{variable}_{model}")
        figure, ax = new_figure(10)
        gold = values[variable]
        plot_reliability(
            [max(one.probabilities) for one in predictions],
            [one.value == value for one, value in zip(predictions, gold, strict=True)],
            ax=ax,
        )
        files += save_figure(figure, stem / f"reliability_{variable}_{model}")
    return files


_COLUMNS = ("variable", "model", "measure", "category", "value", "low", "high", "n", "n_articles")


def _rows(scores: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for variable, by_model in scores.items():
        for model, found in by_model.items():
            same = {"variable": variable, "model": model, "n_articles": found["n_articles"]}
            for key, _ in MEASURES:
                yield {**same, "measure": key, "n": found["n"], **found[key]}
            for key, value in found.get("uncalibrated", {}).items():
                yield {**same, "measure": f"uncalibrated_{key}", "n": found["n"], "value": value}
            for category, row in found["by_category"].items():
                for key in ("precision", "recall", "f1"):
                    yield {
                        **same, "measure": key, "category": category, "value": row[key],
                        "n": row["n"],
                    }  # fmt: skip


def _latex(scores: Mapping[str, Mapping[str, Any]]) -> str:
    import pandas as pd

    rows = [
        {
            "Variable": variable,
            "Model": model,
            **{name: _cell(found[key]) for key, name in MEASURES},
        }
        for variable, by_model in scores.items()
        for model, found in by_model.items()
    ]
    level = next(found["level"] for by_model in scores.values() for found in by_model.values())
    source: str = pd.DataFrame(rows).to_latex(
        index=False,
        escape=True,
        column_format="ll" + "r" * len(MEASURES),
        caption=f"Scores with {level:.0%} intervals over articles in brackets.".replace("%", r"\%"),
        label="tab:scores",
    )
    return "% needs \\usepackage{booktabs}\n" + source.replace("–", "--")


def _cell(score: Mapping[str, float | None]) -> str:
    value, low, high = (score[end] for end in ("value", "low", "high"))
    if value is None:
        return ""
    return f"{value:.2f}" if low is None or high is None else f"{value:.2f} [{low:.2f}–{high:.2f}]"
