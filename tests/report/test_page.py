"""Untrusted text is shown and never runs."""

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.codebook import load_codebook
from framing.figures import marks_of
from framing.records import Article, Exclusion, Extraction, Label, Quote, Span, Speaker
from framing.report.judgements import Coding
from framing.report.page import content_security_policy, render, shown
from framing.report.views import ArticleView, view_article

CODEBOOK = load_codebook()
TAGS = {
    "a", "abbr", "article", "b", "body", "caption", "code", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "g", "h1", "h2", "head", "header", "html", "li", "line", "link", "main",
    "mark", "meta", "nav", "p", "rect", "script", "section", "span", "strong", "style", "summary",
    "sup", "svg", "table", "tbody", "td", "text", "th", "thead", "time", "title", "tr", "tspan",
    "ul",
}  # fmt: skip
NASTY = [
    "<script>alert(1)</script>", "</style><script>", "\" onfocus=alert(1) x=\"", "'><img src=x>",
    "{{ 7 * 7 }}", "{% raw %}", "&lt;b&gt;", "]]><!--", "javascript:alert(1)", "\u202ethgir",
    "\x00\x1b\ud800\uffff", "&#x3c;script>",
]  # fmt: skip

# Any code point at all, half surrogate pairs too, and what has broken pages before.
texts = st.one_of(
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join),
    st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs", "Cc", "Cs"]), max_size=30),
)


class Page(HTMLParser):
    """What a browser would take from a page: elements, attributes, and text by element id."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self._in: list[str] = []
        self._id = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._in.append(tag)
        self._id = dict(attrs).get("id") or self._id

    def handle_data(self, data: str) -> None:
        self.text[self._id] = self.text.get(self._id, "") + data
        if self._in and self._in[-1] in ("script", "style"):
            self.sources[self._in[-1]] = self.sources.get(self._in[-1], "") + data

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass


def _view(words: str, *, name: str, note: str) -> ArticleView:
    text = f"Before {words}. After"
    article = Article(
        id="a", text=text, title=note, outlet=words, url=note, target=name, lang=name or "en",
        group={note or "x": words},
    )  # fmt: skip
    speaker = Speaker(id="s", article_id="a", name=f"Dr {name}", description=note)
    content = (Span(7, 7 + len(words) + 1),)
    extraction = Extraction(
        article_id="a",
        quotes=(Quote(id="q", article_id="a", kind="indirect", content=content, speaker_id="s"),),
        speakers=(speaker,),
        exclusions=(Exclusion(item=words, reason=note, stage="quotes", article_id="a"),),
    )
    label = Label(unit_id="q", variable="stance", value="critical", annotator=f"x{name}")
    coding = Coding.of(CODEBOOK, [label], [])
    return view_article(1, article, extraction, None, (), coding, include_text=True)


def _render(view: ArticleView) -> str:
    stance = CODEBOOK.variable("stance")
    marks = marks_of(stance)
    values: dict[str, Any] = {
        "view": view, "before": "", "after": "", "coding": Coding.of(CODEBOOK, [], []),
        "definitions": {c.name: c.definition for c in stance.categories},
    }  # fmt: skip
    return render("article.html", list(marks.values()), values)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=texts, name=texts, note=texts)
def test_any_text_is_shown_and_makes_no_element(words: str, name: str, note: str) -> None:
    view = _view(words, name=name, note=note)
    html = _render(view)
    html.encode("utf-8")  # and can be written
    page = Page(html)
    assert set(page.tags) <= TAGS
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    addresses = [value for name, value in page.attributes if name in ("href", "src")]
    assert all(re.match(r"#|\.\./index\.html#|data:,|https?://", value) for value in addresses)
    # The words themselves arrive: nothing is lost but line ends, which HTML reads as one.
    arrived = " ".join(page.text["a1q1"].split())
    assert arrived.startswith(" ".join(shown(f"{words}.").split()))


def test_the_policy_allows_the_one_style_and_the_one_script_by_hash() -> None:
    page = Page(_render(_view("one", name="two", note="three")))
    policy = next(value for name, value in page.attributes if value.startswith("default-src"))
    for kind in ("style", "script"):
        digest = hashlib.sha256(page.sources[kind].encode()).digest()
        assert f"{kind}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert policy == content_security_policy(page.sources["style"], page.sources["script"])
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_test_above_would_see_an_element() -> None:
    view = dataclasses.replace(_view("one", name="two", note="three"), title="<img src=x>")
    escaped = _render(view)
    assert "&lt;img src=x&gt;" in escaped
    assert "img" in Page(escaped.replace("&lt;img src=x&gt;", "<img src=x>")).tags


def test_what_no_page_may_hold_is_replaced() -> None:
    assert shown("a\x00b\ud800c\ufffe") == "a\ufffdb\ufffdc\ufffd"
    assert shown("tab\tand line\n") == "tab\tand line\n"
    assert shown(7) == 7
