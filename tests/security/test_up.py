"""The server as it is started: the first login link, and who else may reach it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

PROGRAM = Path(sys.executable).with_name("pacesetter")
LINK = re.compile(r"http://127\.0\.0\.1:\d+/login\?token=[\w-]{43}")
PATIENT_S = 120.0  # for what comes in a moment, on a machine that does much beside


def command(home: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    clean = {
        k: v for k, v in os.environ.items() if "DATABASE_URL" not in k and not k.startswith("PACESETTER")
    }
    return [str(PROGRAM), "--home", str(home), *arguments], clean


def call(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    line, environment = command(home, *arguments)
    return subprocess.run(
        line, env=environment, cwd=home.parent, input=given, capture_output=True, text=True, timeout=240
    )


@contextmanager
def up(home: Path, **variables: str) -> Iterator[tuple[str, Path]]:
    """A running server: what it printed until its address, and the file with what it says to people."""
    line, environment = command(home, "up", "--source", "none", "--port", "0")
    said = home.parent / "stderr.txt"
    with said.open("w") as errors:
        process = subprocess.Popen(
            line,
            env={**environment, **variables},
            cwd=home.parent,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        printed = ""
        for text in process.stdout:
            printed += text
            if "Pacesetter is at" in text:
                break
        yield printed, said
    finally:
        process.terminate()
        process.wait(PATIENT_S)


def address_in(printed: str) -> str:
    found = re.search(r"http://[\d.]+:\d+", printed)
    assert found, printed
    return found[0]


def get(url: str) -> httpx.Response:
    return httpx.get(url, timeout=PATIENT_S)


def wait_for_link(said: Path) -> str:
    for _ in range(2400):
        if found := LINK.search(said.read_text()):
            return found[0]
        time.sleep(0.05)
    pytest.fail(said.read_text())


def test_the_first_start_prints_a_link_that_works_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with up(home) as (printed, said):
        link, address = wait_for_link(said), address_in(printed)
        assert "token" not in printed and link.startswith(address)
        assert get(f"{address}/api/v1/domains").status_code == 200
        with httpx.Client(timeout=PATIENT_S) as first:
            assert first.get(link).status_code == 303
            assert first.get(f"{address}/api/v1/session").json()["role"] == "owner"
            assert first.get(f"{address}/api/v1/users").status_code == 200
        assert get(link).status_code == 401
        assert get(f"{address}/api/v1/domains").status_code == 401
    with up(home) as (printed, said):
        assert get(f"{address_in(printed)}/api/v1/health/live").status_code == 200
        assert "token" not in said.read_text()


def test_others_reach_it_only_when_somebody_has_a_password(tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = (
        "up",
        "--source",
        "none",
        "--port",
        "0",
        "--host",
        "203.0.113.7",
    )  # nobody's: cannot be bound
    refused = call(home, *arguments)
    assert refused.returncode == 3 and "no user with a password" in refused.stderr
    assert call(home, "user", "add", "ann", "--role", "owner", "--no-password").returncode == 0
    assert call(home, *arguments).returncode == 3
    given = "correct horse battery staple\n"
    assert call(home, "user", "password", "ann", "--password-stdin", given=given).returncode == 0
    allowed = call(home, *arguments)
    assert allowed.returncode == 3 and "cannot listen on 203.0.113.7" in allowed.stderr


def test_a_file_with_a_password_makes_the_first_owner(tmp_path: Path) -> None:
    home, secret = tmp_path / "home", tmp_path / "owner-password"
    with up(home, PACESETTER_OWNER_PASSWORD_FILE=str(secret)) as (printed, said):
        address = address_in(printed)
        assert (
            str(secret) in said.read_text() and secret.read_text().strip() not in said.read_text() + printed
        )
        login = {"name": "owner", "password": secret.read_text().strip()}
        assert httpx.post(f"{address}/api/v1/session", json=login, timeout=PATIENT_S).status_code == 200
        assert "token" not in said.read_text()  # there is an owner: no link for another
