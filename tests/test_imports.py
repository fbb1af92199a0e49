"""`import framing` is light, and its public names are what they say."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import framing

HEAVY = (
    "torch", "transformers", "pandas", "scipy", "matplotlib", "seaborn", "sklearn", "datasets",
    "evaluate", "peft", "pyarrow", "statsmodels", "trafilatura",
)  # fmt: skip


def _loaded_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_import_framing_loads_no_heavy_library() -> None:
    assert _loaded_after("import framing").isdisjoint(HEAVY)


def test_the_test_above_would_see_a_heavy_library() -> None:
    assert "pandas" in _loaded_after("import framing; framing.to_frame([])")


@pytest.mark.parametrize("name", framing.__all__)
def test_public_names_resolve(name: str) -> None:
    assert getattr(framing, name).__name__ == name


def test_no_public_name_is_the_name_of_a_package_or_module() -> None:
    # Importing framing.quotes sets the attribute `quotes`: a lazy name of that kind would be one
    # thing before the import and another after it.
    modules = {module.name for module in pkgutil.iter_modules(framing.__path__)}
    assert modules.isdisjoint(framing.__all__)


def test_public_names_are_declared_once_and_listed() -> None:
    assert len(set(framing.__all__)) == len(framing.__all__)
    assert dir(framing) == sorted(framing.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'framing' has no attribute 'no_such_name'$"):
        framing.no_such_name  # noqa: B018


def test_every_module_declares_what_is_public() -> None:
    # Without the files of framing.models: they import torch, which takes seconds.
    for module in pkgutil.walk_packages(framing.__path__, "framing."):
        if module.name.startswith("framing.models") or module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        assert hasattr(loaded, "__all__"), f"{module.name} has no __all__"
        for name in loaded.__all__:
            assert hasattr(loaded, name), f"{module.name}.__all__ names {name!r}"
