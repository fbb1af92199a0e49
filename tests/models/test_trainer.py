"""The loop of training: what it hands to the metrics."""

from pathlib import Path
from typing import Any

import datasets
import torch

from framing.models.trainer import run_trainer
from framing.models.training_config import Schedule


class _Echo(torch.nn.Module):
    """Says as logits what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.head = torch.nn.Linear(1, 1)

    def forward(
        self,
        given: torch.Tensor,
        targets: torch.Tensor,  # noqa: ARG002 -- the Trainer passes it
    ) -> dict[str, torch.Tensor]:
        return {"loss": self.head(given).mean(), "logits": given}


def _collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    given = torch.tensor([[float(row["number"])] for row in rows])
    return {"given": given, "targets": given}


def test_logits_come_in_the_order_of_the_validation_rows(tmp_path: Path) -> None:
    rows = datasets.Dataset.from_list([{"number": n, "length": 1 + n % 7} for n in range(40)])
    seen: list[tuple[int, list[float]]] = []

    def keep(prediction: Any, epoch: int) -> dict[str, float]:
        assert (prediction.predictions == prediction.label_ids).all()
        seen.append((epoch, prediction.predictions.ravel().tolist()))
        return {"score": 0.0}

    run_trainer(
        _Echo(),
        rows,
        schedule=Schedule(epochs=2, batch_size=4, threads=1),
        collate=_collate,
        folder=tmp_path,
        seed=0,
        validation=rows,
        metrics=keep,
    )
    assert seen == [(1, [*range(40)]), (2, [*range(40)])]
