"""A small evidence made by hand: four symbols on Friday 14 March 2025, every fact of each known.

    make_evidence()                                            # as below
    make_evidence(facts={"AAA": {"price.close": 90.0}})        # one fact otherwise
    make_evidence(facts={"AAA": {"factor.eps": None}})         # one fact not known
    make_evidence(symbols=("AAA",), texts=[make_text("news", "AAA", title="Bid talk")])

AAA is a cheap riser near its high, BBB a dear growth share, CCC a falling knife, DDD an ETF.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from pacesetter.agents.evidence import RANKS, Evidence, Listing, Text
from pacesetter.agents.facts import fact_names
from pacesetter.research.watch import History

ON = date(2025, 3, 14)
BEFORE = date(2025, 3, 13)
KNOWN_UNTIL = datetime(2025, 3, 17, 7, 0, tzinfo=UTC)  # 07:00 in London, winter time
SYMBOLS = ("AAA", "BBB", "CCC", "DDD")
Facts = Mapping[str, Mapping[str, float | None]]

#                                     AAA     BBB     CCC     DDD
TABLE: dict[str, tuple[float | None, ...]] = {
    "price.close": (100.0, 50.0, 20.0, 200.0),
    "price.change_1d_pct": (1.0, -0.5, -4.0, 0.2),
    "price.change_5d_pct": (3.0, 1.0, -12.0, 0.5),
    "price.change_21d_pct": (6.0, 4.0, -25.0, 1.0),
    "price.change_63d_pct": (12.0, 10.0, -40.0, 3.0),
    "price.change_252d_pct": (30.0, 60.0, -55.0, 12.0),
    "price.high_252d": (101.0, 62.5, 50.0, 205.0),
    "price.low_252d": (70.0, 28.0, 19.0, 170.0),
    "price.below_high_pct": (100 / 101, 20.0, 60.0, 500 / 205),
    "price.above_low_pct": (3000 / 70, 2200 / 28, 100 / 19, 3000 / 170),
    "price.volume": (1_500_000.0, 800_000.0, 2_400_000.0, 100_000.0),
    "price.volume_mean_30d": (1_000_000.0, 800_000.0, 1_200_000.0, 100_000.0),
    "price.volume_ratio": (1.5, 1.0, 2.0, 1.0),
    "technical.sma_20": (97.0, 49.0, 24.0, 199.0),
    "technical.sma_50": (94.0, 47.0, 29.0, 197.0),
    "technical.sma_200": (85.0, 40.0, 38.0, 188.0),
    "technical.rsi_14": (64.0, 55.0, 18.0, 52.0),
    "technical.volatility_21d": (0.20, 0.45, 0.70, 0.10),
    "technical.volatility_63d": (0.22, 0.42, 0.60, 0.11),
    "technical.drawdown_252d_pct": (0.5, 18.0, 58.0, 2.0),
    "rank.rank": (1.0, 2.0, 3.0, None),
    "rank.change": (1.0, -1.0, 0.0, None),
    "rank.score": (90.0, 60.0, 10.0, None),
    "rank.percentile": (100.0, 200 / 3, 100 / 3, None),
    "rank.n": (3.0, 3.0, 3.0, None),
    "factor.momentum": (0.25, 0.55, -0.40, 0.11),
    "factor.volume_change": (0.10, 0.00, 0.30, 0.00),
    "factor.volatility": (0.22, 0.42, 0.60, 0.11),
    "factor.relative_strength": (0.08, 0.20, -0.30, 0.00),
    "factor.financial_ratio": (0.08, 0.02, -0.05, None),
    "factor.trailing_pe": (12.5, 50.0, None, None),
    "factor.price_to_sales": (1.2, 9.0, 0.8, None),
    "factor.price_to_book": (1.4, 12.0, 0.9, None),
    "factor.eps": (8.0, 1.0, -1.0, None),
    "factor.revenue_growth": (0.06, 0.35, -0.10, None),
    "factor.roe": (0.18, 0.24, -0.08, None),
    "factor.debt_to_equity": (0.4, 0.2, 2.5, None),
    "factor.gross_margin": (0.42, 0.70, 0.15, None),
    "factor.operating_margin": (0.20, 0.25, -0.02, None),
    "factor.profit_margin": (0.14, 0.18, -0.06, None),
    "factor.dividend_yield": (0.03, 0.0, 0.06, 0.015),
    "factor.market_cap": (50e9, 20e9, 2e9, None),
    "factor.enterprise_value": (55e9, 19e9, 4e9, None),
    "event.insider": (0.0, 0.0, 0.0, 0.0),
    "event.news": (0.0, 0.0, 0.0, 0.0),
    "event.earnings": (0.0, 0.0, 0.0, 0.0),
    "event.research": (0.0, 0.0, 0.0, 0.0),
    "event.manual": (0.0, 0.0, 0.0, 0.0),
    "event.earnings_surprise_pct": (None, None, None, None),
    "freshness.sessions_behind": (0.0, 0.0, 0.0, 0.0),
}
LISTINGS = {
    "AAA": Listing("AAA", "Alpha Tools", "equity", "Industrials", "Machinery", "USD"),
    "BBB": Listing("BBB", "Beta Chips", "equity", "Information Technology", "Semiconductors", "USD"),
    "CCC": Listing("CCC", "Gamma Stores", "equity", "Consumer Discretionary", "Retail", "GBP", 100.0),
    "DDD": Listing("DDD", "Delta Market ETF", "etf", None, None, "USD"),
}


def make_evidence(
    *,
    on: date = ON,
    symbols: Sequence[str] = SYMBOLS,
    facts: Facts | None = None,
    before: Facts | None = None,
    ranks: Sequence[Mapping[str, Any]] | None = None,
    texts: Sequence[Text] = (),
    **over: Any,
) -> Evidence:
    """The evidence above. ``facts``: facts otherwise than in ``TABLE``, by symbol; a symbol that is not in
    it has these alone. ``before``: facts of the session before, otherwise than in ``TABLE`` (which it
    equals unless told). ``ranks``: rows by ``make_rank``, instead of the three of ``main``. The others are
    fields of ``Evidence``. Counts of events follow from the facts alone, not from ``texts``."""
    now, earlier = _table(symbols, facts or {}), _table(symbols, before or {})
    sessions = weekdays(on, 300)
    known = {name: listing for name, listing in LISTINGS.items() if name in symbols}
    stray = {name: Listing(name, None, "equity", None, None, "USD") for name in symbols if name not in known}
    fields: dict[str, Any] = {
        "on": on,
        "known_until": KNOWN_UNTIL + (on - ON),
        "sessions": sessions,
        "facts": frame_facts(now),
        "before": frame_facts(earlier),
        "ranks": pl.DataFrame(_ranks(symbols, on) if ranks is None else list(ranks), schema=RANKS),
        "listings": known | stray,
        "texts": tuple(sorted(texts, key=lambda one: (one.noted_on, one.known_at), reverse=True)),
        "regime": "neutral",
        "regime_reason": "the market is near its mean of 200 sessions",
        "recall": lambda symbol: make_history(sessions[-253:], now[symbol], earlier[symbol]),
    }
    return Evidence(**(fields | over))


def make_text(kind: str, symbol: str | None, **over: Any) -> Text:
    """A text noted on ``ON``; its sha256 is that of its title and body."""
    fields: dict[str, Any] = {
        "noted_on": ON,
        "known_at": datetime(2025, 3, 14, 12, 0, tzinfo=UTC),
        "title": f"{kind} on {symbol}",
        "source": "inbox",
        "body": "",
        "data": {},
    } | over
    digest = sha256(f"{fields['title']}\n{fields['body']}".encode()).hexdigest()
    return Text(kind=kind, symbol=symbol, **({"sha256": digest} | fields))


def make_rank(symbol: str, rank: int | None, previous: int | None = None, **over: Any) -> dict[str, Any]:
    """A row of ``Evidence.ranks`` on the board ``main`` of three."""
    change = None if rank is None or previous is None else previous - rank
    row: dict[str, Any] = dict.fromkeys(RANKS) | {
        "board": "main",
        "board_name": "Main board",
        "symbol": symbol,
        "rank": rank,
        "previous_rank": previous,
        "previous_on": BEFORE,
        "rank_change": change,
        "n_ranked": 3,
        "score": None if rank is None else {1: 90.0, 2: 60.0, 3: 10.0}.get(rank, 50.0),
    }
    return row | over


def make_history(
    sessions: Sequence[date], now: Mapping[str, float | None], earlier: Mapping[str, float | None]
) -> History:
    """Facts that were ``earlier`` all the time until they became ``now`` on the last session."""
    columns = {}
    for name in fact_names():
        old, new = (np.nan if one.get(name) is None else one[name] for one in (earlier, now))
        columns[name] = np.array([old] * (len(sessions) - 1) + [new], np.float64)
    return History(sessions, columns)


def frame_facts(rows: Mapping[str, Mapping[str, float | None]]) -> pl.DataFrame:
    """Facts by symbol as the frame of an ``Evidence``: sorted, every fact a column."""
    schema = pl.Schema({"symbol": pl.String()} | dict.fromkeys(fact_names(), pl.Float64()))
    table = [{"symbol": symbol} | dict(rows[symbol]) for symbol in sorted(rows)]
    return pl.DataFrame(table, schema=schema)


def weekdays(last: date, n: int) -> tuple[date, ...]:
    """The last ``n`` Mondays to Fridays up to ``last``."""
    days = (last - timedelta(days=i) for i in range(2 * n + 7))
    return tuple(reversed([day for day in days if day.weekday() < 5][:n]))


def _table(symbols: Sequence[str], over: Facts) -> dict[str, dict[str, float | None]]:
    found = {}
    for symbol in symbols:
        place = SYMBOLS.index(symbol) if symbol in SYMBOLS else None
        given = {} if place is None else {name: values[place] for name, values in TABLE.items()}
        found[symbol] = given | dict(over.get(symbol, {}))
    return found


def _ranks(symbols: Sequence[str], on: date) -> list[dict[str, Any]]:
    places = {"AAA": (1, 2), "BBB": (2, 1), "CCC": (3, 3)}
    before = weekdays(on, 2)[0]
    return [make_rank(name, *places[name], previous_on=before) for name in symbols if name in places]
