"""Files of boxes over HTTP, on both databases: tried, taken in, listed, taken back; and who may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.client import Client
from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import PacesetterError
from tests.security.conftest import World, add_person, by_session, enter, world
from tests.web.wire import use_client

__all__ = ["world"]

AT = "/api/v1/boxes/imports"
FILE = """box_id,name,date,source,floor,active_listings_count,boxes_sold_today
sf01,Skyfarers - SF-01 First Wind Booster Box,2025-07-22,shop,100.00,20,2
sf02,Skyfarers - SF-02 Still Air Booster Box,2025-07-22,shop,50.00,10,3
sf02,,2025-07-23,shop,-5,10,3
"""
JSON = '[{"box_id": "sf02", "date": "2025-07-23", "floor_price_usd": 60, "boxes_sold_today": 9}]'


def within(world: World, work: Any) -> Any:
    """A real home without boxes, an analyst and somebody who only looks."""

    async def fill(client: httpx.AsyncClient, ws: Workspace, app: Any) -> Any:
        await add_person(ws, "grace", "analyst")
        await add_person(ws, "looker", "viewer")
        app.state.door.visitors.forget()
        return await work(client, by_session(await enter(ws, "grace")), by_session(await enter(ws, "looker")))

    return world.live(fill)


def test_a_file_is_tried_taken_in_listed_and_taken_back(world: World) -> None:
    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        async def leaders() -> list[tuple[str, int | None]]:
            rows = (await client.get("/api/v1/boxes", headers=other)).json()["rows"]
            return [(row["symbol"], row["current_rank"]) for row in rows]

        assert (await client.post(AT, headers=other, content=FILE)).status_code == 403
        tried = await client.post(f"{AT}?dry_run=true&file_name=b.csv", headers=mine, content=FILE)
        assert tried.status_code == 200, tried.text
        assert (tried.json()["import_id"], tried.json()["inserted"]) == (None, 2)
        assert await leaders() == [] and (await client.get(AT, headers=mine)).json()["rows"] == []
        done = await client.post(AT, headers={**mine, "x-file-name": "C:\\mine\\b.csv"}, content=FILE)
        assert done.status_code == 201, done.text
        body = done.json()
        assert [body[name] for name in ("file_name", "read", "stored", "refused")] == ["b.csv", 3, 2, 1]
        assert body["refused_rows"] == [
            {
                **{"row": 3, "box_id": "sf02", "date": "2025-07-23", "reason": "negative_number"},
                **{"because": "the number is below zero", "detail": "floor_price_usd: -5"},
            }
        ]
        assert body["as_of"] == "2025-07-22" and any("2 new boxes" in line for line in body["said"])
        assert await leaders() == [("BOX-SF01", 1), ("BOX-SF02", 2)]
        again = await client.post(AT, headers=mine, content=FILE)
        assert (again.status_code, again.json()["unchanged"], again.json()["inserted"]) == (200, 2, 0)
        more = await client.post(f"{AT}?source=eye", headers=mine, content=JSON)  # known by its first letter
        assert (more.status_code, more.json()["inserted"]) == (201, 1), more.text
        assert await leaders() == [("BOX-SF02", 1)]
        records = (await client.get("/api/v1/boxes/BOX-SF02/observations", headers=other)).json()["rows"]
        assert [(one["source"], one["by"]) for one in records] == [("eye", "grace"), ("shop", "grace")]
        first = (await client.get(f"{AT}?limit=2", headers=other)).json()
        rest = (await client.get(f"{AT}?limit=2&cursor={first['next']}", headers=other)).json()
        listed = [*first["rows"], *rest["rows"]]
        assert [(one["file_name"], one["by"], one["read"]) for one in listed] == [
            ("upload", "grace", 1), ("upload", "grace", 3), ("b.csv", "grace", 3),
        ]  # fmt: skip
        assert rest["next"] is None
        which = f"{AT}/{more.json()['import_id']}"
        assert (await client.delete(which, headers=other)).status_code == 403
        undone = await client.delete(which, headers=mine)
        assert undone.status_code == 200, undone.text
        assert (undone.json()["kind"], undone.json()["ranked"]) == ("boxes", 1)
        assert await leaders() == [("BOX-SF01", 1), ("BOX-SF02", 2)]
        twice = await client.delete(which, headers=mine)
        assert twice.status_code == 422 and "undone already" in twice.json()["detail"]

    within(world, work)


def test_the_python_client_imports_lists_and_takes_back(world: World, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(FILE)

    def use(client: Client) -> None:
        tried = client.import_boxes(path, dry_run=True)
        assert (tried["file_name"], tried["import_id"], tried["inserted"]) == ("b.csv", None, 2)
        assert client.box_imports().is_empty()
        done = client.import_boxes(path)
        assert (done["read"], done["stored"], done["refused_rows"][0]["reason"]) == (3, 2, "negative_number")
        seen = client.import_boxes(JSON.encode(), file_name="seen.json", source="eye")
        assert seen["inserted"] == 1
        assert client.boxes()["symbol"].to_list() == ["BOX-SF02"]
        listed = client.box_imports(limit=1)  # page by page, all of them
        assert listed["file_name"].to_list() == ["seen.json", "b.csv"]
        assert client.undo_box_import(seen["import_id"])["ranked"] == 1
        assert client.boxes()["symbol"].to_list() == ["BOX-SF01", "BOX-SF02"]
        assert client.box_imports()["undone_at"].null_count() == 1
        for call, what in (
            (lambda: client.undo_box_import(seen["import_id"]), "undone already"),
            (lambda: client.import_boxes(b"", file_name="none.csv"), "the file is empty"),
            (lambda: client.import_boxes(tmp_path / "gone.csv"), "cannot be read"),
        ):
            with pytest.raises(PacesetterError, match=what):
                call()

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "grace", "analyst")
        app.state.door.visitors.forget()
        key = (await create_key(ws, "grace", "notebook", scopes=["read", "write"])).secret
        await use_client(client, key, use)

    world.live(work)


def test_a_file_that_cannot_be_used_is_refused_by_the_name_it_was_sent_under(world: World) -> None:
    async def work(client: httpx.AsyncClient, mine: dict[str, str], other: dict[str, str]) -> None:
        for name, content, what in (
            ("b.csv", "", "the file is empty"),
            ("b.csv", "a,b\n1,2\n", "no column that names the boxes"),
            ("b.json", "{", "cannot be read as JSON"),
            ("b.parquet", "no", "no readable Parquet"),
            ("p.csv", "Symbol,Date,Close,Volume\nNVDA,2025-07-22,12,3\n", "neither a figure nor a fact"),
        ):
            answer = await client.post(f"{AT}?file_name={name}", headers=mine, content=content)
            assert answer.status_code == 422, answer.text
            said = answer.json()
            assert what in said["detail"] and said["where"].startswith(name), said
            assert "/tmp" not in answer.text and "pacesetter-" not in answer.text
        assert (await client.get("/api/v1/boxes", headers=mine)).json()["rows"] == []
        none = await client.delete(f"{AT}/00000000-0000-7000-8000-000000000000", headers=mine)
        assert none.status_code == 404
        assert (await client.get(f"{AT}?cursor=WzFd", headers=mine)).status_code == 422

    within(world, work)
