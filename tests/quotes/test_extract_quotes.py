"""The public way in: what holds for any text."""

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import framing
from framing.quotes import Extractor, RulesExtractor, extract_quotes, place_quotes
from framing.quotes.marks import find_quotations
from framing.records import Article, Exclusion, Extraction, Span, check_extraction

# Pieces that meet in reports, so that random texts reach the rules.
PIECES = st.sampled_from(
    [
        *"“”„«»\"‘’'`—($%,:;?)",
        *["``", "''", " ", "\n", "\n\n", ". ", "! ", "Dr.", "é", "İ", "\u2028", "\x01", "😀"],
        *[" said ", " said that ", " according to ", " told ", " adding that ", " called "],
        *[" issued a warning ", " quoted ", " as saying ", " urged ", " found ", "its claim that "],
        *["Mira Osei", " he ", " who ", " Critics ", "Tarna’s ", "they", " the road is shut"],
        *[" was ", " to ", " and ", " while ", " with ", " which ", " but ", " in ", "as "],
    ]
)
REPORTS = st.lists(PIECES, min_size=1, max_size=30).map("".join)
MARKS = st.text(alphabet="“”„«»\"‘’'` \n.,aS", min_size=1, max_size=60)
UNICODE = st.text(min_size=1, max_size=80)  # surrogates are not among them
TEXTS = st.one_of(REPORTS, MARKS, UNICODE).filter(lambda text: bool(text.strip()))

FINISHED = st.sampled_from(
    ["The road is shut.", "“The road is shut.”", '"It is shut," he said.', "‘Go,’ said Mira Osei."]
)
# Without marks, cues and names; a lower-case start would go on with a wrongly broken sentence.
APPENDED = st.sampled_from(
    [
        "The rain went on.",
        "Nothing on the road to the river was dry by then.",
        "The rain was over. It was dark. The road was wet.",
    ]
)


def _article(text: str) -> Article:
    return Article(id="a", text=text)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_any_text_gives_sound_quotes_or_reasons(text: str) -> None:
    article = _article(text)
    extraction = extract_quotes(article)
    check_extraction(article, extraction)  # in the text, no overlap, ids unique, speakers exist
    for quote in extraction.quotes:
        for before, after in itertools.pairwise(quote.content):
            assert before.end <= after.start
        assert bool(quote.speaker_id) != bool(quote.reason)
    # In text order and not interleaved: one quote ends before the next begins.
    for one, other in itertools.pairwise(extraction.quotes):
        assert one.content[-1].end <= other.content[0].start
    for exclusion in extraction.exclusions:
        assert exclusion.reason
        assert exclusion.span is not None
        assert 0 <= exclusion.span.start < exclusion.span.end <= len(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_each_quotation_is_in_a_quote_or_left_out(text: str) -> None:
    extraction = extract_quotes(_article(text))
    content = [span for quote in extraction.quotes for span in quote.content]
    left_out = {exclusion.span for exclusion in extraction.exclusions}
    quotations, unclosed = find_quotations(text)
    for quotation in quotations:
        quoted = any(span.start <= quotation.start < span.end for span in content)
        assert quoted != (Span(quotation.start, quotation.end) in left_out)
    for mark in unclosed:
        assert Span(mark.position, mark.position + 1) in left_out


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_cue_source_and_content_share_no_words(text: str) -> None:
    for quote in extract_quotes(_article(text)).quotes:
        spans = sorted(filter(None, (quote.cue, quote.source, *quote.content)))
        for before, after in itertools.pairwise(spans):
            assert before.end <= after.start


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert extract_quotes(_article(text)) == extract_quotes(_article(text))


@settings(max_examples=300, deadline=None)
@given(REPORTS, FINISHED, APPENDED)
def test_a_neutral_paragraph_at_the_end_changes_nothing_before(
    start: str, finished: str, appended: str
) -> None:
    text = f"{start} {finished}"
    quotations, unclosed = find_quotations(text)
    assume(not unclosed and all(quotation.closed for quotation in quotations))
    before = extract_quotes(_article(text))
    after = extract_quotes(_article(f"{text}\n\n{appended}"))
    assert after.quotes == before.quotes


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_placements_are_in_range(text: str) -> None:
    article = _article(text)
    quotes = extract_quotes(article).quotes
    placements = place_quotes(article, quotes)
    assert [placement.quote_id for placement in placements] == [quote.id for quote in quotes]
    for quote, placement in zip(quotes, placements, strict=True):
        assert 0 <= placement.position < 1
        assert 0 <= placement.n_words <= sum(end - start for start, end in quote.content)
    positions = [placement.position for placement in placements]
    assert positions == sorted(positions)


def test_surrogates_that_no_file_holds_are_read_too() -> None:
    text = "\ud800 “The road is shut,” Mira Osei said. \udfff"
    assert [quote.text(text) for quote in extract_quotes(_article(text)).quotes] == [
        "“The road is shut,”"
    ]


def test_a_text_without_quotes_gives_an_empty_extraction() -> None:
    assert extract_quotes(_article("Rain fell on Tarna.")) == Extraction(article_id="a")


def test_the_rules_are_the_extractor_when_none_is_given() -> None:
    article = _article("“The road is shut,” Mira Osei said. The “safe” road was empty.")
    rules: Extractor = RulesExtractor()
    assert rules.name == "rules"
    assert (
        extract_quotes(article)
        == rules.extract(article)
        == extract_quotes(article, extractor=rules)
    )


def test_another_extractor_is_asked_instead() -> None:
    class Refuses:
        name = "refuses"
        version = "1"

        def extract(self, article: Article) -> Extraction:
            left_out = Exclusion(item=article.text, reason="cannot read", stage="quotes")
            return Extraction(article_id=article.id, exclusions=(left_out,))

    extraction = extract_quotes(_article("Mira Osei said it rained."), extractor=Refuses())
    assert extraction.quotes == ()
    assert [exclusion.reason for exclusion in extraction.exclusions] == ["cannot read"]


def test_extract_quotes_is_public() -> None:
    assert framing.extract_quotes is extract_quotes


@pytest.mark.parametrize("name", ["Jan Brik", "Jan Peter Balk", "May Carter", "June Hale"])
def test_a_given_name_that_is_a_month_is_no_date(name: str) -> None:
    text = f'"We wait for the ships," said {name}, a harbour pilot. The quay was empty.'
    extraction = extract_quotes(Article(id="a", text=text))
    assert [speaker.name for speaker in extraction.speakers] == [name]
