"""Symbols as the queue sees them: which need no work, what they are called now, whether they are followed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import chunks
from pacesetter.store.tables.exposure import symbol_daily_metrics
from pacesetter.store.tables.symbol import symbol_aliases, symbol_universe


async def current_names(conn: AsyncConnection, symbols: Collection[str]) -> dict[str, str]:
    """Past names that nothing is called by any more: what it is called now."""
    known, renamed = set[str](), dict[str, str]()
    for chunk in chunks(symbols):
        of = symbol_universe.c.symbol
        known |= set(await conn.scalars(select(of).where(of.in_(chunk))))
        past = select(symbol_aliases.c.alias, symbol_aliases.c.symbol)
        past = past.where(symbol_aliases.c.alias.in_(chunk)).order_by(symbol_aliases.c.valid_from)
        renamed |= {row.alias: row.symbol for row in await conn.execute(past)}
    return {alias: symbol for alias, symbol in renamed.items() if alias not in known}


async def ready_symbols(conn: AsyncConnection, symbols: Collection[str], *, fresh_from: date) -> list[str]:
    """Those with a price of ``fresh_from`` or later and the day's figures."""
    ready: list[str] = []
    for chunk in chunks(symbols):
        of = symbol_universe.c
        wanted = select(of.symbol).join(symbol_daily_metrics, symbol_daily_metrics.c.symbol == of.symbol)
        wanted = wanted.where(of.symbol.in_(chunk), of.last_price_date >= fresh_from)
        ready += await conn.scalars(wanted)
    return ready


async def follow_symbol(conn: AsyncConnection, symbol: str, followed: bool, *, priced: bool) -> None:
    """Say whether the daily cycle asks for a symbol that came in by the queue or the inbox, and has prices or
    has none; what others said of theirs stands."""
    of = symbol_universe.c
    by_name = of.added_source.in_(("onboarding", "inbox"))
    came_here = (of.symbol == symbol) & by_name & (of.is_active != followed)
    has_prices = of.last_price_date.is_not(None) if priced else of.last_price_date.is_(None)
    await conn.execute(update(symbol_universe).where(came_here, has_prices).values(is_active=followed))
