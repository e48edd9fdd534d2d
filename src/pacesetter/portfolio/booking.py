"""A ledger's entries laid on sessions: shares held and money moved, in one currency."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from pacesetter.market.panel import F8
from pacesetter.portfolio.position import Entry, Ledger
from pacesetter.portfolio.prices import Prices, days_of
from pacesetter.portfolio.trade import IN_SHARES, Dividend, TradeProblem, name_trade

BOOKED_WITHIN_DAYS = 60  # a dividend that was booked was published at most so long before


@dataclass(frozen=True)
class LeftOut:
    """A holding without a value: ``no_price``, ``no_rate``, ``pending``, ``failed`` or
    ``no_bars_of_boxes``."""

    symbol: str
    reason: str


@dataclass(frozen=True, eq=False)
class Booked:
    """H holdings on the T sessions from row ``first`` of the prices on, in the base currency.

    ``quantity`` (H×T, end of day) and ``money`` (H×T: what each holding brought to the
    cash); ``other`` (T) is money of no holding; ``held_back`` (T) is what of the day's
    money is collateral of shorts (negative: set free).
    """

    first: int
    symbols: tuple[str, ...]
    entries: tuple[tuple[tuple[int, Entry], ...], ...]  # by holding: row and entry, in shares
    quantity: F8
    money: F8
    other: F8
    flow_in: F8
    flow_out: F8
    held_back: F8
    problems: tuple[TradeProblem, ...]
    early: tuple[Hashable, ...]
    later: tuple[Hashable, ...]


def choose_holdings(
    ledger: Ledger, prices: Prices, base: str, unavailable: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """Symbols of the ledger that can be valued, in order of their first trade, and those that cannot."""
    traded: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger.entries:
        if entry.trade.action in IN_SHARES and entry.trade.symbol:
            traded[entry.trade.symbol].append(entry)
    chosen, left_out = [], []
    for symbol, entries in traded.items():
        row = prices.row_of.get(symbol)
        if row is None or not np.isfinite(prices.close[row]).any():
            left_out.append(LeftOut(symbol, unavailable.get(symbol, "no_price")))
        elif not _has_rates(symbol, entries, prices, base):
            left_out.append(LeftOut(symbol, "no_rate"))
        else:
            chosen.append(symbol)
    return tuple(chosen), tuple(left_out)


def _has_rates(symbol: str, entries: list[Entry], prices: Prices, base: str) -> bool:
    """Whether all currencies of a holding have a rate from its first day on (later ones are carried)."""
    needed = {prices.currency[prices.row_of[symbol]], *(entry.trade.currency for entry in entries)}
    needed.update(paid.currency for paid in prices.dividends.get(symbol, ()))
    if needed == {base}:
        return True
    first = int(np.searchsorted(prices.sessions, days_of(entries[0].trade.traded_on)))
    first = min(first, len(prices.sessions) - 1)
    rates = [prices.rate(currency, base) for currency in needed]
    return all(rate is not None and np.isfinite(rate[first]) for rate in rates)


def book_entries(ledger: Ledger, prices: Prices, base: str, symbols: tuple[str, ...]) -> Booked:
    """Lay the entries of the chosen ``symbols``, and money alone, on the sessions.

    What happens between two sessions counts at the later one.
    """
    T = len(prices.sessions)
    rows = np.searchsorted(prices.sessions, [days_of(e.trade.traded_on) for e in ledger.entries])
    left_out = {e.trade.symbol for e in ledger.entries if e.trade.action in IN_SHARES} - set(symbols)
    rates = _Rates(prices, base)
    problems, later, counted = [], [], []
    for entry, row in zip(ledger.entries, rows.tolist(), strict=True):
        trade = entry.trade
        if trade.symbol is not None and trade.symbol in left_out:
            continue
        if row >= T:
            later.append(trade.id)
        elif not np.isfinite(rate := rates.at(trade.currency, row)):
            what = f"{name_trade(trade)}: there is no rate from {trade.currency} to {base} then"
            mend = f"add rates of {trade.currency}, or leave the trade out"
            problems.append(TradeProblem(trade.id, "no_rate", what, mend))
        else:
            counted.append((row, entry, rate))
    first = min((row for row, *_ in counted), default=T)
    number = {symbol: h for h, symbol in enumerate(symbols)}
    H, T = len(symbols), T - first
    money, other = np.zeros((H, T)), np.zeros(T)
    flow_in, flow_out, held_back = np.zeros(T), np.zeros(T), np.zeros(T)
    collateral = [0.0] * H
    by_holding: list[list[tuple[int, Entry]]] = [[] for _ in symbols]
    booked: dict[str, list[int]] = defaultdict(list)  # days of dividends that were booked by hand
    for row, entry, rate in counted:
        at, trade = row - first, entry.trade
        moved = entry.money * rate
        h = number.get(trade.symbol) if trade.symbol else None
        if trade.action == "deposit":
            flow_in[at] += float(trade.amount or 0) * rate
            other[at] -= float(trade.commission) * rate
            continue
        if trade.action == "withdrawal":
            flow_out[at] += float(trade.amount or 0) * rate
            other[at] -= float(trade.commission) * rate
            continue
        if h is None:
            other[at] += moved
            continue
        money[h, at] += moved
        if trade.action == "dividend":
            booked[symbols[h]].append(days_of(trade.traded_on))
        elif trade.action in IN_SHARES:
            by_holding[h].append((at, entry))
            change = moved if trade.action == "short" else -entry.closed * collateral[h]
            if trade.action in ("short", "cover"):
                collateral[h] += change
                held_back[at] += change
    for h, symbol in enumerate(symbols):
        if symbol not in prices.dividends_inside:
            _credit(
                by_holding[h],
                _unbooked(prices.dividends.get(symbol, ()), booked[symbol]),
                rates,
                first,
                money[h],
            )
    return Booked(
        first,
        symbols,
        tuple(tuple(entries) for entries in by_holding),
        _hold(by_holding, T),
        money,
        other,
        flow_in,
        flow_out,
        held_back,
        tuple(problems),
        tuple(e.trade.id for row, e, _ in counted if days_of(e.trade.traded_on) < prices.sessions[0]),
        tuple(later),
    )


class _Rates:
    """Rates to the base currency by row, each currency's line looked up once."""

    def __init__(self, prices: Prices, base: str) -> None:
        self.prices, self.base = prices, base
        self.lines: dict[str, F8 | None] = {}

    def at(self, currency: str, row: int) -> float:
        """Units of the base currency for one; NaN where unknown."""
        if currency == self.base:
            return 1.0
        if currency not in self.lines:
            self.lines[currency] = self.prices.rate(currency, self.base)
        line = self.lines[currency]
        return float("nan") if line is None else float(line[row])


def _hold(by_holding: list[list[tuple[int, Entry]]], T: int) -> F8:
    """Shares at the end of each session (H×T): the level that the last entry so far left."""
    at = np.zeros((len(by_holding), T), dtype=np.int64)
    levels = [0.0]
    for h, entries in enumerate(by_holding):
        for row, entry in entries:
            at[h, row] = len(levels)
            levels.append(entry.held)
    np.maximum.accumulate(at, axis=1, out=at)
    quantity: F8 = np.array(levels)[at]
    return quantity


def _unbooked(published: tuple[Dividend, ...], booked: list[int]) -> list[Dividend]:
    """Published dividends that no booked one stands for.

    A booked one stands for the earliest published one of the days up to it that no other stands for.
    """
    left = list(published)
    for day in sorted(booked):
        for i, paid in enumerate(left):
            if day - BOOKED_WITHIN_DAYS <= days_of(paid.ex_on) <= day:
                del left[i]
                break
    return left


def _credit(
    entries: list[tuple[int, Entry]], paid: list[Dividend], rates: _Rates, first: int, money: F8
) -> None:
    """Add dividends to ``money`` (T) on their ex dates, by the shares held before them; shorts pay."""
    days = [days_of(entry.trade.traded_on) for _, entry in entries]
    for dividend in paid:
        ex = days_of(dividend.ex_on)
        before = bisect_left(days, ex) - 1
        if before < 0 or not entries[before][1].held:
            continue
        row = int(np.searchsorted(rates.prices.sessions, ex))
        if row < len(rates.prices.sessions):
            rate = rates.at(dividend.currency, row)
            money[row - first] += entries[before][1].held * dividend.amount * rate
