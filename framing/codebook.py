"""The codebook: variables, their categories, and the words that define them.

A codebook is a TOML file that a coder can read from top to bottom and a program can check. The
shipped one is `framing/codebooks/framing.toml`; `annotations/codebook.toml` is a copy of it.
Its digest is kept with every label and prediction, so that labels given under other words are
never mixed in silence.
"""

import codecs
import dataclasses
import functools
import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from framing.errors import DataError

__all__ = ["Category", "Codebook", "Variable", "load_codebook", "parse_codebook"]

UNITS = ("quote", "speaker")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category of a variable.

    Attributes:
        name: Lower-case identifier, the value of a label.
        definition: What it means, in a sentence.
        include: Cases that belong to it.
        exclude: Cases that do not, with where they go.
        examples: Invented quotes that belong to it.
    """

    name: str
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One question that is asked of every unit.

    Attributes:
        name: Lower-case identifier, such as "stance".
        unit: "quote" or "speaker".
        question: What the coder answers.
        categories: The answers, exactly one of which is given.
        tie_breaks: Rules for units that fit several categories, in order of precedence.
        positive: Category counted as S in the tilt (S - C) / (S + C), or "".
        negative: Category counted as C, or "".
        neutral: Categories that the coefficient of imbalance counts as neither side.
        default: Category of a unit that has nothing to code (a quote without a speaker), or "".
        aggregates: Named unions of categories to report beside them, such as
            `{"officials": ("government", "military")}`.
    """

    name: str
    unit: str
    question: str
    categories: tuple[Category, ...]
    tie_breaks: tuple[str, ...] = ()
    positive: str = ""
    negative: str = ""
    neutral: tuple[str, ...] = ()
    default: str = ""
    aggregates: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The categories' names, in order."""
        return tuple(category.name for category in self.categories)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """Variables with their definitions, and the digest of the file they come from."""

    name: str
    version: str
    title: str
    quote: tuple[str, ...]
    variables: tuple[Variable, ...]
    digest: str

    def variable(self, name: str) -> Variable:
        """The variable of that name.

        Raises:
            DataError: There is none.
        """
        for variable in self.variables:
            if variable.name == name:
                return variable
        known = ", ".join(variable.name for variable in self.variables)
        raise DataError(f"codebook {self.name!r}: no variable {name!r}; it has: {known}")


def load_codebook(path: Path | str | None = None) -> Codebook:
    """Read and check a codebook; without a path, the shipped one.

    Raises:
        DataError: The file is missing, not TOML, or not a codebook; the message names the file
            and the place.
    """
    if path is None:
        return _shipped()
    path = Path(path)
    try:
        source = path.read_bytes()
    except OSError as error:
        raise DataError(f"codebook {path}: cannot be read ({error.strerror})") from error
    return parse_codebook(source, where=str(path))


def parse_codebook(source: bytes, *, where: str) -> Codebook:
    """Check the bytes of a codebook file.

    Args:
        source: TOML in UTF-8.
        where: Name of the file for error messages.

    Raises:
        DataError: As `load_codebook`.
    """
    # Line ends and a byte-order mark are not content: the same words are the same codebook on
    # every system.
    source = source.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    try:
        table = tomllib.loads(source.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"codebook {where}: not TOML in UTF-8: {error}") from error
    checked = _Table(table, f"codebook {where}")
    variables = tuple(_variable(entry) for entry in checked.tables("variables"))
    codebook = Codebook(
        name=checked.string("name"),
        version=checked.string("version"),
        title=checked.string("title", ""),
        quote=checked.strings("quote"),
        variables=variables,
        digest=hashlib.sha256(source).hexdigest()[:16],
    )
    checked.finish()
    if not variables:
        raise DataError(f"codebook {where}: no variables; it takes at least one [[variables]]")
    _check_unique([variable.name for variable in variables], f"codebook {where}: variable")
    return codebook


@functools.cache
def _shipped() -> Codebook:
    file = resources.files("framing") / "codebooks" / "framing.toml"
    return parse_codebook(file.read_bytes(), where="framing.toml (shipped)")


def _variable(entry: "_Table") -> Variable:
    categories = tuple(_category(category) for category in entry.tables("categories"))
    variable = Variable(
        name=entry.identifier("name"),
        unit=entry.string("unit"),
        question=entry.string("question"),
        categories=categories,
        tie_breaks=entry.strings("tie_breaks"),
        positive=entry.string("positive", ""),
        negative=entry.string("negative", ""),
        neutral=entry.strings("neutral"),
        default=entry.string("default", ""),
        aggregates=entry.string_lists("aggregates"),
    )
    entry.finish()
    who = f"{entry.where} ({variable.name})"
    if variable.unit not in UNITS:
        raise DataError(f"{who}: unit is {variable.unit!r}; accepted: {', '.join(UNITS)}")
    if len(categories) < 2:
        raise DataError(f"{who}: {len(categories)} categories; a question has at least two answers")
    _check_unique(list(variable.names), f"{who}: category")
    named = {
        "positive": [variable.positive],
        "negative": [variable.negative],
        "neutral": list(variable.neutral),
        "default": [variable.default],
        **{f"aggregates.{name}": list(members) for name, members in variable.aggregates},
    }
    for key, values in named.items():
        for value in filter(None, values):
            if value not in variable.names:
                raise DataError(
                    f"{who}: {key} names {value!r}, which is not a category; "
                    f"it has: {', '.join(variable.names)}"
                )
            if values.count(value) > 1:
                raise DataError(f"{who}: {key} names {value!r} twice; it would count twice")
    for side in filter(None, (variable.positive, variable.negative)):
        if side in variable.neutral:
            raise DataError(f"{who}: {side!r} is a side and neutral; it can be only one of them")
    for name, members in variable.aggregates:
        if not members or name in variable.names:
            raise DataError(
                f"{who}: aggregate {name!r} is empty or has the name of a category; "
                "it takes a name of its own and the categories to sum"
            )
    if bool(variable.positive) != bool(variable.negative) or (
        variable.positive and variable.positive == variable.negative
    ):
        raise DataError(f"{who}: positive and negative go together and differ, or both are absent")
    return variable


def _category(entry: "_Table") -> Category:
    category = Category(
        name=entry.identifier("name"),
        definition=entry.string("definition"),
        include=entry.strings("include"),
        exclude=entry.strings("exclude"),
        examples=entry.strings("examples"),
    )
    entry.finish()
    return category


def _check_unique(names: list[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{what} {name!r} stands {names.count(name)} times; names must differ")


class _Table:
    """A TOML table that remembers which keys were read, to refuse the others."""

    def __init__(self, table: dict[str, Any], where: str) -> None:
        self.table = table
        self.where = where
        self.read: set[str] = set()

    def string(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise DataError(f"{self.where}: {key} is {value!r}; it takes some text")
        return " ".join(value.split())

    def identifier(self, key: str) -> str:
        value = self.string(key)
        if not value.replace("_", "").isalnum() or value != value.lower() or not value.isascii():
            raise DataError(
                f"{self.where}: {key} is {value!r}; it takes lower-case letters, digits and _"
            )
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self._get(key, [])
        texts = isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)
        if not texts:
            raise DataError(f"{self.where}: {key} is {value!r}; it takes a list of texts")
        return tuple(" ".join(item.split()) for item in value)

    def string_lists(self, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise DataError(f"{self.where}: {key} is {value!r}; it takes a table of lists")
        inner = _Table(value, f"{self.where}: {key}")
        return tuple((name, inner.strings(name)) for name in value)

    def tables(self, key: str) -> list["_Table"]:
        value = self._get(key, None)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise DataError(f"{self.where}: {key} takes [[...{key}]] tables")
        return [_Table(item, f"{self.where}: {key} {n}") for n, item in enumerate(value, 1)]

    def finish(self) -> None:
        unknown = sorted(set(self.table) - self.read)
        if unknown:
            accepted = ", ".join(sorted(self.read))
            raise DataError(f"{self.where}: unknown key {unknown[0]!r}; accepted: {accepted}")

    def _get(self, key: str, default: Any) -> Any:
        self.read.add(key)
        if key not in self.table and default is None:
            raise DataError(f"{self.where}: {key} is missing; it is required")
        return self.table.get(key, default)
