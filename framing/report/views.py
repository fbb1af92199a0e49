"""What the page of one article shows, as plain values: the templates only lay it out."""

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

from framing.figures import Passage
from framing.records import (
    Article,
    ArticleBalance,
    BalanceValue,
    Exclusion,
    Extraction,
    Quote,
    Speaker,
    check_extraction,
)
from framing.report.judgements import Coding, Judgement

__all__ = [
    "ArticleView",
    "Piece",
    "QuoteView",
    "Segment",
    "VoiceView",
    "view_article",
    "without_quoted_words",
]


@dataclasses.dataclass(frozen=True, slots=True)
class QuoteView:
    """One quote; `key` is unique in the run and safe in an HTML id."""

    key: str
    number: int
    kind: str
    text: str
    speaker: str
    description: str
    unknown: str
    introduces: bool  # whether it is the speaker's first
    role: Judgement
    stance: Judgement


@dataclasses.dataclass(frozen=True, slots=True)
class VoiceView:
    """One speaker and the passages they are quoted in, each with its quote."""

    name: str
    kind: str
    role: Judgement
    passages: tuple[tuple[Passage, QuoteView], ...]
    n_quotes: int


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: inside one quote, or outside of all."""

    text: str
    quote: QuoteView | None = None
    first: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """One category's part of a stance bar; start and share in [0, 1]."""

    category: str
    letter: str
    place: int
    start: float
    share: float
    value: BalanceValue


@dataclasses.dataclass(frozen=True, slots=True)
class ArticleView:
    """Everything that is shown of one article."""

    number: int
    article: Article
    title: str
    url: str
    target: str
    target_is_title: bool
    quotes: tuple[QuoteView, ...]
    voices: tuple[VoiceView, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    bar: tuple[Segment, ...]
    bar_reason: str
    tilt: BalanceValue | None
    speaking: tuple[tuple[str, float], ...]
    main: tuple[BalanceValue, ...]
    roles: tuple[BalanceValue, ...]
    others: tuple[BalanceValue, ...]
    joint: tuple[BalanceValue, ...]
    exclusions: tuple[Exclusion, ...]
    bases: tuple[str, ...]

    @property
    def key(self) -> str:
        """A name that is safe in an HTML id and as a file's."""
        return f"article-{self.number:04d}"

    @property
    def level(self) -> float | None:
        """Level of the intervals, or None where nothing was measured."""
        return next((v.level for v in (*self.main, *self.roles, *self.others)), None)


def view_article(
    number: int,
    article: Article,
    extraction: Extraction,
    balance: ArticleBalance | None,
    exclusions: Sequence[Exclusion],
    coding: Coding,
    *,
    include_text: bool,
) -> ArticleView:
    """Gather what is shown of one article.

    Args:
        number: Its place in the report, from 1.
        article: The article.
        extraction: Its quotes and speakers.
        balance: Its indices, or None where they were not measured.
        exclusions: What was left out of it; the extraction's own are added.
        coding: The answers.
        include_text: Whether words of the article may be shown; without them speakers are
            numbered, for their names and descriptions are the article's words.

    Raises:
        DataError: Spans or ids do not fit, or a label is not in the codebook.
    """
    check_extraction(article, extraction)
    names = {
        speaker.id: speaker.name if include_text else f"Speaker {place}"
        for place, speaker in enumerate(extraction.speakers, 1)
    }
    speakers = {speaker.id: speaker for speaker in extraction.speakers}
    ordered = sorted(extraction.quotes, key=lambda quote: quote.content[0])
    first = {quote.speaker_id: quote.id for quote in reversed(ordered)}
    quotes = {
        quote.id: _view_quote(n, quote, number, article, speakers, names, coding, include_text)
        for n, quote in enumerate(ordered, 1)
    }
    quotes = {
        id_: dataclasses.replace(view, introduces=id_ in first.values())
        for id_, view in quotes.items()
    }
    values = balance.values if balance else ()
    bar, bar_reason = _bar(values, coding)
    left_out = dict.fromkeys((*extraction.exclusions, *exclusions))
    is_title = balance.target_is_title if balance else not article.target
    return ArticleView(
        number=number,
        article=article,
        title=(article.title or article.id) if include_text else article.id,
        url=article.url if re.match(r"https?://[^\s]+\Z", article.url) else "",
        target=(balance.target if balance else article.target) if not is_title else "",
        target_is_title=is_title,
        quotes=tuple(quotes.values()),
        voices=_voices(ordered, quotes, names, article, extraction, coding),
        paragraphs=_paragraphs(article.text, ordered, quotes) if include_text else (),
        bar=bar,
        bar_reason=bar_reason,
        tilt=_first(values, "tilt"),
        speaking=_speaking(values, coding),
        main=tuple(v for v in values if _group(v, coding) == "main"),
        roles=tuple(v for v in values if _group(v, coding) == "roles"),
        others=tuple(v for v in values if _group(v, coding) == "others"),
        joint=tuple(v for v in values if _group(v, coding) == "joint"),
        exclusions=tuple(_shared(e) if not include_text else e for e in left_out),
        bases=tuple(
            sorted({j.basis for q in quotes.values() for j in (q.role, q.stance)} - {"none"})
        ),
    )


def without_quoted_words(reason: str) -> str:
    """A reason without what it quotes from an article."""
    return re.sub(r"“[^”]*”|\"[^\"]*\"|'[^']*'(?!\w)|‘[^’]*’", "[…]", reason)


def _view_quote(
    n: int,
    quote: Quote,
    number: int,
    article: Article,
    speakers: Mapping[str, Speaker],
    names: Mapping[str, str],
    coding: Coding,
    include_text: bool,
) -> QuoteView:
    speaker = speakers.get(quote.speaker_id or "")
    description = speaker.description if speaker and include_text else ""
    reason = quote.reason if include_text else without_quoted_words(quote.reason)
    return QuoteView(
        key=f"a{number}q{n}",
        number=n,
        kind=quote.kind,
        text=quote.text(article.text) if include_text else "",
        speaker=names[speaker.id] if speaker else "",
        description=description if speaker and description != speaker.name else "",
        unknown="" if speaker else (reason or "no source is given"),
        introduces=True,
        role=coding.role_of(quote.speaker_id),
        stance=coding.stance_of(quote.id),
    )


def _voices(
    ordered: Sequence[Quote],
    quotes: Mapping[str, QuoteView],
    names: Mapping[str, str],
    article: Article,
    extraction: Extraction,
    coding: Coding,
) -> tuple[VoiceView, ...]:
    """Speakers in the order in which they are first quoted; quotes without one come last."""
    by_speaker: dict[str | None, list[Quote]] = {}
    for quote in ordered:
        by_speaker.setdefault(quote.speaker_id, []).append(quote)
    if None in by_speaker:
        by_speaker[None] = by_speaker.pop(None)
    kinds = {speaker.id: speaker.kind for speaker in extraction.speakers}
    length = len(article.text)
    return tuple(
        VoiceView(
            name=names[speaker_id] if speaker_id else "",
            kind=kinds[speaker_id] if speaker_id else "",
            role=coding.role_of(speaker_id),
            passages=tuple(
                (Passage(s.start / length, s.end / length, quotes[q.id].stance.value), quotes[q.id])
                for q in own
                for s in q.content
            ),
            n_quotes=len(own),
        )
        for speaker_id, own in by_speaker.items()
    )


def _paragraphs(
    text: str, ordered: Sequence[Quote], quotes: Mapping[str, QuoteView]
) -> tuple[tuple[Piece, ...], ...]:
    """The text cut at blank lines and at the ends of quotes; nothing is lost but blank lines."""
    parts = sorted((span, quote) for quote in ordered for span in quote.content)
    begun: set[str] = set()
    paragraphs = []
    for block in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        at, pieces = block.start(), []
        for span, quote in parts:
            start, end = max(span.start, block.start()), min(span.end, block.end())
            if start >= end:
                continue
            if at < start:
                pieces.append(Piece(text[at:start]))
            pieces.append(Piece(text[start:end], quotes[quote.id], quote.id not in begun))
            begun.add(quote.id)
            at = end
        if at < block.end():
            pieces.append(Piece(text[at : block.end()]))
        paragraphs.append(tuple(pieces))
    return tuple(paragraphs)


def _bar(values: Sequence[BalanceValue], coding: Coding) -> tuple[tuple[Segment, ...], str]:
    segments: list[Segment] = []
    start, reason = 0.0, "not measured"
    for place, (category, mark) in enumerate(coding.marks.items()):
        value = _first(values, f"share_{category}")
        if value is None or value.value is None:
            reason = value.excluded_reason if value and value.excluded_reason else reason
            continue
        segments.append(Segment(category, mark.letter, place, start, value.value, value))
        start += value.value
    return tuple(segments), "" if segments else reason


def _speaking(values: Sequence[BalanceValue], coding: Coding) -> tuple[tuple[str, float], ...]:
    """Roles by their share of quotes, largest first, those that never speak left out."""
    if coding.role is None:
        return ()
    found = (
        (name, _first(values, f"{coding.role.name}_share_{name}")) for name in coding.role.names
    )
    shares = [(name, value.value) for name, value in found if value and value.value]
    return tuple(sorted(shares, key=lambda pair: -pair[1]))


def _first(values: Iterable[BalanceValue], index: str) -> BalanceValue | None:
    """The index by quote; where it has no weight, the one there is."""
    found = [v for v in values if v.index == index and v.weight in ("quote", "")]
    return found[0] if found else None


def _group(value: BalanceValue, coding: Coding) -> str:
    """Which table of the page an index belongs to: "main", "roles", "others" or "joint"."""
    definition = coding.indices.get(value.index)
    if value.weight not in ("quote", "") or definition is None:
        return "others"
    if value.index == "share_named" or (coding.role and definition.variable == coding.role.name):
        return "roles"
    if value.index.startswith("joint_share_"):
        return "joint"
    return "others" if value.index.startswith(("mean_position_", "lead_share_")) else "main"


def _shared(exclusion: Exclusion) -> Exclusion:
    item = "" if exclusion.stage == "quotes" else exclusion.item
    return dataclasses.replace(exclusion, item=item, reason=without_quoted_words(exclusion.reason))
