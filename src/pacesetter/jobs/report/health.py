"""How good the data of a night were, for the morning report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.report.night_made import NightMade
from pacesetter.jobs.words import held_bar_in_words
from pacesetter.reports.night import Health, Held
from pacesetter.store.bars.quarantine import held_at
from pacesetter.store.symbols import onboarding_list
from pacesetter.store.work.cycles import list_cycles

LATE_SESSIONS = 2  # one session late is often a source that is slow
HELD_DAYS = 30  # what was held back longer ago is no news of a morning
FUNDAMENTALS = (
    *("trailing_pe", "price_to_sales", "price_to_book", "eps", "revenue_growth", "roe", "debt_to_equity"),
    *("gross_margin", "operating_margin", "profit_margin", "dividend_yield", "market_cap"),
)
MOST_FAILED = 20


async def look_at_data(conn: AsyncConnection, made: NightMade) -> Health:
    """Late prices, prices held back, what failed, and stocks without any fundamental."""
    evidence = made.evidence
    late = {
        symbol: int(behind)
        for symbol, behind in evidence.facts.select("symbol", "freshness.sessions_behind").iter_rows()
        if behind is not None
    }
    equities = [symbol for symbol in late if _is_equity(evidence, symbol)]
    bare = [symbol for symbol in equities if not _has_fundamentals(evidence.of(symbol))]
    sessions, newest = evidence.sessions, min(late.values(), default=None)
    is_known = newest is not None and newest < len(sessions)
    return Health(
        n_symbols=len(late),
        newest_on=sessions[-1 - newest] if is_known and newest is not None else None,
        stale=sorted((one for one in late.items() if one[1] >= LATE_SESSIONS), key=lambda o: (-o[1], o[0])),
        held=await _held(conn, evidence, made.desk_at),
        failed=await _failed(conn, made),
        n_equities=len(equities),
        bare=bare,
        as_of=made.said,
    )


def _is_equity(evidence: Evidence, symbol: str) -> bool:
    return symbol in evidence.listings and evidence.listings[symbol].asset_type == "equity"


def _has_fundamentals(facts: Mapping[str, float]) -> bool:
    return any(f"factor.{name}" in facts for name in FUNDAMENTALS)


async def _held(conn: AsyncConnection, evidence: Evidence, at: datetime | None) -> tuple[Held, ...]:
    since = evidence.on - timedelta(days=HELD_DAYS)
    rows = await held_at(conn, since + timedelta(days=1), evidence.on, at)
    rows.sort(key=lambda row: (-row.date.toordinal(), row.symbol))
    return tuple(Held(row.symbol, row.date, held_bar_in_words(row.reason)) for row in rows)


async def _failed(conn: AsyncConnection, made: NightMade) -> tuple[str, ...]:
    """Cycles of the session that failed, and symbols that could not be brought in since the last night. What
    exactly went wrong may name this machine: `pacesetter doctor` tells it."""
    evidence = made.evidence
    cycles = await list_cycles(conn, "failed", MOST_FAILED)
    kinds = sorted({row.kind for row in cycles if row.metric_date == evidence.on})
    said = [f"the {kind} cycle: `pacesetter doctor` says why" for kind in kinds]
    since = made.previous_on or evidence.on
    jobs: list[Any] = await onboarding_list.list_jobs(conn, status="failed", before=None, limit=MOST_FAILED)
    ended = [job for job in jobs if job.completed_at is not None and job.completed_at <= evidence.known_until]
    symbols = sorted({job.symbol for job in ended if job.completed_at.date() > since})
    return (*said, *(f"{symbol} could not be brought in" for symbol in symbols))
