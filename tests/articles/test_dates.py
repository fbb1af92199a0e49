"""`framing.articles.dates`: only a declared day counts, and an ambiguous one is none."""

import datetime
import json

import lxml.html  # type: ignore[import-untyped]
import pytest

from framing.articles.dates import published_day, read_day

DAY = datetime.date(2021, 3, 4)


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-04", " 2021-03-04T23:59:00-05:00 ", "2021-03-04 10:00", "2021/03/04",
        "2021.03.04", "20210304", "20210304T101500Z", "202103041015", "20210304101500",
        "4 March 2021", "March 4, 2021", "Mar. 4th, 2021 at 10:00", "Thu, 04 Mar 2021 10:00:00 GMT",
    ],
)  # fmt: skip
def test_readable_days(written: str) -> None:
    assert read_day(written) == DAY


@pytest.mark.parametrize(
    "written",
    ["", "03/04/2021", "4.3.2021", "2021", "2021-13-04", "2021-02-30", "yesterday", "2021-034",
     "Marvel 4, 2021", "1970-01-01T00:00:00Z", "0001-01-01", "1614816000", "٢٠٢١-٠٣-٠٤"],
)  # fmt: skip
def test_what_names_no_day_is_none(written: str) -> None:
    assert read_day(written) is None


def test_september_has_two_short_forms() -> None:
    assert read_day("Sep 9, 2020") == read_day("9 Sept. 2020") == datetime.date(2020, 9, 9)


def _json_ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    "markup",
    [
        '<meta property="article:published_time" content="2021-03-04T10:00:00Z">',
        '<meta name="DC.date.issued" content="2021-03-04">',
        '<meta name="date" content=""><meta name="date" content="2021-03-04">',
        '<meta itemprop="datePublished" content="2021-03-04">',
        _json_ld({"@type": "NewsArticle", "datePublished": "2021-03-04"}),
        _json_ld([{"@graph": [{"@type": ["Report"], "datePublished": "2021-03-04"}]}]),
        # The page's own object comes before those inside it.
        _json_ld(
            {
                "@type": "LiveBlogPosting",
                "liveBlogUpdate": [{"@type": "BlogPosting", "datePublished": "2021-03-09"}],
                "datePublished": "2021-03-04",
            }
        ),
        '<span itemprop="datePublished">4 March 2021</span>',
        '<time pubdate datetime="2021-03-04">Thursday</time><time datetime="2020-01-01">',
        '<time datetime="2021-03-04T08:00"></time><time datetime="2021-03-04T20:00"></time>',
        # What cannot be read gives way to what can.
        '<meta name="pubdate" content="03/04/2021"><time datetime="2021-03-04"></time>',
    ],
)
def test_declared_days_are_found(markup: str) -> None:
    assert published_day(lxml.html.fromstring(f"<html><body>{markup}</body></html>")) == DAY


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>What happened on March 4, 2021</h1><footer>© 2021-03-04</footer>",
        '<meta property="og:image" content="https://x.example/2021/03/04/a.jpg">',
        '<meta property="article:modified_time" content="2021-03-04">',
        _json_ld({"@type": "Comment", "datePublished": "2021-03-04"}),
        _json_ld({"@type": "NewsArticle", "datePublished": 20210304}),
        '<script type="application/ld+json">{broken "datePublished": "2021-03-04"</script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<time datetime="2021-03-04"></time><time datetime="2021-03-05"></time>',
    ],
)
def test_mentioned_days_are_not(markup: str) -> None:
    assert published_day(lxml.html.fromstring(f"<html><body>{markup}</body></html>")) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.example/2021/03/04/convoy", DAY),
        ("https://x.example/news/2021-3-4/convoy", DAY),
        ("https://x.example/news/2021-03-04-convoy", DAY),
        ("https://x.example/2021/13/04/convoy", None),
        ("https://x.example/2021/03/convoy", None),
        ("https://x.example/story/120210304/", None),
    ],
)
def test_day_in_the_address(url: str, day: datetime.date | None) -> None:
    assert published_day(lxml.html.fromstring("<p>a</p>"), url) == day


def test_meta_outranks_the_address() -> None:
    tree = lxml.html.fromstring('<html><meta name="pubdate" content="2021-03-04"></html>')
    assert published_day(tree, "https://x.example/2020/01/01/convoy") == DAY
