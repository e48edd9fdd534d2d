"""The panel that boards are ranked from: bars of an exchange's sessions, or boxes of any day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import EVERY_DAY
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import BOX
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.boxes.box_panels import load_box_panel


def calendar_of(ws: Workspace, asset_type: str) -> str:
    """The calendar by whose days a kind of symbols is ranked."""
    return EVERY_DAY if asset_type == BOX else ws.settings.calendar


async def load_board_panel(
    ws: Workspace,
    *,
    sessions: Sequence[date],
    asset_types: Collection[str],
    at: int | None = None,
    sources: Sequence[str] | None = None,
) -> Panel:
    """The panel of kinds of symbols up to the last of ``sessions``, as known at a data revision (None:
    now). Boxes stand alone: they share no days with what an exchange trades; ``sources``: the order of
    sources that counted then (None: now)."""
    if BOX in asset_types:
        async with ws.db.read() as conn:
            order = ws.settings.box_sources if sources is None else sources
            return await load_box_panel(conn, sessions, priority=order, at=at)
    return await load_panel(
        ws.db,
        ws.home,
        sessions=sessions,
        calendar=ws.settings.calendar,
        asset_types=asset_types,
        benchmark=ws.settings.benchmark,
        at=at,
    )
