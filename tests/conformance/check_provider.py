"""What every provider must keep, whoever wrote it. Each check raises AssertionError with the cause."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import get_args

import polars as pl
import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import ProviderError
from pacesetter.market.bar import ACTION_SCHEMA, BAR_SCHEMA, Basis
from pacesetter.providers.base import Cause, FetchRequest, FetchResult, Provider

AT = datetime(2025, 7, 25, 1, 2, 3, tzinfo=UTC)
NOBODY = "NOBODY.X"


@dataclass(frozen=True)
class World:
    """A provider and the outside it is tried against.

    ``make`` gives a fresh provider. ``good`` symbols have bars from ``first`` to ``last``. ``bad``
    gives, by symbol, the causes that may be named for it (that symbol's answer is cut, late, huge …);
    ``twice`` is a symbol with two bars of one day. ``down`` are providers that can give nothing at all.
    """

    make: Callable[[], Provider]
    good: tuple[str, ...]
    first: date
    last: date
    bad: Mapping[str, frozenset[Cause]]
    twice: str | None = None
    down: Mapping[str, Callable[[], Provider]] = field(default_factory=dict)
    limit_s: float = 240.0

    def ask(self, *symbols: str, first: date | None = None, last: date | None = None) -> FetchResult:
        """A fresh provider's checked answer."""
        request = FetchRequest(symbols, first or self.first, last or self.last)
        provider = self.make()
        result = within(self.limit_s, lambda: provider.fetch(request, VirtualClock(AT)))
        check_form(provider, request, result)
        return result


def within(limit_s: float, call: Callable[[], FetchResult]) -> FetchResult:
    """The call's result, which must come in time."""
    pool = ThreadPoolExecutor(1)
    started = time.monotonic()
    try:
        return pool.submit(call).result(timeout=limit_s)
    except TimeoutError as error:
        raise AssertionError(f"no answer after {time.monotonic() - started:.0f} s") from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def check_form(provider: Provider, request: FetchRequest, result: FetchResult) -> None:
    """Columns, types, dates and symbols are those asked for; every symbol has bars or a failure."""
    bars, actions = result.bars, result.actions
    assert dict(bars.schema) == BAR_SCHEMA, f"bars have the schema {dict(bars.schema)}"
    assert dict(actions.schema) == ACTION_SCHEMA, f"actions have the schema {dict(actions.schema)}"
    for frame, day in ((bars, "date"), (actions, "ex_on")):
        outside = frame.filter(~pl.col(day).is_between(request.first, request.last))
        assert outside.is_empty(), f"{outside[day][0]} lies outside the dates asked for"
        strangers = set(frame["symbol"]) - set(request.symbols)
        assert not strangers, f"nobody asked for {sorted(strangers)}"
    assert not bars.select("symbol", "date").is_duplicated().any(), "two bars of one symbol and day"
    assert set(actions["kind"]) <= {"split", "dividend"}
    assert (actions["value"] > 0).all(), "a split or dividend of nothing"
    if not result.facts.is_empty():
        assert {"symbol", "as_of", "known_on"} <= set(result.facts.columns)
        assert set(result.facts["symbol"]) <= set(request.symbols)
        known = result.facts["known_on"]
        assert (known >= result.facts["as_of"]).all(), "a fact known before its own date"
    failed = [one.symbol for one in result.failures]
    assert len(failed) == len(set(failed)), f"more than one failure of a symbol: {failed}"
    lost = set(request.symbols) - set(bars["symbol"]) - set(failed)
    assert not lost, f"{sorted(lost)} have neither bars nor a failure"
    for one in result.failures:
        assert one.cause in get_args(Cause), f"{one.cause!r} is no cause"
        assert one.detail, f"no word on why {one.symbol} failed"
    assert (result.source, result.fetched_at) == (provider.name, AT)
    assert result.basis in get_args(Basis)


def check_same_again(world: World) -> None:
    """The same question has the same answer."""
    one, two = world.ask(*world.good), world.ask(*world.good)
    assert set(one.bars["symbol"]) == set(world.good), f"failures of good symbols: {one.failures}"
    assert one.bars.equals(two.bars), "bars differ the second time"
    assert one.actions.equals(two.actions), "actions differ the second time"


def check_company(world: World) -> None:
    """A symbol's bars depend neither on the other symbols nor on the dates around them."""
    together = world.ask(*world.good).bars
    for symbol in world.good:
        own = together.filter(symbol=symbol)
        assert own.equals(world.ask(symbol).bars), f"{symbol} alone has other bars than in company"
    days = together["date"].unique().sort().to_list()
    inner = days[len(days) // 3 :][:2]
    part = world.ask(*world.good, first=inner[0], last=inner[-1]).bars
    assert part.equals(together.filter(pl.col("date").is_between(inner[0], inner[-1]))), "dates change bars"


def check_nothing(world: World) -> None:
    """Nobody asked for: nothing, and no error."""
    assert world.ask().bars.is_empty()


def check_bad_symbols(world: World) -> None:
    """A bad symbol is one failure with its cause; its neighbours lose nothing."""
    good = world.ask(*world.good).bars
    for symbol, causes in {NOBODY: frozenset(get_args(Cause)), **world.bad}.items():
        result = world.ask(world.good[0], symbol, *world.good[1:])
        assert result.bars.equals(good), f"{symbol} changes its neighbours' bars"
        assert [one.symbol for one in result.failures] == [symbol]
        assert result.failures[0].cause in causes, f"{symbol}: {result.failures[0]}"


def check_one_bar_a_day(world: World) -> None:
    """A day that comes twice gives one bar."""
    if world.twice is not None:
        assert not world.ask(world.twice).bars.is_empty()


def check_down(world: World) -> None:
    """When nothing can be had it is a ``ProviderError`` that says what, and it comes in time."""
    for name, make in world.down.items():
        with pytest.raises(ProviderError) as caught:
            fetch_down(make(), world)
        assert caught.value.what, f"{name}: an error without a word"


def fetch_down(provider: Provider, world: World) -> None:
    """Ask for the good symbols; an answer is a mistake."""
    request = FetchRequest(world.good, world.first, world.last)
    within(world.limit_s, lambda: provider.fetch(request, VirtualClock(AT)))
    raise AssertionError("no error although nothing can be had")


CHECKS = (check_same_again, check_company, check_nothing, check_bad_symbols, check_one_bar_a_day, check_down)


def check_provider(world: World) -> None:
    """Everything."""
    for check in CHECKS:
        check(world)
