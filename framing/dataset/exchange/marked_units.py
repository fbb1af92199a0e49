"""Quotes and speakers put together from the marks and links that a coder left in a tool.

Tools that let coders draw freely leave slips: a cue without a quote, a quote with two speakers, a
mark without a kind. Every one is refused with its place, since each could be meant in two ways.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Suggestion, next_unit_id
from framing.dataset.exchange.imported_corpus import gather_imported
from framing.dataset.exchange.marked_texts import LINKS, Mark, MarkedText, find_units
from framing.dataset.exchange.unit_records import UnitRecord, read_record, shown_note
from framing.errors import DataError
from framing.records import Label, Quote, QuoteKind, Span, Speaker

__all__ = ["gather_marked"]

_KINDS: tuple[QuoteKind, ...] = get_args(QuoteKind)


def gather_marked(
    texts: Iterable[MarkedText],
    *,
    where: str,
    source: CodedCorpus,
    codebook: Codebook,
    coder: str,
) -> CodedCorpus:
    """The corpus that marks and links say.

    A unit keeps the id, name and so on of its record; where several units carry one record (a
    coder divided it), the first in the text keeps it. A unit without record was added: it gets
    an id; a speaker's name is the longest mention. A label that a coder changed loses its time
    and is under the codebook of the import; its probability and its note stay.

    Args:
        texts: One for each article.
        where: File or folder, for messages.
        source: The data that were exported.
        codebook: That labels are given under.
        coder: Who gave them.

    Raises:
        DataError: Marks and links do not make quotes and speakers; the message names the place.
    """
    texts = list(texts)
    read = [[read_record(mark.record, where=mark.where) for mark in text.marks] for text in texts]
    taken = {quote.id for quote in source.quotes} | {one.id for one in source.speakers}
    taken |= {record.id for records in read for record in records if record is not None}
    kept: set[str] = set()
    quotes: list[Quote] = []
    speakers: list[Speaker] = []
    labels: list[Label] = []
    suggestions: list[Suggestion] = []
    for text, records in zip(texts, read, strict=True):
        one = _Reading(text, records, codebook, coder, taken, kept)
        one.read()
        quotes += one.quotes
        speakers += one.speakers
        labels += one.labels
        suggestions += one.suggestions
    return gather_imported(
        [text.document.article for text in texts],
        quotes,
        speakers,
        labels,
        where=where,
        source=source,
        codebook=codebook,
        coder=coder,
        suggestions=suggestions,
    )


class _Reading:
    """One text: its marks put together as units."""

    def __init__(
        self,
        text: MarkedText,
        records: Sequence[UnitRecord | None],
        codebook: Codebook,
        coder: str,
        taken: set[str],
        kept: set[str],
    ) -> None:
        self.text = text
        self.records = records
        self.codebook = codebook
        self.coder = coder
        self.taken = taken
        self.kept = kept
        self.article = text.document.article
        self.heads = find_units(text.marks, text.links)
        self.joined: dict[tuple[int, str], int] = {}  # of a quote, its cue, source and speaker
        self.quotes: list[Quote] = []
        self.speakers: list[Speaker] = []
        self.labels: list[Label] = []
        self.suggestions: list[Suggestion] = []

    def read(self) -> None:
        for mark in self.text.marks:
            if not 0 <= mark.span.start < mark.span.end <= len(self.article.text):
                raise DataError(
                    f"{mark.where}: covers {list(mark.span)}, but the text of article "
                    f"{self.article.id!r} ends at {len(self.article.text)}"
                )
            if mark.part in ("cue", "source") and (mark.labels or mark.note or mark.kind):
                raise DataError(
                    f"{mark.where}: the {mark.part} {self.words(mark.span)} has "
                    f"{', '.join(mark.labels) or 'a remark or a kind'}; put it at the quote or "
                    "the speaker"
                )
        self.check_contents()
        self.join()
        units = self.units()
        ids: dict[int, str] = {}
        for part in ("speaker", "content"):
            for members in units[part]:
                try:
                    ids[self.heads[members[0]]] = self.unit(part, members, ids)
                except DataError as error:
                    place = self.text.marks[members[0]].where
                    if str(error).startswith(self.text.where):
                        raise
                    raise DataError(f"{place}: {error}") from error
        used = {one for (_, part), one in self.joined.items() if part in ("cue", "source")}
        for n, mark in enumerate(self.text.marks):
            if mark.part in ("cue", "source") and n not in used:
                raise DataError(
                    f"{mark.where}: the {mark.part} {self.words(mark.span)} belongs to no quote; "
                    "link it to one, or remove it"
                )

    def check_contents(self) -> None:
        contents = [mark for mark in self.text.marks if mark.part == "content"]
        contents.sort(key=lambda mark: mark.span)
        for before, mark in itertools.pairwise(contents):
            if mark.span.start < before.span.end:
                raise DataError(
                    f"{mark.where}: the quote {self.words(mark.span)} overlaps "
                    f"{self.words(before.span)} ({before.where}); contents of quotes do not overlap"
                )

    def join(self) -> None:
        marks = self.text.marks
        others = []
        for link in self.text.links:
            ends = frozenset([marks[link.first].part, marks[link.second].part])
            name = LINKS.get(ends)
            if name is None or link.first == link.second:
                raise DataError(
                    f"{link.where}: joins a {marks[link.first].part} and a "
                    f"{marks[link.second].part}; accepted: a quote's content and its cue, source, "
                    "speaker or further content, and two mentions of one speaker"
                )
            if link.name not in ("", name):
                raise DataError(
                    f"{link.where}: is called {link.name!r}, but joins {' and '.join(sorted(ends))}"
                    f", which is {name!r}; draw it again"
                )
            if len(ends) == 2:
                others.append(link)
        for link in others:
            quote, other = link.first, link.second
            if marks[quote].part != "content":
                quote, other = other, quote
            key = (self.heads[quote], marks[other].part)
            end = self.heads[other] if marks[other].part == "speaker" else other
            before = self.joined.setdefault(key, end)
            if before != end and marks[before].span != marks[other].span:
                raise DataError(
                    f"{link.where}: the quote {self.words(marks[quote].span)} has two "
                    f"{marks[other].part}s, {self.words(marks[before].span)} and "
                    f"{self.words(marks[other].span)}; remove one link"
                )
            if before != end and marks[other].part == "speaker":
                raise DataError(
                    f"{link.where}: the quote {self.words(marks[quote].span)} has two speakers "
                    "at the same words; remove one link"
                )

    def units(self) -> dict[str, list[list[int]]]:
        """Numbers of the marks of each unit, in text order, by part."""
        found: dict[str, dict[int, list[int]]] = {"content": {}, "speaker": {}}
        marks = self.text.marks
        for n in sorted(range(len(marks)), key=lambda n: (marks[n].span, n)):
            if marks[n].part in found:
                found[marks[n].part].setdefault(self.heads[n], []).append(n)
        return {part: list(groups.values()) for part, groups in found.items()}

    def unit(self, part: str, members: Sequence[int], ids: Mapping[int, str]) -> str:
        marks = [self.text.marks[n] for n in members]
        record = self.record(part, members)
        spans = tuple(mark.span for mark in marks)
        letter = "q" if part == "content" else "s"
        name = record.id if record else next_unit_id(self.article.id, letter, self.taken)
        if part == "speaker":
            self.speakers.append(self.speaker(name, record, spans))
        else:
            self.quotes.append(self.quote(name, record, marks, self.heads[members[0]], ids))
        self.label(name, record, marks, "speaker" if part == "speaker" else "quote")
        for given in record.suggestions if record else ():
            self.suggestions.append(
                Suggestion(
                    unit_id=name, variable=given.variable, value=given.value, model=given.model
                )
            )
        return name

    def record(self, part: str, members: Sequence[int]) -> UnitRecord | None:
        """The first record of a unit that no unit before has taken."""
        unit = "speaker" if part == "speaker" else "quote"
        for n in members:
            record = self.records[n]
            if record is not None and record.unit != unit:
                raise DataError(
                    f"carries the record of the {record.unit} {record.id!r}, and marks a {unit}; "
                    "export again"
                )
            if record is not None and record.id not in self.kept:
                self.kept.add(record.id)
                return record
        return None

    def speaker(self, name: str, record: UnitRecord | None, spans: tuple[Span, ...]) -> Speaker:
        if record is not None:
            return Speaker(
                id=name,
                article_id=self.article.id,
                name=record.name,
                description=record.description,
                mentions=spans,
                kind=record.kind,
                named=record.named,
            )
        longest = max(spans, key=lambda span: span.end - span.start)
        words = " ".join(longest.of(self.article.text).split())
        return Speaker(id=name, article_id=self.article.id, name=words, mentions=spans)

    def quote(
        self,
        name: str,
        record: UnitRecord | None,
        marks: Sequence[Mark],
        head: int,
        ids: Mapping[int, str],
    ) -> Quote:
        kinds = sorted({mark.kind for mark in marks if mark.kind})
        if len(kinds) != 1 or kinds[0] not in _KINDS:
            raise DataError(
                f"the quote {self.words(marks[0].span)} has "
                f"{'the kind ' + ' and '.join(map(repr, kinds)) if kinds else 'no kind'}; "
                f"give it one of {', '.join(_KINDS)}"
            )
        kind = next(one for one in _KINDS if one == kinds[0])
        joined = {
            part: self.joined[head, part]
            for part in ("cue", "source", "speaker")
            if (head, part) in self.joined
        }
        speaker_id = ids[joined["speaker"]] if "speaker" in joined else None
        reason = record.reason if record else ""
        if record and speaker_id is not None and not record.has_speaker:
            reason = ""  # why the speaker was unknown; the coder found one
        return Quote(
            id=name,
            article_id=self.article.id,
            kind=kind,
            content=tuple(mark.span for mark in marks),
            cue=self.text.marks[joined["cue"]].span if "cue" in joined else None,
            source=self.text.marks[joined["source"]].span if "source" in joined else None,
            speaker_id=speaker_id,
            reason=reason,
        )

    def label(self, name: str, record: UnitRecord | None, marks: Sequence[Mark], unit: str) -> None:
        values: dict[str, str] = {}
        for mark in marks:
            for variable, value in mark.labels.items():
                self.check_label(variable, value, unit, mark)
                if values.setdefault(variable, value) != value:
                    raise DataError(
                        f"{mark.where}: {variable} is {value!r} here and {values[variable]!r} "
                        f"elsewhere in the same {unit}; keep one"
                    )
        notes = [mark.note for mark in marks if mark.note]
        note = "\n".join(notes) if any(mark.note is not None for mark in marks) else None
        shown = shown_note(record) if record else ""
        is_new = note is not None and " ".join(note.split()) != shown
        if note and is_new and not values:
            raise DataError(
                f"{marks[0].where}: has the remark {note[:40]!r} and no category; remarks are "
                f"kept with a category, so give the {unit} one, or remove the remark"
            )
        first = next((v.name for v in self.codebook.variables if v.name in values), "")
        for variable, value in values.items():
            before = record.label(variable) if record else None
            changed = before is None or before.value != value
            own = before.note if before else ""
            if note is not None and is_new and variable == first:
                own = note
            self.labels.append(
                Label(
                    unit_id=name,
                    variable=variable,
                    value=value,
                    annotator=self.coder,
                    codebook=before.codebook if before and not changed else self.codebook.digest,
                    time=before.time if before and not changed else "",
                    note=own,
                    probability=before.probability if before else 1.0,
                )
            )

    def check_label(self, variable: str, value: str, unit: str, mark: Mark) -> None:
        try:
            known = self.codebook.variable(variable)
        except DataError as error:
            raise DataError(f"{mark.where}: {error}") from error
        if known.unit != unit:
            raise DataError(
                f"{mark.where}: {variable} is given to a {unit}, but it is asked of a {known.unit}"
            )
        if value not in known.names:
            raise DataError(
                f"{mark.where}: {value!r} is not a category of {variable}; accepted: "
                f"{', '.join(known.names)}"
            )

    def words(self, span: Span) -> str:
        text = span.of(self.article.text)
        return repr(text if len(text) <= 40 else text[:37] + "...")
