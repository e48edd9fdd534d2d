"""Exposures of symbols to factors as rows, and what the factors are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Date, Row, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.portfolio.exposure_factor import FactorDefinition
from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.symbols.symbols import upsert_symbols
from pacesetter.store.tables.exposure import factor_definitions, symbol_factor_exposures

WRITING_LOCK = 0x6578706F  # any number that nothing else locks: writers of exposures follow each other

EXPOSURE_SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "metric_date": pl.Date,
    "factor": pl.String,
    "symbol": pl.String,
    "beta": pl.Float64,
    "standard_error": pl.Float64,
    "r_squared": pl.Float64,
    "n_observations": pl.Int64,
    "calculation_method": pl.String,
    "regularisation": pl.Float64,
    "window": pl.Int64,
    "quality_flag": pl.String,
    "vif": pl.Float64,
    "data_revision": pl.Int64,
    "computed_at": pl.Datetime("us", "UTC"),
}
COLUMNS = ", ".join(f'"{name}"' for name in EXPOSURE_SCHEMA)
_of = symbol_factor_exposures.c


async def seed_definitions(conn: AsyncConnection, definitions: Sequence[FactorDefinition]) -> None:
    """Make the shipped factors and their funds known; doing it again changes only what is new."""
    funds = sorted({fund for one in definitions for fund in (one.proxy, one.minus) if fund})
    await upsert_symbols(conn, funds, asset_type=None, source="seed")
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    own = [column.name for column in factor_definitions.c if column.name not in ("created_at", "updated_at")]
    rows = [{name: getattr(one, name) for name in own} for one in definitions]
    adding = dialect.insert(factor_definitions).values(rows)
    sets = {name: adding.excluded[name] for name in own if name != "name"}
    await conn.execute(adding.on_conflict_do_update(index_elements=["name"], set_=sets))


async def list_definitions(conn: AsyncConnection) -> list[Row[Any]]:
    """All factors, in their order."""
    return list(await conn.execute(select(factor_definitions).order_by(factor_definitions.c.position)))


async def replace_exposures(
    conn: AsyncConnection,
    frame: pl.DataFrame,
    *,
    dates: Sequence[date],
    factors: Sequence[str],
    revision: int,
    symbols: Sequence[str] | None = None,
) -> int:
    """Put the rows of ``frame`` (``EXPOSURE_SCHEMA``) in the place of what is stored of these dates,
    factors and symbols (None: all); how many were written.

    A symbol that has no value any more loses its row. Rows that were measured from newer data than
    ``revision`` stay. Set-based: one DELETE, and one bulk insert by each engine's fastest way.
    """
    if conn.dialect.name == "postgresql":  # SQLite's writers follow each other anyway
        await conn.execute(text(f"SELECT pg_advisory_xact_lock({WRITING_LOCK})"))
    await stage(conn, "measured_factors", pl.DataFrame({"factor": list(factors)}), key=("factor",))
    await stage(conn, "measured_dates", pl.DataFrame({"day": list(dates)}, schema={"day": pl.Date}))
    where = (
        "metric_date IN (SELECT day FROM measured_dates) AND factor IN (SELECT factor FROM measured_factors)"
    )
    if symbols is not None:
        names = pl.DataFrame({"symbol": list(symbols)}, schema={"symbol": pl.String})
        await stage(conn, "measured_symbols", names, key=("symbol",))
        where += " AND symbol IN (SELECT symbol FROM measured_symbols)"
    gone = text(f"DELETE FROM symbol_factor_exposures WHERE {where} AND data_revision <= :revision")
    await conn.execute(gone, {"revision": revision})
    key = {name: EXPOSURE_SCHEMA[name] for name in ("metric_date", "factor", "symbol")}
    stay = await read_frame(
        conn, text(f"SELECT metric_date, factor, symbol FROM symbol_factor_exposures WHERE {where}"), key
    )
    rows = frame.select(*EXPOSURE_SCHEMA)
    if not stay.is_empty():
        rows = rows.join(stay, on=list(key), how="anti")
    return await load_frame(conn, symbol_factor_exposures, rows.sort(list(key)))


async def exposures_of(
    conn: AsyncConnection, symbol: str, first: date, last: date, *, factor: str | None = None
) -> pl.DataFrame:
    """The exposures of a symbol (to one factor) on the sessions of a span, oldest first."""
    only = "" if factor is None else " AND factor = :factor"
    query = text(
        f"SELECT {COLUMNS} FROM symbol_factor_exposures WHERE symbol = :symbol "
        f"AND metric_date BETWEEN :first AND :last{only} ORDER BY metric_date, factor"
    ).bindparams(bindparam("first", first, Date), bindparam("last", last, Date), symbol=symbol)
    return await read_rows(conn, query if factor is None else query.bindparams(factor=factor))


async def exposures_on(
    conn: AsyncConnection, on: date, *, symbols: Sequence[str] | None = None
) -> pl.DataFrame:
    """The exposures of all symbols (or some) on a session, by factor and symbol."""
    only = await asked(conn, symbols)
    query = text(f"SELECT {COLUMNS} FROM symbol_factor_exposures WHERE metric_date = :on{only}")
    frame = await read_rows(conn, query.bindparams(bindparam("on", on, Date)))
    return frame.sort("factor", "symbol")  # PostgreSQL's own order follows its locale


async def betas_on(
    conn: AsyncConnection, on: date, factors: Sequence[str], symbols: Sequence[str] | None = None
) -> pl.DataFrame:
    """The exposures to some factors on a session and nothing else of them: symbol, factor, beta."""
    only = await asked(conn, symbols)
    query = text(
        "SELECT symbol, factor, beta FROM symbol_factor_exposures "
        f"WHERE metric_date = :on AND factor IN :factors{only}"
    ).bindparams(bindparam("on", on, Date), bindparam("factors", list(factors), expanding=True))
    return await read_frame(conn, query, {"symbol": pl.String, "factor": pl.String, "beta": pl.Float64})


async def asked(conn: AsyncConnection, symbols: Sequence[str] | None) -> str:
    """The condition that rows are of some symbols (None: any)."""
    if symbols is None:
        return ""
    names = pl.DataFrame({"symbol": list(set(symbols))}, schema={"symbol": pl.String})
    await stage(conn, "asked_exposures", names, key=("symbol",))
    return " AND symbol IN (SELECT symbol FROM asked_exposures)"


async def read_rows(conn: AsyncConnection, query: Any) -> pl.DataFrame:
    """Exposures in the types of ``EXPOSURE_SCHEMA``."""
    raw = {**EXPOSURE_SCHEMA}
    if conn.dialect.name == "sqlite":  # which gives instants as text
        raw["computed_at"] = pl.String
    frame = await read_frame(conn, query, raw)
    if conn.dialect.name == "sqlite":
        at = pl.col("computed_at").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", time_zone="UTC")
        frame = frame.with_columns(at)
    return frame
