"""Symbols: make them known, complete them, find them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import unknown
from pacesetter.kernel.ids import new_id
from pacesetter.market.symbol import BOX, guess_asset_type, guess_listing, normalise_symbol
from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.counts import Counts
from pacesetter.store.tables.symbol import stocks, symbol_aliases, symbol_universe

DESCRIBED = ("name", "exchange_mic", "currency", "quote_unit", "sector", "industry")


async def list_symbols(conn: AsyncConnection) -> list[Row[Any]]:
    """All symbols, in order."""
    return list(await conn.execute(select(symbol_universe).order_by(symbol_universe.c.symbol)))


async def known_symbols(conn: AsyncConnection, symbols: Sequence[str]) -> dict[str, Row[Any]]:
    """Those of ``symbols`` that are known, with their rows."""
    await stage(
        conn, "asked_symbols", pl.DataFrame({"symbol": list(set(symbols))}, schema={"symbol": pl.String})
    )
    rows = await conn.execute(
        select(symbol_universe).where(text("symbol IN (SELECT symbol FROM asked_symbols)"))
    )
    return {row.symbol: row for row in rows}


async def known_boxes(conn: AsyncConnection) -> list[str]:
    """All symbols of sealed boxes."""
    of = symbol_universe.c
    return list(await conn.scalars(select(of.symbol).where(of.asset_type == BOX)))


async def find_symbol(conn: AsyncConnection, name: str) -> Row[Any]:
    """A symbol by its spelling or a past name; ``UnknownName`` offers the nearest."""
    symbol = normalise_symbol(name)
    row = (await conn.execute(select(symbol_universe).where(symbol_universe.c.symbol == symbol))).first()
    if row is None:
        alias = await conn.scalar(
            select(symbol_aliases.c.symbol)
            .where(symbol_aliases.c.alias == symbol)
            .order_by(symbol_aliases.c.valid_from.desc())
        )
        if alias is None:
            known = [r.symbol for r in await list_symbols(conn)]
            raise unknown("symbol", symbol, known)
        row = (await conn.execute(select(symbol_universe).where(symbol_universe.c.symbol == alias))).one()
    return row


async def upsert_symbols(
    conn: AsyncConnection, symbols: Sequence[str], *, asset_type: str | None, source: str
) -> list[str]:
    """Make symbols known. A known one keeps its kind unless ``asset_type`` states another; a box
    stays one.

    Returns what was assumed, for the user to read.
    """
    known = await known_symbols(conn, symbols)
    new = sorted(set(symbols) - set(known))
    rows = []
    why: dict[tuple[str, str], list[str]] = {}
    for symbol in new:
        kind, because = (asset_type, "as stated") if asset_type else guess_asset_type(symbol)
        why.setdefault((kind, because), []).append(symbol)
        listing = guess_listing(symbol)
        rows.append((symbol, kind, listing.mic, listing.currency, listing.quote_unit, source))
    if rows:
        columns = ["symbol", "asset_type", "exchange_mic", "currency", "quote_unit", "added_source"]
        frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
        await load_frame(conn, symbol_universe, frame)
        await add_stocks(conn, [row[0] for row in rows if row[1] == "equity"])
    restated = sorted(s for s, row in known.items() if asset_type and row.asset_type not in (asset_type, BOX))
    if restated:
        await conn.execute(
            text(
                "UPDATE symbol_universe SET asset_type = :kind, updated_at = CURRENT_TIMESTAMP "
                "WHERE asset_type NOT IN (:kind, :box) AND symbol IN (SELECT symbol FROM asked_symbols)"
            ),
            {"kind": asset_type, "box": BOX},
        )
        if asset_type == "equity":
            await add_stocks(conn, restated)
    said = [f"{len(names)} new symbols taken as {kind}: {because}" for (kind, because), names in why.items()]
    if restated:
        said.append(f"{len(restated)} known symbols are {asset_type} now, as stated")
    return said


async def add_stocks(conn: AsyncConnection, symbols: Sequence[str]) -> None:
    """A master-data row for each equity that has none."""
    have = set(await conn.scalars(select(stocks.c.symbol)))
    ids = [(new_id().bytes, symbol) for symbol in symbols if symbol not in have]
    frame = pl.DataFrame(ids, schema={"id": pl.Binary, "symbol": pl.String}, orient="row")
    await load_frame(conn, stocks, frame)


async def set_basis(conn: AsyncConnection, symbols: Sequence[str], basis: str) -> None:
    """State what the prices of symbols are adjusted for, where nothing was stated before."""
    await known_symbols(conn, symbols)
    await conn.execute(
        text(
            "UPDATE symbol_universe SET basis = :basis, updated_at = CURRENT_TIMESTAMP "
            "WHERE basis IS NULL AND symbol IN (SELECT symbol FROM asked_symbols)"
        ),
        {"basis": basis},
    )


async def set_last_dates(conn: AsyncConnection, symbols: Sequence[str]) -> None:
    """Bring first, last and newest price dates of symbols up to their stored bars; boxes have none."""
    await known_symbols(conn, symbols)
    newest = "(SELECT max(date) FROM market_data_cache b WHERE b.symbol = symbol_universe.symbol)"
    oldest = newest.replace("max", "min")
    await conn.execute(
        text(
            f"UPDATE symbol_universe SET last_price_date = {newest}, last_seen_date = {newest}, "
            f"first_seen_date = {oldest} WHERE symbol IN (SELECT symbol FROM asked_symbols) "
            f"AND asset_type <> '{BOX}' "
            f"AND (last_price_date IS DISTINCT FROM {newest} OR first_seen_date IS DISTINCT FROM {oldest})"
        )
    )


async def describe_symbols(conn: AsyncConnection, frame: pl.DataFrame, *, source: str) -> Counts:
    """Add symbols with their descriptions, or complete known ones; a blank never erases a value, and what is
    known of a box stays.

    ``frame``: symbol, then any of asset_type, name, exchange_mic, currency, quote_unit,
    sector, industry, isin, country, is_active.
    """
    before = await known_symbols(conn, frame["symbol"].to_list())
    boxes = [symbol for symbol, row in before.items() if row.asset_type == BOX]
    frame = frame.filter(~pl.col("symbol").is_in(boxes))
    kinds: dict[str | None, list[str]] = {}
    stated = frame["asset_type"] if "asset_type" in frame.columns else [None] * frame.height
    for symbol, kind in zip(frame["symbol"], stated, strict=True):
        kinds.setdefault(kind, []).append(symbol)
    for kind, symbols in kinds.items():
        await upsert_symbols(conn, symbols, asset_type=kind, source=source)
    given = [c for c in DESCRIBED if c in frame.columns]
    changed = [row for row in frame.iter_rows(named=True) if _adds(before.get(row["symbol"]), row, given)]
    known_changes = sum(1 for row in changed if row["symbol"] in before)
    if given and changed:
        await stage(conn, "described", pl.DataFrame(changed).select("symbol", *given), key=["symbol"])
        sets = ", ".join(
            f"{c} = coalesce((SELECT d.{c} FROM described d WHERE d.symbol = symbol_universe.symbol), {c})"
            for c in given
        )
        await conn.execute(
            text(
                f"UPDATE symbol_universe SET {sets}, updated_at = CURRENT_TIMESTAMP "
                "WHERE symbol IN (SELECT symbol FROM described)"
            )
        )
    inserted = frame.height - len(before) + len(boxes)
    return Counts(inserted, known_changes, frame.height - inserted - known_changes)


def _adds(known: Row[Any] | None, row: dict[str, Any], columns: Sequence[str]) -> bool:
    if known is None:
        return True
    return any(row[c] is not None and row[c] != getattr(known, c) for c in columns)


async def stock_ids(conn: AsyncConnection, symbols: Collection[str]) -> dict[str, UUID]:
    """The master-data key of those of ``symbols`` that have one: equities."""
    query = select(stocks.c.symbol, stocks.c.id).where(stocks.c.symbol.in_(sorted(symbols)))
    return {row.symbol: row.id for row in await conn.execute(query)} if symbols else {}
