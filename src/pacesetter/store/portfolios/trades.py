"""Trades: added, taken away, read for one portfolio or for all at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Row, bindparam, delete, func, insert, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import UnknownName
from pacesetter.store.database.bulk import chunks
from pacesetter.store.tables.decision import decisions
from pacesetter.store.tables.portfolio import portfolio_positions, portfolios, trades

_of = trades.c
NEEDED = (
    *(_of.id, _of.portfolio_id, _of.action, _of.symbol, _of.quantity, _of.price, _of.amount),
    *(_of.commission, _of.currency, _of.traded_on, _of.sequence),
)


async def add_trades(conn: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store trades, all or none."""
    if rows:
        await conn.execute(insert(trades), [dict(row) for row in rows])


async def known_repeats(
    conn: AsyncConnection, portfolio_id: UUID, prints: Collection[str]
) -> set[tuple[str, int]]:
    """Which (fingerprint, repeat) of some fingerprints a portfolio has."""
    found: set[tuple[str, int]] = set()
    for chunk in chunks(set(prints)):
        rows = await conn.execute(
            select(_of.fingerprint, _of.repeat).where(
                _of.portfolio_id == portfolio_id, _of.fingerprint.in_(chunk)
            )
        )
        found |= {(row.fingerprint, row.repeat) for row in rows}
    return found


async def next_sequence(conn: AsyncConnection, portfolio_id: UUID) -> int:
    """The place behind all trades of a portfolio."""
    last = await conn.scalar(select(func.max(_of.sequence)).where(_of.portfolio_id == portfolio_id))
    return 0 if last is None else last + 1


@dataclass(frozen=True)
class Removed:
    """Trades that were taken away, the positions that went with them, and the decision of each trade."""

    trades: Sequence[Row[Any]]
    positions: Sequence[Row[Any]]
    decisions: Mapping[UUID, UUID]


async def remove_trades(
    conn: AsyncConnection, portfolio_id: UUID, *, import_id: UUID | None = None, trade_id: UUID | None = None
) -> Removed:
    """Take away the trades of an import, or one; the positions that they opened go with them, and a decision
    that they were logged to waits for its trade again."""
    which = (_of.id == trade_id) if import_id is None else (_of.import_id == import_id)
    here = (_of.portfolio_id == portfolio_id) & which
    gone = select(_of.id).where(here)
    found = list(await conn.execute(select(trades).where(here).order_by(_of.traded_on, _of.sequence)))
    opened = portfolio_positions.c.opened_by.in_(gone)
    order = (portfolio_positions.c.entry_date, portfolio_positions.c.id)
    stood = list(await conn.execute(select(portfolio_positions).where(opened).order_by(*order)))
    asked = decisions.c.trade_id.in_(gone)
    logged = {
        row.trade_id: row.id
        for row in await conn.execute(select(decisions.c.trade_id, decisions.c.id).where(asked))
    }
    again = update(decisions).where(asked)
    await conn.execute(again.values(trade_id=None, status="approved", outcome=None))
    await conn.execute(delete(portfolio_positions).where(opened))
    await conn.execute(delete(trades).where(here))
    return Removed(found, stood, logged)


async def find_trade(conn: AsyncConnection, portfolio_id: UUID, trade_id: UUID) -> Row[Any]:
    """A trade of a portfolio; ``UnknownName`` for none."""
    row = (
        await conn.execute(select(trades).where(_of.portfolio_id == portfolio_id, _of.id == trade_id))
    ).first()
    if row is None:
        raise UnknownName(f"there is no trade {trade_id} in this portfolio", mend="list its trades")
    return row


async def list_trades(
    conn: AsyncConnection,
    portfolio_id: UUID,
    *,
    before: tuple[Any, int] | None = None,
    limit: int | None = None,
    oldest_first: bool = False,
) -> list[Row[Any]]:
    """Trades of a portfolio in the order of day and sequence, the newest first unless said otherwise;
    ``before``: day and sequence of the last one seen."""
    query = select(trades).where(_of.portfolio_id == portfolio_id)
    if before is not None:
        day, sequence = before
        query = query.where(or_(_of.traded_on < day, (_of.traded_on == day) & (_of.sequence < sequence)))
    order = (_of.traded_on, _of.sequence)
    query = query.order_by(*(order if oldest_first else [column.desc() for column in order]))
    return list(await conn.execute(query.limit(limit)))


async def count_trades(conn: AsyncConnection, portfolio_id: UUID) -> int:
    """How many trades a portfolio has."""
    return int(await conn.scalar(select(func.count()).where(_of.portfolio_id == portfolio_id)) or 0)


async def read_trades(conn: AsyncConnection, ids: Collection[UUID]) -> list[Row[Any]]:
    """The trades of several portfolios in the order of portfolio, day and sequence (``NEEDED``)."""
    found: list[Any] = []
    for chunk in chunks(sorted(ids)):
        query = select(*NEEDED).where(_of.portfolio_id.in_(chunk))
        found += (await conn.execute(query.order_by(_of.portfolio_id, _of.traded_on, _of.sequence))).all()
    return found


async def read_trade_ids(conn: AsyncConnection, ids: Collection[UUID] | None = None) -> list[Row[Any]]:
    """(portfolio_id, id, symbol, currency, traded_on) of the trades of some portfolios, or of all that stand,
    ordered by portfolio and id: trades never change, so that their ids say which state it is. The ids as
    their sixteen bytes: there may be very many of them."""
    columns = (raw_id(conn, _of.portfolio_id), raw_id(conn, _of.id), _of.symbol, _of.currency, _of.traded_on)
    query = select(*columns).order_by(_of.portfolio_id, _of.id)
    if ids is None:
        query = query.join(portfolios, portfolios.c.id == _of.portfolio_id)
        return list(await conn.execute(query.where(portfolios.c.deleted_at.is_(None))))
    found: list[Any] = []
    for chunk in chunks(sorted(ids)):
        found += (await conn.execute(query.where(_of.portfolio_id.in_(chunk)))).all()
    return found


def raw_id(conn: AsyncConnection, column: Any) -> Any:
    """A column of UUIDs as the sixteen bytes that each is."""
    if conn.dialect.name == "sqlite":
        return type_coerce(column, LargeBinary).label(column.name)
    return func.uuid_send(column, type_=LargeBinary).label(column.name)


async def holding_portfolios(conn: AsyncConnection, symbols: Collection[str]) -> set[UUID]:
    """Portfolios with a trade in one of ``symbols``."""
    found: set[UUID] = set()
    for chunk in chunks(set(symbols)):
        found |= set(await conn.scalars(select(_of.portfolio_id).where(_of.symbol.in_(chunk)).distinct()))
    return found


async def note_outcomes(conn: AsyncConnection, outcomes: Mapping[UUID, Mapping[str, Any] | None]) -> None:
    """Write what became of trades, such as why one does not count."""
    if not outcomes:
        return
    statement = update(trades).where(_of.id == bindparam("trade")).values(outcome=bindparam("became"))
    said = [{"trade": key, "became": None if one is None else dict(one)} for key, one in outcomes.items()]
    await conn.execute(statement, said)


async def read_outcomes(conn: AsyncConnection, portfolio_id: UUID) -> dict[UUID, dict[str, Any]]:
    """What became of a portfolio's trades, where something is noted."""
    query = select(_of.id, _of.outcome).where(_of.portfolio_id == portfolio_id, _of.outcome.is_not(None))
    return {row.id: row.outcome for row in await conn.execute(query) if row.outcome is not None}
