"""The notebooks: short, and executed from a clean kernel they say again what is committed."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MAX_LINES = 10  # a longer function belongs in the library
# Printed are two digits; the last may be rounded the other way on another processor.
LAST_DIGIT = 0.01
# In bfloat16 and in float32 a probability differs by up to 0.03, and the end of an interval may
# jump by one quote of an article.
OTHER_DTYPE = 0.07
DTYPE = re.compile(r"computed in (\w+)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# /tmp and the like, a drive, or a file address; not a date or a web address.
ABSOLUTE_PATH = re.compile(r"(?<![\w.~:/-])/(?:\w[\w.-]*/)*\w|\b[A-Za-z]:\\|file:/")

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == ["01_", "02_", "03_", "04_"]


@every_notebook
def test_no_function_is_longer_than_ten_lines(path: Path) -> None:
    found = [where for cell in _code_cells(_read(path)) for where in _long_functions(cell.source)]
    assert found == []


def test_long_functions_are_noticed() -> None:
    body = "".join(f"    x{n} = {n}\n" for n in range(9))
    assert _long_functions("%magic\ndef ten():\n" + body) == []
    assert _long_functions("def eleven():\n" + body + "    x9 = 9\n") == ["eleven: 11 lines"]
    assert _long_functions("f = lambda: [\n" + "1,\n" * 9 + "]\n") == ["lambda: 11 lines"]


@every_notebook
def test_committed_outputs_are_of_one_run_in_a_clean_kernel(path: Path) -> None:
    cells = _code_cells(_read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert [problem for cell in cells for problem in _problems(cell)] == []
    # Times of execution would differ on every run; `make notebooks` leaves them out.
    assert not any("execution" in cell.metadata for cell in cells)


@every_notebook
def test_no_machine_path_is_committed(path: Path) -> None:
    notebook = _read(path)
    texts = [cell.source for cell in notebook.cells]
    texts += [text for cell in _code_cells(notebook) for text in _texts(cell)]
    assert [text for text in texts if ABSOLUTE_PATH.search(re.sub(r"</?\w+>", "", text))] == []


@pytest.mark.parametrize("text", ["in /tmp/x: no", "/mnt", "(/opt/a.txt)", r"C:\a", "file:///a"])
def test_machine_paths_are_noticed(text: str) -> None:
    assert ABSOLUTE_PATH.search(text)


@pytest.mark.parametrize("text", ["../annotations", "90/94", "and/or", "https://a.org/b", "a / b"])
def test_other_slashes_are_no_machine_paths(text: str) -> None:
    assert not ABSOLUTE_PATH.search(text)


@every_notebook
def test_no_result_is_typed_into_the_words(path: Path) -> None:
    # It would stay when the models change; results stand in outputs.
    words = [cell.source for cell in _read(path).cells if cell.cell_type == "markdown"]
    assert [text for text in words if re.search(r"\d\.\d|\d ?%", text)] == []


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.model
@every_notebook
def test_execution_says_what_is_committed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nbclient", reason="needs the extra [notebooks]")
    from framing.models.encoders import native_dtype

    executed = _executed(path, tmp_path, monkeypatch)
    cells = list(zip(_code_cells(_read(path)), _code_cells(executed), strict=True))
    problems = [problem for _, now in cells for problem in _problems(now)]
    assert problems == []
    same = _committed_dtype() == native_dtype()
    tolerance = LAST_DIGIT if same else OTHER_DTYPE
    differences = [
        f"cell {number}: {difference}"
        for number, (then, now) in enumerate(cells, start=1)
        for difference in _differences(_texts(then), _texts(now), tolerance)
    ]
    assert differences == [], "if the change is meant: make notebooks, and read what changed"
    assert [_kinds(then) for then, _ in cells] == [_kinds(now) for _, now in cells]


@pytest.mark.parametrize(
    ("now", "difference"),
    [
        ("share   0.26\nof 16 articles", []),
        ("share 0.27\nof 16 articles", ["0.25 then, 0.27 now"]),
        ("share 0.25\nof 15 articles", ["16 then, 15 now"]),
        ("part 0.25\nof 16 articles", ["share then, part now"]),
        ("share 0.25", ["5 words then, 2 now"]),
    ],
)
def test_differences_are_noticed(now: str, difference: list[str]) -> None:
    assert list(_differences(["share 0.25\nof 16 articles\n"], [now], LAST_DIGIT)) == difference


def test_missing_output_is_noticed() -> None:
    assert list(_differences(["some words"], [], LAST_DIGIT)) == ["1 texts then, 0 now"]


def test_names_of_models_may_not_differ() -> None:
    then, now = ["computed in bfloat16 frozen-role-57"], ["computed in float32 frozen-role-58"]
    assert list(_differences(then, now, OTHER_DTYPE)) == ["frozen-role-57 then, frozen-role-58 now"]


def _committed_dtype() -> str:
    """In which the encoder computed, as the first notebook prints; all are executed together."""
    found = [
        match.group(1)
        for cell in _code_cells(_read(NOTEBOOKS[0]))
        for text in _texts(cell)
        for match in DTYPE.finditer(text)
    ]
    assert found
    assert found[0] in ("bfloat16", "float32")
    return found[0]


def _read(path: Path) -> Any:
    nbformat = pytest.importorskip("nbformat", reason="needs the extra [notebooks]")
    return nbformat.read(path, as_version=4)


def _executed(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Execute a copy beside a copy of the annotations, so that only relative paths work."""
    import matplotlib.font_manager  # noqa: F401  # builds its cache here, where it may say so
    from nbclient import NotebookClient

    shutil.copytree(ROOT / "annotations", folder / "annotations")
    (folder / "notebooks").mkdir()
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))  # nobody's own start-up files
    # Threads that wait by spinning take the cores from each other when other work runs beside.
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    notebook = _read(path)
    for cell in _code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    resources = {"metadata": {"path": str(folder / "notebooks")}}
    client = NotebookClient(notebook, timeout=500, kernel_name="python3", resources=resources)
    return client.execute()


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _long_functions(source: str) -> list[str]:
    python = "\n".join("" if line.startswith("%") else line for line in source.split("\n"))
    lengths = [
        (getattr(node, "name", "lambda"), (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(ast.parse(python))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    ]
    return [f"{name}: {n} lines" for name, n in lengths if n > MAX_LINES]


def _problems(cell: Any) -> Iterator[str]:
    """Errors, warnings and progress bars."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"{output.ename}: {output.evalue}"
        elif output.get("name") == "stderr":
            yield output.text
    for text in _texts(cell):
        if re.search(r"[Ww]arning|\d+%\||\r", text):
            yield text


def _texts(cell: Any) -> list[str]:
    """What a cell prints and shows, its HTML left out: that is its text again, in a table."""
    texts = [output.text for output in cell.outputs if output.output_type == "stream"]
    shown = [output.data for output in cell.outputs if "data" in output]
    return texts + [data["text/plain"] for data in shown if "text/plain" in data]


def _kinds(cell: Any) -> list[list[str]]:
    return [sorted(output.get("data", [output.output_type])) for output in cell.outputs]


def _differences(then: list[str], now: list[str], tolerance: float) -> Iterator[str]:
    """Words and whole numbers that differ at all, decimal numbers by more than `tolerance`."""
    if len(then) != len(now):
        yield f"{len(then)} texts then, {len(now)} now"
        return
    for one, other in zip(then, now, strict=True):
        before, after = (DTYPE.sub("", text).split() for text in (one, other))
        if len(before) != len(after):
            yield f"{len(before)} words then, {len(after)} now"
            continue
        for a, b in zip(before, after, strict=True):
            if not _alike(a, b, tolerance):
                yield f"{a} then, {b} now"


def _alike(one: str, other: str, tolerance: float) -> bool:
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(
        a == b or ("." in a and "." in b and abs(float(a) - float(b)) <= tolerance + 1e-9)
        for a, b in pairs
    )
