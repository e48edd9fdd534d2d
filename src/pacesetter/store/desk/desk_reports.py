"""Reports, by day and version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.records import Records
from pacesetter.store.tables.report import reports as reports_table

MORNING = "morning"


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """A report as it was made."""

    id: UUID
    kind: str = "morning"
    date: date
    version: int = 1
    content: Any
    fingerprint: str
    stocks_analyzed: int
    recommendations_count: int
    sent_at: datetime | None = None
    created_at: datetime | None = None


reports = Records(reports_table, ReportRow, "report")


async def versions_of(conn: AsyncConnection, on: date, kind: str = MORNING) -> list[ReportRow]:
    """All versions of a day's report, the oldest first."""
    of = reports_table.c
    return await reports.find(conn, of.kind == kind, of.date == on, order_by=[of.version])


async def newest_before(conn: AsyncConnection, on: date, kind: str = MORNING) -> ReportRow | None:
    """The newest report of a day before ``on``."""
    of = reports_table.c
    order = [of.date.desc(), of.version.desc()]
    found = await reports.find(conn, of.kind == kind, of.date < on, order_by=order, limit=1)
    return found[0] if found else None


async def newest_versions(conn: AsyncConnection, kind: str = MORNING, *, limit: int) -> list[ReportRow]:
    """The newest version of each day, the newest day first."""
    of, other = reports_table.c, reports_table.alias()
    newest = select(func.max(other.c.version)).where(other.c.kind == of.kind, other.c.date == of.date)
    is_newest = of.version == newest.scalar_subquery()
    return await reports.find(conn, of.kind == kind, is_newest, order_by=[of.date.desc()], limit=limit)


async def prune_reports(conn: AsyncConnection, before: date, kind: str = MORNING) -> int:
    """Take reports of days before ``before`` away; how many there were."""
    of = reports_table.c
    return (await conn.execute(delete(reports_table).where(of.kind == kind, of.date < before))).rowcount


async def claim_sending(conn: AsyncConnection, report_id: UUID, at: datetime) -> bool:
    """Note that a version is sent now; False where it was, or is being sent by somebody else."""
    of = reports_table.c
    free = update(reports_table).where(of.id == report_id, of.sent_at.is_(None))
    return (await conn.execute(free.values(sent_at=at))).rowcount == 1


async def forget_sending(conn: AsyncConnection, report_id: UUID, at: datetime) -> None:
    """Take the note of ``claim_sending`` back: nobody took the report."""
    of = reports_table.c
    own = update(reports_table).where(of.id == report_id, of.sent_at == at)
    await conn.execute(own.values(sent_at=None))
