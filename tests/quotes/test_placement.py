import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.quotes.placement import LEAD_PARAGRAPHS, place_quotes
from framing.records import Article, Quote, Span


def quote(number: int, *content: tuple[int, int]) -> Quote:
    return Quote(
        id=f"q{number}",
        article_id="a",
        kind="direct",
        content=tuple(Span(*span) for span in content),
    )


def test_words_position_and_lead() -> None:
    # Paragraphs start at 0, 9 and 17; the text has 28 characters.
    article = Article(id="a", text="One two.\n\nThree.\n\nFour five.")
    assert len(article.text) == 28
    one, two, three = place_quotes(
        article, [quote(1, (0, 8)), quote(2, (10, 16)), quote(3, (18, 28))]
    )
    assert (one.n_words, one.position, one.in_lead) == (2, 0.0, True)
    assert (two.n_words, two.position, two.in_lead) == (1, 10 / 28, True)
    assert (three.n_words, three.position, three.in_lead) == (2, 18 / 28, False)
    assert LEAD_PARAGRAPHS == 2


@pytest.mark.parametrize(
    ("text", "n_words"),
    [("“1,200 men”", 2), ("don’t go", 2), ("well-known man", 2), ("… — !", 0), ("3.5", 1)],
)
def test_numbers_apostrophes_and_hyphens_are_inside_a_word(text: str, n_words: int) -> None:
    (placement,) = place_quotes(Article(id="a", text=text), [quote(1, (0, len(text)))])
    assert placement.n_words == n_words


def test_interrupted_quotes_count_their_parts_only() -> None:
    text = "“One two,” he said, “three.”"
    (placement,) = place_quotes(Article(id="a", text=text), [quote(1, (0, 10), (20, 28))])
    assert placement.n_words == 3


def test_no_quotes() -> None:
    assert place_quotes(Article(id="a", text="Rain."), []) == ()


@given(st.text(min_size=1).filter(lambda text: bool(text.strip())), st.data())
def test_position_is_a_share_and_order_is_kept(text: str, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), min_size=1, max_size=4))
    quotes = [quote(n, (start, len(text))) for n, start in enumerate(starts)]
    placements = place_quotes(Article(id="a", text=text), quotes)
    assert [placement.quote_id for placement in placements] == [q.id for q in quotes]
    assert all(0 <= placement.position < 1 for placement in placements)
