"""The real trade of an approved decision, logged: it goes into the portfolio, its stop and target onto the
position, where no person set another (``own_exits.py``). A sale that ends the position gives the decision its
outcome (``follow_decisions.py``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.decisions.answer_decision import Answered, Settings, current
from pacesetter.jobs.decisions.view_decisions import is_unlogged
from pacesetter.jobs.portfolios.keep_portfolios import EVERYONE, settle
from pacesetter.jobs.portfolios.positions import fold_portfolio
from pacesetter.jobs.portfolios.trade_portfolio import PENCE, TradeDone, enter_trade, in_pounds
from pacesetter.jobs.proposals.decision_terms import mode_for, proposal_of, told
from pacesetter.jobs.proposals.desk_terms import desk_terms
from pacesetter.jobs.proposals.follow_decisions import follow_decisions
from pacesetter.jobs.proposals.own_exits import replace_own_exits, tell_exits
from pacesetter.jobs.proposals.position_exits import mark_exits
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.research import proposal as flow
from pacesetter.research.proposal import Fill, Proposal
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.desk.decisions import DecisionRow, decisions, lock_decision
from pacesetter.store.portfolios import portfolios as stored


async def log_trade(
    ws: Workspace,
    decision_id: UUID,
    *,
    price: Decimal,
    quantity: Decimal | None = None,
    traded_on: date | None = None,
    commission: Decimal = Decimal(0),
    currency: str | None = None,
    portfolio: str | None = None,
    by: str = "the command line",
    user_id: UUID | None = None,
    settings: Settings | None = None,
    seen: ColumnElement[bool] = EVERYONE,
) -> Answered:
    """Log what was traded of an approved decision: so many (else as many as it says) at a price in the
    symbol's currency, today unless said. ``portfolio`` for a decision that was made without one."""
    now = ws.now()
    async with ws.db.write() as conn:
        given = await current(conn, settings)
        row = await decisions.get(conn, decision_id)
        portfolio_id = await portfolio_for(conn, row, portfolio, desk_terms(given)[1], seen)
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)  # before the decision, as everywhere
        row = await lock_decision(conn, decision_id)
        mode = mode_for(row, given)
        if mode == "paper":
            raise InputError(
                "it is on paper: the night trades it at the next open", where=row.symbol, mend="wait for it"
            )
        many = quantity if quantity is not None else row.quantity
        if many is None:
            raise InputError("it says no quantity", where=row.symbol, mend="say how many were traded")
        each, cost = _in_major(price, currency), _in_major(commission, currency)
        fill = Fill(traded_on or now.date(), many, each, cost)
        step = flow.log_trade(_to_trade(row), mode, now.date(), by=by, fill=fill)
        done = await put_trade(ws, conn, row, portfolio_id, fill, currency=currency)
        values: dict[str, Any] = {"answered_by": user_id, "answered_at": now, "answer": None}
        after = await note_trade(conn, row, portfolio_id, done.id, **values)
        about = told(after, event=step.event, **tell_fill(fill, done.id, portfolio_id))
        await write_entry(conn, "decision.traded", about, at=now, user_id=user_id)
        said = (*done.said, *await tell_exits(conn, portfolio_id, after))
        if not step.kept:
            await conn.rollback()
            return Answered(after, step.event, False, said)
    _, late = await settle(ws, portfolio_id, [row.symbol])
    return Answered(after, step.event, True, (*said, *late))


async def put_trade(
    ws: Workspace,
    conn: AsyncConnection,
    row: DecisionRow,
    portfolio_id: UUID,
    fill: Fill,
    *,
    currency: str | None = None,
    why: str = "",
) -> TradeDone:
    """Enter the trade of a decision into a portfolio; ``note_trade`` comes next."""
    note = f"decision {row.id}" + (f": {why}" if why else "")
    return await enter_trade(
        ws,
        conn,
        portfolio_id,
        action="buy" if row.action == "BUY" else "sell",
        symbol=row.symbol,
        quantity=fill.quantity,
        price=fill.price,
        commission=fill.commission,
        currency="GBP" if currency in PENCE else currency or row.currency,
        traded_on=fill.traded_on,
        note=note,
    )


async def note_trade(
    conn: AsyncConnection, row: DecisionRow, portfolio_id: UUID, trade_id: UUID, **more: Any
) -> DecisionRow:
    """Mark a decision as traded; where the trade ended the position, it is closed at once; after a purchase
    its position has stop and target."""
    values = {"status": "traded", "trade_id": trade_id, "portfolio_id": portfolio_id, **more}
    await decisions.change(conn, row.id, **values)
    ledger, trades, splits = await fold_portfolio(conn, portfolio_id)
    await follow_decisions(conn, portfolio_id, ledger, trades, splits)
    if row.action == "BUY":
        own = splits.get(row.symbol, ())
        await replace_own_exits(conn, portfolio_id, await decisions.get(conn, row.id), own)
        await mark_exits(conn, portfolio_id, row.symbol, own)
    return await decisions.get(conn, row.id)


def tell_fill(fill: Fill, trade_id: UUID, portfolio_id: UUID) -> dict[str, Any]:
    """What was traded, for the audit log: amounts are exact, so they are text, alike on every database."""
    amounts = {"quantity": fill.quantity, "price": fill.price, "commission": fill.commission}
    return {
        "trade": str(trade_id),
        "portfolio": str(portfolio_id),
        **{name: f"{value.normalize():f}" for name, value in amounts.items()},
        "traded_on": fill.traded_on.isoformat(),
    }


def _to_trade(row: DecisionRow) -> Proposal:
    """The proposal whose trade is logged. A night ends an approved one after its last day; what was traded by
    then may still be logged, such as on the morning after, or again where it was logged wrongly."""
    given = proposal_of(row)
    return replace(given, state="approved", reason="") if is_unlogged(row) else given


async def portfolio_for(
    conn: AsyncConnection,
    row: DecisionRow,
    named: str | None,
    chosen: str | None,
    seen: ColumnElement[bool],
) -> UUID:
    """The portfolio that a decision is traded in: its own, else the one named, else the desk's."""
    if row.portfolio_id is not None:
        if named is None:
            return row.portfolio_id
        found: UUID = (await stored.find_portfolio(conn, named, seen)).id
        if found != row.portfolio_id:
            raise InputError(
                f"it was made for another portfolio than {named!r}",
                where=row.symbol,
                mend="leave the portfolio out",
            )
        return found
    name = named or chosen
    if name is None:
        raise InputError(
            "there is no portfolio to log the trade in", where=row.symbol, mend="name one: --portfolio NAME"
        )
    return UUID(str((await stored.find_portfolio(conn, name, seen)).id))


def _in_major(price: Decimal, currency: str | None) -> Decimal:
    return (in_pounds(price) or Decimal(0)) if currency in PENCE else price
