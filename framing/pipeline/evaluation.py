"""How good models are on labelled articles."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook import Codebook, Variable, load_codebook
from framing.errors import DataError
from framing.jsonl import read_jsonl
from framing.pipeline.classifiers import find_models, variables_of
from framing.pipeline.corpus import read_corpus
from framing.pipeline.run_records import begin_run, end_run
from framing.pipeline.score_tables import SCORES, write_scores
from framing.pipeline.seen_suggestions import say_seen
from framing.pipeline.steps import Step
from framing.records import Article, Label

if TYPE_CHECKING:
    from framing.models.classifier import Classifier
    from framing.models.units import Unit
    from framing.records import Prediction

__all__ = ["SCORES", "evaluate_models"]

_N_FOLDS = 8


def evaluate_models(
    gold: Path | str,
    *,
    seed: int,
    out: Path | str | None = None,
    models: Sequence[Path | str] = (),
    codebook: Path | str | None = None,
    part: str | None = None,
    split: str | None = None,
    headline: bool = False,
    card: str = "",
) -> Step:
    """Score models against labels, with 95 % intervals from a bootstrap over articles.

    Gold is a unit's adjudicated label; without one, the value that its coders agree on. Quotes
    and speakers are those of the folder: what an extractor misses is not scored here. Units of
    articles that a model was trained on are predicted by a fold that did not see them.

    Args:
        gold: Folder with articles.jsonl, quotes.jsonl, speakers.jsonl and labels.jsonl.
        seed: Of the bootstrap, and of the baselines.
        out: Folder for scores.json, scores.csv, scores.tex, figures and run.json; nothing is
            written when absent.
        models: Folders of trained models, any number for each variable, and "majority" or "tfidf"
            for baselines, which learn from the part "train" when a part is scored, and are
            cross-validated by event otherwise. The shipped models for all labelled variables
            when absent.
        codebook: File; the shipped one when absent.
        part: Only articles of this part ("train", "validation", "test").
        split: Column of the articles that names the parts; "split" when absent.
        headline: Whether the headline stands in for the target in every article that is scored;
            baselines learn from targets all the same, as other models do.
        card: What the articles are called, such as "the test part of the labeled dataset": the
            scores are put under this name into the cards of fine-tuned `models` that are given by
            folder. It is no part of the run's record.

    Returns:
        `results["scores"]` by variable and model: see
        `framing.models.scores.score_predictions`, with `n_out_of_fold`, from the second model on
        `better_than_first` (see `framing.models.scores.compare_predictions`), and of a model that
        is calibrated by one temperature `uncalibrated`: what its calibration would be without;
        `results["n_unlabelled"]` by variable: units that nobody has labelled, left out.

    Raises:
        DataError: A file is wrong, nothing is labelled, no article is of the part, a model was
            trained on the gold articles and has no fold without them, or there are fewer than two
            articles.
    """
    gold = Path(gold)
    book = load_codebook(codebook)
    if part is None and split is not None:
        raise DataError(f"evaluation by split {split!r}: give the part too, such as --part test")
    read_jsonl(gold / "labels.jsonl", Label)  # required here, optional in a corpus
    corpus = read_corpus(gold, codebook=book)
    labelled = {label.variable for label in corpus.labels}
    if not labelled:
        raise DataError(f"{gold / 'labels.jsonl'}: holds no label, so there is nothing to score")
    scored = _Scored(gold, book, part, split or "split", headline, seed)
    scored.check(corpus.articles)
    carded = _folders_with_cards(models) if card else []
    scores: dict[str, Any] = {}
    values_of: dict[str, list[str]] = {}
    unlabelled: dict[str, int] = {}
    judged: list[Label] = []
    said: dict[tuple[str, str], list[Prediction]] = {}
    for variable in book.variables:
        chosen = list(scored.classifiers(variable, models, labelled))
        if not chosen:
            continue
        units, values, unlabelled[variable.name] = scored.units(variable)
        values_of[variable.name] = values
        ids = {unit.id for unit in units}
        judged += [x for x in corpus.labels if x.variable == variable.name and x.unit_id in ids]
        found: dict[str, Any] = {}
        for classifier in chosen:
            predictions = scored.predictions(classifier, units)
            found[classifier.name] = scored.scores(classifier, predictions, values, units)
            said[variable.name, classifier.name] = predictions
            first = said[variable.name, chosen[0].name]
            if first is not predictions:
                found[classifier.name]["better_than_first"] = scored.difference(
                    predictions, first, values, units
                )
        if len(found) < len(chosen):
            raise DataError(f"models of {variable.name}: one is given twice; give each once")
        scores[variable.name] = found
    _add_to_cards(carded, scores, card)
    results: dict[str, Any] = {
        "scores": scores,
        "n_unlabelled": unlabelled,
        "codebook": book.digest,
    }
    notes = tuple(
        f"{n} units of {name} in the scored articles have no label and are not scored."
        for name, n in unlabelled.items()
        if n
    )
    notes += tuple(
        f"{of_model['n_out_of_fold']} of the {of_model['n']} {name} units are of articles in the "
        f"training data of {model}; a fold that did not see them predicted them."
        for name, by_model in scores.items()
        for model, of_model in by_model.items()
        if of_model["n_out_of_fold"]
    )
    notes += (*_drawn_unequally(judged), *say_seen(gold, judged))
    if out is None:
        return Step(folder=gold, files=(), inputs=corpus.inputs, results=results, notes=notes)
    out = Path(out)
    arguments = {
        "gold": str(gold),
        "models": [str(model) for model in models],
        "codebook": None if codebook is None else str(codebook),
        "part": part,
        "split": split,
        "headline": headline,
    }
    run = begin_run("evaluate", arguments, out, seed=seed)
    run.inputs.update(corpus.inputs)
    run.results.update(results)
    files = write_scores(out, scores, said, values_of)
    end_run(run, out, files)
    return Step(folder=out, files=tuple(files), inputs=run.inputs, results=results, notes=notes)


def _drawn_unequally(labels: Sequence[Label]) -> tuple[str, ...]:
    """A sentence where units were drawn with different probabilities; none where all were alike."""
    drawn = sorted({label.probability for label in labels})
    if len(drawn) < 2:
        return ()
    return (
        f"The scored units were drawn for labeling with probabilities from {drawn[0]:.3g} to "
        f"{drawn[-1]:.3g}: scores are of these units as they are, not of all units they were drawn "
        "from.",
    )


def _folders_with_cards(models: Sequence[Path | str]) -> list[Path]:
    """Those of models that are given by folder, since what a name stands for is not the user's."""
    from framing.models import SMALL
    from framing.models.baselines import BASELINES

    folders = [*find_models([model for model in models if str(model) not in {*BASELINES, SMALL}])]
    if not folders:
        raise DataError("evaluation: --card takes folders of fine-tuned models, given with --model")
    return folders


def _add_to_cards(
    folders: Sequence[Path], scores: Mapping[str, Mapping[str, Any]], on: str
) -> None:
    from framing.models.card import add_evaluation
    from framing.models.model_folders import read_card

    for folder in folders:
        name = read_card(folder)["name"]
        for variable, by_model in scores.items():
            if name in by_model:
                add_evaluation(folder, variable, on=on, scores=by_model[name])


@dataclasses.dataclass(frozen=True, slots=True)
class _Scored:
    """The articles that are scored, and how."""

    gold: Path
    codebook: Codebook
    part: str | None
    split: str
    headline: bool
    seed: int

    def check(self, articles: Sequence[Article]) -> None:
        if self.part is None or any(a.group.get(self.split) == self.part for a in articles):
            return
        found = sorted({a.group[self.split] for a in articles if self.split in a.group})
        columns = sorted({name for article in articles for name in article.group})
        raise DataError(
            f"{self.gold / 'articles.jsonl'}: no article has {self.split!r}: {self.part!r}; found "
            f"there: {', '.join(found) or 'nothing'}; columns: {', '.join(columns) or 'none'}"
        )

    def classifiers(
        self, variable: Variable, models: Sequence[Path | str], labelled: set[str]
    ) -> Iterator["Classifier"]:
        """Of one variable, in the order that they are given in."""
        from framing.models import load_model
        from framing.models.baselines import BASELINES

        if not models and variable.name in labelled:
            yield load_model(variable=variable.name, codebook=self.codebook)
        for model in models:
            if str(model) in BASELINES:
                if variable.name in labelled:
                    yield self.baseline(str(model), variable)
                continue
            for folder in find_models([model]):
                names = variables_of(folder)
                for name in names:
                    self.codebook.variable(name)
                if variable.name in names:
                    yield load_model(folder, variable=variable.name, codebook=self.codebook)

    def baseline(self, name: str, variable: Variable) -> "Classifier":
        from framing.models.baselines import BaselineClassifier
        from framing.models.labelled_units import in_part, read_coded_units
        from framing.models.regression import grouped_folds

        learns = in_part("" if self.part is None else self.split, "train")
        articles, units, values, _ = read_coded_units(
            self.gold, variable, codebook=self.codebook, wanted=learns
        )
        if not units:
            raise DataError(
                f"baseline {name}: no article of {self.gold} is in the part 'train' of "
                f"{self.split!r}, so there is nothing to learn from; score without --part"
            )
        events = {article.id: article.group.get("event") or article.id for article in articles}
        folds = grouped_folds(
            [events[unit.article_id] for unit in units],
            n_folds=_N_FOLDS,
            rng=np.random.default_rng(self.seed),
        )
        return BaselineClassifier(
            name=name,
            variable=variable.name,
            categories=variable.names,
            codebook=self.codebook.digest,
            train=tuple(units),
            values=tuple(values),
            fold_of={u.article_sha256: int(k) for u, k in zip(units, folds, strict=True)},
            seed=self.seed,
        )

    def units(self, variable: Variable) -> tuple[list["Unit"], list[str], int]:
        """With their values, and the number of those that have none."""
        from framing.models.labelled_units import in_part, read_coded_units

        _, units, values, n_unlabelled = read_coded_units(
            self.gold,
            variable,
            codebook=self.codebook,
            wanted=in_part(self.split, self.part) if self.part else lambda _: True,
            headline=self.headline,
        )
        return units, values, n_unlabelled

    def predictions(self, classifier: "Classifier", units: Sequence["Unit"]) -> list["Prediction"]:
        predictions = classifier.predict(units)
        if any(prediction.basis == "training" for prediction in predictions):
            raise DataError(
                f"model {classifier.name!r}: trained or calibrated on articles of {self.gold} "
                "without a fold that left them out, so its score there says nothing; score it on "
                "other articles, such as those of --part test"
            )
        return predictions

    def scores(
        self,
        classifier: "Classifier",
        predictions: Sequence["Prediction"],
        values: Sequence[str],
        units: Sequence["Unit"],
    ) -> dict[str, Any]:
        from framing.models.scores import score_predictions, uncalibrated_scores

        temperature = classifier.card.get("temperature")
        return {
            **(
                {"uncalibrated": uncalibrated_scores(predictions, values, temperature)}
                if temperature
                else {}
            ),
            "n_out_of_fold": sum(p.basis == "out_of_fold" for p in predictions),
            **score_predictions(
                predictions,
                values,
                [unit.article_id for unit in units],
                rng=np.random.default_rng(self.seed),
            ),
        }

    def difference(
        self,
        predictions: Sequence["Prediction"],
        first: Sequence["Prediction"],
        values: Sequence[str],
        units: Sequence["Unit"],
    ) -> dict[str, Any]:
        from framing.models.scores import compare_predictions

        return compare_predictions(
            predictions,
            first,
            values,
            [unit.article_id for unit in units],
            rng=np.random.default_rng(self.seed),
        )
