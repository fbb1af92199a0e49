"""The day of publication that an HTML page declares; never one that it merely mentions."""

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["published_day", "read_day"]

# Names under which news sites declare it, the surest first.
_META_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time",
    "article:published", "article.published", "datepublished", "dcterms.issued",
    "dc.date.issued", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "originalpublicationdate", "article_date_original", "citation_publication_date",
    "publication_date", "publication-date", "publish_date", "publish-date", "publishdate",
    "published_at", "pubdate", "pdate", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "date",
)  # fmt: skip
# schema.org types whose date is that of the page.
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|WebPage)$")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/-])", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:\d{4,6})?(?!\d)", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH_NAMED = re.compile(
    r"\b(?:(\d\d?)(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?|([a-z]{3,9})\.?\s+(\d\d?)(?:st|nd|rd|th)?)"
    r",?\s+(\d{4})(?!\d)",
    re.ASCII,
)


def published_day(tree: Any, url: str = "") -> datetime.date | None:
    """The day of first publication, as written (whatever the time zone), or None.

    The first of these that can be read: a `<meta>` that names it, `datePublished` of an article
    in JSON-LD, an element marked as `datePublished` or `pubdate`, the address
    (`/2021/03/04/`), the day of the `<time>` elements when they all name the same one. Dates in
    headlines, running text, footers and image addresses are not looked at: a page that
    declares none has none. Nor is the date of a later change taken.

    Args:
        tree: Parsed page (lxml).
        url: Address of the page, or "".
    """
    for written in _declared(tree):
        day = read_day(written)
        if day:
            return day
    match = _IN_ADDRESS.search(url)
    if match and (day := _valid(*map(int, match.groups()))):
        return day
    named = {read_day(element.get("datetime", "")) for element in tree.iter("time")}
    return named.pop() if len(named) == 1 else None


def read_day(written: str) -> datetime.date | None:
    """The day that a date with or without a time names, or None.

    Accepted are year first (2021-03-04, 2021/03/04, 20210304, each with a time or not) and
    months by name (4 March 2021; March 4th, 2021; Thu, 04 Mar 2021 10:00:00 GMT). 03/04/2021 is
    the third of April or the fourth of March and so none; nor are the stand-ins for "unknown"
    that software writes (0001-01-01, 1970-01-01).
    """
    written = written.strip().lower()
    match = _YEAR_FIRST.match(written)
    if match:
        return _valid(int(match[1]), int(match[3]), int(match[4]))
    match = _MONTH_NAMED.search(written)
    if match:
        name = match[2] or match[3]
        for number, month in enumerate(_MONTHS, start=1):
            if month.startswith(name) or (name == "sept" and number == 9):
                return _valid(int(match[5]), number, int(match[1] or match[4]))
    return None


def _declared(tree: Any) -> Iterator[str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            if meta.get("content", "").strip():
                metas.setdefault(meta.get(attribute, "").strip().lower(), meta.get("content"))
    for name in _META_NAMES:
        yield metas.get(name, "")
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json":
            yield from _dates_in_json(script.text or "")
    for element in tree.iter():
        if element.get("itemprop") == "datePublished" or "pubdate" in element.attrib:
            yield element.get("content") or element.get("datetime") or element.text or ""


def _dates_in_json(script: str) -> Iterator[str]:
    try:
        waiting = [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            kinds = value.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            date = value.get("datePublished")
            if isinstance(date, str) and any(_ARTICLE_TYPE.search(str(kind)) for kind in kinds):
                yield date
            value = list(value.values())
        if isinstance(value, list):
            waiting += reversed(value)


def _valid(year: int, month: int, day: int) -> datetime.date | None:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return None if year < 1600 or date == datetime.date(1970, 1, 1) else date
