"""The label store joined with the user's own copy of the texts, as records again.

Where the copy is the text that was coded (same hash), spans are taken as they are and the hash of
each is compared. Where it differs, each span is looked for by its hashes
(`anchors.find_anchors`); what is not found is left out and listed, never guessed.
"""

import collections
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from framing.dataset.anchors import Anchor, FoldedText, find_anchors, make_anchor
from framing.dataset.compiled_codings import NO_SPEAKER
from framing.dataset.label_store import (
    ADJUDICATED,
    CodingSet,
    Item,
    LabelStore,
    StoredQuote,
    StoredSpeaker,
)
from framing.dataset.source_copies import read_copies
from framing.errors import DataError
from framing.records import (
    Article,
    Exclusion,
    Extraction,
    Label,
    Quote,
    Span,
    Speaker,
    check_extraction,
)

__all__ = ["CodedRecords", "Hydrated", "hydrate_store"]

_LOST_NAME = "somebody unnamed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodedRecords:
    """Quotes, speakers and labels of one coder, or the adjudicated ones.

    Attributes:
        article_ids: The articles that were coded and have a text, those without quotes too.
        quotes: By article, in text order.
        speakers: By article.
        labels: Of these.
    """

    article_ids: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hydrated:
    """A label store with text.

    Attributes:
        articles: All coded articles that the copies have, by id.
        final: The codings that count: gold, else those of the first coder by name.
        gold: Adjudicated codings.
        coders: By coder.
        annotators: Whose coding of each article counts ("adjudicated", or a coder).
        probabilities: With which each article was drawn.
        missing: What is left out, with reasons: articles without a copy, spans that are not in
            it, and what hangs on them.
        n_coded: Articles that were coded.
        n_same: Of `articles`, those whose copy is the very text that was coded.
        n_spans: Spans looked for in `articles`, over all coders.
        n_lost: Of these, spans that were not found.
    """

    articles: tuple[Article, ...]
    final: CodedRecords
    gold: CodedRecords
    coders: Mapping[str, CodedRecords]
    annotators: Mapping[str, str]
    probabilities: Mapping[str, float]
    missing: tuple[Exclusion, ...]
    n_coded: int
    n_same: int
    n_spans: int
    n_lost: int


def hydrate_store(store: LabelStore, sources: Mapping[str, Path]) -> Hydrated:
    """Join a label store with copies of its source datasets.

    Args:
        store: Checked (`store_checks.find_problems`).
        sources: Where the user's copy of each source dataset lies, see `read_copies`.

    Raises:
        DataError: A source is not one of the store.
    """
    wanted: dict[str, set[str]] = collections.defaultdict(set)
    for key in store.final:
        wanted[store.items[key].source_dataset].add(key)
    if unknown := sorted(sources.keys() - wanted.keys()):
        raise DataError(
            f"source {unknown[0]!r} is not in the store; it has: {', '.join(sorted(wanted))}"
        )
    copies: dict[str, Article] = {}
    missing: list[Exclusion] = []
    for dataset, keys in sorted(wanted.items()):
        path = sources.get(dataset)
        found, problems = read_copies(path, keys) if path else ({}, ())
        copies |= found
        reasons = {Path(problem.item).stem: problem.reason for problem in problems}
        why = f"not in {path}" if path else f"no copy of {dataset} was given"
        missing += [
            Exclusion(item=key, reason=reasons.get(key, why), stage="articles", article_id=key)
            for key in sorted(keys - found.keys())
        ]
    sets = {"gold": store.gold, **{f"coders/{name}": one for name, one in store.coders.items()}}
    joined = {name: _join(name, one, copies, store.items) for name, one in sets.items()}
    chosen = {
        key: next(name for name, one in sets.items() if one is used)
        for key, used in store.final.items()
    }
    return Hydrated(
        articles=tuple(_make_article(store, key, copies[key]) for key in sorted(copies)),
        final=_choose(joined, chosen),
        gold=joined["gold"].records,
        coders={name: joined[f"coders/{name}"].records for name in store.coders},
        annotators={
            key: ADJUDICATED if name == "gold" else name.removeprefix("coders/")
            for key, name in chosen.items()
        },
        probabilities={key: store.items[key].probability for key in copies},
        missing=(*missing, *(x for one in joined.values() for x in one.missing)),
        n_coded=len(store.final),
        n_same=sum(copy.sha256 == store.items[key].sha256 for key, copy in copies.items()),
        n_spans=sum(one.n_spans for one in joined.values()),
        n_lost=sum(one.n_lost for one in joined.values()),
    )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Joined:
    records: CodedRecords
    missing: tuple[Exclusion, ...]
    n_spans: int
    n_lost: int


def _join(
    name: str, coding_set: CodingSet, copies: Mapping[str, Article], items: Mapping[str, Item]
) -> _Joined:
    """The records of one coder."""
    quotes_of: dict[str, list[StoredQuote]] = collections.defaultdict(list)
    speakers_of: dict[str, list[StoredSpeaker]] = collections.defaultdict(list)
    for stored in coding_set.quotes:
        quotes_of[stored.article_id].append(stored)
    for described in coding_set.speakers:
        speakers_of[described.article_id].append(described)
    quotes: list[Quote] = []
    speakers: list[Speaker] = []
    missing: list[Exclusion] = []
    n_spans = n_lost = 0
    article_ids = sorted(coding_set.article_ids & copies.keys())
    for key in article_ids:
        copy = copies[key]
        places = _Places(copy, same=copy.sha256 == items[key].sha256)
        places.find([*_anchors(quotes_of[key], speakers_of[key])])
        n_spans += len(places.found)
        n_lost += sum(span is None for span in places.found.values())
        extraction = _rebuild(key, quotes_of[key], speakers_of[key], places)
        quotes += extraction.quotes
        speakers += extraction.speakers
        missing += [dataclasses.replace(e, item=f"{name}: {e.item}") for e in extraction.exclusions]
    kept = {unit.id for unit in quotes} | {unit.id for unit in speakers}
    labels = tuple(label for label in coding_set.labels if label.unit_id in kept)
    return _Joined(
        records=CodedRecords(
            article_ids=tuple(article_ids),
            quotes=tuple(quotes),
            speakers=tuple(speakers),
            labels=labels,
        ),
        missing=tuple(missing),
        n_spans=n_spans,
        n_lost=n_lost,
    )


class _Places:
    """Where the anchors of one article lie in a copy of it.

    Attributes:
        text: The copy.
        found: The span of each anchor, None where it is not in the copy.
    """

    def __init__(self, copy: Article, *, same: bool) -> None:
        self.text = copy.text
        self.found: dict[Anchor, Span | None] = {}
        self._folded = FoldedText(copy.text)
        self._same = same

    def find(self, anchors: Sequence[Anchor]) -> None:
        """Look for the anchors."""
        each = list(dict.fromkeys(anchors))
        if self._same:
            self.found = {
                a: a.span if a.end <= len(self.text) and make_anchor(self._folded, a.span) == a
                else None
                for a in each
            }  # fmt: skip
        else:
            self.found = dict(zip(each, find_anchors(self._folded, each), strict=True))

    def of(self, anchors: Sequence[Anchor]) -> tuple[Span, ...]:
        """Those that were found."""
        return tuple(span for a in anchors if (span := self.found[a]) is not None)


def _anchors(quotes: Sequence[StoredQuote], speakers: Sequence[StoredSpeaker]) -> Iterator[Anchor]:
    for quote in quotes:
        yield from (*quote.content, *filter(None, (quote.cue, quote.source)))
    for speaker in speakers:
        yield from (*speaker.description, *speaker.mentions, *filter(None, (speaker.name_at,)))


def _rebuild(
    key: str,
    stored_quotes: Sequence[StoredQuote],
    stored_speakers: Sequence[StoredSpeaker],
    places: _Places,
) -> Extraction:
    """The records of one article, and what could not be rebuilt."""
    exclusions: list[Exclusion] = []

    def leave_out(item: str, reason: str) -> None:
        exclusions.append(Exclusion(item=item, reason=reason, stage="quotes", article_id=key))

    quotes: list[Quote] = []
    for stored in stored_quotes:
        content = places.of(stored.content)
        if len(content) < len(stored.content) or list(content) != sorted(content):
            leave_out(stored.id, "its content does not stand in this copy of the article")
            continue
        for field in ("cue", "source"):
            anchor: Anchor | None = getattr(stored, field)
            if anchor is not None and places.found[anchor] is None:
                leave_out(f"{stored.id}, {field}", "not found in this copy; the quote stays")
        quotes.append(
            Quote(
                id=stored.id,
                article_id=key,
                kind=stored.kind,
                content=content,
                cue=places.found[stored.cue] if stored.cue else None,
                source=places.found[stored.source] if stored.source else None,
                speaker_id=stored.speaker_id,
                reason="" if stored.speaker_id else NO_SPEAKER,
            )
        )
    quoted = {quote.speaker_id for quote in quotes}
    speakers: list[Speaker] = []
    for described in stored_speakers:
        if described.id not in quoted:
            leave_out(described.id, "none of the speaker's quotes stands in this copy")
            continue
        lost = [
            anchor
            for anchor in (*described.description, *described.mentions, described.name_at)
            if anchor is not None and places.found[anchor] is None
        ]
        if lost:
            leave_out(
                f"{described.id}, {len(lost)} mentions or words of description",
                "not found in this copy; the speaker stays",
            )
        speakers.append(_rebuild_speaker(described, places))
    extraction = Extraction(
        article_id=key,
        quotes=tuple(quotes),
        speakers=tuple(speakers),
        exclusions=tuple(exclusions),
    )
    try:
        check_extraction(Article(id=key, text=places.text), extraction)
    except DataError as error:
        reason = f"spans do not fit together in this copy of the article: {error}"
        left_out = Exclusion(item=key, reason=reason, stage="quotes", article_id=key)
        return Extraction(article_id=key, exclusions=(left_out,))
    return extraction


def _rebuild_speaker(described: StoredSpeaker, places: _Places) -> Speaker:
    mentions: list[Span] = []
    for span in sorted(places.of(described.mentions)):
        if not mentions or span.start >= mentions[-1].end:
            mentions.append(span)
    name = described.name
    if not described.named:
        name_at = places.found[described.name_at] if described.name_at else None
        words = [name_at] if name_at else [*places.of(described.description), *mentions]
        name = words[0].of(places.text) if words else _LOST_NAME
    return Speaker(
        id=described.id,
        article_id=described.article_id,
        name=name,
        description="; ".join(s.of(places.text) for s in places.of(described.description)),
        mentions=tuple(mentions),
        kind=described.kind,
        named=described.named,
    )


def _choose(joined: Mapping[str, _Joined], chosen: Mapping[str, str]) -> CodedRecords:
    """For each article the records of the coding that counts."""
    quotes: list[Quote] = []
    speakers: list[Speaker] = []
    labels: list[Label] = []
    for name in sorted(set(chosen.values())):
        records = joined[name].records
        mine = [q for q in records.quotes if chosen[q.article_id] == name]
        mine_too = [s for s in records.speakers if chosen[s.article_id] == name]
        kept = {unit.id for unit in mine} | {unit.id for unit in mine_too}
        quotes += mine
        speakers += mine_too
        labels += [label for label in records.labels if label.unit_id in kept]
    with_text = {key for one in joined.values() for key in one.records.article_ids}
    return CodedRecords(
        article_ids=tuple(sorted(with_text)),
        quotes=tuple(sorted(quotes, key=lambda q: (q.article_id, q.content))),
        speakers=tuple(sorted(speakers, key=lambda s: s.article_id)),
        labels=tuple(sorted(labels, key=lambda x: (x.variable, x.unit_id.rpartition("-")[0]))),
    )


def _make_article(store: LabelStore, key: str, copy: Article) -> Article:
    item = store.items[key]
    group = {"source_dataset": item.source_dataset, "lean": item.stratum.split("/")[0]}
    if key in store.splits:
        split = store.splits[key]
        group |= {"event": split.event, "split": split.split}
        group |= {"outlet_held_out": split.outlet_held_out, "later_years": split.later_years}
    return Article(
        id=key,
        text=copy.text,
        title=copy.title,
        outlet=item.outlet,
        date=item.date,
        url=copy.url,
        target=item.target,
        group=group,
    )
