"""The newest price of a symbol on an evening, in the shares of that evening, which the desk reckons in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.quotes import PLACES, Quote
from pacesetter.kernel.decimals import to_decimal
from pacesetter.store.bars.bars import bars_between

LOOK_BACK = timedelta(days=40)  # an older close is no price any more


async def newest_price(conn: AsyncConnection, quote: Quote, on: date) -> Decimal | None:
    """The newest close up to a date, in the shares of that date; None where there is none of late."""
    bars: pl.DataFrame = await bars_between(conn, quote.symbol, on - LOOK_BACK, on)
    if bars.is_empty():
        return None
    last = bars.row(-1, named=True)
    shares = quote.shares_between(last["date"], on)
    return to_decimal(Fraction(quote.as_traded(last["close"], last["date"])) / shares, PLACES)
