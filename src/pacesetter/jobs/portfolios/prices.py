"""Closes, splits, dividends and rates that portfolios are valued with: one table for any number of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from pacesetter.jobs.portfolios.dividends import (
    Paid,
    adjusted_symbols,
    derived_dividends,
    known_dividends,
    without_dividends,
)
from pacesetter.jobs.symbols.symbol_snapshot import SymbolSnapshot
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import day_date, day_number, first_session, session_days, sessions_before
from pacesetter.market.panel import F8, I8, Panel
from pacesetter.market.symbol import PRICED
from pacesetter.portfolio.prices import Prices, carry_forward, prepare_prices
from pacesetter.portfolio.trade import Split, read_ratio
from pacesetter.store.bars.actions import actions_within, list_actions
from pacesetter.store.bars.closes import read_closes
from pacesetter.store.bars.fx_rates import read_rates
from pacesetter.store.bars.panels import load_panel

MOST_ROWS = 200_000  # bars that are rather read as rows than from the panel's files
MOST_NAMED = 5_000  # symbols that a statement names
BEFORE = 10  # sessions before the first trade: its close may be carried, and returns need one before
EVER = date(1900, 1, 1)
CARRIED = 5  # sessions that a rate holds
HUB = "USD"


@dataclass(frozen=True, eq=False)
class PriceBook:
    """``prices`` (without rates) of symbols on the sessions of a calendar, the ``splits`` they are adjusted
    for, by symbol, and the stored ``rates``."""

    prices: Prices
    splits: Mapping[str, tuple[Split, ...]]
    rates: pl.DataFrame

    @property
    def last_on(self) -> date:
        """The session of the newest prices."""
        return day_date(int(self.prices.sessions[-1]))

    def in_base(self, base: str, currencies: Collection[str]) -> tuple[Prices, list[str]]:
        """The prices with rates of ``currencies`` to ``base``, and what to say about the rates."""
        lines, said = {base: np.ones(len(self.prices.sessions))}, []
        for currency in sorted(set(currencies) - {base}):
            line, why = rate_line(self.rates, currency, base, self.prices.sessions)
            if line is not None:
                lines[currency] = line
            said += [why] if why else []
        return replace(self.prices, rates=lines), said


async def load_prices(
    ws: Workspace,
    snapshot: SymbolSnapshot,
    symbols: Collection[str],
    *,
    calendar: str,
    first: date,
    last: date,
    currencies: Collection[str] = (),
) -> PriceBook:
    """The prices of ``symbols`` from ``first`` (and some sessions before, as far as the calendar has them)
    to the session ``last``."""
    wanted = sorted(s for s in set(symbols) if s in snapshot.row_of)
    begin = min(sessions_before(calendar, min(first, last), BEFORE + 1), default=first_session(calendar))
    sessions = session_days(calendar, begin, last).astype(np.int64)
    priced = [s for s in wanted if snapshot.price_on[snapshot.row_of[s]] >= 0]
    async with ws.db.read() as conn:
        named = len(wanted) <= MOST_NAMED
        actions = await (actions_within(conn, wanted, EVER, last) if named else list_actions(conn))
        units = {snapshot.currency[snapshot.row_of[s]] or HUB for s in wanted}
        rates = await read_rates(conn, {*units, *currencies, HUB}, last)
    telling = without_dividends(snapshot, wanted, actions)
    if len(priced) * len(sessions) <= MOST_ROWS:
        async with ws.db.read() as conn:
            rows, _ = await read_closes(conn, priced, begin, last)
        bars = code_bars(rows, {s: i for i, s in enumerate(wanted)})
    else:
        panel = await load_panel(ws.db, ws.home, sessions=[last], calendar=calendar, asset_types=PRICED)
        bars = bars_of_panel(panel, wanted, begin)
        telling = sorted(adjusted_symbols(panel, actions) & set(telling))
        async with ws.db.read() as conn:
            rows, _ = await read_closes(conn, telling, begin, last)
    derived = derived_dividends(rows, telling)
    return await asyncio.to_thread(make_book, snapshot, wanted, sessions, bars, actions, rates, derived)


def code_bars(bars: pl.DataFrame, place: Mapping[str, int]) -> tuple[I8, I8, F8]:
    """Rows of closes as (symbol's place, day, close)."""
    if bars.is_empty():
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    owner = bars["symbol"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    return owner, bars["date"].cast(pl.Int32).cast(pl.Int64).to_numpy(), bars["close"].to_numpy()


def bars_of_panel(panel: Panel, wanted: Sequence[str], begin: date) -> tuple[I8, I8, F8]:
    """The same from a panel, whose files are faster to read than many rows."""
    place = {symbol: i for i, symbol in enumerate(wanted)}
    code = np.array([place.get(symbol, -1) for symbol in panel.symbols], dtype=np.int64)
    owner = code[panel.owner]
    keep = (owner >= 0) & (panel.date >= day_number(begin))
    return owner[keep], panel.date[keep].astype(np.int64), panel.close[keep]


def make_book(
    snapshot: SymbolSnapshot,
    symbols: Sequence[str],
    sessions: I8,
    bars: tuple[I8, I8, F8],
    actions: pl.DataFrame,
    rates: pl.DataFrame,
    derived: Paid,
) -> PriceBook:
    """Split-adjusted closes in major units, side by side. A bar between two sessions counts on the later."""
    owner, dates, closes = bars
    rows = snapshot.rows(symbols)
    splits = known_splits(snapshot, symbols, actions, int(sessions[-1]))
    units = np.array([100.0 if s in snapshot.pence else 1.0 for s in symbols])
    basis = [snapshot.basis[row] or "split_dividend" for row in rows]
    adjusted = closes / units[owner] if len(closes) else closes
    for s, symbol in enumerate(symbols):
        if basis[s] == "raw":
            for split in splits.get(symbol, ()):
                before = (owner == s) & (dates < day_number(split.ex_on))
                adjusted[before] /= float(split.ratio)
    close = np.full((len(symbols), len(sessions)), np.nan)
    at = np.searchsorted(sessions, dates)
    inside = at < len(sessions)
    close[owner[inside], at[inside]] = adjusted[inside]
    currency = [snapshot.currency[row] or HUB for row in rows]
    paid = known_dividends(symbols, currency, basis, units, splits, actions, derived)
    inside_of = [s for s, own in zip(symbols, basis, strict=True) if own == "split_dividend"]
    prices = prepare_prices(
        sessions,
        symbols,
        close,
        currency,
        dividends=paid,
        dividends_inside=inside_of,
        dividends_derived=derived,
    )
    return PriceBook(prices, splits, rates)


def known_splits(
    snapshot: SymbolSnapshot, symbols: Sequence[str], actions: pl.DataFrame, last: int
) -> dict[str, tuple[Split, ...]]:
    """The splits of symbols that their newest prices show: a split to come changes nothing yet."""
    found: dict[str, list[Split]] = {}
    wanted = set(symbols)
    for symbol, ex_on, value in (
        actions.filter(pl.col("kind") == "split").select("symbol", "ex_on", "value").rows()
    ):
        row = snapshot.row_of.get(symbol)
        if symbol not in wanted or row is None:
            continue
        shown = int(snapshot.price_on[row])
        until = last if shown < 0 else min(last, shown)
        if day_number(ex_on) <= until:
            found.setdefault(symbol, []).append(Split(ex_on, read_ratio(value)))
    return {symbol: tuple(sorted(own, key=lambda s: s.ex_on)) for symbol, own in found.items()}


def rate_line(rates: pl.DataFrame, currency: str, base: str, sessions: I8) -> tuple[F8 | None, str | None]:
    """The worth of one ``currency`` in ``base`` on each session: as stored, the inverse, or by way of the
    dollar; the last known one holds for ``CARRIED`` sessions. None where it ended before the last session."""
    line = leg(rates, currency, base, sessions)
    if HUB not in (currency, base):
        crossed = carry(leg(rates, currency, HUB, sessions)) * carry(leg(rates, HUB, base, sessions))
        line = np.where(np.isfinite(line), line, crossed)
    known = np.flatnonzero(np.isfinite(line))
    if not len(known):
        return None, f"no rate from {currency} to {base} is known"
    age = len(sessions) - 1 - int(known[-1])
    last = day_date(int(sessions[known[-1]]))
    if age > CARRIED:
        return None, f"the last rate from {currency} to {base} is of {last}, more than {CARRIED} sessions ago"
    said = []
    if age:
        said.append(f"the rate from {currency} to {base} of {last} is carried on ({age} sessions)")
    longest = int(np.max(np.diff(known), initial=1)) - 1
    if longest > CARRIED:
        said.append(
            f"rates from {currency} to {base} have a hole of {longest} sessions, which is carried over"
        )
    return carry_forward(line), "; ".join(said) or None


def leg(rates: pl.DataFrame, currency: str, base: str, sessions: I8) -> F8:
    """Stored rates of a pair, either way, on sessions (NaN: none); one between two counts on the later."""
    line = np.full(len(sessions), np.nan)
    for one, other, power in ((base, currency, -1.0), (currency, base, 1.0)):  # as it is stored wins
        own = rates.filter((pl.col("base") == one) & (pl.col("quote") == other))
        if own.is_empty():
            continue
        at = np.searchsorted(sessions, own["on"].cast(pl.Int32).to_numpy())
        value = own["rate"].to_numpy() ** power
        before = own["on"].cast(pl.Int32).to_numpy() < sessions[0] - CARRIED
        keep = (at < len(sessions)) & ~before
        line[at[keep]] = value[keep]
    return line


def carry(line: F8) -> F8:
    """The last known number, for ``CARRIED`` sessions."""
    out = line.copy()
    for back in range(1, CARRIED + 1):
        if back >= len(line):
            break
        earlier = np.full(len(line), np.nan)
        earlier[back:] = line[:-back]
        out = np.where(np.isfinite(out), out, earlier)
    return out
