"""What a survival table means: what is kept, and that the list of losses is exactly the rest."""

import collections
import dataclasses
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.dataset.exchange.survival import (
    FACETS,
    Facet,
    Survival,
    check_survival,
    keep_surviving,
)
from framing.errors import DataError
from framing.records import Article
from tests.dataset.exchange.coded_corpora import coded_corpora, invented_corpus

WHOLE: Mapping[Facet, Survival] = dict.fromkeys(FACETS, Survival())
LIMITS: tuple[Facet, ...] = (
    "meta", "quotes", "fragments", "cue", "source", "attribution", "reason", "speakers",
    "description", "mentions", "quote_labels", "speaker_labels", "codebook", "time", "note",
    "suggestions",
)  # fmt: skip


def _half(_: Document, record: Any) -> bool:
    """Some records and not others, by what they are."""
    return zlib.crc32(repr(record).encode()) % 2 == 0


def _table(**changes: Survival) -> Mapping[Facet, Survival]:
    return {**WHOLE, **changes}  # type: ignore[dict-item]


@st.composite
def _tables(draw: st.DrawFn) -> Mapping[Facet, Survival]:
    choices = st.sampled_from(
        [Survival(), Survival(where="lost", limit="no place"), Survival(limit="half", holds=_half)]
    )
    table = dict(WHOLE)
    for facet in LIMITS:
        table[facet] = draw(choices)
    if table["quotes"].where == "lost":
        table["quotes"] = Survival()
    return table


def _information(corpus: CodedCorpus) -> collections.Counter[tuple[str, ...]]:
    """Every piece of a corpus by facet and what it is of, written anew without the sieve."""
    pieces: list[tuple[str, ...]] = []
    for article in corpus.articles:
        pieces.append(("text", article.id))
        if article != Article(id=article.id, text=article.text):
            pieces.append(("meta", article.id))
    for quote in corpus.quotes:
        pieces.append(("quote", quote.id))
        pieces += [("cue", quote.id)] * (quote.cue is not None)
        pieces += [("source", quote.id)] * (quote.source is not None)
        pieces += [("attribution", quote.id)] * (quote.speaker_id is not None)
        pieces += [("reason", quote.id)] * bool(quote.reason)
    for speaker in corpus.speakers:
        pieces.append(("speaker", speaker.id))
        pieces += [("description", speaker.id)] * bool(speaker.description)
        pieces += [("mentions", speaker.id)] * bool(speaker.mentions)
    for label in corpus.labels:
        key = (label.unit_id, label.variable, label.annotator)
        pieces.append(("label", *key))
        pieces += [(field, *key) for field in ("codebook", "time", "note") if getattr(label, field)]
    pieces += [("suggestion", s.unit_id, s.variable, s.model) for s in corpus.suggestions]
    return collections.Counter(pieces)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=coded_corpora(), table=_tables())
def test_the_list_of_losses_is_exactly_what_is_gone(
    corpus: CodedCorpus, table: Mapping[Facet, Survival]
) -> None:
    kept, losses = keep_surviving(corpus, table)
    before, after = _information(corpus), _information(kept)
    assert not after - before  # nothing is made up
    gone = before - after
    units = {quote.id for quote in kept.quotes} | {speaker.id for speaker in kept.speakers}
    labels = {(x.unit_id, x.variable, x.annotator) for x in kept.labels}
    # What belongs to a unit or a label that is gone as a whole is gone with it, in one line.
    expected = sum(
        count
        for piece, count in gone.items()
        if piece[0] in ("text", "meta", "quote", "speaker", "label", "suggestion")
        or (piece[0] in ("codebook", "time", "note") and piece[1:] in labels)
        or (len(piece) == 2 and piece[1] in units)
    )
    assert len(losses) == expected
    assert {loss.stage for loss in losses} <= {"export"}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corpus=coded_corpora())
def test_a_whole_table_loses_nothing(corpus: CodedCorpus) -> None:
    assert keep_surviving(corpus, WHOLE) == (corpus, ())


def test_losses_name_record_facet_and_reason() -> None:
    limit = "a sheet has no column for it"
    _, losses = keep_surviving(invented_corpus(), _table(note=Survival(where="lost", limit=limit)))
    assert [(loss.item, loss.reason, loss.article_id) for loss in losses] == [
        ("varn-1-q1 stance by ben", f"note: {limit}", "varn-1"),
        ("varn-2-s1 role by ada", f"note: {limit}", "varn-2"),
    ]


def test_what_hangs_on_a_quote_that_is_left_out_is_listed() -> None:
    kept, losses = keep_surviving(
        invented_corpus(), _table(fragments=Survival(where="lost", limit="one span a quote"))
    )
    assert [quote.id for quote in kept.quotes] == ["varn-1-q2", "varn-2-q1", "varn-2-q2"]
    assert [(loss.item, loss.reason) for loss in losses] == [
        ("quote varn-1-q1", "fragments: one span a quote"),
        ("varn-1-q1 stance by ada", "quote_labels: what it belongs to is left out"),
        ("varn-1-q1 stance by ben", "quote_labels: what it belongs to is left out"),
    ]


def test_a_text_that_does_not_survive_takes_its_document_along() -> None:
    table = _table(text=Survival(limit="no emoji", holds=lambda d, _: "🙂" not in d.article.text))
    kept, losses = keep_surviving(invented_corpus(), table)
    assert [article.id for article in kept.articles] == ["varn-1", "varn-3"]
    # The article, its speaker, two quotes, a label of each of speaker and second quote.
    assert [loss.item for loss in losses] == [
        "article varn-2",
        "speaker varn-2-s1",
        "quote varn-2-q1",
        "quote varn-2-q2",
        "varn-2-q2 stance by ben",
        "varn-2-s1 role by ada",
    ]


def test_no_article_that_survives_is_an_error() -> None:
    table = _table(text=Survival(limit="none", holds=lambda *_: False))
    with pytest.raises(DataError, match=r"^no article, so there is nothing to exchange"):
        keep_surviving(invented_corpus(), table)


def test_lost_ids_are_numbered_anew_and_labels_follow() -> None:
    corpus = invented_corpus()
    second = corpus.documents[1]
    renamed = dataclasses.replace(
        corpus,
        documents=(
            dataclasses.replace(
                second,
                speakers=(),
                labels=(),
                quotes=(dataclasses.replace(second.quotes[0], id="mine"),),
            ),
        ),
    )
    kept, losses = keep_surviving(
        renamed, _table(ids=Survival(where="lost", limit="the tool numbers them"))
    )
    assert [quote.id for quote in kept.quotes] == ["varn-2-q1"]
    assert [(loss.item, loss.reason) for loss in losses] == [("mine", "ids: the tool numbers them")]


def test_labels_without_a_digest_come_back_under_that_of_the_import_and_say_so() -> None:
    corpus = invented_corpus()
    first = corpus.documents[0]
    labels = (dataclasses.replace(first.labels[0], codebook=""), *first.labels[1:])
    unnamed = dataclasses.replace(
        corpus, documents=(dataclasses.replace(first, labels=labels), *corpus.documents[1:])
    )
    kept, losses = keep_surviving(unnamed, _table(codebook=Survival(where="source")))
    assert kept == corpus
    assert [loss.reason for loss in losses] == [
        "codebook: it names no codebook, and comes back under that of the import"
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"text": Survival()}, r"^survival table: nothing about meta, ids, quotes"),
        (_table(kind=Survival(where="lost", limit="x")), r"kind cannot be lost$"),
        (_table(text=Survival(where="lost", limit="x")), r"text cannot be lost$"),
        (
            _table(probability=Survival(limit="x", holds=_half)),
            r"probability cannot be limited to some records$",
        ),
        (_table(note=Survival(where="lost")), r"note has no limit in words$"),
        (_table(note=Survival(holds=_half)), r"note has no limit in words$"),
    ],
)
def test_a_table_that_says_too_little_or_loses_too_much_is_refused(
    table: Mapping[Facet, Survival], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        check_survival(table)
