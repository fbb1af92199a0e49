"""The `label-studio` format: a folder with labeling.xml and tasks.json for Label Studio 1.23.

tasks.json is Label Studio's own full JSON, which an export from there gives back; its CSV and
JSON-MIN lose which category belongs to which mark. Offsets of its `Text` count code points, as
ours do. An article in which the coder has given categories goes out as their annotation, any
other as a prediction, so that Label Studio offers it as still to be done. What Label Studio has
no place for goes along in a task's `data`, which it keeps as it is.
"""

import json
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.dataset.exchange.coded_corpus import CodedCorpus, Document
from framing.dataset.exchange.exchange_format import Format
from framing.dataset.exchange.label_studio_answers import read_answers
from framing.dataset.exchange.label_studio_config import labeling_config
from framing.dataset.exchange.label_studio_regions import draw_regions
from framing.dataset.exchange.marked_texts import marked_survival
from framing.dataset.exchange.marked_units import gather_marked
from framing.dataset.exchange.survival import Survival
from framing.errors import DataError
from framing.jsonl import replace_file

__all__ = ["LABELING", "LABEL_STUDIO", "TASKS"]

LABELING, TASKS = "labeling.xml", "tasks.json"
_MAX_BYTES = 1 << 30  # of tasks.json; a thousand articles with two hundred marks each are 0.1 GB


def _write(corpus: CodedCorpus, path: Path, *, coder: str, seed: int) -> None:  # noqa: ARG001
    path.mkdir()
    config = labeling_config(corpus.codebook, with_suggestions=bool(corpus.suggestions))
    (path / LABELING).write_text(config, encoding="utf-8", newline="\n")
    tasks = [_task(document, corpus.codebook, coder) for document in corpus.documents]
    with replace_file(path / TASKS) as file:
        json.dump(tasks, file, ensure_ascii=False, indent=1)
        file.write("\n")


def _read(path: Path, *, source: CodedCorpus | None, codebook: Codebook, coder: str) -> CodedCorpus:
    if source is None:
        raise DataError(f"{path}: give the data that were exported with --data")
    file = path / TASKS if path.is_dir() else path
    answers = read_answers(_load(file), where=str(file), source=source, codebook=codebook,
                           coder=coder)  # fmt: skip
    return gather_marked(answers, where=str(file), source=source, codebook=codebook, coder=coder)


LABEL_STUDIO = Format(
    name="label-studio",
    summary="folder with labeling.xml and tasks.json (full JSON) for Label Studio",
    suffix="",
    survival=marked_survival(
        text=Survival(
            limit="an article that a coder skipped, or left with changes that were not submitted, "
            "does not come back"
        ),
    ),
    write=_write,
    read=_read,
)


def _task(document: Document, codebook: Codebook, coder: str) -> dict[str, Any]:
    article = document.article
    drawn = draw_regions(document, codebook)
    target = article.stance_target
    data = {
        "title": article.title or article.id,
        "target": f"Stance is toward: {target}" if target else "",
        "text": article.text,
        "speakers": drawn.speakers,
        "suggestions": drawn.suggestions,
        "framing": {
            "article_id": article.id,
            "sha256": article.sha256,
            "coder": coder,
            "codebook": codebook.digest,
            "records": drawn.records,
            "result": drawn.result,
        },
    }
    if document.labels:
        return {"data": data, "annotations": [{"result": drawn.result, "ground_truth": False}]}
    return {"data": data, "predictions": [{"model_version": "framing", "result": drawn.result}]}


def _load(path: Path) -> Any:
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise DataError(
                f"{path}: {size:,} bytes; {_MAX_BYTES:,} are accepted, so export fewer articles "
                "at a time"
            )
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError(
            f"{path}: no such file; it should be the JSON export of a Label Studio project"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{path}: not JSON ({error}); export the project from Label Studio as JSON"
        ) from error
