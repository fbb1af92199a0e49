from hypothesis import given
from hypothesis import strategies as st

from framing.dataset.exchange.quote_context import quote_context
from framing.records import Span

TEXT = "One went.\n\nTwo said: go on.\n\nThree left.\n\nFour slept."


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def shown(*spans: Span, **options: int) -> str:
    return "".join(
        f"<{words}>" if marked else words for words, marked in quote_context(TEXT, spans, **options)
    )


def test_the_paragraphs_before_and_after_are_there() -> None:
    assert shown(at("go on")) == "One went.\n\nTwo said: <go on>.\n\nThree left. […]"


def test_none_around_if_none_is_wanted() -> None:
    assert shown(at("go on"), n_around=0) == "[…] Two said: <go on>. […]"


def test_a_gap_stands_for_what_lies_between() -> None:
    spans = at("One"), at("slept")
    assert shown(*spans, n_around=0) == "<One> went. […] Four <slept>."


def test_a_context_over_paragraphs_is_marked_through() -> None:
    span = Span(at("go on").start, at("Three").end)
    assert shown(span, n_around=0) == "[…] Two said: <go on.\n\nThree> left. […]"


def test_long_paragraphs_are_cut_to_the_words_around() -> None:
    text = f"{'a ' * 1000}here{' b' * 1000}"
    pieces = quote_context(text, [Span(2000, 2004)], max_length=600)
    assert pieces[1] == ("a " * 125, False)  # 250 characters
    assert pieces[2] == ("here", True)
    assert pieces[3] == (" b" * 125, False)
    assert (pieces[0][0], pieces[4][0]) == ("[…] ", " […]")


def test_without_words_there_is_no_context() -> None:
    assert quote_context(TEXT, []) == ()


@given(
    text=st.text("ab \n🙂", min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=6, unique=True),
    limit=st.sampled_from([1, 9, 30, 80]),
)
def test_what_is_marked_is_of_the_spans(text: str, cuts: list[int], limit: int) -> None:
    ends = sorted(cut for cut in cuts if cut <= len(text))
    spans = [Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    marked = [
        words for words, is_marked in quote_context(text, spans, max_length=limit) if is_marked
    ]
    assert all(any(words in span.of(text) for span in spans) for words in marked)
    if limit == 80:  # the text is shorter, so all of the spans but blank lines is there
        said = "".join(span.of(text) for span in spans)
        assert "".join("".join(marked).split()) == "".join(said.split())
