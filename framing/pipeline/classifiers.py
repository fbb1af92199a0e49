"""Which classifiers a corpus needs, where they are, and what a report says of them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.codebook import Codebook
from framing.errors import DataError
from framing.pipeline.corpus import Corpus
from framing.report import ModelNote

if TYPE_CHECKING:
    from framing.models.classifier import Classifier

__all__ = ["find_models", "load_classifiers", "model_folders", "model_note", "variables_of"]


def load_classifiers(
    corpus: Corpus, codebook: Codebook, models: Sequence[Path | str] = ()
) -> dict[str, "Classifier"]:
    """The classifiers that a corpus needs, by variable.

    A variable needs none when it has no units, or when all of them are labelled; a model that is
    given for it is used nevertheless.

    Raises:
        DataError: A model is missing or damaged, of another codebook or of none of its
            variables, or two are given for one variable.
    """
    folders = model_folders(models, codebook)
    labelled = {(label.variable, label.unit_id) for label in corpus.labels}
    wanted = [
        variable.name
        for variable in codebook.variables
        if variable.name in folders
        or not all((variable.name, u) in labelled for u in corpus.unit_ids(variable.unit))
    ]
    from framing.models import load_model

    return {
        name: load_model(folders.get(name), variable=name, codebook=codebook) for name in wanted
    }


def model_folders(models: Sequence[Path | str], codebook: Codebook) -> dict[str, Path]:
    """Each model's folder by its variable; a folder of model folders stands for all of them.

    Raises:
        DataError: There is no model, it predicts no variable of the codebook, or two predict one.
    """
    folders: dict[str, Path] = {}
    for folder in find_models(models):
        for name in variables_of(folder):
            codebook.variable(name)
            if name in folders:
                raise DataError(
                    f"models {folders[name]} and {folder} both predict {name}; give one"
                )
            folders[name] = folder
    return folders


def find_models(models: Sequence[Path | str]) -> Iterator[Path]:
    """The folders of models; a folder of model folders stands for all of them.

    "small" stands for the small models that come with framing, whatever lies in the current
    folder: a command has to mean the same everywhere.

    Raises:
        DataError: A folder holds none.
    """
    from framing.models import SMALL, shipped_small

    for given in models:
        folder = shipped_small() if str(given) == SMALL else Path(given)
        inner = sorted(path.parent for path in folder.glob("*/model.json"))
        if (folder / "model.json").is_file():
            yield folder
        elif inner:
            yield from inner
        else:
            raise DataError(
                f"model {folder}: holds no model.json, nor does a folder in it; train one with "
                f"framing train role|stance --data DIR --out {folder} --seed N"
            )


def variables_of(folder: Path) -> tuple[str, ...]:
    """Names of the variables that a stored model predicts.

    Raises:
        DataError: Its model.json is not one of framing's.
    """
    from framing.models.model_folders import model_variables, read_card

    try:
        return model_variables(read_card(folder))
    except (KeyError, TypeError) as error:
        raise DataError(
            f"model {folder}: model.json names no variable ({type(error).__name__}); train it again"
        ) from error


def model_note(classifier: "Classifier") -> ModelNote:
    """What a report says of a classifier, from its card."""
    card = classifier.card
    data, scores = card.get("data", {}), card.get("scores", {})
    rows = []
    for key, name in _SCORES:
        score = scores.get(key, {})
        if score.get("value") is not None:
            rows.append((name, score["value"], score.get("low"), score.get("high")))
    trained_on = ""
    if data:
        trained_on = (
            f"{data['n_units']} labelled units of {data['n_articles']} articles, scored by "
            f"{data.get('scored_by') or _folds(data)}."
        )
    return ModelNote(
        name=classifier.name,
        variable=classifier.variable,
        trained_on=trained_on,
        scores=tuple(rows),
        caveat=" ".join(card.get("caveats", ())),
        command=card.get("command", ""),
    )


_SCORES = (
    ("macro_f1", "macro-F1"),
    ("accuracy", "accuracy"),
    ("ece", "expected calibration error"),
)


def _folds(data: Mapping[str, Any]) -> str:
    return f"cross-validation in {data['n_folds']} folds by article"
