"""What the tagger reads: words and their pieces, features, and windows that lose no word."""

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from framing.models.encoders import read_encoder, resolve_encoder
from framing.models.tagger_inputs import (
    FEATURES,
    TaggerText,
    cut_windows,
    overlapping_windows,
    read_text,
)
from framing.quotes.word_runs import TextWords
from framing.records import Article

SHAPES = "other mark digits lower upper initial capital mixed".split()
QUOTATIONS = "outside opens within closes".split()
OPENINGS = "none sentence paragraph".split()


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder_folder: Path) -> Any:
    return read_encoder(resolve_encoder(tiny_encoder_folder))[1]


def read(text: str, tokenizer: Any) -> TaggerText:
    return read_text(Article(id="a", text=text), tokenizer)


def of_pieces(*pieces: int) -> TaggerText:
    """A text of words with these numbers of pieces."""
    text = "x " * max(1, len(pieces))
    return TaggerText(
        article=Article(id="a", text=text),
        words=TextWords(text),
        pieces=torch.arange(sum(pieces)),
        first=[0, *itertools.accumulate(pieces)],
        features=torch.zeros(len(pieces), len(FEATURES), dtype=torch.long),
    )


# Some words are longer than the smallest window.
PIECES = st.lists(st.one_of(st.integers(1, 3), st.integers(1, 50)), max_size=120)
SIZES = st.integers(32, 64)


def test_pieces_are_those_of_each_word_in_order(tokenizer: Any) -> None:
    # "dam" and "the" are words of the tiny vocabulary, "zoo" is three letters.
    text = read("The dam, zoo.", tokenizer)
    assert tokenizer.convert_ids_to_tokens(text.pieces.tolist()) == [
        "the", "dam", ",", "z", "##o", "##o", ".",
    ]  # fmt: skip
    assert text.first == [0, 1, 2, 3, 6, 7]
    assert len(text) == 5


@pytest.mark.parametrize(
    "odd",
    [
        "Ω",
        "x",
        "…",
        "\u200b",
        "\ud800 said",
        "👨\u200d👩 \u0301x",
        "好" * 500,
        "a" * 5000,
        "\x00\x01",
    ],
)
def test_every_word_of_odd_text_has_pieces_that_fit_a_window(odd: str, tokenizer: Any) -> None:
    text = read(odd, tokenizer)
    lengths = [b - a for a, b in itertools.pairwise(text.first)]
    assert len(lengths) == len(TextWords(odd).words) == len(text.features)
    assert lengths
    assert all(1 <= length <= 32 for length in lengths)
    assert text.first[-1] == len(text.pieces)


def test_a_word_that_the_tokenizer_has_no_piece_for_is_unknown(tokenizer: Any) -> None:
    text = read("dam \u200b dam", tokenizer)  # BERT drops blanks of no width
    assert tokenizer.convert_ids_to_tokens(text.pieces.tolist()) == ["dam", "[UNK]", "dam"]


def test_a_text_without_words_has_no_windows() -> None:
    text = of_pieces()
    assert len(text) == 0
    assert list(overlapping_windows(0, text, 32, 8)) == []
    assert cut_windows(0, text, 32, rng=random.Random(0)) == []


def test_a_word_carries_what_the_page_shows(tokenizer: Any) -> None:
    found = read('"We knew," Ada said. USA 24 x2 I _.\n\nMcKay left.', tokenizer)
    words = [word.of(found.article.text) for word in found.words.words]
    shapes = [SHAPES[i] for i in found.features[:, 0].tolist()]
    assert dict(zip(words, shapes, strict=True)) == {
        '"': "mark", "We": "capital", "knew": "lower",
        ",": "other", "Ada": "capital", "said": "lower", ".": "other", "USA": "upper",
        "24": "digits", "x2": "mixed", "I": "initial", "_": "other", "McKay": "capital",
        "left": "lower",
    }  # fmt: skip
    inside = dict(zip(range(len(words)), found.features[:, 1].tolist(), strict=True))
    # " We knew , " : the mark opens, the closing mark closes, what is between is within.
    assert [QUOTATIONS[inside[i]] for i in range(6)] == [
        "opens", "within", "within", "within", "closes", "outside",
    ]  # fmt: skip
    assert not any(inside[i] for i in range(5, len(words)))
    opened = {
        words[i]: OPENINGS[kind] for i, kind in enumerate(found.features[:, 2].tolist()) if kind
    }
    assert opened == {'"': "paragraph", "USA": "sentence", "McKay": "paragraph"}
    # The rules take all of the quotation for content, Ada for its source and "said" for its cue.
    assert found.features[:8, 3].tolist() == [5, 6, 6, 6, 6, 1, 3, 0]


@given(pieces=PIECES, size=SIZES, data=st.data())
def test_every_word_is_believed_exactly_once(
    pieces: list[int], size: int, data: st.DataObject
) -> None:
    margin = data.draw(st.integers(0, size // 4))
    text = of_pieces(*pieces)
    windows = list(overlapping_windows(7, text, size, margin))
    believed = [first for _, first in windows] + [len(text)]
    assert believed[0] == 0
    for i, (window, _) in enumerate(windows):
        assert window.text == 7
        assert window.first <= believed[i] <= believed[i + 1] <= window.stop <= len(text)
        assert (
            text.first[window.stop] - text.first[window.first] <= size
            or window.stop == window.first + 1
        )
    assert bool(windows) == bool(pieces)


@given(n=st.integers(1, 300), size=SIZES, data=st.data())
def test_no_word_is_read_without_a_margin_around_it(n: int, size: int, data: st.DataObject) -> None:
    margin = data.draw(st.integers(1, size // 4))
    windows = list(overlapping_windows(0, of_pieces(*[1] * n), size, margin))
    believed = [first for _, first in windows] + [n]
    for i, (window, _) in enumerate(windows):
        assert window.first == 0 or believed[i] - window.first >= margin
        assert window.stop == n or window.stop - believed[i + 1] >= margin
    # No more windows than it takes: each adds `size` less what it shares with the one before.
    assert len(windows) == max(1, -(-(n - 2 * margin) // (size - 2 * margin)))


def test_windows_are_about_equally_long() -> None:
    # 300 pieces in windows of 128 that share 24: 3 windows, of (300 - 24) / 3 + 24 = 116 pieces
    # at least, and 2 more for words that end early; 94 were left for the last.
    windows = [window for window, _ in overlapping_windows(0, of_pieces(*[1] * 300), 128, 12)]
    assert [(one.first, one.stop) for one in windows] == [(0, 118), (94, 212), (188, 300)]


@given(pieces=PIECES, size=SIZES, seed=st.integers(0, 1000))
def test_windows_to_learn_from_hold_every_word(pieces: list[int], size: int, seed: int) -> None:
    text = of_pieces(*pieces)
    windows = cut_windows(7, text, size, rng=random.Random(seed))
    assert sorted({word for w in windows for word in range(w.first, w.stop)}) == list(
        range(len(text))
    )
    for window in windows:
        assert window.text == 7
        assert 0 <= window.first < window.stop <= len(text)
        assert (
            text.first[window.stop] - text.first[window.first] <= size
            or window.stop == window.first + 1
        )
    # Only the last may share words, with what stands before it.
    for one, other in itertools.pairwise(windows[:-1]):
        assert one.stop == other.first
    assert cut_windows(7, text, size, rng=random.Random(seed)) == windows


def test_the_first_cut_falls_anywhere_and_no_window_is_a_mere_rest() -> None:
    text = of_pieces(*[1] * 100)
    cut = [cut_windows(0, text, 32, rng=random.Random(seed)) for seed in range(400)]
    assert {windows[0].stop for windows in cut} == set(range(16, 33))
    assert {windows[-1].stop - windows[-1].first for windows in cut} == {32}
