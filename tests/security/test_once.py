"""A change with an Idempotency-Key takes effect once: on both databases, across processes and restarts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.kernel.errors import DatabaseUnreachable
from pacesetter.store.database.content import read_content
from pacesetter.store.tables.request_key import request_keys
from pacesetter.store.work import request_keys as store
from pacesetter.store.work.cycles import database_clock
from pacesetter.web import once
from pacesetter.web.routes import domains
from tests.security.conftest import World, add_person, by_key, by_session, enter

BOARD = {"name": "Mine", "symbols": ["AAPL", "MSFT"]}
PATH = "/api/v1/domains"
REPLAYED = "idempotency-replayed"


async def person(ws: Any, name: str = "ann", role: str = "analyst") -> dict[str, str]:
    await add_person(ws, name, role)
    return by_session(await enter(ws, name))


def keyed(headers: dict[str, str], key: str = "k1") -> dict[str, str]:
    return {**headers, "Idempotency-Key": key}


async def post(client: httpx.AsyncClient, headers: dict[str, str], body: Any = BOARD, **more: Any) -> Any:
    return await client.post(more.pop("path", PATH), json=body, headers=headers)


def same_bytes(one: httpx.Response, other: httpx.Response) -> bool:
    return (one.status_code, one.content) == (other.status_code, other.content)


def told(answer: httpx.Response) -> dict[str, str]:
    """Headers, without those that are added per answer."""
    own = ("ratelimit", REPLAYED)
    return {name: value for name, value in answer.headers.items() if name not in own}


def test_the_first_answer_is_given_again(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        first = await post(client, keyed(ann))
        assert first.status_code in (200, 201) and REPLAYED not in first.headers
        async with ws.db.read() as conn:
            content = await read_content(conn)
        again = await post(client, keyed(ann))
        assert same_bytes(first, again) and again.headers[REPLAYED] == "true" and told(first) == told(again)
        async with ws.db.read() as conn:
            assert await read_content(conn) == content  # nothing was done
        assert (await post(client, ann)).status_code >= 400  # without the key it is done, and refused
        gone = await client.delete(f"{PATH}/mine", headers=keyed(ann, "k2"))
        assert gone.status_code < 300
        assert same_bytes(gone, await client.delete(f"{PATH}/mine", headers=keyed(ann, "k2")))
        assert same_bytes(first, await post(client, keyed(ann)))  # also when the board is gone again
        missing = await client.delete(f"{PATH}/mine", headers=keyed(ann, "k3"))
        assert missing.status_code == 404  # a mistake is an answer, too
        assert same_bytes(missing, await client.delete(f"{PATH}/mine", headers=keyed(ann, "k3")))

    world.live(work)


def test_an_answer_with_its_location_survives_a_restart_and_ends_after_a_day(world: World) -> None:
    answers: list[httpx.Response] = []

    async def ask(client: httpx.AsyncClient, ws: Any, app: Any) -> None:
        app.state.job_runner.start = lambda: None
        ann = by_session(await enter(ws, "ann")) if answers else await person(ws)
        answers.append(await post(client, keyed(ann), {"kind": "warm"}, path="/api/v1/jobs"))

    world.live(ask)
    world.clock.advance(timedelta(hours=23))
    world.live(ask)
    world.clock.advance(timedelta(hours=2))
    world.live(ask)
    first, again, new = answers
    assert first.status_code == 202 and first.headers["location"] == f"/api/v1/jobs/{first.json()['id']}"
    assert same_bytes(first, again) and told(first) == told(again)
    assert REPLAYED not in new.headers and new.content != first.content


def test_a_key_belongs_to_one_request_of_one_user(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann, bob = await person(ws), await person(ws, "bob", "owner")
        first = await post(client, keyed(ann))
        others = [
            await post(client, keyed(ann), {**BOARD, "name": "Other"}),
            await post(client, keyed(ann), path=f"{PATH}?x=1"),
            await client.patch(f"{PATH}/mine", json=BOARD, headers=keyed(ann)),
        ]
        for answer in others:
            assert answer.status_code == 422 and answer.json()["where"] == "Idempotency-Key"
            assert answer.headers["content-type"] == "application/problem+json"
        names = (await client.get(PATH, headers=ann)).text
        assert '"Mine"' in names and '"Other"' not in names
        hers = await post(client, keyed(bob))
        assert REPLAYED not in hers.headers and not same_bytes(first, hers)  # done, and refused: it is there
        key = (await create_key(ws, "ann", "program", scopes=["write"])).secret
        assert same_bytes(first, await post(client, keyed(by_key(key))))  # a user, however they come in

    world.live(work)


def test_who_may_not_make_the_change_is_not_told_of_it(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        assert (await post(client, keyed(ann))).status_code < 300
        reads = (await create_key(ws, "ann", "reads", scopes=["read"])).secret
        assert (await post(client, keyed(by_key(reads)))).status_code == 403
        assert (await post(client, keyed({}))).status_code == 401
        no_csrf = {name: value for name, value in ann.items() if name != "X-CSRF-Token"}
        assert (await post(client, keyed(no_csrf))).status_code == 403
        eve = await person(ws, "eve", "viewer")
        assert (await post(client, keyed(eve, "e"))).status_code == 403
        async with ws.db.read() as conn:
            assert (
                await conn.scalar(select(func.count()).select_from(request_keys)) == 1
            )  # refusals are not kept

    world.live(work)


def test_the_same_sent_twice_at_once_is_done_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, go_on = [], asyncio.Event()

    async def slow(*given: Any, **more: Any) -> Any:
        calls.append(1)
        await go_on.wait()
        return await define(*given, **more)

    define = domains.create_board
    monkeypatch.setattr(domains, "create_board", slow)

    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        many = [asyncio.create_task(post(client, keyed(ann))) for _ in range(6)]
        async with asyncio.timeout(120):
            while sum(task.done() for task in many) < 5:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        (waiting,) = (task for task in many if not task.done())
        assert len(calls) == 1
        for answer in (task.result() for task in many if task.done()):
            assert answer.status_code == 409 and answer.headers["retry-after"] == "1"
            assert answer.json()["where"] == "Idempotency-Key"
        go_on.set()
        first = await waiting
        assert first.status_code < 300 and same_bytes(first, await post(client, keyed(ann)))
        assert len(calls) == 1

    world.live(work)


def test_a_request_that_died_unanswered_can_be_sent_again(world: World, monkeypatch: Any) -> None:
    async def work(client: httpx.AsyncClient, ws: Any, app: Any) -> None:
        ann = await person(ws)
        principal = await app.state.door.visitors.recognise(
            {"headers": [(name.lower().encode(), value.encode()) for name, value in ann.items()]}
        )
        body = httpx.Request("POST", "http://x", json=BOARD).content
        hashed = once.hash_request({"method": "POST", "path": PATH, "query_string": b""}, body)
        async with ws.db.write(content=False) as conn:
            claim = await store.claim_key(conn, principal.user_id, "k1", hashed, at=ws.now(), busy_s=600.0)
        assert claim.mine is not None
        assert (await post(client, keyed(ann))).status_code == 409
        async with ws.db.write(content=False) as conn:
            await conn.execute(update(request_keys).values(busy_until=database_clock(conn, -1.0)))
        assert (await post(client, keyed(ann), {**BOARD, "name": "Other"})).status_code == 422
        first = await post(client, keyed(ann))
        assert first.status_code < 300 and same_bytes(first, await post(client, keyed(ann)))
        async with ws.db.write(content=False) as conn:  # the dead one comes back to life: too late
            await store.keep_answer(conn, claim.mine, store.Said(500, [], b"late"))
        assert same_bytes(first, await post(client, keyed(ann)))

    world.live(work)


def test_what_failed_on_our_side_is_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = [RuntimeError("a bug"), DatabaseUnreachable("gone")]
    define = domains.create_board

    async def fail(*given: Any, **more: Any) -> Any:
        if errors:
            raise errors.pop()
        return await define(*given, **more)

    monkeypatch.setattr(domains, "create_board", fail)

    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        told = [(await post(client, keyed(ann))) for _ in range(4)]
        assert [answer.status_code for answer in told[:2]] == [503, 500]
        assert told[2].status_code < 300 and REPLAYED not in told[2].headers
        assert same_bytes(told[2], told[3]) and told[3].headers[REPLAYED] == "true"

    world.live(work)


def test_without_its_claim_nothing_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_given: Any, **_more: Any) -> Any:
        raise DatabaseUnreachable("gone")

    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        with monkeypatch.context() as patch:
            patch.setattr(once, "claim_key", away)
            answer = await post(client, keyed(ann))
        assert answer.status_code == 503 and answer.headers["retry-after"]
        assert '"Mine"' not in (await client.get(PATH, headers=ann)).text

    world.live(work)


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "ümlaut".encode(), "\x7f"])
def test_a_key_is_printable_and_short(world: World, key: Any) -> None:
    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        answer = await client.post(PATH, json=BOARD, headers=keyed(ann, key))
        assert answer.status_code == 400 and answer.json()["where"] == "Idempotency-Key"
        assert '"Mine"' not in (await client.get(PATH, headers=ann)).text
        assert (await post(client, keyed(ann, "~" * 255))).status_code < 300

    world.live(work)


def test_secrets_are_kept_nowhere(world: World) -> None:
    password = "another battery staple"

    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws, "ann", "owner")
        calls = [
            ("POST", "/api/v1/keys", {"name": "k"}),
            ("POST", "/api/v1/users", {"name": "zoe", "role": "viewer", "password": password}),
            ("PATCH", "/api/v1/users/ann", {"password": password}),
            ("PUT", "/api/v1/session/password", {"current": "x", "new": password}),
            ("POST", "/api/v1/session", {"name": "ann", "password": password}),
            ("DELETE", "/api/v1/session", None),
        ]
        for method, path, body in calls:
            answer = await client.request(method, path, json=body, headers=keyed(ann))
            assert answer.status_code == 400 and "secret" in answer.json()["detail"], path
        async with ws.db.read() as conn:
            assert await conn.scalar(select(func.count()).select_from(request_keys)) == 0
        assert (await client.get("/api/v1/keys", headers=ann)).json()["keys"] == []

    world.live(work)


def test_what_is_ones_own_is_changed_once_and_said_again_to_nobody_else(world: World) -> None:
    cash = {"action": "deposit", "amount": 100, "traded_on": "2025-07-01"}

    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann, bob = await person(ws), await person(ws, "bob")
        asked = {"name": "Long run"}
        made = [await post(client, keyed(ann), asked, path="/api/v1/portfolios") for _ in range(2)]
        assert made[0].status_code == 201 and same_bytes(*made) and told(made[0]) == told(made[1])
        assert made[1].headers["cache-control"] == "no-store" and made[1].headers[REPLAYED] == "true"
        home = made[0].headers["location"]
        trades = [await post(client, keyed(ann, "k2"), cash, path=f"{home}/trades") for _ in range(3)]
        assert trades[0].status_code == 201 and same_bytes(trades[0], trades[2]), trades[0].text
        assert (await client.get(f"{home}/trades", headers=ann)).json()["count"] == 1
        other = await post(client, keyed(bob, "k2"), cash, path=f"{home}/trades")  # as if it were not there
        assert other.status_code == 404 and REPLAYED not in other.headers
        his = await post(client, keyed(bob), asked, path="/api/v1/portfolios")
        assert his.status_code == 201 and his.json()["id"] != made[0].json()["id"]
        wait = {"symbol": "AAPL", "condition": "price.close > 1"}
        waits = [await post(client, keyed(ann, "k3"), wait, path="/api/v1/watchlist") for _ in range(2)]
        assert waits[0].status_code == 201 and same_bytes(*waits), waits[0].text
        assert (await client.get("/api/v1/watchlist", headers=ann)).json()["count"] == 1

    world.live(work)


def test_what_only_computes_does_not_look_at_the_key(world: World) -> None:
    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        for _ in range(2):
            answer = await client.post("/api/v1/cache/warm", headers=keyed(ann, "x" * 999))
            assert answer.status_code == 200 and REPLAYED not in answer.headers

    world.live(work)


def test_what_is_kept_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "LARGEST", 10)
    monkeypatch.setattr(store, "MOST_OF_ONE", 3)

    async def work(client: httpx.AsyncClient, ws: Any, _app: Any) -> None:
        ann = await person(ws)
        assert (await post(client, keyed(ann))).status_code < 300
        again = await post(client, keyed(ann))
        assert again.status_code == 409 and "too large to be kept" in again.json()["detail"]
        for n in range(6):
            await client.delete(f"{PATH}/none", headers=keyed(ann, f"n{n}"))
        async with ws.db.write(content=False) as conn:
            kept = await conn.scalars(select(request_keys.c.key).order_by(request_keys.c.id))
            assert list(kept) == ["n3", "n4", "n5"]
            await conn.execute(update(request_keys).values(expires_at=ws.now()))
        await client.delete(f"{PATH}/none", headers=keyed(ann, "last"))
        async with ws.db.read() as conn:
            assert list(await conn.scalars(select(request_keys.c.key))) == ["last"]

    world.live(work)
