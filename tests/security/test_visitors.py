"""What the middleware remembers, for how long, and what it costs where nobody has to log in."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts import users as accounts
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import TooManyAttempts
from pacesetter.web.auth import authenticate
from pacesetter.web.auth.attempts import MOST_KEPT, Attempts, network_of
from pacesetter.web.auth.authenticate import Authenticate
from pacesetter.web.auth.credentials import COOKIE
from pacesetter.web.auth.principal import OPEN, Principal
from tests.security.conftest import World, add_person, enter

ME = "/api/v1/session"


async def answer_bare(_scope: Any, _receive: Any, _send: Any) -> None:
    """What everything is compared with, so that a slow machine says the same."""


async def time_calls(app: Any) -> float:
    """Seconds of one call without credentials: the best of some rounds."""
    best = 1.0
    for _ in range(20):
        began = perf_counter()
        for _ in range(200):
            await app({"type": "http", "headers": []}, None, None)
        best = min(best, (perf_counter() - began) / 200)
    return best


def test_open_reading_costs_microseconds_and_asks_the_database_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def count(*arguments: Any, **more: Any) -> bool:
        asked.append(1)
        return await accounts.has_users(*arguments, **more)

    monkeypatch.setattr(authenticate, "has_users", count)

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            assert scope["principal"] is OPEN

        monkeypatch.setattr(authenticate, "monotonic", lambda: 1000.0)  # nothing is forgotten meanwhile
        app.state.door.visitors.forget()
        asked.clear()
        layer = Authenticate(answer, visitors=app.state.door.visitors)
        await asyncio.gather(*(layer({"type": "http", "headers": []}, None, None) for _ in range(20)))  # type: ignore[arg-type]
        assert len(asked) == 1
        best, bare = await time_calls(layer), await time_calls(answer_bare)
        print(f"{best * 1e6:.2f} µs a request, {bare * 1e6:.2f} µs of a bare call")
        assert best < 100 * bare and len(asked) == 1

    world.live(work)


def test_what_another_process_changes_is_noticed_after_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(authenticate, "monotonic", lambda: now[0])

    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        assert (await client.get(ME)).json()["via"] == "open"
        await add_person(ws, "ann", "owner")  # as the command line does, beside the server
        await add_person(ws, "bob", "analyst")
        now[0] += authenticate.REMEMBERED_S
        assert (await client.get(ME)).status_code == 401
        bob = {"Cookie": f"{COOKIE}={await enter(ws, 'bob')}"}
        assert (await client.get(ME, headers=bob)).json()["role"] == "analyst"
        await accounts.change_role(ws, "bob", "viewer")
        now[0] += authenticate.REMEMBERED_S
        assert (await client.get(ME, headers=bob)).json()["role"] == "viewer"
        await accounts.deactivate(ws, "bob")
        now[0] += authenticate.REMEMBERED_S
        assert (await client.get(ME, headers=bob)).status_code == 401

    world.live(work)


def test_rights_that_change_while_they_are_read_are_not_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(client: httpx.AsyncClient, ws: Workspace, app: Any) -> None:
        await add_person(ws, "ann", "owner")
        await add_person(ws, "bob", "owner")
        real = authenticate.find_session

        async def slowly(conn: Any, *more: Any) -> Any:
            row = await real(conn, *more)
            monkeypatch.setattr(authenticate, "find_session", real)
            await accounts.change_role(ws, "bob", "viewer")
            app.state.door.visitors.forget()
            return row

        bob = {"Cookie": f"{COOKIE}={await enter(ws, 'bob')}"}
        await client.get(ME, headers=bob)  # users are known now
        app.state.door.visitors.forget()
        monkeypatch.setattr(authenticate, "find_session", slowly)
        await client.get(ME, headers=bob)
        assert (await client.get(ME, headers=bob)).json()["role"] == "viewer"

    world.live(work)


def test_attempts_are_forgotten_when_there_are_too_many(world: World) -> None:
    attempts = Attempts(world.clock)
    for n in range(MOST_KEPT):
        attempts.count(f"address{n}", f"name{n}")
    assert len(attempts._made) == MOST_KEPT
    for _ in range(4):
        attempts.count("address0", "x")  # its first attempt has left the count
    with pytest.raises(TooManyAttempts):
        [attempts.count("address0", "x") for _ in range(2)]


def test_an_address_counts_for_whoever_has_it() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") != network_of("10.0.0.2")
    assert network_of("") == "" and network_of("a.name") == "a.name"


@pytest.mark.parametrize("permission", ["read", "write", "admin", "account", "", "READ", "anything"])
def test_nobody_may_what_nobody_has_heard_of(permission: str) -> None:
    everything = frozenset({"read", "write", "admin", "account", "", "anything"})
    given = {
        via: Principal(None, "x", role, everything, via).may(permission)  # type: ignore[arg-type]
        for via, role in (("session", "owner"), ("key", "owner"), ("open", None))
    }
    known = permission in ("read", "write", "admin")
    assert given["key"] is known
    assert given["session"] is (known or permission == "account")
    assert given["open"] is (permission == "read")
    assert not Principal(None, "x", None, everything, "key").may(permission)
