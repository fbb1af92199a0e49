"""The report as a whole: which files, whose numbers, what is refused."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html  # type: ignore[import-untyped]

from framing.balance import article_rng, measure_balance
from framing.codebook import parse_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.records import (
    Article,
    ArticleBalance,
    Extraction,
    Placement,
    Prediction,
    Quote,
    Span,
    Speaker,
)
from framing.report import write_report
from framing.report.numerals import interval_text, value_text
from tests.report.sample_run import SampleRun, sample_run

FILES = [
    "balance.csv", "balance.jsonl", "figures/roles.pdf", "figures/roles.png", "figures/shares.pdf",
    "figures/shares.png", "figures/tilt.pdf", "figures/tilt.png", "figures/voices.pdf",
    "figures/voices.png", "index.html", "tables/balance.tex", "tables/models.tex",
    "tables/roles.tex",
]  # fmt: skip


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_the_files(report: Path) -> None:
    assert list(_files(report)) == FILES


def test_a_second_run_gives_the_same_bytes(run: SampleRun, report: Path, tmp_path: Path) -> None:
    paths = write_report(tmp_path / "new", **run.arguments())
    assert _files(tmp_path / "new") == _files(report)
    assert sorted(path.relative_to(tmp_path / "new").as_posix() for path in paths) == FILES


def test_the_balance_can_be_read_again(run: SampleRun, report: Path) -> None:
    assert read_jsonl(report / "balance.jsonl", ArticleBalance) == run.balances


def test_every_number_in_the_index_tables_is_that_of_the_records(
    run: SampleRun, report: Path
) -> None:
    page = html.parse(report / "index.html")
    for n, balance in enumerate(run.balances, 1):
        rows = page.xpath(f"//*[@id='article-{n:04d}']//table[@class='indices']/tbody/tr")
        shown = sorted([_words(cell) for cell in row][1:] for row in rows)
        expected = []
        for value in balance.values:
            if value.value is None:
                expected.append([" ".join(value.excluded_reason.split())])
            else:
                cells = [value_text(value.index, value.value), interval_text(value),
                         value_text(value.index, value.naive), str(value.n)]  # fmt: skip
                expected.append([" ".join(cell.split()) for cell in cells])
        assert shown == sorted(expected)


def test_the_overview_has_a_row_for_every_article(run: SampleRun, report: Path) -> None:
    rows = html.parse(report / "index.html").xpath("//table[contains(@class, 'articles')]/tbody/tr")
    assert len(rows) == len(run.articles)
    first = _words(rows[0])
    tilt = next(v for v in run.balances[0].values if (v.index, v.weight) == ("tilt", "quote"))
    assert tilt.value is not None
    assert first.startswith("Navy tightens blockade of Port Ansel as food runs short")
    assert " ".join(value_text("tilt", tilt.value).split()) in first
    assert "headline as target" in _words(rows[2])  # the article that came without a target
    assert "2 quotes found" in _words(rows[3])  # refused, with its reason


def test_what_was_left_out_is_said_with_its_reason(report: Path) -> None:
    section = _words(html.parse(report / "index.html").xpath("//*[@aria-labelledby='read']")[0])
    assert "Articles not read: 3" in section
    assert "not text: the file is binary (2): scan-07.pdf, scan-08.pdf" in section


def test_the_headline_that_stands_in_for_the_target_is_said(report: Path) -> None:
    page = html.parse(report / "index.html")
    targets = [_words(p) for p in page.xpath("//p[@class='target']")]
    assert targets[0] == "Stance is measured toward the naval blockade of Port Ansel."
    assert targets[2].startswith("No target was given: stance is measured toward the headline")


def test_without_text_no_word_of_an_article_is_in_any_file(run: SampleRun, tmp_path: Path) -> None:
    write_report(tmp_path, **run.arguments(), include_text=False)
    written = b"\n".join(
        content for name, content in _files(tmp_path).items() if not name.endswith(("pdf", "png"))
    ).decode()
    for article in run.articles:
        assert article.title not in written
        for sentence in re.split(r"(?<=[.”])\s+", article.text):
            assert sentence not in written
    for extraction in run.extractions.values():
        for speaker in extraction.speakers:
            # An organisation may be in the codebook's own words, a person is not.
            assert speaker.kind == "organisation" or speaker.name not in written
    assert "ansel-01" in written


def test_above_two_hundred_articles_each_has_a_page(run: SampleRun, tmp_path: Path) -> None:
    many = [dataclasses.replace(run.articles[4], id=f"tides-{n}") for n in range(201)]
    write_report(
        tmp_path, articles=many, extractions={}, predictions=[], labels=[], balances=[],
        exclusions=[], codebook=run.codebook,
    )  # fmt: skip
    pages = sorted((tmp_path / "articles").iterdir())
    assert len(pages) == 201
    index = html.parse(tmp_path / "index.html")
    links = index.xpath("//table[contains(@class, 'articles')]//th/a/@href")
    assert [tmp_path / link for link in links] == pages
    middle = html.parse(pages[100])
    assert middle.xpath("//nav/a/@href") == [
        "../index.html#article-0101", "article-0100.html", "article-0102.html",
    ]  # fmt: skip
    assert index.xpath("//tr[@id='article-0101']")
    assert "High water at the old mole" not in (tmp_path / "index.html").read_text("utf-8")


def test_no_article_gives_a_report_that_says_so(run: SampleRun, tmp_path: Path) -> None:
    write_report(
        tmp_path, articles=[], extractions={}, predictions=[], labels=[], balances=[],
        exclusions=run.exclusions[:3], codebook=run.codebook,
    )  # fmt: skip
    assert "0 articles of 0 words were read." in (tmp_path / "index.html").read_text("utf-8")
    assert (tmp_path / "balance.csv").read_text("utf-8").count("\n") == 1
    assert not (tmp_path / "figures").exists()


def test_a_codebook_of_ones_own(tmp_path: Path) -> None:
    codebook = parse_codebook(
        b"""
name = "dam"
version = "1"
quote = ["What somebody is reported to have said."]
[[variables]]
name = "tone"
unit = "quote"
question = "How is the dam spoken of?"
categories = [
  { name = "hopeful", definition = "Hope is put in it." },
  { name = "hostile", definition = "Anger is put in it." },
  { name = "matter_of_fact", definition = "Neither." },
]
""",
        where="dam",
    )
    text = "“It will feed us,” she said. " * 6
    quotes = tuple(
        Quote(id=f"q{n}", article_id="a", kind="direct", speaker_id="s",
              content=(Span(29 * n, 29 * n + 18),)) for n in range(6)
    )  # fmt: skip
    speaker = Speaker(id="s", article_id="a", name="she", named=False)
    article = Article(id="a", text=text.strip(), title="The dam")
    predictions = [
        Prediction(unit_id=quote.id, variable="tone", model="m", codebook=codebook.digest,
                   categories=codebook.variable("tone").names, probabilities=(0.6, 0.3, 0.1))
        for quote in quotes
    ]  # fmt: skip
    balance = measure_balance(
        article_id="a", target="The dam", target_is_title=True, quotes=quotes, speakers=[speaker],
        placements=[Placement(quote_id=q.id, n_words=4, position=0.1, in_lead=True)
                    for q in quotes],
        predictions=predictions, codebook=codebook, n_draws=100,
        rng=article_rng(seed=1, article_id="a"),
    )  # fmt: skip
    write_report(
        tmp_path, articles=[article], labels=[], predictions=predictions, balances=[balance],
        extractions={"a": Extraction(article_id="a", quotes=quotes, speakers=(speaker,))},
        exclusions=[], codebook=codebook,
    )  # fmt: skip
    page = html.parse(tmp_path / "index.html")
    key = [_words(row) for row in page.xpath("//dl[@class='key']/div/dt")]
    assert key == ["hopefulH", "hostileO", "matter of factM"]  # letters differ
    style = page.xpath("//style")[0].text
    lines = re.findall(r"\.k\d\{[^}]*--l:(\w+)\}", style)[:3]
    assert len(set(lines)) == 3
    # No sides, so no tilt; no roles, so no table of roles: neither is shown as nought.
    assert not (tmp_path / "figures" / "tilt.pdf").exists()
    assert not (tmp_path / "figures" / "roles.pdf").exists()
    written = _words(page.xpath("//main")[0])
    for word in ("supportive", "stance", "Stance", "Tilt", "tilt", "Role"):
        assert word not in written
    assert "Who speaks" not in _words(page.xpath("//table[contains(@class, 'articles')]")[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a["articles"].append(a["articles"][0]),
         "report: article 'ansel-01' is given twice; ids must differ"),
        (lambda a: a["balances"].append(a["balances"][0]),
         "report: article 'ansel-01' has two balance records; give one"),
        (lambda a: a["articles"].pop(0),
         "report: an extraction belongs to article 'ansel-01', which is not among the articles"),
    ],
)  # fmt: skip
def test_records_that_do_not_fit_are_refused(
    change: Any, message: str, run: SampleRun, tmp_path: Path
) -> None:
    arguments = run.arguments()
    arguments["articles"] = list(run.articles)
    arguments["balances"] = list(run.balances)
    change(arguments)
    with pytest.raises(DataError, match=message):
        write_report(tmp_path, **arguments)
    assert list(tmp_path.iterdir()) == []  # refused before anything is written


def test_the_sample_run_is_the_same_every_time() -> None:
    assert json.dumps(sample_run(6).run) == json.dumps(sample_run(6).run)
    assert sample_run(6).balances == sample_run(6).balances


def test_the_page_says_how_far_missed_quotes_move_shares(
    run: SampleRun, report: Path, tmp_path: Path
) -> None:
    page = html.parse(report / "index.html")
    (table,) = page.xpath("//section[@aria-labelledby='missed']//table")
    rows = [[_words(cell) for cell in row.xpath("./th|./td")] for row in table.xpath(".//tr")]
    assert rows[0] == ["Share", "As found", "As audited", "None of the missed", "All of the missed"]
    assert {row[0] for row in rows[1:]} >= {"Stance: critical", "Stance: neutral"}
    (critical,) = (row[1:] for row in rows if row[0] == "Stance: critical")
    values = [
        v
        for balance in run.balances
        for v in balance.values
        if (v.index, v.weight) == ("share_critical", "quote") and v.value is not None
    ]
    for shown, column in zip(
        critical, ("as_found", "value", "missed_none", "missed_all"), strict=True
    ):
        mean = sum(getattr(v, column) for v in values) / len(values)
        assert shown == f"{100 * mean:.1f} %"
    # Without measured errors, no such section, and no link to one.
    write_report(tmp_path, **run.arguments() | {"balances": []})
    page = html.parse(tmp_path / "index.html")
    assert page.xpath("//*[@id='missed'] | //a[@href='#missed']") == []
