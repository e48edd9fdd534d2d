"""Files that came by the watched folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.records import Records
from pacesetter.store.tables.inbox import inbox_files


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A file that was found in the watched folder."""

    id: UUID
    folder: str
    name: str
    sha256: str
    size_bytes: int
    status: str
    report: Any = None
    moved_to: str | None = None
    found_at: datetime
    finished_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


inbox = Records(inbox_files, InboxRow, "file of the inbox")
_of = inbox_files.c


async def find_unfinished(conn: AsyncConnection, folder: str, name: str, sha256: str) -> InboxRow | None:
    """The row of a file whose fate is settled, but which may not have been moved yet."""
    mine = (_of.folder == folder) & (_of.name == name) & (_of.sha256 == sha256)
    found = await inbox.find(conn, mine, _of.finished_at.is_(None), order_by=[_of.found_at, _of.id], limit=1)
    return found[0] if found else None


async def find_applied(conn: AsyncConnection, folder: str, sha256: str) -> InboxRow | None:
    """The row by which a content was taken in."""
    taken = _of.status.in_(("applying", "applied"))
    found = await inbox.find(conn, _of.folder == folder, _of.sha256 == sha256, taken, limit=1)
    return found[0] if found else None


async def list_unfinished(conn: AsyncConnection) -> list[InboxRow]:
    """Rows whose file may not have been moved yet."""
    return await inbox.find(conn, _of.finished_at.is_(None), order_by=[_of.found_at, _of.id])


async def list_newest(conn: AsyncConnection, limit: int, status: str | None = None) -> list[InboxRow]:
    """The files that came last, the newest first."""
    only = [] if status is None else [_of.status == status]
    return await inbox.find(conn, *only, order_by=[_of.found_at.desc(), _of.id.desc()], limit=limit)
