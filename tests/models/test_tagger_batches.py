"""Right answers of texts and windows, and windows as tensors."""

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from framing.metrics.spans import AttributionSpans
from framing.models.encoders import read_encoder, resolve_encoder
from framing.models.tagger_batches import (
    LinkTargets,
    Reading,
    TaggedText,
    make_batch,
    tag_text,
    window_targets,
)
from framing.models.tagger_inputs import FEATURES, TaggerText, Window, read_text
from framing.quotes.tagging import to_spans
from framing.quotes.word_runs import TextWords
from framing.records import Article, Span
from tests.models.invented_attributions import ARTICLE, annotate

SOURCE, CUE, CONTENT = range(3)
READING = Reading(opening=2, closing=3, padding=0)


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder_folder: Path) -> Any:
    return read_encoder(resolve_encoder(tiny_encoder_folder))[1]


@pytest.fixture(scope="module")
def tagged(tokenizer: Any) -> TaggedText:
    each = annotate(ARTICLE)
    return tag_text(read_text(each.article, tokenizer), each.attributions)


def plain(*words: str) -> TaggerText:
    """A text of words of one piece each."""
    text = " ".join(words)
    return TaggerText(
        article=Article(id="a", text=text),
        words=TextWords(text),
        pieces=torch.arange(10, 10 + len(words)),
        first=list(range(len(words) + 1)),
        features=torch.zeros(len(words), len(FEATURES), dtype=torch.long),
    )


def test_attributions_are_tags_and_links(tagged: TaggedText) -> None:
    # Ada Brook said that the dam is needed . The valley is dry .
    # 0   1     2    3    4   5   6  7      8 9   10     11 12  13
    # " Nobody here wanted it , " Mina Holt said , " and it is a mistake . " " Who is safe ? "
    # 14 15    16   17    18 19 20 21  22   23  24 25 26 ...      30    31 32 33 34 ...  37 38
    text = tagged.text.article.text
    names = [
        (label, text[tagged.text.words.words[a].start : tagged.text.words.words[b - 1].end])
        for a, b, label in tagged.links.spans
    ]
    # Content and question touch, but are of two attributions.
    assert names == [
        (SOURCE, "Ada Brook"), (CUE, "said"), (CONTENT, "the dam is needed"),
        (CONTENT, '"Nobody here wanted it,"'), (SOURCE, "Mina Holt"), (CUE, "said"),
        (CONTENT, '"and it is a mistake."'), (CONTENT, '"Who is safe?"'),
    ]  # fmt: skip
    assert tagged.links.spans[:4] == ((0, 2, 0), (2, 3, 1), (4, 8, 2), (14, 21, 2))
    # Parts by their heads: cues 1 and 5, and the question by itself.
    assert tagged.links.heads == {2: 1, 3: 5, 6: 5, 7: 7}
    assert tagged.links.sources == {1: 0, 5: 4, 7: 8}
    assert to_spans(tagged.tags.tolist()) == list(tagged.links.spans)


def test_cues_and_sources_of_several_spans_are_linked_by_their_first() -> None:
    text = plain("Ada", "x", "Holt", "has", "x", "said", "rain")
    one = AttributionSpans(
        source=(Span(0, 3), Span(6, 10)), cue=(Span(11, 14), Span(17, 21)), content=(Span(22, 26),)
    )
    links = tag_text(text, [one]).links
    assert links.spans == ((0, 1, 0), (2, 3, 0), (3, 4, 1), (5, 6, 1), (6, 7, 2))
    assert links.heads == {4: 2}
    assert links.sources == {2: 0}


def test_a_source_of_two_quotes_is_one_span_and_a_cue_without_content_has_a_source() -> None:
    text = plain("Ada", "said", "rain", "added", "wind", "spoke")
    ada = (Span(0, 3),)
    links = tag_text(
        text,
        [
            AttributionSpans(source=ada, cue=(Span(4, 8),), content=(Span(9, 13),)),
            AttributionSpans(source=ada, cue=(Span(14, 19),), content=(Span(20, 24),)),
            AttributionSpans(source=ada, cue=(Span(25, 30),)),
            AttributionSpans(source=ada),
        ],
    ).links
    assert [label for _, _, label in links.spans] == [SOURCE, CUE, CONTENT, CUE, CONTENT, CUE]
    assert links.heads == {2: 1, 4: 3}
    assert links.sources == {1: 0, 3: 0, 5: 0}


def test_nothing_attributed_is_nothing_tagged() -> None:
    tagged = tag_text(plain("dry", "valley"), [])
    assert tagged.tags.tolist() == [0, 0]
    assert tagged.links == LinkTargets(spans=(), heads={}, sources={})


def _in_words(
    links: LinkTargets, shift: int = 0
) -> tuple[set[Any], set[tuple[Any, Any]], set[tuple[Any, Any]]]:
    """Spans and links with spans instead of places, and words counted from the text's first."""
    spans = [(a + shift, b + shift, label) for a, b, label in links.spans]
    named = [*spans, None]
    return (
        set(spans),
        {(spans[i], spans[j]) for i, j in links.heads.items()},
        {(spans[i], named[j]) for i, j in links.sources.items()},
    )


@given(st.data())
def test_a_window_has_the_spans_and_links_that_lie_wholly_in_it(
    tagged: TaggedText, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(tagged.text) - 1))
    stop = data.draw(st.integers(first + 1, len(tagged.text)))
    found = window_targets(tagged, Window(text=0, first=first, stop=stop))
    assert list(found.spans) == sorted(found.spans)
    assert all(0 <= a < b <= stop - first for a, b, _ in found.spans)

    def inside(span: tuple[int, int, int] | None) -> bool:
        return span is None or (first <= span[0] and span[1] <= stop)

    spans, heads, sources = _in_words(tagged.links)
    assert _in_words(found, first) == (
        {span for span in spans if inside(span)},
        {pair for pair in heads if inside(pair[0]) and inside(pair[1])},
        {pair for pair in sources if inside(pair[0]) and inside(pair[1])},
    )


def test_the_window_of_a_whole_text_has_all_of_it(tagged: TaggedText) -> None:
    whole = Window(text=0, first=0, stop=len(tagged.text))
    assert window_targets(tagged, whole) == tagged.links


def test_a_batch_holds_each_window_between_its_ends(tokenizer: Any) -> None:
    # Words of one piece ("dam", "the") and of three ("zoo").
    text = read_text(Article(id="a", text='The zoo "dam" zoo the.'), tokenizer)
    windows = [Window(text=0, first=1, stop=4), Window(text=0, first=5, stop=6),
               Window(text=0, first=0, stop=8)]  # fmt: skip
    batch = make_batch([(text, window) for window in windows], READING)
    longest = text.first[8] + 2
    assert batch["pieces"].shape == batch["attention"].shape == (3, longest)
    assert batch["piece_features"].shape == (3, longest, len(FEATURES))
    for row, window in enumerate(windows):
        pieces, places, of_pieces = [READING.opening], [], [[0] * len(FEATURES)]
        for word in range(window.first, window.stop):
            own = text.pieces[text.first[word] : text.first[word + 1]].tolist()
            places.append(len(pieces))
            pieces += own
            of_pieces += [text.features[word].tolist()] * len(own)
        pieces.append(READING.closing)
        rest = longest - len(pieces)
        assert batch["pieces"][row].tolist() == pieces + [READING.padding] * rest
        assert batch["attention"][row].tolist() == [1] * len(pieces) + [0] * rest
        assert batch["piece_features"][row].tolist() == of_pieces + [[0] * len(FEATURES)] * (
            rest + 1
        )
        n = window.stop - window.first
        assert batch["first"][row].tolist() == places + [0] * (8 - n)
        assert torch.equal(batch["features"][row, :n], text.features[window.first : window.stop])
        assert not batch["features"][row, n:].any()


def test_a_window_does_not_depend_on_its_company(tokenizer: Any) -> None:
    text = read_text(Article(id="a", text='The zoo "dam" zoo the.'), tokenizer)
    small, large = Window(text=0, first=1, stop=3), Window(text=0, first=0, stop=8)
    alone = make_batch([(text, small)], READING)
    together = make_batch([(text, large), (text, small)], READING)
    for name, value in alone.items():
        assert torch.equal(together[name][1, : value.shape[1]], value[0]), name
