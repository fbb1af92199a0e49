"""The main job: articles in, report out."""

import contextlib
import hashlib
import importlib.metadata
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.codebook import Codebook, load_codebook
from framing.errors import DataError
from framing.jsonl import write_jsonl
from framing.pipeline.classifiers import load_classifiers
from framing.pipeline.corpus import Corpus, is_extracted, read_corpus
from framing.pipeline.extraction import extract_corpus
from framing.pipeline.measurement import measure_corpus
from framing.pipeline.prediction import basis_notes, predict_units, target_notes
from framing.pipeline.run_records import begin_run, end_run, read_run
from framing.pipeline.steps import Progress, Step
from framing.pipeline.stored_predictions import PREDICTIONS, Predicted, read_predictions
from framing.report import write_report
from framing.runs import file_sha256

__all__ = ["report_corpus"]

_RECORDS = "records"


def report_corpus(
    inputs: str | Path | Iterable[str | Path],
    *,
    out: Path | str,
    seed: int,
    target: str = "",
    extractor: str = "tagger",
    models: Sequence[Path | str] = (),
    level: float = 0.9,
    include_text: bool = True,
    codebook: Path | str | None = None,
    progress: Progress | None = None,
) -> Step:
    """Extract, predict, measure and report.

    Writes index.html, balance.csv, balance.jsonl, predictions.jsonl, figures/, tables/ and
    run.json; from articles also records/, a folder of `extract_corpus` to correct and to report
    on again. Files of an earlier report there that this one has not are removed, unless somebody
    changed them.

    Args:
        inputs: Files, folders, globs or "-"; or one folder of `extract_corpus`, as corrected by
            hand, whose labels.jsonl outranks predictions.
        out: Folder, made when missing.
        seed: Of the simulated codings.
        target: Target of stance for articles whose data give none; else the headline stands in.
        extractor: What finds quotes in articles; not used for a folder of extracted ones.
        models: Folders of trained models; the shipped ones for variables without any.
        level: Of the intervals, in (0, 1).
        include_text: Whether headlines and words of the articles are shown and kept.
        codebook: File; the shipped one when absent.
        progress: Called with what is done, how much of it, and how much there is.

    Raises:
        DataError: See `extract_corpus`, `read_corpus`, `load_classifiers`, `measure_balance` and
            `write_report`.
    """
    given = [str(inputs)] if isinstance(inputs, (str, Path)) else [str(item) for item in inputs]
    out = Path(out)
    book = load_codebook(codebook)
    if not 0 < level < 1:
        raise DataError(f"level is {level}; it takes a number between 0 and 1, such as 0.9")
    _check_inputs(given, out)
    arguments = {
        "inputs": given,
        "target": target,
        "extractor": extractor,
        "models": [str(model) for model in models],
        "level": level,
        "include_text": include_text,
        "codebook": None if codebook is None else str(codebook),
    }
    run = begin_run("report", arguments, out, seed=seed)
    before = _files_of_last_report(out)
    with _extracted(given, out, target, extractor, codebook, include_text, progress) as extracted:
        folder, files, inputs_read, reading_notes = extracted
        corpus = read_corpus(folder, codebook=book, target=target)
        run.inputs.update(inputs_read or corpus.inputs)
        predicted, messages = _predicted(corpus, book, models, progress)
        run.inputs.update(predicted.inputs)
        measured = measure_corpus(
            corpus, predicted, codebook=book, seed=seed, level=level, progress=progress
        )
        notes = (*reading_notes, *corpus.notes, *messages, *predicted.notes, measured.note)
        if progress is not None:
            progress("writing the report", 0, 1)
        files += write_report(
            out,
            articles=corpus.articles,
            extractions=corpus.extractions,
            predictions=predicted.predictions,
            labels=corpus.labels,
            balances=measured.balances,
            exclusions=(*corpus.exclusions, *predicted.exclusions, *measured.exclusions),
            codebook=book,
            notes=notes,
            models=predicted.models,
            run=_facts(run.inputs, corpus, arguments, seed),
            include_text=include_text,
        )
    write_jsonl(out / PREDICTIONS, predicted.predictions)
    files.append(out / PREDICTIONS)
    leftovers = _remove_leftovers(out, before, files)
    run.results.update(
        articles=len(corpus.articles),
        articles_measured=len(measured.balances),
        articles_excluded=sum(exclusion.stage == "articles" for exclusion in corpus.exclusions),
        quotes=corpus.n_quotes,
        speakers=corpus.n_speakers,
        labels=len(corpus.labels),
        predictions=len(predicted.predictions),
        headline_as_target=sum(balance.target_is_title for balance in measured.balances),
        models=[note.name for note in predicted.models],
        codebook=book.digest,
        notes=list(notes),
    )
    end_run(run, out, files)
    return Step(
        folder=out,
        files=tuple(files),
        inputs=run.inputs,
        results=run.results,
        # The page says these in places of their own.
        notes=(*notes, *basis_notes(predicted), *target_notes(corpus), *leftovers),
    )


def _check_inputs(given: Sequence[str], out: Path) -> None:
    for item in given:
        if item != "-" and is_extracted(item):
            if len(given) > 1:
                raise DataError(
                    f"{item} is a folder of framing extract, which is reported on alone; "
                    f"{len(given)} inputs were given"
                )
            if out.resolve() == Path(item).resolve():
                raise DataError(
                    f"--out {out} is the folder that is read; give another for the report"
                )


@contextlib.contextmanager
def _extracted(
    given: Sequence[str],
    out: Path,
    target: str,
    extractor: str,
    codebook: Path | str | None,
    include_text: bool,
    progress: Progress | None,
) -> Iterator[tuple[Path, list[Path], Mapping[str, str], tuple[str, ...]]]:
    """The folder with the extracted articles, files that were written, inputs, and notes."""
    if is_extracted(given[0]):
        yield Path(given[0]), [], {}, ()
        return
    with contextlib.ExitStack() as stack:
        if include_text:
            folder = out / _RECORDS
        else:  # they hold the words of the articles, which are not to be shared
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="framing-")))
        step = extract_corpus(
            given,
            out=folder,
            target=target,
            extractor=extractor,
            codebook=codebook,
            progress=progress,
        )
        yield folder, list(step.files) if include_text else [], step.inputs, step.notes


def _predicted(
    corpus: Corpus,
    codebook: Codebook,
    models: Sequence[Path | str],
    progress: Progress | None,
) -> tuple[Predicted, tuple[str, ...]]:
    """Predictions that are there and still hold, else new ones."""
    messages: tuple[str, ...] = ()
    if not models and (corpus.folder / PREDICTIONS).exists():
        found = read_predictions(corpus, codebook)
        if isinstance(found, Predicted):
            return found, messages
        messages = (f"{PREDICTIONS} was not used, since {found}; everything was predicted again.",)
    classifiers = load_classifiers(corpus, codebook, models)
    return predict_units(corpus, classifiers, codebook, progress=progress), messages


def _facts(
    inputs: Mapping[str, str], corpus: Corpus, arguments: Mapping[str, Any], seed: int
) -> dict[str, str]:
    """What an equal run would repeat: no clock, no machine, no folder."""
    digest = hashlib.sha256("".join(sorted(inputs.values())).encode()).hexdigest()
    files = "1 file" if len(inputs) == 1 else f"{len(inputs):,} files"
    return {
        "version": importlib.metadata.version("framing"),
        "input": f"{files}, sha256 of their digests {digest[:12]}",
        "extractor": _extractor(corpus),
        "target": _targets(corpus),
        "level": f"{arguments['level']:g}",
        "seed": str(seed),
    }


def _extractor(corpus: Corpus) -> str:
    """What found the quotes, and whether they are still as it found them."""
    name = corpus.extractor or "unknown"
    if not corpus.corrected:
        return name
    return name + (", corrected" if corpus.corrected_articles else ", speakers may be corrected")


def _targets(corpus: Corpus) -> str:
    """The target that all articles have, or that they differ."""
    targets = {article.target for article in corpus.articles}
    if len(targets) > 1:
        return "of each article"
    return next(iter(targets), "") or "none given"


def _files_of_last_report(out: Path) -> dict[str, str]:
    path = out / "run.json"
    if not path.is_file():
        return {}
    record = read_run(path)
    return dict(record["outputs"]) if record["command"] == "report" else {}


def _remove_leftovers(
    out: Path, before: Mapping[str, str], files: Sequence[Path]
) -> tuple[str, ...]:
    """Remove what only the last report wrote: stale pages, or texts that are not to be shared."""
    written = {path.relative_to(out).as_posix() for path in files}
    kept = []
    for name, digest in before.items():
        path = out / name
        inside = path.resolve().is_relative_to(out.resolve())
        if name in written or not inside or not path.is_file():
            continue
        if file_sha256(path) == digest:
            path.unlink()
        else:
            kept.append(name)
    records = out / _RECORDS
    if f"{_RECORDS}/articles.jsonl" in before and not (records / "articles.jsonl").exists():
        (records / "run.json").unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty: somebody's own files are there
            records.rmdir()
    return tuple(
        f"{out / name} is of an earlier report and was changed since, so it was kept."
        for name in sorted(kept)
    )
