"""Ticks and claims: one row decides which process does a tick's work.

The tick (kind, calendar, scheduled_for) is unique. A claim has a lease by the database's
own clock and a fence number: whoever takes an expired claim over raises the fence, and
every later write of the former holder finds another number and stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import LeaseLost
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import EVERY_DAY
from pacesetter.store.database.content import newest_first
from pacesetter.store.tables.base import Instant
from pacesetter.store.tables.cycle import cycles


@dataclass(frozen=True)
class Claim:
    """The right to work on a tick, as long as the row still carries this fence."""

    cycle_id: UUID
    fence: int
    stage: str
    metric_date: date
    lease_s: float = 60.0


def database_clock(conn: AsyncConnection, plus_s: float = 0.0) -> ColumnElement[datetime]:
    """The database's own clock, ``plus_s`` seconds on: leases never depend on a machine's."""
    if conn.dialect.name == "postgresql":
        return literal_column(f"clock_timestamp() + interval '{plus_s:.3f} seconds'", Instant)
    # julian days keep milliseconds; the text has the form in which instants are stored
    return literal_column(f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '{plus_s:+.3f} seconds')", Instant)


async def claim_tick(
    conn: AsyncConnection,
    *,
    kind: str,
    calendar: str,
    scheduled_for: datetime,
    metric_date: date,
    owner: str,
    at: datetime,
    lease_s: float,
) -> Claim | None:
    """Claim a tick: a new one, a failed one, or one whose holder let the lease run out.

    None when it is published or another process holds it.
    """
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    lease_until = database_clock(conn, lease_s)
    fresh = (
        dialect.insert(cycles)
        .values(
            id=new_id(),
            kind=kind,
            calendar=calendar,
            scheduled_for=scheduled_for,
            metric_date=metric_date,
            owner=owner,
            lease_until=lease_until,
            started_at=at,
        )
        .on_conflict_do_nothing(index_elements=["kind", "calendar", "scheduled_for"])
        .returning(cycles.c.id)
    )
    cycle_id = (await conn.execute(fresh)).scalar()
    if cycle_id is not None:
        return Claim(cycle_id, 1, "fetch", metric_date, lease_s)
    taken = await conn.execute(
        update(cycles)
        .where(
            cycles.c.kind == kind,
            cycles.c.calendar == calendar,
            cycles.c.scheduled_for == scheduled_for,
            or_(
                cycles.c.status == "failed",
                (cycles.c.status == "claimed") & (cycles.c.lease_until < database_clock(conn)),
            ),
        )
        .values(status="claimed", owner=owner, fence=cycles.c.fence + 1, lease_until=lease_until, error=None)
        .returning(cycles.c.id, cycles.c.fence, cycles.c.stage, cycles.c.metric_date)
    )
    row = taken.first()
    return None if row is None else Claim(row.id, row.fence, row.stage, row.metric_date, lease_s)


async def _write(conn: AsyncConnection, claim: Claim, **values: Any) -> None:
    done = await conn.execute(
        update(cycles)
        .where(cycles.c.id == claim.cycle_id, cycles.c.fence == claim.fence, cycles.c.status == "claimed")
        .values(**values)
    )
    if done.rowcount != 1:
        raise LeaseLost(where=f"cycle {claim.cycle_id}", mend="nothing to do: the other process goes on")


async def advance(conn: AsyncConnection, claim: Claim, *, stage: str, **values: Any) -> None:
    """Note how far the work is and renew the lease; ``LeaseLost`` when another took over."""
    await _write(conn, claim, stage=stage, lease_until=database_clock(conn, claim.lease_s), **values)


async def renew(conn: AsyncConnection, claim: Claim) -> None:
    """Prolong the lease; ``LeaseLost`` when another took over or the tick is closed."""
    await _write(conn, claim, lease_until=database_clock(conn, claim.lease_s))


async def mark_published(conn: AsyncConnection, claim: Claim, *, at: datetime, **values: Any) -> None:
    """Close the tick, in the transaction that publishes; ``LeaseLost`` when another took over."""
    await _write(conn, claim, status="published", stage="done", published_at=at, lease_until=None, **values)


async def fail(conn: AsyncConnection, claim: Claim, *, error: str, at: datetime) -> None:
    """Leave the cause and free the tick for another try."""
    await _write(conn, claim, status="failed", error=error[:1000], lease_until=None)


async def release(conn: AsyncConnection, claim: Claim, *, said: str) -> None:
    """End the lease of a tick that is left as it is: nothing failed, and whoever wants to goes on."""
    await _write(conn, claim, error=said[:1000], lease_until=database_clock(conn, -1.0))


async def free_ticks(conn: AsyncConnection, owner: str) -> None:
    """End the leases of a process that is known to be dead."""
    held = (cycles.c.owner == owner) & (cycles.c.status == "claimed")
    await conn.execute(update(cycles).where(held).values(lease_until=database_clock(conn, -1.0)))


async def find_unfinished(conn: AsyncConnection, kind: str) -> list[Row[Any]]:
    """Ticks of a kind that were begun and not published, the newest first."""
    query = select(cycles).where(cycles.c.kind == kind, cycles.c.status != "published")
    return list(await conn.execute(query.order_by(cycles.c.scheduled_for.desc())))


async def find_tick(
    conn: AsyncConnection, kind: str, calendar: str, scheduled_for: datetime
) -> Row[Any] | None:
    """The row of a tick, if anybody has claimed it."""
    own = cycles.c
    tick = (own.kind == kind) & (own.calendar == calendar) & (own.scheduled_for == scheduled_for)
    return (await conn.execute(select(cycles).where(tick))).first()


async def list_cycles(conn: AsyncConnection, status: str | None, limit: int) -> list[Row[Any]]:
    """The newest cycles (of a status), without their progress."""
    columns = [column for column in cycles.c if column.name != "progress"]
    query = select(*columns).order_by(cycles.c.started_at.desc(), cycles.c.id.desc()).limit(limit)
    return list(await conn.execute(query if status is None else query.where(cycles.c.status == status)))


async def read_progress(conn: AsyncConnection, cycle_id: UUID) -> dict[str, Any]:
    """What a cycle has kept of its work."""
    kept: dict[str, Any] | None = await conn.scalar(select(cycles.c.progress).where(cycles.c.id == cycle_id))
    return kept or {}


async def newest_published(conn: AsyncConnection, *, boxes: bool = False) -> Row[Any] | None:
    """The cycle that published last, of an exchange's boards or of boards of ``boxes``."""
    of_kind = (cycles.c.calendar == EVERY_DAY) == boxes
    row: Row[Any] | None = (await conn.execute(newest_first(select(cycles).where(of_kind), cycles))).first()
    return row


async def count_by_status(conn: AsyncConnection) -> dict[str, int]:
    """How many cycles there are of each status."""
    rows = await conn.execute(select(cycles.c.status, func.count()).group_by(cycles.c.status))
    return {status: n for status, n in rows}


async def free_time(conn: AsyncConnection, kind: str, at: datetime) -> datetime:
    """The first instant from ``at`` on that is after every tick of a kind."""
    newest = await conn.scalar(select(func.max(cycles.c.scheduled_for)).where(cycles.c.kind == kind))
    return at if newest is None else max(at, newest + timedelta(microseconds=1))


async def follow_up(conn: AsyncConnection, claim: Claim, at: datetime) -> UUID:
    """A cycle of its own for a further version of rows that ``claim``'s cycle has already written.

    Rows are never changed, so a backfill whose later chunk touches a date of an earlier
    one needs another cycle to write them under. It is a published tick from the start.
    """
    own = cycles.c
    row = (await conn.execute(select(cycles).where(own.id == claim.cycle_id))).one()
    cycle_id = new_id()
    await conn.execute(
        insert(cycles).values(
            id=cycle_id,
            kind="follow_up",
            calendar=row.calendar,
            scheduled_for=await free_time(conn, "follow_up", at),
            metric_date=row.metric_date,
            status="published",
            stage="done",
            data_source=row.data_source,
            data_revision=row.data_revision,
            fingerprint=row.fingerprint,
            code_version=row.code_version,
            progress=row.progress,
            started_at=at,
            published_at=at,
        )
    )
    return cycle_id
