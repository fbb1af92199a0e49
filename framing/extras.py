"""Optional packages, imported where they are used."""

import importlib
from types import ModuleType

from framing.errors import MissingDependencyError

__all__ = ["require"]


def require(module: str, *, extra: str) -> ModuleType:
    """Import and return `module`, or say which extra of this package brings it.

    Args:
        module: Dotted module name.
        extra: Name of the extra in `pip install "framing[extra]"`.

    Raises:
        MissingDependencyError: `module` is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or module.split(".")[0] != error.name.split(".")[0]:
            raise  # a dependency of `module` is broken: the extra would not help
        message = (
            f"{module} is not installed, and this step needs it: "
            f'run  pip install "framing[{extra}]"'
        )
        raise MissingDependencyError(message) from error
