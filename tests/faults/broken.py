"""Builds broken on purpose: the fault tests count only because each of these turns them red."""

from __future__ import annotations

from typing import Any

from pacesetter.jobs.boards import daily_cycle
from pacesetter.kernel.ids import new_id
from pacesetter.store.bars import bars
from pacesetter.store.bars.bars import insert_new
from pacesetter.store.boards import rankings
from pacesetter.store.database.counts import Counts
from pacesetter.store.work import cycles


def split_commit() -> None:
    """The tick is closed in one transaction and the ranks are written in another."""

    async def publish(ws: Any, claim: Any, publication: Any, *, provisional: bool) -> Any:
        async with ws.db.write() as conn:
            await cycles.mark_published(conn, claim, at=ws.now(), is_provisional=provisional)

        async def nothing(*_: Any, **__: Any) -> None:
            return None

        rankings.mark_published = nothing
        async with ws.db.write() as conn:
            return await rankings.publish(conn, claim, publication, at=ws.now())

    daily_cycle.publish_ranks = publish


def no_fence() -> None:
    """Whoever once held the tick may still write."""

    async def write(conn: Any, claim: Any, **values: Any) -> None:
        await conn.execute(
            cycles.update(cycles.cycles).where(cycles.cycles.c.id == claim.cycle_id).values(**values)
        )

    cycles._write = write


def no_unique_tick() -> None:
    """Every proposal is a tick of its own."""
    plain = cycles.claim_tick

    async def claim(conn: Any, *, kind: str, **rest: Any) -> Any:
        return await plain(conn, kind=f"{kind[:5]}{new_id().hex[-12:]}", **rest)

    cycles.claim_tick = claim


def insert_only() -> None:
    """Bars are inserted and never merged with what is there."""

    async def insert(conn: Any, frame: Any, **rest: Any) -> Counts:
        await insert_new(conn, frame, **rest)
        return Counts(frame.height)

    bars.merge = insert


BREAK = {f.__name__: f for f in (split_commit, no_fence, no_unique_tick, insert_only)}
