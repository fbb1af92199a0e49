"""What the tagger reads: words, the pieces that the encoder knows, and what the page shows.

The encoder is blind to capitals and to what lies far off, so each word carries what can be read
off the page without it: its shape, whether it stands in quotation marks, whether it opens a
sentence or a paragraph, and what the rules take it for.
"""

import bisect
import dataclasses
import random
from collections.abc import Iterator
from typing import Any

import torch

from framing.quotes.drafts import draft_quotes
from framing.quotes.marks import find_quotations
from framing.quotes.segments import find_paragraphs, find_sentences
from framing.quotes.tagging import TAGS, to_tags
from framing.quotes.word_runs import TextWords
from framing.quotes.words import find_word_sentences
from framing.records import Article, Span

__all__ = ["FEATURES", "TaggerText", "Window", "cut_windows", "overlapping_windows", "read_text"]

# Number of values of each feature of a word, in the order of the columns.
FEATURES = {"shape": 8, "quotation": 4, "opening": 3, "rules": len(TAGS)}
_MARKS = "\"'“”‘’«»"
_SLACK = 2  # pieces by which windows are cut short, since they end with words
_WORD_PIECES = 32  # that are read of a word, so that it fits the smallest window


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaggerText:
    """One article as the tagger reads it.

    Attributes:
        article: Whose text it is.
        words: Of the text, n.
        pieces: Ids in the encoder's vocabulary, m >= n.
        first: The first piece of each word, and m; shape [n + 1].
        features: Columns of `FEATURES`, shape [n, 4].
    """

    article: Article
    words: TextWords
    pieces: torch.Tensor
    first: list[int]
    features: torch.Tensor

    def __len__(self) -> int:
        return len(self.first) - 1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Words of one text that the encoder sees at once.

    Attributes:
        text: Place of the text in a sequence of texts.
        first: First word.
        stop: One past the last.
    """

    text: int
    first: int
    stop: int


def read_text(article: Article, tokenizer: Any) -> TaggerText:
    """Split an article into words and pieces and look at the page.

    Args:
        article: Any text; one without words has no pieces.
        tokenizer: The encoder's (a fast one). A word that it has no piece for is unknown to it; of
            a word of very many pieces (Chinese has no blanks) the first 32 are read.
    """
    words = TextWords(article.text)
    pieces: list[int] = []
    first: list[int] = []
    if words.words:
        encoded = tokenizer(
            [_readable(word.of(article.text)) for word in words.words],
            is_split_into_words=True,
            add_special_tokens=False,
            verbose=False,
        )
        unknown = [tokenizer.unk_token_id]  # looked up once: it is found by a search each time
        of_word: dict[int, list[int]] = {}
        for piece, word in zip(encoded["input_ids"], encoded.word_ids(), strict=True):
            of_word.setdefault(word, []).append(piece)
        for word in range(len(words.words)):
            first.append(len(pieces))
            pieces += of_word.get(word, unknown)[:_WORD_PIECES]
    return TaggerText(
        article=article,
        words=words,
        pieces=torch.tensor(pieces, dtype=torch.long),
        first=[*first, len(pieces)],
        features=_features(article, words),
    )


def cut_windows(number: int, text: TaggerText, size: int, *, rng: random.Random) -> list[Window]:
    """Windows to learn from: no word is lost, and the first cut falls anywhere.

    The last window is drawn back to full size, so that no window is a mere rest; the words that
    two windows share are learned twice.

    Args:
        number: Place of the text, kept in the windows.
        text: To be cut.
        size: Pieces of a window at most; a longer word is a window of its own.
        rng: Draws where the first window ends.
    """
    windows: list[Window] = []
    word, limit = 0, rng.randint(size // 2, size)
    while word < len(text):
        stop = _reach(text, word, limit)
        windows.append(Window(text=number, first=word, stop=stop))
        word, limit = stop, size
    if len(windows) > 1:
        last = windows.pop()
        start = _reach_back(text, last.stop, size)
        windows.append(Window(text=number, first=start, stop=last.stop))
    return windows


def overlapping_windows(
    number: int, text: TaggerText, size: int, margin: int
) -> Iterator[tuple[Window, int]]:
    """Windows to predict from, each with the first word that it is believed about.

    Neighbours share about two margins of pieces; each is believed about its half of them, so that
    no word is read without what stands around it. Windows are about equally long, so that none is
    mostly padding beside the others.

    Args:
        number: Place of the text, kept in the windows.
        text: To be read.
        size: Pieces of a window at most.
        margin: Pieces, at most a quarter of `size`.
    """
    size = _even_size(text.first[-1], size, margin)
    first = believed = 0
    while first < len(text):
        stop = _reach(text, first, size)
        yield Window(text=number, first=first, stop=stop), believed
        if stop == len(text):
            return
        following = max(first + 1, _reach_back(text, stop, 2 * margin))
        believed = (following + stop) // 2
        first = following


def _even_size(n: int, size: int, margin: int) -> int:
    """Pieces of each of the fewest windows that `n` pieces fit into."""
    if n <= size:
        return size
    shared = 2 * margin
    n_windows = -(-(n - shared) // max(1, size - shared))
    even = -(-(n - shared) // n_windows) + shared
    return min(size, even + _SLACK)


def _reach(text: TaggerText, first: int, size: int) -> int:
    """One past the last word of a window that begins with word `first`."""
    limit = text.first[first] + size
    return max(first + 1, bisect.bisect_right(text.first, limit) - 1)


def _reach_back(text: TaggerText, stop: int, size: int) -> int:
    """First word of a window that ends before word `stop`."""
    return min(stop - 1, bisect.bisect_left(text.first, text.first[stop] - size))


def _readable(word: str) -> str:
    """Without lone surrogates, which no tokenizer takes."""
    return word.encode("utf-8", "replace").decode("utf-8")


def _features(article: Article, words: TextWords) -> torch.Tensor:
    text = article.text
    n = len(words.words)
    features = torch.zeros(n, len(FEATURES), dtype=torch.long)
    if not n:
        return features
    features[:, 0] = torch.tensor([_shape(word.of(text)) for word in words.words])
    quotations, _ = find_quotations(text)
    for runs in (words.runs(quotation.parts) for quotation in quotations):
        for first, stop in runs:
            features[first:stop, 1] = 2
        if runs:
            features[runs[0][0], 1], features[runs[-1][1] - 1, 1] = 1, 3
    for kind, stretches in ((1, find_sentences(text)), (2, find_paragraphs(text))):
        for word in (words.next_word(stretch.start) for stretch in stretches):
            if word < n:
                features[word, 2] = kind
    found = [
        (first, stop, label)
        for draft in draft_quotes(text, find_word_sentences(text, quotations), quotations)[0]
        for label, spans in enumerate((_one(draft.source), _one(draft.cue), draft.content))
        for first, stop in words.runs(spans)
    ]
    features[:, 3] = torch.tensor(to_tags(n, found))
    return features


def _shape(word: str) -> int:
    if word[0] in _MARKS:
        return 1
    if word.isdigit():
        return 2
    if word.isalpha():
        if word.islower():
            return 3
        if word.isupper():
            return 4 if len(word) > 1 else 5
        return 6
    return 7 if word[0].isalnum() else 0


def _one(span: Span | None) -> tuple[Span, ...]:
    return () if span is None else (span,)
