"""Jobs at work, on both databases: done once, stopped where nothing is half done, gone on with."""

from __future__ import annotations

import asyncio
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from pacesetter.jobs.backfill import backfill_ranks as backfill
from pacesetter.jobs.boards import measure_confidence
from pacesetter.jobs.health.diagnose import diagnose
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.runner import job_kinds, run_job
from pacesetter.jobs.runner.queue import Job, ask_job, look_over, look_up, stop_job
from pacesetter.jobs.runner.run_job import Watch, take_next
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import (
    BadDate,
    BadParameter,
    ConfigError,
    InputError,
    JobStopped,
    PacesetterError,
    ProviderRefused,
    StoreError,
    UnknownName,
)
from pacesetter.store.tables.job import job_runs
from pacesetter.store.work.cycles import database_clock
from tests.jobs.backfill.test_backfill import DAYS, rows
from tests.jobs.boards.test_cycle import evening, set_time
from tests.jobs.home import ask, count, with_home, write_csv

LAST = DAYS[-1]
PATIENT_S = 240.0  # for what comes in a moment, on a machine that does much beside
SPAN = {"from": DAYS[-12], "to": DAYS[-1], "boards": ["AI/Tech"]}


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(run_job, "BEAT_S", 0.02)
    monkeypatch.setattr(backfill, "CHUNK", 3)
    url = database_url if database_url.startswith("postgresql") else None

    def run(work: Any) -> Any:
        async def prepared(ws: Workspace) -> Any:
            await import_prices(ws, write_csv(tmp_path / "prices.csv", rows()))
            return await work(ws)

        return with_home(tmp_path / "home", prepared, url=url, at=evening(LAST))

    return run


async def asked(ws: Workspace, kind: Any, **given: Any) -> Job:
    return await ask_job(ws, kind, given, by="ann")


async def work_off(ws: Workspace, watch: Watch | None = None, **more: Any) -> Job:
    """Take the next job and do it, as a server's process would."""
    job = await take_next(ws)
    assert job is not None
    await run_job.run_job(ws, job, watch or Watch(), **more)
    return await look_up(ws, job.id)


class Hold:
    """Holds a backfill up in the middle of a chunk, when so many dates are published."""

    def __init__(self, patch: pytest.MonkeyPatch, done: int) -> None:
        self.watch = Watch()
        self.reached, self._go_on = asyncio.Event(), threading.Event()
        loop, assemble = asyncio.get_running_loop(), backfill.assemble

        def wait(*given: Any) -> Any:
            if self.watch.latest == ("dates", done, 12):
                loop.call_soon_threadsafe(self.reached.set)
                assert self._go_on.wait(PATIENT_S)
            return assemble(*given)

        patch.setattr(backfill, "assemble", wait)

    async def release(self) -> None:
        """Go on, as soon as the wish to stop has been seen."""
        while self.watch.stop is None:
            await asyncio.sleep(0.01)
        self._go_on.set()


async def until_written(ws: Workspace, job: Job, done: int) -> None:
    """Wait until the job says that so many dates are published."""
    async with asyncio.timeout(PATIENT_S):
        while (await look_up(ws, job.id)).progress != {"done": done, "total": 12, "unit": "sessions"}:
            await asyncio.sleep(0.02)


async def lose(ws: Workspace, job: Job) -> None:
    """As if the process that works on a job had died long ago."""
    async with ws.db.write(content=False) as conn:
        gone = {"state": "running", "lease_until": database_clock(conn, -60.0)}
        await conn.execute(update(job_runs).where(job_runs.c.id == job.id).values(gone))


def test_a_cycle_is_done_once_however_often_it_is_taken_up(home) -> None:
    async def work(ws: Workspace) -> None:
        first = await asked(ws, "cycle")
        assert (first.state, first.parameters) == ("queued", {"on": str(LAST)})
        done = await work_off(ws)
        assert (done.state, done.id, done.problem) == ("done", first.id, None)
        assert done.message == f"ranked 12 boards for {LAST}, 12 have a new version"
        assert done.progress == {"done": 4, "total": 4, "unit": "steps"}
        assert done.started_at == done.ended_at == ws.now()
        state = await ask(ws, "SELECT count(*), max(version) FROM cycles, content_state")
        set_time(ws, evening(LAST) + timedelta(minutes=5))
        await lose(ws, done)
        again = await work_off(ws)
        assert (again.state, again.message) == ("done", f"{LAST} was published")
        assert await ask(ws, "SELECT count(*), max(version) FROM cycles, content_state") == state
        assert await take_next(ws) is None

    home(work)


def test_a_tick_that_somebody_still_holds_is_waited_for(home, monkeypatch) -> None:
    monkeypatch.setattr(job_kinds, "LOOK_S", 0.02)

    async def work(ws: Workspace) -> None:
        job = await asked(ws, "cycle")
        tick: dict[str, Any] = {"kind": job_kinds.TICK, "scheduled_for": job.asked_at}
        assert await backfill.claim_tick(ws, metric_date=LAST, lease_s=0.5, **tick)
        assert (await work_off(ws)).message == f"ranked 12 boards for {LAST}, 12 have a new version"
        assert await count(ws, "cycles", "kind = 'job'") == 1

    home(work)


def test_a_backfill_stops_between_chunks_and_goes_on_there(home, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        first = await asked(ws, "backfill", **SPAN)
        assert first.parameters == {"from": str(DAYS[-12]), "to": str(LAST), "boards": ["ai-tech"]}
        hold = Hold(monkeypatch, 3)
        doing = asyncio.create_task(work_off(ws, hold.watch))
        await asyncio.wait_for(hold.reached.wait(), PATIENT_S)
        await until_written(ws, first, 3)
        assert (await stop_job(ws, first.id)).state == "running"
        await hold.release()
        stopped = await doing
        assert (stopped.state, stopped.message) == ("cancelled", "stopped while ranking and publishing")
        published = "SELECT count(DISTINCT metric_date) FROM board_heads"
        assert await ask(ws, published) == [(6,)]
        assert await count(ws, "cycles", "status = 'failed'") == 0  # that nothing is waited for shows below
        second = await asked(ws, "backfill", **SPAN)
        assert second.id != first.id
        done = await work_off(ws)
        assert f"went on behind {DAYS[-7]}" in str(done.message) and "published 6 of 12" in str(done.message)
        assert await ask(ws, published) == [(12,)]

    home(work)


def test_a_server_that_stops_leaves_its_job_to_the_next(home, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        await asked(ws, "backfill", **SPAN)
        hold = Hold(monkeypatch, 3)
        doing = asyncio.create_task(work_off(ws, hold.watch))
        await asyncio.wait_for(hold.reached.wait(), PATIENT_S)
        hold.watch.stop = JobStopped()
        await hold.release()
        left = await doing
        assert (left.state, left.problem) == ("queued", None)
        assert f"went on behind {DAYS[-7]}" in str((await work_off(ws)).message)

    home(work)


def test_who_lost_a_job_stops_and_writes_nothing(home, monkeypatch) -> None:
    monkeypatch.setattr(run_job, "RENEW_S", 1e9)  # only what is new is written

    async def work(ws: Workspace) -> None:
        job = await asked(ws, "backfill", **SPAN)
        hold = Hold(monkeypatch, 0)
        doing = asyncio.create_task(work_off(ws, hold.watch))
        await asyncio.wait_for(hold.reached.wait(), PATIENT_S)
        await until_written(ws, job, 0)
        await lose(ws, job)
        heir = await take_next(ws)
        assert heir is not None and heir.id == job.id
        hold.watch("dates", 1, 12)
        await hold.release()
        assert (await doing).state == "running"
        assert await ask(ws, "SELECT count(DISTINCT metric_date) FROM board_heads") == [(3,)]
        await run_job.run_job(ws, heir, Watch())
        assert (await look_up(ws, job.id)).state == "done"

    home(work)


def test_the_true_problem_of_a_job_is_kept(home) -> None:
    async def fail(error: Exception) -> None:
        raise error

    async def work(ws: Workspace) -> None:
        first = await asked(ws, "backfill", **{"from": date(2025, 7, 19), "to": date(2025, 7, 20)})
        failed = await work_off(ws)
        assert failed.state == "failed" and failed.message is None and failed.ended_at is not None
        assert failed.problem == {
            "what": "no finished session lies between these dates",
            "where": "XNYS",
            "mend": "prices begin 2024-01-02",
        }
        assert (
            await asked(ws, "backfill", **{"from": date(2025, 7, 19), "to": date(2025, 7, 20)})
        ).id != first.id
        bad = await work_off(ws, work=lambda *_: fail(InputError("w", where="x", mend="y")))
        assert bad.problem == {"what": "w", "where": "x", "mend": "y"}
        await asked(ws, "warm")
        bug = await work_off(ws, work=lambda *_: fail(KeyError("k")))
        assert bug.state == "failed" and (bug.problem or {})["what"] == "an unexpected error: KeyError"

    home(work)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (StoreError("full: s3cret", where="s3cret", mend="s3cret"), "The database cannot do that."),
        (ConfigError("s3cret"), "A setting is wrong."),
        (ProviderRefused("s3cret", where="s3cret"), "The data provider answered something that is not data."),
        (FileNotFoundError("/s3cret/x"), "an unexpected error: FileNotFoundError"),
    ],
)
def test_what_the_log_keeps_is_told_to_no_reader(
    home, caplog, monkeypatch, error: Exception, what: str
) -> None:
    async def fail(*_: Any) -> Any:
        raise error

    async def work(ws: Workspace) -> None:
        await asked(ws, "warm")
        told = (await work_off(ws, work=fail)).problem
        assert told is not None and (told["what"], told["where"]) == (what, "")
        assert "s3cret" not in str(told) and "log" in told["mend"] and "s3cret" in caplog.text
        monkeypatch.setattr(measure_confidence, "measure_confidence", fail)
        if isinstance(error, PacesetterError):
            await asked(ws, "cycle")
            done = await work_off(ws)
            assert done.state == "done" and f"confidence not measured: {what}" in str(done.message)
            assert "s3cret" not in str(done.message)

    home(work)


def test_a_cancelled_cycle_has_not_failed(home) -> None:
    async def work(ws: Workspace) -> None:
        job = await asked(ws, "cycle")
        watch = Watch()
        watch.cancelled, watch.stop = True, JobStopped()
        assert (await work_off(ws, watch)).state == "cancelled"
        assert await count(ws, "cycles", "status = 'failed'") == 0
        assert not [one for one in await diagnose(ws) if "failed" in one.what]
        tick: dict[str, Any] = {"kind": job_kinds.TICK, "scheduled_for": job.asked_at}
        assert await backfill.claim_tick(ws, metric_date=LAST, lease_s=0.5, **tick)  # nobody has to wait

    home(work)


def test_a_job_is_stopped_while_confidence_is_measured(home) -> None:
    async def work(ws: Workspace) -> None:
        job = await asked(ws, "cycle")

        class Stopping(Watch):
            def __call__(self, stage: str, done: int, total: int) -> None:
                if stage == "confidence":
                    self.cancelled, self.stop = True, JobStopped()
                super().__call__(stage, done, total)

        stopped = await work_off(ws, Stopping())
        assert (stopped.id, stopped.state) == (job.id, "cancelled")
        assert "measuring" in str(stopped.message)
        assert await count(ws, "cycles", "status = 'published'") == 1

    home(work)


def test_a_cycle_does_not_take_another_ones_tick_for_its_own(home) -> None:
    async def work(ws: Workspace) -> None:
        await asked(ws, "cycle", on=DAYS[-2])
        assert (await work_off(ws)).state == "done"
        other = await asked(ws, "cycle", on=LAST)
        async with ws.db.write(content=False) as conn:
            first = await conn.scalar(select(func.min(job_runs.c.asked_at)))
            await conn.execute(update(job_runs).where(job_runs.c.id == other.id).values(asked_at=first))
        failed = await work_off(ws)
        assert failed.state == "failed" and str(DAYS[-2]) in (failed.problem or {})["what"]

    home(work)


def test_mistakes_are_told_to_whoever_asks(home) -> None:
    wrong: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
        ("cycle", {"from": LAST}, BadParameter, "takes no 'from'.*it takes on"),
        ("warm", {"boards": ["ev"]}, BadParameter, "takes nothing else"),
        ("backfill", {"on": LAST}, BadParameter, "it takes boards, from, to"),
        ("cycle", {"on": date(2025, 7, 4)}, BadDate, "no trading day"),
        ("cycle", {"on": date(2030, 1, 2)}, BadDate, "not opened yet"),
        ("backfill", {"from": LAST, "to": DAYS[0]}, BadDate, "is after"),
        ("backfill", {"from": date(2030, 1, 2)}, BadDate, "not opened yet"),
        ("backfill", {"boards": ["ev", "nope"]}, UnknownName, "'nope'"),
    ]

    async def work(ws: Workspace) -> None:
        for kind, given, error, said in wrong:
            with pytest.raises(error, match=said):
                await asked(ws, kind, **given)
        assert await look_over(ws) == []
        one = await asked(ws, "backfill", boards=["EV", "ai-tech", "ev"])
        assert one.id == (await asked(ws, "backfill", boards=["AI/Tech", "ev"])).id
        assert [job.kind for job in await look_over(ws, state="queued", kind="backfill")] == ["backfill"]
        assert await look_over(ws, kind="cycle") == await look_over(ws, state="done") == []

    home(work)
