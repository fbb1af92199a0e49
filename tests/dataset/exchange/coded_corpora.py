"""Coded corpora to try formats on: one that is written out, and nasty ones that are drawn."""

import dataclasses
import datetime
from collections.abc import Mapping

from hypothesis import strategies as st

from framing.articles import canonical_text
from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Suggestion, gather_corpus
from framing.dataset.exchange.survival import Facet, Survival
from framing.records import Article, Label, Quote, QuoteKind, Span, Speaker, SpeakerKind

__all__ = ["NASTY_TEXTS", "coded_corpora", "invented_corpus", "make_decoy"]

BOOK = load_codebook()

# Pieces that break programs: markup, formulas, escapes, characters of two UTF-16 units, letters
# with marks that have no form of one code point, joined emoji, both directions of writing.
_PIECES = (
    "the mill", "said", "“we wait", "go home”", '"', "'", "‘", "’", "=SUM(A1:A9)", "+1", "-",
    "@mara", "\t", "  ", "   ", "\n", "\n\n", "\r\n", "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1fa\U0001f1e6", "\U0001d54f", "\U00010348", "q\u0303", "e\u0301", "x\u0323\u0307",
    "שלום", "مرحبا", "نامه\u200cای", "\u200eLRM\u200f", "\xa0", "\u3000", "\ufb01", "İ", "</text>",
    "&amp;", "<b>", '{"a": 1}', "[x](y)", "\\n", "%20", "#", ";", ",", "|", "\ufeff", "…",
    "T1\tQuote 0 3",
)  # fmt: skip
_ANY = st.characters(codec="utf-8")  # all but halves of surrogate pairs


def _canonical(pieces: list[str]) -> str:
    return canonical_text(" ".join(pieces[:1]) + "".join(pieces[1:]))


NASTY_TEXTS = (
    st.lists(st.sampled_from(_PIECES) | st.text(_ANY, max_size=6), min_size=1, max_size=14)
    .map(_canonical)
    .filter(str.strip)
)
# One-line words of speakers, titles and ids, and remarks of several lines.
_LINES = (st.sampled_from(_PIECES) | st.text(_ANY, max_size=12)).map(lambda s: " ".join(s.split()))
_REMARKS = st.just("") | st.sampled_from(_PIECES) | st.text(_ANY, max_size=20)
_NAMES = _LINES.filter(lambda s: bool(s.strip()))
_TIMES = st.sampled_from(["", "2024-05-01T09:00:00Z", "2023-12-31T23:59:59.5+02:00"])
_CODERS = ("ada", "ben-2", "=eva")


@st.composite
def coded_corpora(draw: st.DrawFn, *, max_coders: int = 3) -> CodedCorpus:
    """A corpus of one to three articles.

    Texts are canonical and hold what canonical form leaves; contents of quotes may have several
    parts, stand inside each other's gaps, run over paragraphs and cut letters from their marks;
    cues, sources and mentions overlap anything. Quotes without speaker, speakers without quote,
    articles without either, units that a coder left out.

    Args:
        draw: Of hypothesis.
        max_coders: Of how many at most the labels are.
    """
    coders = draw(st.lists(st.sampled_from(_CODERS), max_size=max_coders, unique=True))
    articles: list[Article] = []
    quotes: list[Quote] = []
    speakers: list[Speaker] = []
    for n in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(["a", "A b", "../x", "=1", "é/🙂", "con.txt"])) + f"-{n}"
        article = Article(
            id=name,
            text=draw(NASTY_TEXTS),
            title=draw(_LINES),
            outlet=draw(_LINES),
            date=draw(st.none() | st.dates()),
            url=draw(st.sampled_from(["", "https://example.org/?a=1&b=ä"])),
            target=draw(_LINES),
            lang=draw(st.sampled_from(["en", "ar", ""])),
            group=draw(st.dictionaries(st.sampled_from(["lean", "event"]), _LINES, max_size=2)),
        )
        articles.append(article)
        theirs = draw(_speakers(article))
        speakers += theirs
        quotes += draw(_quotes(article, [speaker.id for speaker in theirs]))
    units = [("quote", quote.id) for quote in quotes]
    units += [("speaker", speaker.id) for speaker in speakers]
    return gather_corpus(
        articles,
        quotes,
        speakers,
        draw(_labels(units, coders)),
        codebook=BOOK,
        suggestions=draw(_suggestions(units)),
    )


def invented_corpus() -> CodedCorpus:
    """Three invented articles: one with two coders' labels, one with emoji, one without quotes."""
    first = (
        "The mayor closed the Varn bridge on Monday.\n\n"
        "“We had no choice,” said Ada Brook, the mayor. “The water was rising.”\n\n"
        "A baker said the town was  cut off."
    )
    second = "“No comment 🙂🙂,” said the ministry. Ivo Lund, a nurse, called it = a shame."
    articles = [
        Article(
            id="varn-1",
            text=first,
            title="Bridge closed",
            outlet="Varn Post",
            date=datetime.date(2024, 3, 1),
            target="the closing of the Varn bridge",
            group={"lean": "left"},
        ),
        Article(id="varn-2", text=second, title="=No comment"),
        Article(id="varn-3", text="It rained.", target="the rain"),
    ]

    def at(text: str, words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words))

    quotes = [
        Quote(
            id="varn-1-q1",
            article_id="varn-1",
            kind="direct",
            content=(at(first, "“We had no choice,”"), at(first, "“The water was rising.”")),
            cue=at(first, "said Ada"[:4]),
            source=at(first, "Ada Brook, the mayor"),
            speaker_id="varn-1-s1",
        ),
        Quote(
            id="varn-1-q2",
            article_id="varn-1",
            kind="indirect",
            content=(at(first, "the town was  cut off"),),
            source=at(first, "A baker"),
            speaker_id="varn-1-s2",
        ),
        Quote(
            id="varn-2-q1",
            article_id="varn-2",
            kind="direct",
            content=(at(second, "“No comment 🙂🙂,”"),),
            reason="an institution, not named",
        ),
        Quote(
            id="varn-2-q2",
            article_id="varn-2",
            kind="indirect",
            content=(at(second, "= a shame"),),
            cue=at(second, "called"),
            source=at(second, "Ivo Lund, a nurse"),
            speaker_id="varn-2-s1",
        ),
    ]
    speakers = [
        Speaker(
            id="varn-1-s1",
            article_id="varn-1",
            name="Ada Brook",
            description="the mayor",
            mentions=(at(first, "The mayor"), at(first, "Ada Brook")),
        ),
        Speaker(id="varn-1-s2", article_id="varn-1", name="a baker", kind="unnamed", named=False),
        Speaker(id="varn-2-s1", article_id="varn-2", name="Ivo Lund", description="a nurse"),
    ]
    given = [
        ("varn-1-q1", "stance", "supportive", "ada", ""),
        ("varn-1-q1", "stance", "neutral", "ben", "-unsure,\nsee rule 4"),
        ("varn-1-q2", "stance", "critical", "ada", ""),
        ("varn-2-q2", "stance", "critical", "ben", ""),
        ("varn-1-s1", "role", "government", "ada", ""),
        ("varn-1-s1", "role", "government", "ben", ""),
        ("varn-2-s1", "role", "civilian", "ada", "=a note"),
    ]
    labels = [
        Label(
            unit_id=unit,
            variable=variable,
            value=value,
            annotator=coder,
            codebook=BOOK.digest,
            time="2024-05-01T09:00:00Z",
            note=note,
            probability=0.25,
        )
        for unit, variable, value, coder, note in given
    ]
    return gather_corpus(articles, quotes, speakers, labels, codebook=BOOK)


def make_decoy(corpus: CodedCorpus, survival: Mapping[Facet, Survival]) -> CodedCorpus:
    """Data for an import that are wrong wherever the file has to know better.

    Labels and suggestions are gone, and so is every facet that the format keeps in the file: an
    import that takes it from the data instead of the file gives something else back.
    """
    in_file = {facet for facet, one in survival.items() if one.where == "file"}
    return gather_corpus(
        corpus.articles,
        [_decoy_quote(quote, in_file) for quote in corpus.quotes],
        [_decoy_speaker(speaker, in_file) for speaker in corpus.speakers],
        [],
        codebook=corpus.codebook,
    )


def _decoy_quote(quote: Quote, in_file: set[Facet]) -> Quote:
    start = quote.content[0].start
    other: QuoteKind = "mixed" if quote.kind == "direct" else "direct"
    return dataclasses.replace(
        quote,
        content=(Span(start, start + 1),) if "quotes" in in_file else quote.content,
        kind=other if "kind" in in_file else quote.kind,
        cue=None if "cue" in in_file else quote.cue,
        source=None if "source" in in_file else quote.source,
        speaker_id=None if "attribution" in in_file else quote.speaker_id,
        reason="" if "reason" in in_file else quote.reason,
    )


def _decoy_speaker(speaker: Speaker, in_file: set[Facet]) -> Speaker:
    if "speaker_kind" in in_file:
        kind: SpeakerKind = "group" if speaker.kind == "person" else "person"
        speaker = dataclasses.replace(speaker, kind=kind, named=not speaker.named)
    return dataclasses.replace(
        speaker,
        name="somebody else" if "speakers" in in_file else speaker.name,
        description="" if "description" in in_file else speaker.description,
        mentions=() if "mentions" in in_file else speaker.mentions,
    )


@st.composite
def _spans(draw: st.DrawFn, text: str, *, max_size: int) -> list[Span]:
    """Spans that do not overlap, in text order."""
    cuts = st.lists(st.integers(0, len(text)), max_size=2 * max_size, unique=True).map(sorted)
    ends = draw(cuts)
    return [Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]


def _one_span(text: str) -> st.SearchStrategy[Span | None]:
    return _spans(text, max_size=1).map(lambda spans: spans[0] if spans else None)


@st.composite
def _speakers(draw: st.DrawFn, article: Article) -> list[Speaker]:
    return [
        Speaker(
            id=f"{article.id}-{n}",
            article_id=article.id,
            name=draw(_NAMES),
            description=draw(_LINES),
            mentions=tuple(draw(_spans(article.text, max_size=2))),
            kind=draw(st.sampled_from(["person", "organisation", "group", "unnamed"])),
            named=draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 3)))
    ]


@st.composite
def _quotes(draw: st.DrawFn, article: Article, speaker_ids: list[str]) -> list[Quote]:
    contents: dict[int, list[Span]] = {}
    for span in draw(_spans(article.text, max_size=5)):
        contents.setdefault(draw(st.integers(0, 2)), []).append(span)
    return [
        Quote(
            id=f"{article.id} q{n}",
            article_id=article.id,
            kind=draw(st.sampled_from(["direct", "mixed", "indirect"])),
            content=tuple(content),
            cue=draw(_one_span(article.text)),
            source=draw(_one_span(article.text)),
            speaker_id=draw(st.sampled_from([None, *speaker_ids])),
            reason=draw(_LINES),
        )
        for n, content in contents.items()
    ]


@st.composite
def _labels(draw: st.DrawFn, units: list[tuple[str, str]], coders: list[str]) -> list[Label]:
    return [
        Label(
            unit_id=unit_id,
            variable=variable.name,
            value=draw(st.sampled_from(variable.names)),
            annotator=coder,
            codebook=draw(st.sampled_from([BOOK.digest, ""])),
            time=draw(_TIMES),
            note=draw(_REMARKS),
            probability=draw(st.floats(0, 1, exclude_min=True)),
        )
        for coder in coders
        for kind, unit_id in units
        for variable in BOOK.variables
        if variable.unit == kind and draw(st.booleans())
    ]


@st.composite
def _suggestions(draw: st.DrawFn, units: list[tuple[str, str]]) -> list[Suggestion]:
    if draw(st.booleans()):
        return []
    return [
        Suggestion(
            unit_id=unit_id,
            variable=variable.name,
            value=draw(st.sampled_from(variable.names)),
            model=draw(st.sampled_from(["words", "m=2"])),
        )
        for kind, unit_id in units
        for variable in BOOK.variables
        if variable.unit == kind and draw(st.booleans())
    ]
