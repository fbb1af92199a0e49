"""Coded articles in memory: what every exchange format is made from and gives back."""

import collections
import dataclasses
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import replace_file, write_jsonl
from framing.records import Article, Extraction, Label, Quote, Speaker, check_extraction

__all__ = [
    "CodedCorpus",
    "Document",
    "Suggestion",
    "gather_corpus",
    "next_unit_id",
    "of_coder",
    "with_suggestions",
    "write_corpus",
]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A model's category that the coder of a unit saw before giving a label.

    Attributes:
        unit_id: A quote's id or a speaker's id.
        variable: Name of the codebook's variable.
        value: The category that was suggested.
        model: Which model suggested it.
    """

    unit_id: str
    variable: str
    value: str
    model: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article with what was found in it.

    Attributes:
        article: With its canonical text.
        quotes: By content, then id; contents do not overlap.
        speakers: By mentions, then id.
        labels: Of these quotes and speakers, by unit id, variable and annotator.
        suggestions: That coders see or saw, by unit id, variable and model.
    """

    article: Article
    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    labels: tuple[Label, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class CodedCorpus:
    """Coded articles under one codebook; make it with `gather_corpus`, which orders and checks."""

    documents: tuple[Document, ...]
    codebook: Codebook = dataclasses.field(repr=False)

    @property
    def articles(self) -> tuple[Article, ...]:
        """In order."""
        return tuple(document.article for document in self.documents)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Of all documents."""
        return tuple(quote for document in self.documents for quote in document.quotes)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Of all documents."""
        return tuple(speaker for document in self.documents for speaker in document.speakers)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Of all documents."""
        return tuple(label for document in self.documents for label in document.labels)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Of all documents."""
        return tuple(given for document in self.documents for given in document.suggestions)

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who gave the labels, by name."""
        return tuple(sorted({label.annotator for label in self.labels}))

    def document(self, article_id: str) -> Document | None:
        """The document of that article, or None."""
        return self._by_id.get(article_id)

    @functools.cached_property
    def _by_id(self) -> dict[str, Document]:
        return {document.article.id: document for document in self.documents}


_Record = Article | Quote | Speaker | Label | Suggestion


def gather_corpus(
    articles: Iterable[Article],
    quotes: Iterable[Quote],
    speakers: Iterable[Speaker],
    labels: Iterable[Label],
    *,
    codebook: Codebook,
    suggestions: Iterable[Suggestion] = (),
) -> CodedCorpus:
    """Put records together by article, in one order, and check that they fit.

    Articles keep their order; those without quotes stay.

    Raises:
        DataError: There is no article; an id is used twice; a record is of an article or a unit
            that is not there; a span leaves its text, contents of two quotes overlap, a quote's
            speaker is missing; a label or suggestion is not of the codebook, was given under
            another one, or stands twice (one coder gives a unit one category of a variable); a
            string holds half of a surrogate pair, which no other program can read.
    """
    articles, quotes, speakers = tuple(articles), tuple(quotes), tuple(speakers)
    labels, suggestions = tuple(labels), tuple(suggestions)
    everything: list[_Record] = [*articles, *quotes, *speakers, *labels, *suggestions]
    for record in everything:
        _check_unicode(record)
    by_id: dict[str, Article] = {}
    for article in articles:
        if by_id.setdefault(article.id, article) is not article:
            raise DataError(f"two articles have the id {article.id!r}; ids must differ")
    if not by_id:
        raise DataError("no article, so there is nothing to exchange; give a folder with some")
    quotes_of: dict[str, list[Quote]] = collections.defaultdict(list)
    speakers_of: dict[str, list[Speaker]] = collections.defaultdict(list)
    owners: dict[str, tuple[str, str]] = {}  # unit id -> its kind and its article
    for quote in quotes:
        _own(quote, "quote", by_id, owners)
        quotes_of[quote.article_id].append(quote)
    for speaker in speakers:
        _own(speaker, "speaker", by_id, owners)
        speakers_of[speaker.article_id].append(speaker)
    labels_of: dict[str, list[Label]] = collections.defaultdict(list)
    seen: set[tuple[str, ...]] = set()
    for label in labels:
        who = f"label of {label.unit_id!r} by {label.annotator!r}"
        _once((label.unit_id, label.variable, label.annotator), seen, who, label.variable)
        labels_of[_home(label, who, owners, codebook)].append(label)
        if label.codebook not in ("", codebook.digest):
            raise DataError(
                f"{who}: given under codebook {label.codebook}, not under {codebook.name!r} "
                f"({codebook.digest}); give the other with --codebook"
            )
    suggestions_of: dict[str, list[Suggestion]] = collections.defaultdict(list)
    seen = set()
    for given in suggestions:
        who = f"suggestion for {given.unit_id!r} by {given.model!r}"
        _once((given.unit_id, given.variable, given.model), seen, who, given.variable)
        suggestions_of[_home(given, who, owners, codebook)].append(given)
    documents = []
    for name, article in by_id.items():
        document = Document(
            article=article,
            quotes=tuple(sorted(quotes_of[name], key=lambda q: (q.content, q.id))),
            speakers=tuple(sorted(speakers_of[name], key=lambda s: (s.mentions, s.id))),
            labels=tuple(
                sorted(labels_of[name], key=lambda x: (x.unit_id, x.variable, x.annotator))
            ),
            suggestions=tuple(
                sorted(suggestions_of[name], key=lambda x: (x.unit_id, x.variable, x.model))
            ),
        )
        check_extraction(
            article,
            Extraction(article_id=name, quotes=document.quotes, speakers=document.speakers),
        )
        documents.append(document)
    return CodedCorpus(documents=tuple(documents), codebook=codebook)


def with_suggestions(corpus: CodedCorpus, suggestions: Iterable[Suggestion]) -> CodedCorpus:
    """The corpus with these suggestions, beside those that it has.

    Raises:
        DataError: One is of no unit or category there, or stands twice.
    """
    return gather_corpus(
        corpus.articles,
        corpus.quotes,
        corpus.speakers,
        corpus.labels,
        codebook=corpus.codebook,
        suggestions=(*corpus.suggestions, *suggestions),
    )


def of_coder(corpus: CodedCorpus, coder: str) -> CodedCorpus:
    """The same units with the labels of one coder; no labels where that coder gave none."""
    documents = tuple(
        dataclasses.replace(
            document, labels=tuple(x for x in document.labels if x.annotator == coder)
        )
        for document in corpus.documents
    )
    return dataclasses.replace(corpus, documents=documents)


def write_corpus(folder: Path, corpus: CodedCorpus) -> list[Path]:
    """Write a corpus as a folder that every command reads; return the files.

    articles.jsonl, quotes.jsonl, speakers.jsonl, labels.jsonl, texts.sha256, and
    suggestions.jsonl where coders saw any.
    """
    files: dict[str, Iterable[object]] = {
        "articles": corpus.articles,
        "quotes": corpus.quotes,
        "speakers": corpus.speakers,
        "labels": corpus.labels,
    }
    if corpus.suggestions:
        files["suggestions"] = corpus.suggestions
    for name, records in files.items():
        write_jsonl(folder / f"{name}.jsonl", records)
    with replace_file(folder / "texts.sha256") as file:
        file.writelines(f"{article.sha256}  {article.id}\n" for article in corpus.articles)
    return [*(folder / f"{name}.jsonl" for name in files), folder / "texts.sha256"]


def next_unit_id(article_id: str, letter: str, taken: set[str]) -> str:
    """An id for a unit that a coder added, such as "X-q3"; it is added to `taken`.

    Args:
        article_id: Of its article.
        letter: "q" for a quote, "s" for a speaker.
        taken: Ids that are in use.
    """
    n = 1
    while (name := f"{article_id}-{letter}{n}") in taken:
        n += 1
    taken.add(name)
    return name


def _check_unicode(record: _Record) -> None:
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        strings = [value] if isinstance(value, str) else []
        if isinstance(value, Mapping):
            strings = [*value.keys(), *value.values()]
        for string in strings:
            try:
                string.encode("utf-8")
            except UnicodeEncodeError as error:
                raise DataError(
                    f"{type(record).__name__.lower()} {_id(record)!r}: {field.name} holds half of "
                    f"a surrogate pair at character {error.start}; correct it in the data"
                ) from None


def _id(record: _Record) -> str:
    return record.unit_id if isinstance(record, (Label, Suggestion)) else record.id


def _own(
    unit: Quote | Speaker,
    what: str,
    articles: Mapping[str, Article],
    owners: dict[str, tuple[str, str]],
) -> None:
    if unit.article_id not in articles:
        raise DataError(
            f"{what} {unit.id!r} is of article {unit.article_id!r}, which is not among the "
            "articles; add the article or remove it"
        )
    if unit.id in owners:
        raise DataError(
            f"the id {unit.id!r} is used twice (for a {owners[unit.id][0]} before); ids of quotes "
            "and speakers must differ"
        )
    owners[unit.id] = (what, unit.article_id)


def _home(
    given: Label | Suggestion,
    who: str,
    owners: Mapping[str, tuple[str, str]],
    codebook: Codebook,
) -> str:
    """The article of the unit that a label is of."""
    try:
        variable = codebook.variable(given.variable)
    except DataError as error:
        raise DataError(f"{who}: {error}") from error
    what, article_id = owners.get(given.unit_id, ("", ""))
    if what != variable.unit:
        raise DataError(
            f"{who}: no {variable.unit} has this id; {variable.name} is given to a {variable.unit}"
        )
    if given.value not in variable.names:
        raise DataError(
            f"{who}: {given.value!r} is not a category of {variable.name}; "
            f"accepted: {', '.join(variable.names)}"
        )
    return article_id


def _once(key: tuple[str, ...], seen: set[tuple[str, ...]], who: str, variable: str) -> None:
    if key in seen:
        raise DataError(f"{who}: {variable} is given twice; keep the one that holds")
    seen.add(key)
