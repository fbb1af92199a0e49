"""Where a classifier errs: scores by role, kind, lean, length, and what training has seen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook import Codebook, Variable
from framing.jsonl import read_jsonl
from framing.records import Article, Label, Prediction, Quote, Speaker

if TYPE_CHECKING:
    from framing.models.units import Unit

__all__ = ["group_units", "score_groups"]

_LENGTHS = ((10, "1–10 words"), (20, "11–20 words"), (40, "21–40 words"))
_LONGER = "over 40 words"
_NONE = "(none)"


def group_units(
    folder: Path, units: Sequence["Unit"], *, codebook: Codebook, split: str
) -> dict[str, list[str]]:
    """What each unit is grouped by.

    Args:
        folder: Of coded articles, with labels.
        units: Quotes or speakers of it.
        codebook: Of the labels.
        split: Column of the articles that names the parts, of which "train" was learned from.

    Returns:
        For "kind" (of quote or speaker), "lean" (of the outlet, where articles say so), "length"
        (of what is said), "named", "event" (whether an article of the same was learned from), and
        each variable that is given to speakers ("role"): a group for each unit; "(none)" where it
        is not known, or where coders differ on it.
    """
    articles = {one.id: one for one in read_jsonl(folder / "articles.jsonl", Article)}
    speaker_of = {q.id: q.speaker_id for q in read_jsonl(folder / "quotes.jsonl", Quote)}
    speaker_of |= {s.id: s.id for s in read_jsonl(folder / "speakers.jsonl", Speaker)}
    labels = read_jsonl(folder / "labels.jsonl", Label)
    event_of = {one.id: one.group.get("event", "") for one in articles.values()}
    learned = {event_of[one.id] for one in articles.values() if one.group.get(split) == "train"}
    groups = {
        "kind": [unit.kind or _NONE for unit in units],
        "lean": [articles[unit.article_id].group.get("lean", _NONE) for unit in units],
        "length": [_length(unit.quote) for unit in units],
        "named": ["named" if unit.named else "not named" for unit in units],
        "event": [_seen(event_of[unit.article_id], learned) for unit in units],
    }
    for variable in codebook.variables:
        if variable.unit == "speaker":
            values = _settled(labels, variable)
            groups[variable.name] = [values.get(speaker_of[u.id] or "", _NONE) for u in units]
    return groups


def score_groups(
    predictions: Sequence[Prediction],
    values: Sequence[str],
    units: Sequence["Unit"],
    groups: Mapping[str, Sequence[str]],
    *,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """Scores of the units of each group, worst accuracy first within what they are grouped by.

    Args:
        predictions: Of the units.
        values: Their gold categories.
        units: The units.
        groups: From `group_units`.
        rng: Draws articles.

    Returns:
        Rows of "by", "group", "n", "n_articles", "accuracy" and "macro_f1" (value, low, high;
        the latter two null in a group of one article). Macro-F1 is over the categories that
        occur in the group, so groups differ in it by their mix, too; it is null in a group of
        one category, as those of the variable itself are, since nothing in it can be taken for
        that category by mistake.
    """
    from framing.metrics.classification import (
        Interval,
        accuracy,
        bootstrap_articles,
        confusion_matrix,
        macro_f1,
    )

    categories = predictions[0].categories
    gold = np.array([categories.index(value) for value in values])
    said = np.array([categories.index(one.value) for one in predictions])
    rows = []
    for by, of_units in groups.items():
        found = []
        for group in sorted(set(of_units)):
            mine = np.array([i for i, name in enumerate(of_units) if name == group])
            articles = [units[i].article_id for i in mine]
            row: dict[str, Any] = {"by": by, "group": group, "n": len(mine)}
            row["n_articles"] = len(set(articles))
            for name, score in (("accuracy", accuracy), ("macro_f1", macro_f1)):

                def statistic(drawn: Any, score: Any = score, mine: Any = mine) -> float:
                    rows_drawn = mine[drawn]
                    table = confusion_matrix(
                        gold[rows_drawn], said[rows_drawn], n_categories=len(categories)
                    )
                    return float(score(table))

                if score is macro_f1 and len(set(gold[mine].tolist())) == 1:
                    interval = Interval(float("nan"), float("nan"), float("nan"), 0)
                elif row["n_articles"] > 1:
                    interval = bootstrap_articles(statistic, articles, rng=rng)
                else:
                    value = statistic(np.arange(len(mine)))
                    interval = Interval(value, float("nan"), float("nan"), 0)
                row[name] = {
                    end: None if np.isnan(x := getattr(interval, end)) else round(x, 4)
                    for end in ("value", "low", "high")
                }
            found.append(row)
        rows += sorted(found, key=lambda row: float(row["accuracy"]["value"]))
    return rows


def _settled(labels: Iterable[Label], variable: Variable) -> dict[str, str]:
    """The value of each unit, as it is scored by: adjudicated, or what all coders say."""
    from framing.models.labelled_units import target_shares

    of_unit: dict[str, list[Label]] = {}
    for label in labels:
        if label.variable == variable.name:
            of_unit.setdefault(label.unit_id, []).append(label)
    shares = {unit: target_shares(given, variable.names) for unit, given in of_unit.items()}
    return {u: variable.names[x.argmax()] for u, x in shares.items() if x.max() == 1}


def _seen(event: str, learned: Collection[str]) -> str:
    if not event:
        return _NONE
    return "in training too" if event in learned else "not in training"


def _length(quote: str) -> str:
    n = len(quote.split())
    return next((name for most, name in _LENGTHS if n <= most), _LONGER)
