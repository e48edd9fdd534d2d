"""Four processes work on one queue of symbols while they are killed and stalled at random times: each
symbol is done once, none is lost, none is stuck; and the same with broken builds turns red."""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.faults.onboarding_world import DAYS, LEASE_S, look, prepare, run_asker, run_worker

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

WORKERS = 4
JOBS, KILLS, STALLS = 200, 8, 3
FULL_JOBS, FULL_KILLS, FULL_STALLS = 2000, 60, 15
TOO_LONG_S = 1200
ACTIVE = "status IN ('pending','processing')"

processes = mp.get_context("forkserver")
processes.set_forkserver_preload(
    ["tests.faults.onboarding_world", "tests.faults.onboarding_broken", "tests.faults.warm"]
)


class Trial:
    """One queue with its processes, the faults that strike them, and what came of it."""

    def __init__(
        self, root: Path, database_url: str, rng: np.random.Generator, jobs: int, breakage: str | None = None
    ) -> None:
        self.url = database_url if database_url.startswith("postgresql") else None
        self.place = (str(root / "home"), self.url)
        self.rng, self.breakage = rng, breakage
        self.symbols = [f"Q{n:04d}" for n in range(jobs)]
        self.workers: list[Any] = []
        self.listening: dict[Any, Any] = {}  # whether a worker would hear SIGTERM
        self.killed = self.stalled = 0
        asyncio.run(prepare(root / "home", self.url))

    def ask(self) -> None:
        """All processes ask for all symbols at the same time, each in an order of its own."""
        orders = [[str(symbol) for symbol in self.rng.permutation(self.symbols)] for _ in range(WORKERS)]
        askers = [
            processes.Process(target=run_asker, args=(*self.place, order, self.breakage)) for order in orders
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join(600)
        assert [asker.exitcode for asker in askers] == [0] * WORKERS

    def start(self) -> None:
        listening = processes.Event()
        worker = processes.Process(target=run_worker, args=(*self.place, self.breakage, listening))
        self.workers.append(worker)
        self.listening[worker] = listening
        worker.start()

    def kill_one(self) -> None:
        victim = self.workers.pop(int(self.rng.integers(WORKERS)))
        victim.kill()
        victim.join(120)
        assert victim.exitcode == -signal.SIGKILL, f"it ended by itself before: {victim.exitcode}"
        self.killed += 1
        self.start()

    def stall_one(self) -> None:
        """Hold one up until its lease has run out and another has taken its symbol over."""
        victim = self.workers[int(self.rng.integers(WORKERS))]
        os.kill(victim.pid, signal.SIGSTOP)
        time.sleep(LEASE_S * 1.5)
        os.kill(victim.pid, signal.SIGCONT)
        self.stalled += 1

    def look(self, *questions: str) -> list[list[tuple[Any, ...]]]:
        return asyncio.run(look(Path(self.place[0]), self.url, *questions))

    def run(self, kills: int, stalls: int) -> None:
        """Strike while the work goes on, spread over all of it, then wait for the end. With a broken build
        it ends as soon as something is wrong."""
        self.ask()
        for _ in range(WORKERS):
            self.start()
        try:
            self.strike([str(what) for what in self.rng.permutation(["kill"] * kills + ["stall"] * stalls)])
            if self.breakage is None:
                for worker in self.workers:
                    assert self.listening[worker].wait(240)
                    worker.terminate()
                    worker.join(240)
                assert [worker.exitcode for worker in self.workers] == [0] * WORKERS
        finally:
            for worker in self.workers:
                worker.kill()
                worker.join(120)

    def strike(self, faults: list[str]) -> None:
        """One fault after the other, each when its share of the work is done, until all is."""
        (((total,),),) = self.look("SELECT count(*) FROM symbol_onboarding_queue")
        # the last one long before the end: while one is held up, the others go on
        every, struck, started = 0.6 * total / (len(faults) + 1), 0, time.monotonic()
        while True:
            (((left,),),) = self.look(f"SELECT count(*) FROM symbol_onboarding_queue WHERE {ACTIVE}")
            assert time.monotonic() - started < TOO_LONG_S, f"{left} symbols are stuck"
            if self.breakage and self.judge():
                return
            if not left:
                return self.linger()
            if struck < len(faults) and total - left >= every * struck:
                _ = self.kill_one() if faults[struck] == "kill" else self.stall_one()
                struck += 1
            else:
                time.sleep(0.1)

    def linger(self) -> None:
        """Let whoever was stalled last say what it has to say, where a broken build lets it."""
        until = time.monotonic() + 2 * LEASE_S
        while self.breakage and not self.judge() and time.monotonic() < until:
            time.sleep(0.1)

    def judge(self) -> dict[str, Any]:
        """What is wrong; empty when each symbol that has ended did so once."""
        more = "SELECT symbol, count(*) FROM {} GROUP BY symbol HAVING count(*) > 1"
        ended, asked, stolen = self.look(
            more.format("ended_record"),
            more.format("symbol_onboarding_queue"),
            "SELECT symbol, fence FROM stolen_record",
        )
        found = {"done more than once": ended, "asked for twice": asked, "stolen": stolen}
        return {what: rows[:3] for what, rows in found.items() if rows}

    def check_end(self) -> None:
        """Every symbol: one job, completed, one end in the record, its bars stored once."""
        n = len(self.symbols)
        jobs, ended, bars, again = self.look(
            "SELECT status, stage, count(*) FROM symbol_onboarding_queue GROUP BY 1, 2",
            "SELECT count(*), count(DISTINCT symbol) FROM ended_record",
            "SELECT count(*), count(DISTINCT symbol) FROM market_data_cache WHERE symbol LIKE 'Q%'",
            "SELECT count(*), max(attempts) FROM symbol_onboarding_queue WHERE attempts > 1",
        )
        assert jobs == [("completed", "done", n)]
        assert ended == [(n, n)]
        assert bars == [(n * len(DAYS), n)]
        print(f"{again[0][0]} of {n} symbols were begun more than once, one of them {again[0][1]} times")


def test_each_symbol_is_done_once_whoever_dies(tmp_path, database_url, rng, full_counts) -> None:
    jobs, kills, stalls = (FULL_JOBS, FULL_KILLS, FULL_STALLS) if full_counts else (JOBS, KILLS, STALLS)
    trial = Trial(tmp_path, database_url, rng, jobs)
    started = time.monotonic()
    trial.run(kills, stalls)
    wrong, spent = trial.judge(), time.monotonic() - started
    print(
        f"{jobs} symbols, {WORKERS} processes, {trial.killed} killed, {trial.stalled} stalled, {spent:.0f} s"
    )
    assert trial.killed == kills and trial.stalled == stalls
    assert wrong == {}
    trial.check_end()


@pytest.mark.parametrize("breakage", ["claim_unchecked", "no_fence", "no_unique_index"])
def test_a_build_broken_on_purpose_is_found(breakage, tmp_path, database_url, rng) -> None:
    # whom a stall meets is chance: with a broken build the work ends at the first thing that is wrong
    jobs, stalls = (240, 60) if breakage == "no_fence" else (60, 0)
    trial = Trial(tmp_path, database_url, rng, jobs, breakage)
    trial.run(0, stalls)
    wrong = trial.judge()
    print(f"{breakage}: {wrong}")
    assert wrong, f"{breakage} went unnoticed"
