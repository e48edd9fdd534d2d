"""A process that looks into an inbox and is killed at a chosen step; and what holds when all is done."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import Any

from pacesetter.jobs.inbox import places as inbox_places
from pacesetter.jobs.inbox import tree as inbox_tree
from pacesetter.jobs.inbox import watch_inbox
from pacesetter.jobs.inbox.list_inbox import make_inbox
from pacesetter.jobs.workspace import Workspace
from pacesetter.settings import Settings
from tests.faults.world import Points
from tests.jobs.home import ask, count, with_home
from tests.jobs.inbox.inbox_home import PRICES, TRADES, drop, hash_of, look, lying

FILES = {
    "prices/AAPL.csv": PRICES,
    "prices/TWIN.csv": PRICES,
    "prices/bad.csv": "nothing\n1\n",
    "portfolios/Growth.csv": TRADES,
    "ticker-lists/list.csv": "AAPL,why\nNVDA,because\n",
    "research-reports/macro/rates.md": "rates fall",
}
MOVING = ("rename", "mkdir", "unlink", "link", "open")  # the steps on the disk that change something


def fill(home: Path, url: str | None) -> None:
    """A home with an inbox that holds the files."""

    async def nothing(_: Workspace) -> None:
        return None

    with_home(home, nothing, url=url)
    make_inbox(Settings(home=home, _env_file=None))  # type: ignore[call-arg]
    for place, content in FILES.items():
        drop(home / "inbox", place, content)


def be_killed(home: str, url: str | None, kill_at: int, breakage: str | None, counter: Any) -> None:
    """The body of a child process: look once, and die at the ``kill_at``-th step (0: never)."""
    if breakage:
        BREAK[breakage]()
    points = Points(kill_at, counter)

    async def work(ws: Workspace) -> None:
        points.install()
        for name in MOVING:
            stop_at(points, name)
        await look(ws)

    with_home(Path(home), work, url=url)


def stop_at(points: Points, name: str) -> None:
    """Count the moments before and after each call of a function of ``os`` by the inbox."""
    plain = getattr(os, name)

    def call(*given: Any, **more: Any) -> Any:
        points.hit()
        done = plain(*given, **more)
        points.hit()
        return done

    for module in (inbox_places, inbox_tree):
        if module.os is os:
            module.os = type("Os", (), {**vars(os)})  # type: ignore[attr-defined]
        setattr(module.os, name, staticmethod(call))


def race(home: str, url: str | None, breakage: str | None, start: Any) -> None:
    """The body of a child process: look twice as soon as all have come so far."""
    if breakage:
        BREAK[breakage]()

    async def work(ws: Workspace) -> None:
        await asyncio.to_thread(start.wait, 240)
        for _ in range(2):
            await look(ws)

    with_home(Path(home), work, url=url)


def no_lock() -> None:
    """Several processes look at the same time."""
    from contextlib import contextmanager

    @contextmanager
    def hold(_: int) -> Any:
        yield True

    watch_inbox.hold = hold


def noted_apart() -> None:
    """The row of a file is written in a transaction of its own, behind what it brought."""
    from pacesetter.jobs.inbox import apply as inbox_apply
    from pacesetter.jobs.inbox import taking as inbox_taking

    plain = inbox_apply.apply_file

    async def apply_file(ws: Any, found: Any, path: Any, file_id: Any, note: Any) -> None:
        told: list[Any] = []

        async def remember(_: Any, taken: Any) -> None:
            told.append(taken)

        if found.folder == "ticker-lists":  # whose texts name the row
            await plain(ws, found, path, file_id, note)
            return
        await plain(ws, found, path, file_id, remember)
        async with ws.db.write() as conn:
            await note(conn, told[-1])

    inbox_taking.apply_file = apply_file


def moved_first() -> None:
    """The file is moved before the row that says where to is there for others to see."""
    from pacesetter.jobs.inbox import taking as inbox_taking

    plain = inbox_taking.write_row

    async def write_row(desk: Any, conn: Any, content: Any, *about: Any) -> Any:
        row = await plain(desk, conn, content, *about)
        await asyncio.to_thread(inbox_places.move_out, desk.root, content.found, row.moved_to, row.report)
        return row

    async def finish(desk: Any, _: Any, row: Any) -> Any:
        await inbox_taking.end_row(desk, row)
        return inbox_taking.outcome_of(row)

    inbox_taking.write_row, inbox_taking.finish = write_row, finish


BREAK = {one.__name__: one for one in (no_lock, noted_apart, moved_first)}


async def state_of(ws: Workspace, inbox: Path) -> dict[str, Any]:
    """All that counts, without ids and clock times."""
    rows = await ask(ws, "SELECT folder, name, status, moved_to, sha256 FROM inbox_files")
    places = {place for *_, place, _ in rows if place}  # none for what was gone when it was to be moved
    found = [p for end in ("processed", "errors") for p in (inbox / end).rglob("*.*")]
    files = {path.relative_to(inbox).as_posix() for path in found}
    beside = {place + ending for place in places for ending in ("", ".report.json", ".report.txt")}
    return {
        "lying": lying(inbox),
        "rows": sorted((folder, name, status) for folder, name, status, *_ in rows),
        "content": all(p in files and hash_of((inbox / p).read_bytes()) == sha for *_, p, sha in rows),
        "files": files == beside,
        "imports": await count(ws, "imports"),
        "bars": await count(ws, "market_data_cache"),
        "trades": await count(ws, "trades"),
        "portfolio imports": await count(ws, "portfolio_imports"),
        "texts": sorted(map(str, await ask(ws, "SELECT kind, symbol, body FROM research_texts"))),
        "asked": Counter(await ask(ws, "SELECT symbol, status FROM symbol_onboarding_queue")),
        "audit": Counter(await ask(ws, "SELECT action FROM audit_log")),
        "unfinished": await count(ws, "inbox_files", "finished_at IS NULL"),
        "copies": [*inbox.parent.glob("inbox-*")],
    }
