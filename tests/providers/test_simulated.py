"""The simulated market: the same for ever, extended without changing, and with everything in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.domain import load_seed_domains
from pacesetter.providers.base import FetchRequest
from pacesetter.providers.simulated import DELISTED, Simulated

CLOCK = VirtualClock(datetime(2026, 1, 5, tzinfo=UTC))
ALL = Simulated(1).symbols()


def fetch(seed: int, first: date, last: date, symbols=ALL):
    return Simulated(seed).fetch(FetchRequest(tuple(symbols), first, last), CLOCK)


@pytest.fixture(autouse=True)
def remembered_market() -> None:
    """Not here: every series is made each time that it is asked for."""


def test_a_later_fetch_changes_no_earlier_bar() -> None:
    early = fetch(7, date(2019, 1, 1), date(2024, 6, 28))
    late = fetch(7, date(2019, 1, 1), date(2025, 12, 31))
    until = pl.col("date") <= date(2024, 6, 28)
    assert early.bars.equals(late.bars.filter(until))
    assert early.actions.equals(late.actions.filter(pl.col("ex_on") <= date(2024, 6, 28)))


def test_order_and_company_of_symbols_do_not_matter() -> None:
    one = fetch(7, date(2024, 1, 1), date(2024, 12, 31), ["NVDA"]).bars
    many = fetch(7, date(2024, 1, 1), date(2024, 12, 31), ["SPY", "NVDA", "AAPL"]).bars
    assert one.equals(many.filter(symbol="NVDA"))


def test_another_seed_is_another_market() -> None:
    a, b = (
        fetch(seed, date(2024, 1, 1), date(2024, 2, 1), ["AAPL"]).bars["close"].to_list() for seed in (1, 2)
    )
    assert a != b


def test_it_has_what_a_market_has() -> None:
    got = fetch(20240101, date(2019, 1, 1), date(2026, 1, 2))
    assert {s for d in load_seed_domains() for s in d.symbols} <= set(got.bars["symbol"])
    assert got.bars["symbol"].n_unique() >= 80
    assert set(got.actions["kind"]) == {"split", "dividend"}
    assert got.facts["eps"].min() < 0 < got.facts["eps"].max()
    assert (got.facts["known_on"] > got.facts["as_of"]).all()
    counts = got.bars.group_by("symbol").len()
    assert counts["len"].min() < counts["len"].max()  # halts and delistings
    for symbol, day in DELISTED.items():
        assert got.bars.filter(symbol=symbol)["date"].max() < day
    assert (got.bars["high"] >= got.bars["low"]).all()
    assert got.source == "simulated"


def test_an_unknown_symbol_is_a_failure_not_an_error() -> None:
    got = fetch(1, date(2024, 1, 1), date(2024, 2, 1), ["AAPL", "WHAT"])
    assert [(f.symbol, f.cause) for f in got.failures] == [("WHAT", "unknown_symbol")]
    assert set(got.bars["symbol"]) == {"AAPL"}
