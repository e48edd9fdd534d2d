"""Take bars in: judge them, then store, hold back or refuse each, in one transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.workspace import Workspace
from pacesetter.market.bar import no_rejections
from pacesetter.market.calendar import final_at, latest_session, newest_day
from pacesetter.market.quality import Verdict, judge
from pacesetter.store.bars import quarantine
from pacesetter.store.bars.actions import splits_of
from pacesetter.store.bars.bars import bars_before, upsert_bars
from pacesetter.store.symbols.symbols import set_last_dates

NO_DAY = date(1800, 1, 1)  # before any market data
HOLE = timedelta(days=7)  # longer than any row of holidays


@dataclass
class Intake:
    """What became of the rows of one delivery: ``read`` = stored + quarantined + refused."""

    read: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    released: int = 0  # of the stored ones: held back earlier or at first, then confirmed as real
    conflicts: int = 0  # of the unchanged ones: a person's repair stands against them
    reasons: Counter[str] = field(default_factory=Counter)
    refused: pl.DataFrame = field(default_factory=no_rejections)

    @property
    def stored(self) -> int:
        """Rows whose value is in the database now, new or not."""
        return self.inserted + self.changed + self.unchanged

    @property
    def is_idle(self) -> bool:
        """Whether nothing was written: every row was stored already, or refused."""
        return not (self.inserted or self.changed or self.quarantined or self.released)

    def counts(self) -> dict[str, int]:
        """The figures, for a report."""
        return {
            "read": self.read,
            "stored": self.stored,
            "inserted": self.inserted,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "quarantined": self.quarantined,
            "released": self.released,
            "refused": len(self.refused),
        }


def mark_final(ws: Workspace, bars: pl.DataFrame) -> pl.DataFrame:
    """Add ``is_final``: false for a session that is still open, or closed less than the delay ago."""
    settings, now = ws.settings, ws.now()
    session = latest_session(settings.calendar, now)
    delay = timedelta(minutes=settings.final_delay_minutes)
    if final_at(settings.calendar, session, delay) <= now:
        return bars.with_columns(is_final=pl.lit(value=True))
    return bars.with_columns(is_final=pl.col("date") < session)


def find_gaps(bars: pl.DataFrame) -> pl.DataFrame:
    """Where stored bars may lie between delivered ones: symbol, after, first (the next one delivered).

    One from ever before each symbol's first bar, and one at each hole: a delivery of two
    days years apart is not judged as if nothing had happened in between.
    """
    days = bars.select("symbol", "date").drop_nulls().sort("symbol", "date")
    before = pl.col("date").shift(1).over("symbol").fill_null(NO_DAY)
    return (
        days.with_columns(after=before)
        .filter(pl.col("date") - pl.col("after") > HOLE)
        .rename({"date": "first"})
    )


async def judge_bars(ws: Workspace, conn: AsyncConnection, bars: pl.DataFrame, source: str) -> Verdict:
    """Judge ``bars`` of a source against what the database holds from before them."""
    gaps = find_gaps(bars)
    context = await bars_before(conn, gaps)
    held = await quarantine.held_before(conn, gaps)
    splits = await splits_of(conn, gaps["symbol"].unique().to_list())
    return judge(
        mark_final(ws, bars),
        context=context,
        held=held,
        splits=splits,
        today=newest_day(ws.settings.calendar, ws.now()),
        elsewhere=await quarantine.held_elsewhere(conn, bars, source),
    )


async def store_verdict(
    conn: AsyncConnection, verdict: Verdict, *, source: str, revision: int, at: datetime
) -> Intake:
    """Store the accepted bars, hold the suspicious ones, count everything."""
    counts = await upsert_bars(conn, verdict.accepted, source=source, revision=revision, fetched_at=at)
    # Confirmed bars of earlier deliveries are stored too; they are no rows of this one.
    await upsert_bars(conn, verdict.late, source=source, revision=revision, fetched_at=at)
    await quarantine.hold_bars(conn, verdict.quarantined, source=source, revision=revision, fetched_at=at)
    await quarantine.release(conn, verdict.released, source=source, revision=revision, at=at)
    await set_last_dates(conn, verdict.accepted["symbol"].unique().to_list())
    reasons = Counter[str]()
    for frame in (verdict.quarantined, verdict.refused):
        for reason, n in frame["reason"].value_counts().iter_rows():
            reasons[reason] += n
    return Intake(
        read=verdict.accepted.height + verdict.quarantined.height + verdict.refused.height,
        inserted=counts.inserted,
        changed=counts.changed,
        unchanged=counts.unchanged,
        conflicts=counts.conflicts,
        quarantined=verdict.quarantined.height,
        released=verdict.released.height,
        reasons=reasons,
        refused=verdict.refused,
    )
