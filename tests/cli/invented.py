"""Invented articles, a folder coded by hand, a classifier without torch, and the command line."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framing.cli import main
from framing.codebook import Codebook, load_codebook
from framing.models.classifier import predictions_from_probabilities
from framing.models.units import Unit
from framing.pipeline import extract_corpus
from framing.records import Prediction

__all__ = ["TARGET", "WordClassifier", "label_all", "run", "write_articles"]

TARGET = "the closing of the Varn bridge"
_PEOPLE = ("Ada Brook", "Ivo Lund", "Tess Vale", "Carl Dune", "Mina Holt", "Rosa Finch")
_PARAGRAPHS = (
    "“We closed the bridge to keep people safe,” said Colonel {}, who commands the district.",
    "“The bridge was our only road to the hospital,” said {}, a baker from the old town.",
    "“Nobody asked the families who live here,” said {}, a teacher.",
    "“The army had no other choice that night,” Defence Minister {} told reporters.",
    "“It will be open again by the end of the month,” said {}, a spokesman for the city.",
    "“My mother has not seen a doctor since Friday,” said {}, a nurse.",
)


def write_articles(path: Path, n_articles: int = 3, **fields: Any) -> Path:
    """Articles with six direct quotes each, as JSON Lines."""
    lines = []
    for n in range(n_articles):
        quotes = [
            paragraph.format(_PEOPLE[(n + k) % len(_PEOPLE)])
            for k, paragraph in enumerate(_PARAGRAPHS)
        ]
        opening = f"Day {n + 1} of the closing brought long queues to both banks of the river."
        article = {
            "id": f"a{n}",
            "title": f"Varn bridge closed for day {n + 1}",
            "text": "\n\n".join([opening, *quotes]),
            "outlet": ("Varn Post", "River Radio")[n % 2],
            "date": f"2024-03-{n + 1:02d}",
            **fields,
        }
        lines.append(json.dumps(article))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def label_all(folder: Path, *, annotator: str = "adjudicated") -> None:
    """Label every quote critical and every speaker civilian, under the shipped codebook."""
    digest = load_codebook().digest
    lines = []
    for name, variable, value in (
        ("quotes", "stance", "critical"),
        ("speakers", "role", "civilian"),
    ):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            label = {
                "unit_id": json.loads(line)["id"],
                "variable": variable,
                "value": value,
                "annotator": annotator,
                "codebook": digest,
            }
            lines.append(json.dumps(label))
    (folder / "labels.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def extracted(tmp_path: Path) -> Path:
    """A folder of `extract_corpus` with three articles."""
    articles = write_articles(tmp_path / "articles.jsonl")
    extract_corpus(articles, out=tmp_path / "work")
    return tmp_path / "work"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WordClassifier:
    """A real `Classifier`: the more a unit speaks of the first category's word, the surer."""

    variable: str
    word: str
    book: Codebook
    name: str = "words"

    @property
    def categories(self) -> tuple[str, ...]:
        return self.book.variable(self.variable).names

    @property
    def codebook(self) -> str:
        return self.book.digest

    @property
    def card(self) -> dict[str, Any]:
        return {"caveats": ["It counts one word."]}

    def predict(self, units: Sequence[Unit]) -> list[Prediction]:
        counts = np.array([unit.quote.count(self.word) + 1 for unit in units], dtype=float)
        rows = np.ones((len(units), len(self.categories)))
        rows[:, 0] = counts
        return predictions_from_probabilities(
            units,
            rows / rows.sum(axis=1, keepdims=True),
            variable=self.variable,
            model=self.name,
            codebook=self.codebook,
            categories=self.categories,
        )


def run(*arguments: str | Path) -> int:
    """Run the command line in this process; its exit code."""
    with pytest.raises(SystemExit) as exit_:
        main([str(argument) for argument in arguments])
    return int(exit_.value.code or 0)
