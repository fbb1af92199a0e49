"""Whether a label store is whole and right, as far as that can be told without any text."""

import collections
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from framing.codebook import Codebook
from framing.dataset.anchors import Anchor
from framing.dataset.batch_ledger import CONTROL
from framing.dataset.compiled_codings import MAX_NAME
from framing.dataset.label_store import (
    ADJUDICATED,
    CodingSet,
    LabelStore,
    StoredQuote,
    StoredSpeaker,
)
from framing.dataset.sampling import REMAINDER, inclusion_probability
from framing.dataset.splits import MIN_TEST, MIN_VALIDATION, find_leaks
from framing.records import Label

__all__ = ["find_problems"]

Unit = TypeVar("Unit", StoredQuote, StoredSpeaker)
_RULES = re.compile(r"[a-z_]+\.[0-9]+( [a-z_]+\.[0-9]+)*")
_CODER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_TARGET = 200


def find_problems(
    store: LabelStore, *, n_test: int = MIN_TEST, n_validation: int = MIN_VALIDATION
) -> list[str]:
    """What is wrong with a label store, in sentences that name file and record.

    Checked are: items against the frame (which holds neither gold-dev nor its events), whole
    replicates and probabilities; spans, ids and labels of every coder, under the store's codebook
    and no other; that every news item is coded, every speaker has a role and every quote of an
    article with a target a stance; that gold rests on two codings; that notes are rule codes;
    batches; splits, their leaks and least sizes (`n_test`, `n_validation`). A store without
    items is one in which nothing is coded yet.
    """
    problems = _check_items(store)
    named = [(f"coders/{name}", name, coding_set) for name, coding_set in store.coders.items()]
    named += [(f"replaced/{batch}", "", coding_set) for batch, coding_set in store.replaced.items()]
    named += [("gold", ADJUDICATED, store.gold)]
    for where, annotator, coding_set in named:
        problems += _check_coding_set(where, annotator, coding_set, store)
    problems += [
        f"coders/{name}: a coder's name takes lower-case letters, digits and single hyphens"
        for name in store.coders
        if not _CODER.fullmatch(name)
    ]
    coded = store.final.keys()
    problems += [
        f"items.jsonl: news article {key!r} is coded by nobody"
        for key, item in store.items.items()
        if item.genre == "news" and key not in coded
    ]
    gold, twice = store.gold.article_ids, store.twice_coded
    problems += [f"gold: article {key!r} is not coded twice" for key in sorted(gold - twice)]
    problems += [
        f"gold: article {key!r} is coded twice and not adjudicated" for key in sorted(twice - gold)
    ]
    problems += _check_batches(store)
    if store.items or store.splits:
        problems += find_leaks(store, n_test=n_test, n_validation=n_validation)
    return problems


def _check_items(store: LabelStore) -> list[str]:
    problems = []
    replicates = {item.replicate for item in store.items.values()}
    if REMAINDER in replicates:  # it is none by itself
        replicates |= {one.replicate for one in store.frame.values() if one.replicate is not None}
    over = f"over {len(replicates)} replicates"
    if REMAINDER in replicates:
        over = "with the remainder of the frame"
    for key, item in store.items.items():
        where = f"items.jsonl: article {key!r}"
        framed = store.frame.get(key)
        if framed is None:
            problems.append(f"{where} is not in frame.jsonl, so it was not drawn")
            continue
        for name in ("source_dataset", "sha256", "cluster", "stratum", "replicate"):
            if getattr(item, name) != getattr(framed, name):
                problems.append(
                    f"{where}: {name} is {getattr(item, name)!r}, in frame.jsonl "
                    f"{getattr(framed, name)!r}"
                )
        expected = inclusion_probability(framed, replicates)
        if not math.isclose(item.probability, expected, rel_tol=1e-9):
            problems.append(
                f"{where}: probability {item.probability:.6g}; {over} it is {expected:.6g}"
            )
        if len(item.target) > _MAX_TARGET or "\n" in item.target:
            problems.append(f"{where}: the target is longer than {_MAX_TARGET} characters")
    for key, framed in store.frame.items():
        if framed.replicate in replicates and key not in store.items:
            problems.append(
                f"items.jsonl: article {key!r} of replicate {framed.replicate} is missing; only "
                "whole replicates have known probabilities"
            )
    return problems


def _check_coding_set(
    where: str, annotator: str, coding_set: CodingSet, store: LabelStore
) -> list[str]:
    """Check one folder; an empty annotator stands for that of each coding."""
    problems = []
    codebook, items = store.codebook, store.items
    quotes = _by_article(coding_set.quotes)
    speakers = _by_article(coding_set.speakers)
    for key, n in collections.Counter(c.article_id for c in coding_set.codings).items():
        if n > 1:
            problems.append(f"{where}/codings.jsonl: article {key!r} stands {n} times")
    for coding in coding_set.codings:
        key = coding.article_id
        at = f"{where}: article {key!r}"
        if key not in items or items[key].genre != "news":
            problems.append(f"{at} is not a news article of items.jsonl")
            continue
        if coding.codebook != codebook.digest:
            problems.append(f"{at}: codebook {coding.codebook}, not {codebook.digest}")
        found = (len(quotes.get(key, ())), len(speakers.get(key, ())))
        if found != (coding.n_quotes, coding.n_speakers):
            problems.append(
                f"{at}: {found[0]} quotes and {found[1]} speakers, by codings.jsonl "
                f"{coding.n_quotes} and {coding.n_speakers}"
            )
        problems += _check_units(at, quotes.get(key, ()), speakers.get(key, ()))
    for key in sorted((quotes.keys() | speakers.keys()) - coding_set.article_ids):
        problems.append(f"{where}: article {key!r} has quotes or speakers and no coding")
    problems += _check_labels(where, annotator, coding_set, store)
    return problems


def _check_units(
    at: str, quotes: Sequence[StoredQuote], speakers: Sequence[StoredSpeaker]
) -> list[str]:
    problems = []
    ids = [quote.id for quote in quotes] + [speaker.id for speaker in speakers]
    problems += [
        f"{at}: id {i!r} is used twice" for i, n in collections.Counter(ids).items() if n > 1
    ]
    taken = sorted((anchor.start, anchor.end, q.id) for q in quotes for anchor in q.content)
    for (_, end, one), (start, _, other) in itertools.pairwise(taken):
        if start < end:
            problems.append(f"{at}: contents of {one!r} and {other!r} overlap")
    for quote in quotes:
        if not quote.content or not _in_order(quote.content):
            problems.append(f"{at}: content of {quote.id!r} is empty or not in text order")
    known = {speaker.id for speaker in speakers}
    quoted = {quote.speaker_id for quote in quotes} - {None}
    problems += [f"{at}: no speaker {i!r}" for i in sorted(filter(None, quoted - known))]
    problems += [f"{at}: speaker {i!r} is not quoted" for i in sorted(known - quoted)]
    for speaker in speakers:
        if speaker.named:
            fits = 0 < len(speaker.name) <= MAX_NAME and speaker.name_at is None
        else:  # a name here would be words of the article
            fits = not speaker.name and speaker.name_at is not None
        if not fits:
            problems.append(
                f"{at}: speaker {speaker.id!r}: a named one has a name of 1 to {MAX_NAME} "
                "characters, an unnamed one only its place (name_at)"
            )
        if not _in_order(speaker.mentions):
            problems.append(f"{at}: mentions of {speaker.id!r} are not in text order")
    return problems


def _check_labels(
    where: str, annotator: str, coding_set: CodingSet, store: LabelStore
) -> list[str]:
    problems = []
    units = {("quote", quote.id): quote.article_id for quote in coding_set.quotes} | {
        ("speaker", speaker.id): speaker.article_id for speaker in coding_set.speakers
    }
    coders = {coding.article_id: coding.coder for coding in coding_set.codings}
    given: set[tuple[str, str]] = set()
    for label in coding_set.labels:
        problem, article_id = _find_label_problem(label, units, store.codebook)
        at = f"{where}/labels.jsonl: {label.variable} of {label.unit_id!r}"
        if problem:
            problems.append(f"{at}: {problem}")
            continue
        if (label.unit_id, label.variable) in given:
            problems.append(f"{at}: stands twice")
        given.add((label.unit_id, label.variable))
        if label.annotator != (annotator or coders.get(article_id)):
            problems.append(f"{at}: annotator is {label.annotator!r}")
        item = store.items.get(article_id)
        if item is not None and label.probability != item.probability:
            problems.append(
                f"{at}: probability {label.probability:.6g}, of the article "
                f"{item.probability:.6g}; import the codings again"
            )
    for variable in store.codebook.variables:
        for (kind, unit_id), article_id in units.items():
            item = store.items.get(article_id)
            if kind != variable.unit or item is None:
                continue
            # A variable with two sides is toward a target; without one there is nothing to judge.
            wanted = bool(item.target) or not variable.positive
            if wanted != ((unit_id, variable.name) in given):
                what = "no label" if wanted else "a label, and its article no target"
                problems.append(f"{where}/labels.jsonl: {unit_id!r} has {what} of {variable.name}")
    return problems


def _find_label_problem(
    label: Label, units: Mapping[tuple[str, str], str], codebook: Codebook
) -> tuple[str, str]:
    """What is wrong with a label by itself, or "", and the article of its unit."""
    variable = next((v for v in codebook.variables if v.name == label.variable), None)
    if variable is None:
        return "the codebook has no such variable", ""
    article_id = units.get((variable.unit, label.unit_id))
    if article_id is None:
        return f"no {variable.unit} has this id", ""
    if label.value not in variable.names:
        return f"{label.value!r} is not one of {', '.join(variable.names)}", article_id
    if label.codebook != codebook.digest:
        return f"given under codebook {label.codebook!r}, not {codebook.digest}", article_id
    if label.note and not _RULES.fullmatch(label.note):
        return "the note is no code of a rule; it might quote the article", article_id
    return "", article_id


def _check_batches(store: LabelStore) -> list[str]:
    problems = []
    names = collections.Counter(batch.batch for batch in store.batches)
    problems += [f"batches.jsonl: {name!r} stands twice" for name, n in names.items() if n > 1]
    holders: dict[tuple[str, str], str] = {}
    for batch in store.batches:
        at = f"batches.jsonl: batch {batch.batch!r}"
        if batch.articles.count(batch.control) != 1 or not batch.control.startswith(CONTROL):
            problems.append(f"{at}: control {batch.control!r} does not stand in it once")
        if batch.codebook != store.codebook.digest:
            problems.append(f"{at}: codebook {batch.codebook}, not {store.codebook.digest}")
        if batch.replaced_by and batch.replaced_by not in names:
            problems.append(f"{at}: replaced by {batch.replaced_by!r}, which is not there")
        if not batch.replaced_by:
            holders |= {(batch.coder, a): batch.batch for a in batch.articles}
    for name, coding_set in store.coders.items():
        for coding in coding_set.codings:
            batch_name = holders.get((name, coding.article_id))
            if coding.batch != batch_name:
                problems.append(
                    f"coders/{name}: article {coding.article_id!r} is of batch {coding.batch!r}, "
                    f"by batches.jsonl of {batch_name!r}"
                )
    replaced = {batch.batch for batch in store.batches if batch.replaced_by}
    problems += [
        f"replaced/{name}: batches.jsonl has no such batch that was replaced"
        for name in sorted(store.replaced.keys() - replaced)
    ]
    return problems


def _by_article(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit.article_id, []).append(unit)
    return found


def _in_order(anchors: Sequence[Anchor]) -> bool:
    return all(one.end <= other.start for one, other in itertools.pairwise(anchors))
