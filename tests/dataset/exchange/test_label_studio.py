"""Tasks as Label Studio takes and gives them, what a coder does there, and JSON that is wrong."""

import copy
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import (
    CodedCorpus,
    Suggestion,
    gather_corpus,
    keep_surviving,
    of_coder,
)
from framing.dataset.exchange import label_studio as label_studio_module
from framing.dataset.exchange.label_studio import LABEL_STUDIO
from framing.dataset.exchange.label_studio_config import labeling_config, labeling_instructions
from framing.errors import DataError
from framing.records import Span
from tests.dataset.exchange.coded_corpora import invented_corpus

BOOK = load_codebook()
Tasks = list[dict[str, Any]]


def _kept(coder: str = "ada") -> CodedCorpus:
    return keep_surviving(of_coder(invented_corpus(), coder), LABEL_STUDIO.survival)[0]


@pytest.fixture
def tasks(tmp_path: Path) -> Tasks:
    """Ada's: varn-1 coded, varn-2 (where her one label is of a speaker left out) and varn-3 not."""
    LABEL_STUDIO.write(_kept(), tmp_path / "ada", coder="ada", seed=0)
    found: Tasks = json.loads((tmp_path / "ada" / "tasks.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., CodedCorpus]:
    def read(tasks: Any, coder: str = "ada") -> CodedCorpus:
        path = tmp_path / "answers.json"
        path.write_text(json.dumps(tasks), encoding="utf-8")
        return LABEL_STUDIO.read(path, source=invented_corpus(), codebook=BOOK, coder=coder)

    return read


Read = Callable[..., CodedCorpus]


def _result(task: dict[str, Any]) -> list[dict[str, Any]]:
    (made,) = task.get("annotations") or task["predictions"]
    found: list[dict[str, Any]] = made["result"]
    return found


def _item(task: dict[str, Any], name: str, words: str) -> dict[str, Any]:
    """What is given under a tag on the first region that begins with these words."""
    text = task["data"]["text"]
    return next(
        item
        for item in _result(task)
        if item.get("from_name") == name and text[item["value"]["start"] :].startswith(words)
    )


def _drawn(
    task: dict[str, Any], key: str, words: str, label: str, **choices: str
) -> list[dict[str, Any]]:
    """A region as a coder draws it, with what is chosen on it."""
    start = task["data"]["text"].index(words)
    span = {"start": start, "end": start + len(words), "text": words}
    shared = {"id": key, "to_name": "text", "origin": "manual"}
    return [
        {**shared, "from_name": "mark", "type": "labels", "value": {**span, "labels": [label]}},
        *(
            {**shared, "from_name": name, "type": "choices", "value": {**span, "choices": [value]}}
            for name, value in choices.items()
        ),
    ]


def _relation(one: str, other: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right"}


def _span(task: dict[str, Any], words: str) -> Span:
    start = task["data"]["text"].index(words)
    return Span(start, start + len(words))


def test_the_configuration_asks_what_the_codebook_asks() -> None:
    config = ElementTree.fromstring(labeling_config(BOOK))
    for variable in BOOK.variables:
        control = config.find(f".//Choices[@name='label_{variable.name}']")
        assert control is not None
        assert [choice.get("value") for choice in control] == list(variable.names)
        assert [choice.get("hint") for choice in control] == [
            category.definition for category in variable.categories
        ]
        assert control.get("perRegion") == "true"
    labels = [label.get("value") for label in config.iterfind(".//Label")]
    assert labels == ["Content", "Cue", "Source", "Speaker"]
    assert config.find(".//Table") is None
    shown = ElementTree.fromstring(labeling_config(BOOK, with_suggestions=True)).find(".//Table")
    assert shown is not None
    assert shown.get("value") == "$suggestions"


def test_the_instructions_are_the_codebook_escaped() -> None:
    first = dataclasses.replace(BOOK.variables[0], question="Is 1 < 2 & <b>bold</b>?")
    book = dataclasses.replace(BOOK, variables=(first, *BOOK.variables[1:]))
    shown = labeling_instructions(book)
    assert "Is 1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;?" in shown
    for category in first.categories:
        assert f"<b>{category.name}</b>" in shown


def test_offsets_are_code_points_and_words_stand_as_label_studio_has_them(tasks: Tasks) -> None:
    # "“No comment 🙂🙂,”" has 16 characters, each emoji one; UTF-16 would end at 18.
    value = _item(tasks[1], "mark", "“No comment")["value"]
    assert (value["start"], value["end"]) == (0, 16)
    assert value["text"] == "“No comment 🙂🙂,”"
    assert value["labels"] == ["Content"]


def test_coded_articles_are_annotations_and_others_predictions(tasks: Tasks) -> None:
    assert [sorted(set(task) - {"data"}) for task in tasks] == [
        ["annotations"],
        ["predictions"],
        ["predictions"],
    ]
    assert "ben" not in json.dumps(tasks)  # the other coder
    assert tasks[0]["data"]["speakers"] == [
        {"value": "Ada Brook, the mayor", "alias": "framing-speaker-0"}
    ]


def test_speakers_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    corpus = _kept()
    one = corpus.speakers[0]
    twin = dataclasses.replace(one, id="varn-1-s9", mentions=(Span(0, 3),))
    both = gather_corpus(corpus.articles, corpus.quotes, (one, twin), (), codebook=BOOK)
    LABEL_STUDIO.write(both, tmp_path / "out", coder="", seed=0)
    task = json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8"))[0]
    assert [option["value"] for option in task["data"]["speakers"]] == [
        "Ada Brook, the mayor",
        "Ada Brook, the mayor (2)",
    ]


def test_suggestions_are_shown_and_come_back(tmp_path: Path) -> None:
    corpus = _kept()
    given = Suggestion(unit_id="varn-2-q2", variable="stance", value="neutral", model="words")
    shown = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers, corpus.labels, codebook=BOOK,
        suggestions=(given,),
    )  # fmt: skip
    path = tmp_path / "out"
    LABEL_STUDIO.write(shown, path, coder="ada", seed=0)
    task = json.loads((path / "tasks.json").read_text(encoding="utf-8"))[1]
    assert task["data"]["suggestions"] == {"1. = a shame": "stance: neutral (words)"}
    assert "$suggestions" in (path / "labeling.xml").read_text(encoding="utf-8")
    back = LABEL_STUDIO.read(path, source=invented_corpus(), codebook=BOOK, coder="ada")
    assert back.suggestions == (given,)


def test_what_a_coder_changes_arrives(tasks: Tasks, read: Read) -> None:
    _item(tasks[0], "label_stance", "“We had")["value"]["choices"] = ["humanitarian"]
    _result(tasks[0]).append(
        {
            **{key: _item(tasks[0], "mark", "the town")[key] for key in ("id", "to_name")},
            "from_name": "note",
            "type": "textarea",
            "value": {**_span(tasks[0], "the town was  cut off")._asdict(), "text": ["unsure"]},
        }
    )
    before, after = _kept().labels, read(tasks).labels
    changed = next(label for label in before if label.unit_id == "varn-1-q1")
    noted = next(label for label in before if label.unit_id == "varn-1-q2")
    assert set(after) == {
        *(set(before) - {changed, noted}),
        dataclasses.replace(changed, value="humanitarian", time=""),
        dataclasses.replace(noted, note="unsure"),
    }


def test_a_remark_under_info_is_a_remark_too(tasks: Tasks, read: Read) -> None:
    _item(tasks[0], "mark", "“We had")["meta"] = {"text": ["not sure", "ask Ben"]}
    notes = {label.unit_id: label.note for label in read(tasks).labels}
    assert notes["varn-1-q1"] == "not sure\nask Ben"
    _item(tasks[0], "mark", "A baker")["meta"] = {"text": ["who?"]}
    with pytest.raises(DataError, match=r"the source 'A baker' has a remark or a kind; put it at"):
        read(tasks)


def test_a_quote_that_a_coder_adds_arrives_with_cue_source_and_speaker(
    tasks: Tasks, read: Read
) -> None:
    task = tasks[1]
    result = copy.deepcopy(_result(task))  # as Label Studio makes an annotation of a prediction
    result += _drawn(task, "aB3-_xYz90", "a nurse", "Content", kind="indirect",
                     label_stance="critical")  # fmt: skip
    result += _drawn(task, "cue", "said", "Cue")
    result += _drawn(task, "src", "the ministry", "Source")
    result += _drawn(task, "who", "the ministry", "Speaker", label_role="government")
    result += [_relation("cue", "aB3-_xYz90"), _relation("aB3-_xYz90", "src"),
               _relation("aB3-_xYz90", "who")]  # fmt: skip
    task["annotations"] = [{"result": result, "completed_by": 7, "lead_time": 30.5}]
    document = read(tasks).document("varn-2")
    assert document is not None
    assert [quote.id for quote in document.quotes] == ["varn-2-q1", "varn-2-q3", "varn-2-q2"]
    quote = document.quotes[1]
    assert quote.content == (_span(task, "a nurse"),)
    assert quote.cue == _span(task, "said")
    assert quote.source == _span(task, "the ministry")
    (speaker,) = document.speakers
    assert (speaker.id, speaker.name, quote.speaker_id) == (
        # "varn-2-s1" is Ivo Lund in the data, whom this text mentions nowhere.
        "varn-2-s2", "the ministry", "varn-2-s2",
    )  # fmt: skip
    assert {(x.unit_id, x.value, x.annotator, x.codebook) for x in document.labels} == {
        ("varn-2-q3", "critical", "ada", BOOK.digest),
        ("varn-2-s2", "government", "ada", BOOK.digest),
    }


def test_a_quote_that_a_coder_removes_is_gone_with_its_label(tasks: Tasks, read: Read) -> None:
    gone = _item(tasks[0], "mark", "the town was")["id"]
    made = tasks[0]["annotations"][0]
    made["result"] = [
        item
        for item in made["result"]
        if gone not in (item.get("id"), item.get("from_id"), item.get("to_id"))
    ]
    with pytest.raises(DataError, match=r"the source 'A baker' belongs to no quote; link it to"):
        read(tasks)
    made["result"].remove(_item(tasks[0], "mark", "A baker"))
    back = read(tasks)
    assert [quote.id for quote in back.quotes] == ["varn-1-q1", "varn-2-q1", "varn-2-q2"]
    assert {label.unit_id for label in back.labels} == {"varn-1-q1", "varn-1-s1"}


def test_a_mark_that_a_coder_makes_another_of_is_new(tasks: Tasks, read: Read) -> None:
    mention = _item(tasks[0], "mark", "The mayor")
    assert mention["id"] == "framing-speaker-0"
    # Now "Ada Brook" alone is the speaker, and "The mayor" the cue of the second quote.
    mention["value"]["labels"] = ["Cue"]
    made = tasks[0]["annotations"][0]
    made["result"] = [
        item
        for item in made["result"]
        if item.get("id") != mention["id"] or item["from_name"] == "mark"
    ]
    made["result"].append(_relation("framing-content-6", mention["id"]))
    back = read(tasks)
    assert back.quotes[1].cue == _span(tasks[0], "The mayor")
    assert back.speakers[0].mentions == (_span(tasks[0], "Ada Brook"),)
    assert (back.speakers[0].id, back.speakers[0].description) == ("varn-1-s1", "the mayor")


def test_an_annotation_that_was_deleted_leaves_the_units_without_labels(
    tasks: Tasks, read: Read
) -> None:
    tasks[0]["annotations"] = []
    back = read(tasks)
    assert back.labels == ()
    assert back.quotes == _kept().quotes


@pytest.mark.parametrize(
    "state",
    [
        {"annotations": [{"was_cancelled": True, "result": []}]},
        {"drafts": [17]},
        {"drafts": [{"id": 17, "result": []}], "annotations": []},
    ],
)
def test_skipped_and_unsubmitted_articles_are_left_out(
    tasks: Tasks, read: Read, state: dict[str, Any]
) -> None:
    tasks[0].update(state)
    assert [article.id for article in read(tasks).articles] == ["varn-2", "varn-3"]


def test_who_imported_an_annotation_is_nobody_who_codes(tasks: Tasks, read: Read) -> None:
    tasks[0]["annotations"][0].update(completed_by=1, updated_by=None, lead_time=None)
    tasks[2]["annotations"] = [{"result": [], "completed_by": 7, "lead_time": 1.5}]
    assert read(tasks) == dataclasses.replace(
        _kept(),
        documents=tuple(
            dataclasses.replace(document, article=source.article)
            for document, source in zip(_kept().documents, invented_corpus().documents, strict=True)
        ),
    )


def _set(*path: str | int, to: Any) -> Callable[[Tasks], Any]:
    def change(tasks: Tasks) -> Any:
        at: Any = tasks
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = to
        return tasks

    return change


def _add(*items: dict[str, Any]) -> Callable[[Tasks], Any]:
    def change(tasks: Tasks) -> Any:
        _result(tasks[0]).extend(items)
        return tasks

    return change


_FIRST = (0, "annotations", 0, "result", 0)
_VALUE = {"start": 0, "end": 3, "text": "The"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: {"a": 1}, r"answers\.json: the file is .*; it takes a list, so export .* JSON"),
        (lambda _: [7], r"task 1: it is '7'; it takes an object"),
        (lambda _: [{"text": "JSON-MIN"}], r"task 1: data is missing; .* \(not JSON-MIN or CSV\)"),
        (lambda _: [{"data": {"text": "x"}}], r"task 1: its data hold nothing of framing"),
        (lambda t: [*t, t[0]], r"task 4 \(article 'varn-1'\): stands before as task 1"),
        (_set(0, "data", "framing", "article_id", to=3), r"article_id is '3'; it takes some text"),
        (_set(0, "data", "framing", "records", to=[]), r"records is '\[\]'; it takes an object"),
        (_set(0, "data", "framing", "coder", to="ben"), r"given out to 'ben', and was to be read"),
        (_set(0, "data", "framing", "codebook", to="0"), r"under codebook 0, not under 'framing'"),
        (_set(0, "data", "framing", "sha256", to="00"), r"the text of article 'varn-1' is not tha"),
        (_set(0, "data", "text", to="It rained."), r"the text of article 'varn-1' has changed"),
        (_set(0, "annotations", to={}), r"annotations is '\{\}'; it takes a list"),
        (_set(0, "annotations", 0, to="x"), r"an annotation is 'x'; it takes an object"),
        (_set(0, "annotations", 0, "result", to="x"), r"result is 'x'; it takes a list"),
        (_set(*_FIRST, to=None), r"an item of result is missing"),
        (_set(*_FIRST, "id", to=5), r"the id of a region is '5'; it takes some text"),
        (_set(*_FIRST, "from_name", to="mood"), r"region framing-speaker-0: is of the tag 'mood'"),
        (_set(*_FIRST, "type", to="choices"), r"mark has the type 'choices' on 'text'; it takes"),
        (_set(*_FIRST, "value", to=[]), r"the value of mark is '\[\]'; it takes an object"),
        (_set(*_FIRST, "value", "start", to=True), r"start is 'True'; it takes a whole number"),
        (_set(*_FIRST, "value", "end", to=9.5), r"end is '9\.5'; it takes a whole number"),
        (_set(*_FIRST, "value", "start", to=-1), r"covers \[-1, 9\], but the text has 152 charac"),
        (_set(*_FIRST, "value", "end", to=999), r"covers \[0, 999\], but the text has 152 charac"),
        (_set(*_FIRST, "value", "end", to=0), r"covers \[0, 0\].*the region is empty or of anoth"),
        (_set(*_FIRST, "value", "end", to=8), r"says 'The mayor', but the text has 'The mayo' at"),
        (_set(*_FIRST, "value", "labels", to=["Mood"]), r"is labeled 'Mood'; accepted: Content, C"),
        (_set(*_FIRST, "value", "labels", to=["Cue", "Source"]), r"mark has \['Cue', 'Source'\]"),
        (_set(*_FIRST, "value", "labels", to=[None]), r"the choice of mark is missing"),
        (
            _add({"id": "x", "from_name": "kind", "to_name": "text", "type": "choices",
                  "value": {**_VALUE, "choices": ["direct"]}}),
            r"region x: has no label; accepted: Content",
        ),
        (
            _add({"id": "framing-content-2", "from_name": "label_stance", "to_name": "text",
                  "type": "choices", "value": {**_VALUE, "choices": ["neutral"]}}),
            r"region framing-content-2: covers both",
        ),
        (_add(_relation("framing-cue-4", "zz")), r"there is no region 'zz'; remove the relation"),
        (
            _add({**_relation("framing-cue-4", "framing-source-5"), "labels": ["a", "b"]}),
            r"has the labels \['a', 'b'\]; it takes one",
        ),
        (
            _add(_relation("framing-cue-4", "framing-source-5")),
            r"relation framing-cue-4 - framing-source-5: joins a cue and a source; accepted",
        ),
        (_set(0, "predictions", to=[1, 2]), r"holds predictions by 'another model', which framing"),
        (_set(0, "predictions", to=[{"model_version": "m9"}]), r"holds predictions by 'm9'"),
    ],
)  # fmt: skip
def test_json_that_is_wrong_is_refused_with_its_place(
    tasks: Tasks, read: Read, change: Callable[[Tasks], Any], message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read(change(tasks))
    assert "answers.json" in str(caught.value)


def test_a_label_that_the_codebook_does_not_have_is_refused(tasks: Tasks, read: Read) -> None:
    _item(tasks[0], "label_stance", "“We had")["value"]["choices"] = ["angry"]
    with pytest.raises(DataError, match=r"region framing-content-2: 'angry' is not a category of"):
        read(tasks)


def test_a_speaker_of_whom_no_mention_is_left_is_refused(tasks: Tasks, read: Read) -> None:
    made = tasks[0]["annotations"][0]
    made["result"] = [x for x in made["result"] if "speaker" not in str(x.get("id", ""))]
    with pytest.raises(DataError, match=r"the speaker 'framing-speaker-0' is chosen, of whom no"):
        read(tasks)


def test_several_people_in_one_task_or_project_are_refused(tasks: Tasks, read: Read) -> None:
    first = {**tasks[0]["annotations"][0], "completed_by": 1, "lead_time": 3.0}
    second = {**first, "completed_by": {"id": 2, "email": "ben@example.org"}}
    with pytest.raises(
        DataError, match=r"article 'varn-1'\): has 2 annotations, by ben@example.org and user 1;"
    ):
        read([{**tasks[0], "annotations": [first, second]}, *tasks[1:]])
    tasks[0]["annotations"] = [first]
    tasks[2]["annotations"] = [{**second, "result": []}]
    with pytest.raises(
        DataError, match=r"several people have coded in this project: user 1 \(task 1.*ben@exam"
    ):
        read(tasks)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[{", r"answers\.json: not JSON \(.*; export the project from Label Studio as JSON"),
        (b"\xff\xfe[]", r"answers\.json: not UTF-8"),
        (b"[" * 200_000, r"answers\.json: not JSON"),
        (b"9" * 5_000, r"answers\.json: not JSON \(Exceeds the limit"),
    ],
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "answers.json").write_bytes(content)
    with pytest.raises(DataError, match=message):
        LABEL_STUDIO.read(
            tmp_path / "answers.json", source=invented_corpus(), codebook=BOOK, coder="ada"
        )


def test_a_file_that_is_not_there_or_too_large_is_refused(
    tmp_path: Path, tasks: Tasks, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match=r"tasks\.json: no such file; it should be the JSON"):
        LABEL_STUDIO.read(tmp_path, source=invented_corpus(), codebook=BOOK, coder="ada")
    monkeypatch.setattr(label_studio_module, "_MAX_BYTES", 1000)
    with pytest.raises(DataError, match=r"bytes; 1,000 are accepted, so export fewer articles"):
        read(tasks)


def test_data_are_needed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"give the data that were exported with --data"):
        LABEL_STUDIO.read(tmp_path, source=None, codebook=BOOK, coder="ada")
