"""The label store: real articles coded by several coders, without their text.

A folder (`annotations/` in the project) of JSON Lines that a person can read and compare:

* `frame.jsonl` - all articles that could be drawn (`sampling.FrameArticle`);
* `items.jsonl` - the drawn articles of the replicates that were taken up (`Item`): hash of the
  canonical text, genre, target, stratum, probability;
* `coders/NAME/` - what each coder gave: `codings.jsonl` (which articles, when, how many quotes),
  `quotes.jsonl`, `speakers.jsonl`, `labels.jsonl`;
* `gold/` - the same after adjudication, labels by `adjudicated`;
* `replaced/BATCH/` - the same for codings that were done anew, kept and not used;
* `batches.jsonl` - in which order articles were coded, and how the hidden control came out;
* `splits.jsonl` - what is for training, validation and test.

No text of an article is kept: spans are anchors (`anchors.Anchor`), and of what a coder noted
only the codes of codebook rules stay (`stance.4` is the fourth tie-break of stance, `quote.9` the
ninth paragraph on what a quote is), since a remark may quote the article in any form. Stored as
words are facts: titles and outlets no, names of people and organisations yes, and the target,
which the project worded itself. Ids of quotes and speakers are those of one coder: `X-q1` of two
coders are two readings.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from framing.codebook import Codebook, load_codebook
from framing.dataset.anchors import Anchor
from framing.dataset.sampling import FrameArticle
from framing.jsonl import read_jsonl, write_jsonl
from framing.records import Label, QuoteKind, SpeakerKind

__all__ = [
    "ADJUDICATED",
    "Batch",
    "Coding",
    "CodingSet",
    "Item",
    "LabelStore",
    "Part",
    "Split",
    "StoredQuote",
    "StoredSpeaker",
    "read_store",
    "write_coding_set",
]

ADJUDICATED = "adjudicated"
Part = Literal["train", "validation", "test", "out"]
T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article that was drawn.

    Attributes:
        source_dataset: Where its text is from.
        id: Unique there.
        sha256: Of its canonical text.
        n_words: Of its text, separated by blanks.
        outlet: Who published it.
        date: Day of publication, or None.
        genre: news, opinion or interview (transcripts too); only news is coded.
        target: The focal action that stance is measured toward; "" when there is none.
        stratum: From the frame.
        cluster: It and its near-duplicates.
        replicate: In which it was drawn; 0 for what the replicates leave of the frame.
        probability: With which it is in the store: see `sampling.inclusion_probability`.
    """

    source_dataset: str
    id: str
    sha256: str
    n_words: int
    outlet: str
    date: datetime.date | None
    genre: Literal["news", "opinion", "interview"]
    target: str
    stratum: str
    cluster: str
    replicate: int
    probability: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuote:
    """A `records.Quote` whose spans are anchors."""

    id: str
    article_id: str
    kind: QuoteKind
    content: tuple[Anchor, ...]
    cue: Anchor | None
    source: Anchor | None
    speaker_id: str | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredSpeaker:
    """A `records.Speaker` without words of the article.

    Attributes:
        id: Unique in the coder's folder.
        article_id: The article they speak in.
        name: Of a named speaker; "" for others, who go by words of the article.
        name_at: Where these words stand; None for a named speaker.
        description: Where the words stand that present the speaker.
        mentions: Where the article names them, in text order.
        kind: person, organisation, group or unnamed.
        named: Whether the article gives a name.
    """

    id: str
    article_id: str
    name: str
    name_at: Anchor | None
    description: tuple[Anchor, ...]
    mentions: tuple[Anchor, ...]
    kind: SpeakerKind
    named: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """That somebody coded an article.

    Attributes:
        article_id: Of an item.
        coder: Who read it.
        codebook: Digest of the codebook.
        time: When it was finished, ISO 8601.
        batch: Of the ledger; "" for adjudication.
        n_quotes: Quotes given; 0 means that the article has none.
        n_speakers: Speakers given.
    """

    article_id: str
    coder: str
    codebook: str
    time: str
    batch: str
    n_quotes: int
    n_speakers: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Articles that were coded in one sitting, with one article that had been coded before.

    Attributes:
        batch: Its name.
        coder: Who coded it.
        codebook: Digest of the codebook.
        articles: In the order of coding; the control by its name below.
        control: The hidden control article, as "gold-dev:ID".
        started: When the first article of the batch was finished, ISO 8601.
        ended: When the last one was.
        n_gold: Quotes of the control in its gold.
        n_coded: Quotes that the coder gave there.
        n_found: Pairs of these that share half of their words.
        role_agreement: Share of the pairs with the gold's role; None without pairs.
        stance_agreement: Share of the pairs with the gold's stance; None without pairs.
        control_fresh: Whether the control was coded in this batch; otherwise nothing is compared.
        replaced_by: The batch in which these articles were coded anew, or "".
    """

    batch: str
    coder: str
    codebook: str
    articles: tuple[str, ...]
    control: str
    started: str
    ended: str
    n_gold: int
    n_coded: int
    n_found: int
    role_agreement: float | None
    stance_agreement: float | None
    control_fresh: bool = True
    replaced_by: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What an article is for, in three ways of splitting.

    Attributes:
        article_id: Of an item that was coded.
        event: Articles with the same target within 14 days, and near-duplicates; named after
            its least article id.
        split: By article and event.
        outlet_held_out: Test articles are of outlets that no training article is of.
        later_years: Test articles are later than all training articles.
    """

    article_id: str
    event: str
    split: Part
    outlet_held_out: Part
    later_years: Part


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CodingSet:
    """Codings of one coder, or the adjudicated ones."""

    codings: tuple[Coding, ...]
    quotes: tuple[StoredQuote, ...]
    speakers: tuple[StoredSpeaker, ...]
    labels: tuple[Label, ...]

    @property
    def article_ids(self) -> frozenset[str]:
        """The articles that were coded."""
        return frozenset(coding.article_id for coding in self.codings)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LabelStore:
    """A label store in memory; parts that are not there yet are empty.

    Attributes:
        folder: It was read from.
        codebook: Its codebook.toml.
        frame: By article id.
        items: By article id, in the order of the file.
        coders: Codings by coder.
        gold: Adjudicated codings.
        replaced: Codings by the batch that was done anew.
        batches: In order.
        splits: By article id.
    """

    folder: Path
    codebook: Codebook
    frame: Mapping[str, FrameArticle]
    items: Mapping[str, Item]
    coders: Mapping[str, CodingSet]
    gold: CodingSet
    replaced: Mapping[str, CodingSet]
    batches: tuple[Batch, ...]
    splits: Mapping[str, Split]

    @property
    def twice_coded(self) -> frozenset[str]:
        """Articles that at least two coders coded."""
        counts: dict[str, int] = {}
        for coding_set in self.coders.values():
            for article_id in coding_set.article_ids:
                counts[article_id] = counts.get(article_id, 0) + 1
        return frozenset(article_id for article_id, n in counts.items() if n > 1)

    @property
    def final(self) -> dict[str, CodingSet]:
        """For each coded article the codings that count: gold, else the first coder's by name."""
        chosen: dict[str, CodingSet] = {}
        for coding_set in (self.gold, *(self.coders[name] for name in sorted(self.coders))):
            for article_id in coding_set.article_ids:
                chosen.setdefault(article_id, coding_set)
        return {key: chosen[key] for key in sorted(chosen)}


def read_store(folder: Path | str) -> LabelStore:
    """Read a label store; `store_checks.check_store` says whether its parts fit together.

    Raises:
        DataError: The codebook is missing, or a line is not the record it should be.
    """
    folder = Path(folder)
    return LabelStore(
        folder=folder,
        codebook=load_codebook(folder / "codebook.toml"),
        frame={a.id: a for a in _read(folder / "frame.jsonl", FrameArticle)},
        items={item.id: item for item in _read(folder / "items.jsonl", Item)},
        coders={path.name: _read_coding_set(path) for path in _folders(folder / "coders")},
        gold=_read_coding_set(folder / "gold"),
        replaced={path.name: _read_coding_set(path) for path in _folders(folder / "replaced")},
        batches=tuple(_read(folder / "batches.jsonl", Batch)),
        splits={split.article_id: split for split in _read(folder / "splits.jsonl", Split)},
    )


def write_coding_set(folder: Path, coding_set: CodingSet) -> list[Path]:
    """Write the four files of a coder, articles by id, so that differences are easy to read."""
    files: dict[str, Iterable[Any]] = {
        "codings": sorted(coding_set.codings, key=lambda coding: coding.article_id),
        "quotes": sorted(coding_set.quotes, key=lambda q: (q.article_id, q.content[0].start)),
        "speakers": sorted(coding_set.speakers, key=lambda s: (s.article_id, _number(s.id))),
        "labels": sorted(coding_set.labels, key=lambda x: (x.variable, *_article_and_number(x))),
    }
    for name, records in files.items():
        write_jsonl(folder / f"{name}.jsonl", records)
    return [folder / f"{name}.jsonl" for name in files]


def _read(path: Path, kind: type[T]) -> list[T]:
    return read_jsonl(path, kind) if path.exists() else []


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_dir())


def _read_coding_set(folder: Path) -> CodingSet:
    return CodingSet(
        codings=tuple(_read(folder / "codings.jsonl", Coding)),
        quotes=tuple(_read(folder / "quotes.jsonl", StoredQuote)),
        speakers=tuple(_read(folder / "speakers.jsonl", StoredSpeaker)),
        labels=tuple(_read(folder / "labels.jsonl", Label)),
    )


def _number(unit_id: str) -> int:
    """The number at the end of an id such as "X-q12"."""
    digits = unit_id.rpartition("-")[2][1:]
    return int(digits) if digits.isdigit() else 0


def _article_and_number(label: Label) -> tuple[str, int]:
    return label.unit_id.rpartition("-")[0], _number(label.unit_id)
