"""Take a whole import of prices back, as if it had never been, without losing its trace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError
from pacesetter.store.bars import VALUES
from pacesetter.store.revisions import mark_undone, new_revision, revision_of_import

KEPT = (*VALUES, "data_source", "fetched_at")


async def undo_import(conn: AsyncConnection, import_id: UUID, at: datetime) -> dict[str, int]:
    """Restore the rows that the import replaced and take out those that it added.

    Rows that a later write has replaced again are left alone and counted as ``left``.
    Every removed row stays in ``market_data_revisions``.
    """
    revision = await revision_of_import(conn, import_id)
    if revision is None:
        raise InputError("that import stored no data that could be taken back", where=str(import_id))
    undo = await new_revision(conn, "undo", at, import_id)
    ids = {"revision": revision, "undo": undo}
    columns = ", ".join(KEPT)
    left = await conn.scalar(
        text("SELECT count(*) FROM market_data_revisions WHERE known_from = :revision"), ids
    )
    removed = await conn.execute(
        text(
            f"INSERT INTO market_data_revisions (symbol, date, known_to, known_from, {columns}) "
            f"SELECT symbol, date, :undo, known_from_revision, {columns} FROM market_data_cache "
            "WHERE known_from_revision = :revision"
        ),
        ids,
    )
    await conn.execute(
        text("DELETE FROM market_data_cache WHERE known_from_revision = :revision"), ids
    )
    restored = await conn.execute(
        text(
            f"INSERT INTO market_data_cache (symbol, date, known_from_revision, {columns}) "
            f"SELECT r.symbol, r.date, :undo, {', '.join('r.' + c for c in KEPT)} "
            "FROM market_data_revisions r WHERE r.known_to = :revision AND EXISTS "
            "(SELECT 1 FROM market_data_revisions u WHERE u.symbol = r.symbol AND u.date = r.date "
            "AND u.known_from = :revision AND u.known_to = :undo)"
        ),
        ids,
    )
    held = await conn.execute(
        text("UPDATE quarantined_bars SET state = 'undone' WHERE revision = :revision AND state <> 'undone'"),
        ids,
    )
    for table in ("fundamentals", "corporate_actions"):
        await conn.execute(
            text(
                f"UPDATE {table} SET known_to_revision = :undo "
                "WHERE known_from_revision = :revision AND known_to_revision IS NULL"
            ),
            ids,
        )
        await conn.execute(
            text(f"UPDATE {table} SET known_to_revision = NULL WHERE known_to_revision = :revision"), ids
        )
    await mark_undone(conn, import_id, at)
    return {
        "removed": removed.rowcount - restored.rowcount,
        "restored": restored.rowcount,
        "left": int(left or 0),
        "quarantined": held.rowcount,
    }
