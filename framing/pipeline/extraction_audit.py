"""An extractor's errors on coded articles, in the form that balance corrects with."""

from collections.abc import Sequence
from typing import get_args

from framing.balance import ExtractionError, KindError, RecallCell
from framing.dataset.benchmarks import (
    Finding,
    count_findings,
    count_missed_cells,
    measure_dispersion,
)
from framing.errors import DataError
from framing.metrics.spans import sum_counts
from framing.records import QuoteKind

__all__ = ["extraction_error_from_findings"]


def extraction_error_from_findings(
    findings: Sequence[Finding],
    *,
    extractor: str,
    version: str,
    measured_on: str,
    codebook: str,
) -> ExtractionError:
    """Count what an extractor missed and made up.

    A quote is found when a predicted one shares enough of its words, whatever kind it is said to
    be (`framing.metrics.found_quotes.match_quotes`). Precision is over the kinds predicted, recall
    over the kinds, stances and roles coded.

    Args:
        findings: Of articles that the extractor was not made or tuned on
            (`framing.dataset.benchmarks.find_coded_quotes`).
        extractor: Its name.
        version: Of the extractor.
        measured_on: Which articles, in words for a report.
        codebook: Digest of the codebook of the coded categories.

    Raises:
        DataError: No article, or too few quotes of a kind for a rate.
    """
    if not findings:
        raise DataError(
            f"extraction error of {extractor!r}: no coded article; give the articles that its "
            "errors are counted on"
        )
    table = count_findings(findings)
    totals = {kind: sum_counts(table[kind]) for kind in get_args(QuoteKind)}
    dispersion, variance = measure_dispersion(findings)
    return ExtractionError(
        extractor=extractor,
        version=version,
        measured_on=measured_on,
        n_articles=len(findings),
        codebook=codebook,
        kinds=tuple(
            KindError(
                kind=kind, found=n.predicted, correct=n.correct, gold=n.gold, recalled=n.recalled
            )
            for kind, n in totals.items()
        ),
        cells=tuple(
            RecallCell(kind=kind, stance=stance, role=role, gold=coded, recalled=coded - missed)
            for (kind, stance, role), (coded, missed) in count_missed_cells(findings).items()
        ),
        dispersion=round(dispersion, 4),
        article_variance=round(variance, 4),
    )
