"""Changes have to be meant: origin, token, and keys that no browser sends by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.workspace import Workspace
from pacesetter.web.auth.credentials import COOKIE, csrf_token
from tests.security.conftest import ORIGIN, PASSWORD, World, add_person, by_key, by_session, enter

PATH, BODY = "/api/v1/users", {"name": "new", "role": "viewer"}
OWN = "http://127.0.0.1:8000"


async def people(client: httpx.AsyncClient, token: str) -> set[str]:
    body = (await client.get(PATH, headers={"Cookie": f"{COOKIE}={token}"})).json()
    return {one["name"] for one in body["users"]}


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda h: without(h, "X-CSRF-Token"), id="no token"),
        pytest.param(lambda h: {**h, "X-CSRF-Token": ""}, id="empty token"),
        pytest.param(lambda h: {**h, "X-CSRF-Token": csrf_token("another session")}, id="another's token"),
        pytest.param(lambda h: {**h, "X-CSRF-Token": h["X-CSRF-Token"] + "é"}, id="odd token"),
        pytest.param(lambda h: without(h, "Origin"), id="no origin"),
        pytest.param(lambda h: {**h, "Origin": "null"}, id="null origin"),
        pytest.param(lambda h: {**h, "Origin": "http://evil.example"}, id="other origin"),
        pytest.param(lambda h: {**h, "Origin": "http://127.0.0.1:8001"}, id="other port"),
        pytest.param(lambda h: {**h, "Origin": "http://127.0.0.1:8000.evil.example"}, id="longer name"),
        pytest.param(lambda h: {**h, "Origin": "ftp://127.0.0.1:8000"}, id="other scheme"),
        pytest.param(lambda h: {**h, "Sec-Fetch-Site": "cross-site"}, id="cross-site"),
        pytest.param(lambda h: {**h, "Sec-Fetch-Site": "same-site"}, id="same-site"),
        pytest.param(lambda h: {**h, "Sec-Fetch-Site": "none"}, id="typed in"),
    ],
)
def test_a_change_that_was_not_meant_is_refused(world: World, change: Any) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        token = await enter(ws, "ann")
        headers = change(by_session(token))
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        assert (await client.post(PATH, json=BODY, headers=raw)).status_code == 403
        assert await people(client, token) == {"ann"}
        assert (await client.post(PATH, json=BODY, headers=by_session(token))).status_code == 201
        assert await people(client, token) == {"ann", "new"}

    world.live(work)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda h: {**without(h, "Origin"), "Sec-Fetch-Site": "same-origin"}, id="fetch metadata"
        ),
        pytest.param(lambda h: {**h, "Origin": OWN.replace("http:", "https:")}, id="TLS ends in front"),
        pytest.param(lambda h: {**h, "Origin": "http://LOCALHOST", "Host": "localhost"}, id="other name"),
    ],
)
def test_a_change_that_was_meant_passes(world: World, change: Any) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        headers = change(by_session(await enter(ws, "ann")))
        assert (await client.post(PATH, json=BODY, headers=headers)).status_code == 201

    world.live(work)


def test_a_key_needs_no_token_and_lends_nothing_to_a_cookie(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        token = await enter(ws, "ann")
        key = (await create_key(ws, "ann", "ci", scopes=["admin"])).secret
        assert (await client.post(PATH, json=BODY, headers=by_key(key))).status_code == 201
        cookie = {"Cookie": f"{COOKIE}={token}", "Origin": "http://evil.example"}
        more = {"name": "evil", "role": "owner"}
        for header in ("Bearer wrong", "Bearer", "Basic YW5uOng=", ""):
            answer = await client.post(PATH, json=more, headers={**cookie, "Authorization": header})
            assert answer.status_code in (401, 403), header
            reading = {"Cookie": f"{COOKIE}={token}", "Authorization": header}
            assert (await client.get(PATH, headers=reading)).status_code == 401, header
        twice = [("Authorization", "Bearer x"), ("Authorization", f"Bearer {key}"), *cookie.items()]
        assert (await client.post(PATH, json=more, headers=twice)).status_code in (401, 403)
        assert await people(client, token) == {"ann", "new"}

    world.live(work)


def test_logging_in_from_another_site_is_refused(world: World) -> None:
    """Else a page could put its visitor into an account of the page's own."""

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        given = {"name": "ann", "password": PASSWORD}
        evil = {"Origin": "http://evil.example"}
        basic = {**evil, "Authorization": "Basic YW5uOng="}  # which a browser may send by itself
        for foreign in (evil, basic, {"Sec-Fetch-Site": "cross-site"}):
            answer = await client.post("/api/v1/session", json=given, headers=foreign)
            assert answer.status_code == 403 and "set-cookie" not in answer.headers
        stale = {"Cookie": f"{COOKIE}=stale"}
        assert (await client.post("/api/v1/session", json=given, headers=stale)).status_code == 403
        again = await client.post("/api/v1/session", json=given, headers={**stale, **ORIGIN})
        assert again.status_code == 200  # a page that lost its token can log in again

    world.live(work)


def test_a_large_body_is_not_read(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        body = b'{"name": "' + b"x" * (1 << 20) + b'", "password": "x"}'
        answer = await client.post(
            "/api/v1/session", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert "1,048,576 bytes" in answer.json()["detail"] and answer.json()["where"] == "body"

        async def parts() -> AsyncIterator[bytes]:  # without a Content-Length
            for _ in range(65):
                yield body[: 1 << 14]

        chunked = await client.post(
            "/api/v1/session", content=parts(), headers={"Content-Type": "application/json"}
        )
        assert (chunked.status_code, chunked.json()["detail"]) == (413, answer.json()["detail"])

    world.live(work)
