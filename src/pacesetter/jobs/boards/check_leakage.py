"""The leakage lab on the stored data: every factor, and every method's scores, without the future."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from pacesetter.factors.base import Factor, factors, factors_of
from pacesetter.jobs.boards.try_weights import load_history
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.market.calendar import day_date
from pacesetter.ranking.leakage import Leak, choose_days, find_leaks, find_score_leaks

EARLIEST = 300  # sessions of history before the first date that is tried, so that windows are full


@dataclass
class LeakageReport:
    """Dates tried, factors and values compared, and what changed with the future (empty: nothing)."""

    board: str
    method: str
    dates: list[date]
    factors: list[str]
    symbols: int
    simulated: bool
    leaks: list[Leak] = field(default_factory=list)


async def check_leakage(
    ws: Workspace,
    board: str,
    *,
    only: str | None = None,
    tried: int = 5,
    seed: int = 1,
    progress: Progress = say_nothing,
) -> LeakageReport:
    """Value ``tried`` dates of a board again with the future removed and shuffled.

    ``only``: one factor (default: all registered, and the scores of the board's method).
    """
    plan, panel = await load_history(ws, board)
    chosen: list[Factor] = [factors.get(only)] if only else factors_of("bars")
    rng = np.random.default_rng(seed)
    late = panel.on(panel.sessions[min(EARLIEST, panel.n_sessions - 2) :])
    days = choose_days(late, min(tried, late.n_sessions - 1), rng)
    report = LeakageReport(
        plan.name,
        f"{plan.method.name} v{plan.method.version}",
        [day_date(day) for day in days],
        [one.name for one in chosen],
        panel.n_symbols,
        ws.simulated,
    )
    for n, day in enumerate(days):
        progress("dates", n, len(days))
        asked = panel.on(np.array([day], dtype=np.int32))
        report.leaks += await asyncio.to_thread(find_leaks, chosen, asked, [day], rng)
        if only is None:
            scores = await asyncio.to_thread(
                find_score_leaks,
                plan.method,
                asked,
                plan.members(asked),
                [day],
                rng,
                asset_type=plan.asset_type,
            )
            report.leaks += scores
    progress("dates", len(days), len(days))
    return report
