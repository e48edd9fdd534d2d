"""The built dashboard in a real browser, over a simulated home and over real prices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT
from tests.e2e.browser import LIMIT_S, browse, in_browser
from tests.homes import make_simulated_home

FILES = ("dashboard", "board", "symbol")
pytestmark = in_browser


def test_dashboard_in_a_browser(tmp_path: Path) -> None:
    """A small invented market."""
    make_simulated_home(tmp_path / "home")
    browse(tmp_path / "home", FILES)


def test_dashboard_on_real_prices(tmp_path: Path, shared_data: Path) -> None:
    """Eleven years of 503 stocks, a board of all of them, and three months of its ranks."""
    home = tmp_path / "home"
    command = [sys.executable, "-m", "tests.e2e.real_home", str(home), str(shared_data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    browse(home, FILES)
