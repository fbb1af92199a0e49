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
    from framing.models.training import TrainingReport

__all__ = ["load_model", "train_model"]

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
        path: Folder of a trained model; the one shipped for `variable` when absent.
        variable: Name of the codebook's variable that it predicts.
        codebook: When given, a model of another codebook is refused.
        encoder: An encoder, its name or its folder; the one named in the model when absent.
        dtype: In which the encoder computes, when it is loaded here.

    Raises:
        DataError: There is no such model, its files are damaged, it predicts another variable,
            its encoder has other weights, or it is of another codebook.
        MissingDependencyError: The encoder is not on this machine and cannot be fetched.
    """
    folder = Path(path) if path is not None else _SHIPPED / variable
    if path is None and not (folder / "model.json").is_file():
        raise DataError(
            f"model for {variable!r}: none is shipped (shipped: {_shipped_names()}); train one "
            f"with  framing train {variable} --data DIR --out FOLDER --seed N  and give it with "
            "--model FOLDER"
        )
    from framing.models.classifier import check_codebook
    from framing.models.encoders import Encoder, load_encoder
    from framing.models.frozen import load_frozen, read_card

    card = read_card(folder)
    if card.get("variable") != variable:
        raise DataError(
            f"model {folder}: predicts {card.get('variable')!r}, but {variable!r} was asked for"
        )
    if not isinstance(encoder, Encoder):
        encoder = load_encoder(encoder or card["encoder"]["name"], dtype=dtype)
    model = load_frozen(folder, encoder=encoder)
    if codebook is not None:
        check_codebook(model, codebook)
    return model


def train_model(
    data: Path | str,
    variable: str,
    *,
    out: Path | str,
    seed: int,
    codebook: "Codebook | None" = None,
    encoder: "Encoder | str | Path | None" = None,
    command: str | None = None,
) -> "TrainingReport":
    """Train a classifier on a folder of coded articles; see `framing.models.training`."""
    from framing.models.training import train_on_folder

    return train_on_folder(
        Path(data),
        variable,
        out=Path(out),
        seed=seed,
        codebook=codebook,
        encoder=encoder,
        command=command,
    )


def _shipped_names() -> str:
    found = sorted(file.parent.name for file in _SHIPPED.glob("*/model.json"))
    return ", ".join(found) or "none"
