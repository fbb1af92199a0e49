from pathlib import Path

import pytest

from framing.codebook import Codebook, load_codebook, parse_codebook
from framing.errors import DataError

ROOT = Path(__file__).parent.parent
OWN = """\
name = "energy"
version = "2"
quote = ["What somebody says in the minutes."]

[[variables]]
name = "camp"
unit = "speaker"
question = "Whose interest do they speak for?"
default = "nobody"
aggregates = { producers = ["coal", "wind"] }
categories = [
    { name = "coal", definition = "Mines." },
    { name = "wind", definition = "Turbines." },
    { name = "nobody", definition = "None." },
]

[[variables]]
name = "view"
unit = "quote"
question = "Do they want the dam?"
positive = "yes"
negative = "no"
neutral = ["unclear"]
categories = [
    { name = "yes", definition = "For it.", examples = ["Build it."] },
    { name = "no", definition = "Against it." },
    { name = "unclear", definition = "Neither." },
]
"""


def _parse(source: str) -> Codebook:
    return parse_codebook(source.encode(), where="own.toml")


def test_the_shipped_codebook_has_the_roles_and_stances() -> None:
    codebook = load_codebook()
    assert (codebook.name, codebook.version) == ("framing", "1")
    role, stance = codebook.variables
    assert (role.name, role.unit, role.default) == ("role", "speaker", "unspecified")
    assert role.names == (
        "government",
        "military",
        "armed_group",
        "international_organisation",
        "civil_society",
        "expert",
        "civilian",
        "media",
        "unspecified",
    )
    assert role.aggregates == (("officials", ("government", "military")),)
    assert (stance.name, stance.unit, stance.default) == ("stance", "quote", "")
    assert stance.names == ("supportive", "critical", "humanitarian", "neutral")
    assert (stance.positive, stance.negative) == ("supportive", "critical")
    assert stance.neutral == ("humanitarian", "neutral")


def test_every_shipped_category_can_be_coded_from() -> None:
    for variable in load_codebook().variables:
        assert variable.tie_breaks, variable.name
        for category in variable.categories:
            assert category.include, category.name
            assert category.exclude, category.name
            assert 2 <= len(category.examples) <= 4, category.name


def test_shipped_examples_of_stance_name_their_target() -> None:
    for category in load_codebook().variable("stance").categories:
        assert all(example.startswith("Target: the ") for example in category.examples)


def test_excluded_cases_say_where_they_go() -> None:
    for variable in load_codebook().variables:
        for category in variable.categories:
            for case in category.exclude:
                goes_to = case.rpartition(": ")[2]
                elsewhere = set(variable.names) - {category.name}
                named = any(name in goes_to for name in elsewhere)
                assert named or goes_to in ("its role", "the source is X"), case


def test_the_annotators_copy_is_the_shipped_file() -> None:
    shipped = ROOT / "framing" / "codebooks" / "framing.toml"
    copy = ROOT / "annotations" / "codebook.toml"
    assert copy.read_bytes() == shipped.read_bytes()
    assert load_codebook(copy) == load_codebook()


def test_the_shipped_codebook_is_read_once() -> None:
    assert load_codebook() is load_codebook()


def test_a_codebook_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    codebook = load_codebook(path)
    assert load_codebook(str(path)) == codebook
    assert [variable.name for variable in codebook.variables] == ["camp", "view"]
    assert codebook.title == ""
    camp, view = codebook.variables
    assert camp.aggregates == (("producers", ("coal", "wind")),)
    assert (camp.positive, camp.negative, camp.neutral) == ("", "", ())
    assert view.names == ("yes", "no", "unclear")
    assert view.categories[0].examples == ("Build it.",)
    assert codebook.variable("view") is view
    with pytest.raises(DataError) as error:
        codebook.variable("stance")
    assert str(error.value) == "codebook 'energy': no variable 'stance'; it has: camp, view"


def test_the_digest_is_of_the_words_not_of_the_line_ends() -> None:
    digest = _parse(OWN).digest
    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")
    assert _parse(OWN.replace("\n", "\r\n")).digest == digest
    assert _parse("\ufeff" + OWN).digest == digest
    assert _parse(OWN.replace("Mines.", "Pits.")).digest != digest


def test_line_breaks_inside_a_text_are_blanks() -> None:
    camp = _parse(OWN.replace('"Mines."', '"""Mines and\n    pits."""')).variable("camp")
    assert camp.categories[0].definition == "Mines and pits."


VARIABLE = "codebook own.toml: variables 2"


@pytest.mark.parametrize(
    ("found", "replacement", "message"),
    [
        ('name = "energy"\n', "", "codebook own.toml: name is missing; it is required"),
        ('name = "energy"', 'name = " "', "codebook own.toml: name is ' '; it takes some text"),
        ('version = "2"', "version = 2", "codebook own.toml: version is 2; it takes some text"),
        (
            'version = "2"',
            'version = "2"\nauthor = "A"',
            "codebook own.toml: unknown key 'author'; "
            "accepted: name, quote, title, variables, version",
        ),
        (
            '["What somebody says in the minutes."]',
            '"speech"',
            "codebook own.toml: quote is 'speech'; it takes a list of texts",
        ),
        (
            '["What somebody says in the minutes."]',
            '["speech", ""]',
            "codebook own.toml: quote is ['speech', '']; it takes a list of texts",
        ),
        (
            'name = "view"',
            'name = "My view"',
            f"{VARIABLE}: name is 'My view'; it takes lower-case letters, digits and _",
        ),
        (
            'name = "view"',
            'name = "camp"',
            "codebook own.toml: variable 'camp' stands 2 times; names must differ",
        ),
        (
            'unit = "quote"',
            'unit = "article"',
            f"{VARIABLE} (view): unit is 'article'; accepted: quote, speaker",
        ),
        (
            'question = "Do they want the dam?"',
            'questions = "Do they want the dam?"',
            f"{VARIABLE}: question is missing; it is required",
        ),
        (
            'unit = "quote"',
            'unit = "quote"\nscale = 3',
            f"{VARIABLE}: unknown key 'scale'; accepted: aggregates, categories, default, name, "
            "negative, neutral, positive, question, tie_breaks, unit",
        ),
        (
            '{ name = "no", definition = "Against it." }',
            '{ name = "no" }',
            f"{VARIABLE}: categories 2: definition is missing; it is required",
        ),
        (
            '{ name = "no", definition = "Against it." }',
            '{ name = "no", definition = "Against it.", colour = "red" }',
            f"{VARIABLE}: categories 2: unknown key 'colour'; "
            "accepted: definition, examples, exclude, include, name",
        ),
        (
            'name = "unclear"',
            'name = "yes"',
            f"{VARIABLE} (view): category 'yes' stands 2 times; names must differ",
        ),
        (
            'neutral = ["unclear"]',
            'neutral = ["unsure"]',
            f"{VARIABLE} (view): neutral names 'unsure', which is not a category; "
            "it has: yes, no, unclear",
        ),
        (
            'default = "nobody"',
            'default = "none"',
            "codebook own.toml: variables 1 (camp): default names 'none', which is not a category; "
            "it has: coal, wind, nobody",
        ),
        (
            'neutral = ["unclear"]',
            'neutral = ["unclear", "unclear"]',
            f"{VARIABLE} (view): neutral names 'unclear' twice; it would count twice",
        ),
        (
            'neutral = ["unclear"]',
            'neutral = ["unclear", "no"]',
            f"{VARIABLE} (view): 'no' is a side and neutral; it can be only one of them",
        ),
        (
            'negative = "no"\n',
            "",
            f"{VARIABLE} (view): positive and negative go together and differ, or both are absent",
        ),
        (
            'negative = "no"',
            'negative = "yes"',
            f"{VARIABLE} (view): positive and negative go together and differ, or both are absent",
        ),
        (
            'producers = ["coal", "wind"]',
            'producers = ["coal", "oil"]',
            "codebook own.toml: variables 1 (camp): aggregates.producers names 'oil', "
            "which is not a category; it has: coal, wind, nobody",
        ),
        (
            'producers = ["coal", "wind"]',
            'producers = ["coal", "coal"]',
            "codebook own.toml: variables 1 (camp): aggregates.producers names 'coal' twice; "
            "it would count twice",
        ),
        (
            'producers = ["coal", "wind"]',
            "producers = []",
            "codebook own.toml: variables 1 (camp): aggregate 'producers' is empty or has the name "
            "of a category; it takes a name of its own and the categories to sum",
        ),
        (
            'producers = ["coal", "wind"]',
            'coal = ["coal", "wind"]',
            "codebook own.toml: variables 1 (camp): aggregate 'coal' is empty or has the name "
            "of a category; it takes a name of its own and the categories to sum",
        ),
        (
            'aggregates = { producers = ["coal", "wind"] }',
            'aggregates = ["coal"]',
            "codebook own.toml: variables 1: aggregates is ['coal']; it takes a table of lists",
        ),
        (
            'aggregates = { producers = ["coal", "wind"] }',
            'aggregates = { producers = "coal" }',
            "codebook own.toml: variables 1: aggregates: producers is 'coal'; "
            "it takes a list of texts",
        ),
    ],
)
def test_a_slip_in_a_codebook_is_named(found: str, replacement: str, message: str) -> None:
    assert OWN.count(found) == 1
    with pytest.raises(DataError) as error:
        _parse(OWN.replace(found, replacement))
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ("", "codebook own.toml: variables is missing; it is required"),
        ("variables = []", "codebook own.toml: no variables; it takes at least one [[variables]]"),
        ("variables = 3", "codebook own.toml: variables takes [[...variables]] tables"),
        (
            '[[variables]]\nname = "v"\nunit = "quote"\nquestion = "?"\n'
            'categories = [{ name = "one", definition = "All." }]',
            "codebook own.toml: variables 1 (v): 1 categories; a question has at least two answers",
        ),
    ],
)
def test_a_codebook_asks_something(variables: str, message: str) -> None:
    with pytest.raises(DataError) as error:
        _parse(f'name = "n"\nversion = "1"\n{variables}\n')
    assert str(error.value) == message


def test_a_file_that_is_not_toml() -> None:
    with pytest.raises(DataError, match=r"^codebook own\.toml: not TOML in UTF-8: .*line 1"):
        _parse("name: energy")
    with pytest.raises(DataError, match=r"^codebook own\.toml: not TOML in UTF-8: .*0xe9"):
        parse_codebook(b'name = "caf\xe9"', where="own.toml")


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    with pytest.raises(DataError) as error:
        load_codebook(path)
    assert str(error.value) == f"codebook {path}: cannot be read (No such file or directory)"
