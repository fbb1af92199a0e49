"""`framing.articles.plain`: where the title ends."""

import pytest

from framing.articles.plain import read_plain

BODY = "The convoy left on Monday.\n\nNobody was hurt."


@pytest.mark.parametrize(
    "title",
    ["Convoy Leaves the North", "Will the convoy leave?", "“Not now”: mayor stops convoy",
     "Convoy returns to the U.S.", "Mayor stops convoy. Crowd cheers.",
     "word " * 20 + "end", "word " * 19 + "end."],
)  # fmt: skip
def test_first_line_before_a_blank_line_is_the_title(title: str) -> None:
    assert read_plain(f"\n{title}\r\n\r\n\r\n{BODY}") == {"title": title, "text": BODY}


@pytest.mark.parametrize(
    "text",
    [
        "word " * 20 + "end.\n\n" + BODY,  # 21 words and a full stop
        "“" + "word " * 20 + "end.”\n\n" + BODY,
        "word " * 51 + "\n\n" + BODY,  # 254 characters without the last blank
        "Two lines\nof text\n\n" + BODY,
        "One line only",
        "",
    ],
)
def test_paragraphs_stay_in_the_text(text: str) -> None:
    fields = read_plain(text)

    assert "title" not in fields
    assert fields["text"].split() == text.split()
