"""Baselines that read words and no encoder: what a classifier has to beat."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.models.regression import fit
from framing.models.units import Unit

__all__ = ["baseline_probabilities", "majority_probabilities", "tfidf_probabilities"]


def baseline_probabilities(
    train: Sequence[Unit],
    values: Sequence[str],
    folds: Sequence[int],
    test: Sequence[Unit],
    left_out: Sequence[int],
    *,
    categories: Sequence[str],
    seed: int,
) -> dict[str, NDArray[np.float64]]:
    """What each baseline says of test units that may be of the training articles.

    Args:
        train: Training units.
        values: Their categories.
        folds: Their folds.
        test: Units to predict.
        left_out: For each of them, the fold whose training units must not be learned from; -1
            for none.
        categories: The order of the columns.
        seed: Of the inner cross-validation.

    Returns:
        For "majority" and "TF-IDF", shape [number of test units, number of categories].
    """
    majority, tfidf = np.zeros((2, len(test), len(categories)))
    for k in sorted(set(left_out)):
        rows = [i for i, fold in enumerate(left_out) if fold == k]
        units = [unit for unit, fold in zip(train, folds, strict=True) if fold != k]
        answers = [value for value, fold in zip(values, folds, strict=True) if fold != k]
        asked, rng = [test[i] for i in rows], np.random.default_rng(seed)
        majority[rows] = majority_probabilities(answers, len(rows), categories=categories)
        tfidf[rows] = tfidf_probabilities(units, answers, asked, categories=categories, rng=rng)
    return {"majority": majority, "TF-IDF": tfidf}


def tfidf_probabilities(
    train: Sequence[Unit],
    values: Sequence[str],
    test: Sequence[Unit],
    *,
    categories: Sequence[str],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """TF-IDF of one- and two-word terms and the same regression as the frozen classifier.

    The terms of the speaker, the quote, its sentences and the target are counted together;
    vocabulary and weights come from the training units, strength and temperature from
    cross-validation by article inside them.

    Args:
        train: Training units of at least two articles.
        values: Their categories.
        test: Units to predict.
        categories: The order of the columns.
        rng: Shuffles the inner folds.

    Returns:
        Shape [number of test units, number of categories]; rows sum to 1.

    Raises:
        DataError: See `framing.models.regression.fit`.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not test:
        return np.zeros((0, len(categories)))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    table = vectorizer.fit_transform([_words(unit) for unit in train]).toarray()
    groups: list[Hashable] = [unit.article_sha256 for unit in train]
    gold = np.array([list(categories).index(value) for value in values], dtype=np.int64)
    fitted = fit({"tfidf": table}, gold, groups, n_categories=len(categories), rng=rng)
    rows = vectorizer.transform([_words(unit) for unit in test]).toarray()
    return np.array([fitted.probabilities(row) for row in rows])


def majority_probabilities(
    values: Sequence[str], n: int, *, categories: Sequence[str]
) -> NDArray[np.float64]:
    """The shares of the categories in training, for each of `n` units.

    Half a unit is added to each category, so that one that training lacks is not impossible.

    Returns:
        Shape [n, number of categories]; rows sum to 1.
    """
    counts = np.array([list(values).count(category) + 0.5 for category in categories])
    return np.tile(counts / counts.sum(), (n, 1))


def _words(unit: Unit) -> str:
    return " ".join((unit.speaker, unit.description, unit.quote, unit.context, unit.target))
