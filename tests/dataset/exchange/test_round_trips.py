"""Every format gives back exactly what it says survives, and refuses other texts."""

import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framing.codebook import load_codebook
from framing.dataset.exchange import FORMATS, Format, find_format, keep_surviving, of_coder
from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.errors import DataError
from framing.records import Article
from tests.dataset.exchange.coded_corpora import coded_corpora, invented_corpus, make_decoy

BOOK = load_codebook()
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _write(form: Format, corpus: CodedCorpus, folder: Path, name: str = "out") -> Path:
    path = folder / f"{name}{form.suffix}"
    form.write(corpus, path, coder=_coder(form, corpus), seed=7)
    return path


def _coder(form: Format, corpus: CodedCorpus) -> str:
    return next(iter(corpus.annotators), "ada") if form.is_for_one_coder else ""


def _kept(form: Format, corpus: CodedCorpus) -> CodedCorpus:
    if form.is_for_one_coder and corpus.annotators:
        corpus = of_coder(corpus, corpus.annotators[0])
    return keep_surviving(corpus, form.survival)[0]


def _is_exportable(form: Format, corpus: CodedCorpus) -> bool:
    try:
        keep_surviving(corpus, form.survival)
    except DataError:  # no article survives: the export is refused
        return False
    return True


@every_format
@few
@given(data=st.data())
def test_what_survives_comes_back_from_the_file(form: Format, data: st.DataObject) -> None:
    corpus = data.draw(coded_corpora().filter(lambda drawn: _is_exportable(form, drawn)))
    kept = _kept(form, corpus)
    with tempfile.TemporaryDirectory() as folder:
        path = _write(form, kept, Path(folder))
        back = form.read(
            path,
            source=make_decoy(corpus, form.survival),
            codebook=BOOK,
            coder=_coder(form, kept),
        )
    assert back == _with_meta_of(corpus, kept)


def _with_meta_of(corpus: CodedCorpus, kept: CodedCorpus) -> CodedCorpus:
    """An import takes articles from the data: title and target come back in any case."""
    documents = tuple(
        dataclasses.replace(document, article=source.article)
        for document in kept.documents
        if (source := corpus.document(document.article.id)) is not None
    )
    return dataclasses.replace(kept, documents=documents)


@every_format
@few
@given(data=st.data())
def test_a_format_that_needs_no_data_comes_back_alone(form: Format, data: st.DataObject) -> None:
    if form.needs_source:
        return
    corpus = data.draw(coded_corpora().filter(lambda drawn: _is_exportable(form, drawn)))
    kept = _kept(form, corpus)
    with tempfile.TemporaryDirectory() as folder:
        path = _write(form, kept, Path(folder))
        assert form.read(path, source=None, codebook=BOOK, coder=_coder(form, kept)) == kept


@every_format
def test_the_invented_corpus_comes_back(form: Format, tmp_path: Path) -> None:
    kept = _kept(form, invented_corpus())
    path = _write(form, kept, tmp_path)
    source = make_decoy(invented_corpus(), form.survival)
    back = form.read(path, source=source, codebook=BOOK, coder=_coder(form, kept))
    assert back == _with_meta_of(invented_corpus(), kept)


@every_format
def test_the_same_seed_gives_the_same_bytes(form: Format, tmp_path: Path) -> None:
    kept = _kept(form, invented_corpus())
    one, two = _write(form, kept, tmp_path, "one"), _write(form, kept, tmp_path, "two")
    assert _bytes(one) == _bytes(two)


def _bytes(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(f.relative_to(path)): f.read_bytes() for f in path.rglob("*") if f.is_file()}


@every_format
def test_another_text_is_refused(form: Format, tmp_path: Path) -> None:
    corpus = invented_corpus()
    path = _write(form, _kept(form, corpus), tmp_path)
    first = corpus.documents[0]
    changed = dataclasses.replace(
        first.article, text=first.article.text.replace("Monday", "Moonday")
    )
    source = dataclasses.replace(
        corpus,
        documents=(dataclasses.replace(first, article=changed), *corpus.documents[1:]),
    )
    # "The mayor closed the Varn bridge on " has 36 characters, and "Mo" stays.
    expected = r"the text of article 'varn-1' (has changed, first at character 38|is not that of)"
    with pytest.raises(DataError, match=expected):
        form.read(path, source=source, codebook=BOOK, coder=_coder(form, corpus))


@every_format
def test_an_article_that_the_data_do_not_have_is_refused(form: Format, tmp_path: Path) -> None:
    corpus = invented_corpus()
    path = _write(form, _kept(form, corpus), tmp_path)
    source = dataclasses.replace(corpus, documents=corpus.documents[1:])
    with pytest.raises(DataError, match=r"article 'varn-1' is not in the data .* --data"):
        form.read(path, source=source, codebook=BOOK, coder=_coder(form, corpus))


@every_format
def test_articles_come_in_the_order_of_the_data(form: Format, tmp_path: Path) -> None:
    corpus = invented_corpus()
    path = _write(form, _kept(form, corpus), tmp_path)
    source = dataclasses.replace(
        corpus,
        documents=(
            *reversed(corpus.documents),
            dataclasses.replace(
                corpus.documents[2], article=Article(id="other", text="Not coded.")
            ),
        ),
    )
    back = form.read(path, source=source, codebook=BOOK, coder=_coder(form, _kept(form, corpus)))
    assert [article.id for article in back.articles] == ["varn-3", "varn-2", "varn-1"]


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"^format 'word': there is none .*accepted: csv, hf"):
        find_format("word")


def test_a_format_with_its_suffix_says_what_it_is() -> None:
    for name, form in FORMATS.items():
        assert form.name == name
        assert form.summary
        assert form.suffix == "" or form.suffix.startswith(".")
