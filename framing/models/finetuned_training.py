"""From a folder of coded articles to a fine-tuned model or an ensemble, scored and described."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.codebook import Codebook, load_codebook
from framing.jsonl import read_jsonl, write_jsonl
from framing.metrics.article_effect import fit_article_sd
from framing.models.card import write_card
from framing.models.caveats import data_caveats
from framing.models.classifier import predictions_from_probabilities
from framing.models.ensemble import ensemble_name, mean_logits
from framing.models.finetuning import (
    FineTuned,
    fine_tune,
    held_out_temperature,
    training_fingerprint,
)
from framing.models.labelled_units import TrainingData, read_training_data
from framing.models.model_folders import CARD_FILE, ENSEMBLE, read_card, save_card
from framing.models.network_training import HeldOut
from framing.models.regression import softmax
from framing.models.scores import calibration_scores, majority_scores_of, score_predictions
from framing.models.trainer import Progress
from framing.models.training import TrainingReport
from framing.models.training_config import FineTuning
from framing.records import Prediction

__all__ = ["HELD_OUT_FILE", "fine_tune_on_folder"]

HELD_OUT_FILE = "held_out.jsonl"


def fine_tune_on_folder(
    data: Path,
    variables: Sequence[str],
    *,
    out: Path,
    seed: int,
    config: FineTuning | None = None,
    n_seeds: int = 1,
    split: str | None = None,
    codebook: Codebook | None = None,
    command: str = "",
    progress: Progress | None = None,
) -> list[TrainingReport]:
    """Train, calibrate, score and store, and write the model card.

    Args:
        data: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        variables: Names of the codebook's variables; several share one encoder.
        out: Folder of the model: model.json, weights, README.md (the card) and held_out.jsonl
            (what it said of the units that it was stopped and calibrated by).
        seed: The same gives the same bytes on the same machine.
        config: How; the defaults when absent.
        n_seeds: With more than one, `seed` and those after it are trained in folders of their
            own, and the model is the mean of what they say.
        split: Column of the articles that names the parts; see `read_training_data`.
        codebook: The shipped one when absent.
        command: That led here, for the card.
        progress: Called with steps done and steps in all.

    Returns:
        One report for each variable.

    Raises:
        DataError: See `read_training_data` and `fine_tune`.
    """
    codebook = codebook or load_codebook()
    config = config or FineTuning()
    asked = [codebook.variable(name) for name in variables]
    coded = read_training_data(data, asked, codebook=codebook, split=split)
    if n_seeds == 1:
        found = fine_tune(
            coded, config, codebook=codebook.digest, out=out, seed=seed, progress=progress
        )
        return _described(found, coded, seed=seed, command=command)
    places = {out / f"seed-{seed + number}": seed + number for number in range(n_seeds)}
    for place, its_seed in places.items():
        known = training_fingerprint(coded, config, codebook=codebook.digest, seed=its_seed)
        if (out / CARD_FILE).is_file() or not _is_finished(place, known):
            found = fine_tune(
                coded, config, codebook=codebook.digest, out=place, seed=its_seed,
                progress=progress,
            )  # fmt: skip
            _described(found, coded, seed=its_seed, command=command)
    return _described(_joined([*places], coded, out=out), coded, seed=seed, command=command)


def _is_finished(place: Path, fingerprint: str) -> bool:
    """Whether a run that was killed had finished this member."""
    if not (place / HELD_OUT_FILE).is_file() or not (place / CARD_FILE).is_file():
        return False
    card = read_card(place)
    return card.get("fingerprint") == fingerprint and "command" in card


def _joined(places: Sequence[Path], coded: TrainingData, *, out: Path) -> FineTuned:
    """The ensemble of stored models."""
    cards = {place.name: read_card(place) for place in places}
    said = [read_jsonl(place / HELD_OUT_FILE, Prediction) for place in places]
    held_out = {}
    for name in coded.variables:
        examples = (coded.validation or coded.train)[name]
        tables = []
        for predictions in said:
            of_unit = {p.unit_id: p.probabilities for p in predictions if p.variable == name}
            tables.append(np.array([of_unit[unit.id] for unit in examples.units]))
        held_out[name] = HeldOut(examples=examples, logits=mean_logits(tables))
    members = {place: str(card["name"]) for place, card in cards.items()}
    first = next(iter(cards.values()))
    kept = ("codebook", "encoder", "config", "training_articles", "packages")
    card = {
        "format": ENSEMBLE,
        "name": ensemble_name([*members.values()], [*coded.variables]),
        "members": members,
        **{key: first[key] for key in kept},
        "variables": {
            name: {
                **{
                    key: first["variables"][name][key] for key in ("categories", "unit", "question")
                },
                "temperature": held_out_temperature(held),
            }
            for name, held in held_out.items()
        },
    }
    files = [place / name for place in places for name in (CARD_FILE, HELD_OUT_FILE, "README.md")]
    files += [place / name for place in places for name in read_card(place)["weights"]]
    return FineTuned(folder=out, files=tuple(files), card=card, held_out=held_out)


def _described(
    found: FineTuned, coded: TrainingData, *, seed: int, command: str
) -> list[TrainingReport]:
    """Score what was held out, and write model.json, the predictions and the card."""
    described: dict[str, dict[str, Any]] = {}
    predictions: list[Prediction] = []
    for name, held in found.held_out.items():
        stored = found.card["variables"][name]
        said = _predictions(found.card, name, held, stored["temperature"])
        described[name] = {**stored, **_scored(name, held, said, coded, seed=seed)}
        article_sd = described[name]["article_sd"]
        predictions += [dataclasses.replace(one, article_sd=article_sd) for one in said]
    card = {**found.card, "variables": described, "seed": seed, "command": command}
    write_jsonl(found.folder / HELD_OUT_FILE, predictions)
    files = dict.fromkeys(
        [
            *found.files,
            save_card(found.folder, card),
            found.folder / HELD_OUT_FILE,
            write_card(found.folder),
        ]
    )
    return [
        TrainingReport(
            name=card["name"],
            variable=name,
            folder=found.folder,
            files=tuple(files),
            n_articles=one["data"]["n_articles"],
            n_units=one["data"]["n_units"],
            n_unlabelled=one["data"]["n_unlabelled"],
            scores=one["scores"],
            baseline=one["baseline_majority"],
            caveats=tuple(one["caveats"]),
        )
        for name, one in described.items()
    ]


def _predictions(
    card: Mapping[str, Any], name: str, held: HeldOut, temperature: float
) -> list[Prediction]:
    return predictions_from_probabilities(
        held.examples.units,
        softmax(held.logits, temperature=temperature),
        variable=name,
        model=card["name"],
        codebook=card["codebook"],
        categories=card["variables"][name]["categories"],
        bases=["out_of_fold"] * len(held.examples.units),
    )


def _scored(
    name: str, held: HeldOut, said: Sequence[Prediction], coded: TrainingData, *, seed: int
) -> dict[str, Any]:
    """What the card says of one variable."""
    categories = coded.variables[name].names
    rows = np.flatnonzero(held.examples.settled).tolist()
    values = [categories[i] for i in held.examples.targets[rows].argmax(axis=1)]
    articles = [held.examples.units[i].article_sha256 for i in rows]
    probabilities = np.array([said[i].probabilities for i in rows])
    scores = score_predictions(
        [said[i] for i in rows], values, articles, rng=np.random.default_rng(seed)
    )
    learned = coded.train[name]
    settled = learned.targets[learned.settled].argmax(axis=1)
    baseline = majority_scores_of(
        values, train=[categories[i] for i in settled], categories=categories
    )
    return {
        "data": {
            "files": dict(coded.files),
            "split": coded.split,
            "n_articles": len({unit.article_id for unit in learned.units}),
            "n_units": len(learned.units),
            "n_unlabelled": coded.n_unlabelled[name],
            "n_by_category": {
                category: round(float(n), 2)
                for category, n in zip(categories, learned.targets.sum(axis=0), strict=True)
            },
            "scored_by": "the validation part" if coded.validation else "cross-validation",
        },
        "scores": scores,
        "uncalibrated": calibration_scores(softmax(held.logits[rows]), values, categories),
        "article_sd": fit_article_sd(
            probabilities, held.examples.targets[rows].argmax(axis=1), articles
        ),
        "baseline_majority": baseline,
        "caveats": list(_caveats(name, coded, scores, baseline)),
    }


def _caveats(
    name: str, coded: TrainingData, scores: Mapping[str, Any], baseline: Mapping[str, Any]
) -> list[str]:
    learned, macro = coded.train[name], scores["macro_f1"]
    n_articles = len({unit.article_id for unit in learned.units})
    where = (
        f"the {scores['n']:,} units of {scores['n_articles']} validation articles by which "
        "training was stopped and calibrated"
        if coded.validation
        else f"the folds of {scores['n_articles']} articles by which the number of epochs and the "
        "calibration were chosen"
    )
    sentences = [
        f"Trained on {len(learned.units):,} labelled units of {n_articles} articles; macro-F1 "
        f"{macro['value']:.2f} (95 % interval over articles {_shown(macro['low'])} to "
        f"{_shown(macro['high'])}; always the majority category: {baseline['macro_f1']:.2f}) on "
        f"{where}, which flatters it a little: for a score to report, run framing evaluate on "
        "articles that it has not seen."
    ]
    return [*sentences, *data_caveats(coded, name)]


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
