"""A night that is worked through later than its morning: what was learnt since is not in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.decisions.agent_settings import change_agent
from pacesetter.jobs.desk.list_signals import list_signals
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch, edit_watch, show_watch
from pacesetter.jobs.night.desk_state import read_state
from pacesetter.jobs.night.evidence import load_evidence
from pacesetter.jobs.night.moment import LATE, Moment, find_moment
from pacesetter.jobs.night.past_watches import STATE
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.report.make_report import read_report
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.bars.bars import bars_between, upsert_bars
from pacesetter.store.database.revisions import new_revision
from tests.jobs.night.test_run_night import FIRST, LAST, SEVEN, Open, opened

__all__ = ["opened"]
DAYS_LATER = datetime(2025, 7, 28, 10, tzinfo=UTC)
CONDITION = WatchTerms(condition="price.close > 0")


async def moment_of(ws: Workspace) -> Moment:
    async with ws.db.read() as conn:
        return await find_moment(conn, LAST, ws.now())


async def correct_a_price(ws: Workspace) -> None:
    """The newest bar of NVDA was half as high again, as somebody finds out; its boards are ranked again."""
    async with ws.db.write() as conn:
        bars = await bars_between(conn, "NVDA", LAST, LAST)
        columns = ["symbol", "date", "open", "high", "low", "close", "adj_close", "volume", "is_final"]
        more = [pl.lit("NVDA").alias("symbol")] if "symbol" not in bars.columns else []
        frame = bars.with_columns(*more, *(pl.col(name) * 1.5 for name in ("open", "high", "low", "close")))
        revision = await new_revision(conn, "fetch", ws.now())
        await upsert_bars(
            conn, frame.select(columns), source="simulated", revision=revision, fetched_at=ws.now()
        )
    await backfill_ranks(ws, first=LAST, last=LAST)


def test_nothing_that_was_learnt_later_is_in_it(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = SEVEN - timedelta(hours=1)
        earlier = await add_watch(ws, "AMD", CONDITION)
        clock.at = SEVEN
        assert await moment_of(ws) == Moment()
        in_time = await load_evidence(ws, LAST)
        async with ws.db.read() as conn:
            state = await read_state(conn)
        clock.at = DAYS_LATER
        await change_agent(ws, "momentum", weight=0.5)
        await add_watch(ws, "NVDA", CONDITION)
        await correct_a_price(ws)
        now = await load_evidence(ws, LAST)
        assert now.of("NVDA")["price.close"] > 1.4 * in_time.of("NVDA")["price.close"]
        assert not now.ranks.equals(in_time.ranks)

        moment = await moment_of(ws)
        late = await load_evidence(ws, LAST, moment=moment)
        for name in ("facts", "before", "ranks"):
            assert_frame_equal(getattr(late, name), getattr(in_time, name), check_exact=True)
        assert (late.regime, late.favours, late.texts) == (in_time.regime, in_time.favours, in_time.texts)
        async with ws.db.read() as conn:
            assert await read_state(conn, moment.desk_at) == state
        done = await run_night(ws, LAST)
        assert done.night.rules["momentum"] == 0 and done.night.counts["fired"] == 1  # AMD alone
        told = str((await read_report(ws, LAST)).content)
        assert "worked through on 2025-07-28, later than its morning" in done.said
        assert "later than its morning" in told and "those of now" in told

        row = (await show_watch(ws, earlier.row.id)).row
        await edit_watch(ws, earlier.row.id, WatchTerms(condition="price.close > 1"))
        async with ws.db.read() as conn:
            (then,) = (await read_state(conn, moment.desk_at)).watches
        names = ("condition", *STATE)
        assert [getattr(then, name) for name in names] == [getattr(row, name) for name in names]

    opened(work)


def test_a_watch_that_was_changed_since_is_judged_by_what_it_said(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = SEVEN - timedelta(hours=1)
        asked = [await add_watch(ws, symbol, CONDITION) for symbol in ("AMD", "NVDA", "MSFT")]
        other, same, unknown = [one.row.id for one in asked]
        clock.at = DAYS_LATER
        await edit_watch(ws, other, WatchTerms(condition="price.close > 1e9", thesis="a fortune"))
        await edit_watch(ws, same, WatchTerms(thesis="on second thoughts", hysteresis_pct=9))
        async with ws.db.write() as conn:  # of a log that does not tell all
            old = {"before": {"condition": "price.close > 0"}, "after": {"id": str(unknown)}}
            await write_entry(conn, "watch.edited", old, at=ws.now())
        done = await run_night(ws, LAST)
        assert done.night.counts["fired"] == 2
        assert "the watch on MSFT was changed on 2025-07-28" in done.said and "left out" in done.said
        told = str((await read_report(ws, LAST)).content)
        assert "the watch on MSFT was changed" in told and "the close is above 1,000,000,000" not in told
        found = {key: (await show_watch(ws, key)).row for key in (other, same, unknown)}
        assert [(found[key].status, found[key].times_triggered) for key in found] == [
            ("armed", 0),  # under its new condition it begins anew
            ("fired", 1),
            ("armed", 0),
        ]
        assert (found[same].thesis, found[same].hysteresis_pct) == ("on second thoughts", 9)
        assert found[other].thesis == "a fortune"

    opened(work)


def test_a_session_that_was_not_ranked_in_time(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = DAYS_LATER
        async with ws.db.read() as conn:
            before = await find_moment(conn, FIRST, ws.now())  # the home had nothing on that morning
        assert (before.data_at, before.desk_at) == (None, None) and "the data came later" in before.said
        clock.at = SEVEN + LATE
        assert (await moment_of(ws)).said == ""  # a server that is a little late is not told of

    opened(work)


def test_signals_of_a_night_long_ago_are_listed(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        await run_night(ws, LAST)
        clock.at = SEVEN + timedelta(days=400)  # of prices that nobody brings up to date
        found = await list_signals(ws, days=30)
        assert found and found == await list_signals(ws, on=LAST, days=30)
        clock.at = SEVEN + timedelta(days=3)
        assert {one.age_days for one in await list_signals(ws, days=30)} == {4}

    opened(work)
