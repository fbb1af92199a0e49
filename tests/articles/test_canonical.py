"""`framing.articles.canonical`: what is changed, and that nothing else is."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.articles import canonical_text
from framing.articles.canonical import canonical_line

_HARD = st.text(
    st.sampled_from("a é́e“\n\r\t \x85\x92\xa0\xad\u200b\u2028\u2029\u202a\ufeff\ud800\0\x0c")
)


@settings(deadline=None)
@given(st.one_of(st.text(), _HARD))
def test_canonical_text_is_canonical_and_idempotent(text: str) -> None:
    once = canonical_text(text)

    assert canonical_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert "\n\n\n" not in once
    assert all(line == line.rstrip() for line in once.split("\n"))
    assert once == once.strip("\n")
    once.encode()  # raises if a lone surrogate is left


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_visible_ascii_is_untouched(text: str) -> None:
    assert canonical_text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\r\ntwo\rthree\x0cfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("one\u2029two", "one\n\ntwo"),
        ("one \t\n\xa0\n \n\ntwo\n", "one\n\ntwo"),
        ("\n\n  one  two", "  one  two"),  # indentation and inner blanks stay
        ("cafe\u0301", "café"),
        # Windows-1252 read as Latin-1: quotation marks, apostrophe, ellipsis, dash
        ("\x93Don\x92t\x94 he said\x85 \x96 no", "“Don’t” he said… – no"),
        ("mili\xadtary\u200b \ufeff\u202a“go”\u202c\0", "military “go”"),
        ("a\u200db", "a\u200db"),
        ("lost \ud83d half", "lost \N{REPLACEMENT CHARACTER} half"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_each_rule(text: str, expected: str) -> None:
    assert canonical_text(text) == expected


def test_canonical_line_has_single_blanks() -> None:
    assert canonical_line(" Convoy\n leaves\xa0 at  dawn ") == "Convoy leaves at dawn"
