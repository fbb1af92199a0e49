"""What has to be said of a model by what it was trained on."""

from framing.models.labelled_units import TrainingData

__all__ = ["data_caveats"]

_FEW_UNITS = 500
_FEW = 10  # units of a category, below which little can be learned of it


def data_caveats(coded: TrainingData, name: str) -> list[str]:
    """Sentences on too few units, on rare categories, and on invented articles.

    Args:
        coded: Trained on.
        name: Of the variable.
    """
    learned, names = coded.train[name], coded.variables[name].names
    sentences = []
    if len(learned.units) < _FEW_UNITS:
        sentences.append(
            f"{len(learned.units)} labelled units are few: below {_FEW_UNITS}, another seed or "
            "other articles can give quite different scores; label more before you rely on it."
        )
    counts = dict(zip(names, learned.targets.sum(axis=0).tolist(), strict=True))
    if rare := [f"{category} ({n:g})" for category, n in counts.items() if n < _FEW]:
        sentences.append(
            f"Categories with fewer than {_FEW} units to learn from: {', '.join(rare)}; do not "
            "rely on what it says of them."
        )
    if coded.n_invented:
        sentences.append(
            f"{coded.n_invented} of the {coded.n_articles} articles were written for this project "
            "about invented events; scores on real news are likely to be lower."
        )
    return sentences
