"""Sources and noun phrases: whose words a cue reports."""

import pytest

from framing.quotes.grammar import Range
from framing.quotes.marks import find_quotations
from framing.quotes.noun_phrases import noun_phrase, opening_bracket, without_time
from framing.quotes.sources import (
    last_subject,
    main_subject,
    opens_clause,
    source_after,
    source_before,
)
from framing.quotes.words import Sentence, find_word_sentences


def _sentence(text: str) -> Sentence:
    (sentence,) = find_word_sentences(text, find_quotations(text)[0])
    return sentence


def _text(sentence: Sentence, found: Range | None) -> str | None:
    return sentence.span(*found).of(sentence.text) if found else None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Osei said", "Osei"),
        ("the mayor of Tarna said", "the mayor of Tarna"),
        ("she said", "she"),
        ("on Monday the mayor said", "the mayor"),
        ("the mayor on Monday said", "the mayor"),
        ("the mayor last week said", "the mayor"),
        ("In Tarna officials said", "officials"),
        ("but officials said", "officials"),
        ("it rained and officials said", "officials"),
        ("Osei and Velde said", "Osei and Velde"),
        ("a driver who fled at dawn said", "a driver who fled at dawn"),
        ("the Northern Relief Fund (NRF) said", "the Northern Relief Fund (NRF)"),
        ("Velde (R-Harrow) said", "Velde (R-Harrow)"),
        ("some 20 % of drivers said", "some 20 % of drivers"),
        # Appositions and asides.
        ("Osei, a nurse in Tarna, said", "Osei, a nurse in Tarna"),
        ("Osei, speaking in Tarna, said", "Osei"),
        ("Osei, who fled, said", "Osei"),
        ("Osei, 54, said", "Osei, 54"),
        ("the spokesman, Ilko Faber, said", "the spokesman, Ilko Faber"),
        ("Velde, R-Harrow, said", "Velde, R-Harrow"),
        ("Osei - a nurse - said", "Osei - a nurse"),
        # A relative "who" takes up what stands before it.
        ("Osei, who said", "Osei"),
        ("a driver who said", "a driver"),
        ("scrutiny from experts who said", "experts"),
        # No subject.
        ("said", None),
        ("because said", None),
        ("at dawn of the said", None),
    ],
)
def test_sources_before_a_cue(text: str, source: str | None) -> None:
    sentence = _sentence(text)
    assert _text(sentence, source_before(sentence, len(sentence) - 1, 0)) == source


def test_a_source_does_not_reach_below_what_is_spoken_for() -> None:
    sentence = _sentence("Osei and Velde said")
    assert _text(sentence, source_before(sentence, 3, 2)) == "Velde"
    assert source_before(sentence, 3, 3) is None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("said Osei.", "Osei"),
        ("said she.", "she"),
        ("said Osei, a nurse in Tarna.", "Osei, a nurse in Tarna"),
        ("said Osei, 54.", "Osei, 54"),
        ("said Osei, who fled at dawn.", "Osei, who fled at dawn"),
        ("said a resident of Qarah.", "a resident of Qarah"),
        ("said Osei in Tarna.", "Osei in Tarna"),
        ("said Osei on Monday.", "Osei"),
        ("said Osei in a letter.", "Osei"),
        ("said Osei Monday.", "Osei"),
        ("said the Morning Post.", "the Morning Post"),  # a time of day in a name
        ("said Osei, and left.", "Osei"),
        ("said Osei as rain fell.", "Osei"),
        ("said Osei: rain.", "Osei"),
        ("said Osei “x”", "Osei"),
        ("said who", None),
        ("said, then left", None),
        ("said that it rained", None),
        ("said", None),
    ],
)
def test_sources_after_a_cue(text: str, source: str | None) -> None:
    sentence = _sentence(text)
    assert _text(sentence, source_after(sentence, 1, len(sentence))) == source


def test_a_source_ends_where_it_must() -> None:
    sentence = _sentence("said Mira Osei of Tarna")
    assert _text(sentence, source_after(sentence, 1, 3)) == "Mira Osei"


@pytest.mark.parametrize(
    ("text", "main", "last"),
    [
        ("Osei left and Velde wept", "Osei", "Velde"),
        ("On Monday, Osei left", "Osei", "Osei"),
        ("While it rained, Osei left", "Osei", "Osei"),
        ("rain", None, None),
    ],
)
def test_subjects_of_the_first_and_last_clause(
    text: str, main: str | None, last: str | None
) -> None:
    sentence = _sentence(text.replace("wept", "was gone"))
    assert _text(sentence, main_subject(sentence, len(sentence))) == main
    assert _text(sentence, last_subject(sentence, len(sentence), 0)) == last


@pytest.mark.parametrize(
    ("text", "word", "opens"),
    [
        ("Osei said", "Osei", True),
        ("But Osei said", "Osei", True),
        ("Meanwhile, Osei said", "Osei", True),
        ("On Monday, Osei said", "Osei", True),
        ("“It rains” Osei said", "Osei", True),  # right after a quotation
        ("The road, Osei said", "Osei", False),
    ],
)
def test_what_opens_a_clause(text: str, word: str, opens: bool) -> None:
    sentence = _sentence(text)
    assert opens_clause(sentence, sentence.words.index(word), 0) is opens


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("they fled Tarna the mayor", "Tarna the mayor"),  # a finite verb ends an earlier clause
        ("that the mayor", "the mayor"),
        ("also the mayor", "the mayor"),
        ("14:05 The ministry", "The ministry"),
        ("the drivers’ union", "the drivers’ union"),
        ("the $ 20 fund", "the $ 20 fund"),
        ("the mayor of", None),
        ("the", None),
        ("was", None),
        ("“x”", None),
    ],
)
def test_noun_phrases(text: str, phrase: str | None) -> None:
    sentence = _sentence(text)
    assert _text(sentence, noun_phrase(sentence, 0, len(sentence))) == phrase


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the mayor on Monday", "the mayor"),
        ("the mayor late on Monday night", "the mayor"),
        ("the mayor yesterday", "the mayor"),
        ("the mayor last week", "the mayor"),
        ("the mayor", "the mayor"),
        ("last week", "last week"),  # nothing but a time: no adverbial
    ],
)
def test_times_between_subject_and_verb(text: str, kept: str) -> None:
    sentence = _sentence(text)
    end = without_time(sentence, len(sentence), 0)
    assert sentence.span(0, end).of(text) == kept


def test_brackets() -> None:
    sentence = _sentence("the fund (NRF) and (x)")
    assert opening_bracket(sentence, 4, 0) == 2
    assert opening_bracket(sentence, 8, 0) == 6
    assert opening_bracket(sentence, 4, 3) is None
