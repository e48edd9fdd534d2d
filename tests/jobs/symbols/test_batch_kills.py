"""A batch whose process is killed with SIGKILL, just before and just after a phase is committed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.work.batch_phases import PHASES
from tests.jobs.home import ask
from tests.jobs.symbols.batch_home import fill, in_home

pytestmark = pytest.mark.faults
VICTIM = """
import os, signal, sys
from pathlib import Path
from pacesetter.jobs.symbols import batch_phase
from pacesetter.jobs.symbols.symbol_batch import run_batch
from tests.jobs.symbols.batch_home import in_home

home, url, phase, moment = sys.argv[1:]
end, ended = batch_phase.end_phase, []

async def end_and_die(conn, claim, **given):
    await end(conn, claim, **given)
    if claim.phase == phase:
        ended.append(phase)
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)

def watch(stage, done, total):
    if ended:
        os.kill(os.getpid(), signal.SIGKILL)

batch_phase.end_phase = end_and_die
in_home(Path(home), url, lambda ws: run_batch(ws, progress=watch))
"""


@pytest.mark.parametrize(
    ("phase", "moment"), [("ridge", "before"), ("ridge", "after"), ("daily_metrics", "before")]
)
def test_the_next_one_goes_on_at_once(tmp_path: Path, database_url: str, phase: Any, moment: str) -> None:
    home = tmp_path / "home"
    in_home(home, database_url, fill)
    given = [sys.executable, "-c", VICTIM, str(home), database_url, phase, moment]
    assert subprocess.run(given, check=False).returncode == -signal.SIGKILL

    async def work(ws: Workspace) -> None:
        n = PHASES.index(phase)
        found = await ask(ws, "SELECT state, count(*) FROM batch_phases GROUP BY state ORDER BY state")
        assert found == ([("done", n + 1)] if moment == "after" else [("done", n), ("running", 1)])
        ridge = "SELECT count(*) FROM symbol_factor_exposures WHERE factor = 'value'"
        assert await ask(ws, ridge) == [(0 if (phase, moment) == ("ridge", "before") else 11,)]
        report = await run_batch(ws)  # its lease still runs, but it is dead, and that is seen
        skipped = n + (moment == "after")
        assert [one.state for one in report.phases] == ["skipped"] * skipped + ["done"] * (6 - skipped)
        assert await ask(ws, "SELECT count(*) FROM symbol_factor_exposures") == [(132,)]
        assert await ask(ws, "SELECT count(*) FROM symbol_daily_metrics") == [(11,)]

    in_home(home, database_url, work)
