"""Folders of stored models: model.json says what lies beside it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.errors import DataError
from framing.jsonl import replace_file

__all__ = [
    "CARD_FILE",
    "ENSEMBLE",
    "FINE_TUNED",
    "FROZEN",
    "TAGGER",
    "base_model",
    "check_encoder",
    "model_variables",
    "read_card",
    "save_card",
]

CARD_FILE = "model.json"
FROZEN, FINE_TUNED, ENSEMBLE = "framing-frozen-2", "framing-finetuned-1", "framing-ensemble-1"
TAGGER = "framing-tagger-1"


def base_model(encoder: str) -> str:
    """Name on the hub of an encoder that a model is based on, for the head of its card."""
    return encoder.partition("@")[0]


def read_card(folder: Path, *formats: str) -> dict[str, Any]:
    """The contents of a model folder's model.json.

    Args:
        folder: Of the model.
        formats: That are accepted; those of classifiers when absent.

    Raises:
        DataError: It is missing, not JSON, or of another format.
    """
    path = folder / CARD_FILE
    formats = formats or (FROZEN, FINE_TUNED, ENSEMBLE)
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(
            f"model {folder}: {CARD_FILE} cannot be read ({error.strerror}); a model folder has "
            f"{CARD_FILE} and the weights that it names"
        ) from error
    except ValueError as error:
        raise DataError(f"model {path}: not JSON: {error}; train it again") from error
    if not isinstance(card, dict) or card.get("format") not in formats:
        found = card.get("format") if isinstance(card, dict) else type(card).__name__
        raise DataError(
            f"model {path}: format {found!r}; accepted: {', '.join(map(repr, formats))}; train "
            "it again"
        )
    return card


def save_card(folder: Path, card: Mapping[str, Any]) -> Path:
    """Write model.json; the same card gives the same bytes."""
    with replace_file(folder / CARD_FILE) as file:
        json.dump(card, file, ensure_ascii=False, indent=1, allow_nan=False)
        file.write("\n")
    return folder / CARD_FILE


def model_variables(card: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the variables that a model predicts, from its model.json."""
    return tuple(card["variables"]) if "variables" in card else (str(card["variable"]),)


def check_encoder(folder: Path, card: Mapping[str, Any], *, name: str, sha256: str) -> None:
    """Refuse an encoder whose weights are not those that the model was trained with.

    Raises:
        DataError: Names both.
    """
    trained_with = card["encoder"]
    if sha256 != trained_with["sha256"]:
        raise DataError(
            f"model {folder}: trained with encoder {trained_with['name']!r} (sha256 "
            f"{trained_with['sha256']}), but {name!r} has {sha256}; give the encoder it was "
            "trained with"
        )
