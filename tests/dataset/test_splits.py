"""Training, validation and test without leaks."""

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framing.codebook import load_codebook
from framing.dataset.label_store import Coding, CodingSet, Item, LabelStore, Split
from framing.dataset.splits import SCHEMES, draw_splits, extend_splits, find_leaks
from framing.errors import DataError

SIZES = {"n_test": 12, "n_validation": 8}
N = 80


def _coding_set(keys: list[str], coder: str) -> CodingSet:
    codings = tuple(
        Coding(
            article_id=key, coder=coder, codebook="c", time="", batch="", n_quotes=0, n_speakers=0
        )
        for key in keys
    )
    return CodingSet(codings=codings, quotes=(), speakers=(), labels=())


def _store(**changes: Any) -> LabelStore:
    """80 articles, pairs on one event, the first 60 coded twice and adjudicated."""
    items = {}
    for n in range(N):
        key = f"a{n:02d}"
        event = n // 2
        date = datetime.date(2012 + event % 8, 1 + event % 12, 1 + n % 2)
        items[key] = Item(
            source_dataset="invented", id=key, sha256="0" * 64, n_words=100,
            outlet=f"Outlet {n % 10}", date=None if n >= 78 else date, genre="news",
            target=f"closing{event} bridge{event} varn{event}", stratum="left/2014/other",
            cluster="a00" if n in (0, 70) else key, replicate=1, probability=0.1,
        )  # fmt: skip
    keys = sorted(items)
    store = LabelStore(
        folder=Path("none"),
        codebook=load_codebook(),
        frame={},
        items=items,
        coders={"lm-a": _coding_set(keys, "lm-a"), "lm-b": _coding_set(keys[:60], "lm-b")},
        gold=_coding_set(keys[:60], "lm-adjudicator"),
        replaced={},
        batches=(),
        splits={},
    )
    return dataclasses.replace(store, **changes)


def _draw(store: LabelStore, seed: int = 0) -> dict[str, Split]:
    rows = draw_splits(store, **SIZES, n_held_out=10, rng=np.random.default_rng(seed))
    return {row.article_id: row for row in rows}


def _leaks(store: LabelStore, splits: dict[str, Split]) -> list[str]:
    return find_leaks(dataclasses.replace(store, splits=splits), **SIZES)


def _with(split: Split, scheme: str, part: str) -> Split:
    changes: dict[str, Any] = {scheme: part}
    return dataclasses.replace(split, **changes)


@pytest.mark.parametrize("seed", range(5))
def test_splits_have_their_size_and_no_leak(seed: int) -> None:
    store = _store()
    splits = _draw(store, seed)
    assert sorted(splits) == sorted(store.items)
    assert _leaks(store, splits) == []
    for scheme, least in (("split", 12), ("outlet_held_out", 10), ("later_years", 10)):
        parts = [getattr(split, scheme) for split in splits.values()]
        assert parts.count("test") >= least
        assert parts.count("train") > 15
    parts = [split.split for split in splits.values()]
    assert parts.count("validation") >= 8
    # Events are pairs, so no more than one article is over; none was lost, since there are
    # enough events all of whose articles have gold.
    assert (parts.count("test"), parts.count("validation"), parts.count("out")) == (12, 8, 0)


def test_the_same_seed_gives_the_same_splits_and_another_others() -> None:
    store = _store()
    assert _draw(store, 3) == _draw(store, 3)
    assert _draw(store, 3) != _draw(store, 4)


def test_near_duplicates_are_one_event() -> None:
    splits = _draw(_store())
    # a00 and a70 are copies; a01 and a71 are on their events.
    assert {splits[key].event for key in ("a00", "a01", "a70", "a71")} == {"a00"}


def test_what_cannot_be_dated_is_out_of_the_later_years() -> None:
    splits = _draw(_store())
    assert {splits[key].later_years for key in ("a78", "a79")} == {"out"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_event_on_two_sides_is_a_leak(scheme: str) -> None:
    store = _store()
    splits = _draw(store)
    key = next(k for k, s in splits.items() if getattr(s, scheme) == "test")
    other = f"a{int(key[1:]) ^ 1:02d}"  # the other article of the pair
    splits[other] = _with(splits[other], scheme, "train")
    first, second = sorted([key, other])
    part = {key: "test", other: "train"}
    assert (
        f"splits.jsonl: {scheme}: {first!r} in {part[first]} and {second!r} in {part[second]} are "
        "of one event"
    ) in _leaks(store, splits)


def test_copies_on_two_sides_are_a_leak() -> None:
    store = _store()
    splits = _draw(store)
    here = splits["a00"].split
    there = "train" if here != "train" else "test"
    splits["a70"] = _with(splits["a70"], "split", there)
    assert (
        f"splits.jsonl: split: 'a00' in {here} and 'a70' in {there} are of one event"
    ) in _leaks(store, splits)


def test_a_single_coding_in_the_test_is_told() -> None:
    store = _store()
    splits = _draw(store)
    splits["a66"] = dataclasses.replace(splits["a66"], split="test")
    assert (
        "splits.jsonl: split: article 'a66' is in test, but it is not coded twice and adjudicated"
    ) in _leaks(store, splits)


def test_an_outlet_on_both_sides_is_told() -> None:
    store = _store()
    splits = _draw(store)
    key = next(k for k, s in splits.items() if s.outlet_held_out == "test")
    outlet = store.items[key].outlet
    mate = next(
        k for k, s in splits.items()
        if s.outlet_held_out == "train" and s.event != splits[key].event
    )  # fmt: skip
    items = {**store.items, mate: dataclasses.replace(store.items[mate], outlet=outlet)}
    leaks = _leaks(dataclasses.replace(store, items=items), splits)
    assert f"splits.jsonl: outlet_held_out: outlet {outlet!r} is in other and test" in leaks


def test_training_later_than_the_test_is_told() -> None:
    store = _store()
    splits = _draw(store)
    key = next(k for k, s in splits.items() if s.later_years == "train")
    late = dataclasses.replace(store.items[key], date=datetime.date(2031, 1, 1), target="")
    leaks = _leaks(dataclasses.replace(store, items={**store.items, key: late}), splits)
    assert any("later_years: training reaches to 2031-01-01" in leak for leak in leaks)


def test_an_event_that_is_not_that_of_the_targets_is_told() -> None:
    store = _store()
    splits = _draw(store)
    splits["a02"] = dataclasses.replace(splits["a02"], event="a99")
    assert any("article 'a02' has event 'a99', by target" in x for x in _leaks(store, splits))


def test_every_coded_article_is_split() -> None:
    store = _store()
    splits = _draw(store)
    del splits["a40"]
    assert any("1 article is coded and not split" in leak for leak in _leaks(store, splits))


def test_too_little_gold_is_refused() -> None:
    store = _store(gold=_coding_set(["a00"], "lm-adjudicator"))
    with pytest.raises(DataError, match=r"1 article is coded twice and adjudicated; test and "):
        _draw(store)


def test_gold_that_rests_on_one_coding_does_not_count() -> None:
    store = _store(coders={"lm-a": _coding_set([f"a{n:02d}" for n in range(N)], "lm-a")})
    with pytest.raises(DataError, match="0 articles are coded twice and adjudicated"):
        _draw(store)


def test_what_is_new_is_for_training_unless_its_event_is_held_out() -> None:
    store = _store()
    splits = _draw(store)
    test = next(key for key, one in splits.items() if one.split == "test")
    new = {
        "n0": dataclasses.replace(store.items[test], id="n0", outlet="Outlet new", cluster="n0"),
        "n1": dataclasses.replace(
            store.items[test], id="n1", outlet="Outlet new", cluster="n1",
            target="opening ferry lomund", date=datetime.date(2012, 3, 1),
        ),
    }  # fmt: skip
    items = {**store.items, **new}
    coders = {**store.coders, "lm-a": _coding_set(sorted(items), "lm-a")}
    grown = dataclasses.replace(store, items=items, coders=coders, splits=splits)
    rows = {row.article_id: row for row in extend_splits(grown)}
    assert sorted(rows) == sorted(items)
    assert (rows["n0"].split, rows["n1"].split) == ("out", "train")
    assert rows["n1"].outlet_held_out == "train"
    assert {key: row for key, row in rows.items() if key in splits} == splits
    assert _leaks(grown, rows) == []


def test_a_new_article_that_joins_two_events_is_out_and_leaves_the_other_in_training() -> None:
    """In no part itself, it carries nothing from one to the other."""
    store = _store()
    splits = _draw(store)
    test = next(key for key, one in splits.items() if one.split == "test")
    train = next(key for key, one in splits.items() if one.split == "train")
    both = f"{store.items[test].target} {store.items[train].target}"
    joining = dataclasses.replace(
        store.items[test], id="n0", cluster="n0", target=both, date=None, outlet="Outlet new"
    )
    items = {**store.items, "n0": joining}
    coders = {**store.coders, "lm-a": _coding_set(sorted(items), "lm-a")}
    grown = dataclasses.replace(store, items=items, coders=coders, splits=splits)
    rows = {row.article_id: row for row in extend_splits(grown)}
    assert rows["n0"].event == rows[test].event == rows[train].event
    assert (rows[test].split, rows[train].split, rows["n0"].split) == ("test", "train", "out")
    assert _leaks(grown, rows) == []


def test_there_must_be_splits_to_keep() -> None:
    store = _store()
    with pytest.raises(DataError, match="there are none to keep; draw them first"):
        extend_splits(store)
    splits = _draw(store)
    test = next(key for key, one in splits.items() if one.split == "test")
    gold = _coding_set([key for key in sorted(store.items)[:60] if key != test], "lm-adjudicator")
    with pytest.raises(DataError, match=f"'{test}' is in test or validation, but it is not coded"):
        extend_splits(dataclasses.replace(store, splits=splits, gold=gold))
