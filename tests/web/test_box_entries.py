"""Figures and facts of boxes entered over HTTP, on both databases: who, what, what it replaced, and ranks."""

from __future__ import annotations

from typing import Any

import httpx

from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.workspace import Workspace
from tests.security.conftest import World, add_person, by_session, enter, world

__all__ = ["world"]

FILE = """box_id,name,date,source,floor,active_listings_count,boxes_sold_today
sf01,Skyfarers - SF-01 First Wind Booster Box,2025-07-22,shop,100.00,20,2
sf02,Skyfarers - SF-02 Still Air Booster Box,2025-07-22,shop,50.00,10,3
sf01,Skyfarers - SF-01 First Wind Booster Box,2025-07-23,shop,100.00,20,2
sf02,Skyfarers - SF-02 Still Air Booster Box,2025-07-23,shop,50.00,10,3
"""
DAY = "/api/v1/boxes/BOX-SF02/observations/2025-07-23"


def within(world: World, work: Any) -> Any:
    """A real home with two boxes, and an analyst who asks."""

    async def fill(client: httpx.AsyncClient, ws: Workspace, app: Any) -> Any:
        file = ws.home.root / "boxes.csv"
        file.write_text(FILE)
        await import_boxes(ws, file)
        await add_person(ws, "grace", "analyst")
        await add_person(ws, "looker", "viewer")
        app.state.door.visitors.forget()
        headers = by_session(await enter(ws, "grace"))
        return await work(client, headers, by_session(await enter(ws, "looker")))

    return world.live(fill)


def test_an_entry_goes_before_every_source_and_is_ranked_at_once(world: World) -> None:
    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        async def leaders() -> list[tuple[str, int, float]]:
            rows = (await client.get("/api/v1/boxes", headers=mine)).json()["rows"]
            return [(row["symbol"], row["current_rank"], row["boxes_sold_per_day"]) for row in rows]

        assert await leaders() == [("BOX-SF01", 1, 2.0), ("BOX-SF02", 2, 3.0)]
        refused = await client.put(DAY, headers=other, json={"boxes_sold": 9})
        assert refused.status_code == 403
        done = await client.put(DAY, headers=mine, json={"boxes_sold": 9, "note": "counted"})
        assert done.status_code == 200, done.text
        body = done.json()
        assert (body["symbol"], body["date"], body["by"], body["fate"]) == (
            "BOX-SF02", "2025-07-23", "grace", "inserted",
        )  # fmt: skip
        assert body["figures"]["boxes_sold"] == 9.0 and body["figures"]["floor_price_usd"] is None
        assert (body["ranked"], body["as_of"]) == (1, "2025-07-23")
        assert await leaders() == [("BOX-SF02", 1, 9.0), ("BOX-SF01", 2, 2.0)]
        again = (await client.put(DAY, headers=mine, json={"boxes_sold": 9, "note": "counted"})).json()
        assert (again["fate"], again["import_id"]) == ("unchanged", None)
        corrected = (await client.put(DAY, headers=mine, json={"boxes_sold": 1})).json()
        assert corrected["fate"] == "changed" and corrected["replaced"]["boxes_sold"] == 9.0
        audit = (await client.get("/api/v1/boxes/BOX-SF02/observations", headers=mine)).json()
        told = [
            (row["date"], row["source"], row["boxes_sold"], row["by"], row["current"])
            for row in audit["rows"]
        ]
        assert told == [
            ("2025-07-23", "manual", 1.0, "grace", True),
            ("2025-07-23", "manual", 9.0, "grace", False),
            ("2025-07-23", "shop", 3.0, None, True),
            ("2025-07-22", "shop", 3.0, None, True),
        ]
        assert audit["rows"][1]["replaced_import"] == corrected["import_id"]

    within(world, work)


def test_facts_are_changed_and_the_edit_is_told(world: World) -> None:
    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        path, asked = "/api/v1/boxes/BOX-SF01", {"name": "First Wind", "reprint_risk": "high"}
        assert (await client.patch(path, headers=other, json=asked)).status_code == 403
        done = (await client.patch(path, headers=mine, json=asked)).json()
        assert (done["box"]["name"], done["by"]) == ("First Wind", "grace")
        assert done["before"]["reprint_risk"] is None and done["after"]["reprint_risk"] == "high"
        audit = (await client.get(f"{path}/observations", headers=mine)).json()
        assert [(one["by"], one["after"]) for one in audit["edits"]] == [("grace", done["after"])]
        rows = (await client.get("/api/v1/boxes?search=first", headers=mine)).json()["rows"]
        assert [(row["title"], row["reprint_risk"]) for row in rows] == [("First Wind", "high")]

    within(world, work)


def test_what_cannot_be_is_refused_with_its_reason(world: World) -> None:
    tried: list[tuple[str, str, dict[str, Any], int, str]] = [
        ("PUT", DAY, {}, 422, "there is no figure"),
        ("PUT", DAY, {"floor_price_usd": 5000}, 422, "far from"),
        ("PUT", DAY, {"floor_price_usd": -1}, 422, "floor_price_usd"),
        ("PUT", DAY, {"boxes_sold": "3"}, 422, "boxes_sold"),
        ("PUT", DAY, {"price": 3}, 422, "price"),
        ("PUT", DAY.replace("23", "31"), {"boxes_sold": 3}, 422, "in the future"),
        ("PUT", DAY.replace("07-23", "7-23"), {"boxes_sold": 3}, 422, "is not a date"),
        ("PUT", DAY.replace("SF02", "SF09"), {"boxes_sold": 3}, 404, "unknown box"),
        ("PATCH", "/api/v1/boxes/BOX-SF01", {}, 422, "nothing to change"),
        ("PATCH", "/api/v1/boxes/BOX-SF01", {"reprint_risk": "huge"}, 422, "low, medium, high"),
        ("PATCH", "/api/v1/boxes/BOX-SF01", {"image_url": "http://x/y"}, 422, "https://"),
        ("PATCH", "/api/v1/boxes/BOX-SF01", {"released_on": "5.1.2025"}, 422, "YYYY-MM-DD"),
        ("PATCH", "/api/v1/boxes/NOPE", {"game": "x"}, 404, "unknown box"),
    ]

    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        for verb, path, asked, status, said in tried:
            answer = await client.request(verb, path, headers=mine, json=asked)
            assert (answer.status_code, said in answer.text) == (status, True), (path, answer.text)
        far = await client.put(DAY, headers=mine, json={"floor_price_usd": 5000})
        assert "confirm it: send confirm: true" in far.text and "--" not in far.text
        bold = await client.put(DAY, headers=mine, json={"floor_price_usd": 5000, "confirm": True})
        assert bold.status_code == 200 and bold.json()["figures"]["floor_price_usd"] == 5000.0

    within(world, work)


def test_the_simulated_market_takes_no_boxes(sqlite_home: Any) -> None:
    from pacesetter.web.app import create_app
    from tests.web.conftest import ask_app

    app = create_app(sqlite_home, simulated=True)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        ws = await app.state.workspace.get()
        await add_person(ws, "grace", "analyst")
        app.state.door.visitors.forget()
        headers = by_session(await enter(ws, "grace"))
        return await client.put(DAY, headers=headers, json={"boxes_sold": 9})

    answer = ask_app(app, work)
    assert answer.status_code == 404 and "pacesetter import boxes" in answer.json()["mend"]


def test_the_board_of_boxes_is_as_fresh_as_days_say(world: World) -> None:
    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        told = {}
        for path in ("rankings/boxes", "boxes", "rankings/boxes?method=boxes"):
            body = (await client.get(f"/api/v1/{path}", headers=mine)).json()
            told[path] = [body[name] for name in ("as_of", "expected_session", "fresh_until", "stale")]
        # Thursday evening in New York's summer: the exchange's day would be over, the calendar's is not
        expected = ["2025-07-23", "2025-07-23", "2025-07-25T00:20:00Z", False]
        assert told == dict.fromkeys(told, expected)

    within(world, work)


def test_a_box_is_joined_into_another_and_its_old_address_leads_there(world: World) -> None:
    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        new = "/api/v1/boxes/7c1e90"
        rows = [f"7c1e90,,2025-07-24,shop,{floor},11,3" for floor in ("101.00",)]
        await bring_more(client, rows)
        twins = (await client.get("/api/v1/boxes/twins", headers=other)).json()
        assert [
            (one["unnamed"]["symbol"], one["named"]["symbol"], one["gap_days"]) for one in twins["rows"]
        ] == [("BOX-7C1E90", "BOX-SF01", 1)]
        assert twins["rows"][0]["difference_pct"] == 1.0 and "guess by price alone" in twins["remarks"][0]
        assert (await client.get(new, headers=mine)).json()["asked_for"] is None
        path, asked = f"{new}/join", {"into": "BOX-SF01"}
        assert (await client.post(path, headers=other, json=asked)).status_code == 403
        done = await client.post(path, headers=mine, json=asked)
        assert done.status_code == 200, done.text
        body = done.json()
        assert (body["symbol"], body["into"], body["by"], body["moved"], body["merged"]) == (
            "BOX-7C1E90", "BOX-SF01", "grace", 1, 0,
        )  # fmt: skip
        assert (body["ranked"], body["as_of"], body["filled"]) == (1, "2025-07-24", {})
        shown = (await client.get(new, headers=mine)).json()
        assert (shown["box"]["symbol"], shown["asked_for"], shown["as_of"]) == (
            "BOX-SF01", "BOX-7C1E90", "2025-07-24",
        )  # fmt: skip
        assert [one["told_as"] for one in shown["observations"]] == ["BOX-7C1E90"]
        assert (await client.get("/api/v1/boxes/twins", headers=mine)).json()["rows"] == []
        board = (await client.get("/api/v1/boxes?search=7c1e", headers=mine)).json()["rows"]
        assert [row["symbol"] for row in board] == ["BOX-SF01"], "found by what its source calls it"
        for tried, into, status, said in (
            (new, "BOX-SF02", 422, "joined into BOX-SF01 already"),
            ("/api/v1/boxes/BOX-SF01", "7c1e90", 422, "circle"),
            ("/api/v1/boxes/BOX-SF01", "BOX-SF02", 422, "2025-07-22 (shop), 2025-07-23 (shop)"),
            ("/api/v1/boxes/BOX-SF01", "BOX-SF01", 422, "already"),
            ("/api/v1/boxes/BOX-SF01", "NOPE", 404, "unknown box"),
            ("/api/v1/boxes/NOPE", "BOX-SF01", 404, "unknown box"),
        ):
            answer = await client.post(f"{tried}/join", headers=mine, json={"into": into})
            assert (answer.status_code, said in answer.text) == (status, True), answer.text

    async def bring_more(client: httpx.AsyncClient, rows: list[str]) -> None:
        ws = await client._transport.app.state.workspace.get()  # type: ignore[attr-defined]
        file = ws.home.root / "more.csv"
        file.write_text("\n".join([FILE.splitlines()[0], *rows]))
        await import_boxes(ws, file)

    within(world, work)
