"""How often an extractor is wrong: spurious and missed quotes, with their counts.

One file for each extractor lies in `framing/balance/extraction_errors/`; its README says how the
numbers are made and used.
"""

import collections
import dataclasses
import json
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import from_json, replace_file, to_json
from framing.records import QuoteKind

__all__ = [
    "IN_FOLDER",
    "ExtractionError",
    "KindError",
    "RecallCell",
    "describe_extraction_error",
    "load_extraction_error",
    "read_extraction_error",
    "write_extraction_error",
]

MIN_COUNT = 20
MIN_RECALL = 0.1
# In the folder of a trained extractor.
IN_FOLDER = "extraction_error.json"


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
class RecallCell:
    """Coded quotes of one kind, stance and role, and how many of them were found.

    Attributes:
        kind: "direct", "mixed" or "indirect".
        stance: Category of the codebook's first variable of quotes, by the coders; "" where it
            was not coded (an article without a target).
        role: Category of its first variable of speakers, or "" where there is none.
        gold: Quotes that the coders found, at least 1.
        recalled: Those of them that the extractor found.
    """

    kind: QuoteKind
    stance: str
    role: str
    gold: int
    recalled: int

    def __post_init__(self) -> None:
        if not 0 <= self.recalled <= self.gold or self.gold < 1:
            who = ", ".join(filter(None, (self.kind, self.stance, self.role)))
            raise DataError(
                f"extraction error of {who} quotes: recalled is {self.recalled} of {self.gold} "
                "gold; it takes 0 to gold, and gold at least 1"
            )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionError:
    """Measured errors of one extractor.

    Spurious quotes are counted by kind alone: they have no stance or role by the coders' reading.

    Attributes:
        extractor: Name of the extractor that was measured ("rules").
        measured_on: Which coded articles.
        kinds: One entry for each kind.
        version: Of the extractor: what changes when its answers may.
        n_articles: How many articles.
        codebook: Digest of the codebook of the cells' categories.
        cells: Recall by kind, stance and role, adding up to the kinds'; empty where it was
            measured by kind alone.
        dispersion: How much more the number of missed quotes varies from article to article than
            quotes missed independently would, as a ratio of variances, at least 1.
        article_variance: Variance between articles of the log odds that a quote is missed, given
            its kind, at least 0.
    """

    extractor: str
    measured_on: str
    kinds: tuple[KindError, ...]
    version: str = ""
    n_articles: int = 0
    codebook: str = ""
    cells: tuple[RecallCell, ...] = ()
    dispersion: float = 1.0
    article_variance: float = 0.0

    def __post_init__(self) -> None:
        who = f"extraction error of {self.extractor!r}"
        kinds = sorted(error.kind for error in self.kinds)
        if kinds != sorted(get_args(QuoteKind)):
            raise DataError(
                f"{who}: kinds are {', '.join(kinds) or 'none'}; "
                f"give each of {', '.join(get_args(QuoteKind))} once"
            )
        if not 1 <= self.dispersion < float("inf"):
            raise DataError(f"{who}: dispersion is {self.dispersion}; it takes 1 or more")
        if not 0 <= self.article_variance < float("inf"):
            raise DataError(
                f"{who}: article_variance is {self.article_variance}; it takes 0 or more"
            )
        if self.cells:
            self._check_cells(who)

    def _check_cells(self, who: str) -> None:
        if not self.codebook or self.n_articles < 2:
            raise DataError(
                f"{who}: cells come with codebook {self.codebook!r} and {self.n_articles} "
                "articles; give the digest of their codebook and at least 2 articles"
            )
        names = collections.Counter((cell.kind, cell.stance, cell.role) for cell in self.cells)
        (name, n), *_ = names.most_common(1)
        if n > 1:
            raise DataError(f"{who}: the cell {', '.join(name)} stands {n} times; give it once")
        for kind in self.kinds:
            for part in ("gold", "recalled"):
                total = sum(getattr(cell, part) for cell in self.cells if cell.kind == kind.kind)
                if total != getattr(kind, part):
                    raise DataError(
                        f"{who}: {part} of {kind.kind} quotes is {getattr(kind, part)}, but the "
                        f"cells add up to {total}; they count the same quotes"
                    )

    def of(self, kind: QuoteKind) -> KindError:
        """The errors on that kind."""
        return next(error for error in self.kinds if error.kind == kind)

    def recall_by(self, variable: Literal["stance", "role"]) -> dict[str, tuple[int, int]]:
        """Recalled and gold quotes of each coded category, in alphabetical order."""
        counts: dict[str, tuple[int, int]] = {}
        for cell in sorted(self.cells, key=lambda one: str(getattr(one, variable))):
            recalled, gold = counts.get(getattr(cell, variable), (0, 0))
            counts[getattr(cell, variable)] = recalled + cell.recalled, gold + cell.gold
        counts.pop("", None)
        return counts


def load_extraction_error(extractor: str = "rules") -> ExtractionError | None:
    """Measured errors of an extractor: the shipped ones, or those in its folder.

    Args:
        extractor: Name of an extractor, or the folder of a trained one, which may hold
            `extraction_error.json`.

    Returns:
        None where its errors have not been measured: then nothing can be corrected.

    Raises:
        DataError: The file is not such a record, or is of another extractor.
    """
    shipped = resources.files("framing.balance") / "extraction_errors"
    for file in shipped.iterdir():
        if file.name == f"{extractor}.json":
            where = f"{file.name} (shipped)"
            error = _parse(file.read_text(encoding="utf-8"), where)
            if error.extractor != extractor:
                raise DataError(
                    f"extraction error {where}: it is of {error.extractor!r}; a file is named "
                    "after its extractor"
                )
            return error
    own = Path(extractor) / IN_FOLDER
    return read_extraction_error(own) if extractor and own.is_file() else None


def read_extraction_error(path: Path | str) -> ExtractionError:
    """Read measured errors from a file.

    Raises:
        DataError: The file is missing, not JSON, or not such a record.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"extraction error {path}: cannot be read ({error})") from error
    return _parse(text, str(path))


def write_extraction_error(path: Path | str, error: ExtractionError) -> None:
    """Write measured errors as JSON, one count a line; `read_extraction_error` reads them back."""
    entries = []
    for key, value in to_json(error).items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            text = f"[\n  {rows}\n ]"
        entries.append(f" {json.dumps(key)}: {text}")
    with replace_file(path) as file:
        file.write("{\n" + ",\n".join(entries) + "\n}\n")


def describe_extraction_error(error: ExtractionError | None, codebook: Codebook) -> str:
    """Sentences for the report: whether intervals cover missed and spurious quotes, and how."""
    if error is None:
        return (
            "Extraction errors are not in the intervals: they cover the classifier's uncertainty "
            "only. Quotes that the extractor missed or made up are not corrected for, since its "
            "errors have not been measured."
        )
    rates = "; ".join(
        f"{k.kind}: precision {k.precision:.2f} ({k.correct}/{k.found}), "
        f"recall {k.recall:.2f} ({k.recalled}/{k.gold})"
        for k in error.kinds
    )
    said = (
        "Values and intervals allow for quotes that the extractor missed or made up, by the errors "
        f"of {error.extractor!r} on {error.measured_on} ({rates}). "
    )
    if error.cells and error.codebook == codebook.digest:
        audited = ", ".join(
            f"{category.replace('_', ' ')} {recalled / gold:.2f} ({recalled}/{gold})"
            for counts in (error.recall_by("stance"), error.recall_by("role"))
            for category, (recalled, gold) in counts.items()
        )
        said += (
            "A quote is taken to be missed as often as others of its kind, stance and role were "
            f"there; recall was {audited}. "
        )
    else:
        said += (
            "A quote is taken to be missed as often as others of its kind were there, whatever "
            "its categories, since recall by the categories of this codebook has not been "
            "measured. "
        )
    return said + "Who says a quote is taken as resolved."


def _parse(text: str, where: str) -> ExtractionError:
    try:
        return from_json(json.loads(text), ExtractionError)
    except json.JSONDecodeError as error:
        raise DataError(f"extraction error {where}: not JSON: {error}") from error
    except DataError as error:
        raise DataError(f"extraction error {where}: {error}") from error
