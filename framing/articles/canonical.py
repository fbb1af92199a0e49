"""The one form of a text that offsets and hashes refer to."""

import re
import unicodedata

__all__ = ["canonical_line", "canonical_text"]


def canonical_text(text: str) -> str:
    r"""Bring a text into canonical form; doing it twice changes nothing more.

    What is done, and nothing else:

    * Line ends become ``\n``: ``\r\n``, ``\r``, vertical tab, form feed, U+001C to U+001E, and
      U+2028; U+2029 (paragraph separator) becomes a blank line.
    * U+0080 to U+009F become the characters that Windows-1252 has there, as in HTML: they come
      from text that was read as Latin-1, and among them are curly quotation marks. U+0085 is
      such an ellipsis and no line end. The five without a character are dropped.
    * Characters that show nothing are dropped, since they hide words and quotation marks from
      every search: other control characters but the tab, soft hyphen, zero-width space, word
      joiner, byte order mark, marks of writing direction. The zero-width (non-)joiner stays: it
      changes how letters and emoji are drawn. Lone surrogates become U+FFFD.
    * NFC, blanks at line ends cut, at most one blank line in a row, none at either end.
      Indentation and blanks inside a line stay.

    Args:
        text: Any string; an empty one stays empty.
    """
    if _ODD.search(text):
        text = text.replace("\r\n", "\n").translate(_REPLACED)
    text = unicodedata.normalize("NFC", text)
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def canonical_line(text: str) -> str:
    """Canonical text on one line with single blanks: titles, names, ids."""
    return " ".join(canonical_text(text).split())


_BLANK_LINES = re.compile(r"\n{3,}")


def _replacements() -> dict[int, str | None]:
    replaced: dict[int, str | None] = dict.fromkeys(
        (*range(0x20), 0x7F, 0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0xFEFF)
    )
    replaced |= dict.fromkeys(range(0x2060, 0x2070))
    del replaced[0x09], replaced[0x0A]
    replaced |= dict.fromkeys((0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x2028), "\n")
    replaced[0x2029] = "\n\n"
    for code in range(0x80, 0xA0):
        replaced[code] = bytes([code]).decode("cp1252", "ignore") or None
    return replaced | dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


_REPLACED = _replacements()
_ODD = re.compile("[" + "".join(re.escape(chr(code)) for code in _REPLACED) + "]")
