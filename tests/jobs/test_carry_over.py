"""The first real import brings boards and methods from the simulated market, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from pacesetter.jobs.accounts import create_user
from pacesetter.jobs.api_keys import create_key
from pacesetter.jobs.define_board import create_board, edit_board, follow_rules
from pacesetter.jobs.import_prices import import_prices
from pacesetter.jobs.keep_method import save_method
from pacesetter.jobs.passwords import hash_token
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_between
from pacesetter.ranking.method import write_method
from pacesetter.store.api_keys import find_key
from pacesetter.store.domains import list_domains
from pacesetter.store.memberships import members_on
from pacesetter.store.methods import find_method
from pacesetter.store.users import list_users
from tests.jobs.home import with_home, write_csv
from tests.jobs.test_methods import MINE

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
