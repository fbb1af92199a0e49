"""Loss and pooling, with numbers worked out by hand."""

import math
from types import SimpleNamespace

import pytest
import torch

from framing.models.unit_network import UnitNetwork, masked_mean, soft_cross_entropy


def test_soft_cross_entropy_weighs_shares_and_categories() -> None:
    # p = (2/3, 1/3) for both units. Unit 1: target (1, 0); unit 2: (1/2, 1/2); weights (1, 3).
    logits = torch.log(torch.tensor([[2.0, 1.0], [2.0, 1.0]]))
    targets, weights = torch.tensor([[1.0, 0.0], [0.5, 0.5]]), torch.tensor([1.0, 3.0])
    first, second = -math.log(2 / 3), -0.5 * math.log(2 / 3) - 3 * 0.5 * math.log(1 / 3)
    assert soft_cross_entropy(logits, targets, weights=weights).item() == pytest.approx(
        (first + second) / 2, abs=1e-6
    )
    # Focal: each term times (1 - p)^2, 1/9 and 4/9.
    first, second = first / 9, -0.5 * math.log(2 / 3) / 9 - 1.5 * math.log(1 / 3) * 4 / 9
    assert soft_cross_entropy(
        logits, targets, weights=weights, focal_gamma=2.0
    ).item() == pytest.approx((first + second) / 2, abs=1e-6)


def test_the_mean_is_over_the_mask_and_over_the_other_where_it_is_empty() -> None:
    states = torch.tensor([[[1.0], [2.0], [6.0]], [[1.0], [2.0], [6.0]]])
    mask, otherwise = torch.tensor([[0, 1, 1], [0, 0, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])
    assert masked_mean(states, mask, otherwise=otherwise).tolist() == [[4.0], [1.5]]


def test_units_of_one_variable_learn_nothing_of_another() -> None:
    network = UnitNetwork(
        _Encoder(), hidden_size=3, sizes=(2, 3), pooling=("focus", "whole", "first")
    )
    ids = torch.tensor([[1, 2, 0]])
    mask, focus = torch.tensor([[1, 1, 0]]), torch.tensor([[0, 1, 0]])
    targets = torch.tensor([[0.0, 0.0, 0.0, 1.0, 0.0]])
    found = network(ids, mask, focus, torch.tensor([1]), targets)
    shares = torch.softmax(found["logits"], dim=1)
    assert shares[0, :2].tolist() == [0.0, 0.0]
    assert shares[0, 2:].sum().item() == pytest.approx(1)
    found["loss"].backward()
    gradient = network.head.weight.grad
    assert gradient is not None
    assert gradient[:2].abs().sum() == 0
    assert gradient[2:].abs().sum() > 0


class _Encoder(torch.nn.Module):
    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> SimpleNamespace:
        states = torch.stack([input_ids, 2 * input_ids, attention_mask], dim=2).float()
        return SimpleNamespace(last_hidden_state=states)
