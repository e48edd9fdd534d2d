"""Raw snapshots: the newest price of each symbol as each fetch saw it."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.bars.bars import timed
from pacesetter.store.database.bulk import stage
from pacesetter.store.tables.base import Id
from pacesetter.store.work.cycles import Claim


async def write_snapshots(
    conn: AsyncConnection, bars: pl.DataFrame, *, source: str, claim: Claim | None, at: datetime
) -> None:
    """Append each symbol's newest bar of a fetch; the same fetch again changes nothing."""
    newest = bars.sort("date").group_by("symbol").agg(pl.col("close", "volume").last())
    await stage(conn, "newest_bars", newest, key=("symbol",))
    await conn.execute(
        timed(
            "INSERT INTO score_snapshots (ticker, fetched_at, close_price, volume, source, cycle_id) "
            "SELECT symbol, :at, close, volume, :source, :cycle FROM newest_bars WHERE true "
            "ON CONFLICT (ticker, fetched_at) DO NOTHING"
        ).bindparams(bindparam("cycle", claim and claim.cycle_id, Id)),
        {"at": at, "source": source},
    )
