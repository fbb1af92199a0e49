"""Which articles are on one event."""

import datetime

import pytest

from framing.dataset.events import find_events, target_words
from framing.dataset.label_store import Item

BRIDGE = "the army's closing of the Varn bridge"


def _item(key: str, target: str, date: str = "", cluster: str = "") -> Item:
    return Item(
        source_dataset="invented", id=key, sha256="0" * 64, n_words=100, outlet="Varn Post",
        date=datetime.date.fromisoformat(date) if date else None, genre="news", target=target,
        stratum="left/2014/other", cluster=cluster or key, replicate=1, probability=0.1,
    )  # fmt: skip


def _events(*items: Item) -> dict[str, str]:
    others = [
        _item(f"z{n}", target, "2001-01-01")
        for n, target in enumerate(("a fishing ban", "a new school", "the goat tax", "a parade"))
    ]
    found = find_events({item.id: item for item in (*items, *others)})
    assert len({found[other.id] for other in others}) == 4
    return {item.id: found[item.id] for item in items}


@pytest.mark.parametrize(("date", "is_same"), [("2014-03-15", True), ("2014-03-16", False)])
def test_the_same_target_within_14_days(date: str, is_same: bool) -> None:
    events = _events(_item("a", BRIDGE, "2014-03-01"), _item("b", "the Varn bridge closing", date))
    assert (events["a"] == events["b"]) is is_same
    assert events["a"] == "a"


def test_another_target_on_the_same_day() -> None:
    events = _events(
        _item("a", BRIDGE, "2014-03-01"), _item("b", "the rebels' raid on Tolm", "2014-03-01")
    )
    assert events["a"] != events["b"]


def test_without_a_date_only_much_the_same_target_links() -> None:
    near = _events(_item("a", BRIDGE, "2014-03-01"), _item("b", "the closing of the Varn bridge"))
    assert near["a"] == near["b"]
    far = _events(_item("a", BRIDGE, "2014-03-01"), _item("b", "the bridge at Tolm and its toll"))
    assert far["a"] != far["b"]


def test_articles_are_linked_over_others() -> None:
    events = _events(
        _item("a", BRIDGE, "2014-03-01"),
        _item("b", BRIDGE, "2014-03-14"),
        _item("c", BRIDGE, "2014-03-27"),
    )
    assert set(events.values()) == {"a"}


def test_near_duplicates_are_one_event_whatever_the_date() -> None:
    events = _events(
        _item("a", BRIDGE, "2014-03-01", "a"), _item("b", "something else", "2019-03-01", "a")
    )
    assert events["a"] == events["b"]


def test_articles_without_a_target_are_alone() -> None:
    events = _events(_item("a", "", "2014-03-01"), _item("b", "", "2014-03-01"))
    assert events == {"a": "a", "b": "b"}


def test_no_articles_no_events() -> None:
    assert find_events({}) == {}


def test_countries_and_peoples_have_one_form() -> None:
    assert target_words("the Syrian strikes of the Islamic State") == {"syria", "strike", "isis"}
