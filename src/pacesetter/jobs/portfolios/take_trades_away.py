"""Trades taken away, one or those of an import: positions, decisions, stops and the audit log follow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.positions import fold_portfolio, rebuild_positions
from pacesetter.jobs.proposals.follow_decisions import forget_sales
from pacesetter.jobs.proposals.own_exits import give_own_exits_back
from pacesetter.jobs.proposals.position_exits import put_exits_back, read_exits
from pacesetter.jobs.workspace import Workspace
from pacesetter.portfolio.position import Ledger
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.decisions import decides_for, traded_decisions
from pacesetter.store.portfolios.trades import Removed, remove_trades

MOST_TOLD = 100  # trades of one entry of the audit log
TOLD = ("action", "symbol", "quantity", "price", "amount", "commission", "currency", "traded_on", "note")


@dataclass(frozen=True)
class TakenAway:
    """How many trades went, and all that remain, folded."""

    n: int
    ledger: Ledger


async def take_trades_away(
    ws: Workspace,
    conn: AsyncConnection,
    portfolio_id: UUID,
    *,
    trade_id: UUID | None = None,
    import_id: UUID | None = None,
    file_name: str | None = None,
    user_id: UUID | None = None,
) -> TakenAway:
    """Take one trade, or all of an import, out of a locked portfolio in the caller's transaction.

    A position lives on with a person's stop, target and note where other trades hold it. Where the desk
    decides for the portfolio, a decision whose trade went waits for it again, stops and targets are those of
    the lots that remain, and the audit log says what was taken away.
    """
    if not await decides_for(conn, portfolio_id):
        gone = await remove_trades(conn, portfolio_id, import_id=import_id, trade_id=trade_id)
        ledger = await rebuild_positions(conn, portfolio_id, ws.now(), lost=gone.positions)
        return TakenAway(len(gone.trades), ledger)
    _, _, splits = await fold_portfolio(conn, portfolio_id)
    before = await read_exits(conn, portfolio_id, splits)
    logged = await traded_decisions(conn, portfolio_id)
    gone = await remove_trades(conn, portfolio_id, import_id=import_id, trade_id=trade_id)
    await forget_sales(conn, portfolio_id, gone.trades)
    ledger = await rebuild_positions(conn, portfolio_id, ws.now(), lost=gone.positions)
    await give_own_exits_back(conn, portfolio_id, [row for row in logged if row.trade_id in gone.decisions])
    await put_exits_back(conn, portfolio_id, before, splits)
    if gone.trades:
        about: dict[str, Any] = {"portfolio": str(portfolio_id), "n_trades": len(gone.trades)}
        if import_id is not None:
            about |= {"import": str(import_id), "file": file_name}
        about["trades"] = [tell_trade(one, gone) for one in gone.trades[:MOST_TOLD]]
        await write_entry(conn, "trade.removed", about, at=ws.now(), user_id=user_id)
    return TakenAway(len(gone.trades), ledger)


def tell_trade(one: Row[Any], gone: Removed) -> dict[str, Any]:
    """A trade that is no more, in the audit log's words: amounts are exact, so they are text."""
    told: dict[str, Any] = {"trade": str(one.id)}
    for name in TOLD:
        value = getattr(one, name)
        if value is not None:
            told[name] = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    if one.id in gone.decisions:
        told["decision"] = str(gone.decisions[one.id])
    return told
