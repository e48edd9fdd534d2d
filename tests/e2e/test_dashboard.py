"""The built dashboard in a real browser, over a simulated home and over real prices."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.browser import browse, needs_browser
from tests.homes import make_simulated_home

FILES = ("dashboard", "board", "symbol")
NEWEST = "2025-07-24"


@needs_browser
@pytest.mark.timeout(600)
def test_dashboard_in_a_browser(tmp_path: Path) -> None:
    """A small invented market."""
    make_simulated_home(tmp_path / "home")
    browse(tmp_path / "home", FILES, timeout_s=480)


@needs_browser
@pytest.mark.timeout(900)
def test_dashboard_on_real_prices(tmp_path: Path, shared_data: Path) -> None:
    """Eleven years of 503 stocks, a board of all of them, and three months of its ranks."""
    home, began = tmp_path / "home", time.monotonic()
    pacesetter(home, "import", "prices", str(shared_data / "prices/us_sp500_2014_2025.parquet"))
    pacesetter(home, "import", "symbols", str(shared_data / "fundamentals/sp500_constituents.csv"))
    pacesetter(home, "domains", "add", "S&P 500", "--rule", "all")
    pacesetter(home, "backfill", "ranks", "--from", "2025-04-25", "--to", NEWEST)
    print(f"made ready in {time.monotonic() - began:.0f} s")
    browse(home, FILES, timeout_s=480)


def pacesetter(home: Path, *words: str) -> None:
    """One command; its complaint is the test's."""
    command = [sys.executable, "-m", "pacesetter", "--home", str(home), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
