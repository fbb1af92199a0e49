"""New labels get the probability of their unit's draw, and nothing else is touched."""

import dataclasses
from collections.abc import Sequence

import pytest

from framing.dataset.exchange import of_coder
from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.dataset.exchange.drawn_labels import give_probabilities
from framing.dataset.label_draws import DrawnUnit
from framing.errors import DataError
from framing.records import Label
from tests.dataset.exchange.coded_corpora import invented_corpus


def _label(unit_id: str, annotator: str, probability: float = 1.0) -> Label:
    variable, value = ("stance", "neutral") if "-q" in unit_id else ("role", "media")
    return Label(
        unit_id=unit_id,
        variable=variable,
        value=value,
        annotator=annotator,
        probability=probability,
    )


def _corpus(*labels: Label) -> CodedCorpus:
    corpus = of_coder(invented_corpus(), "nobody")
    documents = tuple(
        dataclasses.replace(
            d, labels=tuple(x for x in labels if x.unit_id.startswith(d.article.id))
        )
        for d in corpus.documents
    )
    return dataclasses.replace(corpus, documents=documents)


def _drawn(unit_id: str, probability: float) -> DrawnUnit:
    return DrawnUnit(
        unit_id=unit_id,
        unit="quote" if "-q" in unit_id else "article",
        article_id=unit_id[:6],
        probability=probability,
        mix=1.0,
        uncertainty=None,
        n_frame=10,
        seed=1,
    )


def _given(
    *labels: Label, exported: Sequence[Label] = (), draw: Sequence[DrawnUnit] = ()
) -> tuple[list[float], int]:
    done = give_probabilities(_corpus(*labels), exported=exported, draw=draw)
    return [label.probability for label in done.corpus.labels], done.n_not_drawn


def test_a_new_label_gets_what_others_labels_of_the_unit_have() -> None:
    before = [_label("varn-1-q1", "ben", 0.25), _label("varn-1-s1", "ben", 0.5)]
    new = (_label("varn-1-q1", "ada"), _label("varn-1-q2", "ada"), _label("varn-1-s1", "ada"))
    assert _given(*new, exported=before) == ([0.25, 1.0, 0.5], 0)


def test_a_label_of_another_variable_tells_too_and_one_of_the_same_tells_first() -> None:
    other = dataclasses.replace(_label("varn-1-q1", "ben", 0.25), variable="tone", value="loud")
    assert _given(_label("varn-1-q1", "ada"), exported=[other]) == ([0.25], 0)
    both = [other, _label("varn-1-q1", "ben", 0.5)]
    assert _given(_label("varn-1-q1", "ada"), exported=both) == ([0.5], 0)


def test_a_label_that_was_exported_stays_as_it_came_back() -> None:
    exported = [_label("varn-1-q1", "ada"), _label("varn-1-q1", "ben", 0.25)]
    assert _given(_label("varn-1-q1", "ada"), exported=exported) == ([1.0], 0)
    # A file that knows the probability of a new label is believed.
    assert _given(_label("varn-1-q1", "eva", 0.4), exported=exported) == ([0.4], 0)


def test_the_draw_tells_of_units_and_of_whole_articles() -> None:
    new = (_label("varn-1-q1", "ada"), _label("varn-1-q2", "ada"), _label("varn-2-q1", "ada"))
    # varn-1-q2 was not drawn: nobody knows with which probability it would have been.
    units = [_drawn("varn-1-q1", 0.3), _drawn("varn-2-q1", 0.7)]
    assert _given(*new, draw=units) == ([0.3, 1.0, 0.7], 1)
    articles = [_drawn("varn-1", 0.2), _drawn("varn-2", 0.4)]
    assert _given(*new, draw=articles) == ([0.2, 0.2, 0.4], 0)


def test_probabilities_that_differ_are_refused() -> None:
    new = _label("varn-1-q1", "ada")
    before = [_label("varn-1-q1", "ben", 0.25), _label("varn-1-q1", "eva", 0.5)]
    with pytest.raises(
        DataError,
        match=r"stance of 'varn-1-q1': labels in the data say .* probability 0\.25 and 0\.5; a "
        r"unit is drawn with one, so correct labels\.jsonl",
    ):
        _given(new, exported=before)
    with pytest.raises(DataError, match=r"its probability is 0\.25, and by this draw it is 0\.3"):
        _given(new, exported=before[:1], draw=[_drawn("varn-1-q1", 0.3)])


def test_nothing_known_is_certain() -> None:
    assert _given(_label("varn-1-q1", "ada")) == ([1.0], 0)
    assert _given() == ([], 0)
