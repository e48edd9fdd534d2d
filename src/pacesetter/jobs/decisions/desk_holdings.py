"""What a portfolio held and was worth on an evening, from its trades and prices up to then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.decisions.desk_prices import newest_price
from pacesetter.jobs.portfolios.positions import trade_of
from pacesetter.jobs.portfolios.quotes import Quote, read_quotes
from pacesetter.portfolio.position import Ledger, fold_trades
from pacesetter.portfolio.trade import Trade
from pacesetter.store.portfolios.trades import list_trades

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Holdings:
    """``worth`` by symbol in the base currency (negative: short), ``value`` that of everything, cash
    included; ``shares`` held long. ``blocked``: why a symbol is not to be bought."""

    value: Decimal
    worth: Mapping[str, Decimal]
    shares: Mapping[str, Decimal]
    sectors: Mapping[str, str]
    blocked: Mapping[str, str]
    said: tuple[str, ...]


async def read_holdings(
    conn: AsyncConnection, portfolio_id: UUID, rates: Mapping[str, Decimal], on: date
) -> Holdings:
    """What a portfolio held on the evening of ``on``; ``rates``: base currency for one unit of another."""
    trades, quotes = await read_trades_until(conn, portfolio_id, on)
    ledger = fold_until(trades, quotes, on)
    cash: dict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        cash[entry.trade.currency] += Decimal(str(round(entry.money, 8)))
    said, value = [], Decimal(0)
    for currency, amount in sorted(cash.items()):
        if currency in rates:
            value += amount * rates[currency]
        elif amount:
            said.append(f"{amount.quantize(CENT)} {currency} are left out: there is no rate")
    worth: dict[str, Decimal] = {}
    shares: dict[str, Decimal] = {}
    blocked: dict[str, str] = {}
    for one in ledger.positions:
        if one.status != "open":
            continue
        quote = quotes.get(one.symbol)
        if one.side == "long":
            shares[one.symbol] = one.quantity
        else:
            blocked[one.symbol] = "it is held short"
        price = None if quote is None else await newest_price(conn, quote, on)
        currency = one.currency if price is None or quote is None else quote.currency or one.currency
        if price is None:
            said.append(f"{one.symbol} has no price of late: it counts what it cost")
        if currency not in rates:
            blocked.setdefault(one.symbol, "it is held, and what it is worth is not known")
            said.append(f"{one.symbol} is left out: there is no rate from {currency}")
            continue
        sign = 1 if one.side == "long" else -1
        worth[one.symbol] = sign * one.quantity * (price or one.entry_price) * rates[currency]
        value += worth[one.symbol]
    sectors = {symbol: quote.sector for symbol, quote in quotes.items() if quote.sector}
    return Holdings(value, worth, shares, sectors, blocked, tuple(said))


async def read_trades_until(
    conn: AsyncConnection, portfolio_id: UUID, on: date
) -> tuple[list[Trade], dict[str, Quote]]:
    """The trades of a portfolio up to a date, and how the prices of their symbols are stored."""
    rows = await list_trades(conn, portfolio_id, oldest_first=True)
    trades = [trade_of(row) for row in rows if row.traded_on <= on]
    quotes = await read_quotes(conn, sorted({one.symbol for one in trades if one.symbol}))
    return trades, quotes


def fold_until(trades: list[Trade], quotes: Mapping[str, Quote], on: date) -> Ledger:
    """Trades folded into positions in the shares of the evening of ``on``."""
    known = {
        symbol: tuple(one for one in quote.splits if one.ex_on <= on) for symbol, quote in quotes.items()
    }
    return fold_trades(trades, known)
