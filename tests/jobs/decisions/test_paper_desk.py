"""Trading on paper by hand: the next open, the gap through the stop, the first target, a split in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.decisions.desk_book import load_book
from pacesetter.jobs.decisions.paper_desk import settle_paper
from pacesetter.jobs.decisions.paper_portfolio import paper_portfolio
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_before
from pacesetter.store.bars.bars import upsert_bars
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.desk.decisions import expire_decisions
from pacesetter.store.symbols.symbols import set_basis, set_last_dates, upsert_symbols
from tests.agents.evidence_made import make_evidence
from tests.jobs.decisions.decisions_made import EXPIRES, ON, desk_set, put_row, read_row
from tests.jobs.home import ask, count, with_home
from tests.jobs.portfolios.portfolio_home import in_currency, make, put_action, take

PAPER = desk_set("paper")
DAYS = [date(2025, 7, day) for day in (21, 22, 23, 24, 25, 28, 29, 30)]
Live = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]
Bar = tuple[float, float, float, float]  # open, high, low, close
CALM: Bar = (100, 101, 99, 100)


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database, on the evening of ``ON``."""
    url = None if database_url.startswith("sqlite") else database_url
    at = datetime(2025, 7, 21, 22, tzinfo=UTC)
    return lambda work: with_home(tmp_path / "home", work, url=url, at=at)


async def put_bars(ws: Workspace, symbol: str, bars: Sequence[Bar], *, basis: str = "raw") -> None:
    """Bars of ``DAYS``, as many as are given, and calm ones of the 30 sessions before."""
    days = sessions_before("XNYS", date(2025, 7, 18), 30) + DAYS[: len(bars)]
    rows = [
        dict(zip(("open", "high", "low", "close"), map(float, bar), strict=True))
        | {"symbol": symbol, "date": on, "adj_close": None, "volume": 1000, "is_final": True}
        for on, bar in zip(days, [CALM] * 30 + list(bars), strict=True)
    ]
    frame = pl.DataFrame(rows, schema_overrides={"adj_close": pl.Float64})
    async with ws.db.write() as conn:
        await upsert_symbols(conn, [symbol], asset_type="equity", source="admin")
        await set_basis(conn, [symbol], basis)
        revision = await new_revision(conn, "import", ws.now())
        await upsert_bars(conn, frame, source="files", revision=revision, fetched_at=ws.now())
        await set_last_dates(conn, [symbol])


async def approved(ws: Workspace, symbol: str = "AAA", **over: Any) -> UUID:
    """A decision in the desk's own portfolio, approved on the evening of ``ON``."""
    async with ws.db.write() as conn:
        portfolio = await paper_portfolio(ws, conn, ON)
    key = await put_row(ws, symbol, mode="paper", portfolio_id=portfolio.id, **over)
    await approve(ws, key, settings=PAPER)
    return key


async def settle(ws: Workspace, *days: date) -> list[tuple[Any, ...]]:
    """The nights of some sessions, one after the other; what was traded in all."""
    found = []
    assert isinstance(ws.clock, VirtualClock)
    for on in days:
        then = datetime(on.year, on.month, on.day, 22, tzinfo=UTC)
        ws.clock.advance(max(then - ws.now(), timedelta()))
        async with ws.db.write() as conn:
            done = await settle_paper(ws, conn, make_evidence(on=on))
            await expire_decisions(conn, on)
        found += [(one.action, one.traded_on, one.quantity, one.price, one.why) for one in done]
    return found


def test_bought_at_the_next_open_and_stopped_at_a_gap(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await make(ws, "real")
        await put_bars(ws, "AAA", [CALM, (102, 103, 85, 101), (101, 119, 91, 100), (80, 95, 78, 94), CALM])
        key = await approved(ws)
        assert await settle(ws, DAYS[0]) == []  # nothing opens before the morning
        assert await settle(ws, DAYS[1]) == [("buy", DAYS[1], 10, 102, "open")]  # whatever the day does then
        row = await read_row(ws, key)
        assert row.status == "traded" and row.trade_id is not None
        assert await settle(ws, *DAYS[2:5]) == [("sell", DAYS[3], 10, 80, "stop")]
        row = await read_row(ws, key)
        assert (row.status, row.outcome["gain"], row.outcome["days"]) == ("closed", "-220", 2)
        assert row.outcome["gain_pct"] == -21.568627  # 220 / 1,020
        assert await settle(ws, *DAYS[1:5]) == []  # done again
        assert await count(ws, "trades") == 3  # the deposit with it
        names = await ask(
            ws, "SELECT DISTINCT p.name FROM trades t JOIN portfolios p ON p.id = t.portfolio_id"
        )
        assert names == [("Desk (paper)",)]

    live(work)


def test_half_at_the_first_target_and_the_rest_at_the_stop(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(
            ws, "AAA", [CALM, CALM, (110, 120, 109, 115), (125, 140, 124, 130), (95, 96, 90, 92), CALM]
        )
        key = await approved(ws, quantity=Decimal(11))
        assert await settle(ws, *DAYS[:6]) == [
            ("buy", DAYS[1], 11, 100, "open"),
            ("sell", DAYS[2], 6, 120, "target"),
            ("sell", DAYS[4], 5, 90, "stop"),
        ]
        row = await read_row(ws, key)
        # 6 · 120 + 5 · 90 = 1,170 for 1,100
        assert (row.status, Decimal(row.outcome["gain"]).quantize(Decimal("0.01"))) == ("closed", 70)
        assert [one["why"] for one in row.outcome["sold"]] == ["target", "stop"]

    live(work)


def test_catching_up_gives_what_every_night_gives(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(
            ws, "AAA", [CALM, CALM, (110, 120, 109, 115), (125, 140, 124, 130), (95, 96, 90, 92), CALM]
        )
        await approved(ws, quantity=Decimal(11))
        assert [one[:4] for one in await settle(ws, DAYS[5])] == [
            ("buy", DAYS[1], 11, 100),
            ("sell", DAYS[2], 6, 120),
            ("sell", DAYS[4], 5, 90),
        ]

    live(work)


@pytest.mark.parametrize("basis", ["raw", "split"])
def test_a_split_between_the_decision_and_the_end(live: Live, basis: str) -> None:
    async def work(ws: Workspace) -> None:
        half: list[Bar] = [(50, 51, 46, 50), (60, 61, 55, 58), (40, 44, 39, 43)]
        before: list[Bar] = [CALM, (104, 105, 99, 100)]
        if basis == "split":  # the same, all of it in the shares of after the split
            before = [(50, 50.5, 49.5, 50), (52, 52.5, 49.5, 50)]
        await put_bars(ws, "AAA", before + half, basis=basis)
        await put_action(ws, "AAA", DAYS[2], "split", 2.0)
        key = await approved(ws)
        # 10 at 104; then 20 of half the price: stop 45, target 60, 10 go at the open; 10 at 40 in the gap
        assert await settle(ws, *DAYS[:5]) == [
            ("buy", DAYS[1], 10, 104, "open"),
            ("sell", DAYS[3], 10, 60, "target"),
            ("sell", DAYS[4], 10, 40, "stop"),
        ]
        row = await read_row(ws, key)
        assert (row.status, row.outcome["gain"], row.outcome["price"]) == ("closed", "-40", "50")

    live(work)


def test_a_split_moves_the_stop_of_the_position(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM])
        await approved(ws)
        await settle(ws, DAYS[1])
        await put_bars(ws, "AAA", [CALM, CALM, (50, 51, 46, 50)])
        await put_action(ws, "AAA", DAYS[2], "split", 2.0)
        await settle(ws, DAYS[2])
        unit = 10**8 if ws.db.dialect == "sqlite" else 1
        ((stop, target),) = await ask(ws, "SELECT stop_loss, target FROM portfolio_positions")
        assert (Decimal(stop) / unit, Decimal(target) / unit) == (45, 60)

    live(work)


def test_pence_are_pounds(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "VOD.L", [CALM, (101.5, 103, 100, 101), (95, 96, 89, 90)])
        await in_currency(ws, "VOD.L", "GBP")
        async with ws.db.write() as conn:
            from sqlalchemy import text

            await conn.execute(text("UPDATE symbol_universe SET quote_unit = 'GBX' WHERE symbol = 'VOD.L'"))
        terms = {"entry_price": Decimal(1), "stop_loss": Decimal("0.9"), "target": Decimal("1.2")}
        await approved(ws, "VOD.L", currency="GBP", quantity=Decimal(1000), **terms)
        assert await settle(ws, *DAYS[:3]) == [
            ("buy", DAYS[1], 1000, Decimal("1.015"), "open"),
            ("sell", DAYS[2], 1000, Decimal("0.9"), "stop"),
        ]
        assert await ask(ws, "SELECT DISTINCT currency FROM trades WHERE symbol = 'VOD.L'") == [("GBP",)]

    live(work)


def test_an_approved_sale_goes_at_the_next_open(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM, CALM, (97, 98, 80, 81), CALM])
        bought = await approved(ws)
        await settle(ws, *DAYS[1:3])
        none = {"stop_loss": None, "target": None, "conviction": None, "quantity": Decimal(10)}
        sold = await approved(ws, action="SELL", decided_on=DAYS[2], **none)
        assert await settle(ws, DAYS[3]) == [("sell", DAYS[3], 10, 97, "open")]  # before the stop is touched
        sale, purchase = await read_row(ws, sold), await read_row(ws, bought)
        assert (sale.status, sale.outcome["gain"]) == ("closed", "-30")
        assert (purchase.status, purchase.outcome["gain"]) == ("closed", "-30")
        again = await approved(ws, action="SELL", decided_on=DAYS[3], **none)
        assert await settle(ws, DAYS[4]) == []
        row = await read_row(ws, again)
        assert row.status == "expired" and "nothing of it was held" in (row.answer or "")

    live(work)


def test_an_open_under_the_stop_is_not_bought(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, (90, 130, 89, 120)])
        key = await approved(ws)
        assert await settle(ws, *DAYS[:2]) == []
        row = await read_row(ws, key)
        assert row.status == "expired" and "not above its stop" in (row.answer or "")

    live(work)


def test_an_order_of_the_last_day_stands_for_the_next_session(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM] * 7)
        await put_bars(ws, "BBB", [CALM] * 6)  # no bar on the session after
        async with ws.db.write() as conn:
            portfolio = await paper_portfolio(ws, conn, ON)
        await settle(ws, DAYS[5])  # 22:00 on the last day, 28 July
        keys = []
        for symbol in ("AAA", "BBB"):
            key = await put_row(ws, symbol, mode="paper", portfolio_id=portfolio.id)
            keys.append(key)
            await approve(ws, key, settings=PAPER)
        assert DAYS[5] == EXPIRES
        assert await settle(ws, DAYS[6]) == [("buy", DAYS[6], 10, 100, "open")]
        assert [(await read_row(ws, key)).status for key in keys] == ["traded", "expired"]

    live(work)


def test_the_book_of_the_paper_portfolio(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM, (110, 111, 109, 110)])
        async with ws.db.write() as conn:
            book = await load_book(ws, conn, PAPER, ON)
            assert (book.portfolio, book.currency, book.value) == ("Desk (paper)", "USD", Decimal(100_000))
            assert book.portfolio_id == (await load_book(ws, conn, PAPER, ON)).portfolio_id
        await approved(ws, quantity=Decimal(100))
        async with ws.db.read() as conn:
            book = await load_book(ws, conn, PAPER, DAYS[1])
        assert (book.book.position_pct, book.held) == ({"AAA": 10.0}, {})  # approved counts as made
        await settle(ws, *DAYS[1:3])
        async with ws.db.read() as conn:
            then, now = [await load_book(ws, conn, PAPER, on) for on in DAYS[1:3]]
        assert (then.value, then.book.position_pct["AAA"]) == (100_000, 10.0)
        # 100 at 110 beside 90,000 of cash
        assert (now.value, now.book.position_pct["AAA"], now.held) == (101_000, 10.891089, {"AAA": 100})
        assert now.book.invested_pct == 10.891089 and now.why_no_quantity == ""

    live(work)


def test_the_book_of_a_named_portfolio(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM])
        await put_bars(ws, "BP.L", [CALM])
        real = await make(ws, "real")
        await settle(ws, DAYS[1])
        await take(
            ws,
            real,
            "Date,Action,Symbol,Quantity,Price,Commission,Amount,Currency",
            "2025-07-17,deposit,,,,,10000,USD",
            "2025-07-18,buy,AAA,20,100,,,USD",
            "2025-07-22,buy,AAA,20,100,,,USD",
        )
        await put_row(ws, "BP.L", decided_on=DAYS[0], portfolio_id=real, size_pct=4.0)

        async def book(on: date, name: str | None = "real") -> Any:
            async with ws.db.read() as conn:
                return await load_book(ws, conn, desk_set("manual", name), on)

        first = await book(ON)
        assert (first.value, first.book.position_pct, first.held) == (10_000, {"AAA": 20.0}, {"AAA": 20})
        assert first.waiting == {} and "GBP" not in first.rates
        later = await book(DAYS[1])
        assert later.book.position_pct == {"AAA": 40.0} and later.waiting == {"BP.L": (4.0, "")}
        assert (await book(EXPIRES + timedelta(days=1))).waiting == {}
        assert (await book(ON, None)).why_no_quantity == "no portfolio is chosen for the desk"
        assert (await book(ON, "none")).why_no_quantity == "there is no portfolio 'none'"
        assert await count(ws, "portfolios") == 1  # the desk's own is made in paper mode alone

    live(work)


def test_a_bar_of_its_close_alone_trades_at_it(live: Live) -> None:
    """Open, high and low may be missing of a stored bar; no night may break off for that."""

    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, (1, 1, 1, 101), (1, 1, 1, 95), (1, 1, 1, 89), CALM])
        async with ws.db.write() as conn:
            from sqlalchemy import text

            bare = "UPDATE market_data_cache SET open = NULL, high = NULL, low = NULL"
            await conn.execute(text(f"{bare} WHERE date > '{DAYS[0]}' AND date < '{DAYS[4]}'"))
        await approved(ws)
        assert await settle(ws, *DAYS[:5]) == [
            ("buy", DAYS[1], 10, 101, "open"),
            ("sell", DAYS[3], 10, 89, "stop"),
        ]

    live(work)
