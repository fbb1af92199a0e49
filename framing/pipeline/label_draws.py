"""What to label next, as a folder to code."""

import collections
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

from framing.codebook import Codebook, Variable, load_codebook
from framing.dataset.exchange import CodedCorpus, gather_corpus, write_corpus
from framing.dataset.label_draws import (
    DrawnUnit,
    LabelCandidate,
    UnitKind,
    draw_units,
    entropy,
    say_what_holds,
)
from framing.errors import DataError, count
from framing.jsonl import replace_file, write_jsonl
from framing.pipeline.corpus import Corpus, read_corpus
from framing.pipeline.found_quotes import find_found_quotes, write_found_quotes
from framing.pipeline.gathered_codings import DRAW, coding_folders, read_labels
from framing.pipeline.new_folders import check_new, new_folder
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Step
from framing.pipeline.stored_predictions import read_predictions
from framing.records import Article

__all__ = ["draw_next"]

By = Literal["random", "uncertainty"]
_MIX = 0.5  # share with equal chances, where none is asked for


def draw_next(
    folder: Path | str,
    *,
    n: int,
    out: Path | str,
    seed: int,
    by: By = "random",
    unit: UnitKind = "article",
    variable: str | None = None,
    mix: float | None = None,
    coded: Sequence[Path | str] = (),
    codebook: Path | str | None = None,
) -> Step:
    """Draw what to label next, and write it as a folder that `framing export` takes.

    Writes the drawn articles, or those of the drawn quotes or speakers, with draw.jsonl (the
    probability of each), README.md (which estimates stay valid) and run.json. Of drawn quotes,
    the speakers come along; of drawn speakers, their quotes. With whole articles, what found
    their quotes is kept.

    Args:
        folder: Of `extract_corpus`; for uncertainty also of `predict_corpus`.
        n: How many.
        out: Folder that is new or empty.
        seed: Of the draw.
        by: "random", with equal chances; or "uncertainty", more often what the model is less sure
            of (an article by the sum over its units).
        unit: What is drawn.
        variable: Whose labels and predictions count; all when absent (not for uncertainty).
        mix: Of a draw by uncertainty, the share with equal chances, in (0, 1]; half when absent.
            Not for a random draw.
        coded: Further folders with labels; what is labelled there is not drawn again.
        codebook: File; the shipped one when absent.

    Raises:
        DataError: A file is wrong, there are too few units without a label, or predictions are
            missing.
    """
    folder, out, book = Path(folder), Path(out), load_codebook(codebook)
    asked = _check(by, unit, variable, mix, book)
    check_new(out)
    corpus = read_corpus(folder, codebook=book)
    known = _labelled(corpus, asked, coded)
    usable, unusable = _usable(corpus, asked)
    owners = {
        "article": {article.id: article.id for article in usable},
        "quote": {q.id: a.id for a in usable for q in corpus.extractions[a.id].quotes},
        "speaker": {s.id: a.id for a in usable for s in corpus.extractions[a.id].speakers},
    }
    of_units = owners["quote"] | owners["speaker"]
    before = {of_units[u] for u in known if u in of_units} if unit == "article" else known
    unsure = _uncertainty(corpus, book, asked, unit, of_units) if by == "uncertainty" else {}
    outlets = {article.id: article.outlet for article in usable}
    frame = [
        LabelCandidate(
            id=key, article_id=home, outlet=outlets[home], uncertainty=unsure.get(key, 0.0)
        )
        for key, home in owners[unit].items()
        if key not in before
    ]
    import numpy as np

    share = 1.0 if by == "random" else _MIX if mix is None else mix
    probabilities = draw_units(frame, n=n, mix=share, rng=np.random.default_rng(seed))
    draw = [
        DrawnUnit(
            unit_id=one.id,
            unit=unit,
            article_id=one.article_id,
            probability=probabilities[one.id],
            mix=share,
            uncertainty=one.uncertainty if by == "uncertainty" else None,
            n_frame=len(frame),
            seed=seed,
        )
        for one in frame
        if one.id in probabilities
    ]
    arguments = {
        "folder": str(folder),
        "n": n,
        "by": by,
        "unit": unit,
        "variable": variable,
        "mix": None if by == "random" else share,
        "coded": [str(path) for path in coded],
        "codebook": None if codebook is None else str(codebook),
    }
    n_before = len(before & owners[unit].keys())
    notes = [*say_what_holds(draw, n_labelled=n_before), *unusable]
    drawn = _drawn_corpus(corpus, draw, book)
    # An article without those of its quotes that were not drawn is not as the extractor read it.
    found = find_found_quotes([folder]) if unit == "article" else None
    with new_folder(out) as beside:
        run = begin_run("next", arguments, beside, seed=seed)
        run.inputs.update(corpus.inputs)
        files = write_corpus(beside, drawn)
        files += write_found_quotes(found, beside, [article.id for article in drawn.articles])
        write_jsonl(beside / DRAW, draw)
        with replace_file(beside / "README.md") as file:
            file.write(_describe(draw, by, notes))
        files += [beside / DRAW, beside / "README.md"]
        run.results.update(frame=len(frame), drawn=len(draw), labelled_before=n_before)
        end_run(run, beside, files)
    return Step(
        folder=out,
        files=tuple(out / file.name for file in files),
        inputs=run.inputs,
        results=run.results,
        notes=tuple(notes),
    )


def _check(
    by: str, unit: str, variable: str | None, mix: float | None, codebook: Codebook
) -> Variable | None:
    if by not in get_args(By):
        raise DataError(f"draw: by is {by!r}; accepted: {', '.join(get_args(By))}")
    if by == "random" and mix is not None:
        raise DataError(
            f"draw by random: mix is {mix:g}, and a random draw has none; accepted: no mix, or by "
            "uncertainty"
        )
    if unit not in get_args(UnitKind):
        raise DataError(f"draw: unit is {unit!r}; accepted: {', '.join(get_args(UnitKind))}")
    if variable is None:
        if by == "uncertainty":
            raise DataError("draw by uncertainty: of which variable? Name it with --variable")
        return None
    asked = codebook.variable(variable)
    if unit not in ("article", asked.unit):
        raise DataError(
            f"draw of {unit}s: {variable} is given to a {asked.unit}; accepted: article, "
            f"{asked.unit}"
        )
    return asked


def _labelled(corpus: Corpus, asked: Variable | None, coded: Sequence[Path | str]) -> set[str]:
    """Units that have a label, here or in another folder."""
    labels = list(corpus.labels)
    for folder in map(Path, coded):
        for place in coding_folders(folder):
            labels += read_labels(place)
    return {x.unit_id for x in labels if asked is None or x.variable == asked.name}


def _usable(corpus: Corpus, asked: Variable | None) -> tuple[list[Article], list[str]]:
    """Articles that can be labelled, and a sentence on those that cannot."""
    if asked is None or not asked.positive:
        return list(corpus.articles), []
    usable = [article for article in corpus.articles if article.stance_target.strip()]
    n = len(corpus.articles) - len(usable)
    if not n:
        return usable, []
    return usable, [
        f"{count(n, 'article has', 'articles have')} neither a target nor a title, so "
        f"{asked.name} is toward nothing there, and {'it' if n == 1 else 'they'} could not be "
        "drawn."
    ]


def _uncertainty(
    corpus: Corpus,
    codebook: Codebook,
    asked: Variable | None,
    unit: UnitKind,
    article_of: Mapping[str, str],
) -> dict[str, float]:
    predicted = read_predictions(corpus, codebook)
    name = "" if asked is None else asked.name
    if isinstance(predicted, str):
        raise DataError(
            f"draw by uncertainty: {predicted}; run  framing predict {corpus.folder}  first"
        )
    unsure: dict[str, float] = collections.defaultdict(float)
    for prediction in predicted.predictions:
        if prediction.variable == name:
            home = article_of.get(prediction.unit_id, "")
            unsure[home if unit == "article" else prediction.unit_id] += entropy(prediction)
    if not unsure:
        raise DataError(
            f"draw by uncertainty: {corpus.folder} holds no prediction of {name}; run  framing "
            f"predict {corpus.folder}  with a model of it"
        )
    return unsure


def _drawn_corpus(corpus: Corpus, draw: Sequence[DrawnUnit], codebook: Codebook) -> CodedCorpus:
    """The drawn units with what they need, and no labels."""
    homes, ids = {one.article_id for one in draw}, {one.unit_id for one in draw}
    unit = draw[0].unit
    extractions = [corpus.extractions[key] for key in homes]
    quotes = [
        quote
        for extraction in extractions
        for quote in extraction.quotes
        if unit == "article" or quote.id in ids or (unit == "speaker" and quote.speaker_id in ids)
    ]
    said = {quote.speaker_id for quote in quotes}
    return gather_corpus(
        [article for article in corpus.articles if article.id in homes],
        quotes,
        [
            speaker
            for extraction in extractions
            for speaker in extraction.speakers
            if unit == "article" or speaker.id in ids or speaker.id in said
        ],
        (),
        codebook=codebook,
    )


def _describe(draw: Sequence[DrawnUnit], by: str, notes: Sequence[str]) -> str:
    lines = "\n".join(f"- {note}" for note in notes)
    return f"""# {count(len(draw), draw[0].unit)} to label, drawn by {by}

Made by `framing dataset next` (seed {draw[0].seed}); draw.jsonl has the probability of each.

{lines}

Next: `framing export` this folder, let people code, `framing import` what comes back with this
folder as `--data`, then `framing dataset gather` that with this folder as `--draw`, which gives
every label its probability.
"""
