"""kill -9 at every statement and commit of three cycles, and at random times: nothing is lost,
doubled or half-published; and the same with builds broken on purpose turns red."""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.faults.world import LEASE_S, World, canonical, run_child

pytestmark = [pytest.mark.faults, pytest.mark.timeout(5000)]

Place = tuple[Path, str | None]
SAMPLED, SAMPLED_AT_RANDOM = 25, 5  # on each engine: 60 in all
KILLED: list[bool] = []  # whether each victim died where it should
RANDOM_KILLS = 100
PATIENT_S = 600.0  # for the end of a run of seconds, on a machine that does much beside
AT_ONCE = 3  # each waits for leases and disks most of the time
processes = mp.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.world", "tests.faults.broken", "tests.faults.warm"])


def spawn(place: Place, kill_at: int = 0, breakage: str | None = None, counter: Any = None) -> Any:
    home, url = place
    child = processes.Process(target=run_child, args=(str(home), url, kill_at, breakage, counter))
    child.start()
    return child


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    return World(tmp_path_factory.mktemp("world"), server)


@pytest.fixture(scope="module")
def truth(world: World) -> tuple[dict[str, Any], int, float]:
    """The state after an undisturbed run, how many points there are to die at, and its seconds."""
    place = world.fresh("truth")
    counter = processes.Value("i", 0)
    spawn(place).join(PATIENT_S)  # the first child waits for the process that all are forked from
    world.drop(*place)
    place, began = world.fresh("truth"), time.monotonic()
    child = spawn(place, counter=counter)
    child.join(PATIENT_S)
    lasted = time.monotonic() - began
    assert child.exitcode == 0
    state = asyncio.run(canonical(*place))
    world.drop(*place)
    assert len(state["ranks"]) == 9 * 4
    assert state["ticks"][:3] == [
        ("daily", d, "published", 1) for d in ("2024-03-05", "2024-03-06", "2024-03-07")
    ]
    return state, counter.value, lasted


def kill_and_recover(world: World, name: str, kill_at: int, breakage: str | None = None) -> dict[str, Any]:
    place = world.fresh(name)
    victim = spawn(place, kill_at, breakage)
    victim.join(PATIENT_S)
    # a renewed lease is a point too, so a run may have a few points fewer than the one that was counted
    assert victim.exitcode in (-9, 0), f"it was to die at point {kill_at}, and ended with {victim.exitcode}"
    KILLED.append(victim.exitcode == -9)
    return recover(world, place, breakage)


def recover(world: World, place: Place, breakage: str | None = None) -> dict[str, Any]:
    # with the lease still running a later date may come first, and then gets one version more
    time.sleep(LEASE_S * 1.2)
    again = spawn(place, 0, breakage)
    again.join(PATIENT_S)
    assert again.exitcode == 0, "the restarted process failed"
    state = asyncio.run(canonical(*place))
    world.drop(*place)
    return state


def test_killed_at_every_statement_and_commit(world, truth, rng, full_counts) -> None:
    state, points, _ = truth
    KILLED.clear()
    assert points > 150, "a run without many points would prove little"
    # a run with fewer points than the counted one outlives its last ones: another point is taken for each
    chosen = [*range(1, points + 1)]
    if not full_counts:
        chosen = [int(p) for p in rng.permutation(chosen)[: 2 * SAMPLED]]
    wanted = round(0.9 * points) if full_counts else SAMPLED

    def differs(point: int) -> bool:
        enough = not full_counts and sum(KILLED) >= wanted
        return not enough and kill_and_recover(world, f"k{point}", point) != state

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [p for p, differed in zip(chosen, pool.map(differs, chosen), strict=True) if differed]
    print(f"{len(wrong)} of {sum(KILLED)} kills left a wrong state ({points} points)")
    assert sum(KILLED) >= wanted
    assert wrong == []


def test_killed_at_random_times(world, truth, rng, full_counts) -> None:
    state, _, lasted = truth
    n = RANDOM_KILLS if full_counts else SAMPLED_AT_RANDOM

    def differs(i: int, after_s: float) -> bool:
        place = world.fresh(f"r{i}")
        victim = spawn(place)
        time.sleep(after_s)
        victim.kill()
        victim.join(PATIENT_S)
        return recover(world, place) != state

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = sum(pool.map(differs, range(n), rng.uniform(0, lasted, n)))
    print(f"{wrong} of {n} kills at random times left a wrong state")
    assert wrong == 0


@pytest.mark.parametrize("breakage", ["split_commit", "insert_only"])
def test_a_build_broken_on_purpose_is_found(breakage, world, truth) -> None:
    state, points, _ = truth
    found = False
    order = np.linspace(points, 1, 40).astype(int)
    for p in order:
        try:
            found = kill_and_recover(world, f"{breakage}{p}", int(p), breakage) != state
        except AssertionError:
            found = True
        if found:
            break
    assert found, f"{breakage} went unnoticed"


def test_two_schedulers_publish_each_tick_once(world, truth) -> None:
    assert race(world, "pair") == counted_once(truth[0])


def test_without_a_unique_tick_both_publish_it(world) -> None:
    ticks = race(world, "lost", "no_unique_tick")["ticks"]
    published = Counter(on for kind, on, status, _ in ticks if (kind[:5], status) == ("daily", "published"))
    assert set(published.values()) == {2}


def counted_once(state: dict[str, Any]) -> dict[str, Any]:
    """A state without the number of its versions: two processes may publish a later date first, which
    then gets another version with its previous ranks."""
    return {name: rows for name, rows in state.items() if name not in ("rows", "heads")}


def race(world: World, name: str, breakage: str | None = None) -> dict[str, Any]:
    place = world.fresh(name)
    pair = [spawn(place, 0, breakage) for _ in range(2)]
    for child in pair:
        child.join(PATIENT_S)
        if child.exitcode is None:
            child.kill()
    assert [child.exitcode for child in pair] == [0, 0]
    return counted_once(asyncio.run(canonical(*place)))
