"""Bars as they were known at a data revision: today's, less what came later, plus what was replaced."""

from __future__ import annotations

from bisect import bisect_right

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.bars.segments import COLUMNS, code_rows
from pacesetter.store.database.frames import read_frame

KEY = ["symbol", "date"]
Part = tuple[list[str], pl.DataFrame]


async def parts_at(conn: AsyncConnection, parts: list[Part], revision: int) -> list[Part]:
    """Segments (symbols and coded rows, oldest period first) turned back to ``revision``.

    Only periods with a difference are touched, so the day before costs next to nothing.
    """
    late = await read_frame(
        conn,
        text("SELECT symbol, date FROM market_data_cache WHERE known_from_revision > :at").bindparams(
            at=revision
        ),
        {name: COLUMNS[name] for name in KEY},
    )
    former = await read_frame(
        conn,
        text(
            f"SELECT {', '.join(COLUMNS)} FROM market_data_revisions "
            "WHERE known_from <= :at AND known_to > :at"
        ).bindparams(at=revision),
        COLUMNS,
    )
    if late.is_empty() and former.is_empty():
        return parts
    if not parts:
        return [code_rows(former)]
    starts = [int(frame["date"].to_numpy().min()) for _, frame in parts]
    late_by, former_by = by_period(late, starts), by_period(former, starts)
    turned = [
        turn_back(part, late_by.get(i, late.clear()), former_by.get(i, former.clear()))
        for i, part in enumerate(parts)
    ]
    return [(symbols, frame) for symbols, frame in turned if symbols]


def by_period(rows: pl.DataFrame, starts: list[int]) -> dict[int, pl.DataFrame]:
    """Rows by the period that they belong in, whose first days ``starts`` are ascending."""
    days = rows["date"].cast(pl.Int32).to_list()
    period = pl.Series("period", [max(bisect_right(starts, day) - 1, 0) for day in days], dtype=pl.Int64)
    grouped = rows.with_columns(period).partition_by("period", as_dict=True, include_key=False)
    return {int(key[0]): frame for key, frame in grouped.items()}


def turn_back(part: Part, late: pl.DataFrame, former: pl.DataFrame) -> Part:
    """One period without ``late`` and with ``former``; the same object where neither has a row."""
    if late.is_empty() and former.is_empty():
        return part
    symbols, frame = part
    names = pl.Series(symbols, dtype=pl.String).gather(frame["code"])
    rows = (
        frame.drop("code").with_columns(symbol=names, date=pl.col("date").cast(pl.Date)).select(list(COLUMNS))
    )
    return code_rows(pl.concat([rows.join(late, on=KEY, how="anti"), former]))
