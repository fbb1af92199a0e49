"""Do 90 % predictive intervals hold what a coder would find in 90 % of articles?

Articles are simulated in full: genuine quotes, of which the extractor misses some, spurious ones,
calibrated probabilities of stance and role, named and unnamed speakers. The truth is every index
of the genuine quotes with their true categories.
"""

import collections
import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from framing.balance import MIN_QUOTES, ExtractionError, KindError, RecallCell, measure_balance
from framing.metrics.article_effect import base_weights, fit_article_sd, with_effect
from framing.records import Placement, Quote, QuoteKind, Span, Speaker
from tests.balance.invented import CODEBOOK, ROLES, STANCES, predict

KINDS: tuple[QuoteKind, ...] = ("direct", "mixed", "indirect")
PRECISION = {"direct": 0.95, "mixed": 0.9, "indirect": 0.8}
RECALL = {kind: np.full(4, r) for kind, r in zip(KINDS, (0.95, 0.85, 0.6), strict=True)}
# Critical quotes are missed far more often: by odds that are six times as high.
CRITICAL = STANCES.index("critical")
RECALL_BY_STANCE = {
    kind: np.array([r / (r + 6 * (1 - r)) if k == CRITICAL else r for k in range(4)])
    for kind, r in zip(KINDS, (0.95, 0.85, 0.75), strict=True)
}
N_ARTICLES = 500
# Three standard errors of a hit rate of 0.9 over 500 articles.
TOLERANCE = 3 * (0.9 * 0.1 / N_ARTICLES) ** 0.5

# Where an interval has 90 % exactly: many small steps from one value to the next. Counts of
# quotes are few and coarse, and an interval whose ends are possible values then holds more.
FINE = [
    ("share_critical", "word"),
    ("tilt", "word"),
    ("imbalance", "word"),
    ("evenness", "word"),
    ("evenness", "speaker"),
    ("mean_position_critical", "quote"),
]
CRITICAL_BY_WORD = ("share_critical", "word")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    n: int
    kind: QuoteKind
    probabilities: list[float]
    stance: int
    speaker: int
    words: int
    position: float
    genuine: bool
    found: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Voice:
    named: bool
    probabilities: list[float]
    role: int


def simulate(
    rng: np.random.Generator, recall: Mapping[QuoteKind, np.ndarray] = RECALL
) -> tuple[list[Said], list[Voice]]:
    """One article; `recall` by kind and stance."""
    stances = rng.dirichlet([6.0] * len(STANCES))
    roles = rng.dirichlet([2.0] * len(ROLES))
    voices = []
    for _ in range(10):
        p = rng.dirichlet(roles * 6 + 0.02)
        voices.append(
            Voice(
                named=bool(rng.random() < 0.6),
                probabilities=p.tolist(),
                role=int(rng.choice(len(p), p=p)),
            )
        )
    said: list[Said] = []

    def add(kind: QuoteKind, *, genuine: bool) -> None:
        p = rng.dirichlet(stances * 4 + 0.02)
        stance = int(rng.choice(len(p), p=p))
        found = not genuine or bool(rng.random() < recall[kind][stance])
        if genuine and found:
            # Calibrated on what is found (Bayes): without missing by stance, p itself.
            p = p * recall[kind] / (p @ recall[kind])
        said.append(
            Said(
                n=len(said),
                kind=kind,
                probabilities=p.tolist(),
                stance=stance,
                speaker=int(rng.integers(len(voices))),
                words=int(rng.integers(5, 60)),
                position=float(rng.random()),
                genuine=genuine,
                found=found,
            )
        )

    for _ in range(rng.poisson(28)):
        add(KINDS[rng.integers(3)], genuine=True)
    for kind in KINDS:
        n_right = sum(one.found and one.kind == kind for one in said)
        for _ in range(rng.negative_binomial(n_right + 0.5, PRECISION[kind])):
            add(kind, genuine=False)
    return said, voices


def records(said: list[Said], voices: list[Voice], *, true: bool) -> dict[str, Any]:
    """An article with these quotes; `true` puts true categories for probabilities."""
    speaking = sorted({one.speaker for one in said})

    def known(k: int, probabilities: list[float]) -> list[float]:
        return np.eye(len(probabilities))[k].tolist() if true else probabilities

    return {
        "article_id": "a",
        "target": "the river blockade",
        "target_is_title": False,
        "quotes": [
            Quote(
                id=f"q{one.n:03}",
                article_id="a",
                kind=one.kind,
                content=(Span(10 * one.n, 10 * one.n + 5),),
                speaker_id=f"s{one.speaker}",
            )
            for one in said
        ],
        "speakers": [
            Speaker(id=f"s{k}", article_id="a", name="Somebody Invented", named=voices[k].named)
            for k in speaking
        ],
        "placements": [
            Placement(
                quote_id=f"q{one.n:03}",
                n_words=one.words,
                position=one.position,
                in_lead=one.position < 0.25,
            )
            for one in said
        ],
        "predictions": [
            *(predict(f"q{one.n:03}", known(one.stance, one.probabilities)) for one in said),
            *(
                predict(f"s{k}", known(voices[k].role, voices[k].probabilities), "role")
                for k in speaking
            ),
        ],
        "codebook": CODEBOOK,
    }


def measured_error(rng: np.random.Generator) -> ExtractionError:
    """Rates as a study of 200 quotes of each kind would find them."""
    return ExtractionError(
        extractor="simulated",
        measured_on="simulated articles",
        kinds=tuple(
            KindError(
                kind=kind,
                found=200,
                correct=int(rng.binomial(200, PRECISION[kind])),
                gold=200,
                recalled=int(rng.binomial(200, RECALL[kind][0])),
            )
            for kind in KINDS
        ),
    )


def audited_error(rng: np.random.Generator) -> ExtractionError:
    """What an audit of 60 simulated articles finds where critical quotes are missed more often."""
    coded: collections.Counter[tuple[QuoteKind, str, str]] = collections.Counter()
    recalled: collections.Counter[tuple[QuoteKind, str, str]] = collections.Counter()
    spurious: collections.Counter[QuoteKind] = collections.Counter()
    for _ in range(60):
        said, voices = simulate(rng, RECALL_BY_STANCE)
        for one in said:
            cell = (one.kind, STANCES[one.stance], ROLES[voices[one.speaker].role])
            coded[cell] += one.genuine
            recalled[cell] += one.genuine and one.found
            spurious[one.kind] += not one.genuine
    totals = {
        kind: [
            sum(n for cell, n in counts.items() if cell[0] == kind) for counts in (coded, recalled)
        ]
        for kind in KINDS
    }
    return ExtractionError(
        extractor="simulated",
        measured_on="60 simulated articles",
        n_articles=60,
        codebook=CODEBOOK.digest,
        kinds=tuple(
            KindError(
                kind=kind, found=found + spurious[kind], correct=found, gold=gold, recalled=found
            )
            for kind, (gold, found) in totals.items()
        ),
        cells=tuple(
            RecallCell(
                kind=kind, stance=stance, role=role, gold=n, recalled=recalled[kind, stance, role]
            )
            for (kind, stance, role), n in coded.items()
            if n
        ),
    )


def hit_rates(
    rng: np.random.Generator, *, missing: bool, corrected: bool
) -> dict[tuple[str, str], float]:
    hits: collections.Counter[tuple[str, str]] = collections.Counter()
    rows: collections.Counter[tuple[str, str]] = collections.Counter()
    for _ in range(N_ARTICLES):
        said, voices = simulate(rng)
        genuine = [one for one in said if one.genuine]
        found = [one for one in said if one.found] if missing else genuine
        estimate = measure_balance(
            **records(found, voices, true=False),
            extraction_error=measured_error(rng) if corrected else None,
            n_draws=500,
            rng=rng,
        )
        truth = measure_balance(
            **records(genuine, voices, true=True), min_quotes=1, n_draws=100, rng=rng
        )
        for row, true in zip(estimate.values, truth.values, strict=True):
            if row.value is None or true.value is None:
                continue
            assert row.low is not None
            assert row.high is not None
            rows[row.index, row.weight] += 1
            hits[row.index, row.weight] += row.low - 1e-9 <= true.value <= row.high + 1e-9
    assert len(rows) == 102  # every index: see BY_HAND in test_article.py
    return {key: hits[key] / n for key, n in rows.items() if n > 0.8 * N_ARTICLES}


@pytest.mark.slow
def test_calibrated_probabilities_give_honest_intervals() -> None:
    rates = hit_rates(np.random.default_rng(31), missing=False, corrected=False)
    assert min(rates.values()) >= 0.9 - TOLERANCE, rates
    for key in FINE:
        assert 0.85 <= rates[key] <= 0.95, (key, rates[key])


@pytest.mark.slow
def test_intervals_cover_missed_and_spurious_quotes() -> None:
    rates = hit_rates(np.random.default_rng(32), missing=True, corrected=True)
    assert min(rates.values()) >= 0.9 - TOLERANCE, rates
    # The mix that quotes are drawn from varies less from article to article here (Dirichlet 6)
    # than the estimator allows for, so that intervals are a little too wide.
    for key in FINE:
        assert 0.85 <= rates[key] <= 0.95 + TOLERANCE / 2, (key, rates[key])


@pytest.mark.slow
def test_a_stance_that_is_missed_more_often() -> None:
    """With the audit its share is nearly unbiased; without, or by kind alone, visibly low."""
    rng = np.random.default_rng(34)
    n_articles = 300
    errors: dict[str, list[float]] = collections.defaultdict(list)
    hits: collections.Counter[str] = collections.Counter()
    for _ in range(n_articles):
        said, voices = simulate(rng, RECALL_BY_STANCE)
        genuine = [one for one in said if one.genuine]
        found = [one for one in said if one.found]
        if len(found) < MIN_QUOTES:
            continue
        truth = np.mean([one.stance == CRITICAL for one in genuine])
        audited = audited_error(rng)
        ways = {
            "audited": audited,
            "by kind": dataclasses.replace(audited, cells=()),
            "as found": None,
        }
        for way, error in ways.items():
            balance = measure_balance(
                **records(found, voices, true=False), extraction_error=error, n_draws=500, rng=rng
            )
            row = next(v for v in balance.values if v.index == "share_critical")
            assert row.value is not None
            assert row.low is not None
            assert row.high is not None
            errors[way].append(row.value - float(truth))
            hits[way] += bool(row.low - 1e-9 <= truth <= row.high + 1e-9)
    bias = {way: float(np.mean(these)) for way, these in errors.items()}
    rates = {way: hits[way] / len(these) for way, these in errors.items()}
    # 0.25 of the quotes are critical, 0.18 of those found. What is left of the bias, beside the
    # number's own sampling error of 0.005: made-up quotes are critical more often than found
    # ones are here, and precision is known by kind only; and the one quote that allows for
    # categories not found counts six times as much for critical ones.
    assert abs(bias["audited"]) < 0.02, bias
    assert bias["by kind"] < -0.05, bias
    assert bias["as found"] < -0.05, bias
    assert rates["audited"] >= 0.9 - 3 * (0.9 * 0.1 / n_articles) ** 0.5, rates
    assert rates["audited"] > rates["by kind"], rates


@pytest.mark.slow
def test_without_correction_intervals_miss_what_the_extractor_missed() -> None:
    rates = hit_rates(np.random.default_rng(33), missing=True, corrected=False)
    # Who is named is known for certain of each quote found, and yet wrong of the article.
    assert rates["share_named", "quote"] < 0.2, rates
    # Less so where quotes stand: over the stances 0.87 of the articles, not 0.9.
    positions = [rate for (index, _), rate in rates.items() if index.startswith("mean_position_")]
    assert np.mean(positions) < 0.89, rates


@pytest.mark.slow
def test_intervals_cover_what_an_article_deviates_as_a_whole() -> None:
    """A classifier that is calibrated over articles and leans one way in each of them."""
    rng = np.random.default_rng(35)

    def article() -> tuple[list[Said], list[Voice]]:
        said, voices = simulate(rng)
        said = [one for one in said if one.genuine]
        sds = np.full(len(said), 0.8)
        p = np.array([one.probabilities for one in said]).reshape(len(said), len(STANCES))
        given = with_effect(base_weights(p, sds), sds, rng.standard_normal((1, 1, len(STANCES))))[0]
        return [
            dataclasses.replace(one, stance=int(rng.choice(len(row), p=row)))
            for one, row in zip(said, given, strict=True)
        ], voices

    held_out = [said for said, _ in (article() for _ in range(60))]
    sd = fit_article_sd(
        np.array([one.probabilities for said in held_out for one in said]),
        np.array([one.stance for said in held_out for one in said]),
        [str(n) for n, said in enumerate(held_out) for _ in said],
    )
    assert sd == pytest.approx(0.8, abs=0.15)
    hits: collections.Counter[float] = collections.Counter()
    n_articles = 300
    values: dict[float, list[float]] = {0.0: [], sd: []}
    for _ in range(n_articles):
        said, voices = article()
        truth = measure_balance(
            **records(said, voices, true=True), min_quotes=1, n_draws=100, rng=rng
        )
        (true,) = (v.value for v in truth.values if (v.index, v.weight) == CRITICAL_BY_WORD)
        for given in values:
            told = records(said, voices, true=False)
            told["predictions"] = [
                dataclasses.replace(one, article_sd=given) for one in told["predictions"]
            ]
            found = measure_balance(**told, n_draws=500, rng=rng)
            (row,) = (v for v in found.values if (v.index, v.weight) == CRITICAL_BY_WORD)
            if row.low is not None and row.high is not None and true is not None:
                hits[given] += row.low - 1e-9 <= true <= row.high + 1e-9
                values[given].append(row.value or 0.0)
    rates = {given: hits[given] / len(values[given]) for given in values}
    assert abs(rates[sd] - 0.9) <= 3 * (0.9 * 0.1 / n_articles) ** 0.5, rates
    assert rates[0.0] < 0.85, rates
    # The intervals are wider, around the same value.
    assert np.abs(np.subtract(values[sd], values[0.0])).max() < 0.05
