"""The fastest way into a table on both engines, from a Polars frame.

SQLite: one prepared statement over all rows, in the caller's transaction.
PostgreSQL: binary COPY. ``stage`` fills a temporary table, from which set-based SQL goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

import polars as pl
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

# The affinities of the tables' own columns: a join between TEXT and DATE uses no index.
_SQLITE_TYPES = {pl.String: "TEXT", pl.Binary: "BLOB", pl.Date: "DATE", pl.Datetime: "DATETIME"}
_POSTGRESQL_TYPES = {
    pl.String: "text",
    pl.Binary: "uuid",
    pl.Date: "date",
    pl.Float64: "double precision",
    pl.Boolean: "boolean",
    pl.Datetime: "timestamptz",
}


T = TypeVar("T")
MANY = 500  # values a statement is given


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """Values, in their order, in lists that a statement takes."""
    ordered = list(values)
    for start in range(0, len(ordered), MANY):
        yield ordered[start : start + MANY]


async def load_frame(
    conn: AsyncConnection, table: Table | str, frame: pl.DataFrame, *, schema: str | None = None
) -> int:
    """Insert all rows of ``frame`` (columns named as the table's); returns their number.

    Binary columns hold the sixteen bytes of UUIDs; Datetime columns without a zone are UTC.
    """
    if frame.is_empty():
        return 0
    name = table if isinstance(table, str) else table.name
    if conn.dialect.name == "sqlite":
        columns = ", ".join(f'"{c}"' for c in frame.columns)
        holes = ", ".join("?" * frame.width)
        rows = as_sqlite(frame).rows()
        await conn.exec_driver_sql(f'INSERT INTO "{name}" ({columns}) VALUES ({holes})', rows)
        return frame.height
    raw: Any = (await conn.get_raw_connection()).driver_connection
    if not raw.is_in_transaction():  # begun with the first statement, and COPY goes past SQLAlchemy
        await conn.execute(text("SELECT 1"))
    await raw.copy_records_to_table(
        name, records=as_postgresql(frame), columns=frame.columns, schema_name=schema
    )
    return frame.height


async def stage(conn: AsyncConnection, name: str, frame: pl.DataFrame, *, key: Sequence[str] = ()) -> None:
    """Fill the temporary table ``name`` with ``frame``; it goes with the transaction's end.

    ``key``: columns to index, for joins.
    """
    sqlite = conn.dialect.name == "sqlite"
    types = ", ".join(
        f'"{column}" {_sqlite_type(kind) if sqlite else _postgresql_type(kind)}'
        for column, kind in frame.schema.items()
    )
    await conn.execute(text(f'DROP TABLE IF EXISTS {"temp." if sqlite else "pg_temp."}"{name}"'))
    tail = "" if sqlite else " ON COMMIT DROP"
    primary = f", PRIMARY KEY ({', '.join(key)})" if key and sqlite else ""
    without = " WITHOUT ROWID" if key and sqlite else ""
    await conn.execute(text(f'CREATE TEMPORARY TABLE "{name}" ({types}{primary}){without}{tail}'))
    await load_frame(conn, name, frame.sort(list(key)) if key and sqlite else frame)
    if not sqlite:
        await conn.execute(text(f'ANALYZE "{name}"'))


def as_sqlite(frame: pl.DataFrame) -> pl.DataFrame:
    """Values in the form in which SQLAlchemy's types keep them in SQLite."""
    casts = []
    for column, kind in frame.schema.items():
        if kind == pl.Date:
            casts.append(pl.col(column).dt.to_string("%Y-%m-%d"))
        elif isinstance(kind, pl.Datetime):
            casts.append(_in_utc(column, kind).dt.to_string("%Y-%m-%d %H:%M:%S%.6f"))
    return frame.with_columns(casts) if casts else frame


def as_postgresql(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Rows of Python values as asyncpg's binary COPY takes them."""
    binary = [i for i, kind in enumerate(frame.dtypes) if kind == pl.Binary]
    naive = [c for c, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and not kind.time_zone]
    rows = frame.with_columns(pl.col(naive).dt.replace_time_zone("UTC")).rows()
    if not binary:
        return rows
    made: dict[bytes, UUID] = {}

    def convert(row: tuple[Any, ...]) -> tuple[Any, ...]:
        cells = list(row)
        for i in binary:
            value = cells[i]
            if value is not None:
                cells[i] = made.get(value) or made.setdefault(value, UUID(bytes=value))
        return tuple(cells)

    return [convert(row) for row in rows]


def _in_utc(column: str, kind: pl.Datetime) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone("UTC") if kind.time_zone else pl.col(column)


def _sqlite_type(kind: pl.DataType) -> str:
    if kind.is_integer() or kind == pl.Boolean:
        return "INTEGER"
    if kind.is_float():
        return "REAL"
    return _SQLITE_TYPES.get(type(kind), "TEXT")


def _postgresql_type(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "bigint"
    return _POSTGRESQL_TYPES[type(kind)]
