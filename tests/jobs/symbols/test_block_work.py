"""Blocks of symbols give the same bits on any threads, and on Dask, whose workers may die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pacesetter.jobs.symbols import block_work
from pacesetter.jobs.symbols.block_work import Found, measure_blocks
from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ConfigError
from pacesetter.portfolio.exposure import load_definitions, measure_exposures
from pacesetter.store.portfolios.exposures import exposures_on
from tests.jobs.symbols.batch_home import FUNDS, LAST, fill, in_home

DEFINITIONS = load_definitions()
FIELDS = ("beta", "standard_error", "r_squared", "n", "vif", "reason")


def world(rng: np.random.Generator, symbols: int, sessions: int = 150) -> tuple[Any, ...]:
    """Returns with holes, the funds', and the rows of the dates."""
    returns = rng.standard_normal((sessions, symbols)) * 0.02
    returns[rng.random(returns.shape) < 0.03] = np.nan
    returns[: sessions - 20, ::17] = np.nan  # too few
    proxies = {fund: rng.standard_normal(sessions) * 0.01 for fund in FUNDS}
    return DEFINITIONS, returns, proxies, np.arange(sessions - 6, sessions)


def same_bits(one: Found, other: Found) -> bool:
    return list(one) == list(other) and all(
        getattr(one[name], field).tobytes() == getattr(other[name], field).tobytes()
        and getattr(one[name], field).dtype == getattr(other[name], field).dtype
        for name in one
        for field in FIELDS
    )


def whole(given: tuple[Any, ...]) -> Found:
    found = measure_exposures(*given)
    return {  # the views of one date and symbol after another, as blocks have them
        name: type(one)(**{f: np.ascontiguousarray(getattr(one, f)) for f in FIELDS}, window=one.window)
        for name, one in found.items()
    }


@pytest.mark.parametrize("symbols", [1, 511, 512, 513, 1600])
def test_blocks_give_the_bits_of_all_at_once(rng, symbols: int) -> None:
    given = world(rng, symbols)
    told: list[int] = []
    assert same_bits(measure_blocks(*given, tell=told.append), whole(given))
    assert told[-1] == symbols and told == sorted(told) and len(told) == -(-symbols // 512)


def test_the_size_of_blocks_and_the_number_of_threads_do_not_matter(rng, monkeypatch) -> None:
    given = world(rng, 300)
    expected = whole(given)
    for block, cores in ((7, 1), (64, 8), (299, 2)):
        monkeypatch.setattr(block_work, "BLOCK", block)
        monkeypatch.setattr(block_work, "count_cores", lambda cores=cores: cores)
        assert same_bits(measure_blocks(*given), expected)


class Cluster:
    """A scheduler and two workers, each a process of its own on this machine."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[str]] = []
        self.address = self.start("scheduler", "")
        for _ in range(2):
            self.start("worker", self.address)

    def start(self, role: str, address: str) -> str:
        script = Path(__file__).with_name("dask_worker.py")
        one = subprocess.Popen([sys.executable, script, role, address], stdout=subprocess.PIPE, text=True)
        self.processes.append(one)
        assert one.stdout is not None
        return one.stdout.readline().strip()

    def stop(self) -> None:
        for one in reversed(self.processes):
            one.kill()
            one.wait()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    monkeypatch.setattr(block_work, "CONNECT_S", 240.0)  # a busy machine must not look like a fault
    found = Cluster()
    yield found
    found.stop()


def test_dask_gives_the_same_bits_also_when_a_worker_is_killed(rng, cluster: Cluster, monkeypatch) -> None:
    given = world(rng, 640)
    monkeypatch.setattr(block_work, "BLOCK", 16)
    expected = whole(given)
    assert same_bits(measure_blocks(*given, scheduler=cluster.address), expected)
    killed = threading.Event()

    def kill(done: int) -> None:
        if not killed.is_set():  # with the first block that comes back
            os.kill(cluster.processes[1].pid, signal.SIGKILL)
            cluster.processes[1].wait()
            killed.set()

    assert same_bits(measure_blocks(*given, scheduler=cluster.address, tell=kill), expected)
    assert killed.is_set() and cluster.processes[2].poll() is None


def test_the_batch_on_dask_stores_the_same_rows(tmp_path: Path, cluster: Cluster) -> None:
    async def work(ws: Workspace) -> Any:
        await fill(ws)
        await run_batch(ws)
        async with ws.db.read() as conn:
            return (await exposures_on(conn, LAST)).drop("computed_at")

    here = in_home(tmp_path / "here", None, work)
    there = in_home(tmp_path / "there", None, work, dask_scheduler=cluster.address)
    assert here.equals(there) and here.height == 12 * 11


def test_a_scheduler_without_workers_or_none_at_all_is_named(rng, monkeypatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(block_work, "CONNECT_S", 1.0)
    given = world(rng, 3)
    for wrong in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(ConfigError, match="no Dask scheduler answers") as caught:
            measure_blocks(*given, scheduler=wrong)
        assert caught.value.where == "PACESETTER_DASK_SCHEDULER" and "unset it" in caught.value.mend
    alone = Cluster.__new__(Cluster)
    alone.processes = []
    try:
        address = alone.start("scheduler", "")
        connect = distributed.Client  # it answers, if late on a busy machine
        monkeypatch.setattr(distributed, "Client", lambda *a, **k: connect(*a, **{**k, "timeout": 240.0}))
        with pytest.raises(ConfigError, match="has no workers"):
            measure_blocks(*given, scheduler=address)
    finally:
        alone.stop()


def test_without_the_package_it_says_what_to_install(rng, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"needs the package") as caught:
        measure_blocks(*world(rng, 3), scheduler="tcp://127.0.0.1:9")
    assert "pacesetter[dask]" in caught.value.mend
