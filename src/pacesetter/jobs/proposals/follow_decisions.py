"""What became of the trades of decisions: when a position is closed, by any trade, its decisions are, too.

Called wherever the trades of a portfolio change, in that transaction; a trade that is taken back opens the
decision again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.proposals.decision_terms import proposal_of
from pacesetter.kernel.decimals import to_decimal
from pacesetter.portfolio.position import Ledger, Position
from pacesetter.portfolio.trade import Split, Trade, count_shares_today
from pacesetter.research.proposal import Fill, Outcome, close
from pacesetter.store.desk.decisions import DecisionRow, decisions, traded_decisions

ENDED = ("closed_on", "price", "gain", "gain_pct", "days")


async def follow_decisions(
    conn: AsyncConnection,
    portfolio_id: UUID,
    ledger: Ledger,
    trades: Sequence[Trade],
    splits: Mapping[str, Sequence[Split]],
) -> None:
    """Close the decisions whose positions are closed, and open those again whose are not any more.

    ``ledger``: all ``trades`` of the portfolio, folded with ``splits`` (``fold_portfolio``)."""
    rows = [row for row in await traded_decisions(conn, portfolio_id) if row.trade_id is not None]
    if not rows:
        return
    runs, by_id = positions_of_trades(ledger), {one.id: one for one in trades}
    for row in rows:
        position, trade = runs.get(row.trade_id), by_id.get(row.trade_id)
        kept = {name: value for name, value in (row.outcome or {}).items() if name not in ENDED}
        if position is None or trade is None or position.status == "open":
            values: dict[str, Any] = {"status": "traded", "outcome": kept or None}
        else:
            ended = judge(row, trade, position, splits.get(row.symbol, ()))
            values = {"status": "closed", "outcome": {**kept, **as_outcome(ended)}}
        if row.status != values["status"] or row.outcome != values["outcome"]:
            await decisions.change(conn, row.id, **values)


async def forget_sales(conn: AsyncConnection, portfolio_id: UUID, gone: Sequence[Row[Any]]) -> None:
    """Sales of the desk's on paper that were taken away: what they sold of a purchase is left of it again."""
    sales = [
        (one.symbol, one.traded_on.isoformat(), one.quantity, one.price)
        for one in gone
        if one.action == "sell"
    ]
    if not sales:
        return
    for row in await traded_decisions(conn, portfolio_id):
        sold = (row.outcome or {}).get("sold", [])
        kept = []
        for one in sold:
            told = (row.symbol, one["on"], Decimal(one["quantity"]), Decimal(one["price"]))
            if told in sales:
                sales.remove(told)
            else:
                kept.append(one)
        if kept != sold:
            rest = {name: value for name, value in row.outcome.items() if name != "sold"}
            await decisions.change(conn, row.id, outcome=rest | ({"sold": kept} if kept else {}) or None)


def positions_of_trades(ledger: Ledger) -> dict[Hashable, Position]:
    """The position that each trade in shares belongs to, by the trade's id."""
    runs: dict[str, list[Position]] = {}
    for one in ledger.positions:
        runs.setdefault(one.symbol, []).append(one)
    found: dict[Hashable, Position] = {}
    place: dict[str, int] = {}
    for entry in ledger.entries:
        symbol = entry.trade.symbol
        if symbol is None or entry.trade.quantity is None:
            continue
        n = place.setdefault(symbol, 0)
        found[entry.trade.id] = runs[symbol][n]
        if entry.held == 0:
            place[symbol] = n + 1
    return found


def judge(row: DecisionRow, trade: Trade, position: Position, splits: Sequence[Split]) -> Outcome:
    """How the trade of a decision ended, in today's shares.

    A purchase: what the position was sold for on average, against its own price and commission. A sale:
    what it brought against the mean cost of what was held.
    """
    shares = count_shares_today(splits, trade.traded_on)
    quantity = to_decimal(_exact(trade.quantity) * shares)
    each = _exact(trade.price) / shares
    exit_on, exit_price = position.exit_on or trade.traded_on, position.exit_price or Decimal(0)
    if row.action == "BUY":
        fill = Fill(trade.traded_on, quantity, to_decimal(each), trade.commission)
        bought = replace(proposal_of(row), state="traded", fill=fill)
        outcome = close(bought, "manual", exit_on, price=exit_price).proposal.outcome
        assert outcome is not None  # noqa: S101 - a closed proposal has one
        return outcome
    cost = _exact(position.entry_price) * _exact(quantity)
    gain = to_decimal(each * _exact(quantity) - _exact(trade.commission) - cost)
    pct = round(float(100 * _exact(gain) / cost), 6) if cost else 0.0
    return Outcome(trade.traded_on, to_decimal(each), gain, pct, (trade.traded_on - position.entry_on).days)


def as_outcome(one: Outcome) -> Mapping[str, Any]:
    """An outcome as plain JSON: amounts are exact, so they are text."""
    return {
        "closed_on": one.closed_on.isoformat(),
        "price": f"{one.price.normalize():f}",
        "gain": f"{one.gain.normalize():f}",
        "gain_pct": one.gain_pct,
        "days": one.days,
    }


def _exact(value: Decimal | None) -> Fraction:
    return Fraction(value or 0)
