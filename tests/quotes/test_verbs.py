"""Reporting verbs where they stand."""

import pytest

from framing.quotes.marks import find_quotations
from framing.quotes.verbs import CueVerb, find_cue_verb, verb_group_start
from framing.quotes.words import Sentence, find_word_sentences


def _sentence(text: str) -> Sentence:
    (sentence,) = find_word_sentences(text, find_quotations(text)[0])
    return sentence


def _cue(text: str, word: str, low: int = 0) -> CueVerb | None:
    sentence = _sentence(text)
    return find_cue_verb(sentence, sentence.lower.index(word, low), low)


@pytest.mark.parametrize(
    ("text", "word", "voice"),
    [
        ("Osei said it rained", "said", "finite"),
        ("Osei has also repeatedly said it rained", "said", "finite"),
        ("Osei says it rains", "says", "finite"),
        ("officials say it rains", "say", "finite"),
        ("officials report floods", "report", "finite"),  # a plural subject makes it a verb
        ("they claim it rained", "claim", "finite"),
        ("the agency reports that it rained", "reports", "finite"),
        ("Kestrel News reports the road is shut", "reports", "finite"),
        ("Osei is saying that it rained", "saying", "finite"),
        ("he left, adding that it rained", "adding", "participle"),
        ("with critics arguing that it rained", "arguing", "participle"),
        ("the raid was described as a success", "described", "passive"),
        ("he is said to hide", "said", "passive"),
        ("he sought to explain that it rained", "explain", "finite"),
        ("he went on to say that it rained", "say", "finite"),
    ],
)
def test_verbs_that_report(text: str, word: str, voice: str) -> None:
    cue = _cue(text, word)
    assert cue is not None
    assert cue.voice == voice


@pytest.mark.parametrize(
    ("text", "word"),
    [
        # Nouns.
        ("the report was late", "report"),
        ("his claims angered drivers", "claims"),
        ("in reports from Tarna", "reports"),
        ("Osei’s demand came late", "demand"),
        ("the state of the road", "state"),
        ("new claims of fraud", "claims"),
        # Adjectives and agents.
        ("the added weight", "added"),
        ("a strike reported by drivers", "reported"),
        # No act of speaking.
        ("Osei did not say why", "say"),
        ("Osei never said why", "said"),
        ("Osei didn’t say why", "say"),
        ("Osei declined to say why", "say"),
        ("he went north to warn them", "warn"),
        ("he is expected to say why", "say"),
        # Nouns in -ing.
        ("the warning came late", "warning"),
        ("Osei’s saying is known", "saying"),
        # Names.
        ("the Say river", "say"),
        # No verb of speaking.
        ("he believed that it rained", "believed"),
        ("he issued a passport", "issued"),
    ],
)
def test_words_that_do_not_report(text: str, word: str) -> None:
    assert _cue(text, word) is None


@pytest.mark.parametrize(
    ("text", "word", "group", "cue"),
    [
        ("Osei has also said that it rained", "said", "has also said", "said"),
        ("the mayor called for rain", "called", "called", "called for"),
        ("the mayor points out that it rains", "points", "points", "points out"),
        ("Osei issued a warning that it rained", "issued", "issued", "issued a warning"),
        ("Osei raised concerns about rain", "raised", "raised", "raised"),
        ("Osei made clear that it rained", "made", "made", "made clear"),
        ("Osei made it clear that it rained", "made", "made", "made it clear"),
        ("he sought to explain why", "explain", "sought to explain", "explain"),
    ],
)
def test_the_group_and_the_cue(text: str, word: str, group: str, cue: str) -> None:
    sentence = _sentence(text)
    found = _cue(text, word)
    assert found is not None
    assert sentence.span(found.first, found.start + 1).of(text) == group
    assert sentence.span(found.start, found.end).of(text) == cue


def test_a_statement_saying_is_reported_by_its_participle() -> None:
    text = "Osei issued a statement saying it rained"
    assert _cue(text, "issued") is None
    saying = _cue(text, "saying")
    assert saying is not None
    assert saying.voice == "participle"


@pytest.mark.parametrize(
    ("text", "verb", "low", "first"),
    [
        ("Osei has not yet said", 4, 0, 1),
        ("Osei said", 1, 0, 1),
        ("Osei has said", 2, 2, 2),  # not below `low`
        ("he will later add", 3, 0, 1),
        ("on May said", 2, 0, 2),  # a name, no auxiliary
    ],
)
def test_where_a_verb_group_starts(text: str, verb: int, low: int, first: int) -> None:
    assert verb_group_start(_sentence(text), verb, low) == first
