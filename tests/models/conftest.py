"""A tiny encoder, a tiny codebook and a tiny coded folder, all invented."""

from pathlib import Path

import pytest

from framing.codebook import Codebook, parse_codebook
from framing.models import train_model
from framing.models.encoders import Encoder, load_encoder
from framing.models.training import TrainingReport
from tests.models.invented_coding import CODEBOOK, write_coded, write_encoder


@pytest.fixture(scope="session")
def tiny_codebook() -> Codebook:
    return parse_codebook(CODEBOOK, where="tiny.toml")


@pytest.fixture(scope="session")
def tiny_encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="session")
def tiny_encoder(tiny_encoder_folder: Path) -> Encoder:
    return load_encoder(tiny_encoder_folder, dtype="float32")


@pytest.fixture(scope="session")
def coded_folder(tmp_path_factory: pytest.TempPathFactory, tiny_codebook: Codebook) -> Path:
    """Six articles, in each an official for the dam and a resident against it."""
    return write_coded(tmp_path_factory.mktemp("coded"), tiny_codebook, ["" for _ in range(6)])


@pytest.fixture(scope="session")
def many_coded_folder(tmp_path_factory: pytest.TempPathFactory, tiny_codebook: Codebook) -> Path:
    """Thirty such articles: just enough to fine-tune on."""
    return write_coded(tmp_path_factory.mktemp("many"), tiny_codebook, ["" for _ in range(30)])


@pytest.fixture(scope="session")
def split_folder(tmp_path_factory: pytest.TempPathFactory, tiny_codebook: Codebook) -> Path:
    """Forty-two such articles: thirty to train on, six each for validation and test."""
    parts = ["train"] * 30 + ["validation"] * 6 + ["test"] * 6
    return write_coded(tmp_path_factory.mktemp("split"), tiny_codebook, parts)


@pytest.fixture(scope="session")
def trained(
    coded_folder: Path,
    tiny_codebook: Codebook,
    tiny_encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> TrainingReport:
    return train_model(
        coded_folder,
        "stance",
        out=tmp_path_factory.mktemp("model"),
        seed=7,
        codebook=tiny_codebook,
        encoder=tiny_encoder,
        command="framing train stance --data coded --out model --seed 7",
    )
