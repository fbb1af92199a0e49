"""Differences of coders, decisions on them in a workbook, and gold that follows."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from framing.codebook import load_codebook
from framing.dataset.exchange import CodedCorpus, gather_corpus, of_coder
from framing.dataset.exchange.adjudication import Gold
from framing.dataset.exchange.adjudication_workbook import read_adjudication, write_adjudication
from framing.dataset.exchange.coder_differences import (
    UNIT,
    CoderDifferences,
    find_differences,
)
from framing.dataset.exchange.workbook_files import save_workbook
from framing.errors import DataError
from framing.records import Article, Label, Quote, Span, Speaker
from tests.dataset.exchange.coded_corpora import invented_corpus
from tests.dataset.exchange.libreoffice import edit_in_libreoffice, needs_libreoffice

BOOK = load_codebook()
TEXT = "“It must close,” Mara Lenz said. The crew said it rained, and that boats sank. “No.” 🙂"
Cells = Mapping[tuple[str, str, str], str]  # (sheet, unit's words, column) -> what is typed


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def load(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def coding(
    coder: str,
    quotes: Sequence[tuple[str, str, str]],
    speakers: Mapping[str, str],
    **labels: str,
) -> CodedCorpus:
    """A coding of one article; quotes as (id, words, speaker id), labels by unit id."""
    return gather_corpus(
        [Article(id="a", text=TEXT, target="the closing"), Article(id="empty", text="Sun.")],
        [
            Quote(id=name, article_id="a", kind="direct", content=(at(words),),
                  speaker_id=speaker or None)
            for name, words, speaker in quotes
        ],
        [Speaker(id=name, article_id="a", name=called) for name, called in speakers.items()],
        [
            Label(
                unit_id=unit,
                variable="stance" if unit.startswith("q") else "role",
                value=value,
                annotator=coder,
                codebook=BOOK.digest,
                note=f"by {coder}",
                probability=0.5,
            )
            for unit, value in labels.items()
        ],
        codebook=BOOK,
    )  # fmt: skip


def two() -> CoderDifferences:
    """Ada and Ben agree on q1; q2 has other words; "that boats sank" is Ben's own."""
    ada = coding(
        "ada",
        [("q1", "“It must close,”", "s1"), ("q2", "it rained, and that boats", "s2")],
        {"s1": "Mara Lenz", "s2": "the crew"},
        q1="supportive", q2="neutral", s1="government", s2="civilian",
    )  # fmt: skip
    ben = coding(
        "ben",
        [
            ("q7", "“It must close,”", "s9"),
            ("q2", "it rained, and", "s2"),
            ("q3", "boats sank", "s2"),
        ],
        {"s9": "Mara Lenz", "s2": "sailors"},
        q7="supportive", q2="neutral", q3="critical", s9="expert", s2="civilian",
    )  # fmt: skip
    return find_differences([ada, ben], ["ada", "ben"])


def fill(path: Path, cells: Cells) -> None:
    """Type into the rows in which a coder's words or a speaker's name stand."""
    book = load(path)
    for (title, words, column), value in cells.items():
        sheet = book[title]
        columns = {cell.value: cell.column for cell in sheet[1]}
        (row,) = [
            row for row in sheet.iter_rows(min_row=2)
            if any(words in str(row[n - 1].value) for name, n in columns.items() if "by " in name)
        ]  # fmt: skip
        sheet.cell(row[0].row, columns[column]).value = value
    save_workbook(book, path)


def problems(path: Path, differences: CoderDifferences) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_adjudication(path, differences)
    return str(caught.value).split("\n  ")[1:]


def label_values(gold: Gold) -> dict[tuple[str, str], tuple[str, str, float]]:
    assert {label.annotator for label in gold.corpus.labels} == {"adjudicated"}
    return {(x.unit_id, x.variable): (x.value, x.note, x.probability) for x in gold.corpus.labels}


RIGHT: Cells = {
    ("speakers", "Mara Lenz", "role"): "expert",
    ("speakers", "Mara Lenz", "reason"): "a retired officer",
    ("speakers", "sailors", "take"): "ben",
    ("speakers", "sailors", "reason"): "fuller",
    ("quotes", "it rained", "take"): "ben",
    ("quotes", "it rained", "reason"): "two cues, two quotes",
    ("quotes", "boats sank", "take"): "ben",
    ("quotes", "boats sank", "stance"): "neutral",
    ("quotes", "boats sank", "reason"): "=plain count",
}


def test_what_coders_differ_on_is_found() -> None:
    found = two()
    assert [document.article.id for document in found.documents] == ["a", "empty"]
    # Mara Lenz has the same name twice; the crew and the sailors share one matched quote.
    assert [unit.differs for unit in found.speakers] == [("role",), (UNIT,)]
    # "it rained, and" shares 3 of 5 words; "boats sank" shares 1 of 6 with it, so it is Ben's.
    assert [unit.differs for unit in found.quotes] == [(), (UNIT,), (UNIT, "stance")]
    assert [one.id if one else None for one in found.quotes[0].found] == ["q1", "q7"]
    assert found.quotes[1].speakers == (1, 1)


def test_the_workbook_shows_them_and_no_more(tmp_path: Path) -> None:
    write_adjudication(two(), tmp_path / "a.xlsx")
    book = load(tmp_path / "a.xlsx")
    head, *rows = book["quotes"].iter_rows(values_only=True)
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["to decide"] for row in table] == ["take", "take\nstance"]
    assert table[0]["by ada"] == (
        "direct: it rained, and that boats\nspeaker: the crew\nstance: neutral\n(by ada)\n"
    )
    assert table[1]["by ada"] == "(no such quote)"
    assert table[1]["by ben"].endswith("stance: critical\n(by ben)\n")
    choices = {v.formula1 for v in book["quotes"].data_validations.dataValidation}
    listed = [
        [cell[0].value for cell in book["lists"][choice.split("!")[1].replace("$", "")]]
        for choice in sorted(choices)
    ]
    assert ["ada", "ben", "leave out"] in listed
    assert [*BOOK.variable("stance").names, "no label"] in listed
    assert book["lists"].sheet_state == "hidden"


def test_decisions_become_gold(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_adjudication(two(), path)
    book = load(path)
    fill(path, {k: v for k, v in RIGHT.items() if k[2] != "reason" or k[1] != "boats sank"})
    # What is typed with = in front is text there.
    book = load(path)
    (row,) = [r for r in book["quotes"].iter_rows(min_row=2) if "boats sank" in str(r[6].value)]
    columns = {cell.value: cell.column for cell in book["quotes"][1]}
    cell = book["quotes"].cell(row[0].row, columns["reason"])
    cell.value, cell.data_type = "=plain count", "s"
    save_workbook(book, path)
    gold, decisions = read_adjudication(path, two())
    assert [quote.text(TEXT) for quote in gold.corpus.quotes] == [
        "“It must close,”", "it rained, and", "boats sank",
    ]  # fmt: skip
    assert [(s.id, s.name) for s in gold.corpus.speakers] == [
        ("s1", "Mara Lenz"),
        ("s2", "sailors"),
    ]
    assert [(q.id, q.speaker_id) for q in gold.corpus.quotes] == [
        ("q1", "s1"), ("q2", "s2"), ("q3", "s2"),
    ]  # fmt: skip
    assert label_values(gold) == {
        ("q1", "stance"): ("supportive", "", 0.5),
        ("q2", "stance"): ("neutral", "", 0.5),
        ("q3", "stance"): ("neutral", "=plain count", 0.5),
        ("s1", "role"): ("expert", "a retired officer", 0.5),
        ("s2", "role"): ("civilian", "", 0.5),
    }
    assert [article.id for article in gold.corpus.articles] == ["a", "empty"]
    assert (len(decisions), gold.left_out) == (4, ())


def test_what_is_left_out_takes_its_speaker_along(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    differences = two()
    write_adjudication(differences, path)
    left_out: dict[tuple[str, str, str], Any] = {
        ("quotes", "it rained", "take"): "leave out",
        ("quotes", "boats sank", "take"): "leave out",
        ("quotes", "boats sank", "stance"): None,
        ("quotes", "boats sank", "reason"): "no quote",
        ("speakers", "sailors", "take"): "ada",
    }
    fill(path, {**RIGHT, **left_out})  # None clears a cell
    gold, _ = read_adjudication(path, differences)
    assert [quote.id for quote in gold.corpus.quotes] == ["q1"]
    # Both coders have found this speaker, so she or he stays, as was decided.
    assert [speaker.name for speaker in gold.corpus.speakers] == ["Mara Lenz", "the crew"]
    assert [(x.item, x.reason) for x in gold.left_out] == [
        ("quote 'q2'", "two cues, two quotes"), ("quote 'q3'", "no quote"),
    ]  # fmt: skip


def test_all_that_is_wrong_or_undecided_is_told_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    differences = two()
    write_adjudication(differences, path)
    assert problems(path, differences) == [
        "quotes!I2: nothing taken of quote 'q2'; choose whose",
        "quotes!I3: nothing taken of quote 'q3'; choose whose",
        "speakers!I3: nothing taken of speaker 's2'; choose whose",
        "quotes!J3: no stance of quote 'q3' decided, and coders differ; choose one",
        "speakers!J2: no role of speaker 's1' decided, and coders differ; choose one",
    ]
    fill(path, RIGHT)
    assert problems(path, differences) == [
        "quotes!K3: a formula ('=plain count'); put an apostrophe (') in front to make it text",
        "quotes!K3: a decision without a reason; say why",
    ]
    fill(
        path, {("quotes", "boats sank", "reason"): "plain", ("quotes", "it rained", "take"): "eva"}
    )
    assert problems(path, differences) == [
        "quotes!I2: 'eva' is not a category of take; accepted: ada, ben, leave out",
        "quotes!K2: a reason and no decision; decide, or clear it",
    ]
    fill(path, {("quotes", "it rained", "take"): "ada"})
    assert problems(path, differences) == [
        "quotes!I2 and quotes!I3: quote 'q2' and quote 'q3' overlap as they are taken; take "
        "another coder's, or leave one out"
    ]
    fill(path, {("quotes", "it rained", "take"): "ben", ("quotes", "boats sank", "take"): "ada"})
    assert problems(path, differences) == [
        "quotes!I3: ada has not found quote 'q3'; take another's"
    ]
    fill(path, {("quotes", "boats sank", "take"): "leave out"})
    assert problems(path, differences) == [
        "quotes!I3: is left out, and has a category; clear one of them"
    ]


def test_a_workbook_of_other_codings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    differences = two()
    write_adjudication(differences, path)
    fill(path, {**RIGHT, ("quotes", "boats sank", "reason"): "plain"})
    unit = differences.quotes[2]
    label = unit.labels["stance"][1]
    assert label is not None
    changed = dataclasses.replace(
        unit, labels={"stance": (None, dataclasses.replace(label, probability=0.1))}
    )
    other = dataclasses.replace(differences, quotes=(*differences.quotes[:2], changed))
    assert problems(path, other) == [
        "quotes!M3: quote 2 is not as it was exported: the data or hidden cells were changed "
        "since; give the data that were exported with --data"
    ]
    named = dataclasses.replace(differences, names=("ada", "eva"))
    assert problems(path, named) == [
        "instructions: coders is 'ada, ben', not 'ada, eva'; give the codings and the codebook "
        "that the workbook was made from"
    ]


def test_three_coders_of_the_same_units(tmp_path: Path) -> None:
    corpus = invented_corpus()
    eva = gather_corpus(
        corpus.articles, corpus.quotes, corpus.speakers,
        [dataclasses.replace(x, annotator="eva") for x in corpus.labels if x.annotator == "ben"],
        codebook=BOOK,
    )  # fmt: skip
    differences = find_differences(
        [of_coder(corpus, "ada"), of_coder(corpus, "ben"), eva], ["ada", "ben", "eva"]
    )
    assert [unit.differs for unit in differences.quotes] == [
        ("stance",),  # supportive, neutral, neutral
        ("stance",),  # critical, none, none
        (),  # nobody labelled it
        ("stance",),  # none, critical, critical
    ]
    assert [unit.differs for unit in differences.speakers] == [(), (), ("role",)]
    path = tmp_path / "a.xlsx"
    write_adjudication(differences, path)
    book = load(path)
    columns = {cell.value: cell.column for cell in book["quotes"][1]}
    for row, value in ((2, "neutral"), (3, "no label"), (4, "critical")):
        book["quotes"].cell(row, columns["stance"]).value = value
        book["quotes"].cell(row, columns["reason"]).value = f"rule {row}"
    book["speakers"].cell(2, columns["stance"]).value = "civilian"
    book["speakers"].cell(2, columns["reason"]).value = "a nurse"
    save_workbook(book, path)
    gold, _ = read_adjudication(path, differences)
    assert label_values(gold) == {
        ("varn-1-q1", "stance"): ("neutral", "rule 2", 0.25),
        ("varn-2-q2", "stance"): ("critical", "rule 4", 0.25),
        ("varn-1-s1", "role"): ("government", "", 0.25),
        ("varn-2-s1", "role"): ("civilian", "a nurse", 0.25),
    }
    assert gold.corpus.quotes == corpus.quotes
    assert gold.corpus.speakers == corpus.speakers
    assert len(gold.corpus.articles) == 3


def test_the_same_words_match_though_they_hold_no_word() -> None:
    ada = coding("ada", [("q1", "🙂", "")], {}, q1="neutral")
    ben = coding("ben", [("q5", "🙂", "")], {}, q5="neutral")
    (unit,) = find_differences([ada, ben], ["ada", "ben"]).quotes
    assert unit.differs == ()


def test_ids_that_meet_are_given_anew(tmp_path: Path) -> None:
    ada = coding("ada", [("q1", "“No.”", "")], {}, q1="critical")
    ben = coding("ben", [("q1", "it rained", "")], {}, q1="critical")
    differences = find_differences([ada, ben], ["ada", "ben"])
    path = tmp_path / "a.xlsx"
    write_adjudication(differences, path)
    fill(path, {
        ("quotes", words, column): value
        for words, taken in (("“No.”", "ada"), ("it rained", "ben"))
        for column, value in (("take", taken), ("stance", "critical"), ("reason", "a quote"))
    })  # fmt: skip
    gold, _ = read_adjudication(path, differences)
    assert [(q.id, q.text(TEXT)) for q in gold.corpus.quotes] == [
        ("q1", "it rained"), ("a-q1", "“No.”"),
    ]  # fmt: skip


def test_probabilities_that_differ_are_told(tmp_path: Path) -> None:
    ada = coding("ada", [("q1", "“No.”", "")], {}, q1="critical")
    ben = coding("ben", [("q1", "“No.”", "")], {}, q1="critical")
    label = dataclasses.replace(ben.labels[0], probability=0.25)
    ben = gather_corpus(ben.articles, ben.quotes, [], [label], codebook=BOOK)
    differences = find_differences([ada, ben], ["ada", "ben"])
    path = tmp_path / "a.xlsx"
    write_adjudication(differences, path)
    assert problems(path, differences) == [
        "quotes: stance of quote 'q1' was drawn with probability 0.25 and 0.5; it is one for all "
        "coders, so correct labels.jsonl"
    ]


def test_what_cannot_be_compared_is_refused() -> None:
    ada = coding("ada", [], {})
    other = gather_corpus([Article(id="b", text="x")], [], [], [], codebook=BOOK)
    with pytest.raises(DataError, match=r"adjudication of ada, ben: no article was coded by two"):
        find_differences([ada, other], ["ada", "ben"])
    other = gather_corpus([Article(id="a", text="x")], [], [], [], codebook=BOOK)
    with pytest.raises(DataError, match=r"article 'a': its text is not the same with ada, ben"):
        find_differences([ada, other], ["ada", "ben"])
    both = find_differences([ada, coding("ben", [], {}), other_of(ada)], ["ada", "ben", "eva"])
    assert [x.reason for x in both.alone] == ["coded by eva alone, so there is nothing to compare"]


def other_of(corpus: CodedCorpus) -> CodedCorpus:
    return gather_corpus([Article(id="z", text="x")], [], [], [], codebook=corpus.codebook)


@pytest.mark.slow
@needs_libreoffice
def test_decisions_that_were_typed_in_libreoffice_arrive(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_adjudication(two(), path)
    locked = edit_in_libreoffice(
        path,
        {
            "speakers!J2": "expert", "speakers!K2": "a retired officer",
            "speakers!I3": "ben", "speakers!K3": "fuller",
            "quotes!I2": "ben", "quotes!K2": "two cues",
            "quotes!I3": "ben", "quotes!J3": "neutral", "quotes!K3": "=plain count",
            "quotes!F2": "spoilt",
        },
    )  # fmt: skip
    assert locked == ["quotes!F2"]
    gold, _ = read_adjudication(path, two())
    assert label_values(gold)["q3", "stance"] == ("neutral", "=plain count", 0.5)
    assert label_values(gold)["s1", "role"] == ("expert", "a retired officer", 0.5)


def test_the_same_codings_give_the_same_bytes(tmp_path: Path) -> None:
    names: list[Any] = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for path in names:
        write_adjudication(two(), path)
    assert names[0].read_bytes() == names[1].read_bytes()
