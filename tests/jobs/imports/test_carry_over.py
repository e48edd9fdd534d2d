"""The first real import brings boards and methods from the simulated market, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.accounts.passwords import hash_token
from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.boards.define_board import create_board, edit_board, follow_rules
from pacesetter.jobs.boards.keep_method import save_method
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.night.check_watchlist import check_watches, store_watched
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_between
from pacesetter.ranking.method import write_method
from pacesetter.research.desk import load_desk
from pacesetter.store.accounts.api_keys import find_key
from pacesetter.store.accounts.audit import list_entries
from pacesetter.store.accounts.users import list_users
from pacesetter.store.boards.memberships import members_on
from pacesetter.store.boards.methods import find_method
from pacesetter.store.desk.watchlist import find_watches, open_watches, watchlist
from pacesetter.store.symbols.domains import list_domains
from pacesetter.store.symbols.symbols import known_symbols, stock_ids, upsert_symbols
from tests.agents.evidence_made import make_evidence
from tests.jobs.boards.test_methods import MINE
from tests.jobs.home import with_home, write_csv

DAYS = sessions_between("XNYS", date(2025, 1, 2), date(2025, 1, 31))


def test_boards_and_methods_go_along_with_the_first_real_import(tmp_path: Path) -> None:
    home, prices = tmp_path / "home", tmp_path / "prices.csv"
    write_csv(prices, [("AAPL", on, 100 + i, 1000) for i, on in enumerate(DAYS)])

    keys: list[str] = []

    async def simulated(ws: Workspace) -> None:
        for coverage in (0.6, 0.5):
            await save_method(ws, write_method(replace(MINE, coverage_min=coverage)), where="mine.toml")
        await create_board(ws, "My Few", symbols=["AAPL", "NEWONE"], method="mine")
        await create_board(ws, "Everything", rule="all")
        await edit_board(ws, "Finance", method="mine")
        await create_user(ws, "ann", "owner")
        keys.append((await create_key(ws, "ann", "ci")).secret)

    async def real(ws: Workspace) -> list[str]:
        dry = await import_prices(ws, prices, dry_run=True)
        assert not any("carried" in line for line in dry.said)
        return (await import_prices(ws, prices)).said

    async def look(ws: Workspace) -> None:
        async with ws.db.read() as conn:
            boards = {row.name: row for row in await list_domains(conn)}
            assert list(boards)[-2:] == ["My Few", "Everything"]
            methods = [boards[name].method for name in ("My Few", "Finance", "Energy")]
            assert methods == ["mine", "mine", "core"]
            assert boards["Everything"].rule == "all"
            assert await members_on(conn, boards["Everything"].id, DAYS[0]) == []
            assert await members_on(conn, boards["My Few"].id, DAYS[0]) == ["AAPL", "NEWONE"]
            method, _ = await find_method(conn, "mine")
            assert (method.version, method.coverage_min) == (2, 0.5)
            assert [row.name for row in await list_users(conn)] == ["ann"]  # who may read stays who may read
            assert (await find_key(conn, hash_token(keys[0]), ws.now())).name == "ann"
        assert len(await follow_rules(ws, DAYS[-1])) == 1
        async with ws.db.read() as conn:
            assert "AAPL" in await members_on(conn, boards["Everything"].id, DAYS[0])

    with_home(home, simulated, simulated=True)
    said = with_home(home, real, simulated=False)
    assert "boards carried over: My Few, Everything" in said
    assert "methods carried over: mine" in said and "users carried over: ann" in said
    with_home(home, look, simulated=False)
    again = with_home(home, real, simulated=False)
    assert not any("carried" in line for line in again)


def test_without_a_simulated_market_nothing_is_said(tmp_path: Path) -> None:
    prices = write_csv(tmp_path / "prices.csv", [("AAPL", on, 100, 1000) for on in DAYS])

    async def real(ws: Workspace) -> list[str]:
        return (await import_prices(ws, prices)).said

    assert not any("simulated" in line for line in with_home(tmp_path / "home", real, simulated=False))


def test_the_watchlist_goes_along_armed(tmp_path: Path) -> None:
    home, prices = tmp_path / "home", tmp_path / "prices.csv"
    write_csv(prices, [("AAPL", on, 100 + i, 1000) for i, on in enumerate(DAYS)])
    bare = make_evidence(symbols=["AAPL"], facts={"AAPL": {"price.close": 120.0}}, recall=None)

    async def simulated(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            await upsert_symbols(conn, ["AAPL"], asset_type="equity", source="admin")
            await upsert_symbols(conn, ["SPY"], asset_type="etf", source="admin")
        ann = (await create_user(ws, "ann", "owner")).id
        for symbol, who, terms in (
            ("AAPL", ann, WatchTerms(condition="price.close > 110", thesis="cheap", hysteresis_pct=7.0)),
            ("SPY", None, WatchTerms(condition="rank.rank <= 3", expires_on="never")),
            ("SPY", None, WatchTerms(condition="event.news")),
            ("AAPL", None, WatchTerms(condition="event.news")),
        ):
            await add_watch(ws, symbol, terms, user_id=who, evidence=bare)
        async with ws.db.write() as conn:
            found = check_watches(await open_watches(conn), bare, {}, load_desk())
            assert [one.change for one in found] == ["fired", None, None, None]
            await store_watched(conn, found)
            (news,) = [row for row in await find_watches(conn, symbol="AAPL") if row.trigger_type == "event"]
            await watchlist.change(conn, news.id, expiry_date=DAYS[0])  # over
            (other,) = [row for row in await find_watches(conn, symbol="SPY") if row.trigger_type == "event"]
            await watchlist.remove(conn, other.id, at=ws.now())

    async def real(ws: Workspace) -> list[str]:
        return (await import_prices(ws, prices)).said

    async def look(ws: Workspace) -> None:
        async with ws.db.read() as conn:
            apple, fund = await find_watches(conn)
            (ann,) = await list_users(conn)
            ids = await stock_ids(conn, ["AAPL"])
            kinds = await known_symbols(conn, ["SPY"])
            entries = await list_entries(conn, action="watch.carried")
        assert (apple.symbol, apple.user_id, apple.thesis, apple.stock_id) == (
            "AAPL",
            ann.id,
            "cheap",
            ids["AAPL"],
        )
        assert (apple.status, apple.times_triggered, apple.last_triggered_on) == ("armed", 0, None)
        assert (apple.to_validate, apple.checked_on, apple.details) == (False, None, None)
        assert (apple.hysteresis_pct, apple.condition["value"]) == (7.0, 110.0)
        assert (fund.symbol, fund.expiry_date, fund.user_id) == ("SPY", None, None)
        assert kinds["SPY"].asset_type == "etf" and len(entries) == 2

    with_home(home, simulated, simulated=True)
    said = with_home(home, real, simulated=False)
    assert "watchlist carried over: AAPL, SPY" in said
    with_home(home, look, simulated=False)
    assert not any("carried" in line for line in with_home(home, real, simulated=False))
