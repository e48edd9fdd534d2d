"""A queue of symbols whose provider answers as laid out beforehand, and that waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pacesetter.jobs.onboarding import onboard_symbol
from pacesetter.jobs.runner import onboarding_worker
from pacesetter.jobs.runner.onboarding_worker import Worked, work_queue
from pacesetter.jobs.symbols.ask_symbols import Onboarding, ask_symbols, look_up
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.market.calendar import sessions_before
from pacesetter.providers.base import FetchRequest, FetchResult, SymbolFailure
from tests.jobs.home import with_home

LAST = date(2025, 7, 24)
DAYS = sessions_before("XNYS", LAST, 300)


def walk(symbol: str) -> np.ndarray[Any, Any]:
    """Closes of ``DAYS``: a random walk of the symbol's own."""
    rng = np.random.default_rng([ord(c) for c in symbol])
    return np.round(100 * np.exp(np.cumsum(rng.normal(0, 0.01, len(DAYS)))), 2)


def bars_of(symbol: str, last: date = LAST) -> pl.DataFrame:
    close = walk(symbol)
    frame = pl.DataFrame({"date": DAYS, "close": close, "volume": [1000] * len(DAYS)})
    prices = {c: pl.col("close") for c in ("open", "high", "low", "adj_close")}
    frame = frame.with_columns(symbol=pl.lit(symbol), **prices).filter(pl.col("date") <= last)
    return frame.select([pl.col(name).cast(kind) for name, kind in BAR_SCHEMA.items()])


def rows_of(symbol: str) -> list[tuple[object, ...]]:
    """The same as rows of a file."""
    return [(symbol, day, close, 1000) for day, close in zip(DAYS, walk(symbol), strict=True)]


class Shelf:
    """A provider whose answers are laid out beforehand: bars, a cause, or an error; else bars of anything."""

    def __init__(self, name: str = "yahoo", **answers: Any) -> None:
        self.name, self.answers, self.asked = name, answers, list[FetchRequest]()

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        self.asked.append(request)
        (symbol,) = request.symbols
        answer = self.answers.get(symbol.replace("-", "_"), bars_of(symbol))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            none = pl.DataFrame(schema=BAR_SCHEMA)
            failures = [SymbolFailure(symbol, answer, "/secret/path")] if answer else []  # type: ignore[arg-type]
            return FetchResult(none, self.name, clock.now(), failures=failures)
        bars = answer.filter(pl.col("date").is_between(request.first, request.last))
        return FetchResult(bars, self.name, clock.now())


def open_home(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    """A home whose queue waits for nobody; its source is one that ``offer`` lays out."""
    monkeypatch.setattr(onboarding_worker, "BACK_OFF_S", (0.0, 0.0))
    monkeypatch.setattr(onboarding_worker, "LOOK_EVERY_S", 0.02)
    url = database_url if database_url.startswith("postgresql") else None

    def within(work: Callable[[Workspace], Any]) -> Any:
        return with_home(folder, lambda ws: work(with_source(ws, "yahoo")), url=url)

    return within


def with_source(ws: Workspace, source: str) -> Workspace:
    """The same home, asking another source."""
    return replace(ws, settings=ws.settings.model_copy(update={"source": source}))


def without_measuring(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Without measuring; the symbols that portfolios were told of."""
    told: list[str] = []

    async def nothing(_ws: Any, _symbol: str) -> None:
        await asyncio.sleep(0)

    async def tell(_ws: Any, symbol: str) -> None:
        told.append(symbol)

    monkeypatch.setattr(onboard_symbol, "measure", nothing)
    monkeypatch.setattr(onboard_symbol, "tell_portfolios", tell)
    return told


def offer(monkeypatch: pytest.MonkeyPatch, *chain: Any) -> None:
    monkeypatch.setattr(onboarding_worker, "choose_providers", lambda _ws: list(chain))


async def work_off(ws: Workspace, **more: Any) -> Worked:
    return await work_queue(ws, asyncio.Event(), idle_s=0.1, **more)


async def bring(ws: Workspace, symbol: str) -> Onboarding:
    (job,) = await ask_symbols(ws, [symbol], by="ann")
    await work_off(ws)
    return await look_up(ws, job.id)
