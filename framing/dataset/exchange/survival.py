"""What information survives a format, and the list of what does not.

A format declares for each facet of a coded corpus where it is kept. From that one table follow
what an export writes, what it lists as lost, and what an import must give back; so a table that
is wrong fails the round-trip test.
"""

import collections
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from framing.dataset.exchange.coded_corpus import CodedCorpus, Document, gather_corpus
from framing.errors import DataError
from framing.records import Article, Exclusion, Label, Quote, Speaker

__all__ = ["FACETS", "Facet", "Survival", "Where", "check_survival", "keep_surviving"]

Where = Literal["file", "source", "lost"]
Facet = Literal[
    "text",  # of the article; where it does not survive, the whole document is left out
    "meta",  # title, outlet, date, url, target, lang, group
    "ids",  # of quotes and speakers; lost: numbered anew in order
    "quotes",  # that there is a quote, and its content; lost: left out with its labels
    "fragments",  # content of more than one span; lost: such quotes are left out
    "kind",
    "cue",
    "source",  # the mention of the speaker in the sentence
    "attribution",  # the link from a quote to its speaker
    "reason",  # why a speaker is unknown
    "speakers",  # that there is a speaker, and the name; lost: left out with its labels
    "description",
    "mentions",
    "speaker_kind",  # kind, and whether a name is given
    "quote_labels",
    "speaker_labels",
    "annotator",  # "source": one coder per file, named on import
    "codebook",  # digest under which a label was given; "source": that of the import
    "time",
    "note",
    "probability",
    "suggestions",  # what the coder saw before labelling
]
FACETS: tuple[Facet, ...] = get_args(Facet)
# Without these a record would say something else than was coded, not less.
_ALWAYS: tuple[Facet, ...] = ("kind", "speaker_kind", "annotator", "probability")
_LIMITED: tuple[Facet, ...] = ("text", "quotes")  # a whole record may be left out


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """What becomes of one facet.

    Attributes:
        where: "file": it stands in what is exported, and comes back from there. "source": it is
            not in the file (or not read from it) and is taken, by id, from the data that the
            import is given. "lost": neither.
        limit: What does not survive and why, in words; required where something does not.
        holds: For "file" and "source": whether it survives for that record of that document
            (an `Article`, `Quote`, `Speaker`, `Label` or `Suggestion`); None: for all.
    """

    where: Where = "file"
    limit: str = ""
    holds: Callable[[Document, Any], bool] | None = None


def check_survival(survival: Mapping[Facet, Survival]) -> None:
    """Check that a table says something of every facet, and loses none that must not be lost.

    Raises:
        DataError: It does not.
    """
    if missing := [facet for facet in FACETS if facet not in survival]:
        raise DataError(f"survival table: nothing about {', '.join(missing)}")
    for facet in FACETS:
        one = survival[facet]
        if one.where == "lost" and facet in (*_ALWAYS, *_LIMITED):
            raise DataError(f"survival table: {facet} cannot be lost")
        if one.holds is not None and facet in (*_ALWAYS, "ids"):
            raise DataError(f"survival table: {facet} cannot be limited to some records")
        if (one.where == "lost" or one.holds is not None) and not one.limit:
            raise DataError(f"survival table: {facet} has no limit in words")


def keep_surviving(
    corpus: CodedCorpus, survival: Mapping[Facet, Survival]
) -> tuple[CodedCorpus, tuple[Exclusion, ...]]:
    """Divide a corpus into what survives a format and a list of what does not.

    Args:
        corpus: To be exported.
        survival: Of the format.

    Returns:
        The corpus that comes back from the format, and one exclusion for each piece of
        information in `corpus` that does not: `item` is the record, `reason` starts with the
        facet, `stage` is "export".

    Raises:
        DataError: No article survives.
    """
    sieve = _Sieve(corpus, survival)
    return sieve.kept(), tuple(sieve.losses)


class _Sieve:
    """One pass over a corpus that notes what is left behind."""

    def __init__(self, corpus: CodedCorpus, survival: Mapping[Facet, Survival]) -> None:
        self.corpus = corpus
        self.survival = survival
        self.losses: list[Exclusion] = []
        self.parts: dict[str, list[Any]] = collections.defaultdict(list)

    def kept(self) -> CodedCorpus:
        for document in self.corpus.documents:
            self.document(document)
        return gather_corpus(
            self.parts["articles"],
            self.parts["quotes"],
            self.parts["speakers"],
            self.parts["labels"],
            codebook=self.corpus.codebook,
            suggestions=self.parts["suggestions"],
        )

    def document(self, document: Document) -> None:
        article = document.article
        stays = not self.loses("text", document, article)
        if not stays:
            self.note("text", document, f"article {article.id}")
        else:
            bare = Article(id=article.id, text=article.text)
            if article != bare and self.loses("meta", document, article):
                self.note("meta", document, f"article {article.id}")
                article = bare
            self.parts["articles"].append(article)
        speakers = [
            kept
            for one in document.speakers
            if (kept := self.speaker(one, document, stays=stays)) is not None
        ]
        known = {speaker.id for speaker in speakers}
        quotes = [
            found
            for quote in document.quotes
            if (found := self.quote(quote, document, known, stays=stays)) is not None
        ]
        names = self.names(document, quotes, speakers)
        self.parts["speakers"] += [dataclasses.replace(s, id=names[s.id]) for s in speakers]
        for quote in quotes:
            speaker_id = None if quote.speaker_id is None else names[quote.speaker_id]
            self.parts["quotes"].append(
                dataclasses.replace(quote, id=names[quote.id], speaker_id=speaker_id)
            )
        for label in document.labels:
            self.label(label, document, names)
        for given in document.suggestions:
            if given.unit_id not in names or self.loses("suggestions", document, given):
                self.note("suggestions", document, f"{given.unit_id} {given.variable}")
            else:
                named = dataclasses.replace(given, unit_id=names[given.unit_id])
                self.parts["suggestions"].append(named)

    def speaker(self, speaker: Speaker, document: Document, *, stays: bool) -> Speaker | None:
        who = f"speaker {speaker.id}"
        if not stays or self.loses("speakers", document, speaker):
            self.note("speakers", document, who)
            return None
        description, mentions = speaker.description, speaker.mentions
        if description and self.loses("description", document, speaker):
            self.note("description", document, who)
            description = ""
        if mentions and self.loses("mentions", document, speaker):
            self.note("mentions", document, who)
            mentions = ()
        return dataclasses.replace(speaker, description=description, mentions=mentions)

    def quote(
        self, quote: Quote, document: Document, speakers: set[str], *, stays: bool
    ) -> Quote | None:
        who = f"quote {quote.id}"
        if not stays or self.loses("quotes", document, quote):
            self.note("quotes", document, who)
            return None
        if len(quote.content) > 1 and self.loses("fragments", document, quote):
            self.note("fragments", document, who)
            return None
        cue, source, speaker_id, reason = quote.cue, quote.source, quote.speaker_id, quote.reason
        if cue is not None and self.loses("cue", document, quote):
            self.note("cue", document, who)
            cue = None
        if source is not None and self.loses("source", document, quote):
            self.note("source", document, who)
            source = None
        if speaker_id is not None and (
            speaker_id not in speakers or self.loses("attribution", document, quote)
        ):
            self.note("attribution", document, who)
            speaker_id = None
        if reason and self.loses("reason", document, quote):
            self.note("reason", document, who)
            reason = ""
        return dataclasses.replace(
            quote, cue=cue, source=source, speaker_id=speaker_id, reason=reason
        )

    def names(
        self, document: Document, quotes: list[Quote], speakers: list[Speaker]
    ) -> dict[str, str]:
        """The ids that kept units have afterwards."""
        names: dict[str, str] = {}
        for letter, units in (("q", quotes), ("s", speakers)):
            for n, unit_id in enumerate((unit.id for unit in units), start=1):
                names[unit_id] = unit_id
                if self.survival["ids"].where == "lost":
                    names[unit_id] = f"{document.article.id}-{letter}{n}"
                    if names[unit_id] != unit_id:
                        self.note("ids", document, unit_id)
        return names

    def label(self, label: Label, document: Document, names: Mapping[str, str]) -> None:
        what = f"{label.unit_id} {label.variable} by {label.annotator}"
        unit = self.corpus.codebook.variable(label.variable).unit
        facet: Facet = "quote_labels" if unit == "quote" else "speaker_labels"
        if label.unit_id not in names or self.loses(facet, document, label):
            self.note(facet, document, what)
            return
        codebook, time, note = label.codebook, label.time, label.note
        if self.survival["codebook"].where == "source":
            codebook = self.corpus.codebook.digest
            if not label.codebook:
                self.note("codebook", document, what)
        elif codebook and self.loses("codebook", document, label):
            self.note("codebook", document, what)
            codebook = ""
        if time and self.loses("time", document, label):
            self.note("time", document, what)
            time = ""
        if note and self.loses("note", document, label):
            self.note("note", document, what)
            note = ""
        self.parts["labels"].append(
            dataclasses.replace(
                label, unit_id=names[label.unit_id], codebook=codebook, time=time, note=note
            )
        )

    def loses(self, facet: Facet, document: Document, record: Any) -> bool:
        one = self.survival[facet]
        return one.where == "lost" or (one.holds is not None and not one.holds(document, record))

    def note(self, facet: Facet, document: Document, item: str) -> None:
        limit = self.survival[facet].limit or _FOLLOWS[facet]
        self.losses.append(
            Exclusion(
                item=item,
                reason=f"{facet}: {limit}",
                stage="export",
                article_id=document.article.id,
            )
        )


_LEFT_OUT = "what it belongs to is left out"
_FOLLOWS: Mapping[Facet, str] = {
    **dict.fromkeys(FACETS, _LEFT_OUT),
    "codebook": "it names no codebook, and comes back under that of the import",
}
