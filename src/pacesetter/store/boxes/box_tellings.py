"""Which observations hold: what sources told of a box, and of those that are joined into it.

A row that an import brought is a telling; it stays as it was told. What holds for a box, day and source
is the newest telling of it whose import was not taken back, told of the box itself or of one that is
joined into it. So imports and joins may be taken back in any order, and what remains ends alike.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boxes.box_joins import JOIN, read_roots
from pacesetter.store.boxes.boxes import KEYS
from pacesetter.store.database.bulk import stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.box import OBSERVED

PLACES: dict[str, type[pl.DataType]] = {"symbol": pl.String, "date": pl.Date, "source": pl.String}
WHEN_TOLD = (
    "FROM box_observations o JOIN data_revisions d ON d.revision = o.known_from_revision "
    "AND d.cause <> 'undo' LEFT JOIN imports m ON m.id = d.import_id "
    "JOIN box_roots t ON t.symbol = COALESCE(o.told_as, o.symbol) "
    f"WHERE (m.id IS NULL OR m.kind <> '{JOIN}')"
)


async def keys_of_import(conn: AsyncConnection, revision: int) -> pl.DataFrame:
    """The boxes, days and sources (``PLACES``) of which a revision told anything, where they stand now."""
    await stage_roots(conn)
    query = f"SELECT DISTINCT t.root AS symbol, o.date, o.source {WHEN_TOLD} AND d.revision = :revision"
    return await read_frame(conn, text(query).bindparams(revision=revision), PLACES)


async def keys_of_boxes(conn: AsyncConnection, one: str, other: str) -> pl.DataFrame:
    """All days and sources of two boxes, for each of them (``PLACES``)."""
    query = text(
        "SELECT DISTINCT b.symbol, o.date, o.source FROM boxes b CROSS JOIN box_observations o "
        "WHERE b.symbol IN (:one, :other) AND o.symbol IN (:one, :other)"
    )
    return await read_frame(conn, query.bindparams(one=one, other=other), PLACES)


async def settle(conn: AsyncConnection, keys: pl.DataFrame, *, revision: int) -> tuple[int, int]:
    """Let what holds at ``keys`` (``PLACES``) be what was told: rows that no longer hold end with
    ``revision``, others begin with it. How many keys have nothing any more, and how many other rows."""
    if keys.is_empty():
        return 0, 0
    await stage_roots(conn)
    await stage(conn, "unsettled_boxes", keys.select(KEYS), key=KEYS)
    at = " AND ".join(f"u.{key} = o.{key}" for key in KEYS)
    kept = ", ".join(f"o.{name}" for name in (*OBSERVED, "original", "fetched_at"))
    told = (
        f"SELECT t.root AS symbol, o.date, o.source, {kept}, o.known_from_revision AS told_in, "
        "CASE WHEN t.root <> t.symbol THEN t.symbol END AS told_as, "
        "ROW_NUMBER() OVER (PARTITION BY t.root, o.date, o.source "
        f"ORDER BY o.known_from_revision DESC, t.symbol) AS turn {WHEN_TOLD} AND m.undone_at IS NULL "
        "AND EXISTS (SELECT 1 FROM unsettled_boxes u "
        "WHERE u.symbol = t.root AND u.date = o.date AND u.source = o.source)"
    )
    await conn.execute(text("DROP TABLE IF EXISTS told_boxes"))
    await conn.execute(text(f"CREATE TEMPORARY TABLE told_boxes AS SELECT * FROM ({told}) w WHERE turn = 1"))
    equal = " AND ".join(
        [f"w.{key} = o.{key}" for key in KEYS]
        + [
            f"w.{name} IS NOT DISTINCT FROM o.{name}"
            for name in (*OBSERVED, "original", "fetched_at", "told_as")
        ]
    )
    # a row that another telling brought goes, however alike: it would stay under that one's name
    copied = (
        "(o.known_from_revision = w.told_in OR EXISTS (SELECT 1 FROM data_revisions d "
        "LEFT JOIN imports m ON m.id = d.import_id WHERE d.revision = o.known_from_revision "
        f"AND (d.cause = 'undo' OR m.kind = '{JOIN}')))"
    )
    ended = await conn.execute(
        text(
            "UPDATE box_observations AS o SET known_to_revision = :revision WHERE known_to_revision IS NULL "
            f"AND EXISTS (SELECT 1 FROM unsettled_boxes u WHERE {at}) "
            f"AND NOT EXISTS (SELECT 1 FROM told_boxes w WHERE {equal} AND {copied})"
        ),
        {"revision": revision},
    )
    names = (*KEYS, *OBSERVED, "original", "fetched_at", "told_as")
    same = " AND ".join(f"o.{key} = w.{key}" for key in KEYS)
    began = await conn.execute(
        text(
            f"INSERT INTO box_observations ({', '.join(names)}, known_from_revision) "
            f"SELECT {', '.join('w.' + name for name in names)}, :revision FROM told_boxes w "
            "WHERE NOT EXISTS (SELECT 1 FROM box_observations o "
            f"WHERE {same} AND o.known_to_revision IS NULL)"
        ),
        {"revision": revision},
    )
    await conn.execute(text("DROP TABLE told_boxes"))
    return ended.rowcount - began.rowcount, began.rowcount


async def stage_roots(conn: AsyncConnection) -> None:
    """Each box and the one that it is joined into in the end, as the temporary table ``box_roots``."""
    roots = sorted((await read_roots(conn)).items())
    schema = {"symbol": pl.String, "root": pl.String}
    await stage(conn, "box_roots", pl.DataFrame(roots, schema=schema, orient="row"), key=("symbol",))
