"""Draws of what to label: every unit has its chance, and weighting by it gives back the whole."""

import math

import numpy as np
import pytest

from framing.dataset.label_draws import (
    DrawnUnit,
    LabelCandidate,
    draw_units,
    entropy,
    inclusion_probabilities,
    say_what_holds,
    weigh_labels,
)
from framing.errors import DataError
from framing.records import Label, Prediction


def _frame(n: int, unsure: bool = False) -> list[LabelCandidate]:
    return [
        LabelCandidate(
            id=f"q{i}", article_id=f"a{i // 3}", outlet=f"o{i % 2}", uncertainty=unsure * i / n
        )
        for i in range(n)
    ]


def _drawn(unit_id: str, probability: float, unit: str = "quote", mix: float = 1.0) -> DrawnUnit:
    return DrawnUnit(
        unit_id=unit_id,
        unit=unit,  # type: ignore[arg-type]
        article_id="a1",
        probability=probability,
        mix=mix,
        uncertainty=None,
        n_frame=40,
        seed=1,
    )


def _label(unit_id: str, probability: float = 1.0) -> Label:
    return Label(
        unit_id=unit_id, variable="stance", value="x", annotator="ada", probability=probability
    )


def test_a_random_draw_has_n_over_the_frame_for_everybody() -> None:
    drawn = draw_units(_frame(30), n=12, rng=np.random.default_rng(1))
    assert list(drawn.values()) == pytest.approx([12 / 30] * 12)
    assert drawn == draw_units(_frame(30), n=12, rng=np.random.default_rng(1))
    assert drawn != draw_units(_frame(30), n=12, rng=np.random.default_rng(2))
    assert len(draw_units(_frame(30), n=30, rng=np.random.default_rng(1))) == 30


def test_what_would_be_above_one_is_certain_and_the_rest_is_shared() -> None:
    # 3 of sizes 6, 2, 1, 1: 18/10 is above 1, so certain; 2 of 2, 1, 1 give 4/4, 2/4, 2/4.
    assert inclusion_probabilities([6, 2, 1, 1], 3) == pytest.approx([1, 1, 0.5, 0.5])
    assert inclusion_probabilities([1, 1], 2) == [1, 1]


def test_a_draw_by_uncertainty_prefers_it_and_weights_undo_that() -> None:
    frame = _frame(30, unsure=True)
    rng = np.random.default_rng(5)
    value = {one.id: float(i < 15) for i, one in enumerate(frame)}  # 15 of 30, the surer half
    n_drawn, plain, weighted = dict.fromkeys(value, 0), [], []
    for _ in range(2000):
        drawn = draw_units(frame, n=9, mix=0.4, rng=rng)
        assert len(drawn) == 9
        for key in drawn:
            n_drawn[key] += 1
        plain.append(sum(value[key] for key in drawn) / 9)
        weighted.append(sum(value[key] / p for key, p in drawn.items()))
    sizes = [0.4 / 30 + 0.6 * (i / 30) / (29 * 30 / 2 / 30) for i in range(30)]
    for i, key in enumerate(value):
        # 2,000 draws: four standard errors of a share are at most 4 sqrt(.25 / 2000) = 0.045.
        assert n_drawn[key] / 2000 == pytest.approx(9 * sizes[i], abs=0.045)
    assert np.mean(weighted) == pytest.approx(15, abs=4 * float(np.std(weighted)) / math.sqrt(2000))
    assert np.mean(plain) < 0.4  # and not 0.5


def test_a_draw_without_a_model_that_is_unsure_is_one_by_chance() -> None:
    drawn = draw_units(_frame(20), n=5, mix=0.5, rng=np.random.default_rng(3))
    assert list(drawn.values()) == pytest.approx([0.25] * 5)


@pytest.mark.parametrize(
    ("n", "mix", "message"),
    [
        (31, 1.0, "31 asked for, and 30 have no label yet; give a number from 1 to that"),
        (0, 1.0, "0 asked for"),
        (5, 0.0, "the share drawn at random is 0; it takes a number above 0 and up to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(n: int, mix: float, message: str) -> None:
    with pytest.raises(DataError, match=message):
        draw_units(_frame(30), n=n, mix=mix, rng=np.random.default_rng(0))


def test_entropy_is_largest_where_all_is_possible() -> None:
    def of(*probabilities: float) -> float:
        return entropy(
            Prediction(
                unit_id="q",
                variable="stance",
                model="m",
                codebook="",
                categories=("a", "b"),
                probabilities=probabilities,
            )
        )

    assert of(0.5, 0.5) == pytest.approx(math.log(2))
    assert of(1, 0) == 0
    assert 0 < of(0.9, 0.1) < of(0.6, 0.4)


def test_labels_get_the_probability_of_their_unit_or_article() -> None:
    homes = {"q1": "a1", "q2": "a2"}
    weighed, left_out = weigh_labels([_label("q1"), _label("q2")], [_drawn("q1", 0.25)], homes)
    assert [label.probability for label in weighed] == [0.25]
    assert [label.unit_id for label in left_out] == ["q2"]
    again, _ = weigh_labels(weighed, [_drawn("q1", 0.25)], homes)
    assert again == weighed
    of_article, _ = weigh_labels([_label("q1")], [_drawn("a1", 0.5, "article")], homes)
    assert of_article[0].probability == 0.5
    with pytest.raises(DataError, match=r"its probability is 0\.5, and by this draw it is 0\.25"):
        weigh_labels([_label("q1", 0.5)], [_drawn("q1", 0.25)], homes)
    with pytest.raises(DataError, match="quote 'q1' stands there twice"):
        weigh_labels([], [_drawn("q1", 0.25), _drawn("q1", 0.25)], homes)


def test_a_draw_says_what_it_is_good_for() -> None:
    plain = " ".join(say_what_holds([_drawn("a1", 0.025, "article")], n_labelled=0))
    assert "1 of 40 articles without a label was drawn with equal chances" in plain
    assert "so framing compare --gold can correct by them" in plain
    hard = " ".join(say_what_holds([_drawn("q1", 0.1, mix=0.5)], n_labelled=7))
    assert "plain shares, scores and agreement over them describe hard cases" in hard
    assert "divide the sum of 1/probability" in hard
    assert "draw articles for it" in hard
    assert "The 7 quotes labelled before could not be drawn." in hard
