"""Training configs: what is accepted, and what is refused with what would be."""

import dataclasses
from pathlib import Path

import pytest

from framing.errors import DataError
from framing.jsonl import from_json, to_json
from framing.models.training_config import (
    FineTuning,
    LoRA,
    Schedule,
    config_digest,
    read_config,
)


def test_a_file_gives_what_it_says_and_the_defaults_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'parts = ["quote", "target"]\nfocal_gamma = 2\n[schedule]\nepochs = 3\n[lora]\nrank = 4\n',
        encoding="utf-8",
    )
    assert read_config(path, FineTuning) == FineTuning(
        parts=("quote", "target"),
        focal_gamma=2.0,
        schedule=Schedule(epochs=3),
        lora=LoRA(rank=4),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epoch = 3", "unknown FineTuning key 'epoch'; accepted: method, encoder, schedule, lora,"),
        ("[lora]\nranks = 3", "unknown LoRA key 'ranks'; accepted: rank, alpha, dropout, targets"),
        ('method = "adapter"', "key 'method' is \"adapter\"; accepted: 'lora' or 'full'"),
        ("max_length = 3", "max_length is 3; it takes 16 to 8192"),
        ("[schedule]\nlearning_rate = 3.0", "learning_rate is 3; it takes 1e-08 to 1"),
        ('parts = ["quotes"]', "parts holds 'quotes'; accepted: target, speaker, description,"),
        ('pooling = ["whole", "whole"]', "each once"),
        ("lora = {targets = []}", "lora.targets is empty"),
        ("epochs = ", "not TOML in UTF-8"),
    ],
)
def test_what_is_wrong_is_refused_with_what_is_accepted(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_config(path, FineTuning)
    assert message in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"config .*none\.toml: cannot be read \(No such file"):
        read_config(tmp_path / "none.toml", FineTuning)


def test_a_config_survives_json() -> None:
    config = FineTuning(lora=LoRA(targets=("query",)), parts=("quote",))
    assert from_json(to_json(config), FineTuning) == config


def test_the_digest_tells_configs_and_circumstances_apart() -> None:
    config = FineTuning()
    other = dataclasses.replace(config, schedule=Schedule(epochs=9))
    assert config_digest(config) == config_digest(FineTuning())
    assert len({config_digest(config), config_digest(other), config_digest(config, {"a": 1})}) == 3
