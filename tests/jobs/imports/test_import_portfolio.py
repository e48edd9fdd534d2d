"""Files of positions and trades: whole or not at all, again and overlapping, and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.imports.import_portfolio import import_portfolio, undo_import
from pacesetter.jobs.portfolios.keep_portfolios import look_up
from pacesetter.jobs.portfolios.trade_portfolio import edit_position, look_through
from pacesetter.jobs.portfolios.view_portfolio import view_positions
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadFile, InputError
from tests.jobs.home import count, with_home
from tests.jobs.portfolios.portfolio_home import AT, make, put_prices, take

Live = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]
HEAD = "Date,Action,Symbol,Quantity,Price,Commission"


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database."""
    url = None if database_url.startswith("sqlite") else database_url
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


SAMPLES = {
    "Contrarian-Value-Trader.csv": (31, 8),
    "Diversified-Growth-Investor.csv": (52, 0),
    "Universe_Test_Alpha.csv": (20, 0),
    "small_test_portfolio.csv": (3, 0),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_comes_in_once_and_asks_for_what_has_no_prices(
    name: str, live: Live, shared_data: Path
) -> None:
    data = (shared_data / "portfolios" / name).read_bytes()
    rows, options = SAMPLES[name]

    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        tried = await import_portfolio(ws, portfolio, data, name, dry_run=True)
        assert (tried.accepted, tried.dry_run, tried.rows_added, tried.import_id) == (True, True, rows, None)
        assert (await count(ws, "trades"), await count(ws, "portfolio_imports")) == (0, 0)
        done = await import_portfolio(ws, portfolio, data, name)
        assert (done.accepted, done.rows_read, done.rows_added, done.rows_known) == (True, rows, rows, 0)
        assert (await count(ws, "trades"), await count(ws, "portfolio_positions")) == (rows, rows)
        assert await count(ws, "symbol_universe", "asset_type = 'option'") == options
        assert rows - options == await count(ws, "symbol_onboarding_queue", "cause = 'no_provider'")
        assert done.pending == [] and any("no source is asked" in line for line in done.said)
        view = await look_up(ws, portfolio)
        assert view.state == "partial"
        reasons = [one["reason"] for one in view.left_out]
        assert reasons == ["no_price"] * rows
        again = await import_portfolio(ws, portfolio, data, name)
        assert (again.rows_added, again.rows_known, again.import_id) == (0, rows, None)
        assert (await count(ws, "trades"), await count(ws, "portfolio_imports")) == (rows, 1)

    live(work)


def test_options_are_named_by_their_contract_and_shorts_are_short(live: Live, shared_data: Path) -> None:
    data = (shared_data / "portfolios/Contrarian-Value-Trader.csv").read_bytes()

    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        await import_portfolio(ws, portfolio, data, "f.csv")
        _, positions = await view_positions(ws, portfolio)
        sides = {one["symbol"]: (one["side"], float(one["quantity"]), one["asset_type"]) for one in positions}
        assert sides["IWM250920C00220000"] == ("long", 150, "option")
        assert sides["TSLA250816P00250000"] == ("short", 100, "option")
        assert sides["SPOT"] == ("short", 850, "equity")
        assert sum(side == "short" for side, *_ in sides.values()) == 12

    live(work)


def test_the_file_that_is_wrong_gives_every_fault_with_its_row_and_nothing_of_it_is_kept(
    live: Live, shared_data: Path
) -> None:
    path = shared_data / "portfolios/Conservative-Retiree-Portfolio.csv"
    text = path.read_text("utf-8").splitlines()
    told = {int(line.split()[2].rstrip(":")) for line in text if line.startswith("# Row") and "ERR_" in line}

    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        symbols = await count(ws, "symbol_universe")
        done = await import_portfolio(ws, portfolio, path.read_bytes(), path.name)
        assert not done.accepted
        assert {fault.row for fault in done.faults} == told == {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17}
        for fault in done.faults:  # the comment above each faulty line names its row
            assert text[fault.line - 2].startswith(f"# Row {fault.row}:")
            assert fault.reason
            assert fault.mend
        by_row = {fault.row: (fault.column, fault.value) for fault in done.faults}
        assert by_row[5] == ("Quantity", "LOTS")
        assert by_row[10] == ("Entry Date", "06/30/2025")
        assert (done.rows_added, done.rows_refused, {row.fate for row in done.rows}) == (0, 17, {"refused"})
        for table in ("trades", "portfolio_positions", "portfolio_imports", "symbol_onboarding_queue"):
            assert await count(ws, table) == 0
        assert await count(ws, "symbol_universe") == symbols

    live(work)


def test_true_repeats_stay_and_an_overlapping_file_adds_only_what_is_new(live: Live) -> None:
    first = (HEAD, "2025-07-01,buy,AAA,10,5,1", "2025-07-01,buy,AAA,10,5.00,1", "2025-07-02,buy,BBB,1,2,0")
    second = (*first, "2025-07-01,Bought,aaa,10.0,5,1", "2025-07-03,sell,AAA,5,6,0")

    async def work(ws: Workspace) -> None:
        await put_prices(ws, {"AAA": [5.0] * 20, "BBB": [2.0] * 20})
        portfolio = await make(ws)
        assert (await take(ws, portfolio, *first)).rows_added == 3
        assert (await take(ws, portfolio, *first)).rows_known == 3
        done = await take(ws, portfolio, *second)
        assert (done.rows_added, done.rows_known) == (2, 3)  # a third true repeat, and the sale
        view = {one["symbol"]: one["quantity"] for one in (await view_positions(ws, portfolio))[1]}
        assert (view["AAA"], view["BBB"]) == (25, 1)
        other = await make(ws, "another")
        assert (await take(ws, other, *second)).rows_added == 5  # each portfolio has its own

    live(work)


def test_an_import_is_taken_back_as_if_it_had_never_been(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_prices(ws, {"AAA": [5.0] * 20})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, "2025-07-02,buy,AAA,10,5,0")
        (position,) = (await view_positions(ws, portfolio))[1]
        await edit_position(ws, portfolio, position["id"], {"stop_loss": 4, "note": "keep"})
        before = await look_up(ws, portfolio)
        earlier = await take(ws, portfolio, HEAD, "2025-07-01,buy,AAA,2,5,0")
        (merged,) = (await view_positions(ws, portfolio))[1]
        assert (merged["quantity"], merged["note"], merged["stop_loss"]) == (12, "keep", 4)
        assert merged["id"] != position["id"]  # opened by another trade: the words went with it
        undone = await undo_import(ws, portfolio, str(earlier.import_id))
        assert undone.trades_removed == 1
        (again,) = (await view_positions(ws, portfolio))[1]
        assert (again["id"], again["quantity"], again["note"]) == (position["id"], 10, "keep")
        assert (await look_up(ws, portfolio)).nav == before.nav
        with pytest.raises(InputError, match="already"):
            await undo_import(ws, portfolio, str(earlier.import_id))
        assert (await take(ws, portfolio, HEAD, "2025-07-01,buy,AAA,2,5,0")).rows_added == 1

    live(work)


def test_a_mapping_is_remembered_and_a_semicolon_file_with_commas_is_understood(live: Live) -> None:
    lines = ("Wann;Was;Wen;Stück;Zu", "2025-07-01;buy;AAA;1.000;5,25")
    mapping = {"Wann": "date", "Was": "action", "Wen": "symbol", "Stück": "quantity", "Zu": "price"}

    async def work(ws: Workspace) -> None:
        await put_prices(ws, {"AAA": [5.0] * 20})
        portfolio = await make(ws)
        with pytest.raises(BadFile, match="no column"):
            await take(ws, portfolio, *lines)
        text = "\n".join(lines).encode("cp1252")
        assert (await import_portfolio(ws, portfolio, text, "f.csv", mapping=mapping)).rows_added == 1
        later = text.replace(b"2025-07-01", b"2025-07-02")
        assert (await import_portfolio(ws, portfolio, later, "g.csv")).rows_added == 1
        _, trades, _ = await look_through(ws, portfolio, before=None, limit=10)
        assert {(str(row.quantity), str(row.price)) for row in trades} == {("1000.00000000", "5.25000000")}

    live(work)


def test_a_sale_of_what_is_not_held_is_kept_named_and_does_not_count(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_prices(ws, {"AAA": [5.0] * 20})
        portfolio = await make(ws)
        done = await take(ws, portfolio, HEAD, "2025-07-02,sell,AAA,10,5,0", "2025-07-03,buy,AAA,1,5,0")
        assert any("no AAA is held" in line for line in done.said)
        _, trades, _ = await look_through(ws, portfolio, before=None, limit=10)
        assert [row.outcome is None for row in trades] == [True, False]
        fixed = await take(ws, portfolio, HEAD, "2025-07-01,buy,AAA,10,5,0")
        assert fixed.accepted
        _, trades, _ = await look_through(ws, portfolio, before=None, limit=10)
        assert all(row.outcome is None for row in trades)

    live(work)


def test_of_one_day_in_a_newest_first_file_the_last_line_was_done_first(live: Live) -> None:
    """Bought 10 at 5 and sold 10 at 6 on the same day, as a broker lists it: the sale above the purchase."""

    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 20, "SPY": [100.0] * 20})
        portfolio = await make(ws)
        lines = (f"{days[9]},buy,AAA,1,5,0", f"{days[5]},sell,AAA,10,6,0", f"{days[5]},buy,AAA,10,5,0")
        done = await take(ws, portfolio, HEAD, *lines)
        (far,) = done.said  # 6 on a day of 5: told of, and taken
        assert done.rows_added == 3 and far.startswith("line 3: AAA at 6 on ")
        assert [fate.line for fate in done.rows] == [2, 3, 4]
        _, positions = await view_positions(ws, portfolio)
        told = [(one["status"], float(one["quantity"]), float(one["realised"])) for one in positions]
        assert sorted(told) == [("closed", 0, 10), ("open", 1, 0)]
        again = await take(ws, portfolio, HEAD, *lines)
        assert (again.rows_added, again.rows_known) == (0, 3)

    live(work)
