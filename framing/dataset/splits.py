"""Which coded articles are for training, validation and test, without leaks between them."""

import collections
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from framing.dataset.events import find_events, find_links
from framing.dataset.label_store import Item, LabelStore, Part, Split
from framing.errors import DataError, count

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MIN_TEST", "MIN_VALIDATION", "SCHEMES", "draw_splits", "extend_splits", "find_leaks"]

MIN_TEST = 60
MIN_VALIDATION = 40
SCHEMES = ("split", "outlet_held_out", "later_years")


def draw_splits(
    store: LabelStore,
    *,
    n_test: int = MIN_TEST,
    n_validation: int = MIN_VALIDATION,
    n_held_out: int = 30,
    rng: "np.random.Generator",
) -> tuple[Split, ...]:
    """Split the coded articles in three ways, each by article and by event.

    * `split`: events are drawn for test, then for validation, until these hold enough articles
      with gold; the rest is for training. Events all of whose articles have gold go first, and
      among these those that would not fill a tenth of the test. In an event drawn for test or
      validation, articles without gold are "out".
    * `outlet_held_out`: outlets are drawn until their articles with gold are enough. They are the
      test; other articles of these outlets, and what is linked to the test (`find_links`), are
      out. Validation is that of `split`, less what is test or out here.
    * `later_years`: the test are the articles with gold from the latest years that hold enough;
      out and validation as above. Articles without a date are out.

    Args:
        store: With gold; articles that nobody coded are left out.
        n_test: Articles in the test of `split`, at least.
        n_validation: In its validation, at least.
        n_held_out: Articles in the test of the two other ways, at least.
        rng: Source of chance.

    Returns:
        One row for each coded article, by id.

    Raises:
        DataError: There is not enough gold.
    """
    items = {key: store.items[key] for key in store.final}
    gold = store.gold.article_ids & store.twice_coded
    if len(gold) < n_test + n_validation or len(gold) < n_held_out:
        raise DataError(
            f"splits: {count(len(gold), 'article is', 'articles are')} coded twice and "
            "adjudicated; test and validation "
            f"need {n_test} + {n_validation}, held-out outlets and years {n_held_out}"
        )
    events = find_events(items)
    split = _split_by_event(events, gold, n_test, n_validation, rng)
    outlets = sorted({item.outlet for item in items.values()})
    held_out: set[str] = set()
    for i in rng.permutation(len(outlets)):
        if sum(items[key].outlet in held_out for key in gold) >= n_held_out:
            break
        held_out.add(outlets[int(i)])
    first = _first_late_year(items, gold, n_held_out)
    return _all_ways(items, events, gold, split, held_out=held_out, first=first)


def extend_splits(store: LabelStore) -> tuple[Split, ...]:
    """Splits of a store that has grown since they were drawn: what is new is for training.

    Test and validation, the outlets held out and the first late year stay, so that scores can be
    compared with older ones. What is linked to one of their articles (`find_links`) is "out".
    Links count, not events: with every article that is added, chains of links grow longer and
    join strangers, and an article that is in no part cannot carry anything from one to another.

    Args:
        store: With splits.

    Returns:
        One row for each coded article, by id.

    Raises:
        DataError: There are no splits to extend, or an article of test or validation is gone.
    """
    items = {key: store.items[key] for key in store.final}
    gold = store.gold.article_ids & store.twice_coded
    before = store.splits
    held: dict[str, Part] = {
        key: one.split for key, one in before.items() if one.split in ("test", "validation")
    }
    tests = {scheme: [k for k, one in before.items() if getattr(one, scheme) == "test"]
             for scheme in SCHEMES}  # fmt: skip
    if not all(tests.values()):
        raise DataError(
            "splits: there are none to keep; draw them first (framing dataset split --seed N)"
        )
    if gone := sorted({*held, *tests["outlet_held_out"], *tests["later_years"]} - gold):
        raise DataError(
            f"splits: {gone[0]!r} is in test or validation, but it is not coded twice and "
            "adjudicated any more; draw them anew (framing dataset split --seed N)"
        )
    linked = _linked(items)
    split: dict[str, Part] = {
        key: held.get(key, "train" if linked[key].isdisjoint(held) else "out") for key in items
    }
    return _all_ways(
        items,
        find_events(items),
        gold,
        split,
        held_out={items[key].outlet for key in tests["outlet_held_out"]},
        first=min(_year(items[key]) for key in tests["later_years"]),
    )


def _all_ways(
    items: Mapping[str, Item],
    events: Mapping[str, str],
    gold: frozenset[str],
    split: Mapping[str, Part],
    *,
    held_out: Collection[str],
    first: int,
) -> tuple[Split, ...]:
    """The three ways side by side, given the first, the outlets and the year held out."""
    linked = _linked(items)
    by_outlet = _hold_out(
        lambda item: item.outlet in held_out, lambda _: False, items, linked, gold, split
    )
    by_year = _hold_out(
        lambda item: _year(item) >= first, lambda item: not item.date, items, linked, gold, split
    )
    return tuple(
        Split(
            article_id=key,
            event=events[key],
            split=split[key],
            outlet_held_out=by_outlet[key],
            later_years=by_year[key],
        )
        for key in sorted(items)
    )


def find_leaks(
    store: LabelStore, *, n_test: int = MIN_TEST, n_validation: int = MIN_VALIDATION
) -> list[str]:
    """What is wrong with the splits of a store, in sentences; none when all is well.

    Checked for each way of splitting: no two articles that are linked, as one event or as
    near-duplicates, in two parts, only adjudicated articles in validation and test and enough of
    them (`n_test`, `n_validation`), no outlet and no year on both sides; and that the events are
    those of the targets and dates.
    """
    items = {key: store.items[key] for key in store.final if key in store.items}
    problems = []
    if different := sorted(items.keys() ^ store.splits.keys()):
        problems.append(
            f"splits.jsonl: {count(len(different), 'article is', 'articles are')} coded and not "
            f"split, or split and not coded, such as {different[0]!r}; "
            "split again (framing dataset split)"
        )
    both = {key: item for key, item in items.items() if key in store.splits}
    events = find_events(items)
    for key in both:
        if store.splits[key].event != events[key]:
            problems.append(
                f"splits.jsonl: article {key!r} has event {store.splits[key].event!r}, by target "
                f"and date it is {events[key]!r}; split again"
            )
            break
    gold = store.gold.article_ids & store.twice_coded
    links = find_links(both)
    for scheme in SCHEMES:
        parts: dict[str, Part] = {key: getattr(store.splits[key], scheme) for key in both}
        problems += [
            f"splits.jsonl: {scheme}: {pair.first!r} in {parts[pair.first]} and {pair.second!r} in "
            f"{parts[pair.second]} are of one event"
            for pair in links
            if len({parts[pair.first], parts[pair.second]} - {"out"}) > 1
        ]
        groups: dict[str, Callable[[str], str]] = {}
        if scheme == "outlet_held_out":
            groups["outlet"] = lambda key: both[key].outlet
        if scheme == "later_years":
            groups["year"] = lambda key: str(_year(both[key]))
        for what, name in groups.items():
            sides: dict[str, set[str]] = collections.defaultdict(set)
            for key, part in parts.items():
                if part != "out":
                    sides[name(key)].add("test" if part == "test" else "other")
            problems += [
                f"splits.jsonl: {scheme}: {what} {group!r} is in {' and '.join(sorted(found))}"
                for group, found in sorted(sides.items())
                if len(found) > 1
            ]
        for key, part in parts.items():
            if part in ("test", "validation") and key not in gold:
                problems.append(
                    f"splits.jsonl: {scheme}: article {key!r} is in {part}, but it is not coded "
                    "twice and adjudicated"
                )
        if scheme == "later_years":
            problems += _find_late_training(both, parts)
    counts = collections.Counter(store.splits[key].split for key in both)
    if counts["test"] < n_test or counts["validation"] < n_validation:
        problems.append(
            f"splits.jsonl: test has {counts['test']} articles and validation "
            f"{counts['validation']}; they take {n_test} and {n_validation} at least"
        )
    return problems


def _split_by_event(
    events: Mapping[str, str],
    gold: frozenset[str],
    n_test: int,
    n_validation: int,
    rng: "np.random.Generator",
) -> dict[str, Part]:
    members: dict[str, list[str]] = collections.defaultdict(list)
    for key in sorted(events):
        members[events[key]].append(key)
    names = [sorted(members)[int(i)] for i in rng.permutation(len(members))]
    candidates = [name for name in names if not gold.isdisjoint(members[name])]
    candidates.sort(  # stable: chance decides among equals
        key=lambda name: (not gold.issuperset(members[name]), len(members[name]) > n_test // 10)
    )
    split: dict[str, Part] = dict.fromkeys(events, "train")
    wanted: tuple[tuple[Part, int], ...] = (("test", n_test), ("validation", n_validation))
    for part, n in wanted:
        found = 0
        while found < n and candidates:
            for key in members[candidates.pop(0)]:
                split[key] = part if key in gold else "out"
                found += key in gold
        if found < n:
            are = count(found, "adjudicated article is", "adjudicated articles are")
            raise DataError(f"splits: {are} left for {part}, not {n}")
    return split


def _first_late_year(items: Mapping[str, Item], gold: frozenset[str], n: int) -> int:
    """The first of the latest years that hold enough articles with gold."""
    years = sorted((_year(items[key]) for key in gold if items[key].date), reverse=True)
    if len(years) < n:
        have = count(len(years), "adjudicated article has", "adjudicated articles have")
        raise DataError(f"splits: {have} a date; {n} are needed")
    return years[n - 1]


def _year(item: Item) -> int:
    """Year of publication; 0 when unknown."""
    return item.date.year if item.date else 0


def _hold_out(
    is_held_out: Callable[[Item], bool],
    is_unknown: Callable[[Item], bool],
    items: Mapping[str, Item],
    linked: Mapping[str, set[str]],
    gold: frozenset[str],
    split: Mapping[str, Part],
) -> dict[str, Part]:
    test = {
        key
        for key, item in items.items()
        if key in gold and is_held_out(item) and not is_unknown(item)
    }
    parts: dict[str, Part] = {}
    for key, item in items.items():
        if key in test:
            parts[key] = "test"
        elif is_held_out(item) or is_unknown(item) or not linked[key].isdisjoint(test):
            parts[key] = "out"
        else:
            parts[key] = "validation" if split[key] == "validation" else "train"
    validation = {key for key, part in parts.items() if part == "validation"}
    for key, part in parts.items():
        if part == "train" and not linked[key].isdisjoint(validation):
            parts[key] = "out"
    return parts


def _linked(items: Mapping[str, Item]) -> dict[str, set[str]]:
    """Of each article, those that it is linked to."""
    linked: dict[str, set[str]] = {key: set() for key in items}
    for pair in find_links(items):
        linked[pair.first].add(pair.second)
        linked[pair.second].add(pair.first)
    return linked


def _find_late_training(items: Mapping[str, Item], parts: Mapping[str, Part]) -> list[str]:
    used = {key: part for key, part in parts.items() if part != "out"}
    undated = [key for key in used if not items[key].date]
    problems = [f"splits.jsonl: later_years: article {key!r} has no date" for key in undated]
    test = [date for key, part in used.items() if part == "test" and (date := items[key].date)]
    earlier = [date for key, part in used.items() if part != "test" and (date := items[key].date)]
    if test and earlier and max(earlier) >= min(test):
        problems.append(
            f"splits.jsonl: later_years: training reaches to {max(earlier)}, the test begins on "
            f"{min(test)}"
        )
    return problems
