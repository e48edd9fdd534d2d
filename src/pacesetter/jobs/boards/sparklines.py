"""The last closes of a board's members, for small pictures beside their ranks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.daily_cycle import choose_date
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import latest_session_on, newest_day, sessions_before
from pacesetter.market.growth import measure_growth
from pacesetter.market.symbol import BOX
from pacesetter.store.bars.actions import actions_within
from pacesetter.store.bars.closes import read_closes
from pacesetter.store.bars.panels import code_actions
from pacesetter.store.boards.boards import find_head, newest_ranked_date, ranked_symbols
from pacesetter.store.boards.memberships import members_on
from pacesetter.store.boxes.box_panels import observed_dates
from pacesetter.store.boxes.box_points import read_box_lines
from pacesetter.store.symbols.domains import find_domain

MOST = 1000  # symbols of one answer
DIGITS = 7  # that count: more than any price has, and no tail of a division


@dataclass(frozen=True)
class Sparklines:
    """Adjusted closes by symbol, in the board's order: one a session, oldest first, None where there
    is no bar; empty for a symbol without any. ``count``: members of the board."""

    board: str
    slug: str
    on: date
    sessions: list[date]
    count: int
    closes: dict[str, list[float | None]]
    asset_type: str = "equity"


async def read_sparklines(
    ws: Workspace, board: str, *, on: date | None = None, points: int, symbols: Sequence[str] | None = None
) -> Sparklines:
    """The closes of the last ``points`` sessions up to ``on`` (default: the newest published) of the
    first members, or of those among ``symbols``; at most ``MOST``.

    Closes are adjusted for splits and dividends backwards from the newest, which is as it was traded.
    """
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        mic = calendar_of(ws, domain.asset_type)
        if on is not None:
            choose_date(ws, on, mic)
        last = on or await newest_ranked_date(conn, domain)
        last = last or latest_session_on(mic, newest_day(mic, ws.now()))
        members = await members_in_order(conn, domain.id, last)
        wanted = None if symbols is None else set(symbols)
        chosen = [name for name in members if wanted is None or name in wanted][:MOST]
        if domain.asset_type == BOX:
            days, floors = await read_floors(conn, chosen, last, points)
            return Sparklines(domain.name, domain.slug, last, days, len(members), floors, BOX)
        sessions = sessions_before(mic, last, points)
        bars, basis = await read_closes(conn, sorted(chosen), sessions[0], last)
        actions = await actions_within(conn, chosen, sessions[0], last)
    lines = await asyncio.to_thread(adjust, bars, basis, actions, sessions)
    closes = {name: lines.get(name, []) for name in chosen}
    return Sparklines(domain.name, domain.slug, last, sessions, len(members), closes)


async def read_floors(
    conn: AsyncConnection, symbols: Sequence[str], last: date, points: int
) -> tuple[list[date], dict[str, list[float | None]]]:
    """The floor prices of boxes on the last ``points`` days on which any was observed, instead of closes."""
    days = await observed_dates(conn, None, last, newest=points)
    place = {day: at for at, day in enumerate(days)}
    lines: dict[str, list[float | None]] = {}
    for row in await read_box_lines(conn, symbols, "floor_price_usd", until=last, points=points):
        if row.metric_date in place:
            lines.setdefault(row.symbol, [None] * len(days))[place[row.metric_date]] = row.value
    return days, {symbol: lines.get(symbol, []) for symbol in symbols}


async def members_in_order(conn: AsyncConnection, domain_id: Any, on: date) -> list[str]:
    """The members of a board on a date: by rank where it is published, else by symbol."""
    head = await find_head(conn, domain_id, on)
    return await members_on(conn, domain_id, on) if head is None else await ranked_symbols(conn, head)


def adjust(
    bars: pl.DataFrame, basis: dict[str, str], actions: pl.DataFrame, sessions: Sequence[date]
) -> dict[str, list[float | None]]:
    """Closes of each symbol in ``bars`` (sorted by symbol and date), adjusted and one a session."""
    if bars.is_empty():
        return {}
    names = bars["symbol"].unique(maintain_order=True).to_list()
    owner = bars["symbol"].rle_id().cast(pl.Int32).to_numpy()
    day = bars["date"].cast(pl.Int32).to_numpy()
    close, adjusted = bars["close"].to_numpy(), bars["adj_close"].to_numpy()
    known = [basis.get(name) or "split_dividend" for name in names]
    growth = measure_growth(owner, day, close, adjusted, known, code_actions(actions, names))
    calendar = pl.Series(sessions).cast(pl.Int32).to_numpy()
    place = np.minimum(np.searchsorted(calendar, day), len(calendar) - 1)
    on_session = calendar[place] == day  # a market may trade on a day on which the board's is closed
    lines: dict[str, list[float | None]] = {}
    bounds = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
    for name, start, end in zip(names, bounds[:-1], bounds[1:], strict=True):
        back = np.cumprod(growth[start + 1 : end][::-1])[::-1]  # from each bar to the newest
        values = close[end - 1] / np.append(back, 1.0)
        line: list[float | None] = [None] * len(sessions)
        for at, value, fits in zip(place[start:end], values, on_session[start:end], strict=True):
            if fits and np.isfinite(value):
                line[at] = float(f"{value:.{DIGITS}g}")
        lines[name] = line
    return lines
