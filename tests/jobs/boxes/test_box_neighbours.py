"""What works with symbols beside boxes: imports, the doctor, portfolios, the queue, the batch, verify."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.bars import fetch_bars
from pacesetter.jobs.boards.verify_date import verify_date
from pacesetter.jobs.boxes.enter_box import enter_box_day
from pacesetter.jobs.health.diagnose import diagnose
from pacesetter.jobs.imports.import_fundamentals import import_fundamentals
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.imports.import_symbols import import_symbols
from pacesetter.jobs.portfolios.keep_portfolios import look_up
from pacesetter.jobs.portfolios.trade_portfolio import add_trade
from pacesetter.jobs.runner import onboarding_worker
from pacesetter.jobs.runner.onboarding_worker import work_queue
from pacesetter.jobs.symbols.ask_symbols import ask_symbols
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter, InputError
from pacesetter.store.bars.price_counts import count_prices
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.symbols.symbols import describe_symbols, set_last_dates, upsert_symbols
from tests.jobs.boxes.boxes_home import AT, day
from tests.jobs.boxes.mixed_home import (
    FRIDAY,
    NAME,
    SATURDAY,
    SATURDAY_BEFORE,
    SUNDAY,
    bring_boxes,
    bring_prices,
)
from tests.jobs.home import ask, count, with_home, write_csv
from tests.jobs.onboarding.onboarding_home import Shelf
from tests.jobs.portfolios.portfolio_home import make, take

Home = Callable[..., Any]
NAMED, UNNAMED = "BOX-SF01", "BOX-BBBB"
WHY = "boxes have floor prices, not bars; they are not valued in portfolios yet"


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in a home with boxes, where asked for with prices and ranks of an exchange, too."""
    url = database_url if database_url.startswith("postgresql") else None

    def run(work: Any, *, prices: bool = False) -> Any:
        async def prepared(ws: Workspace) -> Any:
            await bring_boxes(ws, tmp_path)
            if prices:
                await bring_prices(ws, tmp_path)
            return await work(ws)

        return with_home(tmp_path / "home", prepared, url=url, at=AT)

    return run


async def known_of(ws: Workspace) -> list[tuple[Any, ...]]:
    """All that is known of the boxes as symbols."""
    return await ask(
        ws,
        "SELECT symbol, name, asset_type, currency, quote_unit, exchange_mic, sector, basis, "
        "first_seen_date, last_seen_date, last_price_date FROM symbol_universe "
        "WHERE symbol LIKE 'BOX-%' ORDER BY 1",
    )


def test_a_list_of_symbols_leaves_boxes_alone_and_says_so(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    lines = ("Symbol,Name,Type,Currency", f"{NAMED},Something,equity,EUR", "AAA,Aha,equity,USD")
    file.write_text("\n".join((*lines, "BOX-NEW,New,sealed_box,USD", f"{UNNAMED},Else,,EUR")), "utf-8")

    async def work(ws: Workspace) -> None:
        before = await known_of(ws)
        assert [row[0] for row in before] == [UNNAMED, NAMED] and before[1][1] == NAME
        report = await import_symbols(ws, file)
        assert await known_of(ws) == before
        assert await count(ws, "stocks", "symbol LIKE 'BOX-%'") == 0
        assert (report.read, report.stored, report.inserted, report.refused) == (4, 1, 1, 3)
        assert report.reasons == {"is_a_sealed_box": 3}
        (said,) = (line for line in report.said if "sealed boxes" in line)
        assert "3 rows were refused" in said and "BOX-BBBB, BOX-NEW, BOX-SF01" in said
        assert "`pacesetter boxes edit`" in said and "`pacesetter import boxes`" in said
        assert report.report_path is not None
        refused = pl.read_csv(report.report_path)
        assert refused["symbol"].to_list() == [NAMED, "BOX-NEW", UNNAMED]
        assert all("it is a sealed box" in detail for detail in refused["detail"])

    home(work)


def test_prices_of_boxes_are_refused_and_those_of_others_stored(home: Home, tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(s, day(n), 100 + n, 5) for s in (NAMED, "AAA") for n in range(3)]
    mixed = write_csv(tmp_path / "mixed.csv", rows)
    text = mixed.read_text("utf-8").splitlines()
    mixed.write_text("\n".join([f"{text[0]},Split", *(f"{line},2" for line in text[1:])]), "utf-8")
    alone = write_csv(tmp_path / "alone.csv", rows[:3])

    async def work(ws: Workspace) -> None:
        before = await known_of(ws)
        report = await import_prices(ws, mixed, asset_type="etf")
        assert (report.read, report.stored + report.quarantined, report.refused) == (6, 3, 3)
        assert report.reasons["is_a_sealed_box"] == 3
        assert any("`pacesetter import boxes`" in line for line in report.said)
        report = await import_prices(ws, alone)
        assert (report.read, report.stored, report.refused) == (3, 0, 3)
        assert await known_of(ws) == before
        for table in ("market_data_cache", "quarantined_bars", "corporate_actions"):
            assert await count(ws, table, f"symbol = '{NAMED}'") == 0
        assert await count(ws, "market_data_cache", "symbol = 'AAA'") == 3

    home(work)


def test_fundamentals_of_boxes_are_refused_and_those_of_others_stored(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_text(f"Symbol,PE,EPS\nAAA,40,2\n{NAMED.lower()},12,3\n{UNNAMED},x,3\n", "utf-8")
    alone = tmp_path / "alone.csv"
    alone.write_text(f"Symbol,PE\n{NAMED},12\n", "utf-8")

    async def work(ws: Workspace) -> None:
        before = await known_of(ws)
        report = await import_fundamentals(ws, file)
        assert (report.read, report.stored, report.inserted, report.refused) == (3, 1, 1, 2)
        assert report.reasons == {"is_a_sealed_box": 1, "unreadable_trailing_pe": 1}
        (said,) = (line for line in report.said if "sealed boxes" in line)
        assert f"1 row was refused, of sealed boxes ({NAMED})" in said and "`pacesetter import boxes`" in said
        assert report.report_path is not None
        refused = pl.read_csv(report.report_path).filter(pl.col("reason") == "is_a_sealed_box")
        assert refused.select("row", "symbol").rows() == [(2, NAMED)]
        report = await import_fundamentals(ws, alone)
        assert (report.read, report.stored, report.refused) == (1, 0, 1)
        assert await count(ws, "fundamentals") == await count(ws, "fundamentals", "symbol = 'AAA'") == 1
        assert await known_of(ws) == before

    home(work)


def test_the_store_itself_leaves_boxes_alone(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        before = await known_of(ws)
        frame = pl.DataFrame({"symbol": [NAMED, "AAA"], "name": ["X", "Y"], "asset_type": ["etf", "etf"]})
        async with ws.db.write() as conn:
            done = await describe_symbols(conn, frame, source="admin")
            assert (done.inserted, done.changed, done.unchanged) == (1, 0, 0)
            await upsert_symbols(conn, [NAMED], asset_type="equity", source="admin")
            await set_last_dates(conn, [NAMED])
        assert await known_of(ws) == before

    home(work)


def test_a_home_of_boxes_alone_is_well(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        found = await diagnose(ws)
        assert not [one for one in found if one.level == "bad"]
        (boxes,) = [one for one in found if one.where == "boxes"]
        what = "2 boxes: newest observations of 2026-02-28, newest ranks of 2026-02-28, 1 without a name"
        assert (boxes.level, boxes.what) == ("warn", what)
        assert "pacesetter boxes edit" in boxes.mend
        assert not [one for one in found if "unranked" in one.what]

    home(work)


def test_the_doctor_counts_boxes_apart_from_an_exchange(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        boxes = [one.what for one in await diagnose(ws) if one.where == "boxes"]
        await enter_box_day(ws, UNNAMED, FRIDAY, {"active_listings_count": 3.0}, by="ada")
        found = await diagnose(ws)
        assert [one.what for one in found if one.where == "boxes"] == boxes
        assert not [one for one in found if one.where == "Boxes" or "BOX-" in one.what]
        slugs = await count(ws, "domains", "is_active AND asset_type <> 'sealed_box'")
        assert f"{slugs} boards published for {FRIDAY}" in [one.what for one in found]

    home(work, prices=True)


def test_the_doctor_tells_of_a_box(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        assert [(one.level, one.what) for one in await diagnose(ws, NAMED)] == [
            ("ok", "BOX-SF01 is known as a sealed box"),
            ("ok", "observed on 3 days, from 2026-01-05, the newest 2026-02-28"),
            ("ok", "rank 1 of 1 on 2026-02-28"),
        ]
        found = await diagnose(ws, UNNAMED)
        assert [(one.level, one.what) for one in found] == [
            ("ok", "BOX-BBBB is known as a sealed box"),
            ("warn", "it has no name"),
            ("ok", "observed on 3 days, from 2026-01-05, the newest 2026-02-28"),
            ("warn", "unranked on 2026-02-28: no floor price"),
            ("ok", "rank 2 of 2 on 2026-01-13"),
        ]
        assert found[3].mend == "pacesetter boxes enter BOX-BBBB --on 2026-02-28"

    home(work)


def test_boxes_alone_do_not_hide_that_an_exchange_has_nothing_published(home: Home, tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        await import_prices(ws, write_csv(tmp_path / "few.csv", [("NVDA", FRIDAY, 10, 5)]))
        assert "nothing is published yet" in [one.what for one in await diagnose(ws) if one.level == "bad"]

    home(work)


def test_a_box_in_a_portfolio_is_left_out_for_a_reason_of_its_own(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        given: dict[str, Any] = {"symbol": NAMED, "quantity": Decimal(1), "price": Decimal(90)}
        done = await add_trade(ws, portfolio, action="buy", traded_on=FRIDAY, **given)
        assert (done.pending, done.said) == ([], [])
        head = "Date,Action,Symbol,Quantity,Price"
        taken = await take(ws, portfolio, head, f"{FRIDAY},buy,{UNNAMED},1,80", f"{FRIDAY},buy,NVDA,1,12")
        assert (taken.accepted, taken.pending) == (True, [])
        assert await count(ws, "symbol_onboarding_queue") == 0
        left = (await look_up(ws, portfolio)).left_out
        assert left == [{"symbol": s, "reason": "no_bars_of_boxes", "because": WHY} for s in (NAMED, UNNAMED)]

    home(work, prices=True)


def test_boxes_are_not_fetched_by_the_queue(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    monkeypatch.setattr(onboarding_worker, "choose_providers", lambda _ws: [shelf])
    monkeypatch.setattr(fetch_bars, "choose_providers", lambda _ws, source=None: [shelf])

    async def work(ws: Workspace) -> None:
        with pytest.raises(BadParameter, match=f"floor prices, not bars.*{NAMED}") as refused:
            await ask_symbols(ws, ["AAA", NAMED.lower()], by="ann")
        assert (refused.value.where, "nothing was queued" in refused.value.mend) == ("symbols", True)
        assert await count(ws, "symbol_onboarding_queue") == 0
        async with ws.db.write() as conn:  # asked for before it was a box
            await queue.ask_for(conn, [NAMED], by="ann", priority="high", at=ws.now())
        worked = await work_queue(ws, asyncio.Event(), idle_s=0.1)
        assert (worked.failed, worked.put_off, shelf.asked) == (1, 0, [])
        ((status, cause, said),) = await ask(
            ws, "SELECT status, cause, error_message FROM symbol_onboarding_queue"
        )
        assert (status, cause) == ("failed", "no_bars_of_boxes")
        assert f"{NAMED} is a sealed box" in said and f"pacesetter boxes show {NAMED}" in said

    home(work)


def test_the_batch_counts_no_boxes(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        followed = await count(ws, "symbol_universe", "is_active AND symbol NOT LIKE 'BOX-%'")
        assert await count(ws, "symbol_universe", "is_active AND symbol LIKE 'BOX-%'") == 2
        async with ws.db.read() as conn:
            assert await count_prices(conn, FRIDAY) == (1, followed)

    home(work, prices=True)


def test_a_day_without_any_board_is_called_so(home: Home) -> None:
    async def work(ws: Workspace) -> None:
        assert (await verify_date(ws, SATURDAY)).boards == ["Boxes"]
        for on, before in ((SUNDAY, FRIDAY), (SATURDAY_BEFORE, "2026-02-20")):
            with pytest.raises(BadDate, match="no board of XNYS, and none of boxes") as refused:
                await verify_date(ws, on)
            assert f"{before}; `pacesetter boxes`" in refused.value.mend
        with pytest.raises(InputError, match="no board of XNYS, and none of boxes") as unranked:
            await verify_date(ws, FRIDAY)
        assert "`pacesetter cycle --on 2026-02-27`" in unranked.value.mend
        with pytest.raises(BadDate, match="has not opened yet"):
            await verify_date(ws, day(56))

    home(work)
