"""Balance of every article of a corpus."""

import dataclasses
from collections import defaultdict

from framing.balance import (
    ExtractionError,
    article_rng,
    describe_extraction_error,
    load_extraction_error,
    measure_balance,
)
from framing.codebook import Codebook
from framing.errors import count
from framing.pipeline.corpus import Corpus
from framing.pipeline.steps import Progress
from framing.pipeline.stored_predictions import Predicted
from framing.quotes import place_quotes
from framing.records import (
    Article,
    ArticleBalance,
    Exclusion,
    Label,
    Prediction,
)

__all__ = ["Measured", "extraction_error_of", "measure_corpus"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Balance of a corpus.

    Attributes:
        balances: In the order of the articles.
        exclusions: Articles that could not be measured, with the reason.
        note: What the intervals say of missed and spurious quotes, in a sentence or two.
    """

    balances: tuple[ArticleBalance, ...]
    exclusions: tuple[Exclusion, ...]
    note: str


def measure_corpus(
    corpus: Corpus,
    predicted: Predicted,
    *,
    codebook: Codebook,
    seed: int,
    level: float = 0.9,
    progress: Progress | None = None,
) -> Measured:
    """Measure every article; an article's numbers do not depend on the others.

    Articles that could not be predicted are excluded, unless all their units are labelled.

    Args:
        corpus: Articles with quotes, speakers and labels.
        predicted: Predictions of its units.
        codebook: That they were made under.
        seed: Of the simulated codings, with the article's id.
        level: Of the intervals, in (0, 1).
        progress: Called with articles done and articles in all.

    Raises:
        DataError: See `measure_balance`.
    """
    error, note, corrected = extraction_error_of(corpus, codebook)
    note += _not_measured(predicted)
    article_of = {
        unit_id: article.id
        for article in corpus.articles
        for unit_id in (
            *(quote.id for quote in corpus.extractions[article.id].quotes),
            *(speaker.id for speaker in corpus.extractions[article.id].speakers),
        )
    }
    labels: dict[str, list[Label]] = defaultdict(list)
    for label in corpus.labels:
        labels[article_of[label.unit_id]].append(label)
    predictions: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predicted.predictions:
        predictions[article_of[prediction.unit_id]].append(prediction)
    reasons = {exclusion.article_id: exclusion.reason for exclusion in predicted.exclusions}
    balances: list[ArticleBalance] = []
    exclusions: list[Exclusion] = []
    for number, article in enumerate(corpus.articles, start=1):
        extraction = corpus.extractions[article.id]
        given = predictions[article.id], labels[article.id]
        if article.id in reasons and not _all_labelled(corpus, article, codebook, labels):
            exclusions.append(
                Exclusion(
                    item=article.id,
                    reason=reasons[article.id],
                    stage="balance",
                    article_id=article.id,
                )
            )
            continue
        balances.append(
            measure_balance(
                article_id=article.id,
                target=article.stance_target,
                target_is_title=not article.target and bool(article.title),
                quotes=extraction.quotes,
                speakers=extraction.speakers,
                placements=place_quotes(article, extraction.quotes),
                predictions=given[0],
                labels=given[1],
                codebook=codebook,
                extraction_error=None if article.id in corrected else error,
                level=level,
                rng=article_rng(seed=seed, article_id=article.id),
            )
        )
        if progress is not None:
            progress("measuring", number, len(corpus.articles))
    return Measured(balances=tuple(balances), exclusions=tuple(exclusions), note=note)


def extraction_error_of(
    corpus: Corpus, codebook: Codebook
) -> tuple[ExtractionError | None, str, frozenset[str]]:
    """The measured errors that hold for a corpus' quotes, the words for a report, and exceptions.

    Errors were measured on the quotes of one extractor. They say nothing of articles whose quotes
    somebody has corrected: these are taken as read to the end.

    Args:
        corpus: Articles with quotes.
        codebook: That balance is measured under.

    Returns:
        The errors, or None; a sentence or two; the ids of the articles that they do not hold for.
    """
    if not corpus.extractor:
        return None, (
            "Quotes are taken as found, since no record says what found them; intervals cover the "
            "classifier's uncertainty only."
        ), frozenset()  # fmt: skip
    error = load_extraction_error(corpus.extractor)
    note = describe_extraction_error(error, codebook)
    corrected = frozenset() if error is None else corpus.corrected_articles
    if corrected:
        note += (
            f" The quotes of {len(corrected)} of {count(len(corpus.articles), 'article')} were "
            "corrected by hand; these are taken as read to the end, with nothing missed."
        )
    return error, note, corrected


def _not_measured(predicted: Predicted) -> str:
    """Which models' intervals take quotes as independent, as a sentence for a report."""
    models = sorted({one.model for one in predicted.predictions if one.article_sd is None})
    if not models:
        return ""
    return (
        f" How far an article deviates as a whole from what {' and '.join(models)} "
        f"{'says' if len(models) == 1 else 'say'} of it was not measured; the intervals take its "
        "units as independent, and are too narrow."
    )


def _all_labelled(
    corpus: Corpus, article: Article, codebook: Codebook, labels: dict[str, list[Label]]
) -> bool:
    given = {(label.variable, label.unit_id) for label in labels[article.id]}
    extraction = corpus.extractions[article.id]
    return all(
        (variable.name, unit.id) in given
        for variable in codebook.variables
        if variable.positive
        for unit in (extraction.quotes if variable.unit == "quote" else extraction.speakers)
    )
