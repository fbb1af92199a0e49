"""HTML pages: the article without menus, scripts and advertising, through trafilatura."""

import logging
import re
from typing import Any

from framing.articles.canonical import canonical_line, canonical_text
from framing.articles.dates import published_day
from framing.errors import DataError

__all__ = ["declared_encoding", "read_html"]

# Fewer words are what an empty page, an error page or a log-in form leaves.
MIN_WORDS = 20

_SILENT = logging.NullHandler()
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_ROOT = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_Q = re.compile(r"<q(?:\s[^>]*)?>((?:(?!<q[\s>]).)*?)</q\s*>", re.IGNORECASE | re.DOTALL)
_MAX_Q_DEPTH = 4
# Characters that lxml refuses, as themselves and as references; one would cost the whole page.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_BLOCKS = frozenset(("p", "head", "list", "item", "quote", "table", "row", "code", "div"))
_WHITE = re.compile(r"[ \t\r\n\f]+")


def read_html(page: str) -> dict[str, Any]:
    """Fields of an HTML page: `text`, and `title`, `outlet`, `date`, `url` where it gives them.

    Blocks become paragraphs, `<br>` a line end, and `<q>` the quotation marks that a browser
    shows for it. A paragraph said again later stands twice; only of a long one that follows
    itself directly, trafilatura keeps one. Reader comments and captions are left out. The
    headline that opens the article is the title and no part of the text; without one, the title
    is that of the page's metadata. The date is what `published_day` finds: trafilatura's own
    (of htmldate) may be any date that the page mentions, reads 03/04/2021 as a day in April,
    and leaves out what lies before 1995 or after today, which makes it depend on the clock.
    trafilatura's deduplication stays off: it remembers earlier pages.

    Raises:
        DataError: No article was found.
    """
    import trafilatura

    for library in ("trafilatura", "htmldate", "justext", "courlan"):
        # They log what they refuse; the exclusion says it.
        logging.getLogger(library).addHandler(_SILENT)
    tree = trafilatura.load_html(_prepared(page)) if page.strip() else None
    document: Any = None
    if tree is not None and tree.tag != "html":  # trafilatura drops elements; a root cannot be
        tree = _rooted(tree)
    if tree is not None:
        document = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            with_metadata=True,
            deduplicate=False,
            date_extraction_params={"extensive_search": False},
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
        "date": published_day(tree, document.url or ""),
        "url": document.url or "",
    }


def declared_encoding(data: bytes) -> str:
    """The encoding that the head of a page names, or ""."""
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else ""


def _rooted(tree: Any) -> Any:
    root, body = tree.makeelement("html"), tree.makeelement("body")
    root.append(body)
    body.append(tree)
    return root


def _prepared(page: str) -> str:
    page = _REFERENCE.sub(_allowed, _NOT_XML.sub("", _DECLARATION.sub("", page)))
    for _ in range(_MAX_Q_DEPTH):  # innermost first
        page, n = _Q.subn(_with_marks, page)
        if not n:
            break
    # Of a fragment, trafilatura may take the only block for no page.
    return page if _ROOT.search(page) else f"<html><body>{page}</body></html>"


def _allowed(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    # A longer number is beyond Unicode.
    code = int(digits, 16 if match[1] else 10) if len(digits.lstrip("0")) <= 7 else 0
    return match[0] if code < 0x110000 and not _NOT_XML.match(chr(code)) else ""


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
