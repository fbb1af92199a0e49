"""What is wrong with a label store is told; a good one has nothing wrong."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framing.codebook import load_codebook
from framing.dataset.label_store import CodingSet, LabelStore, read_store
from framing.dataset.sample_checks import find_sample_problems
from framing.dataset.sampling import REMAINDER
from framing.dataset.splits import draw_splits
from framing.dataset.store_checks import find_problems
from framing.jsonl import read_jsonl, write_jsonl
from framing.records import Label
from tests.dataset.invented_store import ANNOTATIONS, SAMPLES, CopiedStore

SIZES = {"n_test": 3, "n_validation": 2}


@pytest.fixture(scope="module")
def good(made: CopiedStore) -> LabelStore:
    """A whole store, in memory."""
    store = read_store(made.store)
    rows = draw_splits(store, **SIZES, n_held_out=2, rng=np.random.default_rng(1))
    return dataclasses.replace(store, splits={row.article_id: row for row in rows})


def _problems(store: LabelStore) -> list[str]:
    return find_problems(store, **SIZES)


def _change_first(store: LabelStore, part: str, **changes: Any) -> LabelStore:
    """The store with the first record of a part of lm-a's codings changed."""
    coding_set = store.coders["lm-a"]
    records = getattr(coding_set, part)
    changed = dataclasses.replace(
        coding_set, **{part: (dataclasses.replace(records[0], **changes), *records[1:])}
    )
    return dataclasses.replace(store, coders={**store.coders, "lm-a": changed})


def _change_item(store: LabelStore, key: str, **changes: Any) -> LabelStore:
    items = {**store.items, key: dataclasses.replace(store.items[key], **changes)}
    return dataclasses.replace(store, items=items)


def test_a_good_store_has_no_problem(good: LabelStore) -> None:
    assert _problems(good) == []


def test_the_store_of_the_project_has_no_problem() -> None:
    store = read_store(ANNOTATIONS)
    assert find_problems(store) == []
    assert find_sample_problems(ANNOTATIONS / "samples", store.codebook) == []


def test_too_small_splits_are_told(good: LabelStore) -> None:
    assert any("they take 60 and 40 at least" in problem for problem in find_problems(good))


@pytest.mark.parametrize(
    ("part", "changes", "problem"),
    [
        ("labels", {"value": "king"},
         "coders/lm-a/labels.jsonl: role of 's01-s1': 'king' is not one of government, military"),
        ("labels", {"codebook": "00"}, "given under codebook '00', not "),
        ("labels", {"annotator": "lm-c"}, "role of 's01-s1': annotator is 'lm-c'"),
        ("labels", {"note": "he said “never”"}, "the note is no code of a rule; it might quote"),
        ("labels", {"probability": 1.0}, "probability 1, of the article 0.25; import the codings"),
        ("labels", {"unit_id": "s01-s99"}, "role of 's01-s99': no speaker has this id"),
        ("labels", {"unit_id": "s01-s2"}, "role of 's01-s2': stands twice"),
        ("labels", {"variable": "mood"}, "the codebook has no such variable"),
        ("quotes", {"speaker_id": "s01-s99"}, "article 's01': no speaker 's01-s99'"),
        ("quotes", {"id": "s01-q2"}, "article 's01': id 's01-q2' is used twice"),
        ("quotes", {"content": ()}, "content of 's01-q1' is empty or not in text order"),
        ("codings", {"n_quotes": 0}, "by codings.jsonl 0 and "),
        ("codings", {"codebook": "00"}, "coders/lm-a: article 's01': codebook 00, not "),
        ("codings", {"article_id": "s15"}, "article 's15' is not a news article of items.jsonl"),
        ("codings", {"batch": ""}, "is of batch '', by batches.jsonl of 'lm-a-r1-01'"),
        ("speakers", {"name": "a woman"}, "speaker 's01-s1': a named one has a name of 1 to 100"),
        ("speakers", {"named": True, "name": "x" * 101, "name_at": None},
         "speaker 's01-s1': a named one has a name of 1 to 100"),
        ("speakers", {"id": "s01-s77"}, "article 's01': speaker 's01-s77' is not quoted"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_coding(
    good: LabelStore, part: str, changes: dict[str, Any], problem: str
) -> None:
    problems = _problems(_change_first(good, part, **changes))
    assert any(problem in found for found in problems), problems


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sha256": "00"}, "items.jsonl: article 's03': sha256 is '00', in frame.jsonl '"),
        ({"probability": 0.5}, "probability 0.5; over 2 replicates it is 0.25"),
        ({"target": ""}, "'s03-q1' has a label, and its article no target of stance"),
        ({"target": "x" * 201}, "the target is longer than 200 characters"),
        ({"genre": "opinion"}, "article 's03' is not a news article of items.jsonl"),
    ],
)
def test_what_is_wrong_with_an_item(
    good: LabelStore, changes: dict[str, Any], problem: str
) -> None:
    problems = _problems(_change_item(good, "s03", **changes))
    assert any(problem in found for found in problems), problems


def test_an_article_outside_the_frame_such_as_one_of_gold_dev_is_told(good: LabelStore) -> None:
    frame = {key: article for key, article in good.frame.items() if key != "s03"}
    problems = _problems(dataclasses.replace(good, frame=frame))
    assert "items.jsonl: article 's03' is not in frame.jsonl, so it was not drawn" in problems


def test_a_missing_item_breaks_its_replicate(good: LabelStore) -> None:
    items = {key: item for key, item in good.items.items() if key != "s15"}
    problems = _problems(dataclasses.replace(good, items=items))
    assert (
        "items.jsonl: article 's15' of replicate 1 is missing; only whole replicates have known "
        "probabilities"
    ) in problems


def test_the_remainder_of_the_frame_counts_only_beside_all_replicates(good: LabelStore) -> None:
    frame = dict(good.frame)
    frame["s03"] = dataclasses.replace(frame["s03"], replicate=REMAINDER)
    items = {
        key: dataclasses.replace(
            item,
            replicate=frame[key].replicate or REMAINDER,
            probability=frame[key].probability_in_cluster,
        )
        for key, item in good.items.items()
    }
    assert not [p for p in _problems(dataclasses.replace(good, frame=frame, items=items))
                if p.startswith("items.jsonl")]  # fmt: skip
    only = {key: item for key, item in items.items() if item.replicate == REMAINDER}
    problems = _problems(dataclasses.replace(good, frame=frame, items=only))
    assert sum("is missing; only whole replicates" in problem for problem in problems) == 14


def test_a_missing_label_is_told(good: LabelStore) -> None:
    one = good.coders["lm-a"]
    coders = {**good.coders, "lm-a": dataclasses.replace(one, labels=one.labels[1:])}
    problems = _problems(dataclasses.replace(good, coders=coders))
    assert problems == ["coders/lm-a/labels.jsonl: 's01-s1' has no label of role"]


def test_gold_needs_two_codings_and_two_codings_gold(good: LabelStore) -> None:
    without = {"lm-a": good.coders["lm-a"]}
    problems = _problems(dataclasses.replace(good, coders=without))
    assert "gold: article 's01' is not coded twice" in problems
    empty = CodingSet(codings=(), quotes=(), speakers=(), labels=())
    problems = _problems(dataclasses.replace(good, gold=empty))
    assert "gold: article 's01' is coded twice and not adjudicated" in problems


def test_an_uncoded_news_article_is_told(good: LabelStore) -> None:
    problems = _problems(_change_item(good, "s15", genre="news"))
    assert "items.jsonl: news article 's15' is coded by nobody" in problems


def test_a_batch_without_its_control_is_told(good: LabelStore) -> None:
    first, *others = good.batches
    broken = dataclasses.replace(first, articles=first.articles[:2])
    problems = _problems(dataclasses.replace(good, batches=(broken, *others)))
    assert (
        "batches.jsonl: batch 'lm-a-r1-01': control 'gold-dev:dv99' does not stand in it once"
    ) in problems


def test_an_unlabelled_sample_is_told(tmp_path: Path) -> None:
    book = load_codebook()
    for name in ("articles", "quotes", "speakers", "labels"):
        (tmp_path / f"{name}.jsonl").write_bytes((SAMPLES / f"{name}.jsonl").read_bytes())
    assert find_sample_problems(tmp_path, book) == []
    labels = read_jsonl(tmp_path / "labels.jsonl", Label)
    write_jsonl(tmp_path / "labels.jsonl", labels[1:])
    assert find_sample_problems(tmp_path, book) == [
        "samples/labels.jsonl: 0 labels of stance for 's01-q1'"
    ]
