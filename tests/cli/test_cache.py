"""``pacesetter cache``: asks the running server, and says so when there is none."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.servers import free_port
from tests.web.test_server import started


def test_status_and_warm_ask_the_running_server(pace: Call, simulated: Path, tmp_path: Path) -> None:
    shutil.copytree(simulated, tmp_path / "home")
    with started(tmp_path / "home", "--source", "none") as (_, address, _):
        port = address.rpartition(":")[2]
        done = pace("--json", "cache", "warm", "--port", port)
        assert done.code == 0 and done.json["answers"] == done.json["of"] == 14
        assert "14 of 14 answers are warm" in pace("cache", "warm", "--port", port).err
        body = pace("--json", "cache", "status", "--port", port).json
        assert body["process"]["entries"] == 14 and body["redis"] is None
        shown = pace("cache", "status", "--port", port).out
        assert "entries" in shown and "14" in shown and body["cycle"] in shown


@pytest.mark.parametrize("what", ["status", "warm"])
def test_no_server_is_said(pace: Call, what: str) -> None:
    done = pace("cache", what, "--port", free_port())
    assert done.code != 0 and "no server answers" in done.error and "pacesetter up" in done.error


@contextmanager
def another_program(status: int, body: bytes) -> Iterator[tuple[int, list[str | None]]]:
    asked: list[str | None] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Authorization"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>hello", "is this Pacesetter"),
        (200, b"[1]", "is this Pacesetter"),
        (404, b"{}", "answered 404"),
        (401, b'{"detail": "log in first"}', "--key-file"),
    ],
)
def test_another_answer_is_said(pace: Call, status: int, body: bytes, said: str) -> None:
    with another_program(status, body) as (port, _):
        done = pace("cache", "status", "--port", port)
    assert done.code != 0 and said in done.error


def test_a_key_is_read_from_a_file(pace: Call, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("pace_secret\n")
    with another_program(401, b"{}") as (port, asked):
        done = pace("cache", "status", "--port", port, "--key-file", tmp_path / "key")
    assert asked == ["Bearer pace_secret"] and "pace_secret" not in done.err
    assert "cannot be read" in pace("cache", "status", "--key-file", tmp_path / "none").error
