"""Coding tasks to a Label Studio server, one project for each coder, and back."""

import collections
import contextlib
import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.codebook import Codebook, load_codebook
from framing.dataset.exchange.label_studio import LABEL_STUDIO, LABELING, TASKS
from framing.dataset.exchange.label_studio_answers import left_out
from framing.dataset.exchange.label_studio_config import labeling_instructions
from framing.errors import DataError
from framing.jsonl import read_jsonl, replace_file, write_jsonl
from framing.pipeline.label_studio_client import LabelStudioClient
from framing.pipeline.run_records import begin_run, end_run, read_run
from framing.pipeline.steps import Step
from framing.records import Exclusion
from framing.runs import file_sha256

__all__ = ["PROJECTS", "CoderProject", "pull_projects", "push_projects"]

PROJECTS = "projects.jsonl"
_LEFT_OUT = "exclusions.jsonl"
_MAX_TITLE = 50  # characters that Label Studio takes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CoderProject:
    """A project on a server: a line of projects.jsonl.

    Attributes:
        coder: Who is to code in it.
        url: Address of the server.
        project: Its id there.
        title: Its name there.
        n_tasks: Articles in it.
    """

    coder: str
    url: str
    project: int
    title: str
    n_tasks: int


def push_projects(
    tasks: Path | str,
    *,
    url: str,
    token: str,
    out: Path | str,
    codebook: Path | str | None = None,
) -> Step:
    """Make a project for each coder from what `export_corpus` wrote as label-studio.

    If one cannot be made, those made before are deleted again. projects.jsonl says which are
    whose, for `pull_projects`. The token is written nowhere.

    Args:
        tasks: Folder of the export, with coders.
        url: Address of the server.
        token: Access token of Label Studio.
        out: Folder that is new or empty.
        codebook: File, as for the export; coders read it in Label Studio.

    Raises:
        DataError: `tasks` is no such export, `out` holds files, the server cannot be reached or
            refuses.
    """
    tasks, out, book = Path(tasks), Path(out), load_codebook(codebook)
    client = LabelStudioClient(url, token)
    _check_new(out)
    given = {coder: _read_tasks(tasks / coder) for coder in _exported_coders(tasks, book)}
    arguments = {
        "tasks": str(tasks),
        "url": client.url,
        "codebook": None if codebook is None else str(codebook),
    }
    run = begin_run("push", arguments, out)
    projects: list[CoderProject] = []
    instructions = labeling_instructions(book)
    with _undo(client, projects):
        for coder, (config, articles) in given.items():
            title = f"{coder}: {tasks.resolve().name}"[:_MAX_TITLE].rstrip()
            project = client.create_project(
                title=title,
                description=f"Coding by {coder}, given out by framing",
                label_config=config,
                expert_instruction=instructions,
                show_instruction=True,
                show_collab_predictions=True,
                model_version="framing",
                enable_empty_annotation=True,
            )
            projects.append(
                CoderProject(
                    coder=coder, url=client.url, project=project, title=title,
                    n_tasks=len(articles),
                )
            )  # fmt: skip
            arrived = client.import_tasks(project, articles)
            if arrived != len(articles):
                raise DataError(
                    f"{client.url}: took {arrived} of {len(articles)} articles of {coder}; the "
                    "projects were deleted again, so try once more"
                )
        write_jsonl(out / PROJECTS, projects)
    for coder in given:
        for name in (LABELING, TASKS):
            path = tasks / coder / name
            run.inputs[path.as_posix()] = file_sha256(path)
    run.results.update(projects=len(projects), articles=sum(p.n_tasks for p in projects))
    end_run(run, out, [out / PROJECTS])
    return Step(
        folder=out,
        files=(out / PROJECTS,),
        inputs=dict(run.inputs),
        results=run.results,
        notes=(
            "Whoever has an account on this server can open every project there: tell coders to "
            "open their own only",
        ),
    )


def pull_projects(projects: Path | str, *, token: str, out: Path | str) -> Step:
    """Fetch what coders have done, for `import_corpus`.

    Each coder has `out/NAME` with tasks.json as Label Studio gives it and labeling.xml.
    exclusions.jsonl there lists the articles that an import will leave out: skipped, or changed
    and not submitted.

    Args:
        projects: Folder of `push_projects`.
        token: Access token of Label Studio.
        out: Folder that is new or empty.

    Raises:
        DataError: `projects` is no such folder, `out` holds files, the server cannot be reached
            or a project is gone. Nothing is written then.
    """
    projects, out = Path(projects), Path(out)
    listed = read_jsonl(projects / PROJECTS, CoderProject)
    if not listed:
        raise DataError(f"{projects / PROJECTS}: names no project; push some first")
    _check_new(out)
    fetched = []
    for one in listed:
        client = LabelStudioClient(one.url, token)
        config = client.read_project(one.project).get("label_config", "")
        fetched.append((one, str(config), client.export_tasks(one.project)))
    states = {
        one.coder: [_state(task, f"{one.title}: task {n}") for n, task in enumerate(tasks, 1)]
        for one, _, tasks in fetched
    }
    run = begin_run("pull", {"projects": str(projects)}, out)
    run.inputs[(projects / PROJECTS).as_posix()] = file_sha256(projects / PROJECTS)
    files = []
    for one, config, tasks in fetched:
        folder = out / one.coder
        with replace_file(folder / LABELING) as file:
            file.write(config)
        with replace_file(folder / TASKS) as file:
            json.dump(tasks, file, ensure_ascii=False, indent=1)
        write_jsonl(folder / _LEFT_OUT, _exclusions(states[one.coder]))
        files += [folder / name for name in (LABELING, TASKS, _LEFT_OUT)]
    counts = {coder: _count(found) for coder, found in states.items()}
    run.results.update(pulled=counts)
    end_run(run, out, files)
    return Step(
        folder=out,
        files=tuple(files),
        inputs=dict(run.inputs),
        results=run.results,
        notes=tuple(
            f"{coder}: {n:,} × {state}"
            for coder, of in counts.items()
            for state, n in of.items()
            if state != _CODED
        ),
    )


_CODED, _UNTOUCHED = "coded", "not coded yet"


def _state(task: Any, where: str) -> tuple[str, str]:
    """An article's id, and what became of it."""
    data = task.get("data") if isinstance(task, dict) else None
    ours = data.get("framing") if isinstance(data, dict) else None
    if not isinstance(ours, dict):
        raise DataError(
            f"{where}: its data hold nothing of framing; was it added in Label Studio? Remove it"
        )
    state = left_out(task, where) or (_CODED if task.get("annotations") else _UNTOUCHED)
    return str(ours.get("article_id")), state


def _exclusions(states: Iterable[tuple[str, str]]) -> list[Exclusion]:
    return [
        Exclusion(item=name, reason=state, stage="import", article_id=name)
        for name, state in states
        if state not in (_CODED, _UNTOUCHED)
    ]


def _count(states: Iterable[tuple[str, str]]) -> dict[str, int]:
    found = collections.Counter(state for _, state in states)
    return {_CODED: found.pop(_CODED, 0), **dict(found.most_common())}


def _check_new(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"--out {out}: is there already; give a new folder")


def _exported_coders(tasks: Path, book: Codebook) -> list[str]:
    record = read_run(tasks / "run.json")
    arguments: Mapping[str, Any] = record["arguments"]
    if record["command"] != "export" or arguments.get("format") != LABEL_STUDIO.name:
        raise DataError(
            f"{tasks}: not what framing export --format {LABEL_STUDIO.name} writes; give its folder"
        )
    coders: list[str] = arguments.get("coders", [])
    if not coders:
        raise DataError(
            f"{tasks}: was exported for nobody in particular; a project is of one coder, so "
            "export with --coders"
        )
    if record["results"].get("codebook") != book.digest:
        raise DataError(
            f"{tasks}: was exported under codebook {record['results'].get('codebook')}, not under "
            f"{book.name!r} ({book.digest}); give that with --codebook"
        )
    return coders


def _read_tasks(folder: Path) -> tuple[str, list[Any]]:
    try:
        config = (folder / LABELING).read_text(encoding="utf-8")
        return config, json.loads((folder / TASKS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{folder}: cannot be read ({error}); export again") from error


@contextlib.contextmanager
def _undo(client: LabelStudioClient, projects: list[CoderProject]) -> Iterator[None]:
    """Delete the projects again if the block fails."""
    try:
        yield
    except BaseException:
        for one in projects:
            with contextlib.suppress(DataError):
                client.delete_project(one.project)
        raise
