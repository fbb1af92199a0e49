"""Articles on the same event: what must not stand on both sides of a split."""

import collections
import itertools
import math
import re
from collections.abc import Mapping

from framing.dataset.label_store import Item
from framing.dataset.near_duplicates import NearDuplicates, cluster_near_duplicates

__all__ = ["find_events", "find_links", "target_words"]

_DAYS = 14
# Chosen by reading the targets that are linked, and those that just are not, of 360 articles.
_OVERLAP = 0.25
_OVERLAP_UNDATED = 0.6
_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    """
    a about after against an and as at be because before being between both but by during for from
    had has have her his in including into is it its led new no not of off on or over s set some
    than that the their them they this to toward under up use using was were whether which who
    whom whose with within without
    """.split()
)
# One form for words that name the same thing in targets.
_SAME = {
    "american": "us", "america": "us", "isil": "isis", "israeli": "israel", "syrian": "syria",
    "iraqi": "iraq", "iranian": "iran", "russian": "russia", "turkish": "turkey",
    "afghan": "afghanistan", "ukrainian": "ukraine", "libyan": "libya", "yemeni": "yemen",
    "korean": "korea", "egyptian": "egypt", "palestinian": "palestinians", "kurdish": "kurds",
    "airstrikes": "strike", "airstrike": "strike", "strikes": "strike", "attacks": "attack",
    "bombers": "bombing", "troops": "troop", "weapons": "weapon", "rebels": "rebel",
}  # fmt: skip


def find_events(items: Mapping[str, Item]) -> dict[str, str]:
    """Put articles of one event together: those that are linked directly or over others.

    Single linkage: events are rather too large than too small, since strangers together do no
    harm where groups are drawn, and one event on two sides does. The more articles there are, the
    longer are the chains; in a store that grows, what keeps parts apart are the links themselves.

    Args:
        items: By article id; none gives no event.

    Returns:
        The event of each article, named after its least article id.
    """
    return cluster_near_duplicates(sorted(items), find_links(items))


def find_links(items: Mapping[str, Item]) -> list[NearDuplicates]:
    """Pairs of articles on one event: the same target within 14 days, or copies.

    Screeners word targets freely, so targets are compared by their content words, each weighted
    by how rare it is among the targets, w = log((N + 1) / n): two are the same when
    Σ w(A ∩ B) / min(Σ w(A), Σ w(B)) >= 0.25. An article without a date may be of any day; it is
    linked from 0.6 on and by two words or more. Near-duplicates (`Item.cluster`) are one event
    whatever their dates.

    Args:
        items: By article id.
    """
    words = {key: target_words(item.target) for key, item in items.items()}
    counts = collections.Counter(word for found in words.values() for word in found)
    weights = {word: math.log((len(items) + 1) / n) for word, n in counts.items()}
    totals = {key: sum(weights[word] for word in sorted(found)) for key, found in words.items()}
    dates = {key: item.date for key, item in items.items()}
    pairs = []
    for one, other in itertools.combinations(sorted(items), 2):
        first, second = dates[one], dates[other]
        shared = words[one] & words[other]
        least = min(totals[one], totals[other])
        overlap = sum(weights[word] for word in sorted(shared)) / least if shared else 0.0
        if first is None or second is None:
            same = len(shared) > 1 and overlap >= _OVERLAP_UNDATED
        else:
            same = overlap >= _OVERLAP and abs((first - second).days) <= _DAYS
        if same or items[one].cluster == items[other].cluster:
            pairs.append(NearDuplicates(first=one, second=other, containment=1.0))
    return pairs


def target_words(target: str) -> frozenset[str]:
    """The content words of a target, lower-cased, countries and peoples in one form."""
    text = target.lower().replace("islamic state", "isis").replace("united states", "us")
    found = (_SAME.get(word, word) for word in _WORD.findall(text))
    return frozenset(word for word in found if word not in _STOP)
