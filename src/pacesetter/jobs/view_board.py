"""Look at boards: published rows with their evidence, or the same computed on the spot."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.factors.base import REASONS, factors
from pacesetter.jobs.board_view import BoardRow, BoardView, FactorView
from pacesetter.jobs.daily_cycle import choose_date
from pacesetter.jobs.rank_dates import BoardPlan, Ranked, compute, plan_boards
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.calendar import sessions_behind
from pacesetter.ranking.boards import UNRANKED, BoardRanks
from pacesetter.ranking.method import Method, load_shipped
from pacesetter.ranking.scores import CLASSIC_RULE, RULES, z_of
from pacesetter.store import boards as stored
from pacesetter.store.bars import newest_price_date
from pacesetter.store.domains import find_domain
from pacesetter.store.methods import find_method_version
from pacesetter.store.quarantine import held_counts

HELD_DAYS = timedelta(days=366)  # bars held back further in the past move little
NOTHING = "import prices (`pacesetter import prices FILE`) and run `pacesetter cycle`, or `pacesetter up`"


async def view_board(
    ws: Workspace,
    board: str,
    *,
    on: date | None = None,
    method: str | Method | None = None,
    top: int | None = None,
) -> BoardView:
    """A board on a date (default: its newest published one), by a shipped method's name or a method.

    Under its own method published rows are shown where there are any; another method,
    or a date that was not published, is computed from the same bars and not stored.
    """
    view = await find_published(ws, board, on=on, method=method)
    return cut(view or await compute_board(ws, board, on=on, method=method), top)


async def find_published(
    ws: Workspace, board: str, *, on: date | None = None, method: str | Method | None = None
) -> BoardView | None:
    """The published board, read and not computed; None when it was not published."""
    if on is not None:
        choose_date(ws, on)
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        wanted = choose_method(method, domain.method)
        version_id = await find_method_version(conn, wanted)
        as_of = on or await stored.newest_published_date(conn, domain.id)
        if as_of is None or version_id is None:
            return None
        return await published_view(ws, conn, domain, wanted, version_id, as_of)


async def compute_board(
    ws: Workspace, board: str, *, on: date | None = None, method: str | Method | None = None
) -> BoardView:
    """The board computed from the stored bars now: long work on a large universe."""
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        as_of = on or await stored.newest_published_date(conn, domain.id) or await newest_price_date(conn)
    if as_of is None:
        raise InputError("nothing is ranked yet", where=domain.name, mend=NOTHING)
    return await computed_view(ws, domain.slug, choose_method(method, domain.method), as_of)


def choose_method(asked: str | Method | None, own: str) -> Method:
    """The method asked for, or the board's own."""
    return asked if isinstance(asked, Method) else load_shipped(asked or own)


def cut(view: BoardView, top: int | None) -> BoardView:
    """The first ``top`` rows only."""
    return view if top is None else replace(view, rows=view.rows[:top])


def behind(ws: Workspace, as_of: date | None) -> int:
    """Completed sessions that are newer than a date."""
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    return sessions_behind(ws.settings.calendar, as_of, ws.now(), delay) or 0


async def published_view(
    ws: Workspace, conn: AsyncConnection, domain: Row[Any], method: Method, version_id: Any, on: date
) -> BoardView | None:
    """The published board of a date, or None where there is none."""
    head = await stored.read_head(conn, domain.id, version_id, on)
    if head is None:
        return None
    rows = await stored.read_board(conn, domain.id, version_id, on)
    stats = await stored.read_stats(conn, head.cycle_id, version_id, on, domain.id)
    members = [row.symbol for row in rows]
    values = await stored.read_values(conn, head.cycle_id, on, domain.id, members)
    held = await held_counts(conn, on - HELD_DAYS, on)
    scope = f"universe:{domain.asset_type}"
    if not any(key[0] == scope for key in stats):
        scope = f"domain:{domain.slug}"
    return BoardView(
        board=domain.name,
        slug=domain.slug,
        method=method.name,
        method_version=method.version,
        as_of=on,
        previous_on=next((row.previous_on for row in rows if row.previous_on), None),
        scope=scope,
        origin="published",
        provisional=head.is_provisional,
        simulated=ws.simulated,
        stale_sessions=behind(ws, on),
        computed_at=head.published_at,
        rows=[
            BoardRow(
                symbol=row.symbol,
                name=row.name,
                rank=row.current_rank,
                score=row.score,
                composite=row.composite_score,
                coverage=row.coverage,
                previous_rank=row.previous_rank,
                previous_on=row.previous_on,
                rank_change=row.rank_change,
                unranked_reason=row.unranked_reason,
                held_bars=held.get(row.symbol, 0),
                factors=stored_factors(method, row, scope, stats, values),
            )
            for row in rows
        ],
    )


def stored_factors(
    method: Method,
    row: Row[Any],
    scope: str,
    stats: Mapping[tuple[str, str], Row[Any]],
    values: Mapping[tuple[str, str], Row[Any]],
) -> dict[str, FactorView]:
    """Each factor of a published row: z is taken again from the stored statistics."""
    views = {}
    for part in method.factors:
        value, stat = values.get((row.symbol, part.uses)), stats.get((scope, part.name))
        raw = getattr(row, part.name, None) if part.name in row._fields else (value.raw if value else None)
        z: float | None = None
        if raw is not None and stat is not None:
            rule = RULES.index(stat.rule)
            sign = (
                1 if rule == CLASSIC_RULE or method.normalise == "domain_z" else factors.get(part.uses).sign
            )
            z = finite(z_of(raw, sign, number(stat.centre), number(stat.scale), method.clip, rule))
        missing = value.missing_reason if value is not None else "no_bars"
        views[part.name] = factor_view(method, part.weight, raw, z, missing)
    return views


def factor_view(
    method: Method, weight: float, raw: float | None, z: float | None, missing: str | None
) -> FactorView:
    """A missing value counts as the average (z = 0) where the method says so."""
    if raw is None and method.normalise == "robust_z":
        z = 0.0
    return FactorView(
        raw=raw,
        normalized=z,
        weight=weight,
        contribution=None if z is None else weight * z,
        missing_reason=missing if raw is None else None,
    )


async def computed_view(ws: Workspace, slug: str, method: Method, on: date) -> BoardView:
    """The board of a date, computed now and not stored."""
    plans = await plan_boards(ws, slugs=[slug], method=method)
    ranked = await compute(ws, plans, [on])
    plan, ranks = ranked.boards[0]
    async with ws.db.read() as conn:
        held = await held_counts(conn, on - HELD_DAYS, on)
    rows = await asyncio.to_thread(computed_rows, ranked, plan, ranks)
    return BoardView(
        board=plan.name,
        slug=slug,
        method=method.name,
        method_version=method.version,
        as_of=on,
        previous_on=None,
        scope=ranks.scope[0],
        origin="computed",
        provisional=False,
        simulated=ws.simulated,
        stale_sessions=behind(ws, on),
        computed_at=ws.now(),
        rows=[replace(row, held_bars=held.get(row.symbol, 0)) for row in rows],
    )


def computed_rows(ranked: Ranked, plan: BoardPlan, ranks: BoardRanks) -> list[BoardRow]:
    """The members' rows on the panel's one session: ranked first, then by symbol."""
    panel, scores = ranked.panel, ranks.scores
    rows = []
    for s in np.flatnonzero(ranks.member[0]):
        rank = int(ranks.rank[0, s]) or None
        views = {
            part.part.name: factor_view(
                plan.method,
                part.part.weight,
                finite(part.raw[0, s]),
                finite(part.z[0, s]),
                REASONS[part.reason[0, s]] or None,
            )
            for part in scores.parts
        }
        symbol = panel.symbols[s]
        rows.append(
            BoardRow(
                symbol=symbol,
                name=panel.names.get(symbol),
                rank=rank,
                score=finite(scores.score[0, s]) if rank else None,
                composite=finite(scores.composite[0, s]) if rank else None,
                coverage=finite(scores.coverage[0, s]) or 0.0,
                unranked_reason=UNRANKED[ranks.unranked[0, s]] or None,
                factors=views,
            )
        )
    have = {row.symbol for row in rows}
    absent = sorted({symbol for symbol, _, _ in plan.spells} - have)
    rows += [BoardRow(symbol, None, None, None, None, 0.0, unranked_reason="no_bars") for symbol in absent]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.symbol))


def number(value: float | None) -> float:
    """NaN for a missing number."""
    return float("nan") if value is None else value


def finite(value: Any) -> float | None:
    """None for a missing number."""
    plain = float(value)
    return plain if np.isfinite(plain) else None
