"""Everything that portfolios ask of symbols, of all of them at once: newest price, figures, exposures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl
from sqlalchemy import Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import chunks
from pacesetter.store.database.frames import read_frame
from pacesetter.store.symbols.onboarding_waits import NO_SOURCE
from pacesetter.store.tables.exposure import RATIOS, RETURNS

FIGURES = (*RETURNS, *RATIOS)
SYMBOLS = {
    **dict.fromkeys(
        ("symbol", "asset_type", "name", "exchange_mic", "currency", "quote_unit", "basis"), pl.String
    ),
    "price": pl.Float64,
    "price_on": pl.Date,
    **dict.fromkeys(FIGURES, pl.Float64),
}
BETAS = {"symbol": pl.String, "factor": pl.String, "beta": pl.Float64, "standard_error": pl.Float64}
STAMPS = {"symbol": pl.String, "revision": pl.Int64, "bars": pl.Int64}


async def read_symbols(conn: AsyncConnection) -> pl.DataFrame:
    """All symbols in order, with their newest close (in the quote unit) and their figures (``SYMBOLS``)."""
    figures = ", ".join(f"m.{name}" for name in FIGURES)
    query = text(
        "SELECT u.symbol, u.asset_type, u.name, u.exchange_mic, u.currency, u.quote_unit, u.basis, "
        f"b.close, b.date, {figures} FROM symbol_universe u "
        "LEFT JOIN market_data_cache b ON b.symbol = u.symbol AND b.date = u.last_price_date "
        "LEFT JOIN symbol_daily_metrics m ON m.symbol = u.symbol"
    )
    return (await read_frame(conn, query, SYMBOLS)).sort("symbol")


async def read_betas(conn: AsyncConnection) -> tuple[pl.DataFrame, date | None]:
    """The newest exposures to each factor (``BETAS``), and the newest of their sessions.

    Factor by factor: while the nightly batch goes on, each is shown from when it is done."""
    parts, newest = [pl.DataFrame(schema=BETAS)], None
    names = (
        (await conn.execute(text("SELECT name FROM factor_definitions ORDER BY position"))).scalars().all()
    )
    for name in names:
        last = text(
            "SELECT metric_date FROM symbol_factor_exposures WHERE factor = :factor "
            "ORDER BY metric_date DESC LIMIT 1"
        ).columns(metric_date=Date)
        on = await conn.scalar(last, {"factor": name})
        if on is None:
            continue
        query = text(
            "SELECT symbol, factor, beta, standard_error FROM symbol_factor_exposures "
            "WHERE metric_date = :on AND factor = :factor"
        ).bindparams(bindparam("on", on, Date), factor=name)
        parts.append(await read_frame(conn, query, BETAS))
        newest = on if newest is None else max(newest, on)
    return pl.concat(parts), newest


async def read_stamps(conn: AsyncConnection, symbols: list[str] | None = None) -> pl.DataFrame:
    """What each symbol's bars and corporate actions are of: the newest data revision that touched them, and
    how many bars there are (``STAMPS``); of all symbols, or of some."""
    wanted = "" if symbols is None else " WHERE symbol IN :symbols"
    query = text(
        "SELECT symbol, max(revision), max(bars) FROM ("
        "SELECT symbol, max(known_from_revision) AS revision, count(*) AS bars "
        f"FROM market_data_cache{wanted} GROUP BY symbol UNION ALL "
        "SELECT symbol, max(coalesce(known_to_revision, known_from_revision)) AS revision, 0 AS bars "
        f"FROM corporate_actions{wanted} GROUP BY symbol) AS known GROUP BY symbol"
    )
    if symbols is not None:
        query = query.bindparams(bindparam("symbols", symbols, expanding=True))
    return await read_frame(conn, query, STAMPS)


async def read_waiting(conn: AsyncConnection, symbols: Collection[str]) -> dict[str, str]:
    """Of ``symbols`` those that were asked for and are not there: ``pending``, ``failed`` at last, or
    ``no_price`` where no source is asked for any."""
    found: dict[str, str] = {}
    for chunk in chunks(set(symbols)):
        query = text(
            "SELECT symbol, status, cause FROM symbol_onboarding_queue WHERE symbol IN :symbols "
            "AND status <> 'completed' ORDER BY created_at, id"
        ).bindparams(bindparam("symbols", chunk, expanding=True))
        for symbol, status, cause in await conn.execute(query):
            waits = status == "pending" and cause == NO_SOURCE
            found[symbol] = "no_price" if waits else "failed" if status == "failed" else "pending"
    return found
