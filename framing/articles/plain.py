"""Plain text: where the title ends and the body begins."""

import re

from framing.articles.canonical import canonical_text

__all__ = ["read_plain"]

_MAX_TITLE = 250
_SENTENCE_END = re.compile(r"[.…][\"”’')\]]*$")
# "U.S.", "a.m.": a stop that may end a headline.
_DOTTED = re.compile(r"(?:^|[\s(])(?:[A-Za-z]\.){2,}$")


def read_plain(text: str) -> dict[str, str]:
    """Fields of a plain text: a first line followed by a blank line is the title.

    It is not, and stays in the text, when it reads like a paragraph: it has over 250 characters
    or ends in a full stop (other than that of an abbreviation like "U.S."), as headlines do not.
    A text of one line has no title.
    """
    text = canonical_text(text)
    first, blank, rest = text.partition("\n\n")
    if not blank or "\n" in first or len(first) > _MAX_TITLE:
        return {"text": text}
    if _SENTENCE_END.search(first) and not _DOTTED.search(first):
        return {"text": text}
    return {"title": first, "text": rest}
