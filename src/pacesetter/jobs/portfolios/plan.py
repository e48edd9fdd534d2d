"""Which portfolios are out of date: a fingerprint of all that a snapshot is made from, without making it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from pacesetter.jobs.symbols.symbol_snapshot import SymbolSnapshot
from pacesetter.kernel.errors import PacesetterError
from pacesetter.market.calendar import day_date, first_session, latest_session_on, load_calendar
from pacesetter.portfolio.exposure import load_definitions

METHOD = "portfolio 2"  # another one makes all snapshots anew


@dataclass(frozen=True)
class Plan:
    """A portfolio to be valued on ``metric_date``, of its calendar; ``trade_ids`` name the state of its
    trades, ``fingerprint`` all that its snapshot is made from."""

    id: UUID
    name: str
    base_currency: str
    benchmark: str
    stated_benchmark: str | None
    calendar: str
    metric_date: date
    first_on: date
    symbols: tuple[str, ...]
    currencies: frozenset[str]
    unavailable: Mapping[str, str]
    trade_ids: bytes
    fingerprint: str


@dataclass(frozen=True)
class Stored:
    """What plans are made from, as it was read together. ``stamps``: (revision, bars) by symbol."""

    portfolios: Sequence[Any]
    trade_ids: Sequence[Any]
    stamps: Mapping[str, tuple[int, int]]
    waiting: Mapping[str, str]
    rates: bytes  # their stamp; empty where no portfolio needs any


def proxies() -> tuple[str, ...]:
    """The funds behind the factors."""
    return tuple(sorted({fund for one in load_definitions() for fund in one.proxies}))


@cache
def calendar_of(mic: str | None, default: str) -> str:
    """The calendar of an exchange, or the default one where it has none here."""
    if mic is None or mic == default:
        return default
    try:
        load_calendar(mic)
    except PacesetterError:
        return default
    return mic


def make_plans(stored: Stored, snapshot: SymbolSnapshot, *, benchmark: str, calendar: str) -> list[Plan]:
    """A plan for each portfolio that has a trade. ``benchmark`` and ``calendar``: where it names none."""
    by_portfolio: dict[bytes, list[Any]] = defaultdict(list)
    for row in stored.trade_ids:
        by_portfolio[row.portfolio_id].append(row)
    stamp = Stamps(stored, snapshot)
    made = []
    for portfolio in stored.portfolios:
        rows = by_portfolio.get(portfolio.id.bytes)
        if rows:
            made.append(plan_one(portfolio, rows, stamp, benchmark=benchmark, calendar=calendar))
    return made


class Stamps:
    """What is known of each symbol, in eight bytes, made once for all portfolios that hold it."""

    def __init__(self, stored: Stored, snapshot: SymbolSnapshot) -> None:
        self.stored, self.snapshot = stored, snapshot
        self._made: dict[str, bytes] = {}
        self.factors = b"".join(self.of(symbol) for symbol in proxies())

    def of(self, symbol: str) -> bytes:
        """Its bars, splits and dividends, exposures, currency and basis."""
        found = self._made.get(symbol)
        if found is None:
            row = self.snapshot.row_of.get(symbol)
            parts: list[Any] = [self.stored.stamps.get(symbol)]
            if row is not None:
                own = self.snapshot
                parts += [own.currency[row], own.basis[row], symbol in own.pence, own.beta_bytes[row]]
            found = self._made[symbol] = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
        return found


def plan_one(portfolio: Any, rows: Sequence[Any], stamps: Stamps, *, benchmark: str, calendar: str) -> Plan:
    """The plan of one portfolio from its trades (``read_trade_ids``)."""
    snapshot, stored = stamps.snapshot, stamps.stored
    own_benchmark = portfolio.benchmark or benchmark
    symbols = tuple(sorted({row.symbol for row in rows if row.symbol is not None}))
    place = snapshot.row_of.get(own_benchmark)
    own_calendar = calendar_of(None if place is None else snapshot.mic[place], calendar)
    currencies = {row.currency for row in rows}
    currencies |= {
        c for s in symbols if s in snapshot.row_of and (c := snapshot.currency[snapshot.row_of[s]])
    }
    if place is not None and snapshot.currency[place]:
        currencies.add(str(snapshot.currency[place]))
    on = choose_session(snapshot, symbols, own_benchmark, own_calendar, max(row.traded_on for row in rows))
    digest = hashlib.sha256()
    for part in (METHOD, portfolio.base_currency, own_benchmark, own_calendar, str(on)):
        digest.update(part.encode() + b"\0")
    ids = digest_ids([row.id for row in rows])
    digest.update(ids)
    for symbol in (*symbols, own_benchmark):
        digest.update(symbol.encode() + stamps.of(symbol))
    digest.update(stamps.factors)
    digest.update(repr([stored.waiting.get(symbol) for symbol in symbols]).encode())
    if currencies - {portfolio.base_currency}:
        digest.update(stored.rates)
    return Plan(
        id=portfolio.id,
        name=portfolio.name,
        base_currency=portfolio.base_currency,
        benchmark=own_benchmark,
        stated_benchmark=portfolio.benchmark,
        calendar=own_calendar,
        metric_date=on,
        first_on=min(row.traded_on for row in rows),
        symbols=symbols,
        currencies=frozenset(currencies),
        unavailable={s: stored.waiting[s] for s in symbols if s in stored.waiting},
        trade_ids=ids,
        fingerprint=digest.hexdigest(),
    )


def choose_session(
    snapshot: SymbolSnapshot, symbols: Collection[str], benchmark: str, calendar: str, newest_trade: date
) -> date:
    """The session of the newest price of any of ``symbols``, else of the benchmark, else of the newest
    trade; never "now". A benchmark that runs on says nothing of holdings whose prices have ended."""

    def newest_of(names: Collection[str]) -> int:
        days = (int(snapshot.price_on[snapshot.row_of[s]]) for s in names if s in snapshot.row_of)
        return max(days, default=-1)

    newest = newest_of(symbols)
    newest = newest_of([benchmark]) if newest < 0 else newest
    on = newest_trade if newest < 0 else day_date(newest)
    return latest_session_on(calendar, max(on, first_session(calendar)))


def digest_ids(ids: Sequence[bytes]) -> bytes:
    """Which trades there are, in a few bytes; ``ids`` in order."""
    return hashlib.sha256(b"".join(sorted(ids))).digest()
