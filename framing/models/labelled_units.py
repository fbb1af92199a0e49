"""Labelled units of a folder of coded articles: to train on, to validate with, to score by."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.codebook import Codebook, Variable
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.models.units import Unit, make_units
from framing.records import Article, Extraction, Label, Quote, Speaker
from framing.runs import file_sha256

__all__ = [
    "CODED_FILES",
    "PARTS_OF_SPLIT",
    "Examples",
    "TrainingData",
    "in_part",
    "read_coded_units",
    "read_training_data",
    "target_shares",
]

CODED_FILES = ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl")
PARTS_OF_SPLIT = ("train", "validation", "test")
_ADJUDICATED = "adjudicated"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Units of one variable and what is to be learned of them.

    Attributes:
        units: The units, n of them.
        targets: Shares of the categories, shape [n, number of categories]; rows sum to 1. A row
            is a single category unless coders differ and nobody has settled it.
    """

    units: tuple[Unit, ...]
    targets: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.targets.shape[:1] != (len(self.units),):
            raise DataError(
                f"examples: {len(self.units)} units and targets of shape {self.targets.shape}; "
                "give one row for each unit"
            )

    @property
    def settled(self) -> NDArray[np.bool_]:
        """Which units have a single category; only these can be scored by. Shape [n]."""
        return np.asarray(self.targets.max(axis=1, initial=0) == 1)

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> "Examples":
        """Those of the given indices, in that order."""
        chosen = np.asarray(rows, dtype=np.int64)
        return Examples(units=tuple(self.units[i] for i in chosen), targets=self.targets[chosen])


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """What a training may see of a folder: never its test part.

    Attributes:
        variables: By name.
        train: Examples to learn from, by variable.
        validation: Examples to stop and to calibrate by; None where the articles name no parts,
            so that cross-validation has to do it.
        events: Article id to event; articles of one event are kept together.
        files: sha256 of the files, by name.
        n_unlabelled: Units of these parts without a label, by variable.
        n_articles: Articles of these parts, those without units too.
        n_invented: Articles written about invented events, among those used.
        split: Which of the articles' columns names the parts; "" for none.
    """

    variables: Mapping[str, Variable]
    train: Mapping[str, Examples]
    validation: Mapping[str, Examples] | None
    events: Mapping[str, str]
    files: Mapping[str, str]
    n_unlabelled: Mapping[str, int]
    n_articles: int
    n_invented: int
    split: str


def read_training_data(
    data: Path, variables: Sequence[Variable], *, codebook: Codebook, split: str | None = None
) -> TrainingData:
    """Read the training and the validation part of a folder of coded articles.

    The parts are those that the articles name in a column (`group`), as `framing dataset hydrate`
    writes it: "train", "validation", "test", anything else being left out.

    Args:
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        variables: What is to be learned.
        codebook: Of the labels.
        split: Name of the column; "split" when absent, where the articles have one.

    Raises:
        DataError: See `read_coded_units`; or the column is missing, or names no training article.
    """
    articles = read_jsonl(data / "articles.jsonl", Article)
    if split is None:
        split = "split" if any("split" in article.group for article in articles) else ""
    parts = {part: list(filter(in_part(split, part), articles)) for part in ("train", "validation")}
    if not parts["train"]:
        columns = sorted({name for article in articles for name in article.group})
        raise DataError(
            f'{data / "articles.jsonl"}: no article has {split!r}: "train" in its group; '
            f"columns there: {', '.join(columns) or 'none'}; give the one that names the parts "
            "with --split, or data without parts"
        )
    read: dict[str, dict[str, Examples]] = {"train": {}, "validation": {}}
    n_unlabelled: dict[str, int] = {}
    for variable in variables:
        n_unlabelled[variable.name] = 0
        for part in parts:
            units, shares, n = _read_units(
                data, variable, codebook=codebook, wanted=in_part(split, part)
            )
            n_unlabelled[variable.name] += n
            targets = np.array([shares[unit.id] for unit in units])
            read[part][variable.name] = Examples(
                units=tuple(units), targets=targets.reshape(len(units), len(variable.names))
            )
    used = [*parts["train"], *parts["validation"]]
    return TrainingData(
        variables={variable.name: variable for variable in variables},
        train=read["train"],
        validation=read["validation"] if parts["validation"] else None,
        events={a.id: a.group["event"] for a in used if a.group.get("event")},
        files={name: file_sha256(data / name) for name in CODED_FILES},
        n_unlabelled=n_unlabelled,
        n_articles=len(used),
        n_invented=sum(article.group.get("invented") == "true" for article in used),
        split=split,
    )


def read_coded_units(
    data: Path,
    variable: Variable,
    *,
    codebook: Codebook,
    wanted: Callable[[Article], bool] = lambda _: True,
    headline: bool = False,
    skip_unsettled: bool = False,
) -> tuple[list[Article], list[Unit], list[str], int]:
    """Read a folder of coded articles to score by.

    A unit's value is its adjudicated label; without one, the value that its coders agree on.

    Args:
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        variable: Whose labels are read.
        codebook: That they were given under.
        wanted: Which articles are read; all when absent.
        headline: Whether the headline stands in for the target, even where there is one.
        skip_unsettled: Whether units on which coders differ count as units without a label.

    Returns:
        The articles, the labelled units, their values, and the number of units without a label.

    Raises:
        DataError: A file is missing or wrong, two articles have one text, or a label is of
            another codebook, of no unit, of no category, or, unless such are skipped,
            contradicted without adjudication.
    """
    labelled, shares, n = _read_units(
        data, variable, codebook=codebook, wanted=wanted, headline=headline
    )
    units, values = [], []
    for unit in labelled:
        found = sorted(name for name, x in zip(variable.names, shares[unit.id], strict=True) if x)
        if len(found) > 1 and skip_unsettled:
            n += 1
            continue
        if len(found) > 1:
            raise DataError(
                f"{data / 'labels.jsonl'}: {unit.id!r} is labelled {' and '.join(found)}; add one "
                'label by annotator "adjudicated" that settles it'
            )
        units.append(unit)
        values.append(found[0])
    articles = [a for a in read_jsonl(data / "articles.jsonl", Article) if wanted(a)]
    return articles, units, values, n


def in_part(split: str, part: str) -> Callable[[Article], bool]:
    """Whether an article is in a part of a split; without a split, all are in "train"."""
    return lambda article: (article.group.get(split, "") if split else "train") == part


def target_shares(labels: Sequence[Label], categories: Sequence[str]) -> NDArray[np.float64]:
    """What is to be learned of one unit: shares of the categories, shape [n_categories].

    The adjudicated value outranks; without one, each coder counts alike, so that two who differ
    give half and half (soft labels: Uma et al. 2021, doi:10.1613/jair.1.12752).

    Args:
        labels: Of one unit and variable, at least one.
        categories: In the codebook's order.

    Raises:
        DataError: There are two adjudicated values.
    """
    settled = {label.value for label in labels if label.annotator == _ADJUDICATED}
    if len(settled) > 1:
        raise DataError(
            f"{labels[0].unit_id!r} is labelled {' and '.join(sorted(settled))}, both adjudicated; "
            "keep one"
        )
    values = [*settled] or [label.value for label in labels]
    return np.array([values.count(name) / len(values) for name in categories])


def _read_units(
    data: Path,
    variable: Variable,
    *,
    codebook: Codebook,
    wanted: Callable[[Article], bool],
    headline: bool = False,
) -> tuple[list[Unit], dict[str, NDArray[np.float64]], int]:
    """The labelled units wanted, the shares of all units, and how many wanted have none."""
    articles = read_jsonl(data / "articles.jsonl", Article)
    quotes = read_jsonl(data / "quotes.jsonl", Quote)
    speakers = read_jsonl(data / "speakers.jsonl", Speaker)
    labels = read_jsonl(data / "labels.jsonl", Label)
    _check_articles(data, articles, [*quotes, *speakers])
    shares = _shares(data, labels, variable, codebook)
    of_kind: Sequence[Quote | Speaker] = quotes if variable.unit == "quote" else speakers
    if orphans := sorted(shares.keys() - {part.id for part in of_kind}):
        raise DataError(
            f"{data / 'labels.jsonl'}: {len(orphans)} {variable.name} labels are of no "
            f"{variable.unit}, first {orphans[0]!r}; its unit_id must be the id of one"
        )
    quotes_of: dict[str, list[Quote]] = {article.id: [] for article in articles}
    speakers_of: dict[str, list[Speaker]] = {article.id: [] for article in articles}
    for quote in quotes:
        quotes_of[quote.article_id].append(quote)
    for speaker in speakers:
        speakers_of[speaker.article_id].append(speaker)
    labelled: list[Unit] = []
    n_unlabelled = 0
    for article in filter(wanted, articles):
        extraction = Extraction(
            article_id=article.id,
            quotes=tuple(quotes_of[article.id]),
            speakers=tuple(speakers_of[article.id]),
        )
        target = article.title if headline else article.stance_target
        for unit in make_units(article, extraction, variable, target=target):
            if unit.id in shares:
                labelled.append(unit)
            else:
                n_unlabelled += 1
    return labelled, shares, n_unlabelled


def _check_articles(
    data: Path, articles: Sequence[Article], parts: Sequence[Quote | Speaker]
) -> None:
    seen: dict[str, str] = {}
    for article in articles:
        if article.sha256 in seen:
            raise DataError(
                f"{data / 'articles.jsonl'}: articles {seen[article.sha256]!r} and "
                f"{article.id!r} have the same text; keep one, or a fold would be trained on "
                "what it is tested on"
            )
        seen[article.sha256] = article.id
    ids = set(seen.values())
    for what, records in (("article", articles), ("quote or speaker", parts)):
        name, n = Counter(one.id for one in records).most_common(1)[0] if records else ("", 0)
        if n > 1:
            raise DataError(
                f"{data}: {n} times {what} {name!r}; each needs an id of its own, or one would be "
                "given the labels of another"
            )
    for part in parts:
        if part.article_id not in ids:
            raise DataError(
                f"{data}: {type(part).__name__.lower()} {part.id!r} is of article "
                f"{part.article_id!r}, which is not in articles.jsonl"
            )


def _shares(
    data: Path, labels: Sequence[Label], variable: Variable, codebook: Codebook
) -> dict[str, NDArray[np.float64]]:
    where = data / "labels.jsonl"
    by_unit: dict[str, list[Label]] = {}
    for label in labels:
        if label.variable != variable.name:
            continue
        if label.value not in variable.names:
            raise DataError(
                f"{where}: label of {label.unit_id!r} is {label.value!r}; {variable.name} "
                f"accepts: {', '.join(variable.names)}"
            )
        if label.codebook and label.codebook != codebook.digest:
            raise DataError(
                f"{where}: label of {label.unit_id!r} was given under codebook "
                f"{label.codebook}, but {codebook.name!r} is {codebook.digest}; label it again "
                "under this one, or give the other with --codebook"
            )
        by_unit.setdefault(label.unit_id, []).append(label)
    try:
        return {key: target_shares(given, variable.names) for key, given in by_unit.items()}
    except DataError as error:
        raise DataError(f"{where}: {error}") from error
