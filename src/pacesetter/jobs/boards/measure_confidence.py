"""How firm the newest ranks are: measured after they were published, so nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.jobs.boards.ranked import BoardPlan
from pacesetter.jobs.boards.recall import recall_cycle
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import JobStopped, PacesetterError
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import BOX
from pacesetter.ranking.confidence import Board, RankIntervals, rank_intervals
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.boards.intervals import INTERVAL_SCHEMA, keep_intervals, without_intervals
from pacesetter.store.boards.published_rows import heads_of


async def measure_confidence(ws: Workspace, progress: Progress = say_nothing) -> int:
    """Measure the intervals of the newest published ranks that have none yet; returns how many boards.

    Safe to call at any time and from several processes: what is there is not measured
    again, and the same cycle gives the same intervals.
    """
    async with ws.db.read() as conn:
        on = await newest_published_date(conn)
        if on is None:
            return 0
        heads = [head for head in await heads_of(conn, on) if head.asset_type != BOX]  # they have no returns
        missing = await without_intervals(conn, newest_of_each(heads))
    progress("confidence", 0, len(missing))
    for _, group in groupby(sorted(missing, key=by_cycle), key=by_cycle):
        heads = list(group)
        rows = await asyncio.to_thread(measure_cycle, on, heads, *await recall_cycle(ws, on, heads))
        async with ws.db.write() as conn:
            await keep_intervals(conn, heads, rows)
    progress("confidence", len(missing), len(missing))
    return len(missing)


async def try_measuring(
    ws: Workspace, progress: Progress = say_nothing, *, tell: Callable[[PacesetterError], str] = str
) -> str | None:
    """Measure, or say why that failed: what was published stays published, and is no failure.

    ``JobStopped`` is none either, and goes on to whoever was asked to stop.
    """
    try:
        await measure_confidence(ws, progress)
    except JobStopped:
        raise
    except PacesetterError as error:
        return tell(error)
    return None


def newest_of_each(heads: Sequence[Any]) -> list[Any]:
    """Of several methods of a board the one that was published last, as people see it."""
    return list({head.domain_id: head for head in sorted(heads, key=lambda one: one.head_from)}.values())


def by_cycle(head: Any) -> str:
    """Heads of one cycle's evidence are measured from one panel."""
    return str(head.evidence_cycle_id)


def measure_cycle(on: date, heads: Sequence[Any], plans: Sequence[BoardPlan], whole: Panel) -> pl.DataFrame:
    """The intervals (``INTERVAL_SCHEMA``) of the boards that one cycle's evidence stands behind, from
    what that cycle knew (``recall_cycle``)."""
    panel = whole.on(np.array([day_number(on)]))
    used = sorted({part.uses for plan in plans for part in plan.method.factors})
    values = {name: evaluate(factors.get(name), panel) for name in used}
    boards = [Board(plan.slug, plan.asset_type, plan.method, plan.members(panel)[0]) for plan in plans]
    found = rank_intervals(panel, boards, values, heads[0].fingerprint or heads[0].evidence_cycle_id.hex)
    frames = [frame_of(head, panel, one) for head, one in zip(heads, found, strict=True)]
    return pl.concat([pl.DataFrame(schema=INTERVAL_SCHEMA), *frames])


def frame_of(head: Any, panel: Panel, found: RankIntervals) -> pl.DataFrame:
    """A board's intervals as rows, best rank first."""
    order = found.order
    low, high = (np.where(ranks[order] > 0, ranks[order], -1) for ranks in (found.low, found.high))
    rows = pl.DataFrame(
        {
            "symbol": [panel.symbols[s] for s in order],
            "low_rank": low,
            "high_rank": high,
            "n_ranked": found.ranked[order],
            "flip_share": np.append(found.flips, np.nan)[: len(order)],
        }
    )
    return rows.select(
        domain_id=pl.lit(head.domain_id.bytes),
        method_version_id=pl.lit(head.method_version_id.bytes),
        metric_date=pl.lit(head.metric_date),
        evidence_cycle_id=pl.lit(head.evidence_cycle_id.bytes),
        symbol="symbol",
        low_rank=pl.col("low_rank").replace(-1, None),
        high_rank=pl.col("high_rank").replace(-1, None),
        n_ranked="n_ranked",
        n_draws=pl.lit(found.draws),
        flip_share=pl.col("flip_share").fill_nan(None),
    ).cast(INTERVAL_SCHEMA)  # type: ignore[arg-type]
