"""`framing.articles.markdown`: marks go, words stay."""

import pytest

from framing.articles.markdown import read_markdown


def test_front_matter_heading_and_body() -> None:
    text = (
        '---\ntitle: "Convoy: what we know"\ndate: 2021-03-04\nlean: left\ntags:\n  - war\n---\n'
        "# Convoy: What We Know\n\nIt left *today*.\n"
    )
    assert read_markdown(text) == {
        "title": "Convoy: what we know",
        "date": "2021-03-04",
        "lean": "left",
        "tags": "",
        "text": "It left today.",
    }


@pytest.mark.parametrize("opening", ["# A *bold* plan #", "A *bold* plan\n=====", "## A bold plan"])
def test_opening_heading_is_the_title(opening: str) -> None:
    assert read_markdown(f"{opening}\n\nBody.") == {"title": "A bold plan", "text": "Body."}


def test_later_heading_and_other_heading_stay_in_the_text() -> None:
    assert read_markdown("Body.\n## Next\nMore.") == {"text": "Body.\nNext\n\nMore."}
    assert read_markdown("---\ntitle: One\n---\n# Two\n\nBody.")["text"] == "Two\n\nBody."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**“We go,”** said _Ana_, __then__ ***left***.", "“We go,” said Ana, then left."),
        ('a [link (here)](http://x.example/a_(b) "t") b', "a link (here) b"),
        ("a [link][1] b\n\n[1]: http://x.example", "a link b"),
        ("a ![alt](x.png) b <http://x.example/a_b_c>", "a  b http://x.example/a_b_c"),
        ("snake_case_name and 5 * 3 * 2 and f*", "snake_case_name and 5 * 3 * 2 and f*"),
        ("> “Go,”\n> she said.", "“Go,”\nshe said."),
        ("- one\n- two", "- one\n- two"),
        ("one\n\n***\n\ntwo\n\n---\n", "one\n\ntwo"),
        ("`code` ~~old~~ \\*star\\* AT&amp;T <em>x</em><br>y", "code old *star* AT&T x\ny"),
        ("a <!-- hidden\n\nnote --> b", "a  b"),
        ("```\nkept\n```\n", "kept"),
        ("He was born in 1999\\\nand left  \ntown.", "He was born in 1999\nand left\ntown."),
    ],
)
def test_reductions(text: str, expected: str) -> None:
    assert read_markdown(text)["text"] == expected


def test_no_time_is_lost_on_hostile_marks() -> None:
    for marks in ("*a " * 20_000, "[" * 20_000, "<!--" * 20_000, "_" * 20_000, "`" * 20_000):
        assert isinstance(read_markdown(marks)["text"], str)
