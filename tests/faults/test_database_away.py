"""PostgreSQL killed under the running server and started again: alive, honest, and back by itself."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.world import build, canonical
from tests.servers import free_port, start_postgres

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]
PATIENT_S = 120.0  # for what comes in a moment, on a machine that does much beside
READS = ("/api/v1/health/ready", "/api/v1/rankings", "/api/v1/rankings/ai-tech", "/api/v1/domains")


def wait_for(url: str, status: int) -> float:
    """Seconds until ``url`` answers with ``status``."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENT_S:
        try:
            if httpx.get(url, timeout=PATIENT_S).status_code == status:
                return time.monotonic() - started
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer {status} within {PATIENT_S} s")


def test_the_database_goes_away_and_comes_back(tmp_path: Path) -> None:
    with start_postgres() as server:
        asyncio.run(build(tmp_path / "home", server.url))
        before = asyncio.run(canonical(tmp_path / "home", server.url))
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        command = [
            str(Path(sys.executable).parent / "pacesetter"),
            *("--home", str(tmp_path / "home"), "up", "--source", "none", "--port", str(port)),
        ]
        environment = {**os.environ, "PACESETTER_DATABASE_URL": server.url}
        log = (tmp_path / "log").open("wb")
        program = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path)
        try:
            wait_for(f"{base}/api/v1/health/ready", 200)
            answers = {path: httpx.get(base + path, timeout=PATIENT_S).json() for path in READS[1:]}
            server.stop(kill=True)
            for path in READS:
                answer = httpx.get(base + path, timeout=PATIENT_S)
                assert answer.status_code == 503, path
                assert int(answer.headers["retry-after"]) >= 1
                assert answer.headers["content-type"].startswith("application/problem+json")
            assert httpx.get(f"{base}/api/v1/health/live", timeout=PATIENT_S).status_code == 200
            server.start()
            took = wait_for(f"{base}/api/v1/health/ready", 200)
            print(f"ready again {took:.2f} s after the database answered")
            for path, answer in answers.items():
                again = httpx.get(base + path, timeout=PATIENT_S)
                assert again.status_code == 200
                assert again.json().keys() == answer.keys()
        finally:
            program.terminate()
            program.wait(PATIENT_S)
            log.close()
        assert asyncio.run(canonical(tmp_path / "home", server.url)) == before
