"""Query results as Polars frames, with the same types on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import polars as pl
from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection


async def read_frame(
    conn: AsyncConnection, query: Executable, schema: Mapping[str, type[pl.DataType] | pl.DataType]
) -> pl.DataFrame:
    """The rows of ``query`` in the types of ``schema``.

    Raw SQL gives SQLite's dates as ISO text, booleans as 0 and 1 and UUIDs as bytes;
    PostgreSQL gives Python values. Binary columns hold a UUID's sixteen bytes.
    """
    rows = (await conn.execute(query)).fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    series = []
    for (name, kind), values in zip(schema.items(), columns, strict=True):
        if kind == pl.Binary:
            plain = [v.bytes if isinstance(v, UUID) else v for v in values]
            series.append(pl.Series(name, plain, pl.Binary))
        elif kind == pl.Date and any(isinstance(v, str) for v in values):
            series.append(pl.Series(name, values, pl.String).str.to_date("%Y-%m-%d"))
        elif kind == pl.Boolean:
            series.append(pl.Series(name, [None if v is None else bool(v) for v in values], pl.Boolean))
        else:
            series.append(pl.Series(name, values, kind))
    return pl.DataFrame(series)
