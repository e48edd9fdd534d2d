"""All that a night made, stored in one transaction; and what is too old by then, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.night.advance_desk_queue import advance_stored_queue, tell_breakdown
from pacesetter.jobs.night.check_watchlist import store_watched
from pacesetter.jobs.night.fingerprint import print_inputs, print_made
from pacesetter.jobs.report.make_report import store_report
from pacesetter.jobs.report.night_made import NightMade
from pacesetter.kernel.errors import StoreError
from pacesetter.kernel.ids import new_id
from pacesetter.kernel.plain import plain_json
from pacesetter.store.desk.analyses import AnalysisRow, analyses
from pacesetter.store.desk.convergences import ConvergenceRow, convergences
from pacesetter.store.desk.decisions import expire_decisions, remove_old_decisions, store_decisions
from pacesetter.store.desk.nights import NightRow, nights
from pacesetter.store.desk.signals import store_signals
from pacesetter.store.symbols.symbols import stock_ids
from pacesetter.store.tables.signal import convergences as convergences_table

KEPT_DAYS = 400  # of convergences: a year of them, for whoever looks back


async def store_night(
    conn: AsyncConnection,
    made: NightMade,
    content: Mapping[str, Any],
    *,
    read_at: datetime,
    done_at: datetime,
) -> NightRow:
    """Store a night in the caller's transaction, which has seen that the desk is as it was.

    ``read_at``: when its evidence was read. Before its morning, what comes later is the next night's.
    """
    on, at = made.evidence.on, made.evidence.known_until
    await store_signals(conn, made.found, on=on, at=at)
    await convergences.put(conn, convergence_rows(made), by=("symbol", "converged_on"))
    queue = await advance_stored_queue(conn, made.convergence, on, made.desk.queue)
    if queue != made.queue:
        raise StoreError("the research queue was changed by hand", mend="work the night through again")
    opinions = await analysis_rows(conn, made)
    await analyses.put(conn, opinions, by=("symbol", "analyst", "analysed_on"))
    await expire_decisions(conn, on)
    await store_decisions(conn, made.decisions)
    await remove_old_decisions(conn, on)
    await store_watched(conn, made.watched)
    report = await store_report(conn, content)
    night = NightRow(
        night_on=on,
        known_until=min(at, read_at),
        regime=made.evidence.regime,
        resting=sorted(queue.resting),
        counts={
            "signals": len(made.found),
            "converged": made.convergence.frame.height,
            "waiting": len(queue.entries),
            "opinions": len(opinions),
            "decisions": len(made.decisions),
            "fired": sum(one.change == "fired" for one in made.watched),
        },
        inputs=print_inputs(made),
        fingerprint=print_made(made, report.fingerprint),
        rules={name: one.version for name, one in sorted(made.settings.items())},
        done_at=done_at,
    )
    await nights.add(conn, [night])
    await forget_convergences(conn, on)
    return night


def convergence_rows(made: NightMade) -> list[ConvergenceRow]:
    """What the night's signals came to, by symbol; a symbol whose signals have all faded has none."""
    on, frame = made.evidence.on, made.convergence.frame
    return [
        ConvergenceRow(
            symbol=row["symbol"],
            converged_on=on,
            score=row["score"],
            band=row["band"],
            n_signals=row["n_signals"],
            n_kinds=row["n_kinds"],
            breakdown=tell_breakdown(made.convergence, row["symbol"], on),
        )
        for row in frame.iter_rows(named=True)
        if row["score"] > 0
    ]


async def analysis_rows(conn: AsyncConnection, made: NightMade) -> list[AnalysisRow]:
    """The night's opinions, each with what a language model added."""
    companies = await stock_ids(conn, list(made.opinions))
    return [
        AnalysisRow(
            id=new_id(),
            symbol=symbol,
            stock_id=companies.get(symbol),
            analyst=one.analyst,
            analysed_on=made.evidence.on,
            recommendation=one.recommendation,
            score=one.score,
            confidence=one.confidence,
            reasoning=one.reasoning,
            key_metrics=plain_json(one.key_metrics),
            risks=list(one.risks),
            told=plain_json(made.told.get((symbol, one.analyst))),
            config_version=made.settings[one.analyst].version,
        )
        for symbol, said in made.opinions.items()
        for one in said
    ]


async def forget_convergences(conn: AsyncConnection, on: date) -> None:
    """Remove what signals came to longer ago than ``KEPT_DAYS``."""
    old = convergences_table.c.converged_on < on - timedelta(days=KEPT_DAYS)
    await conn.execute(delete(convergences_table).where(old))
