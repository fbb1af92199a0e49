"""LoRA adapters on an encoder: attach for training, save small, merge for prediction.

The files are those of the peft library (adapter_config.json, adapter_model.safetensors), so that
other programs read them too; the weights are stored in bfloat16, half the size.
"""

import contextlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from framing.errors import DataError
from framing.jsonl import replace_file
from framing.models.model_folders import base_model
from framing.models.training_config import LoRA

__all__ = ["ADAPTER_FILES", "attach_lora", "merge_lora", "save_lora"]

_CONFIG, _WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
ADAPTER_FILES = (_CONFIG, _WEIGHTS)


def attach_lora(encoder: Any, config: LoRA, *, frozen: torch.dtype = torch.float32) -> Any:
    """Add an adapter that starts as no change, and freeze everything else.

    Args:
        encoder: A transformers model; it is changed in place.
        config: The adapter's shape.
        frozen: In which the weights of the adapted layers, which do not learn, are kept. Under
            autocast to that dtype nothing changes but the time: they are not cast in every step.

    Returns:
        A `peft.PeftModel`, called as the encoder is.

    Raises:
        DataError: No layer has a name that ends in one of the targets.
    """
    import peft

    targets = "all-linear" if config.targets == ("all-linear",) else list(config.targets)
    # The pooler is part of a BERT, but what it computes is not read here.
    unread = [name for name, _ in encoder.named_modules() if name.split(".")[0] == "pooler"]
    try:
        with _quiet():
            model = peft.get_peft_model(
                encoder,
                peft.LoraConfig(
                    r=config.rank,
                    lora_alpha=config.alpha,
                    lora_dropout=config.dropout,
                    target_modules=targets,
                    exclude_modules=unread or None,
                ),
            )
    except ValueError as error:
        raise DataError(
            f"training config: lora.targets {list(config.targets)} fit no layer of the encoder "
            f"({type(encoder).__name__}); accepted: all-linear, or ends of names such as query, "
            "value, dense"
        ) from error
    adapted: Any
    for adapted in model.modules():
        if isinstance(adapted, peft.tuners.tuners_utils.BaseTunerLayer):
            if isinstance(adapted.get_base_layer(), torch.nn.Linear):
                adapted.get_base_layer().to(frozen)
            # peft casts what comes in to the adapter's float32, and autocast casts it back.
            adapted.cast_input_dtype_enabled = False  # type: ignore[attr-defined]
    return model


def save_lora(model: Any, folder: Path, *, encoder_name: str) -> list[Path]:
    """Write the adapter of a `peft.PeftModel`; the same weights give the same bytes.

    Args:
        model: From `attach_lora`.
        folder: Gets adapter_config.json and adapter_model.safetensors.
        encoder_name: Name of the encoder, kept in the config.
    """
    import peft
    from safetensors.torch import save

    folder.mkdir(parents=True, exist_ok=True)
    with _quiet():
        tensors = peft.get_peft_model_state_dict(model, save_embedding_layers=False)
    stored = {name: one.detach().to("cpu", torch.bfloat16) for name, one in tensors.items()}
    (folder / _WEIGHTS).write_bytes(save(stored, metadata={"format": "pt"}))
    config = model.peft_config["default"].to_dict()
    config |= {"base_model_name_or_path": base_model(encoder_name), "inference_mode": True}
    with replace_file(folder / _CONFIG) as file:
        json.dump(config, file, indent=1, sort_keys=True, default=_sorted)
        file.write("\n")
    return [folder / name for name in ADAPTER_FILES]


def merge_lora(encoder: Any, folder: Path) -> Any:
    """Add a stored adapter to the weights of an encoder in float32, which costs no time later.

    Args:
        encoder: The encoder that the adapter was trained on; it is changed in place.
        folder: With the files of `save_lora`.

    Returns:
        The encoder, without any trace of peft.

    Raises:
        DataError: A file is missing or damaged, or is of another encoder.
    """
    import peft

    try:
        with _quiet():
            model = peft.PeftModel.from_pretrained(encoder, str(folder), low_cpu_mem_usage=False)
            return model.merge_and_unload()
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise DataError(
            f"model {folder}: {' and '.join(ADAPTER_FILES)} cannot be put on encoder "
            f"{type(encoder).__name__} ({type(error).__name__}: {str(error)[:200]}); "
            "train it again"
        ) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without peft's warnings of deprecated names that transformers 5 still answers to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def _sorted(value: Any) -> Any:
    """Sets of names, whose order would differ from run to run."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
