"""Units: what a classifier reads of one quote or one speaker, as plain text.

A unit carries everything that a classifier may look at, so that every classifier, whatever it
makes of it, can be given the same list, and a unit can be shown to a reader as it was judged.
"""

import bisect
import collections
import dataclasses
import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from framing.codebook import Variable
from framing.errors import DataError
from framing.quotes.segments import find_sentences
from framing.records import Article, Extraction, Quote, Span, Speaker

__all__ = ["Piece", "Unit", "codebook_units", "make_units", "with_others"]

_MENTIONS = 2  # sentences that introduce a speaker
_QUOTES = 3  # sentences in which the speaker is quoted
_BEFORE, _AFTER = 2, 1  # sentences around those of a quote


class Piece(NamedTuple):
    """A stretch of the article, and what it is to the unit.

    Attributes:
        text: The words, with single spaces; a space at an end stands in the article too.
        part: "quote", "cue" and "mention" (of the speaker); "sentence" for the other words of
            the sentences that these stand in; "before" and "after" for the sentences around;
            "gap" for what is left out in between.
    """

    text: str
    part: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One quote or one speaker with its text.

    Attributes:
        id: The quote's or the speaker's id.
        variable: Name of the codebook's variable that it is a unit of.
        article_id: The article it is in.
        article_sha256: Digest of that article's text, by which training articles are recognised.
        target: What stance is measured toward, or "".
        speaker: The speaker's name, or the fullest description where none is given; "" when
            the speaker is unknown.
        description: The words that present the speaker, or "".
        quote: What is said: the quote's content, or the contents of a speaker's first quotes.
        context: The sentences around it: of the quote, or of the speaker's first mentions and
            quotes.
        kind: The quote's kind (direct, mixed, indirect) or the speaker's (person, organisation,
            group, unnamed).
        named: Whether the article names the speaker; False when the speaker is unknown.
        place: Of a quote among those of its article, from 0.
        others: The other quotes of its speaker in the article, in text order, themselves without
            others; empty for speakers and where the speaker is unknown.
        pieces: The passage that the unit is judged by, in text order: of a quote, its sentences
            and those around them; of a speaker, all sentences that mention them or say that
            they said something. Joined, the pieces are the text.
    """

    id: str
    variable: str
    article_id: str
    article_sha256: str
    target: str
    speaker: str
    description: str
    quote: str
    context: str
    kind: str
    named: bool
    place: int = 0
    others: "tuple[Unit, ...]" = dataclasses.field(default=(), repr=False)
    pieces: tuple[Piece, ...] = ()


def make_units(
    article: Article, extraction: Extraction, variable: Variable, *, target: str
) -> list[Unit]:
    """The units of one article for one variable, in the extraction's order.

    Args:
        article: The article.
        extraction: Its quotes and speakers.
        variable: Decides whether quotes or speakers are the units.
        target: What stance is measured toward; `article.stance_target` unless the user gives
            another.

    Returns:
        One unit for each quote or each speaker; none for an article without them.

    Raises:
        DataError: The extraction is of another article, a quote's speaker is missing from it, or
            the variable has two sides (`positive`, `negative`) and the target is empty.
    """
    if extraction.article_id != article.id:
        raise DataError(
            f"units of article {article.id!r}: the extraction is of {extraction.article_id!r}; "
            "give the article's own"
        )
    if variable.positive and not target.strip():
        raise DataError(
            f"article {article.id!r}: it has neither a target nor a title, and {variable.name} is "
            "measured toward one; give the article a target, or one for all with --target"
        )
    sentences = find_sentences(article.text)
    if variable.unit == "speaker":
        return [
            _speaker_unit(article, extraction, speaker, variable, target, sentences)
            for speaker in extraction.speakers
        ]
    speakers = {speaker.id: speaker for speaker in extraction.speakers}
    units = [
        _quote_unit(article, quote, speakers, variable, target, sentences, place)
        for place, quote in enumerate(extraction.quotes)
    ]
    said: dict[str | None, list[Unit]] = collections.defaultdict(list)
    for quote, unit in zip(extraction.quotes, units, strict=True):
        said[quote.speaker_id].append(unit)
    return [
        with_others(unit, said[quote.speaker_id]) if quote.speaker_id else unit
        for quote, unit in zip(extraction.quotes, units, strict=True)
    ]


def with_others(unit: Unit, said: Sequence[Unit]) -> Unit:
    """The unit with the other quotes among all of its speaker's, which have no others yet."""
    return dataclasses.replace(unit, others=tuple(one for one in said if one.id != unit.id))


def codebook_units(variable: Variable) -> tuple[list[Unit], list[str]]:
    """What the codebook itself says of each category, as units to learn from.

    A category's definition and inclusion rules say in a few words what coded articles show in
    many ("diplomats and embassies"). Its examples are left out: an article written beside the
    codebook may repeat one, and cross-validation would then test on what was learned.

    Returns:
        The units, of no article, and the category of each.
    """
    units, values = [], []
    for category in variable.categories:
        for n, words in enumerate((category.definition, *category.include)):
            units.append(
                Unit(
                    id=f"codebook:{variable.name}:{category.name}:{n}",
                    variable=variable.name,
                    article_id="",
                    article_sha256="",
                    target="",
                    speaker=_one_line(words) if variable.unit == "speaker" else "",
                    description="",
                    quote=_one_line(words) if variable.unit == "quote" else "",
                    context=_one_line(words),
                    kind="",
                    named=False,
                )
            )
            values.append(category.name)
    return units, values


def _quote_unit(
    article: Article,
    quote: Quote,
    speakers: dict[str, Speaker],
    variable: Variable,
    target: str,
    sentences: list[Span],
    place: int,
) -> Unit:
    speaker = None
    if quote.speaker_id is not None:
        speaker = speakers.get(quote.speaker_id)
        if speaker is None:
            raise DataError(
                f"article {article.id!r}: quote {quote.id!r} names speaker {quote.speaker_id!r}, "
                "who is not among the speakers; add the speaker or set speaker_id to null"
            )
    return Unit(
        id=quote.id,
        variable=variable.name,
        article_id=article.id,
        article_sha256=article.sha256,
        target=_one_line(target),
        speaker=_one_line(speaker.name) if speaker else "",
        description=_one_line(speaker.description) if speaker else "",
        quote=_one_line(quote.text(article.text)),
        context=_sentences_of(_all_spans(quote), sentences, article.text),
        kind=quote.kind,
        named=speaker is not None and speaker.named,
        place=place,
        pieces=_pieces(
            article.text,
            sentences,
            _touched(_all_spans(quote), sentences, len(article.text)),
            _tags([quote], ()),
            around=(_BEFORE, _AFTER),
        ),
    )


def _speaker_unit(
    article: Article,
    extraction: Extraction,
    speaker: Speaker,
    variable: Variable,
    target: str,
    sentences: list[Span],
) -> Unit:
    said = [quote for quote in extraction.quotes if quote.speaker_id == speaker.id]
    quotes = said[:_QUOTES]
    # Where the speaker stands in the sentence, without the content: a long quote would fill the
    # context with what is said instead of who says it.
    reported = [span for quote in quotes for span in (quote.source, quote.cue) if span]
    if not reported:
        reported = [span for quote in quotes for span in quote.content[:1]]
    return Unit(
        id=speaker.id,
        variable=variable.name,
        article_id=article.id,
        article_sha256=article.sha256,
        target=_one_line(target),
        speaker=_one_line(speaker.name),
        description=_one_line(speaker.description),
        quote=" ".join(_one_line(quote.text(article.text)) for quote in quotes),
        context=_sentences_of([*speaker.mentions[:_MENTIONS], *reported], sentences, article.text),
        kind=speaker.kind,
        named=speaker.named,
        pieces=_pieces(
            article.text,
            sentences,
            _touched(
                [*speaker.mentions, *(_attribution(quote) for quote in said)],
                sentences,
                len(article.text),
            ),
            _tags(said, speaker.mentions),
            around=(0, 0),
        ),
    )


def _all_spans(quote: Quote) -> list[Span]:
    return [*quote.content, *(span for span in (quote.cue, quote.source) if span)]


def _attribution(quote: Quote) -> Span:
    """Where the text says who says it: source, else cue, else the first words."""
    return quote.source or quote.cue or quote.content[0]


def _tags(quotes: Sequence[Quote], mentions: Sequence[Span]) -> list[tuple[Span, str]]:
    """Spans and their parts; where two lie over each other, the later one counts."""
    tags = [(span, "quote") for quote in quotes for span in quote.content]
    tags += [(quote.cue, "cue") for quote in quotes if quote.cue]
    tags += [(quote.source, "mention") for quote in quotes if quote.source]
    return [*tags, *((span, "mention") for span in mentions)]


def _sentences_of(spans: list[Span], sentences: list[Span], text: str) -> str:
    """The sentences that the spans touch, each once, in text order."""
    return " ".join(_one_line(sentences[i].of(text)) for i in _touched(spans, sentences, len(text)))


def _touched(spans: Sequence[Span], sentences: Sequence[Span], end: int) -> list[int]:
    touched: set[int] = set()
    for span in spans:
        first = max(0, bisect.bisect_right(sentences, (span.start, end + 1)) - 1)
        for i in range(first, len(sentences)):
            if sentences[i].start >= span.end:
                break
            if sentences[i].end > span.start:
                touched.add(i)
    return sorted(touched)


def _pieces(
    text: str,
    sentences: Sequence[Span],
    touched: Sequence[int],
    tags: Sequence[tuple[Span, str]],
    *,
    around: tuple[int, int],
) -> tuple[Piece, ...]:
    if not touched:
        return ()
    first, last = touched[0] - around[0], touched[-1] + 1 + around[1]
    part_of = dict.fromkeys(range(max(0, first), touched[0]), "before")
    part_of |= dict.fromkeys(touched, "sentence")
    part_of |= dict.fromkeys(range(touched[-1] + 1, min(last, len(sentences))), "after")
    found: list[tuple[str, str]] = []
    for previous, i in itertools.pairwise([None, *part_of]):
        if previous is not None and i is not None:
            gap = "" if i == previous + 1 else "gap"
            found.append((" … ", gap) if gap else (" ", part_of[i]))
        if i is not None:
            found += _cut(text, sentences[i], tags, part_of[i])
    pieces: list[Piece] = []
    space = ""  # between two parts, which belongs to the one that follows
    for part, run in itertools.groupby(found, key=lambda piece: piece[1]):
        words = re.sub(r"\s+", " ", space + "".join(piece[0] for piece in run))
        space = words if words == " " else ""
        if words.strip():
            pieces.append(Piece(words, part))
    return tuple(pieces)


def _cut(
    text: str, sentence: Span, tags: Sequence[tuple[Span, str]], part: str
) -> list[tuple[str, str]]:
    """One sentence, cut where a tag begins or ends; `part` is what no tag covers."""
    inside = [
        (Span(max(span.start, sentence.start), min(span.end, sentence.end)), name)
        for span, name in tags
        if span.start < sentence.end and sentence.start < span.end
    ]
    ends = sorted({*sentence, *(end for span, _ in inside for end in span)})
    return [
        (
            text[start:end],
            next((n for span, n in reversed(inside) if span.start <= start < span.end), part),
        )
        for start, end in itertools.pairwise(ends)
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())
