"""The audit log: rows that are only ever added, each chained to the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.hash_chain import FIRST, is_spelling_of, link_hash, spell
from pacesetter.store.database.records import Records
from pacesetter.store.database.revisions import get_meta, set_meta
from pacesetter.store.tables.audit import audit_log

HEAD = "audit_head"  # the note of the newest link: without it, the newest entries could go unseen
AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One entry of the audit log."""

    sequence: int
    timestamp: datetime
    action: str
    user_id: UUID | None = None
    data: Any
    details: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and how it shows."""

    sequence: int
    reason: str


@dataclass(frozen=True)
class ChainCheck:
    """What a look at the whole log found; ``head``: the hash of its newest entry."""

    n: int
    head: str
    breaks: tuple[Break, ...]


audit = Records(audit_log, AuditRow, "entry of the audit log")


async def write_entry(
    conn: AsyncConnection,
    action: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    user_id: UUID | None = None,
) -> AuditRow:
    """Add an entry in the caller's transaction: ``action`` as noun.verb, ``data`` plain JSON.

    Nobody else adds one until that transaction ends, so it is best done last.
    """
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE audit_log IN SHARE ROW EXCLUSIVE MODE"))
    last, previous = _split(await get_meta(conn, HEAD))
    details, sequence = spell(data), last + 1
    own = link_hash(sequence, at, action, user_id, details, previous)
    row = AuditRow(
        sequence=sequence,
        timestamp=at,
        action=action,
        user_id=user_id,
        data=dict(data),
        details=details,
        previous_hash=previous,
        hash=own,
    )
    await audit.add(conn, [row])
    await set_meta(conn, HEAD, f"{sequence} {own}")
    return row


async def list_entries(
    conn: AsyncConnection,
    *,
    action: str | None = None,
    since: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """Entries, the newest first. ``action``: a whole one or its noun; ``before``: older than this number."""
    where: list[ColumnElement[bool]] = []
    if action is not None:
        of = audit_log.c.action
        where.append((of == action) | of.startswith(f"{action}.", autoescape=True))
    if since is not None:
        where.append(audit_log.c.timestamp >= since)
    if before is not None:
        where.append(audit_log.c.sequence < before)
    return await audit.find(conn, *where, order_by=[audit_log.c.sequence.desc()], limit=limit)


async def check_chain(conn: AsyncConnection, *, most: int = 20) -> ChainCheck:
    """Look at every entry: whether each follows the one before it, and says what its hash says.

    Stops looking for more after ``most`` breaks.
    """
    breaks: list[Break] = []
    n, last, previous = 0, 0, FIRST
    while len(breaks) < most:
        rows = await audit.find(
            conn, audit_log.c.sequence > last, order_by=[audit_log.c.sequence], limit=AT_ONCE
        )
        if not rows:
            break
        for row in rows:
            breaks += [Break(row.sequence, reason) for reason in _judge(row, last, previous)]
            n, last, previous = n + 1, row.sequence, row.hash
    noted = _split(await get_meta(conn, HEAD))
    if noted != (last, previous) and len(breaks) < most:
        breaks.append(Break(last, f"the newest entry is not number {noted[0]} with hash {noted[1][:12]}…"))
    return ChainCheck(n, previous, tuple(breaks[:most]))


def _judge(row: AuditRow, last: int, previous: str) -> list[str]:
    found = []
    if row.sequence != last + 1:
        found.append(f"entries {last + 1} to {row.sequence - 1} are missing")
    if row.previous_hash != previous:
        found.append("it does not follow the entry before it")
    own = link_hash(row.sequence, row.timestamp, row.action, row.user_id, row.details, row.previous_hash)
    if own != row.hash:
        found.append("it was changed: its hash is of something else")
    if not is_spelling_of(row.details, row.data):
        found.append("its data and its details differ")
    return found


def _split(note: str | None) -> tuple[int, str]:
    if note is None:
        return 0, FIRST
    sequence, _, own = note.partition(" ")
    return (int(sequence), own) if sequence.isdigit() else (-1, own)
