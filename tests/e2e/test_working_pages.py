"""The pages on which one works, in a real browser, by somebody logged in: frontend/e2e/working.test.mjs."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pacesetter.jobs.accounts import create_user
from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings
from pacesetter.web.routes.dashboard import BUILD
from tests.architecture.tree import ROOT
from tests.homes import make_simulated_home
from tests.servers import free_port

MODULES = ROOT / "frontend/node_modules"
NAME, PASSWORD = "anna", "correct horse battery staple"


async def add_owner(settings: Settings) -> None:
    """Somebody who may do everything."""
    async with open_workspace(settings, simulated=True) as ws:
        await create_user(ws, NAME, "owner", PASSWORD)


@pytest.mark.skipif(
    not shutil.which("node") or not (MODULES / "playwright-core").is_dir() or not BUILD.is_dir(),
    reason="`make dev` installs and builds it",
)
def test_working_pages_in_a_browser(tmp_path: Path) -> None:
    """On a server of its own: with a user, nobody else may read it any more."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(add_owner(settings))
    port = free_port()
    command = [sys.executable, "-m", "pacesetter", "--home", str(tmp_path / "home"), "up"]
    server = subprocess.Popen(
        [*command, "--source", "none", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{address}/api/v1/health/ready")
        who = {"PACESETTER_URL": address, "PACESETTER_USER": NAME, "PACESETTER_PASSWORD": PASSWORD}
        done = subprocess.run(
            ["node", "--test", "e2e/working.test.mjs"],
            cwd=ROOT / "frontend",
            env={**os.environ, **who},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-12000:]
    finally:
        server.terminate()
        server.wait(20)
