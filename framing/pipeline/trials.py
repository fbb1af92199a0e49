"""Trials of classifiers: one training each, scored on fixed units, kept so that a run goes on.

What was scored is one line of a JSON Lines file; models and predictions lie in a folder beside.
A trial that is there already, of the same data and config, is not run again.
"""

import dataclasses
import hashlib
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook import Codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl, replace_file, to_json, write_jsonl
from framing.pipeline.steps import Progress
from framing.pipeline.trial_training import Trial, train_trial
from framing.records import Prediction
from framing.runs import file_sha256

if TYPE_CHECKING:
    from framing.models.units import Unit

__all__ = ["ScoredUnits", "Trials"]

_FILES = ("articles.jsonl", "quotes.jsonl", "speakers.jsonl", "labels.jsonl")
_VALIDATION = "validation"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScoredUnits:
    """Units to score by.

    Attributes:
        name: In tables.
        folder: Of coded articles.
        part: Of the trial's split; all articles when "".
        headline: Whether the headline stands in for every target.
    """

    name: str
    folder: Path
    part: str = ""
    headline: bool = False


class Trials:
    """The trials of one folder of coded articles, in parts.

    Args:
        data: The folder.
        work: Folder for models and predictions, which may be large; nothing in it is news text
            but in `work`/data.
        lines: File of what was scored.
        codebook: Of the labels.
        seed: Of the bootstrap over articles.
        progress: Called with steps done and steps in all.
    """

    def __init__(
        self,
        data: Path,
        work: Path,
        lines: Path,
        *,
        codebook: Codebook,
        seed: int,
        progress: Progress | None = None,
    ) -> None:
        self.data = data
        self.work = work
        self.lines = lines
        self.codebook = codebook
        self.seed = seed
        self.progress = progress
        self.rows = self._stored()
        self._digests: dict[Path, str] = {}

    def run(
        self, trial: Trial, variable: str, scored: Sequence[ScoredUnits]
    ) -> list[dict[str, Any]]:
        """Train, unless that was done, and score, where that was not.

        Returns:
            For each of `scored`: the trial's name, seed, split and n_articles; "scored",
            "variable", "model"; "scores" (see `framing.models.scores.score_predictions`);
            "n_train_articles", "n_train_units"; "train_seconds" and "predict_seconds".

        Raises:
            DataError: The training or a folder is refused, or what is scored was trained on.
        """
        keys = {self._key(trial, variable, one): one for one in scored}
        missing = {
            key: one
            for key, one in keys.items()
            if key not in self.rows or not self._file(key).is_file()
        }
        if missing:
            self._score(trial, variable, missing)
        return [self.rows[key] for key in keys]

    def average(
        self, trials: Sequence[Trial], variable: str, scored: Sequence[ScoredUnits]
    ) -> list[dict[str, Any]]:
        """Score the mean of what trials say that differ in the seed, calibrated by validation."""
        from framing.models.classifier import predictions_from_probabilities
        from framing.models.ensemble import ensemble_name, mean_logits
        from framing.models.regression import fit_temperature, softmax

        first = trials[0]
        fixed = ScoredUnits(name=_VALIDATION, folder=self.data, part=_VALIDATION)
        tables, gold = [], np.zeros(0, dtype=np.int64)
        for trial in trials:
            self.run(trial, variable, [fixed])
            said = self.predictions(trial, variable, fixed)
            tables.append(np.array([one.probabilities for one in said]))
            _, values = self.units(variable, fixed, trial.split)
            gold = np.array([said[0].categories.index(v) for v in values], dtype=np.int64)
        temperature = fit_temperature(mean_logits(tables), gold)
        found = []
        for one in scored:
            key = self._key(self._joined(trials), variable, one)
            if key not in self.rows or not self._file(key).is_file():
                rows = [self.run(trial, variable, [one])[0] for trial in trials]
                units, values = self.units(variable, one, first.split)
                each = [self.predictions(trial, variable, one) for trial in trials]
                probabilities = [np.array([p.probabilities for p in said]) for said in each]
                said = predictions_from_probabilities(
                    units,
                    softmax(mean_logits(probabilities), temperature=temperature),
                    variable=variable,
                    model=ensemble_name([row["model"] for row in rows], [variable]),
                    codebook=self.codebook.digest,
                    categories=each[0][0].categories,
                )
                row = {
                    **rows[0],
                    "seed": None,
                    "train_seconds": sum(row["train_seconds"] for row in rows),
                    "predict_seconds": sum(row["predict_seconds"] for row in rows),
                }
                self._keep(key, row, said, units, values, name=self._joined(trials).name)
            found.append(self.rows[key])
        return found

    def compare(
        self,
        one: Sequence[Trial],
        other: Sequence[Trial],
        variable: str,
        scored: ScoredUnits,
    ) -> dict[str, Any]:
        """How much larger the macro-F1 of one mean over seeds is than another's, paired.

        Returns:
            See `framing.models.scores.compare_predictions`.
        """
        from framing.models.scores import compare_predictions

        said = [self.mean_predictions(trials, variable, scored) for trials in (one, other)]
        units, values = self.units(variable, scored, one[0].split)
        return compare_predictions(
            said[0],
            said[1],
            values,
            [unit.article_id for unit in units],
            rng=np.random.default_rng(self.seed),
        )

    def predictions(self, trial: Trial, variable: str, scored: ScoredUnits) -> list[Prediction]:
        """What a trial said, as stored."""
        return read_jsonl(self._file(self._key(trial, variable, scored)), Prediction)

    def mean_predictions(
        self, trials: Sequence[Trial], variable: str, scored: ScoredUnits
    ) -> list[Prediction]:
        """What the mean over seeds says."""
        self.average(trials, variable, [scored])
        return self.predictions(self._joined(trials), variable, scored)

    def units(
        self, variable: str, scored: ScoredUnits, split: str
    ) -> tuple[list["Unit"], list[str]]:
        """The units and their gold categories; those on which coders differ have none."""
        from framing.models.labelled_units import in_part, read_coded_units

        _, units, values, _ = read_coded_units(
            scored.folder,
            self.codebook.variable(variable),
            codebook=self.codebook,
            wanted=in_part(split, scored.part) if scored.part else lambda _: True,
            headline=scored.headline,
            skip_unsettled=True,
        )
        if not units:
            raise DataError(
                f"trials: {scored.folder} has no labelled {variable} in part {scored.part!r} of "
                f"{split!r}; score another part"
            )
        return units, values

    def _score(self, trial: Trial, variable: str, missing: Mapping[str, ScoredUnits]) -> None:
        classifier, facts = train_trial(
            trial,
            variable,
            self.data,
            self.work,
            self._folder(trial),
            codebook=self.codebook,
            progress=self.progress,
        )
        gold = {key: self.units(variable, one, trial.split) for key, one in missing.items()}
        everything = [unit for units, _ in gold.values() for unit in units]
        began = time.perf_counter()
        said = iter(classifier.predict(everything))  # at once: a baseline learns for each call
        took = time.perf_counter() - began
        for key, one in missing.items():
            units, values = gold[key]
            predictions = list(itertools.islice(said, len(units)))
            stopped_by = one.folder == self.data and one.part == _VALIDATION
            if stopped_by and not one.headline:
                predictions = self._held_out(trial, variable, units) or predictions
            if not stopped_by and any(p.basis == "training" for p in predictions):
                raise DataError(
                    f"trial {trial.name}: was trained on articles of {one.name}; score it on others"
                )
            row = {
                **{name: getattr(trial, name) for name in ("seed", "split", "n_articles")},
                **facts,
                "predict_seconds": round(took * len(units) / len(everything), 2),
                "variable": variable,
                "scored": one.name,
            }
            self._keep(key, row, predictions, units, values, name=trial.name)

    def _held_out(self, trial: Trial, variable: str, units: Sequence["Unit"]) -> list[Prediction]:
        """What a model said of validation before it was fitted to it; none where it never was."""
        from framing.models.finetuned_training import HELD_OUT_FILE

        path = self._folder(trial) / HELD_OUT_FILE
        if not path.is_file():
            return []
        said = {p.unit_id: p for p in read_jsonl(path, Prediction) if p.variable == variable}
        return [said[unit.id] for unit in units]

    def _folder(self, trial: Trial) -> Path:
        return self.work / "models" / self._digest_of(trial)

    def _keep(
        self,
        key: str,
        row: dict[str, Any],
        predictions: Sequence[Prediction],
        units: Sequence["Unit"],
        values: Sequence[str],
        *,
        name: str,
    ) -> None:
        """Write the predictions, then the line that says that they are there."""
        from framing.models.scores import score_predictions

        scores = score_predictions(
            predictions,
            values,
            [unit.article_id for unit in units],
            rng=np.random.default_rng(self.seed),
        )
        write_jsonl(self._file(key), predictions)
        kept = {
            **row,
            "key": key,
            "name": name,
            "model": predictions[0].model,
            "scores": scores,
        }
        self.rows |= {**self._stored(), key: kept}  # another process may have added some
        with replace_file(self.lines) as file:
            for line in self.rows.values():
                file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")

    def _stored(self) -> dict[str, dict[str, Any]]:
        if not self.lines.is_file():
            return {}
        stored = map(json.loads, self.lines.read_text(encoding="utf-8").splitlines())
        return {row["key"]: row for row in stored}

    def _joined(self, trials: Sequence[Trial]) -> Trial:
        """Stands for the mean of trials that differ in the seed."""
        seeds = ", ".join(str(trial.seed) for trial in trials)
        return dataclasses.replace(trials[0], name=f"{trials[0].name} (mean of seeds {seeds})")

    def _key(self, trial: Trial, variable: str, scored: ScoredUnits) -> str:
        where = "-headline" if scored.headline else ""
        digest = hashlib.sha256(f"{scored.name} {self._digest(scored.folder)}".encode())
        return (
            f"{self._digest_of(trial)}-{variable}-{scored.part or 'all'}{where}-"
            f"{digest.hexdigest()[:6]}"
        )

    def _digest_of(self, trial: Trial) -> str:
        """Twelve digits that differ when the trial, the data or the codebook does."""
        given = [to_json(trial), self._digest(self.data), self.codebook.digest]
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:12]

    def _digest(self, folder: Path) -> str:
        if folder not in self._digests:
            self._digests[folder] = "".join(file_sha256(folder / name) for name in _FILES)
        return self._digests[folder]

    def _file(self, key: str) -> Path:
        return self.work / "predictions" / f"{key}.jsonl"
