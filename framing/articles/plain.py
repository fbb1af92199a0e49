"""Plain text: where the title ends and the body begins."""

import re

from framing.articles.canonical import canonical_text

__all__ = ["read_plain"]

# Of 2,042 headlines of the Article-Bias corpus and PolNeAR, 921 end in a full stop, and 11 of
# these have more words; of 749 opening paragraphs that end in one, 71 have fewer.
_MAX_WORDS_WITH_STOP = 20
_MAX_TITLE = 250
_SENTENCE_END = re.compile(r"[.…][\"”’')\]]*$")


def read_plain(text: str) -> dict[str, str]:
    """Fields of a plain text: a first line followed by a blank line is the title.

    It is not, and stays in the text, when it reads like a paragraph: it has over 250 characters,
    or it has over 20 words and ends in a full stop. A text of one line has no title.
    """
    text = canonical_text(text)
    first, blank, rest = text.partition("\n\n")
    if not blank or "\n" in first or len(first) > _MAX_TITLE:
        return {"text": text}
    if _SENTENCE_END.search(first) and len(first.split()) > _MAX_WORDS_WITH_STOP:
        return {"text": text}
    return {"title": first, "text": rest}
