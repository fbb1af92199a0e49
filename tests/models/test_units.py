"""What a classifier is given to read."""

import dataclasses

import pytest

from framing.codebook import Codebook
from framing.errors import DataError
from framing.models.units import Piece, codebook_units, make_units
from framing.records import Article, Extraction, Quote, Span, Speaker

TEXT = (
    "Rain fell. Ada Brook, the minister for dams, toured\nthe valley.\n\n"
    '"It works," Brook said. "It\nwill last." Nobody cheered. The wall leaks, it was said.'
)


def _span(words: str, start: int = 0) -> Span:
    found = TEXT.index(words, start)
    return Span(found, found + len(words))


BROOK = Speaker(
    id="s1",
    article_id="a",
    name="Ada Brook",
    description="the minister\nfor dams",
    mentions=(_span("Ada Brook"), _span("Brook", 70)),
)
QUOTES = (
    Quote(
        id="q1",
        article_id="a",
        kind="direct",
        content=(_span('"It works,"'), _span('"It\nwill last."')),
        cue=_span("said"),
        source=_span("Brook", 70),
        speaker_id="s1",
    ),
    Quote(
        id="q2",
        article_id="a",
        kind="indirect",
        content=(_span("The wall leaks"),),
        reason="passive without a source",
    ),
)
ARTICLE = Article(id="a", text=TEXT, title="Dam opens")
FOUND = Extraction(article_id="a", quotes=QUOTES, speakers=(BROOK,))


def test_quote_unit_reads_content_and_the_sentences_it_touches(tiny_codebook: Codebook) -> None:
    unit, _ = make_units(ARTICLE, FOUND, tiny_codebook.variable("stance"), target="the dam")
    assert (unit.id, unit.variable, unit.article_id) == ("q1", "stance", "a")
    assert unit.article_sha256 == ARTICLE.sha256
    assert unit.quote == '"It works," "It will last."'
    assert unit.context == '"It works," Brook said. "It will last."'
    assert (unit.speaker, unit.description) == ("Ada Brook", "the minister for dams")
    assert (unit.target, unit.kind, unit.named) == ("the dam", "direct", True)


def test_quote_without_a_speaker_is_a_unit_too(tiny_codebook: Codebook) -> None:
    _, unit = make_units(ARTICLE, FOUND, tiny_codebook.variable("stance"), target="the dam")
    assert (unit.id, unit.speaker, unit.description, unit.named) == ("q2", "", "", False)
    assert unit.context == "The wall leaks, it was said."


def test_a_quote_knows_what_else_its_speaker_says(tiny_codebook: Codebook) -> None:
    whole = make_units(ARTICLE, FOUND, tiny_codebook.variable("stance"), target="the dam")
    assert [unit.others for unit in whole] == [(), ()]  # one quote, and one of nobody known
    both = tuple(dataclasses.replace(q, speaker_id="s1", reason="") for q in QUOTES)
    found = dataclasses.replace(FOUND, quotes=both)
    first, second = make_units(ARTICLE, found, tiny_codebook.variable("stance"), target="the dam")
    assert (first.place, second.place) == (0, 1)
    assert first.others == (dataclasses.replace(second, others=()),)
    assert second.others == (dataclasses.replace(first, others=()),)


def test_speaker_unit_reads_introduction_and_quotes(tiny_codebook: Codebook) -> None:
    (unit,) = make_units(ARTICLE, FOUND, tiny_codebook.variable("role"), target="")
    assert (unit.id, unit.variable, unit.kind) == ("s1", "role", "person")
    # The sentence of the first mention and the one with source and cue; no other.
    assert unit.context == (
        'Ada Brook, the minister for dams, toured the valley. "It works," Brook said.'
    )
    assert unit.quote == '"It works," "It will last."'


def test_speaker_without_mention_or_source_is_read_from_the_quote(
    tiny_codebook: Codebook,
) -> None:
    speaker = Speaker(id="s2", article_id="a", name="an inspector", named=False, kind="unnamed")
    quote = dataclasses.replace(QUOTES[1], speaker_id="s2", reason="")
    found = Extraction(article_id="a", quotes=(quote,), speakers=(speaker,))
    (unit,) = make_units(ARTICLE, found, tiny_codebook.variable("role"), target="")
    assert unit.context == "The wall leaks, it was said."


def test_no_quotes_give_no_units(tiny_codebook: Codebook) -> None:
    empty = Extraction(article_id="a")
    assert make_units(ARTICLE, empty, tiny_codebook.variable("stance"), target="x") == []
    assert make_units(ARTICLE, empty, tiny_codebook.variable("role"), target="x") == []


def test_stance_toward_nothing_is_refused(tiny_codebook: Codebook) -> None:
    with pytest.raises(DataError, match="article 'a': it has neither a target nor a title"):
        make_units(ARTICLE, FOUND, tiny_codebook.variable("stance"), target=" ")


def test_another_articles_extraction_is_refused(tiny_codebook: Codebook) -> None:
    with pytest.raises(DataError, match="units of article 'a': the extraction is of 'b'"):
        make_units(ARTICLE, Extraction(article_id="b"), tiny_codebook.variable("role"), target="x")


def test_a_missing_speaker_is_refused(tiny_codebook: Codebook) -> None:
    found = Extraction(article_id="a", quotes=QUOTES[:1])
    with pytest.raises(DataError, match="quote 'q1' names speaker 's1', who is not among"):
        make_units(ARTICLE, found, tiny_codebook.variable("stance"), target="x")


def test_the_codebooks_own_words_are_units(tiny_codebook: Codebook) -> None:
    # One definition for each category, no inclusion rules.
    units, values = codebook_units(tiny_codebook.variable("role"))
    assert values == ["official", "resident"]
    assert [unit.speaker for unit in units] == ["Speaks for the state.", "Lives there."]
    assert {(unit.quote, unit.article_id, unit.article_sha256) for unit in units} == {("", "", "")}
    units, values = codebook_units(tiny_codebook.variable("stance"))
    assert [(unit.quote, unit.speaker) for unit in units] == [
        ("For the target.", ""),
        ("Against the target.", ""),
    ]
    assert values == ["for_it", "against_it"]


def test_a_quote_is_cut_into_pieces_that_are_its_passage(tiny_codebook: Codebook) -> None:
    unit, other = make_units(ARTICLE, FOUND, tiny_codebook.variable("stance"), target="the dam")
    assert unit.pieces == (
        Piece("Rain fell. Ada Brook, the minister for dams, toured the valley.", "before"),
        Piece(' "It works,"', "quote"),
        Piece(" Brook", "mention"),
        Piece(" said", "cue"),
        Piece(". ", "sentence"),
        Piece('"It will last."', "quote"),
        Piece(" Nobody cheered.", "after"),
    )
    # Joined, they are the text from the first sentence to the one after the quote.
    end = TEXT.index(" The wall")
    assert "".join(piece.text for piece in unit.pieces) == " ".join(TEXT[:end].split())
    assert "".join(piece.text for piece in other.pieces) in " ".join(TEXT.split())
    assert other.pieces[0].part == "before"


def test_a_speaker_is_read_from_all_mentions_with_gaps_shown(tiny_codebook: Codebook) -> None:
    late = dataclasses.replace(BROOK, mentions=(_span("Rain"), _span("Brook", 70)))
    found = Extraction(article_id="a", quotes=QUOTES[:1], speakers=(late,))
    (unit,) = make_units(ARTICLE, found, tiny_codebook.variable("role"), target="")
    assert unit.pieces[:3] == (
        Piece("Rain", "mention"),
        Piece(" fell.", "sentence"),
        Piece(" … ", "gap"),
    )
    assert {piece.part for piece in unit.pieces} == {"mention", "sentence", "gap", "quote", "cue"}


def test_where_two_parts_overlap_the_mention_counts(tiny_codebook: Codebook) -> None:
    whole = dataclasses.replace(
        QUOTES[1], content=(_span("The wall leaks, it was said"),), source=_span("The wall")
    )
    found = Extraction(article_id="a", quotes=(whole,))
    (unit,) = make_units(ARTICLE, found, tiny_codebook.variable("stance"), target="the dam")
    inside = [piece for piece in unit.pieces if piece.part in ("mention", "quote")]
    assert inside[0] == Piece(" The wall", "mention")
    assert inside[1].part == "quote"
