import datetime
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.errors import DataError
from framing.jsonl import from_json, read_jsonl, replace_file, to_json, write_jsonl
from framing.records import (
    Article,
    ArticleBalance,
    BalanceValue,
    Exclusion,
    Extraction,
    Label,
    Placement,
    Prediction,
    Quote,
    Span,
    Speaker,
)

# Any code point, halves of surrogate pairs too: a broken file must not break the chain. (Two
# halves that make a pair are one character to JSON.)
TEXTS = st.text(st.characters(exclude_categories=())).filter(
    lambda text: not re.search("[\ud800-\udbff][\udc00-\udfff]", text)
)
NAMES = TEXTS.filter(str.strip)
IDS = NAMES.map(str.strip).filter(lambda name: not {"\n", "\t"} & set(name))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SPANS = st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)


def _in_order(lengths: list[tuple[int, int]]) -> tuple[Span, ...]:
    spans, end = [], 0
    for gap, length in lengths:
        spans.append(Span(end + gap, end + gap + length))
        end += gap + length
    return tuple(spans)


ORDERED_SPANS = st.lists(st.tuples(st.integers(0, 99), st.integers(1, 99)), max_size=4).map(
    _in_order
)


@st.composite
def _predictions(draw: st.DrawFn) -> Prediction:
    weights = draw(st.lists(st.integers(0, 100), min_size=1, max_size=5).filter(any))
    return Prediction(
        unit_id=draw(TEXTS),
        variable=draw(TEXTS),
        model=draw(TEXTS),
        codebook=draw(TEXTS),
        categories=tuple(f"c{n}" for n in range(len(weights))),
        probabilities=tuple(weight / sum(weights) for weight in weights),
        basis=draw(st.sampled_from(["new", "out_of_fold", "training"])),
    )


ARTICLES = st.builds(
    Article,
    id=IDS,
    text=NAMES,
    title=TEXTS,
    outlet=TEXTS,
    date=st.none() | st.dates(),
    url=TEXTS,
    target=TEXTS,
    lang=TEXTS,
    group=st.dictionaries(TEXTS, TEXTS, max_size=3),
)
QUOTES = st.builds(
    Quote,
    id=IDS,
    article_id=TEXTS,
    kind=st.sampled_from(["direct", "mixed", "indirect"]),
    content=ORDERED_SPANS.filter(bool),
    cue=st.none() | SPANS,
    source=st.none() | SPANS,
    speaker_id=st.none() | TEXTS,
    reason=TEXTS,
)
SPEAKERS = st.builds(
    Speaker,
    id=IDS,
    article_id=TEXTS,
    name=NAMES,
    description=TEXTS,
    mentions=ORDERED_SPANS,
    kind=st.sampled_from(["person", "organisation", "group", "unnamed"]),
    named=st.booleans(),
)
LABELS = st.builds(
    Label,
    unit_id=NAMES,
    variable=NAMES,
    value=NAMES,
    annotator=NAMES,
    codebook=TEXTS,
    time=TEXTS,
    note=TEXTS,
    probability=st.floats(0, 1, exclude_min=True),
)
EXCLUSIONS = st.builds(
    Exclusion, item=TEXTS, reason=TEXTS, stage=TEXTS, article_id=TEXTS, span=st.none() | SPANS
)
EXTRACTIONS = st.builds(
    Extraction,
    article_id=TEXTS,
    quotes=st.lists(QUOTES, max_size=2).map(tuple),
    speakers=st.lists(SPEAKERS, max_size=2).map(tuple),
    exclusions=st.lists(EXCLUSIONS, max_size=2).map(tuple),
)
PLACEMENTS = st.builds(
    Placement, quote_id=TEXTS, n_words=st.integers(0), position=NUMBERS, in_lead=st.booleans()
)
VALUES = st.builds(
    BalanceValue,
    article_id=TEXTS,
    index=TEXTS,
    weight=TEXTS,
    value=st.none() | NUMBERS,
    low=st.none() | NUMBERS,
    high=st.none() | NUMBERS,
    level=NUMBERS,
    naive=st.none() | NUMBERS,
    n=st.integers(0),
    excluded_reason=TEXTS,
)
BALANCES = st.builds(
    ArticleBalance,
    article_id=TEXTS,
    target=TEXTS,
    target_is_title=st.booleans(),
    n_quotes=st.integers(0),
    n_speakers=st.integers(0),
    values=st.lists(VALUES, max_size=2).map(tuple),
    role_stance=st.lists(st.tuples(TEXTS, TEXTS, NUMBERS), max_size=3).map(tuple),
)
RECORDS = st.one_of(
    ARTICLES, QUOTES, SPEAKERS, LABELS, _predictions(), EXCLUSIONS, EXTRACTIONS, PLACEMENTS,
    VALUES, BALANCES,
)  # fmt: skip

QUOTE = {"id": "q1", "article_id": "a", "kind": "direct", "content": [[0, 4]]}
LABEL: dict[str, Any] = {
    "unit_id": "q1",
    "variable": "stance",
    "value": "neutral",
    "annotator": "ada",
}


# On a busy machine the file system, not the code, would miss the deadline.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=RECORDS.flatmap(lambda record: st.lists(st.just(record), min_size=1, max_size=2)))
def test_what_is_written_is_read_back_equal(records: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl"
        assert write_jsonl(path, records) == len(records)
        assert read_jsonl(path, type(records[0])) == records
        assert len(path.read_bytes().splitlines()) == len(records)


def test_keys_stand_in_field_order_and_text_stays_readable(tmp_path: Path) -> None:
    path = tmp_path / "quotes.jsonl"
    quote = Quote(id="zoë", article_id="a", kind="mixed", content=(Span(0, 4),), cue=Span(5, 9))
    write_jsonl(path, [quote])
    assert path.read_text(encoding="utf-8") == (
        '{"id": "zoë", "article_id": "a", "kind": "mixed", "content": [[0, 4]], "cue": [5, 9], '
        '"source": null, "speaker_id": null, "reason": ""}\n'
    )


def test_half_a_surrogate_pair_survives(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    articles = [Article(id="a", text="smoke \ud83d over Orin, café"), Article(id="b", text="café")]
    write_jsonl(path, articles)
    assert read_jsonl(path, Article) == articles
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert "\\ud83d" in first
    assert "café" in second  # only the line that needs it is escaped


def test_no_records_make_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "labels.jsonl"
    assert write_jsonl(path, []) == 0
    assert path.read_bytes() == b""
    assert read_jsonl(path, Label) == []


def test_what_an_editor_adds_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    line = json.dumps(LABEL).encode()
    path.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n  \n" + line)
    assert read_jsonl(path, Label) == [Label(**LABEL)] * 2


def test_optional_keys_may_be_missing_and_whole_numbers_stand_for_numbers() -> None:
    assert from_json(QUOTE, Quote).cue is None
    probability = from_json(LABEL | {"probability": 1}, Label).probability
    assert isinstance(probability, float)


def test_nested_records_are_read_as_records() -> None:
    extraction = from_json({"article_id": "a", "quotes": [QUOTE]}, Extraction)
    assert extraction.quotes[0].content == (Span(0, 4),)
    assert to_json(extraction)["quotes"][0]["content"] == [[0, 4]]


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ('{"probability": ' + "9" * 5000 + "}", Label, "not JSON: Exceeds the limit"),
        ("[" * 100_000, Label, "not JSON: "),
        ("{", Label, "not JSON: Expecting property name enclosed in double quotes: "),
        ("[1]", Label, "found [1], but a Label is a JSON object"),
        (
            json.dumps(LABEL | {"stance": "x"}),
            Label,
            "unknown Label key 'stance'; accepted: unit_id, variable, value, annotator, codebook, "
            "time, note, probability",
        ),
        ('{"unit_id": "q1"}', Label, "Label key 'variable' is missing; it is required"),
        (
            '{"unit_id": "q1", "unit_id": "q2"}',
            Label,
            "key 'unit_id' stands 2 times; give it once",
        ),
        ('{"probability": NaN}', Label, "found NaN, which is not JSON; what is undefined is null"),
        (
            '{"probability": -Infinity}',
            Label,
            "found -Infinity, which is not JSON; what is undefined is null",
        ),
        (
            json.dumps(LABEL | {"value": None}),
            Label,
            "Label key 'value' is null; accepted: a string",
        ),
        (
            json.dumps(LABEL | {"probability": True}),
            Label,
            "Label key 'probability' is true; accepted: a number",
        ),
        (
            json.dumps(LABEL | {"probability": 2}),
            Label,
            "label of 'q1': probability 2.0 is not in (0, 1]",
        ),
        (
            json.dumps(QUOTE | {"kind": "loud"}),
            Quote,
            "Quote key 'kind' is \"loud\"; accepted: 'direct' or 'mixed' or 'indirect'",
        ),
        (
            json.dumps(QUOTE | {"content": [[0, 4], [5, 6.0]]}),
            Quote,
            "Quote key 'content' is [[0, 4], [5, 6.0]]; accepted: [start, end] in whole numbers",
        ),
        (
            json.dumps(QUOTE | {"content": {"start": 0}}),
            Quote,
            "Quote key 'content' is {\"start\": 0}; accepted: a list",
        ),
        (
            json.dumps(QUOTE | {"cue": [True, 4]}),
            Quote,
            "Quote key 'cue' is [true, 4]; accepted: [start, end] in whole numbers",
        ),
        (
            json.dumps(QUOTE | {"content": []}),
            Quote,
            "quote 'q1': content has no span; give at least one",
        ),
        (
            json.dumps({"id": "a", "text": "x", "date": "1 May"}),
            Article,
            "Article key 'date' is \"1 May\"; accepted: a date as YYYY-MM-DD, or null",
        ),
        (
            json.dumps({"id": "a", "text": "x", "group": {"lean": 1}}),
            Article,
            "Article key 'group' is {\"lean\": 1}; accepted: an object of strings",
        ),
        (
            json.dumps({"article_id": "a", "quotes": [QUOTE | {"named": True}]}),
            Extraction,
            "unknown Quote key 'named'; accepted: id, article_id, kind, content, cue, source, "
            "speaker_id, reason",
        ),
        (
            json.dumps({"quote_id": "q", "n_words": "4", "position": 0, "in_lead": False}),
            Placement,
            "Placement key 'n_words' is \"4\"; accepted: a whole number",
        ),
        (
            json.dumps({"quote_id": "q", "n_words": 4, "position": 0, "in_lead": 0}),
            Placement,
            "Placement key 'in_lead' is 0; accepted: true or false",
        ),
        (
            json.dumps(
                {
                    "article_id": "a",
                    "target": "",
                    "target_is_title": False,
                    "n_quotes": 0,
                    "n_speakers": 0,
                    "role_stance": [["media", "neutral"]],
                }
            ),
            ArticleBalance,
            'ArticleBalance key \'role_stance\' is [["media", "neutral"]]; accepted: a list of 3',
        ),
        # A long value is cut: 60 characters are shown, the last three as an ellipsis.
        (
            json.dumps(LABEL | {"value": ["x" * 80]}),
            Label,
            f"Label key 'value' is [\"{'x' * 55}...; accepted: a string",
        ),
    ],
)
def test_a_slip_is_found_where_it_was_made(
    line: str, kind: type, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "by hand.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_jsonl(path, kind)
    assert str(error.value).startswith(f"{path}:2: {message}")


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    with pytest.raises(DataError) as error:
        read_jsonl(path, Label)
    assert str(error.value) == f"{path}: no such file; it should hold Label records"


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_jsonl(tmp_path, Label)
    assert str(error.value) == f"{tmp_path}: cannot be read (Is a directory)"


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(b'{"unit_id": "caf\xe9"}')
    with pytest.raises(DataError) as error:
        read_jsonl(path, Label)
    # 16 bytes stand before the Latin-1 é.
    assert str(error.value) == f"{path}: not UTF-8 (invalid continuation byte at byte 16)"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_a_half_written_file_never_replaces_the_old_one(
    failure: type[BaseException], tmp_path: Path
) -> None:
    path = tmp_path / "labels.jsonl"
    write_jsonl(path, [Label(**LABEL)])
    before = path.read_bytes()

    def stops_half_way() -> Any:
        yield Label(**LABEL | {"value": "critical"})
        raise failure

    with pytest.raises(failure):
        write_jsonl(path, stops_half_way())
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["labels.jsonl"]


def test_a_number_that_json_lacks_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "placements.jsonl"
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_jsonl(
            path, [Placement(quote_id="q", n_words=1, position=float("nan"), in_lead=False)]
        )
    assert list(tmp_path.iterdir()) == []


def test_replace_file_keeps_line_ends_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with replace_file(path, newline="") as file:
        file.write("a\r\nb\n")
    assert path.read_bytes() == b"a\r\nb\n"


def test_dates_are_written_as_days() -> None:
    article = Article(id="a", text="x", date=datetime.date(2024, 5, 1))
    assert to_json(article)["date"] == "2024-05-01"
