"""Into the label store: screened articles and codings, each import whole or not at all."""

import dataclasses
import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from framing.dataset.anchors import Anchor, FoldedText, make_anchor
from framing.dataset.compiled_codings import CompiledCoding, compile_coding
from framing.dataset.label_store import (
    ADJUDICATED,
    Coding,
    CodingSet,
    Item,
    StoredQuote,
    StoredSpeaker,
    read_store,
    write_coding_set,
)
from framing.dataset.sampling import REMAINDER, inclusion_probability
from framing.dataset.source_copies import read_copies
from framing.dataset.verbatim_codings import VerbatimCoding
from framing.errors import DataError, count
from framing.jsonl import from_json, write_jsonl
from framing.records import Article, Label, Span

__all__ = [
    "CodingMistakesError",
    "Imported",
    "Screening",
    "file_time",
    "import_codings",
    "import_items",
    "read_record",
]

_MAX_TARGET = 200
T = TypeVar("T")


class CodingMistakesError(DataError):
    """Codings that cannot be imported.

    Attributes:
        mistakes: All of them, in sentences that name article and quote or speaker.
    """

    def __init__(self, where: Path, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        n = len(self.mistakes)
        super().__init__(
            f"{where}: {n} mistake{'s' if n > 1 else ''}, nothing was imported; the first: "
            f"{self.mistakes[0]}"
        )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What a screener decided by reading; the note stays out of the store."""

    id: str
    genre: Literal["news", "opinion", "interview"]
    target: str | None
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did.

    Attributes:
        files: That were written.
        n_articles: Taken in.
        n_quotes: Of these.
        n_left_out: Codings of control articles, which do not belong into the store.
    """

    files: tuple[Path, ...]
    n_articles: int
    n_quotes: int = 0
    n_left_out: int = 0


def import_items(store: Path, screening: Sequence[Path], *, articles: Path) -> Imported:
    """Write items.jsonl from the frame and the screened replicates, replacing an older one.

    Args:
        store: Folder with frame.jsonl.
        screening: JSON files, each a list of `Screening`; together whole replicates.
        articles: Folder or file with the texts, see `source_copies.read_copies`.

    Raises:
        DataError: An article is screened twice, was not drawn, has no text or another one than
            in the frame, or a replicate is not whole: its probabilities would be wrong.
    """
    old = read_store(store)
    screened: dict[str, Screening] = {}
    for path in screening:
        entries = read_record(path)
        if not isinstance(entries, list):
            raise DataError(f"{path}: not a list of screened articles")
        for entry in entries:
            one = from_json(entry, Screening)
            if one.id in screened:
                raise DataError(f"{path}: article {one.id!r} is screened twice; keep one")
            if one.target is not None and not 0 < len(one.target) <= _MAX_TARGET:
                raise DataError(
                    f"{path}: article {one.id!r}: target has {len(one.target)} characters; it "
                    f"takes 1 to {_MAX_TARGET}, or null"
                )
            screened[one.id] = one
    drawn = {key for key, article in old.frame.items() if article.replicate is not None}
    if strangers := sorted(screened.keys() - drawn):
        were = count(len(strangers), "screened article was", "screened articles were")
        raise DataError(f"{were} not drawn: {strangers[:5]}")
    replicates = {n for key in screened if (n := old.frame[key].replicate) is not None}
    if REMAINDER in replicates:  # it is none by itself
        replicates = {n for key in drawn if (n := old.frame[key].replicate) is not None}
    missing = sorted(k for k in drawn - screened.keys() if old.frame[k].replicate in replicates)
    if missing:
        raise DataError(
            f"{count(len(missing), 'drawn article')} of the screened replicates "
            f"{'is' if len(missing) == 1 else 'are'} not screened: {missing[:5]}; "
            "only whole replicates have known probabilities, and the remainder (replicate 0) "
            "counts only beside all of them"
        )
    texts, problems = read_copies(articles, screened.keys())
    items = []
    for key in sorted(screened):
        framed, one = old.frame[key], screened[key]
        if key not in texts or texts[key].sha256 != framed.sha256:
            reason = next((p.reason for p in problems if key in p.item), "not there")
            found = f"has sha256 {texts[key].sha256[:12]}..." if key in texts else reason
            raise DataError(f"{articles}: the text of {key!r}: {found}; give that of the frame")
        article = texts[key]
        items.append(
            Item(
                source_dataset=framed.source_dataset,
                id=key,
                sha256=framed.sha256,
                n_words=len(article.text.split()),
                outlet=article.outlet,
                date=article.date,
                genre=one.genre,
                target=one.target or "",
                stratum=framed.stratum,
                cluster=framed.cluster,
                replicate=framed.replicate or REMAINDER,
                probability=inclusion_probability(framed, replicates),
            )
        )
    write_jsonl(store / "items.jsonl", items)
    return Imported(files=(store / "items.jsonl",), n_articles=len(items))


def import_codings(
    store: Path,
    folder: Path,
    *,
    articles: Path,
    coder: str,
    adjudicated: bool = False,
    replaced: str = "",
    controls: Collection[str] = (),
) -> Imported:
    """Compile a folder of verbatim codings into the store, replacing what the coder gave before.

    Args:
        store: Folder with items.jsonl.
        folder: ID.json for each coded article, see `verbatim_codings.VerbatimCoding`. When a
            coding was finished is when its file was last changed.
        articles: Folder or file with the texts.
        coder: Who coded.
        adjudicated: Whether this is gold: a reading that saw the others and decided.
        replaced: The batch of the ledger that these codings are of, when it was done anew; they
            are kept in `replaced/` and not used.
        controls: Ids of control articles, which are left out and counted.

    Raises:
        CodingMistakesError: Any coding has a mistake; all mistakes of all codings are listed by
            article and quote, and nothing is written.
        DataError: The folder or the store is not there.
    """
    old = read_store(store)
    files = sorted(folder.glob("*.json"))
    used = [file for file in files if file.stem not in controls]
    if not used:
        raise DataError(f"{folder}: holds no coding (ID.json of an article)")
    batches = {
        article_id: batch.batch
        for batch in old.batches
        if batch.coder == coder and bool(batch.replaced_by) == bool(replaced)
        for article_id in batch.articles
    }
    texts, _ = read_copies(articles, [file.stem for file in used])
    problems: list[str] = []
    parts = []
    for file in used:
        try:
            article = _article_of(file.stem, old.items, texts)
            coding = from_json(read_record(file), VerbatimCoding)
            if coding.id != file.stem:
                raise DataError(f"its id is {coding.id!r}")
            compiled, mistakes = compile_coding(coding, article, old.codebook)
        except DataError as error:
            problems.append(f"{file.name}: {error}")
            continue
        problems += [f"{file.name}: {mistake}" for mistake in mistakes]
        if compiled is not None:
            batch = "" if adjudicated else replaced or batches.get(file.stem, "")
            parts.append(
                _store_coding(
                    compiled,
                    article,
                    old.codebook.digest,
                    coder=coder,
                    annotator=ADJUDICATED if adjudicated else coder,
                    time=file_time(file),
                    batch=batch,
                    probability=old.items[article.id].probability,
                )
            )
    if problems:
        raise CodingMistakesError(folder, problems)
    coding_set = CodingSet(
        codings=tuple(x for part in parts for x in part.codings),
        quotes=tuple(x for part in parts for x in part.quotes),
        speakers=tuple(x for part in parts for x in part.speakers),
        labels=tuple(x for part in parts for x in part.labels),
    )
    written = write_coding_set(_place(store, coder, adjudicated, replaced), coding_set)
    return Imported(
        files=tuple(written),
        n_articles=len(parts),
        n_quotes=len(coding_set.quotes),
        n_left_out=len(files) - len(used),
    )


def read_record(path: Path) -> Any:
    """The value that a JSON file holds.

    Raises:
        DataError: It cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as JSON in UTF-8: {error}") from error


def file_time(path: Path) -> str:
    """When a file was last changed, in UTC to the second."""
    changed = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC)
    return changed.strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(store: Path, coder: str, adjudicated: bool, replaced: str) -> Path:
    if replaced:
        return store / "replaced" / replaced
    return store / "gold" if adjudicated else store / "coders" / coder


def _article_of(
    article_id: str, items: Mapping[str, Item], texts: Mapping[str, Article]
) -> Article:
    """The article with the target that the store has."""
    item = items.get(article_id)
    if item is None or item.genre != "news":
        what = "is not among the items" if item is None else f"is of genre {item.genre}"
        raise DataError(
            f"the article {what}; screen it first, or name it as a control (--controls)"
        )
    text = texts.get(article_id)
    if text is None or text.sha256 != item.sha256:
        raise DataError("the article's text is missing or not that of items.jsonl")
    return dataclasses.replace(text, target=item.target)


def _store_coding(
    compiled: CompiledCoding,
    article: Article,
    codebook: str,
    *,
    coder: str,
    annotator: str,
    time: str,
    batch: str,
    probability: float,
) -> CodingSet:
    folded = FoldedText(article.text)

    def anchor(span: Span) -> Anchor:
        return make_anchor(folded, span)

    def anchor_or_none(span: Span | None) -> Anchor | None:
        return None if span is None else make_anchor(folded, span)

    def label(unit_id: str, variable: str, value: str, rule: str) -> Label:
        return Label(
            unit_id=unit_id,
            variable=variable,
            value=value,
            annotator=annotator,
            codebook=codebook,
            time=time,
            note=rule,
            probability=probability,
        )

    coding = Coding(
        article_id=article.id,
        coder=coder,
        codebook=codebook,
        time=time,
        batch=batch,
        n_quotes=len(compiled.quotes),
        n_speakers=len(compiled.speakers),
    )
    quotes = tuple(
        StoredQuote(
            id=quote.id,
            article_id=quote.article_id,
            kind=quote.kind,
            content=tuple(map(anchor, quote.content)),
            cue=anchor_or_none(quote.cue),
            source=anchor_or_none(quote.source),
            speaker_id=quote.speaker_id,
        )
        for quote in compiled.quotes
    )
    speakers = tuple(
        StoredSpeaker(
            id=coded.speaker.id,
            article_id=article.id,
            name=coded.speaker.name if coded.speaker.named else "",
            name_at=anchor_or_none(coded.name_at),
            description=tuple(map(anchor, coded.description_at)),
            mentions=tuple(map(anchor, coded.speaker.mentions)),
            kind=coded.speaker.kind,
            named=coded.speaker.named,
        )
        for coded in compiled.speakers
    )
    stances = [label(key, "stance", *given) for key, given in compiled.stances.items()]
    roles = [label(c.speaker.id, "role", c.role, c.rule) for c in compiled.speakers]
    return CodingSet(codings=(coding,), quotes=quotes, speakers=speakers, labels=(*stances, *roles))
