"""What the desk's portfolio holds on an evening: what a decision's size has to respect.

The portfolio is the one that the desk's settings name; in paper mode the desk has one of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.desk_holdings import Holdings, read_holdings
from pacesetter.jobs.decisions.paper_portfolio import paper_portfolio
from pacesetter.jobs.portfolios.prices import rate_line
from pacesetter.jobs.proposals.desk_terms import desk_terms
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.market.calendar import session_days, sessions_before
from pacesetter.research.sizing import Book
from pacesetter.store.bars.fx_rates import read_rates
from pacesetter.store.bars.quarantine import held_at
from pacesetter.store.desk.decisions import WAITING, DecisionRow, open_purchases
from pacesetter.store.portfolios.portfolios import find_portfolio
from pacesetter.store.symbols.symbols import known_symbols
from pacesetter.store.tables.symbol import symbol_universe

HUB = "USD"  # rates of two currencies may go by way of it
RATE_SESSIONS = 10
HELD_BACK_DAYS = 10  # a price held back longer ago says nothing of the newest ones
UNVALUED_PCT = 0.000001  # what is held without a known value: it is held
DECIMALS = 6


@dataclass(frozen=True)
class DeskBook:
    """The desk's portfolio on an evening, in its base ``currency``; ``value`` None: not known, with the
    reason in ``why_no_quantity``, and sizes are in % alone.

    ``book``: what is held and what is approved, in % of the value; ``waiting``: (size in %, sector) of
    purchases that earlier nights proposed and that may still be made, by symbol. ``held``: shares of that
    evening. ``rates``: base currency for one unit of another. ``blocked``: why a symbol is not to be bought.
    """

    mode: str = "manual"
    portfolio_id: UUID | None = None
    portfolio: str | None = None
    currency: str | None = None
    value: Decimal | None = None
    book: Book = field(default_factory=Book)
    waiting: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    held: Mapping[str, Decimal] = field(default_factory=dict)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    blocked: Mapping[str, str] = field(default_factory=dict)
    why_no_quantity: str = "no portfolio is chosen for the desk"
    said: tuple[str, ...] = ()
    calendar: str = "XNYS"


async def load_book(
    ws: Workspace,
    conn: AsyncConnection,
    settings: Mapping[str, AgentSetting],
    on: date,
    *,
    at: datetime | None = None,
) -> DeskBook:
    """The book on the evening of ``on``, by what was traded, priced and decided up to then; ``at``: which
    prices were held back at that instant (None: now).

    In paper mode the first call makes the desk's portfolio, in the caller's transaction.
    """
    mode, name = desk_terms(settings)
    row: Row[Any] | None = None
    why = DeskBook().why_no_quantity
    if mode == "paper":
        row = await paper_portfolio(ws, conn, on)
    elif name is not None:
        try:
            row = await find_portfolio(conn, name)
        except UnknownName:
            why = f"there is no portfolio {name!r}"
        except InputError as error:
            why = error.what
    blocked = await held_back(conn, on, at)
    pending = await open_purchases(conn, None if row is None else row.id, on)
    sectors = await sectors_of(conn, [one.symbol for one in pending])
    book = DeskBook(mode=mode, blocked=blocked, why_no_quantity=why, calendar=ws.settings.calendar)
    if row is not None:
        rates = await read_latest_rates(conn, row.base_currency, on, ws.settings.calendar)
        found = await read_holdings(conn, row.id, rates, on)
        book = replace(book, portfolio_id=row.id, portfolio=row.name, currency=row.base_currency, rates=rates)
        book = with_holdings(book, found)
    return with_purchases(book, pending, sectors)


def with_holdings(book: DeskBook, found: Holdings) -> DeskBook:
    """The book with what a portfolio holds, in % of what it is worth."""
    blocked = {**found.blocked, **book.blocked}
    own = replace(book, held=found.shares, blocked=blocked, said=tuple(found.said))
    if found.value <= 0:
        why = f"the portfolio {book.portfolio} is worth nothing: enter a deposit"
        return replace(
            own, book=Book(dict.fromkeys(found.shares, UNVALUED_PCT), {}, 0.0), why_no_quantity=why
        )
    position: dict[str, float] = dict.fromkeys(found.shares, UNVALUED_PCT)
    sector: dict[str, float] = {}
    for symbol, worth in found.worth.items():
        pct = round(float(100 * abs(worth) / found.value), DECIMALS)
        position[symbol] = max(pct, UNVALUED_PCT)
        if of := found.sectors.get(symbol):
            sector[of] = round(sector.get(of, 0.0) + pct, DECIMALS)
    invested = round(sum(position.values()), DECIMALS)
    return replace(own, value=found.value, book=Book(position, sector, invested), why_no_quantity="")


def with_purchases(
    book: DeskBook, pending: Sequence[DecisionRow], sectors: Mapping[str, str | None]
) -> DeskBook:
    """The book with purchases that are on their way: an approved one counts as made."""
    waiting: dict[str, tuple[float, str]] = {}
    own = book.book
    for one in pending:
        size, sector = one.size_pct or 0.0, sectors.get(one.symbol) or ""
        if one.status in WAITING:
            waiting[one.symbol] = (size, sector)
        else:
            own = add_to(own, one.symbol, sector, size)
    return replace(book, book=own, waiting=waiting)


def add_to(book: Book, symbol: str, sector: str, size_pct: float) -> Book:
    """A book with one more purchase in it."""
    position, sectors = dict(book.position_pct), dict(book.sector_pct)
    position[symbol] = round(position.get(symbol, 0.0) + size_pct, DECIMALS)
    if sector:
        sectors[sector] = round(sectors.get(sector, 0.0) + size_pct, DECIMALS)
    return Book(position, sectors, round(book.invested_pct + size_pct, DECIMALS))


async def read_latest_rates(conn: AsyncConnection, base: str, on: date, calendar: str) -> dict[str, Decimal]:
    """Base currency for one unit of each currency that symbols are listed in, as known on an evening; a rate
    that is more than a few sessions old is none."""
    listed = await conn.scalars(select(symbol_universe.c.currency).distinct())
    currencies = sorted({one for one in listed if one} - {base})
    first = sessions_before(calendar, on, RATE_SESSIONS)[0]
    sessions = session_days(calendar, first, on).astype(np.int64)
    rates = await read_rates(conn, {*currencies, base, HUB}, on)
    found = {base: Decimal(1)}
    for currency in currencies:
        line, _ = rate_line(rates, currency, base, sessions)
        if line is not None:
            found[currency] = Decimal(str(float(line[-1])))
    return found


async def held_back(conn: AsyncConnection, on: date, at: datetime | None = None) -> dict[str, str]:
    """Symbols with a price that was held back at an instant (None: now), of the days up to ``on``, and
    which."""
    rows = await held_at(conn, on - timedelta(days=HELD_BACK_DAYS), on, at)
    return {row.symbol: f"its price of {row.date} is held back ({row.reason})" for row in rows}


async def sectors_of(conn: AsyncConnection, symbols: Collection[str]) -> dict[str, str | None]:
    """The sectors of some symbols."""
    if not symbols:
        return {}
    return {symbol: row.sector for symbol, row in (await known_symbols(conn, sorted(symbols))).items()}
