"""What a board's jumps of rank were followed by, from what was published and the bars of since."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from pacesetter.jobs.boards.rank_dates import plan_boards
from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate
from pacesetter.market.calendar import session_days
from pacesetter.market.panel import F8, I4, Panel
from pacesetter.market.symbol import BOX
from pacesetter.ranking.base_rate import APART, BaseRate, Jumps, measure_base_rates
from pacesetter.ranking.forward import forward_returns
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.histories import final_dates
from pacesetter.store.boards.jumps import evidence_fingerprint, jump_rows, previous_on
from pacesetter.store.symbols.domains import find_domain

WINDOW = APART  # sessions of a forward return
NOT_ENDED = np.iinfo(np.int32).max
NEVER = np.iinfo(np.int32).max  # places that nobody jumps
NO_JUMP = BaseRate(0, reason="no_jump")
NO_RETURNS = BaseRate(0, reason="no_returns")


@dataclass(frozen=True, eq=False)
class BoardJumps:
    """The jumps of a board on its published final dates up to one, and whose columns they are."""

    jumps: Jumps
    symbols: tuple[str, ...]


async def load_jumps(ws: Workspace, head: Any, slug: str, changes: Sequence[int]) -> BoardJumps:
    """All jumps of a head's board at least as large as one of ``changes`` (not 0), under its version of
    the method, on final dates up to its own.

    Returns are of the bars known now, of those up to the date only; the board's mean is of
    who was a member.
    """
    least = [min((abs(c) for c in changes if c * sign > 0), default=NEVER) for sign in (1, -1)]
    board = (head.domain_id, head.method_version_id)
    async with ws.db.read() as conn:
        dates = await final_dates(conn, *board, until=head.metric_date)
        rows = await jump_rows(conn, *board, head.metric_date, *least)
    (plan,) = await plan_boards(ws, slugs=[slug])
    panel = await load_panel(
        ws.db,
        ws.home,
        sessions=dates,
        calendar=ws.settings.calendar,
        asset_types={plan.asset_type},
        benchmark=ws.settings.benchmark,
    )
    days = session_days(ws.settings.calendar, dates[0], dates[-1])
    return await asyncio.to_thread(build_jumps, rows, plan, panel, days)


def build_jumps(rows: pl.DataFrame, plan: BoardPlan, panel: Panel, days: I4) -> BoardJumps:
    """Published jumps (``JUMP_SCHEMA``) as arrays, with the returns of the panel, whose sessions are
    the board's dates; ``days``: all sessions of the calendar from the first to the last of them."""
    dates = panel.sessions
    symbols = tuple(sorted({symbol for symbol, _, _ in plan.spells} | set(rows["symbol"])))
    t = np.searchsorted(dates, rows["metric_date"].cast(pl.Int32).to_numpy())
    code = {symbol: i for i, symbol in enumerate(symbols)}
    s = rows["symbol"].replace_strict(code, return_dtype=pl.Int64).to_numpy()
    change = np.full((len(dates), len(symbols)), np.nan)
    change[t, s] = rows["rank_change"].cast(pl.Float64).to_numpy()
    session = np.searchsorted(days, dates).astype(np.int64)
    ends = np.append(days, np.full(WINDOW, NOT_ENDED, dtype=np.int32))[session + WINDOW]
    known = np.where(plan.members(panel), forward_returns(panel, WINDOW), np.nan)
    forward = take_columns(panel, known, symbols)
    return BoardJumps(Jumps(dates, session, ends.astype(np.int32), change, forward), symbols)


def take_columns(panel: Panel, values: F8, symbols: Sequence[str]) -> F8:
    """The columns of ``symbols``, NaN for one without bars in the panel."""
    place = {symbol: i for i, symbol in enumerate(panel.symbols)}
    at = np.array([place.get(symbol, -1) for symbol in symbols], dtype=np.int64)
    return np.column_stack([values, np.full(len(values), np.nan)])[:, at]


async def base_rates(
    ws: Workspace, board: str, on: date, symbols: Sequence[str], *, since: date | None = None
) -> dict[str, BaseRate]:
    """The base rates of the jumps of ``symbols`` to their published ranks on ``on``, by symbol.

    Nothing where ``on`` has no final ranks, or where ``since`` is given and is not the
    published date that they are compared with. ``BadDate`` where the board is not published.
    """
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        head = await stored.find_head(conn, domain.id, on)
        if head is None:
            raise BadDate(f"{domain.name} is not published for {on}", where=domain.name)
        fingerprint = await evidence_fingerprint(conn, head)
        before = await previous_on(conn, head)
        rows = await stored.read_board(conn, head)
    if head.is_provisional or since not in (None, before):
        return {}
    asked = {row.symbol: row.rank_change or 0 for row in rows if row.symbol in set(symbols)}
    if domain.asset_type == BOX:
        return dict.fromkeys(asked, NO_RETURNS)
    if not any(asked.values()):
        return dict.fromkeys(asked, NO_JUMP)
    known = await load_jumps(ws, head, domain.slug, [change for change in asked.values() if change])
    code = {symbol: i for i, symbol in enumerate(known.symbols)}
    moved = [symbol for symbol, change in asked.items() if change]
    found = await asyncio.to_thread(
        measure_base_rates,
        known.jumps,
        [code[symbol] for symbol in moved],
        len(known.jumps.dates) - 1,
        fingerprint or digest_head(head),
    )
    return dict.fromkeys(asked, NO_JUMP) | dict(zip(moved, found, strict=True))


def digest_head(head: Any) -> str:
    """A seed for a head whose cycle has no fingerprint: the hash of what it is the head of."""
    key = f"{head.domain_id} {head.method_version_id} {head.metric_date} {head.cycle_id}"
    return sha256(key.encode()).hexdigest()
