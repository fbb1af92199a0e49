"""Sentences as words: each quotation is one word, and what kind a word is."""

import pytest

from framing.quotes.marks import find_quotations
from framing.quotes.words import Sentence, can_speak, find_word_sentences, is_finite

QUOTED = "\x01"


def _sentences(text: str) -> list[Sentence]:
    return find_word_sentences(text, find_quotations(text)[0])


def _only(text: str) -> Sentence:
    (sentence,) = _sentences(text)
    return sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rain fell on Tarna.", ["Rain", "fell", "on", "Tarna", "."]),
        # The stop inside the marks ends the hidden word; the sentence goes on in lower case.
        ("“The road is shut,” she said.", [QUOTED, "she", "said", "."]),
        ("The “safe” road", ["The", QUOTED, "road"]),
        ("“a”“b”", [QUOTED, QUOTED]),
        ("his novel “The Long Winter” sold", ["his", "novel", "Title", "sold"]),
        ("the U.S.’s N.R.F. said", ["the", "U.S.’s", "N.R.F.", "said"]),
        ("at 14:05 on Jan. 5 it", ["at", "14:05", "on", "January", "5", "it"]),
        ("don’t re-open AT&T -- now", ["don’t", "re-open", "AT&T", "--", "now"]),
        ("$7.5 m, 20%", ["$", "7.5", "m", ",", "20", "%"]),
        ("\x01 rain", ["\ufffd", "rain"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert _only(text).words == words


@pytest.mark.parametrize("text", ["“The road is shut,” Dr. Osei said.", "at 14:05 the “safe” road"])
def test_words_stand_where_their_offsets_say(text: str) -> None:
    sentence = _only(text)
    for index, word in enumerate(sentence.words):
        here = sentence.span(index, index + 1).of(text)
        assert here.startswith(("“", word))
        assert sentence.lower[index] == word.lower()
        assert sentence.length(index) == len(here)
    assert sentence.span(0, len(sentence)).of(text).rstrip(".") == text.rstrip(".")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rained. She left.", ["It rained.", "She left."]),
        ("“It rains.” She left.", ["“It rains.”", "She left."]),
        ("“It rains. Go,” she said.", ["“It rains. Go,” she said."]),
        ("“Why?” she asked.", ["“Why?” she asked."]),
        # Wrong breaks: after a title, and inside a clause.
        ("said Dr.\n\nOsei, a nurse.", ["said Dr.\n\nOsei, a nurse."]),
        ("said the road\n\nwas shut.", ["said the road\n\nwas shut."]),
        ("The road is shut.\n\nOsei left.", ["The road is shut.", "Osei left."]),
        ("She said:\n\n“It rains.”", ["She said:", "“It rains.”"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    found = _sentences(text)
    assert [text[s.starts[0] : s.ends[-1]] for s in found] == sentences


def test_a_quotation_over_paragraphs_is_a_word_in_each() -> None:
    text = "She said: “One.\n\n“Two.”"
    words = [(s.words, s.quoted) for s in _sentences(text)]
    assert words == [(["She", "said", ":", QUOTED], [-1, -1, -1, 0]), ([QUOTED], [0])]


@pytest.mark.parametrize("text", ["", " \n\n "])
def test_no_words_no_sentences(text: str) -> None:
    assert _sentences(text) == []


def test_what_a_quotation_ends_and_starts_with() -> None:
    sentence = _only("“the road,” and “Stop” and “gone?”")
    assert [sentence.ends_speech(i) for i in (0, 2, 4)] == [True, False, True]
    assert [sentence.starts_low(i) for i in (0, 2, 4)] == [True, False, True]


def test_names_and_words() -> None:
    sentence = _only("Rain, Osei “x” 5")
    assert [sentence.is_name(i) for i in (0, 2, 4)] == [True, True, False]
    assert [sentence.is_word(i) for i in range(5)] == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("text", "word", "finite"),
    [
        ("they were gone", "were", True),
        ("they will go", "will", True),
        ("they’re gone", "they’re", True),
        ("she said so", "said", True),
        ("guards opened it", "opened", True),
        ("it was opened", "opened", True),
        ("the wounded left", "wounded", False),  # after a determiner
        ("a man named Osei", "named", False),
        ("the agency based in Tarna", "based", False),  # before a preposition
        ("some retired officers left", "retired", False),  # before people
        ("Seed and Reed", "Reed", False),  # a name
        ("a red shed", "shed", False),  # too short
        ("the gate stayed shut", "gate", False),
    ],
)
def test_finite_verbs(text: str, word: str, finite: bool) -> None:
    sentence = _only(text)
    assert is_finite(sentence, sentence.words.index(word)) is finite


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("the ministry", True),
        ("Mira Osei", True),
        ("a retired general", True),
        ("campaigners", True),  # the ending of those who do
        ("they", True),
        ("it", False),
        ("a number of drivers", True),  # the head follows "of"
        ("a number of roads", False),
        ("a driver from Tarna", True),
        ("the road to Tarna", False),
        ("the road", False),
        ("Tarna’s hospitals", True),
        ("Tarna’s bombing", False),
        ("guards", True),
    ],
)
def test_who_can_speak(text: str, speaks: bool) -> None:
    sentence = _only(text)
    assert can_speak(sentence, 0, len(sentence)) is speaks
