"""Names of files for articles, whose ids may hold any character."""

import urllib.parse

from framing.errors import DataError

__all__ = ["article_of_stem", "file_stem"]

_MAX_BYTES = 200  # file systems take 255, and an ending and a temporary mark come on top


def file_stem(article_id: str) -> str:
    """A file name without ending that `article_of_stem` turns back.

    Letters, digits, "-" and "_" stay as they are; everything else, "." and "/" too, becomes
    %XX. On file systems that do not tell A from a, ids that differ in that alone would meet.

    Raises:
        DataError: The name would be too long for a file.
    """
    stem = urllib.parse.quote(article_id, safe="").replace(".", "%2E").replace("~", "%7E")
    if len(stem) > _MAX_BYTES:
        raise DataError(
            f"article {article_id[:40]!r}...: its id makes a file name of {len(stem)} characters; "
            f"{_MAX_BYTES} at most, so give the article a shorter id"
        )
    return stem


def article_of_stem(stem: str) -> str:
    """The article's id."""
    return urllib.parse.unquote(stem)
