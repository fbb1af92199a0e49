"""The ledger of batches: in which order articles were coded, and how the hidden control came out.

Each batch hides one article that was coded and adjudicated before. Where a coder falls off there,
the batch is coded anew.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from framing.dataset.compiled_codings import compile_coding
from framing.dataset.gold_quotes import CodedArticle, read_gold_quotes
from framing.dataset.label_store import Batch, read_store
from framing.dataset.source_copies import read_copies
from framing.dataset.store_imports import Imported, file_time, read_record
from framing.dataset.verbatim_codings import VerbatimCoding
from framing.errors import DataError, count
from framing.jsonl import from_json, write_jsonl
from framing.metrics.found_quotes import match_quotes
from framing.records import Span

__all__ = ["CONTROL", "LedgerEntry", "import_batches"]

CONTROL = "gold-dev:"  # before the gold article's id


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A batch as it was given out.

    Attributes:
        batch: Its name.
        coder: Who coded it; also the name of the folder with the codings.
        control: Id of the control among the articles.
        articles: In the order of coding, the control among them.
        control_fresh: Whether the control was coded in this batch. False where its coder had met
            it before, or another batch's coding of it is the one that was kept: then nothing is
            compared.
        replaced_by: The batch in which these articles were coded anew, or "".
        folder: Where the codings of a replaced batch lie, when not in that of the coder.
    """

    batch: str
    coder: str
    control: str
    articles: tuple[str, ...]
    control_fresh: bool = True
    replaced_by: str = ""
    folder: str = ""


def import_batches(
    store: Path,
    ledger: Path,
    *,
    codings: Path,
    articles: Path,
    gold: Path,
    controls: Mapping[str, str],
) -> Imported:
    """Write batches.jsonl, replacing an older one: order, times, and agreement on the control.

    A quote of the control is found when the coder gave one that shares at least half of the
    union of their words; role and stance are compared on those.

    Args:
        store: Folder of the label store.
        ledger: JSON file with a list of `LedgerEntry`.
        codings: Folder with a folder of verbatim codings for each coder.
        articles: Folder or file with the texts, those of the controls too.
        gold: Coded articles, see `read_gold_quotes`.
        controls: Id in `gold` for the id under which each control was given out.

    Raises:
        DataError: A coding is missing or wrong, a control is unknown, or a batch names none.
    """
    old = read_store(store)
    entries = read_record(ledger)
    if not isinstance(entries, list):
        raise DataError(f"{ledger}: not a list of batches")
    given = [from_json(entry, LedgerEntry) for entry in entries]
    coded = {one.article.id: one for one in read_gold_quotes(gold)}
    texts, _ = read_copies(articles, {entry.control for entry in given})
    batches = []
    for entry in given:
        where = f"{ledger}: batch {entry.batch!r}"
        folder = codings / (entry.folder or entry.coder)
        files = [folder / f"{article_id}.json" for article_id in entry.articles]
        if missing := [file.name for file in files if not file.exists()]:
            are = count(len(missing), "coding is", "codings are")
            raise DataError(f"{where}: {are} missing: {missing[:5]}")
        if entry.control not in entry.articles or controls.get(entry.control) not in coded:
            raise DataError(f"{where}: control {entry.control!r} is not in it or not in {gold}")
        if entry.control not in texts:
            raise DataError(f"{where}: {articles} has no text of control {entry.control!r}")
        key = controls[entry.control]
        article = dataclasses.replace(texts[entry.control], target=coded[key].article.target)
        coding = from_json(read_record(folder / f"{entry.control}.json"), VerbatimCoding)
        compiled, mistakes = compile_coding(coding, article, old.codebook)
        if compiled is None:
            raise DataError(f"{where}: control: {mistakes[0]}")
        roles = {c.speaker.id: c.role for c in compiled.speakers}
        default = old.codebook.variable("role").default
        n_found, role, stance = _compare(
            coded[key],
            article.text,
            [
                (
                    quote.content,
                    roles[quote.speaker_id] if quote.speaker_id else default,
                    compiled.stances[quote.id][0],
                )
                for quote in compiled.quotes
            ],
            where,
        )
        times = sorted(file_time(file) for file in files)
        batches.append(
            Batch(
                batch=entry.batch,
                coder=entry.coder,
                codebook=old.codebook.digest,
                articles=tuple(CONTROL + key if a == entry.control else a for a in entry.articles),
                control=CONTROL + key,
                started=times[0],
                ended=times[-1],
                n_gold=len(coded[key].quotes),
                n_coded=len(compiled.quotes) if entry.control_fresh else 0,
                n_found=n_found if entry.control_fresh else 0,
                role_agreement=role if entry.control_fresh else None,
                stance_agreement=stance if entry.control_fresh else None,
                control_fresh=entry.control_fresh,
                replaced_by=entry.replaced_by,
            )
        )
    write_jsonl(store / "batches.jsonl", batches)
    return Imported(
        files=(store / "batches.jsonl",),
        n_articles=sum(len(batch.articles) - 1 for batch in batches),
        n_left_out=len(batches),
    )


def _compare(
    gold: CodedArticle,
    text: str,
    given: Sequence[tuple[Sequence[Span], str, str]],
    where: str,
) -> tuple[int, float | None, float | None]:
    """Pairs with the gold quotes, and the shares of them with its role and its stance."""
    if gold.article.text != text:
        raise DataError(f"{where}: the control's text is not that of its gold")
    pairs = match_quotes(text, [q.content for q in gold.quotes], [content for content, *_ in given])
    if not pairs:
        return 0, None, None
    n_role = sum(gold.quotes[i].role == given[j][1] for i, j in pairs)
    n_stance = sum(gold.quotes[i].stance == given[j][2] for i, j in pairs)
    return len(pairs), round(n_role / len(pairs), 4), round(n_stance / len(pairs), 4)
