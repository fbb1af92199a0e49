"""What a corpus refuses, and how one is ordered, divided and written."""

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import (
    CodedCorpus,
    Suggestion,
    gather_corpus,
    next_unit_id,
    of_coder,
    write_corpus,
)
from framing.dataset.exchange.file_names import article_of_stem, file_stem
from framing.errors import DataError
from framing.records import Span
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()
Parts = dict[str, list[Any]]


def _parts(corpus: CodedCorpus) -> Parts:
    names = ("articles", "quotes", "speakers", "labels")
    return {name: list(getattr(corpus, name)) for name in names}


def _gather(parts: Parts, **more: Any) -> CodedCorpus:
    return gather_corpus(*parts.values(), codebook=BOOK, **more)


def test_the_order_of_records_does_not_matter() -> None:
    parts = _parts(invented_corpus())
    for name in ("quotes", "speakers", "labels"):
        random.Random(3).shuffle(parts[name])
    assert _gather(parts) == invented_corpus()


def _change(name: str, n: int, **fields: Any) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[name][n] = dataclasses.replace(parts[name][n], **fields)

    return change


def _again(name: str) -> Callable[[Parts], None]:
    return lambda parts: parts[name].append(parts[name][0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda parts: parts["articles"].clear(), r"^no article, so there is nothing to exchange"),
        (
            lambda parts: parts["articles"].append(
                dataclasses.replace(parts["articles"][0], text="Other.")
            ),
            r"^two articles have the id 'varn-1'; ids must differ$",
        ),
        (_again("quotes"), r"^the id 'varn-1-q1' is used twice \(for a quote before\)"),
        (
            _change("speakers", 0, id="varn-1-q1"),
            r"^the id 'varn-1-q1' is used twice \(for a quote before\); ids of quotes and speakers",
        ),
        (_change("quotes", 0, article_id="x"), r"^quote 'varn-1-q1' is of article 'x', which is"),
        (_change("quotes", 0, content=(Span(0, 9_999),)), r"has span \[0, 9999\] but the text"),
        (_change("quotes", 1, content=(Span(50, 60),)), r"'varn-1-q1' .* and 'varn-1-q2' "),
        (_change("quotes", 1, speaker_id="nobody"), r"names speaker 'nobody', who is not among"),
        (_change("labels", 0, variable="tone"), r"by 'ada': .*no variable 'tone'; it has: role"),
        (_change("labels", 0, variable="role"), r"no speaker has this id; role is given to"),
        (_change("labels", 0, value="hot"), r"'hot' is not a category of stance; accepted: su"),
        (_change("labels", 0, codebook="0" * 16), r"given under codebook 0{16}, not under"),
        (_again("labels"), r"^label of 'varn-1-q1' by 'ada': stance is given twice; keep the one"),
        (
            _change("labels", 0, note="\ud83d"),
            r"^label 'varn-1-q1': note holds half of a surrogate pair at character 0; correct it",
        ),
        (
            _change("articles", 0, group={"lean": "a\ud83d"}),
            r"^article 'varn-1': group holds half of a surrogate pair at character 1",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: Callable[[Parts], None], message: str) -> None:
    parts = _parts(invented_corpus())
    change(parts)
    with pytest.raises(DataError, match=message):
        _gather(parts)


def test_suggestions_are_checked_like_labels() -> None:
    good = Suggestion(unit_id="varn-1-q1", variable="stance", value="critical", model="words")
    parts = _parts(invented_corpus())
    assert _gather(parts, suggestions=[good]).suggestions == (good,)
    with pytest.raises(DataError, match=r"^suggestion for 'varn-1-q1' by 'words': stance is given"):
        _gather(parts, suggestions=[good, good])
    with pytest.raises(DataError, match=r"'hot' is not a category of stance"):
        _gather(parts, suggestions=[dataclasses.replace(good, value="hot")])


def test_of_coder_keeps_units_and_drops_the_labels_of_others() -> None:
    corpus = invented_corpus()
    ben = of_coder(corpus, "ben")
    assert ben.quotes == corpus.quotes
    assert {(x.unit_id, x.value) for x in ben.labels} == {
        ("varn-1-q1", "neutral"), ("varn-2-q2", "critical"), ("varn-1-s1", "government"),
    }  # fmt: skip
    assert of_coder(corpus, "eva").labels == ()
    assert corpus.annotators == ("ada", "ben")


def test_a_written_corpus_has_the_hashes_of_its_texts(tmp_path: Path) -> None:
    files = write_corpus(tmp_path, invented_corpus())
    assert [file.name for file in files] == [
        "articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl", "texts.sha256",
    ]  # fmt: skip
    lines = (tmp_path / "texts.sha256").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{a.sha256}  {a.id}" for a in invented_corpus().articles]


def test_new_units_take_the_first_free_number() -> None:
    taken = {"a-q1", "a-q3"}
    assert [next_unit_id("a", "q", taken) for _ in range(3)] == ["a-q2", "a-q4", "a-q5"]
    assert next_unit_id("a", "s", taken) == "a-s1"


@pytest.mark.parametrize("name", ["a", "../x", "con.txt", "é/🙂", "A b", "100%", "~", "%2E"])
def test_file_names_are_safe_and_come_back(name: str) -> None:
    stem = file_stem(name)
    assert not set(stem) & set('/\\.:*?"<>| ~')
    assert article_of_stem(stem) == name


def test_ids_that_are_too_long_for_a_file_are_refused() -> None:
    with pytest.raises(DataError, match=r"its id makes a file name of 201 characters; 200 at most"):
        file_stem("a" * 201)
