"""Base rates from what is published, against a slow reading of rows and bars, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pytest
from sqlalchemy import text

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.define_board import create_board, edit_board
from pacesetter.jobs.boards.jump_base_rates import base_rates
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate
from tests.jobs.backfill.test_backfill import DAYS, SYMBOLS, home, rows  # noqa: F401
from tests.jobs.boards.test_cycle import evening, set_time
from tests.jobs.home import ask, write_csv

BOARD, SLUG = "Nine", "nine"
ENDS = DAYS[-6:]
PUBLISHED = (
    "SELECT r.metric_date, r.symbol, r.rank_change FROM ranking_results r JOIN board_heads h "
    "ON h.domain_id = r.domain_id AND h.metric_date = r.metric_date AND h.cycle_id = r.cycle_id "
    "JOIN domains d ON d.id = r.domain_id "
    "WHERE h.head_to IS NULL AND NOT h.is_provisional AND d.slug = 'nine' ORDER BY 1, 2"
)
CLOSE: dict[tuple[str, date], float] = {(s, on): close for s, on, close, _ in rows()}  # type: ignore[misc]
SLOW: dict[Any, dict[str, float]] = {}
Changes = dict[date, dict[str, int | None]]


async def publish_nine(ws: Workspace, **dates: Any) -> None:
    """A board of all nine, which one leaves on the way."""
    await create_board(ws, BOARD, symbols=SYMBOLS, since=DAYS[0])
    await edit_board(ws, BOARD, drop=["MS"], on=DAYS[-60])
    await backfill_ranks(ws, board=BOARD, **dates)


async def published(ws: Workspace) -> Changes:
    """Changes of rank by date and symbol, null for who is on the board without one."""
    found: Changes = {}
    for on, symbol, change in await ask(ws, PUBLISHED):
        found.setdefault(date.fromisoformat(on), {})[symbol] = change
    return found


def excess_returns(changes: Changes, on: date) -> dict[str, float]:
    """Each member's return over 21 sessions from ``on``, less the mean of the others'."""
    end = DAYS.index(on) + 21
    if end >= len(DAYS):
        return {}
    known = {s: CLOSE[s, DAYS[end]] / CLOSE[s, on] - 1 for s in changes[on]}
    return {
        s: own - fmean(v for other, v in known.items() if other != s)
        for s, own in known.items()
        if len(known) > 1
    }


def slow_events(changes: Changes, on: date, observed: int) -> list[float]:
    """What jumps like ``observed`` were followed by, one at a time."""
    found, last = [], {}
    days = sorted(changes)
    span = {day: DAYS.index(day) - DAYS.index(before) for before, day in pairwise(days)}
    for day in days:
        place = DAYS.index(day)
        if span.get(day) != span.get(on):  # a move over more sessions is not alike
            continue
        if day >= on or place + 21 > DAYS.index(on):
            continue
        excess = SLOW.setdefault((day, tuple(changes[day])), excess_returns(changes, day))
        for symbol, change in changes[day].items():
            if symbol not in excess or not change or change * observed < 0 or abs(change) < abs(observed):
                continue
            if symbol not in last or place - last[symbol] >= 21:
                found.append(excess[symbol])
                last[symbol] = place
    return found


async def check(ws: Workspace, ends: list[date]) -> list[int]:
    """Every jump of the dates; how many events each had."""
    changes = await published(ws)
    counts = []
    for on in ends:
        found = await base_rates(ws, BOARD, on, [*changes[on], "NOBODY"])
        assert set(found) == set(changes[on])
        assert found == await base_rates(ws, SLUG, on, list(changes[on]))
        for symbol, rate in found.items():
            observed = changes[on][symbol]
            if not observed:
                assert (rate.n, rate.reason) == (0, "no_jump")
                continue
            events = slow_events(changes, on, observed)
            counts.append(len(events))
            assert rate.n == len(events)
            if len(events) < 30:
                assert (rate.median, rate.low, rate.reason) == (None, None, "too_few")
                continue
            assert rate.reason == "" and rate.low is not None and rate.median is not None
            assert rate.median == pytest.approx(median(events), abs=1e-11)
            assert rate.share_positive == pytest.approx(fmean(x > 0 for x in events), abs=1e-12)
            assert rate.high is not None and rate.low <= rate.median <= rate.high and rate.low < rate.high
    return counts


def test_base_rates_are_what_rows_and_bars_say(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await publish_nine(ws)
        counts = await check(ws, ENDS)
        assert max(counts) >= 30 and 0 < min(counts) < 30, counts
        hidden = DAYS[:-6:3]
        async with ws.db.write() as conn:  # provisional ranks are as if they were not there
            for on in hidden:
                sql = text("UPDATE board_heads SET is_provisional = true WHERE metric_date = :on")
                await conn.execute(sql, {"on": on if ws.db.dialect == "postgresql" else on.isoformat()})
        assert hidden[-1] not in await published(ws)
        assert sum(await check(ws, ENDS)) < sum(counts)
        assert await base_rates(ws, BOARD, hidden[-1], ["NVDA"]) == {}

    home(work)


def test_only_the_date_compared_with_has_a_base_rate(home: Any) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await publish_nine(ws, first=DAYS[-5], last=DAYS[-2])
        symbols = ["NVDA", "AMD", "AAPL"]
        assert set(await base_rates(ws, BOARD, DAYS[-2], symbols, since=DAYS[-3])) == set(symbols)
        assert await base_rates(ws, BOARD, DAYS[-2], symbols, since=DAYS[-4]) == {}
        assert {one.n for one in (await base_rates(ws, BOARD, DAYS[-2], symbols)).values()} == {0}
        first = await base_rates(ws, BOARD, DAYS[-5], symbols)
        assert {one.reason for one in first.values()} == {"no_jump"}
        assert await base_rates(ws, BOARD, DAYS[-5], symbols, since=DAYS[-6]) == {}
        with pytest.raises(BadDate, match="not published"):
            await base_rates(ws, BOARD, DAYS[-1], symbols)

    home(work)


def test_later_bars_change_nothing(home: Any, tmp_path: Path) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await publish_nine(ws)
        changes = await published(ws)
        on = next(
            day for day in sorted(changes, reverse=True) if day <= DAYS[-30] and any(changes[day].values())
        )
        before = {end: await base_rates(ws, BOARD, end, list(changes[end])) for end in (on, *ENDS)}
        set_time(ws, evening(DAYS[-1]) + timedelta(hours=2))
        bent = [
            (s, d, c * 1.15 if d > on and s != "JPM" and i % 2 else c, v)
            for i, (s, d, c, v) in enumerate(rows())
        ]  # type: ignore[operator]
        await import_prices(ws, write_csv(tmp_path / "bent.csv", bent))
        after = {end: await base_rates(ws, BOARD, end, list(changes[end])) for end in before}
        assert after[on] == before[on]
        assert after != before  # later dates see the other bars

    home(work)
