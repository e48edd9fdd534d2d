"""Yahoo Finance by yfinance, whose every request goes through the guarded client."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import ProviderError, ProviderRefused, RateLimited
from pacesetter.market.bar import ACTION_SCHEMA, BAR_SCHEMA
from pacesetter.providers.base import Cause, FetchRequest, FetchResult, SymbolFailure, providers
from pacesetter.providers.http import GuardedClient
from pacesetter.providers.session import GuardedSession

HOSTS = ("query1.finance.yahoo.com", "query2.finance.yahoo.com", "fc.yahoo.com", "finance.yahoo.com")
BATCH = 50
THREADS = 4
OUT_OF_REACH: frozenset[Cause] = frozenset({"network", "rate_limited"})
COLUMNS = {
    "Open": "open",
    "High": "high",
    "Low": "low",
    "Close": "close",
    "Adj Close": "adj_close",
    "Volume": "volume",
}


class Yahoo:
    """The provider ``yahoo``: daily bars split-adjusted, with dividends and splits beside them."""

    name = "yahoo"

    def __init__(
        self, *, base_url: str | None = None, requests_per_minute: int = 60, deadline_s: float = 600.0
    ) -> None:
        host = urlsplit(base_url).hostname if base_url else None
        self._client = GuardedClient(
            hosts=HOSTS,
            trusted=(host,) if host else (),
            per_minute=requests_per_minute,
            deadline_s=deadline_s,
        )
        self._session = GuardedSession(self._client, base_url)

    def symbols(self) -> tuple[str, ...]:
        """None of its own accord."""
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        """Fetch in batches of 50, four symbols at a time. One bad symbol is a failure in the result.

        Raises what keeps every symbol from being fetched: ``RateLimited`` or ``NetworkBlocked``.
        """
        load_yfinance().data.YfData.cache_get.cache_clear()  # it would repeat answers since corrected
        bars: list[pl.DataFrame] = [pl.DataFrame(schema=BAR_SCHEMA)]
        actions: list[pl.DataFrame] = [pl.DataFrame(schema=ACTION_SCHEMA)]
        failures: list[SymbolFailure] = []
        stopped: ProviderError | None = None
        problem: ProviderError | None = None
        with ThreadPoolExecutor(THREADS) as pool:
            for start in range(0, len(request.symbols), BATCH):
                batch = request.symbols[start : start + BATCH]
                if stopped is None:
                    outcomes = pool.map(lambda s: self._fetch_one(s, request), batch)
                    for symbol, outcome in zip(batch, outcomes, strict=True):
                        if isinstance(outcome, SymbolFailure):
                            failures.append(outcome)
                        elif isinstance(outcome, ProviderError):
                            problem = outcome
                            if self._is_over(outcome):
                                stopped = outcome
                            else:  # this symbol's answer was cut, late or no data; others may well come
                                failures.append(SymbolFailure(symbol, cause_of(outcome), str(outcome)))
                        else:
                            bars.append(outcome[0])
                            actions.append(outcome[1])
                if stopped is not None:
                    failures += self._rest(batch, bars, failures, stopped)
        if problem is not None and len(bars) == 1 and {f.cause for f in failures} <= OUT_OF_REACH:
            raise problem
        return FetchResult(
            bars=pl.concat(bars),
            source=self.name,
            fetched_at=clock.now(),
            actions=pl.concat(actions),
            failures=failures,
        )

    def _is_over(self, problem: ProviderError) -> bool:
        """Whether asking on is useless: told to slow down, or calls are paused."""
        return isinstance(problem, RateLimited) or self._client.breaker.opened_at is not None

    def _rest(
        self,
        batch: Sequence[str],
        bars: Sequence[pl.DataFrame],
        failures: Sequence[SymbolFailure],
        why: ProviderError,
    ) -> list[SymbolFailure]:
        done = {frame["symbol"][0] for frame in bars if frame.height} | {f.symbol for f in failures}
        return [SymbolFailure(s, cause_of(why), str(why)) for s in batch if s not in done]

    def _fetch_one(
        self, symbol: str, request: FetchRequest
    ) -> tuple[pl.DataFrame, pl.DataFrame] | SymbolFailure | ProviderError:
        yf = load_yfinance()
        self._session.problem = None
        try:
            history = yf.Ticker(symbol, session=self._session).history(
                start=request.first.isoformat(),
                end=(request.last + timedelta(days=1)).isoformat(),
                interval="1d",
                auto_adjust=False,
                actions=True,
                raise_errors=True,
            )
        except Exception as error:  # yfinance raises many kinds, some of them bare
            return self._session.problem or name_failure(symbol, error)
        if history is None or history.empty:
            return self._session.problem or SymbolFailure(symbol, "no_data", "no bar of these dates")
        bars, actions = read_history(symbol, history, request.first, request.last)
        if bars.is_empty():
            return SymbolFailure(symbol, "no_data", "no bar of these dates")
        return bars, actions


def cause_of(problem: ProviderError) -> Cause:
    """The word for what kept an answer from coming."""
    if isinstance(problem, RateLimited):
        return "rate_limited"
    return "bad_reply" if isinstance(problem, ProviderRefused) else "network"


def name_failure(symbol: str, error: Exception) -> SymbolFailure | ProviderError:
    """The cause behind what yfinance raised."""
    kind, text = type(error).__name__, str(error)
    if "RateLimit" in kind:
        return RateLimited("the provider asks to slow down", where="yahoo", mend="try again later")
    lowered = text.casefold()
    if "delisted" in lowered or "timezone" in lowered:
        return SymbolFailure(symbol, "delisted", "Yahoo has no data: unknown there, renamed or delisted")
    if "not found" in lowered or "404" in lowered:
        return SymbolFailure(symbol, "unknown_symbol", "Yahoo does not know it")
    return SymbolFailure(symbol, "bad_reply", f"{kind}: {text[:200]}")


def read_history(symbol: str, history: Any, first: date, last: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bars and actions from yfinance's frame, indexed by the session in the exchange's time zone."""
    days = [stamp.date() for stamp in history.index]
    frame = pl.DataFrame(
        {
            "symbol": [symbol] * len(days),
            "date": pl.Series(days, dtype=pl.Date),
            **{ours: history[theirs].to_numpy(dtype=float) for theirs, ours in COLUMNS.items()},
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))
    bars = frame.with_columns(pl.col("volume").cast(pl.Int64)).unique(
        "date", keep="last", maintain_order=True
    )
    inside = pl.col("date").is_between(first, last)
    actions = [
        (symbol, day, kind, float(value), None)
        for column, kind in (("Dividends", "dividend"), ("Stock Splits", "split"))
        if column in history.columns
        for day, value in zip(days, history[column].to_numpy(dtype=float), strict=True)
        if value > 0
    ]
    made = pl.DataFrame(actions, schema=ACTION_SCHEMA, orient="row")
    return bars.select(list(BAR_SCHEMA)).filter(inside & pl.col("close").is_not_null()), made.filter(
        pl.col("ex_on").is_between(first, last)
    )


@cache
def load_yfinance() -> Any:
    """yfinance, imported late (it takes a second), with its cache out of the user's folders."""
    import yfinance

    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # causes are in the result
    yfinance.set_tz_cache_location(tempfile.mkdtemp(prefix="pacesetter-yfinance-"))
    return yfinance


providers.add(Yahoo.name, Yahoo)
