"""Baselines that read words and no encoder: what a classifier has to beat."""

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.models.classifier import check_units, predictions_from_probabilities
from framing.models.regression import fit
from framing.models.units import Unit
from framing.records import Basis, Prediction

__all__ = [
    "BASELINES",
    "BaselineClassifier",
    "baseline_probabilities",
    "majority_probabilities",
    "tfidf_probabilities",
]

# By the names of the command line.
BASELINES = {"majority": "majority", "tfidf": "TF-IDF"}
_MAX_TERMS = 8192  # the most frequent ones, so that a table of thousands of units fits in memory


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BaselineClassifier:
    """A `framing.models.classifier.Classifier` that learns when it is asked.

    Attributes:
        name: "majority" or "tfidf".
        variable: Name of the codebook's variable.
        categories: In the codebook's order.
        codebook: Digest of the codebook.
        train: Units to learn from.
        values: Their categories.
        fold_of: Digest of each training article's text, to the fold that is not learned from when
            its units are predicted.
        seed: Of the inner cross-validation.
    """

    name: str
    variable: str
    categories: tuple[str, ...]
    codebook: str
    train: tuple[Unit, ...] = dataclasses.field(repr=False)
    values: tuple[str, ...] = dataclasses.field(repr=False)
    fold_of: Mapping[str, int] = dataclasses.field(repr=False)
    seed: int

    @property
    def card(self) -> Mapping[str, Any]:
        """What a report says of it."""
        n_articles = len({unit.article_id for unit in self.train})
        return {"data": {"n_units": len(self.train), "n_articles": n_articles, "n_folds": 0}}

    def predict(self, units: Sequence[Unit]) -> list[Prediction]:
        """See `Classifier.predict`."""
        check_units(units, variable=self.variable, model=self.name)
        left_out = [self.fold_of.get(unit.article_sha256, -1) for unit in units]
        bases: list[Basis] = ["new" if fold < 0 else "out_of_fold" for fold in left_out]
        tables = baseline_probabilities(
            self.train,
            self.values,
            [self.fold_of[unit.article_sha256] for unit in self.train],
            units,
            left_out,
            categories=self.categories,
            seed=self.seed,
            names=(BASELINES[self.name],),
        )
        return predictions_from_probabilities(
            units,
            tables[BASELINES[self.name]],
            variable=self.variable,
            model=self.name,
            codebook=self.codebook,
            categories=self.categories,
            bases=bases,
        )


def baseline_probabilities(
    train: Sequence[Unit],
    values: Sequence[str],
    folds: Sequence[int],
    test: Sequence[Unit],
    left_out: Sequence[int],
    *,
    categories: Sequence[str],
    seed: int,
    names: Sequence[str] = ("majority", "TF-IDF"),
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
        names: Which baselines.

    Returns:
        For "majority" and "TF-IDF", shape [number of test units, number of categories].
    """
    tables = {name: np.zeros((len(test), len(categories))) for name in names}
    for k in sorted(set(left_out)):
        rows = [i for i, fold in enumerate(left_out) if fold == k]
        units = [unit for unit, fold in zip(train, folds, strict=True) if fold != k]
        answers = [value for value, fold in zip(values, folds, strict=True) if fold != k]
        asked, rng = [test[i] for i in rows], np.random.default_rng(seed)
        if "majority" in tables:
            tables["majority"][rows] = majority_probabilities(
                answers, len(rows), categories=categories
            )
        if "TF-IDF" in tables:
            tables["TF-IDF"][rows] = tfidf_probabilities(
                units, answers, asked, categories=categories, rng=rng
            )
    return tables


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
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not test:
        return np.zeros((0, len(categories)))
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=2, max_features=_MAX_TERMS
    )
    table = csr_array(vectorizer.fit_transform([_words(unit) for unit in train]))
    groups: list[Hashable] = [unit.article_sha256 for unit in train]
    gold = np.array([list(categories).index(value) for value in values], dtype=np.int64)
    fitted = fit({"tfidf": table}, gold, groups, n_categories=len(categories), rng=rng)
    rows = csr_array(vectorizer.transform([_words(unit) for unit in test]))
    return np.array([fitted.probabilities(rows[[i]].toarray()[0]) for i in range(len(test))])


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
