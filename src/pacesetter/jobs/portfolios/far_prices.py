"""Trades whose price lies far from what was paid that day, told of in words: they are kept all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.quotes import Quote, read_quotes
from pacesetter.portfolio.far_price import DayRange, tell_far_price
from pacesetter.portfolio.trade import IN_SHARES
from pacesetter.store.bars.day_bars import read_day_bars

MOST_SAID = 20  # lines of a file
MOST_YIELD = Decimal("0.1")  # of dividends in a year, where they are inside the prices


async def tell_far_prices(conn: AsyncConnection, trades: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """For each trade (action, symbol, price, currency, traded_on) what there is to say of its price, None for
    nothing: also where that day has no final bar, or one that cannot be compared."""
    asked = [one["action"] in IN_SHARES for one in trades]
    wanted = {
        (one["symbol"], one["traded_on"]) for one, is_asked in zip(trades, asked, strict=True) if is_asked
    }
    bars = await read_day_bars(conn, wanted)
    quotes = await read_quotes(conn, sorted({symbol for symbol, _ in bars}))
    found: list[str | None] = []
    for one, is_asked in zip(trades, asked, strict=True):
        symbol, on = one["symbol"], one["traded_on"]
        bar = bars.get((symbol, on)) if is_asked else None
        day = None if bar is None else _range_of(bar, quotes[symbol], on)
        is_like = day is not None and day.currency == one["currency"]
        found.append(tell_far_price(symbol, on, one["price"], day) if day is not None and is_like else None)
    return found


async def tell_far_lines(
    conn: AsyncConnection, trades: Sequence[Mapping[str, Any]], lines: Sequence[int]
) -> list[str]:
    """The same of the trades of a file, each by its line; of very many the first, and how many more."""
    told = zip(lines, await tell_far_prices(conn, trades), strict=True)
    found = [f"line {line}: {one}" for line, one in told if one is not None]
    if len(found) <= MOST_SAID:
        return found
    return [*found[:MOST_SAID], f"{len(found) - MOST_SAID} more prices lie far from those of their day"]


def _range_of(bar: Row[Any], quote: Quote, on: date) -> DayRange | None:
    """A day's prices as they were traded; None without a currency."""
    if quote.currency is None:
        return None
    prices = [quote.as_traded(one, on) for one in (bar.low, bar.high, bar.close) if one is not None]
    close = quote.as_traded(bar.close, on)
    days = (quote.newest_on - on).days if quote.basis == "split_dividend" and quote.newest_on else 0
    return DayRange(min(prices), max(prices), close, quote.currency, MOST_YIELD * max(0, days) / 365)
