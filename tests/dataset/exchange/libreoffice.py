"""LibreOffice without a window, driven as a coder drives it: cells are typed into, then saved."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

__all__ = ["edit_in_libreoffice", "needs_libreoffice"]

# Runs in the Python that has LibreOffice's own bindings, which is not that of the tests.
_SCRIPT = """
import json, subprocess, sys, time
import uno
from com.sun.star.beans import PropertyValue

path, cells, profile = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
pipe = "framing" + profile.rsplit("/", 1)[-1]
office = subprocess.Popen([
    "soffice", "--headless", "--norestore", "--nologo",
    "-env:UserInstallation=" + uno.systemPathToFileUrl(profile),
    "--accept=pipe,name=" + pipe + ";urp;",
])
try:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(
                "uno:pipe,name=" + pipe + ";urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.25)
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context)
    helper = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.DispatchHelper", context)
    url = uno.systemPathToFileUrl(path)
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = desktop.loadComponentFromURL(url, "_blank", 0, (hidden,))
    locked = []
    for place, text in cells.items():
        sheet, cell = place.split("!")
        cell = document.Sheets.getByName(sheet).getCellRangeByName(cell)
        if cell.CellProtection.IsLocked:
            locked.append(place)
        else:
            controller = document.CurrentController
            controller.setActiveSheet(document.Sheets.getByName(sheet))
            controller.select(cell)
            typed = PropertyValue(Name="StringName", Value=text)
            helper.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, (typed,))
    form = PropertyValue(Name="FilterName", Value="Calc MS Excel 2007 XML")
    document.storeToURL(url, (form,))
    document.close(True)
    print(json.dumps(locked))
    desktop.terminate()
finally:
    try:
        office.wait(20)
    except subprocess.TimeoutExpired:
        office.kill()
"""


def _find_python() -> str | None:
    for name in ("/usr/bin/python3", "python3", sys.executable):
        python = shutil.which(name)
        if python and not subprocess.run([python, "-c", "import uno"], capture_output=True,
                                         check=False).returncode:  # fmt: skip
            return python
    return None


_PYTHON = _find_python() if shutil.which("soffice") else None
needs_libreoffice = pytest.mark.skipif(
    _PYTHON is None, reason="LibreOffice Calc with python3-uno is not installed"
)


def edit_in_libreoffice(path: Path, cells: Mapping[str, str]) -> list[str]:
    """Type into cells such as "quotes!H2" and save; return those that are locked."""
    assert _PYTHON is not None
    with tempfile.TemporaryDirectory(prefix="office-") as profile:
        done = subprocess.run(
            [_PYTHON, "-c", _SCRIPT, str(path), json.dumps(cells), profile],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    locked: list[str] = json.loads(done.stdout.splitlines()[-1])
    return locked
