"""Attributions in one sentence, with and without a reporting verb."""

import pytest

from framing.quotes.attributions import find_attributions
from framing.quotes.grammar import Attribution
from framing.quotes.marks import find_quotations
from framing.quotes.nominal import read_according, read_credit, read_cue_noun, read_heading
from framing.quotes.words import Sentence, find_word_sentences

Read = tuple[str, str | None, list[str]]  # cue, source, content


def _sentence(text: str) -> Sentence:
    (sentence,) = find_word_sentences(text, find_quotations(text)[0])
    return sentence


def _read(sentence: Sentence, attribution: Attribution | None) -> Read | None:
    if attribution is None:
        return None
    text = sentence.text
    return (
        sentence.span(*attribution.cue).of(text),
        sentence.span(*attribution.source).of(text) if attribution.source else None,
        [sentence.span(*part).of(text) for part in attribution.content],
    )


def _found(text: str) -> list[Read | None]:
    sentence = _sentence(text)
    return [_read(sentence, attribution) for attribution in find_attributions(sentence)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Finite cues.
        ("Osei said it rained.", [("said", "Osei", ["it rained"])]),
        ("“It rains,” Osei said.", [("said", "Osei", ["“It rains,”"])]),
        ("“It rains,” said Osei.", [("said", "Osei", ["“It rains,”"])]),
        ("It rains, said Osei.", [("said", "Osei", ["It rains"])]),
        ("“It,” Osei said, “rains.”", [("said", "Osei", ["“It,”", "“rains.”"])]),
        ("“It rains,” he laughed.", [("laughed", "he", ["“It rains,”"])]),
        # Only what is quoted is laughed.
        ("It rains, he laughed.", []),
        # A cue inside what is reported is part of it.
        (
            "Osei said Velde warned that it rained.",
            [("said", "Osei", ["Velde warned that it rained"])],
        ),
        # The source goes on over coordinated cues.
        (
            "Osei said it rained and warned that roads were shut.",
            [("said", "Osei", ["it rained"]), ("warned", "Osei", ["roads were shut"])],
        ),
        # A subject from an earlier clause.
        ("Osei left and said it rained.", [("said", "Osei", ["it rained"])]),
        ("Osei met a driver who said it rained.", [("said", "a driver", ["it rained"])]),
        # Participles.
        (
            "Osei left, saying it rained.",
            [("saying", "Osei", ["it rained"])],
        ),
        ("It passed, with critics saying that it rained.", [("saying", "critics", ["it rained"])]),
        ("Velde quoted Osei as saying it rained.", [("saying", "Osei", ["it rained"])]),
        ("Osei was quoted as saying it rained.", [("saying", "Osei", ["it rained"])]),
        # Passives.
        ("The raid was described as a success.", [("described", None, ["a success"])]),
        ("Velde is accused of hiding the toll.", [("accused", None, ["hiding the toll"])]),
        ("The raid was announced on Monday.", []),
        # Subjects that say nothing.
        ("This suggests that it rained.", []),
        ("It shows that drivers fled.", []),
        ("It said that drivers fled.", [("said", "It", ["drivers fled"])]),
        ("The road showed that drivers fled.", []),  # a road cannot speak
        ("The survey showed that drivers fled.", [("showed", "The survey", ["drivers fled"])]),
        ("Rain fell on Tarna.", []),
    ],
)  # fmt: skip
def test_attributions_of_a_sentence(text: str, found: list[Read]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize(
    ("text", "follows"),
    [("Osei told the council:", True), ("Osei said.", False), ("Velde asked.", False)],
)
def test_a_cue_without_content_waits_for_it(text: str, follows: bool) -> None:
    (attribution,) = find_attributions(_sentence(text))
    assert attribution.content == ()
    assert attribution.follows is follows


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("According to Osei, it rained.", 0, ("According to", "Osei", ["it rained"])),
        (
            "According to Osei, a nurse, it rained.",
            0,
            ("According to", "Osei, a nurse", ["it rained"]),
        ),
        ("It rained, according to Osei.", 3, ("according to", "Osei", ["It rained"])),
        ("It rained according to Osei.", 2, ("according to", "Osei", ["It rained"])),
        ("“It rains,” according to Osei.", 1, ("according to", "Osei", ["“It rains,”"])),
        ("According to Osei:", 0, ("According to", "Osei", [])),
        ("According to, it rained.", 0, None),  # nobody
        ("According to Osei.", 0, None),  # nothing
    ],
)
def test_according_to(text: str, word: int, found: Read | None) -> None:
    sentence = _sentence(text)
    assert _read(sentence, read_according(sentence, word, 0)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mayor Osei: “It rains.”", (":", "Mayor Osei", ["“It rains.”"])),
        ("Defence ministry: the road is shut.", (":", "Defence ministry", ["the road is shut"])),
        ("Sources: it has rained.", (":", "Sources", ["it has rained"])),
        ("Osei was blunt: “It rains.”", (":", "Osei", ["“It rains.”"])),
        ("Tarna: what we know so far.", None),  # a topic
        ("Ministry: no comment.", None),  # no verb
        ("The trucks carried three things: flour, salt and oil.", None),
        ("The old road: “It rains.”", None),  # a road cannot speak
        # More words than a heading has.
        ("The mayor of the old town on the hill by the river: it has rained.", None),
    ],
)
def test_headings(text: str, found: Read | None) -> None:
    sentence = _sentence(text)
    index = sentence.words.index(":")
    assert _read(sentence, read_heading(sentence, index, 0)) == found


@pytest.mark.parametrize(("text", "index"), [(": it has rained.", 0), ("Sources:", 1)])
def test_colons_that_head_nothing(text: str, index: int) -> None:
    assert read_heading(_sentence(text), index, 0) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Velde’s claim that it rained", ("claim", "Velde’s", ["it rained"])),
        ("his claim that it rained", ("claim", "his", ["it rained"])),
        ("despite its claim that it rained", ("claim", "its", ["it rained"])),
        ("the claim that it rained", None),  # nobody's
        ("a claim that it rained", None),
    ],
)
def test_nouns_that_report(text: str, found: Read | None) -> None:
    sentence = _sentence(text)
    index = sentence.words.index("claim")
    assert _read(sentence, read_cue_noun(sentence, index, 0)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Officials take over what the sentence reports before them.
        (
            "Osei will announce a truce for the north, officials said.",
            ("said", "officials", ["Osei will announce a truce for the north"]),
        ),
        (
            "Osei will announce a truce for the north, said officials.",
            ("said", "officials", ["Osei will announce a truce for the north"]),
        ),
        # An outlet only passes the words on.
        ("Osei said it rained, the Morning Post reported.", ("said", "Osei", ["it rained"])),
        ("Osei said it rained, according to the Morning Post.", ("said", "Osei", ["it rained"])),
    ],
)
def test_credits(text: str, found: Read) -> None:
    assert _found(text) == [found]


def test_a_credit_needs_a_report_that_ends_where_it_begins() -> None:
    sentence = _sentence("Osei said it rained, officials said.")
    # Words: Osei said it rained , officials said . The report is Osei's, its content words 2-3.
    report = Attribution((1, 2), (0, 1), ((2, 4),))
    read = _read(sentence, read_credit(sentence, 6, 4, 0, report))
    assert read == ("said", "officials", ["Osei said it rained"])
    assert read_credit(sentence, 6, 3, 0, report) is None
    backward = Attribution((3, 4), (2, 3), ((0, 2),))  # content before its cue
    assert read_credit(sentence, 6, 2, 0, backward) is None
