"""How much one may ask: counted for each asker, said with every answer, refused kindly."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web import limits
from pacesetter.web.app import create_app
from pacesetter.web.auth.door import SECRET
from pacesetter.web.auth.guard import Guard
from pacesetter.web.auth.principal import OPEN, Principal
from pacesetter.web.described.application import Application
from pacesetter.web.limits import Limit, Limits
from pacesetter.web.traffic import Traffic
from tests.homes import EVENING
from tests.security.conftest import World, add_person, by_session, enter
from tests.web.conftest import ask_app
from tests.web.kept_house import ask

LIVE = "/api/v1/health/live"


def left(fields: list[tuple[bytes, bytes]]) -> int:
    """What a RateLimit field says is left."""
    return int(dict(fields)[b"ratelimit"].split(b";r=")[1].split(b";")[0])


def user(via: Any = "session", who: UUID | None = None) -> Principal:
    return Principal(who or uuid4(), "ann", "analyst", frozenset({"read", "write"}), via)


def test_a_quota_is_used_up_at_once_and_comes_back_evenly() -> None:
    limit = Limit("reads", 6)
    told = [limit.take("a", 1000.0) for _ in range(6)]
    assert [left(fields) for fields, _ in told] == [5, 4, 3, 2, 1, 0] and not any(wait for _, wait in told)
    fields, wait_s = limit.take("a", 1000.0)
    assert wait_s == pytest.approx(10.0)
    assert dict(fields) == {b"ratelimit-policy": b'"reads";q=6;w=60', b"ratelimit": b'"reads";r=0;t=60'}
    assert limit.take("b", 1000.0)[1] == 0.0  # another asker has a quota of its own
    assert limit.take("a", 1009.9)[1] == pytest.approx(0.1)
    assert limit.take("a", 1010.0)[1] == 0.0 and limit.take("a", 1010.0)[1] > 0  # refusals cost nothing
    assert left(limit.take("a", 1100.0)[0]) == 5


@pytest.mark.parametrize("quota", [1, 7, 120, 6000])
def test_no_more_than_the_quota_goes_through_in_any_minute(quota: int, rng: Any) -> None:
    """However requests come: at most the quota at once, and as many in each minute that follows."""
    limit, at, let_in = Limit("reads", quota), 5.0, []
    for gap in rng.exponential(20.0 / quota, 5 * quota + 40):
        at += float(gap)
        if not limit.take("a", at)[1]:
            let_in.append(at)
    for i, first in enumerate(let_in):
        assert sum(first <= t < first + 60.0 for t in let_in[i:]) <= 2 * quota
    assert len(let_in) <= quota + (at - 5.0) * quota / 60.0 + 1


def test_the_askers_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_COUNTED", 10)
    limit = Limit("reads", 2)
    for n in range(10):
        limit.take(n, 1000.0 + n)
    limit.take("new", 1035.0)
    assert 0 not in limit._whole_at and 9 in limit._whole_at and "new" in limit._whole_at
    for n in range(100):
        limit.take(f"crowd{n}", 1035.0)
    assert len(limit._whole_at) <= 10


class Front:
    """The two layers in front of a route, with a clock of the test's own."""

    def __init__(self, reads: int = 3, writes: int = 2) -> None:
        self.app = Application()
        self.traffic = Traffic()
        for path in ("/api/v1/thing", LIVE, "/page"):
            self.app.add_api_route(path, lambda: {"ok": True}, methods=["GET"])
            self.app.add_api_route(path, lambda: {"ok": True}, methods=["POST"], dependencies=[SECRET])
        self.at = 1000.0
        self.app.put_in_front(
            partial(Guard, hosts=(), policy="x"), partial(self.make, reads=reads, writes=writes)
        )

    def make(self, app: Any, **more: Any) -> Limits:
        made = Limits(app, traffic=self.traffic, **more)
        made.now = lambda: self.at
        return made

    def ask(self, path: str = "/api/v1/thing", **more: Any) -> Any:
        return asyncio.run(ask(self.app, path, **more))


def test_a_refusal_says_when_to_come_again() -> None:
    front = Front()
    for n in (2, 1, 0):
        answer = front.ask(who=OPEN)
        assert (answer.status, answer.headers["ratelimit"]) == (200, f'"reads";r={n};t={20 * (3 - n)}')
        assert answer.headers["ratelimit-policy"] == '"reads";q=3;w=60'
    refused = front.ask(who=OPEN)
    assert refused.status == 429 and refused.headers["content-type"] == "application/problem+json"
    assert (refused.headers["retry-after"], refused.headers["ratelimit"]) == ("20", '"reads";r=0;t=60')
    assert b"TooManyRequests" in refused.body and b"come again in 20 s" in refused.body
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert front.ask(method="HEAD", who=OPEN).status == 429
    assert front.traffic.tallies.keys() == {("(too many)", "GET", 429)}
    front.at += 20
    assert front.ask(who=OPEN).status == 200


def test_everyone_has_a_quota_of_their_own() -> None:
    front, ann = Front(reads=1, writes=1), uuid4()
    askers = [OPEN, user("session", ann), user("key", ann), user("session")]
    for who in askers:
        assert [front.ask(who=who).status for _ in range(2)] == [200, 429]
        assert [front.ask(who=who, method="POST").status for _ in range(2)] == [200, 429]
    again = user("session", ann)
    assert again is not askers[1] and front.ask(who=again).status == 429  # whoever found them out anew


def test_addresses_are_counted_for_nobody() -> None:
    def scope(address: str, who: Any = None) -> Any:
        return {"principal": who, "client": (address, 1)}

    assert limits.asker_of(scope("10.0.0.1")) != limits.asker_of(scope("10.0.0.2"))
    assert limits.asker_of(scope("2001:db8::1")) == limits.asker_of(scope("2001:db8::2"))
    assert limits.asker_of(scope("10.0.0.1", OPEN)) == limits.asker_of(scope("10.0.0.1"))
    assert limits.asker_of({"principal": None, "client": None}) == ""


def test_health_and_pages_are_free_and_limits_can_be_off() -> None:
    front = Front(reads=1)
    for path in (LIVE, "/page"):
        for _ in range(5):
            answer = front.ask(path)
            assert answer.status == 200 and "ratelimit" not in answer.headers
    free = Front(reads=0, writes=1)
    assert [free.ask().status for _ in range(9)] == [200] * 9 and "ratelimit" not in free.ask().headers
    assert [free.ask(method="POST").status for _ in range(2)] == [200, 429]


def test_kept_answers_and_refusals_of_all_kinds_say_what_is_left(sqlite_home: Settings) -> None:
    app = create_app(sqlite_home, simulated=True, clock=VirtualClock(EVENING))

    async def work(client: Any) -> None:
        seen = []
        etag = (await client.get("/api/v1/domains")).headers["etag"]
        for headers in ({}, {}, {"If-None-Match": etag}):
            answer = await client.get("/api/v1/domains", headers=headers)
            seen.append((answer.status_code, left([(b"ratelimit", answer.headers["ratelimit"].encode())])))
            assert answer.headers["ratelimit-policy"] == '"reads";q=6000;w=60'
        # what came back meanwhile, a hundred a second, may make up for what was asked
        assert [status for status, _ in seen] == [200, 200, 304] and all(5900 < n < 6000 for _, n in seen)
        assert app.state.upkeep.answers.counts["hits"] >= 2
        for path, status in (
            ("/api/v1/nothing", 404),
            ("/api/v1/rankings/nope", 404),
            ("/api/v1/users", 401),
        ):
            answer = await client.get(path)
            assert (answer.status_code, "ratelimit" in answer.headers) == (status, True)
        assert "ratelimit" not in (await client.get(LIVE)).headers
        assert '"writes";q=120' in (await client.post("/api/v1/jobs")).headers["ratelimit-policy"]
        tried = await client.post("/api/v1/what-if", json={"board": "ev", "weights": {"momentum": 1}})
        assert '"reads";q=6000' in tried.headers["ratelimit-policy"]  # a slider asks many times a second

    ask_app(app, work)


def test_a_user_who_asks_too_much_is_refused_and_others_are_not(database_url: str, tmp_path: Path) -> None:
    url = None if database_url.startswith("sqlite") else database_url
    settings = Settings(
        home=tmp_path, database_url=url, source="none", reads_per_minute=2, writes_per_minute=0
    )
    world = World(settings, VirtualClock(EVENING))

    async def work(client: Any, ws: Any, _app: Any) -> None:
        for name in ("ann", "bob"):
            await add_person(ws, name, "viewer")
        ann, bob = by_session(await enter(ws, "ann")), by_session(await enter(ws, "bob"))
        told = [(await client.get("/api/v1/domains", headers=ann)).status_code for _ in range(3)]
        assert told == [200, 200, 429]
        assert (await client.get("/api/v1/domains", headers=bob)).status_code == 200
        assert (await client.get("/api/v1/domains")).status_code == 401

    world.live(work)
