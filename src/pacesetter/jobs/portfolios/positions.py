"""Positions made anew from all trades of a portfolio, in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.proposals.follow_decisions import follow_decisions
from pacesetter.kernel.errors import BadParameter
from pacesetter.market.calendar import day_number
from pacesetter.portfolio.position import Ledger, Position, fold_trades
from pacesetter.portfolio.trade import Split, Trade, read_ratio
from pacesetter.store.bars.actions import actions_within
from pacesetter.store.portfolios.portfolio_snapshots import drop_snapshots
from pacesetter.store.portfolios.positions import write_positions
from pacesetter.store.portfolios.trades import list_trades, note_outcomes, read_outcomes
from pacesetter.store.symbols.symbols import known_symbols
from pacesetter.store.tables.base import DECIMALS

AMOUNTS = {
    "quantity": "quantity",
    "entry_price": "mean cost of a share",
    "exit_price": "mean price of a closed share",
    "realised": "realised profit",
}
MOST = Decimal(2**63).scaleb(-DECIMALS)  # 9.2e10
EVER = (date(1900, 1, 1), date(9999, 12, 31))


async def rebuild_positions(
    conn: AsyncConnection,
    portfolio_id: UUID,
    at: datetime,
    *,
    noted: bool = True,
    lost: Sequence[Row[Any]] = (),
) -> Ledger:
    """Fold all trades of a portfolio, store its positions, and forget its snapshots, which are not true now.

    Without ``noted`` the trades do not tell what became of them: nobody will read what is undone again.
    ``lost``: positions whose opening trade was taken away; what a person said of them is kept where they live
    on.
    """
    ledger, trades, splits = await fold_portfolio(conn, portfolio_id)
    await store_positions(conn, portfolio_id, ledger, at, noted=noted, lost=lost)
    await drop_snapshots(conn, portfolio_id)
    await follow_decisions(conn, portfolio_id, ledger, trades, splits)
    return ledger


async def fold_portfolio(
    conn: AsyncConnection, portfolio_id: UUID
) -> tuple[Ledger, list[Trade], dict[str, tuple[Split, ...]]]:
    """All trades of a portfolio, folded; those trades; the splits by symbol that they were folded with."""
    rows = await list_trades(conn, portfolio_id, oldest_first=True)
    trades = [trade_of(row) for row in rows]
    splits = await read_splits(conn, sorted({trade.symbol for trade in trades if trade.symbol}))
    return fold_trades(trades, splits), trades, splits


def trade_of(row: Any) -> Trade:
    """A stored trade as the pure rooms take it."""
    return Trade(
        id=row.id,
        action=row.action,
        traded_on=row.traded_on,
        currency=row.currency,
        symbol=row.symbol,
        quantity=row.quantity,
        price=row.price,
        amount=row.amount,
        commission=row.commission,
        sequence=row.sequence,
    )


async def read_splits(conn: AsyncConnection, symbols: list[str]) -> dict[str, tuple[Split, ...]]:
    """The splits of symbols that their newest prices show; of symbols without prices, all."""
    if not symbols:
        return {}
    known = await known_symbols(conn, symbols)
    found: dict[str, list[Split]] = {}
    actions = await actions_within(conn, symbols, *EVER)
    for symbol, ex_on, kind, value in actions.select("symbol", "ex_on", "kind", "value").rows():
        shown = known[symbol].last_price_date if symbol in known else None
        if kind == "split" and (shown is None or day_number(ex_on) <= day_number(shown)):
            found.setdefault(symbol, []).append(Split(ex_on, read_ratio(value)))
    return {symbol: tuple(sorted(own, key=lambda one: one.ex_on)) for symbol, own in found.items()}


async def store_positions(
    conn: AsyncConnection,
    portfolio_id: UUID,
    ledger: Ledger,
    at: datetime,
    *,
    noted: bool = True,
    lost: Sequence[Row[Any]] = (),
) -> None:
    """Make the stored positions those of a ledger; ``BadParameter`` for one that has no room.

    What is wrong with a trade (such as selling more than is held) is kept in its ``outcome``.
    """
    rows = [position_row(one) for one in ledger.positions]
    for row in rows:
        refuse_huge(row)
    await write_positions(conn, portfolio_id, rows, at, lost=lost)
    if not noted:
        return
    wrong: dict[Any, dict[str, Any]] = {
        one.trade_id: {"counts": False, "code": one.code, "why": one.what, "mend": one.mend}
        for one in ledger.problems
    }
    stored = await read_outcomes(conn, portfolio_id)
    keys = [*stored, *(key for key in wrong if key not in stored)]
    await note_outcomes(conn, {key: wrong.get(key) for key in keys if stored.get(key) != wrong.get(key)})


def refuse_huge(row: dict[str, Any]) -> None:
    """``BadParameter`` for a position whose numbers no column holds."""
    for name, words in AMOUNTS.items():
        if row[name] is not None and abs(row[name]) >= MOST:
            raise BadParameter(
                f"the {words} of the position in {row['symbol']} since {row['entry_date']} comes to "
                f"{row[name]:.3g}, for which there is no room",
                where=row["symbol"],
                mend="correct quantity, price and commission of its trades, and its splits",
            )


def position_row(one: Position) -> dict[str, Any]:
    """A position as it is stored."""
    return {
        "opened_by": one.opened_by,
        "symbol": one.symbol,
        "side": one.side,
        "status": one.status,
        "entry_date": one.entry_on,
        "entry_price": one.entry_price,
        "quantity": one.quantity,
        "exit_date": one.exit_on,
        "exit_price": one.exit_price,
        "realised": one.realised,
        "currency": one.currency,
    }
