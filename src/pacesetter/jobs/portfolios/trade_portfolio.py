"""One trade added by hand, or taken away; a position's stop, target and note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.far_prices import tell_far_prices
from pacesetter.jobs.portfolios.keep_portfolios import EVERYONE, settle
from pacesetter.jobs.portfolios.positions import rebuild_positions
from pacesetter.jobs.portfolios.take_trades_away import take_trades_away
from pacesetter.jobs.portfolios.trade_prints import print_trade
from pacesetter.jobs.proposals.position_exits import EXITS
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import FIRST_ON, newest_day
from pacesetter.market.symbol import guess_listing, normalise_symbol
from pacesetter.portfolio.trade import IN_SHARES, Trade, check_trade
from pacesetter.store.portfolios import portfolios as stored
from pacesetter.store.portfolios.positions import change_position
from pacesetter.store.portfolios.trades import (
    add_trades,
    count_trades,
    find_trade,
    known_repeats,
    list_trades,
    next_sequence,
)
from pacesetter.store.symbols.symbols import known_symbols, upsert_symbols
from pacesetter.store.tables.base import DECIMALS

PENCE = ("GBX", "GBp")  # a hundred of them are one GBP


@dataclass(frozen=True)
class TradeDone:
    """A trade that was added or taken away: ``pending`` symbols are being fetched, ``said`` is what else
    to know, such as that it contradicts the other trades."""

    id: UUID
    portfolio_id: UUID
    pending: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class TradeTerms(TypedDict, total=False):
    """What ``enter_trade`` takes of a trade."""

    action: Required[str]
    traded_on: Required[date]
    symbol: str | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    commission: Decimal
    currency: str | None
    note: str | None
    seen: ColumnElement[bool]


async def add_trade(ws: Workspace, portfolio_id: UUID, **terms: Unpack[TradeTerms]) -> TradeDone:
    """Add one trade. ``BadParameter`` for one that is wrong by itself or against the others."""
    async with ws.db.write() as conn:
        done = await enter_trade(ws, conn, portfolio_id, **terms)
    symbol = terms.get("symbol")
    pending, late = await settle(ws, portfolio_id, [] if symbol is None else [normalise_symbol(symbol)])
    return TradeDone(done.id, portfolio_id, pending, [*done.said, *late])


async def enter_trade(
    ws: Workspace,
    conn: AsyncConnection,
    portfolio_id: UUID,
    *,
    action: str,
    traded_on: date,
    symbol: str | None = None,
    quantity: Decimal | None = None,
    price: Decimal | None = None,
    amount: Decimal | None = None,
    commission: Decimal = Decimal(0),
    currency: str | None = None,
    note: str | None = None,
    seen: ColumnElement[bool] = EVERYONE,
) -> TradeDone:
    """The same within the caller's transaction, which keeps nothing where this fails; the caller calls
    ``settle`` when it is committed."""
    if traded_on > (latest := newest_day(ws.settings.calendar, ws.now())):
        raise BadDate(
            f"{traded_on} lies in the future", where="traded_on", mend=f"give a date up to {latest}"
        )
    if traded_on < FIRST_ON:
        raise BadDate(
            f"{traded_on} is too long ago", where="traded_on", mend=f"give a date from {FIRST_ON} on"
        )
    if currency in PENCE:
        currency = "GBP"
        price, amount, commission = in_pounds(price), in_pounds(amount), in_pounds(commission) or Decimal(0)
    name = None if symbol is None else normalise_symbol(symbol)
    trade_id = new_id()
    portfolio = await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
    said = []
    if name is not None and name not in await known_symbols(conn, [name]):
        said += await upsert_symbols(conn, [name], asset_type=None, source="onboarding")
    own = (await known_symbols(conn, [name])).get(name) if name is not None else None
    listed = guess_listing(name).currency if name else portfolio.base_currency
    about: dict[str, Any] = {
        "action": action,
        "symbol": name,
        "quantity": quantity,
        "price": price,
        "amount": amount,
        "commission": commission,
        "currency": currency or (own.currency if own is not None else None) or listed,
        "traded_on": traded_on,
    }
    refuse_wrong(Trade(id=trade_id, **about), quantity=quantity, price=price, amount=amount)
    fingerprint, sequence = print_trade(**about), await next_sequence(conn, portfolio_id)
    have = {repeat for _, repeat in await known_repeats(conn, portfolio_id, [fingerprint])}
    repeat = next(n for n in range(len(have) + 1) if n not in have)  # said twice, it was done twice
    row = about | {"id": trade_id, "portfolio_id": portfolio_id, "fingerprint": fingerprint}
    row |= {"timestamp": datetime.combine(traded_on, time(), UTC), "sequence": sequence, "note": note}
    await add_trades(conn, [row | {"repeat": repeat}])
    ledger = await rebuild_positions(conn, portfolio_id, ws.now())
    wrong = next((one for one in ledger.problems if one.trade_id == trade_id), None)
    if wrong is not None:  # nothing is kept of it
        raise BadParameter(wrong.what, where="action", mend=wrong.mend)
    said += [f"{one.what} — {one.mend}" for one in ledger.problems]
    said += [one for one in await tell_far_prices(conn, [about]) if one is not None]
    return TradeDone(trade_id, portfolio_id, [], said)


def in_pounds(pence: Decimal | None) -> Decimal | None:
    """Pence as the pounds that they are, exactly; ``BadParameter`` for a part that is too small to keep."""
    if pence is None:
        return None
    pounds = pence / 100
    if pounds != round(pounds, DECIMALS):
        raise BadParameter(
            f"{pence:f} pence has more than {DECIMALS - 2} decimals",
            where="currency",
            mend=f"round it to {DECIMALS - 2} decimals, or give pounds as GBP",
        )
    return pounds


def refuse_wrong(
    trade: Trade, *, quantity: Decimal | None, price: Decimal | None, amount: Decimal | None
) -> None:
    """``BadParameter`` for a trade that cannot be, and for a field that its action does not take."""
    for problem in check_trade(trade):
        raise BadParameter(problem.what, where=problem.code, mend=problem.mend)
    beyond = {"amount": amount} if trade.action in IN_SHARES else {"quantity": quantity, "price": price}
    for name, value in beyond.items():
        if value is not None:
            raise BadParameter(f"a {trade.action} takes no {name}", where=name, mend="leave it out")


async def remove_trade(
    ws: Workspace,
    portfolio_id: UUID,
    trade_id: UUID,
    seen: ColumnElement[bool] = EVERYONE,
    *,
    user_id: UUID | None = None,
) -> TradeDone:
    """Take one trade away, and make everything as if it had never been."""
    async with ws.db.write(content=False) as conn:
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
        await find_trade(conn, portfolio_id, trade_id)
        ledger = (await take_trades_away(ws, conn, portfolio_id, trade_id=trade_id, user_id=user_id)).ledger
    _, late = await settle(ws, portfolio_id, [])
    said = [f"{one.what} — {one.mend}" for one in ledger.problems]
    return TradeDone(trade_id, portfolio_id, [], [*said, *late])


async def look_through(
    ws: Workspace,
    portfolio_id: UUID,
    *,
    before: tuple[date, int] | None,
    limit: int,
    seen: ColumnElement[bool] = EVERYONE,
) -> tuple[Row[Any], list[Row[Any]], int]:
    """The portfolio, at most ``limit`` trades behind ``before`` (day and sequence), newest first, and how
    many there are in all."""
    async with ws.db.read() as conn:
        portfolio = await stored.get_portfolio(conn, portfolio_id, seen)
        rows = await list_trades(conn, portfolio_id, before=before, limit=limit)
        return portfolio, rows, await count_trades(conn, portfolio_id)


async def edit_position(
    ws: Workspace,
    portfolio_id: UUID,
    position_id: UUID,
    values: Mapping[str, Any],
    seen: ColumnElement[bool] = EVERYONE,
) -> None:
    """Set a position's stop, target or note (None takes one away). A stop or target set here is a person's
    own: no decision puts another in its place unasked (``own_exits.py``)."""
    own = {f"own_{name}": values[name] for name in EXITS if name in values}
    async with ws.db.write(content=False) as conn:
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
        await change_position(conn, portfolio_id, position_id, {**values, **own})
