"""The few calls of Label Studio's HTTP API that projects are made and read with."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

from framing.errors import DataError

__all__ = ["LabelStudioClient"]

_TIMEOUT = 120  # seconds; a project of a thousand articles takes some to be put together
_MAX_BYTES = 1 << 30  # of one answer
_BATCH = 50  # tasks in one request
_LOCAL = ("127.0.0.1", "localhost", "::1")


class LabelStudioClient:
    """A server, and the right to use it; an access token is kept here and nowhere else."""

    def __init__(self, url: str, token: str) -> None:
        """Check the address and the form of the token; nothing is asked of the server yet.

        Args:
            url: Address of the server, such as "http://127.0.0.1:8080".
            token: Access token of Label Studio: a personal one, or one of the older kind.

        Raises:
            DataError: The address is none, holds a password, or would send the token unencrypted
                over a network; the token is empty or not one line of ASCII.
        """
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise DataError(
                f"--url {_without_password(parts)!r}: not the address of a server; give one such "
                "as http://127.0.0.1:8080, without a name and password"
            )
        is_local = parts.hostname in _LOCAL
        if parts.scheme == "http" and not is_local:
            raise DataError(
                f"--url {url}: the access token would travel unencrypted; give an https:// "
                "address, or tunnel to the server and give http://127.0.0.1:PORT"
            )
        if not token.isascii() or not token.isprintable() or not token.strip():
            raise DataError(
                "access token: is empty or holds other than plain letters; copy it from Account & "
                "Settings in Label Studio"
            )
        self.url = url.rstrip("/")
        self._token = token.strip()
        self._header = ""
        handlers: list[Any] = [_NoRedirect()]
        if is_local:
            handlers.append(urllib.request.ProxyHandler({}))  # a proxy cannot reach this machine
        self._opener = urllib.request.build_opener(*handlers)

    def create_project(self, **fields: Any) -> int:
        """Make a project; return its id."""
        return self._number(self._call("POST", "/api/projects/", fields), "id")

    def delete_project(self, project: int) -> None:
        """Delete a project with all that is in it."""
        self._call("DELETE", f"/api/projects/{project}/")

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        """Add tasks with their annotations and predictions; return how many arrived."""
        arrived = 0
        for start in range(0, len(tasks), _BATCH):
            answer = self._call(
                "POST", f"/api/projects/{project}/import", tasks[start : start + _BATCH]
            )
            arrived += self._number(answer, "task_count")
        return arrived

    def read_project(self, project: int) -> Mapping[str, Any]:
        """The project's fields."""
        found = self._call("GET", f"/api/projects/{project}/")
        return found if isinstance(found, dict) else {}

    def export_tasks(self, project: int) -> list[Any]:
        """All tasks of a project in full JSON, those not coded too."""
        query = "exportType=JSON&download_all_tasks=true"
        found = self._call("GET", f"/api/projects/{project}/export?{query}")
        if not isinstance(found, list):
            raise DataError(f"{self.url}: project {project} was not exported as a list of tasks")
        return found

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        if not self._header:
            self._authorise()
        try:
            return self._send(method, path, body, {"Authorization": self._header})
        except _ExpiredError:
            self._authorise()
        try:
            return self._send(method, path, body, {"Authorization": self._header})
        except _ExpiredError:
            raise self._refused() from None

    def _authorise(self) -> None:
        """A personal token is exchanged for one that lasts minutes, one of the older kind sent."""
        if self._token.count(".") != 2:
            self._header = f"Token {self._token}"
            return
        try:
            answer = self._send("POST", "/api/token/refresh", {"refresh": self._token}, {})
        except _ExpiredError:
            raise self._refused() from None
        access = answer.get("access") if isinstance(answer, dict) else None
        if not isinstance(access, str):
            raise self._refused()
        self._header = f"Bearer {access}"

    def _number(self, answer: Any, key: str) -> int:
        value = answer.get(key) if isinstance(answer, dict) else None
        if type(value) is not int:
            raise DataError(
                f"{self.url}: the answer has no {key}; is this Label Studio 1.23, and no other "
                "server?"
            )
        return value

    def _refused(self) -> DataError:
        return DataError(
            f"{self.url}: refuses the access token; copy a personal one from Account & Settings "
            "in Label Studio into the environment variable LABEL_STUDIO_API_KEY"
        )

    def _send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        request = urllib.request.Request(
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body).encode("utf-8"),
            headers={"Content-Type": "application/json", "Accept": "application/json", **headers},
            method=method,
        )
        what = f"{self.url}: {method} {path.partition('?')[0]}"
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as response:
                answer = response.read(_MAX_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 401:
                    raise _ExpiredError from None
                raise DataError(f"{what}: {_explain(error)}") from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise DataError(
                f"{self.url}: cannot be reached ({reason or type(error).__name__}); is Label "
                "Studio started (framing label-studio start), and is this its address?"
            ) from None
        if len(answer) > _MAX_BYTES:
            raise DataError(f"{what}: the answer has more than {_MAX_BYTES:,} bytes")
        try:
            return json.loads(answer) if answer else None
        except (ValueError, RecursionError):
            raise DataError(
                f"{what}: the answer is not JSON; is this the address of Label Studio itself?"
            ) from None


class _ExpiredError(Exception):
    """The server does not know the token, or knows it no more."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token is for the server that was named."""

    def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
        return None


def _explain(error: urllib.error.HTTPError) -> str:
    known = {
        403: "this account may not do that; use the token of who owns the projects",
        404: "is not there (any more); was the project deleted, or is this another server?",
        413: "the server takes no request as large; export fewer articles at a time",
    }
    if error.code in known:
        return known[error.code]
    if 300 <= error.code < 400:
        place = urllib.parse.urlsplit(error.headers.get("Location", ""))
        return f"leads on to {place.scheme}://{place.netloc}{place.path}; give that address"
    try:
        detail = json.loads(error.read(1 << 16))
        said = detail.get("validation_errors") or detail.get("detail")
    except (ValueError, AttributeError, RecursionError):
        said = ""
    return f"the server answers {error.code} {error.reason}" + (f": {str(said)[:300]}" * bool(said))


def _without_password(parts: urllib.parse.SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
