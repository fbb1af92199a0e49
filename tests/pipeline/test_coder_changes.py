"""What is counted of a coding that came back."""

import dataclasses
from pathlib import Path

from framing.dataset.exchange import of_coder
from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.pipeline.coder_changes import count_changes, find_missing, say_changes
from tests.dataset.exchange.coded_corpora import invented_corpus

UNITS = {"stance": "quote", "role": "speaker"}


def _without(corpus: CodedCorpus, *unit_ids: str) -> CodedCorpus:
    documents = tuple(
        dataclasses.replace(d, labels=tuple(x for x in d.labels if x.unit_id not in unit_ids))
        for d in corpus.documents
    )
    return dataclasses.replace(corpus, documents=documents)


def test_units_without_label_are_counted_by_variable() -> None:
    corpus = invented_corpus()
    labelled = {(x.unit_id, x.variable) for x in corpus.labels}
    quotes = [quote.id for quote in corpus.quotes if (quote.id, "stance") in labelled]
    speakers = [one.id for one in corpus.speakers if (one.id, "role") in labelled]
    # Whoever gave a label: a unit that one coder has labelled is not without.
    whole = count_changes(corpus, corpus)["units_without_label"]
    assert whole == {"role": 3 - len(speakers), "stance": 4 - len(quotes)}
    some = count_changes(corpus, _without(corpus, quotes[0]))["units_without_label"]
    assert some == {"role": whole["role"], "stance": whole["stance"] + 1}
    nobody = count_changes(None, of_coder(corpus, "nobody"))
    assert nobody["units_without_label"] == {"role": 3, "stance": 4}
    assert "quotes_added" not in nobody  # nothing to compare with


def test_quotes_and_speakers_that_are_gone_are_counted() -> None:
    corpus = invented_corpus()
    emptied = dataclasses.replace(
        corpus,
        documents=tuple(
            dataclasses.replace(d, quotes=(), speakers=(), labels=()) for d in corpus.documents
        ),
    )
    counts = count_changes(corpus, emptied)
    assert (counts["quotes_removed"], counts["speakers_removed"]) == (4, 3)
    assert (counts["quotes_added"], counts["speakers_added"]) == (0, 0)
    back = count_changes(emptied, corpus)
    assert (back["quotes_added"], back["speakers_added"]) == (4, 3)


def test_what_has_to_be_known_is_said() -> None:
    counts = {
        "quotes": 4,
        "speakers": 3,
        "articles_missing": 1,
        "quotes_removed": 2,
        "quotes_added": 3,
        "units_without_label": {"role": 0, "stance": 2},
        "labels_not_drawn": 5,
    }
    assert list(say_changes("ada", counts, UNITS)) == [
        "ada: 1 article is not in what came back (exclusions.jsonl)",
        "ada: 2 quotes were exported and are not in what came back",
        "ada: 3 quotes are new in what came back",
        "ada: 2 of 4 quotes have no stance",
        "ada: 5 labels are of units that were not drawn, so nobody knows the probability; "
        "framing dataset gather leaves such labels out",
    ]
    one = {name: 1 for name in counts if name != "units_without_label"}
    assert list(say_changes("ada", one | {"units_without_label": {"role": 1}}, UNITS)) == [
        "ada: 1 article is not in what came back (exclusions.jsonl)",
        "ada: 1 quote was exported and is not in what came back",
        "ada: 1 quote is new in what came back",
        "ada: 1 of 1 speaker has no role",
        "ada: 1 label is of a unit that was not drawn, so nobody knows the probability; "
        "framing dataset gather leaves such labels out",
    ]
    fine = counts | {
        "articles_missing": 0,
        "quotes_removed": 0,
        "quotes_added": 0,
        "units_without_label": {"role": 0, "stance": 0},
        "labels_not_drawn": 0,
    }
    assert list(say_changes("ada", fine, UNITS)) == []


def test_articles_that_are_missing_are_listed() -> None:
    corpus = invented_corpus()
    back = dataclasses.replace(corpus, documents=corpus.documents[:2])
    [missing] = find_missing(corpus, back, Path("sheets") / "ada.xlsx")
    assert (missing.item, missing.reason) == ("varn-3", "was exported and is not in ada.xlsx")
    assert find_missing(None, back, Path("x")) == []
