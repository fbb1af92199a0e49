"""What is drawn is what was measured, and two runs give the same bytes."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from framing.codebook import load_codebook
from framing.errors import DataError
from framing.figures import (
    Passage,
    marks_of,
    new_figure,
    plot_confusion,
    plot_roles,
    plot_shares,
    plot_tilt,
    plot_voices,
    role_counts,
    save_figure,
)
from framing.records import ArticleBalance, BalanceValue

MARKS = marks_of(load_codebook().variable("stance"))


def _value(index: str, value: float | None, **fields: object) -> BalanceValue:
    known: dict[str, object] = {
        "article_id": "a", "index": index, "weight": "quote", "value": value, "low": None,
        "high": None, "level": 0.9, "naive": None, "n": 8, "excluded_reason": "",
    }  # fmt: skip
    return BalanceValue(**{**known, **fields})  # type: ignore[arg-type]


def _balance(*values: BalanceValue, article_id: str = "a") -> ArticleBalance:
    return ArticleBalance(
        article_id=article_id,
        target="the dam",
        target_is_title=False,
        n_quotes=8,
        n_speakers=3,
        values=values,
        role_stance=(("expert", "critical", 1.5), ("expert", "neutral", 0.5)),
    )


MEASURED = _balance(
    _value("share_supportive", 0.5, low=0.2, high=0.8),
    _value("share_critical", 0.25),
    _value("share_humanitarian", 0.0),
    _value("share_neutral", 0.25),
    _value("tilt", 1 / 3, low=-0.1, high=0.6, naive=0.5),
)
REFUSED = _balance(
    *(_value(f"share_{name}", None, excluded_reason="2 quotes found") for name in MARKS),
    _value("tilt", None, excluded_reason="2 quotes found"),
    article_id="b",
)


def _texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def _blocks(ax: Axes) -> list[tuple[float, float]]:
    """Left and right end of every block."""
    corners = [
        np.asarray(path.vertices)
        for faces in ax.collections
        if isinstance(faces, PolyCollection)
        for path in faces.get_paths()
    ]
    return [(float(xy[0, 0]), float(xy[1, 0])) for xy in corners]


def test_shares_are_stacked_in_the_codebooks_order() -> None:
    _, ax = new_figure(2)
    plot_shares([MEASURED, REFUSED], MARKS, ax=ax, names={"a": "One", "b": "Two"})
    # The zero share has no width.
    assert _blocks(ax) == [(0, 0.5), (0.5, 0.75), (0.75, 0.75), (0.75, 1)]
    # Letters stand in blocks that have room; the refused article says why.
    assert sorted(_texts(ax)) == ["2 quotes found", "C", "N", "S"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["One", "Two"]


def test_tilt_shows_value_interval_and_naive_value() -> None:
    _, ax = new_figure(2)
    plot_tilt([MEASURED, REFUSED], MARKS, ax=ax)
    drawn = [np.asarray(line.get_xdata()).tolist() for line in ax.lines]
    assert [-0.1, 0.6] in drawn  # the interval
    assert [1 / 3] in drawn  # the value
    assert [0.5] in drawn  # the naive value
    assert "2 quotes found" in _texts(ax)
    assert {"← critical", "supportive →"} <= set(_texts(ax))
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["expected, 90 % interval", "naive"]


def test_roles_have_one_number_per_cell() -> None:
    _, ax = new_figure(2)
    counts = role_counts([MEASURED, MEASURED])
    assert counts == {("expert", "critical"): 3.0, ("expert", "neutral"): 1.0}
    plot_roles(counts, ["expert", "media"], ["critical", "neutral"], ax=ax)
    assert _texts(ax) == ["3.0", "1.0", "0.0", "0.0"]


def test_the_confusion_shows_counts_and_shades_by_the_share_of_the_row() -> None:
    _, ax = new_figure(3)
    counts = [[30, 10, 0], [0, 4, 0], [0, 0, 0]]  # the first coder never gave the third category
    plot_confusion(counts, ["armed_group", "expert", "media"], ax=ax, names=("ada", "ben"))
    assert _texts(ax) == ["30", "10", "0", "0", "4", "0", "0", "0", "0"]
    shades = np.asarray(ax.collections[0].get_array()).ravel()
    assert shades == pytest.approx([0.75, 0.25, 0, 0, 1, 0, 0, 0, 0])
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "armed group", "expert", "media",
    ]  # fmt: skip
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("ada", "ben")
    framed = [patch.get_xy() for patch in ax.patches if isinstance(patch, Rectangle)]
    assert framed == [(0, 0), (1, 1), (2, 2)]  # agreement


@pytest.mark.parametrize("counts", [[], [[1, 2]], [[1], [2]], [[0, 0], [0, 0]]])
def test_a_confusion_that_is_none_is_refused(counts: list[list[int]]) -> None:
    _, ax = new_figure(2)
    with pytest.raises(DataError, match="plot_confusion: counts of 2 categories take 2 rows of 2"):
        plot_confusion(counts, ["a", "b"], ax=ax, names=("ada", "ben"))


def test_voices_are_drawn_where_they_speak() -> None:
    _, ax = new_figure(2)
    plot_voices([[Passage(0.1, 0.3, "critical"), Passage(0.5, 0.6, "")], []], MARKS, ["One", "Two"],
                ax=ax)  # fmt: skip
    assert set(_blocks(ax)) == {(0.1, 0.3), (0.5, 0.6)}


def test_names_are_cut_between_words_and_never_read_as_mathematics() -> None:
    _, ax = new_figure(2)
    names = {"a": "Costs of $5m and $9m rise\nagain and again and again", "b": "x" * 60}
    plot_tilt([MEASURED, REFUSED], MARKS, ax=ax, names=names)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        r"Costs of \$5m and \$9m rise…",
        "x" * 27 + "…",
    ]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax: plot_shares([], MARKS, ax=ax), "plot_shares: no articles to draw"),
        (lambda ax: plot_tilt([], MARKS, ax=ax), "plot_tilt: no articles to draw"),
        (lambda ax: plot_roles({}, [], ["neutral"], ax=ax), "plot_roles: no roles or no stances"),
        (lambda ax: plot_voices([], MARKS, [], ax=ax), "plot_voices: no articles to draw"),
        (lambda ax: plot_voices([[]], MARKS, [], ax=ax), "plot_voices: 1 rows but 0 names"),
    ],
)
def test_nothing_to_draw_is_refused(draw: Callable[[Axes], None], message: str) -> None:
    _, ax = new_figure(1)
    with pytest.raises(DataError, match=message):
        draw(ax)


@pytest.mark.parametrize("n", [2, 60])  # with names, and too many for names
def test_equal_records_give_equal_bytes(tmp_path: Path, n: int) -> None:
    written: list[list[bytes]] = []
    for folder in ("one", "two"):
        paths = []
        for plot in (plot_shares, plot_tilt):
            figure, ax = new_figure(n)
            plot([MEASURED] * n, MARKS, ax=ax)
            paths += save_figure(figure, tmp_path / folder / plot.__name__)
        figure, ax = new_figure(n)
        plot_voices([[Passage(0.1, 0.3, "critical")]] * n, MARKS, ["One"] * n, ax=ax)
        paths += save_figure(figure, tmp_path / folder / "voices")
        written.append([path.read_bytes() for path in paths])
    assert written[0] == written[1]


def test_the_files_are_one_column_wide_with_embedded_fonts_and_tell_no_time(tmp_path: Path) -> None:
    from PIL import Image

    figure, ax = new_figure(2)
    plot_shares([MEASURED, REFUSED], MARKS, ax=ax)
    pdf, png = save_figure(figure, tmp_path / "shares")
    with Image.open(png) as image:
        assert image.size[0] == round(3.4 * 300)
        assert not {"Software", "Creation Time"} & set(image.info)
    assert b"CreationDate" not in pdf.read_bytes()
    # Text of at least 6 points is readable in a column, so that nobody has to zoom.
    written = (*ax.texts, *ax.get_yticklabels(), *ax.get_xticklabels())
    assert min(float(text.get_fontsize()) for text in written) >= 6
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts is not installed (package poppler-utils)")
    listed = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout
    fonts = listed.splitlines()[2:]
    assert fonts
    for font in fonts:
        assert "STIXGeneral" in font
        assert "TrueType" in font
        assert re.search(r"\byes yes yes\b", font), font  # embedded, subset, with Unicode


def test_a_headline_in_another_script_or_with_an_emoji_is_drawn(tmp_path: Path) -> None:
    figure, ax = new_figure(1)
    plot_tilt([MEASURED], MARKS, ax=ax, names={"a": "Дамба \U0001f600 水"})
    assert all(path.stat().st_size > 0 for path in save_figure(figure, tmp_path / "tilt"))
