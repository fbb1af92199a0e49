"""Groups of a corpus compared, corrected by articles that people have coded."""

import csv
import dataclasses
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from framing.balance.compare import Comparison, compare_groups
from framing.balance.totals import article_totals
from framing.codebook import Codebook, Variable, load_codebook
from framing.errors import DataError, count
from framing.jsonl import replace_file
from framing.pipeline.classifiers import load_classifiers
from framing.pipeline.corpus import Corpus, read_corpus
from framing.pipeline.prediction import predict_units, target_notes
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Progress, Step
from framing.pipeline.stored_predictions import PREDICTIONS, Predicted, read_predictions
from framing.records import Article, Label, Prediction, Quote

__all__ = ["COMPARISONS", "compare_corpus", "group_of", "write_comparisons"]

COMPARISONS = "comparisons.csv"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    """What coders found in one article."""

    quotes: tuple[Quote, ...]
    labels: tuple[Label, ...]
    probability: float


def compare_corpus(
    folder: Path | str,
    *,
    by: str,
    seed: int,
    gold: Path | str | None = None,
    out: Path | str | None = None,
    variables: Sequence[str] = (),
    reference: str | None = None,
    models: Sequence[Path | str] = (),
    target: str = "",
    level: float = 0.95,
    codebook: Path | str | None = None,
    progress: Progress | None = None,
) -> tuple[Step, tuple[Comparison, ...]]:
    """Compare groups of articles; see `framing.balance.compare.compare_groups`.

    Quotes and predictions are the machine's, end to end. Coded articles are found again in the
    folder by their text.

    Args:
        folder: Of `extract_corpus`, not corrected by hand: the correction needs its mistakes.
        by: "outlet", "month", "year", or a key of the articles' group, such as "lean".
        seed: Of the bootstrap.
        gold: Folder of coded articles: every quote in them, with adjudicated labels.
        out: Folder for comparisons.csv and run.json; nothing is written when absent.
        variables: Names of the codebook's variables; all when absent.
        reference: Group that the others are compared with; all pairs when absent.
        models: Folders of trained models; the shipped ones for variables without any.
        target: Target of stance for articles that have none.
        level: Of the confidence intervals, in (0, 1).
        codebook: File; the shipped one when absent.
        progress: Called with units predicted and units in all.

    Raises:
        DataError: The folder was corrected by hand, no article has the group, no coded article is
            among its articles, or see `read_corpus` and `compare_groups`.
    """
    folder = Path(folder)
    book = load_codebook(codebook)
    asked = [book.variable(name) for name in variables] or list(book.variables)
    corpus = read_corpus(folder, codebook=book, target=target)
    if corpus.corrected:
        raise DataError(
            f"{folder}: its quotes are not as framing extract left them; a comparison is corrected "
            "for the extractor's mistakes, so extract into a folder of its own, and give the "
            "corrected one with --gold"
        )
    groups, notes = _groups(corpus, by)
    notes += target_notes(corpus)
    coded: dict[str, _Coded] = {}
    inputs = dict(corpus.inputs)
    if gold is None:
        notes.append(
            "No coded articles were given (--gold), so nothing can be corrected: rows have only "
            "the naive value, which is biased."
        )
    else:
        gold_corpus = read_corpus(gold, codebook=book)
        inputs |= gold_corpus.inputs
        coded = _coded(corpus, gold_corpus, notes)
    if corpus.labels:
        notes.append(f"labels.jsonl of {folder} is not used: coded articles come with --gold.")
    predicted = _predicted(corpus, book, models, progress)
    inputs |= predicted.inputs
    rows: list[Comparison] = []
    for number, variable in enumerate(asked):
        rows += _compared(
            corpus, groups, coded, predicted, variable, book, notes,
            reference=reference, level=level, rng=np.random.default_rng([seed, number]),
        )  # fmt: skip
    results = {
        "articles": len(groups),
        "articles_coded": len(coded.keys() & groups.keys()),
        "groups": dict(sorted(Counter(groups.values()).items())),
        "rows": len(rows),
        "rows_excluded": sum(bool(row.excluded_reason) for row in rows),
        "codebook": book.digest,
    }
    step = Step(folder=folder, files=(), inputs=inputs, results=results, notes=tuple(notes))
    if out is not None:
        out = Path(out)
        arguments = {
            "folder": str(folder),
            "by": by,
            "gold": None if gold is None else str(gold),
            "variables": list(variables),
            "reference": reference,
            "models": [str(model) for model in models],
            "target": target,
            "level": level,
            "codebook": None if codebook is None else str(codebook),
        }
        run = begin_run("compare", arguments, out, seed=seed)
        run.inputs.update(inputs)
        run.results.update(results)
        with replace_file(out / COMPARISONS) as file:
            write_comparisons(file, rows)
        end_run(run, out, [out / COMPARISONS])
        step = dataclasses.replace(step, folder=out, files=(out / COMPARISONS,))
    return step, tuple(rows)


def group_of(article: Article, by: str) -> str:
    """The article's group, or "" where it has none: outlet, month, year, or a key of `group`."""
    if by == "outlet":
        return article.outlet
    if by in ("month", "year"):
        if article.date is None:
            return ""
        return article.date.isoformat()[: 7 if by == "month" else 4]
    return article.group.get(by, "")


def write_comparisons(file: IO[str], rows: Sequence[Comparison]) -> None:
    """One line a row, with a header; an empty cell where there is no value."""
    names = [field.name for field in dataclasses.fields(Comparison)]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)


def _groups(corpus: Corpus, by: str) -> tuple[dict[str, str], list[str]]:
    found = {article.id: group_of(article, by) for article in corpus.articles}
    groups = {article_id: group for article_id, group in found.items() if group}
    if not groups:
        keys = sorted({key for article in corpus.articles for key in article.group})
        raise DataError(
            f"{corpus.folder}: no article has a group by {by!r}; accepted: outlet, month, year"
            + "".join(f", {key}" for key in keys)
        )
    without = len(found) - len(groups)
    have = count(without, "article has", "articles have")
    are = "is" if without == 1 else "are"
    notes = [f"{have} no {by} and {are} in no group."] if without else []
    return groups, notes


def _coded(corpus: Corpus, gold: Corpus, notes: list[str]) -> dict[str, _Coded]:
    """By the id that the article has in the corpus."""
    ids = {article.sha256: article.id for article in corpus.articles}
    targets = {article.id: article.stance_target for article in corpus.articles}
    labels: dict[str, list[Label]] = defaultdict(list)
    for label in gold.labels:
        labels[label.unit_id].append(label)
    coded = {}
    for article in gold.articles:
        if article.sha256 not in ids:
            continue
        target = targets[ids[article.sha256]]
        if article.target and article.target != target:
            raise DataError(
                f"{gold.folder}: article {article.id!r} was coded toward {article.target!r}, but "
                f"in {corpus.folder} stance is predicted toward {target!r}; give both one target"
            )
        extraction = gold.extractions[article.id]
        own = [label for unit in extraction.quotes for label in labels[unit.id]]
        own += [label for unit in extraction.speakers for label in labels[unit.id]]
        probabilities = {label.probability for label in own}
        if len(probabilities) > 1:
            raise DataError(
                f"{gold.folder / 'labels.jsonl'}: labels of article {article.id!r} have the "
                f"probabilities {', '.join(f'{p:g}' for p in sorted(probabilities))}; an article "
                "is drawn as a whole, with one probability"
            )
        article_id = ids[article.sha256]
        coded[article_id] = _Coded(
            quotes=tuple(dataclasses.replace(q, article_id=article_id) for q in extraction.quotes),
            labels=tuple(own),
            probability=probabilities.pop() if probabilities else 1.0,
        )
    if not coded:
        raise DataError(
            f"{gold.folder}: holds {count(len(gold.articles), 'article')}, none with the text of "
            f"an article in {corpus.folder}; a correction needs articles that are in both"
        )
    if len(coded) < len(gold.articles):
        n = len(gold.articles) - len(coded)
        are = "is" if n == 1 else "are"
        notes.append(
            f"{n:,} of {count(len(gold.articles), 'coded article')} {are} not in {corpus.folder} "
            f"(by the text) and {are} not used."
        )
    return coded


def _predicted(
    corpus: Corpus, codebook: Codebook, models: Sequence[Path | str], progress: Progress | None
) -> Predicted:
    if not models and (corpus.folder / PREDICTIONS).exists():
        found = read_predictions(corpus, codebook)
        if isinstance(found, Predicted):
            return found
    unlabelled = dataclasses.replace(corpus, labels=())  # a label replaces no prediction here
    classifiers = load_classifiers(unlabelled, codebook, models)
    return predict_units(unlabelled, classifiers, codebook, progress=progress)


def _compared(
    corpus: Corpus,
    groups: Mapping[str, str],
    coded: Mapping[str, _Coded],
    predicted: Predicted,
    variable: Variable,
    codebook: Codebook,
    notes: list[str],
    *,
    reference: str | None,
    level: float,
    rng: np.random.Generator,
) -> tuple[Comparison, ...]:
    by_unit: dict[str, Prediction] = {
        prediction.unit_id: prediction
        for prediction in predicted.predictions
        if prediction.variable == variable.name
    }
    without_target = {
        article.id
        for article in corpus.articles
        if variable.positive and not article.stance_target.strip()
    }
    left_out = len(without_target & groups.keys())
    if left_out:
        have = count(left_out, "article has", "articles have")
        notes.append(f"{have} no target, so no {variable.name}: not compared.")
    totals = []
    for article_id, group in groups.items():
        if article_id in without_target:
            continue
        quotes = corpus.extractions[article_id].quotes
        units = [quote.id if variable.unit == "quote" else quote.speaker_id for quote in quotes]
        of_article = coded.get(article_id)
        totals.append(
            article_totals(
                article_id=article_id,
                group=group,
                variable=variable.name,
                quotes=quotes,
                predictions=[by_unit[unit] for unit in dict.fromkeys(units) if unit in by_unit],
                gold_quotes=None if of_article is None else of_article.quotes,
                labels=() if of_article is None else of_article.labels,
                probability=1.0 if of_article is None else of_article.probability,
                codebook=codebook,
            )
        )
    return compare_groups(totals, codebook=codebook, reference=reference, level=level, rng=rng)
