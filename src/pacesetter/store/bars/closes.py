"""Closes of many symbols over a few sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from sqlalchemy import Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.frames import read_frame

CLOSES = {"symbol": pl.String, "date": pl.Date, "close": pl.Float64, "adj_close": pl.Float64}


async def read_closes(
    conn: AsyncConnection, symbols: Sequence[str], first: date, last: date
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The accepted closes of ``symbols`` from ``first`` to ``last`` (sorted by symbol and date), and the
    basis of each symbol that has a stated one."""
    if not symbols:
        return pl.DataFrame(schema=CLOSES), {}
    chosen = {"symbols": list(symbols)}
    bars = text(
        "SELECT symbol, date, close, adj_close FROM market_data_cache WHERE symbol IN :symbols "
        "AND date BETWEEN :first AND :last ORDER BY symbol, date"
    ).bindparams(
        bindparam("symbols", expanding=True), bindparam("first", first, Date), bindparam("last", last, Date)
    )
    frame = await read_frame(conn, bars.bindparams(**chosen), CLOSES)
    stated = text("SELECT symbol, basis FROM symbol_universe WHERE basis IS NOT NULL AND symbol IN :symbols")
    rows = await conn.execute(stated.bindparams(bindparam("symbols", expanding=True)), chosen)
    return frame, {row.symbol: row.basis for row in rows}
