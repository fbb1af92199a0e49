"""Label Studio on this machine alone, with nothing sent to anybody and nobody let in unasked.

It lives in an environment of its own, since its pins are older than ours:
`python -m venv labelstudio` and `labelstudio/bin/pip install "label-studio==1.23.*"`.
"""

import os
import shutil
import subprocess
from pathlib import Path

from framing.errors import DataError

__all__ = ["SETTINGS", "find_server", "server_command", "start_server"]

# The prefix comes before the bare name in Label Studio, so that these hold whatever else is set.
SETTINGS = {
    "LABEL_STUDIO_COLLECT_ANALYTICS": "false",  # usage, to its makers
    "LABEL_STUDIO_SENTRY_DSN": "",  # errors of the server, to its makers
    "LABEL_STUDIO_FRONTEND_SENTRY_DSN": "",  # errors of the page
    "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",  # accounts by invitation only
    "LABEL_STUDIO_DJANGO_DB": "sqlite",
}
_BINARY = "FRAMING_LABEL_STUDIO"


def find_server() -> Path:
    """The label-studio program: that of FRAMING_LABEL_STUDIO, else the first on the path.

    Raises:
        DataError: There is none.
    """
    named = os.environ.get(_BINARY, "")
    found = shutil.which(named or "label-studio")
    if found is None:
        raise DataError(
            f"{f'{_BINARY}={named}' if named else 'label-studio'}: no such program; it goes into "
            "an environment of its own: python -m venv labelstudio, then labelstudio/bin/pip "
            f'install "label-studio==1.23.*", then {_BINARY}=labelstudio/bin/label-studio'
        )
    return Path(found)


def server_command(program: Path, folder: Path, port: int) -> list[str]:
    """How the server is started; to be run with `SETTINGS` in the environment.

    Args:
        program: label-studio.
        folder: Where it keeps projects and accounts (SQLite).
        port: Of this machine's own address, 127.0.0.1.
    """
    return [
        str(program), "start", "--data-dir", str(folder), "--internal-host", "127.0.0.1",
        "--port", str(port), "--no-browser",
    ]  # fmt: skip


def start_server(folder: Path | str, *, port: int) -> int:
    """Run the server until it ends; return its exit code.

    Raises:
        DataError: It is not installed.
    """
    program = find_server()
    Path(folder).mkdir(parents=True, exist_ok=True)
    command = server_command(program, Path(folder).resolve(), port)
    return subprocess.run(command, env={**os.environ, **SETTINGS}, check=False).returncode
