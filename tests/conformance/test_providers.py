"""Every registered provider keeps the rules, and the checks find the ones that do not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pacesetter.providers.base import FetchRequest, providers
from pacesetter.providers.files import FolderProvider
from pacesetter.providers.simulated import Simulated
from pacesetter.providers.yahoo import Yahoo
from tests.conformance.check_provider import (
    World,
    check_bad_symbols,
    check_company,
    check_down,
    check_nothing,
    check_one_bar_a_day,
    check_provider,
    check_same_again,
)
from tests.providers.replies import DAYS, address, replying

DEADLINE_S = 120.0
HEADER = "Date,Open,High,Low,Close,Volume\n"


@contextmanager
def simulated(_: Path) -> Iterator[World]:
    yield World(
        make=lambda: Simulated(7),
        good=("NVDA", "SPY", "SIM30"),
        first=date(2024, 1, 2),
        last=date(2024, 6, 28),
        bad={"SIM29": frozenset({"delisted"})},
    )


@contextmanager
def files(folder: Path) -> Iterator[World]:
    for name in ("prices", "empty", "broken", "mixed"):
        (folder / name).mkdir()
    rows = [f"{day},{10 + i},{11 + i},{9 + i},{10.5 + i},{100 + i}\n" for i, day in enumerate(DAYS)]
    for symbol in ("AAPL", "BRK.B"):
        (folder / "prices" / f"{symbol}.csv").write_text(HEADER + "".join(rows))
    (folder / "prices" / "TWICE.csv").write_text(HEADER + "".join([*rows, rows[-1]]))
    (folder / "prices" / "RAGGED.csv").write_text(HEADER + rows[0] + "2025-07-22,1\n")
    (folder / "prices" / "BINARY.parquet").write_bytes(b"PAR1 cut off")
    (folder / "prices" / "BLANK.csv").write_text("")
    (folder / "prices" / "notes.md").write_text("not prices")
    shutil.copy(folder / "prices" / "BLANK.csv", folder / "broken")
    shutil.copy(folder / "prices" / "AAPL.csv", folder / "mixed")
    (folder / "mixed" / "MSFT.csv").write_text("Date,Close,Adj Close\n2025-07-24,1,0.9\n")
    unread = frozenset({"bad_reply"})
    yield World(
        make=lambda: FolderProvider(folder / "prices"),
        good=("AAPL", "BRK-B"),
        first=DAYS[0],
        last=DAYS[-1],
        bad={"RAGGED": unread, "BINARY": unread, "BLANK": unread},
        twice="TWICE",
        down={
            name: lambda name=name: FolderProvider(folder / name)  # type: ignore[misc]
            for name in ("gone", "empty", "broken", "mixed")
        },
    )


@contextmanager
def yahoo(_: Path) -> Iterator[World]:
    def make(url: str) -> Yahoo:
        return Yahoo(base_url=url, requests_per_minute=60_000, deadline_s=DEADLINE_S)

    with replying() as server:
        yield World(
            make=lambda: make(address(server)),
            good=("AAPL", "MSFT"),
            first=DAYS[0],
            last=DAYS[-1],
            bad={
                "GONE": frozenset({"delisted", "unknown_symbol"}),
                "JUNK": frozenset({"bad_reply"}),
                "BROKEN": frozenset({"bad_reply"}),
                "CUT": frozenset({"network"}),
                "HANG": frozenset({"network"}),
                "HUGE": frozenset({"bad_reply"}),
                "AWAY": frozenset({"network"}),
                "LOOP": frozenset({"bad_reply"}),
            },
            twice="TWICE",
            down={"nobody listens": lambda: make("http://127.0.0.1:9")},
        )


WORLDS = {"simulated": simulated, "files": files, "yahoo": yahoo}


@pytest.fixture(autouse=True)
def remembered_market() -> None:
    """Not here: every series is made each time that it is asked for."""


def test_every_provider_has_a_world_to_be_tried_in() -> None:
    assert providers.names() == sorted(WORLDS)
    assert {name: providers.get(name).name for name in WORLDS} == {name: name for name in WORLDS}


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_every_provider_conforms(name: str, tmp_path: Path) -> None:
    with WORLDS[name](tmp_path) as world:
        check_provider(world)


def test_being_told_to_slow_down_keeps_what_was_had() -> None:
    with replying() as server:
        provider = Yahoo(base_url=address(server), requests_per_minute=60_000, deadline_s=DEADLINE_S)
        world = World(lambda: provider, ("AAPL",), DAYS[0], DAYS[-1], bad={})
        result = world.ask("AAPL", "SLOW")
        assert (set(result.bars["symbol"]), result.failures[0].cause) == ({"AAPL"}, "rate_limited")


@dataclass(frozen=True)
class Planted:
    """The simulated provider with one fault."""

    fault: str
    name: str = "simulated"

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request, clock):
        asked = request
        if self.fault == "empty" and not request.symbols:
            raise ValueError("nothing to do")
        if self.fault == "raises" and "SIM29" in request.symbols:
            raise KeyError("SIM29")
        if self.fault == "hangs":
            time.sleep(0.6)
        if self.fault == "dates":
            asked = FetchRequest(request.symbols, request.first - timedelta(days=7), request.last)
        result = Simulated(7).fetch(asked, clock)
        bars = result.bars
        if self.fault == "twice":
            bars = pl.concat([bars, bars.tail(1)])
        if self.fault == "types":
            bars = bars.with_columns(pl.col("volume").cast(pl.Float64))
        if self.fault == "crowd":
            bars = bars.with_columns(pl.col("close") * len(request.symbols))
        if self.fault == "fickle":
            bars = bars.with_columns(pl.col("close") * time.monotonic())
        silent = self.fault == "silent"
        return replace(result, bars=bars, failures=[] if silent else result.failures)


@pytest.mark.parametrize(
    ("fault", "check", "said"),
    [
        ("dates", check_same_again, "outside the dates"),
        ("twice", check_one_bar_a_day, "two bars"),
        ("types", check_same_again, "schema"),
        ("hangs", check_same_again, "no answer after"),
        ("fickle", check_same_again, "differ the second time"),
        ("crowd", check_company, "in company"),
        ("silent", check_bad_symbols, "neither bars nor a failure"),
    ],
)
def test_a_provider_that_breaks_a_rule_is_found(fault, check, said, tmp_path) -> None:
    with simulated(tmp_path) as world:
        limit_s = 0.3 if fault == "hangs" else world.limit_s
        planted = replace(world, make=lambda: Planted(fault), twice="NVDA", limit_s=limit_s)
        with pytest.raises(AssertionError, match=said):
            check(planted)


@pytest.mark.parametrize(("fault", "check"), [("raises", check_bad_symbols), ("empty", check_nothing)])
def test_a_provider_that_raises_is_found(fault, check, tmp_path) -> None:
    with simulated(tmp_path) as world, pytest.raises((KeyError, ValueError)):
        check(replace(world, make=lambda: Planted(fault)))


def test_a_provider_that_is_never_down_is_found(tmp_path) -> None:
    with simulated(tmp_path) as world, pytest.raises(AssertionError, match="nothing can be had"):
        check_down(replace(world, down={"down": world.make}))
