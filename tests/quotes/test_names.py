import pytest

from framing.quotes.names import find_names, name_key, words_before


def shown(text: str) -> list[str]:
    return [text[name.start : name.end] for name in find_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("nobody in capitals", []),
        ("The rain fell. However, it stopped on Monday.", []),
        ("Then Ivo Sand left.", ["Ivo Sand"]),
        ("said Dr. Emma Karst.", ["Emma Karst"]),
        ("said Dr.\n\nEmma Karst.", ["Emma Karst"]),
        ("Gen. Tor Haug and Col. Weil", ["Tor Haug", "Weil"]),
        ("Samir al-Daruni, Joost van Aalst", ["Samir al-Daruni", "Joost van Aalst"]),
        ("In al-Darun they met.", ["al-Darun"]),
        ("pro-Western and anti-Sovian forces", []),
        ("an iPhone of Velm", ["Velm"]),
        ("Howard “Buck” Marn left", ["Howard “Buck” Marn"]),
        ("Robert T. Hale Jr. left", ["Robert T. Hale Jr"]),
        ("the University of Tarn opened", ["University of Tarn"]),
        ("Ines Kaldor of the Tarn agency", ["Ines Kaldor"]),
        ("Emma Karst's book", ["Emma Karst"]),
        ("Minister of State Ivo Sand", ["Ivo Sand"]),
        ("It rained. Shopkeeper Rosa Quarl wept.", ["Rosa Quarl"]),
        ("the Union for Bakers’ and Millers’ Rights (UBMR)",
         ["Union for Bakers’ and Millers’ Rights", "UBMR"]),
    ],
)  # fmt: skip
def test_names_without_titles_and_sentence_openers(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Ivo Sand left", True),
        ("Col. Weil left", True),
        ("analyst Weil left", True),
        ("the Velm Courier", False),
        ("the rebel group Ansar Tarn", False),
        ("in New Tarn", False),
        ("Tarn Holdings Inc", False),
        ("SOVIA", False),
        ("Sons of Tarn", False),
        ("who identified himself as Emmo", True),
        ("Velm Tidende, a daily newspaper, had it", False),
        ("Velm Tidende, a newspaper in Tarn, had it", False),
        ("Velm Tidende, a newspaper editor, had it", True),
    ],
)
def test_what_reads_like_a_person(text: str, person: bool) -> None:
    assert find_names(text)[-1].person is person


def test_title_article_and_possessive_are_told_from_the_name() -> None:
    text = "the Velm Council’s chief, Defence Minister Ivo Sand"
    council, sand = find_names(text)
    assert (council.article, council.possessive, council.titles) == (True, True, ())
    assert (sand.article, sand.possessive) == (False, False)
    assert sand.titles == ("defence", "minister")
    assert text[sand.lead_start : sand.end] == "Defence Minister Ivo Sand"
    assert sand.keys == ("ivo", "sand")


def test_names_of_a_part_have_offsets_into_the_whole_text() -> None:
    text = "Anna Velt left. Ivo Sand stayed."
    (name,) = find_names(text, 16, 24)
    assert text[name.start : name.end] == "Ivo Sand"


@pytest.mark.parametrize(
    ("word", "key"),
    [("Sand", "sand"), ("Dáßler", "dassler"), ("al-Daruni", "daruni"), ("U.N.", "un"),
     ("O’Hara", "ohara"), ("É", "e")],
)  # fmt: skip
def test_keys_leave_case_accents_marks_and_articles_out(word: str, key: str) -> None:
    assert name_key(word) == key


def test_words_before_stop_at_anything_but_one_blank() -> None:
    text = "Rain, the old harbour chief Ivo"
    assert [word for word, _ in words_before(text, text.index("Ivo"))] == [
        "chief",
        "harbour",
        "old",
        "the",
    ]
    assert [word for word, _ in words_before(text, text.index("Ivo"), 2)] == ["chief", "harbour"]
    assert all(text.startswith(word, at) for word, at in words_before(text, text.index("Ivo")))
    assert words_before(text, 0) == []
    assert words_before("a\nb c", 4) == [("b", 2)]


def test_what_is_a_newspaper_once_is_one_everywhere() -> None:
    text = "Velm Tidende had it first. Velm Tidende, Sovia’s biggest newspaper, went on."
    assert [n.person for n in find_names(text) if n.keys == ("velm", "tidende")] == [False, False]
