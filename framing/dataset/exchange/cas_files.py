"""UIMA CAS files as INCEpTION gives them: .xmi, and .zip with an .xmi and its type system.

A file comes from somebody else's server, so nothing in it is trusted: no document type with
entities, no size without limit, no name that leads out of the archive. Nothing is unpacked to disk.
"""

import dataclasses
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from framing.dataset.exchange.file_names import article_of_stem
from framing.errors import DataError
from framing.extras import require

__all__ = ["CasFile", "find_cas_files", "load_cas"]

_MAX_BYTES = 64 << 20  # of one document; an article with all its marks is below 1 MB
_MAX_FILES = 50_000
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']""")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CasFile:
    """The bytes of one .xmi.

    Attributes:
        where: Path, with the archive's member after it where it is in one.
        names: What the article may be called, by the names of file, archive and folder.
        user: Stem of the .xmi: who annotated, in an export of a project.
        content: The bytes.
    """

    where: str
    names: tuple[str, ...]
    user: str
    content: bytes


def find_cas_files(path: Path) -> Iterator[CasFile]:
    """The CAS files of a folder, also in its folders and archives; or of one file.

    In an export of a whole project that was unpacked, the folder `annotation` counts, and in it
    the folders that are named after documents.

    Raises:
        DataError: There is none, or an archive is broken, too large, or holds odd names.
    """
    root = path / "annotation" if (path / "annotation").is_dir() else path
    files = [root] if root.is_file() else sorted(root.rglob("*"))
    n = 0
    for file in files:
        if file.suffix == ".xmi" and file.is_file():
            if file.stat().st_size > _MAX_BYTES:
                raise DataError(_too_large(str(file)))
            found = iter([(str(file), file.stem, file.read_bytes())])
        elif file.suffix == ".zip" and file.is_file():
            found = _members(file)
        else:
            continue
        for where, user, content in found:
            n += 1
            if n > _MAX_FILES:
                raise DataError(f"{path}: more than {_MAX_FILES:,} documents; give fewer at a time")
            folder = file.parent.name.removesuffix(".xmi")
            stems = (user, file.stem.removesuffix(".xmi"), folder)
            yield CasFile(
                where=where,
                names=tuple(dict.fromkeys(map(article_of_stem, stems))),
                user=user,
                content=content,
            )
    if not n:
        raise DataError(
            f"{path}: no .xmi there, nor a .zip with one; export documents from INCEpTION as "
            '"UIMA CAS XMI (XML 1.0)"'
        )


def load_cas(cassis: ModuleType, file: CasFile, system: Any) -> Any:
    """The CAS of a file; types that are not ours are left out.

    Raises:
        DataError: It is no XML in UTF-8, has a document type, is not a CAS, has features that we
            do not know, or an offset that is not one of its text.
    """
    etree = require("lxml.etree", extra="inception")
    declared = _ENCODING.match(file.content)
    if b"\0" in file.content or (declared and declared[1].lower() not in (b"utf-8", b"utf8")):
        raise DataError(f"{file.where}: not in UTF-8; export as UIMA CAS XMI (XML 1.0)")
    if b"<!DOCTYPE" in file.content or b"<!ENTITY" in file.content:
        raise DataError(
            f"{file.where}: has a document type, which no CAS has and which can hide what is in "
            "it; export it again from INCEpTION"
        )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            cas = cassis.load_cas_from_xmi(io.BytesIO(file.content), system, lenient=True)
            text = cas.sofa_string
        except etree.XMLSyntaxError as error:
            raise DataError(f"{file.where}: not XML: {error}") from error
        except (LookupError, ValueError, TypeError, AttributeError, RuntimeError) as error:
            raise DataError(
                f"{file.where}: cannot be read as a CAS with framing's layers ({error}); import "
                "layers.json into the project and change nothing in these layers"
            ) from error
    if wrong := [str(one.message) for one in said if "offset" in str(one.message)]:
        raise DataError(
            f"{file.where}: an offset is outside the text or inside an emoji ({wrong[0]}); "
            "offsets count units of UTF-16"
        )
    if not isinstance(text, str):
        raise DataError(f"{file.where}: holds no text; export it again from INCEpTION")
    return cas


def _members(path: Path) -> Iterator[tuple[str, str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                where = f"{path} {info.filename}"
                name = PurePosixPath(info.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts:
                    raise DataError(f"{where}: leads out of the archive; export it again")
                if info.file_size > _MAX_BYTES:
                    raise DataError(_too_large(where))
                if name.suffix != ".xmi" or name.name.startswith("._"):
                    continue  # the latter are what a Mac adds
                with archive.open(info) as file:
                    content = file.read(_MAX_BYTES + 1)  # the stated size may be a lie
                if len(content) > _MAX_BYTES:
                    raise DataError(_too_large(where))
                yield where, name.stem, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise DataError(f"{path}: broken archive ({error}); export it again") from error


def _too_large(where: str) -> str:
    return f"{where}: more than {_MAX_BYTES >> 20} MB, far beyond one article; export it again"
