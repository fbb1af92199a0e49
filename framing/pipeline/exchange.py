"""Coded folders out to the formats of other tools, and back."""

import collections
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framing.codebook import Codebook, load_codebook
from framing.dataset.exchange import (
    CodedCorpus,
    Format,
    Suggestion,
    find_format,
    keep_surviving,
    with_suggestions,
    write_corpus,
)
from framing.dataset.exchange.drawn_labels import give_probabilities
from framing.dataset.label_draws import DrawnUnit
from framing.errors import DataError
from framing.jsonl import read_jsonl, write_jsonl
from framing.pipeline.coded_source import read_coded
from framing.pipeline.coder_changes import count_changes, count_records, find_missing, say_changes
from framing.pipeline.extraction import quotes_digest
from framing.pipeline.found_quotes import FoundQuotes, find_found_quotes, write_found_quotes
from framing.pipeline.gathered_codings import DRAW
from framing.pipeline.new_folders import check_new, new_folder
from framing.pipeline.run_records import begin_run, end_run, read_run
from framing.pipeline.steps import Step
from framing.records import Exclusion, Label, Prediction
from framing.runs import file_sha256

__all__ = ["LOSSES", "export_corpus", "import_corpus"]

LOSSES = "losses.jsonl"
_WHOLE = "coding"  # name of what is exported for nobody in particular
_CODER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_HOLDING = "a coder's work"
_TAKEN = (LOSSES, "run.json")  # what lies beside the coders' files


def export_corpus(
    source: Path | str,
    *,
    format: str,
    out: Path | str,
    seed: int,
    coders: Sequence[str] = (),
    suggest: Path | str | None = None,
    codebook: Path | str | None = None,
) -> Step:
    """Write a coded folder in the format of another tool.

    Without coders, everything goes to `out/coding`; with coders, each has a file or folder of
    their own, `out/NAME`, with the units of `source/coders/NAME` if that is there, else with
    those of `source`, and with no labels but their own. losses.jsonl lists what the format cannot
    hold, run.json records the run.

    Args:
        source: Folder with articles.jsonl, quotes.jsonl and speakers.jsonl.
        format: Name of the format.
        out: Folder that is new or empty.
        seed: Of every draw, such as a coder's order of units.
        coders: Who is to code.
        suggest: File of predictions whose most probable category coders are shown.
        codebook: File; the shipped one when absent.

    Raises:
        DataError: `source` is wrong, `out` holds files, there is no such format or it holds one
            coder's labels and there are several.
    """
    source, out, form, book = Path(source), Path(out), find_format(format), load_codebook(codebook)
    coders = _check_coders(coders)
    shown = () if suggest is None else _read_suggestions(Path(suggest), book)
    arguments = {
        "source": str(source),
        "format": format,
        "coders": list(coders),
        "suggest": None if suggest is None else str(suggest),
        "codebook": None if codebook is None else str(codebook),
    }
    check_new(out, holding=_HOLDING)
    with new_folder(out) as beside:
        run = begin_run("export", arguments, beside, seed=seed)
        losses: list[Exclusion] = []
        counts: dict[str, Any] = {}
        for coder in coders or ("",):
            corpus, inputs = read_coded(source, coder, codebook=book)
            run.inputs.update(inputs)
            kept, lost = keep_surviving(_suggest(corpus, shown), form.survival)
            _check_one_coder(form, kept, coder)
            form.write(kept, beside / f"{coder or _WHOLE}{form.suffix}", coder=coder, seed=seed)
            losses += lost
            counts[coder or _WHOLE] = count_records(kept)
        if suggest is not None:
            run.inputs[str(suggest)] = file_sha256(Path(suggest))
        write_jsonl(beside / LOSSES, losses)
        reasons = dict(collections.Counter(loss.reason for loss in losses).most_common())
        run.results.update(exported=counts, losses=reasons, codebook=book.digest)
        files = _files(beside)
        end_run(run, beside, files)
    return Step(
        folder=out,
        files=tuple(out / file.relative_to(beside) for file in files),
        inputs=dict(run.inputs),
        results=run.results,
        notes=tuple(
            f"{form.name} does not hold {n:,} × {reason} ({out / LOSSES})"
            for reason, n in reasons.items()
        ),
    )


def import_corpus(
    path: Path | str,
    *,
    format: str,
    out: Path | str,
    data: Path | str | None = None,
    coders: Sequence[str] = (),
    codebook: Path | str | None = None,
) -> Step:
    """Read what was exported, as coders left it, into folders that every command reads.

    With coders (named here, or in the record of the export), each has `out/coders/NAME`;
    otherwise the files lie in `out`. exclusions.jsonl there lists articles that were exported
    and are not in the file. What found the quotes of the data is kept with them.

    Args:
        path: Folder of `export_corpus`, or one file or folder of the format.
        format: Name of the format.
        out: Folder that is new or empty.
        data: What was exported; texts have to be the same. A new label gets the probability with
            which its unit was drawn from the labels and from draw.jsonl that lie there.
        coders: Who gave the labels.
        codebook: File; the shipped one when absent.

    Raises:
        DataError: Something in the files is wrong, a text is not that of the data, or `out`
            holds files. Nothing is imported then.
    """
    path, out, form, book = Path(path), Path(out), find_format(format), load_codebook(codebook)
    coders = _check_coders(coders)
    arguments = {
        "path": str(path),
        "format": format,
        "data": None if data is None else str(data),
        "coders": list(coders),
        "codebook": None if codebook is None else str(codebook),
    }
    tasks = _find_tasks(path, form, coders)
    if data is None and form.needs_source:
        raise DataError(
            f"format {form.name}: does not hold everything; give the folder that was exported "
            "with --data"
        )
    check_new(out, holding=_HOLDING)
    with new_folder(out) as beside:
        run = begin_run("import", arguments, beside)
        counts: dict[str, Any] = {}
        for coder, file in tasks:
            source = None
            exported: list[Label] = []
            draw: list[DrawnUnit] = []
            found: FoundQuotes | None = None
            if data is not None:
                source, inputs = read_coded(Path(data), coder, codebook=book)
                exported, draw, drawn_inputs = _read_drawn(Path(data), coder)
                found = _find_found(Path(data), coder, source, form)
                run.inputs.update(inputs | drawn_inputs)
                run.inputs.update({} if found is None else found.inputs)
            run.inputs.update({f.as_posix(): file_sha256(f) for f in _files(file)})
            read = form.read(file, source=source, codebook=book, coder=coder)
            drawn = give_probabilities(read, exported=exported, draw=draw)
            corpus = drawn.corpus
            folder = beside / "coders" / coder if coder else beside
            write_corpus(folder, corpus)
            write_found_quotes(found, folder, [article.id for article in corpus.articles])
            write_jsonl(folder / "exclusions.jsonl", find_missing(source, corpus, file))
            counts[coder or _WHOLE] = {
                **count_records(corpus),
                **count_changes(source, corpus),
                "labels_not_drawn": drawn.n_not_drawn,
            }
        run.results.update(imported=counts, codebook=book.digest)
        files = _files(beside)
        end_run(run, beside, files)
    return Step(
        folder=out,
        files=tuple(out / file.relative_to(beside) for file in files),
        inputs=dict(run.inputs),
        results=run.results,
        notes=tuple(
            note
            for name, of in counts.items()
            for note in say_changes(name, of, {v.name: v.unit for v in book.variables})
        ),
    )


def _check_coders(coders: Sequence[str]) -> tuple[str, ...]:
    for coder in coders:
        if not _CODER.fullmatch(coder):
            raise DataError(
                f"coder {coder!r}: names a file, so it takes letters, digits, _ . and - and "
                "starts with a letter or digit, a hundred at most"
            )
        if coder.lower() in _TAKEN:
            raise DataError(f"coder {coder!r}: is the name of a file of the export; take another")
        if [other.lower() for other in coders].count(coder.lower()) > 1:
            raise DataError(f"coder {coder!r} is named twice; coders' names must differ")
    return tuple(coders)


def _read_suggestions(path: Path, codebook: Codebook) -> tuple[Suggestion, ...]:
    shown = []
    for prediction in read_jsonl(path, Prediction):
        if prediction.codebook not in ("", codebook.digest):
            raise DataError(
                f"{path}: predicted under codebook {prediction.codebook}, not under "
                f"{codebook.name!r} ({codebook.digest}); predict again"
            )
        shown.append(
            Suggestion(
                unit_id=prediction.unit_id,
                variable=prediction.variable,
                value=prediction.value,
                model=prediction.model,
            )
        )
    return tuple(shown)


def _suggest(corpus: CodedCorpus, shown: Sequence[Suggestion]) -> CodedCorpus:
    return with_suggestions(corpus, shown) if shown else corpus


def _check_one_coder(form: Format, corpus: CodedCorpus, coder: str) -> None:
    if form.is_for_one_coder and not coder and len(corpus.annotators) > 1:
        raise DataError(
            f"format {form.name}: holds the labels of one coder, and these are by "
            f"{', '.join(corpus.annotators)}; name those to export with --coders"
        )


def _find_tasks(path: Path, form: Format, coders: Sequence[str]) -> list[tuple[str, Path]]:
    """The files or folders to read, and whose they are ("" for nobody in particular)."""
    if not path.exists():
        raise DataError(f"{path}: does not exist; give what framing export wrote")
    exported = path.is_dir() and (path / LOSSES).is_file() and (path / "run.json").is_file()
    if exported:
        arguments = read_run(path / "run.json")["arguments"]
        if arguments.get("format") != form.name:
            raise DataError(
                f"{path}: was exported as {arguments.get('format')}, not as {form.name}; give "
                f"--format {arguments.get('format')}"
            )
        coders = coders or _coders_of(arguments.get("coders"), path / "run.json")
    if not coders and form.is_for_one_coder:
        raise DataError(
            f"{path}: format {form.name} does not say who gave the labels; name the coder with "
            "--coders"
        )
    tasks = []
    for coder in coders or ("",):
        places = [path / f"{coder}{form.suffix}"] if coder else []
        if len(coders) < 2:
            places.append(path / f"{_WHOLE}{form.suffix}" if exported else path)
        found = next((place for place in places if place.exists()), None)
        if found is None:
            raise DataError(
                f"{path}: no {places[0].name} there; give the folder of the export, or the coders "
                "that are in it"
            )
        tasks.append((coder, found))
    return tasks


def _coders_of(found: Any, where: Path) -> tuple[str, ...]:
    """Coders as the record names them; it may come from anybody, and they name folders."""
    if not isinstance(found, list) or not all(isinstance(coder, str) for coder in found):
        raise DataError(
            f"{where}: the coders of the export are no list of names; name them with --coders"
        )
    try:
        return _check_coders(found)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())


def _find_found(data: Path, coder: str, source: CodedCorpus, form: Format) -> FoundQuotes | None:
    """What found the quotes that a coder was given, where the format holds all that counts.

    Quotes that a format cannot hold whole would come back as if a coder had corrected them.
    """
    kept, _ = keep_surviving(source, form.survival)
    before, after = ([quotes_digest(d.quotes) for d in of.documents] for of in (source, kept))
    return find_found_quotes([_place(data, coder)]) if before == after else None


def _read_drawn(data: Path, coder: str) -> tuple[list[Label], list[DrawnUnit], dict[str, str]]:
    """What the data say of how units were drawn: their labels, by anybody, and a draw."""
    labels = _place(data, coder) / "labels.jsonl"
    draw = data / DRAW
    return (
        read_jsonl(labels, Label) if labels.is_file() else [],
        read_jsonl(draw, DrawnUnit) if draw.is_file() else [],
        {path.as_posix(): file_sha256(path) for path in (labels, draw) if path.is_file()},
    )


def _place(data: Path, coder: str) -> Path:
    """Where the units of a coder lie: in a folder of their own, or with those of everybody."""
    own = data / "coders" / coder
    return own if coder and (own / "quotes.jsonl").is_file() else data
