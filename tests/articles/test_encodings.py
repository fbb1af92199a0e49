"""`framing.articles.encodings`: the encoding is told, or the file refused."""

import codecs
import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.articles.encodings import decode, detect_encoding
from framing.errors import DataError

TEXT = "The mayor said: “We won’t stop” — and José, who runs a café, agreed.\n" * 2


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"plain", "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("utf-16-le"), "utf_16_le"),
        (TEXT.encode("utf-16-be"), "utf_16_be"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("mac_roman"), "mac_roman"),
    ],
)
def test_text_comes_out_the_same(data: bytes, encoding: str) -> None:
    text, found = decode(data)

    assert found == encoding
    assert text == (TEXT if len(data) > 5 else "plain")


def test_latin_1_is_part_of_cp1252() -> None:
    text = "A café owner agreed on Friday that the road was closed.\n"
    assert decode(text.encode("latin-1")) == (text, "cp1252")


def test_one_accent_in_mac_roman() -> None:
    text = "A café owner agreed on Friday that the road was closed.\n"
    assert decode(text.encode("mac_roman")) == (text, "mac_roman")


def test_a_script_of_its_own_is_named() -> None:
    text = "Министр сказал в понедельник, что колонна отправится в пятницу. " * 5
    assert decode(text.encode("cp1251")) == (text, "cp1251")


def test_declared_encoding_counts_only_where_it_is_not_utf8() -> None:
    assert decode(TEXT.encode(), declared="iso-8859-1") == (TEXT, "utf-8")
    assert decode(TEXT.encode("cp1252"), declared="iso-8859-1") == (TEXT, "cp1252")
    with pytest.raises(DataError, match="names the unknown encoding 'klingon'"):
        decode(TEXT.encode("cp1252"), declared="klingon")


def test_damaged_utf8_is_refused_rather_than_garbled() -> None:
    damaged = TEXT.encode()[:-1] + "é".encode()[:1]

    with pytest.raises(DataError, match="cannot be decoded: read as utf-8, byte 1"):
        decode(damaged)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"text\0text", r"1 of 9 characters are control characters, the first is '\\x00'; text"),
        (b"\1\2\3" * 50, r"150 of 150 characters are control characters, the first is '\\x01'"),
        (b"\x89PNG\r\n" + bytes(range(256)) * 9, "it holds zero bytes; text is accepted"),
    ],
)
def test_binary_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DataError, match=f"^binary: {reason}"):
        decode(data)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(DataError):
        text, encoding = decode(data)
        assert "\0" not in text
        assert data.decode(encoding) == text


def test_a_late_broken_byte_is_seen_in_a_large_file() -> None:
    file = io.BytesIO(b"plain line\n" * 300_000 + "He said “no”\n".encode("cp1252"))

    assert detect_encoding(file) == "cp1252"
    assert file.tell() == 0
