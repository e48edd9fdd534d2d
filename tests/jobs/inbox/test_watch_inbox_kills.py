"""kill -9 at every statement, commit and move of a look, and two looks at once: each content is taken in
once, and its file ends where it belongs; broken on purpose, the same turns red."""

from __future__ import annotations

import multiprocessing as mp
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pacesetter.jobs.inbox import taking as inbox_taking
from pacesetter.jobs.workspace import Workspace
from tests.conftest import _execute, run
from tests.jobs.home import ask, with_home
from tests.jobs.inbox.inbox_home import look
from tests.jobs.inbox.inbox_victim import BREAK, be_killed, fill, race, state_of
from tests.servers import copied_from

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3000)]
processes = mp.get_context("forkserver")
processes.set_forkserver_preload(["tests.jobs.inbox.inbox_victim", "tests.faults.warm"])
SAMPLED, STATED = 8, 150  # of the steps, on each engine
Place = tuple[Path, str | None]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Place]:
    """Homes with the files in their inbox, each with a database of its own."""
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    base = server.rsplit("/", 1)[0] if server else ""
    filled, own = tmp_path / "filled", f"inbox_{np.random.SeedSequence().entropy % 10**12}"
    if server:
        template = request.getfixturevalue("postgres_template")
        run(_execute(server, f"CREATE DATABASE {own} {copied_from(template)}"))
    fill(filled, f"{base}/{own}" if server else None)

    def make(name: str) -> Place:
        shutil.copytree(filled, tmp_path / name)
        if server:
            run(_execute(server, f"CREATE DATABASE {own}_{name} {copied_from(own)}"))
        return tmp_path / name, f"{base}/{own}_{name}" if server else None

    return make


def child(target: Any, *given: Any) -> Any:
    process = processes.Process(target=target, args=given)
    process.start()
    return process


def look_again(place: Place) -> dict[str, Any]:
    """The state after the looks that follow."""

    async def work(ws: Workspace) -> dict[str, Any]:
        for _ in range(2):
            report = await look(ws)
            assert not report.busy and not report.said
        return await state_of(ws, place[0] / "inbox")

    return with_home(*place[:1], work, url=place[1])


async def forget(*_: Any) -> None:
    """Nothing is known of what a killed look has begun."""


def kill_and_look(place: Place, kill_at: int, breakage: str | None = None) -> dict[str, Any]:
    broken = breakage if breakage in BREAK else None
    victim = child(be_killed, str(place[0]), place[1], kill_at, broken, None)
    victim.join(600)
    assert victim.exitcode in (-9, 0)
    state = look_again(place)
    shutil.rmtree(place[0])
    return state


def undisturbed(fresh: Callable[[str], Place]) -> tuple[dict[str, Any], int]:
    counter, place = processes.Value("i", 0), fresh("truth")
    process = child(be_killed, str(place[0]), place[1], 0, None, counter)
    process.join(600)
    assert process.exitcode == 0
    truth = look_again(place)
    assert truth["lying"] == [] and truth["content"] and truth["files"] and truth["unfinished"] == 0
    assert (truth["imports"], truth["bars"], truth["trades"], truth["portfolio imports"]) == (1, 2, 2, 1)
    assert [status for *_, status in truth["rows"]] == [
        *("applied", "applied", "duplicate", "failed", "applied", "applied")
    ]
    assert len(truth["texts"]) == 3 and truth["copies"] == []
    return truth, counter.value


def test_killed_at_any_step(
    fresh: Callable[[str], Place], rng: np.random.Generator, full_counts: bool
) -> None:
    truth, n = undisturbed(fresh)
    points = rng.choice(np.arange(1, n + 1), min(n, STATED if full_counts else SAMPLED), replace=False)
    wrong = {}
    for at in map(int, points):
        state = kill_and_look(fresh(f"k{at}"), at)
        if state != truth:
            wrong[at] = {name: (value, truth[name]) for name, value in state.items() if value != truth[name]}
    print(f"killed at {len(points)} of {n} steps")
    assert not wrong


@pytest.mark.parametrize("breakage", ["noted_apart", "moved_first", "forgotten"])
def test_a_broken_build_is_found(
    fresh: Callable[[str], Place], breakage: str, full_counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, n = undisturbed(fresh)
    if breakage == "forgotten":  # by the looks that follow
        monkeypatch.setattr(inbox_taking, "find_unfinished", forget)
    for at in range(n // 6, n + 1, 3 if full_counts else 9):
        if kill_and_look(fresh(f"b{at}"), at, breakage) != truth:
            print(f"{breakage}: seen at step {at} of {n}")
            return
    pytest.fail(f"{breakage} went unnoticed")


@pytest.mark.parametrize("breakage", [None, "no_lock"])
def test_looks_at_the_same_time(
    fresh: Callable[[str], Place], breakage: str | None, full_counts: bool
) -> None:
    """Without the lock the database still sees to it that no content is taken in twice."""
    for n in range(10 if full_counts else 2):
        place = fresh(f"race{n}")
        start = processes.Event()
        rivals = [child(race, str(place[0]), place[1], breakage, start) for _ in range(3)]
        start.set()
        for rival in rivals:
            rival.join(600)
            assert rival.exitcode == 0
        state = look_again(place)
        assert (state["imports"], state["bars"], state["trades"], state["portfolio imports"]) == (1, 2, 2, 1)
        assert state["lying"] == [] and len(state["texts"]) == 3

        async def applied(ws: Workspace) -> list[tuple[Any, ...]]:
            sql = "SELECT folder, count(*) FROM inbox_files WHERE status = 'applied' GROUP BY folder"
            return sorted(await ask(ws, sql))

        folders = ("portfolios", "prices", "research-reports", "ticker-lists")
        assert with_home(place[0], applied, url=place[1]) == [(folder, 1) for folder in folders]
        if breakage is None:
            assert len(state["rows"]) == 6 and state["files"]
