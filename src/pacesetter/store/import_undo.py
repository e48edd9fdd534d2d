"""Take a whole import back, as if it had never been, without losing its trace.

What stands in a row's place afterwards is the newest value that came neither from this
import nor from another one that was taken back, so imports may be taken back in any
order. A row that a later import brought again unchanged still belongs to the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import polars as pl
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError
from pacesetter.store.bars.bars import VALUES
from pacesetter.store.bars.fx_rates import PAST
from pacesetter.store.boxes.box_tellings import keys_of_import, settle
from pacesetter.store.database.bulk import stage
from pacesetter.store.database.revisions import mark_undone, new_revision, revision_of_import
from pacesetter.store.symbols.symbols import set_last_dates
from pacesetter.store.tables.fact import MEASURES
from pacesetter.store.tables.import_ import imports

BAR_KEPT = (*VALUES, "data_source", "fetched_at")


@dataclass(frozen=True)
class History:
    """Where a kind of row keeps its present and its past: SQL with the columns of ``keys``,
    ``known_from`` and, for the past, ``known_to``."""

    name: str
    keys: dict[str, type[pl.DataType]]
    present: str
    past: str


BARS = History(
    "undone_bars",
    {"symbol": pl.String, "date": pl.Date},
    "(SELECT symbol, date, known_from_revision AS known_from FROM market_data_cache)",
    "market_data_revisions",
)


RATES = History(
    "undone_rates",
    {"base": pl.String, "quote": pl.String, "day": pl.Date},
    '(SELECT base, quote, "on" AS day, known_from_revision AS known_from FROM fx_rates)',
    '(SELECT base, quote, "on" AS day, known_from, known_to FROM fx_rate_revisions)',
)


def versioned(table: str, keys: dict[str, type[pl.DataType]]) -> History:
    """The history of a table whose old rows stay in it."""
    columns = ", ".join(keys)
    rows = f"SELECT {columns}, known_from_revision AS known_from, known_to_revision AS known_to FROM {table}"
    return History(
        f"undone_{table}",
        keys,
        f"({rows} WHERE known_to_revision IS NULL)",
        f"({rows} WHERE known_to_revision IS NOT NULL)",
    )


FACT_TABLES = (
    (
        "fundamentals",
        versioned("fundamentals", {"symbol": pl.String, "as_of": pl.Date, "known_on": pl.Date}),
        (*MEASURES, "currency", "data_source", "fetched_at"),
    ),
    (
        "corporate_actions",
        versioned("corporate_actions", {"symbol": pl.String, "ex_on": pl.Date, "kind": pl.String}),
        ("value", "currency", "data_source", "known_at"),
    ),
)


async def undo_import(conn: AsyncConnection, import_id: UUID, at: datetime) -> dict[str, int]:
    """Restore the rows that the import replaced and take out those that it added.

    Rows that a later write has replaced again are left alone and counted as ``left``.
    Every removed row stays in the history. ``InputError`` when there is nothing to take back.
    """
    revision = await revision_of_import(conn, import_id)
    if revision is None:
        raise InputError("that import stored no data that could be taken back", where=str(import_id))
    if await conn.scalar(select(imports.c.undone_at).where(imports.c.id == import_id)) is not None:
        raise InputError("that import was taken back before", where=str(import_id))
    undo = await new_revision(conn, "undo", at, import_id)
    await mark_undone(conn, import_id, at)
    removed, restored, left = await undo_bars(conn, revision, undo)
    gone, back, later = await undo_rates(conn, revision, undo)
    removed, restored, left = removed + gone, restored + back, left + later
    held = await undo_quarantine(conn, revision)
    for table, history, kept in FACT_TABLES:
        gone, back = await undo_versions(conn, table, history, kept, revision, undo)
        removed, restored = removed + gone, restored + back
    gone, back = await settle(conn, await keys_of_import(conn, revision), revision=undo)
    removed, restored = removed + gone, restored + back
    await forget_basis(conn)
    return {"removed": removed, "restored": restored, "left": left, "quarantined": held}


async def find_undone(conn: AsyncConnection, history: History, revision: int) -> int:
    """Fill the temporary table ``history.name`` with the rows that stem from ``revision``.

    ``known_to`` names the row of the past that takes the place, or is null. A present
    row stems from the revision itself, or from an undo that once restored its value:
    the walk goes from a value that counts no more to the one that it had replaced.
    """
    empty = pl.DataFrame(schema={**history.keys, "known_to": pl.Int64})
    await stage(conn, history.name, empty, key=list(history.keys))
    keys = ", ".join(history.keys)
    walked = ", ".join(f"w.{key}" for key in history.keys)
    same = " AND ".join(f"p.{key} = w.{key}" for key in history.keys)
    done = await conn.execute(
        text(
            f"INSERT INTO {history.name} ({keys}, known_to) "
            "WITH RECURSIVE skipped(at, via) AS ("
            "SELECT u.revision, i.revision FROM data_revisions u JOIN data_revisions i "
            "ON i.import_id = u.import_id AND i.cause = 'import' WHERE u.cause = 'undo' "
            "UNION SELECT i.revision, i.revision FROM data_revisions i JOIN imports m "
            "ON m.id = i.import_id AND m.undone_at IS NOT NULL WHERE i.cause = 'import'), "
            f"walk({keys}, at, known_to, passed) AS ("
            f"SELECT {walked}, w.known_from, CAST(NULL AS bigint), "
            f"CASE WHEN w.known_from = :revision THEN 1 ELSE 0 END FROM {history.present} w "
            "WHERE w.known_from IN (SELECT at FROM skipped) "
            f"UNION ALL SELECT {walked}, p.known_from, CAST(p.known_to AS bigint), "
            "CASE WHEN p.known_from = :revision THEN 1 ELSE w.passed END FROM walk w "
            f"JOIN skipped s ON s.at = w.at JOIN {history.past} p ON {same} AND p.known_to = s.via) "
            f"SELECT {keys}, max(CASE WHEN at IN (SELECT at FROM skipped) THEN NULL ELSE known_to END) "
            f"FROM walk GROUP BY {keys} HAVING max(passed) = 1"
        ),
        {"revision": revision},
    )
    if conn.dialect.name == "postgresql":
        await conn.execute(text(f"ANALYZE {history.name}"))
    return done.rowcount


async def undo_bars(conn: AsyncConnection, revision: int, undo: int) -> tuple[int, int, int]:
    """Take bars back: how many are gone, restored, and left alone."""
    touched = await find_undone(conn, BARS, revision)
    columns = ", ".join(BAR_KEPT)
    chosen = "EXISTS (SELECT 1 FROM undone_bars u WHERE u.symbol = b.symbol AND u.date = b.date)"
    await conn.execute(
        text(
            f"INSERT INTO market_data_revisions (symbol, date, known_to, known_from, {columns}) "
            f"SELECT symbol, date, :undo, known_from_revision, {columns} "
            f"FROM market_data_cache b WHERE {chosen}"
        ),
        {"undo": undo},
    )
    await conn.execute(text(f"DELETE FROM market_data_cache AS b WHERE {chosen}"))
    restored = await conn.execute(
        text(
            f"INSERT INTO market_data_cache (symbol, date, known_from_revision, {columns}) "
            f"SELECT r.symbol, r.date, :undo, {', '.join('r.' + c for c in BAR_KEPT)} "
            "FROM undone_bars u JOIN market_data_revisions r "
            "ON r.symbol = u.symbol AND r.date = u.date AND r.known_to = u.known_to"
        ),
        {"undo": undo},
    )
    left = await conn.scalar(
        text(
            "SELECT count(*) FROM market_data_cache b WHERE EXISTS (SELECT 1 FROM market_data_revisions r "
            "WHERE r.symbol = b.symbol AND r.date = b.date AND r.known_from = :revision) "
            f"AND NOT {chosen}"
        ),
        {"revision": revision},
    )
    symbols = await conn.scalars(text("SELECT DISTINCT symbol FROM undone_bars"))
    await set_last_dates(conn, list(symbols))
    return touched - restored.rowcount, restored.rowcount, int(left or 0)


async def undo_rates(conn: AsyncConnection, revision: int, undo: int) -> tuple[int, int, int]:
    """Take exchange rates back: how many are gone, restored, and left alone."""
    touched = await find_undone(conn, RATES, revision)
    same = 'u.base = r.base AND u.quote = r.quote AND u.day = r."on"'
    chosen = f"EXISTS (SELECT 1 FROM undone_rates u WHERE {same})"
    await conn.execute(
        text(
            f"INSERT INTO fx_rate_revisions ({PAST}) "
            'SELECT base, quote, "on", :undo, known_from_revision, rate, data_source '
            f"FROM fx_rates r WHERE {chosen}"
        ),
        {"undo": undo},
    )
    await conn.execute(text(f"DELETE FROM fx_rates AS r WHERE {chosen}"))
    restored = await conn.execute(
        text(
            'INSERT INTO fx_rates (base, quote, "on", rate, data_source, known_from_revision) '
            'SELECT r.base, r.quote, r."on", r.rate, r.data_source, :undo '
            f"FROM undone_rates u JOIN fx_rate_revisions r ON {same} AND r.known_to = u.known_to"
        ),
        {"undo": undo},
    )
    left = await conn.scalar(
        text(
            "SELECT count(*) FROM fx_rates r WHERE EXISTS (SELECT 1 FROM fx_rate_revisions p "
            'WHERE p.base = r.base AND p.quote = r.quote AND p."on" = r."on" AND p.known_from = :revision) '
            f"AND NOT {chosen}"
        ),
        {"revision": revision},
    )
    return touched - restored.rowcount, restored.rowcount, int(left or 0)


async def undo_quarantine(conn: AsyncConnection, revision: int) -> int:
    """The import's suspicious bars are gone; those that its bars had confirmed wait again."""
    held = await conn.execute(
        text("UPDATE quarantined_bars SET state = 'undone' WHERE revision = :revision AND state <> 'undone'"),
        {"revision": revision},
    )
    same = "symbol = quarantined_bars.symbol AND {0}.date = quarantined_bars.date"
    await conn.execute(
        text(
            "UPDATE quarantined_bars SET state = 'held', decided_at = NULL WHERE state = 'released' "
            f"AND EXISTS (SELECT 1 FROM undone_bars u WHERE u.{same.format('u')}) "
            f"AND NOT EXISTS (SELECT 1 FROM market_data_cache b WHERE b.{same.format('b')}) "
            f"AND NOT EXISTS (SELECT 1 FROM quarantined_bars q WHERE q.{same.format('q')} "
            "AND (q.state = 'held' OR (q.state = 'released' AND q.id > quarantined_bars.id)))"
        )
    )
    return held.rowcount


async def undo_versions(
    conn: AsyncConnection, table: str, history: History, kept: tuple[str, ...], revision: int, undo: int
) -> tuple[int, int]:
    """Take rows of a table with versions back: how many are gone and restored."""
    touched = await find_undone(conn, history, revision)
    same = " AND ".join(f"u.{key} = t.{key}" for key in history.keys)
    await conn.execute(
        text(
            f"UPDATE {table} AS t SET known_to_revision = :undo WHERE known_to_revision IS NULL "
            f"AND EXISTS (SELECT 1 FROM {history.name} u WHERE {same})"
        ),
        {"undo": undo},
    )
    columns = ", ".join((*history.keys, *kept))
    restored = await conn.execute(
        text(
            f"INSERT INTO {table} ({columns}, known_from_revision) "
            f"SELECT {', '.join('t.' + c for c in (*history.keys, *kept))}, :undo "
            f"FROM {history.name} u JOIN {table} t ON {same} AND t.known_to_revision = u.known_to"
        ),
        {"undo": undo},
    )
    return touched - restored.rowcount, restored.rowcount


async def forget_basis(conn: AsyncConnection) -> None:
    """A symbol without any bar may be imported on another basis."""
    await conn.execute(
        text(
            "UPDATE symbol_universe SET basis = NULL WHERE basis IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM market_data_cache b WHERE b.symbol = symbol_universe.symbol) AND NOT EXISTS "
            "(SELECT 1 FROM quarantined_bars q WHERE q.symbol = symbol_universe.symbol AND q.state = 'held')"
        )
    )
