"""The built dashboard in a real browser, over a simulated home and over real prices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from pacesetter.web.routes.dashboard import BUILD
from tests.architecture.tree import ROOT
from tests.homes import make_simulated_home
from tests.servers import free_port

MODULES = ROOT / "frontend/node_modules"
FILES = ("dashboard", "board", "symbol")
NEWEST = "2025-07-24"
needs_browser = pytest.mark.skipif(
    not shutil.which("node") or not (MODULES / "playwright-core").is_dir() or not BUILD.is_dir(),
    reason="`make dev` installs and builds it",
)


@needs_browser
@pytest.mark.timeout(600)
def test_dashboard_in_a_browser(tmp_path: Path) -> None:
    """A small invented market."""
    make_simulated_home(tmp_path / "home")
    browse(tmp_path / "home")


@needs_browser
@pytest.mark.timeout(900)
def test_dashboard_on_real_prices(tmp_path: Path, shared_data: Path) -> None:
    """Eleven years of 503 stocks, a board of all of them, and a year of its ranks."""
    home, began = tmp_path / "home", time.monotonic()
    pacesetter(home, "import", "prices", str(shared_data / "prices/us_sp500_2014_2025.parquet"))
    pacesetter(home, "import", "symbols", str(shared_data / "fundamentals/sp500_constituents.csv"))
    pacesetter(home, "domains", "add", "S&P 500", "--rule", "all")
    pacesetter(home, "backfill", "ranks", "--from", "2024-07-25", "--to", NEWEST)
    print(f"made ready in {time.monotonic() - began:.0f} s")
    browse(home)


def pacesetter(home: Path, *words: str) -> None:
    """One command; its complaint is the test's."""
    command = [sys.executable, "-m", "pacesetter", "--home", str(home), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def browse(home: Path) -> None:
    """Serve a home, and run the browser's tests against it; what they measured is printed."""
    port = free_port()
    command = [sys.executable, "-m", "pacesetter", "--home", str(home), "up"]
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
            ["node", "--test", *(f"e2e/{name}.test.mjs" for name in FILES)],
            cwd=ROOT / "frontend",
            env={**os.environ, "PACESETTER_URL": address},
            capture_output=True,
            text=True,
            timeout=480,
            check=False,
        )
        print(
            "\n".join(
                line for line in done.stdout.splitlines() if " of script" in line or "frames of" in line
            )
        )
        assert done.returncode == 0, failures(done.stdout)
    finally:
        server.terminate()
        server.wait(20)


def failures(said: str) -> str:
    """What failed, without what did not."""
    parts = said.split("# Subtest: ")
    return "\n".join(part for part in parts if "not ok" in part)[-12_000:] or said[-4000:]
