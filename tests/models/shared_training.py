"""A training to be launched in several processes: each writes which rows it was given, in order."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import datasets
import torch

from framing.models.trainer import run_trainer
from framing.models.training_config import Schedule


class _Watched(torch.nn.Module):
    """Draws, as dropout does, numbers that depend on the rows: here, on the process too."""

    def __init__(self) -> None:
        super().__init__()
        self.head = torch.nn.Linear(1, 1)
        self.seen: list[int] = []

    def forward(
        self,
        given: torch.Tensor,
        targets: torch.Tensor,  # noqa: ARG002 -- the Trainer passes it
    ) -> dict[str, torch.Tensor]:
        torch.rand(1 + int(os.environ["RANK"]))
        self.seen += [int(number) for number in given.ravel().tolist()]
        return {"loss": self.head(given).mean(), "logits": given}


def _collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    given = torch.tensor([[float(row["number"])] for row in rows])
    return {"given": given, "targets": given}


if __name__ == "__main__":
    out = Path(sys.argv[1])
    model = _Watched()
    run_trainer(
        model,
        datasets.Dataset.from_list([{"number": n, "length": 1 + n % 7} for n in range(64)]),
        schedule=Schedule(epochs=3, batch_size=8, threads=1),
        collate=_collate,
        folder=out / "checkpoints",
        seed=0,
    )
    (out / f"{os.environ['RANK']}.json").write_text(json.dumps(model.seen), encoding="utf-8")
