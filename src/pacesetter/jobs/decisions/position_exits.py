"""Stop and target of a position that decisions were traded into: those of the lots that are left of it.

Each purchase has a stop and a target of its own; a position has one of each, which is what the morning report
watches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.decisions.desk_prices import read_quotes
from pacesetter.kernel.decimals import to_decimal
from pacesetter.portfolio.trade import Split, count_shares_today
from pacesetter.store.desk.decisions import DecisionRow, traded_decisions
from pacesetter.store.portfolios.positions import change_position, list_positions
from pacesetter.store.portfolios.trades import find_trade

DUST = Fraction(1, 10**6)  # of a share: what rounding leaves of a lot that was sold after a split


async def mark_exits(conn: AsyncConnection, portfolio_id: UUID, symbol: str) -> None:
    """Put the nearest stop (the highest) and the nearest target (the lowest) of the lots that are left onto
    the open position, in the shares that positions are in; where none is left, nothing is changed.

    A target at which the first part of a lot was sold is none any more: nothing is done there again."""
    quote = (await read_quotes(conn, [symbol])).get(symbol)
    splits = quote.splits if quote is not None else ()
    lots = [
        row
        for row in await traded_decisions(conn, portfolio_id, ("traded",))
        if row.symbol == symbol and row.action == "BUY" and await _is_left(conn, row, portfolio_id, splits)
    ]
    if not lots:
        return
    ahead = [row for row in lots if all(one["why"] != "target" for one in sold_of(row))]
    values = {
        "stop_loss": _nearest(max, [(row.stop_loss, row.decided_on) for row in lots], splits),
        "target": _nearest(min, [(row.target, row.decided_on) for row in ahead], splits),
    }
    for one in await list_positions(conn, portfolio_id):
        if (one.symbol, one.status, one.side) == (symbol, "open", "long"):
            await change_position(conn, portfolio_id, one.id, values)


def sold_of(row: DecisionRow) -> list[dict[str, str]]:
    """What the desk has sold of a purchase on paper: each with on, quantity, price and why."""
    return list((row.outcome or {}).get("sold", []))


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
