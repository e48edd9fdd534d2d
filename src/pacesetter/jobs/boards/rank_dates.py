"""Rank every board on any number of dates at once: one panel, one set of factors, all boards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter import __version__
from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.boards.board_panels import load_board_panel
from pacesetter.jobs.boards.publication_frames import assemble
from pacesetter.jobs.boards.ranked import BoardPlan, Ranked
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import BOX
from pacesetter.ranking.boards import rank_board, score_universe
from pacesetter.ranking.inputs import Inputs, digest_panel, digest_spells
from pacesetter.ranking.method import Method
from pacesetter.ranking.publication import Publication
from pacesetter.ranking.scores import Scores
from pacesetter.store.boards.memberships import membership
from pacesetter.store.boards.methods import find_method, register_factors
from pacesetter.store.symbols.domains import list_domains

NOT_STORED = UUID(int=0)  # the version of a method that is tried and not kept


async def plan_boards(
    ws: Workspace,
    *,
    slugs: Sequence[str] | None = None,
    method: Method | None = None,
    at: int | None = None,
) -> list[BoardPlan]:
    """``read_plans`` of what is committed."""
    async with ws.db.read() as conn:
        return await read_plans(conn, slugs=slugs, method=method, at=at)


async def read_plans(
    conn: AsyncConnection,
    *,
    slugs: Sequence[str] | None = None,
    method: Method | None = None,
    at: int | None = None,
    boxes: bool = False,
) -> list[BoardPlan]:
    """The boards of an exchange's symbols (or those of ``boxes``, or the named ones of any kind) with the
    newest versions of the methods that they publish under, or all under ``method``, which is not
    stored; members as known at a data revision (None: now)."""
    rows = [
        row
        for row in await list_domains(conn)
        if (row.slug in slugs if slugs is not None else (row.asset_type == BOX) == boxes)
    ]
    spells = await membership(conn, at)
    own = {row.method: await find_method(conn, row.method) for row in rows if method is None}
    by_board: dict[UUID, list[tuple[str, int, int | None]]] = {}
    for spell in spells:
        after = None if spell.valid_to is None else day_number(spell.valid_to)
        by_board.setdefault(spell.domain_id, []).append((spell.symbol, day_number(spell.valid_from), after))
    return [
        BoardPlan(
            row.id,
            row.name,
            row.slug,
            row.asset_type,
            *(own[row.method] if method is None else (method, NOT_STORED)),
            tuple(by_board.get(row.id, ())),
        )
        for row in rows
    ]


async def compute(
    ws: Workspace, plans: Sequence[BoardPlan], dates: Sequence[date], *, at: int | None = None
) -> Ranked:
    """Load the panel, as known at a data revision (None: now), and rank ``plans`` on ``dates``, off
    the event loop."""
    panel = await load_board_panel(ws, sessions=dates, asset_types={plan.asset_type for plan in plans}, at=at)
    return await asyncio.to_thread(rank_panel, panel, plans)


def rank_panel(panel: Panel, plans: Sequence[BoardPlan]) -> Ranked:
    """Rank ``plans`` on every session of ``panel``: pure, over all dates at once."""
    used = sorted({part.uses for plan in plans for part in plan.method.factors})
    values = {name: evaluate(factors.get(name), panel) for name in used}
    universes: dict[tuple[str, str], Scores] = {}
    boards = []
    for plan in plans:
        key = (plan.method.sha256, plan.asset_type)
        if key not in universes:
            universes[key] = score_universe(plan.method, values, panel, plan.asset_type)
        members = plan.members(panel)
        boards.append((plan, rank_board(plan.method, values, panel, universes[key], members, plan.slug)))
    return Ranked(panel, values, universes, boards)


async def rank_dates(
    ws: Workspace, dates: Sequence[date], *, slugs: Sequence[str] | None = None
) -> Publication:
    """Everything to publish for ``dates``."""
    plans = await plan_boards(ws, slugs=slugs)
    ranked = await compute(ws, plans, dates)
    async with ws.db.write() as conn:
        ids = await register_factors(conn, [factors.get(name) for name in ranked.values])
    inputs = await asyncio.to_thread(describe_inputs, ranked.panel, plans)
    return await asyncio.to_thread(assemble, ranked, ids, dates, inputs)


def describe_inputs(panel: Panel, plans: Sequence[BoardPlan]) -> Inputs:
    """What the ranks of ``plans`` on this panel are computed from."""
    used = {part.uses for plan in plans for part in plan.method.factors}
    return Inputs(
        data=digest_panel(panel),
        code=__version__,
        factors={name: factors.get(name).version for name in sorted(used)},
        methods={plan.slug: plan.method.sha256 for plan in plans},
        members={plan.slug: digest_spells(plan.spells) for plan in plans},
    )
