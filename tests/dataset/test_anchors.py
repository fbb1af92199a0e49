"""Spans without text, found again in copies that differ."""

import itertools
import random
import re

import pytest

from framing.dataset.anchors import Anchor, FoldedText, find_anchors, make_anchor
from framing.errors import DataError
from framing.jsonl import read_jsonl, to_json
from framing.records import Quote, Span
from tests.dataset.invented_store import ARTICLES, SAMPLES

TEXT = (
    "The mayor said the ferry would stop.\n\n“It is over,” she said. “We tried.”\n\n"
    "A baker said he would move; a miller said he would stay."
)


def _anchor(words: str, text: str = TEXT) -> Anchor:
    start = text.index(words)
    return make_anchor(FoldedText(text), Span(start, start + len(words)))


def _found(anchor: Anchor, text: str) -> str | None:
    span = find_anchors(FoldedText(text), [anchor])[0]
    return None if span is None else span.of(text)


def test_an_anchor_holds_no_text() -> None:
    anchor = _anchor("It is over")
    # "Itisover" has 8 characters; sha256("Itisover") by coreutils begins with these digits.
    assert anchor.length == 8
    assert to_json(anchor)["start"] == TEXT.index("It is")
    strings = [value for value in to_json(anchor).values() if isinstance(value, str)]
    assert all(re.fullmatch("[0-9a-f]{16}", value) for value in strings)
    assert anchor.text == "8e4ed3a0e5b96a8a"


def test_a_copy_of_the_same_text_gives_the_same_span() -> None:
    for words in ("The mayor", "“It is over,”", "he would stay.", "said"):
        assert _found(_anchor(words), TEXT) == words


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("“", '"'),
        (" ", "\n"),
        ("\n\n", "\n"),
        ("The mayor", "Advertisement. Buy more.\n\nThe mayor"),
        ("A baker", "Read also: goats\n\nA baker"),
    ],
)
def test_small_differences_do_not_matter(old: str, new: str) -> None:
    copy = TEXT.replace(old, new)
    for words in ("It is over", "A baker", "We tried", "a miller"):
        found = _found(_anchor(words), copy)
        assert found is not None
        assert found.split() == words.split()


def test_a_word_that_stands_often_is_told_by_what_stands_around_it() -> None:
    copy = "Read also: he said it.\n\n" + TEXT
    last = TEXT.rindex("said")
    anchor = make_anchor(FoldedText(TEXT), Span(last, last + 4))
    span = find_anchors(FoldedText(copy), [anchor])[0]
    assert span == Span(copy.rindex("said"), copy.rindex("said") + 4)


def test_a_short_word_whose_surroundings_changed_is_not_guessed() -> None:
    anchor = _anchor("she")
    copy = TEXT.replace("“It is over,” she said. “We tried.”", "“No,” she added. “Never more.”")
    assert _found(anchor, copy) is None


def test_a_long_stretch_is_found_without_its_surroundings() -> None:
    words = "said the ferry would stop."
    copy = f"Nobody knows why, but\n\n{words}\n\nThat was all there was to it, people thought."
    assert _found(_anchor(words), copy) == words
    assert _found(_anchor(words), copy + copy) is None  # twice: which one was it?


def test_of_two_equal_passages_the_order_of_the_text_decides() -> None:
    passage = "In the square of the old town the crowd was told to wait for the bus. He said so. "
    text = f"Morning. {passage}At noon, rain fell on the hills. {passage}Evening."
    first, second = (m.start() for m in re.finditer("He said", text))
    folded = FoldedText(text)
    # The words between the passages are found beyond doubt.
    noon = text.index("At noon")
    spans = [Span(first, first + 7), Span(noon, noon + 30), Span(second, second + 7)]
    anchors = [make_anchor(folded, span) for span in spans]
    copy = "An advert. " + text
    expected = [Span(s.start + 11, s.end + 11) for s in spans]
    assert find_anchors(FoldedText(copy), anchors) == expected


def test_removed_words_are_not_found() -> None:
    assert _found(_anchor("It is over"), TEXT.replace("It is over", "It has ended")) is None


def test_a_changed_character_inside_is_another_text() -> None:
    assert _found(_anchor("A baker"), TEXT.replace("A baker", "A barker")) is None


def test_dashes_and_ellipses_are_folded() -> None:
    for copy in ("a -- b ... c", "a – b … c", "a—b…c", "a-b...c"):
        assert FoldedText(copy).text == "a-b...c"


def test_places_lead_back_to_the_raw_text() -> None:
    folded = FoldedText("So … it\nis")
    assert folded.text == "So...itis"
    assert folded.span(2, 5) == Span(3, 4)
    assert folded.window(Span(5, 10)) == (5, 9)


@pytest.mark.parametrize("span", [Span(0, 10_000), Span(36, 38)])
def test_a_span_outside_the_text_or_of_blanks_has_no_anchor(span: Span) -> None:
    with pytest.raises(DataError, match="covers nothing visible of a text of"):
        make_anchor(FoldedText(TEXT), span)


def test_an_anchor_checks_itself() -> None:
    good = to_json(_anchor("said"))
    with pytest.raises(DataError, match="text is 'the words'; it takes 16 hexadecimal digits"):
        Anchor(**{**good, "text": "the words"})
    with pytest.raises(DataError, match="it takes 0 <= start < end and a length of 1 or more"):
        Anchor(**{**good, "start": good["end"]})


@pytest.mark.parametrize("seed", range(4))
def test_sample_articles_with_adverts_other_marks_and_other_lines(seed: int) -> None:
    """Nearly every span is found, and none at a wrong place."""
    rng = random.Random(seed)
    n = n_lost = 0
    quotes = read_jsonl(SAMPLES / "quotes.jsonl", Quote)
    for article in ARTICLES.values():
        mine = [quote for quote in quotes if quote.article_id == article.id]
        spans = sorted({s for q in mine for s in (*q.content, q.cue, q.source) if s is not None})
        folded = FoldedText(article.text)
        copy, origin = _edited(article.text, rng)
        found = find_anchors(FoldedText(copy), [make_anchor(folded, span) for span in spans])
        for span, there in zip(spans, found, strict=True):
            n += 1
            if there is None:
                n_lost += 1
                continue
            assert origin[there.start] == span.start
            assert FoldedText(there.of(copy)).text == FoldedText(span.of(article.text)).text
    assert n > 1000
    assert n_lost < 0.01 * n


def _edited(text: str, rng: random.Random) -> tuple[str, list[int]]:
    """The text with adverts between paragraphs, straight marks, and lines broken elsewhere.

    Also, for each character, its place in the original, or -1 in an advert.
    """
    straight = str.maketrans("“”‘’—–", "\"\"''--")
    copy: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(text):
        if char == "\n" and rng.random() < 0.2:
            advert = "\n\nADVERTISEMENT: more goats for less money\n"
            copy += advert
            origin += itertools.repeat(-1, len(advert))
        copy.append("\n" if char == " " and rng.random() < 0.1 else char.translate(straight))
        origin.append(i)
    return "".join(copy), origin
