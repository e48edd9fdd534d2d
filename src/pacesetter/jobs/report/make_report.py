"""The morning report of a night: composed from what changed, stored in versions, kept for 90 days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.report.inputs import gather_report
from pacesetter.jobs.report.night_made import NightMade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.reports.morning import compose, fingerprint
from pacesetter.reports.section import sections
from pacesetter.store.desk.desk_reports import (
    ReportRow,
    newest_before,
    newest_versions,
    prune_reports,
    reports,
    versions_of,
)

KEPT_DAYS = 90


async def make_report(ws: Workspace, made: NightMade) -> dict[str, Any]:
    """The content of a night's report, against that of the night before it."""
    sections.load_plugins(ws.settings.plugins)
    night = await gather_report(ws, made)
    async with ws.db.read() as conn:
        previous = await newest_before(conn, night.on)
    return compose(night, None if previous is None else previous.content)


async def store_report(conn: AsyncConnection, content: Mapping[str, Any]) -> ReportRow:
    """Store a report in the caller's transaction; where the day's newest says the same, that one stays.

    Reports of more than 90 days before this one are taken away.
    """
    on, own = date.fromisoformat(content["on"]), fingerprint(content)
    versions = await versions_of(conn, on)
    if versions and versions[-1].fingerprint == own:
        return versions[-1]
    row = ReportRow(
        id=new_id(),
        kind=content["kind"],
        date=on,
        version=versions[-1].version + 1 if versions else 1,
        content=dict(content),
        fingerprint=own,
        stocks_analyzed=content["counts"]["analysed"],
        recommendations_count=content["counts"]["recommendations"],
    )
    await reports.add(conn, [row])
    await prune_reports(conn, on - timedelta(days=KEPT_DAYS))
    return row


async def read_report(ws: Workspace, on: date | None = None, version: int | None = None) -> ReportRow:
    """A day's report, the newest one (of that day) unless told; ``UnknownName`` where there is none."""
    async with ws.db.read() as conn:
        if on is None:
            newest = await newest_versions(conn, limit=1)
            found = newest
        else:
            found = await versions_of(conn, on)
    if version is not None:
        found = [row for row in found if row.version == version]
    if not found:
        what = "no report yet" if on is None else f"no report of {on}"
        of = "" if version is None else f" with version {version}"
        mend = "`pacesetter night` makes one" if on is None else "`pacesetter report list` lists them"
        raise UnknownName(f"there is {what}{of}", mend=mend)
    return found[-1]


async def list_reports(ws: Workspace, limit: int = 90) -> list[ReportRow]:
    """The newest version of each day's report, the newest day first."""
    async with ws.db.read() as conn:
        return await newest_versions(conn, limit=limit)
