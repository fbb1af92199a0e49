"""A recorded run, run again: which bytes and numbers differ."""

import csv
import dataclasses
import inspect
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.errors import DataError
from framing.pipeline.adjudication import adjudicate_codings
from framing.pipeline.coder_comparison import compare_codings
from framing.pipeline.comparison import compare_corpus
from framing.pipeline.evaluation import evaluate_models
from framing.pipeline.exchange import export_corpus, import_corpus
from framing.pipeline.extraction import extract_corpus
from framing.pipeline.extractor_training import train_extractor
from framing.pipeline.gathered_codings import gather_codings
from framing.pipeline.label_draws import draw_next
from framing.pipeline.learning_curves import measure_learning_curve
from framing.pipeline.prediction import predict_corpus
from framing.pipeline.reporting import report_corpus
from framing.pipeline.run_records import read_run
from framing.pipeline.steps import Progress
from framing.pipeline.training import train_classifier
from framing.runs import file_sha256

__all__ = ["Reproduction", "reproduce_run"]

_STEPS: Mapping[str, Callable[..., Any]] = {
    "adjudicate": adjudicate_codings,
    "agreement": compare_codings,
    "compare": compare_corpus,
    "curve": measure_learning_curve,
    "evaluate": evaluate_models,
    "export": export_corpus,
    "extract": extract_corpus,
    "gather": gather_codings,
    "import": import_corpus,
    "next": draw_next,
    "predict": predict_corpus,
    "report": report_corpus,
    "train": train_classifier,
}
_WITH_PROGRESS = ("compare", "curve", "extract", "predict", "report", "train")
_WITH_SEED = ("agreement", "compare", "curve", "evaluate", "export", "next", "report", "train")
_CIRCUMSTANCES = ("version", "commit", "packages", "hardware")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """What a second run gave.

    Attributes:
        command: That was run again.
        n_files: Files that the record names.
        differences: What is not the same, a sentence each; empty when all is.
        circumstances: What else is not as it was and may be the cause: packages, hardware.
    """

    command: str
    n_files: int
    differences: tuple[str, ...]
    circumstances: tuple[str, ...]


def reproduce_run(path: Path | str, *, progress: Progress | None = None) -> Reproduction:
    """Run a recorded command again, into a temporary folder, and compare.

    Paths in the record are those that were given, so this runs where the command was run.

    Args:
        path: A run.json (or runs/COMMAND.json).
        progress: See the command.

    Raises:
        DataError: It is not a run record, its command cannot be run again, or it fails now.
    """
    path = Path(path)
    record = read_run(path)
    command, arguments = record["command"], record["arguments"]
    if command not in _STEPS:
        raise DataError(
            f"{path}: command {command!r} cannot be run again; accepted: {', '.join(_STEPS)}"
        )
    if "-" in record["inputs"]:
        raise DataError(
            f"{path}: the run read the standard input, which is gone; keep it in a file, and run "
            "the command on that"
        )
    folder = path.parent.parent if path.parent.name == "runs" else path.parent
    chance = {"seed": record.get("seed")} if command in _WITH_SEED else {}
    shown = {"progress": progress} if command in _WITH_PROGRESS else {}
    with tempfile.TemporaryDirectory(prefix="framing-") as again:
        given = {**arguments, **chance, **shown, "out": Path(again)}
        step = _step(command, arguments)
        try:
            inspect.signature(step).bind(**given)
        except TypeError as error:
            raise DataError(
                f"{path}: its arguments are not those of framing {command}: {error}"
            ) from error
        step(**given)
        now = read_run(Path(again) / "run.json")
        differences = [
            *_input_differences(record["inputs"], now["inputs"]),
            *_output_differences(record["outputs"], folder, Path(again)),
            *_number_differences("results", record["results"], now["results"]),
        ]
    return Reproduction(
        command=command,
        n_files=len(record["outputs"]),
        differences=tuple(differences),
        circumstances=tuple(
            line for key in _CIRCUMSTANCES for line in _changes(key, record.get(key), now.get(key))
        ),
    )


def _step(command: str, arguments: Mapping[str, Any]) -> Callable[..., Any]:
    """What the command does; two trainings go by one name."""
    if command == "train" and "corpus" in arguments:
        return train_extractor
    return _STEPS[command]


def _input_differences(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            what = "changed" if name in then and name in now else "new" if name in now else "gone"
            yield f"input {name}: {what} since that run"


def _output_differences(outputs: Mapping[str, str], folder: Path, again: Path) -> Iterator[str]:
    written = {
        path.relative_to(again).as_posix()
        for path in again.rglob("*")
        if path.is_file() and path.name != "run.json"
    }
    for name in sorted({*outputs, *written}):
        if name not in written:
            yield f"{name}: is not written any more"
        elif name not in outputs:
            yield f"{name}: was not written then"
        elif outputs[name] != file_sha256(again / name):
            original = folder / name
            if not original.is_file() or file_sha256(original) != outputs[name]:
                yield f"{name}: other bytes (the file of that run is gone or was changed)"
            else:
                yield from _file_differences(name, original, again / name)


def _file_differences(name: str, then: Path, now: Path) -> Iterator[str]:
    parse = _PARSERS.get(then.suffix)
    found = [] if parse is None else list(_number_differences(name, parse(then), parse(now)))
    if found:
        yield from found
        return
    one, other = then.read_bytes(), now.read_bytes()
    first = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    where = min(len(one), len(other)) if first is None else first
    yield f"{name}: other bytes from byte {where} on ({len(one)} bytes then, {len(other)} now)"


def _number_differences(name: str, then: Any, now: Any) -> Iterator[str]:
    """One sentence for all numbers that differ, one for the first other thing that does."""
    pairs = list(_unlike(then, now, ""))
    numbers = [(abs(a - b), place, a, b) for place, a, b in pairs if _is_number(a, b)]
    if numbers:
        _, place, a, b = max(numbers, key=lambda row: row[0])
        yield (
            f"{name}: {len(numbers)} numbers differ, most at {place.lstrip('.')}: {a!r} then, "
            f"{b!r} now"
        )
    others = [(place, a, b) for place, a, b in pairs if not _is_number(a, b)]
    if others:
        place, a, b = others[0]
        where = place.lstrip(".") or "the top"
        yield (
            f"{name}: {len(others)} other values differ, first at {where}: {_short(a)} then, "
            f"{_short(b)} now"
        )


def _unlike(then: Any, now: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _unlike(then.get(key), now.get(key), f"{place}.{key}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for i, (a, b) in enumerate(zip(then, now, strict=True)):
            yield from _unlike(a, b, f"{place}[{i}]")
    elif then != now:
        yield place, then, now


def _is_number(*values: Any) -> bool:
    return all(
        isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        for value in values
    )


def _read_csv(path: Path) -> list[Any]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: _value(cell) for key, cell in row.items()} for row in csv.DictReader(file)]


def _value(cell: str | None) -> Any:
    try:
        return float(cell or "")
    except ValueError:
        return cell


def _read_jsonl(path: Path) -> list[Any]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]


_PARSERS: Mapping[str, Callable[[Path], Any]] = {
    ".csv": _read_csv,
    ".json": lambda path: json.loads(path.read_text(encoding="utf-8")),
    ".jsonl": _read_jsonl,
}


def _changes(key: str, then: Any, now: Any) -> Iterator[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        for inner in dict.fromkeys([*then, *now]):
            if then.get(inner) != now.get(inner):
                yield f"{key}: {inner} was {_short(then.get(inner))}, is {_short(now.get(inner))}"
    elif then != now:
        yield f"{key} was {_short(then)}, is {_short(now)}"


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "..."
