"""What e030_stance and e040_role do: train classifiers, score them, and say what they differ in.

Each of them has a run.py that calls `main` with its folder. What was trained and scored is kept
(models and predictions below --work, one line for each score in cells.jsonl), so that a killed run
goes on when it is started again, and a run with --test scores what is trained already.
"""

import argparse
import dataclasses
import hashlib
import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.classifier_tables import write_everything, write_scores
from framing.cli.terminal import progress_bar
from framing.codebook import load_codebook
from framing.dataset.gold_folder import write_gold_folder
from framing.dataset.gold_quotes import read_gold_quotes
from framing.dataset.hydrated_folder import write_hydrated
from framing.dataset.hydration import hydrate_store
from framing.dataset.label_store import read_store
from framing.jsonl import from_json, read_jsonl, write_jsonl
from framing.models.training_config import FineTuning
from framing.pipeline.coder_scores import score_coder
from framing.pipeline.error_groups import group_units, score_groups
from framing.pipeline.learning_curves import curve_sizes
from framing.pipeline.trial_training import Trial
from framing.pipeline.trials import ScoredUnits, Trials
from framing.records import Article
from framing.runs import file_sha256, start_run, write_run

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]


def main(here: Path) -> int:
    """Train and score what is missing, and write cells.jsonl, result.json and the tables."""
    parser = argparse.ArgumentParser(description=(here / "README.md").read_text("utf-8")[:80])
    default = os.environ.get("FRAMING_CORPORA", str(ROOT / ".." / "shared"))
    parser.add_argument("--corpora", type=Path, default=Path(default))
    parser.add_argument("--work", type=Path, default=ROOT / "results" / "classifiers")
    parser.add_argument("--test", action="store_true", help="score the test parts too, at the end")
    parser.add_argument("--only", nargs="+", default=(), metavar="MODEL", help="of config.toml")
    parser.add_argument("--splits", nargs="+", default=(), metavar="COLUMN")
    parser.add_argument("--seeds", nargs="+", type=int, default=(), metavar="N")
    parser.add_argument("--smoke", action="store_true", help="tiny, on the samples; below --work")
    given = parser.parse_args()
    config = tomllib.loads((here / "config.toml").read_text(encoding="utf-8"))
    config["training"] = tomllib.loads((here / "training.toml").read_text(encoding="utf-8"))
    tiny = config.pop("smoke")
    config |= tiny if given.smoke else {}
    is_part = bool(given.only or given.splits or given.seeds)
    config["main_split"] = config["splits"][0]
    config["splits"] = given.splits or config["splits"]
    config["seeds"] = given.seeds or config["seeds"]
    if given.only:
        config["models"] = {name: config["models"][name] for name in given.only}
    arguments = {**config, "test": given.test}
    run = start_run(f"experiments/{here.name}", arguments, seed=config["seed"])
    out = given.work / "out" / here.name if given.smoke else here
    folders = _tiny(given.work) if given.smoke else real_folders(config, given.work, given.corpora)
    for name, folder in folders.items():
        run.inputs[f"{name}/labels.jsonl"] = file_sha256(folder / "labels.jsonl")
    with progress_bar(quiet=False, lines=True) as progress:
        trials = Trials(
            folders["data"],
            given.work,
            out / "cells.jsonl",
            codebook=load_codebook(),
            seed=config["seed"],
            progress=progress,
        )
        experiment = _Experiment(trials, config, folders, here, test=given.test)
        if is_part:
            experiment.scores()
            kept = [row for row in trials.rows.values() if row["variable"] == config["variable"]]
            write_scores(kept, config["variable"], here=here, out=out)
            print("Kept in cells.jsonl; run it whole for all tables and result.json.")
            return 0
        run.results.update(experiment.results())
    files = write_everything(run.results, config["variable"], here=here, out=out)
    write_run(run, out, files, name="result.json")
    return 0


def hydrate_articles(config: Mapping[str, Any], work: Path, corpora: Path) -> Path:
    """The dataset joined with the texts, as a folder of records; made once for each dataset."""
    store = ROOT / config["store"]
    copies, folder = corpora / config["copies"], work / f"hydrated-{_digest(store)}"
    if not copies.exists():
        raise SystemExit(f"{copies} is missing; README.md says where it comes from")
    if not (folder / "README.md").is_file():  # written last
        hydrated = hydrate_store(read_store(store), {config["source"]: copies})
        write_hydrated(hydrated, folder, codebook=load_codebook())
    return folder


def _digest(store: Path) -> str:
    """Eight digits that differ when a file of the dataset does."""
    files = sorted([store / "codebook.toml", *store.rglob("*.jsonl")])
    text = "".join(f"{path.relative_to(store)} {file_sha256(path)}\n" for path in files)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def split_samples(work: Path) -> Path:
    """The invented articles, in parts, in place of the dataset."""
    samples, folder = ROOT / "annotations" / "samples", work / "samples"
    articles = read_jsonl(samples / "articles.jsonl", Article)
    parts = ["train"] * (len(articles) - 6) + ["validation"] * 3 + ["test"] * 3
    in_parts = [
        dataclasses.replace(a, group={**a.group, "split": part})
        for a, part in zip(articles, parts, strict=True)
    ]
    write_jsonl(folder / "articles.jsonl", in_parts)
    for name in ("quotes", "speakers", "labels"):
        shutil.copyfile(samples / f"{name}.jsonl", folder / f"{name}.jsonl")
    return folder


def real_folders(config: Mapping[str, Any], work: Path, corpora: Path) -> dict[str, Path]:
    """The dataset with its texts, gold-dev, and what each coder said, by name."""
    data, gold = hydrate_articles(config, work, corpora), corpora / config["gold-dev"]
    if not gold.exists():
        raise SystemExit(f"{gold} is missing; README.md says where it comes from")
    digest = load_codebook().digest
    write_gold_folder(read_gold_quotes(gold), work / "gold-dev", codebook=digest)
    coders = {name: data / "coders" / name for name in config["coders"]}
    return {"data": data, "gold-dev": work / "gold-dev", "gold": data / "gold", **coders}


def _tiny(work: Path) -> dict[str, Path]:
    samples = ROOT / "annotations" / "samples"
    coders = {name: samples / "coders" / name for name in ("lm-a", "lm-b")}
    return {"data": split_samples(work), "gold": samples, **coders}


@dataclasses.dataclass(frozen=True)
class _Experiment:
    """The trials of one variable."""

    trials: Trials
    config: Mapping[str, Any]
    folders: Mapping[str, Path]
    here: Path
    test: bool

    @property
    def variable(self) -> str:
        return str(self.config["variable"])

    def scores(self) -> list[Row]:
        """Of all models on all splits."""
        return [
            row
            for split in self.config["splits"]
            for row in self._scores(self._models(split), split, self._scored(split))
        ]

    def results(self) -> Row:
        """All trials first; what is said about them afterwards takes little time."""
        split = self.config["main_split"]
        scores = self.scores()
        with_targets = [one for one in self._scored(split) if not one.headline]
        without = self._without(split)
        return {
            "scores": scores,
            "ablation": self._scores(without, split, with_targets),
            "curve": list(self._curve(split, with_targets)),
            "ceiling": self._ceiling(),
            "differences": [
                *self._differences(self._models(split), split),
                *self._differences(without, split),
            ],
            "errors": self._errors(split),
        }

    def _models(self, split: str) -> dict[str, list[Trial]]:
        """Trials by model: one for each seed; fewer of all on the splits but the first."""
        models, seeds, fewer = self.config["models"], self.config["seeds"], 0
        if split != self.config["main_split"]:
            fewer = self.config["articles_elsewhere"]
            models = {k: one for k, one in models.items() if k in self.config["models_elsewhere"]}
            seeds = self.config["seeds_elsewhere"]
        return {
            name: [
                Trial(
                    name=name,
                    method=model["method"],
                    variables=tuple(model.get("variables", [self.variable])),
                    seed=seed,
                    split=split,
                    n_articles=model.get("n_articles", fewer),
                    config=self._config(model),
                )
                for seed in model.get("seeds", seeds)
            ]
            for name, model in models.items()
        }

    def _config(self, model: Mapping[str, Any]) -> FineTuning:
        training = self.config["training"]
        if file := model.get("training"):
            training = tomllib.loads((self.here / file).read_text(encoding="utf-8"))
        return from_json({**training, **model.get("config", {})}, FineTuning)

    def _without(self, split: str) -> dict[str, list[Trial]]:
        """The reference, of fewer articles, with parts of its input or its method left out."""
        reference = self._fewer(split)
        return {
            "nothing left out": reference,
            **{
                f"without {what}": [
                    dataclasses.replace(
                        trial,
                        name=f"{trial.name} without {what}",
                        config=_left_out(trial.config, fields),
                    )
                    for trial in reference
                ]
                for what, fields in self.config["without"].items()
            },
        }

    def _fewer(self, split: str) -> list[Trial]:
        return [
            dataclasses.replace(trial, n_articles=self.config["ablation_articles"])
            for trial in self._reference(split, self.config["ablation_seeds"])
        ]

    def _reference(self, split: str, seeds: Sequence[int]) -> list[Trial]:
        trials = self._models(split)[self.config["reference"]]
        return [trial for trial in trials if trial.seed in seeds]

    def _scored(self, split: str) -> list[ScoredUnits]:
        """Validation and gold-dev are development scores; test only with --test.

        No headlines on validation: what is calibrated on it has seen its labels.
        """
        main = split == self.config["main_split"]
        found = [ScoredUnits(name="validation", folder=self.folders["data"], part="validation")]
        if self.test:
            found.append(ScoredUnits(name="test", folder=self.folders["data"], part="test"))
        if main and "gold-dev" in self.folders:
            found.append(ScoredUnits(name="gold-dev", folder=self.folders["gold-dev"]))
        if main and self.trials.codebook.variable(self.variable).positive:
            found += [
                dataclasses.replace(one, name=f"{one.name}, headline for target", headline=True)
                for one in found
                if one.part != "validation"
            ]
        return found

    def _scores(
        self, models: Mapping[str, Sequence[Trial]], split: str, scored: Sequence[ScoredUnits]
    ) -> list[Row]:
        """Every seed by itself, and their mean."""
        rows = []
        for name, trials in models.items():
            for trial in trials:
                print(f"{self.variable}: {name}, {split}, seed {trial.seed}", flush=True)
                rows += self.trials.run(trial, self.variable, scored)
            if len(trials) > 1:
                rows += self.trials.average(trials, self.variable, scored)
        return rows

    def _curve(self, split: str, scored: Sequence[ScoredUnits]) -> Iterator[Row]:
        """Scores of smaller trainings."""
        articles = read_jsonl(self.folders["data"] / "articles.jsonl", Article)
        n_train = sum(article.group.get(split) == "train" for article in articles)
        for name in self.config["curve"]:
            model = self._models(split)[name]
            for trial in (one for one in model if one.seed in self.config["curve_seeds"]):
                for n in self.config.get("sizes") or curve_sizes(n_train):
                    part = trial if n >= n_train else dataclasses.replace(trial, n_articles=n)
                    print(f"{self.variable}: {name}, {n} articles, seed {trial.seed}", flush=True)
                    for row in self.trials.run(part, self.variable, scored):
                        yield {**row, "n_articles": min(n, n_train)}

    def _differences(self, models: Mapping[str, Sequence[Trial]], split: str) -> Iterator[Row]:
        """How much better the reference is, by a paired bootstrap over articles.

        Of the seeds that both have, or the mean of more would be compared with one; and of as many
        articles.
        """
        for name, of_seeds in models.items():
            n = of_seeds[0].n_articles
            known = {one.seed: one for one in self._reference(split, self.config["seeds"])}
            trials = [trial for trial in of_seeds if trial.seed in known]
            first = [dataclasses.replace(known[one.seed], n_articles=n) for one in trials]
            if first == trials:
                continue
            reference = self.config["reference"] + (f", {n} articles" if n else "")
            for scored in self._scored(split):
                found = self.trials.compare(first, trials, self.variable, scored)
                yield {"reference": reference, "than": name, "scored": scored.name, **found}

    def _errors(self, split: str) -> list[Row]:
        """Where the shipped model errs, which is the first seed: on test, or else validation."""
        part = "test" if self.test else "validation"
        chosen = next(one for one in self._scored(split) if one.name == part)
        shipped = self._models(split)[self.config["shipped"]][0]
        units, values = self.trials.units(self.variable, chosen, split)
        rows = score_groups(
            self.trials.predictions(shipped, self.variable, chosen),
            values,
            units,
            group_units(chosen.folder, units, codebook=self.trials.codebook, split=split),
            rng=np.random.default_rng(self.config["seed"]),
        )
        return [{**row, "scored": chosen.name} for row in rows]

    def _ceiling(self) -> list[Row]:
        """One coder taken as gold, another as a classifier: over all articles coded twice."""
        one, other = (self.folders[name] for name in self.config["coders"])
        gold, rows = self.folders["gold"], []
        for reference, coder in ((one, other), (gold, one), (gold, other)):
            found = score_coder(
                reference,
                coder,
                self.variable,
                codebook=self.trials.codebook,
                rng=np.random.default_rng(self.config["seed"]),
            )
            names = {gold: "gold"}
            rows.append(
                {"gold": names.get(reference, reference.name), "coder": coder.name, **found}
            )
        return rows


def _left_out(config: FineTuning, fields: Mapping[str, Any]) -> FineTuning:
    """The config without the parts of the input that `fields` names, its other fields as given."""
    fields = dict(fields)
    parts = fields.pop("parts", ())
    kept = tuple(part for part in config.parts if part not in parts)
    return dataclasses.replace(config, parts=kept, **fields)
