"""Records to and from JSON Lines: one record a line, keys in field order, UTF-8.

Reading is strict, so that a slip of a hand-made correction is found where it was made: an
unknown key, a missing one or a wrong type is a `DataError` with file and line.
"""

import contextlib
import dataclasses
import datetime
import functools
import json
import os
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from framing.errors import DataError
from framing.records import Span

__all__ = ["from_json", "read_jsonl", "replace_file", "to_json", "write_jsonl"]

T = TypeVar("T")


def read_jsonl(path: Path | str, kind: type[T]) -> list[T]:
    """Read the records of one file.

    Args:
        path: File in JSON Lines, UTF-8; blank lines are skipped.
        kind: Class of the records.

    Raises:
        DataError: The file is missing or unreadable, or a line is not such a record.
    """
    path = Path(path)
    try:
        # An editor that a correction was made with may have put a byte-order mark first.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; it should hold {kind.__name__} records") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
    records = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line, object_pairs_hook=_object, parse_constant=_no_number)
            records.append(from_json(fields, kind))
        except DataError as error:
            raise DataError(f"{path}:{number}: {error}") from error
        except (ValueError, RecursionError) as error:  # or a number or nesting beyond all measure
            raise DataError(f"{path}:{number}: not JSON: {error}") from error
    return records


def write_jsonl(path: Path | str, records: Iterable[Any]) -> int:
    """Write records, replacing the file only when all are written; return how many."""
    n = 0
    with replace_file(path) as file:
        for record in records:
            file.write(_line(to_json(record)) + "\n")
            n += 1
    return n


def to_json(record: Any) -> dict[str, Any]:
    """The record as JSON types; `from_json` reads it back to an equal record."""
    return {
        field.name: _encode(getattr(record, field.name)) for field in dataclasses.fields(record)
    }


def from_json(fields: Any, kind: type[T]) -> T:
    """Make a record of class `kind` from JSON types.

    Raises:
        DataError: A key is unknown or missing, or a value has the wrong type.
    """
    if not isinstance(fields, dict):
        raise DataError(f"found {_shown(fields)}, but a {kind.__name__} is a JSON object")
    accepted = _fields(typing.cast("type", kind))
    unknown = sorted(set(fields) - set(accepted))
    if unknown:
        raise DataError(
            f"unknown {kind.__name__} key {unknown[0]!r}; accepted: {', '.join(accepted)}"
        )
    values = {}
    for name, (hint, required) in accepted.items():
        if name in fields:
            try:
                values[name] = _decode(fields[name], hint)
            except _WrongTypeError as error:
                raise DataError(
                    f"{kind.__name__} key {name!r} is {_shown(fields[name])}; accepted: {error}"
                ) from None
        elif required:
            raise DataError(f"{kind.__name__} key {name!r} is missing; it is required")
    return kind(**values)


@contextlib.contextmanager
def replace_file(path: Path | str, *, newline: str = "\n") -> Iterator[typing.TextIO]:
    """Open a text file that takes the place of `path` only if the block ends well."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("w", encoding="utf-8", newline=newline) as file:
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _line(fields: dict[str, Any]) -> str:
    line = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair: UTF-8 has no form for it, JSON has
        return json.dumps(fields, allow_nan=False)
    return line


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DataError(f"key {twice!r} stands {keys.count(twice)} times; give it once")
    return found


def _no_number(constant: str) -> Any:
    raise DataError(f"found {constant}, which is not JSON; what is undefined is null")


class _WrongTypeError(Exception):
    """Carries what would have been accepted."""


@functools.cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    }


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_json(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    return value


def _decode(value: Any, hint: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _decode(value, next(arg for arg in args if arg is not type(None)))
    if origin is typing.Literal:
        return _expect(value in args, value, " or ".join(map(repr, args)))
    if hint is Span:
        whole = isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value)
        return Span(*_expect(whole, value, "[start, end] in whole numbers"))
    if origin is tuple:
        item = args[0] if args[-1] is Ellipsis else None
        _expect(isinstance(value, list), value, "a list")
        if item is not None:
            return tuple(_decode(v, item) for v in value)
        _expect(len(value) == len(args), value, f"a list of {len(args)}")
        return tuple(_decode(v, arg) for v, arg in zip(value, args, strict=True))
    if hint is datetime.date:
        try:
            return datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise _WrongTypeError("a date as YYYY-MM-DD, or null") from None
    if origin is not None and issubclass(origin, Mapping):
        strings = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        return dict(_expect(strings, value, "an object of strings"))
    if hint is float:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(_expect(number, value, "a number"))
    if dataclasses.is_dataclass(hint):
        return from_json(value, typing.cast("type", hint))
    names = {str: "a string", int: "a whole number", bool: "true or false"}
    return _expect(type(value) is hint, value, names.get(hint, str(hint)))


def _expect(holds: bool, value: Any, accepted: str) -> Any:
    if not holds:
        raise _WrongTypeError(accepted)
    return value


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "..."
