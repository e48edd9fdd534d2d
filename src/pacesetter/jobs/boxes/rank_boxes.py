"""Rank boxes in the transaction that stores what was observed: readers never see one without the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.factors.base import factors
from pacesetter.jobs.boards.daily_cycle import SOURCE_LENGTH
from pacesetter.jobs.boards.define_board import follow_rule
from pacesetter.jobs.boards.held_tick import LEASE_S, name_process
from pacesetter.jobs.boards.publication_frames import assemble
from pacesetter.jobs.boards.rank_dates import describe_inputs, rank_panel, read_plans
from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import LeaseLost
from pacesetter.market.calendar import EVERY_DAY
from pacesetter.market.symbol import BOX
from pacesetter.store.boards import rankings
from pacesetter.store.boards.methods import register_factors
from pacesetter.store.boards.rankings import PublishCounts
from pacesetter.store.boxes.box_metrics import set_box_ranks
from pacesetter.store.boxes.box_panels import load_box_panel
from pacesetter.store.symbols.domains import list_domains
from pacesetter.store.work import cycles

BOARD = "boxes"  # the slug of the board whose ranks stand beside the figures
KIND = "boxes"  # of a tick


async def publish_boxes(
    ws: Workspace,
    conn: AsyncConnection,
    dates: Sequence[date],
    *,
    by: str,
    slugs: Sequence[str] | None = None,
) -> PublishCounts:
    """Rank every board of boxes (or the named ones) on ``dates`` by the stored figures and publish them, in
    the caller's transaction; ``by``: where the figures came from. Equal ranks make no new version."""
    for row in await list_domains(conn):
        if row.rule and row.asset_type == BOX:
            await follow_rule(conn, row, ws.now().date(), ws.now())
    plans = await read_plans(conn, boxes=True, slugs=slugs)
    if not dates or not plans:
        return PublishCounts(0, 0, 0)
    ordered = sorted(dates)
    panel = await load_box_panel(conn, ordered, priority=ws.settings.box_sources)
    ranked = await asyncio.to_thread(rank_panel, panel, plans)
    ids = await register_factors(conn, [factors.get(name) for name in ranked.values])
    inputs = await asyncio.to_thread(describe_inputs, panel, plans)
    publication = await asyncio.to_thread(assemble, ranked, ids, ordered, inputs)
    claim = await cycles.claim_tick(
        conn,
        kind=KIND,
        calendar=EVERY_DAY,
        scheduled_for=await cycles.free_time(conn, KIND, ws.now()),
        metric_date=ordered[-1],
        owner=name_process(),
        at=ws.now(),
        lease_s=LEASE_S,
    )
    if claim is None:
        raise LeaseLost("another process ranked boxes at this very moment", mend="try again")
    kept = {"dates": [str(on) for on in ordered], "sources": list(ws.settings.box_sources)}
    counts = await rankings.publish(
        conn, claim, publication, at=ws.now(), source=by[:SOURCE_LENGTH], progress=kept
    )
    await keep_box_ranks(conn, plans, ordered)
    return counts


async def keep_box_ranks(conn: AsyncConnection, plans: Sequence[BoardPlan], dates: Sequence[date]) -> None:
    """Copy the published ranks of the board by volume beside the figures, from the first of ``dates`` on:
    later ones may have another previous rank now."""
    for plan in plans:
        if plan.slug == BOARD:
            await set_box_ranks(conn, plan.domain_id, min(dates))
