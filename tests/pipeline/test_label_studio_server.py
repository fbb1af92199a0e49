"""The real Label Studio on this machine, coded in through a real browser.

Needs its program (FRAMING_LABEL_STUDIO, or build/label-studio) and Chromium.
"""

import dataclasses
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import (
    FORMATS,
    CodedCorpus,
    gather_corpus,
    keep_surviving,
    of_coder,
    write_corpus,
)
from framing.dataset.exchange.drawn_labels import give_probabilities
from framing.jsonl import read_jsonl
from framing.pipeline.coded_source import read_coded
from framing.pipeline.label_studio import CoderProject
from framing.pipeline.label_studio_client import LabelStudioClient
from framing.pipeline.label_studio_server import SETTINGS, server_command
from framing.records import Label, Span, Speaker
from tests.cli.invented import run
from tests.dataset.exchange.coded_corpora import invented_corpus

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOOK = load_codebook()
EMAIL, PASSWORD = "coder@example.org", "only-for-this-test"
TEXT = "[class*=richtext__container]"
# Where a character stands on the page: left, right and middle height, by its code point.
PLACES = """([first, last]) => {
  const root = document.querySelector("[class*=richtext__container]");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
  const places = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") places.push(null);
    if (node.nodeType !== Node.TEXT_NODE) continue;
    let at = 0;
    for (const character of node.data) {
      places.push([node, at, at + character.length]);
      at += character.length;
    }
  }
  const box = ([node, start, end]) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    const {left, right, top, bottom} = range.getBoundingClientRect();
    return [left, right, (top + bottom) / 2];
  };
  return [box(places[first]), box(places[last])];
}"""


@dataclasses.dataclass(frozen=True)
class Server:
    url: str
    token: str


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


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    built = Path(__file__).parents[2] / "build" / "label-studio" / "bin" / "label-studio"
    program = shutil.which(os.environ.get("FRAMING_LABEL_STUDIO") or str(built))
    if program is None:
        pytest.skip("Label Studio is not installed: make label-studio, or FRAMING_LABEL_STUDIO")
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    account = {"LABEL_STUDIO_USERNAME": EMAIL, "LABEL_STUDIO_PASSWORD": PASSWORD}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            server_command(Path(program), folder, port),
            env={**os.environ, **SETTINGS, **account},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(600):  # it makes its database first, which takes a minute on two cores
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def page(browser: "Browser", url: str) -> Iterator["Page"]:
    """Signed in, with nothing asked of any other machine."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"(?<!login/)$"))
    page.wait_for_load_state("networkidle")
    yield page
    assert [at for at in elsewhere if not at.startswith((url, "data:", "blob:"))] == []
    context.close()


@pytest.fixture(scope="module")
def server(page: "Page", url: str) -> Server:
    """With a personal access token, as somebody makes one under Account & Settings."""
    token = page.evaluate(
        """() => fetch("/api/token/", {method: "POST", headers: {
             "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)[1]}})
           .then(response => response.json()).then(made => made.token)"""
    )
    return Server(url=url, token=token)


class Coder:
    """Somebody with a mouse and a keyboard, at one task."""

    def __init__(self, page: "Page", server: Server, project: int, task: int, text: str) -> None:
        self.page = page
        self.text = text
        page.goto(f"{server.url}/projects/{project}/data?task={task}")
        page.wait_for_selector(TEXT, timeout=60_000)
        page.wait_for_timeout(2_000)

    def mark(self, key: str, words: str) -> None:
        self.page.keyboard.press("Escape")
        self.page.keyboard.press(key)  # the label's key, as the button shows it
        (left, _, y), (_, right, y_end) = self._places(words)
        self.page.mouse.move(left + 0.5, y)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, (y + y_end) / 2, steps=4)
        self.page.mouse.move(right - 0.2, y_end, steps=4)
        self.page.mouse.up()
        self.page.wait_for_timeout(300)

    def click(self, words: str) -> None:
        (left, _, y), _ = self._places(words)
        self.page.mouse.click(left + 2, y)
        self.page.wait_for_timeout(300)

    def choose(self, words: str, *names: str) -> None:
        self.page.keyboard.press("Escape")
        self.click(words)
        for name in names:
            self.page.locator("label").filter(has_text=re.compile(f"^{name}")).click()
            self.page.wait_for_timeout(200)

    def link(self, words: str, other: str) -> None:
        self.page.keyboard.press("Escape")
        self.click(words)
        self.page.keyboard.press("Alt+r")
        self.page.wait_for_timeout(200)
        self.click(other)

    def submit(self) -> None:
        self.page.keyboard.press("Escape")
        with self.page.expect_response(re.compile("/annotations")) as answer:
            self.page.get_by_role("button", name="Submit").click()
        assert answer.value.ok
        self.page.wait_for_timeout(500)

    def _places(self, words: str) -> list[list[float]]:
        start = self.text.index(words)
        found: list[list[float]] = self.page.evaluate(PLACES, [start, start + len(words) - 1])
        return found


def _kept(coder: str) -> CodedCorpus:
    return keep_surviving(of_coder(invented_corpus(), coder), FORMATS["label-studio"].survival)[0]


def _expected(eva: CodedCorpus) -> CodedCorpus:
    """What Eva does in the test below, done to the records."""
    text = eva.articles[1].text

    def at(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    nurse = Speaker(
        id="varn-2-s2", article_id="varn-2", name="Ivo Lund", mentions=(at("Ivo Lund"),)
    )
    changed = {
        quote.id: dataclasses.replace(quote, cue=at("said"), source=at("the ministry"))
        if quote.id == "varn-2-q1"
        else dataclasses.replace(quote, speaker_id=nurse.id)
        for quote in eva.quotes
        if quote.article_id == "varn-2"
    }
    quotes = [changed.get(quote.id, quote) for quote in eva.quotes]
    given = [
        ("varn-1-q1", "stance", "supportive", ""),
        ("varn-1-q2", "stance", "neutral", "plain 🙂 report"),
        ("varn-1-s1", "role", "government", ""),
        ("varn-2-q2", "stance", "critical", ""),
        ("varn-2-s2", "role", "civilian", ""),
    ]
    labels = [
        Label(unit_id=unit, variable=variable, value=value, annotator="eva", note=note,
              codebook=BOOK.digest)
        for unit, variable, value, note in given
    ]  # fmt: skip
    corpus = gather_corpus(
        invented_corpus().articles, quotes, [*eva.speakers, nurse], labels, codebook=BOOK
    )
    # A new label has the probability of its unit's draw, which the labels in the data tell.
    return give_probabilities(corpus, exported=invented_corpus().labels).corpus


def test_what_is_coded_in_the_browser_comes_back(
    page: "Page", server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", server.token)
    write_corpus(tmp_path / "work", invented_corpus())
    tasks, projects, answers = tmp_path / "tasks", tmp_path / "projects", tmp_path / "answers"
    form = ("--format", "label-studio")
    assert run("export", tmp_path / "work", *form, "--coders", "ada,eva", "--out", tasks) == 0
    assert run("label-studio", "push", tasks, "--url", server.url, "--out", projects) == 0
    ada, eva = read_jsonl(projects / "projects.jsonl", CoderProject)
    assert (ada.coder, ada.n_tasks, eva.coder, eva.n_tasks) == ("ada", 3, "eva", 3)
    client = LabelStudioClient(server.url, server.token)
    first, second, _ = (task["id"] for task in client.export_tasks(eva.project))

    coder = Coder(page, server, eva.project, first, invented_corpus().articles[0].text)
    coder.choose("“We had no choice,”", "supportive")
    coder.choose("The mayor", "government")
    coder.choose("the town was  cut off", "neutral")
    page.get_by_placeholder("Type, then Enter").fill("plain 🙂 report")
    page.keyboard.press("Enter")
    coder.submit()

    coder = Coder(page, server, eva.project, second, invented_corpus().articles[1].text)
    coder.mark("2", "said")  # Cue
    coder.mark("3", "the ministry")  # Source
    coder.link("“No comment", "said")
    coder.link("“No comment", "the ministry")
    coder.mark("4", "Ivo Lund")  # Speaker, over part of a Source
    coder.choose("Ivo Lund", "civilian")
    coder.choose("= a shame", "critical")
    coder.link("= a shame", "Ivo Lund")
    page.screenshot(path=tmp_path / "task.png")
    coder.submit()

    assert run("label-studio", "pull", projects, "--out", answers) == 0
    coded = tmp_path / "coded"
    given = (*form, "--data", tmp_path / "work", "--coders", "ada,eva", "--out", coded)
    assert run("import", answers, *given) == 0
    back = {name: read_coded(coded, name, codebook=BOOK)[0] for name in ("ada", "eva")}
    assert back["ada"].quotes == _kept("ada").quotes
    assert back["ada"].speakers == _kept("ada").speakers
    assert back["ada"].labels == _kept("ada").labels  # given out as coded, and not opened
    assert back["eva"] == _expected(_kept("eva"))
    record = json.loads((answers / "run.json").read_text(encoding="utf-8"))
    assert record["results"]["pulled"]["eva"] == {"coded": 2, "not coded yet": 1}
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        assert server.token.encode() not in file.read_bytes(), file


def test_nobody_makes_an_account_unasked(browser: "Browser", server: Server) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}/user/signup/")
    page.fill("input[name=email]", "stranger@example.org")
    page.fill("input[name=password]", "a-long-password")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "signup" in answer.url
    ) as answer:
        page.locator("form [type=submit]").first.click()
    assert answer.value.status == 403
    page.goto(f"{server.url}/user/login/")
    page.fill("input[name=email]", "stranger@example.org")
    page.fill("input[name=password]", "a-long-password")
    page.click("button[type=submit]")
    page.wait_for_load_state()
    assert "/user/login" in page.url
    page.close()


def test_label_studio_refuses_a_configuration_and_the_project_goes(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", server.token)
    write_corpus(tmp_path / "work", invented_corpus())
    tasks = tmp_path / "tasks"
    given = ("--format", "label-studio", "--coders", "ada,eva", "--out", tasks)
    assert run("export", tmp_path / "work", *given) == 0
    config = tasks / "eva" / "labeling.xml"
    config.write_text(config.read_text(encoding="utf-8").replace('toName="text"', ""))
    before = _projects(server)
    capsys.readouterr()
    out = tmp_path / "projects"
    assert run("label-studio", "push", tasks, "--url", server.url, "--out", out) == 1
    assert "the server answers 400" in capsys.readouterr().err
    assert _projects(server) == before


def _projects(server: Server) -> list[int]:
    """Ids of projects that are there, of the first twenty."""
    client, found = LabelStudioClient(server.url, server.token), []
    for project in range(1, 21):
        try:
            found.append(client.read_project(project)["id"])
        except ValueError:
            continue
    return found
