"""What a portfolio was worth at the end of each session, and what it earned."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from pacesetter.market.panel import F8, I8
from pacesetter.portfolio.booking import Booked, LeftOut, book_entries, choose_holdings
from pacesetter.portfolio.position import Ledger
from pacesetter.portfolio.prices import Prices, carry_forward
from pacesetter.portfolio.trade import TradeProblem

DUST = 1e-9

__all__ = ["LeftOut", "Valuation", "value_portfolio"]


@dataclass(frozen=True, eq=False)
class Valuation:
    """T sessions from the first trade that counts on, H holdings, all in ``base_currency``.

    Float64 arrays of length T: ``nav`` = ``cash`` + ``long_value`` + ``short_value``
    (the last is negative or 0); ``flow_in`` counts at the start of the day, ``flow_out``
    at its end (both positive); ``pnl``; ``daily_return`` is NaN while there is no money
    to earn on. Float64, T×H: ``quantity`` in today's shares (negative: short),
    ``values`` and ``holding_pnl``, price moves, dividends, commissions and fees of the
    holding's own included; ``other_pnl`` (T) is what belongs to no holding.
    ``stale_sessions`` (int64, H): how old the close is that the last session uses.
    """

    sessions: I8
    symbols: tuple[str, ...]
    base_currency: str
    nav: F8
    cash: F8
    long_value: F8
    short_value: F8
    flow_in: F8
    flow_out: F8
    pnl: F8
    daily_return: F8
    quantity: F8
    values: F8
    holding_pnl: F8
    other_pnl: F8
    stale_sessions: I8
    left_out: tuple[LeftOut, ...]
    problems: tuple[TradeProblem, ...]  # money in a currency without a rate, over those of the ledger
    early: tuple[Hashable, ...]  # ids of trades from before the first session: they count on it
    later: tuple[Hashable, ...]  # ids of trades after the last session: they do not count yet
    implied_deposits: bool  # purchases were taken as paid in, as no deposit or withdrawal is known
    dividends_inside: tuple[str, ...]  # holdings whose prices have the dividends inside
    first: int  # the row of ``Prices.sessions`` that ``sessions`` starts with


def value_portfolio(
    ledger: Ledger,
    prices: Prices,
    *,
    base_currency: str,
    unavailable: Mapping[str, str] | None = None,
) -> Valuation:
    """Value a portfolio on all sessions of ``prices`` from its first trade on (T may be 0).

    ``unavailable`` says why symbols without prices have none (``pending``, ``failed``).
    """
    symbols, left_out = choose_holdings(ledger, prices, base_currency, unavailable or {})
    booked = book_entries(ledger, prices, base_currency, symbols)
    values, stale = _value_holdings(booked, prices, base_currency)
    implied = not any(entry.trade.action in ("deposit", "withdrawal") for entry in ledger.entries)
    earned = booked.money.sum(axis=0) + booked.other
    flow_in = _implied_deposits(earned - booked.held_back) if implied else booked.flow_in
    cash = np.cumsum(earned + flow_in - booked.flow_out)
    long_value, short_value = np.maximum(values, 0).sum(axis=0), np.minimum(values, 0).sum(axis=0)
    nav = cash + long_value + short_value
    moved = np.diff(values, axis=1, prepend=0.0) + booked.money
    return Valuation(
        sessions=prices.sessions[booked.first :],
        symbols=symbols,
        base_currency=base_currency,
        nav=nav,
        cash=cash,
        long_value=long_value,
        short_value=short_value,
        flow_in=flow_in,
        flow_out=booked.flow_out,
        pnl=moved.sum(axis=0) + booked.other,
        daily_return=_daily_returns(nav, flow_in, booked.flow_out),
        quantity=booked.quantity.T,
        values=values.T,
        holding_pnl=moved.T,
        other_pnl=booked.other,
        stale_sessions=stale,
        left_out=left_out,
        problems=booked.problems,
        early=booked.early,
        later=booked.later,
        implied_deposits=implied,
        dividends_inside=tuple(s for s in symbols if s in prices.dividends_inside),
        first=booked.first,
    )


def _value_holdings(booked: Booked, prices: Prices, base: str) -> tuple[F8, I8]:
    """Signed values (H×T) at the newest closes so far, and how many sessions old the last ones are (H)."""
    rows = [prices.row_of[symbol] for symbol in booked.symbols]
    close = prices.close[rows, booked.first :]
    H, T = close.shape
    if not close.size:
        return np.zeros((H, T)), np.zeros(H, dtype=np.int64)
    known = np.isfinite(close)
    stale = np.argmax(known[:, ::-1], axis=1)
    for h in np.flatnonzero(~known[:, 0]).tolist():
        before = np.flatnonzero(np.isfinite(prices.close[rows[h], : booked.first]))
        if not known[h].any():
            stale[h] = len(prices.sessions) - 1 - before[-1]
        if len(before):
            close[h, 0] = prices.close[rows[h], before[-1]]
        else:
            _seed(close[h], booked, h, prices, base)
    close = carry_forward(close)
    for h, row in enumerate(rows):
        if prices.currency[row] != base:
            rate = prices.rate(prices.currency[row], base)
            if rate is not None:
                close[h] *= rate[booked.first :]
    # before the first trade there may be neither close nor rate, and nothing is held
    values: F8 = np.where(booked.quantity != 0, booked.quantity * close, 0.0)
    return values, stale


def _seed(close: F8, booked: Booked, h: int, prices: Prices, base: str) -> None:
    """Until a symbol's first close, what was traded last says what one share is worth."""
    end = int(np.argmax(np.isfinite(close)))
    own = prices.rate(prices.currency[prices.row_of[booked.symbols[h]]], base)
    for row, entry in booked.entries[h]:
        paid = prices.rate(entry.trade.currency, base)
        if row < end and own is not None and paid is not None:
            close[row] = entry.price * paid[booked.first + row] / own[booked.first + row]


def _implied_deposits(free: F8) -> F8:
    """What has to be paid in each day (T) so that free cash never falls below 0.

    ``free`` is each day's change of free cash. What was paid in by a day is the deepest
    shortfall so far: the regulator of a reflected walk.
    """
    paid_in = np.maximum.accumulate(np.maximum(0.0, -np.cumsum(free)))
    deposits: F8 = np.diff(paid_in, prepend=0.0)
    return deposits


def _daily_returns(nav: F8, flow_in: F8, flow_out: F8) -> F8:
    """(nav + out) / (nav before + in) − 1 (T); NaN while no money was paid in or none is left."""
    if not len(nav):
        return np.zeros(0)
    basis = np.concatenate(([0.0], nav[:-1])) + flow_in
    paid_in = np.cumsum(flow_in)
    earning = (paid_in > 0) & (basis > DUST * paid_in)  # what rounding leaves of nothing earns nothing
    returns: F8 = np.where(earning, (nav + flow_out) / np.where(earning, basis, 1.0) - 1.0, np.nan)
    return returns
