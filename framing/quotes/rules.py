"""Reported speech by rules: no parser, no model, the same answer every time.

The way of an article: quotations are found and hidden, each sentence is searched for
attributions, quotations that no cue claims go to the quote they follow, and what is left in
quotation marks (titles, nicknames, scare quotes) is listed as left out, with the reason.
"""

import dataclasses

from framing.quotes.attributions import Attribution, find_attributions
from framing.quotes.marks import Quotation, find_quotations
from framing.quotes.sources import main_subject
from framing.quotes.speakers import resolve_speakers
from framing.quotes.words import Sentence, can_speak, find_word_sentences
from framing.records import (
    Article,
    Exclusion,
    Extraction,
    Quote,
    QuoteKind,
    Span,
    check_extraction,
)

__all__ = ["RulesExtractor"]

_TERMINAL = ".!?…,"
_CLOSING_MARKS = "\"”’»'“"


@dataclasses.dataclass(slots=True)
class _Draft:
    """A quote that still grows."""

    content: list[Span]
    cue: Span | None
    source: Span | None
    end: int  # how far its sentence goes


@dataclasses.dataclass(frozen=True, slots=True)
class RulesExtractor:
    """Extractor of reported speech by rules (implements `framing.quotes.Extractor`)."""

    name: str = "rules"

    def extract(self, article: Article) -> Extraction:
        """Quotes, speakers and what was left out of one article; never raises on odd text."""
        quotations, unclosed = find_quotations(article.text)
        sentences = find_word_sentences(article.text, quotations)
        drafts, left_out = _draft_quotes(article.text, sentences, quotations)
        left_out += [
            Exclusion(
                item=article.text[mark.position : mark.position + 40],
                reason="an opening quotation mark that is never closed",
                stage="quotes",
                article_id=article.id,
                span=Span(mark.position, mark.position + 1),
            )
            for mark in unclosed
        ]
        quotes = [
            Quote(
                id=f"{article.id}-q{number}",
                article_id=article.id,
                kind=_kind(article.text, draft.content, quotations),
                content=tuple(draft.content),
                cue=draft.cue,
                source=draft.source,
            )
            for number, draft in enumerate(drafts, start=1)
        ]
        resolved, speakers = resolve_speakers(article, quotes)
        extraction = Extraction(
            article_id=article.id,
            quotes=resolved,
            speakers=speakers,
            exclusions=tuple(
                dataclasses.replace(exclusion, article_id=article.id) for exclusion in left_out
            ),
        )
        check_extraction(article, extraction)
        return extraction


def _draft_quotes(
    text: str, sentences: list[Sentence], quotations: list[Quotation]
) -> tuple[list[_Draft], list[Exclusion]]:
    drafts: list[_Draft] = []
    claimed: set[int] = set()
    waiting: _Draft | None = None  # a cue with a colon, whose content comes in the next sentence
    loose: list[tuple[int, Sentence, int, Sentence | None]] = []
    previous: Sentence | None = None
    last: _Draft | None = None  # the quote whose sentence ended where this one begins
    for sentence in sentences:
        attributions = find_attributions(sentence)
        start, end = sentence.spans[0].start, sentence.spans[-1].end
        all_quoted = all(
            quoted >= 0 or not word[0].isalnum()
            for quoted, word in zip(sentence.quoted, sentence.words, strict=True)
        )
        if all_quoted and any(quoted >= 0 for quoted in sentence.quoted):
            target = waiting or last
            owned = [q for q in sentence.quoted if q >= 0]
            if target is not None and not (target is last and _has_own_cue_next(text, sentences, sentence)):
                for quoted in owned:
                    if quoted not in claimed:
                        target.content += quotations[quoted].parts
                        claimed.add(quoted)
                target.end = end
                if waiting is not None:
                    drafts.append(waiting)
                last, waiting = target, None
            else:
                loose += [(q, sentence, len(drafts), previous) for q in owned if q not in claimed]
                last = None
            previous = sentence
            continue
        waiting = None
        new: list[_Draft] = []
        for attribution in attributions:
            draft = _draft(text, sentence, attribution, quotations, claimed, end)
            if draft.content:
                new.append(draft)
            elif attribution.follows:
                waiting = draft
            elif previous is not None and loose and loose[-1][1] is previous and _touches(
                text, previous, start
            ):
                # “Why?” Doran asked.
                quoted = loose.pop()[0]
                draft.content += quotations[quoted].parts
                claimed.add(quoted)
                new.append(draft)
        drafts += new
        for word, quoted in enumerate(sentence.quoted):
            if quoted >= 0 and quoted not in claimed:
                loose.append((quoted, sentence, len(drafts), None if word else previous))
        last = new[-1] if new else None
        previous = sentence
    left_out: list[Exclusion] = []
    for quoted, sentence, position, before in reversed(loose):
        if quoted in claimed:
            continue
        quotation = quotations[quoted]
        draft = _uncued(text, quotation, sentence, before)
        if draft is not None:
            claimed.add(quoted)
            drafts.insert(position, draft)
        else:
            left_out.append(
                Exclusion(
                    item=text[quotation.start : quotation.end][:80],
                    reason="words in quotation marks that nobody is reported to say "
                    "(a title, a nickname or a distancing mark)",
                    stage="quotes",
                    span=Span(quotation.start, quotation.end),
                )
            )
    left_out.reverse()
    return _tidy(text, drafts), left_out


def _draft(
    text: str,
    sentence: Sentence,
    attribution: Attribution,
    quotations: list[Quotation],
    claimed: set[int],
    end: int,
) -> _Draft:
    content: list[Span] = []
    for first, stop in attribution.content:
        inside = [q for q in sentence.quoted[first:stop] if q >= 0]
        if stop - first == 1 and inside:
            content += quotations[inside[0]].parts
        else:
            content.append(sentence.span(first, stop))
        claimed.update(inside)
    source = attribution.source
    return _Draft(
        content=content,
        cue=sentence.span(*attribution.cue),
        source=sentence.span(*source) if source else None,
        end=end,
    )


def _has_own_cue_next(text: str, sentences: list[Sentence], sentence: Sentence) -> bool:
    """Whether the next sentence attributes this quotation itself (“Why?” Doran asked.)."""
    if text[sentence.spans[-1].end - 2 : sentence.spans[-1].end - 1] not in "?!":
        return False
    following = sentences[sentences.index(sentence) + 1 :][:1]
    if not following or "\n" in text[sentence.spans[-1].end : following[0].spans[0].start]:
        return False
    return any(not a.content and not a.follows for a in find_attributions(following[0]))


def _touches(text: str, before: Sentence, start: int) -> bool:
    return "\n" not in text[before.spans[-1].end : start]


def _uncued(
    text: str, quotation: Quotation, sentence: Sentence, before: Sentence | None
) -> _Draft | None:
    """A sentence in quotation marks without a cue: speech when it is a whole sentence."""
    inner = text[quotation.start + 1 : quotation.end].rstrip(_CLOSING_MARKS)
    whole = (
        len(inner.split()) >= 4
        and (inner[:1].isupper() or inner[:1] in "[….")
        and inner[-1:] in _TERMINAL
    )
    if not whole:
        return None
    alone = all(q >= 0 or not w[0].isalnum() for q, w in zip(sentence.quoted, sentence.words, strict=True))
    source = None
    if alone and before is not None and _touches(text, before, quotation.start):
        subject = main_subject(before, len(before))
        if subject is not None and can_speak(before, *subject):
            source = before.span(*subject)
    return _Draft(content=list(quotation.parts), cue=None, source=source, end=quotation.end)


def _tidy(text: str, drafts: list[_Draft]) -> list[_Draft]:
    """Drafts in text order without overlaps; of two that overlap the earlier cue keeps it."""
    kept: list[_Draft] = []
    taken: list[Span] = []
    for draft in drafts:
        content = [
            span
            for span in sorted(draft.content)
            if not any(span.start < other.end and other.start < span.end for other in taken)
        ]
        if not content:
            continue
        draft.content = content
        taken += content
        kept.append(draft)
    return sorted(kept, key=lambda draft: draft.content[0])


def _kind(text: str, content: list[Span], quotations: list[Quotation]) -> QuoteKind:
    parts = [part for quotation in quotations for part in quotation.parts]
    inside = [span for span in content if any(p.start <= span.start and span.end <= p.end for p in parts)]
    if len(inside) == len(content):
        return "direct"
    if any(p.start < span.end and span.start < p.end for span in content for p in parts):
        return "mixed"
    return "indirect"
