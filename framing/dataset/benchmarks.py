"""How well an extractor does on annotated articles, as counts for each article.

Counts are kept by article, so that sums give pooled scores and draws of articles give intervals
(`framing.metrics.spans.sum_counts`, `bootstrap_counts`).
"""

import collections
import dataclasses
import itertools
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from framing.dataset.gold_quotes import CodedArticle
from framing.dataset.polnear import PolnearArticle, extend_to_polnear
from framing.errors import DataError
from framing.metrics.found_quotes import count_found_quotes, judge_speaker, match_quotes
from framing.metrics.spans import (
    AttributionSpans,
    Counts,
    bootstrap_counts,
    count_linked_attributions,
    count_linked_tokens,
    count_spans,
    sum_counts,
    to_attribution_spans,
)
from framing.quotes import Extractor
from framing.records import Article, Extraction, QuoteKind

__all__ = [
    "KIND_GROUPS",
    "Finding",
    "audit_missed",
    "count_findings",
    "count_missed_cells",
    "find_coded_quotes",
    "measure_dispersion",
    "score_annotators",
    "score_attributions",
    "score_on_polnear",
    "summarise_counts",
]

KIND_GROUPS: Mapping[str, tuple[QuoteKind, ...]] = {
    "all": ("direct", "mixed", "indirect"),
    "direct + mixed": ("direct", "mixed"),
    "direct": ("direct",),
    "mixed": ("mixed",),
    "indirect": ("indirect",),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an extractor found of one coded article.

    Attributes:
        coded: The article with its coded quotes.
        extraction: What the extractor gave.
        pairs: Index of the predicted quote for the index of each coded quote that is found.
        speakers: Verdict on the speaker, for the same coded quotes.
    """

    coded: CodedArticle
    extraction: Extraction
    pairs: Mapping[int, int]
    speakers: Mapping[int, Literal["right", "wrong", "unknown"]]


def score_on_polnear(
    articles: Iterable[PolnearArticle], extractor: Extractor, *, extend: bool = False
) -> dict[str, list[Counts]]:
    """Exact spans and linked attributions, as counts for each article.

    Args:
        articles: Of one part of PolNeAR.
        extractor: What is measured.
        extend: Whether predicted contents are put into the corpus's convention first
            (`extend_to_polnear`).

    Returns:
        For `source`, `cue`, `content_fragments`, `content_whole`, `linked_exact`, `linked_by_cue`
        and `linked_content_tokens`, one `Counts` for each article. No articles give no rows.
    """
    convert = extend_to_polnear if extend else None
    return score_attributions(
        ((each.article, each.attributions) for each in articles), extractor, convert=convert
    )


def score_annotators(copies: Iterable[Sequence[PolnearArticle]]) -> dict[str, list[Counts]]:
    """Two annotators of one article, each pair: the same rows as `score_on_polnear`.

    The one that is first in the alphabet is taken as gold; F1 does not depend on which. A model
    that learned from all of them cannot be expected to agree with one by much more than this.

    Args:
        copies: Of one article each; the counts of its pairs are added up.
    """
    table: dict[str, list[Counts]] = collections.defaultdict(list)
    for of_article in copies:
        rows: dict[str, list[Counts]] = collections.defaultdict(list)
        for one, other in itertools.combinations(of_article, 2):
            found = _count_attributions(one.article.text, one.attributions, other.attributions)
            for row, counts in found.items():
                rows[row].append(counts)
        for row, of_pairs in rows.items():
            table[row].append(sum_counts(of_pairs))
    return dict(table)


def score_attributions(
    articles: Iterable[tuple[Article, Sequence[AttributionSpans]]],
    extractor: Extractor,
    *,
    convert: Callable[[str, AttributionSpans], AttributionSpans] | None = None,
) -> dict[str, list[Counts]]:
    """The same for any annotated articles.

    Args:
        articles: Each with its attributions.
        extractor: What is measured.
        convert: From the article's text and a predicted attribution to the convention of the
            annotation.
    """
    table: dict[str, list[Counts]] = collections.defaultdict(list)
    for article, gold in articles:
        predicted = [to_attribution_spans(quote) for quote in extractor.extract(article).quotes]
        if convert is not None:
            predicted = [convert(article.text, spans) for spans in predicted]
        for row, counts in _count_attributions(article.text, gold, predicted).items():
            table[row].append(counts)
    return dict(table)


def _count_attributions(
    text: str, gold: Sequence[AttributionSpans], predicted: Sequence[AttributionSpans]
) -> dict[str, Counts]:
    links, tokens = count_linked_tokens(text, gold, predicted)
    return {
        **count_spans(text, gold, predicted),
        "linked_exact": count_linked_attributions(text, gold, predicted),
        "linked_by_cue": links,
        "linked_content_tokens": tokens,
    }


def find_coded_quotes(
    articles: Iterable[CodedArticle], extractor: Extractor
) -> tuple[Finding, ...]:
    """Extract the quotes of coded articles and pair them with the coded ones."""
    findings = []
    for coded in articles:
        extraction = extractor.extract(coded.article)
        speakers = {speaker.id: speaker for speaker in extraction.speakers}
        pairs = match_quotes(
            coded.article.text,
            [quote.content for quote in coded.quotes],
            [quote.content for quote in extraction.quotes],
        )
        verdicts = {
            i: judge_speaker(extraction.quotes[j], speakers, coded.quotes[i].accepted)
            for i, j in pairs
        }
        findings.append(
            Finding(coded=coded, extraction=extraction, pairs=dict(pairs), speakers=verdicts)
        )
    return tuple(findings)


def count_findings(findings: Sequence[Finding]) -> dict[str, list[Counts]]:
    """Found quotes and what is right about them, as counts for each article.

    Returns:
        Found quotes for each of `KIND_GROUPS`; then, of the found quotes, `speaker_right`,
        `speaker_unknown` and `kind_right`, whose precision is the share.
    """
    table: dict[str, list[Counts]] = collections.defaultdict(list)
    for each in findings:
        gold, predicted = each.coded.quotes, each.extraction.quotes
        for name, kinds in KIND_GROUPS.items():
            counts = count_found_quotes(
                [q.kind for q in gold], [q.kind for q in predicted], each.pairs.items(), kinds
            )
            table[name].append(counts)
        verdicts = list(each.speakers.values())
        shares = {
            "speaker_right": verdicts.count("right"),
            "speaker_unknown": verdicts.count("unknown"),
            "kind_right": sum(gold[i].kind == predicted[j].kind for i, j in each.pairs.items()),
        }
        n = len(each.pairs)
        for name, part in shares.items():
            table[name].append(Counts(predicted=n, correct=part, gold=n, recalled=part))
    return dict(table)


def summarise_counts(
    table: Mapping[str, Sequence[Counts]], *, level: float, n_resamples: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Pooled precision, recall and F1 with intervals, ready for JSON.

    Args:
        table: Of each row, the counts of each article.
        level: Of the intervals, percentiles from articles drawn with replacement.
        n_resamples: Number of draws.
        seed: Of the draws, the same for every number, so that rows share their draws.

    Returns:
        For each row `predicted`, `correct`, `gold`, `recalled`, and `precision`, `recall`, `f1`
        as [value, low, high], None where undefined.

    Raises:
        DataError: A row has fewer than two articles.
    """
    summary: dict[str, dict[str, Any]] = {}
    for row, by_article in table.items():
        summary[row] = dataclasses.asdict(sum_counts(by_article))
        for measure in ("precision", "recall", "f1"):
            interval = bootstrap_counts(
                operator.attrgetter(measure),
                by_article,
                level=level,
                n_resamples=n_resamples,
                rng=np.random.default_rng(seed),
            )
            summary[row][measure] = [None if np.isnan(x) else round(x, 4) for x in interval[:3]]
    return summary


def audit_missed(findings: Sequence[Finding]) -> dict[str, dict[str, dict[str, int]]]:
    """Coded and missed quotes for each kind, stance and role: is what is missed a fair sample?

    Returns:
        Variable → category → `{"coded": n, "missed": n}`; categories that occur, sorted, with
        "not coded" for the stance of quotes whose article has no target.
    """
    counts: collections.Counter[tuple[str, str, str]] = collections.Counter()
    for each in findings:
        for i, quote in enumerate(each.coded.quotes):
            for variable in ("kind", "stance", "role"):
                category = getattr(quote, variable) or "not coded"
                counts[variable, category, "coded"] += 1
                counts[variable, category, "missed"] += i not in each.pairs
    audit: dict[str, dict[str, dict[str, int]]] = {}
    for (variable, category, which), n in sorted(counts.items()):
        audit.setdefault(variable, {}).setdefault(category, {})[which] = n
    return audit


def count_missed_cells(
    findings: Sequence[Finding],
) -> dict[tuple[QuoteKind, str, str], tuple[int, int]]:
    """Coded and missed quotes of each kind, stance and role together.

    Returns:
        (kind, stance, role) → (coded, missed), for those that occur, sorted.
    """
    coded: collections.Counter[tuple[QuoteKind, str, str]] = collections.Counter()
    missed: collections.Counter[tuple[QuoteKind, str, str]] = collections.Counter()
    for each in findings:
        for i, quote in enumerate(each.coded.quotes):
            cell = (quote.kind, quote.stance, quote.role)
            coded[cell] += 1
            missed[cell] += i not in each.pairs
    return {cell: (n, missed[cell]) for cell, n in sorted(coded.items())}


def measure_dispersion(findings: Sequence[Finding]) -> tuple[float, float]:
    """How unevenly missed quotes are spread over articles, given the quotes' kinds.

    With x_j the missed quotes of article j, E_j the sum of its quotes' miss rates q by kind, and
    V_j the sum of q (1 - q), the variance of x_j if quotes were missed independently:

    - dispersion = sum((x_j - E_j)^2 / V_j) / (articles - kinds): Pearson's statistic over its
      degrees of freedom (McCullagh & Nelder 1989, 4.5), at least 1;
    - variance = (sum((x_j - E_j)^2) - sum(V_j)) / sum(V_j^2), at least 0: the moment estimate of
      the variance between articles of the log odds of being missed, since a small shift d of the
      log odds moves E_j by d V_j (Williams 1982).

    Articles in which nothing could have been missed (V_j = 0) are left out.

    References:
        Williams 1982, doi:10.2307/2347977

    Returns:
        Dispersion and variance; 1 and 0 where every quote was found, or every one missed.

    Raises:
        DataError: Quotes were missed, but there are too few articles to tell how evenly.
    """
    coded = collections.Counter(q.kind for each in findings for q in each.coded.quotes)
    found = collections.Counter(each.coded.quotes[i].kind for each in findings for i in each.pairs)
    rates = {kind: 1 - found[kind] / n for kind, n in coded.items()}
    rows = []
    for each in findings:
        q = np.array([rates[quote.kind] for quote in each.coded.quotes])
        if (variance := float((q * (1 - q)).sum())) > 0:
            rows.append((len(q) - len(each.pairs) - float(q.sum()), variance))
    if not rows:
        return 1.0, 0.0
    freedom = len(rows) - len(coded)
    if freedom < 1:
        raise DataError(
            f"dispersion of missed quotes: {len(rows)} articles for {len(coded)} kinds of quotes; "
            f"it takes at least {len(coded) + 1}: measure on more articles"
        )
    differences, v = np.array(rows).T
    dispersion = float((differences**2 / v).sum()) / freedom
    between = float((differences**2).sum() - v.sum()) / float((v**2).sum())
    return max(dispersion, 1.0), max(between, 0.0)
