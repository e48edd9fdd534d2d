"""Sessions: the cookie, how long they hold, how they end; login links; attempts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from pacesetter.jobs.accounts import logins, passwords
from pacesetter.jobs.accounts import users as accounts
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, NotAllowed
from pacesetter.store.tables.user import sessions, users
from pacesetter.web.auth.credentials import COOKIE
from tests.security.conftest import ORIGIN, PASSWORD, World, add_person, by_session, enter

ME = "/api/v1/session"
DAY = timedelta(days=1)


async def log_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    client.cookies.clear()
    return await client.post(ME, json={"name": name, "password": password}, headers=ORIGIN)


async def status(client: httpx.AsyncClient, app: Any, token: str) -> int:
    """How a session is answered, by what the database says now."""
    app.state.door.visitors.forget()
    return (await client.get(ME, headers={"Cookie": f"{COOKIE}={token}"})).status_code


def test_login_and_logout(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "analyst")
        answer = await log_in(client, " Ann ")
        body, cookie = answer.json(), answer.headers["set-cookie"]
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        assert (body["name"], body["role"], body["via"]) == ("ann", "analyst", "session")
        assert body["permissions"] == ["read", "write", "account"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
        assert "Secure" not in cookie  # on loopback there is no TLS
        token = client.cookies[COOKIE]
        client.cookies.clear()
        mine = {"Cookie": f"{COOKIE}={token}"}
        assert (await client.get(ME, headers=mine)).json()["csrf_token"] == body["csrf_token"]
        ended = await client.delete(ME, headers={**mine, **ORIGIN, "X-CSRF-Token": body["csrf_token"]})
        assert ended.status_code == 204 and "Max-Age=0" in ended.headers["set-cookie"]
        assert (await client.get(ME, headers=mine)).status_code == 401
        former = await enter(ws, "ann")
        given = {"name": "ann", "password": PASSWORD}
        assert (await client.post(ME, json=given, headers=by_session(former))).status_code == 200
        client.cookies.clear()
        assert await status(client, app, former) == 401  # a new login ends the session before it

    world.live(work)


def test_cookies_of_a_server_for_others_need_tls(world: World) -> None:
    world.settings = world.settings.model_copy(update={"host": "0.0.0.0"})

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        assert (await client.get(ME)).status_code == 401  # nobody reads without a user, either
        for name, status in (("192.0.2.1", 401), ("evil.example", 421)):
            assert (await client.get("/api/v1/domains", headers={"Host": name})).status_code == status
        await add_person(ws, "ann", "owner")
        assert "Secure" in (await log_in(client, "ann")).headers["set-cookie"]

    world.live(work)


@pytest.mark.parametrize("given", [("ann", "wrong horse battery"), ("bob", PASSWORD), ("gone", PASSWORD)])
def test_wrong_logins_are_told_alike(world: World, given: tuple[str, str]) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        await add_person(ws, "gone", "viewer")
        await accounts.deactivate(ws, "gone")
        answer = await log_in(client, *given)
        assert answer.status_code == 401 and "set-cookie" not in answer.headers
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["detail"] == "name or password is wrong"

    world.live(work)


@pytest.mark.parametrize("name", ["ann", "nobody-has-this-name", "link-only"])
def test_every_login_verifies_a_hash_of_the_same_cost(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs, real = [], passwords.hasher()

    class Watched:
        def hash(self, password: str) -> str:
            return real.hash(password)

        def verify_and_update(self, password: str, stored: str) -> tuple[bool, str | None]:
            costs.append(stored.split("$")[1:4])
            return real.verify_and_update(password, stored)

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        await accounts.create_user(ws, "link-only", "viewer")
        monkeypatch.setattr(passwords, "hasher", Watched)
        assert (await log_in(client, name, "wrong horse battery")).status_code == 401

    world.live(work)
    assert costs == [["argon2id", "v=19", "m=65536,t=3,p=4"]]


def test_a_session_slides_for_30_days_and_holds_90_at_most(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        idle, used = await enter(ws, "ann"), await enter(ws, "ann")
        for day in range(1, 92):
            world.clock.advance(DAY)
            if day == 29:
                assert await status(client, app, idle) == 200  # slides on to day 59
            if day == 60:
                assert await status(client, app, idle) == 401
            assert await status(client, app, used) == (200 if day < 90 else 401), day
            await app.state.door.visitors.settle()

    world.live(work)


def test_last_seen_is_written_once_a_minute_and_moves_no_content(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        from pacesetter.store.database.content import read_content

        async def seen() -> Any:
            await app.state.door.visitors.settle()
            async with ws.db.read() as conn:
                return await conn.scalar(select(sessions.c.last_seen_at))

        await add_person(ws, "ann", "owner")
        token = await enter(ws, "ann")
        began = await seen()
        async with ws.db.read() as conn:
            content = await read_content(conn)
        world.clock.advance(timedelta(seconds=59))
        assert await status(client, app, token) == 200
        assert await seen() == began
        world.clock.advance(timedelta(seconds=1))
        assert await status(client, app, token) == 200
        assert await seen() == began + timedelta(seconds=60)
        async with ws.db.read() as conn:
            assert await read_content(conn) == content

    world.live(work)


def test_rights_are_lost_at_once(world: World) -> None:
    """Through the API of this process, although principals are remembered for seconds."""

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        for name, role in (("boss", "owner"), ("ann", "owner"), ("bob", "viewer"), ("eve", "analyst")):
            await add_person(ws, name, role)
        boss = by_session(await enter(ws, "boss"))
        ann, bob, eve = [by_session(await enter(ws, name)) for name in ("ann", "bob", "eve")]
        assert (await client.get("/api/v1/users", headers=ann)).status_code == 200
        assert (await client.get(ME, headers=bob)).status_code == 200
        demoted = await client.patch("/api/v1/users/ann", json={"role": "viewer"}, headers=boss)
        assert demoted.json()["role"] == "viewer"
        assert (await client.get("/api/v1/users", headers=ann)).status_code == 403
        removed = await client.patch("/api/v1/users/bob", json={"is_active": False}, headers=boss)
        assert removed.json()["is_active"] is False
        assert (await client.get(ME, headers=bob)).status_code == 401
        assert (await client.get(ME, headers=eve)).status_code == 200
        changed = {"password": "another horse battery"}
        assert (await client.patch("/api/v1/users/eve", json=changed, headers=boss)).status_code == 200
        assert (await client.get(ME, headers=eve)).status_code == 401

    world.live(work)


def test_the_last_owner_stays(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        with pytest.raises(InputError, match="first user has to be an owner"):
            await accounts.create_user(ws, "bob", "viewer")
        await add_person(ws, "ann", "owner")
        await add_person(ws, "bob", "viewer")
        with pytest.raises(NotAllowed, match="last owner"):
            await accounts.change_role(ws, "ann", "viewer")
        with pytest.raises(NotAllowed, match="last owner"):
            await accounts.deactivate(ws, "ann")
        await accounts.change_role(ws, "bob", "owner")
        assert (await accounts.deactivate(ws, "ann")).is_active is False
        again = await accounts.create_user(ws, "ANN", "viewer")
        assert (again.name, again.role, again.is_active, again.has_password) == ("ann", "viewer", True, False)

    world.live(work)


def test_own_password(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        here, there = await enter(ws, "ann"), await enter(ws, "ann")
        path, new = f"{ME}/password", "quite another horse"
        wrong = await client.put(path, json={"current": "x", "new": new}, headers=by_session(here))
        assert wrong.status_code == 401
        short = await client.put(path, json={"current": PASSWORD, "new": "short"}, headers=by_session(here))
        assert short.status_code == 422
        done = await client.put(path, json={"current": PASSWORD, "new": new}, headers=by_session(here))
        assert done.status_code == 204
        assert (await status(client, app, here), await status(client, app, there)) == (200, 401)
        assert (await log_in(client, "ann")).status_code == 401
        assert (await log_in(client, "ann", new)).status_code == 200

    world.live(work)


def test_the_login_link_makes_the_first_owner_once(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        assert (await client.get(ME)).json()["via"] == "open"
        dead, token = await logins.make_login_link(ws), await logins.make_login_link(ws)
        assert (await client.get("/login", params={"token": dead})).status_code == 401
        assert (await client.head("/login", params={"token": token})).status_code == 204  # a preview's look
        first = await client.get("/login", params={"token": token})
        assert (first.status_code, first.headers["location"]) == (303, "/")
        me = (await client.get(ME)).json()
        assert (me["name"], me["role"], me["via"]) == ("owner", "owner", "session")
        client.cookies.clear()
        again = await client.get("/login", params={"token": token})
        assert again.status_code == 401 and "set-cookie" not in again.headers
        assert "works once" in again.text and token not in again.text
        assert (await client.get(ME)).status_code == 401  # nobody reads without logging in any more
        with pytest.raises(InputError, match="users already"):
            await logins.make_login_link(ws)

    world.live(work)


def test_a_link_lasts_ten_minutes_and_is_its_users(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        first = await logins.make_login_link(ws)
        await add_person(ws, "ann", "owner")
        await add_person(ws, "bob", "viewer")
        assert (await client.get("/login", params={"token": first})).status_code == 401  # there are users now
        late = await logins.make_login_link(ws, "bob")
        world.clock.advance(timedelta(minutes=10))
        assert (await client.get("/login", params={"token": late})).status_code == 401
        token = await logins.make_login_link(ws, "Bob")
        world.clock.advance(timedelta(minutes=9, seconds=59))
        assert (await client.get("/login", params={"token": token})).status_code == 303
        assert (await client.get(ME)).json()["name"] == "bob"
        dead = await logins.make_login_link(ws, "bob")
        await accounts.deactivate(ws, "bob")
        assert (await client.get("/login", params={"token": dead})).status_code == 401

    world.live(work)


def test_five_attempts_a_minute_an_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    async def never(password: str, stored: str | None) -> tuple[bool, None]:
        verified.append(password)
        return False, None

    monkeypatch.setattr("pacesetter.jobs.accounts.logins.verify_password", never)

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        for second in range(5):
            assert (await log_in(client, f"name{second}")).status_code == 401
            world.clock.advance(timedelta(seconds=1))
        for _ in range(3):  # refused attempts do not count
            refused = await log_in(client, "ann")
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "55")
        assert len(verified) == 5
        world.clock.advance(timedelta(seconds=54))
        assert (await log_in(client, "ann")).headers["retry-after"] == "1"
        world.clock.advance(timedelta(seconds=1))
        assert (await log_in(client, "ann")).status_code == 401
        assert (await log_in(client, "ann")).status_code == 429

    world.live(work)


def test_twenty_attempts_a_minute_a_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(password: str, stored: str | None) -> tuple[bool, None]:
        return False, None

    monkeypatch.setattr("pacesetter.jobs.accounts.logins.verify_password", never)

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        answers = []
        for n in range(21):
            transport = httpx.ASGITransport(app, client=(f"10.0.0.{n}", 1), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as other:
                answers.append((await log_in(other, "Ann " if n % 2 else "ann")).status_code)
        assert answers == [401] * 20 + [429]
        assert (await log_in(client, "bob")).status_code == 401  # another name is free

    world.live(work)


def test_last_login_is_kept(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        await log_in(client, "ann")
        async with ws.db.read() as conn:
            assert await conn.scalar(select(users.c.last_login_at)) == world.clock.now()

    world.live(work)
