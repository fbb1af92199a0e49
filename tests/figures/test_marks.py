"""Every category has a colour, a line style and a letter of its own."""

from framing.codebook import Category, Variable, load_codebook
from framing.figures import Mark, marks_of


def _variable(*names: str, positive: str = "", negative: str = "", default: str = "") -> Variable:
    return Variable(
        name="tone",
        unit="quote",
        question="How does it sound?",
        categories=tuple(Category(name=name, definition="Invented.") for name in names),
        positive=positive,
        negative=negative,
        default=default,
    )


def test_shipped_stances_have_the_colours_lines_and_letters_of_the_design() -> None:
    # Okabe and Ito's blue, vermilion and bluish green; grey for what takes no side.
    assert marks_of(load_codebook().variable("stance")) == {
        "supportive": Mark("supportive", "#0072B2", "solid", "S"),
        "critical": Mark("critical", "#D55E00", "double", "C"),
        "humanitarian": Mark("humanitarian", "#009E73", "dashed", "H"),
        "neutral": Mark("neutral", "#767676", "dotted", "N"),
    }


def test_other_categories_get_other_colours_and_lines() -> None:
    marks = marks_of(_variable("hopeful", "hostile", "harmonious", "flat", default="flat"))
    assert marks["flat"].line == "dotted"
    looks = [(mark.color, mark.line) for mark in marks.values()]
    assert len(set(looks)) == len(looks)
    # The first free letter of the name: H; then O, for H is taken; then A.
    assert [mark.letter for mark in marks.values()] == ["H", "O", "A", "F"]


def test_letters_differ_when_the_alphabet_is_used_up() -> None:
    marks = marks_of(_variable(*(f"c{n}" for n in range(40))))
    assert len({mark.letter for mark in marks.values()}) == 40


def test_two_categories_of_one_colour_differ_in_line() -> None:
    marks = marks_of(_variable(*(f"c{n}" for n in range(12))))
    assert len({(mark.color, mark.line) for mark in marks.values()}) == 12


def test_sides_go_by_the_codebook_and_not_by_name() -> None:
    marks = marks_of(_variable("supportive", "warm", "cold", positive="cold", negative="warm"))
    assert marks["cold"].color == "#0072B2"
    assert marks["warm"].color == "#D55E00"
    assert marks["supportive"].color not in ("#0072B2", "#D55E00")
