"""Dividends of portfolios, benchmark and factors where none are stored: from adjusted closes, on both
databases; and what is said where they are inside the prices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.portfolios import prices as portfolio_prices
from pacesetter.jobs.portfolios.batch import factor_returns_of
from pacesetter.jobs.portfolios.prices import load_prices
from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios
from pacesetter.jobs.portfolios.view_portfolio import view_series, view_snapshot
from pacesetter.jobs.symbols.symbol_snapshot import current_snapshot
from pacesetter.jobs.workspace import Workspace
from tests.jobs.home import with_home
from tests.jobs.portfolios.portfolio_home import AT, make, put_action, put_prices, take

Live = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]
HEAD = "Date,Action,Symbol,Quantity,Price"
PAID = [100.0] * 30 + [98.0] * 30  # falls by the dividend of 2
ADJUSTED = [98.0] * 60
DERIVED = "were derived from the adjusted closes, where they are more than 0.05% of the close"


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database."""
    url = None if database_url.startswith("sqlite") else database_url
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


@pytest.mark.parametrize("most_rows", [portfolio_prices.MOST_ROWS, 0], ids=["rows", "panel"])
def test_adjusted_closes_pay_where_no_dividend_is_stored(
    most_rows: int, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 at 100, a dividend of 2, 98 afterwards: 20 in cash and 980 in shares, and nothing gained or lost.
    Pence are pounds: as many pence pay 20 pence."""
    monkeypatch.setattr(portfolio_prices, "MOST_ROWS", most_rows)

    async def work(ws: Workspace) -> None:
        names = ("AAA", "SPY", "PPP.L", "STO")
        days = await put_prices(
            ws, dict.fromkeys(names, PAID), basis="split", adjusted=dict.fromkeys(names, ADJUSTED)
        )
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[5]},buy,AAA,10,100")
        view = await view_snapshot(ws, portfolio)
        assert view.figures["cash"] == pytest.approx(20)
        assert view.figures["cumulative_pnl"] == pytest.approx(0, abs=1e-9)
        assert view.figures["twr"] == pytest.approx(0, abs=1e-12)
        assert view.figures["benchmark_return"] == pytest.approx(0, abs=1e-12)
        assert [one for one in view.remarks if DERIVED in one] == [
            f"no dividends of AAA, SPY are stored: they {DERIVED}"
        ]
        book = await load_prices(
            ws, await current_snapshot(ws), ["SPY"], calendar="XNYS", first=days[5], last=days[-1]
        )
        assert factor_returns_of(book)["market_beta"][-50:] == pytest.approx(0, abs=1e-12)
        # a stored one stands against all that the adjusted closes say
        await put_action(ws, "STO", days[40], "dividend", 3.0)
        pounds = await make(ws, "pounds", base_currency="GBP")
        await take(ws, pounds, HEAD, f"{days[5]},buy,PPP.L,10,1")
        stored = await make(ws, "stored")
        await take(ws, stored, HEAD, f"{days[5]},buy,STO,10,100")
        assert (await view_snapshot(ws, pounds)).figures["cash"] == pytest.approx(0.2)
        view = await view_snapshot(ws, stored)
        assert view.figures["cash"] == pytest.approx(30)
        assert not any("STO" in one for one in view.remarks)
        assert (await refresh_portfolios(ws)).refreshed == 0

    live(work)


def test_dividends_inside_say_how_much_they_move(live: Live) -> None:
    """The share stands at 100 and pays 10 later: 90 before. What that does is said, with its amount."""

    async def work(ws: Workspace) -> None:
        prices = {"AAA": [90.0] * 20 + [100.0] * 10, "SPY": [100.0] * 30}
        days = await put_prices(ws, prices, basis="split_dividend")
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[5]},buy,AAA,10,100")
        view, rows = await view_series(ws, portfolio)
        assert rows[0]["daily_return"] == pytest.approx(-0.1)
        (said,) = view.remarks[1:]
        assert said.startswith("dividends are inside the prices of AAA: they are not credited")
        assert "takes 100.00 USD from the profit of these days" in said
        assert "import unadjusted prices with their splits and dividends" in said

    live(work)
