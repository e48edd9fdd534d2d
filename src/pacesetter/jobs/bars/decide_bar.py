"""A person's decision on a bar that was held back: it is right as it is, or it was meant otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

import polars as pl
from sqlalchemy import Row

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.quality import refuse_impossible
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.bars.bars import BAR_FRAME, upsert_bars
from pacesetter.store.bars.quarantine import decide, find_held, list_held
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.symbols.symbols import find_symbol

PRICES = ("open", "high", "low", "close", "adj_close")
CHANGED = (*PRICES, "volume")  # what a repair may change, and the audit log tells


@dataclass(frozen=True)
class Decision:
    """What was decided on a held bar, by whom, and the bar that is stored now."""

    symbol: str
    on: date
    state: Literal["accepted", "repaired"]
    reason: str
    by: str
    bar: Mapping[str, Any]


async def accept_bar(
    ws: Workspace, symbol: str, on: date, *, by: str, user_id: UUID | None = None
) -> Decision:
    """Store a held bar as it is. The next cycle ranks again what it touches."""
    return await decide_bar(ws, symbol, on, {}, by, user_id=user_id)


async def repair_bar(
    ws: Workspace,
    symbol: str,
    on: date,
    values: Mapping[str, float],
    *,
    by: str,
    scale: float = 1.0,
    user_id: UUID | None = None,
) -> Decision:
    """Store a held bar with its prices times ``scale``, and then ``values`` in the place of its own
    (any of open, high, low, close, adj_close, volume).

    A later fetch does not overwrite them. ``InputError`` for values that no bar can have.
    """
    if not values and scale == 1.0:
        raise InputError(
            "a repair needs another value",
            where=f"{symbol} {on}",
            mend="give a price, or a scale such as 0.01",
        )
    if not (math.isfinite(scale) and scale > 0):
        raise InputError(f"{scale} is no scale", where=f"{symbol} {on}", mend="give a number above zero")
    return await decide_bar(ws, symbol, on, values, by, scale, user_id=user_id)


async def decide_bar(
    ws: Workspace,
    symbol: str,
    on: date,
    values: Mapping[str, float],
    by: str,
    scale: float = 1.0,
    *,
    user_id: UUID | None = None,
) -> Decision:
    """Store the bar with other values, if any, close the case, and log who did, in one transaction."""
    state: Literal["accepted", "repaired"] = "repaired" if values or scale != 1.0 else "accepted"
    at = ws.now()
    async with ws.db.write() as conn:
        known = await find_symbol(conn, symbol)
        held = await find_held(conn, known.symbol, on)
        if held is None:
            raise InputError(
                f"no bar of {known.symbol} on {on} is held back", mend="`pacesetter quarantine` lists them"
            )
        bar = {name: getattr(held, name) for name in BAR_FRAME}
        bar |= {name: bar[name] * scale for name in PRICES if bar[name] is not None}
        bar |= check_values(known.symbol, on, values)
        frame = pl.DataFrame([bar], schema=BAR_FRAME, orient="row")
        refuse_wrong(frame.select(list(BAR_SCHEMA)), at.date())
        revision = await new_revision(conn, "repair", at)
        await upsert_bars(conn, frame, source=held.data_source, revision=revision, fetched_at=at)
        await decide(conn, held.id, state=state, at=at, by=by)
        told = {"symbol": known.symbol, "on": on.isoformat(), "held_for": held.reason, "by": by}
        told["before"] = {name: getattr(held, name) for name in CHANGED}
        told["after"] = {name: bar[name] for name in CHANGED}
        await write_entry(conn, f"price.{state}", told, at=at, user_id=user_id)
    return Decision(known.symbol, on, state, held.reason, by, bar)


def check_values(symbol: str, on: date, values: Mapping[str, float]) -> dict[str, Any]:
    """Values that a bar can take over; a volume is a whole number."""
    names = [name for name in BAR_SCHEMA if name not in ("symbol", "date")]
    for name, value in values.items():
        if name not in names:
            raise InputError(f"a bar has no {name!r}", where=symbol, mend=f"it has {', '.join(names)}")
        if not math.isfinite(value):
            raise InputError(f"{name} is no number", where=f"{symbol} {on}", mend="give a finite number")
    return {name: round(value) if name == "volume" else float(value) for name, value in values.items()}


def refuse_wrong(bar: pl.DataFrame, today: date) -> None:
    """``InputError`` for a bar that the quality gate would refuse."""
    _, refused = refuse_impossible(bar.with_row_index("row").cast({"row": pl.Int64}), today)
    if refused.height:
        row = refused.row(0, named=True)
        raise InputError(
            f"such a bar is impossible: {str(row['reason']).replace('_', ' ')}",
            where=f"{row['symbol']} {row['date']}",
            mend="give values with low ≤ open, close ≤ high, above zero",
        )


async def list_cases(ws: Workspace, symbol: str | None = None, limit: int = 1000) -> list[Row[Any]]:
    """Bars that wait for a decision, newest first."""
    async with ws.db.read() as conn:
        name = None if symbol is None else (await find_symbol(conn, symbol)).symbol
        return await list_held(conn, name, limit)
