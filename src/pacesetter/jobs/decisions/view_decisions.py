"""Decisions as people look at them: what nobody answered in time is expired, also before a night ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.desk import decisions as stored
from pacesetter.store.desk.decisions import DecisionRow


async def list_decisions(
    ws: Workspace,
    *,
    waiting: bool = False,
    to_do: bool = False,
    symbol: str | None = None,
    limit: int = 100,
) -> list[DecisionRow]:
    """Decisions: those to be answered first (``waiting``: these alone), then those whose trade is to be
    logged (``to_do``: up to these), then the newest of the others."""
    on = ws.now().date()
    async with ws.db.read() as conn:
        found = await stored.list_decisions(
            conn, waiting=waiting, to_do=to_do, symbol=symbol, limit=limit, on=on
        )
    return [seen_on(row, on) for row in found]


async def view_decision(ws: Workspace, name: str) -> DecisionRow:
    """One decision by its id, a part of it, or the symbol; ``UnknownName`` for none."""
    on = ws.now().date()
    async with ws.db.read() as conn:
        return seen_on(await stored.find_decision(conn, name, on), on)


def seen_on(row: DecisionRow, on: date) -> DecisionRow:
    """A decision as it is on a date: expired where nobody may act upon it any more.

    An order on paper stays as it is stored: it may stand for the session after its last day, and the night
    ends it."""
    ends = is_asking(row) or is_to_trade(row)
    if not ends or row.expires_on is None or row.expires_on >= on:
        return row
    why = stored.UNLOGGED if row.status == "approved" else stored.LATE
    return replace(row, status="expired", answer=row.answer or why)


def tell_why(row: DecisionRow) -> str:
    """Why, in one line."""
    said = row.reasons.get("said") if isinstance(row.reasons, dict) else None
    return "; ".join(said or [])


def is_waiting(row: DecisionRow, on: date) -> bool:
    """Whether a person is asked for an answer, and may give one on a date."""
    return is_asking(seen_on(row, on))


def is_asking(row: DecisionRow) -> bool:
    """Whether it has the state of one that nobody has answered."""
    return row.action in stored.ANSWERABLE and row.status in stored.WAITING


def is_unlogged(row: DecisionRow) -> bool:
    """Whether it was approved, and is over without a trade: one that was made in time may still be logged."""
    return row.status == "expired" and row.answer == stored.UNLOGGED


def is_to_trade(row: DecisionRow) -> bool:
    """Whether it has the state of one whose trade a person is to log; on paper the night trades."""
    return row.status == "approved" and row.mode == "manual"
