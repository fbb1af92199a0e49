"""Whether the text that came back is the text that went out."""

from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.errors import DataError

__all__ = ["match_article"]


def match_article(
    source: CodedCorpus, article_id: str, *, where: str, text: str = "", sha256: str = ""
) -> Document:
    """The document of `source` that an imported article is, its text being the same.

    Args:
        source: The data that were exported.
        article_id: That the file names.
        where: Place in the file, for messages.
        text: That stands in the file, or "" when it has none.
        sha256: Of the text, as the file has it, or "".

    Raises:
        DataError: There is no such article, or its text is another one.
    """
    document = source.document(article_id)
    if document is None:
        raise DataError(
            f"{where}: article {article_id!r} is not in the data that were exported; give those "
            "with --data, or remove it"
        )
    article = document.article
    if text and text != article.text:
        raise DataError(
            f"{where}: the text of article {article_id!r} has changed, "
            f"{_first_change(text, article.text)}; offsets would point "
            "elsewhere, so import the text that was exported"
        )
    if sha256 and sha256 != article.sha256:
        raise DataError(
            f"{where}: the text of article {article_id!r} is not that of the data (sha256 "
            f"{sha256[:12]}... here, {article.sha256[:12]}... there); give the data that were "
            "exported with --data"
        )
    return document


def _first_change(found: str, expected: str) -> str:
    at = next(
        (n for n, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b),
        min(len(found), len(expected)),
    )
    line = expected.count("\n", 0, at) + 1
    return (
        f"first at character {at} (line {line}): {_around(found, at)} instead of "
        f"{_around(expected, at)}"
    )


def _around(text: str, at: int) -> str:
    return repr(text[max(0, at - 10) : at + 20]) if at < len(text) else "the end"
