"""Prices of an earlier evening in the shares of that evening.

Prices that are stored adjusted for splits are in the shares of after the newest one. A night that is worked
through after a split must reckon as its own evening did: what it proposes is bought at prices of that time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.positions import read_splits
from pacesetter.portfolio.trade import count_shares_today
from pacesetter.store.bars.actions import list_actions

PRICES = (
    *("price.close", "price.high_252d", "price.low_252d"),
    *("technical.sma_20", "technical.sma_50", "technical.sma_200"),
)
SHARES = ("price.volume", "price.volume_mean_30d")


async def shares_since(
    conn: AsyncConnection, listed: Sequence[Row[Any]], on: date, until: date | None = None
) -> dict[str, float]:
    """What one share of the evening of ``on`` has become since, by symbol, where its prices show it and it is
    not still one. ``until``: the newest session whose prices were stored when they are read (None: now)."""
    newest = max((row.last_price_date for row in listed if row.last_price_date), default=on)
    newest = newest if until is None else min(newest, until)
    adjusted = {row.symbol for row in listed if row.basis != "raw"}
    if newest <= on or not adjusted:
        return {}
    actions = await list_actions(conn)
    later = actions.filter(
        pl.col("kind") == "split",
        pl.col("ex_on").is_between(on, newest, closed="right"),
        pl.col("symbol").is_in(adjusted),
    )
    splits = await read_splits(conn, sorted(set(later["symbol"])))
    shown = {symbol: [one for one in own if one.ex_on <= newest] for symbol, own in splits.items()}
    found = {symbol: float(count_shares_today(own, on)) for symbol, own in shown.items()}
    return {symbol: shares for symbol, shares in found.items() if shares != 1.0}


def in_evening_shares(facts: pl.DataFrame, shares: Mapping[str, float]) -> pl.DataFrame:
    """Facts of an evening with its prices and volumes in the shares of then."""
    if not shares:
        return facts
    each = pl.col("symbol").replace_strict(dict(shares), default=1.0, return_dtype=pl.Float64)
    return facts.with_columns(
        *(pl.col(name) * each for name in PRICES), *(pl.col(name) / each for name in SHARES)
    )
