"""Classifiers of quotes and speakers: units, encoders, training, prediction.

Light to import: torch and transformers load with the first model.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from framing.errors import DataError

if TYPE_CHECKING:
    from framing.codebook import Codebook
    from framing.models.classifier import Classifier
    from framing.models.encoders import Dtype, Encoder
    from framing.models.tagger import TaggerExtractor
    from framing.models.training import TrainingReport

__all__ = ["SMALL", "load_extractor", "load_model", "shipped_small", "train_model"]

# Stands for the models of `shipped_small`, where a folder of models is asked for.
SMALL = "small"

_SHIPPED = Path(__file__).parent / "shipped"


def load_model(
    path: Path | str | None = None,
    *,
    variable: str,
    codebook: "Codebook | None" = None,
    encoder: "Encoder | str | Path | None" = None,
    dtype: "Dtype" = "auto",
) -> "Classifier":
    """Load a classifier.

    Args:
        path: Folder of a trained model; the one shipped for `variable` when absent; "small" for
            the one of `shipped_small`, whatever lies in the current folder.
        variable: Name of the codebook's variable that it predicts.
        codebook: When given, a model of another codebook is refused.
        encoder: An encoder, its name or its folder; the one named in the model when absent.
        dtype: In which the encoder computes, when it is loaded here.

    Raises:
        DataError: There is no such model, its files are damaged, it predicts another variable,
            its encoder has other weights, or it is of another codebook.
        MissingDependencyError: The encoder is not on this machine and cannot be fetched.
    """
    shipped = _shipped()
    if path is None and variable not in shipped:
        raise DataError(
            f"model for {variable!r}: none is shipped (shipped: {', '.join(sorted(shipped))}); "
            f"train one with  framing train {variable} --data DIR --out FOLDER --seed N  and give "
            "it with --model FOLDER"
        )
    if path is None:
        folder = shipped[variable]
    else:
        folder = shipped_small() / variable if str(path) == SMALL else Path(path)
    from framing.models.classifier import check_codebook
    from framing.models.encoders import Encoder, load_encoder, resolve_dtype, resolve_encoder
    from framing.models.ensemble import load_ensemble
    from framing.models.finetuned import load_finetuned
    from framing.models.frozen import load_frozen
    from framing.models.model_folders import (
        ENSEMBLE,
        FROZEN,
        model_variables,
        read_card,
    )

    card = read_card(folder)
    if variable not in model_variables(card):
        raise DataError(
            f"model {folder}: predicts {' and '.join(map(repr, model_variables(card)))}, but "
            f"{variable!r} was asked for"
        )
    given = encoder or card["encoder"]["name"]
    model: Classifier
    if card["format"] == FROZEN:
        loaded = given if isinstance(given, Encoder) else load_encoder(given, dtype=dtype)
        model = load_frozen(folder, encoder=loaded)
    elif card["format"] == ENSEMBLE:
        model = load_ensemble(
            folder,
            variable=variable,
            load_member=lambda place: load_model(
                place, variable=variable, encoder=encoder, dtype=dtype
            ),
        )
    else:
        files = given.files if isinstance(given, Encoder) else resolve_encoder(given)
        computed_in = given.dtype if isinstance(given, Encoder) else resolve_dtype(dtype)
        model = load_finetuned(folder, variable=variable, files=files, dtype=computed_in)
    if codebook is not None:
        check_codebook(model, codebook)
    return model


def load_extractor(
    path: Path | str | None = None,
    *,
    encoder: "str | Path | None" = None,
    dtype: "Dtype" = "auto",
) -> "TaggerExtractor":
    """Load a learned extractor of quotes.

    Args:
        path: Folder of a trained tagger; the one that comes with framing when absent.
        encoder: Its name or its folder; the one named in the folder when absent.
        dtype: In which the encoder computes.

    Raises:
        DataError: There is no such tagger, its files are damaged, or its encoder has other
            weights.
        MissingDependencyError: The encoder is not on this machine and cannot be fetched.
    """
    folder = Path(path) if path is not None else _SHIPPED / "extractor"
    if path is None and not (folder / "model.json").is_file():
        raise DataError(
            "extractor 'tagger': none is shipped; train one with  framing train extractor  and "
            "give its folder"
        )
    from framing.models.encoders import resolve_dtype
    from framing.models.tagger import load_tagger

    return load_tagger(folder, encoder=encoder, dtype=resolve_dtype(dtype))


def train_model(
    data: Path | str,
    variable: str,
    *,
    out: Path | str,
    seed: int,
    codebook: "Codebook | None" = None,
    encoder: "Encoder | str | Path | None" = None,
    split: str | None = None,
    command: str | None = None,
) -> "TrainingReport":
    """Train a classifier on frozen embeddings; see `framing.models.training`.

    Fine-tuning is `framing.models.finetuned_training.fine_tune_on_folder`.
    """
    from framing.models.training import train_on_folder

    return train_on_folder(
        Path(data),
        variable,
        out=Path(out),
        seed=seed,
        codebook=codebook,
        encoder=encoder,
        split=split,
        command=command,
    )


def shipped_small() -> Path:
    """Folder of smaller models than those shipped for their variables: faster, less often right."""
    return _SHIPPED / "small"


def _shipped() -> dict[str, Path]:
    """The folder of the model that comes with framing, by variable."""
    from framing.models.model_folders import model_variables, read_card

    return {
        name: file.parent
        for file in sorted(_SHIPPED.glob("*/model.json"))
        if file.parent != _SHIPPED / "extractor"
        for name in model_variables(read_card(file.parent))
    }
