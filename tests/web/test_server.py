"""The real server in a process of its own, started as a user starts it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from pacesetter.kernel.errors import ConfigError, PortInUse
from pacesetter.web.server import check_address
from tests.servers import free_port

PROGRAM = Path(sys.executable).with_name("pacesetter")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PATIENT_S = 120.0  # for what comes in a moment, on a machine that does much beside


@contextmanager
def started(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A running ``pacesetter up``: process, address, and what it printed until then."""
    command = [str(PROGRAM), "--home", str(home), "up", "--port", "0", *options]
    environment = {
        k: v for k, v in os.environ.items() if "DATABASE_URL" not in k and not k.startswith("PACESETTER")
    }
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=home.parent,
    )
    try:
        printed = ""
        assert process.stdout is not None
        for line in process.stdout:
            printed += line
            if found := ADDRESS.search(line):
                yield process, found[0], printed
                break
        else:
            pytest.fail(f"it ended with {process.wait()}: {printed}")
    finally:
        process.kill()
        process.wait()


def assert_gone(processes: list[psutil.Process]) -> None:
    """All end by themselves; one that nobody has collected yet has ended, too."""
    deadline = time.monotonic() + PATIENT_S
    left = list(processes)
    while left and time.monotonic() < deadline:
        left = [p for p in left if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        time.sleep(0.05)
    assert left == []


def test_up_serves_ranks_and_ends_on_sigterm(tmp_path: Path) -> None:
    began = time.monotonic()
    with started(tmp_path / "home", "--source", "simulated") as (process, address, printed):
        print(f"up after {time.monotonic() - began:.1f} s")
        assert "Leaders of 12 boards" in printed and "S I M U L A T E D" in printed
        with httpx.Client(base_url=address, timeout=PATIENT_S) as client:
            assert client.get("/").status_code == 200
            answer = client.get("/api/v1/rankings").json()
            assert len(answer["leaders"]) == 12 and answer["simulated"]
            assert client.get("/api/health").json()["status"] == "ready"
            assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
            assert client.post("/api/v1/rankings").status_code == 405
            assert client.head("/").status_code == 200
        ticking = psutil.Process(process.pid).children()
        assert ticking
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENT_S) == 0
        assert_gone(ticking)
        assert process.stdout is not None
        assert process.stdout.read() == ""  # the scheduler's log is no data


def test_the_scheduler_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    with started(tmp_path / "home", "--source", "simulated") as (process, _, _):
        beside = psutil.Process(process.pid).children(recursive=True)
        assert beside
        process.kill()
        process.wait()
        assert_gone(beside)


def test_a_scheduler_that_ended_is_started_again(tmp_path: Path) -> None:
    with started(tmp_path / "home", "--source", "simulated") as (process, address, _):
        server = psutil.Process(process.pid)
        first = schedulers(server)
        assert len(first) == 1
        first[0].kill()
        deadline = time.monotonic() + PATIENT_S
        while schedulers(server) in ([], first) and time.monotonic() < deadline:
            time.sleep(0.1)
        (again,) = schedulers(server)
        assert again != first[0]
        assert httpx.get(f"{address}/api/v1/health/live", timeout=PATIENT_S).status_code == 200


def schedulers(server: psutil.Process) -> list[psutil.Process]:
    """The server's running children that are no resource tracker."""
    running = [one for one in server.children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in running if "spawn_main" in " ".join(one.cmdline())]


def test_source_none_serves_what_is_stored_without_a_scheduler(tmp_path: Path) -> None:
    with started(tmp_path / "home", "--source", "none") as (process, address, printed):
        assert psutil.Process(process.pid).children() == []
        assert httpx.get(address, timeout=PATIENT_S).status_code == 200
        assert httpx.get(f"{address}/api/v1/rankings", timeout=PATIENT_S).json()["leaders"] == []
        assert "S I M U L A T E D" not in printed
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENT_S) == 0


def test_check_address() -> None:
    assert check_address("127.0.0.1", 0) > 1023
    port = free_port()
    assert check_address("localhost", port) == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(PortInUse, match=f"--port {port + 1}"):
            check_address("127.0.0.1", port)
    for host in ("0.0.0.0", "192.168.1.2", "example.com", "::"):
        with pytest.raises(ConfigError, match="--host"):
            check_address(host, port)
