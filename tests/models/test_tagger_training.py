"""Training of the tagger: it repeats itself, goes on, learns, and refuses what it cannot use."""

import dataclasses
import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
import torch

from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.metrics.spans import Counts, count_spans, sum_counts, to_attribution_spans
from framing.models import tagger_training
from framing.models.encoders import DEFAULT_ENCODER, read_encoder, resolve_encoder
from framing.models.tagger import TaggerExtractor, load_tagger, reading_of
from framing.models.tagger_batches import NOT_A_WORD, tag_text
from framing.models.tagger_inputs import FEATURES, cut_windows, read_text
from framing.models.tagger_training import AnnotatedArticle, TaggerTraining, train_tagger
from framing.models.training_config import LoRA, Schedule
from framing.records import Article, Quote
from tests.models.invented_attributions import annotate, invented_articles

SAMPLES = Path(__file__).parents[2] / "annotations" / "samples"


@pytest.fixture(scope="module")
def config(tiny_encoder_folder: Path) -> TaggerTraining:
    return TaggerTraining(
        method="full",
        encoder=str(tiny_encoder_folder),
        window=32,
        margin=8,
        schedule=Schedule(
            epochs=3, batch_size=4, learning_rate=5e-3, head_learning_rate=2e-2, threads=1
        ),
    )


def train(config: TaggerTraining, out: Path, *, seed: int = 0, **others: Any) -> dict[str, bytes]:
    """The files of a tagger trained on nine invented articles, stopped by three."""
    articles = invented_articles(12)
    files = train_tagger(articles[:9], articles[9:], config, out=out, seed=seed, **others)
    assert {path.name for path in files} == {path.name for path in out.iterdir()}
    return {path.name: path.read_bytes() for path in files}


def span_f1(extractor: TaggerExtractor, articles: list[AnnotatedArticle]) -> float:
    counts: list[Counts] = []
    for each in articles:
        found = extractor.find_attributions(each.article)
        of_label = count_spans(each.article.text, each.attributions, found)
        counts += [of_label[label] for label in ("source", "cue", "content_fragments")]
    return sum_counts(counts).f1


def test_two_trainings_of_one_seed_give_the_same_bytes(
    config: TaggerTraining, tmp_path: Path
) -> None:
    one = train(config, tmp_path / "one")
    assert set(one) == {"encoder.safetensors", "head.safetensors", "model.json"}
    assert train(config, tmp_path / "two") == one
    assert train(config, tmp_path / "three", seed=1)["head.safetensors"] != one["head.safetensors"]


class _KilledError(Exception):
    pass


@pytest.mark.parametrize("epoch", [pytest.param(2, marks=pytest.mark.slow), 3])
def test_a_killed_training_goes_on_to_the_same_bytes(
    config: TaggerTraining, tmp_path: Path, epoch: int
) -> None:
    lora = dataclasses.replace(config, method="lora", lora=LoRA(rank=2, dropout=0.1))
    work = tmp_path / "work"
    steps: list[int] = []

    def kill(what: str, done: int, of: int) -> None:
        del of
        steps.append(done)
        if f"epoch {epoch} of 3" in what:
            raise _KilledError

    with pytest.raises(_KilledError):
        train(lora, tmp_path / "killed", checkpoints=work, progress=kill)
    assert not list((tmp_path / "killed").glob("*"))
    killed_at = steps.pop()
    steps.clear()
    # With another rate of learning it is another training, and begins anew.
    faster = dataclasses.replace(lora.schedule, learning_rate=1e-2)
    other = dataclasses.replace(lora, schedule=faster)
    with pytest.raises(_KilledError):
        train(other, tmp_path / "other", checkpoints=work, progress=kill)
    assert steps[0] == 1
    again: list[int] = []
    resumed = train(
        lora,
        tmp_path / "killed",
        checkpoints=work,
        progress=lambda what, done, of: again.append(done),  # noqa: ARG005
    )
    assert again[0] == killed_at  # the first step of the epoch in which it was killed
    assert resumed == train(lora, tmp_path / "whole")
    assert not work.exists()


def test_it_learns_what_is_plain_and_says_what_it_is(
    tiny_encoder_folder: Path, config: TaggerTraining, tmp_path: Path
) -> None:
    longer = dataclasses.replace(config.schedule, epochs=8, patience=8)
    config = dataclasses.replace(config, schedule=longer)
    train(config, tmp_path / "trained", card={"corpus": "invented"})
    trained = load_tagger(tmp_path / "trained", dtype="float32")
    unseen = invented_articles(4, start=20)
    assert span_f1(trained, unseen) > 0.9
    card = json.loads((tmp_path / "trained" / "model.json").read_text(encoding="utf-8"))
    assert card["encoder"]["name"] == str(tiny_encoder_folder)
    assert (card["method"], card["window"], card["margin"]) == ("full", 32, 8)
    assert (card["features"], card["seed"], card["corpus"]) == ([*FEATURES], 0, "invented")
    assert len(card["history"]) == 8
    best = max(card["history"], key=lambda row: row["span_f1"])
    assert card["epochs"] == best["epoch"]
    labels = [best[f"{label}_f1"] for label in ("source", "cue", "content")]
    assert best["span_f1"] == pytest.approx(sum(labels) / 3)
    # The trained weights are not those it began with.
    losses = [row["loss"] for row in card["history"]]
    assert min(losses) < losses[0] / 2


def test_a_label_that_is_nowhere_is_left_out_of_the_score(
    config: TaggerTraining, tmp_path: Path
) -> None:
    articles = invented_articles(6, cues=False)
    short = dataclasses.replace(config, schedule=dataclasses.replace(config.schedule, epochs=4))
    train_tagger(articles[:4], articles[4:], short, out=tmp_path, seed=0)
    history = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))["history"]
    # Once no cue is predicted any more, F1 of cues is undefined, which is not 0.
    last = history[-1]
    assert "cue_f1" not in last
    assert last["span_f1"] == pytest.approx((last["source_f1"] + last["content_f1"]) / 2)
    assert all(math.isfinite(value) for row in history for value in row.values())


def test_windows_slide_in_training_and_lose_no_word(tiny_encoder_folder: Path) -> None:
    _, tokenizer = read_encoder(resolve_encoder(tiny_encoder_folder))
    each = annotate(". ".join(f"(Ada) {{said}} [zoo {'x' * n}]" for n in range(1, 9)))
    text = read_text(each.article, tokenizer)
    tagged = tag_text(text, each.attributions)
    collate = tagger_training._Collate([tagged], reading_of(tokenizer), 32)
    windows = cut_windows(0, text, 32, rng=random.Random(0))
    rows = [{"text": 0, "first": w.first, "stop": w.stop, "moves": True} for w in windows]
    torch.manual_seed(0)
    seen: set[int] = set()
    begins: set[int] = set()
    for _ in range(100):
        batch = collate(rows)
        assert len(batch["links"]) == len(rows)
        assert batch["attention"].sum(dim=1).max() <= 34  # 32 pieces and the two at the ends
        for pieces, attention, targets in zip(
            batch["pieces"], batch["attention"], batch["targets"], strict=True
        ):
            # The words of the row are found again by their pieces: no two stretches are alike.
            own = pieces[1 : attention.sum() - 1].tolist()
            (first,) = (
                word
                for word in range(len(text))
                if text.pieces[text.first[word] : text.first[word] + len(own)].tolist() == own
            )
            n = int((targets != NOT_A_WORD).sum())
            assert targets[:n].tolist() == tagged.tags[first : first + n].tolist()
            assert text.first[first + n] - text.first[first] == len(own)
            seen.update(range(first, first + n))
            begins.add(first)
    assert seen == set(range(len(text)))
    assert len(begins) > 3 * len(rows)
    # What is validated by stays where it is.
    still = collate([{**row, "moves": False} for row in rows])
    for window, targets in zip(windows, still["targets"], strict=True):
        n = window.stop - window.first
        assert targets[:n].tolist() == tagged.tags[window.first : window.stop].tolist()
        assert (targets[n:] == NOT_A_WORD).all()


def test_what_cannot_be_learned_from_is_refused(config: TaggerTraining, tmp_path: Path) -> None:
    some = invented_articles(3)
    nothing = [annotate("The valley is dry.", "n")]
    for train_on, stop_by, error in (
        ([], some, "0 articles to train on, 3 to stop by, 0 in both"),
        (some, [], "3 articles to train on, 0 to stop by, 0 in both"),
        (some, some[2:], "3 articles to train on, 1 to stop by, 1 in both"),
        (nothing, some, "nothing is attributed in the 1 articles to train on"),
        (some, nothing, "nothing is attributed in the 1 articles to stop by"),
    ):
        with pytest.raises(DataError, match=error):
            train_tagger(train_on, stop_by, config, out=tmp_path / "out", seed=0)
    wide = dataclasses.replace(config, window=511)
    with pytest.raises(DataError, match=r"window is 511, but encoder .* reads 512 pieces"):
        train_tagger(some[:2], some[2:], wide, out=tmp_path / "out", seed=0)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"window": 31}, "window is 31; it takes 32 to 4096"),
        ({"window": 40, "margin": 11}, "margin is 11; it takes 0 to 10"),
        ({"dropout": 1.0}, "dropout is 1; it takes 0 to 0.9"),
        ({"masked": -0.1}, "masked is -0.1; it takes 0 to 0.9"),
        ({"features": ("shape", "shape")}, "takes some of shape, quotation, opening, rules, each"),
        ({"features": ("colour",)}, r"features is \['colour'\]"),
    ],
)
def test_a_config_out_of_range_is_refused(changes: dict[str, Any], error: str) -> None:
    with pytest.raises(DataError, match=error):
        TaggerTraining(**changes)


@pytest.mark.slow
def test_the_real_encoder_learns_from_the_samples(tmp_path: Path) -> None:
    quotes: dict[str, list[Quote]] = {}
    for quote in read_jsonl(SAMPLES / "quotes.jsonl", Quote):
        quotes.setdefault(quote.article_id, []).append(quote)
    articles = [
        AnnotatedArticle(
            article=article, attributions=tuple(map(to_attribution_spans, quotes[article.id]))
        )
        for article in read_jsonl(SAMPLES / "articles.jsonl", Article)
    ]
    scores = {}
    for epochs, rate in ((1, 1e-8), (4, 2e-3)):
        config = TaggerTraining(
            method="lora",
            encoder=DEFAULT_ENCODER,
            lora=LoRA(rank=4),
            window=96,
            schedule=Schedule(
                epochs=epochs, batch_size=8, learning_rate=rate, head_learning_rate=rate
            ),
        )
        out = tmp_path / f"of-{epochs}"
        train_tagger(articles[:10], articles[10:13], config, out=out, seed=0)
        scores[epochs] = span_f1(load_tagger(out), articles[13:])
    assert scores[1] < 0.1  # as good as untrained
    assert scores[4] > 0.4
