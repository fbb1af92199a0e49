"""The lexicon of reporting verbs."""

import pytest

from framing.quotes.cues import CUE_NOUNS, MESSAGES, TRIGGERS, find_verb


@pytest.mark.parametrize(
    ("form", "lemma", "name"),
    [
        ("say", "say", "base"),
        ("says", "say", "s"),
        ("said", "say", "ed"),
        ("saying", "say", "ing"),
        ("told", "tell", "ed"),
        ("wrote", "write", "ed"),
        ("written", "write", "ed"),
        ("argues", "argue", "s"),
        ("arguing", "argue", "ing"),  # the final e falls
        ("stresses", "stress", "s"),
        ("replies", "reply", "s"),
        ("replied", "reply", "ed"),
        ("replying", "reply", "ing"),
        ("denies", "deny", "s"),
        ("conveys", None, None),  # not in the lexicon
        ("slammed", "slam", "ed"),  # the consonant doubles
        ("admitting", "admit", "ing"),
        ("labelled", "label", "ed"),
        ("labeled", "label", "ed"),
        ("forecast", "forecast", "ed"),
        ("issued", "issue", "ed"),
        ("called", "call", "ed"),
        ("believed", None, None),
        ("ordered", None, None),
        ("wants", None, None),
        ("", None, None),
        ("Said", None, None),  # forms are given in lower case
    ],
)
def test_forms(form: str, lemma: str | None, name: str | None) -> None:
    verb = find_verb(form, "")
    assert (verb.lemma, verb.form) == (lemma, name) if verb else lemma is None


@pytest.mark.parametrize(
    ("form", "following", "particle", "frames"),
    [
        ("called", "for", "for", "n"),
        ("calling", "on", "on", "n"),
        ("called", "the", "", "c"),
        ("warned", "of", "of", "n"),
        ("warned", "that", "", "aspin"),
        ("points", "out", "out", "spi"),
        ("went", "on", "on", "q"),
        ("laid", "out", "out", "n"),
        ("spoke", "of", "of", "n"),
    ],
)
def test_particles_decide_what_a_verb_takes(
    form: str, following: str, particle: str, frames: str
) -> None:
    verb = find_verb(form, following)
    assert verb is not None
    assert (verb.particle, verb.frames) == (particle, frames)


@pytest.mark.parametrize(("form", "following"), [("went", "home"), ("laid", "down"), ("spoke", "")])
def test_verbs_that_report_only_with_a_particle(form: str, following: str) -> None:
    assert find_verb(form, following) is None


def test_every_trigger_is_a_verb_form_a_noun_or_a_mark() -> None:
    particles = ["", "for", "on", "upon", "out", "to", "of", "about", "against", "down", "back"]
    for word in TRIGGERS - CUE_NOUNS - {"according", ":"}:
        assert any(find_verb(word, particle) for particle in particles), word


def test_frames_are_letters_of_the_list() -> None:
    for word in TRIGGERS:
        verb = find_verb(word, "")
        if verb is not None:
            assert set(verb.frames) <= set("stpinvaqrc")


def test_verbs_that_report_with_a_noun_are_in_the_lexicon() -> None:
    for lemma in MESSAGES:
        verb = find_verb(lemma, "")
        assert verb is not None
        assert verb.lemma == lemma
