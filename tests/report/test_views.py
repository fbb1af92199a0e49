"""What the pages show, recomputed from the records."""

import dataclasses

import pytest

from framing.errors import DataError
from framing.records import Exclusion, Extraction, Label, Quote, Span
from framing.report.judgements import Coding
from framing.report.overview import view_overview
from framing.report.views import ArticleView, view_article, without_quoted_words
from tests.report.sample_run import SampleRun


def _coding(run: SampleRun, labels: list[Label] | None = None) -> Coding:
    return Coding.of(run.codebook, run.labels if labels is None else labels, run.predictions)


def _views(run: SampleRun, *, include_text: bool = True) -> list[ArticleView]:
    coding = _coding(run)
    balances = {balance.article_id: balance for balance in run.balances}
    return [
        view_article(
            n, article, run.extractions[article.id], balances[article.id],
            [e for e in run.exclusions if e.article_id == article.id], coding,
            include_text=include_text,
        )
        for n, article in enumerate(run.articles, 1)
    ]  # fmt: skip


def test_a_bar_is_the_shares_by_quote_one_after_the_other(run: SampleRun) -> None:
    view = _views(run)[0]
    shares = {
        value.index: value.value
        for value in run.balances[0].values
        if value.weight == "quote" and value.index.startswith("share_")
    }
    at = 0.0
    for segment in view.bar:
        assert segment.start == pytest.approx(at)
        assert segment.share == shares[f"share_{segment.category}"]
        at += segment.share
    assert at == pytest.approx(1)


def test_an_article_with_too_few_quotes_has_a_reason_and_no_bar(run: SampleRun) -> None:
    view = _views(run)[3]  # two quotes
    assert view.bar == ()
    assert view.bar_reason == run.balances[3].values[0].excluded_reason
    assert view.tilt is not None
    assert view.tilt.value is None


def test_every_index_is_in_exactly_one_table(run: SampleRun) -> None:
    for view, balance in zip(_views(run), run.balances, strict=True):
        shown = [*view.main, *view.roles, *view.others, *view.joint]
        assert sorted(shown, key=repr) == sorted(balance.values, key=repr)


def test_the_text_is_whole_and_the_quotes_are_where_the_offsets_say(run: SampleRun) -> None:
    for view, article in zip(_views(run), run.articles, strict=True):
        paragraphs = ["".join(piece.text for piece in pieces) for pieces in view.paragraphs]
        assert "\n\n".join(paragraphs) == article.text
        marked: dict[int, str] = {}
        for pieces in view.paragraphs:
            for piece in pieces:
                if piece.quote is not None:
                    marked[piece.quote.number] = marked.get(piece.quote.number, "") + piece.text
        for n, quote in enumerate(run.extractions[article.id].quotes, 1):
            assert marked[n] == "".join(span.of(article.text) for span in quote.content)


def test_a_quote_over_two_paragraphs_is_marked_in_both(run: SampleRun) -> None:
    article = dataclasses.replace(run.articles[0], text="He said: “One.\n\n“Two.” So it was.")
    quote = Quote(id="x", article_id=article.id, kind="direct", content=(Span(9, 22),))
    extraction = Extraction(article_id=article.id, quotes=(quote,))
    view = view_article(1, article, extraction, None, (), _coding(run), include_text=True)
    shown = [[(p.text, p.quote is not None, p.first) for p in pieces] for pieces in view.paragraphs]
    assert shown == [
        [("He said: ", False, False), ("“One.", True, True)],
        [("“Two.”", True, False), (" So it was.", False, False)],
    ]


def test_voices_stand_in_the_order_in_which_they_speak_the_unknown_last(run: SampleRun) -> None:
    view = _views(run)[0]
    assert [voice.name for voice in view.voices][:3] == [
        "Rear Adm. Lena Okoro", "Dr. Ines Reyes", "United Nations",
    ]  # fmt: skip
    assert [voice.name for voice in view.voices][-1] == ""
    assert sum(voice.n_quotes for voice in view.voices) == len(view.quotes)
    length = len(run.articles[0].text)
    first = run.extractions["ansel-01"].quotes[0].content[0]
    passage, quote = view.voices[0].passages[0]
    assert (passage.start, passage.end) == (first.start / length, first.end / length)
    assert quote.number == 1


def test_a_label_outranks_the_prediction_and_has_no_probability(run: SampleRun) -> None:
    first, second = _views(run)[0].quotes[:2]
    assert (second.stance.basis, second.stance.annotator) == ("label", "adjudicated")
    assert second.stance.probability is None
    of = {p.unit_id: p for p in run.predictions}
    assert first.stance.probability == max(of["ansel-01-q1"].probabilities)
    assert first.stance.value == of["ansel-01-q1"].value


def test_a_quote_without_a_speaker_has_the_default_role_and_its_reason(run: SampleRun) -> None:
    unknown = next(q for q in _views(run)[0].quotes if not q.speaker)
    assert (unknown.role.value, unknown.role.basis) == ("unspecified", "default")
    assert unknown.unknown == "a passive that names no source"


def test_without_predictions_nothing_is_judged(run: SampleRun) -> None:
    coding = Coding.of(run.codebook, [], [])
    extraction = run.extractions["ansel-01"]
    view = view_article(1, run.articles[0], extraction, None, (), coding, include_text=True)
    assert {quote.stance.value for quote in view.quotes} == {""}
    assert (view.bar, view.bar_reason) == ((), "not measured")


def test_without_text_no_word_of_the_article_is_left(run: SampleRun) -> None:
    for view, article in zip(_views(run, include_text=False), run.articles, strict=True):
        assert view.title == article.id
        assert view.paragraphs == ()
        assert all(quote.text == "" and quote.description == "" for quote in view.quotes)
        assert {voice.name for voice in view.voices} <= {""} | {
            f"Speaker {n}" for n in range(1, 20)
        }
        assert all("success" not in repr(exclusion) for exclusion in view.exclusions)


def test_reasons_lose_what_they_quote() -> None:
    assert without_quoted_words("no antecedent for 'he' in “he said”") == (
        "no antecedent for […] in […]"
    )
    assert without_quoted_words("the author's own words") == "the author's own words"


def test_labels_of_another_codebook_are_refused(run: SampleRun) -> None:
    label = Label(unit_id="ansel-01-q1", variable="stance", value="warm", annotator="lm")
    with pytest.raises(DataError, match="warm"):
        _coding(run, [label])


def test_two_predictions_of_one_unit_are_refused(run: SampleRun) -> None:
    twice = dataclasses.replace(run.predictions[0], model="another")
    with pytest.raises(DataError, match=r"stands twice \(frozen-minilm-logistic, another\)"):
        Coding.of(run.codebook, [], [*run.predictions, twice])


def test_the_overview_counts_what_the_records_hold(run: SampleRun) -> None:
    overview = view_overview(
        _views(run), run.balances, run.exclusions, _coding(run), include_text=True
    )
    quotes = [q for e in run.extractions.values() for q in e.quotes]
    assert overview.n_quotes == len(quotes)
    assert overview.n_speakers == sum(len(e.speakers) for e in run.extractions.values())
    assert overview.n_unknown == sum(q.speaker_id is None for q in quotes)
    assert dict(overview.kinds) == {
        kind: sum(q.kind == kind for q in quotes) for kind in ("direct", "indirect")
    }
    tilts = [
        value
        for balance in run.balances
        for value in balance.values
        if (value.index, value.weight) == ("tilt", "quote") and value.value is not None
    ]
    assert overview.n_tilts == len(tilts) == sum(len(b.articles) for b in overview.tilts)
    assert overview.n_above == sum(t.low is not None and t.low > 0 for t in tilts)
    assert overview.n_below == sum(t.high is not None and t.high < 0 for t in tilts)
    # Role by stance: the measured quotes, each counted once over its stances.
    assert sum(overview.totals) == pytest.approx(sum(b.n_quotes for b in run.balances))
    assert sum(row.total for row in overview.roles) == pytest.approx(sum(overview.totals))
    assert max(shade for row in overview.roles for shade in row.shades) == 9


@pytest.mark.parametrize("include_text", [True, False])
def test_everything_left_out_is_counted_once(run: SampleRun, include_text: bool) -> None:
    # Exclusions may come with the run, with the extraction, or with both.
    own = Exclusion(item="“he”", reason="too short", stage="quotes", article_id="ansel-02")
    extractions = dict(run.extractions)
    extractions["ansel-02"] = dataclasses.replace(extractions["ansel-02"], exclusions=(own,))
    run = dataclasses.replace(run, extractions=extractions, exclusions=[*run.exclusions, own])
    views = _views(run, include_text=include_text)
    overview = view_overview(
        views, run.balances, run.exclusions, _coding(run), include_text=include_text
    )
    assert {stage.stage: stage.n for stage in overview.left_out} == {
        "Articles not read": 3,
        "Passages not taken as quotes": 2,
    }
    files = overview.left_out[0].reasons[0]
    assert files == ("not text: the file is binary", 2, ("scan-07.pdf", "scan-08.pdf"))


def test_no_article_gives_an_overview_of_nothing(run: SampleRun) -> None:
    overview = view_overview([], [], [], _coding(run), include_text=True)
    assert (overview.n_quotes, overview.n_tilts, overview.median_tilt) == (0, 0, None)
    assert overview.roles == ()


def test_how_far_missed_quotes_move_shares(run: SampleRun) -> None:
    overview = view_overview(_views(run), run.balances, [], _coding(run), include_text=True)
    measured = [
        balance
        for balance in run.balances
        if any(v.index == "share_critical" and v.as_found is not None for v in balance.values)
    ]
    assert overview.n_moves == len(measured) > 1
    stances = [row.category for row in overview.moves if row.variable == "stance"]
    assert stances == list(run.codebook.variable("stance").names)
    (critical,) = (row for row in overview.moves if row.category == "critical")
    values = [
        v
        for balance in measured
        for v in balance.values
        if (v.index, v.weight) == ("share_critical", "quote")
    ]
    for column in ("as_found", "value", "missed_none", "missed_all"):
        mean = sum(getattr(v, column) for v in values) / len(values)
        assert getattr(critical, column) == pytest.approx(mean)
    for row in overview.moves:
        assert 0 <= row.missed_none <= row.value <= row.missed_all <= 1
    # As many are missed on average, whichever category they are taken to be of.
    widths = {round(row.missed_all - row.missed_none, 9) for row in overview.moves}
    assert len(widths) == 1
    assert sum(row.as_found for row in overview.moves if row.variable == "stance") == (
        pytest.approx(1)
    )


def test_without_measured_errors_nothing_is_said_to_move(run: SampleRun) -> None:
    balances = [
        dataclasses.replace(
            balance,
            values=tuple(
                dataclasses.replace(v, as_found=None, missed_none=None, missed_all=None)
                for v in balance.values
            ),
        )
        for balance in run.balances
    ]
    overview = view_overview(_views(run), balances, [], _coding(run), include_text=True)
    assert (overview.moves, overview.n_moves) == ((), 0)
