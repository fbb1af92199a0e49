import math
import sys
from pathlib import Path

import pytest

from framing.errors import FramingError, MissingDependencyError
from framing.extras import require


def test_require_returns_the_module() -> None:
    assert require("math", extra="dev") is math


@pytest.mark.parametrize("module", ["no_such_package", "no_such_package.part", "json.no_such_part"])
def test_require_names_the_extra_that_brings_it(module: str) -> None:
    with pytest.raises(MissingDependencyError) as error:
        require(module, extra="ray")
    assert str(error.value) == (
        f'{module} is not installed, and this step needs it: run  pip install "framing[ray]"'
    )
    assert isinstance(error.value, FramingError)
    assert isinstance(error.value, ImportError)


def test_require_does_not_blame_the_extra_for_a_broken_dependency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half_installed.py").write_text("import no_such_package\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError) as error:
        require("half_installed", extra="ray")
    assert not isinstance(error.value, MissingDependencyError)
    assert error.value.name == "no_such_package"
    assert "half_installed" not in sys.modules
