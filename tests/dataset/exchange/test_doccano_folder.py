"""Lines as doccano takes and gives them, edits as its page makes them, and wrong lines."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange.coded_corpus import (
    CodedCorpus,
    Suggestion,
    gather_corpus,
    of_coder,
)
from framing.dataset.exchange.doccano_folder import DOCCANO
from framing.dataset.exchange.survival import keep_surviving
from framing.errors import DataError
from framing.records import Article, Label, Quote, Span, Speaker
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()
Lines = list[dict[str, Any]]


def _kept(corpus: CodedCorpus) -> CodedCorpus:
    return keep_surviving(of_coder(corpus, "ada"), DOCCANO.survival)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    DOCCANO.write(_kept(invented_corpus()), tmp_path / "out", coder="ada", seed=0)
    return tmp_path / "out"


def _lines(folder: Path) -> Lines:
    text = (folder / "articles.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def _read(path: Path, lines: Lines | None = None) -> CodedCorpus:
    if lines is not None:
        path = path / "all.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return DOCCANO.read(path, source=invented_corpus(), codebook=BOOK, coder="ada")


def _as_doccano(lines: Lines) -> Lines:
    """As doccano gives it back: marks numbered anew over the project, comments, its own id."""
    numbered = []
    next_id = 100
    for n, line in enumerate(lines, start=7):
        new = {entity["id"]: next_id + m for m, entity in enumerate(line["entities"])}
        next_id += len(new) + 3
        entities = [{**entity, "id": new[entity["id"]]} for entity in line["entities"]]
        relations = [
            {**one, "id": m, "from_id": new[one["from_id"]], "to_id": new[one["to_id"]]}
            for m, one in enumerate(line["relations"], start=50)
        ]
        numbered.append(
            {**line, "id": n, "entities": entities, "relations": relations, "Comments": []}
        )
    return numbered


def _entity(line: dict[str, Any], label: str, start: int) -> dict[str, Any]:
    found = [e for e in line["entities"] if (e["label"], e["start_offset"]) == (label, start)]
    assert len(found) == 1
    return dict(found[0])


def _quote(corpus: CodedCorpus, name: str) -> Quote:
    return next(quote for quote in corpus.quotes if quote.id == name)


def test_lines_are_as_doccano_takes_them(folder: Path) -> None:
    for line, article in zip(_lines(folder), invented_corpus().articles, strict=True):
        assert line["text"] == article.text
        ids = [entity["id"] for entity in line["entities"]]
        assert len(set(ids)) == len(ids)
        for entity in line["entities"]:
            assert list(entity) == ["id", "label", "start_offset", "end_offset"]
            assert 0 <= entity["start_offset"] < entity["end_offset"]
        for relation in line["relations"]:
            assert list(relation) == ["id", "from_id", "to_id", "type"]
            assert {relation["from_id"], relation["to_id"]} <= set(ids)
    first = _lines(folder)[0]
    marks = [(e["label"], e["start_offset"], e["end_offset"]) for e in first["entities"]]
    assert ("quote: direct", 92, 115) in marks
    assert ("stance: supportive", 45, 64) in marks
    assert ("role: government", 0, 9) in marks


def test_label_types_for_the_project_hold_every_category(folder: Path) -> None:
    types = json.loads((folder / "span_labels.json").read_text(encoding="utf-8"))
    names = {one["text"] for one in types}
    assert {f"stance: {name}" for name in BOOK.variable("stance").names} <= names
    assert {"quote: direct", "quote: mixed", "quote: indirect", "cue"} <= names
    assert {e["label"] for line in _lines(folder) for e in line["entities"]} <= names
    relations = json.loads((folder / "relation_labels.json").read_text(encoding="utf-8"))
    assert {one["text"] for one in relations} == {
        "continues", "same", "cue", "source", "speaker", "labels",
    }  # fmt: skip


def test_offsets_are_units_of_utf_16(folder: Path) -> None:
    line = _lines(folder)[1]
    units = line["text"].encode("utf-16-le")

    def covered(entity: dict[str, Any]) -> str:
        words = units[2 * entity["start_offset"] : 2 * entity["end_offset"]]
        return str(words.decode("utf-16-le"))

    # Two emoji stand before "called", at 55 in code points, so at 57 in units.
    assert covered(_entity(line, "cue", 57)) == "called"
    assert covered(_entity(line, "quote: direct", 0)) == "“No comment 🙂🙂,”"


def test_what_doccano_gives_back_unchanged_is_the_same(folder: Path) -> None:
    back = _read(folder, _as_doccano(_lines(folder)))
    assert back == _kept_with_meta()
    assert back == _read(folder)


def _kept_with_meta() -> CodedCorpus:
    kept = _kept(invented_corpus())
    documents = [
        dataclasses.replace(one, article=original)
        for one, original in zip(kept.documents, invented_corpus().articles, strict=True)
    ]
    return dataclasses.replace(kept, documents=tuple(documents))


def test_a_category_that_a_coder_changed_arrives(folder: Path) -> None:
    lines = _as_doccano(_lines(folder))
    for entity in lines[0]["entities"]:
        if entity["label"] == "stance: supportive":
            entity["label"] = "stance: critical"
            entity["start_offset"] += 3  # put down again, not quite on the same words
    label = next(x for x in _read(folder, lines).labels if x.unit_id == "varn-1-q1")
    assert (label.value, label.time, label.probability) == ("critical", "", 0.25)


def test_a_span_that_a_coder_moved_keeps_its_unit(folder: Path) -> None:
    lines = _as_doccano(_lines(folder))
    for entity in lines[0]["entities"]:
        if entity["label"] in ("quote: indirect", "stance: critical"):
            entity["start_offset"] = 144
    back = _read(folder, lines)
    assert _quote(back, "varn-1-q2").content == (Span(144, 151),)
    assert {x.unit_id: x.value for x in back.labels}["varn-1-q2"] == "critical"


def test_a_quote_that_a_coder_added_arrives(folder: Path) -> None:
    lines = _as_doccano(_lines(folder))
    lines[2]["entities"] = [
        {"id": 900, "label": "quote: mixed", "start_offset": 3, "end_offset": 9},
        {"id": 901, "label": "speaker", "start_offset": 0, "end_offset": 2},
        {"id": 902, "label": "role: media", "start_offset": 0, "end_offset": 2},
    ]
    # Drawn from the speaker to the quote: the ends say what it means.
    lines[2]["relations"] = [{"id": 90, "from_id": 901, "to_id": 900, "type": "speaker"}]
    back = _read(folder, lines)
    added = _quote(back, "varn-3-q1")
    assert (added.kind, added.content, added.speaker_id) == ("mixed", (Span(3, 9),), "varn-3-s1")
    label = next(x for x in back.labels if x.unit_id == "varn-3-s1")
    assert (label.value, label.annotator, label.codebook) == ("media", "ada", BOOK.digest)


def test_a_relation_that_a_coder_deleted_is_gone(folder: Path) -> None:
    lines = _as_doccano(_lines(folder))
    lines[0]["relations"] = [x for x in lines[0]["relations"] if x["type"] != "speaker"]
    quote = _quote(_read(folder, lines), "varn-1-q1")
    assert (quote.speaker_id, quote.source) == (None, Span(70, 90))


def test_a_quote_that_a_coder_divided_is_two(folder: Path) -> None:
    lines = _as_doccano(_lines(folder))
    lines[0]["relations"] = [x for x in lines[0]["relations"] if x["type"] != "continues"]
    back = _read(folder, lines)
    assert _quote(back, "varn-1-q1").content == (Span(45, 64),)
    assert _quote(back, "varn-1-q3").content == (Span(92, 115),)


def test_speakers_at_the_same_words_are_told_apart_where_they_can_be(tmp_path: Path) -> None:
    article = Article(id="a", text="Ann and Bo said so, Ann and Bo.")
    both, again = Span(0, 10), Span(20, 30)
    speakers = [
        Speaker(id="a-s1", article_id="a", name="Ann", mentions=(both, again)),
        Speaker(id="a-s2", article_id="a", name="Bo", mentions=(both,)),
        Speaker(id="a-s3", article_id="a", name="They", mentions=(again,)),
        Speaker(id="a-s4", article_id="a", name="Others", mentions=(again,)),
    ]
    labels = [
        Label(unit_id=f"a-s{n}", variable="role", value=value, annotator="ada")
        for n, value in ((1, "media"), (2, "expert"))
    ]
    corpus = gather_corpus([article], [], speakers, labels, codebook=BOOK)
    kept, losses = keep_surviving(corpus, DOCCANO.survival)
    assert [loss.item for loss in losses] == ["speaker a-s3", "speaker a-s4"]
    DOCCANO.write(kept, tmp_path / "out", coder="ada", seed=0)
    line = _lines(tmp_path / "out")[0]
    assert [one["type"] for one in line["relations"]].count("labels") == 2
    back = DOCCANO.read(tmp_path / "out", source=corpus, codebook=BOOK, coder="ada")
    assert back == kept


def test_suggestions_are_listed_as_lost() -> None:
    corpus = invented_corpus()
    seen = Suggestion(unit_id="varn-1-q1", variable="stance", value="critical", model="m")
    corpus = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers, [], codebook=BOOK, suggestions=[seen]
    )
    reasons = [loss.reason for loss in keep_surviving(corpus, DOCCANO.survival)[1]]
    assert "suggestions: doccano has no place to show them" in reasons


def test_a_text_with_control_characters_comes_back(tmp_path: Path) -> None:
    # Not canonical, as somebody's own articles.jsonl may be.
    text = "a\r\nb\x00c\x07 \u2028\x85 🙂 \u200ehi\u200f  e\u0301 \ufffe so."
    quote = Quote(
        id="n-q1", article_id="n", kind="direct", content=(Span(len(text) - 3, len(text)),)
    )
    corpus = gather_corpus([Article(id="n", text=text)], [quote], [], [], codebook=BOOK)
    DOCCANO.write(corpus, tmp_path / "out", coder="ada", seed=0)
    assert _lines(tmp_path / "out")[0]["text"] == text.replace("\r", "\ufffd").replace(
        "\x00", "\ufffd"
    )
    assert DOCCANO.read(tmp_path / "out", source=corpus, codebook=BOOK, coder="ada") == corpus


def _set(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line.__setitem__(key, value)


def _add(key: str, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line[key].append(fields)


def _add_entity(label: str, start: Any, end: Any, key: Any = 99) -> Callable[[Any], None]:
    return _add("entities", id=key, label=label, start_offset=start, end_offset=end)


def _change(key: str, n: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line[key][n].update(fields)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_change("entities", 9, label="stance: hostile"), r"jsonl:1 entity 3: 'hostile' is not a"),
        (_add_entity("tone: bad", 46, 50), r"entity 12: codebook 'framing': no variable 'tone'"),
        (_add_entity("stance: neutral", 46, 50), r"entity 12: stance is 'neutral' here and 'suppo"),
        (_add_entity("stance: neutral", 10, 14), r"entity 12: stance stands over no quotes; put i"),
        (_add_entity("stance: neutral", 60, 140), r"entity 12: stance stands over several quotes;"),
        (_add_entity("kudos", 1, 2), r"entity 12: has the label 'kudos'; accepted: quote: direct"),
        (_add_entity("quote: loud", 10, 12), r"entity 12: the quote 'cl' has the kind 'loud'; giv"),
        (_add_entity("quote: direct", 50, 70), r"entity 12: the quote .* overlaps .*entity 3\); c"),
        (_add_entity("cue", 10, 12), r"entity 12: the cue 'cl' belongs to no quote; link it to on"),
        (_add_entity("cue", 10, 9_999), r"entity 12: covers 10 to 9999; accepted are start < end"),
        (_add_entity("cue", 10, 10), r"entity 12: covers 10 to 10; accepted are start < end up to"),
        (_add_entity("cue", -2, 10), r"entity 12: covers -2 to 10; accepted are"),
        (_add_entity("cue", 10, 12, 3), r"entity 12: the id 3 stands twice; ids must differ"),
        (_add_entity("cue", "10", 12), r"entities 12: _?Entity key 'start_offset' is \"10\"; acce"),
        (_add_entity("cue", True, 12), r"entities 12: .*'start_offset' is true; accepted: a whole"),
        (_add_entity("cue", 1e999, 12), r"entities 12: .*'start_offset' is Infinity; accepted: a"),
        (_set("entities", {}), r"jsonl:1: entities is no list; export from doccano as JSONL"),
        (_set("entities", [7]), r"entities 1: found 7, but a _?Entity is a JSON object"),
        (_add("relations", from_id=3, to_id=77, type="cue"), r"relation 7: names entity 77, which"),
        (_add("relations", from_id=3, to_id=5, type="source"), r"relation 7: is called 'source',"),
        (_add("relations", from_id=5, to_id=6, type="cue"), r"relation 7: joins a cue and a sourc"),
        (_add("relations", from_id=3, to_id=3, type=""), r"relation 7: joins a content and a cont"),
        (_add("relations", from_id=7, to_id=6, type=""), r"relation 7: the quote 'the town was  c"),
        (_add("relations", from_id=10, to_id=3, type="cue"), r"relation 7: joins a category by 'c"),
        (_add("relations", from_id=10, to_id=5, type="labels"), r"the cue 'said' has stance; put"),
        (_set("Comments", [{"id": 1, "comment": "hm"}]), r"jsonl:1: has Comments, and framing has"),
        (_set("label", []), r"jsonl:1: has no relations; make the doccano project with relation l"),
        (_set("color", "red"), r"jsonl:1: unknown key 'color'; accepted: id, text, entities"),
        (_set("text", 7), r"jsonl:1: text is 7; accepted: a string"),
        (_set("text", "The mayor"), r"has changed, first at character 9 \(line 1\): the end inste"),
        (_set("article_id", "varn-9"), r"jsonl:1: article 'varn-9' is not in the data that were"),
        (_set("codebook", "0123"), r"jsonl:1: exported under codebook 0123, not under 'framing'"),
        (_set("units", [{"spans": []}]), r"units 1: no record of a unit; export again, these are"),
        (_change("units", 0, spans=[[1, "2"]]), r"units 1: .*'spans' is .*accepted: \[start, end"),
        (_change("units", 1, record={"id": 7}), r"entity 3: the record that framing wrote there w"),
        (_change("units", 1, part="speaker"), None),
        (lambda line: line.pop("entities"), r"jsonl:1: key 'entities' is missing; export from"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_line_and_entity(
    folder: Path, change: Callable[[dict[str, Any]], None], message: str | None
) -> None:
    lines = _lines(folder)
    change(lines[0])
    if message is None:  # a record that fits no unit: the quote counts as added
        assert "varn-1-q3" in {quote.id for quote in _read(folder, lines).quotes}
        return
    with pytest.raises(DataError, match=message):
        _read(folder, lines)


def test_an_offset_inside_an_emoji_is_refused(folder: Path) -> None:
    lines = _lines(folder)
    lines[1]["entities"][0]["end_offset"] = 13  # the first emoji is 12 to 14
    with pytest.raises(
        DataError, match=r"jsonl:2 entity 1: covers 0 to 13; .*never inside an emoji"
    ):
        _read(folder, lines)


def test_an_article_twice_is_refused(folder: Path) -> None:
    lines = _lines(folder)
    expected = r"jsonl:4: article 'varn-1' stands twice \(before at line 1\); keep the line that"
    with pytest.raises(DataError, match=expected):
        _read(folder, [*lines, lines[0]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04\xff", r"all\.jsonl: not UTF-8 .*; unpack doccano's \.zip"),
        (b"{", r"all\.jsonl:1: not JSON: Expecting property name"),
        (b"[" * 100_000, r"all\.jsonl:1: not JSON: "),
        (b"[]", r"all\.jsonl:1: found '\[\]'; a document is a JSON object"),
    ],
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "all.jsonl").write_bytes(content)
    with pytest.raises(DataError, match=message):
        _read(tmp_path / "all.jsonl")


def test_without_file_or_data_there_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"articles\.jsonl: cannot be read \(No such file .*give the"
    ):
        _read(tmp_path)
    with pytest.raises(DataError, match=r"give the data that were exported with --data$"):
        DOCCANO.read(tmp_path, source=None, codebook=BOOK, coder="ada")
