"""Codings compared with each other and with gold, as a step with a run record and figures."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framing.codebook import Codebook, load_codebook
from framing.errors import DataError, count
from framing.jsonl import read_jsonl, replace_file
from framing.pipeline.agreement import measure_against, measure_agreement
from framing.pipeline.article_draws import Draws
from framing.pipeline.codings import Coding, name_codings, read_coding, read_gold
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.seen_suggestions import say_seen
from framing.pipeline.steps import Step
from framing.records import Label

__all__ = ["AGREEMENT", "compare_codings"]

AGREEMENT = "agreement.json"


def compare_codings(
    codings: Sequence[Path | str],
    *,
    seed: int,
    against: Path | str | None = None,
    out: Path | str | None = None,
    level: float = 0.95,
    n_resamples: int = 1000,
    codebook: Path | str | None = None,
) -> Step:
    """Measure how far coders agree with each other, and with gold, with intervals over articles.

    Args:
        codings: Folders of one coder each: see `framing.pipeline.codings.read_coding`.
        seed: Of the bootstrap.
        against: Gold: a folder with adjudicated labels, or a gold.jsonl. One coding is enough
            then.
        out: Folder for agreement.json, figures/ and run.json; nothing is written when absent.
        level: Of the intervals, in (0, 1).
        n_resamples: Draws of the bootstrap.
        codebook: File; the shipped one when absent.

    Returns:
        `results`: `codebook`, `level`, `n_resamples`; `codings`: what each folder holds;
        `agreement`: see `measure_agreement`, null for one coder; `against`: by coder, see
        `measure_against`.

    Raises:
        DataError: There is nothing to compare, or a folder is not a coding under this codebook.
    """
    if not 0 < level < 1:
        raise DataError(f"agreement: level is {level}; it takes a number between 0 and 1")
    if len(codings) < (1 if against is not None else 2):
        raise DataError(
            f"agreement: {len(codings)} coding; give two or more, or gold to compare it with"
        )
    book = load_codebook(codebook)
    read = [read_coding(path, codebook=book) for path in codings]
    gold = None if against is None else read_gold(against, codebook=book)
    names = name_codings(read)
    if gold is not None:
        name_codings([*read, gold])  # gold is no coder of itself
    draws = Draws(level=level, n_resamples=n_resamples, seed=seed)
    agreement = None
    if len(read) > 1:
        agreement = measure_agreement(read, names, codebook=book, draws=draws)
    scores = {
        name: measure_against(gold, coding, name, codebook=book, draws=draws)
        for name, coding in zip(names, read, strict=True)
        if gold is not None
    }
    results: dict[str, Any] = {
        "codebook": book.digest,
        "level": level,
        "n_resamples": n_resamples,
        "codings": [_describe(name, of) for name, of in zip(names, read, strict=True)],
        "agreement": agreement,
        "against": scores,
    }
    everybody = [*zip(names, read, strict=True), *([("gold", gold)] if gold else [])]
    notes = [note for name, of in everybody for note in _coding_notes(name, of, book)]
    notes += [note for of in (agreement, *scores.values()) if of for note in _notes(of)]
    if len(read) > 1 and _were_given_quotes(read):
        notes.append(
            "The coders have the very same quotes, down to the character, as when they were given "
            "them in sheets: report how far they agree on labels, not on what a quote is."
        )
    inputs = {name: digest for _, of in everybody for name, digest in of.inputs.items()}
    if out is None:
        return Step(
            folder=read[0].path, files=(), inputs=inputs, results=results, notes=tuple(notes)
        )
    out = Path(out)
    arguments = {
        "codings": [str(path) for path in codings],
        "against": None if against is None else str(against),
        "level": level,
        "n_resamples": n_resamples,
        "codebook": None if codebook is None else str(codebook),
    }
    run = begin_run("agreement", arguments, out, seed=seed)
    run.inputs.update(inputs)
    run.results.update(results)
    with replace_file(out / AGREEMENT) as file:
        json.dump(results, file, ensure_ascii=False, indent=1, allow_nan=False)
        file.write("\n")
    files = [out / AGREEMENT]
    for of in (agreement, *scores.values()):
        files += _draw_confusions(of, out / "figures") if of else []
    end_run(run, out, files)
    return Step(folder=out, files=tuple(files), inputs=inputs, results=results, notes=tuple(notes))


def _were_given_quotes(codings: Sequence[Coding]) -> bool:
    """Whether all quotes of the articles that all have coded are the same, and there are some."""
    common = set.intersection(*(set(coding.quotes) for coding in codings))
    quotes = [
        {
            (article, quote.kind, quote.content, quote.cue, quote.source)
            for article in common
            for quote in coding.quotes[article]
        }
        for coding in codings
    ]
    return bool(quotes[0]) and all(each == quotes[0] for each in quotes)


def _describe(name: str, coding: Coding) -> dict[str, Any]:
    return {
        "name": name,
        "path": coding.path.as_posix(),
        "annotator": coding.annotator,
        "articles": len(coding.articles),
        "quotes": sum(map(len, coding.quotes.values())),
        "labels": len(coding.values),
    }


def _coding_notes(name: str, coding: Coding, codebook: Codebook) -> Iterator[str]:
    if not coding.is_listed:
        yield (
            f"{name}: {count(len(coding.articles), 'article has', 'articles have')} a quote and "
            f"{'counts' if len(coding.articles) == 1 else 'count'} as coded; one that "
            "was read and found without any counts only if the folder's own articles.jsonl "
            "lists it."
        )
    quotes = [quote for of in coding.quotes.values() for quote in of]
    labelled = {variable for _, variable in coding.values}
    for variable in codebook.variables:
        if variable.name not in labelled:
            yield f"{name}: no label of {variable.name}."
            continue
        ids = {q.id if variable.unit == "quote" else q.speaker_id for q in quotes} - {None}
        n = sum((unit_id, variable.name) not in coding.values for unit_id in ids)
        if n:
            have = "has" if n == 1 else "have"
            of_all = count(len(ids), variable.unit)
            yield f"{name}: {n} of {of_all} {have} no label of {variable.name}."
    n = sum(quote.speaker_id is None for quote in quotes)
    if n:
        have = "has" if n == 1 else "have"
        yield f"{name}: {n} of {count(len(quotes), 'quote')} {have} no speaker."
    if coding.path.is_dir():
        labels = read_jsonl(coding.path / "labels.jsonl", Label)
        yield from (f"{name}: {said}" for said in say_seen(coding.path, labels))


def _notes(found: Mapping[str, Any]) -> Iterator[str]:
    who = ", ".join(found["coders"])
    if found["articles"] < 2:
        yield f"{who}: one article in common; intervals take two or more."
    perfect = [
        name
        for name, of in found["variables"].items()
        if of["raw"]["value"] == 1 and of["raw"]["low"] is not None
    ]
    if perfect:
        yield (
            f"{who}: not one difference in {', '.join(perfect)}, so that no draw has any and the "
            "interval has no width; that is no evidence that they never differ."
        )


def _draw_confusions(found: Mapping[str, Any], folder: Path) -> list[Path]:
    from framing.figures import new_figure, save_figure
    from framing.figures.plots import plot_confusion

    files = []
    for name, of in found["variables"].items():
        categories = list(of["categories"])
        for confusion in of["confusions"]:
            if not any(itertools.chain(*confusion["counts"])):
                continue
            figure, ax = new_figure(len(categories) + 3)
            one, other = confusion["coders"]
            plot_confusion(confusion["counts"], categories, ax=ax, names=(one, other))
            stem = "-".join(re.sub(r"[^\w.-]+", "-", part) for part in (name, one, other))
            files += save_figure(figure, folder / f"confusion-{stem}")
    return files
