"""What the files around the package promise."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import framing.codebook

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
PINS = [line for line in LOCK if line and not line.startswith("#")]
# Extras that `make` installs; Ray stays out.
LOCKED_EXTRAS = ("embedded", "notebooks", "dev")
# A path that exists on one machine only: a home, a workplace, a drive.
MACHINE_PATH = re.compile(r"(?<![\w.~:/-])/(?:home|root|work|Users)/\w|\b[A-Z]:\\\\?Users\b")


def _name(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def _files() -> list[Path]:
    """Files that are tracked or will be: what git does not ignore."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "-c", "-o", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not in a git checkout")
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def test_lock_is_a_list_of_exact_versions() -> None:
    # So it names no index, no folder, no address, no hash, and no build such as +cpu.
    for pin in PINS:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._!]+", pin), pin


def test_lock_is_sorted_and_names_each_package_once() -> None:
    assert sorted(PINS, key=str.upper) == PINS
    assert len({_name(pin) for pin in PINS}) == len(PINS)


def test_lock_has_every_dependency() -> None:
    wanted = list(PROJECT["dependencies"])
    wanted += [r for extra in LOCKED_EXTRAS for r in PROJECT["optional-dependencies"][extra]]
    # The package is installed without build isolation, as editable.
    wanted += [*PYPROJECT["build-system"]["requires"], "editables"]
    missing = {_name(requirement) for requirement in wanted} - {_name(pin) for pin in PINS}
    assert missing == set()


def test_lock_has_the_chosen_torch_and_no_cuda() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    chosen = re.search(r"^TORCH := (\S+)$", makefile, re.MULTILINE)
    assert chosen is not None
    assert f"torch=={chosen.group(1)}" in PINS
    assert not [pin for pin in PINS if re.match(r"nvidia|cuda|triton", pin)]


def test_every_file_that_make_needs_is_there() -> None:
    for name in ("LICENSE", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", ".ci/run"):
        assert (ROOT / name).stat().st_size > 0, name
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_license_is_the_declared_one() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_version_is_the_same_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {PROJECT['version']}\n" in citation
    assert f"\nlicense: {PROJECT['license']}\n" in citation
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## .*\b{re.escape(PROJECT['version'])}\b", changelog, re.MULTILINE)


def test_make_targets_of_the_guide_exist() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make ([a-z-]+)`", guide))
    assert targets >= {"report", "test", "check", "notebooks", "clean", "lock"}
    for target in targets:
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target


def test_markers_of_the_guide_are_those_of_pytest() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = guide.split("| marker | meaning |")[1].split("\n\n")[0]
    declared = [m.split(":")[0] for m in PYPROJECT["tool"]["pytest"]["ini_options"]["markers"]]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == declared


def test_the_codebook_is_inside_the_package() -> None:
    package = Path(framing.codebook.__file__).parent
    assert (package / "codebooks" / "framing.toml").is_file()
    assert PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["framing"]


def test_no_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in _files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a model
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if MACHINE_PATH.search(line)
        ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("read " + "/ho" + "me/ada/news", True),
        ('"/wo' + 'rk/main"', True),
        ("C:" + "\\Users\\ada", True),
        ("https://example.org/home/news", False),
        ("../shared/home/", False),
        ("~/work/news", False),
    ],
)
def test_what_counts_as_a_path_of_one_machine(line: str, is_one: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is is_one
