"""How fast the fine-tuned classifiers are trained and asked, beside the stock ways.

Run in the project's folder:  .venv/bin/python experiments/e055_classifier_speed/run.py
Writes result.json and the table of README.md; --smoke is a tiny run on the samples, below --work.
"""

import argparse
import dataclasses
import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from experiments.classifier_tables import fill  # noqa: E402
from experiments.classifier_trials import hydrate_articles, split_samples  # noqa: E402
from framing.codebook import load_codebook  # noqa: E402
from framing.jsonl import from_json, replace_file  # noqa: E402
from framing.models.encoders import load_encoder, native_dtype, resolve_encoder  # noqa: E402
from framing.models.finetuned import FineTunedClassifier, load_finetuned, make_inputs  # noqa: E402
from framing.models.finetuning import fine_tune  # noqa: E402
from framing.models.labelled_units import TrainingData, read_training_data  # noqa: E402
from framing.models.training_config import FineTuning  # noqa: E402
from framing.models.units import Unit  # noqa: E402
from framing.runs import file_sha256, start_run, write_run  # noqa: E402


def main() -> int:
    """Time, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("FRAMING_CORPORA", str(ROOT / ".." / "shared"))
    parser.add_argument("--corpora", type=Path, default=Path(default))
    parser.add_argument("--work", type=Path, default=ROOT / "results" / "classifiers")
    parser.add_argument("--smoke", action="store_true", help="tiny, on the samples")
    given = parser.parse_args()
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    config["training"] = tomllib.loads((ROOT / config["training"]).read_text(encoding="utf-8"))
    tiny = config.pop("smoke")
    config |= tiny if given.smoke else {}
    out = given.work / "out" / HERE.name if given.smoke else HERE
    run = start_run(f"experiments/{HERE.name}", config, seed=config["seed"])
    data = split_samples(given.work) if given.smoke else hydrate_articles(
        config, given.work, given.corpora
    )  # fmt: skip
    run.inputs["labels.jsonl"] = file_sha256(data / "labels.jsonl")
    torch.set_num_threads(config["threads"])
    run.results = measure(data, config)
    text = (HERE / "README.md").read_text(encoding="utf-8")
    with replace_file(out / "README.md") as file:
        file.write(fill(text, "speed", f"\n\n{table(run.results)}\n\n"))
    print(table(run.results))
    if out == HERE:
        overview = ROOT / "experiments" / "README.md"
        known = overview.read_text(encoding="utf-8")
        training, asked = (run.results[key]["ratio"] for key in ("training", "prediction"))
        words = f" {training} times as fast to train, {asked} times as fast to ask "
        with replace_file(overview) as file:
            file.write(fill(known, "e055", words))
    write_run(run, out, [], name="result.json")
    return 0


def measure(data: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds of both trainings and of both predictions, and how far their answers agree."""
    book = load_codebook()
    told = from_json(config["training"], FineTuning)
    told = dataclasses.replace(
        told,
        second_stage=False,  # a pipeline has none; it takes no time to speak of
        schedule=dataclasses.replace(
            told.schedule, epochs=config["epochs"], threads=config["threads"]
        ),
    )
    variable = book.variable(config["variable"])
    coded = read_training_data(data, [variable], codebook=book, split=config["split"])
    name, files = variable.name, resolve_encoder(told.encoder)
    if n := config["n_trained"]:
        coded = dataclasses.replace(coded, train={name: coded.train[name].take(range(n))})
    load_encoder(told.encoder)  # from the disk, once for both
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "ours"
        ours = timed(
            lambda: fine_tune(coded, told, codebook=book.digest, out=folder, seed=config["seed"])
        )
        stock = timed(lambda: train_stock(coded, told, Path(place) / "stock", config["seed"]))
        fast, slow = (
            load_finetuned(folder, variable=name, files=files, dtype=dtype)
            for dtype in (native_dtype(), "float32")
        )
        units = list((coded.validation or coded.train)[name].units)[: config["n_units"]]
        return {
            "units_trained_on": len(coded.train[name].units),
            "training": {"ours": ours, "stock": stock, "ratio": round(stock / ours, 2)},
            **ask(fast, slow, units, config["repeats"]),
        }


def train_stock(data: TrainingData, config: FineTuning, folder: Path, seed: int) -> None:
    """All weights of a stock classifier in float32, by a Trainer as it comes; same texts."""
    (name,) = data.variables
    files = resolve_encoder(config.encoder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(files.folder))
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        str(files.folder), num_labels=len(data.variables[name].names), dtype=torch.float32
    )
    inputs = make_inputs(tokenizer, model.config, config)

    def rows(part: Any) -> list[dict[str, Any]]:
        encoded = inputs.encode(part[name].units, data.variables[name].unit)
        gold = part[name].targets.argmax(axis=1).tolist()
        return [
            {"input_ids": list(one.ids), "labels": label}
            for one, label in zip(encoded, gold, strict=True)
        ]

    transformers.Trainer(
        model=model,
        args=transformers.TrainingArguments(
            output_dir=str(folder),
            num_train_epochs=config.schedule.epochs,
            per_device_train_batch_size=config.schedule.batch_size,
            eval_strategy="epoch",
            save_strategy="epoch",
            seed=seed,
            report_to="none",
            disable_tqdm=True,
            dataloader_pin_memory=torch.cuda.is_available(),
        ),
        train_dataset=rows(data.train),
        eval_dataset=rows(data.validation or data.train),
        data_collator=transformers.DataCollatorWithPadding(tokenizer),
    ).train()


def ask(
    fast: FineTunedClassifier, slow: FineTunedClassifier, units: Sequence[Unit], repeats: int
) -> dict[str, Any]:
    """Both ways in turn; the first units are asked before, so that no loading is timed."""
    stock = stock_pipeline(slow)
    fast.predict(units[:8])
    stock(units[:4])
    pairs = []
    for _ in range(repeats):
        pairs.append((timed(lambda: fast.predict(units)), timed(lambda: stock(units))))
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    said = [prediction.value for prediction in fast.predict(units)]
    ratios = [two / one for one, two in pairs]
    return {
        "units_asked": len(units),
        "dtype": fast.card["encoder"]["dtype_in_use"],
        "prediction": {
            "ours": round(ours, 3),
            "stock": round(theirs, 3),
            "ratio": round(statistics.median(ratios), 2),
            "ratios": [round(ratio, 2) for ratio in ratios],
        },
        "same_answer": round(sum(map(str.__eq__, said, stock(units))) / len(said), 4),
    }


class _Network(transformers.PreTrainedModel):  # type: ignore[no-untyped-call]
    """The classifier's network as a pipeline wants it."""

    config_class = transformers.PretrainedConfig

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__(transformers.PretrainedConfig())
        self.network = network

    def forward(self, **inputs: torch.Tensor) -> Any:
        return self.network(**inputs)


def stock_pipeline(classifier: FineTunedClassifier) -> Callable[[Sequence[Unit]], list[str]]:
    """A `transformers.Pipeline` around the same weights, asked one unit at a time."""
    index, first = classifier.place
    last = first + len(classifier.categories)

    class OfUnits(transformers.Pipeline):
        def _sanitize_parameters(self, **_: Any) -> Any:
            return {}, {}, {}

        def preprocess(self, input_: Any, **_: Any) -> Any:
            (one,) = classifier.inputs.encode([input_], classifier.unit_kind)
            return {
                "input_ids": torch.tensor([one.ids]),
                "attention_mask": torch.ones((1, len(one.ids)), dtype=torch.long),
                "focus": torch.tensor([one.focus]),
                "variable": torch.tensor([index]),
            }

        def _forward(self, input_tensors: Any, **_: Any) -> Any:
            return self.model(**input_tensors)

        def postprocess(self, model_outputs: Any, **_: Any) -> Any:
            scores = torch.softmax(model_outputs["logits"][0, first:last], dim=0)
            return classifier.categories[int(scores.argmax())]

    made: Any = OfUnits(model=_Network(classifier.network), device=torch.device("cpu"))
    return lambda units: [made(unit) for unit in units]


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 3)


def table(results: Mapping[str, Any]) -> str:
    """One row for each of the two."""
    lines = ["| | units | ours, s | stock, s | stock / ours |", "| --- " + "| ---: " * 4 + "|"]
    for name, n in (("training", "units_trained_on"), ("prediction", "units_asked")):
        of = results[name]
        cells = [f"{of['ours']:.1f}", f"{of['stock']:.1f}", f"**{of['ratio']:.2f}**"]
        lines.append(f"| {name} | {results[n]:,} | {' | '.join(cells)} |")
    share = f"{results['same_answer']:.2%}".replace("%", " %")
    return "\n".join([*lines, "", f"Same answer: {share} of the units ({results['dtype']})."])


if __name__ == "__main__":
    sys.exit(main())
