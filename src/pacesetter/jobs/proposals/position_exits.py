"""Stop and target of a position that decisions were traded into: those of the lots that are left of it.

Each purchase has a stop and a target of its own; a position has one of each, which is what the morning report
watches. One that a person set by hand (``own_stop_loss``, ``own_target``) stands in place of the lots'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.decimals import to_decimal
from pacesetter.portfolio.trade import Split, count_shares_today
from pacesetter.store.desk.decisions import DecisionRow, traded_decisions
from pacesetter.store.portfolios.positions import change_position, list_positions
from pacesetter.store.portfolios.trades import find_trade

EXITS = ("stop_loss", "target")
DUST = Fraction(1, 10**6)  # of a share: what rounding leaves of a lot that was sold after a split
Splits = Mapping[str, Sequence[Split]]


@dataclass(frozen=True)
class Exits:
    """Where to get out, in the shares that positions are in."""

    stop_loss: Decimal | None = None
    target: Decimal | None = None


NOWHERE = Exits()


async def read_exits(conn: AsyncConnection, portfolio_id: UUID, splits: Splits) -> dict[str, Exits]:
    """The nearest stop (the highest) and the nearest target (the lowest) of the lots that are left, by
    symbol; symbols without such a lot are left out.

    A target at which the first part of a lot was sold is none any more: nothing is done there again."""
    lots: dict[str, list[DecisionRow]] = {}
    for row in await traded_decisions(conn, portfolio_id, ("traded",)):
        if row.action == "BUY" and await _is_left(conn, row, portfolio_id, splits.get(row.symbol, ())):
            lots.setdefault(row.symbol, []).append(row)
    found = {}
    for symbol, rows in lots.items():
        own = splits.get(symbol, ())
        ahead = [row for row in rows if all(one["why"] != "target" for one in sold_of(row))]
        found[symbol] = Exits(
            _nearest(max, [(row.stop_loss, row.decided_on) for row in rows], own),
            _nearest(min, [(row.target, row.decided_on) for row in ahead], own),
        )
    return found


async def mark_exits(conn: AsyncConnection, portfolio_id: UUID, symbol: str, splits: Sequence[Split]) -> None:
    """Put stop and target of the lots that are left onto the open position, but for what a person set; where
    no lot is left, nothing is changed."""
    found = (await read_exits(conn, portfolio_id, {symbol: splits})).get(symbol)
    if found is not None:
        await _put(conn, portfolio_id, {symbol: vars(found)})


async def put_exits_back(
    conn: AsyncConnection, portfolio_id: UUID, before: Mapping[str, Exits], splits: Splits
) -> None:
    """After trades were taken away: stop and target of the open positions as the lots that remain say.

    ``before``: what the lots said while those trades were there. A stop or target of lots that are gone goes
    with them; what a person set, or took away, stays.
    """
    after = await read_exits(conn, portfolio_id, splits)
    wanted: dict[str, dict[str, Any]] = {}
    for one in await list_positions(conn, portfolio_id):
        if (one.status, one.side) == ("open", "long") and one.symbol in before.keys() | after.keys():
            old, new = vars(before.get(one.symbol, NOWHERE)), vars(after.get(one.symbol, NOWHERE))
            wanted[one.symbol] = {
                name: new[name]
                for name in EXITS
                if _own(one, name) is not None or getattr(one, name) == old[name]
            }
    await _put(conn, portfolio_id, wanted)


def sold_of(row: DecisionRow) -> list[dict[str, str]]:
    """What the desk has sold of a purchase on paper: each with on, quantity, price and why."""
    return list((row.outcome or {}).get("sold", []))


async def _put(conn: AsyncConnection, portfolio_id: UUID, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    for one in await list_positions(conn, portfolio_id):
        values = wanted.get(one.symbol)
        if values and (one.status, one.side) == ("open", "long"):
            held = {
                name: value if (own := _own(one, name)) is None else own for name, value in values.items()
            }
            await change_position(conn, portfolio_id, one.id, held)


def _own(position: Row[Any], name: str) -> Decimal | None:
    """The stop or target that a person set; None where nobody did."""
    found: Decimal | None = getattr(position, f"own_{name}")
    return found


async def _is_left(
    conn: AsyncConnection, row: DecisionRow, portfolio_id: UUID, splits: Sequence[Split]
) -> bool:
    if row.trade_id is None:
        return False
    trade = await find_trade(conn, portfolio_id, row.trade_id)
    left = Fraction(trade.quantity) * count_shares_today(splits, trade.traded_on)
    for one in sold_of(row):
        left -= Fraction(one["quantity"]) * count_shares_today(splits, date.fromisoformat(one["on"]))
    return left > DUST


def _nearest(
    choose: Callable[[list[Fraction]], Fraction],
    prices: Sequence[tuple[Decimal | None, date]],
    splits: Sequence[Split],
) -> Decimal | None:
    """One of some prices, each in the shares of its day, in today's; None for none."""
    found = [
        Fraction(price) / count_shares_today(splits, since) for price, since in prices if price is not None
    ]
    return to_decimal(choose(found)) if found else None
