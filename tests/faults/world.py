# ruff: noqa: E501
"""A small world for faults: two boards of nine symbols, a provider of our own, virtual time."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import numpy as np
import polars as pl
from sqlalchemy import event, text

from pacesetter.jobs.bars import fetch_bars
from pacesetter.jobs.boards import daily_cycle
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import Clock, VirtualClock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.calendar import session_days
from pacesetter.providers.base import FetchRequest, FetchResult
from pacesetter.settings import Settings
from tests.servers import copied_from

BOARDS = ("ai-tech", "finance")
DATES = (date(2024, 3, 5), date(2024, 3, 6), date(2024, 3, 7))
FIRST = date(2023, 1, 3)
LEASE_S = 0.25
LONG_S = 300.0  # after which the ticks of three dates do not come to an end


class Walks:
    """Bars of any symbol: a seeded random walk, the same in every process."""

    name = "simulated"

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        days = session_days("XNYS", FIRST, request.last)
        frames = [pl.DataFrame(schema=BAR_SCHEMA)]
        for symbol in request.symbols:
            rng = np.random.default_rng([ord(c) for c in symbol])
            close = np.round(100 * np.exp(np.cumsum(rng.normal(0, 0.02, 2000))), 2)[: len(days)]
            volume = rng.integers(10_000, 90_000, 2000)[: len(days)]
            frame = pl.DataFrame({"date": pl.Series(days).cast(pl.Date), "close": close, "volume": volume})
            prices = {c: pl.col("close") for c in ("open", "high", "low", "adj_close")}
            frames.append(frame.with_columns(symbol=pl.lit(symbol), **prices).select(list(BAR_SCHEMA)))
        bars = pl.concat(frames).filter(pl.col("date").is_between(request.first, request.last))
        return FetchResult(bars, self.name, clock.now(), basis="raw")


def evening(on: date) -> datetime:
    return datetime.combine(on, time(22), UTC)


def settings_for(home: Path, url: str | None) -> Settings:
    return Settings(home=home, database_url=url, source="simulated", benchmark="JPM", _env_file=None)


@contextmanager
def walking() -> Iterator[None]:
    """Prices come from random walks, in this process, as long as it lasts."""
    before = fetch_bars.choose_providers
    fetch_bars.choose_providers = lambda *_: [Walks()]
    try:
        yield
    finally:
        fetch_bars.choose_providers = before


async def build(home: Path, url: str | None) -> None:
    """The world before its first cycle: history stored, nothing ranked."""
    day = DATES[0] - timedelta(days=1)
    clock = VirtualClock(evening(day))
    with walking():
        async with open_workspace(settings_for(home, url), clock=clock, simulated=True) as ws:
            async with ws.db.write() as conn:
                names = ", ".join(f"'{b}'" for b in BOARDS)
                await conn.execute(
                    text(f"UPDATE domains SET is_active = :no WHERE slug NOT IN ({names})"), {"no": False}
                )
                members = f"SELECT symbol FROM domain_members m JOIN domains d ON d.id = m.domain_id WHERE d.slug IN ({names})"
                await conn.execute(
                    text(f"UPDATE symbol_universe SET is_active = :no WHERE symbol NOT IN ({members})"),
                    {"no": False},
                )
            await daily_cycle.run_cycle(ws, on=day, scheduled_for=evening(day))


async def work(home: Path, url: str | None, *, once: bool = False) -> None:
    """Bring every date's tick to its end, as a scheduler would, over and over until all are published."""
    fetch_bars.choose_providers = lambda *_: [Walks()]
    until = monotonic() + LONG_S
    while monotonic() < until:
        left = 0
        for on in DATES:
            clock = VirtualClock(evening(on))
            async with open_workspace(settings_for(home, url), clock=clock, simulated=True) as ws:
                try:
                    await daily_cycle.run_cycle(
                        ws, on=on, kind="daily", scheduled_for=evening(on), lease_s=LEASE_S
                    )
                except PacesetterError:
                    left += 1
                left += not await is_published(ws, on)
        if once or not left:
            return
        await asyncio.sleep(LEASE_S / 2)
    raise AssertionError("the ticks do not come to an end")


async def is_published(ws: Workspace, on: date) -> bool:
    async with ws.db.read() as conn:
        sql = (
            "SELECT count(*) FROM cycles WHERE kind = 'daily' AND status = 'published' AND metric_date = :on"
        )
        shown = on if ws.db.dialect == "postgresql" else on.isoformat()
        return bool(await conn.scalar(text(sql), {"on": shown}))


def run_child(home: str, url: str | None, kill_at: int, breakage: str | None, counter: Any) -> None:
    """The body of a child process: work, and die at the ``kill_at``-th point (0: never)."""
    if breakage:
        from tests.faults.broken import BREAK

        BREAK[breakage]()
    points = Points(kill_at, counter)
    points.install()
    once = breakage == "no_unique_tick"  # it would not find the ticks that it has published
    asyncio.run(work(Path(home), url, once=once))


class Points:
    """Counts the moments before and after every statement and commit; at one of them the process dies."""

    def __init__(self, kill_at: int, counter: Any) -> None:
        self.kill_at, self.seen, self.counter = kill_at, 0, counter

    def hit(self, *_: Any, **__: Any) -> None:
        self.seen += 1
        if self.counter is not None:
            self.counter.value = self.seen
        if self.seen == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        from sqlalchemy.engine import Connection, Engine

        event.listen(Engine, "before_cursor_execute", self.hit)
        event.listen(Engine, "after_cursor_execute", self.hit)
        plain: Callable[..., Any] = Connection._commit_impl

        def commit(connection: Connection) -> None:
            self.hit()
            plain(connection)
            self.hit()

        Connection._commit_impl = commit  # type: ignore[method-assign]


async def canonical(home: Path, url: str | None) -> dict[str, Any]:
    """Everything that counts, in one order, without ids and clock times."""
    async with (
        open_workspace(settings_for(home, url), clock=VirtualClock(evening(DATES[-1])), simulated=True) as ws,
        ws.db.read() as conn,
    ):
        return {
            name: [tuple(map(plain, row)) for row in await conn.execute(text(sql))]
            for name, sql in STATE.items()
        }


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


STATE = {
    "ranks": "SELECT d.slug, r.metric_date, r.symbol, r.current_rank, r.previous_rank, r.previous_on, r.rank_change, "
    "r.composite_score, r.score, r.coverage, r.unranked_reason FROM ranking_results r "
    "JOIN board_heads h ON h.domain_id = r.domain_id AND h.method_version_id = r.method_version_id "
    "AND h.metric_date = r.metric_date AND h.cycle_id = r.cycle_id AND h.head_to IS NULL "
    "JOIN domains d ON d.id = r.domain_id ORDER BY 1, 2, 3",
    "rows": "SELECT count(*) FROM ranking_results",
    "heads": "SELECT count(*) FROM board_heads",
    "values": "SELECT metric_date, symbol, count(*) FROM factor_values GROUP BY 1, 2 ORDER BY 1, 2",
    "stats": "SELECT metric_date, scope, factor, n, centre, scale, rule FROM factor_stats ORDER BY 1, 2, 3",
    "bars": "SELECT symbol, date, close, volume FROM market_data_cache ORDER BY 1, 2",
    "replaced": "SELECT count(*) FROM market_data_revisions",
    "ticks": "SELECT kind, metric_date, status, count(*) FROM cycles GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
}


class World:
    """The world before its first cycle, built once and copied for each trial: (home, address)."""

    def __init__(self, root: Path, server: str | None) -> None:
        self.root, self.server = root, server
        self.prefix = f"world{uuid4().hex[:8]}"  # a worker may build the world more than once
        self.template = self._made("template")
        asyncio.run(build(*self.template))

    def fresh(self, name: str) -> tuple[Path, str | None]:
        home, url = self._made(name, copied=True)
        shutil.copytree(self.template[0], home)
        return home, url

    def drop(self, home: Path, url: str | None) -> None:
        shutil.rmtree(home)
        if self.server and url:
            execute(self.server, f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def _made(self, name: str, *, copied: bool = False) -> tuple[Path, str | None]:
        if self.server is None:
            return self.root / name, None
        database = f"{self.prefix}_{name}"
        template = copied_from(f"{self.prefix}_template") if copied else ""
        execute(self.server, f"CREATE DATABASE {database} {template}")
        return self.root / name, f"{self.server.rsplit('/', 1)[0]}/{database}"


def execute(server: str, sql: str) -> None:
    import asyncpg

    async def run() -> None:
        conn = await asyncpg.connect(server)
        await conn.execute(sql)
        await conn.close()

    asyncio.run(run())
