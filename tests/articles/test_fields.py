"""`framing.articles.fields`: what a row may say, and what is told when it may not."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.articles.fields import KEYS, MAX_BYTES, make_article, match_key
from framing.errors import DataError
from framing.records import Article

TEXT = "The convoy left on Monday."
NAN = float("nan")


def read(**fields: Any) -> Article:
    return make_article({"text": TEXT, **fields}, default_id="d", target="the siege")[0]


def test_every_key_is_kept() -> None:
    article = read(
        id=" a 1 ",
        title="A\n title",
        outlet="Post",
        date="2021-03-04",
        url="https://x.example/1",
        target="the ceasefire",
        lang="en-GB",
        group={"lean": "left", "wave": 2},
    )

    assert article == Article(
        id="a 1",
        text=TEXT,
        title="A title",
        outlet="Post",
        date=datetime.date(2021, 3, 4),
        url="https://x.example/1",
        target="the ceasefire",
        group={"lean": "left", "wave": "2"},
    )


@pytest.mark.parametrize("nothing", [None, "", "  ", NAN])
def test_nothing_is_the_default(nothing: object) -> None:
    given_nothing = dict.fromkeys(set(KEYS) - {"text"}, nothing)

    assert read(**given_nothing) == Article(id="d", text=TEXT, target="the siege")


def test_text_is_canonical() -> None:
    article = read(text="One\r\n\n\n\ntwo \ud83d\0 cafe\u0301\n")

    assert article.text == "One\n\ntwo \N{REPLACEMENT CHARACTER} café"


def test_capitals_and_blanks_of_keys_do_not_matter() -> None:
    article, _ = make_article({" Text ": TEXT, "ID": 7, "Title": 9.0}, default_id="d")

    assert (article.id, article.title, article.text) == ("7", "9", TEXT)


def test_other_keys_go_to_the_group() -> None:
    fields = {"text": TEXT, "Lean": "left", "words": 3, "score": 0.5, "new": True, "note": None,
              "day": datetime.date(2021, 3, 4), "tags": ["a"], "long": "x" * 201, " ": "no name",
              "edge": "x" * 200}  # fmt: skip
    article, left_out = make_article(fields, default_id="d")

    assert article.group == {
        "Lean": "left", "words": "3", "score": "0.5", "new": "true", "day": "2021-03-04",
        "edge": "x" * 200,
    }  # fmt: skip
    assert left_out == ["tags", "long", " "]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("text", "content", "content_original"), "text"),
        (("Content", "content_original"), "content_original"),
        (("Content", "summary"), "Content"),
        (("TEXT", "content"), "TEXT"),
        (("summary", "body"), None),
    ],
)
def test_which_key_is_the_text(keys: tuple[str, ...], expected: str | None) -> None:
    found = [key for key in keys if match_key(key, set(keys)) == "text"]

    assert found == ([expected] if expected else [])


def test_a_text_of_another_name_is_read() -> None:
    article, left_out = make_article({"content": TEXT, "title": "A"}, default_id="d")

    assert (article.text, article.group, left_out) == (TEXT, {}, [])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-03-04", 4),
        ("2021-03-04T23:59:59-11:00", 4),  # the day as written, not in another time zone
        ("2021-03-04 10:00", 4),
        ("20210304", 4),
        (datetime.date(2021, 3, 5), 5),
        (datetime.datetime(2021, 3, 6, 1, tzinfo=datetime.UTC), 6),
    ],
)
def test_dates(written: object, day: int) -> None:
    assert read(date=written).date == datetime.date(2021, 3, day)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"date": "03/04/2021"}, "date '03/04/2021' is not a date; accepted: YYYY-MM-DD, with or "
         "without a time, or nothing where it is unknown"),
        ({"date": "2021-02-30"}, "date '2021-02-30' is not a date"),
        ({"date": 2021}, "date 2021 is not a date"),
        ({"date": "unknown"}, "date 'unknown' is not a date"),
        ({"text": None}, "the text is empty"),
        ({"text": NAN}, "the text is empty"),
        ({"text": " \n\u200b\0 "}, "the text is empty"),
        ({"text": 5}, "key 'text' is 5; accepted: a string"),
        ({"text": ["a"]}, "key 'text' is ['a']; accepted: a string"),
        ({"text": b"a" * 99}, "key 'text' is b'aaaaaa"),
        ({"title": ["a"]}, "key 'title' is ['a']; accepted: a string"),
        ({"id": True}, "key 'id' is True; accepted: a string"),
        ({"id": 1.5}, "key 'id' is 1.5; accepted: a string"),
        ({"lang": "fr"}, "lang is 'fr'; only English (en) is read"),
        ({"TEXT": "a", " Id": "1", "iD ": "2"}, "key 'id' is given twice, as 'iD ' too"),
        ({"lean": "left", "group": {"lean": "right"}}, "key 'lean' is given twice, in group too"),
        ({"text": "é" * (MAX_BYTES // 2 + 1)}, "the text has 5,000,002 bytes, more than 5,000,000; "
         "split it into its articles"),
        ({"text": "mot " * 20}, "not English: 0 of 20 words"),
    ],
)  # fmt: skip
def test_what_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as caught:
        read(**fields)

    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_missing_text_names_the_keys_found() -> None:
    with pytest.raises(DataError, match=r"key 'text' is missing; found: body, lean; accepted: id,"):
        make_article({"body": TEXT, "lean": "left"}, default_id="d")
    with pytest.raises(DataError, match="found: none"):
        make_article({}, default_id="d")


def test_a_given_language_is_believed() -> None:
    assert read(text="mot " * 20, lang="en").text.startswith("mot")


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.dates(),
    st.lists(st.text()), st.dictionaries(st.text(), st.one_of(st.none(), st.text())),
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.one_of(st.sampled_from((*KEYS, "Text", "content")), st.text()), VALUES))
def test_any_row_is_an_article_or_a_reasoned_refusal(fields: dict[str, Any]) -> None:
    try:
        article, _ = make_article(fields, default_id="d")
    except DataError as error:
        reason = str(error)
    else:
        for value in (article.id, article.text, article.title, *article.group.values()):
            value.encode()  # raises if a lone surrogate is left
        return
    assert reason
