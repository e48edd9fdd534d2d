"""Call back what a published cycle knew: its boards' methods and members, and its bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pacesetter.jobs.boards.board_panels import load_board_panel
from pacesetter.jobs.boards.rank_dates import plan_boards
from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.panel import Panel
from pacesetter.store.boards.methods import read_method
from pacesetter.store.symbols.domains import asset_types


async def recall_cycle(ws: Workspace, on: date, heads: Sequence[Any]) -> tuple[list[BoardPlan], Panel]:
    """The boards that ``heads`` of one cycle's evidence published for ``on``, with the methods and
    members of then, and the panel up to the cycle's last date."""
    plans = []
    for head in heads:
        async with ws.db.read() as conn:
            method = await read_method(conn, head.method_version_id)
        (plan,) = await plan_boards(ws, slugs=[head.slug], method=method, at=head.data_revision)
        plans.append(replace(plan, method_version_id=head.method_version_id))
    kept = ((heads[0].progress or {}).get("inputs") or {}).get("methods", {})
    async with ws.db.read() as conn:  # the cycle's panel held the symbols of all its boards
        kinds = await asset_types(conn, list(kept))
    told = heads[0].progress or {}  # a cycle of boxes keeps its days and the order of its sources
    days = [date.fromisoformat(day) for day in told.get("dates", ())]
    panel = await load_board_panel(
        ws,
        sessions=days or [max(on, heads[0].cycle_date)],
        asset_types=kinds | {plan.asset_type for plan in plans},
        at=heads[0].data_revision,
        sources=told.get("sources"),
    )
    return plans, panel
