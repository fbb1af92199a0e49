"""Typed features of record files for `datasets.load_dataset`, as its card declares them.

`datasets` guesses types from the first rows: an ISO date becomes a time, a column that is empty
at first has no type. So every file's features are declared in the YAML head of the folder's
README.md, made from the records' own type hints.

The head holds a digest of the files, too: `datasets` 5.2 keeps what it has read of a local folder
under the folder's name and this head, whatever the files hold by now, so that another folder of
the same name, or edited labels, would silently give the earlier records.
"""

import dataclasses
import datetime
import functools
import hashlib
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.records import Span
from framing.runs import file_sha256

__all__ = ["HubConfig", "codebook_categories", "describe_configs", "describe_features"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HubConfig:
    """One configuration of a dataset: files of one kind of record.

    Attributes:
        name: By which it is loaded.
        kind: Class of the records.
        files: For each split, a path relative to the folder.
        groups: Keys of the records' mapping of strings, where they have one.
    """

    name: str
    kind: type
    files: Mapping[str, str]
    groups: Sequence[str] = ()


def describe_configs(
    configs: Sequence[HubConfig], folder: Path, codebook: Codebook
) -> dict[str, Any]:
    """The keys `configs` and `dataset_info` of the head; configurations without files are left out.

    Args:
        configs: The first one that has files is the default.
        folder: Of the dataset.
        codebook: For the categories of roles and stances.
    """
    categories = codebook_categories(codebook)
    described: list[dict[str, Any]] = []
    infos: list[dict[str, Any]] = []
    for config in configs:
        files = {split: path for split, path in config.files.items() if (folder / path).is_file()}
        if not files:
            continue
        described.append(
            {
                "config_name": config.name,
                **({} if described else {"default": True}),
                "data_files": [{"split": split, "path": path} for split, path in files.items()],
            }
        )
        features = describe_features(config.kind, categories=categories, groups=config.groups)
        infos.append(
            {
                "config_name": config.name,
                "description": f"sha256 {_digest(folder, files.values())}",
                "features": features,
            }
        )
    return {"configs": described, "dataset_info": infos}


def _digest(folder: Path, files: Iterable[str]) -> str:
    """Of the contents of files, in their order."""
    joined = " ".join(file_sha256(folder / file) for file in files)
    return hashlib.sha256(joined.encode()).hexdigest()


def codebook_categories(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """The categories of each variable, by the variable's name."""
    return {variable.name: variable.names for variable in codebook.variables}


def describe_features(
    kind: type, *, categories: Mapping[str, Sequence[str]], groups: Sequence[str]
) -> list[dict[str, Any]]:
    """The features of a record class.

    Strings, numbers, dates (`date32`) and truth values become plain types; choices, and fields
    named as a variable of the codebook, become `ClassLabel` with names in order; spans become
    lists of two numbers, tuples lists, records structures, and a mapping a structure with the
    keys of `groups`.

    Args:
        kind: A dataclass.
        categories: For fields of that name.
        groups: Keys of the mapping.
    """
    hints = typing.get_type_hints(kind)
    described = []
    for field in dataclasses.fields(kind):
        if field.name in categories:
            spec = _class_label(categories[field.name])
        else:
            spec = _describe(hints[field.name], categories, groups)
        described.append({"name": field.name, **spec})
    return described


def _describe(
    hint: Any, categories: Mapping[str, Sequence[str]], groups: Sequence[str]
) -> dict[str, Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    inner = functools.partial(_describe, categories=categories, groups=groups)
    if origin in (types.UnionType, typing.Union):
        return inner(next(arg for arg in args if arg is not type(None)))
    if origin is typing.Literal:
        return _class_label(args)
    if hint is Span:
        return {"list": "int32"}
    if origin is tuple:
        return {"list": _nested(inner(args[0]))}
    if origin is not None and issubclass(origin, Mapping):
        return {"struct": [{"name": key, "dtype": "string"} for key in groups]}
    if dataclasses.is_dataclass(hint):
        described = describe_features(
            typing.cast("type", hint), categories=categories, groups=groups
        )
        return {"struct": described}
    plain = {
        str: "string",
        bool: "bool",
        int: "int32",
        float: "float64",
        datetime.date: "date32",
    }
    return {"dtype": plain[hint]}


def _nested(spec: dict[str, Any]) -> Any:
    """A specification inside a list: plain types and structures stand there without a key."""
    return spec.get("dtype") or spec.get("struct") or spec


def _class_label(names: Sequence[str]) -> dict[str, Any]:
    return {"dtype": {"class_label": {"names": {str(i): name for i, name in enumerate(names)}}}}
