"""Positions: made from the trades when those change; stop, target and note are a person's own, or, where the
desk decides, a stop and a target of its lots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.store.database.bulk import chunks
from pacesetter.store.tables.portfolio import portfolio_positions
from pacesetter.store.tables.symbol import symbol_universe

_of = portfolio_positions.c
MADE = (
    *("symbol", "side", "status", "entry_date", "entry_price", "quantity", "exit_date", "exit_price"),
    *("realised", "currency"),
)
OWN = ("stop_loss", "target", "own_stop_loss", "own_target", "note")


async def write_positions(
    conn: AsyncConnection,
    portfolio_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    at: datetime,
    *,
    lost: Sequence[Row[Any]] = (),
) -> None:
    """Make the stored positions those of ``rows`` (``MADE``, ``opened_by``), by the trade that opened them.

    One that is not among them any more is marked as deleted; its stop, target and note go to the new
    position of the same symbol and side, where that has none: an earlier trade that was added
    makes it begin earlier, and it is the same position to whoever holds it. So do those of ``lost`` ones,
    which went with the trade that opened them. One that stood as the new one does comes first: open/closed.
    """
    query = select(portfolio_positions).where(_of.portfolio_id == portfolio_id)
    stored = {row.opened_by: row for row in await conn.execute(query)}
    wanted = {row["opened_by"]: dict(row) for row in rows}
    vanished = [row for key, row in stored.items() if key not in wanted and row.deleted_at is None]
    heirless = [*vanished, *(one for one in lost if one.deleted_at is None)]
    fresh: list[dict[str, Any]] = []
    for key, row in wanted.items():
        if key in stored:
            continue
        alike = [one for one in heirless if (one.symbol, one.side) == (row["symbol"], row["side"])]
        own = min(alike, key=lambda one: one.status != row["status"], default=None)
        if own is not None:
            heirless.remove(own)
        words = dict.fromkeys(OWN) if own is None else {name: getattr(own, name) for name in OWN}
        fresh.append({"id": new_id(), "portfolio_id": portfolio_id, **row, **words})
    changed = [
        row | {"deleted_at": None}
        for key, row in wanted.items()
        if key in stored and (stored[key].deleted_at or any(getattr(stored[key], n) != row[n] for n in MADE))
    ]
    for chunk in chunks([row.id for row in vanished]):
        gone = update(portfolio_positions).where(_of.id.in_(chunk))
        await conn.execute(gone.values(deleted_at=at))
    if fresh:
        await conn.execute(portfolio_positions.insert(), fresh)
    if changed:
        dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
        again = [row | {"id": stored[row["opened_by"]].id, "portfolio_id": portfolio_id} for row in changed]
        statement = dialect.insert(portfolio_positions)
        sets = {name: statement.excluded[name] for name in (*MADE, "deleted_at")}
        await conn.execute(statement.on_conflict_do_update(index_elements=["opened_by"], set_=sets), again)


async def list_positions(conn: AsyncConnection, portfolio_id: UUID) -> list[Row[Any]]:
    """Positions of a portfolio with their symbols' name and kind: open ones first, by symbol and entry."""
    about = (symbol_universe.c.name.label("symbol_name"), symbol_universe.c.asset_type)
    rows = await conn.execute(
        select(portfolio_positions, *about)
        .join(symbol_universe, symbol_universe.c.symbol == _of.symbol)
        .where(_of.portfolio_id == portfolio_id, _of.deleted_at.is_(None))
        .order_by(_of.status.desc(), _of.symbol, _of.entry_date, _of.id)
    )
    return list(rows)


async def change_position(
    conn: AsyncConnection, portfolio_id: UUID, position_id: UUID, values: Mapping[str, Any]
) -> None:
    """Set stop, target or note; ``UnknownName`` where the portfolio has no such position."""
    which = (_of.id == position_id) & (_of.portfolio_id == portfolio_id) & _of.deleted_at.is_(None)
    if await conn.scalar(select(_of.id).where(which)) is None:
        raise UnknownName(f"there is no position {position_id} in this portfolio", mend="list its positions")
    if values:
        await conn.execute(update(portfolio_positions).where(which).values(**values))
