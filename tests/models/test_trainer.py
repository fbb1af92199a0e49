"""The loop of training: what it hands to the metrics."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import datasets
import pytest
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


@pytest.mark.slow
def test_processes_share_out_the_rows_of_every_epoch(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    command += ["-m", "tests.models.shared_training", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])
    one, other = (json.loads((tmp_path / f"{n}.json").read_text("utf-8")) for n in (0, 1))
    for epoch in range(3):
        rows = slice(32 * epoch, 32 * (epoch + 1))  # 8 steps of 8 units, half of them on each
        assert sorted(one[rows] + other[rows]) == [*range(64)]
