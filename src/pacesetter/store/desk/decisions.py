"""Decisions of the desk, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.store.database.records import Records
from pacesetter.store.tables.decision import decisions as decisions_table
from pacesetter.store.tables.symbol import stocks

KEPT_YEARS = 2  # a decision that was never traded; one with a trade is kept for ever, and so are trades
ANSWERABLE = ("BUY", "SELL")
WAITING = ("proposed", "modified")
UNTRADED = (*WAITING, "approved")
LATE = "nobody acted in time"  # the answer of one that expired
UNLOGGED = "no trade of its time was logged"  # of one that was approved: it still may be
SHORTEST_ID = 4  # characters of an id that name a decision
_of = decisions_table.c


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A decision, and what a person made of it."""

    id: UUID
    symbol: str
    stock_id: UUID | None = None
    decided_on: date
    action: str
    status: str = "proposed"
    mode: str
    bullish_share: float | None = None
    conviction: str | None = None
    size_pct: float | None = None
    quantity: Decimal | None = None
    currency: str | None = None
    expires_on: date | None = None
    entry_price: Decimal | None = None
    stop_loss: Decimal | None = None
    target: Decimal | None = None
    reasons: Any
    challenge: Any
    portfolio_id: UUID | None = None
    trade_id: UUID | None = None
    answered_by: UUID | None = None
    answered_at: datetime | None = None
    answer: str | None = None
    proposed: Any = None
    outcome: Any = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


decisions = Records(decisions_table, DecisionRow, "decision")


async def store_decisions(conn: AsyncConnection, rows: Sequence[DecisionRow]) -> None:
    """Store what a night decided, all of one session; done again it changes nothing that was answered.

    What waits of an earlier night on one of these symbols is over: the newer decision stands in its place.
    Proposals of this session that the night does not make any more, and nobody has answered, go.
    """
    if not rows:
        return
    (on,) = {row.decided_on for row in rows}
    symbols = {row.symbol for row in rows}
    ids = await conn.execute(select(stocks.c.symbol, stocks.c.id).where(stocks.c.symbol.in_(symbols)))
    stock_ids = {row.symbol: row.id for row in ids}
    today = await decisions.find(conn, _of.decided_on == on)
    answered = {row.symbol for row in today if row.status != "proposed"}
    gone = [row.id for row in today if row.symbol not in symbols and row.status == "proposed"]
    await conn.execute(delete(decisions_table).where(_of.id.in_(gone)))
    fresh = [replace(r, stock_id=stock_ids.get(r.symbol)) for r in rows if r.symbol not in answered]
    await decisions.put(conn, fresh, by=("symbol", "decided_on"))
    earlier = _of.status.in_(WAITING) & _of.action.in_(ANSWERABLE) & (_of.decided_on < on)
    over = update(decisions_table).where(earlier, _of.symbol.in_(symbols))
    await conn.execute(over.values(status="expired", answer=f"replaced by the decision of {on}"))


async def expire_decisions(conn: AsyncConnection, on: date) -> int:
    """End what nobody acted upon in time, seen from the evening of a session; how many those are."""
    late = _of.status.in_(UNTRADED) & _of.action.in_(ANSWERABLE) & (_of.expires_on < on)
    said = case(((_of.status == "approved") & (_of.mode == "manual"), UNLOGGED), else_=LATE)
    over = update(decisions_table).where(late).values(status="expired", answer=said)
    return int((await conn.execute(over)).rowcount)


async def remove_old_decisions(conn: AsyncConnection, on: date) -> int:
    """Remove decisions of more than ``KEPT_YEARS`` before a date that were never traded; how many."""
    first = date(on.year - KEPT_YEARS, on.month, min(on.day, 28))  # every month has a 28th
    old = (_of.decided_on < first) & _of.trade_id.is_(None) & _of.status.not_in(("traded", "closed"))
    return int((await conn.execute(delete(decisions_table).where(old))).rowcount)


async def lock_decision(conn: AsyncConnection, decision_id: UUID) -> DecisionRow:
    """A decision that nobody else answers until this transaction ends; ``UnknownName`` for none."""
    await conn.execute(select(_of.id).where(_of.id == decision_id).with_for_update())
    return await decisions.get(conn, decision_id)


async def hold_untraded(conn: AsyncConnection) -> None:
    """Nobody answers a decision that is on its way until this transaction ends."""
    query = select(_of.id).where(_of.status.in_(UNTRADED)).order_by(_of.id)
    await conn.execute(query.with_for_update())


def waits(on: date) -> ColumnElement[bool]:
    """Decisions that a person may answer on a date: not those whose date has passed, though no night has
    ended them yet."""
    return _of.status.in_(WAITING) & _of.action.in_(ANSWERABLE) & (_of.expires_on >= on)


def is_to_trade(on: date) -> ColumnElement[bool]:
    """Approved decisions whose trade a person may still log on a date; on paper the night trades."""
    return (_of.status == "approved") & (_of.mode == "manual") & (_of.expires_on >= on)


async def list_decisions(
    conn: AsyncConnection,
    *,
    waiting: bool = False,
    to_do: bool = False,
    symbol: str | None = None,
    limit: int = 100,
    on: date = date.min,
) -> list[DecisionRow]:
    """Decisions as of ``on``: those to be answered first, the surest of them first, then those whose trade is
    to be logged, then the newest of the others. ``waiting``: the first alone; ``to_do``: the first two."""
    where = [_of.symbol == symbol] if symbol is not None else []
    asks, to_trade = waits(on), is_to_trade(on)
    if waiting or to_do:
        where.append(asks | to_trade if to_do else asks)
    order = (
        case((asks, 0), (to_trade, 1), else_=2),
        _of.decided_on.desc(),
        case((_of.action.in_(ANSWERABLE), 0), else_=1),
        _of.bullish_share.desc(),
        _of.symbol,
    )
    return await decisions.find(conn, *where, order_by=order, limit=limit)


async def find_decision(conn: AsyncConnection, name: str, on: date = date.min) -> DecisionRow:
    """A decision by its id, by at least four characters of the beginning or end of it, or the one of a symbol
    that is to be answered on a date, else to be traded, else its newest. ``UnknownName`` for none."""
    wanted = name.strip()
    rows = await list_decisions(conn, symbol=wanted.upper(), limit=1, on=on)
    if rows:
        return rows[0]
    found: list[UUID] = []
    if len(wanted) >= SHORTEST_ID:
        ids = await conn.scalars(select(_of.id))
        folded = wanted.casefold()
        found = [one for one in ids if str(one).startswith(folded) or str(one).endswith(folded)]
    if len(found) > 1:
        told = ", ".join(str(one)[-12:] for one in sorted(found)[:5])
        raise InputError(f"{len(found)} decisions fit {name!r}", mend=f"give more of it: {told}")
    if not found:
        raise UnknownName(f"there is no decision {name!r}", mend="`pacesetter decisions` lists them")
    return await decisions.get(conn, found[0])


async def open_purchases(conn: AsyncConnection, portfolio_id: UUID | None, on: date) -> list[DecisionRow]:
    """Purchases of earlier nights that may still be made in a portfolio, on the evening of ``on``."""
    here = _of.portfolio_id.is_(None) if portfolio_id is None else _of.portfolio_id == portfolio_id
    stands = _of.status.in_(UNTRADED) & (_of.expires_on >= on) & (_of.decided_on < on)
    return await decisions.find(
        conn, here, _of.action == "BUY", stands, order_by=[_of.decided_on, _of.symbol]
    )


async def decides_for(conn: AsyncConnection, portfolio_id: UUID) -> bool:
    """Whether the desk has decided anything for a portfolio."""
    query = select(_of.id).where(_of.portfolio_id == portfolio_id).limit(1)
    return await conn.scalar(query) is not None


async def traded_decisions(
    conn: AsyncConnection, portfolio_id: UUID, statuses: Collection[str] = ("traded", "closed")
) -> list[DecisionRow]:
    """Decisions of a portfolio in some states, oldest first."""
    here = (_of.portfolio_id == portfolio_id) & _of.status.in_(list(statuses))
    return await decisions.find(conn, here, order_by=[_of.decided_on, _of.symbol])
