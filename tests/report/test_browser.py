"""The report in a real browser: nothing loaded, nothing refused, by keyboard, on paper."""

import dataclasses
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framing.records import Extraction
from framing.report import write_report
from tests.report.sample_run import SampleRun

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Text and background of every element with words of its own, by WCAG 2.2; svg text by its fill.
CONTRASTS = """() => {
  const luminance = ([r, g, b]) => [r, g, b]
    .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const channels = color => (color.match(/[\\d.]+/g) || []).map(Number);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !element.checkVisibility() || element.closest("script, title")) continue;
    const style = getComputedStyle(element);
    let behind;
    if (element instanceof SVGElement) {
      const group = element.closest("g");
      const tint = group && group.querySelector(".tint");
      if (tint) behind = channels(getComputedStyle(tint).fill);
    }
    for (let at = element; at && !behind; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) behind = color;
    }
    const text = element instanceof SVGElement ? style.fill : style.color;
    const [low, high] = [luminance(channels(text)), luminance(behind)].sort((a, b) => a - b);
    found.push([(high + 0.05) / (low + 0.05), element.tagName + "." + element.className,
                element.textContent.trim().slice(0, 40)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        pytest.skip(f"no browser is installed; looked for {', '.join(names)}")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        # Chromium's sandbox does not start for root, who runs containers; the pages are our own.
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def wide(browser: "Browser") -> Iterator["BrowserContext"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def narrow(browser: "Browser") -> Iterator["BrowserContext"]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    yield context
    context.close()


@pytest.fixture(scope="module")
def paged(run: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of one article, as there are above 200."""
    first = run.articles[0]
    folder = tmp_path_factory.mktemp("paged")
    write_report(
        folder,
        articles=[first, *(dataclasses.replace(first, id=f"more-{n}") for n in range(200))],
        extractions={first.id: run.extractions[first.id]},
        predictions=run.predictions,
        labels=run.labels,
        balances=run.balances[:1],
        exclusions=[],
        codebook=run.codebook,
    )
    return folder / "articles" / "article-0001.html"


def _open(context: "BrowserContext", path: Path) -> "Page":
    page = context.new_page()
    page.goto(path.as_uri())
    return page


def _listen(page: "Page") -> tuple[list[str], list[str]]:
    """What the console says and what is requested, from now on."""
    messages: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    return messages, requests


def test_nothing_is_requested_refused_or_complained_about(
    wide: "BrowserContext", report: Path, paged: Path
) -> None:
    for path in (report / "index.html", paged):
        page = wide.new_page()
        messages, requests = _listen(page)
        page.add_init_script(
            "window.refused = []; document.addEventListener('securitypolicyviolation',"
            " event => window.refused.push(event.violatedDirective + ' ' + event.blockedURI));"
        )
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert messages == []
        assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
        assert page.evaluate("window.refused") == []


def test_the_policy_refuses_a_foreign_script(wide: "BrowserContext", report: Path) -> None:
    page = _open(wide, report / "index.html")
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = true';"
        "document.body.append(s); document.body.setAttribute('onclick', 'window.ran = true');"
        "document.body.click()"
    )
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_all_text_can_be_read(browser: "Browser", report: Path, scheme: Any, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = _open(context, report / "index.html")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 500
    assert [found for found in contrasts if found[0] < 4.5] == []
    # The two schemes are two: dark means dark.
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", paper)[:3]))
    assert (brightness < 150) == (scheme == "dark")
    context.close()


def test_headings_tables_and_pictures_are_reached_by_role(
    wide: "BrowserContext", report: Path
) -> None:
    page = _open(wide, report / "index.html")
    assert page.get_by_role("heading", level=1).count() == 1
    for name in ("The articles", "How the articles tilt", "Who takes which side", "This run"):
        assert page.get_by_role("heading", level=2, name=name, exact=True).count() == 1
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    articles = page.get_by_role("table").first
    assert articles.get_by_role("columnheader").all_inner_texts() == [
        "Article", "Quotes", "Stance", "Tilt", "Who speaks",
    ]  # fmt: skip
    assert articles.get_by_role("rowheader").count() == 7
    for name in ("supportive", "critical", "humanitarian", "neutral"):
        assert name in (page.get_by_role("img").first.get_attribute("aria-label") or "")
    assert page.get_by_role("main").count() == 1
    assert page.evaluate(
        "[...document.querySelectorAll('svg')].filter(s => !s.hasAttribute('aria-hidden')"
        " && !s.hasAttribute('aria-label') && !s.hasAttribute('aria-labelledby')).length"
    ) == 0  # fmt: skip
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_tables_keep_their_roles_on_a_narrow_screen(narrow: "BrowserContext", report: Path) -> None:
    page = _open(narrow, report / "index.html")  # rows are stacked there, which can lose roles
    assert page.get_by_role("table").first.get_by_role("rowheader").count() == 7


def test_a_narrow_screen_scrolls_down_only(
    run: SampleRun, narrow: "BrowserContext", report: Path, tmp_path: Path
) -> None:
    long = dataclasses.replace(
        run.articles[0], title="Blockade" * 20, outlet="x" * 90, target="y" * 90,
        id="z" * 90, group={"w" * 60: "v" * 60},
    )  # fmt: skip
    mine = run.extractions[run.articles[0].id]
    speakers = tuple(
        dataclasses.replace(s, article_id=long.id, name="N" * 80, description="d" * 80)
        for s in mine.speakers
    )
    quotes = tuple(dataclasses.replace(q, article_id=long.id) for q in mine.quotes)
    write_report(
        tmp_path, articles=[long], predictions=run.predictions, labels=[], balances=[],
        extractions={long.id: Extraction(article_id=long.id, quotes=quotes, speakers=speakers)},
        exclusions=[dataclasses.replace(run.exclusions[0], item="u" * 90, reason="t" * 90)],
        codebook=run.codebook, notes=["s" * 90], run={"r" * 60: "q" * 90},
    )  # fmt: skip
    for path in (report / "index.html", tmp_path / "index.html"):
        page = _open(narrow, path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_notes_stand_beside_their_quotes_and_not_over_anything(
    wide: "BrowserContext", report: Path
) -> None:
    page = _open(wide, report / "index.html")
    boxes = page.evaluate(
        """[...document.querySelectorAll('.story')].map(story => {
          const box = e => { const b = e.getBoundingClientRect();
                             return [b.left, b.top, b.right, b.bottom]; };
          const text = story.querySelector('.text'), table = story.querySelector('table.quotes');
          return {text: text && box(text), table: table && box(table),
                  notes: [...story.querySelectorAll('.note:not(.echo)')].map(box)};
        })"""
    )
    assert sum(len(story["notes"]) for story in boxes) > 30
    for story in boxes:
        bottom = 0
        for left, top, right, end in story["notes"]:
            assert left >= story["text"][2]  # right of the text
            assert right <= 1280
            assert top >= bottom  # below the note before
            assert end <= story["table"][1]  # above the table
            bottom = end


def test_the_keyboard_reaches_a_quote_and_shows_its_note(
    narrow: "BrowserContext", report: Path
) -> None:
    page = _open(narrow, report / "index.html")
    note = page.locator("#a1q1-note")
    assert not note.is_visible()
    page.locator("#article-0001 details.more summary").first.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "a1q1":
            break
    assert page.evaluate("document.activeElement.id") == "a1q1"
    assert note.is_visible()
    assert "Rear Adm. Lena Okoro" in note.inner_text()
    box = note.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(740, abs=1)  # at the foot of the screen
    page.keyboard.press("Tab")
    assert not note.is_visible()
    assert page.locator("#a1q2-note").is_visible()
    # A screen reader is told the note with the quote.
    assert page.locator("#a1q1").get_attribute("aria-describedby") == "a1q1-note"


def test_a_tap_shows_the_note_of_any_part_of_a_quote(
    narrow: "BrowserContext", report: Path
) -> None:
    page = _open(narrow, report / "index.html")
    parts = page.locator("mark[aria-describedby=a1q1-note]")
    assert parts.count() == 2
    for part in (0, 1):
        parts.nth(part).tap()
        shown = [n.inner_text() for n in page.locator(".note").all() if n.is_visible()]
        assert len(shown) == 1
        assert shown[0].startswith("S1")


def test_quotes_are_marked_by_colour_line_and_letter(wide: "BrowserContext", report: Path) -> None:
    page = _open(wide, report / "index.html")
    looks = page.evaluate(
        """[...document.querySelectorAll('.quote')].map(q => {
          const s = getComputedStyle(q.querySelector('mark'));
          return [q.querySelector('sup').textContent[0], s.textDecorationStyle,
                  s.textDecorationColor, s.backgroundColor].join(' ');
        })"""
    )
    lines = {look.split()[0]: look.split()[1] for look in looks}
    assert lines == {"S": "solid", "C": "double", "H": "dashed", "N": "dotted"}
    assert len(set(looks)) == 4  # one look per stance


def test_it_works_without_javascript(browser: "Browser", report: Path) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = _open(context, report / "index.html")
    assert not page.get_by_role("searchbox").is_visible()  # what needs the script is not there
    page.locator("#article-0001 details.more summary").first.tap()
    assert page.get_by_text("by speaker").first.is_visible()
    page.locator("#a1q1").tap()
    assert page.locator("#a1q1-note").is_visible()
    context.close()


def test_the_filter_keeps_the_rows_that_fit(wide: "BrowserContext", report: Path) -> None:
    page = _open(wide, report / "index.html")
    page.get_by_role("searchbox").fill("quayside")
    rows = page.locator("table.articles tbody tr")
    assert [row.is_visible() for row in rows.all()] == [False] * 3 + [True] * 2 + [False] * 2
    assert page.locator("#filter output").inner_text() == "2 of 7"
    page.get_by_role("searchbox").fill("")
    assert all(row.is_visible() for row in rows.all())


def test_every_link_within_the_page_leads_somewhere(wide: "BrowserContext", report: Path) -> None:
    page = _open(wide, report / "index.html")
    links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    for link in links:
        if link.startswith("#"):
            assert page.locator(f"[id='{link[1:]}']").count() == 1, link
        elif not link.startswith("https://"):
            assert (report / link).is_file(), link


def test_it_prints_with_notes_and_what_was_left_out(wide: "BrowserContext", report: Path) -> None:
    from pypdf import PdfReader

    page = _open(wide, report / "index.html")
    page.pdf(path=report.parent / "print.pdf", prefer_css_page_size=True)
    reader = PdfReader(report.parent / "print.pdf")
    assert float(reader.pages[0].mediabox.width) == pytest.approx(595, abs=1)  # A4
    words = " ".join(" ".join(p.extract_text() for p in reader.pages).split())
    assert "scan-07.pdf" in words  # folded on the screen where many, open on paper
    assert "the commander of the blockade" in words
    assert "Skip to the content" not in words
    assert "Show articles with" not in words
