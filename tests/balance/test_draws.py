"""Drawn codings: how many quotes are missed, and which."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from framing.balance import ExtractionError, KindError
from framing.balance.coding import CodedArticle, code_article
from framing.balance.draws import Codings, draw_codings
from tests.balance.invented import CODEBOOK, STANCES, label, predicted_article
from tests.balance.test_recall import KINDS, audit

# So much that nothing is left to the posterior: critical 1 of 2 found, every other 9 of 10.
MANY = 100_000
FOUND = MANY // 2 + 3 * (MANY * 9 // 10)
CRITICAL_MISSED = dataclasses.replace(
    audit({name: (MANY // 2 if name == "critical" else MANY * 9 // 10, MANY) for name in STANCES}),
    kinds=tuple(
        KindError(kind=kind, found=4 * MANY, correct=4 * MANY, gold=4 * MANY, recalled=FOUND)
        for kind in KINDS
    ),
)


def coded(stances: list[str], **changes: Any) -> CodedArticle:
    """Quotes by one speaker of these stances for sure, in turn direct, mixed and indirect."""
    rows = [[float(name == stance) for name in STANCES] for stance in stances]
    article = predicted_article(rows) | changes
    return code_article(
        **{name: article[name] for name in article if not name.startswith("target")}
    )


def drawn(
    article: CodedArticle, error: ExtractionError | None, *, n_draws: int = 20_000
) -> Codings:
    rng = np.random.default_rng(3)
    return draw_codings(
        article, extraction_error=error, codebook=CODEBOOK, n_draws=n_draws, rng=rng
    )


def n_missed(codings: Codings, n_found: int, stance: str) -> np.ndarray:
    added = codings.present[:, n_found:] & (codings.stance[:, n_found:] == STANCES.index(stance))
    counts: np.ndarray = added.sum(axis=1)
    return counts


def test_number_and_mix_of_drawn_quotes_by_kind() -> None:
    """Found 30 quotes, 10 of each kind: genuine 9 of 10; missed (g + 1/3)(1 - r) / r of a kind."""
    error = ExtractionError(
        extractor="rules",
        measured_on="invented",
        kinds=tuple(
            KindError(kind=kind, found=200, correct=180, gold=200, recalled=recalled)
            for kind, recalled in zip(KINDS, (160, 160, 100), strict=True)
        ),
    )
    codings = drawn(coded(["supportive"] * 15 + ["critical"] * 15), error)
    assert codings.present[:, :30].sum(axis=1).mean() == pytest.approx(27, abs=0.1)
    # 9.33 * 0.25 twice and 9.33 * 1 = 14.0; the spread of the rates' posterior adds about 1 %
    # to E[(1 - r) / r].
    assert codings.present[:, 30:].sum(axis=1).mean() == pytest.approx(14.0, abs=0.3)
    mix = np.array([n_missed(codings, 30, name).mean() for name in STANCES])
    # Of each kind 9 genuine quotes, half of each of two stances, and a third of one spread over
    # four: (4.5 + 0.083) / 9.33 and 0.083 / 9.33.
    assert mix / mix.sum() == pytest.approx([0.491, 0.491, 0.009, 0.009], abs=0.006)


def test_an_article_deviates_as_a_whole_around_the_same_mean() -> None:
    one_in_four = predicted_article([[0.25, 0.25, 0.25, 0.25]] * 16)
    del one_in_four["target"], one_in_four["target_is_title"]

    def deviating(sd: float, **changes: Any) -> CodedArticle:
        told = [dataclasses.replace(p, article_sd=sd) for p in one_in_four["predictions"]]
        return code_article(**one_in_four | {"predictions": told} | changes)

    shares = {sd: (drawn(deviating(sd), None).stance == 0).mean(axis=1) for sd in (0.0, 1.0)}
    assert shares[0.0].mean() == pytest.approx(0.25, abs=0.01)
    assert shares[1.0].mean() == pytest.approx(0.25, abs=0.01)
    # Independent: sqrt(0.25 * 0.75 / 16) = 0.108.
    assert shares[0.0].std() == pytest.approx(0.108, abs=0.005)
    assert shares[1.0].std() > 0.17
    # Labels are certain, whatever is said of the predictions that they outrank.
    labels = [*one_in_four["labels"], *(label(q.id, "critical") for q in one_in_four["quotes"])]
    certain = drawn(deviating(1.0, labels=labels), None)
    assert (certain.stance == STANCES.index("critical")).all()


def test_what_is_missed_more_often_is_added_more_often() -> None:
    codings = drawn(coded(["critical"] * 12 + ["neutral"] * 12), CRITICAL_MISSED)
    # 12 found critical quotes stand for 12 missed (1 / 2 over 1 / 2), and so does the quarter of
    # a quote that was not found: 12 + 1 / 4. Neutral: the same by (1 / 10) / (9 / 10).
    assert n_missed(codings, 24, "critical").mean() == pytest.approx(12.25, abs=0.15)
    assert n_missed(codings, 24, "neutral").mean() == pytest.approx(12.25 / 9, abs=0.05)
    assert n_missed(codings, 24, "supportive").mean() == pytest.approx(0.25 / 9, abs=0.01)


def test_the_number_missed_is_geometric_for_each_quote_found() -> None:
    codings = drawn(coded(["critical"] * 12), CRITICAL_MISSED)
    # Odds o = 1. A geometric number has the variance o + o^2 = 2 for each of 12 quotes. Beside
    # them Poisson numbers with the rate o G, G gamma of shape 1/12, in each of three kinds: their
    # variance is 1/12 (o + o^2), too.
    assert n_missed(codings, 12, "critical").var() == pytest.approx(2 * 12.25, rel=0.05)


def test_articles_differ_in_how_much_is_missed() -> None:
    spread = dataclasses.replace(CRITICAL_MISSED, article_variance=0.25)
    missed = n_missed(drawn(coded(["critical"] * 12), spread), 12, "critical")
    assert missed.mean() == pytest.approx(12.25, abs=0.2)
    # With a factor of mean 1 and variance v, the mean m = 12.25 and E[f^2] = 1 + v:
    # variance = m + (1 + v) (m + m^2) - m^2 with v = 0.25, the gamma rates having variance m.
    m, v = 12.25, 0.25
    assert missed.var() == pytest.approx(m + (1 + v) * (m + m**2) - m**2, rel=0.06)


def test_missed_quotes_copy_kind_words_and_voice() -> None:
    article = predicted_article([[1, 0, 0, 0]] * 6)
    codings = drawn(coded(["supportive"] * 6), CRITICAL_MISSED, n_draws=500)
    added = codings.present[:, 6:]
    assert set(codings.words[:, 6:][added]) == {10.0}
    # One voice with six quotes: no reason to expect another.
    assert set(codings.voice[:, 6:][added]) == {0}
    assert len(article["speakers"]) == 1


def test_labelled_quotes_are_never_spurious() -> None:
    half = dataclasses.replace(
        CRITICAL_MISSED,
        kinds=tuple(dataclasses.replace(k, correct=k.found // 2) for k in CRITICAL_MISSED.kinds),
    )
    labels = [label("s1", "government", "role"), label("q0", "neutral"), label("q1", "neutral")]
    codings = drawn(coded(["neutral"] * 6, labels=labels), half)
    present = codings.present[:, :6].mean(axis=0)
    assert present == pytest.approx([1, 1, 0.5, 0.5, 0.5, 0.5], abs=0.02)


def test_without_measured_errors_quotes_are_taken_as_found() -> None:
    codings = drawn(coded(["critical"] * 6), None, n_draws=100)
    assert codings.present.shape == (100, 6)
    assert codings.present.all()
