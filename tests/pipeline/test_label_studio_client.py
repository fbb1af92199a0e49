"""What is said when a server is not there, refuses, or is another; the token stays where it is."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from framing.dataset.exchange.coded_corpus import write_corpus
from framing.errors import DataError
from framing.pipeline.label_studio_client import LabelStudioClient
from framing.pipeline.label_studio_server import SETTINGS, find_server, server_command
from tests.cli.invented import run
from tests.dataset.exchange.coded_corpora import invented_corpus

TOKEN = "0123456789abcdef-secret"


class _Answers(http.server.BaseHTTPRequestHandler):
    """Gives the answers of its server in order, and notes what it is asked."""

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        server: Any = self.server
        server.asked.append(
            (self.command, self.path, self.headers.get("Authorization"), body.decode())
        )
        code, headers, content = server.answers.pop(0)
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    made: Any = http.server.HTTPServer(("127.0.0.1", 0), _Answers)
    made.answers, made.asked = [], []
    made.url = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def _json(code: int, content: Any, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return code, headers, json.dumps(content).encode()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("127.0.0.1:8080", "not the address of a server; give one such as http://127.0.0.1:8080"),
        ("ftp://example.org", "not the address of a server"),
        ("https://me:pass@example.org", "--url 'https://example.org': not the address of a serve"),
        ("http://label.example.org", "the access token would travel unencrypted; give an https"),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(url: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        LabelStudioClient(url, TOKEN)


@pytest.mark.parametrize("token", ["", "  ", "a\nb", "schlüssel"])
def test_a_token_that_is_none_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(DataError, match=r"^access token: is empty or holds other than") as caught:
        LabelStudioClient("http://localhost:1", token)
    assert "schl" not in str(caught.value)


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = LabelStudioClient(f"http://127.0.0.1:{port}/", TOKEN)
    with pytest.raises(
        DataError, match=rf"^http://127.0.0.1:{port}: cannot be reached \(.*refused\); is Label St"
    ):
        client.read_project(1)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (_json(401, {"detail": "Invalid token."}), "refuses the access token; copy a personal"),
        (_json(403, {}), r"GET /api/projects/4/: this account may not do that"),
        (_json(404, {}), r"GET /api/projects/4/: is not there \(any more\); was the project dele"),
        (_json(500, {"detail": "broken"}), r"the server answers 500 .*: broken"),
        ((502, {}, b"<html>"), r"the server answers 502"),
        ((200, {}, b"<html>"), r"the answer is not JSON; is this the address of Label Studio its"),
        (
            (302, {"Location": "https://other.example.org/login?next=/"}, b""),
            r"leads on to https://other.example.org/login; give that address",
        ),
    ],
)
def test_an_answer_that_is_wrong_is_explained(
    server: Any, answer: tuple[int, dict[str, str], bytes], message: str
) -> None:
    server.answers = [answer, answer]  # a token that is refused is sent once more
    with pytest.raises(DataError, match=message) as caught:
        LabelStudioClient(server.url, TOKEN).read_project(4)
    assert TOKEN not in str(caught.value)
    assert server.asked[0][:3] == ("GET", "/api/projects/4/", f"Token {TOKEN}")


def test_another_server_that_speaks_json_is_noticed(server: Any) -> None:
    server.answers = [_json(200, ["hello"]), _json(200, {"tasks": []})]
    client = LabelStudioClient(server.url, TOKEN)
    with pytest.raises(DataError, match=r"the answer has no id; is this Label Studio 1.23, and no"):
        client.create_project(title="x")
    with pytest.raises(DataError, match=r"project 3 was not exported as a list of tasks"):
        client.export_tasks(3)


def test_a_personal_token_is_exchanged_and_again_when_it_has_expired(server: Any) -> None:
    server.answers = [
        _json(200, {"access": "first"}),
        _json(401, {}),
        _json(200, {"access": "second"}),
        _json(200, {"id": 8}),
    ]
    assert LabelStudioClient(server.url, "a.b.c").create_project(title="x") == 8
    assert [(path, authorization) for _, path, authorization, _ in server.asked] == [
        ("/api/token/refresh", None),
        ("/api/projects/", "Bearer first"),
        ("/api/token/refresh", None),
        ("/api/projects/", "Bearer second"),
    ]
    assert json.loads(server.asked[0][3]) == {"refresh": "a.b.c"}


def test_many_tasks_go_in_several_requests(server: Any) -> None:
    # 120 tasks in requests of 50 are 50, 50 and 20.
    server.answers = [_json(201, {"task_count": n}) for n in (50, 50, 20)]
    tasks = [{"data": {"n": n}} for n in range(120)]
    assert LabelStudioClient(server.url, TOKEN).import_tasks(3, tasks) == 120
    sent = [json.loads(body) for _, _, _, body in server.asked]
    assert [task for batch in sent for task in batch] == tasks


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_corpus(tmp_path / "work", invented_corpus())
    given = ("--format", "label-studio", "--coders", "ada,eva", "--out", tmp_path / "tasks")
    assert run("export", tmp_path / "work", *given) == 0
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    return tmp_path / "tasks"


def _push(server: Any, exported: Path) -> int:
    out = exported.parent / "projects"
    return run("label-studio", "push", exported, "--url", server.url, "--out", out)


def test_projects_are_deleted_again_when_one_fails(
    server: Any, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers = [
        _json(201, {"id": 5}),
        _json(201, {"task_count": 3}),
        _json(201, {"id": 6}),
        _json(201, {"task_count": 2}),  # of 3
        (204, {}, b""),
        (204, {}, b""),
    ]
    capsys.readouterr()
    assert _push(server, exported) == 1
    error = capsys.readouterr().err
    assert "took 2 of 3 articles of eva; the projects were deleted again" in error
    assert TOKEN not in error
    assert [entry[:2] for entry in server.asked[-2:]] == [
        ("DELETE", "/api/projects/5/"),
        ("DELETE", "/api/projects/6/"),
    ]
    assert not (exported.parent / "projects" / "projects.jsonl").exists()


def test_a_pull_that_fails_writes_nothing(
    server: Any, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers = [
        _json(201, {"id": 5}), _json(201, {"task_count": 3}),
        _json(201, {"id": 6}), _json(201, {"task_count": 3}),
    ]  # fmt: skip
    assert _push(server, exported) == 0
    back = exported.parent / "back"
    ada = json.loads((exported / "ada" / "tasks.json").read_text(encoding="utf-8"))
    server.answers = [_json(200, {"label_config": "<View/>"}), _json(200, ada), _json(404, {})]
    assert run("label-studio", "pull", exported.parent / "projects", "--out", back) == 1
    assert "GET /api/projects/6/: is not there (any more)" in capsys.readouterr().err
    assert not back.exists()
    alien = [{"data": {"text": "added by hand"}}]
    server.answers = [_json(200, {}), _json(200, ada), _json(200, {}), _json(200, alien)]
    assert run("label-studio", "pull", exported.parent / "projects", "--out", back) == 1
    assert "eva: tasks: task 1: its data hold nothing of framing" in capsys.readouterr().err
    assert not back.exists()


def test_what_is_left_out_and_not_coded_is_counted(
    server: Any, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers = [
        _json(201, {"id": 5}), _json(201, {"task_count": 3}),
        _json(201, {"id": 6}), _json(201, {"task_count": 3}),
    ]  # fmt: skip
    assert _push(server, exported) == 0
    ada, eva = (
        json.loads((exported / coder / "tasks.json").read_text(encoding="utf-8"))
        for coder in ("ada", "eva")
    )
    eva[0].update(annotations=[{"was_cancelled": True, "result": []}], predictions=[1])
    eva[1].update(drafts=[9], predictions=[2])
    server.answers = [_json(200, {}), _json(200, ada), _json(200, {}), _json(200, eva)]
    back = exported.parent / "back"
    capsys.readouterr()
    assert run("label-studio", "pull", exported.parent / "projects", "--out", back) == 0
    shown = capsys.readouterr().err
    assert "note: eva: 1 × was skipped by the coder" in shown
    assert "note: eva: 1 × was changed and not submitted" in shown
    assert "ada: 1 of 3 articles coded; eva: 0 of 3 articles coded" in shown
    lines = (back / "eva" / "exclusions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(x)["item"], json.loads(x)["reason"]) for x in lines] == [
        ("varn-1", "was skipped by the coder"),
        ("varn-2", "was changed and not submitted"),
    ]
    out = exported.parent / "coded"
    given = ("--format", "label-studio", "--data", exported.parent / "work", "--out", out)
    assert run("import", back, *given, "--coders", "ada,eva") == 0
    articles = (out / "coders/eva/articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in articles] == ["varn-3"]


def test_what_cannot_be_pushed_is_refused(
    exported: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def error(*arguments: str | Path) -> str:
        capsys.readouterr()
        assert run("label-studio", "push", *arguments) == 1
        return capsys.readouterr().err

    assert "run.json: no such file" in error(tmp_path / "work", "--out", tmp_path / "p")
    assert "is there already; give a new folder" in error(exported, "--out", exported)
    whole = tmp_path / "whole"
    assert run("export", tmp_path / "work", "--format", "csv", "--out", whole) == 0
    assert "not what framing export --format label-studio" in error(whole, "--out", tmp_path / "p")
    (exported / "eva" / "tasks.json").write_text("{", encoding="utf-8")
    assert f"{exported}/eva: cannot be read" in error(exported, "--out", tmp_path / "p")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "")
    assert "LABEL_STUDIO_API_KEY: is not set; copy a personal access token" in error(
        exported, "--out", tmp_path / "p"
    )
    assert not (tmp_path / "p").exists()


def test_the_server_is_for_this_machine_and_tells_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = server_command(Path("label-studio"), tmp_path, 8090)
    assert command[command.index("--internal-host") + 1] == "127.0.0.1"
    assert SETTINGS["LABEL_STUDIO_COLLECT_ANALYTICS"] == "false"
    assert SETTINGS["LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK"] == "true"
    monkeypatch.setenv("FRAMING_LABEL_STUDIO", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"nowhere: no such program; it goes into an environment"):
        find_server()
