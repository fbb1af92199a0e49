"""Reading PolNeAR: a small invented part, its errors, and the real one where it is."""

from pathlib import Path

import pytest

from framing.dataset import (
    PolnearPart,
    extend_to_polnear,
    read_copies,
    read_polnear,
    score_annotators,
)
from framing.errors import DataError
from framing.metrics.spans import AttributionSpans
from framing.records import Span
from tests.dataset.corpora import corpora

TEXT = (
    "\nRain is near, Ada Lovell said; boats\nmust stay.\n\n\n\nOthers were told that it may pass.\n"
)


def entity(key: str, label: str, *words: str) -> str:
    starts = [TEXT.index(each) for each in words]
    offsets = ";".join(f"{a} {a + len(each)}" for a, each in zip(starts, words, strict=True))
    return f"{key}\t{label} {offsets}\t{' '.join(words)}"


LINES = [
    entity("T1", "Source", "Ada Lovell"),
    entity("T2", "Cue", "said"),
    entity("T3", "Content", "Rain is near,", "boats\nmust stay"),
    entity("T4", "Attribution", "said"),
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
    "E2\tAttribution-no-source:T7 Content:T5 Cue:T6 Content2:T8",  # entities may follow
    entity("T5", "Content", "that it"),
    entity("T6", "Cue", "told"),
    entity("T7", "Attribution-no-source", "told"),
    entity("T8", "Content", "may pass"),
    entity("T9", "Discuss", "Others"),
    "E3\tAttribution:T9",
    "E4\tAttribution:T4 Content:T9 Cue:T2",
    "#1\tAnnotatorNotes T9\tis this one?",
]


def part(folder: Path, lines: list[str] = LINES, annotators: str = "b") -> Path:
    for name in ("text", "attributions"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "text" / "a_story.txt").write_text(TEXT, encoding="utf-8")
    for code in annotators:
        path = folder / "attributions" / f"a_story_{code}.ann"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def words(read: PolnearPart, number: int) -> dict[str, list[str]]:
    each = read.articles[0].attributions[number]
    text = read.articles[0].article.text
    return {
        role: [span.of(text) for span in getattr(each, role)]
        for role in ("source", "cue", "content")
    }


def test_spans_follow_the_text_into_its_canonical_form(tmp_path: Path) -> None:
    read = read_polnear(part(tmp_path))
    assert len(read.articles) == 1
    assert read.articles[0].article.id == "a_story"
    assert words(read, 0) == {
        "source": ["Ada Lovell"],
        "cue": ["said"],
        "content": ["Rain is near,", "boats\nmust stay"],
    }
    # Without a source, and with two contents, which are one of two spans.
    assert words(read, 1) == {"source": [], "cue": ["told"], "content": ["that it", "may pass"]}
    assert len(read.articles[0].attributions) == 2


def test_events_that_are_no_attribution_are_listed(tmp_path: Path) -> None:
    exclusions = read_polnear(part(tmp_path)).exclusions
    assert [(each.item, each.reason) for each in exclusions] == [
        ("a_story_b.ann:13 E3", "it has no cue and no content"),
        ("a_story_b.ann:14 E4", "its Content is labelled Discuss"),
    ]
    assert {each.article_id for each in exclusions} == {"a_story"}


def test_copies_by_other_annotators_are_counted_once(tmp_path: Path) -> None:
    part(tmp_path, LINES, "cb")
    part(tmp_path, [], "d")
    (article,) = read_polnear(tmp_path).articles
    assert (article.annotator, article.n_annotators) == ("b", 3)
    assert len(article.attributions) == 2


def test_annotators_of_one_article_are_compared_pair_by_pair(tmp_path: Path) -> None:
    part(tmp_path, LINES, "bc")
    longer = [entity("T3", "Content", "Rain is near,") if "T3" in one[:3] else one for one in LINES]
    part(tmp_path, longer, "d")
    copies = read_copies(tmp_path)
    assert [[each.annotator for each in of_article] for of_article in copies] == [["b", "c", "d"]]
    # b and c have 3 runs of content, d has 2 of them: shared 3 (b, c), 2 (b, d) and 2 (c, d).
    (fragments,) = score_annotators(copies)["content_fragments"]
    assert (fragments.correct, fragments.gold, fragments.predicted) == (7, 9, 7)
    (linked,) = score_annotators(copies)["linked_exact"]
    assert (linked.correct, linked.gold, linked.predicted) == (4, 6, 6)


def test_an_article_of_one_annotator_is_nothing_to_compare(tmp_path: Path) -> None:
    assert read_copies(part(tmp_path)) == ()
    assert score_annotators(()) == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T20\tCue 5", r"entity 'T20\\tCue 5' cannot be read; accepted: ID, tab"),
        ("T20\tCue 5 x\tis", "cannot be read; accepted"),
        ("T20\tCue 5 999\tis", r"entity T20 has span \[5, 999\], but the text ends at 87"),
        ("T20\tCue 1 5\tSnow", "entity T20 covers 'Rain' but is stored as 'Snow'"),
        ("E9\tAttribution:T4 Cue:T99", "role 'Cue:T99' names an entity that is not in the file"),
        ("E9\tAttribution:T4 Verb:T2", "role 'Verb:T2'; accepted: Source, Cue, Content"),
        ("R1\tLink T1 T2", r"found 'R1\\tLink T1 T2'; accepted: lines of entities"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as error:
        read_polnear(part(tmp_path, [*LINES, line]))
    assert f"a_story_b.ann:{len(LINES) + 2}: " in str(error.value)  # T3 takes two lines


def test_a_missing_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no file text/\*\.txt; give one part of the corpus"):
        read_polnear(tmp_path)
    part(tmp_path)
    (tmp_path / "text" / "other.txt").write_text("Rain.", encoding="utf-8")
    with pytest.raises(DataError, match="other has text but no attributions"):
        read_polnear(tmp_path)


def test_that_belongs_to_the_content() -> None:
    text = "Ada said that rain is near"
    content = (Span(14, 18), Span(19, 26))
    extended = extend_to_polnear(text, AttributionSpans(cue=(Span(4, 8),), content=content))
    assert extended == AttributionSpans(cue=(Span(4, 8),), content=(Span(9, 18), Span(19, 26)))
    already = AttributionSpans(content=(Span(9, 18),))
    assert extend_to_polnear(text, already) == already
    assert extend_to_polnear("Is that rain", AttributionSpans()) == AttributionSpans()


@pytest.mark.corpora
def test_the_development_part() -> None:
    read = read_polnear(corpora("corpora/polnear/dev"))
    assert len(read.articles) == 84
    assert sum(each.n_annotators for each in read.articles) == 94  # annotation files
    assert all(each.attributions for each in read.articles)
    assert [each.reason for each in read.exclusions] == ["it has no cue and no content"]
