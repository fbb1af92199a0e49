"""The folder as `datasets` reads it."""

import dataclasses
from pathlib import Path

import datasets
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import Suggestion, gather_corpus
from framing.dataset.exchange.hub_folder import HF
from framing.errors import DataError
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()


def test_datasets_reads_what_was_written(tmp_path: Path) -> None:
    corpus = invented_corpus()
    shown = Suggestion(unit_id="varn-1-q1", variable="stance", value="critical", model="words")
    corpus = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers, corpus.labels,
        codebook=BOOK, suggestions=[shown],
    )  # fmt: skip
    HF.write(corpus, tmp_path / "out", coder="", seed=0)
    read = {
        name: datasets.load_dataset(
            str(tmp_path / "out"), name, split="train", cache_dir=str(tmp_path / "cache")
        )
        for name in ("articles", "quotes", "speakers", "labels", "suggestions")
    }
    assert [row["text"] for row in read["articles"]] == [a.text for a in corpus.articles]
    assert [row["content"] for row in read["quotes"]] == [
        [list(span) for span in quote.content] for quote in corpus.quotes
    ]
    kind = read["quotes"].features["kind"]
    assert [kind.int2str(row["kind"]) for row in read["quotes"]] == [q.kind for q in corpus.quotes]
    assert [row["value"] for row in read["labels"]] == [x.value for x in corpus.labels]
    assert read["suggestions"][0] == {
        "unit_id": "varn-1-q1", "variable": "stance", "value": "critical", "model": "words",
    }  # fmt: skip


def test_one_table_is_no_folder(tmp_path: Path) -> None:
    HF.write(invented_corpus(), tmp_path / "out", coder="", seed=0)
    with pytest.raises(DataError, match=r"labels\.jsonl: is one table; give the folder with all"):
        HF.read(tmp_path / "out" / "labels.jsonl", source=None, codebook=BOOK, coder="")


def test_another_folder_of_the_same_name_is_not_taken_for_the_first(tmp_path: Path) -> None:
    # `datasets` keeps what it has read under the folder's name and the head of its card.
    corpus = invented_corpus()
    relabelled = [dataclasses.replace(x, note="second thoughts") for x in corpus.labels]
    other = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers, relabelled, codebook=BOOK
    )
    notes = []
    for name, each in (("one", corpus), ("two", other)):
        (tmp_path / name).mkdir()
        HF.write(each, tmp_path / name / "coding", coder="", seed=0)
        read = datasets.load_dataset(
            str(tmp_path / name / "coding"), "labels", split="train",
            cache_dir=str(tmp_path / "cache"),
        )  # fmt: skip
        notes.append([row["note"] for row in read])
    assert notes == [[x.note for x in corpus.labels], [x.note for x in relabelled]]
    assert notes[0] != notes[1]


def test_a_corpus_without_labels_and_groups_has_no_empty_tables(tmp_path: Path) -> None:
    last = invented_corpus().documents[2]
    corpus = gather_corpus([last.article], [], [], [], codebook=BOOK)
    HF.write(corpus, tmp_path / "out", coder="", seed=0)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "README.md", "articles.jsonl",
    ]  # fmt: skip
    read = datasets.load_dataset(
        str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert read["id"] == ["varn-3"]
    assert HF.read(tmp_path / "out", source=None, codebook=BOOK, coder="") == corpus


def test_a_broken_line_is_said_by_file_and_line(tmp_path: Path) -> None:
    HF.write(invented_corpus(), tmp_path / "out", coder="", seed=0)
    quotes = tmp_path / "out" / "quotes.jsonl"
    quotes.write_text(quotes.read_text(encoding="utf-8") + "{]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"quotes\.jsonl:5: not JSON"):
        HF.read(tmp_path / "out", source=None, codebook=BOOK, coder="")


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"articles\.jsonl: no such file"):
        HF.read(tmp_path, source=None, codebook=BOOK, coder="")
