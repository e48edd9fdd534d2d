"""Yahoo behind the guarded client, against a loopback server with replies of the recorded shape."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import NetworkBlocked, ProviderError, ProviderRefused, RateLimited
from pacesetter.providers.base import FetchRequest
from pacesetter.providers.http import Breaker, GuardedClient
from pacesetter.providers.yahoo import Yahoo
from tests.providers.replies import DAYS, address, replying

CLOCK = VirtualClock(datetime(2025, 7, 25, tzinfo=UTC))


@pytest.fixture
def server():
    with replying() as httpd:
        yield httpd


def fetch(server, *symbols, deadline_s=240.0):
    provider = Yahoo(base_url=address(server), requests_per_minute=60_000, deadline_s=deadline_s)
    return provider.fetch(FetchRequest(symbols, DAYS[0], DAYS[-1]), CLOCK)


def client(**over) -> GuardedClient:
    given = {"hosts": (), "trusted": ("127.0.0.1",), "per_minute": 60_000, "timeout_s": 60.0} | over
    return GuardedClient(**given)


def test_bars_dividends_and_splits(server) -> None:
    got = fetch(server, "AAPL")
    assert got.bars["date"].to_list() == DAYS
    assert got.bars.row(1, named=True) == {
        "symbol": "AAPL",
        "date": DAYS[1],
        "open": 202.0,
        "high": 203.0,
        "low": 201.0,
        "close": 202.0,  # auto_adjust=False: not the adjusted close
        "adj_close": pytest.approx(199.98),
        "volume": 2000,
    }
    assert got.actions.select("ex_on", "kind", "value").rows() == [
        (DAYS[1], "dividend", 0.25),
        (DAYS[2], "split", 4.0),
    ]
    assert (got.source, got.failures, got.basis) == ("yahoo", [], "split")


def test_one_bad_symbol_is_a_failure_with_its_cause(server) -> None:
    got = fetch(server, "AAPL", "GONE", "JUNK", "MSFT")
    assert set(got.bars["symbol"]) == {"AAPL", "MSFT"}
    assert {f.symbol: f.cause for f in got.failures}["GONE"] in ("delisted", "unknown_symbol")
    assert {f.symbol for f in got.failures} == {"GONE", "JUNK"}


def test_a_passing_429_is_waited_out(server) -> None:
    assert set(fetch(server, "ONCE").bars["symbol"]) == {"ONCE"}


def test_a_lasting_429_stops_the_fetch_and_says_so(server) -> None:
    with pytest.raises(RateLimited, match="slow down"):
        fetch(server, "SLOW")


def test_no_server_is_a_blocked_network() -> None:
    provider = Yahoo(base_url="http://127.0.0.1:9", requests_per_minute=60_000, deadline_s=10)
    with pytest.raises(ProviderError):  # a symbol of its own: yfinance remembers answers about the past
        provider.fetch(FetchRequest(("ORCL",), DAYS[0], DAYS[-1]), CLOCK)


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("CUT", NetworkBlocked, "no answer"),
        ("HANG", NetworkBlocked, "no answer"),
        ("BROKEN", ProviderRefused, "500"),
        ("AWAY", NetworkBlocked, "example.org"),
        ("LOOP", ProviderRefused, "without end"),
        ("HUGE", ProviderRefused, "larger than"),
    ],
)
def test_the_guard_bounds_what_can_happen(server, name, error, said) -> None:
    waits = {"timeout_s": 0.5} if name == "HANG" else {}  # the others answer, if late on a busy machine
    guarded = client(max_bytes=1_000_000, deadline_s=240, breaker=Breaker(limit=99), **waits)
    with pytest.raises(error, match=said):
        guarded.request("GET", f"{address(server)}/v8/finance/chart/{name}")


def test_private_addresses_and_strange_hosts_are_refused() -> None:
    guarded = client(hosts=("localhost",), trusted=())
    with pytest.raises(NetworkBlocked, match="private address"):
        guarded.request("GET", "http://localhost:1/")
    with pytest.raises(NetworkBlocked, match="not on the list"):
        guarded.request("GET", "http://169.254.169.254/latest")


def test_the_breaker_opens_and_one_probe_closes_it(server) -> None:
    breaker = Breaker(limit=3, pause_s=60.0)
    guarded = client(breaker=breaker, deadline_s=240)
    with pytest.raises(ProviderRefused):
        guarded.request("GET", f"{address(server)}/BROKEN")
    asked = server.seen["BROKEN"]
    with pytest.raises(NetworkBlocked, match="paused"):
        guarded.request("GET", f"{address(server)}/BROKEN")
    assert server.seen["BROKEN"] == asked  # nobody was asked
    assert breaker.opened_at is not None
    breaker.opened_at -= 60.1  # as if the pause were over
    assert guarded.request("GET", f"{address(server)}/AAPL").status_code == 200
    assert breaker.opened_at is None


def test_the_rate_is_bounded(server) -> None:
    guarded = client(per_minute=600, deadline_s=240)
    started = time.monotonic()
    for _ in range(6):
        guarded.request("GET", f"{address(server)}/AAPL")
    assert time.monotonic() - started >= 0.5
