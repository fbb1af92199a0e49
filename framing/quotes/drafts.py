"""From sentences to quotes: what is said over more than one sentence.

A quotation that follows another without a cue goes on with it; a cue that ends in a colon takes
what comes next; a sentence in quotation marks without a cue is speech of the one spoken of just
before. Words in marks that nobody is reported to say are left.
"""

import bisect
import dataclasses

from framing.quotes.attributions import find_attributions
from framing.quotes.grammar import Attribution
from framing.quotes.marks import Quotation, is_title
from framing.quotes.sources import main_subject
from framing.quotes.words import Sentence, can_speak
from framing.records import QuoteKind, Span

__all__ = ["Draft", "draft_quotes", "judge_kinds"]

_STOPS = ".!?…,—–"
_CLOSING_MARKS = "\"”’»'“"
# Words before quotation marks that make what follows a name or a distanced word, not speech.
_NAMING = (
    "so-called",
    "known as",
    "dubbed",
    "nicknamed",
    "named",
    "termed",
    "the word",
    "codenamed",
)
_SHORTEST_UNCUED = 4  # words


@dataclasses.dataclass(slots=True)
class Draft:
    """A quote before its speaker is known.

    Attributes:
        kind: Direct, mixed or indirect.
        content: Spans in text order.
        cue: Span of the cue, or None.
        source: Span of the source, or None.
    """

    kind: QuoteKind
    content: list[Span]
    cue: Span | None
    source: Span | None


def draft_quotes(
    text: str, sentences: list[Sentence], quotations: list[Quotation]
) -> tuple[list[Draft], list[Quotation]]:
    """Quotes in text order, not overlapping, and the quotations that are none."""
    drafting = _Drafting(text, quotations)
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else None
        drafting.read(sentence, following)
    drafting.read_loose()
    drafts = _without_overlaps(drafting.drafts)
    return drafts, judge_kinds(text, drafts, quotations)


def judge_kinds(text: str, drafts: list[Draft], quotations: list[Quotation]) -> list[Quotation]:
    """Give each draft its kind, and return the quotations that belong to none of them."""
    opens = [quotation.start for quotation in quotations]
    used: set[int] = set()
    for draft in drafts:
        inside = [
            number
            for span in draft.content
            for number in range(
                bisect.bisect_left(opens, span.start), bisect.bisect_left(opens, span.end)
            )
        ]
        used.update(inside)
        draft.kind = _kind(text, draft.content, [quotations[number] for number in inside])
    return [q for number, q in enumerate(quotations) if number not in used]


@dataclasses.dataclass(slots=True)
class _Loose:
    """A quotation that no cue has claimed so far."""

    quotation: int
    sentence: Sentence
    before: Sentence | None  # the sentence before, when the quotation opens its own
    position: int  # how many drafts there were


class _Drafting:
    """State of reading an article sentence by sentence."""

    def __init__(self, text: str, quotations: list[Quotation]) -> None:
        self.text = text
        self.quotations = quotations
        self.drafts: list[Draft] = []
        self.claimed: set[int] = set()
        self.loose: list[_Loose] = []
        self.waiting: Draft | None = None  # a cue with a colon: its content comes next
        self.last: Draft | None = None  # the quote that the sentence before ended in
        self.previous: Sentence | None = None

    def read(self, sentence: Sentence, following: Sentence | None) -> None:
        if _is_quoted(sentence):
            self._go_on(sentence, following)
        elif self.waiting is not None and self._opens_paragraph(sentence):
            self._take_paragraph(self.waiting, sentence)
        else:
            self._attribute(sentence)
        self.previous = sentence

    def read_loose(self) -> None:
        """Give sentences in quotation marks without a cue to whom was spoken of before."""
        for loose in reversed(self.loose):
            if loose.quotation in self.claimed:
                continue
            draft = self._uncued(loose)
            if draft is not None:
                self.claimed.add(loose.quotation)
                self.drafts.insert(loose.position, draft)

    def _go_on(self, sentence: Sentence, following: Sentence | None) -> None:
        """A sentence that is all in quotation marks."""
        owned = [q for q in sentence.quoted if q >= 0 and q not in self.claimed]
        target = self.waiting or self.last
        if self.waiting is None and self._has_own_cue(sentence, following):
            target = None
        if target is None:
            self.loose += [_Loose(q, sentence, self.previous, len(self.drafts)) for q in owned]
            self.last = None
            return
        for quoted in owned:
            target.content += self.quotations[quoted].parts
            self.claimed.add(quoted)
        if self.waiting is not None:
            self.drafts.append(self.waiting)
        self.last, self.waiting = target, None

    def _take_paragraph(self, draft: Draft, sentence: Sentence) -> None:
        """Words without marks after "According to the ministry:", to the end of the paragraph."""
        start = sentence.starts[0]
        end = self.text.find("\n\n", start)
        draft.content.append(Span(start, len(self.text) if end < 0 else end))
        self.drafts.append(draft)
        self.last, self.waiting = None, None

    def _attribute(self, sentence: Sentence) -> None:
        self.waiting = None
        new: list[Draft] = []
        for attribution in find_attributions(sentence):
            draft = self._draft(sentence, attribution)
            if draft.content:
                new.append(draft)
            elif attribution.follows:
                self.waiting = draft
            elif (
                self.loose and self.loose[-1].sentence is self.previous and self._touches(sentence)
            ):
                # “Why?” Doran asked.
                quoted = self.loose.pop().quotation
                draft.content += self.quotations[quoted].parts
                self.claimed.add(quoted)
                new.append(draft)
        self.drafts += new
        self.loose += [
            _Loose(quoted, sentence, None if word else self.previous, len(self.drafts))
            for word, quoted in enumerate(sentence.quoted)
            if quoted >= 0 and quoted not in self.claimed
        ]
        self.last = new[-1] if new else None

    def _draft(self, sentence: Sentence, attribution: Attribution) -> Draft:
        content: list[Span] = []
        for first, stop in attribution.content:
            inside = [q for q in sentence.quoted[first:stop] if q >= 0]
            if stop - first == 1 and inside:
                content += self.quotations[inside[0]].parts
            else:
                content.append(sentence.span(first, stop))
            self.claimed.update(inside)
        source = attribution.source
        return Draft(
            kind="indirect",
            content=content,
            cue=sentence.span(*attribution.cue),
            source=sentence.span(*source) if source else None,
        )

    def _has_own_cue(self, sentence: Sentence, following: Sentence | None) -> bool:
        """Whether the next sentence attributes this quotation itself (“Why?” Doran asked.)."""
        if following is None or "\n" in self._between(sentence, following):
            return False
        if self.text[sentence.ends[-1] - 2 : sentence.ends[-1] - 1] not in "?!":
            return False
        return any(not a.content and not a.follows for a in find_attributions(following))

    def _uncued(self, loose: _Loose) -> Draft | None:
        """A sentence in quotation marks without a cue: speech when it is a whole sentence."""
        quotation = self.quotations[loose.quotation]
        inner = self.text[quotation.start + 1 : quotation.end].rstrip(_CLOSING_MARKS)
        whole = (
            len(inner.split()) >= _SHORTEST_UNCUED
            and (inner[:1].isupper() or inner[:1] in "[….")
            and inner[-1:] in _STOPS
        )
        if not whole:
            return None
        source = None
        before = loose.before
        alone = _is_quoted(loose.sentence)
        if alone and before is not None and "\n" not in self._between(before, loose.sentence):
            subject = main_subject(before, len(before))
            if subject is not None and can_speak(before, *subject):
                source = before.span(*subject)
        return Draft("direct", list(quotation.parts), cue=None, source=source)

    def _between(self, before: Sentence, after: Sentence) -> str:
        return self.text[before.ends[-1] : after.starts[0]]

    def _touches(self, sentence: Sentence) -> bool:
        return self.previous is not None and "\n" not in self._between(self.previous, sentence)

    def _opens_paragraph(self, sentence: Sentence) -> bool:
        return self.previous is not None and "\n" in self._between(self.previous, sentence)


def _is_quoted(sentence: Sentence) -> bool:
    """Whether nothing but marks stands outside the sentence's quotations."""
    return any(q >= 0 for q in sentence.quoted) and all(
        quoted >= 0 or not word[0].isalnum()
        for quoted, word in zip(sentence.quoted, sentence.words, strict=True)
    )


def _without_overlaps(drafts: list[Draft]) -> list[Draft]:
    """Drafts in text order; of two that overlap the earlier cue keeps the words."""
    kept: list[Draft] = []
    taken: list[Span] = []
    for draft in drafts:
        content = [
            span
            for span in sorted(draft.content)
            if not any(span.start < other.end and other.start < span.end for other in taken)
        ]
        if content:
            draft.content = content
            taken += content
            kept.append(draft)
    return sorted(kept, key=lambda draft: draft.content[0])


def _kind(text: str, content: list[Span], inside: list[Quotation]) -> QuoteKind:
    """Kind of a quote whose content holds the quotations `inside`."""
    parts = [
        part
        for quotation in inside
        if not is_title(text, quotation)
        and not text[max(0, quotation.start - 20) : quotation.start]
        .rstrip()
        .lower()
        .endswith(_NAMING)
        for part in quotation.parts
    ]
    if all(any(p.start <= span.start and span.end <= p.end for p in parts) for span in content):
        return "direct"
    if any(p.start < span.end and span.start < p.end for span in content for p in parts):
        return "mixed"
    return "indirect"
