"""Content: where it opens after a cue, and where it ends."""

import pytest

from framing.quotes.content import (
    clause,
    content_after,
    is_inverted,
    reports_anew,
    rest_of_content,
)
from framing.quotes.grammar import Range
from framing.quotes.marks import find_quotations
from framing.quotes.openings import opens_infinitive, skip_to_content
from framing.quotes.sources import source_after
from framing.quotes.stretches import content_before, hands_over, quotations_from, strip_range
from framing.quotes.verbs import CueVerb, find_cue_verb
from framing.quotes.words import Sentence, find_word_sentences


def _sentence(text: str) -> Sentence:
    (sentence,) = find_word_sentences(text, find_quotations(text)[0])
    return sentence


def _first_cue(sentence: Sentence) -> CueVerb:
    cues = (find_cue_verb(sentence, index, 0) for index in range(len(sentence)))
    return next(cue for cue in cues if cue is not None)


def _texts(sentence: Sentence, ranges: tuple[Range, ...]) -> list[str]:
    return [sentence.span(*part).of(sentence.text) for part in ranges]


@pytest.mark.parametrize(
    ("text", "opens", "complementiser"),
    [
        ("Osei said that rain fell", "rain", True),
        ("Osei said rain fell", "rain", False),
        ("Osei said on Monday that rain fell", "rain", True),
        ("Osei said Monday the rain fell", "the", False),
        ("Osei said last week the rain fell", "the", False),
        ("Osei said later that rain fell", "rain", True),
        ("Osei said in a statement that rain fell", "rain", True),
        ("Osei said in a statement the rain fell", "the", False),
        ("Osei said, however, the rain fell", "the", False),
        ("Osei told reporters that rain fell", "rain", True),
        ("Osei told me rain fell", "rain", False),
        ("Osei told the Harrow Post the rain fell", "the", False),
        ("Osei told the Harrow Post on Monday that rain fell", "rain", True),
        ("Osei warned them that rain fell", "rain", True),
        ("Osei explained how rain fell", "how", True),
        ("Osei asked if rain fell", "if", True),
        ("Osei said: rain fell", ":", False),
        ("Osei vowed to return to the hills", "to", False),
        ("Osei called for rain", "rain", False),
    ],
)
def test_where_content_opens(text: str, opens: str, complementiser: bool) -> None:
    sentence = _sentence(text)
    index, found = skip_to_content(sentence, _first_cue(sentence))
    assert (sentence.lower[index], found) == (opens, complementiser)


def test_nothing_opens_after_the_last_word() -> None:
    sentence = _sentence("Osei said")
    assert skip_to_content(sentence, _first_cue(sentence)) == (2, False)


@pytest.mark.parametrize(
    ("text", "infinitive"),
    [
        ("to return", True),
        ("to the hills", False),
        ("to Tarna", False),
        ("to reporters", False),
        ("to them", False),
        ("to “x”", False),
        ("to", False),
        ("so return", False),
    ],
)
def test_what_to_opens(text: str, infinitive: bool) -> None:
    assert opens_infinitive(_sentence(text), 0) is infinitive


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Osei said that rain fell.", ["rain fell"]),
        ("Osei said: rain fell.", ["rain fell"]),
        ("Osei said: “rain” “snow”", ["“rain”", "“snow”"]),
        ("Osei said, “Rain fell.”", ["“Rain fell.”"]),
        ("Osei spoke of “rain” in Tarna.", ["“rain” in Tarna"]),
        ("Osei called the raid “a crime”.", ["the raid “a crime”"]),
        ("Osei called it “a crime”.", ["“a crime”"]),
        ("Osei condemned the raid on Tarna.", ["the raid on Tarna"]),
        ("Osei vowed to return.", ["to return"]),
        ("Osei told drivers to leave.", ["drivers to leave"]),
        ("A poll found 47 per cent in favour.", ["47 per cent in favour"]),
        # Where the sentence goes on to report anew.
        ("Osei said rain fell, adding that snow fell.", ["rain fell"]),
        ("Osei said rain was near and called for calm talks.", ["rain was near"]),
        ("Osei said rain fell, but the gate stayed shut.", ["rain fell"]),
        # No content.
        ("Osei said so.", []),
        ("Osei said nothing.", []),
        ("Osei denied it.", []),
        ("Osei denied the claim.", []),  # a bare noun
        ("Osei called Velde.", []),
        ("Osei added sugar.", []),
        ("Osei found the keys.", []),
        ("Osei reported to the barracks.", []),
        ("Osei said.", []),
        ("(as Osei said) rain fell", []),
    ],
)
def test_content_after_a_cue(text: str, content: list[str]) -> None:
    sentence = _sentence(text)
    assert _texts(sentence, content_after(sentence, _first_cue(sentence))) == content


def test_a_comma_ends_the_content_of_an_opening_clause() -> None:
    sentence = _sentence("While Osei says rain fell, the gate is shut.")
    cue = _first_cue(sentence)
    assert _texts(sentence, content_after(sentence, cue, one_clause=True)) == ["rain fell"]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("rain fell.", ["rain fell"]),
        ("rain fell, snow fell, hail fell.", ["rain fell, snow fell, hail fell"]),
        ("while it rained, Osei said, snow fell.", ["while it rained, Osei said, snow fell"]),
        ("rain fell (Osei said, adding that it froze) here.",
         ["rain fell (Osei said, adding that it froze) here"]),
        ("rain fell, warning that snow was near.", ["rain fell"]),
        ("rain fell, with critics arguing that it froze.", ["rain fell"]),
        ("rain fell, officials said.", ["rain fell"]),
        ("rain fell, said Osei.", ["rain fell"]),
        ("rain fell, according to Osei.", ["rain fell"]),
        ("rain fell, while Velde said it froze.", ["rain fell"]),
        ("rain fell; Velde said it froze.", ["rain fell"]),
        ("rain fell, showing the way.", ["rain fell, showing the way"]),
        ("rain fell and roads froze.", ["rain fell and roads froze"]),
        (".", []),
    ],
)  # fmt: skip
def test_where_a_clause_ends(text: str, content: list[str]) -> None:
    sentence = _sentence(text)
    assert _texts(sentence, clause(sentence, 0)) == content


def test_no_clause_begins_after_the_sentence() -> None:
    assert clause(_sentence("rain"), 1) == ()


@pytest.mark.parametrize(
    ("text", "mark", "anew"),
    [
        ("it rained, adding that it froze", ",", True),
        ("it rained, officials said", ",", True),
        ("it rained, but the gate was shut", ",", True),
        ("it rained, although the gate was shut", ",", True),
        ("it rained, according to Osei", ",", True),
        ("it rained, with critics saying that it froze", ",", True),
        ("it rained - officials said", "-", True),
        ("it rained; Velde said it froze", ";", True),
        ("it rained while Velde said it froze", "while", True),
        ("it rained and called for calm talks", "and", True),
        ("it rained, which Velde called “a gift”", ",", True),
        ("it rained, which was new", ",", False),
        ("it rained, who said so", ",", False),
        ("it rained and officials said it froze", "and", False),  # part of what is said
        ("it rained, snowed and froze", ",", False),
        ("it rained, with roads shut", ",", False),
        ("it rained, calling Velde", ",", False),
        ("it rained, that officials said", ",", False),
        ("it rained,", ",", False),
        ("it rained", "it", False),
    ],
)
def test_where_a_sentence_reports_anew(text: str, mark: str, anew: bool) -> None:
    sentence = _sentence(text)
    assert reports_anew(sentence, sentence.lower.index(mark)) is anew


@pytest.mark.parametrize(
    ("text", "start", "before", "rest"),
    [
        # “A,” she said, “B.”: the words are quotation, she, said, comma, quotation.
        ("“It rains,” she said, “and snows.”", 3, (0, 1), ["“and snows.”"]),
        ("“It rains,” she said in Tarna, “and snows.”", 3, (0, 1), ["“and snows.”"]),
        ("“It rains,” she said.", 3, (0, 1), []),
        ("“It rains,” she said, and left.", 3, (0, 1), []),
        # The rain, officials said, was late. Words: The rain , officials said , was late .
        ("The rain, officials said, was late.", 5, (0, 2), ["was late"]),
        ("It was wet, officials said, and it froze.", 6, (0, 3), ["and it froze"]),
        ("By May, officials said, rain was due.", 5, (0, 2), ["rain was due"]),
        ("It was wet, officials said, leaving the hall.", 6, (0, 3), []),
    ],
)
def test_the_rest_of_interrupted_content(
    text: str, start: int, before: Range, rest: list[str]
) -> None:
    sentence = _sentence(text)
    assert _texts(sentence, rest_of_content(sentence, start, before)) == rest


@pytest.mark.parametrize(
    ("text", "index", "inverted"),
    [
        ("It rains, said Osei.", 3, True),
        ("It rains, said Osei", 3, True),
        ("“It rains,” said Osei she left", 1, True),  # right after a quotation
        ("It rains, said Osei on Monday", 3, True),
        ("It rains, said Osei, a nurse.", 3, True),
        ("It rains, said Osei would leave", 3, False),
    ],
)
def test_inversions(text: str, index: int, inverted: bool) -> None:
    sentence = _sentence(text)
    source = source_after(sentence, index + 1, len(sentence))
    assert source is not None
    assert is_inverted(sentence, index, source, 0) is inverted


@pytest.mark.parametrize(
    ("text", "end", "content"),
    [
        ("It rains, Osei said", 3, "It rains"),
        ("“It rains,” Osei said", 1, "“It rains,”"),
        ("it was “wet” Osei said", 3, "it was “wet”"),  # a few quoted words complete the clause
        ("He left. “It rains,” Osei said", 1, "“It rains,”"),
        ("It rains Osei said", 2, None),  # neither mark nor comma before the source
        ("Osei said", 0, None),
    ],
)
def test_content_before_a_source(text: str, end: int, content: str | None) -> None:
    sentence = find_word_sentences(text, find_quotations(text)[0])[-1]
    found = content_before(sentence, end, 0)
    assert (sentence.span(*found).of(text) if found else None) == content


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“a” “b” c “d”", [(0, 1), (1, 2)]),
        ("“a”, “b” and “c”", [(0, 1), (2, 3), (4, 5)]),
        ("a “b”", []),
    ],
)
def test_quotations_in_a_row(text: str, parts: list[Range]) -> None:
    assert quotations_from(_sentence(text), 0) == tuple(parts)


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("and rain fell .", "and rain fell"),  # the first word of the sentence may open content
        (", and rain fell .", "rain fell"),
        ("$ 20 fell ,", "$ 20 fell"),
        ("“x” .", "“x”"),
        ("rain .", None),  # one word is no content
        (", .", None),
    ],
)
def test_marks_at_the_ends_are_no_content(text: str, stripped: str | None) -> None:
    sentence = _sentence(text)
    found = strip_range(sentence, 0, len(sentence))
    assert (sentence.span(*found).of(text) if found else None) == stripped


@pytest.mark.parametrize(
    ("text", "hands"),
    [
        ("“It rains,” said Osei", True),
        ("“It rains” said Osei", False),  # no comma inside
        ("“It rains,” Osei said", False),  # no verb at once
        ("“It rains,”", False),
    ],
)
def test_a_quotation_that_hands_over_to_its_cue(text: str, hands: bool) -> None:
    assert hands_over(_sentence(text), 0) is hands
