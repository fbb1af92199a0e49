"""How often the extractor is wrong: spurious and missed quotes, by kind, with their counts."""

import dataclasses
import json
from importlib import resources
from pathlib import Path
from typing import get_args

from framing.errors import DataError
from framing.jsonl import from_json, replace_file, to_json
from framing.records import QuoteKind

__all__ = [
    "ExtractionError",
    "KindError",
    "describe_extraction_error",
    "load_extraction_error",
    "write_extraction_error",
]

MIN_COUNT = 20
MIN_RECALL = 0.1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class KindError:
    """Errors of an extractor on one kind of quote, as counts on coded articles.

    Attributes:
        kind: "direct", "mixed" or "indirect".
        found: Quotes that the extractor found and called this kind.
        correct: Those of them that are quotes by the coders' reading.
        gold: Quotes of this kind that the coders found.
        recalled: Those of them that the extractor found.
    """

    kind: QuoteKind
    found: int
    correct: int
    gold: int
    recalled: int

    def __post_init__(self) -> None:
        who = f"extraction error of {self.kind} quotes"
        for part, whole in (("correct", "found"), ("recalled", "gold")):
            a, b = getattr(self, part), getattr(self, whole)
            if not 0 <= a <= b:
                raise DataError(f"{who}: {part} is {a} of {b} {whole}; it takes 0 to {whole}")
            if b < MIN_COUNT:
                raise DataError(
                    f"{who}: {whole} is {b}; a rate needs at least {MIN_COUNT} quotes: "
                    "measure on more articles"
                )
        if self.recall < MIN_RECALL:
            raise DataError(
                f"{who}: recall is {self.recall:.2f}; an extractor that misses more than "
                f"{1 - MIN_RECALL:.0%} cannot be corrected for what it misses"
            )

    @property
    def precision(self) -> float:
        """Share of the found quotes that are quotes."""
        return self.correct / self.found

    @property
    def recall(self) -> float:
        """Share of the coders' quotes that were found."""
        return self.recalled / self.gold


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionError:
    """Measured errors of one extractor, one entry for each kind of quote.

    Attributes:
        extractor: Name of the extractor that was measured ("rules").
        measured_on: Which coded articles, and how many.
        kinds: One entry for each kind.
    """

    extractor: str
    measured_on: str
    kinds: tuple[KindError, ...]

    def __post_init__(self) -> None:
        kinds = sorted(error.kind for error in self.kinds)
        if kinds != sorted(get_args(QuoteKind)):
            raise DataError(
                f"extraction error of {self.extractor!r}: kinds are {', '.join(kinds) or 'none'}; "
                f"give each of {', '.join(get_args(QuoteKind))} once"
            )

    def of(self, kind: QuoteKind) -> KindError:
        """The errors on that kind."""
        return next(error for error in self.kinds if error.kind == kind)


def load_extraction_error(path: Path | str | None = None) -> ExtractionError | None:
    """Read measured errors; without a path, the shipped ones of the rules extractor.

    Returns:
        None only when no path is given and none are shipped: then nothing can be corrected.

    Raises:
        DataError: The file is missing, not JSON, or not such a record.
    """
    if path is None:
        shipped = resources.files("framing.balance") / "extraction_error.json"
        if not shipped.is_file():
            return None
        return _parse(shipped.read_text(encoding="utf-8"), "extraction_error.json (shipped)")
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"extraction error {path}: cannot be read ({error})") from error
    return _parse(text, str(path))


def write_extraction_error(path: Path | str, error: ExtractionError) -> None:
    """Write measured errors as JSON; `load_extraction_error` reads them back."""
    with replace_file(path) as file:
        json.dump(to_json(error), file, ensure_ascii=False, indent=1)
        file.write("\n")


def describe_extraction_error(error: ExtractionError | None) -> str:
    """A sentence for the report: whether intervals cover missed and spurious quotes, and how."""
    if error is None:
        return (
            "Intervals cover the classifier's uncertainty only: quotes that the extractor missed "
            "or made up are not corrected for, since its errors have not been measured."
        )
    rates = "; ".join(
        f"{k.kind}: precision {k.precision:.2f} ({k.correct}/{k.found}), "
        f"recall {k.recall:.2f} ({k.recalled}/{k.gold})"
        for k in error.kinds
    )
    return (
        "Values and intervals allow for quotes that the extractor missed or made up, by the errors "
        f"of {error.extractor!r} on {error.measured_on} ({rates}), assuming that missed quotes "
        "have the mix of those found in the same article. Who says a quote is taken as resolved."
    )


def _parse(text: str, where: str) -> ExtractionError:
    try:
        return from_json(json.loads(text), ExtractionError)
    except json.JSONDecodeError as error:
        raise DataError(f"extraction error {where}: not JSON: {error}") from error
    except DataError as error:
        raise DataError(f"extraction error {where}: {error}") from error
