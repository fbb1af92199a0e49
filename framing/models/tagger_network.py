"""The network of the tagger: an encoder, a score for each tag of each word, and scores of links.

Tags are scored together, as a linear-chain conditional random field (Lafferty, McCallum &
Pereira 2001), so that a source is learned as one run of words and not word by word. Links are
scored pair by pair from the first and last words of two spans, how far apart they are and what
stands between them; nothing is linked for being nearest.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from framing.models.tagger_batches import NOT_A_WORD, LinkTargets
from framing.models.tagger_inputs import FEATURES
from framing.quotes.tagging import LABELS, TAGS, allowed_transitions

__all__ = ["TaggerNetwork"]

_SOURCE, _CUE, _CONTENT = range(len(LABELS))
_FEATURE_SIZE = 16
_LINK_SIZE = 128
_IMPOSSIBLE = -1e4
_DISTANCES, _BETWEEN = 12, 6


class TaggerNetwork(nn.Module):
    """Windows of articles to scores.

    Parameters that are not the encoder's begin with "head", by which a training tells them apart.

    Args:
        encoder: A transformers encoder with word embeddings and hidden states.
        features: Names of the features of `FEATURES` that are read.
        dropout: On what the scores are computed from.
        masked: Share of pieces that are hidden in training.
        mask: The piece that stands for a hidden one.
    """

    allowed: torch.Tensor

    def __init__(
        self,
        encoder: Any,
        *,
        features: Sequence[str],
        dropout: float = 0.0,
        masked: float = 0.0,
        mask: int = 0,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.masked, self.mask = masked, mask
        size = int(encoder.config.hidden_size)
        self.read = [place for place, name in enumerate(FEATURES) if name in features]
        numbers = [number for name, number in FEATURES.items() if name in features]
        self.head_pieces = nn.ModuleList(nn.Embedding(number, size) for number in numbers)
        self.head_words = nn.ModuleList(nn.Embedding(number, _FEATURE_SIZE) for number in numbers)
        for parameter in self.head_pieces.parameters():
            nn.init.normal_(parameter, std=0.01)  # at first no more than a touch
        self.head_mix = nn.Linear(size + _FEATURE_SIZE * len(numbers), size)
        self.head_tags = nn.Linear(size, len(TAGS))
        self.head_transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.head_links = nn.ModuleDict({"head": _Links(size), "source": _Links(size)})
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("allowed", torch.tensor(allowed_transitions()), persistent=False)

    @property
    def transitions(self) -> torch.Tensor:
        """Scores of each tag after each, [7, 7]."""
        return self.head_transitions.float() + self.allowed

    def read_words(
        self,
        *,
        pieces: torch.Tensor,
        attention: torch.Tensor,
        piece_features: torch.Tensor,
        first: torch.Tensor,
        features: torch.Tensor,
    ) -> torch.Tensor:
        """A vector for each word of b windows, [b, w, size]; see `make_batch`."""
        if self.training and self.masked:
            hidden = torch.rand(pieces.shape, device=pieces.device) < self.masked
            pieces = pieces.masked_fill(hidden & (attention > 0), self.mask)
        embedded = self.encoder.get_input_embeddings()(pieces)
        for column, pieces_of in zip(self.read, self.head_pieces, strict=True):
            embedded = embedded + pieces_of(piece_features[..., column]).to(embedded.dtype)
        states = self.encoder(inputs_embeds=embedded, attention_mask=attention).last_hidden_state
        places = first.unsqueeze(2).expand(-1, -1, states.shape[2])
        parts = [states.gather(1, places)]
        for column, words_of in zip(self.read, self.head_words, strict=True):
            parts.append(words_of(features[..., column]).to(states.dtype))
        mixed: torch.Tensor = self.dropout(functional.gelu(self.head_mix(torch.cat(parts, dim=2))))
        return mixed

    def score_tags(self, words: torch.Tensor) -> torch.Tensor:
        """Scores of the tags of each word, float32, [..., 7]."""
        scores: torch.Tensor = self.head_tags(words).float()
        return scores

    def score_links(
        self, words: torch.Tensor, spans: Sequence[tuple[int, int, int]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores of heads and of sources of spans; see `framing.quotes.linking.link_spans`.

        Args:
            words: Vectors of the words of one text, [w, size].
            spans: n >= 1 of them, in text order.

        Returns:
            float32, of shapes [n, n] and [n, n + 1].
        """
        first, stop, labels = torch.tensor(spans, device=words.device).T
        ends = torch.cat([words[first], words[stop - 1]], dim=1)
        where = _describe_pairs(first, stop, labels)
        n = len(spans)
        place = torch.arange(n, device=words.device)
        heads, alone = self.head_links["head"](ends, *where)
        earlier_content = (labels == _CONTENT) & (place < place[:, None])
        heads = heads.masked_fill(~((labels == _CUE) | earlier_content), _IMPOSSIBLE)
        heads = torch.where(torch.eye(n, dtype=torch.bool, device=words.device), alone, heads)
        sources, none = self.head_links["source"](ends, *where)
        sources = sources.masked_fill(labels != _SOURCE, _IMPOSSIBLE)
        return heads, torch.cat([sources, none], dim=1)

    def forward(
        self, *, targets: torch.Tensor, links: Sequence[LinkTargets], **batch: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """The loss per window, and the scores of the tags.

        Args:
            targets: Right tag of each word, `NOT_A_WORD` for padding, [b, w].
            links: Of each window.
            batch: See `make_batch`.
        """
        words = self.read_words(**batch)
        scores = self.score_tags(words)
        loss = self._tag_loss(scores, targets.clamp(min=0), targets != NOT_A_WORD).sum()
        for row, linked in zip(words, links, strict=True):
            if linked.heads or linked.sources:
                loss = loss + self._link_loss(row, linked)
        return {"loss": loss / len(links), "logits": scores}

    def _tag_loss(
        self, scores: torch.Tensor, tags: torch.Tensor, inside: torch.Tensor
    ) -> torch.Tensor:
        """Negative log likelihood of the right sequence of each window, [b]."""
        transitions = self.transitions
        right = scores.gather(2, tags.unsqueeze(2)).squeeze(2) * inside
        steps = transitions[tags[:, :-1], tags[:, 1:]] * inside[:, 1:]
        total = scores[:, 0]
        for word in range(1, scores.shape[1]):
            step = torch.logsumexp(total.unsqueeze(2) + transitions, dim=1) + scores[:, word]
            total = torch.where(inside[:, word : word + 1], step, total)
        return torch.logsumexp(total, dim=1) - right.sum(dim=1) - steps.sum(dim=1)

    def _link_loss(self, words: torch.Tensor, linked: LinkTargets) -> torch.Tensor:
        loss = torch.zeros((), device=words.device)
        scores = self.score_links(words, linked.spans)
        for rows, targets in zip(scores, (linked.heads, linked.sources), strict=True):
            if targets:
                loss = loss + functional.cross_entropy(
                    rows[list(targets)],
                    torch.tensor(list(targets.values()), device=words.device),
                    reduction="sum",
                )
        return loss


class _Links(nn.Module):
    """Scores of pairs of spans, and of a span with nothing."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.dependent = nn.Linear(2 * size, _LINK_SIZE)
        self.governor = nn.Linear(2 * size, _LINK_SIZE)
        self.distance = nn.Embedding(2 * _DISTANCES, _LINK_SIZE)
        self.between = nn.Embedding(2 * _BETWEEN, _LINK_SIZE)
        self.score = nn.Linear(_LINK_SIZE, 1)
        self.nothing = nn.Linear(2 * size, 1)

    def forward(
        self, ends: torch.Tensor, distance: torch.Tensor, between: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        pairs = (
            self.dependent(ends).unsqueeze(1)
            + self.governor(ends).unsqueeze(0)
            + self.distance(distance)
            + self.between(between)
        )
        scores = self.score(functional.gelu(pairs)).squeeze(2)
        return scores.float(), self.nothing(ends).float()


def _describe_pairs(
    first: torch.Tensor, stop: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """How far apart each two spans are, and how many of the second's label stand between.

    Returns:
        Two arrays of whole numbers, [n, n]: distance on a logarithmic scale and the count up to
        five, either in the upper half of its range where the second stands before the first.
    """
    n = len(first)
    place = torch.arange(n, device=first.device)
    words = torch.maximum(first - stop[:, None], first[:, None] - stop).clamp(min=0)
    distance = (1.5 * torch.log2(words + 1.0)).long().clamp(max=_DISTANCES - 1)
    up_to = functional.one_hot(labels, len(LABELS)).cumsum(dim=0)[:, labels]  # of j's label, to i
    own = up_to[place, place]  # of each one's own label, itself included
    after = place > place[:, None]
    between = torch.where(after, own - 1 - up_to, up_to - own - (labels[:, None] == labels).long())
    between = between.clamp(0, _BETWEEN - 1)
    before = place < place[:, None]
    return distance + _DISTANCES * before, between + _BETWEEN * before
