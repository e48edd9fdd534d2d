"""Which of the followed symbols have a price of a session, and whether it is final."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.symbol import BOX


async def unsettled_symbols(conn: AsyncConnection) -> set[str]:
    """Symbols whose newest bar was taken before its session's data were final."""
    rows = await conn.execute(
        text(
            "SELECT u.symbol FROM symbol_universe u JOIN market_data_cache b "
            "ON b.symbol = u.symbol AND b.date = u.last_price_date WHERE NOT b.is_final"
        )
    )
    return {row[0] for row in rows}


async def count_prices(conn: AsyncConnection, on: date) -> tuple[int, int]:
    """How many symbols have a bar of a session, and how many have any or are followed; boxes have none."""
    have = await conn.scalar(
        text("SELECT count(*) FROM market_data_cache WHERE date = :on").bindparams(bindparam("on", on, Date))
    )
    known = "SELECT count(*) FROM symbol_universe WHERE (is_active OR last_price_date IS NOT NULL)"
    known += f" AND asset_type <> '{BOX}'"
    return int(have or 0), int(await conn.scalar(text(known)) or 0)
