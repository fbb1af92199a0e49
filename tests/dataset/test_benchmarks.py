"""An extractor measured on coded articles; the reference scorer must agree."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from framing.dataset import (
    CodedArticle,
    CodedQuote,
    Finding,
    PolnearArticle,
    audit_missed,
    count_findings,
    count_missed_cells,
    find_coded_quotes,
    measure_dispersion,
    read_gold_quotes,
    score_on_polnear,
    summarise_counts,
)
from framing.errors import DataError
from framing.jsonl import write_jsonl
from framing.metrics.spans import AttributionSpans, Counts, sum_counts
from framing.quotes import RulesExtractor
from framing.records import Article, Extraction, Quote, QuoteKind, Span, Speaker
from tests.dataset.corpora import corpora

TEXT = "Ada Lovell said that rain is near. Boats must stay, she added. Nobody answered."
RAIN, BOATS, NOBODY = Span(21, 33), Span(35, 50), Span(63, 78)
ARTICLE = Article(id="a", text=TEXT)


class Fixed:
    """Finds the first coded quote, misses the second, and makes one up."""

    name = "fixed"
    version = "1"

    def extract(self, article: Article) -> Extraction:
        quotes = (
            Quote(
                id="q1",
                article_id="a",
                kind="indirect",
                content=(RAIN,),
                cue=Span(11, 15),
                source=Span(0, 10),
                speaker_id="s1",
            ),
            Quote(id="q2", article_id="a", kind="direct", content=(NOBODY,), reason="no source"),
        )
        speaker = Speaker(id="s1", article_id="a", name="Ada Lovell")
        return Extraction(article_id=article.id, quotes=quotes, speakers=(speaker,))


def coded(kind: QuoteKind, content: Span, stance: str) -> CodedQuote:
    return CodedQuote(
        kind=kind,
        content=(content,),
        cue="said",
        speaker="Ada Lovell",
        accepted=("Lovell",),
        role="expert",
        stance=stance,
    )


CODED = CodedArticle(
    article=ARTICLE,
    quotes=(coded("mixed", RAIN, "neutral"), coded("indirect", BOATS, "critical")),
)


def test_findings_are_counted() -> None:
    findings = find_coded_quotes([CODED], Fixed())
    assert findings[0].pairs == {0: 0}
    assert findings[0].speakers == {0: "right"}
    table = count_findings(findings)
    assert table["all"] == [Counts(predicted=2, correct=1, gold=2, recalled=1)]
    # The found quote is coded mixed and predicted indirect; the other predicted one is direct.
    assert table["direct + mixed"] == [Counts(predicted=1, correct=0, gold=1, recalled=1)]
    assert table["indirect"] == [Counts(predicted=1, correct=1, gold=1, recalled=0)]
    assert table["speaker_right"][0].precision == 1
    assert table["speaker_unknown"][0].precision == 0
    assert table["kind_right"][0].precision == 0


def test_missed_quotes_by_category() -> None:
    assert audit_missed(find_coded_quotes([CODED], Fixed())) == {
        "kind": {"indirect": {"coded": 1, "missed": 1}, "mixed": {"coded": 1, "missed": 0}},
        "role": {"expert": {"coded": 2, "missed": 1}},
        "stance": {"critical": {"coded": 1, "missed": 1}, "neutral": {"coded": 1, "missed": 0}},
    }


def test_missed_quotes_of_an_article_without_a_target() -> None:
    article = dataclasses.replace(CODED, quotes=(coded("mixed", RAIN, ""),))
    audit = audit_missed(find_coded_quotes([article], Fixed()))
    assert audit["stance"] == {"not coded": {"coded": 1, "missed": 0}}


def test_missed_quotes_by_kind_stance_and_role_together() -> None:
    assert count_missed_cells(find_coded_quotes([CODED, CODED], Fixed())) == {
        ("indirect", "critical", "expert"): (2, 2),
        ("mixed", "neutral", "expert"): (2, 0),
    }


def findings(missed: Sequence[int], n_quotes: int) -> list[Finding]:
    """Articles with so many indirect quotes, of which so many are missed."""
    quotes = (coded("indirect", RAIN, "neutral"),) * n_quotes
    return [
        Finding(
            coded=CodedArticle(article=ARTICLE, quotes=quotes),
            extraction=Extraction(article_id="a", quotes=(), speakers=()),
            pairs={i: i for i in range(n, n_quotes)},
            speakers={},
        )
        for n in missed
    ]


def test_dispersion_of_missed_quotes_by_hand() -> None:
    # 4 articles of 10 quotes with 0, 0, 6, 6 missed: q = 0.3, E = 3, V = 2.1, (x - E)^2 = 9.
    # Dispersion 4 * (9 / 2.1) / (4 - 1); variance (4 * 9 - 4 * 2.1) / (4 * 2.1^2).
    dispersion, variance = measure_dispersion(findings([0, 0, 6, 6], 10))
    assert dispersion == pytest.approx(12 / 2.1)
    assert variance == pytest.approx((9 - 2.1) / 2.1**2)
    # Spread more evenly than by chance: no dispersion below that of chance.
    assert measure_dispersion(findings([3, 3, 3, 3], 10)) == (1, 0)
    # Every quote found, or every one missed: nothing varies.
    assert measure_dispersion(findings([0, 0], 10)) == (1, 0)
    assert measure_dispersion(findings([10, 10], 10)) == (1, 0)


def test_one_article_tells_nothing_of_dispersion() -> None:
    with pytest.raises(
        DataError, match="1 articles for 1 kinds of quotes; it takes at least 2: measure on more"
    ):
        measure_dispersion(findings([3], 10))


def test_polnear_scores_with_and_without_its_convention() -> None:
    gold = AttributionSpans(source=(Span(0, 10),), cue=(Span(11, 15),), content=(Span(16, 33),))
    article = PolnearArticle(article=ARTICLE, annotator="x", n_annotators=1, attributions=(gold,))
    raw = score_on_polnear([article], Fixed())
    that = score_on_polnear([article], Fixed(), extend=True)
    missed = Counts(predicted=2, correct=0, gold=1, recalled=0)
    hit = Counts(predicted=2, correct=1, gold=1, recalled=1)
    assert raw["source"] == [Counts(predicted=1, correct=1, gold=1, recalled=1)]
    assert (raw["content_whole"], that["content_whole"]) == ([missed], [hit])
    assert (raw["linked_exact"], that["linked_exact"]) == ([missed], [hit])
    assert raw["linked_by_cue"] == [hit]
    # Words "rain is near" of "that rain is near".
    assert raw["linked_content_tokens"] == [Counts(predicted=3, correct=3, gold=4, recalled=3)]


def test_summary_says_what_is_undefined() -> None:
    rows = {
        "empty": [Counts()] * 2,
        "half": [Counts(predicted=2, correct=1, gold=2, recalled=1)] * 2,
    }
    summary = summarise_counts(rows, level=0.9, n_resamples=20, seed=1)
    assert summary["empty"]["f1"] == [None, None, None]
    assert summary["half"]["f1"] == [0.5, 0.5, 0.5]
    assert summary["half"]["gold"] == 4


@pytest.mark.corpora
def test_the_reference_scorer_agrees(tmp_path: Path) -> None:
    folder = corpora("gold-dev")
    findings = find_coded_quotes(read_gold_quotes(folder / "gold.jsonl"), RulesExtractor())
    write_jsonl(tmp_path / "articles.jsonl", [each.coded.article for each in findings])
    extractions = [each.extraction for each in findings]
    write_jsonl(tmp_path / "quotes.jsonl", [q for each in extractions for q in each.quotes])
    write_jsonl(tmp_path / "speakers.jsonl", [s for each in extractions for s in each.speakers])
    command = [sys.executable, str(folder / "score.py"), str(folder / "gold.jsonl"), str(tmp_path)]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    ours = {name: sum_counts(rows) for name, rows in count_findings(findings).items()}
    assert theirs["found"] == {
        "p": round(ours["all"].precision, 3),
        "r": round(ours["all"].recall, 3),
        "f1": round(ours["all"].f1, 3),
    }
    assert (theirs["gold"], theirs["predicted"]) == (ours["all"].gold, ours["all"].predicted)
    assert theirs["f1_direct_mixed"] == round(ours["direct + mixed"].f1, 3)
    assert theirs["f1_indirect"] == round(ours["indirect"].f1, 3)
    assert theirs["recall_direct_mixed"] == round(ours["direct + mixed"].recall, 3)
    assert theirs["recall_indirect"] == round(ours["indirect"].recall, 3)
    assert theirs["speaker_right"] == round(ours["speaker_right"].precision, 3)
    assert theirs["speaker_unknown"] == round(ours["speaker_unknown"].precision, 3)
