"""From the fields of a row (JSON object, CSV row, front matter) to an `Article`."""

import datetime
import math
from collections.abc import Mapping
from typing import Any

from framing.articles.canonical import canonical_line, canonical_text
from framing.articles.english import check_english
from framing.errors import DataError
from framing.records import Article

__all__ = ["KEYS", "MAX_BYTES", "make_article", "match_key"]

KEYS = ("id", "title", "text", "outlet", "date", "url", "target", "lang", "group")
MAX_BYTES = 5_000_000
# What data sets call the text, tried in this order where no key is "text".
_TEXT_KEYS = ("content_original", "content")
# A longer value is no category to compare by: a summary, a second version of the text.
_MAX_GROUP_VALUE = 200
_ENGLISH = ("en", "eng", "english")


def make_article(
    fields: Mapping[str, Any], *, default_id: str, target: str = ""
) -> tuple[Article, list[str]]:
    """Make an article of the fields of one row, and name the fields that it cannot keep.

    Only `text` is required; where there is none, `content_original`, else `content`, is read
    as it. Capitals and blanks around a key do not matter. Missing, null, NaN and "" mean the
    same: the default. A key that is none of `KEYS` is a column to compare by and goes to `group`
    as text, like the keys of `group` itself; lists, objects and values of over 200 characters
    cannot, and are named. A text is judged for its language (`check_english`) unless `lang` is
    given, which is believed.

    Args:
        fields: Values by key.
        default_id: Id where the data give none.
        target: Target where the data give none.

    Raises:
        DataError: There is no text, a value has the wrong type or form, or the article is empty,
            over 5 MB or not English.
    """
    given: dict[str, Any] = {}
    group: dict[str, str] = {}
    left_out: list[str] = []
    keys = set(fields)
    for key, value in fields.items():
        name = match_key(key, keys)
        if name in given:
            raise DataError(f"key {name!r} is given twice, as {key!r} too; keep one of them")
        if name == "group" and isinstance(value, Mapping):
            given[name] = None
            for inner, inner_value in value.items():
                _add_to_group(group, left_out, str(inner), inner_value)
        elif name and name != "group":
            given[name] = value
        else:
            _add_to_group(group, left_out, key, value)
    if "text" not in given:
        shown = ", ".join(map(str, list(fields)[:12])) or "none"
        raise DataError(
            f"key 'text' is missing; found: {shown}; accepted: {', '.join(KEYS)}, of which only "
            "text is required"
        )
    _check_language_code(_text_of(given, "lang"))
    article = Article(
        id=canonical_line(_text_of(given, "id")) or default_id,
        text=_article_text(given["text"]),
        title=canonical_line(_text_of(given, "title")),
        outlet=canonical_line(_text_of(given, "outlet")),
        date=_date(given.get("date")),
        url=canonical_line(_text_of(given, "url")),
        target=canonical_line(_text_of(given, "target")) or target,
        group=group,
    )
    if not _text_of(given, "lang"):
        reason = check_english(article.text)
        if reason:
            raise DataError(reason)
    return article, left_out


def match_key(key: str, keys: set[str]) -> str:
    """The member of `KEYS` that `key`, one of `keys`, stands for, or "".

    Capitals and blanks do not matter, unless the exact key is there as well.
    """
    if key in KEYS:
        return key
    name = key.strip().lower()
    if name in KEYS:
        return name if name not in keys else ""
    if name in _TEXT_KEYS and name == _text_key(keys):
        return "text"
    return ""


def _text_key(keys: set[str]) -> str:
    names = {key.strip().lower() for key in keys}
    return next((name for name in ("text", *_TEXT_KEYS) if name in names), "text")


def _add_to_group(group: dict[str, str], left_out: list[str], key: str, value: Any) -> None:
    name = canonical_line(key)
    if _is_missing(value):
        return
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, (str, int, float)):
        shown = canonical_line(str(value))
    elif isinstance(value, datetime.date):
        shown = value.isoformat()
    else:
        left_out.append(key)
        return
    if not name or len(shown) > _MAX_GROUP_VALUE:
        left_out.append(key)
    elif shown:
        if group.get(name, shown) != shown:
            raise DataError(f"key {name!r} is given twice, in group too; keep one of them")
        group[name] = shown


def _is_missing(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, float) and math.isnan(value))


def _text_of(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if _is_missing(value):
        return ""
    # An id or title that a table took for a number, and made a fraction where others are missing.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise DataError(f"key {key!r} is {_shown(value)}; accepted: a string")
    return value.strip()


def _article_text(value: Any) -> str:
    if _is_missing(value):
        raise DataError("the text is empty")
    if not isinstance(value, str):
        raise DataError(f"key 'text' is {_shown(value)}; accepted: a string")
    text = canonical_text(value)
    if not text.strip():
        raise DataError("the text is empty")
    # A code point has at most 4 bytes, so short texts need no encoding to be measured.
    if len(text) * 4 > MAX_BYTES and (size := len(text.encode())) > MAX_BYTES:
        raise DataError(
            f"the text has {size:,} bytes, more than {MAX_BYTES:,}; split it into its articles"
        )
    return text


def _date(value: Any) -> datetime.date | None:
    """The day as written, whatever the time zone."""
    if _is_missing(value) or value == "":
        return None
    if isinstance(value, datetime.datetime):
        return datetime.date(value.year, value.month, value.day)
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            return datetime.datetime.fromisoformat(value.strip()).date()
        except ValueError:
            pass
    raise DataError(
        f"date {_shown(value)} is not a date; accepted: YYYY-MM-DD, with or without a time, or "
        "nothing where it is unknown"
    )


def _check_language_code(lang: str) -> None:
    if lang and lang.lower().replace("_", "-").split("-")[0] not in _ENGLISH:
        raise DataError(f"lang is {lang!r}; only English (en) is read")


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
