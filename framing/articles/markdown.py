"""Markdown reduced to the text that a reader sees."""

import html
import re

from framing.articles.canonical import canonical_line, canonical_text

__all__ = ["read_markdown"]

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"([\w][\w .-]*?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*(?:\n|\Z)")
_UNDERLINED = re.compile(r"[ ]{0,3}(\S[^\n]*)\n[ ]{0,3}(?:=+|-{2,})[ \t]*(?:\n|\Z)")
# In this order; what an earlier one uncovers, a later one may reduce.
_REDUCTIONS = tuple(
    (re.compile(pattern, re.MULTILINE | re.DOTALL), replacement)
    for pattern, replacement in (
        (r"<!--(?:(?!<!--).)*?-->", ""),
        (r"^[ ]{0,3}(?:```|~~~)[^\n]*(?:\n|\Z)", ""),  # fences; what they hold stays
        (r"^[ ]{0,3}\[[^\]\n]+\]:[ \t]*\S+[^\n]*(?:\n|\Z)", ""),  # link definitions
        (r"^[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", ""),  # rules
        (r"^([ ]{0,3}\S[^\n]*)\n[ ]{0,3}(?:=+|-{2,})[ \t]*$", r"\1\n"),  # underlined headings
        (r"^[ ]{0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$", r"\1\n"),
        (r"^(?:[ ]{0,3}>[ \t]?)+", ""),
        (r"!\[[^\]]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])", ""),  # images
        (r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)", r"\1"),
        (r"\[([^\[\]]+)\]\[[^\[\]\n]*\]", r"\1"),
        (r"<((?:https?://|mailto:)[^>\s]+)>", r"\1"),
        (r"<br[ \t]*/?>", "\n"),
        (r"</?[A-Za-z][^<>\n]*>", ""),
        (r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", r"\2"),
        (r"~~(?=\S)(.+?)(?<=\S)~~", r"\1"),
        (r"(?<!\\)\*\*(?=[^\s])((?:[^*\n]|\n(?!\n)|\*(?!\*))+?)(?<=[^\s\\])\*\*", r"\1"),
        (r"(?<![\\\w*])\*(?=[^\s*])((?:[^*\n]|\n(?!\n))+?)(?<=[^\s\\])\*(?![\w*])", r"\1"),
        (r"(?<![\\\w])__(?=[^\s])((?:[^_\n]|\n(?!\n)|_(?!_))+?)(?<=[^\s\\])__(?!\w)", r"\1"),
        (r"(?<![\\\w])_(?=[^\s_])((?:[^\n_]|\n(?!\n)|(?<=\w)_(?=\w))+?)(?<=[^\s\\])_(?!\w)", r"\1"),
        (r"(?:\\|[ ]{2,})$", ""),  # hard line breaks
        (r"\\([!-/:-@\[-`{-~])", r"\1"),
    )
)  # fmt: skip


def read_markdown(text: str) -> dict[str, str]:
    """Fields of a Markdown text: those of its front matter, `title` and `text`.

    Front matter is `key: value` lines between two lines of `---`; values may stand in quotation
    marks, nested values are kept as empty. The title is that of the front matter, else the
    heading that opens the body; a heading that repeats the title is cut from the text. Emphasis,
    links, images, code marks, HTML tags and heading, quotation and rule marks are reduced to
    the text in them; list marks stay.
    """
    text = canonical_text(text)
    fields: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        fields = _front_matter(front[1])
        text = text[front.end() :].lstrip("\n")
    heading = _HEADING.match(text) or _UNDERLINED.match(text)
    if heading:
        opening = canonical_line(_reduced(heading[1]))
        title = canonical_line(fields.get("title", ""))
        if not title or opening.casefold() == title.casefold():
            fields["title"] = title or opening
            text = text[heading.end() :]
    fields["text"] = _reduced(text)
    return fields


def _front_matter(block: str) -> dict[str, str]:
    fields = {}
    for line in block.split("\n"):
        match = _FIELD.match(line)
        if match:
            value = (match[2] or "").strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            fields[match[1]] = value
    return fields


def _reduced(text: str) -> str:
    for pattern, replacement in _REDUCTIONS:
        text = pattern.sub(replacement, text)
    return canonical_text(html.unescape(text))
