"""The portfolio in which the desk trades on paper: its own, never a person's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.trade_portfolio import enter_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import UnknownName
from pacesetter.store.database.revisions import get_meta, set_meta
from pacesetter.store.portfolios.portfolios import add_portfolio, get_portfolio, list_portfolios

NAME = "Desk (paper)"
DEPOSIT = Decimal(100_000)
BASE_CURRENCY = "USD"  # as portfolios have it that are made without saying another
NOTE = "desk_paper_portfolio"  # which portfolio it is, whatever it is called by now


async def paper_portfolio(ws: Workspace, conn: AsyncConnection, on: date) -> Row[Any]:
    """The desk's paper portfolio; made with ``DEPOSIT`` on ``on`` where there is none yet, or none any more,
    in the caller's transaction."""
    found = await find_paper_portfolio(conn)
    if found is not None:
        return found
    taken = {row.name for row in await list_portfolios(conn) if row.user_id is None}
    names = (NAME if n == 1 else f"{NAME} {n}" for n in range(1, len(taken) + 2))
    name = next(one for one in names if one not in taken)
    portfolio_id = await add_portfolio(
        conn, name=name, base_currency=BASE_CURRENCY, benchmark=None, user_id=None
    )
    await set_meta(conn, NOTE, str(portfolio_id))
    await enter_trade(
        ws,
        conn,
        portfolio_id,
        action="deposit",
        amount=DEPOSIT,
        traded_on=on,
        note="paper money to begin with",
    )
    return await get_portfolio(conn, portfolio_id)


async def find_paper_portfolio(conn: AsyncConnection) -> Row[Any] | None:
    """The desk's paper portfolio; None where it was not made yet, or taken away."""
    noted = await get_meta(conn, NOTE)
    if noted is None:
        return None
    try:
        return await get_portfolio(conn, UUID(noted))
    except UnknownName:
        return None
