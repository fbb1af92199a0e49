import pytest

from framing.quotes.mentions import Mention, read_mention
from framing.quotes.names import find_names
from framing.records import Span


def read(text: str, behind: str = "") -> Mention:
    mention = read_mention(
        text + behind, Span(0, len(text)), find_names(text + behind, 0, len(text))
    )
    assert mention is not None
    return mention


@pytest.mark.parametrize(
    ("text", "form", "head", "plural"),
    [
        ("Ivo Sand", "person", "", False),
        ("Defence Minister Ivo Sand", "person", "", False),
        ("the Velm Council", "body", "council", False),
        ("the harbour ministry", "body", "ministry", False),
        ("a senior official", "individual", "official", False),
        ("a spokesman for the ministry", "individual", "spokesman", False),
        ("three officials", "group", "official", True),
        ("a number of officials", "group", "official", True),
        ("one of the officers", "individual", "officer", False),
        ("critics", "group", "critic", True),
        ("Critics", "group", "critic", True),
        ("sources familiar with the plan", "group", "source", True),
        ("two aides briefed on the plan", "group", "aide", True),
        ("critics here at home", "group", "critic", True),
        ("a report published in May", "document", "report", False),
        ("data compiled by the Velm Institute", "document", "data", False),
        ("a paper by two economists", "document", "paper", False),
        ("the paper", "body", "paper", False),
        ("the state-run news agency", "body", "agency", False),
    ],
)
def test_form_and_head(text: str, form: str, head: str, plural: bool) -> None:
    mention = read(text)
    assert (mention.form, mention.head, mention.plural) == (form, head, plural)


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [("he", "m"), ("She", "f"), ("it", "it"), ("they", "they"), ("We", "we"), ("I", "i"),
     ("the latter", "he"), ("and she", "f")],
)  # fmt: skip
def test_pronouns(text: str, pronoun: str) -> None:
    assert (read(text).form, read(text).pronoun) == ("pronoun", pronoun)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a police officer, Emmo Kari", "Emmo Kari"),
        ("Her lawyer, former ship owner Karl Brandt", "Karl Brandt"),
        ("a fighter who identified himself as Emmo", "Emmo"),
        ("a fighter, known as Abu Kasr", "Abu Kasr"),
        ("the Velm Institute's Nina Dorn", "Nina Dorn"),
        ("Commander of the 2nd Corps Major General Tor Haug", "Tor Haug"),
        ("Ines Kaldor of the refugee agency", "Ines Kaldor"),
    ],
)
def test_the_name_that_identifies_the_speaker(text: str, name: str) -> None:
    mention = read(text)
    assert mention.form == "person"
    assert mention.name is not None
    assert text[mention.name.start : mention.name.end] == name


@pytest.mark.parametrize(
    "text",
    ["a soldier who was wounded by Sovia", "a spokesman for Ivo Sand", "an aide to General Haug"],
)
def test_a_name_in_what_follows_is_not_the_speakers(text: str) -> None:
    assert read(text).name is None


@pytest.mark.parametrize(
    ("text", "owner", "owner_pronoun", "author"),
    [
        ("the army's second answer", "the army", "", None),
        ("his latest telegram", None, "m", None),
        ("a statement by the ministry", None, "", "the ministry"),
        ("a letter to parents from the ministry", None, "", "the ministry"),
        ("a poll in the weekly Velm Post", None, "", "the weekly Velm Post"),
        ("a report in Sovia", None, "", None),
    ],
)
def test_whose_words_a_document_is(
    text: str, owner: str | None, owner_pronoun: str, author: str | None
) -> None:
    mention = read(text)
    assert mention.form == "document"
    assert (mention.owner and mention.owner.of(text)) == owner
    assert mention.owner_pronoun == owner_pronoun
    assert (mention.author and mention.author.of(text)) == author


def test_definite_new_and_one_of() -> None:
    assert read("the official").definite
    assert not read("an official").definite
    assert read("another official").new
    assert read("one of them").one_of
    assert read("One").one_of
    assert not read("one official").one_of


@pytest.mark.parametrize("text", ["", "   ", "—", "“…”", "..."])
def test_no_letters_no_mention(text: str) -> None:
    assert read_mention(text, Span(0, len(text)), []) is None
