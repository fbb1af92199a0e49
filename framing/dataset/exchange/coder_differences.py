"""Where coders of the same articles differ, unit by unit: what an adjudicator has to decide."""

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.errors import DataError
from framing.metrics.found_quotes import match_quotes
from framing.metrics.spans import pair_best_first
from framing.metrics.unit_agreement import align_units
from framing.records import Article, Exclusion, Label, Quote, Span, Speaker

__all__ = ["UNIT", "CoderDifferences", "SharedUnit", "find_differences"]

UNIT = "unit"  # differs where coders have unlike records, or not all have found it
_Row = tuple[int | None, ...]  # the number of a unit with each coder, None where not found


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SharedUnit:
    """A quote, or a speaker, in an article that two coders or more have coded.

    Attributes:
        kind: "quote" or "speaker".
        article: Whose text is the same for all.
        coders: Numbers of the coders who have coded the article.
        found: The record of each of them; None of one who has not found it.
        speakers: Of a quote: the number of its speaker among the shared speakers, by coder; None
            where it is unknown or the quote not found.
        labels: By variable: the label of each of them, or None.
        differs: What has to be decided: `UNIT`, and names of variables.
    """

    kind: Literal["quote", "speaker"]
    article: Article
    coders: tuple[int, ...]
    found: tuple[Quote | Speaker | None, ...]
    speakers: tuple[int | None, ...] = ()
    labels: Mapping[str, tuple[Label | None, ...]]
    differs: tuple[str, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Of all coders: contents of a quote, mentions of a speaker."""
        return tuple(
            span
            for one in self.found
            if one is not None
            for span in (one.content if isinstance(one, Quote) else one.mentions)
        )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CoderDifferences:
    """Articles that two coders or more have coded, unit by unit.

    Attributes:
        names: Of the coders.
        codebook: Of all labels.
        documents: Of these articles, as the first who coded each has them.
        speakers: By article and in the order of the first coder.
        quotes: By article and in text order.
        alone: An exclusion for each article that one coder alone has coded.
    """

    names: tuple[str, ...]
    codebook: Codebook
    documents: tuple[Document, ...]
    speakers: tuple[SharedUnit, ...]
    quotes: tuple[SharedUnit, ...]
    alone: tuple[Exclusion, ...]

    @property
    def units(self) -> tuple[SharedUnit, ...]:
        """Speakers, then quotes; a decision names a unit by its number here."""
        return (*self.speakers, *self.quotes)


def find_differences(codings: Sequence[CodedCorpus], names: Sequence[str]) -> CoderDifferences:
    """Match the quotes and speakers of all articles that two coders or more have coded.

    Quotes match where their content is the same, else where they share half of the union of their
    words (`match_quotes`). Speakers match where they have the same name, else where matched quotes
    are given to them, the best pair first.

    A unit differs where somebody has not found it, or has another record of it: spans, kind,
    speaker; name, description, mentions. A quote's or speaker's category differs where one coder
    gave another than the others, or none; where nobody gave one, there is nothing to decide.

    Args:
        codings: One of each coder, under one codebook.
        names: Of the coders.

    Raises:
        DataError: No article was coded twice, or two coders had different texts of one.
    """
    speakers: list[SharedUnit] = []
    quotes: list[SharedUnit] = []
    alone: list[Exclusion] = []
    documents: list[Document] = []
    ids = dict.fromkeys(article.id for coding in codings for article in coding.articles)
    for article_id in ids:
        of = {n: d for n, coding in enumerate(codings) if (d := coding.document(article_id))}
        if len({document.article.text for document in of.values()}) > 1:
            raise DataError(
                f"article {article_id!r}: its text is not the same with "
                f"{', '.join(names[n] for n in of)}, so that offsets cannot be compared; code "
                "the same articles.jsonl"
            )
        if len(of) > 1:
            found = _share_article(of, codings[0], len(speakers))
            speakers += found[0]
            quotes += found[1]
            documents.append(next(iter(of.values())))
            continue
        alone += [
            Exclusion(
                item=article_id,
                reason=f"coded by {names[n]} alone, so there is nothing to compare",
                stage="adjudication",
                article_id=article_id,
            )
            for n in of
        ]
    if len(alone) == len(ids):
        raise DataError(
            f"adjudication of {', '.join(names)}: no article was coded by two of them; give "
            "codings of the same articles"
        )
    return CoderDifferences(
        names=tuple(names),
        codebook=codings[0].codebook,
        documents=tuple(documents),
        speakers=tuple(speakers),
        quotes=tuple(quotes),
        alone=tuple(alone),
    )


def _share_article(
    of: Mapping[int, Document], corpus: CodedCorpus, n_before: int
) -> tuple[list[SharedUnit], list[SharedUnit]]:
    """Speakers and quotes of one article; speakers are numbered from `n_before`."""
    documents = list(of.values())
    quote_rows = _match_quotes(documents)
    speaker_rows = _match_speakers(documents, quote_rows)
    number_of = {
        (coder, documents[coder].speakers[n].id): n_before + number
        for number, row in enumerate(speaker_rows)
        for coder, n in enumerate(row)
        if n is not None
    }
    labels = [{(x.unit_id, x.variable): x for x in document.labels} for document in documents]
    variables = corpus.codebook.variables

    def share(
        kind: Literal["quote", "speaker"],
        found: tuple[Quote | Speaker | None, ...],
        record: Callable[[int, Any], object],
    ) -> SharedUnit:
        given = {
            v.name: tuple(
                None if one is None else labels[coder].get((one.id, v.name))
                for coder, one in enumerate(found)
            )
            for v in variables
            if v.unit == kind
        }
        records = {None if one is None else record(n, one) for n, one in enumerate(found)}
        differs = [UNIT] if len(records) > 1 else []
        differs += [
            name
            for name, those in given.items()
            if len({None if label is None else label.value for label in those}) > 1
        ]
        return SharedUnit(
            kind=kind,
            article=documents[0].article,
            coders=tuple(of),
            found=found,
            speakers=tuple(
                number_of[coder, one.speaker_id]
                if isinstance(one, Quote) and one.speaker_id is not None
                else None
                for coder, one in enumerate(found)
            ),
            labels=given,
            differs=tuple(differs),
        )

    def of_speaker(_: int, one: Speaker) -> object:
        return one.name, one.description, one.mentions, one.kind, one.named

    def of_quote(coder: int, one: Quote) -> object:
        speaker = None if one.speaker_id is None else number_of[coder, one.speaker_id]
        return one.kind, one.content, one.cue, one.source, speaker

    def pick(row: _Row, kind: str) -> tuple[Any, ...]:
        return tuple(
            None if n is None else getattr(documents[coder], kind)[n] for coder, n in enumerate(row)
        )

    return (
        [share("speaker", pick(row, "speakers"), of_speaker) for row in speaker_rows],
        [share("quote", pick(row, "quotes"), of_quote) for row in quote_rows],
    )


def _match_quotes(documents: Sequence[Document]) -> list[_Row]:
    matches = {}
    for a, b in itertools.combinations(range(len(documents)), 2):
        one, other = (
            {n: quote.content for n, quote in enumerate(documents[coder].quotes)}
            for coder in (a, b)
        )
        same = {content: j for j, content in other.items()}
        # Contents without a word, which are never alike, can yet be the same.
        pairs = [(i, same[content]) for i, content in one.items() if content in same]
        left = [n for n in one if n not in {i for i, _ in pairs}]
        right = [n for n in other if n not in {j for _, j in pairs}]
        alike = match_quotes(
            documents[a].article.text, [one[n] for n in left], [other[n] for n in right]
        )
        matches[a, b] = sorted([*pairs, *((left[i], right[j]) for i, j in alike)])
    sizes = [len(document.quotes) for document in documents]

    def place(row: _Row) -> tuple[Span, ...]:
        return min(documents[c].quotes[n].content for c, n in enumerate(row) if n is not None)

    return sorted(_with_single(matches, sizes), key=place)


def _match_speakers(documents: Sequence[Document], quote_rows: Sequence[_Row]) -> list[_Row]:
    matches = {}
    for a, b in itertools.combinations(range(len(documents)), 2):
        shared: dict[tuple[str | None, str | None], int] = {}
        for row in quote_rows:
            m, n = row[a], row[b]
            if m is not None and n is not None:
                key = documents[a].quotes[m].speaker_id, documents[b].quotes[n].speaker_id
                shared[key] = shared.get(key, 0) + 1
        alike: dict[tuple[int, int], tuple[float, ...]] = {}
        for i, one in enumerate(documents[a].speakers):
            for j, other in enumerate(documents[b].speakers):
                likeness = (
                    float(one.name.casefold() == other.name.casefold()),
                    float(shared.get((one.id, other.id), 0)),
                    float(one == other),
                )
                if likeness[0] or likeness[1]:
                    alike[i, j] = likeness
        matches[a, b] = pair_best_first(alike)
    return _with_single(matches, [len(document.speakers) for document in documents])


def _with_single(
    matches: Mapping[tuple[int, int], Sequence[tuple[int, int]]], sizes: Sequence[int]
) -> list[_Row]:
    """Aligned units, and those that one coder alone has found."""
    rows = list(align_units(matches, len(sizes)))
    for coder, size in enumerate(sizes):
        taken = {row[coder] for row in rows}
        rows += [
            tuple(n if c == coder else None for c in range(len(sizes)))
            for n in range(size)
            if n not in taken
        ]
    return rows
