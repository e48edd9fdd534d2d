"""The audit log for who reads it: entries with names instead of ids, and the check of the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.audit import AuditRow, Break, ChainCheck, audit, check_chain, list_entries
from pacesetter.store.accounts.users import list_users
from pacesetter.store.tables.audit import audit_log

DESK = "pacesetter"  # who acted where no person did, or one at the command line


async def view_audit(
    ws: Workspace,
    *,
    action: str | None = None,
    since: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[tuple[AuditRow, str]]:
    """Entries, the newest first, each with the name of who acted."""
    async with ws.db.read() as conn:
        rows = await list_entries(conn, action=action, since=since, before=before, limit=limit)
        names = {user.id: user.name for user in await list_users(conn)}
    return [(row, names.get(row.user_id, "?") if row.user_id else DESK) for row in rows]


async def verify_audit(ws: Workspace, *, head: str | None = None) -> ChainCheck:
    """Look at the whole log; ``head``: a hash noted before, which must still be in it."""
    async with ws.db.read() as conn:
        check = await check_chain(conn)
        if head is None or await audit.count(conn, audit_log.c.hash == head.strip().lower()):
            return check
    return replace(check, breaks=(*check.breaks, Break(check.n, f"no entry has the noted hash {head}")))
