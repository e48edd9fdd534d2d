"""A made-up market for trying things out: the same for a seed, for ever, and labelled as made up.

Every series is a pure function of (seed, symbol): each quantity has a random stream of
its own, drawn session by session from a fixed first day, so a later fetch never changes
an earlier bar. Prices are unadjusted, with splits and dividends beside them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import numpy as np
import polars as pl

from pacesetter.kernel.clock import Clock
from pacesetter.market.bar import ACTION_SCHEMA, BAR_SCHEMA
from pacesetter.market.calendar import session_days
from pacesetter.market.domain import load_seed_domains
from pacesetter.providers.base import FetchRequest, FetchResult, NotedText, SymbolFailure, providers
from pacesetter.providers.simulated_company import (
    DRAWS,
    QUARTER,
    describe_company,
    earned_by,
    make_earnings,
)
from pacesetter.providers.simulated_funds import FUNDS
from pacesetter.providers.simulated_texts import Traded, write_texts

CALENDAR = "XNYS"
FIRST_ON = date(2019, 1, 2)
BENCHMARK = "SPY"
EXTRAS = tuple(f"SIM{i:02d}" for i in range(1, 31))  # so that the universe is large enough to compare with
DELISTED = {"SIM29": date(2023, 3, 15), "SIM30": date(2024, 9, 20)}


@dataclass(frozen=True)
class Made:
    """One symbol's made-up history: bars, actions, fundamentals and texts."""

    bars: pl.DataFrame
    actions: pl.DataFrame
    facts: pl.DataFrame
    texts: tuple[NotedText, ...]


class Simulated:
    """The provider ``simulated``."""

    name = "simulated"

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def symbols(self) -> tuple[str, ...]:
        """All symbols of the simulated market."""
        return (*self._companies, BENCHMARK, *FUNDS)

    @cached_property
    def _companies(self) -> tuple[str, ...]:
        listed = {s for d in load_seed_domains() for s in d.symbols} - {BENCHMARK, *FUNDS}
        return (*sorted(listed), *EXTRAS)

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        """Bars, actions and texts of the dates asked for, all fundamentals; no text before it is known."""
        sessions = session_days(CALENDAR, FIRST_ON, request.last)
        known = set(self.symbols())
        made = {s: self._make(s, sessions) for s in request.symbols if s in known}
        failures = [
            SymbolFailure(s, "unknown_symbol", "the simulated market does not list it")
            for s in request.symbols
            if s not in known
        ]
        dated = pl.col("date").is_between(request.first, request.last)
        parts = list(made.values())
        bars = pl.concat([pl.DataFrame(schema=BAR_SCHEMA), *(one.bars for one in parts)]).filter(dated)
        have = set(bars["symbol"])
        failures += [no_bars_of(s, request.first) for s in request.symbols if s in known - have]
        actions = pl.concat([pl.DataFrame(schema=ACTION_SCHEMA), *(one.actions for one in parts)])
        facts = pl.concat([pl.DataFrame(), *(one.facts for one in parts)], how="diagonal")
        now = clock.now()
        texts = [
            text
            for one in parts
            for text in one.texts
            if request.first <= text.noted_on <= request.last and text.known_at <= now
        ]
        return FetchResult(
            bars=bars,
            source=self.name,
            fetched_at=now,
            actions=actions.filter(pl.col("ex_on").is_between(request.first, request.last)),
            facts=facts,
            failures=failures,
            basis="raw",
            texts=texts,
        )

    def _stream(self, symbol: str, purpose: str) -> np.random.Generator:
        key = zlib.crc32(f"{symbol}/{purpose}".encode())
        return np.random.Generator(np.random.Philox(key=[self._seed, key]))

    def _market(self, n: int) -> np.ndarray:
        moves: np.ndarray = self._stream("", "market").standard_normal(DRAWS)[:n] * 0.009 + 0.0003
        return moves

    def _make(self, symbol: str, sessions: np.ndarray) -> Made:
        n = len(sessions)
        shape = self._stream(symbol, "shape").random(8)
        fund = FUNDS.get(symbol)
        benchmark = symbol == BENCHMARK or fund is not None
        beta = fund.beta if fund else 1.0 if benchmark else 0.5 + 1.2 * shape[0]
        spread = 0.0005 if benchmark else spread_of(shape)
        drift = 0.0 if benchmark else (shape[2] - 0.48) * 0.0012
        own = self._own(symbol, n, spread) if fund is None else self._fund_moves(symbol, n)
        returns = np.clip(beta * self._market(n) + own + drift, -0.25, 0.25)
        value = (20.0 + 180.0 * shape[3]) * np.exp(np.cumsum(returns))  # one old share, dividends kept
        shares, split_at = self._splits(value)
        close = np.round(value / shares, 4)
        paying = benchmark or shape[4] > 0.4
        pay_at = np.arange(int(10 + 50 * shape[5]), n, QUARTER) if paying else np.array([], dtype=int)
        body = np.abs(self._stream(symbol, "body").standard_normal((DRAWS, 3))[:n]) * spread * 0.6
        opened = close * (1.0 + (body[:, 0] - 0.5 * spread) * 0.5)
        bars = pl.DataFrame(
            {
                "symbol": pl.repeat(symbol, n, eager=True),
                "date": pl.Series(sessions).cast(pl.Date),
                "open": np.round(opened, 4),
                "high": np.round(np.maximum(opened, close) * (1.0 + body[:, 1]), 4),
                "low": np.round(np.minimum(opened, close) * (1.0 - body[:, 2]), 4),
                "close": close,
                "adj_close": pl.repeat(None, n, dtype=pl.Float64, eager=True),
                "volume": self._volume(symbol, n, shape[6], shares, returns),
            }
        )
        actions = pl.DataFrame(
            {
                "symbol": pl.repeat(symbol, len(split_at) + len(pay_at), eager=True, dtype=pl.String),
                "ex_on": pl.concat([pl.Series(sessions[split_at]), pl.Series(sessions[pay_at])]).cast(
                    pl.Date
                ),
                "kind": ["split"] * len(split_at) + ["dividend"] * len(pay_at),
                "value": np.concatenate([np.full(len(split_at), 4.0), np.round(close[pay_at] * 0.004, 4)]),
                "currency": pl.repeat("USD", len(split_at) + len(pay_at), eager=True, dtype=pl.String),
            }
        )
        kept = self._with_holes(symbol, bars)
        if fund is not None:
            return Made(kept, actions, pl.DataFrame(), ())
        stream = partial(self._stream, symbol)
        facts = make_earnings(symbol, sessions, close, shape[7], stream)
        if benchmark or symbol in DELISTED:
            return Made(kept, actions, facts, ())
        paid = np.zeros(n)
        paid[pay_at] = 0.004 * value[pay_at]
        traded = Traded(symbol, sessions, close, own / spread, earned_by(shape[7]))
        return Made(
            kept,
            actions,
            describe_company(facts, close, value, paid, usual_volume(shape[6]), stream),
            write_texts(traded, lambda purpose, k: stream(purpose).random((DRAWS, k))[:n]),
        )

    def _own(self, symbol: str, n: int, spread: float) -> np.ndarray:
        """A symbol's moves that are not the market's."""
        moves: np.ndarray = self._stream(symbol, "own").standard_normal(DRAWS)[:n] * spread
        return moves

    @cached_property
    def _company_moves(self) -> tuple[np.ndarray, np.ndarray]:
        """The shapes of all companies, and all their own moves."""
        shapes = np.array([self._stream(symbol, "shape").random(8) for symbol in self._companies])
        pairs = zip(self._companies, shapes, strict=True)
        return shapes, np.array([self._own(symbol, DRAWS, spread_of(shape)) for symbol, shape in pairs])

    def _fund_moves(self, symbol: str, n: int) -> np.ndarray:
        """A fund's moves that are not the market's: the mean of its companies' own, and a little more."""
        shapes, moves = self._company_moves
        held = [i for i, shape in enumerate(shapes) if FUNDS[symbol].holds(shape)]
        common = moves[held, :n].mean(axis=0) if held else np.zeros(n)
        return self._own(symbol, n, FUNDS[symbol].own) + common

    def _splits(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """New shares per old one over time, and where a four-for-one split takes effect."""
        shares, count, at = np.ones(len(value)), 1.0, []
        for i in range(1, len(value)):
            if value[i - 1] / count > 600.0:
                count *= 4.0
                at.append(i)
            shares[i] = count
        return shares, np.array(at, dtype=int)

    def _volume(
        self, symbol: str, n: int, size: float, shares: np.ndarray, returns: np.ndarray
    ) -> np.ndarray:
        noise = self._stream(symbol, "volume").standard_normal(DRAWS)[:n] * 0.25
        traded: np.ndarray = np.round(usual_volume(size) * shares * np.exp(noise + 12.0 * np.abs(returns)))
        return traded.astype(np.int64)

    def _with_holes(self, symbol: str, bars: pl.DataFrame) -> pl.DataFrame:
        """Halts of one to four sessions, and nothing after a delisting."""
        draws = self._stream(symbol, "halt").random((DRAWS, 2))[: bars.height]
        halted = np.zeros(bars.height, dtype=bool)
        if symbol != BENCHMARK and symbol not in FUNDS:
            for i in np.flatnonzero(draws[:, 0] < 0.0006):
                halted[i : i + 1 + int(4 * draws[i, 1])] = True
        kept = bars.filter(pl.Series(~halted))
        return kept.filter(pl.col("date") < DELISTED[symbol]) if symbol in DELISTED else kept


def usual_volume(size: float) -> float:
    """The old shares that are traded on a usual day."""
    return 1e6 * (1.0 + 40.0 * size**3)


def spread_of(shape: np.ndarray) -> float:
    """How much a company moves of its own, in one session."""
    return float(0.008 + 0.018 * shape[1])


def no_bars_of(symbol: str, first: date) -> SymbolFailure:
    """Why a symbol of the market has no bar from a date on."""
    end = DELISTED.get(symbol)
    if end is not None and end <= first:
        return SymbolFailure(symbol, "delisted", f"delisted on {end}")
    return SymbolFailure(symbol, "no_data", "no bar of these dates")


providers.add(Simulated.name, Simulated)
