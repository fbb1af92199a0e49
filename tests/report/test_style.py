"""Colours that can be read, for any codebook."""

import re

import pytest

from framing.codebook import load_codebook
from framing.figures import Mark, marks_of
from framing.report.style import PAPERS, category_css, contrast, mix, toned

PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the known limit grey
    assert contrast("#ffffff", "#000000") == contrast("#000000", "#ffffff")


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#102030", "#ffffff", 0) == "#102030"
    assert mix("#102030", "#ffffff", 1) == "#ffffff"
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_a_tone_changes_no_more_than_is_needed() -> None:
    assert toned("#0072B2", ["#ffffff"], 4.5, "#000000") == "#0072b2"  # 5.2 already
    darker = toned("#F0E442", ["#ffffff"], 4.5, "#000000")
    assert 4.5 <= contrast(darker, "#ffffff") < 4.8


@pytest.mark.parametrize("color", PALETTE)
def test_every_colour_of_the_palette_can_be_read_on_both_papers(color: str) -> None:
    css = category_css([Mark("some", color, "solid", "S")])
    rules = re.findall(r"\.k0\{--c:(#\w+);--t:(#\w+);--b:(#\w+);--l:solid\}", css)
    assert len(rules) == 2
    for (line, text, tint), (paper, _) in zip(rules, PAPERS.values(), strict=True):
        assert contrast(text, paper) >= 4.5
        assert contrast(text, tint) >= 4.5
        assert contrast(line, paper) >= 3
        assert contrast(line, tint) >= 3


def test_every_category_has_a_class() -> None:
    css = category_css(list(marks_of(load_codebook().variable("stance")).values()))
    assert [css.count(f".k{place}{{") for place in range(5)] == [2, 2, 2, 2, 0]
