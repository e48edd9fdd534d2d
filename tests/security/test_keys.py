"""Keys: a part of their owner's rights, shown once; nothing secret in the database or the log."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from pacesetter.jobs.accounts.api_keys import create_key, revoke_key
from pacesetter.jobs.accounts.logins import make_login_link
from pacesetter.jobs.accounts.users import change_role, create_user, deactivate
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.store.database.backup import back_up
from pacesetter.store.tables import metadata
from pacesetter.store.tables.user import api_keys
from pacesetter.web.auth.credentials import COOKIE, csrf_token
from tests.security.conftest import ORIGIN, PASSWORD, World, add_person, by_key, by_session, enter

ME, KEYS = "/api/v1/session", "/api/v1/keys"


async def permissions(client: httpx.AsyncClient, app: Any, key: str) -> Any:
    """What a key may do, by what the database says now; the status where it may nothing."""
    app.state.door.visitors.forget()
    answer = await client.get(ME, headers=by_key(key))
    return answer.json()["permissions"] if answer.status_code == 200 else answer.status_code


def test_a_key_is_made_shown_once_and_revoked(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        mine = by_session(await enter(ws, "ann"))
        made = await client.post(KEYS, json={"name": "ci", "scopes": ["write"]}, headers=mine)
        body = made.json()
        assert made.status_code == 201 and made.headers["cache-control"] == "no-store"
        assert body["scopes"] == ["read", "write"] and body["key"].startswith(body["prefix"])
        assert await permissions(client, app, body["key"]) == ["read", "write"]
        (listed,) = (await client.get(KEYS, headers=mine)).json()["keys"]
        assert listed["id"] == body["id"] and "key" not in listed and body["key"] not in str(listed)
        twice = await client.post(KEYS, json={"name": "ci"}, headers=mine)
        assert twice.status_code == 422 and "already" in twice.json()["detail"]
        assert (await client.get(ME, headers=by_key(body["key"]))).status_code == 200
        assert (await client.delete(f"{KEYS}/{body['id']}", headers=mine)).status_code == 204
        assert (await client.get(ME, headers=by_key(body["key"]))).status_code == 401  # at once
        assert (await client.delete(f"{KEYS}/{body['id']}", headers=mine)).status_code == 404
        assert (await client.post(KEYS, json={"name": "ci"}, headers=mine)).status_code == 201

    world.live(work)


def test_a_key_has_no_more_than_its_owner_and_its_scopes(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        await add_person(ws, "bob", "analyst")
        every = (await create_key(ws, "ann", "all", scopes=["read", "write", "admin"])).secret
        assert await permissions(client, app, every) == ["read", "write", "admin"]
        assert (await client.get(KEYS, headers=by_key(every))).status_code == 403  # makes no other
        await change_role(ws, "bob", "owner")
        await change_role(ws, "ann", "viewer")
        assert await permissions(client, app, every) == ["read"]
        viewer = by_session(await enter(ws, "ann"))
        refused = await client.post(KEYS, json={"name": "x", "scopes": ["write"]}, headers=viewer)
        assert refused.status_code == 403
        await deactivate(ws, "ann")
        assert await permissions(client, app, every) == 401
        await create_user(ws, "ann", "owner")
        assert await permissions(client, app, every) == 401  # who comes back has no keys
        assert (await client.get(ME, headers=viewer)).status_code == 401  # nor sessions

    world.live(work)


def test_a_key_of_another_cannot_be_revoked(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        await add_person(ws, "bob", "viewer")
        made = await create_key(ws, "ann", "ci")
        bob = by_session(await enter(ws, "bob"))
        assert (await client.delete(f"{KEYS}/{made.key.id}", headers=bob)).status_code == 404
        assert await permissions(client, app, made.secret) == ["read"]
        await create_key(ws, "bob", "ci")
        with pytest.raises(InputError, match="2 keys"):
            await revoke_key(ws, "ci")
        assert (await revoke_key(ws, "ci", user="ann")).user == "ann"

    world.live(work)


def test_a_key_expires_and_its_use_is_kept_to_the_minute(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        async def used() -> Any:
            await app.state.door.visitors.settle()
            async with ws.db.read() as conn:
                return await conn.scalar(select(api_keys.c.last_used_at))

        await add_person(ws, "ann", "owner")
        key = (await create_key(ws, "ann", "ci", days=2)).secret
        assert await used() is None
        assert await permissions(client, app, key) == ["read"]
        first = await used()
        assert first == world.clock.now()
        world.clock.advance(timedelta(seconds=59))
        assert await permissions(client, app, key) == ["read"] and await used() == first
        world.clock.advance(timedelta(seconds=1))
        assert await permissions(client, app, key) == ["read"]
        assert await used() == first + timedelta(minutes=1)
        world.clock.advance(timedelta(days=2) - timedelta(seconds=61))
        assert await permissions(client, app, key) == ["read"]
        world.clock.advance(timedelta(seconds=1))
        assert await permissions(client, app, key) == 401

    world.live(work)


def test_nothing_secret_is_stored_or_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    secrets: list[str] = []
    said: list[bytes] = []

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        link = await make_login_link(ws)
        await client.get("/login", params={"token": link})
        owner = client.cookies[COOKIE]
        client.cookies.clear()
        await client.get("/login", params={"token": link})
        await client.put(f"{ME}/password", json={"new": PASSWORD}, headers=by_session(owner))
        given = {"name": "owner", "password": PASSWORD}
        await client.post(ME, json=given, headers=ORIGIN)
        again = client.cookies[COOKIE]
        client.cookies.clear()
        await client.post(ME, json={**given, "password": "not " + PASSWORD}, headers=ORIGIN)
        key = (await client.post(KEYS, json={"name": "ci"}, headers=by_session(again))).json()["key"]
        assert (await client.get(ME, headers=by_key(key))).status_code == 200
        assert (await client.get(ME, headers=by_key(key + "x"))).status_code == 401
        await app.state.door.visitors.settle()
        secrets.extend([link, owner, again, key, PASSWORD, csrf_token(owner), csrf_token(again)])
        async with ws.db.read() as conn:
            rows = [list(map(tuple, await conn.execute(table.select()))) for table in metadata.sorted_tables]
        said.append(repr(rows).encode())
        assert b"argon2id" in said[0] and b"owner" in said[0]  # what is looked through is the right thing
        path = await back_up(ws.db, ws.home, ws.now())
        if path.suffix == ".db":
            said.append(path.read_bytes())

    with caplog.at_level(logging.DEBUG):
        world.live(work)
    own = [record for record in caplog.records if not record.name.startswith("httpx")]  # the test's client
    said.append(repr([(record.getMessage(), record.exc_text) for record in own]).encode())
    assert len(secrets) == 7
    for secret in secrets:
        assert not [where for where, text in enumerate(said) if secret.encode() in text], secret[:4]
