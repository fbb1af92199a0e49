"""The card's head, what `datasets` makes of it, and the folder for the hub."""

import json
from pathlib import Path

import pytest

from framing.codebook import load_codebook
from framing.dataset.dataset_cards import find_card_problems, publish_store, refresh_card
from framing.dataset.hub_features import describe_features
from framing.dataset.label_store import StoredQuote
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.records import Quote
from tests.dataset.invented_store import ANNOTATIONS, ARTICLES, SAMPLES, CopiedStore


def test_the_card_of_the_project_is_in_line_with_its_files() -> None:
    assert find_card_problems(ANNOTATIONS) == []


def test_samples_load_from_a_plain_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    def load(name: str) -> datasets.Dataset:
        return datasets.load_dataset(
            str(ANNOTATIONS), name, split="train", cache_dir=str(tmp_path / "cache")
        )

    articles = load("samples")
    assert articles.features["date"].dtype == "date32"
    assert {row["id"]: row["date"] for row in articles} == {k: a.date for k, a in ARTICLES.items()}
    assert {row["id"]: row["text"] for row in articles} == {k: a.text for k, a in ARTICLES.items()}
    quotes = load("samples_quotes")
    assert quotes.features["kind"].names == ["direct", "mixed", "indirect"]
    first = read_jsonl(SAMPLES / "quotes.jsonl", Quote)[0]
    assert quotes[0]["content"] == [list(span) for span in first.content]
    assert load("samples_speakers").num_rows == 223
    assert load("samples_labels").num_rows == 569


def test_standoff_loads_by_coder(
    made: CopiedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    quotes = datasets.load_dataset(str(made.store), "quotes", cache_dir=str(tmp_path))
    assert set(quotes) == {"gold", "lm_a", "lm_b"}
    raw = (made.store / "gold" / "quotes.jsonl").read_text(encoding="utf-8").splitlines()
    assert quotes["gold"].num_rows == len(raw)
    assert quotes["gold"][0]["content"] == json.loads(raw[0])["content"]
    items = datasets.load_dataset(str(made.store), "items", split="train", cache_dir=str(tmp_path))
    assert items.features["genre"].names == ["news", "opinion", "interview"]
    assert items[0]["date"] == ARTICLES["s01"].date


def test_refreshing_keeps_the_words_and_is_idempotent(copied: CopiedStore) -> None:
    path = copied.store / "README.md"
    refresh_card(copied.store)
    before = path.read_text(encoding="utf-8")
    refresh_card(copied.store)
    assert path.read_text(encoding="utf-8") == before
    words = (ANNOTATIONS / "README.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    assert before.endswith(words)
    assert find_card_problems(copied.store) == []


def test_a_file_that_the_card_does_not_name_is_told(copied: CopiedStore) -> None:
    (copied.store / "coders" / "new").mkdir()
    source = copied.store / "gold" / "labels.jsonl"
    (copied.store / "coders" / "new" / "labels.jsonl").write_bytes(source.read_bytes())
    assert find_card_problems(copied.store) == [
        "README.md: configs and dataset_info of its head is not what the files are; make it anew "
        "with framing dataset card"
    ]


def test_a_card_without_a_head_is_refused(copied: CopiedStore) -> None:
    (copied.store / "README.md").write_text("# Words\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"README\.md: has no YAML head between two lines of ---"):
        refresh_card(copied.store)
    (copied.store / "README.md").unlink()
    assert "README.md: cannot be read" in find_card_problems(copied.store)[0]


def test_only_files_of_a_store_are_published(copied: CopiedStore, tmp_path: Path) -> None:
    (copied.store / "articles.jsonl").write_text('{"text": "news"}\n', encoding="utf-8")
    (copied.store / "gold" / "articles.jsonl").write_text('{"text": "news"}\n', encoding="utf-8")
    (copied.store / "notes.txt").write_text("mine", encoding="utf-8")
    files = publish_store(copied.store, tmp_path / "hub")
    out = sorted(p.relative_to(tmp_path / "hub").as_posix() for p in files)
    coded = ("codings", "labels", "quotes", "speakers")
    assert out == sorted(
        [
            "README.md", "codebook.toml", "frame.jsonl", "items.jsonl", "batches.jsonl",
            *(f"{place}/{name}.jsonl" for place in ("gold", "coders/lm-a", "coders/lm-b")
              for name in coded),
        ]
    )  # fmt: skip
    assert out == sorted(
        p.relative_to(tmp_path / "hub").as_posix()
        for p in (tmp_path / "hub").rglob("*") if p.is_file()
    )  # fmt: skip
    with pytest.raises(DataError, match="holds files already"):
        publish_store(copied.store, tmp_path / "hub")


def test_features_follow_the_type_hints() -> None:
    found = {
        feature.pop("name"): feature
        for feature in describe_features(StoredQuote, categories={}, groups=())
    }
    assert found["id"] == {"dtype": "string"}
    assert found["speaker_id"] == {"dtype": "string"}
    assert found["kind"] == {
        "dtype": {"class_label": {"names": {"0": "direct", "1": "mixed", "2": "indirect"}}}
    }
    anchor = [
        *({"name": name, "dtype": "int32"} for name in ("start", "end", "length")),
        *({"name": name, "dtype": "string"} for name in ("text", "before", "after")),
    ]
    assert found["cue"] == {"struct": anchor}
    assert found["content"] == {"list": anchor}


def test_the_codebook_beside_the_labels_is_the_shipped_one() -> None:
    assert load_codebook(ANNOTATIONS / "codebook.toml").digest == load_codebook().digest
