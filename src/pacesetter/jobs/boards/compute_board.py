"""Compute a board now, from the stored bars: for another method, another date or another knowledge."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.factors.base import REASONS
from pacesetter.jobs.boards.board_view import BoardRow, BoardView
from pacesetter.jobs.boards.factor_views import factor_view, finite
from pacesetter.jobs.boards.published_board import HELD_DAYS, NOTHING, behind
from pacesetter.jobs.boards.rank_dates import compute, plan_boards
from pacesetter.jobs.boards.ranked import BoardPlan, Ranked, covered
from pacesetter.jobs.boards.thin_days import say_thin_days
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.market.symbol import BOX
from pacesetter.ranking.boards import UNRANKED, BoardRanks
from pacesetter.ranking.method import Method, check_kind
from pacesetter.store.bars.bars import newest_price_date
from pacesetter.store.bars.quarantine import held_counts
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.methods import find_method
from pacesetter.store.boxes.box_panels import observed_dates
from pacesetter.store.database.revisions import revision_at
from pacesetter.store.symbols.domains import find_domain


async def compute_board(
    ws: Workspace,
    board: str,
    *,
    on: date | None = None,
    method: str | Method | None = None,
    known_at: datetime | None = None,
) -> BoardView:
    """The board computed from the stored bars: long work on a large universe."""
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        chosen = (
            method if isinstance(method, Method) else (await find_method(conn, method or domain.method))[0]
        )
        check_kind(chosen, domain.asset_type, domain.name)
        as_of = on or await stored.newest_ranked_date(conn, domain, at=known_at)
        as_of = as_of or await newest_price_date(conn)
        revision = None if known_at is None else await revision_at(conn, known_at)
        if as_of is None:
            raise InputError("nothing is ranked yet", where=domain.name, mend=NOTHING)
        if domain.asset_type == BOX:
            await refuse_unseen(conn, as_of, domain.name)
        held = await held_counts(conn, as_of - HELD_DAYS, as_of)
        remarks = await say_thin_days(conn, domain, as_of, None, known_at)
    ranked = await compute(
        ws, await plan_boards(ws, slugs=[domain.slug], method=chosen, at=revision), [as_of], at=revision
    )
    plan, ranks = ranked.boards[0]
    if known_at is not None and not len(ranked.panel.date):
        raise InputError(
            f"nothing was known by {known_at:%Y-%m-%d %H:%M} UTC",
            where=domain.name,
            mend="ask for a later instant",
        )
    rows = await asyncio.to_thread(computed_rows, ranked, plan, ranks)
    return BoardView(
        board=plan.name,
        slug=plan.slug,
        method=chosen.name,
        method_version=chosen.version,
        as_of=as_of,
        previous_on=None,
        scope=ranks.scope[0],
        origin="computed",
        provisional=False,
        simulated=ws.simulated,
        stale_sessions=behind(ws, as_of, plan.asset_type),
        asset_type=plan.asset_type,
        computed_at=ws.now(),
        known_at=known_at,
        remarks=remarks,
        rows=[replace(row, held_bars=held.get(row.symbol, 0)) for row in rows],
    )


async def refuse_unseen(conn: AsyncConnection, on: date, board: str) -> None:
    """``BadDate`` for a day on which nobody looked at any box."""
    before = await observed_dates(conn, None, on, newest=1)
    if before != [on]:
        mend = f"the day before it with any is {before[0]}" if before else "`pacesetter boxes` shows the days"
        raise BadDate(f"no box was observed on {on}", where=board, mend=mend)


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
    today = panel.sessions[:1]
    mine = {s for s, first, after in plan.spells if covered(today, first, after).any()}
    absent = sorted(mine - have)
    reason = "not_observed" if panel.exact else "no_bars"
    rows += [BoardRow(symbol, None, None, None, None, 0.0, unranked_reason=reason) for symbol in absent]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.symbol))
