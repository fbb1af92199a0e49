"""LoRA: no change at the start, the same after storing and merging."""

import json
from pathlib import Path

import pytest
import torch

from framing.errors import DataError
from framing.models.adapters import attach_lora, merge_lora, save_lora
from framing.models.encoders import read_encoder, resolve_encoder
from framing.models.training_config import LoRA

IDS = torch.tensor([[2, 7, 9, 11, 3]])


def test_an_adapter_starts_as_no_change_and_trains_nothing_else(tiny_encoder_folder: Path) -> None:
    encoder, _ = read_encoder(resolve_encoder(tiny_encoder_folder))
    before = encoder.eval()(input_ids=IDS).last_hidden_state
    adapted = attach_lora(encoder, LoRA(rank=2)).eval()
    assert torch.equal(adapted(input_ids=IDS).last_hidden_state, before)
    trained = {name for name, one in adapted.named_parameters() if one.requires_grad}
    assert trained
    assert all("lora_" in name and "pooler" not in name for name in trained)


def test_a_stored_adapter_merged_says_what_the_trained_one_said(
    tiny_encoder_folder: Path, tmp_path: Path
) -> None:
    files = resolve_encoder(tiny_encoder_folder)
    adapted = attach_lora(read_encoder(files)[0], LoRA(rank=2)).eval()
    before = adapted(input_ids=IDS).last_hidden_state
    with torch.no_grad():
        for name, one in adapted.named_parameters():
            if "lora_B" in name:
                one.copy_(torch.linspace(-0.5, 0.5, one.numel()).reshape(one.shape).bfloat16())
            elif "lora_A" in name:  # to what bfloat16 holds, so that storing loses nothing
                one.copy_(one.bfloat16())
    changed = adapted(input_ids=IDS).last_hidden_state
    assert not torch.allclose(changed, before, atol=1e-2)
    written = save_lora(adapted, tmp_path, encoder_name="tiny")
    merged = merge_lora(read_encoder(files)[0], tmp_path)
    assert type(merged).__name__ == "BertModel"
    assert torch.allclose(merged(input_ids=IDS).last_hidden_state, changed, atol=1e-5)
    again = save_lora(adapted, tmp_path / "again", encoder_name="tiny")
    assert [a.read_bytes() for a in written] == [b.read_bytes() for b in again]
    assert json.loads(written[0].read_text(encoding="utf-8"))["base_model_name_or_path"] == "tiny"


def test_layers_that_are_not_there_are_refused(tiny_encoder_folder: Path) -> None:
    encoder, _ = read_encoder(resolve_encoder(tiny_encoder_folder))
    with pytest.raises(DataError, match=r"lora\.targets \['gate'\] fit no layer of the encoder"):
        attach_lora(encoder, LoRA(targets=("gate",)))


def test_an_adapter_that_is_missing_or_of_another_encoder_is_refused(
    tiny_encoder_folder: Path, tmp_path: Path
) -> None:
    files = resolve_encoder(tiny_encoder_folder)
    with pytest.raises(DataError, match="cannot be put on encoder BertModel"):
        merge_lora(read_encoder(files)[0], tmp_path)
    save_lora(attach_lora(read_encoder(files)[0], LoRA(rank=2)), tmp_path, encoder_name="tiny")
    config = json.loads((tmp_path / "adapter_config.json").read_text(encoding="utf-8"))
    (tmp_path / "adapter_config.json").write_text(json.dumps({**config, "r": 3}), encoding="utf-8")
    with pytest.raises(DataError, match="cannot be put on encoder BertModel"):
        merge_lora(read_encoder(files)[0], tmp_path)
