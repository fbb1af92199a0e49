"""Frozen embeddings and logistic regression: a small classifier that a paper can print.

Beside the final model, a stored one keeps the model of each cross-validation fold: a unit of a
training article, recognised by the digest of its text, is predicted by the fold that never saw
that article, so that nothing is ever predicted by a model that was trained on it.
"""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.errors import DataError
from framing.models.classifier import check_units, predictions_from_probabilities
from framing.models.encoders import Encoder
from framing.models.inputs import FORMS, embed_parts, features, input_form
from framing.models.model_folders import CARD_FILE, FROZEN, check_encoder, read_card, save_card
from framing.models.regression import Fitted, fit, grouped_folds
from framing.models.units import Unit
from framing.records import Basis, Prediction

__all__ = ["FrozenClassifier", "load_frozen", "save_frozen", "train_frozen"]

_WEIGHTS_FILE, _CARD_FILE = "model.safetensors", CARD_FILE
_N_FOLDS = 8


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FrozenClassifier:
    """A `framing.models.classifier.Classifier` of embedded texts.

    Attributes:
        name: Kept with every prediction; ends in digits of the coefficients' digest.
        variable: Name of the codebook's variable.
        categories: In the codebook's order.
        codebook: Digest of the codebook.
        encoder: Embeds the units' texts.
        final: Fitted on all training units.
        folds: Fitted without one fold each; none where a part of the data was kept apart to
            score by, and predictions of training articles are then marked "training".
        fold_of: Digest of each training article's text, to the fold it was left out of.
        card: The contents of model.json beside these, and the encoder in use.
    """

    name: str
    variable: str
    categories: tuple[str, ...]
    codebook: str
    encoder: Encoder = dataclasses.field(repr=False)
    final: Fitted = dataclasses.field(repr=False)
    folds: tuple[Fitted, ...] = dataclasses.field(repr=False)
    fold_of: Mapping[str, int] = dataclasses.field(repr=False)
    card: Mapping[str, Any] = dataclasses.field(repr=False)

    def predict(self, units: Sequence[Unit]) -> list[Prediction]:
        """See `Classifier.predict`."""
        check_units(units, variable=self.variable, model=self.name)
        known: Basis = "out_of_fold" if self.folds else "training"
        bases: list[Basis] = [
            known if unit.article_sha256 in self.fold_of else "new" for unit in units
        ]
        fitted = [
            self.folds[self.fold_of[unit.article_sha256]] if basis == "out_of_fold" else self.final
            for unit, basis in zip(units, bases, strict=True)
        ]
        probabilities = np.zeros((len(units), len(self.categories)))
        for name in dict.fromkeys(one.form for one in fitted):
            rows = [i for i, one in enumerate(fitted) if one.form == name]
            form = input_form(name)
            vectors = embed_parts([units[i] for i in rows], form.embedded, self.encoder.embed)
            for i, row in zip(rows, features(form, vectors), strict=True):
                probabilities[i] = fitted[i].probabilities(row)
        return predictions_from_probabilities(
            units,
            probabilities,
            variable=self.variable,
            model=self.name,
            codebook=self.codebook,
            categories=self.categories,
            bases=bases,
            article_sd=self.card.get("article_sd"),
        )


def train_frozen(
    units: Sequence[Unit],
    values: Sequence[str],
    *,
    variable: str,
    unit_kind: str,
    categories: Sequence[str],
    codebook: str,
    encoder: Encoder,
    events: Mapping[str, str] | None = None,
    background: tuple[Sequence[Unit], Sequence[str]] = ((), ()),
    with_folds: bool = True,
    seed: int,
) -> FrozenClassifier:
    """Train on labelled units; the folds' predictions are honest estimates for new articles.

    Args:
        units: Training units.
        values: The category of each.
        variable: Name of the variable.
        unit_kind: "quote" or "speaker"; decides which input forms are tried.
        categories: In the codebook's order; each has at least one unit.
        codebook: Digest of the codebook.
        encoder: Embeds the texts.
        events: Article id to event; articles of one event are kept in one fold. Each article is
            its own event when absent.
        background: Units of no article with their categories, see `codebook_units`: learned
            from in every fold, tested on in none.
        with_folds: Whether to fit without each fold too, which takes nine times as long.
        seed: Of the folds.

    Raises:
        DataError: There are no units, a value is not a category, a category has no unit, or all
            units are of one event.
    """
    who = f"training of {variable}"
    if not units or len(units) != len(values):
        raise DataError(f"{who}: {len(units)} units and {len(values)} values; give one for each")
    check_units(units, variable=variable, model="in training")
    for value in values:
        if value not in categories:
            raise DataError(f"{who}: value {value!r}; accepted: {', '.join(categories)}")
    for category in categories:
        if category not in values:
            raise DataError(
                f"{who}: no unit has the category {category!r}, so nothing can be learned of it; "
                "label some, or train under a codebook without it"
            )
    every = [*units, *background[0]]
    gold = np.array(
        [list(categories).index(value) for value in [*values, *background[1]]], dtype=np.int64
    )
    forms = [form for form in FORMS if form.unit == unit_kind]
    parts = list(dict.fromkeys(part for form in forms for part in form.embedded))
    vectors = embed_parts(every, parts, encoder.embed)
    tables = {form.name: features(form, vectors) for form in forms}
    groups = [(events or {}).get(unit.article_id, unit.article_sha256) for unit in units]
    seeds = np.random.SeedSequence(seed).spawn(_N_FOLDS + 2)
    fold = grouped_folds(groups, n_folds=_N_FOLDS, rng=np.random.default_rng(seeds[0]))
    learned = [*groups, *(None for _ in background[0])]

    def fit_without(held: int | None, number: int) -> Fitted:
        rows = [i for i in range(len(every)) if i >= len(units) or fold[i] != held]
        return fit(
            {name: table[rows] for name, table in tables.items()},
            gold[rows],
            [learned[i] for i in rows],
            n_categories=len(categories),
            rng=np.random.default_rng(seeds[number]),
        )

    final = fit_without(None, 1)
    n_folds = int(fold.max()) + 1 if with_folds else 0
    folds = tuple(fit_without(k, k + 2) for k in range(n_folds))
    digest = hashlib.sha256(final.coefficients.tobytes() + final.intercepts.tobytes()).hexdigest()
    return FrozenClassifier(
        name=f"frozen-{variable}-{digest[:8]}",
        variable=variable,
        categories=tuple(categories),
        codebook=codebook,
        encoder=encoder,
        final=final,
        folds=folds,
        fold_of={unit.article_sha256: int(k) for unit, k in zip(units, fold, strict=True)},
        card={"encoder": _encoder_card(encoder)},
    )


def save_frozen(model: FrozenClassifier, folder: Path) -> list[Path]:
    """Write model.safetensors and model.json; the same model gives the same bytes."""
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    fits = {"final": model.final, **{f"fold{k}": one for k, one in enumerate(model.folds)}}
    tensors = {}
    for key, one in fits.items():
        tensors[f"{key}.coefficients"] = np.ascontiguousarray(one.coefficients)
        tensors[f"{key}.intercepts"] = np.ascontiguousarray(one.intercepts)
    weights = save(tensors)
    (folder / _WEIGHTS_FILE).write_bytes(weights)
    card = {
        "format": FROZEN,
        "name": model.name,
        "variable": model.variable,
        "categories": list(model.categories),
        "codebook": model.codebook,
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "fits": {
            key: {
                "form": one.form,
                "strength": one.strength,
                "temperature": one.temperature,
            }
            for key, one in fits.items()
        },
        "training_articles": dict(model.fold_of),
        **model.card,
    }
    return [folder / _WEIGHTS_FILE, save_card(folder, card)]


def load_frozen(folder: Path, *, encoder: Encoder) -> FrozenClassifier:
    """Read a stored model.

    Args:
        folder: With model.safetensors and model.json.
        encoder: Its weights must be those that the model was trained with.

    Raises:
        DataError: A file is missing, damaged, of another version, or the encoder is another one.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    card = read_card(folder, FROZEN)
    try:
        weights = (folder / _WEIGHTS_FILE).read_bytes()
    except OSError as error:
        raise DataError(
            f"model {folder}: {_WEIGHTS_FILE} cannot be read ({error.strerror}); a model folder "
            f"has {_WEIGHTS_FILE} and {_CARD_FILE}"
        ) from error
    found = hashlib.sha256(weights).hexdigest()
    if found != card["weights_sha256"]:
        raise DataError(
            f"model {folder}: {_WEIGHTS_FILE} has sha256 {found}, but {_CARD_FILE} names "
            f"{card['weights_sha256']}; the two files are not of one training: train it again"
        )
    check_encoder(folder, card, name=encoder.files.name, sha256=encoder.files.sha256)
    try:
        tensors = load(weights)
        fits = {
            key: Fitted(
                **values,
                coefficients=tensors[f"{key}.coefficients"],
                intercepts=tensors[f"{key}.intercepts"],
            )
            for key, values in card["fits"].items()
        }
        return FrozenClassifier(
            name=card["name"],
            variable=card["variable"],
            categories=tuple(card["categories"]),
            codebook=card["codebook"],
            encoder=encoder,
            final=fits["final"],
            folds=tuple(fits[f"fold{k}"] for k in range(len(fits) - 1)),
            fold_of=dict(card["training_articles"]),
            card={**card, "encoder": {**card["encoder"], "dtype_in_use": encoder.dtype}},
        )
    except (KeyError, TypeError, SafetensorError) as error:
        raise DataError(
            f"model {folder}: {_CARD_FILE} and {_WEIGHTS_FILE} do not fit together "
            f"({type(error).__name__}: {error}); train it again"
        ) from error


def _encoder_card(encoder: Encoder) -> dict[str, str]:
    return {
        "name": encoder.files.name,
        "sha256": encoder.files.sha256,
        "dtype": encoder.dtype,
    }
