"""The network of a fine-tuned classifier: an encoder, what is read of it, a head per variable."""

from collections.abc import Sequence
from typing import Any

import torch

__all__ = ["UnitNetwork", "masked_mean", "soft_cross_entropy"]

# Of the categories of other variables. Far below any logit, and finite, so that a target of 0
# times its logarithm is 0.
_NEVER = -1e4


class UnitNetwork(torch.nn.Module):
    """Logits of the categories of several variables, each unit being of one.

    Args:
        encoder: A transformers model, or a `peft.PeftModel` of one.
        hidden_size: Of its vectors.
        sizes: Number of categories of each variable.
        pooling: See `framing.models.training_config.FineTuning`.
        dropout: Before the head.
        category_weights: Of each category of each variable, shape [sum of sizes]; ones when
            absent.
        focal_gamma: Exponent of the focal loss.
        label_smoothing: Share of each target that is spread over its variable's categories.
        masked: Share of tokens that are hidden in training.
        mask: The token that stands for a hidden one.
    """

    def __init__(
        self,
        encoder: Any,
        *,
        hidden_size: int,
        sizes: Sequence[int],
        pooling: Sequence[str],
        dropout: float = 0.0,
        category_weights: torch.Tensor | None = None,
        focal_gamma: float = 0.0,
        label_smoothing: float = 0.0,
        masked: float = 0.0,
        mask: int = 0,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling = tuple(pooling)
        self.dropout = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(hidden_size * len(self.pooling), sum(sizes))
        self.focal_gamma = focal_gamma
        self.label_smoothing = label_smoothing
        self.masked, self.mask = masked, mask
        of_variable = [index for index, size in enumerate(sizes) for _ in range(size)]
        allowed = torch.tensor(of_variable) == torch.arange(len(sizes))[:, None]
        weights = torch.ones(sum(sizes)) if category_weights is None else category_weights
        self.register_buffer("allowed", allowed, persistent=False)
        self.register_buffer("category_weights", weights, persistent=False)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        focus: torch.Tensor,
        variable: torch.Tensor,
        targets: torch.Tensor | None = None,
    ) -> dict[str, torch.Tensor]:
        """Logits, and the loss where targets are given.

        Args:
            input_ids: Shape [batch, length].
            attention_mask: 1 for tokens of the text, shape [batch, length].
            focus: 1 for tokens of what is judged, shape [batch, length].
            variable: Index of each unit's variable, shape [batch].
            targets: Shares of all categories, shape [batch, sum of sizes].

        Returns:
            "logits", float32 of shape [batch, sum of sizes], those of other variables far below;
            and "loss", a number.
        """
        if self.training and self.masked:
            hidden = torch.rand(input_ids.shape, device=input_ids.device) < self.masked
            input_ids = input_ids.masked_fill(hidden & (attention_mask > 0), self.mask)
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        with torch.autocast(states.device.type, enabled=False):
            states = states.float()
            vectors = torch.cat(
                [self._pooled(name, states, attention_mask, focus) for name in self.pooling], dim=1
            )
            allowed = torch.as_tensor(self.allowed)[variable]
            logits = self.head(self.dropout(vectors)).masked_fill(~allowed, _NEVER)
            if targets is None:
                return {"logits": logits}
            spread = allowed / allowed.sum(dim=1, keepdim=True)
            loss = soft_cross_entropy(
                logits,
                (1 - self.label_smoothing) * targets + self.label_smoothing * spread,
                weights=torch.as_tensor(self.category_weights),
                focal_gamma=self.focal_gamma,
            )
            return {"loss": loss, "logits": logits}

    def _pooled(
        self, name: str, states: torch.Tensor, mask: torch.Tensor, focus: torch.Tensor
    ) -> torch.Tensor:
        if name == "first":
            return states[:, 0]
        return masked_mean(states, focus if name == "focus" else mask, otherwise=mask)


def masked_mean(
    states: torch.Tensor, mask: torch.Tensor, *, otherwise: torch.Tensor
) -> torch.Tensor:
    """Mean over the tokens of a mask, shape [batch, hidden].

    Args:
        states: Shape [batch, length, hidden].
        mask: Shape [batch, length].
        otherwise: Mask of rows in which `mask` has no token.
    """
    used = torch.where(mask.any(dim=1, keepdim=True), mask, otherwise).unsqueeze(-1).float()
    return (states * used).sum(dim=1) / used.sum(dim=1)


def soft_cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, *, weights: torch.Tensor, focal_gamma: float = 0.0
) -> torch.Tensor:
    """Mean over units of − Σ_c w_c t_c (1 − p_c)^γ ln p_c.

    With one category for each unit and γ > 0 this is the focal loss (arXiv:1708.02002).

    Args:
        logits: Shape [batch, n_categories].
        targets: Shares, shape [batch, n_categories].
        weights: Of the categories, shape [n_categories].
        focal_gamma: γ.
    """
    logs = torch.log_softmax(logits, dim=1)
    losses = -weights * targets * logs
    if focal_gamma:
        losses = losses * (1 - logs.exp()) ** focal_gamma
    return losses.sum(dim=1).mean()
