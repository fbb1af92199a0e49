"""The network of the tagger, against sums over all sequences and loops over all pairs."""

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional

from framing.models.encoders import read_encoder, resolve_encoder
from framing.models.tagger_batches import NOT_A_WORD, LinkTargets, Reading, make_batch
from framing.models.tagger_inputs import FEATURES, TaggerText, Window, read_text
from framing.models.tagger_network import TaggerNetwork
from framing.quotes.tagging import LABELS, TAGS
from framing.records import Article

SOURCE, CUE, CONTENT = range(len(LABELS))
READING = Reading(opening=2, closing=3, padding=0)
NONE = LinkTargets(spans=(), heads={}, sources={})


@pytest.fixture
def network(tiny_encoder_folder: Path) -> TaggerNetwork:
    """With random weights everywhere."""
    encoder, _ = read_encoder(resolve_encoder(tiny_encoder_folder), attention="eager")
    torch.manual_seed(1)
    made = TaggerNetwork(encoder, features=tuple(FEATURES)).eval()
    torch.nn.init.normal_(made.head_transitions)
    return made


@pytest.fixture(scope="module")
def text(tiny_encoder_folder: Path) -> TaggerText:
    _, tokenizer = read_encoder(resolve_encoder(tiny_encoder_folder))
    return read_text(Article(id="a", text='The zoo "dam" zoo works.'), tokenizer)


def batch_of(text: TaggerText, *windows: tuple[int, int]) -> dict[str, Any]:
    return make_batch([(text, Window(text=0, first=a, stop=b)) for a, b in windows], READING)


def nll(network: TaggerNetwork, scores: torch.Tensor, tags: list[int]) -> float:
    """From the sum over all 7 ** n sequences of tags."""
    transitions = network.transitions

    def total(sequence: tuple[int, ...]) -> float:
        own = sum(float(scores[word, tag]) for word, tag in enumerate(sequence))
        return own + sum(float(transitions[pair]) for pair in itertools.pairwise(sequence))

    every = [total(each) for each in itertools.product(range(len(TAGS)), repeat=len(scores))]
    largest = max(every)
    return largest + math.log(sum(math.exp(one - largest) for one in every)) - total(tuple(tags))


@torch.no_grad()
def test_the_loss_of_tags_is_that_over_all_sequences(
    network: TaggerNetwork, text: TaggerText
) -> None:
    windows, tags = [(1, 4), (0, 1), (2, 4)], [[5, 6, 0], [3], [6, 1]]
    batch = batch_of(text, *windows)
    targets = torch.full(batch["first"].shape, NOT_A_WORD)
    for row, of_row in zip(targets, tags, strict=True):
        row[: len(of_row)] = torch.tensor(of_row)
    found = network(targets=targets, links=[NONE] * 3, **batch)
    assert found["logits"].shape == (3, 3, len(TAGS))
    expected = [
        nll(network, scores[: len(of_row)], of_row)
        for scores, of_row in zip(found["logits"], tags, strict=True)
    ]
    assert float(found["loss"]) == pytest.approx(sum(expected) / 3, rel=1e-5)
    assert min(expected) > 0


def test_the_loss_of_links_is_the_cross_entropy_of_each_head_and_source(
    network: TaggerNetwork, text: TaggerText
) -> None:
    batch = batch_of(text, (0, 5), (0, 7))
    spans = ((0, 1, SOURCE), (1, 2, CUE), (2, 5, CONTENT), (6, 7, CONTENT))
    linked = LinkTargets(spans=spans, heads={2: 1, 3: 3}, sources={1: 0, 3: 4})
    targets = torch.zeros(2, 7, dtype=torch.long)
    with torch.no_grad():
        plain = network(targets=targets, links=[NONE, NONE], **batch)["loss"]
        loss = network(targets=targets, links=[NONE, linked], **batch)["loss"]
        heads, sources = network.score_links(network.read_words(**batch)[1], spans)
    expected = sum(
        -float(functional.log_softmax(rows[i], dim=0)[j])
        for rows, right in ((heads, linked.heads), (sources, linked.sources))
        for i, j in right.items()
    )
    assert float(loss - plain) == pytest.approx(expected / 2, rel=1e-4)
    assert expected > 0


def test_what_may_not_be_linked_has_no_chance(network: TaggerNetwork, text: TaggerText) -> None:
    labels = [CONTENT, SOURCE, CUE, CONTENT, SOURCE, CONTENT]
    spans = [(word, word + 1, label) for word, label in enumerate(labels)]
    with torch.no_grad():
        words = network.read_words(**batch_of(text, (0, 7)))[0]
        heads, sources = network.score_links(words, spans)
    assert heads.shape == (6, 6)
    assert sources.shape == (6, 7)
    for i, j in itertools.product(range(6), repeat=2):
        allowed = j == i or labels[j] == CUE or (labels[j] == CONTENT and j < i)
        assert (float(heads[i, j]) > -9000) == allowed, (i, j)
        assert (float(sources[i, j]) > -9000) == (labels[j] == SOURCE), (i, j)
    assert (sources[:, 6] > -9000).all()


@torch.no_grad()
def test_pairs_are_told_apart_by_how_far_and_over_what(network: TaggerNetwork) -> None:
    rng = torch.Generator().manual_seed(0)
    word, spans = 0, []
    for _ in range(40):
        first = word + int(2 ** (9 * torch.rand((), generator=rng)) - 1)
        word = first + int(torch.randint(1, 9, (), generator=rng))
        spans.append((first, word, int(torch.randint(0, 3, (), generator=rng))))
    words = torch.zeros(word, 32)
    labels = [label for _, _, label in spans]

    def read_off(table: str) -> torch.Tensor:
        """Which row of a table of the links each pair (span, source) looks up."""
        links: Any = network.head_links["source"]
        for parameter in links.parameters():
            parameter.zero_()
        rows = getattr(links, table).weight
        rows[:, 0] = torch.arange(1, len(rows) + 1)
        links.score.weight[0, 0] = 1  # of gelu, which rises with what is above zero
        scores = network.score_links(words, spans)[1][:, :-1]
        known = functional.gelu(rows[:, 0])
        return (scores[..., None] - known).abs().argmin(dim=2)

    distance, between = read_off("distance"), read_off("between")
    seen = []
    for i, (a, b, _) in enumerate(spans):
        for j in (j for j in range(40) if labels[j] == SOURCE):
            left, right = min(i, j), max(i, j)
            gap = max(0, spans[j][0] - b, a - spans[j][1])
            over = labels[left + 1 : right].count(SOURCE)
            assert int(distance[i, j]) == min(int(1.5 * math.log2(gap + 1)), 11) + 12 * (j < i)
            assert int(between[i, j]) == min(over, 5) + 6 * (j < i)
            seen.append((int(distance[i, j]), int(between[i, j])))
    assert {each for each, _ in seen} >= {0, 11, 23}
    assert {each for _, each in seen} == set(range(12))


@torch.no_grad()
def test_a_word_is_read_from_its_first_piece(network: TaggerNetwork, text: TaggerText) -> None:
    assert text.first[2] - text.first[1] == 3  # "zoo" is three pieces
    batch = batch_of(text, (0, 7))
    words = network.read_words(**batch)[0]
    # The same, one word at a time, from the encoder's own embeddings.
    embedded = network.encoder.get_input_embeddings()(batch["pieces"])
    for column, table in enumerate(network.head_pieces):
        embedded = embedded + table(batch["piece_features"][..., column])
    states = network.encoder(
        inputs_embeds=embedded, attention_mask=batch["attention"]
    ).last_hidden_state[0]
    for word in range(7):
        own = [table.weight[text.features[word, c]] for c, table in enumerate(network.head_words)]  # type: ignore[index]
        joined = torch.cat([states[1 + text.first[word]], *own])
        expected = functional.gelu(network.head_mix(joined))
        assert torch.allclose(words[word], expected, atol=1e-6)


@torch.no_grad()
def test_a_window_alone_scores_as_in_company(network: TaggerNetwork, text: TaggerText) -> None:
    alone = network.read_words(**batch_of(text, (1, 3)))
    together = network.read_words(**batch_of(text, (0, 7), (1, 3)))
    assert torch.allclose(together[1, :2], alone[0], atol=1e-5)
    assert not torch.allclose(together[0, 1:3], alone[0], atol=1e-3)  # its context is another


@torch.no_grad()
def test_features_are_read_and_only_those_asked_for(
    tiny_encoder_folder: Path, text: TaggerText
) -> None:
    for name in FEATURES:
        encoder, _ = read_encoder(resolve_encoder(tiny_encoder_folder), attention="eager")
        network = TaggerNetwork(encoder, features=(name,)).eval()
        batch = batch_of(text, (0, 7))
        before = network.read_words(**batch)
        for place, other in enumerate(FEATURES):
            changed = {key: value.clone() for key, value in batch.items()}
            changed["features"][0, 4, place] = (batch["features"][0, 4, place] + 1) % 3
            same = torch.equal(network.read_words(**changed), before)
            assert same == (other != name)


@torch.no_grad()
def test_pieces_are_hidden_in_training_only(network: TaggerNetwork, text: TaggerText) -> None:
    batch = batch_of(text, (0, 7))
    plain = network.read_words(**batch)
    network.masked, network.mask = 0.5, 4
    assert torch.equal(network.read_words(**batch), plain)
    network.train()
    network.encoder.eval()
    torch.manual_seed(0)
    assert not torch.allclose(network.read_words(**batch), plain, atol=1e-4)
    network.masked = 0
    assert torch.equal(network.read_words(**batch), plain)


@torch.no_grad()
def test_scores_are_float32_in_bfloat16_too_and_nearly_the_same(
    network: TaggerNetwork, text: TaggerText
) -> None:
    spans = [(0, 1, SOURCE), (1, 2, CUE), (2, 7, CONTENT)]

    def score() -> list[torch.Tensor]:
        words = network.read_words(**batch_of(text, (0, 7)))[0]
        return [network.score_tags(words), *network.score_links(words, spans), network.transitions]

    exact = score()
    network.to(torch.bfloat16)
    for one, other in zip(exact, score(), strict=True):
        assert other.dtype == torch.float32
        assert torch.allclose(one.clamp(min=-20), other.clamp(min=-20), atol=0.1)
    assert (network.transitions < -9000).sum() == (exact[-1] < -9000).sum() == 15


def test_everything_is_learned_and_new_layers_begin_with_head(
    network: TaggerNetwork, text: TaggerText
) -> None:
    spans = ((0, 1, SOURCE), (1, 2, CUE), (2, 5, CONTENT), (6, 7, CONTENT))
    linked = LinkTargets(spans=spans, heads={2: 1, 3: 3}, sources={1: 0, 3: 4})
    targets = torch.tensor([[1, 3, 5, 6, 6, 0, 5]])
    network(targets=targets, links=[linked], **batch_of(text, (0, 7)))["loss"].backward()
    for name, parameter in network.named_parameters():
        assert name.startswith(("head", "encoder.")), name
        if "pooler" not in name and "word_embeddings" not in name:
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all(), name


@torch.no_grad()
def test_a_span_is_read_from_its_first_and_last_word(network: TaggerNetwork) -> None:
    words = torch.randn(9, 32, generator=torch.Generator().manual_seed(0))
    spans = [(0, 1, SOURCE), (1, 2, CUE), (3, 6, CONTENT)]
    before = network.score_links(words, spans)
    for word in range(9):
        changed = words.clone()
        changed[word] += 1
        after = network.score_links(changed, spans)
        same = all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
        assert same == (word not in (0, 1, 3, 5))


@torch.no_grad()
@pytest.mark.parametrize(("part", "along"), [("dependent", 1), ("governor", 0)])
def test_the_span_of_a_row_depends_on_that_of_a_column(
    network: TaggerNetwork, part: str, along: int
) -> None:
    links: Any = network.head_links["source"]
    for name, parameter in links.named_parameters():
        if not name.startswith((part, "score")):
            parameter.zero_()
    words = torch.randn(4, 32, generator=torch.Generator().manual_seed(0))
    spans = [(word, word + 1, SOURCE) for word in range(4)]
    scores = network.score_links(words, spans)[1][:, :-1]
    # What one of the two says does not differ with the other.
    assert torch.allclose(scores, scores.mean(dim=along, keepdim=True), atol=1e-6)
    assert scores.std(dim=1 - along).min() > 1e-3
