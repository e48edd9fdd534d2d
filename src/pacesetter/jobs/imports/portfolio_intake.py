"""A file's rows as trades to store, and their symbols made known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.trade_prints import count_repeats, print_trade
from pacesetter.kernel.ids import new_id
from pacesetter.market.symbol import guess_listing
from pacesetter.providers.files.portfolio_rows import TradeRow
from pacesetter.store.symbols.symbols import known_symbols, upsert_symbols


async def adopt_symbols(conn: AsyncConnection, trades: Sequence[TradeRow]) -> list[str]:
    """Make unknown symbols known, of the kind that the file says; a known one keeps its own."""
    kinds: dict[str | None, list[str]] = {}
    for symbol, kind in {row.symbol: row.asset_type for row in trades if row.symbol}.items():
        kinds.setdefault(kind, []).append(symbol)
    known = await known_symbols(conn, [s for own in kinds.values() for s in own])
    said = []
    for kind, symbols in kinds.items():
        new = [s for s in symbols if s not in known]
        if new:
            said += await upsert_symbols(conn, new, asset_type=kind, source="onboarding")
    return said


async def as_rows(
    conn: AsyncConnection, portfolio: Row[Any], trades: Sequence[TradeRow]
) -> list[dict[str, Any]]:
    """Trades as they are stored, without their import and place. A file without currencies means each
    symbol's own; money alone is in the portfolio's."""
    known = await known_symbols(conn, sorted({row.symbol for row in trades if row.symbol}))
    rows = []
    for trade in trades:
        own = known.get(trade.symbol or "")
        listed = guess_listing(trade.symbol).currency if trade.symbol else portfolio.base_currency
        currency = trade.currency or (own.currency if own is not None else None) or listed
        about = {name: getattr(trade, name) for name in ("action", "symbol", "quantity", "price", "amount")}
        about |= {"commission": trade.commission, "traded_on": trade.traded_on, "currency": currency}
        rows.append(about | {"fingerprint": print_trade(**about), "note": trade.note})
    repeats = count_repeats(row["fingerprint"] for row in rows)
    return [
        {
            **row,
            "id": new_id(),
            "portfolio_id": portfolio.id,
            "repeat": repeat,
            "timestamp": datetime.combine(row["traded_on"], time(), UTC),
        }
        for row, repeat in zip(rows, repeats, strict=True)
    ]
