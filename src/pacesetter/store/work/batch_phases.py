"""The phases of the nightly batch as rows: which process works on one, how far it is, who has no value.

A process holds a phase by a lease on the database's own clock and by a fence number; a phase ends in
the transaction that writes its rows, on condition that the fence is still its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import LeaseLost
from pacesetter.store.tables.exposure import batch_phases
from pacesetter.store.work.cycles import database_clock

Phase = Literal["prices", "market_beta", "rate_beta", "ridge", "spread", "daily_metrics"]
PHASES: tuple[Phase, ...] = ("prices", "market_beta", "rate_beta", "ridge", "spread", "daily_metrics")
LEASE_S = 60.0  # how long a phase of a process that died stays its own

_of = batch_phases.c


@dataclass(frozen=True)
class PhaseClaim:
    """The right to do a phase of a session, as long as the row still carries this fence."""

    on: date
    phase: Phase
    fence: int
    lease_s: float = LEASE_S


async def claim_phase(
    conn: AsyncConnection,
    on: date,
    phase: Phase,
    *,
    revision: int,
    total: int,
    owner: str,
    at: datetime,
    lease_s: float = LEASE_S,
    dead: str | None = None,
) -> PhaseClaim | Literal["done", "taken"]:
    """Claim a phase: a new one, one that was cut off or failed, or one that was done with other data.

    ``done``: it was done with the data of ``revision``; ``taken``: another process works on it.
    ``total``: how many symbols there are to look at; ``dead``: an owner that is known to have ended, whose
    lease counts no more.
    """
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    first = {"metric_date": on, "phase": phase}
    begun = {
        "state": "running",
        "done": 0,
        "total": total,
        "data_revision": revision,
        "problems": {},
        "error": None,
        "owner": owner,
        "lease_until": database_clock(conn, lease_s),
        "started_at": at,
        "ended_at": None,
    }
    held = and_(_of.state == "running", _of.lease_until >= database_clock(conn))
    held = held if dead is None else and_(held, _of.owner != dead)
    same = and_(_of.state == "done", _of.data_revision == revision)
    adding = dialect.insert(batch_phases).values(**first, **begun)
    claiming = adding.on_conflict_do_update(
        index_elements=list(first),
        set_={**begun, "fence": _of.fence + 1, "updated_at": func.current_timestamp()},
        where=~or_(held, same),
    )
    fence = (await conn.execute(claiming.returning(_of.fence))).scalar()
    if fence is not None:
        return PhaseClaim(on, phase, fence, lease_s)
    state = await conn.scalar(select(_of.state).where(_of.metric_date == on, _of.phase == phase))
    return "taken" if state == "running" else "done"


async def owner_of_phase(conn: AsyncConnection, on: date, phase: Phase) -> str | None:
    """Who works on a phase, by the row."""
    running = (_of.metric_date == on, _of.phase == phase, _of.state == "running")
    owner: str | None = await conn.scalar(select(_of.owner).where(*running))
    return owner


async def keep_phase(conn: AsyncConnection, claim: PhaseClaim, done: int) -> None:
    """Renew the lease and note how far it is; ``LeaseLost`` when another process took over."""
    await _write(conn, claim, done=done, lease_until=database_clock(conn, claim.lease_s))


async def end_phase(
    conn: AsyncConnection,
    claim: PhaseClaim,
    *,
    revision: int,
    done: int,
    total: int,
    problems: Mapping[str, Sequence[str]],
    at: datetime,
) -> None:
    """Close a phase, in the transaction that writes its rows; ``LeaseLost`` when another took over.

    ``problems``: who has no value, by reason."""
    told = {reason: sorted(symbols) for reason, symbols in sorted(problems.items()) if symbols}
    values = {"data_revision": revision, "done": done, "total": total, "problems": told, "ended_at": at}
    await _write(conn, claim, state="done", lease_until=None, **values)


async def fail_phase(conn: AsyncConnection, claim: PhaseClaim, *, error: str, at: datetime) -> None:
    """Leave the cause and free the phase for another try."""
    await _write(conn, claim, state="failed", error=error[:1000], lease_until=None, ended_at=at)


async def free_phase(conn: AsyncConnection, claim: PhaseClaim) -> None:
    """End the lease of a phase that is left as it is: whoever wants to goes on."""
    await _write(conn, claim, lease_until=database_clock(conn, -1.0))


async def _write(conn: AsyncConnection, claim: PhaseClaim, **values: Any) -> None:
    mine = and_(
        _of.metric_date == claim.on,
        _of.phase == claim.phase,
        _of.fence == claim.fence,
        _of.state == "running",
    )
    if (await conn.execute(update(batch_phases).where(mine).values(**values))).rowcount != 1:
        raise LeaseLost(where=f"{claim.phase} of {claim.on}", mend="nothing to do: the other process goes on")


async def newest_done(conn: AsyncConnection, phase: Phase | None = None) -> date | None:
    """The newest session all of whose phases are done (or one of them)."""
    if phase is not None:
        of_phase = select(func.max(_of.metric_date)).where(_of.state == "done", _of.phase == phase)
        newest: date | None = await conn.scalar(of_phase)
        return newest
    whole = select(_of.metric_date).where(_of.state == "done").group_by(_of.metric_date)
    ended = whole.having(func.count() == len(PHASES)).order_by(_of.metric_date.desc()).limit(1)
    found: date | None = await conn.scalar(ended)
    return found


async def list_phases(conn: AsyncConnection, limit: int) -> list[Row[Any]]:
    """The phases of the newest ``limit`` sessions that have any, newest session first; ``shown`` is the
    state as people see it: what runs under a lease that has run out is interrupted."""
    gone = and_(_of.state == "running", _of.lease_until < database_clock(conn))
    days = select(_of.metric_date).distinct().order_by(_of.metric_date.desc()).limit(limit)
    shown = case((gone, "interrupted"), else_=_of.state).label("shown")
    query = select(batch_phases, shown).where(_of.metric_date.in_(days))
    return list(await conn.execute(query.order_by(_of.metric_date.desc())))


async def phases_on(conn: AsyncConnection, on: date) -> dict[str, Row[Any]]:
    """The phases of a session by name."""
    rows = await conn.execute(select(batch_phases).where(_of.metric_date == on))
    return {row.phase: row for row in rows}
