"""A batch that is interrupted, doubled, or late, on both databases: nothing is half done or done twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pacesetter.jobs.symbols import batch_phase, symbol_batch
from pacesetter.jobs.symbols.batch_phase import is_dead
from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.symbols.view_batch import view_batch
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import JobStopped, StoreError
from pacesetter.store.work.batch_phases import PHASES
from tests.jobs.home import ask
from tests.jobs.symbols.batch_home import (
    DAYS,
    EVERYONE,
    LAST,
    everything,
    fill,
    in_home,
    rows_on,
)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Any:
    return lambda work, **over: in_home(tmp_path / "home", database_url, work, **over)


class Died(BaseException):
    """As if the process ended here: nothing is tidied up."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_batch_that_was_cut_off_goes_on_with_its_phase(home, monkeypatch, moment: str) -> None:
    end = batch_phase.end_phase

    async def cut_off(ws: Workspace, on: Any, phase: Any) -> None:
        ended = False

        async def end_and_die(conn: Any, claim: Any, **given: Any) -> None:
            nonlocal ended
            await end(conn, claim, **given)
            ended = claim.phase == phase
            if ended and moment == "before":
                raise Died  # everything is written, nothing committed

        def watch(stage: str, done: int, total: int) -> None:
            if ended and moment == "after":
                raise Died

        monkeypatch.setattr(batch_phase, "end_phase", end_and_die)
        with pytest.raises(Died):
            await run_batch(ws, on=on, progress=watch)
        monkeypatch.undo()
        before = list(PHASES[: PHASES.index(phase)])
        found = dict(await ask(ws, f"SELECT phase, state FROM batch_phases WHERE metric_date = '{on}'"))
        stopped = "done" if moment == "after" else "running"
        assert found == {**dict.fromkeys(before, "done"), phase: stopped}
        if moment == "before":
            assert (await run_batch(ws, on=on)).status == "taken"  # for all that anybody knows
            monkeypatch.setattr(batch_phase, "is_dead", lambda owner: True)
        report = await run_batch(ws, on=on)
        n = len(before) + (moment == "after")
        assert [one.state for one in report.phases] == ["skipped"] * n + ["done"] * (6 - n)
        monkeypatch.undo()

    async def work(ws: Workspace) -> None:
        await fill(ws)
        for on, phase in zip(DAYS[-6:], PHASES, strict=True):
            await cut_off(ws, on, phase)
            assert (await rows_on(ws, on)).height == 12 * len(EVERYONE)
        whole = await everything(ws)
        async with ws.db.write() as conn:
            for table in ("symbol_factor_exposures", "symbol_daily_metrics", "batch_phases"):
                await conn.execute(text(f"DELETE FROM {table}"))
        await run_batch(ws, first=DAYS[-6], last=LAST)
        assert await everything(ws) == whole  # as if nothing had happened

    home(work)


def test_what_goes_wrong_is_kept_and_the_next_run_goes_on(home, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)

        async def fail(*_: Any, **__: Any) -> int:
            raise StoreError("the disk of the database is full", mend="make room on it")

        monkeypatch.setattr(symbol_batch, "replace_exposures", fail)
        with pytest.raises(StoreError):
            await run_batch(ws)
        day = (await view_batch(ws)).days[0]
        assert day.state == "failed"
        assert [one.state for one in day.phases] == ["done", "failed", *["waiting"] * 4]
        assert day.phases[1].error == "The database cannot do that. The log has the rest."
        monkeypatch.undo()
        report = await run_batch(ws)
        assert [one.state for one in report.phases] == ["skipped", *["done"] * 5]

    home(work)


def test_a_batch_that_is_asked_to_stop_is_free_for_the_next(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)

        def stop(stage: str, done: int, total: int) -> None:
            if stage == "ridge" and done:
                raise JobStopped

        with pytest.raises(JobStopped):
            await run_batch(ws, progress=stop)
        assert (await view_batch(ws)).days[0].phases[3].state == "interrupted"
        assert (await run_batch(ws)).status == "done"

    home(work)


def test_two_at_the_same_time_do_nothing_twice(home, tmp_path, database_url) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        both = await asyncio.gather(*(run_batch(ws) for _ in range(3)))
        done = [one.phase for report in both for one in report.phases if one.state == "done"]
        assert len(done) == len(set(done))
        last = await run_batch(ws)
        done += [one.phase for one in last.phases if one.state == "done"]
        assert sorted(done) == sorted(PHASES)
        assert await ask(ws, "SELECT DISTINCT fence FROM batch_phases") == [(1,)]
        assert (await rows_on(ws)).height == 12 * len(EVERYONE)

    home(work)


def test_a_late_process_writes_nothing(home, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        figures = symbol_batch.upsert_metrics

        async def overtaken(conn: Any, frame: Any, **more: Any) -> int:
            await conn.execute(text("UPDATE batch_phases SET fence = fence + 1"))
            return await figures(conn, frame, **more)

        monkeypatch.setattr(symbol_batch, "upsert_metrics", overtaken)
        with pytest.raises(StoreError, match=r"(?i)another process"):
            await run_batch(ws)
        assert await ask(ws, "SELECT count(*) FROM symbol_daily_metrics") == [(0,)]

    home(work)


def test_only_a_process_of_this_machine_can_be_known_to_be_dead() -> None:
    import os
    import socket
    import subprocess
    import sys

    ended = subprocess.Popen([sys.executable, "-c", "pass"])
    ended.wait()
    here = socket.gethostname()
    assert is_dead(f"{here}:{ended.pid}")
    assert not is_dead(f"{here}:{os.getpid()}") and not is_dead(f"elsewhere:{ended.pid}")
    assert not is_dead("nonsense") and not is_dead(f"{here}:x")
