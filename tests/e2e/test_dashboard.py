"""The built dashboard in a real browser, over a simulated home: frontend/e2e/dashboard.test.mjs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pacesetter.web.routes.dashboard import BUILD
from tests.architecture.tree import ROOT
from tests.homes import make_simulated_home
from tests.servers import free_port

MODULES = ROOT / "frontend/node_modules"


@pytest.mark.skipif(
    not shutil.which("node") or not (MODULES / "playwright-core").is_dir() or not BUILD.is_dir(),
    reason="`make dev` installs and builds it",
)
def test_dashboard_in_a_browser(tmp_path: Path) -> None:
    make_simulated_home(tmp_path / "home")
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
        done = subprocess.run(
            ["node", "--test", "e2e/"],
            cwd=ROOT / "frontend",
            env={**os.environ, "PACESETTER_URL": address},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-8000:]
    finally:
        server.terminate()
        server.wait(20)
