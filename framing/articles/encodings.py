"""From bytes to text: which encoding a file is in."""

import codecs
import io
import re
from typing import BinaryIO

from framing.errors import DataError

__all__ = ["decode", "detect_encoding"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_SAMPLE = 1 << 18
# What English text has outside ASCII besides lower-case letters.
_TYPOGRAPHIC = frozenset("‘’“”‚„«»‹›–—…•·†§©®™°€£¥¢½¼¾×\xa0´")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1b\x1f\x7f]")


def decode(data: bytes, *, declared: str = "") -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Args:
        data: The whole file.
        declared: Encoding that the file itself names, used when it is not UTF-8.

    Raises:
        DataError: The bytes are no text, or in no encoding that could be told.
    """
    encoding = detect_encoding(io.BytesIO(data), declared=declared)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        if encoding == "utf-8" and b"\0" in data:
            raise DataError("binary: it holds zero bytes; text is accepted") from error
        start = getattr(error, "start", 0)
        raise DataError(
            f"cannot be decoded: read as {encoding}, byte {start} does not fit; save it as UTF-8"
        ) from error
    found = _CONTROLS.findall(text)
    if "\0" in found or len(found) > 0.01 * len(text):
        raise DataError(
            f"binary: {len(found)} of {len(text)} characters are control characters, the first "
            f"is {found[0]!r}; text is accepted"
        )
    return text, encoding


def detect_encoding(file: BinaryIO, *, declared: str = "") -> str:
    """Name of the encoding of a file, which is left at its start.

    A byte order mark decides; else what is valid UTF-8 is UTF-8. So is what is mostly valid
    (more whole characters outside ASCII than broken ones): reading that as anything else would
    garble every quotation mark, so the broken places are left for the reader to refuse. Then
    the declared encoding; else, for text with few bytes outside ASCII, Windows-1252 (of which
    Latin-1 is a part) or Mac Roman, whichever gives more of the characters that English text
    has; else what charset-normalizer says.

    Raises:
        DataError: None of these fits.
    """
    head = file.read(_SAMPLE)
    file.seek(0)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _normalizer(head) if _looks_wide(head) else "utf-8"
    sample = _broken_sample(file)
    file.seek(0)
    if sample is None:
        return "utf-8"
    shown = sample.decode("utf-8", "replace")
    n_broken = shown.count("\N{REPLACEMENT CHARACTER}")
    n_high = sum(not c.isascii() for c in shown)
    if n_high > 2 * n_broken:
        return "utf-8"
    if declared:
        return _known(declared)
    if sum(byte >= 0x80 for byte in sample) > 0.3 * len(sample):
        return _normalizer(sample)
    return max(("cp1252", "mac_roman"), key=lambda encoding: _fit(sample, encoding))


def _broken_sample(file: BinaryIO) -> bytes | None:
    """Lines with bytes outside ASCII from the whole file; None if it is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, sample = True, bytearray()
    while chunk := file.read(_CHUNK):
        if not chunk.isascii() and len(sample) < _SAMPLE:
            for line in chunk.splitlines(keepends=True):
                if not line.isascii():
                    sample += line[: _SAMPLE - len(sample)]
        if valid:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                valid = False
                sample = sample or bytearray(chunk[:_SAMPLE])
        elif len(sample) >= _SAMPLE:
            break
    if valid:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            valid = False
    return None if valid else bytes(sample)


def _looks_wide(head: bytes) -> bool:
    """Whether every other byte is mostly zero, as in UTF-16 of English text."""
    n_even, n_odd = head[::2].count(0), head[1::2].count(0)
    return max(n_even, n_odd) > 0.8 * (len(head) // 2) and min(n_even, n_odd) < 0.05 * len(head)


def _normalizer(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: len(sample) // 2 * 2]).best()
    if best is None:
        raise DataError("cannot be decoded: no encoding fits its bytes; save it as UTF-8")
    return str(best.encoding)


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        raise DataError(
            f"cannot be decoded: it names the unknown encoding {declared!r}; save it as UTF-8"
        ) from None
    # Browsers read these names as Windows-1252, and so do the people who write them.
    return "cp1252" if name in ("iso8859-1", "ascii", "utf-8") else name


def _fit(sample: bytes, encoding: str) -> int:
    text, score = sample.decode(encoding, "replace"), 0
    for i, c in enumerate(text):
        if not c.isascii():
            expected = c in _TYPOGRAPHIC or (
                c.isalpha()
                and (c.islower() or not text[i - 1 : i].islower())
                and (text[i - 1 : i].isalpha() or text[i + 1 : i + 2].isalpha())
            )
            score += 1 if expected else -1
    return score
