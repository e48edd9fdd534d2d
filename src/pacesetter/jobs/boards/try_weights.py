"""A board under other weights of its method, over ten years, before anything is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.boards.rank_dates import plan_boards
from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.calendar import sessions_between
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import BOX
from pacesetter.ranking.method import check_kind
from pacesetter.ranking.whatif import Prepared, WhatIf, prepare, try_weights
from pacesetter.store.bars.bars import first_price_date
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.boards.memberships import newest_member_date
from pacesetter.store.boards.methods import find_method
from pacesetter.store.symbols.domains import find_domain

YEARS = 10


@dataclass(frozen=True)
class Trial:
    """A board under its method's weights (``now``) and under others (``then``)."""

    board: str
    method: str
    simulated: bool
    now: WhatIf
    then: WhatIf


async def load_history(
    ws: Workspace,
    board: str,
    *,
    method: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> tuple[BoardPlan, Panel]:
    """A board's plan under a method (default: its own), and its bars on every session (default: the
    last ten years)."""
    async with ws.db.read() as conn:
        domain = await find_domain(conn, board)
        if domain.asset_type == BOX:
            raise InputError(
                "boxes have no returns to try weights or factors against",
                where=domain.name,
                mend="choose a board of stocks or funds",
            )
        chosen, _ = await find_method(conn, method or domain.method)
        check_kind(chosen, domain.asset_type, domain.name)
        begin, end = await first_price_date(conn), await newest_member_date(conn, domain.id)
    if begin is None or end is None:
        raise InputError(
            "no prices of its members are stored",
            where=domain.name,
            mend="`pacesetter import prices FILE`, or `pacesetter up`",
        )
    end = min(end, last or end)
    begin = max(begin, first or date(max(end.year - YEARS, 1), end.month, min(end.day, 28)))
    sessions = sessions_between(ws.settings.calendar, begin, end)
    if not sessions:
        raise InputError(f"no session with prices lies between {begin} and {end}", where=domain.name)
    (plan,) = await plan_boards(ws, slugs=[domain.slug], method=chosen)
    panel = await load_panel(
        ws.db,
        ws.home,
        sessions=sessions,
        calendar=ws.settings.calendar,
        asset_types={plan.asset_type},
        benchmark=ws.settings.benchmark,
    )
    return plan, panel


async def prepare_trial(
    ws: Workspace, board: str, *, method: str | None = None
) -> tuple[BoardPlan, Prepared]:
    """A board's plan and everything that a trial of weights needs, warm; ``ranking.whatif.try_weights``
    does the rest."""
    plan, panel = await load_history(ws, board, method=method)

    def work() -> tuple[BoardPlan, Prepared]:
        values = {part.uses: evaluate(factors.get(part.uses), panel) for part in plan.method.factors}
        return plan, prepare(plan.method, values, panel, plan.members(panel), plan.asset_type, plan.slug)

    return await asyncio.to_thread(work)


async def try_method(
    ws: Workspace, board: str, weights: Mapping[str, float], *, method: str | None = None
) -> Trial:
    """What a board would look like under other weights, beside what it looks like now."""
    plan, prepared = await prepare_trial(ws, board, method=method)

    def work() -> Trial:
        then = try_weights(prepared, weights)
        now = try_weights(prepared, plan.method.weights)
        return Trial(plan.name, f"{plan.method.name} v{plan.method.version}", ws.simulated, now, then)

    return await asyncio.to_thread(work)
