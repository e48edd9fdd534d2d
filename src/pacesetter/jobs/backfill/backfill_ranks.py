"""Rank past dates, or all history: one computation over many dates, published in chunks.

Each chunk is one transaction with everything that its dates need, so the state is right
after each of them. A backfill that was stopped goes on behind its last chunk; done again
it writes nothing, because equal content makes no new version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import numpy as np

from pacesetter.factors.base import factors
from pacesetter.jobs.backfill.backfill_boxes import backfill_boxes
from pacesetter.jobs.backfill.backfill_report import BackfillReport
from pacesetter.jobs.boards.board_panels import load_board_panel
from pacesetter.jobs.boards.daily_cycle import name_sources
from pacesetter.jobs.boards.held_tick import LEASE_S, claim_tick, kept_lease, note_failure
from pacesetter.jobs.boards.publication_frames import assemble
from pacesetter.jobs.boards.rank_dates import describe_inputs, plan_boards, rank_panel
from pacesetter.jobs.boards.ranked import BoardPlan, Ranked
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import BadDate, InputError, LeaseLost, PacesetterError
from pacesetter.market.calendar import (
    day_date,
    day_number,
    is_final,
    latest_session,
    sessions_between,
)
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import BOX
from pacesetter.ranking.inputs import Inputs
from pacesetter.store.bars.bars import first_price_date
from pacesetter.store.boards import rankings
from pacesetter.store.boards.memberships import newest_member_date
from pacesetter.store.boards.methods import register_factors
from pacesetter.store.symbols.domains import find_domain
from pacesetter.store.work.cycles import Claim, find_unfinished, free_time

CHUNK = 60  # dates a transaction
NOBODY = "nobody can be ranked up"
BLOCK_CELLS = 2_000_000  # dates × symbols ranked at once: bounds the memory, not the result


async def backfill_ranks(
    ws: Workspace,
    *,
    board: str | None = None,
    boards: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    progress: Progress = say_nothing,
) -> BackfillReport:
    """Publish every session from ``first`` to ``last`` (default: all that have prices) of the named boards,
    or of all of an exchange's; boards of boxes, on every day that one was observed on."""
    started = perf_counter()
    slugs = None
    if named := [*boards, *([] if board is None else [board])]:
        async with ws.db.read() as conn:
            slugs = [(await find_domain(conn, name)).slug for name in named]
    plans = await plan_boards(ws, slugs=slugs)
    kinds = {plan.asset_type for plan in plans}
    if BOX in kinds and len(kinds) > 1:
        raise InputError(
            "boxes have days of their own", where=", ".join(named), mend="ask for their board alone"
        )
    if BOX in kinds:
        report = await backfill_boxes(ws, [plan.slug for plan in plans], first, last, progress)
        report.took_s = perf_counter() - started
        return report
    dates = await choose_dates(ws, plans, first, last)
    report = BackfillReport(None, [plan.slug for plan in plans], dates[0], dates[-1], len(dates))
    panel = await load_board_panel(ws, sessions=dates, asset_types=kinds)
    inputs = await asyncio.to_thread(describe_inputs, panel, plans)
    job = {
        "boards": report.boards,
        "first": str(dates[0]),
        "last": str(dates[-1]),
        "inputs": inputs.as_json(),
    }
    claim, done = await claim_backfill(ws, dates[-1], job)
    report.cycle_id, report.resumed_after = claim.cycle_id, done
    try:
        async with kept_lease(ws, claim):
            await publish_all(ws, claim, panel, plans, inputs, job, report, progress)
    except LeaseLost:
        raise
    except PacesetterError as error:
        await note_failure(ws, claim, error)
        raise
    report.took_s = perf_counter() - started
    return report


async def choose_dates(
    ws: Workspace, plans: Sequence[BoardPlan], first: date | None, last: date | None
) -> list[date]:
    """The sessions to rank; only final ones, none before the first price nor after the members' last."""
    mic = ws.settings.calendar
    async with ws.db.read() as conn:
        begin = await first_price_date(conn)
        ends = [await newest_member_date(conn, plan.domain_id) for plan in plans]
    if begin is None or not any(ends):
        raise InputError(
            "no prices are stored",
            where=", ".join(plan.name for plan in plans[:3]),
            mend="`pacesetter import prices FILE`, or `pacesetter up`",
        )
    latest = min(latest_session(mic, ws.now()), max(end for end in ends if end is not None))
    if first is not None and last is not None and first > last:
        raise BadDate(f"{first} is after {last}", where="--from", mend="give the earlier date to --from")
    found = sessions_between(mic, max(begin, first or begin), min(latest, last or latest))
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    dates = [on for on in found if is_final(mic, on, ws.now(), delay)]
    if not dates:
        raise BadDate("no finished session lies between these dates", where=mic, mend=f"prices begin {begin}")
    return dates


async def claim_backfill(ws: Workspace, last: date, job: dict[str, Any]) -> tuple[Claim, date | None]:
    """A new tick, or the one of the same work that was stopped, and the date up to which it is done."""
    async with ws.db.read() as conn:
        stopped = await find_unfinished(conn, "backfill")
    for row in stopped:
        kept = row.progress or {}
        if all(kept.get(key) == value for key, value in job.items()):
            claim = await claim_tick(ws, "backfill", row.scheduled_for, last, LEASE_S)
            if claim is not None:
                return claim, date.fromisoformat(kept["done"]) if "done" in kept else None
    async with ws.db.read() as conn:
        tick = await free_time(conn, "backfill", ws.now())
    claim = await claim_tick(ws, "backfill", tick, last, LEASE_S)
    if claim is None:
        raise LeaseLost("another backfill began at this very moment", mend="try again")
    return claim, None


async def publish_all(
    ws: Workspace,
    claim: Claim,
    panel: Panel,
    plans: Sequence[BoardPlan],
    inputs: Inputs,
    job: dict[str, Any],
    report: BackfillReport,
    progress: Progress,
) -> None:
    """Rank block by block and publish chunk by chunk; the last chunk closes the tick."""
    async with ws.db.write() as conn:
        names = sorted({part.uses for plan in plans for part in plan.method.factors})
        ids = await register_factors(conn, [factors.get(name) for name in names])
    report.problems += name_absent(panel, plans)
    after = report.resumed_after
    todo = panel.sessions if after is None else panel.sessions[panel.sessions > day_number(after)]
    step = max(CHUNK, BLOCK_CELLS // max(panel.n_symbols, 1) // CHUNK * CHUNK)
    done = 0
    for start in range(0, len(todo), step):
        ranked = await asyncio.to_thread(rank_panel, panel.on(todo[start : start + step]), plans)
        for at in range(0, ranked.panel.n_sessions, CHUNK):
            progress("dates", done, len(todo))
            part = ranked.on(at, at + CHUNK)
            done += part.panel.n_sessions
            kept = {**job, "done": str(day_date(part.panel.sessions[-1]))}
            part = without_empty_start(part, report)
            dates = [day_date(day) for day in part.panel.sessions]
            publication = await asyncio.to_thread(assemble, part, ids, dates, inputs)
            async with ws.db.write() as conn:
                counts = await rankings.publish(
                    conn,
                    claim,
                    publication,
                    at=ws.now(),
                    close=done == len(todo),
                    progress=kept,
                    source=await name_sources(conn, claim.metric_date),
                )
            report.published += len(dates)
            report.rows += counts.rows
            report.changed += counts.changed
    progress("dates", len(todo), len(todo))


def without_empty_start(part: Ranked, report: BackfillReport) -> Ranked:
    """Leave out the first dates of all history, on which nobody has prices enough to be ranked."""
    if report.published or report.resumed_after:
        return part
    anybody = np.zeros(part.panel.n_sessions, dtype=bool)
    for _, ranks in part.boards:
        anybody |= (ranks.rank > 0).any(axis=1)
    first = int(np.argmax(anybody)) if anybody.any() else len(anybody)
    if first:
        last = day_date(part.panel.sessions[first - 1])
        report.problems = [line for line in report.problems if not line.startswith(NOBODY)]
        report.problems.insert(0, f"{NOBODY} to {last}: too few prices yet")
    return part.on(first, len(anybody))


def name_absent(panel: Panel, plans: Sequence[BoardPlan]) -> list[str]:
    """Members of boards without a single price."""
    known = set(panel.symbols)
    absent = {plan.name: sorted({s for s, _, _ in plan.spells} - known) for plan in plans}
    return [f"{name}: no prices of {', '.join(symbols)}" for name, symbols in absent.items() if symbols]
