"""Portfolios over HTTP: from a file to figures, faults, ownership, on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio
from pacesetter.jobs.workspace import Workspace
from tests.jobs.home import count
from tests.jobs.portfolios.portfolio_home import put_prices
from tests.security.conftest import World, add_person, by_session, enter, world

__all__ = ["world"]
BASE = "/api/v1/portfolios"
FILE = b"Symbol,Quantity,Entry Price,Entry Date\nAAA,10,5.00,2025-07-01\nNEW,1,9.00,2025-07-01\n"
Work = Callable[[httpx.AsyncClient, Workspace, dict[str, str], dict[str, str]], Awaitable[None]]


def live(world: World, work: Work) -> None:
    """Two analysts, and a market with one priced symbol."""

    async def within(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await put_prices(ws, {"AAA": [5.0] * 39 + [6.0], "SPY": [100.0] * 40})
        for name in ("ada", "ben"):
            await add_person(ws, name, "analyst")
        app.state.door.visitors.forget()
        await work(client, ws, by_session(await enter(ws, "ada")), by_session(await enter(ws, "ben")))

    world.live(within)


def test_from_a_file_to_figures_and_back(world: World) -> None:
    async def work(
        client: httpx.AsyncClient, ws: Workspace, ada: dict[str, str], ben: dict[str, str]
    ) -> None:
        made = await client.post(BASE, json={"name": "Long run"}, headers=ada)
        assert made.status_code == 201, made.text
        assert (made.json()["state"], made.json()["own"], made.json()["nav"]) == ("empty", True, None)
        assert made.headers["Cache-Control"] == "no-store"
        home = made.headers["Location"]
        text = {**ada, "Content-Type": "text/csv", "X-File-Name": "lots.csv"}
        tried = await client.post(f"{home}/imports?dry_run=true", content=FILE, headers=text)
        assert (tried.status_code, tried.json()["rows_added"], tried.json()["file_name"]) == (
            200,
            2,
            "lots.csv",
        )
        assert await count(ws, "trades") == 0
        done = await client.post(f"{home}/imports", content=FILE, headers=text)
        assert done.status_code == 201, done.text
        body = done.json()
        assert (body["rows_added"], body["state"], body["pending"], body["nav"]) == (
            2,
            "partial",
            [],
            60.0,
        )
        assert any(line.startswith("NEW: ") and "no source is asked" in line for line in body["said"])
        assert [row["fate"] for row in body["rows"]] == ["added", "added"]
        again = await client.post(f"{home}/imports", content=FILE, headers=text)
        assert (again.status_code, again.json()["rows_added"], again.json()["rows_known"]) == (200, 0, 2)
        seen = (await client.get(f"{home}/snapshot", headers=ada)).json()
        assert (seen["figures"]["nav"], seen["metric_date"], seen["as_of"]) == (
            60.0,
            "2025-07-24",
            "2025-07-24",
        )
        assert [one["reason"] for one in seen["left_out"]] == ["no_price"]
        assert (len(seen["stress"]), len(seen["exposures"])) == (19, 12)
        answer = (await client.get(f"{home}/series", headers=ada)).json()
        assert answer["remarks"] == seen["remarks"] != []
        series = answer["rows"]
        assert (series[0]["date"], series[0]["nav"], series[-1]["nav"]) == ("2025-07-01", 50.0, 60.0)
        held = (await client.get(f"{home}/positions", headers=ada)).json()["rows"]
        own = next(one for one in held if one["symbol"] == "AAA")
        assert (own["quantity"], own["value"], own["gain"], own["left_out"]) == ("10", 60.0, 0.2, None)
        path = f"{home}/positions/{own['id']}"
        stopped = await client.patch(path, json={"stop_loss": "6.5", "note": "sell soon"}, headers=ada)
        assert (stopped.json()["stop_loss"], stopped.json()["alert"]) == ("6.5", "stop")
        trade = {"action": "buy", "symbol": "AAA", "quantity": 2, "price": 5.5, "traded_on": "2025-07-02"}
        entered = await client.post(f"{home}/trades", json=trade, headers=ada)
        assert (entered.status_code, entered.json()["nav"]) == (201, 72.0)
        page = (await client.get(f"{home}/trades?limit=2", headers=ada)).json()
        rest = (await client.get(f"{home}/trades?limit=2&cursor={page['next']}", headers=ada)).json()
        assert (page["count"], len(page["rows"]), len(rest["rows"]), rest["next"]) == (3, 2, 1, None)
        await read_as_tables(client, home, ada)
        gone = await client.delete(f"{home}/trades/{entered.json()['id']}", headers=ada)
        assert gone.json()["nav"] == 60.0
        imports = (await client.get(f"{home}/imports", headers=ada)).json()["rows"]
        undone = await client.delete(f"{home}/imports/{imports[0]['id']}", headers=ada)
        assert (undone.json()["trades_removed"], undone.json()["state"]) == (2, "empty")
        renamed = await client.patch(home, json={"name": "Short run", "benchmark": "AAA"}, headers=ada)
        assert (renamed.json()["name"], renamed.json()["benchmark"]) == ("Short run", "AAA")
        assert (await client.delete(home, headers=ada)).status_code == 200
        assert (await client.get(home, headers=ada)).status_code == 404

    live(world, work)


async def read_as_tables(client: httpx.AsyncClient, home: str, ada: dict[str, str]) -> None:
    """Every list of portfolios as CSV: the rows of its JSON, and for nobody else's eyes."""
    for path in (BASE, *(f"{home}/{name}" for name in ("positions", "trades", "series", "imports"))):
        rows = (await client.get(path, headers=ada)).json()["rows"]
        table = await client.get(path, headers={**ada, "Accept": "text/csv"})
        assert table.headers["content-type"].startswith("text/csv"), table.text
        assert table.headers["cache-control"] == "no-store"
        assert len(list(csv.DictReader(io.StringIO(table.text)))) == len(rows) > 0
    text = {**ada, "Accept": "text/csv"}
    held = (await client.get(f"{home}/positions?fields=symbol,quantity,value", headers=text)).text
    assert held.splitlines() == ["symbol,quantity,value", "AAA,12,72.0", "NEW,1,"]
    some = await client.get(f"{home}/trades?limit=1&fields=symbol", headers=ada)
    assert (some.json()["rows"], some.headers["cache-control"]) == ([{"symbol": "AAA"}], "no-store")
    wrong = await client.get(f"{home}/series?fields=colour", headers=ada)
    assert (wrong.status_code, wrong.json()["where"]) == (422, "fields")


def test_a_file_with_faults_is_answered_with_all_of_them(world: World) -> None:
    bad = b"Symbol,Quantity,Entry Price,Entry Date\nAAA,many,5,2025-07-01\nA A A,1,-5,soon\n"

    async def work(
        client: httpx.AsyncClient, ws: Workspace, ada: dict[str, str], ben: dict[str, str]
    ) -> None:
        home = (await client.post(BASE, json={"name": "x"}, headers=ada)).headers["Location"]
        answer = await client.post(f"{home}/imports?file_name=bad.csv", content=bad, headers=ada)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        faults = [(one["line"], one["column"]) for one in answer.json()["faults"]]
        assert faults == [(2, "Quantity"), (3, "Symbol"), (3, "Entry Price"), (3, "Entry Date")]
        assert (await count(ws, "trades"), await count(ws, "portfolio_imports")) == (0, 0)
        tried = await client.post(f"{home}/imports?dry_run=true", content=bad, headers=ada)
        assert (tried.status_code, tried.json()["accepted"], len(tried.json()["faults"])) == (200, False, 4)
        for trade in (
            {"action": "buy", "symbol": "AAA", "quantity": 0, "price": 1, "traded_on": "2025-07-01"},
            {"action": "buy", "symbol": "AAA", "quantity": 1, "price": 1, "traded_on": "2035-07-01"},
            {"action": "sell", "symbol": "AAA", "quantity": 1, "price": 1, "traded_on": "2025-07-01"},
            {"action": "deposit", "quantity": 1, "traded_on": "2025-07-01"},
        ):
            assert (await client.post(f"{home}/trades", json=trade, headers=ada)).status_code == 422, trade
        assert await count(ws, "trades") == 0

    live(world, work)


def test_what_belongs_to_somebody_is_not_there_for_others(world: World) -> None:
    async def work(
        client: httpx.AsyncClient, ws: Workspace, ada: dict[str, str], ben: dict[str, str]
    ) -> None:
        home = (await client.post(BASE, json={"name": "private"}, headers=ada)).headers["Location"]
        text = {**ada, "Content-Type": "text/csv"}
        done = (await client.post(f"{home}/imports", content=FILE, headers=text)).json()
        trade = (await client.get(f"{home}/trades", headers=ada)).json()["rows"][0]["id"]
        place = (await client.get(f"{home}/positions", headers=ada)).json()["rows"][0]["id"]
        buy = {"action": "buy", "symbol": "AAA", "quantity": 1, "price": 1, "traded_on": "2025-07-01"}
        calls = [
            ("GET", path, None) for path in ("", "/snapshot", "/series", "/positions", "/trades", "/imports")
        ]
        calls += [("PATCH", "", {"name": "mine"}), ("PATCH", f"/positions/{place}", {"note": "mine"})]
        calls += [("POST", "/trades", buy), ("DELETE", f"/trades/{trade}", None), ("POST", "/imports", None)]
        calls += [("DELETE", f"/imports/{done['import_id']}", None), ("DELETE", "", None)]
        before = await count(ws, "trades")
        for method, path, body in calls:
            answer = await client.request(method, f"{home}{path}", json=body, headers=ben)
            assert answer.status_code == 404, (method, path, answer.text)
        assert await count(ws, "trades") == before
        assert (await client.get(BASE, headers=ben)).json()["count"] == 0
        assert (await client.post(BASE, json={"name": "private"}, headers=ben)).status_code == 201
        twice = await client.post(BASE, json={"name": "private"}, headers=ada)
        assert twice.status_code == 422
        await create_portfolio(ws, "of the house", user_id=None)
        for who in (ada, ben):
            names = [one["name"] for one in (await client.get(BASE, headers=who)).json()["rows"]]
            assert names == ["of the house", "private"]

    live(world, work)


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x", "base_currency": "usd"}, {"name": "x", "more": 1}]
)
def test_a_portfolio_that_cannot_be_is_refused(world: World, body: dict[str, Any], tmp_path: Path) -> None:
    async def work(
        client: httpx.AsyncClient, ws: Workspace, ada: dict[str, str], ben: dict[str, str]
    ) -> None:
        assert (await client.post(BASE, json=body, headers=ada)).status_code == 422

    live(world, work)


def test_what_has_no_room_or_is_no_text_is_refused_and_not_our_fault(world: World) -> None:
    async def work(
        client: httpx.AsyncClient, ws: Workspace, ada: dict[str, str], ben: dict[str, str]
    ) -> None:
        home = (await client.post(BASE, json={"name": "x"}, headers=ada)).headers["Location"]
        buy = {"action": "buy", "symbol": "AAA", "quantity": 1, "price": 5, "traded_on": "2025-07-01"}
        wrong = [buy | {"traded_on": "0001-01-01"}, buy | {"traded_on": "1989-12-29"}]
        wrong += [buy | {"quantity": "0.00000001", "price": 9_000_000_000, "commission": 9_000_000_000}]
        for trade in wrong:
            answer = await client.post(f"{home}/trades", json=trade, headers=ada)
            assert (answer.status_code, bool(answer.json()["mend"])) == (422, True), answer.text
        text = {**ada, "Content-Type": "text/csv"}
        money = b"Date,Action,Symbol,Quantity,Price\n2025-07-01,dividend,AAA,1000000000,1000000000\n"
        for data in (money, b"\xff\xfe\x00"):
            answer = await client.post(f"{home}/imports", content=data, headers=text)
            assert answer.status_code == 422, answer.text
        assert await count(ws, "trades") == 0
        pence = buy | {"price": 500, "currency": "GBX"}
        assert (await client.post(f"{home}/trades", json=pence, headers=ada)).status_code == 201
        (trade,) = (await client.get(f"{home}/trades", headers=ada)).json()["rows"]
        assert (trade["price"], trade["currency"]) == ("5", "GBP")

    live(world, work)
