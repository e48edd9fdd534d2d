"""kill -9 at every statement and commit of three cycles, and at random times: nothing is lost,
doubled or half-published; and the same with builds broken on purpose turns red."""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.faults.world import World, canonical, run_child

pytestmark = [pytest.mark.faults, pytest.mark.timeout(5000)]

Place = tuple[Path, str | None]
SAMPLED = 40
KILLED: list[bool] = []  # whether each victim died where it should
RANDOM_KILLS = 100
processes = mp.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.world", "tests.faults.broken"])


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
def truth(world: World) -> tuple[dict[str, Any], int]:
    """The state after an undisturbed run, and how many points there are to die at."""
    place = world.fresh("truth")
    counter = processes.Value("i", 0)
    child = spawn(place, counter=counter)
    child.join(120)
    assert child.exitcode == 0
    state = asyncio.run(canonical(*place))
    world.drop(*place)
    assert len(state["ranks"]) == 9 * 4
    assert state["ticks"][:3] == [
        ("daily", d, "published", 1) for d in ("2024-03-05", "2024-03-06", "2024-03-07")
    ]
    return state, counter.value


def kill_and_recover(world: World, name: str, kill_at: int, breakage: str | None = None) -> dict[str, Any]:
    place = world.fresh(name)
    victim = spawn(place, kill_at, breakage)
    victim.join(120)
    # a renewed lease is a point too, so a run may have a few points fewer than the one that was counted
    assert victim.exitcode in (-9, 0), f"it was to die at point {kill_at}, and ended with {victim.exitcode}"
    KILLED.append(victim.exitcode == -9)
    return recover(world, place, breakage)


def recover(world: World, place: Place, breakage: str | None = None) -> dict[str, Any]:
    again = spawn(place, 0, breakage)
    again.join(120)
    assert again.exitcode == 0, "the restarted process failed"
    state = asyncio.run(canonical(*place))
    world.drop(*place)
    return state


def test_killed_at_every_statement_and_commit(world, truth, rng, full_counts) -> None:
    state, points = truth
    KILLED.clear()
    assert points > 150, "a run without many points would prove little"
    chosen = range(1, points + 1) if full_counts else sorted(rng.choice(points, SAMPLED, replace=False) + 1)
    wrong = [p for p in chosen if kill_and_recover(world, f"k{p}", int(p)) != state]
    print(f"{len(wrong)} of {sum(KILLED)} kills left a wrong state ({points} points)")
    assert sum(KILLED) >= 0.9 * len(chosen)
    assert wrong == []


def test_killed_at_random_times(world, truth, rng, full_counts) -> None:
    state, _ = truth
    n = RANDOM_KILLS if full_counts else 10
    wrong = 0
    for i in range(n):
        place = world.fresh(f"r{i}")
        victim = spawn(place)
        time.sleep(float(rng.uniform(0.2, 2.5)))
        victim.kill()
        victim.join(30)
        wrong += recover(world, place) != state
    print(f"{wrong} of {n} kills at random times left a wrong state")
    assert wrong == 0


@pytest.mark.parametrize("breakage", ["split_commit", "insert_only"])
def test_a_build_broken_on_purpose_is_found(breakage, world, truth) -> None:
    state, points = truth
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


def test_without_a_unique_tick_the_race_is_lost(world, truth) -> None:
    try:
        state = race(world, "lost", "no_unique_tick")
    except AssertionError:
        return
    assert state != counted_once(truth[0])


def counted_once(state: dict[str, Any]) -> dict[str, Any]:
    """A state without the number of its versions: two processes may publish a later date first, which
    then gets another version with its previous ranks."""
    return {name: rows for name, rows in state.items() if name not in ("rows", "heads")}


def race(world: World, name: str, breakage: str | None = None) -> dict[str, Any]:
    place = world.fresh(name)
    pair = [spawn(place, 0, breakage) for _ in range(2)]
    for child in pair:
        child.join(120)
        if child.exitcode is None:
            child.kill()
    assert [child.exitcode for child in pair] == [0, 0]
    return counted_once(asyncio.run(canonical(*place)))
