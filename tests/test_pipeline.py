"""The whole way on invented articles; no test here loads torch."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framing.codebook import load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.models import load_extractor
from framing.pipeline import (
    compare_corpus,
    evaluate_models,
    extract_corpus,
    find_run,
    load_classifiers,
    measure_corpus,
    predict_corpus,
    predict_units,
    read_corpus,
    read_predictions,
    read_run,
    report_corpus,
    reproduce_run,
)
from framing.pipeline.comparison import group_of
from framing.pipeline.measurement import extraction_error_of
from framing.pipeline.stored_predictions import Predicted
from framing.quotes import RulesExtractor
from framing.records import Article, ArticleBalance, Extraction, Label, Prediction, Quote, Speaker
from framing.runs import file_sha256
from tests.cli.invented import TARGET, WordClassifier, extracted, label_all, write_articles

__all__ = ["extracted"]  # a fixture

BOOK = load_codebook()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _change(path: Path, line: int, **fields: Any) -> None:
    rows = _lines(path)
    rows[line - 1].update(fields)
    _write_lines(path, rows)


def _classifiers() -> dict[str, WordClassifier]:
    return {
        "role": WordClassifier(variable="role", word="Minister", book=BOOK),
        "stance": WordClassifier(variable="stance", word="bridge", book=BOOK),
    }


# --- extract


@pytest.mark.parametrize("name", ["tagger", "rules"])
def test_extract_writes_records_that_are_read_again(tmp_path: Path, name: str) -> None:
    articles = write_articles(tmp_path / "articles.jsonl")
    step = extract_corpus(articles, out=tmp_path / "work", extractor=name)
    corpus = read_corpus(tmp_path / "work", codebook=BOOK)
    assert [article.id for article in corpus.articles] == ["a0", "a1", "a2"]
    extractor = load_extractor() if name == "tagger" else RulesExtractor()
    for article in corpus.articles:
        expected = extractor.extract(article)
        assert corpus.extractions[article.id].quotes == expected.quotes
        assert corpus.extractions[article.id].speakers == expected.speakers
    assert (corpus.extractor, corpus.corrected, corpus.labels) == (name, False, ())
    assert step.results["extractor_version"] == extractor.version
    assert corpus.n_quotes == 18  # six in each article


def test_the_tagger_is_what_extracts_when_nothing_is_said(extracted: Path) -> None:
    assert read_corpus(extracted, codebook=BOOK).extractor == "tagger"


def test_extract_says_what_it_left_out(tmp_path: Path) -> None:
    write_articles(tmp_path / "good.jsonl", 1)
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    step = extract_corpus([tmp_path / "good.jsonl", tmp_path / "empty.txt"], out=tmp_path / "work")
    assert (step.results["articles"], step.results["articles_excluded"]) == (1, 1)
    assert "empty: it holds no text" in [
        row["reason"] for row in _lines(tmp_path / "work" / "exclusions.jsonl")
    ]


def test_extract_refuses_input_without_one_usable_article(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"none of the 1 found can be used; .*empty\.txt: empty"):
        extract_corpus(tmp_path / "empty.txt", out=tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []


def test_of_articles_with_one_id_the_first_is_read(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "articles.jsonl", 2, id="same")
    step = extract_corpus(path, out=tmp_path / "work")
    assert (step.results["articles"], step.results["articles_excluded"]) == (1, 1)


@dataclasses.dataclass
class _Interrupted:
    """An extractor that is interrupted at the n-th article."""

    n: int
    error: type[BaseException]
    name: str = "rules"
    version: str = "1"

    def extract(self, article: Article) -> Extraction:
        self.n -= 1
        if self.n < 0:
            raise self.error("interrupted")
        return RulesExtractor().extract(article)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError, RuntimeError])
@pytest.mark.parametrize("n", [0, 2])
def test_an_interrupted_extraction_leaves_the_folder_as_it_was(
    tmp_path: Path, n: int, error: type[BaseException]
) -> None:
    path = write_articles(tmp_path / "articles.jsonl")
    out = tmp_path / "work"
    extract_corpus(path, out=out, target="an earlier run")
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    with pytest.raises(error):
        extract_corpus(path, out=out, target=TARGET, extractor=_Interrupted(n, error))
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_an_article_that_an_extractor_refuses_is_left_out(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "articles.jsonl")
    step = extract_corpus(path, out=tmp_path / "work", extractor=_Interrupted(2, DataError))
    assert (step.results["articles"], step.results["articles_excluded"]) == (2, 1)
    assert {"item": "a2", "stage": "quotes"}.items() <= _lines(
        tmp_path / "work" / "exclusions.jsonl"
    )[-1].items()


def test_extract_does_not_replace_work_by_hand(extracted: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    extract_corpus(articles, out=extracted)  # the same again is fine
    _change(extracted / "quotes.jsonl", 1, cue=None)
    with pytest.raises(DataError, match=r"quotes\.jsonl: not as framing extract left it"):
        extract_corpus(articles, out=extracted)
    (extracted / "quotes.jsonl").unlink()
    (extracted / "labels.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"labels\.jsonl is there, and its labels belong to"):
        extract_corpus(articles, out=extracted)


def test_extract_does_not_write_into_the_folder_it_reads(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl")
    with pytest.raises(DataError, match="lies in the input folder"):
        extract_corpus(tmp_path, out=tmp_path / "work")


# --- a folder corrected by hand


def test_a_correction_is_read_and_known_as_one(extracted: Path) -> None:
    _change(extracted / "speakers.jsonl", 1, name="Ada Brook-Lund")
    corpus = read_corpus(extracted, codebook=BOOK)
    assert corpus.corrected
    assert corpus.extractions["a0"].speakers[0].name == "Ada Brook-Lund"


def _edit_text(folder: Path) -> None:
    text = _lines(folder / "articles.jsonl")[1]["text"]
    _change(folder / "articles.jsonl", 2, text=text.replace("Day 2", "The second day"))


def _swap_lines_apart(folder: Path) -> None:
    """Blank lines are no records, but they count as lines."""
    path = folder / "quotes.jsonl"
    path.write_text("\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    rows = path.read_text(encoding="utf-8").split("\n")
    rows[4] = rows[4].replace('"article_id": "a0"', '"article_id": "a9"')
    path.write_text("\n".join(rows), encoding="utf-8")


def _overlap(folder: Path) -> None:
    rows = _lines(folder / "quotes.jsonl")
    rows[3]["content"] = rows[1]["content"]
    _write_lines(folder / "quotes.jsonl", rows)


_MISTAKES: dict[str, tuple[Callable[[Path], None], str]] = {
    "span outside": (
        lambda f: _change(f / "quotes.jsonl", 8, content=[[10, 99999]]),
        r"quotes\.jsonl:8: article 'a1': quote '.*' has span \[10, 99999\] but the text ends at",
    ),
    "unknown speaker": (
        lambda f: _change(f / "quotes.jsonl", 2, speaker_id="a0-s77"),
        r"quotes\.jsonl:2: .* names speaker 'a0-s77', who is not among the speakers",
    ),
    "unknown article": (
        _swap_lines_apart,
        r"quotes\.jsonl:5: quote '.*' is of article 'a9', which is not in articles\.jsonl",
    ),
    "overlap": (_overlap, r"quotes\.jsonl:4: article 'a0': quotes .* overlap"),
    "id twice": (
        lambda f: _change(f / "speakers.jsonl", 2, id="a0-s1"),
        r"speakers\.jsonl:2: the id 'a0-s1' is used twice",
    ),
    "mention outside": (
        lambda f: _change(f / "speakers.jsonl", 3, mentions=[[0, 70000]]),
        r"speakers\.jsonl:3: .* is mentioned at \[0, 70000\]",
    ),
    "edited text": (
        _edit_text,
        r"articles\.jsonl:2: the text of article 'a1' is not the one that was extracted",
    ),
    "not canonical": (
        lambda f: _change(f / "articles.jsonl", 1, text="a \r\n\n\n\nb"),
        r"articles\.jsonl:1: the text of article 'a0' is not in canonical form",
    ),
    "article twice": (
        lambda f: _change(f / "articles.jsonl", 3, id="a0"),
        r"articles\.jsonl:3: a second article with the id 'a0', first at line 1",
    ),
    "wrong key": (
        lambda f: _change(f / "quotes.jsonl", 6, speker_id="x"),
        r"quotes\.jsonl:6: unknown Quote key 'speker_id'; accepted: id, ",
    ),
}


@pytest.mark.parametrize("mistake", _MISTAKES)
def test_a_mistake_is_named_by_file_and_line(extracted: Path, mistake: str) -> None:
    make, message = _MISTAKES[mistake]
    make(extracted)
    with pytest.raises(DataError, match=message):
        read_corpus(extracted, codebook=BOOK)


def test_a_missing_file_is_named(extracted: Path) -> None:
    (extracted / "speakers.jsonl").unlink()
    with pytest.raises(DataError, match=r"speakers\.jsonl: no such file"):
        read_corpus(extracted, codebook=BOOK)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"unit_id": "a0-q99"}, "label of 'a0-q99': no quote has this id"),
        ({"unit_id": "a0-s1"}, "label of 'a0-s1': no quote has this id"),
        ({"value": "angry"}, "'angry' is not a category of stance; accepted: supportive"),
        ({"codebook": "0123456789abcdef"}, "given under codebook 0123456789abcdef, not under"),
        ({"variable": "mood"}, "no variable 'mood'; it has: role, stance"),
    ],
)
def test_a_wrong_label_is_named_by_line(
    extracted: Path, fields: dict[str, str], message: str
) -> None:
    label_all(extracted)
    _change(extracted / "labels.jsonl", 5, **fields)
    with pytest.raises(DataError, match=rf"labels\.jsonl:5: .*{message}"):
        read_corpus(extracted, codebook=BOOK)


def test_labels_that_contradict_each_other_are_told(extracted: Path) -> None:
    unit = _lines(extracted / "quotes.jsonl")[0]["id"]
    labels = [
        Label(unit_id=unit, variable="stance", value=value, annotator=who)
        for value, who in (("critical", "ann"), ("neutral", "bob"))
    ]
    write_jsonl(extracted / "labels.jsonl", labels)
    notes = read_corpus(extracted, codebook=BOOK).notes
    told = "1 unit has labels of stance that contradict each other without adjudication; "
    assert f"{told}the latest counts." in notes


def test_a_folder_coded_elsewhere_has_no_extractor(extracted: Path) -> None:
    (extracted / "run.json").unlink()
    (extracted / "texts.sha256").unlink()
    corpus = read_corpus(extracted, codebook=BOOK)
    assert (corpus.extractor, corpus.corrected) == ("", True)
    assert "has no texts.sha256" in corpus.notes[0]


# --- target


def test_the_articles_own_target_comes_first_then_the_given_one_then_the_headline(
    tmp_path: Path,
) -> None:
    path = write_articles(tmp_path / "articles.jsonl", 2)
    _change(path, 1, target="the queues")
    extract_corpus(path, out=tmp_path / "work")
    given = read_corpus(tmp_path / "work", codebook=BOOK, target=f" {TARGET} ")
    assert [article.stance_target for article in given.articles] == ["the queues", TARGET]
    without = read_corpus(tmp_path / "work", codebook=BOOK)
    assert without.articles[1].stance_target == "Varn bridge closed for day 2"


def test_an_article_without_target_and_title_is_not_measured(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "articles.jsonl", 2)
    _change(path, 1, title="")
    extract_corpus(path, out=tmp_path / "work")
    corpus = read_corpus(tmp_path / "work", codebook=BOOK)
    predicted = predict_units(corpus, _classifiers(), BOOK)
    assert [exclusion.article_id for exclusion in predicted.exclusions] == ["a0"]
    measured = measure_corpus(corpus, predicted, codebook=BOOK, seed=0)
    assert [balance.article_id for balance in measured.balances] == ["a1"]
    assert measured.balances[0].target_is_title
    assert "no target and no title, so stance is toward nothing" in measured.exclusions[0].reason


def test_no_target_at_all_is_refused(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "articles.jsonl", 2, title="")
    extract_corpus(path, out=tmp_path / "work")
    corpus = read_corpus(tmp_path / "work", codebook=BOOK)
    with pytest.raises(DataError, match="none of the 2 articles has a target or a title; give one"):
        predict_units(corpus, _classifiers(), BOOK)


# --- predict and measure


def test_every_unit_is_predicted_and_progress_counts_them(extracted: Path) -> None:
    corpus = read_corpus(extracted, codebook=BOOK)
    told: list[tuple[str, int, int]] = []
    predicted = predict_units(
        corpus, _classifiers(), BOOK, progress=lambda *state: told.append(state)
    )
    ids = [(prediction.variable, prediction.unit_id) for prediction in predicted.predictions]
    assert ids == [
        *(("role", unit) for unit in corpus.unit_ids("speaker")),
        *(("stance", unit) for unit in corpus.unit_ids("quote")),
    ]
    assert told[-1] == ("predicting stance", 18, 18)


def test_an_articles_numbers_do_not_depend_on_the_others(tmp_path: Path) -> None:
    def balances(n_articles: int) -> dict[str, ArticleBalance]:
        path = write_articles(tmp_path / f"{n_articles}.jsonl", n_articles)
        extract_corpus(path, out=tmp_path / str(n_articles))
        corpus = read_corpus(tmp_path / str(n_articles), codebook=BOOK)
        predicted = predict_units(corpus, _classifiers(), BOOK)
        measured = measure_corpus(corpus, predicted, codebook=BOOK, seed=3)
        return {balance.article_id: balance for balance in measured.balances}

    alone, among_others = balances(1), balances(3)
    assert alone["a0"] == among_others["a0"]


def test_it_is_said_where_the_effect_of_an_article_was_not_measured(extracted: Path) -> None:
    corpus = read_corpus(extracted, codebook=BOOK)
    predicted = predict_units(corpus, _classifiers(), BOOK)
    assert {one.article_sd for one in predicted.predictions} == {None}
    sentence = "was not measured; the intervals take its units as independent, and are too narrow."
    assert sentence in measure_corpus(corpus, predicted, codebook=BOOK, seed=0).note
    known = [dataclasses.replace(one, article_sd=0.5) for one in predicted.predictions]
    measured = dataclasses.replace(predicted, predictions=tuple(known))
    assert sentence not in measure_corpus(corpus, measured, codebook=BOOK, seed=0).note
    with pytest.raises(DataError, match=r"article_sd is 9; it takes 0 to 2\.5"):
        dataclasses.replace(known[0], article_sd=9)


def test_no_quotes_at_all_need_no_model(tmp_path: Path) -> None:
    text = "The bridge at Varn stayed closed on Monday. The queues were long, and it rained."
    path = tmp_path / "quiet.jsonl"
    _write_lines(path, [{"id": "quiet", "title": "Bridge closed", "text": text}])
    extract_corpus(path, out=tmp_path / "work")
    corpus = read_corpus(tmp_path / "work", codebook=BOOK)
    assert load_classifiers(corpus, BOOK) == {}
    measured = measure_corpus(corpus, Predicted(predictions=()), codebook=BOOK, seed=0)
    assert {value.excluded_reason for value in measured.balances[0].values} == {
        "0 quotes found; an interval needs at least 5"
    }


def test_measured_extraction_errors_hold_only_for_uncorrected_quotes(extracted: Path) -> None:
    path = extracted / "quotes.jsonl"
    quotes = path.read_text(encoding="utf-8").splitlines()
    changed = json.loads(quotes[0])["article_id"]
    path.write_text("\n".join(quotes[1:]) + "\n", encoding="utf-8")
    corpus = read_corpus(extracted, codebook=BOOK)
    error, note, exceptions = extraction_error_of(corpus, BOOK)
    assert error is not None
    assert exceptions == {changed}
    assert f"1 of {len(corpus.articles)} articles were corrected by hand" in note
    # Only who is quoted was corrected: the quotes are still those of the extractor.
    given = [json.loads(line) | {"speaker_id": None, "reason": "unsure"} for line in quotes]
    _write_lines(path, given)
    corpus = read_corpus(extracted, codebook=BOOK)
    assert corpus.corrected
    assert extraction_error_of(corpus, BOOK)[2] == frozenset()
    _predict_into(extracted)
    out = extracted.parent / "report"
    report_corpus(extracted, out=out, seed=0)
    told = f"{corpus.extractor}, speakers may be corrected"
    assert told in (out / "index.html").read_text(encoding="utf-8")
    unknown = dataclasses.replace(corpus, extractor="", corrected=True)
    assert "no record says what found them" in extraction_error_of(unknown, BOOK)[1]
    other = dataclasses.replace(corpus, extractor="another one")
    error, note, _ = extraction_error_of(other, BOOK)
    assert error is None
    assert "Extraction errors are not in the intervals" in note


def test_a_folder_without_a_model_is_refused(extracted: Path) -> None:
    corpus = read_corpus(extracted, codebook=BOOK)
    with pytest.raises(DataError, match=r"holds no model\.json.*framing train role\|stance --data"):
        load_classifiers(corpus, BOOK, [extracted])


# --- predictions that are there already


def _predict_into(folder: Path) -> None:
    """What `predict_corpus` leaves, from a classifier without torch."""
    corpus = read_corpus(folder, codebook=BOOK)
    predicted = predict_units(corpus, _classifiers(), BOOK)
    write_jsonl(folder / "predictions.jsonl", predicted.predictions)


def test_predictions_from_elsewhere_are_used_and_told(extracted: Path) -> None:
    _predict_into(extracted)
    found = read_predictions(read_corpus(extracted, codebook=BOOK), BOOK)
    assert isinstance(found, Predicted)
    assert len(found.predictions) == len(_lines(extracted / "predictions.jsonl"))
    assert "no run record says how they were made" in found.notes[0]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"unit_id": "a0-s99"}, "no speaker has this id"),
        ({"categories": ["a", "b"], "probabilities": [0.5, 0.5]}, "categories are a, b"),
        ({"codebook": "0123456789abcdef"}, "made under codebook 0123456789abcdef"),
        ({"unit_id": "a0-s2"}, "stands twice"),
    ],
)
def test_wrong_predictions_from_elsewhere_are_refused(
    extracted: Path, fields: dict[str, Any], message: str
) -> None:
    _predict_into(extracted)
    _change(extracted / "predictions.jsonl", 1, **fields)
    with pytest.raises(DataError, match=message):
        read_predictions(read_corpus(extracted, codebook=BOOK), BOOK)


def test_predictions_are_not_used_once_something_has_changed(extracted: Path) -> None:
    label_all(extracted)  # so that predict needs no model: what is tested is the record
    predict_corpus(extracted)
    assert isinstance(read_predictions(read_corpus(extracted, codebook=BOOK), BOOK), Predicted)
    elsewhere = read_corpus(extracted, codebook=BOOK, target=TARGET)
    assert read_predictions(elsewhere, BOOK) == "framing predict was run with other targets"
    _change(extracted / "speakers.jsonl", 1, name="Somebody Else")
    changed = read_corpus(extracted, codebook=BOOK)
    assert read_predictions(changed, BOOK) == "speakers.jsonl has changed since framing predict"


# --- run records


def test_a_second_command_keeps_the_record_of_the_first(extracted: Path) -> None:
    first = (extracted / "run.json").read_bytes()
    label_all(extracted)
    predict_corpus(extracted)
    assert (extracted / "runs" / "extract.json").read_bytes() == first
    assert read_run(extracted / "run.json")["command"] == "predict"
    record = find_run(extracted, "extract")
    assert record is not None
    assert record["results"]["quotes"] == 18
    assert find_run(extracted, "train") is None
    assert not read_corpus(extracted, codebook=BOOK).corrected


def test_a_run_json_of_something_else_is_not_overwritten(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "articles.jsonl", 1)
    out = tmp_path / "work"
    out.mkdir()
    (out / "run.json").write_text('{"mine": 1}', encoding="utf-8")
    with pytest.raises(DataError, match="not a run record of framing"):
        extract_corpus(path, out=out)
    assert (out / "run.json").read_text(encoding="utf-8") == '{"mine": 1}'


# --- report


def _report(folder: Path, out: Path, **options: Any) -> dict[str, Any]:
    report_corpus(folder, out=out, **{"seed": 0, **options})
    return read_run(out / "run.json")


def test_labels_outrank_everything_and_need_no_model(extracted: Path, tmp_path: Path) -> None:
    label_all(extracted)
    record = _report(extracted, tmp_path / "report")
    balances = read_jsonl(tmp_path / "report" / "balance.jsonl", ArticleBalance)
    by_name = {(v.index, v.weight): v for v in balances[0].values}
    # Every quote is labelled critical: S = 0, C = 6, so the tilt is (0 - 6) / (0 + 6) = -1.
    assert by_name["tilt", "quote"].naive == -1
    assert by_name["share_critical", "quote"].naive == 1
    assert record["results"]["labels"] == len(_lines(extracted / "labels.jsonl"))
    assert record["results"]["models"] == []
    assert set(record["outputs"]) >= {
        "index.html", "balance.csv", "balance.jsonl", "predictions.jsonl", "figures/tilt.pdf",
    }  # fmt: skip
    assert not (tmp_path / "report" / "records").exists()


def test_a_report_is_reproduced_byte_for_byte_and_differences_are_named(
    extracted: Path, tmp_path: Path
) -> None:
    label_all(extracted)
    _predict_into(extracted)
    out = tmp_path / "report"
    _report(extracted, out)
    same = reproduce_run(out / "run.json")
    assert (same.command, same.differences) == ("report", ())
    assert same.n_files == len(read_run(out / "run.json")["outputs"])
    quote = _lines(extracted / "quotes.jsonl")[0]["id"]
    labels = [row for row in _lines(extracted / "labels.jsonl") if row["unit_id"] != quote]
    _write_lines(extracted / "labels.jsonl", labels)
    differences = reproduce_run(out / "run.json").differences
    assert f"input {(extracted / 'labels.jsonl').as_posix()}: changed since that run" in differences
    assert any(
        line.startswith("balance.csv: ") and "numbers differ, most at [" in line
        for line in differences
    )
    assert any(line.startswith("index.html: other bytes from byte ") for line in differences)


def test_without_text_no_word_of_an_article_is_written(extracted: Path, tmp_path: Path) -> None:
    label_all(extracted)
    out = tmp_path / "report"
    _report(extracted, out, include_text=False)
    words = ["hospital", "Colonel", "Ada Brook", "brought long queues", "closed for day"]
    for file in out.rglob("*"):
        if file.is_file() and file.suffix not in (".png", ".pdf"):
            text = file.read_text(encoding="utf-8")
            assert [word for word in words if word in text] == [], file


def test_a_second_report_leaves_nothing_stale(extracted: Path, tmp_path: Path) -> None:
    label_all(extracted)
    out = tmp_path / "report"
    _report(extracted, out)
    # As if the first report had had a page and records of its own.
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (out / "articles").mkdir()
    for name in ("old", "mine"):
        (out / "articles" / f"{name}.html").write_text("the text", encoding="utf-8")
    record["outputs"]["articles/old.html"] = file_sha256(out / "articles" / "old.html")
    record["outputs"]["articles/mine.html"] = "0" * 64  # so it was changed since
    record["outputs"]["../work/quotes.jsonl"] = file_sha256(extracted / "quotes.jsonl")
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")
    step = report_corpus(extracted, out=out, seed=0, include_text=False)
    assert not (out / "articles" / "old.html").exists()
    assert (out / "articles" / "mine.html").exists()
    assert (extracted / "quotes.jsonl").exists()  # never outside the folder
    assert any("mine.html is of an earlier report and was changed since" in n for n in step.notes)


def test_report_refuses_to_write_where_it_reads(extracted: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is the folder that is read"):
        report_corpus(extracted, out=extracted, seed=0)
    with pytest.raises(DataError, match="which is reported on alone; 2 inputs"):
        report_corpus([extracted, tmp_path / "articles.jsonl"], out=tmp_path / "r", seed=0)
    with pytest.raises(DataError, match=r"level is 1; it takes a number between 0 and 1"):
        report_corpus(extracted, out=tmp_path / "r", seed=0, level=1)


# --- compare


def test_groups_of_an_article() -> None:
    article = Article(id="a", text="Words.", outlet="Post", group={"lean": "left"})
    assert [group_of(article, by) for by in ("outlet", "lean", "month", "city")] == [
        "Post", "left", "", "",
    ]  # fmt: skip


def test_month_and_year(extracted: Path) -> None:
    article = read_corpus(extracted, codebook=BOOK).articles[0]
    assert (group_of(article, "month"), group_of(article, "year")) == ("2024-03", "2024")


def test_compare_without_coded_articles_has_no_corrected_value(
    extracted: Path, tmp_path: Path
) -> None:
    _predict_into(extracted)
    step, rows = compare_corpus(
        extracted, by="outlet", seed=0, variables=["stance"], out=tmp_path / "outlets"
    )
    assert step.results["groups"] == {"River Radio": 1, "Varn Post": 2}
    assert all(row.value is None and row.excluded_reason for row in rows)
    assert any("nothing can be corrected" in note for note in step.notes)
    written = (tmp_path / "outlets" / "comparisons.csv").read_text(encoding="utf-8")
    assert written.count("\n") == len(rows) + 1
    assert reproduce_run(tmp_path / "outlets" / "run.json").differences == ()


def test_compare_uses_coded_articles_by_their_text(extracted: Path, tmp_path: Path) -> None:
    coded = tmp_path / "coded"
    articles = write_articles(tmp_path / "some.jsonl", 4)
    rows = _lines(articles)[1:]  # two of the three, and one that is in no folder
    for row in rows:
        row["id"] = f"coded-{row['id']}"
    _write_lines(articles, rows)
    extract_corpus(articles, out=coded)
    label_all(coded)
    _predict_into(extracted)
    step, _ = compare_corpus(extracted, by="year", seed=0, gold=coded, variables=["stance"])
    assert step.results["articles_coded"] == 2
    assert any("1 of 3 coded articles is not in" in note for note in step.notes)


def test_compare_refuses_what_it_cannot_correct(extracted: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no article has a group by 'lean'; accepted: outlet, mon"):
        compare_corpus(extracted, by="lean", seed=0)
    other = tmp_path / "other"
    _write_lines(tmp_path / "o.jsonl", [{"id": "o", "text": "It rained in Varn all day long."}])
    extract_corpus(tmp_path / "o.jsonl", out=other)
    with pytest.raises(DataError, match="holds 1 article, none with the text of an article in"):
        compare_corpus(extracted, by="outlet", seed=0, gold=other)
    _change(extracted / "quotes.jsonl", 1, cue=None)
    with pytest.raises(DataError, match="are not as framing extract left them"):
        compare_corpus(extracted, by="outlet", seed=0)


# --- evaluate


def test_evaluate_needs_labels(extracted: Path) -> None:
    with pytest.raises(DataError, match=r"labels\.jsonl: no such file"):
        evaluate_models(extracted, seed=0)
    (extracted / "labels.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="holds no label, so there is nothing to score"):
        evaluate_models(extracted, seed=0)


def test_records_of_the_folder_are_those_of_the_vocabulary(extracted: Path) -> None:
    _predict_into(extracted)
    kinds = {"articles": Article, "quotes": Quote, "speakers": Speaker, "predictions": Prediction}
    for name, kind in kinds.items():
        assert read_jsonl(extracted / f"{name}.jsonl", kind)
