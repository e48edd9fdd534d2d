"""The table of facts: for symbols and sessions at once, from bars, fundamentals, ranks and texts.

One code makes the facts of all symbols on an evening and those of one symbol on every session of a
year, so both are the same bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pacesetter.agents.evidence import Text, known_until
from pacesetter.agents.facts import AMOUNTS, FUNDAMENTALS, STANDARD, fact_names
from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.factors.known_facts import known_fact
from pacesetter.factors.market_returns import measure_market
from pacesetter.factors.windows import kernels
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import F8, Facts, Panel
from pacesetter.research.watch import History

Table = dict[str, F8]
LONGEST = 260  # bars of a symbol that any of the standard factors may see
EVENT_DAYS, SURPRISE_DAYS = 30, 90
COUNTED = ("insider", "news", "earnings", "research", "manual")
MAIN = pl.Schema(
    {
        "symbol": pl.String(),
        "on": pl.Date(),
        "rank": pl.Int64(),
        "change": pl.Int64(),
        "score": pl.Float64(),
        "n": pl.Int64(),
    }
)


@dataclass(frozen=True, eq=False)
class Sources:
    """What facts are made of: a ``panel`` of bars that are all final, with fundamentals; ``ranks`` (``MAIN``)
    of each symbol on its main board of each date; ``texts`` of any date and symbol."""

    panel: Panel
    ranks: pl.DataFrame
    texts: Sequence[Text] = ()


def tabulate(sources: Sources, sessions: Sequence[date]) -> Table:
    """Every fact (float64 T×S, NaN: not known) of the panel's symbols on ``sessions``, ascending."""
    panel = sources.panel.on(np.array([day_number(on) for on in sessions], np.int32))
    rows = panel.asof if len(panel.date) else np.full((len(sessions), panel.n_symbols), -1, np.int64)
    found = _of_bars(panel, rows) | _of_factors(panel) | _of_fundamentals(panel)
    found |= _of_ranks(panel, sessions, sources.ranks) | _of_texts(panel, sessions, sources.texts)
    found["freshness.sessions_behind"] = _age(panel, rows)
    there = rows >= 0  # of a symbol without a recent bar nothing is told
    return {name: np.where(there, found[name], np.nan) for name in fact_names()}


def choose_main(ranks: pl.DataFrame) -> pl.DataFrame:
    """Of published ranks (``RANKS`` and ``on``) those of each symbol's main board of each date (``MAIN``):
    among the boards that rank it the one that ranks the most; of equals the first by name."""
    order = ["symbol", "on", "n_ranked", "board_name", "board"]
    ranked = ranks.filter(pl.col("rank").is_not_null())
    first = ranked.sort(order, descending=[False, False, True, False, False]).unique(
        ["symbol", "on"], keep="first", maintain_order=True
    )
    return first.select("symbol", "on", "rank", "score", change="rank_change", n="n_ranked").select(
        MAIN.names()
    )


def frame_facts(panel: Panel, table: Table, t: int) -> pl.DataFrame:
    """The t-th session's facts: one row a symbol with a recent bar, sorted; null where it is not known."""
    there = np.isfinite(table["price.close"][t])
    order = sorted((symbol, s) for s, symbol in enumerate(panel.symbols) if there[s])
    kept = np.array([s for _, s in order], np.int64)
    columns = [pl.Series("symbol", [symbol for symbol, _ in order], pl.String)]
    columns += [pl.Series(name, values[t][kept], nan_to_null=True) for name, values in table.items()]
    return pl.DataFrame(columns)


def recall_facts(sources: Sources, symbol: str, sessions: Sequence[date]) -> History:
    """A symbol's facts on each of ``sessions``; none of it is known of a symbol that has no bars."""
    if symbol not in sources.panel.symbols:
        return History(tuple(sessions), {name: np.full(len(sessions), np.nan) for name in fact_names()})
    own = Sources(
        _only(sources.panel, sources.panel.symbols.index(symbol)),
        sources.ranks.filter(pl.col("symbol") == symbol),
        [one for one in sources.texts if one.symbol == symbol],
    )
    return History(tuple(sessions), {name: values[:, 0] for name, values in tabulate(own, sessions).items()})


def with_market(panel: Panel) -> Panel:
    """The panel with the market's line beside it, so that any part of it has the same."""
    return replace(panel, market=panel.market or measure_market(panel))


def _only(panel: Panel, s: int) -> Panel:
    part = panel.part(s, s + 1, panel.market or measure_market(panel))
    if panel.facts is None:
        return part
    given = panel.facts
    low, high = np.searchsorted(given.symbol, (s, s + 1))
    values = {name: column[low:high] for name, column in given.values.items()}
    own = np.zeros(high - low, np.int32)
    dated = (given.known_on[low:high], given.as_of[low:high])
    return replace(part, facts=Facts(own, *dated, values, given.currency[low:high]))


def _of_bars(panel: Panel, rows: NDArray[np.int64]) -> Table:
    loops = kernels("price_facts")
    first = np.broadcast_to(panel.offsets[:-1], rows.shape).ravel()
    splits = np.empty(0) if panel.splits is None else panel.splits
    bars = (panel.high, panel.low, panel.close, panel.volume, panel.growth, splits)
    made = loops.measure(first, rows.ravel(), *bars)
    made[~np.isfinite(made)] = np.nan
    return {name: made[:, k].reshape(rows.shape) for k, name in enumerate(loops.NAMES)}


def _of_factors(panel: Panel) -> Table:
    recent = _last_bars(panel)
    return {f"factor.{name}": evaluate(factors.get(name), recent).raw for name in STANDARD}


def _last_bars(panel: Panel) -> Panel:
    """Only bars that the sessions' factors may see; the rest would be worked through for nothing."""
    if not len(panel.date):
        return panel
    start = np.maximum(panel.newest[0] - LONGEST + 1, panel.offsets[:-1])
    keep = np.arange(len(panel.date)) >= np.repeat(start, np.diff(panel.offsets))
    keep &= panel.date <= panel.sessions[-1]
    return replace(panel.bars(keep), market=panel.market or measure_market(panel))


def _of_fundamentals(panel: Panel) -> Table:
    found = {}
    for name in FUNDAMENTALS:
        values, foreign = known_fact(panel, name)
        found[f"factor.{name}"] = np.where(foreign, np.nan, values) if name in AMOUNTS else values
    return found


def _of_ranks(panel: Panel, sessions: Sequence[date], ranks: pl.DataFrame) -> Table:
    shape = (len(sessions), panel.n_symbols)
    found = {name: np.full(shape, np.nan) for name in ("rank", "change", "score", "percentile", "n")}
    own, asked = range(panel.n_symbols), range(len(sessions))
    places = pl.DataFrame({"symbol": panel.symbols, "s": own}, schema={"symbol": pl.String, "s": pl.Int64})
    days = pl.DataFrame({"on": sessions, "t": asked}, schema={"on": pl.Date, "t": pl.Int64})
    mine = (
        ranks.join(places, on="symbol")
        .join(days, on="on")
        .with_columns(percentile=100.0 * (pl.col("n") - pl.col("rank") + 1) / pl.col("n"))
    )
    t, s = mine["t"].to_numpy(), mine["s"].to_numpy()
    for name, values in found.items():
        values[t, s] = mine[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return {f"rank.{name}": values for name, values in found.items()}


def _of_texts(panel: Panel, sessions: Sequence[date], texts: Sequence[Text]) -> Table:
    shape = (len(sessions), panel.n_symbols)
    found = {kind: np.zeros(shape) for kind in COUNTED}
    surprise, newest = np.full(shape, np.nan), np.full(shape, -np.inf)
    places = {symbol: s for s, symbol in enumerate(panel.symbols)}
    days = np.array([day_number(on) for on in sessions])
    limits = np.array([known_until(on).timestamp() for on in sessions])
    for one in sorted(texts, key=lambda one: (one.noted_on, one.known_at, one.sha256)):
        s = places.get(one.symbol or "")
        if s is None or one.kind not in COUNTED:
            continue
        age = days - day_number(one.noted_on)
        known = (age >= 0) & (one.known_at.timestamp() <= limits)
        found[one.kind][:, s] += known & (age < EVENT_DAYS)
        beat = one.data.get("surprise_pct")
        if one.kind == "earnings" and isinstance(beat, (int, float)) and np.isfinite(beat):
            use = known & (age < SURPRISE_DAYS) & (day_number(one.noted_on) >= newest[:, s])
            surprise[use, s], newest[use, s] = beat, day_number(one.noted_on)
    events = {f"event.{kind}": counts for kind, counts in found.items()}
    return events | {"event.earnings_surprise_pct": surprise}


def _age(panel: Panel, rows: NDArray[np.int64]) -> F8:
    """Sessions of the calendar between a symbol's newest bar and the session."""
    if not len(panel.date):
        return np.full(rows.shape, np.nan)
    at = np.searchsorted(panel.calendar, panel.sessions, side="right")
    newest = np.searchsorted(panel.calendar, panel.date[np.maximum(rows, 0)], side="right")
    return np.asarray(at[:, None] - newest, np.float64)
