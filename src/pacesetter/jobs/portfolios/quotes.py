"""Stored prices as they were traded: in the major currency and in the shares of their own day.

Prices of a symbol are stored raw, or adjusted for every split up to the newest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.positions import read_splits
from pacesetter.kernel.decimals import to_decimal
from pacesetter.portfolio.trade import Split, count_shares_today
from pacesetter.store.symbols.symbols import known_symbols

PLACES = Decimal("0.000001")  # of a price


@dataclass(frozen=True)
class Quote:
    """How a symbol's prices are stored; ``unit`` 100 where they are in pence; ``basis``: raw, split or
    split_dividend (none stated: they may be adjusted). ``splits``: all of its own that the newest price
    shows."""

    symbol: str
    currency: str | None
    sector: str | None
    unit: int
    basis: str | None
    splits: tuple[Split, ...]
    mic: str | None = None
    newest_on: date | None = None

    def as_traded(self, price: float, on: date) -> Decimal:
        """A stored price of a day in the major currency, in that day's shares."""
        shares = 1 if self.basis == "raw" else count_shares_today(self.splits, on)
        return to_decimal(Fraction(str(price)) * shares / self.unit, PLACES)

    def shares_between(self, since: date, until: date) -> Fraction:
        """How many shares of the evening of ``until`` one of the evening of ``since`` has become."""
        return count_shares_today([one for one in self.splits if one.ex_on <= until], since)


async def read_quotes(conn: AsyncConnection, symbols: Sequence[str]) -> dict[str, Quote]:
    """How the prices of some symbols are stored; unknown ones are left out."""
    if not symbols:
        return {}
    known = await known_symbols(conn, symbols)
    splits = await read_splits(conn, sorted(known))
    return {
        symbol: Quote(
            symbol=symbol,
            currency=row.currency,
            sector=row.sector,
            unit=100 if row.quote_unit == "GBX" else 1,
            basis=row.basis,
            splits=splits.get(symbol, ()),
            mic=row.exchange_mic,
            newest_on=row.last_price_date,
        )
        for symbol, row in known.items()
    }
