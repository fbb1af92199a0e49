import collections
import datetime
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from framing.articles import read_articles
from framing.dataset.sampling import (
    REMAINDER,
    Candidate,
    FrameArticle,
    SamplingUnit,
    draw_articles,
    draw_replicates,
    estimate_total,
    inclusion_probability,
    merge_small_periods,
    name_period,
)
from framing.errors import DataError
from framing.jsonl import read_jsonl

ROOT = Path(__file__).parent.parent.parent
CORPORA = Path(os.environ.get("FRAMING_CORPORA", ROOT.parent / "shared"))
FRAME = ROOT / "annotations" / "frame.jsonl"


def unit(name: str, probability: float, stratum: str = "s") -> SamplingUnit:
    return SamplingUnit(id=name, stratum=stratum, outlet=name, probability=probability)


def candidate(name: str, *, strike: bool = False, cluster: str = "", period: str = "2015",
              lean: str = "left", outlet: str = "Post") -> Candidate:  # fmt: skip
    return Candidate(
        id=name, sha256=f"hash of {name}", cluster=cluster or name, lean=lean, period=period,
        strike=strike, outlet=outlet,
    )  # fmt: skip


def draw(
    candidates: list[Candidate], *, seed: int = 0, n_replicates: int = 5
) -> tuple[FrameArticle, ...]:
    return draw_articles(
        candidates, source_dataset="invented", size=2, n_replicates=n_replicates, oversampling=2.0,
        min_units=4, rng=np.random.default_rng(seed),
    )  # fmt: skip


# 20 units in two strata with unequal probabilities: 12 of 0.05 and 8 of 0.1, so that a replicate
# holds 12 × 0.05 + 8 × 0.1 = 1.4 of them; 4 replicates take each in at most 0.4 of all draws.
UNITS = [unit(f"x{i:02}", 0.05, "x") for i in range(12)] + [
    unit(f"y{i}", 0.1, "y") for i in range(8)
]


def test_replicates_that_exhaust_the_frame_take_each_unit_once() -> None:
    # 8 replicates × probability 1/8: every unit is drawn, each replicate holds one.
    units = [unit(name, 1 / 8) for name in "abcdefgh"]
    for seed in range(20):
        drawn = draw_replicates(units, n_replicates=8, rng=np.random.default_rng(seed))
        assert sorted(drawn) == list("abcdefgh")
        assert sorted(drawn.values()) == list(range(1, 9))


def test_the_sample_is_systematic_along_the_sorted_line() -> None:
    # Length 1/4 each, points of the two replicates 1/2 apart: every second unit, by outlet.
    units = [unit(name, 1 / 4) for name in "cadb"]
    seen = set()
    for seed in range(40):
        drawn = draw_replicates(units, n_replicates=2, rng=np.random.default_rng(seed))
        assert sorted(drawn.values()) == [1, 2]
        seen.add("".join(drawn))
    assert seen == {"ac", "bd"}


def test_replicates_and_strata_hold_their_expected_numbers_to_within_one() -> None:
    for seed in range(200):
        drawn = draw_replicates(UNITS, n_replicates=4, rng=np.random.default_rng(seed))
        sizes = collections.Counter(drawn.values())
        assert all(sizes[r] in (1, 2) for r in (1, 2, 3, 4))  # 1.4 each
        assert sum(sizes.values()) in (5, 6)  # 5.6
        assert sum(name.startswith("x") for name in drawn) in (2, 3)  # 12 × 0.05 × 4 = 2.4
        assert sum(name.startswith("y") for name in drawn) in (3, 4)  # 8 × 0.1 × 4 = 3.2


def test_every_unit_is_drawn_with_its_probability_in_each_replicate() -> None:
    n = 4000
    rng = np.random.default_rng(20241121)
    counts: collections.Counter[tuple[str, int]] = collections.Counter()
    for _ in range(n):
        counts.update(draw_replicates(UNITS, n_replicates=4, rng=rng).items())
    for each in UNITS:
        p = each.probability
        for r in (1, 2, 3, 4):
            # Binomial; 4.5 standard deviations leave 80 correct counts a chance of 5e-4 to fail.
            assert abs(counts[each.id, r] - n * p) < 4.5 * math.sqrt(n * p * (1 - p))


@pytest.mark.parametrize("n_coded", [1, 3, 4])
def test_totals_are_unbiased_after_any_replicate(n_coded: int) -> None:
    rng = np.random.default_rng(7)
    # Values that depend on the probability, so that a plain mean would be biased.
    values = {each.id: 100 * each.probability + i for i, each in enumerate(UNITS)}
    probabilities = {each.id: n_coded * each.probability for each in UNITS}
    estimates = []
    for _ in range(4000):
        drawn = draw_replicates(UNITS, n_replicates=4, rng=rng)
        coded = {name: values[name] for name, r in drawn.items() if r <= n_coded}
        estimates.append(estimate_total(coded, probabilities))
    error = np.mean(estimates) - sum(values.values())
    assert abs(error) < 4 * np.std(estimates, ddof=1) / math.sqrt(len(estimates))


def test_articles_carry_the_probabilities_that_the_sizes_imply() -> None:
    # 10 clusters of others, one with two articles, and 5 on strikes, drawn twice as often:
    # 2 = 10 p + 5 · 2p, so p = 0.1; 5 replicates of 0.2 take every cluster on a strike.
    frame = draw(
        [candidate(f"o{i}") for i in range(10)]
        + [candidate("z", cluster="o3")]
        + [candidate(f"s{i}", strike=True) for i in range(5)]
    )
    rows = {a.id: a for a in frame}
    assert list(rows) == sorted(rows)
    assert len(rows) == 16
    assert rows["o0"].probability_per_replicate == pytest.approx(0.1)
    assert rows["s0"].probability_per_replicate == pytest.approx(0.2)
    for name in ("o3", "z"):
        assert rows[name].cluster == "o3"
        assert rows[name].probability_in_cluster == 0.5
        assert rows[name].probability_per_replicate == pytest.approx(0.05)
    assert {rows[f"s{i}"].replicate for i in range(5)} == {1, 2, 3, 4, 5}
    assert rows["s0"].stratum == "left/2015/strike"
    assert rows["z"].stratum == "left/2015/other"
    assert rows["z"].sha256 == "hash of z"


def test_the_remainder_is_what_the_replicates_leave() -> None:
    # 10 clusters and 5 on strikes, 2 = 10 p + 5 · 2p in each of 2 replicates: 4 drawn, 11 left.
    candidates = [candidate(f"o{i}") for i in range(10)] + [candidate("z", cluster="o3")]
    candidates += [candidate(f"s{i}", strike=True) for i in range(5)]
    sample, whole = (
        draw_articles(
            candidates, source_dataset="invented", size=2, n_replicates=2, oversampling=2.0,
            min_units=1, remainder=remainder, rng=np.random.default_rng(0),
        )
        for remainder in (False, True)
    )  # fmt: skip
    for before, after in zip(sample, whole, strict=True):
        if before.replicate is not None:
            assert after == before
    coded = [article for article in whole if article.replicate is not None]
    assert len(coded) == len({article.cluster for article in coded}) == 15
    assert sum(article.replicate == REMAINDER for article in coded) == 11
    # Every cluster is in, so only the choice between o3 and z is by chance.
    probability = {a.id: inclusion_probability(a, [1, 2, REMAINDER]) for a in whole}
    assert probability["o0"] == 1.0
    assert probability["o3"] == probability["z"] == 0.5
    assert inclusion_probability(whole[0], [1, 2]) == pytest.approx(0.2)


def test_one_article_of_a_drawn_cluster_is_coded_each_as_often() -> None:
    # All clusters are drawn (6 × 1/3 = 2 in each of 3 replicates), one with three articles.
    names = [candidate(name) for name in "abcdef"]
    names += [candidate("y", cluster="a"), candidate("z", cluster="a")]
    chosen: collections.Counter[str] = collections.Counter()
    for seed in range(600):
        frame = draw(names, seed=seed, n_replicates=3)
        coded = [a.id for a in frame if a.cluster == "a" and a.replicate is not None]
        assert len(coded) == 1
        chosen.update(coded)
    # 200 expected of each, standard deviation sqrt(600 × 1/3 × 2/3) = 11.5; 4 of them: 46.
    assert all(abs(chosen[name] - 200) < 46 for name in "ayz")


def test_a_cluster_is_on_a_strike_when_any_of_its_articles_is() -> None:
    frame = draw(
        [candidate(f"o{i}") for i in range(19)] + [candidate("p", cluster="o4", strike=True)]
    )
    assert {a.id for a in frame if a.stratum.endswith("/strike")} == {"o4", "p"}


def test_the_frame_depends_on_the_seed_and_not_on_the_order() -> None:
    names = [candidate(f"o{i}", outlet="ABC"[i % 3], strike=i % 4 == 0) for i in range(30)]
    assert draw(names, seed=3) == draw(names[::-1], seed=3)
    assert draw(names, seed=3) != draw(names, seed=4)


def test_strata_of_few_clusters_are_merged_within_lean_and_strike() -> None:
    periods = ["2013"] * 5 + ["2014"] * 2 + ["2015"] * 3 + ["undated"]
    frame = draw(
        [candidate(f"l{i}", period=p) for i, p in enumerate(periods)]
        + [candidate(f"r{i}", period=p, lean="right") for i, p in enumerate(["2013", "2014"] * 5)]
    )
    # left: 5 | 2 + 3 ≥ 4, and the one undated joins them; right: 5 | 5.
    assert collections.Counter(a.stratum for a in frame) == {
        "left/2013/other": 5,
        "left/2014+2015+undated/other": 6,
        "right/2013/other": 5,
        "right/2014/other": 5,
    }


def test_merging_periods() -> None:
    counts = {"undated": 9, "2015": 2, "2012": 1, "2013": 3, "2014": 8}
    # 1 + 3 = 4 | 8 | 2 + 9 = 11
    assert merge_small_periods(counts, 4) == {
        "2012": "2012+2013", "2013": "2012+2013", "2014": "2014",
        "2015": "2015+undated", "undated": "2015+undated",
    }  # fmt: skip
    assert merge_small_periods({"2012": 1, "2013": 2}, 4) == dict.fromkeys(
        ("2012", "2013"), "2012+2013"
    )
    assert merge_small_periods({"2012": 4, "2013": 2}, 4) == dict.fromkeys(
        ("2012", "2013"), "2012+2013"
    )
    assert merge_small_periods({}, 4) == {}


def test_naming_periods() -> None:
    starts = [2012, 2013, 2016]
    assert name_period(None, starts) == "undated"
    assert name_period(datetime.date(2012, 12, 31), starts) == "2012"
    assert name_period(datetime.date(2013, 1, 1), starts) == "2013-2015"
    assert name_period(datetime.date(2015, 12, 31), starts) == "2013-2015"
    with pytest.raises(
        DataError, match="2016-01-01 lies in no period; they reach from 2012 to 201"
    ):
        name_period(datetime.date(2016, 1, 1), starts)
    with pytest.raises(DataError, match=r"\[2013, 2012\]; give two or more ascending years"):
        name_period(None, [2013, 2012])


def test_totals_by_hand() -> None:
    assert estimate_total({"a": 3.0, "b": 1.0}, {"a": 0.5, "b": 0.25, "c": 1.0}) == 10.0
    assert estimate_total({}, {"a": 0.5}) == 0.0
    for probabilities in ({}, {"a": 0.0}, {"a": 1.1}):
        with pytest.raises(DataError, match="unit 'a' has inclusion probability"):
            estimate_total({"a": 1.0}, probabilities)


def test_errors_say_what_was_found_and_what_to_do() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(DataError, match="0 units and 1 replicates; give at least one each"):
        draw_replicates([], n_replicates=1, rng=rng)
    with pytest.raises(DataError, match="1 units and 0 replicates"):
        draw_replicates([unit("a", 0.5)], n_replicates=0, rng=rng)
    with pytest.raises(DataError, match="2 units have the id 'a'; ids must differ"):
        draw_replicates([unit("a", 0.5)] * 2, n_replicates=1, rng=rng)
    with pytest.raises(
        DataError, match=r"'a' has probability 0.3 in each of 4 .* at most 1/4: draw"
    ):
        draw_replicates([unit("a", 0.3)], n_replicates=4, rng=rng)
    with pytest.raises(DataError, match="'a' has probability 0 in each"):
        draw_replicates([unit("a", 0.0)], n_replicates=4, rng=rng)
    with pytest.raises(DataError, match=r"0 candidates, size 2, oversampling 2\.0; each must"):
        draw([])
    with pytest.raises(DataError, match="2 articles have the id 'a'"):
        draw([candidate("a"), candidate("a", cluster="b")])


def test_the_committed_frame_holds_together() -> None:
    frame = read_jsonl(FRAME, FrameArticle)
    sizes = collections.Counter(article.cluster for article in frame)
    assert [article.id for article in frame] == sorted({article.id for article in frame})
    drawn = [article for article in frame if article.replicate is not None]
    assert len({article.cluster for article in drawn}) == len(drawn)
    by_replicate = collections.Counter(article.replicate for article in drawn)
    assert by_replicate == {**dict.fromkeys(range(1, 9), 60), REMAINDER: 419}
    for article in frame:
        assert article.probability_in_cluster == 1 / sizes[article.cluster]
        # 8 replicates, disjoint
        assert 0 < 8 * article.probability_per_replicate <= 1
    assert math.fsum(article.probability_per_replicate for article in frame) == pytest.approx(60)


@pytest.mark.corpora
def test_the_committed_frame_is_of_the_corpus_and_not_of_gold_dev() -> None:
    folder, gold = CORPORA / "corpora/article-bias-prediction/jsons", CORPORA / "gold-dev"
    if not folder.is_dir() or not gold.is_dir():
        pytest.skip(f"no corpora in {CORPORA}; set FRAMING_CORPORA")
    digests = {article.id: article.sha256 for article in read_articles(folder).articles}
    frame = read_jsonl(FRAME, FrameArticle)
    assert {a.id: a.sha256 for a in frame}.items() <= digests.items()
    rows = [json.loads(row) for row in (gold / "gold.jsonl").read_text("utf-8").splitlines()]
    assert not {row["key"] for row in rows} & {article.id for article in frame}
