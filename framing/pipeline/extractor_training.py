"""Training of an extractor as a step with a run record; the training is in `framing.models`."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.codebook import load_codebook
from framing.dataset import read_polnear
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.metrics.spans import (
    Counts,
    count_linked_attributions,
    count_spans,
    sum_counts,
    to_attribution_spans,
)
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.steps import Progress, Step
from framing.records import Article, Quote
from framing.runs import Run, file_sha256

if TYPE_CHECKING:
    from framing.models.tagger import TaggerExtractor
    from framing.models.tagger_training import AnnotatedArticle

__all__ = ["CORPORA", "read_training_corpus", "train_extractor"]

CORPORA = ("polnear", "annotations")
_HELD_OUT = 10  # one article of PolNeAR's training part in ten is kept to stop by


def train_extractor(
    corpus: str,
    *,
    out: Path | str,
    seed: int,
    config: Path | str | None = None,
    seeds: int = 1,
    progress: Progress | None = None,
) -> Step:
    """Train a tagger and keep it in a folder that `--extractor FOLDER` takes.

    Args:
        corpus: "polnear=PATH" (the corpus's folder, with its part train in it) or
            "annotations=PATH" (a folder that `framing dataset hydrate` wrote).
        out: Folder of model.json, weights, README.md and run.json; with several seeds, of a
            folder `seed-N` for each.
        seed: Of everything that is drawn.
        config: TOML file of a `framing.models.tagger_training.TaggerTraining`.
        seeds: How many to train, with `seed` and those after it.
        progress: Called with steps done and in all.

    Raises:
        DataError: The corpus is none of these or cannot be read, the config has an unknown key,
            or the encoder cannot be used.
    """
    from framing.models.tagger import load_tagger
    from framing.models.tagger_card import write_tagger_card
    from framing.models.tagger_training import TaggerTraining, train_tagger
    from framing.models.training_config import read_config

    out = Path(out)
    if seeds < 1:
        raise DataError(f"training: {seeds} seeds; it takes 1 or more")
    told = TaggerTraining() if config is None else read_config(config, TaggerTraining)
    arguments: dict[str, Any] = {
        "corpus": corpus,
        "config": None if config is None else str(config),
        "seeds": seeds,
    }
    run = begin_run("train", arguments, out, seed=seed)
    if config is not None:
        run.inputs[Path(config).as_posix()] = file_sha256(Path(config))
    name, train, validation = read_training_corpus(corpus, run)
    command = f"framing train extractor --corpus {corpus} --out {out} --seed {seed}"
    command += "" if config is None else f" --config {config}"
    command += "" if seeds == 1 else f" --seeds {seeds}"
    files: list[Path] = []
    scores = []
    for one in range(seed, seed + seeds):
        folder = out if seeds == 1 else out / f"seed-{one}"
        card = {
            "corpus": name,
            "n_train": len(train),
            "n_validation": len(validation),
            "codebook": load_codebook().digest if name == "annotations" else None,
            "command": command,
        }
        files += train_tagger(
            train,
            validation,
            told,
            out=folder,
            seed=one,
            card=card,
            checkpoints=folder / "checkpoints",
            progress=progress,
        )
        tagger = load_tagger(folder, encoder=told.encoder)
        measured = _score(tagger, validation)
        scores.append({"seed": one, "epochs": tagger.card["epochs"], **measured})
        files.append(write_tagger_card(folder, validation=measured))
    run.results.update(
        corpus=name, articles=len(train), articles_validation=len(validation), scores=scores
    )
    end_run(run, out, files)
    return Step(
        folder=out, files=tuple(files), inputs=run.inputs, results=run.results, notes=_notes(name)
    )


def read_training_corpus(
    corpus: str, run: Run
) -> tuple[str, list["AnnotatedArticle"], list["AnnotatedArticle"]]:
    """The corpus's name, the articles to learn from, and those to stop by.

    PolNeAR's development and test parts are not read: of its training part every tenth article,
    in the order of the texts' digests, is kept to stop by. Of the project's own data the parts
    train and validation are read, never test.

    Args:
        corpus: As `train_extractor` takes it.
        run: Gets the digests of the files read, and how many events of PolNeAR are left out
            (`framing.dataset.read_polnear`).

    Raises:
        DataError: See `train_extractor`.
    """
    name, equals, path = corpus.partition("=")
    folder = Path(path)
    if name not in CORPORA or not equals or not path:
        raise DataError(
            f"corpus {corpus!r}: accepted: {' or '.join(f'{known}=PATH' for known in CORPORA)}"
        )
    if not folder.is_dir():
        raise DataError(f"corpus {corpus!r}: {folder} is no folder")
    if name == "polnear":
        train, validation = _split_polnear(folder, run)
        read = sorted(file for file in (folder / "train").rglob("*.*") if file.is_file())
    else:
        train, validation = _read_part(folder, "train"), _read_part(folder, "validation")
        read = [
            folder / "parts" / part / file
            for part in ("train", "validation")
            for file in ("articles.jsonl", "quotes.jsonl")
        ]
    run.inputs.update({file.as_posix(): file_sha256(file) for file in read})
    return name, train, validation


def _split_polnear(
    folder: Path, run: Run
) -> tuple[list["AnnotatedArticle"], list["AnnotatedArticle"]]:
    from framing.models.tagger_training import AnnotatedArticle

    part = read_polnear(folder / "train")
    run.results["events_left_out"] = len(part.exclusions)
    ordered = sorted(part.articles, key=lambda each: each.article.sha256)
    articles = [
        AnnotatedArticle(article=each.article, attributions=each.attributions) for each in ordered
    ]
    held_out = articles[::_HELD_OUT]
    return [a for i, a in enumerate(articles) if i % _HELD_OUT], held_out


def _read_part(folder: Path, part: str) -> list["AnnotatedArticle"]:
    from framing.models.tagger_training import AnnotatedArticle

    where = folder / "parts" / part
    if not where.is_dir():
        raise DataError(
            f"corpus annotations={folder}: it has no {where.relative_to(folder)}; give a folder "
            "that  framing dataset hydrate  wrote"
        )
    quotes: dict[str, list[Quote]] = {}
    for quote in read_jsonl(where / "quotes.jsonl", Quote):
        quotes.setdefault(quote.article_id, []).append(quote)
    articles = read_jsonl(where / "articles.jsonl", Article)
    if homeless := sorted(quotes.keys() - {article.id for article in articles}):
        raise DataError(
            f"corpus annotations={folder}: {where.relative_to(folder)} has quotes of "
            f"{homeless[0]!r}, but not the article; hydrate it again"
        )
    return [
        AnnotatedArticle(
            article=article,
            attributions=tuple(to_attribution_spans(q) for q in quotes.get(article.id, ())),
        )
        for article in articles
    ]


def _score(tagger: "TaggerExtractor", articles: Sequence["AnnotatedArticle"]) -> dict[str, float]:
    """Exact F1 of spans and of linked attributions, where there are any."""
    counts: dict[str, list[Counts]] = {}
    for each in articles:
        text, gold = each.article.text, each.attributions
        predicted = tagger.find_attributions(each.article)
        linked = count_linked_attributions(text, gold, predicted)
        for row, one in (count_spans(text, gold, predicted) | {"linked_exact": linked}).items():
            counts.setdefault(row, []).append(one)
    f1 = {row: sum_counts(of).f1 for row, of in counts.items()}
    return {row: round(value, 4) for row, value in f1.items() if not math.isnan(value)}


def _notes(name: str) -> tuple[str, ...]:
    if name == "polnear":
        return (
            "PolNeAR has no licence: keep these weights to yourself, and give others the command",
        )
    return ()
