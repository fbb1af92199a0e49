"""An extractor's errors, counted on coded articles."""

import os
import tempfile
from pathlib import Path

import pytest

from framing.balance import KindError, RecallCell, load_extraction_error
from framing.dataset import (
    CodedArticle,
    CodedQuote,
    find_coded_quotes,
    hydrate_store,
    read_coded_folder,
    read_store,
    write_hydrated,
)
from framing.errors import DataError
from framing.pipeline.extraction_audit import extraction_error_from_findings
from framing.quotes import RulesExtractor
from framing.records import Article, Extraction, Quote, QuoteKind, Span

KINDS: tuple[QuoteKind, ...] = ("direct", "mixed", "indirect")
# Ten words, each a quote of its own: "w00 w01 ... w09".
WORDS = tuple(Span(4 * n, 4 * n + 3) for n in range(10))
TEXT = " ".join(f"w{n:02}" for n in range(10))


class MissesTheThird:
    """Finds the first two of every three words, and calls the last word a quote, too."""

    name = "invented"
    version = "1"

    def extract(self, article: Article) -> Extraction:
        kind = article.title
        assert kind in KINDS
        found = [n for n in range(9) if n % 3 < 2] + [9]
        return Extraction(
            article_id=article.id,
            quotes=tuple(
                Quote(
                    id=f"{article.id}-{n}",
                    article_id=article.id,
                    kind=next(k for k in KINDS if k == kind),
                    content=(WORDS[n],),
                    reason="nobody",
                )
                for n in found
            ),
        )


def coded(article_id: str, kind: QuoteKind) -> CodedArticle:
    """Nine words are quotes; every third has a stance of its own."""
    return CodedArticle(
        article=Article(id=article_id, text=TEXT, title=kind),
        quotes=tuple(
            CodedQuote(
                kind=kind,
                content=(WORDS[n],),
                cue="",
                speaker="",
                accepted=(),
                role="unspecified",
                stance="critical" if n % 3 == 2 else "neutral",
            )
            for n in range(9)
        ),
    )


def test_counts_of_an_extractor_whose_errors_are_known() -> None:
    articles = [coded(f"{kind}{n}", kind) for kind in KINDS for n in range(4)]
    error = extraction_error_from_findings(
        find_coded_quotes(articles, MissesTheThird()),
        extractor="invented",
        version="1",
        measured_on="invented articles",
        codebook="0123",
    )
    assert (error.extractor, error.version, error.n_articles) == ("invented", "1", 12)
    # 4 articles of each kind: 7 found, 6 of them right, of 9; the third of three is missed.
    assert error.kinds == tuple(
        KindError(kind=kind, found=28, correct=24, gold=36, recalled=24) for kind in KINDS
    )
    assert set(error.cells) == {
        RecallCell(kind=kind, stance=stance, role="unspecified", gold=gold, recalled=recalled)
        for kind in KINDS
        for stance, gold, recalled in (("critical", 12, 0), ("neutral", 24, 24))
    }
    # The same number in every article.
    assert (error.dispersion, error.article_variance) == (1, 0)


def test_no_article_measures_nothing() -> None:
    with pytest.raises(DataError, match="error of 'invented': no coded article; give the articles"):
        extraction_error_from_findings(
            [], extractor="invented", version="", measured_on="", codebook="0123"
        )


@pytest.mark.corpora
@pytest.mark.slow
def test_the_shipped_errors_of_the_rules_are_those_of_the_rules_as_they_are() -> None:
    """Else run experiments/e010_extraction/measure_errors.py --extractor rules again."""
    root = Path(__file__).parent.parent
    corpora = Path(os.environ.get("FRAMING_CORPORA", root.parent / "shared"))
    texts = corpora / "corpora/article-bias-prediction"
    if not texts.is_dir():
        pytest.skip(f"{texts} is missing")
    store = read_store(root / "annotations")
    hydrated = hydrate_store(store, {"article-bias-prediction": texts})
    with tempfile.TemporaryDirectory() as folder:
        write_hydrated(hydrated, Path(folder), codebook=store.codebook)
        articles = read_coded_folder(Path(folder) / "parts/test")
    shipped = load_extraction_error("rules")
    assert shipped is not None
    measured = extraction_error_from_findings(
        find_coded_quotes(articles, RulesExtractor()),
        extractor="rules",
        version=shipped.version,
        measured_on=shipped.measured_on,
        codebook=store.codebook.digest,
    )
    assert measured == shipped
