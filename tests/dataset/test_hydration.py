"""The label store joined with copies of the texts: the same, edited, damaged, missing."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from framing.dataset.hydrated_folder import write_hydrated
from framing.dataset.hydration import Hydrated, hydrate_store
from framing.dataset.label_store import LabelStore, read_store
from framing.dataset.source_copies import parse_sources, read_copies
from framing.dataset.splits import draw_splits
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.models.training import read_coded_units
from framing.pipeline.codings import read_coding
from framing.pipeline.corpus import read_corpus
from framing.records import Article, Quote, Speaker
from tests.dataset.corpora import corpora
from tests.dataset.invented_store import ANNOTATIONS, ARTICLES, SAMPLES, SOURCE, CopiedStore

CODED = [f"s{n:02d}" for n in range(1, 15)]


@pytest.fixture(scope="module")
def store(made: CopiedStore) -> LabelStore:
    """The invented store with splits."""
    read = read_store(made.store)
    rows = draw_splits(read, n_test=3, n_validation=2, n_held_out=2, rng=np.random.default_rng(1))
    return dataclasses.replace(read, splits={row.article_id: row for row in rows})


def _copy(folder: Path, edit: Callable[[str], str], keys: list[str] = CODED) -> dict[str, Path]:
    """A copy of the articles as a folder in the form of the public dataset."""
    (folder / "data" / "jsons").mkdir(parents=True)
    for key in keys:
        article = ARTICLES[key]
        fields = {"ID": key, "title": article.title, "content_original": edit(article.text)}
        path = folder / "data" / "jsons" / f"{key}.json"
        path.write_text(json.dumps(fields), encoding="utf-8")
    return {SOURCE: folder}


def _words(hydrated: Hydrated) -> dict[str, str]:
    """What every quote says, without blanks, by its id."""
    texts = {article.id: article.text for article in hydrated.articles}
    return {q.id: "".join(q.text(texts[q.article_id]).split()) for q in hydrated.final.quotes}


def test_the_same_text_gives_back_what_was_coded(store: LabelStore, tmp_path: Path) -> None:
    hydrated = hydrate_store(store, _copy(tmp_path, str))
    assert (hydrated.n_coded, hydrated.n_same, hydrated.n_lost) == (14, 14, 0)
    assert hydrated.missing == ()
    assert hydrated.n_spans > 2000
    coded = {q.id: q for q in read_jsonl(SAMPLES / "coders" / "lm-b" / "quotes.jsonl", Quote)}
    mine = hydrated.coders["lm-b"].quotes
    assert len(mine) == sum(q.article_id in CODED[:8] for q in coded.values())
    spans = {(q.article_id, q.content, q.cue, q.source) for q in coded.values()}
    assert {(q.article_id, q.content, q.cue, q.source) for q in mine} <= spans
    speakers = read_jsonl(SAMPLES / "speakers.jsonl", Speaker)
    descriptions = {s.name.lower(): s.description for s in speakers if s.article_id == "s01"}
    for speaker in hydrated.gold.speakers:
        if speaker.article_id == "s01":
            assert speaker.description == descriptions[speaker.name.lower()]


def test_gold_counts_before_a_single_coding(store: LabelStore, tmp_path: Path) -> None:
    hydrated = hydrate_store(store, _copy(tmp_path, str))
    by_article = {q.id: q.article_id for q in hydrated.final.quotes} | {
        s.id: s.article_id for s in hydrated.final.speakers
    }
    given = {(by_article[x.unit_id], x.annotator) for x in hydrated.final.labels}
    assert given == {(key, "adjudicated") for key in CODED[:8]} | {
        (key, "lm-a") for key in CODED[8:]
    }
    assert {x.variable for x in hydrated.final.labels if by_article[x.unit_id] == "s02"} == {"role"}


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("\n\n", "\n\nADVERTISEMENT\n\n"),
        lambda text: text.translate(str.maketrans("“”‘’", "\"\"''")),
        lambda text: text.replace(", ", ",\n"),
        lambda text: "Follow us for more news.\n\n" + text + "\n\nAll rights reserved.",
    ],
    ids=["adverts", "straight marks", "other lines", "frame"],
)
def test_a_slightly_different_copy_is_re_anchored(
    store: LabelStore, tmp_path: Path, edit: Callable[[str], str]
) -> None:
    same = _words(hydrate_store(store, _copy(tmp_path / "same", str)))
    hydrated = hydrate_store(store, _copy(tmp_path / "edited", edit))
    assert hydrated.n_same == sum(edit(ARTICLES[key].text) == ARTICLES[key].text for key in CODED)
    assert hydrated.n_same < 14
    assert hydrated.n_lost < 0.01 * hydrated.n_spans
    found = _words(hydrated)
    assert len(found) > 0.98 * len(same)
    straight = str.maketrans("“”‘’", "\"\"''")
    for key, words in found.items():
        assert words.translate(straight) == same[key].translate(straight)


def test_what_is_not_in_the_copy_is_listed_with_all_that_hangs_on_it(
    store: LabelStore, tmp_path: Path
) -> None:
    whole = hydrate_store(store, _copy(tmp_path / "same", str))
    first = next(q for q in whole.final.quotes if q.article_id == "s01")
    words = first.content[0].of(ARTICLES["s01"].text)
    copies = _copy(tmp_path / "cut", lambda text: text.replace(words, words.swapcase()))
    hydrated = hydrate_store(store, copies)
    assert first.id not in {q.id for q in hydrated.final.quotes}
    assert first.id not in {label.unit_id for label in hydrated.final.labels}
    listed = {exclusion.item: exclusion.reason for exclusion in hydrated.missing}
    assert listed["gold: s01-q1"] == "its content does not stand in this copy of the article"
    assert listed["coders/lm-a: s01-q1"] == listed["coders/lm-b: s01-q1"]
    assert listed["gold: s01-q1"] == listed["coders/lm-b: s01-q1"]
    speaker = f"gold: {first.speaker_id}"
    assert listed[speaker] == "none of the speaker's quotes stands in this copy"


def test_missing_articles_are_listed(store: LabelStore, tmp_path: Path) -> None:
    hydrated = hydrate_store(store, _copy(tmp_path, str, CODED[:5]))
    assert [article.id for article in hydrated.articles] == CODED[:5]
    missing = {exclusion.item: exclusion.reason for exclusion in hydrated.missing}
    assert missing == dict.fromkeys(CODED[5:], f"not in {tmp_path}")
    nothing = hydrate_store(store, {})
    assert {exclusion.reason for exclusion in nothing.missing} == {f"no copy of {SOURCE} was given"}
    assert nothing.articles == ()


def test_a_damaged_span_of_the_store_is_not_believed(store: LabelStore, tmp_path: Path) -> None:
    one = store.gold
    quote = one.quotes[0]
    moved = dataclasses.replace(quote.content[0], start=quote.content[0].start + 1)
    broken = dataclasses.replace(quote, content=(moved, *quote.content[1:]))
    gold = dataclasses.replace(one, quotes=(broken, *one.quotes[1:]))
    hydrated = hydrate_store(dataclasses.replace(store, gold=gold), _copy(tmp_path, str))
    assert hydrated.n_lost == 1
    assert f"gold: {quote.id}" in {exclusion.item for exclusion in hydrated.missing}


def test_an_unknown_source_is_refused(store: LabelStore, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="source 'news' is not in the store; it has: invented"):
        hydrate_store(store, {"news": tmp_path})


def test_one_file_of_articles_is_a_copy_too(store: LabelStore) -> None:
    hydrated = hydrate_store(store, {SOURCE: SAMPLES / "articles.jsonl"})
    assert hydrated.n_same == 14


def test_the_folder_is_read_by_everything_that_reads_records(
    store: LabelStore, tmp_path: Path
) -> None:
    hydrated = hydrate_store(store, {SOURCE: SAMPLES / "articles.jsonl"})
    out = tmp_path / "out"
    files = write_hydrated(hydrated, out, codebook=store.codebook)
    assert sorted(files) == sorted(p for p in out.rglob("*") if p.is_file())
    corpus = read_corpus(out, codebook=store.codebook)
    assert len(corpus.articles) == 14
    assert corpus.articles[0].group["event"] == store.splits["s01"].event
    assert corpus.articles[0].group["lean"] == ARTICLES["s01"].group["lean"]
    for variable in store.codebook.variables:
        _, units, values, n_unlabelled = read_coded_units(out, variable, codebook=store.codebook)
        assert len(units) == len(values) > 100
        # Only quotes of s02, which has no target, are without a label.
        assert n_unlabelled == (
            sum(q.article_id == "s02" for q in hydrated.final.quotes)
            if variable.name == "stance"
            else 0
        )
    test = read_corpus(out / "parts" / "test", codebook=store.codebook)
    in_test = {key for key, split in store.splits.items() if split.split == "test"}
    assert {article.id for article in test.articles} == in_test
    coding = read_coding(out / "coders" / "lm-b", codebook=store.codebook)
    assert set(coding.articles) == set(CODED[:8])
    assert {a.id for a in read_jsonl(out / "gold" / "articles.jsonl", Article)} == set(CODED[:8])


def test_tables_load_with_types(
    store: LabelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    hydrated = hydrate_store(store, {SOURCE: SAMPLES / "articles.jsonl"})
    write_hydrated(hydrated, tmp_path / "out", codebook=store.codebook)
    loaded = {
        name: datasets.load_dataset(str(tmp_path / "out"), name, cache_dir=str(tmp_path / "cache"))
        for name in ("quotes", "speakers", "extraction")
    }
    quotes = loaded["quotes"]["train"]
    assert quotes.features["stance"].names == list(store.codebook.variable("stance").names)
    assert quotes.features["date"].dtype == "date32"
    n_rows = sum(part.num_rows for part in loaded["quotes"].values())
    assert n_rows == len(hydrated.final.quotes)
    assert {part: table.num_rows for part, table in loaded["extraction"].items()} == {
        part: sum(split.split == part for split in store.splits.values())
        for part in ("train", "validation", "test")
    }
    labels = {x.unit_id: x.value for x in hydrated.final.labels if x.variable == "stance"}
    for part in loaded["quotes"].values():
        for row in part:
            stance = row["stance"]
            name = None if stance is None else part.features["stance"].int2str(stance)
            assert name == labels.get(row["id"])
            assert row["date"] == ARTICLES[row["article_id"]].date
            assert row["cue"] in row["context"]
    for row in loaded["extraction"]["train"]:
        for quote in row["quotes"]:
            for start, end in quote["content"]:
                assert row["text"][start:end].strip()
    roles = loaded["speakers"]["train"].features["role"].names
    assert roles == list(store.codebook.variable("role").names)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["news"], "source 'news'; accepted: NAME=PATH, such as "),
        (["news="], "source 'news='; accepted"),
        (["news=/no/such/folder"], "source news: /no/such/folder does not exist"),
        (["news=.", "news=."], "source 'news' is given twice"),
    ],
)
def test_wrong_sources_are_refused(given: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_sources(given)


def test_only_the_wanted_articles_are_opened(tmp_path: Path) -> None:
    _copy(tmp_path, str, CODED[:2])
    (tmp_path / "data" / "jsons" / "other.json").write_text("not JSON", encoding="utf-8")
    articles, problems = read_copies(tmp_path, {"s01", "s02", "s03"})
    assert set(articles) == {"s01", "s02"}
    assert problems == ()
    assert articles["s01"].text == ARTICLES["s01"].text


@pytest.mark.corpora
def test_every_real_article_hydrates_without_a_hash_failure() -> None:
    store = read_store(ANNOTATIONS)
    if not store.final:
        pytest.skip("no real article is coded yet")
    copy = corpora("corpora/article-bias-prediction")
    hydrated = hydrate_store(store, {"article-bias-prediction": copy})
    assert hydrated.n_same == hydrated.n_coded == len(store.final)
    assert (hydrated.n_lost, hydrated.missing) == (0, ())
