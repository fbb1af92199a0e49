"""Reading coded articles, as one file and as a folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from framing.dataset import CodedQuote, read_coded_folder, read_gold_quotes
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.records import Article, Label, Quote, Span, Speaker

TEXT = "\nRain is near, Ada Lovell said."


def line(**changes: Any) -> dict[str, Any]:
    quote = {
        "spans": [[1, 13]],
        "content": ["Rain is near"],
        "kind": "indirect",
        "cue": "said",
        "source": "Ada Lovell",
        "speaker": "Ada Lovell",
        "speaker_alt": ["Ada Lovell", "Lovell"],
        "role": "expert",
        "stance": "neutral",
        "coder_a": ["expert", "neutral"],
        "coder_b": None,
    }
    return {
        "id": "g1",
        "source": "invented",
        "key": "1",
        "title": "Rain",
        "outlet": "Harbour Post",
        "date": "2020-01-02",
        "target": "the ban on boats",
        "text": TEXT,
        "quotes": [quote],
    } | changes


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return path


def test_quotes_in_canonical_text(tmp_path: Path) -> None:
    coded, bare = read_gold_quotes(
        write(tmp_path / "gold.jsonl", line(), line(id="g2", date="", quotes=[]))
    )
    assert coded.article.text == "Rain is near, Ada Lovell said."
    assert coded.quotes == (
        CodedQuote(
            kind="indirect",
            content=(Span(0, 12),),  # one line break less
            cue="said",
            speaker="Ada Lovell",
            accepted=("Ada Lovell", "Lovell"),
            role="expert",
            stance="neutral",
            source="Ada Lovell",
        ),
    )
    assert str(coded.article.date) == "2020-01-02"
    assert bare.article.date is None
    assert bare.quotes == ()


def test_words_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    wrong = line()
    wrong["quotes"][0]["content"] = ["Snow is near"]
    with pytest.raises(DataError, match=r"'g1': span \[1, 13\] does not hold the words"):
        read_gold_quotes(write(tmp_path / "gold.jsonl", wrong))
    with pytest.raises(DataError, match=r"'g1': date is '2020'; accepted: YYYY-MM-DD"):
        read_gold_quotes(write(tmp_path / "gold.jsonl", line(date="2020")))


def folder(path: Path, *, labelled: bool = True) -> Path:
    def label(unit: str, variable: str, value: str, annotator: str) -> Label:
        return Label(unit_id=unit, variable=variable, value=value, annotator=annotator)

    text = "Rain is near, Ada Lovell said. Boats must stay, a man said."
    quotes = [
        Quote(
            id="q1",
            article_id="a",
            kind="indirect",
            content=(Span(0, 12),),
            cue=Span(25, 29),
            speaker_id="s1",
        ),
        Quote(id="q2", article_id="a", kind="indirect", content=(Span(31, 46),), reason="nobody"),
    ]
    labels = [
        label("q1", "stance", "critical", "coder"),
        label("q1", "stance", "neutral", "adjudicated"),
        label("s1", "role", "expert", "adjudicated"),
    ]
    if labelled:
        labels.append(label("q2", "stance", "critical", "adjudicated"))
    write_jsonl(path / "articles.jsonl", [Article(id="a", text=text), Article(id="b", text="x")])
    write_jsonl(path / "quotes.jsonl", quotes)
    write_jsonl(path / "speakers.jsonl", [Speaker(id="s1", article_id="a", name="Ada Lovell")])
    write_jsonl(path / "labels.jsonl", labels)
    return path


def test_a_folder_of_records(tmp_path: Path) -> None:
    coded, empty = read_coded_folder(folder(tmp_path))
    first, second = coded.quotes
    assert (first.cue, first.speaker, first.accepted) == ("said", "Ada Lovell", ("Ada Lovell",))
    assert (first.role, first.stance) == ("expert", "neutral")  # the coder's own label is no gold
    assert (second.speaker, second.role, second.stance) == ("", "unspecified", "critical")
    assert empty.quotes == ()


def test_a_missing_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"quote 'q2' needs \('q2', 'stance'\), which is not among"):
        read_coded_folder(folder(tmp_path, labelled=False))


def test_an_article_without_a_target_may_have_no_stance(tmp_path: Path) -> None:
    place = folder(tmp_path)
    labels = [one for one in read_jsonl(place / "labels.jsonl", Label) if one.variable == "role"]
    write_jsonl(place / "labels.jsonl", labels)
    coded, _ = read_coded_folder(place)
    assert [(q.role, q.stance) for q in coded.quotes] == [("expert", ""), ("unspecified", "")]
    articles = [Article(id="a", text=coded.article.text, target="the boats")]
    write_jsonl(place / "articles.jsonl", articles)
    with pytest.raises(DataError, match=r"quote 'q1' needs \('q1', 'stance'\), which is not among"):
        read_coded_folder(place)
