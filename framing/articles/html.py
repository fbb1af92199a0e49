"""HTML pages: the article without menus, scripts and advertising, through trafilatura."""

import logging
import re
from typing import Any

from framing.articles.canonical import canonical_line, canonical_text
from framing.errors import DataError

__all__ = ["declared_encoding", "read_html"]

# Fewer words are what an empty page, an error page or a log-in form leaves.
MIN_WORDS = 20

_SILENT = logging.NullHandler()
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_Q = re.compile(r"<q(?:\s[^>]*)?>((?:(?!<q[\s>]).)*?)</q\s*>", re.IGNORECASE | re.DOTALL)
_BLOCKS = frozenset(("p", "head", "list", "item", "quote", "table", "row", "code", "div"))
_WHITE = re.compile(r"[ \t\r\n\f]+")


def read_html(page: str) -> dict[str, Any]:
    """Fields of an HTML page: `text`, and `title`, `outlet`, `date`, `url` where it gives them.

    Blocks become paragraphs, `<br>` a line end, and `<q>` the quotation marks that a browser
    shows for it. A paragraph said again later stands twice; only of a long one that follows
    itself directly, trafilatura keeps one. Reader comments and captions are left out. The
    headline that opens the article is the title and no part of the text; without one, the title
    is that of the page's metadata. The date is the day of first publication as metadata or
    markup give it; it is never guessed from other dates on the page.

    Raises:
        DataError: No article was found.
    """
    import trafilatura

    for library in ("trafilatura", "htmldate", "justext", "courlan"):
        # They log what they refuse; the exclusion says it.
        logging.getLogger(library).addHandler(_SILENT)
    page = _Q.sub(_with_marks, _DECLARATION.sub("", page))
    document: Any = None
    if page.strip():
        document = trafilatura.bare_extraction(
            page,
            include_comments=False,
            with_metadata=True,
            deduplicate=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    if document is None or document.body is None:
        raise DataError("no article found in this HTML page; save its text as .txt")
    title = canonical_line(document.title or "")
    text = canonical_text(_rendered(document.body))
    first, _, rest = text.partition("\n\n")
    opens = next(iter(document.body), None)
    is_headline = opens is not None and opens.tag == "head" and opens.get("rend") == "h1"
    if is_headline or (title and canonical_line(first).casefold() == title.casefold()):
        title, text = canonical_line(first), rest
    n_words = len(text.split())
    if n_words < MIN_WORDS:
        raise DataError(
            f"no article found in this HTML page, only {n_words} words; save its text as .txt"
        )
    return {
        "title": title,
        "text": text,
        "outlet": document.sitename or "",
        "date": document.date or "",
        "url": document.url or "",
    }


def declared_encoding(data: bytes) -> str:
    """The encoding that the head of a page names, or ""."""
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else ""


def _with_marks(match: re.Match[str]) -> str:
    said = match[1].strip()
    # Some pages write the marks and switch the browser's off.
    return said if re.match(r"[\"“‘'«]|&[lb]dquo;|&quot;", said) else f"“{said}”"


def _rendered(element: Any) -> str:
    """Text of an element: blocks apart by a blank line, white space as a browser shows it."""
    return re.sub(r" *\n *", "\n", "".join(_pieces(element)))


def _pieces(element: Any) -> list[str]:
    block = element.tag in _BLOCKS
    pieces = ["\n\n"] if block else []
    if element.tag == "lb":
        pieces.append("\n")
    if element.text:
        pieces.append(_WHITE.sub(" ", element.text))
    for child in element:
        pieces += _pieces(child)
        if child.tag == "cell":
            pieces.append(" ")
        if child.tail:
            pieces.append(_WHITE.sub(" ", child.tail))
    if block:
        pieces.append("\n\n")
    return pieces
