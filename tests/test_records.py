import dataclasses
import datetime
import hashlib
import math
from typing import Any

import pytest

from framing import to_frame
from framing.errors import DataError
from framing.records import (
    Article,
    Extraction,
    Label,
    Prediction,
    Quote,
    Span,
    Speaker,
    check_extraction,
)

TEXT = "“We stay,” Orla Benn said. “Nobody leaves.”"
#       0         1         2         3         4
#       0123456789012345678901234567890123456789012
FIRST, SECOND = Span(0, 10), Span(27, 43)
ARTICLE = Article(id="a", text=TEXT)
SPEAKER = Speaker(id="a.s1", article_id="a", name="Orla Benn", mentions=(Span(11, 20),))
QUOTE = Quote(
    id="a.q1",
    article_id="a",
    kind="direct",
    content=(FIRST, SECOND),
    cue=Span(21, 25),
    source=Span(11, 20),
    speaker_id="a.s1",
)
EXTRACTION = Extraction(article_id="a", quotes=(QUOTE,), speakers=(SPEAKER,))
LABEL: dict[str, Any] = {"unit_id": "q", "variable": "v", "value": "x", "annotator": "ada"}
PREDICTION = Prediction(
    unit_id="q",
    variable="stance",
    model="m",
    codebook="c",
    categories=("for", "against", "other"),
    probabilities=(0.2, 0.5, 0.3),
)


def test_a_span_covers_code_points_half_open() -> None:
    assert FIRST.of(TEXT) == "“We stay,”"
    assert QUOTE.source is not None
    assert QUOTE.source.of(TEXT) == "Orla Benn"


def test_quote_text_joins_its_parts() -> None:
    assert QUOTE.text(TEXT) == "“We stay,” “Nobody leaves.”"


def test_records_are_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        QUOTE.id = "other"  # type: ignore[misc]


def test_article_digest_is_of_the_text_alone() -> None:
    assert ARTICLE.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert dataclasses.replace(ARTICLE, id="b", title="T").sha256 == ARTICLE.sha256
    assert len(Article(id="a", text="half a pair \ud800").sha256) == 64


@pytest.mark.parametrize(
    ("target", "title", "expected"),
    [("the raid", "A raid", "the raid"), ("", "A raid", "A raid"), ("", "", "")],
)
def test_the_headline_stands_in_for_a_missing_target(
    target: str, title: str, expected: str
) -> None:
    assert Article(id="a", text="x", target=target, title=title).stance_target == expected


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_article_without_text(text: str) -> None:
    with pytest.raises(DataError, match=r"^article 'a': the text is empty; leave the article out$"):
        Article(id="a", text=text)


def test_article_date_is_a_day() -> None:
    noon = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)
    with pytest.raises(DataError, match=r"article 'a': date is .* it takes a day"):
        Article(id="a", text="x", date=noon)
    assert Article(id="a", text="x", date=noon.date()).date == datetime.date(2024, 5, 1)


@pytest.mark.parametrize("id_", ["", " a", "a ", "a\tb", "a\nb"])
def test_ids_have_no_stray_blanks(id_: str) -> None:
    problem = "is empty or has blanks at its ends, tabs or line breaks"
    for what, make in (
        ("article", lambda: Article(id=id_, text="x")),
        ("quote", lambda: dataclasses.replace(QUOTE, id=id_)),
        ("speaker", lambda: dataclasses.replace(SPEAKER, id=id_)),
    ):
        with pytest.raises(DataError) as error:
            make()
        assert str(error.value) == f"{what}: id {id_!r} {problem}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "loud"}, "quote 'a.q1': kind is 'loud'; accepted: direct, mixed, indirect"),
        ({"content": ()}, "quote 'a.q1': content has no span; give at least one"),
        (
            {"content": (Span(5, 5),)},
            "quote 'a.q1': content span [5, 5] is empty or negative; "
            "spans are [start, end) with 0 <= start < end",
        ),
        (
            {"cue": Span(-1, 4)},
            "quote 'a.q1': cue span [-1, 4] is empty or negative; "
            "spans are [start, end) with 0 <= start < end",
        ),
        (
            {"source": Span(4, 2)},
            "quote 'a.q1': source span [4, 2] is empty or negative; "
            "spans are [start, end) with 0 <= start < end",
        ),
        (
            {"content": (SECOND, FIRST)},
            "quote 'a.q1': content spans overlap or are not in text order",
        ),
        (
            {"content": (Span(0, 5), Span(4, 9))},
            "quote 'a.q1': content spans overlap or are not in text order",
        ),
    ],
)
def test_quote_that_is_not_well_formed(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as error:
        dataclasses.replace(QUOTE, **changes)
    assert str(error.value) == message


def test_content_spans_may_touch() -> None:
    assert dataclasses.replace(QUOTE, content=(Span(0, 5), Span(5, 9))).content[1].start == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"kind": "crowd"},
            "speaker 'a.s1': kind is 'crowd'; accepted: person, organisation, group, unnamed",
        ),
        ({"name": " "}, "speaker 'a.s1': the name is empty; give a name or description"),
        (
            {"mentions": (Span(3, 9), Span(1, 2))},
            "speaker 'a.s1': mentions spans overlap or are not in text order",
        ),
    ],
)
def test_speaker_that_is_not_well_formed(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as error:
        dataclasses.replace(SPEAKER, **changes)
    assert str(error.value) == message


@pytest.mark.parametrize("field", ["unit_id", "variable", "value", "annotator"])
def test_label_with_an_empty_field(field: str) -> None:
    with pytest.raises(DataError, match=f": {field} is empty; fill it in$"):
        Label(**LABEL | {field: ""})


@pytest.mark.parametrize("probability", [0, -0.1, 1.01, math.nan])
def test_label_drawn_with_an_impossible_probability(probability: float) -> None:
    with pytest.raises(DataError, match=r"label of 'q': probability .* is not in \(0, 1\]"):
        Label(**LABEL, probability=probability)


def test_prediction_value_is_the_most_probable_category() -> None:
    assert PREDICTION.value == "against"


def test_of_equally_probable_categories_the_first_in_the_codebook_wins() -> None:
    assert dataclasses.replace(PREDICTION, probabilities=(0.2, 0.4, 0.4)).value == "against"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"probabilities": (0.5, 0.5)},
            "2 probabilities for 3 categories; give one for each",
        ),
        (
            {"categories": (), "probabilities": ()},
            "0 probabilities for 0 categories; give one for each",
        ),
        (
            {"probabilities": (0.5, 0.2, 0.2)},
            "probabilities (0.5, 0.2, 0.2) do not sum to 1",
        ),
        (
            {"probabilities": (1.5, -0.5, 0.0)},
            "probabilities (1.5, -0.5, 0.0) do not sum to 1",
        ),
        (
            {"probabilities": (math.nan, 0.5, 0.5)},
            "probabilities (nan, 0.5, 0.5) do not sum to 1",
        ),
    ],
)
def test_prediction_that_is_not_a_distribution(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as error:
        dataclasses.replace(PREDICTION, **changes)
    assert str(error.value) == f"prediction of stance for 'q': {message}"


def test_prediction_basis_is_one_of_three() -> None:
    with pytest.raises(DataError, match=r"accepted: new, out_of_fold, training$"):
        dataclasses.replace(PREDICTION, basis="guess")  # type: ignore[arg-type]


def test_an_extraction_that_fits_its_article() -> None:
    check_extraction(ARTICLE, EXTRACTION)
    check_extraction(ARTICLE, Extraction(article_id="a"))


@pytest.mark.parametrize(
    ("quotes", "speakers", "message"),
    [
        ((), (SPEAKER, SPEAKER), "two speakers share one id; ids must differ"),
        ((QUOTE, QUOTE), (SPEAKER,), "two quotes share the id 'a.q1'; ids must differ"),
        (
            (dataclasses.replace(QUOTE, article_id="b"),),
            (SPEAKER,),
            "quote 'a.q1' belongs to 'b'",
        ),
        (
            (),
            (dataclasses.replace(SPEAKER, article_id="b"),),
            "speaker 'a.s1' belongs to 'b'",
        ),
        (
            (QUOTE,),
            (),
            "quote 'a.q1' names speaker 'a.s1', who is not among the speakers; "
            "add the speaker or set speaker_id to null",
        ),
        (
            (dataclasses.replace(QUOTE, content=(Span(27, 44),)),),
            (SPEAKER,),
            "quote 'a.q1' has span [27, 44] but the text ends at 43; "
            "offsets count code points of the canonical text",
        ),
        (
            (dataclasses.replace(QUOTE, cue=Span(43, 44)),),
            (SPEAKER,),
            "quote 'a.q1' has span [43, 44] but the text ends at 43; "
            "offsets count code points of the canonical text",
        ),
        (
            (QUOTE, dataclasses.replace(QUOTE, id="a.q2", content=(Span(9, 12),))),
            (SPEAKER,),
            "quotes 'a.q1' [0, 10] and 'a.q2' [9, 12] overlap",
        ),
        (
            (),
            (dataclasses.replace(SPEAKER, mentions=(Span(40, 99),)),),
            "speaker 'a.s1' is mentioned at [40, 99] but the text ends at 43",
        ),
    ],
)
def test_an_extraction_that_does_not_fit(
    quotes: tuple[Quote, ...], speakers: tuple[Speaker, ...], message: str
) -> None:
    with pytest.raises(DataError) as error:
        check_extraction(ARTICLE, Extraction(article_id="a", quotes=quotes, speakers=speakers))
    assert str(error.value) == f"article 'a': {message}"


def test_to_frame_has_a_row_per_record_and_a_column_per_field() -> None:
    frame = to_frame([QUOTE, dataclasses.replace(QUOTE, id="a.q2", cue=None)])
    assert list(frame.columns) == [field.name for field in dataclasses.fields(Quote)]
    assert list(frame["id"]) == ["a.q1", "a.q2"]
    assert frame["content"][0] == (FIRST, SECOND)
    assert frame["cue"][1] is None


def test_to_frame_of_nothing_is_empty() -> None:
    assert to_frame([]).empty
