"""Windows of articles as tensors, and the right answers beside them."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import torch

from framing.metrics.spans import AttributionSpans
from framing.models.tagger_inputs import FEATURES, TaggerText, Window
from framing.quotes.tagging import to_tags

__all__ = ["LinkTargets", "Reading", "TaggedText", "make_batch", "tag_text", "window_targets"]

NOT_A_WORD = -100  # the tag of padding


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What of an encoder a batch depends on."""

    opening: int
    closing: int
    padding: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LinkTargets:
    """Spans of words, and who belongs to whom.

    Attributes:
        spans: First word, one past the last and place in `LABELS`, in text order.
        heads: Place of the head of a part of content, by the part's; a head of itself opens a
            quote without a cue.
        sources: Place of the source of a head, by the head's; the number of spans for none.
    """

    spans: tuple[tuple[int, int, int], ...]
    heads: dict[int, int]
    sources: dict[int, int]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaggedText:
    """A text with its right answers.

    Attributes:
        text: As the tagger reads it.
        tags: Of its words, n.
        links: Among all its spans.
    """

    text: TaggerText
    tags: torch.Tensor
    links: LinkTargets


def tag_text(text: TaggerText, attributions: Sequence[AttributionSpans]) -> TaggedText:
    """Turn attributions into tags and links.

    A cue or source of several spans is linked by its first; spans that share words with an
    earlier one (there are next to none) lose them.
    """
    places: dict[tuple[int, int, int], None] = {}
    found = []
    for each in attributions:
        parts = [
            [(*run, label) for run in text.words.runs(spans)]
            for label, spans in enumerate((each.source, each.cue, each.content))
        ]
        for span in (span for part in parts for span in part):
            places[span] = None
        found.append(parts)
    spans = tuple(sorted(places))
    place = {span: i for i, span in enumerate(spans)}
    heads: dict[int, int] = {}
    sources: dict[int, int] = {}
    for source, cue, content in found:
        if not cue and not content:
            continue
        head = place[(cue or content)[0]]
        for span in content:
            heads.setdefault(place[span], head)
        sources.setdefault(head, place[source[0]] if source else len(spans))
    tags = to_tags(len(text), spans)
    return TaggedText(
        text=text,
        tags=torch.tensor(tags, dtype=torch.long),
        links=LinkTargets(spans=spans, heads=heads, sources=sources),
    )


def window_targets(tagged: TaggedText, window: Window) -> LinkTargets:
    """The links among spans that lie wholly in a window; words count from its first.

    A link to a span outside the window is nothing to learn from, and left out.
    """
    links = tagged.links
    n = len(links.spans)
    kept = [i for i, (a, b, _) in enumerate(links.spans) if window.first <= a and b <= window.stop]
    place = {i: new for new, i in enumerate(kept)} | {n: len(kept)}
    return LinkTargets(
        spans=tuple(
            (first - window.first, stop - window.first, label)
            for first, stop, label in (links.spans[i] for i in kept)
        ),
        heads={place[i]: place[j] for i, j in links.heads.items() if i in place and j in place},
        sources={place[i]: place[j] for i, j in links.sources.items() if i in place and j in place},
    )


def make_batch(windows: Sequence[tuple[TaggerText, Window]], reading: Reading) -> dict[str, Any]:
    """Windows side by side, each between the encoder's opening and closing pieces.

    Returns:
        `pieces` and `attention` [b, p], `piece_features` [b, p, 4], `first` (place of each word's
        first piece) [b, w] and `features` [b, w, 4].
    """
    n_pieces = [text.first[w.stop] - text.first[w.first] for text, w in windows]
    n_words = [w.stop - w.first for _, w in windows]
    shape = (len(windows), max(n_pieces) + 2)
    pieces = torch.full(shape, reading.padding, dtype=torch.long)
    attention = torch.zeros(shape, dtype=torch.long)
    piece_features = torch.zeros(*shape, len(FEATURES), dtype=torch.long)
    first = torch.zeros(len(windows), max(n_words), dtype=torch.long)
    features = torch.zeros(len(windows), max(n_words), len(FEATURES), dtype=torch.long)
    for row, ((text, window), pieces_of, words_of) in enumerate(
        zip(windows, n_pieces, n_words, strict=True)
    ):
        begin = text.first[window.first]
        places = torch.tensor(text.first[window.first : window.stop + 1]) - begin
        own = text.features[window.first : window.stop]
        pieces[row, 0], pieces[row, pieces_of + 1] = reading.opening, reading.closing
        pieces[row, 1 : pieces_of + 1] = text.pieces[begin : begin + pieces_of]
        attention[row, : pieces_of + 2] = 1
        piece_features[row, 1 : pieces_of + 1] = own.repeat_interleave(places.diff(), dim=0)
        first[row, :words_of] = places[:-1] + 1
        features[row, :words_of] = own
    return {
        "pieces": pieces,
        "attention": attention,
        "piece_features": piece_features,
        "first": first,
        "features": features,
    }
