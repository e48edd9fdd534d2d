"""Where the desk stands: its newest night, what waits for a person, and what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pacesetter.agents.regime import judge_regime, load_rule
from pacesetter.factors.windows import settle
from pacesetter.jobs.decisions.agent_settings import current_settings
from pacesetter.jobs.night.due import due_nights
from pacesetter.jobs.proposals.desk_terms import desk_terms
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_before
from pacesetter.market.symbol import ASSET_TYPES
from pacesetter.store.bars.panels import load_symbols
from pacesetter.store.desk.decisions import decisions, waits
from pacesetter.store.desk.desk_reports import ReportRow, newest_versions
from pacesetter.store.desk.nights import NightRow, list_nights, newest_night
from pacesetter.store.desk.watchlist import find_watches


@dataclass(frozen=True)
class DeskView:
    """``night`` None: none was worked through yet. ``n_fired``: entries of the watchlist that stand fired,
    ``n_to_validate`` those of them whose thesis nobody has judged. ``due``: sessions whose night is to be
    worked through now."""

    night: NightRow | None
    regime_reason: str | None
    mode: str
    portfolio: str | None
    n_waiting: int
    n_fired: int
    n_to_validate: int
    report: ReportRow | None
    due: Sequence[date]


async def view_desk(ws: Workspace, user_id: UUID) -> DeskView:
    """The desk as a user sees it: of the watchlist their own entries, and nobody's."""
    async with ws.db.read() as conn:
        night = await newest_night(conn)
        mode, portfolio = desk_terms(await current_settings(conn))
        n_waiting = await decisions.count(conn, waits(ws.now().date()))
        fired = await find_watches(conn, status="fired", user_id=user_id)
        reports = await newest_versions(conn, limit=1)
    return DeskView(
        night=night,
        regime_reason=None if night is None else await tell_regime(ws, night),
        mode=mode,
        portfolio=portfolio,
        n_waiting=n_waiting,
        n_fired=len(fired),
        n_to_validate=sum(row.to_validate for row in fired),
        report=reports[0] if reports else None,
        due=await due_nights(ws),
    )


async def view_nights(ws: Workspace, limit: int = 30) -> list[NightRow]:
    """Nights, the newest first."""
    async with ws.db.read() as conn:
        return await list_nights(conn, limit)


async def tell_regime(ws: Workspace, night: NightRow) -> str | None:
    """Why a night has its regime, from the benchmark's bars as they are known now; None where there is no
    benchmark, and where they say otherwise by now."""
    rule, name = load_rule(), ws.settings.benchmark
    wanted = max(rule.mean_sessions, rule.volatility_sessions) + rule.sessions + 1
    sessions = tuple(sessions_before(ws.settings.calendar, night.night_on, wanted))
    panel = await load_symbols(
        ws.db, [name], sessions=sessions[-1:], calendar=ws.settings.calendar, asset_types=ASSET_TYPES
    )
    if name not in panel.symbols:
        return None
    own = replace(panel, benchmark=panel.symbols.index(name))
    regime, reason = await asyncio.to_thread(lambda: judge_regime(settle(own).panel, rule))
    return reason if regime == night.regime else None
