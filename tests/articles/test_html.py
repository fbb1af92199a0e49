"""`framing.articles.html`: the article of a page, the same whatever was read before."""

import datetime
import random
from pathlib import Path

import pytest

from framing.articles.html import declared_encoding, read_html
from framing.errors import DataError

PARAGRAPHS = (
    "The harbour council said on Monday that the road to the north would stay closed.",
    "“We cannot let a single truck through,” said Mira Olund, who leads the council.",
    "Residents who had waited since dawn were told to return to their homes by noon.",
)


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def article(*extra: str) -> str:
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in (*PARAGRAPHS, *extra))
    return f"<article><h1>Road stays closed</h1>{inner}</article>"


def test_text_and_metadata() -> None:
    head = (
        "<title>Road stays closed | Harbour Post</title>"
        '<meta property="og:site_name" content="Harbour Post">'
        '<meta property="article:published_time" content="2021-03-04T10:00:00Z">'
        '<link rel="canonical" href="https://post.example/road">'
    )
    assert read_html(page(article(), head)) == {
        "title": "Road stays closed",
        "text": "\n\n".join(PARAGRAPHS),
        "outlet": "Harbour Post",
        "date": datetime.date(2021, 3, 4),
        "url": "https://post.example/road",
    }


def test_what_surrounds_the_article_is_left_out() -> None:
    around = (
        "<nav><a href='/'>Home</a><a href='/s'>Sport</a></nav>"
        "<script>var secret = 'The council said nothing of the kind';</script>"
        "<style>p { color: red }</style><noscript>Please enable scripts</noscript>"
        + article()
        + "<div class='comments' id='comments'><p>I think the council is quite wrong about the "
        "road, said nobody ever in this town of ours.</p></div><footer>© Harbour Post</footer>"
    )
    assert read_html(page(around))["text"] == "\n\n".join(PARAGRAPHS)


def test_no_metadata_is_empty_and_no_date_is_guessed() -> None:
    found = read_html(page(article("It all began on 2011-05-02.") + "<footer>2009-01-02</footer>"))

    assert (found["outlet"], found["date"], found["url"]) == ("", None, "")


def test_date_does_not_depend_on_today() -> None:
    # htmldate alone leaves out what lies before 1995 or after the day of the run.
    for day in (datetime.date(1989, 4, 3), datetime.date(2999, 4, 3)):
        head = f'<meta property="article:published_time" content="{day}">'
        assert read_html(page(article(), head))["date"] == day


def test_q_elements_keep_their_marks() -> None:
    said = "She said <q>no</q>, then <q class='x'>he said <q>yes</q> twice</q>, and <q>“go”</q>."
    text = read_html(page(article(said)))["text"]

    assert text.endswith("She said “no”, then “he said “yes” twice”, and “go”.")


def test_lines_tables_lists_and_white_space() -> None:
    text = read_html(
        page(
            article(
                "One line<br>and   the\n next",
            ).replace("</article>", "<ul><li>First item</li><li>Second item</li></ul></article>")
        )
    )["text"]

    assert "One line\nand the next" in text
    assert "First item\n\nSecond item" in text


def test_repeated_paragraphs_stay() -> None:
    text = read_html(page(article(PARAGRAPHS[0])))["text"]

    assert text.count(PARAGRAPHS[0]) == 2


def test_the_same_page_gives_the_same_text_however_often_it_is_read() -> None:
    # trafilatura's deduplication would return nothing from the fourth time on (its issue 778).
    pages = [page(article(f"Truck number {i} was the last of them all.")) for i in range(3)]
    first = [read_html(one) for one in pages]

    for _ in range(6):
        assert [read_html(one) for one in pages] == first


@pytest.mark.parametrize(
    "body",
    ["", "   ", "<p>Too short.</p>", "<nav><a href='/'>Home</a></nav>",
     "<script>" + "word " * 100 + "</script>", "<div>" * 50_000, "<q>" * 50_000, "<!--", "<", "\0"],
)  # fmt: skip
def test_no_article_is_refused(body: str) -> None:
    with pytest.raises(DataError, match=r"no article found in this HTML page.*save its text as"):
        read_html(page(body) if body.strip() else body)


def test_forbidden_characters_cost_only_themselves() -> None:
    odd = "The mayor&#0; stayed&#xD800; silent\x08 &#x110000;&#9999999999;for&#146;s a day\ufffe."
    text = read_html(page(article(odd)))["text"]

    assert text.endswith("The mayor stayed silent for’s a day.")


def test_a_fragment_is_a_page() -> None:
    assert read_html(f"<div>{article()}</div>")["text"] == "\n\n".join(PARAGRAPHS)
    assert read_html(f"<title>Road</title>{article()}")["title"] == "Road stays closed"


def test_xml_declaration_is_accepted() -> None:
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>\n' + page(article())
    assert read_html(declared)["text"] == "\n\n".join(PARAGRAPHS)


def test_tag_soup_is_read_or_refused() -> None:
    soup = random.Random(7)
    tags = ("p", "q", "div", "article", "table", "tr", "td", "li", "ul", "h1", "a", "b", "br",
            "script", "meta", "title", "blockquote", "svg", "!--", "?xml", "time")  # fmt: skip
    for _ in range(80):
        pieces = [
            f"<{soup.choice(('', '/'))}{soup.choice(tags)}{soup.choice(('>', '', ' =', '/>'))}"
            + soup.choice((PARAGRAPHS[soup.randrange(3)], "&#", "“", "\r", "]]>"))
            for _ in range(soup.randrange(1, 30))
        ]
        try:
            text = read_html("".join(pieces))["text"]
        except DataError as error:
            text = str(error) + " found" * 20
        assert len(text.split()) >= 20


def test_declared_encoding() -> None:
    assert declared_encoding(b"<meta charset=windows-1252>") == "windows-1252"
    assert declared_encoding(b'<?xml version="1.0" encoding="utf-16"?>') == "utf-16"
    assert declared_encoding(b'<meta content="text/html; charset=ISO-8859-1">') == "ISO-8859-1"
    assert declared_encoding(b"<p>no</p>") == ""


def test_declared_windows_1252_page(tmp_path: Path) -> None:
    from framing.articles import read_articles

    file = tmp_path / "road.html"
    file.write_bytes(page(article(), "<meta charset='windows-1252'>").encode("cp1252"))
    reading = read_articles(file)

    assert reading.articles[0].text == "\n\n".join(PARAGRAPHS)
    assert reading.notes == (f"{file}: read as cp1252",)
